/* SPDX-License-Identifier: MIT */
/* Owns the change request for AWS, as Terraform: domain lists and rules of
 * Network Firewall, and for flows to addresses the same once more as rules of
 * a security group, which is what a site without that firewall has. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/dialect/flow_text.h"
#include "core/export/formats.h"
#include "core/export/summary.h"

#define NAME_SIZE 80

static const char *const notes[] = {
    N_("This firewall stands in the cloud: it sees the devices only where "
       "their way to the internet leads through it."),
    N_("The variables have no value, so that nothing is applied by mistake: "
       "the capacity of the rule groups, and the security group of the "
       "devices."),
    N_("A list of allowed domains also refuses the devices all other names of "
       "the same kind, HTTPS or HTTP. Where they need more, put these names "
       "into the list that is there already."),
    N_("Rows to addresses stand here twice: as rules of the firewall, and as "
       "rules of a security group. A security group knows no names."),
    N_("Where the policy of the firewall takes rules in a strict order, "
       "these groups must stand in front of what drops."),
    NULL,
};

static bool
is_one_kind(const struct flow *f)
{
	const struct ports *ports = &f->row->need->ports;

	if (!flow_is_web(f) || ports->count != 1)
		return false;
	return ports->range[0].low == 443 ||
	    strncmp(f->row->application, "HTTP", 4) == 0;
}

static const char *
kind(const struct flow *f)
{
	return f->row->need->ports.range[0].low == 443 ? "tls" : "http";
}

static void
place_name(struct arena *a, struct flow *f)
{
	if (!is_one_kind(f)) {
		flow_not_here(f,
		    _("Lists of domains are for HTTP and HTTPS alone."));
		return;
	}
	flow_wider(a, f,
	    _("A list of domains holds no port: the name is let through at "
	      "every port where HTTP or TLS is spoken."));
	if (flow_is_below(f))
		flow_below_wider(a, f, true);
}

static void
limit(struct arena *a, struct flow *f)
{
	(void)a;
	if (f->row->part == ROWS_LAN)
		flow_not_here(f,
		    _("It stays in the local network and never comes to a "
		      "firewall in the cloud."));
}

static bool
is_named(const struct flow *f)
{
	return f->to == TO_NAME;
}

/* Where `of` stands behind the name, it is a list of what flow() wrote. */
static const char *
local_name(const struct dialect_out *o, const struct flow *f)
{
	return dialect_name(o, f, "", NAME_SIZE);
}

static void
add_domains(const struct dialect_out *o, const struct flow *f)
{
	buf_addf(o->out, "locals {\n  %s = [\"%s%s\"]\n}\n", local_name(o, f),
	    flow_is_below(f) ? "." : "", f->domain);
}

/* --- to addresses ------------------------------------------------------- */

struct line {
	int family;
	const char *cidr; /* NULL: anybody */
	const char *port; /* of the firewall: "443", "1:2", "ANY" */
	int low, high;
};

static void
add_firewall_line(const struct dialect_out *o, const struct flow *f,
    const struct line *l)
{
	const char *p = flow_protocol(f);

	buf_addf(o->out,
	    "    { protocol = \"%s\", destination = \"%s\", port = \"%s\", "
	    "itype = \"%s\" },\n",
	    p[0] == 't'     ? "TCP" :
		p[0] == 'u' ? "UDP" :
			      "ICMP",
	    l->cidr == NULL ? "ANY" : l->cidr, l->port,
	    p[0] != 'i'        ? "" :
		l->family == 0 ? "8" :
				 "128");
}

static void
add_group_line(const struct dialect_out *o, const struct flow *f,
    const struct line *l, int n)
{
	bool echo = f->row->need->protocol == PROTO_ICMP;
	const char *any = l->family == 0 ? "0.0.0.0/0" : "::/0";

	buf_addf(o->out,
	    "resource \"aws_vpc_security_group_egress_rule\" \"%s\" {\n"
	    "  security_group_id = var.security_group_id\n"
	    "  description       = \"%s\"\n"
	    "  ip_protocol       = \"%s\"\n"
	    "  from_port         = %d\n"
	    "  to_port           = %d\n"
	    "  cidr_ipv%d         = \"%s\"\n"
	    "}\n",
	    dialect_name(o, f, arena_printf(o->arena, "%d", n), NAME_SIZE),
	    dialect_label(o, f),
	    !echo              ? flow_protocol(f) :
		l->family == 0 ? "icmp" :
				 "icmpv6",
	    echo ? (l->family == 0 ? 8 : 128) : l->low, echo ? 0 : l->high,
	    l->family == 0 ? 4 : 6, l->cidr == NULL ? any : l->cidr);
}

/* Calls line() for each address and range of ports. */
static void
each_line(const struct dialect_out *o, const struct flow *f, bool group)
{
	const struct ports *ports = &f->row->need->ports;
	struct arena *a = o->arena;
	struct strlist texts = flow_ports(a, f, ":", "ANY");
	struct strlist to;
	struct line l;
	size_t i, k;
	int n = 0;

	for (l.family = 0; l.family < 2; l.family++) {
		if (!flow_has_family(o, f, l.family))
			continue;
		to = dialect_addresses(o, f, l.family);
		/* Anybody is one line of the firewall for both. */
		if (f->to == TO_ANY && !group && l.family == 1 && n > 0)
			continue;
		for (i = 0; i < (f->to == TO_ANY ? 1 : to.count); i++) {
			l.cidr = f->to == TO_ANY ?
			    NULL :
			    arena_printf(a, "%s/%d", to.item[i],
				l.family == 0 ? 32 : 128);
			for (k = 0; k < texts.count; k++) {
				l.port = texts.item[k];
				l.low = ports->count > 0 ? ports->range[k].low :
							   0;
				l.high = ports->count > 0 ?
				    ports->range[k].high :
				    65535;
				n++;
				if (group)
					add_group_line(o, f, &l, n);
				else
					add_firewall_line(o, f, &l);
			}
		}
	}
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	if (is_named(f)) {
		add_domains(o, f);
		return;
	}
	buf_addf(o->out, "locals {\n  %s = [\n", local_name(o, f));
	each_line(o, f, false);
	buf_adds(o->out, "  ]\n}\n");
	each_line(o, f, true);
}

