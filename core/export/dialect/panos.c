/* SPDX-License-Identifier: MIT */
/* Owns the change request as set commands of PAN-OS: address and service
 * objects and one rule for each flow; wildcards by categories of URLs, for
 * the web's ports alone. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/dialect/dialect.h"
#include "core/export/formats.h"

#define NAME_MAX_LEN 63
#define CATEGORY_NAME_MAX 31
#define URL_CATEGORY "set profiles custom-url-category"

static const char *
devices_name(const struct dialect_out *o, int family, size_t i)
{
	return arena_printf(o->arena, "%s-devices-v%d-%zu", o->flows->rules->id,
	    family == 0 ? 4 : 6, i + 1);
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
			buf_addf(o->out, "set address %s ip-netmask %s\n",
			    devices_name(o, f, i), from.item[i]);
	}
}

/* "x", "[ x y ]" */
static const char *
list_text(const struct dialect_out *o, const struct strlist *l)
{
	const char *out = "[";
	size_t i;

	if (l->count == 1)
		return l->item[0];
	for (i = 0; i < l->count; i++)
		out = arena_printf(o->arena, "%s %s", out, l->item[i]);
	return arena_printf(o->arena, "%s ]", out);
}

static void
add_destinations(const struct dialect_out *o, const struct flow *f,
    struct strlist *to, const char **category)
{
	struct arena *a = o->arena;
	struct strlist addresses;
	const char *name;
	size_t i;
	int family;

	*category = NULL;
	if (f->to == TO_NAME && flow_is_below(f)) {
		*category = dialect_name(o, f, "", CATEGORY_NAME_MAX);
		buf_addf(o->out,
		    URL_CATEGORY " %s type \"URL List\"\n" URL_CATEGORY
				 " %s list [ *.%s/",
		    *category, *category, f->domain);
		if (f->row->need->to.apex)
			buf_addf(o->out, " %s/", f->domain);
		buf_adds(o->out, " ]\n");
		strlist_add(a, to, "any");
	} else if (f->to == TO_NAME) {
		name = dialect_name(o, f, "", NAME_MAX_LEN);
		buf_addf(o->out, "set address %s fqdn %s\n", name, f->domain);
		strlist_add(a, to, name);
	} else if (f->to == TO_ANY)
		strlist_add(a, to, "any");
	for (family = 0; family < 2; family++) {
		addresses = dialect_addresses(o, f, family);
		if (dialect_sources(o, family).count == 0)
			continue;
		for (i = 0; i < addresses.count; i++) {
			name = dialect_name(o, f,
			    arena_printf(a, "%zu", to->count + 1),
			    NAME_MAX_LEN);
			buf_addf(o->out, "set address %s ip-netmask %s/%d\n",
			    name, addresses.item[i], family == 0 ? 32 : 128);
			strlist_add(a, to, name);
		}
	}
}

static const char *
add_service(const struct dialect_out *o, const struct flow *f)
{
	const struct need *n = f->row->need;
	const char *name = dialect_name(o, f, "", NAME_MAX_LEN);
	char text[PORT_RANGE_SIZE];
	size_t i;

	buf_addf(o->out, "set service %s protocol %s port %s", name,
	    n->protocol == PROTO_TCP ? "tcp" : "udp",
	    n->ports.count == 0 ? "0-65535" : "");
	for (i = 0; i < n->ports.count; i++)
		buf_addf(o->out, "%s%s", i > 0 ? "," : "",
		    port_range_text(&n->ports.range[i], text));
	buf_addc(o->out, '\n');
	return name;
}

/* Devices of the families that the destination has. */
static struct strlist
sources_of(const struct dialect_out *o, const struct flow *f)
{
	struct strlist out = {0};
	size_t i, count;
	int family;

	for (family = 0; family < 2; family++) {
		count = dialect_sources(o, family).count;
		if (!dialect_has_family(o, f, family))
			continue;
		for (i = 0; i < count; i++)
			strlist_add(o->arena, &out, devices_name(o, family, i));
	}
	return out;
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	bool ping = f->row->need->protocol == PROTO_ICMP;
	struct strlist from = sources_of(o, f), to = {0};
	const char *category, *service;

	if (from.count == 0)
		return;
	add_destinations(o, f, &to, &category);
	service = ping ? "application-default" : add_service(o, f);
	buf_addf(o->out,
	    "set rulebase security rules %s from DEVICES-ZONE to %s source %s "
	    "destination %s application %s service %s%s%s action allow "
	    "log-end yes description \"%s\"\n",
	    dialect_name(o, f, "", NAME_MAX_LEN),
	    f->row->part == ROWS_LAN ? "LOCAL-ZONE" : "INTERNET-ZONE",
	    list_text(o, &from), list_text(o, &to),
	    ping ? "[ ping ping6 ]" : "any", service,
	    category != NULL ? " category " : "",
	    category != NULL ? category : "", dialect_label(o, f));
}

/* --- what it can say ---------------------------------------------------- */

static void
by_objects(struct arena *a, struct flow *f)
{
	if (!flow_is_below(f)) {
		flow_by_lookup(a, f);
		return;
	}
	if (!flow_is_web(f)) {
		flow_not_here(f,
		    _("Wildcards work by categories of URLs, which see the "
		      "name only in HTTP and TLS on the web's ports, 80 and "
		      "443."));
		return;
	}
	flow_wider(a, f,
	    _("By the name that the device says in HTTP or TLS, to any "
	      "address: a few packets pass before the name is known."));
	flow_below_wider(a, f, false);
}

static const char *const notes[] = {
    N_("PAN-OS knows no comments: load only the lines that begin with "
       "\"set\", in configure mode. \"validate full\" and the commit fail "
       "until DEVICES-ZONE, INTERNET-ZONE and LOCAL-ZONE are your zones. New "
       "rules come last: move them before any that denies the same."),
    N_("The firewall looks up names itself, and keeps at most 32 addresses of "
       "a name; it asks again about every 30 minutes."),
    NULL,
};

static const struct dialect panos = {
    .platform = "PAN-OS",
    .assumes = "PAN-OS 9.1",
    .comment = "# ",
    .notes = notes,
    .bypass = N_("Where a decryption policy decrypts the devices' traffic, put "
		 "a rule \"no-decrypt\" for these destinations before it, "
		 "where that is asked for."),
    .name = by_objects,
    .head = write_devices,
    .flow = write_flow,
};

const struct export_format export_request_panos = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "Palo Alto (PAN-OS)",
    .name = "panos",
    .file = "firewall/snippets/panos.txt",
    .label = N_("Change request, commands of PAN-OS"),
    .use = N_("Send it to the IT desk where the firewall is a Palo Alto."),
    .dialect = &panos,
};
