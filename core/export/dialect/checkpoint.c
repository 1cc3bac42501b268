/* SPDX-License-Identifier: MIT */
/* Owns the change request as calls of Check Point's mgmt_cli. Every value
 * stands in single quotes and holds nothing that ends them. Nothing is
 * published: a session has to be opened first, and a person publishes it. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/dialect/dialect.h"
#include "core/export/formats.h"

#define NAME_MAX_LEN 100
#define ADD "mgmt_cli add "
#define END " -s sitewalk.sid\n"

static const char *const marks[] = {"v4", "v6"};
static const char *const digits[] = {"", "6"};

static const char *
devices_name(const struct dialect_out *o, int family, size_t i)
{
	return arena_printf(o->arena, "%s-devices-%s-%zu", o->flows->rules->id,
	    marks[family], i + 1);
}

static void
add_network(const struct dialect_out *o, int family, size_t i,
    const char *network)
{
	const char *slash = strchr(network, '/');
	int len = slash == NULL ? (int)strlen(network) : (int)(slash - network);

	buf_addf(o->out,
	    ADD "network name '%s' subnet%s '%.*s' mask-length%s '%s' "
		"ignore-warnings true" END,
	    devices_name(o, family, i), family == 0 ? "4" : "6", len, network,
	    family == 0 ? "4" : "6", slash == NULL ? network : slash + 1);
}

/* There can be one object of a domain only, so that all flows share it. */
static void
write_objects(const struct dialect_out *o)
{
	struct strlist from, seen = {0};
	size_t i;
	int f;

	buf_addc(o->out, '\n');
	for (f = 0; f < 2; f++) {
		from = dialect_sources(o, f);
		for (i = 0; i < from.count; i++)
			add_network(o, f, i, from.item[i]);
	}
	for (f = 1; f >= 0; f--) {
		for (i = 0; i < o->flows->count; i++) {
			const struct flow *flow = &o->flows->flow[i];

			if (flow->fate == FATE_NOT_HERE ||
			    flow->to != TO_NAME ||
			    flow_is_below(flow) != (f == 1) ||
			    strlist_has(&seen, flow->domain))
				continue;
			strlist_add(o->arena, &seen, flow->domain);
			buf_addf(o->out,
			    ADD "dns-domain name '.%s' is-sub-domain %s" END,
			    flow->domain, f == 1 ? "true" : "false");
		}
	}
}

static struct strlist
add_destinations(const struct dialect_out *o, const struct flow *f)
{
	struct strlist to = {0}, addresses;
	struct arena *a = o->arena;
	const char *name;
	size_t i;
	int family;

	if (f->to == TO_ANY)
		strlist_add(a, &to, "Any");
	if (f->to == TO_NAME)
		strlist_add(a, &to, arena_printf(a, ".%s", f->domain));
	for (family = 0; family < 2; family++) {
		addresses = dialect_addresses(o, f, family);
		for (i = 0; i < addresses.count; i++) {
			name = dialect_name(o, f,
			    arena_printf(a, "%zu", to.count + 1), NAME_MAX_LEN);
			buf_addf(o->out,
			    ADD "host name '%s' ipv%d-address '%s' "
				"ignore-warnings true" END,
			    name, family == 0 ? 4 : 6, addresses.item[i]);
			strlist_add(a, &to, name);
		}
	}
	return to;
}

static struct strlist
add_pings(const struct dialect_out *o, const struct flow *f)
{
	struct strlist names = {0};
	const char *name;
	int family;

	for (family = 0; family < 2; family++) {
		if (!dialect_has_family(o, f, family))
			continue;
		name = dialect_name(o, f, marks[family], NAME_MAX_LEN);
		buf_addf(o->out,
		    ADD "service-icmp%s name '%s' icmp-type %d icmp-code 0" END,
		    digits[family], name, family == 0 ? 8 : 128);
		strlist_add(o->arena, &names, name);
	}
	return names;
}

