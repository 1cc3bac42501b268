/* SPDX-License-Identifier: MIT */
/* Owns the change request as commands of Cisco ASA: one line of an access
 * list for each source, destination and range of ports. The lists are bound
 * to no interface, so that loading them opens nothing. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/dialect/dialect.h"
#include "core/export/formats.h"

#define NAME_MAX_LEN 64
#define REMARK_MAX 100

static const char *const lists[] = {
    [ROWS_INTERNET] = "SITEWALK_INTERNET",
    [ROWS_LAN] = "SITEWALK_LAN",
};
static const char *const any[] = {"any4", "any6"};
static const char *const ping[] = {"icmp", "icmp6"};

/* "192.168.10.0 255.255.255.0", "2001:db8::/64" */
static const char *
source_text(const struct dialect_out *o, int family, const char *network)
{
	const char *address, *mask;

	dialect_network(o, network, &address, &mask);
	if (family == 1 || address == mask)
		return network;
	return arena_printf(o->arena, "%s %s", address, mask);
}

/* " eq 443", " range 1 2"; nothing where it is every port. */
static const char *
port_text(const struct dialect_out *o, const struct port_range *r)
{
	if (r == NULL)
		return "";
	if (r->low == r->high)
		return arena_printf(o->arena, " eq %u", (unsigned)r->low);
	return arena_printf(o->arena, " range %u %u", (unsigned)r->low,
	    (unsigned)r->high);
}

static void
add_line(const struct dialect_out *o, const struct flow *f, int family,
    const char *from, const char *to)
{
	const struct need *n = f->row->need;
	const char *start = arena_printf(o->arena,
	    "access-list %s extended permit", lists[f->row->part]);
	size_t i = 0;

	if (n->protocol == PROTO_ICMP) {
		buf_addf(o->out, "%s %s %s %s %s log\n", start, ping[family],
		    from, to, family == 0 ? "echo" : "128");
		return;
	}
	do {
		buf_addf(o->out, "%s %s %s %s%s log\n", start,
		    n->protocol == PROTO_TCP ? "tcp" : "udp", from, to,
		    port_text(o,
			n->ports.count > 0 ? &n->ports.range[i] : NULL));
	} while (++i < n->ports.count);
}

static struct strlist
add_destinations(const struct dialect_out *o, const struct flow *f, int family)
{
	struct strlist to = {0}, addresses = dialect_addresses(o, f, family);
	struct arena *a = o->arena;
	const char *name;
	size_t i;

	if (f->to == TO_ANY)
		strlist_add(a, &to, any[family]);
	for (i = 0; i < addresses.count; i++)
		strlist_add(a, &to,
		    arena_printf(a, "host %s", addresses.item[i]));
	if (f->to == TO_NAME) {
		name = dialect_name(o, f, family == 0 ? "v4" : "v6",
		    NAME_MAX_LEN);
		buf_addf(o->out, "object network %s\n fqdn %s %s\n", name,
		    family == 0 ? "v4" : "v6", f->domain);
		strlist_add(a, &to, arena_printf(a, "object %s", name));
	}
	return to;
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	struct strlist from, to;
	size_t i, j;
	int family;

	for (family = 0; family < 2; family++) {
		from = dialect_sources(o, family);
		if (from.count == 0)
			continue;
		to = add_destinations(o, f, family);
		if (to.count > 0)
			buf_addf(o->out, "access-list %s remark %.*s\n",
			    lists[f->row->part], REMARK_MAX,
			    dialect_label(o, f));
		for (i = 0; i < from.count; i++) {
			for (j = 0; j < to.count; j++)
				add_line(o, f, family,
				    source_text(o, family, from.item[i]),
				    to.item[j]);
		}
	}
}

static const char *const notes[] = {
    N_("The lines make lists of their own, which are bound to no interface: "
       "loading them opens nothing yet. To use them, put the name of the list "
       "that is bound to the devices' interface in the place of "
       "SITEWALK_INTERNET, and see that the new lines stand before any that "
       "denies the same. Binding these lists in the place of yours would take "
       "away what yours permits."),
    N_("The firewall looks up names itself: it needs a DNS server (dns "
       "domain-lookup and dns server-group) that gives it the same addresses "
       "as the devices. An object without an address permits nothing."),
    NULL,
};

static const struct dialect asa = {
    .platform = "Cisco ASA",
    .assumes = "ASA 9.0",
    .comment = "! ",
    .notes = notes,
    .bypass = N_("These lists open no TLS. Where a module or another device "
		 "behind them does, it must leave alone what says so."),
    .errors = N_("Such messages are about packets of a permitted flow. The "
		 "firewall lets them pass with it where the policy has "
		 "\"inspect icmp\" and \"inspect icmp error\"."),
    .name = flow_by_lookup,
    .flow = write_flow,
};

const struct export_format export_request_asa = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "Cisco ASA",
    .name = "asa",
    .file = "firewall/snippets/asa.txt",
    .label = N_("Change request, commands of Cisco ASA"),
    .use = N_("Send it to the IT desk where the firewall is a Cisco ASA."),
    .dialect = &asa,
};
