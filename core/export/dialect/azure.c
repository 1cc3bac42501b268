/* SPDX-License-Identifier: MIT */
/* Owns the change request for Azure Firewall, as Terraform for the provider
 * azurerm: one rule collection group. HTTP and HTTPS go by name in
 * application rules, everything else in network rules. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/dialect/flow_text.h"
#include "core/export/formats.h"

#define NAME_SIZE 80
#define FIRST_PRIORITY 1000 /* of 100 to 65000 */
#define COLUMNS 74
#define HEAD "\nvariable \"firewall_policy_id\" {\n"

static const char *const notes[] = {
    N_("This firewall stands in the cloud: it sees the devices only where "
       "their way to the internet leads through it."),
    N_("The two variables have no value, so that nothing is applied by "
       "mistake: the id of the firewall policy, and the priority of this "
       "group."),
    N_("Network rules with names need the DNS proxy of the firewall, and "
       "devices that ask it. It is for IPv4 alone."),
    NULL,
};

struct remark {
	struct buf *out;
	bool within; /* inside of the resource */
	int indent;
};

static void
comment_line(void *arg, const char *s, size_t len)
{
	const struct remark *r = arg;

	buf_adds(r->out, r->within ? "  # " : "# ");
	buf_fill(r->out, ' ', (size_t)r->indent);
	buf_add(r->out, s, len);
	buf_addc(r->out, '\n');
}

/* Comments stand in the column of what they stand in: so Terraform lays its
 * files out, and would call another layout a mistake. */
static void
write_remark(const struct dialect_out *o, const char *text)
{
	struct remark r = {o->out, strstr(buf_str(o->out), HEAD) != NULL,
	    (int)strspn(text, " ")};

	text_wrap(text + r.indent, COLUMNS - r.indent, comment_line, &r);
}

/* An application rule understands HTTP and HTTPS and no other. */
static bool
is_application(const struct flow *f)
{
	return flow_is_web(f) && strncmp(f->row->application, "HTTP", 4) == 0;
}

static void
place_name(struct arena *a, struct flow *f)
{
	if (is_application(f)) {
		if (flow_is_below(f))
			flow_below_wider(a, f, false);
		return;
	}
	if (!flow_is_below(f)) {
		flow_by_lookup(a, f);
		return;
	}
	flow_not_here(f,
	    _("Wildcards are for HTTP and HTTPS alone on this firewall."));
}

static void
limit(struct arena *a, struct flow *f)
{
	size_t i;

	for (i = 0; f->to == TO_ADDRESSES && i < f->naddress; i++) {
		if (f->address[i].len == 16) {
			flow_not_here(f,
			    _("It has an IPv6 address, and this firewall "
			      "filters IPv4 alone."));
			return;
		}
	}
	if (f->row->part == ROWS_LAN)
		flow_not_here(f,
		    _("It stays in the local network and never comes to a "
		      "firewall in the cloud."));
	else if (f->row->need->protocol == PROTO_ICMP)
		flow_wider(a, f,
		    _("All types of ICMP are let through; this firewall does "
		      "not tell them apart."));
}

static void
write_head(const struct dialect_out *o)
{
	buf_adds(o->out,
	    HEAD "  type = string\n"
		 "}\n"
		 "\nvariable \"priority\" {\n"
		 "  type = number\n"
		 "}\n"
		 "\nresource \"azurerm_firewall_policy_rule_collection_group\" "
		 "\"sitewalk\" {\n"
		 "  name               = \"sitewalk\"\n"
		 "  firewall_policy_id = var.firewall_policy_id\n"
		 "  priority           = var.priority\n");
}

/* Each one has its own, without a gap. */
static int
priority(const struct dialect_out *o, const struct flow *f)
{
	int n = FIRST_PRIORITY;
	const struct flow *other;

	for (other = o->flows->flow; other != f; other++)
		n += other->fate != FATE_NOT_HERE ? 1 : 0;
	return n;
}