/* --- the rule groups ---------------------------------------------------- */

/* "local.A, local.B" of the flows that belong into a group; NULL: none. */
static const char *
members(const struct dialect_out *o, const char *group)
{
	struct strlist out = {0};
	size_t i;

	for (i = 0; i < o->flows->count; i++) {
		const struct flow *f = &o->flows->flow[i];

		if (f->fate == FATE_NOT_HERE ||
		    strcmp(is_named(f) ? kind(f) : "ip", group) != 0)
			continue;
		strlist_add(o->arena, &out,
		    arena_printf(o->arena, "local.%s", local_name(o, f)));
	}
	return out.count == 0 ? NULL : summary_join(o->arena, &out, ", ");
}

static void
begin_group(const struct dialect_out *o, const char *name)
{
	struct strlist from = {0}, one;
	size_t i;
	int family;

	for (family = 0; family < 2; family++) {
		one = dialect_sources(o, family);
		for (i = 0; i < one.count; i++)
			strlist_add(o->arena, &from, one.item[i]);
	}
	buf_addf(o->out,
	    "\nresource \"aws_networkfirewall_rule_group\" \"sitewalk_%s\" {\n"
	    "  name     = \"sitewalk-%s\"\n"
	    "  type     = \"STATEFUL\"\n"
	    "  capacity = var.capacity\n"
	    "  rule_group {\n"
	    "    rule_variables {\n"
	    "      ip_sets {\n"
	    "        key = \"HOME_NET\"\n"
	    "        ip_set {\n"
	    "          definition = [%s]\n"
	    "        }\n"
	    "      }\n"
	    "    }\n"
	    "    rules_source {\n",
	    name, name, flow_quoted(o->arena, &from, "\""));
}

static void
add_list(const struct dialect_out *o, const char *name, const char *target)
{
	const char *all = members(o, name);

	if (all == NULL)
		return;
	begin_group(o, name);
	buf_addf(o->out,
	    "      rules_source_list {\n"
	    "        generated_rules_type = \"ALLOWLIST\"\n"
	    "        target_types         = [\"%s\"]\n"
	    "        targets              = distinct(concat(%s))\n"
	    "      }\n"
	    "    }\n"
	    "  }\n"
	    "}\n",
	    target, all);
}

static void
add_addresses(const struct dialect_out *o)
{
	const char *all = members(o, "ip");

	if (all == NULL)
		return;
	begin_group(o, "ip");
	buf_addf(o->out,
	    "      dynamic \"stateful_rule\" {\n"
	    "        for_each = { for i, r in concat(%s) : i => r }\n"
	    "        content {\n"
	    "          action = \"PASS\"\n"
	    "          header {\n"
	    "            protocol         = stateful_rule.value.protocol\n"
	    "            source           = \"$HOME_NET\"\n"
	    "            source_port      = \"ANY\"\n"
	    "            direction        = \"FORWARD\"\n"
	    "            destination      = stateful_rule.value.destination\n"
	    "            destination_port = stateful_rule.value.port\n"
	    "          }\n"
	    "          rule_option {\n"
	    "            keyword  = \"sid\"\n"
	    "            settings = [tostring(stateful_rule.key + 1)]\n"
	    "          }\n"
	    "          dynamic \"rule_option\" {\n"
	    "            for_each = compact([stateful_rule.value.itype])\n"
	    "            content {\n"
	    "              keyword  = \"itype\"\n"
	    "              settings = [rule_option.value]\n"
	    "            }\n"
	    "          }\n"
	    "        }\n"
	    "      }\n"
	    "    }\n"
	    "  }\n"
	    "}\n",
	    all);
}

static void
write_head(const struct dialect_out *o)
{
	buf_adds(o->out,
	    "\nvariable \"capacity\" {\n"
	    "  type = number\n"
	    "}\n"
	    "\nvariable \"security_group_id\" {\n"
	    "  type = string\n"
	    "}\n");
}

static void
write_tail(const struct dialect_out *o)
{
	add_list(o, "tls", "TLS_SNI");
	add_list(o, "http", "HTTP_HOST");
	add_addresses(o);
}

static const struct dialect dialect_aws = {
    .platform = "AWS Network Firewall (Terraform)",
    .assumes = "hashicorp/aws 5.0",
    .comment = "# ",
    .checked = N_("Read back by our own tests, which also try its layout with "
		  "Terraform where that is installed; not tried in the "
		  "cloud."),
    .notes = notes,
    .bypass = N_("No rule here opens TLS. Where the firewall inspects TLS, "
		 "leave these rows out of its scope."),
    .name = place_name,
    .limit = limit,
    .head = write_head,
    .flow = write_flow,
    .tail = write_tail,
};

const struct export_format export_request_aws = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "AWS Network Firewall (Terraform)",
    .name = "aws",
    .file = "firewall/snippets/aws-nfw.tf",
    .label = N_("Change request for AWS Network Firewall (Terraform)"),
    .use = N_("Send it to the IT desk where the firewall is in AWS."),
    .dialect = &dialect_aws,
};
