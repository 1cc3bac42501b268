/* SPDX-License-Identifier: MIT */
/* Owns the change request as commands of FortiOS: for each flow its address
 * objects, its service and its policies, one for each family. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/dialect/dialect.h"
#include "core/export/formats.h"

#define OBJECT_NAME_MAX 63
#define POLICY_NAME_MAX 35

static const char *const tables[] = {"address", "address6"};
static const char *const suffix[] = {"", "6"};
static const char *const marks[] = {"", "v6"};

/* --- objects ------------------------------------------------------------ */

static const char *
devices_name(const struct dialect_out *o, int family, size_t i)
{
	return arena_printf(o->arena, "%s-devices-%s%zu", o->flows->rules->id,
	    marks[family], i + 1);
}

static void
add_network(const struct dialect_out *o, int family, const char *network)
{
	const char *address, *mask;

	dialect_network(o, network, &address, &mask);
	if (family == 1)
		buf_addf(o->out, "        set ip6 %s\n", network);
	else if (address == mask)
		buf_addf(o->out, "        set subnet %s\n", network);
	else
		buf_addf(o->out, "        set subnet %s %s\n", address, mask);
}

static void
write_devices(const struct dialect_out *o)
{
	struct strlist from;
	size_t i;
	int f;

	for (f = 0; f < 2; f++) {
		from = dialect_sources(o, f);
		if (from.count == 0)
			continue;
		buf_addf(o->out, "\nconfig firewall %s\n", tables[f]);
		for (i = 0; i < from.count; i++) {
			buf_addf(o->out, "    edit \"%s\"\n",
			    devices_name(o, f, i));
			add_network(o, f, from.item[i]);
			buf_adds(o->out, "    next\n");
		}
		buf_adds(o->out, "end\n");
	}
}

static void
add_name(const struct dialect_out *o, const struct flow *f, const char *object,
    const char *star)
{
	buf_addf(o->out,
	    "    edit \"%s\"\n"
	    "        set type fqdn\n"
	    "        set fqdn \"%s%s\"\n"
	    "        set comment \"%s\"\n"
	    "    next\n",
	    object, star, f->domain, dialect_label(o, f));
}

/* Names of the objects that it writes; none where the flow has no address of
 * this family. */
static struct strlist
add_destinations(const struct dialect_out *o, const struct flow *f, int family)
{
	struct strlist to = dialect_addresses(o, f, family), names = {0};
	struct arena *a = o->arena;
	const char *name;
	size_t i;

	if (f->to == TO_ANY)
		strlist_add(a, &names, "all");
	if (f->to == TO_ANY || (f->to == TO_ADDRESSES && to.count == 0))
		return names;
	buf_addf(o->out, "config firewall %s\n", tables[family]);
	if (f->to == TO_NAME) {
		name = dialect_name(o, f, marks[family], OBJECT_NAME_MAX);
		add_name(o, f, name, flow_is_below(f) ? "*." : "");
		strlist_add(a, &names, name);
	}
	if (f->to == TO_NAME && flow_is_below(f) && f->row->need->to.apex) {
		name = dialect_name(o, f,
		    arena_printf(a, "%sapex", marks[family]), OBJECT_NAME_MAX);
		add_name(o, f, name, "");
		strlist_add(a, &names, name);
	}
	for (i = 0; i < to.count; i++) {
		name = dialect_name(o, f,
		    arena_printf(a, "%s%s%zu", marks[family],
			family == 1 ? "n" : "", i + 1),
		    OBJECT_NAME_MAX);
		buf_addf(o->out, "    edit \"%s\"\n", name);
		add_network(o, family,
		    arena_printf(a, "%s/%d", to.item[i],
			family == 0 ? 32 : 128));
		buf_addf(o->out,
		    "        set comment \"%s\"\n"
		    "    next\n",
		    dialect_label(o, f));
		strlist_add(a, &names, name);
	}
	buf_adds(o->out, "end\n");
	return names;
}

static void
add_ports(const struct dialect_out *o, const struct need *n)
{
	char text[PORT_RANGE_SIZE];
	size_t i;

	buf_addf(o->out,
	    "        set protocol TCP/UDP/SCTP\n"
	    "        set %s-portrange%s",
	    n->protocol == PROTO_TCP ? "tcp" : "udp",
	    n->ports.count == 0 ? " 1-65535" : "");
	for (i = 0; i < n->ports.count; i++)
		buf_addf(o->out, " %s",
		    port_range_text(&n->ports.range[i], text));
	buf_addc(o->out, '\n');
}

