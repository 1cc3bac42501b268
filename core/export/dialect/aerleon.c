/* SPDX-License-Identifier: MIT */
/* Owns the change request as a policy of Aerleon, for desks that render all
 * their firewalls from one source: networks, services and filters in YAML. */
#include "core/base/i18n.h"
#include "core/export/dialect/flow_text.h"
#include "core/export/formats.h"

#define NAME_SIZE 60
#define DEVICES "SITEWALK_DEVICES"

static const char *const zones[] = {"from-zone trust to-zone untrust",
    "from-zone trust to-zone trust"};

static const char *const notes[] = {
    N_("Put it below the folder of definitions, for its networks and "
       "services, and below the folder of policies, for its filters."),
    N_("The target is a Juniper SRX with the zones trust and untrust: it is "
       "the only one for which Aerleon renders names. The rows to addresses "
       "can be rendered for any other target; copy them into a filter of "
       "their own."),
    NULL,
};

static void
place_name(struct arena *a, struct flow *f)
{
	if (!flow_is_below(f)) {
		flow_by_lookup(a, f);
		return;
	}
	flow_not_here(f,
	    _("Aerleon passes a wildcard on without a look at it, and the "
	      "firewall it renders names for has none."));
}

static const char *
token(const struct dialect_out *o, const struct flow *f)
{
	return dialect_name(o, f, "", NAME_SIZE);
}

static void
add_values(const struct dialect_out *o, const char *name, const char *kind,
    struct strlist l)
{
	size_t i;

	buf_addf(o->out, "  %s:\n    values:\n", name);
	for (i = 0; i < l.count; i++)
		buf_addf(o->out, "      - %s: \"%s\"\n", kind, l.item[i]);
}

static void
add_networks(const struct dialect_out *o)
{
	struct strlist from = {0}, one;
	size_t i;
	int family;

	for (family = 0; family < 2; family++) {
		one = dialect_sources(o, family);
		for (i = 0; i < one.count; i++)
			strlist_add(o->arena, &from, one.item[i]);
	}
	buf_adds(o->out, "networks:\n");
	add_values(o, DEVICES, "address", from);
	for (i = 0; i < o->flows->count; i++) {
		const struct flow *f = &o->flows->flow[i];

		if (f->fate == FATE_NOT_HERE || f->to == TO_ANY)
			continue;
		if (f->to == TO_NAME)
			add_values(o, token(o, f), "fqdn",
			    flow_names(o->arena, f));
		else
			add_values(o, token(o, f), "address",
			    flow_all_addresses(o, f));
	}
}

static bool
has_service(const struct flow *f)
{
	return f->fate != FATE_NOT_HERE && f->row->need->ports.count > 0;
}

static void
add_services(const struct dialect_out *o)
{
	bool any = false;
	size_t i, k;

	for (i = 0; i < o->flows->count; i++) {
		const struct flow *f = &o->flows->flow[i];
		struct strlist ports;

		if (!has_service(f))
			continue;
		if (!any)
			buf_adds(o->out, "services:\n");
		any = true;
		buf_addf(o->out, "  %s:\n", token(o, f));
		ports = flow_ports(o->arena, f, "-", NULL);
		for (k = 0; k < ports.count; k++)
			buf_addf(o->out,
			    "    - protocol: %s\n      port: \"%s\"\n",
			    flow_protocol(f), ports.item[k]);
	}
}

static bool
is_in(const struct flow *f, enum rows_part part)
{
	return f->fate != FATE_NOT_HERE && f->row->part == part;
}

static void
write_head(const struct dialect_out *o)
{
	bool any = false;
	size_t i;

	for (i = 0; i < o->flows->count; i++)
		any |= o->flows->flow[i].fate != FATE_NOT_HERE;
	add_networks(o);
	add_services(o);
	buf_addf(o->out, "filters:%s\n", any ? "" : " []");
}

static void
begin_part(const struct dialect_out *o, enum rows_part part)
{
	size_t i;

	for (i = 0; i < o->flows->count; i++) {
		if (is_in(&o->flows->flow[i], part))
			break;
	}
	if (i < o->flows->count)
		buf_addf(o->out,
		    "  - header:\n      targets:\n        srx: %s\n"
		    "    terms:\n",
		    zones[part == ROWS_LAN]);
}

static void
begin_term(const struct dialect_out *o, const struct flow *f, const char *mark)
{
	buf_addf(o->out,
	    "      - name: %s\n        comment: \"%s\"\n"
	    "        source-address: " DEVICES "\n",
	    dialect_name(o, f, mark, NAME_SIZE), dialect_label(o, f));
	if (f->to != TO_ANY)
		buf_addf(o->out, "        destination-%s: %s\n",
		    f->to == TO_NAME ? "fqdn" : "address", token(o, f));
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	int family;

	if (f->row->need->protocol != PROTO_ICMP) {
		begin_term(o, f, "");
		buf_addf(o->out, "        protocol: %s\n", flow_protocol(f));
		if (has_service(f))
			buf_addf(o->out, "        destination-port: %s\n",
			    token(o, f));
		buf_adds(o->out, "        action: accept\n");
		return;
	}
	for (family = 0; family < 2; family++) {
		if (!flow_has_family(o, f, family))
			continue;
		begin_term(o, f, family == 0 ? "4" : "6");
		buf_addf(o->out,
		    "        protocol: %s\n"
		    "        icmp-type: echo-request\n"
		    "        action: accept\n",
		    family == 0 ? "icmp" : "icmpv6");
	}
}

static const struct dialect dialect_aerleon = {
    .platform = "Aerleon",
    .assumes = "Aerleon 1.17",
    .comment = "# ",
    .notes = notes,
    .bypass = N_("Where the firewall inspects TLS, these rows need an "
		 "exemption there, which no policy of Aerleon can say."),
    .name = place_name,
    .head = write_head,
    .begin = begin_part,
    .flow = write_flow,
};

const struct export_format export_request_aerleon = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "Aerleon",
    .name = "aerleon",
    .file = "firewall/snippets/aerleon.yaml",
    .label = N_("Change request as a policy of Aerleon"),
    .use = N_("Send it to an IT desk that renders its rules from one source."),
    .dialect = &dialect_aerleon,
};
