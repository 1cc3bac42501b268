/* SPDX-License-Identifier: MIT */
/* Owns the change request for UniFi gateways: firewall policies between zones
 * as JSON, as the controller's own interface takes them one by one. Remarks
 * are elements of the same list. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/dialect/flow_text.h"
#include "core/export/formats.h"

#define NAME_SIZE 100

static const char *const versions[] = {"IPV4", "IPV6"};

static const char *const notes[] = {
    N_("Each policy is one entry of the page Policy Engine, or one request to "
       "the controller. It needs the firewall by zones."),
    N_("The words <ZONE-OF-THE-DEVICES>, <ZONE-OF-THE-INTERNET> and "
       "<ZONE-OF-THE-DESTINATION> stand for ids of zones of this controller, "
       "so that nothing is applied by mistake."),
    NULL,
};

static void
place_name(struct arena *a, struct flow *f)
{
	if (flow_is_below(f))
		flow_not_here(f,
		    _("What a wildcard stands for on this firewall, its maker "
		      "does not say."));
	else if (!flow_is_web(f))
		flow_not_here(f,
		    _("This firewall knows the names of web pages. Whether it "
		      "recognises a name elsewhere, its maker does not "
		      "say."));
	else
		flow_wider(a, f,
		    _("Its maker does not say how it recognises the name. If "
		      "by its addresses, other names at them are let through "
		      "as well; and names below this one may be, too."));
}

/* Quotation marks and backslashes are gone by now, and so are controls. */
static void
write_remark(const struct dialect_out *o, const char *text)
{
	buf_addf(o->out, "%s{\"remark\": \"%s\"}",
	    o->out->len == 0 ? "[\n" : ",\n", text);
}

static void
add_destination(const struct dialect_out *o, const struct flow *f, int family)
{
	struct arena *a = o->arena;
	struct strlist to = {0};

	if (f->to == TO_ANY) {
		buf_adds(o->out, "\"matching_target\": \"ANY\"");
		return;
	}
	to = f->to == TO_NAME ? flow_names(a, f) :
				dialect_addresses(o, f, family);
	buf_addf(o->out,
	    "\"matching_target\": \"%s\", "
	    "\"matching_target_type\": \"SPECIFIC\", \"%s\": [%s]",
	    f->to == TO_NAME ? "WEB" : "IP",
	    f->to == TO_NAME ? "web_domains" : "ips",
	    flow_quoted(a, &to, "\""));
}

static void
add_protocol(const struct dialect_out *o, const struct flow *f, int family)
{
	if (f->row->need->protocol != PROTO_ICMP)
		buf_addf(o->out, "\"protocol\": \"%s\"", flow_protocol(f));
	else if (family == 0)
		buf_adds(o->out,
		    "\"protocol\": \"icmp\", "
		    "\"icmp_typename\": \"ECHO_REQUEST\"");
	else
		buf_adds(o->out,
		    "\"protocol\": \"icmpv6\", "
		    "\"icmp_v6_typename\": \"ECHO_REQUEST\"");
}

/* port: NULL for any. */
static void
add_policy(const struct dialect_out *o, const struct flow *f, int family,
    const char *port, size_t n)
{
	struct arena *a = o->arena;
	struct strlist from = dialect_sources(o, family);

	buf_addf(o->out,
	    ",\n{\"policy\": {\"name\": \"%s\", \"description\": \"%s\", "
	    "\"enabled\": true, \"action\": \"ALLOW\", \"logging\": true,\n"
	    "  \"ip_version\": \"%s\", ",
	    dialect_name(o, f, arena_printf(a, "%d%zu", family == 0 ? 4 : 6, n),
		NAME_SIZE),
	    dialect_label(o, f), versions[family]);
	add_protocol(o, f, family);
	buf_addf(o->out,
	    ",\n  \"source\": {\"zone_id\": \"<ZONE-OF-THE-DEVICES>\", "
	    "\"matching_target\": \"IP\", "
	    "\"matching_target_type\": \"SPECIFIC\", \"ips\": [%s], "
	    "\"port_matching_type\": \"ANY\"},\n"
	    "  \"destination\": {\"zone_id\": \"%s\", ",
	    flow_quoted(a, &from, "\""),
	    f->row->part == ROWS_LAN ? "<ZONE-OF-THE-DESTINATION>" :
				       "<ZONE-OF-THE-INTERNET>");
	add_destination(o, f, family);
	if (port == NULL)
		buf_adds(o->out, ", \"port_matching_type\": \"ANY\"}}}");
	else
		buf_addf(o->out,
		    ", \"port_matching_type\": \"SPECIFIC\", "
		    "\"port\": \"%s\"}}}",
		    port);
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	struct strlist ports = flow_ports(o->arena, f, "-", NULL);
	size_t i;
	int family;

	for (family = 0; family < 2; family++) {
		if (!flow_has_family(o, f, family))
			continue;
		if (ports.count == 0)
			add_policy(o, f, family, NULL, 1);
		for (i = 0; i < ports.count; i++)
			add_policy(o, f, family, ports.item[i], i + 1);
	}
}

static void
write_tail(const struct dialect_out *o)
{
	buf_adds(o->out, "\n]\n");
}

static const struct dialect dialect_unifi = {
    .platform = "UniFi Network",
    .assumes = "UniFi Network 9.0",
    .notes = notes,
    .bypass = N_("Where the gateway inspects TLS, these rows must be left out "
		 "of it."),
    .name = place_name,
    .flow = write_flow,
    .tail = write_tail,
    .remark = write_remark,
};

const struct export_format export_request_unifi = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "UniFi",
    .name = "unifi",
    .file = "firewall/snippets/unifi.json",
    .label = N_("Change request, policies for UniFi"),
    .use = N_("Send it to the IT desk where the gateway is a UniFi."),
    .dialect = &dialect_unifi,
};