static void
add_service(const struct dialect_out *o, const struct flow *f, const char *name,
    int family)
{
	buf_addf(o->out,
	    "config firewall service custom\n"
	    "    edit \"%s\"\n",
	    name);
	if (f->row->need->protocol == PROTO_ICMP)
		buf_adds(o->out,
		    family == 0 ? "        set protocol ICMP\n"
				  "        set icmptype 8\n" :
				  "        set protocol ICMP6\n"
				  "        set icmptype 128\n");
	else
		add_ports(o, f->row->need);
	buf_addf(o->out,
	    "        set comment \"%s\"\n"
	    "    next\n"
	    "end\n",
	    dialect_label(o, f));
}

/* --- policies ----------------------------------------------------------- */

static void
add_list(const struct dialect_out *o, const char *what, int family,
    const struct strlist *names)
{
	size_t i;

	buf_addf(o->out, "        set %s%s", what, suffix[family]);
	for (i = 0; i < names->count; i++)
		buf_addf(o->out, " \"%s\"", names->item[i]);
	buf_addc(o->out, '\n');
}

static void
add_policy(const struct dialect_out *o, const struct flow *f, int family,
    const struct strlist *to, const char *service)
{
	bool lan = f->row->part == ROWS_LAN;
	struct strlist from = {0};
	size_t i, count = dialect_sources(o, family).count;

	for (i = 0; i < count; i++)
		strlist_add(o->arena, &from, devices_name(o, family, i));
	buf_addf(o->out,
	    "config firewall policy\n"
	    "    edit 0\n"
	    "        set name \"%s\"\n"
	    "        set srcintf \"<DEVICES-INTERFACE>\"\n"
	    "        set dstintf \"<%s-INTERFACE>\"\n",
	    dialect_name(o, f, marks[family], POLICY_NAME_MAX),
	    lan ? "LOCAL" : "INTERNET");
	add_list(o, "srcaddr", family, &from);
	add_list(o, "dstaddr", family, to);
	buf_addf(o->out,
	    "        set action accept\n"
	    "        set schedule \"always\"\n"
	    "        set service \"%s\"\n"
	    "        set logtraffic all\n"
	    "%s"
	    "        set comments \"%s\"\n"
	    "    next\n"
	    "end\n",
	    service, lan || family == 1 ? "" : "        set nat enable\n",
	    dialect_label(o, f));
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	bool ping = f->row->need->protocol == PROTO_ICMP;
	const char *service = NULL;
	struct strlist to;
	int family;

	for (family = 0; family < 2; family++) {
		if (dialect_sources(o, family).count == 0)
			continue;
		to = add_destinations(o, f, family);
		if (to.count == 0)
			continue;
		/* Ports serve both families, a ping has a number in each. */
		if (service == NULL || ping) {
			service = dialect_name(o, f, ping ? marks[family] : "",
			    OBJECT_NAME_MAX);
			add_service(o, f, service, family);
		}
		add_policy(o, f, family, &to, service);
	}
}

/* --- what it can say ---------------------------------------------------- */

static void
by_objects(struct arena *a, struct flow *f)
{
	if (!flow_is_below(f)) {
		flow_by_lookup(a, f);
		return;
	}
	flow_wider(a, f,
	    _("By the addresses in the DNS answers for such names that the "
	      "firewall has seen; other names at them are let through as "
	      "well."));
	flow_below_wider(a, f, false);
}

static const char *const notes[] = {
    N_("Put the names of your interfaces in the place of <DEVICES-INTERFACE>, "
       "<INTERNET-INTERFACE> and <LOCAL-INTERFACE>; as they stand FortiOS "
       "refuses them. New policies come last: move them before any that "
       "denies the same."),
    N_("An object with a wildcard learns from DNS answers that cross the "
       "firewall. It is empty until a device has asked, it stays empty where "
       "devices ask by DNS over HTTPS or ask a server on their own network, "
       "and it holds at most 1000 addresses."),
    N_("The maker's documents do not say whether a wildcard covers more than "
       "one label, nor whether it works for IPv6. Look at the object's "
       "addresses once the devices work."),
    N_("Where the firewall uses central NAT, leave out \"set nat enable\"."),
    NULL,
};

static const struct dialect fortios = {
    .platform = "FortiOS",
    .assumes = "FortiOS 6.4",
    .comment = "# ",
    .notes = notes,
    .bypass = N_("The policies have no inspection profile, so that they open "
		 "no TLS. Where one is added, use certificate inspection, or "
		 "put the names into its list of exemptions (ssl-exempt), "
		 "where that is asked for."),
    .name = by_objects,
    .head = write_devices,
    .flow = write_flow,
};

const struct export_format export_request_fortios = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "FortiGate (FortiOS)",
    .name = "fortios",
    .file = "firewall/snippets/fortios.txt",
    .label = N_("Change request, commands of FortiOS"),
    .use = N_("Send it to the IT desk where the firewall is a FortiGate."),
    .dialect = &fortios,
};
