/* SPDX-License-Identifier: MIT */
/* Owns the change request as set commands of Junos on SRX: addresses in the
 * global book, an application and a policy for each flow. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/dialect/dialect.h"
#include "core/export/formats.h"

#define NAME_MAX_LEN 63
#define BOOK "set security address-book global address"

static const char *const marks[] = {"v4", "v6"};

static const char *
devices_name(const struct dialect_out *o, int family, size_t i)
{
	return arena_printf(o->arena, "%s-devices-%s-%zu", o->flows->rules->id,
	    marks[family], i + 1);
}

static void
write_devices(const struct dialect_out *o)
{
	struct strlist from;
	size_t i;
	int f;

	buf_addc(o->out, '\n');
	for (f = 0; f < 2; f++) {
		from = dialect_sources(o, f);
		for (i = 0; i < from.count; i++)
			buf_addf(o->out, BOOK " %s %s\n", devices_name(o, f, i),
			    from.item[i]);
	}
}

/* Names of the addresses of this family that it writes. */
static struct strlist
add_destinations(const struct dialect_out *o, const struct flow *f, int family)
{
	struct strlist to = {0}, addresses = dialect_addresses(o, f, family);
	struct arena *a = o->arena;
	const char *name;
	size_t i;

	if (f->to == TO_ANY)
		strlist_add(a, &to, family == 0 ? "any-ipv4" : "any-ipv6");
	for (i = 0; i < addresses.count; i++) {
		name = dialect_name(o, f,
		    arena_printf(a, "%sn%zu", marks[family], i + 1),
		    NAME_MAX_LEN);
		buf_addf(o->out, BOOK " %s %s/%d\n", name, addresses.item[i],
		    family == 0 ? 32 : 128);
		strlist_add(a, &to, name);
	}
	if (f->to == TO_NAME) {
		name = dialect_name(o, f, marks[family], NAME_MAX_LEN);
		buf_addf(o->out, BOOK " %s dns-name %s %s\n", name, f->domain,
		    family == 0 ? "ipv4-only" : "ipv6-only");
		strlist_add(a, &to, name);
	}
	return to;
}

/* One term for each range, so that one name is all of them. */
static const char *
add_application(const struct dialect_out *o, const struct flow *f, int family)
{
	const struct need *n = f->row->need;
	bool ping = n->protocol == PROTO_ICMP;
	const char *name = dialect_name(o, f, ping ? marks[family] : "",
	    NAME_MAX_LEN);
	char text[PORT_RANGE_SIZE];
	size_t i = 0;

	if (ping) {
		buf_addf(o->out,
		    "set applications application %s term t1 protocol %s\n",
		    name,
		    family == 0 ? "icmp icmp-type 8" : "58 icmp6-type 128");
		return name;
	}
	do {
		buf_addf(o->out,
		    "set applications application %s term t%zu protocol %s "
		    "destination-port %s\n",
		    name, i + 1, n->protocol == PROTO_TCP ? "tcp" : "udp",
		    n->ports.count == 0 ?
			"0-65535" :
			port_range_text(&n->ports.range[i], text));
	} while (++i < n->ports.count);
	return name;
}

static void
add_policy(const struct dialect_out *o, const struct flow *f, int family,
    const struct strlist *to, const char *application)
{
	struct arena *a = o->arena;
	const char *start = arena_printf(a,
	    "set security policies from-zone DEVICES-ZONE to-zone %s policy %s",
	    f->row->part == ROWS_LAN ? "LOCAL-ZONE" : "INTERNET-ZONE",
	    dialect_name(o, f, marks[family], NAME_MAX_LEN));
	size_t i, count = dialect_sources(o, family).count;

	buf_addf(o->out, "%s description \"%s\"\n", start, dialect_label(o, f));
	for (i = 0; i < count; i++)
		buf_addf(o->out, "%s match source-address %s\n", start,
		    devices_name(o, family, i));
	for (i = 0; i < to->count; i++)
		buf_addf(o->out, "%s match destination-address %s\n", start,
		    to->item[i]);
	buf_addf(o->out,
	    "%s match application %s\n"
	    "%s then permit\n"
	    "%s then log session-init session-close\n",
	    start, application, start, start);
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	bool ping = f->row->need->protocol == PROTO_ICMP;
	const char *application = NULL;
	struct strlist to;
	int family;

	for (family = 0; family < 2; family++) {
		if (dialect_sources(o, family).count == 0)
			continue;
		to = add_destinations(o, f, family);
		if (to.count == 0)
			continue;
		if (application == NULL || ping)
			application = add_application(o, f, family);
		add_policy(o, f, family, &to, application);
	}
}

static const char *const notes[] = {
    N_("Put the names of your zones in the place of DEVICES-ZONE, "
       "INTERNET-ZONE and LOCAL-ZONE; as they stand the commit fails. New "
       "policies come last in their pair of zones: move them with \"insert\" "
       "before any that denies the same. \"commit check\" changes nothing."),
    N_("The firewall looks up names itself: it needs a DNS server (system "
       "name-server) that gives it the same addresses as the devices."),
    NULL,
};

static const struct dialect srx = {
    .platform = "Juniper SRX",
    .assumes = "Junos 15.1X49",
    .comment = "# ",
    .notes = notes,
    .bypass = N_("The policies have no SSL proxy profile, so that they open no "
		 "TLS. Where one is added, put the addresses into its "
		 "whitelist, where that is asked for."),
    .name = flow_by_lookup,
    .head = write_devices,
    .flow = write_flow,
};

const struct export_format export_request_srx = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "Juniper SRX",
    .name = "srx",
    .file = "firewall/snippets/srx.txt",
    .label = N_("Change request, commands of Juniper SRX"),
    .use = N_("Send it to the IT desk where the firewall is a Juniper SRX."),
    .dialect = &srx,
};