static void
begin_collection(const struct dialect_out *o, const struct flow *f,
    const char *kind)
{
	const char *name = dialect_name(o, f, "", NAME_SIZE);

	buf_addf(o->out,
	    "  %s_rule_collection {\n"
	    "    name     = \"%s\"\n"
	    "    priority = %d\n"
	    "    action   = \"Allow\"\n"
	    "    rule {\n",
	    kind, name, priority(o, f));
}

static void
add_application(const struct dialect_out *o, const struct flow *f)
{
	const struct ports *ports = &f->row->need->ports;
	struct strlist from = dialect_sources(o, 0);
	struct strlist to = flow_names(o->arena, f);
	size_t i;

	begin_collection(o, f, "application");
	buf_addf(o->out,
	    "      name              = \"%s\"\n"
	    "      source_addresses  = [%s]\n"
	    "      destination_fqdns = [%s]\n",
	    dialect_name(o, f, "", NAME_SIZE),
	    flow_quoted(o->arena, &from, "\""),
	    flow_quoted(o->arena, &to, "\""));
	for (i = 0; i < ports->count; i++)
		buf_addf(o->out,
		    "      protocols {\n"
		    "        type = \"%s\"\n"
		    "        port = %d\n"
		    "      }\n",
		    ports->range[i].low == 80 ? "Http" : "Https",
		    ports->range[i].low);
	buf_adds(o->out, "    }\n  }\n");
}

static const char *
protocol_name(const struct flow *f)
{
	switch (f->row->need->protocol) {
	case PROTO_TCP:
		return "TCP";
	case PROTO_UDP:
		return "UDP";
	default:
		return "ICMP";
	}
}

static void
add_network(const struct dialect_out *o, const struct flow *f)
{
	struct arena *a = o->arena;
	struct strlist from = dialect_sources(o, 0);
	struct strlist ports = flow_ports(a, f, "-", "*");
	struct strlist to = {0};
	bool is_name = f->to == TO_NAME;
	const char *destination = is_name ? "destination_fqdns" :
					    "destination_addresses";
	int ncols = (int)strlen(destination);

	if (f->to == TO_ANY)
		strlist_add(a, &to, "*");
	else
		to = is_name ? flow_names(a, f) : dialect_addresses(o, f, 0);
	begin_collection(o, f, "network");
	/* One column for the equals signs, as its layout wants. */
	buf_addf(o->out,
	    "      %-*s = \"%s\"\n"
	    "      %-*s = [\"%s\"]\n"
	    "      %-*s = [%s]\n"
	    "      %-*s = [%s]\n"
	    "      %-*s = [%s]\n"
	    "    }\n"
	    "  }\n",
	    ncols, "name", dialect_name(o, f, "", NAME_SIZE), ncols,
	    "protocols", protocol_name(f), ncols, "source_addresses",
	    flow_quoted(a, &from, "\""), ncols, destination,
	    flow_quoted(a, &to, "\""), ncols, "destination_ports",
	    flow_quoted(a, &ports, "\""));
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	if (!flow_has_family(o, f, 0))
		return;
	if (f->to == TO_NAME && is_application(f))
		add_application(o, f);
	else
		add_network(o, f);
}

static void
write_tail(const struct dialect_out *o)
{
	buf_adds(o->out, "}\n");
}

static const struct dialect dialect_azure = {
    .platform = "Azure Firewall (Terraform)",
    .assumes = "azurerm 3.0",
    .checked = N_("Read back by our own tests, which also try its layout with "
		  "Terraform where that is installed; not tried in the "
		  "cloud."),
    .notes = notes,
    .bypass = N_("No rule here opens TLS. Where the firewall inspects TLS in "
		 "other rules, those must not take these rows."),
    .name = place_name,
    .limit = limit,
    .head = write_head,
    .flow = write_flow,
    .tail = write_tail,
    .remark = write_remark,
};

const struct export_format export_request_azure = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "Azure Firewall (Terraform)",
    .name = "azure",
    .file = "firewall/snippets/azure.tf",
    .label = N_("Change request for Azure Firewall (Terraform)"),
    .use = N_("Send it to the IT desk where the firewall is in Azure."),
    .dialect = &dialect_azure,
};