static struct strlist
add_services(const struct dialect_out *o, const struct flow *f)
{
	const struct need *n = f->row->need;
	struct strlist names = {0};
	char text[PORT_RANGE_SIZE];
	const char *name;
	size_t i = 0;

	if (n->protocol == PROTO_ICMP)
		return add_pings(o, f);
	do {
		name = dialect_name(o, f, arena_printf(o->arena, "p%zu", i + 1),
		    NAME_MAX_LEN);
		buf_addf(o->out, ADD "service-%s name '%s' port '%s'" END,
		    n->protocol == PROTO_TCP ? "tcp" : "udp", name,
		    n->ports.count == 0 ?
			"1-65535" :
			port_range_text(&n->ports.range[i], text));
		strlist_add(o->arena, &names, name);
	} while (++i < n->ports.count);
	return names;
}

static void
add_list(const struct dialect_out *o, const char *what,
    const struct strlist *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		buf_addf(o->out, " %s.%zu '%s'", what, i + 1, names->item[i]);
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	struct strlist from = {0}, to, services;
	size_t i, count;
	int family;

	for (family = 0; family < 2; family++) {
		count = dialect_has_family(o, f, family) ?
		    dialect_sources(o, family).count :
		    0;
		for (i = 0; i < count; i++)
			strlist_add(o->arena, &from,
			    devices_name(o, family, i));
	}
	if (from.count == 0)
		return;
	to = add_destinations(o, f);
	services = add_services(o, f);
	buf_addf(o->out,
	    ADD "access-rule layer '<POLICY-LAYER>' position top name '%s'",
	    dialect_name(o, f, "", NAME_MAX_LEN));
	add_list(o, "source", &from);
	add_list(o, "destination", &to);
	add_list(o, "service", &services);
	buf_addf(o->out, " action 'Accept' track.type 'Log' comments '%s'" END,
	    dialect_label(o, f));
}

/* --- what it can say ---------------------------------------------------- */

static const char by_reverse_lookup[] = N_(
    "By what the owner of each address calls it (reverse lookup), "
    "which is not accurate: other names may be let through, and "
    "servers in a cloud, which the cloud's owner gives names of its "
    "own, may not be. Try it before you rely on it.");

static void
by_objects(struct arena *a, struct flow *f)
{
	if (!flow_is_below(f)) {
		flow_by_lookup(a, f);
		return;
	}
	flow_wider(a, f, _(by_reverse_lookup));
	flow_below_wider(a, f, true);
}

/* The one object of a domain takes in what is below it when any row asks for
 * that. */
static void
share_objects(struct arena *a, struct flows *all)
{
	size_t i, j;

	for (i = 0; i < all->count; i++) {
		struct flow *f = &all->flow[i];

		if (f->fate == FATE_NOT_HERE || f->to != TO_NAME ||
		    flow_is_below(f))
			continue;
		for (j = 0; j < all->count; j++) {
			const struct flow *g = &all->flow[j];

			if (g->fate == FATE_NOT_HERE || g->to != TO_NAME ||
			    !flow_is_below(g) ||
			    strcmp(f->domain, g->domain) != 0)
				continue;
			f->how = "";
			flow_wider(a, f, _(by_reverse_lookup));
			flow_wider(a, f,
			    _("The names below this one are let through as "
			      "well: there can be one object of a domain only, "
			      "and another row asks for what is below it."));
			break;
		}
	}
}

static const char *const notes[] = {
    N_("It is a shell script of calls to the management server. First put the "
       "name of your policy's layer in the place of <POLICY-LAYER>, and open "
       "a session: mgmt_cli login > sitewalk.sid"),
    N_("It publishes nothing. Look at the session in SmartConsole, then "
       "publish it (mgmt_cli publish -s sitewalk.sid) and install the policy, "
       "or drop it (mgmt_cli discard -s sitewalk.sid)."),
    N_("The gateway looks up names itself: it needs a DNS server that gives it "
       "the same addresses as the devices."),
    NULL,
};

static const struct dialect checkpoint = {
    .platform = "Check Point",
    .assumes = "R80.40",
    .comment = "# ",
    .notes = notes,
    .bypass = N_(
	"Where HTTPS inspection is on, put a rule \"Bypass\" for these "
	"destinations before it inspects, where that is asked for."),
    .name = by_objects,
    .settle = share_objects,
    .head = write_objects,
    .flow = write_flow,
};

const struct export_format export_request_checkpoint = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "Check Point",
    .name = "checkpoint",
    .file = "firewall/snippets/checkpoint.txt",
    .label = N_("Change request, commands of Check Point"),
    .use = N_("Send it to the IT desk where the firewall is a Check Point."),
    .dialect = &checkpoint,
};
