/* SPDX-License-Identifier: MIT */
/* The plan: which probes a record's needs ask for, each once, and what they
 * would cost. Nothing is sent here. */
#include "core/run/plan.h"

#include <string.h>

#include "core/run/controls.h"

bool
plan_selects(const struct need *n, const char *only)
{
	return n->applies && need_is_selected(n, only);
}

/* Hosts must be resolved before they can be contacted. */
bool
plan_resolves(const struct probe_spec *spec)
{
	const struct probe_type *type = probe_type_find(spec->type);

	return type != NULL && type->needs_address && spec->address == NULL &&
	    spec->host != NULL;
}

void
plan_dns_spec(struct arena *a, const char *host, struct probe_spec *out)
{
	memset(out, 0, sizeof *out);
	out->key = arena_printf(a, "dns %s", host);
	out->type = arena_strdup(a, "dns");
	out->host = arena_strdup(a, host);
	out->port = 53;
	out->protocol = PROTO_UDP;
}

struct probe_spec *
plan_copy_spec(struct arena *a, const struct probe_spec *from)
{
	struct probe_spec *s = arena_alloc(a, sizeof *s);

	*s = *from;
	s->key = arena_strdup(a, from->key);
	s->type = arena_strdup(a, from->type);
	s->host = arena_strdup(a, from->host);
	s->address = arena_strdup(a, from->address);
	s->alpn = arena_strdup(a, from->alpn);
	s->tls_max = arena_strdup(a, from->tls_max);
	s->issuer = arena_strdup(a, from->issuer);
	s->path = arena_strdup(a, from->path);
	s->expect = arena_strdup(a, from->expect);
	s->want = arena_strdup(a, from->want);
	return s;
}

/* The gateway's own silence needs no search; nor does the message about a
 * packet to nobody, which was no ping. */
bool
plan_locates(const struct probe_type *type, const struct probe_spec *spec)
{
	return type->locates && (spec->host != NULL || spec->address != NULL) &&
	    (plan_carrier(type, spec) != PROTO_ICMP || spec->want == NULL);
}

enum protocol
plan_carrier(const struct probe_type *type, const struct probe_spec *spec)
{
	return spec->protocol == PROTO_TCP || spec->protocol == PROTO_UDP ?
	    spec->protocol :
	    type->carrier;
}

static struct plan_item *
find_item(struct plan *plan, const char *key)
{
	size_t i;

	for (i = 0; i < plan->count; i++) {
		if (strcmp(plan->item[i].spec->key, key) == 0)
			return &plan->item[i];
	}
	return NULL;
}

/* A need's specs are added one after the other, so its id stands last. */
static bool
ends_with(const char *needs, const char *id)
{
	size_t all = strlen(needs), len = strlen(id);

	if (all < len || strcmp(needs + all - len, id) != 0)
		return false;
	return all == len || needs[all - len - 1] == ' ';
}

static struct plan_bound
bound_of(const struct probe_type *type, bool is_name)
{
	unsigned n = is_name ? 2 * RUN_ADDRESSES : 1;

	return (struct plan_bound){n, n * type->flows, n * type->packets,
	    n * type->bytes};
}

static struct plan_item *
add_item(struct arena *a, struct plan *plan, const struct probe_type *type,
    const struct probe_spec *spec)
{
	struct plan_item *item = arena_push(a, plan->item, plan->count);

	*item = (struct plan_item){.spec = plan_copy_spec(a, spec),
	    .needs = arena_strdup(a, ""),
	    .most = bound_of(type, plan_resolves(spec) && !type->one_address),
	    .longest_ms = type->longest_ms,
	    .background = type->background};
	plan->flows += item->most.flows;
	plan->packets += item->most.packets;
	plan->bytes += item->most.bytes;
	plan->nbackground += item->background;
	if (item->background && item->longest_ms > plan->background_ms)
		plan->background_ms = item->longest_ms;
	if (!item->background && item->longest_ms > plan->slowest_probe_ms)
		plan->slowest_probe_ms = item->longest_ms;
	return item;
}

static void
add_spec(struct arena *a, struct plan *plan, const struct need *n,
    const struct probe_spec *spec)
{
	const struct probe_type *type = probe_type_find(spec->type);
	struct plan_item *item = find_item(plan, spec->key);

	if (type == NULL)
		return;
	if (item == NULL)
		item = add_item(a, plan, type, spec);
	item->outbound = item->outbound || n->direction == DIR_OUTBOUND;
	if (item->needs[0] == '\0')
		item->needs = arena_strdup(a, n->id);
	else if (!ends_with(item->needs, n->id))
		item->needs = arena_printf(a, "%s, %s", item->needs, n->id);
}

/* A name that only a control needs is resolved for it alone. */
static void
add_controls(struct arena *a, struct plan *plan, const struct record *r,
    const char *only)
{
	size_t i, n;
	struct control *c = controls_make(a, r, only, NULL, &n);

	for (i = 0; i < n; i++) {
		const struct probe_type *type = probe_type_find(c[i].spec.type);

		if (type == NULL)
			continue;
		if (plan_resolves(&c[i].spec)) {
			struct probe_spec *dns = arena_alloc(a, sizeof *dns);

			plan_dns_spec(a, c[i].spec.host, dns);
			if (find_item(plan, dns->key) == NULL)
				add_item(a, plan, probe_type_find("dns"), dns)
				    ->control = c[i].purpose;
		}
		add_item(a, plan, type, &c[i].spec)->control = c[i].purpose;
	}
}

static void
add_need(struct arena *a, struct plan *plan, const struct need *n)
{
	size_t i;

	for (i = 0; i < n->nspecs; i++) {
		if (plan_resolves(&n->specs[i])) {
			struct probe_spec *dns = arena_alloc(a, sizeof *dns);

			plan_dns_spec(a, n->specs[i].host, dns);
			add_spec(a, plan, n, dns);
		}
		add_spec(a, plan, n, &n->specs[i]);
	}
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
add_search(struct arena *a, struct plan *plan, const struct probe_spec *spec,
    enum protocol protocol, uint16_t port)
{
	const char *host = plan_resolves(spec) ? spec->host : NULL;
	const char *address = host == NULL ? spec->address : NULL;
	struct plan_bound more;
	struct plan_search *s;
	struct plan_bound own;
	size_t i;

	for (i = 0; i < plan->nsearches; i++) {
		s = &plan->search[i];
		if (s->port == port && s->protocol == protocol &&
		    same_text(s->host, host) && same_text(s->address, address))
			return;
	}
	s = arena_push(a, plan->search, plan->nsearches);
	*s = (struct plan_search){"locate", host, address, port, protocol,
	    bound_of(probe_type_find("locate"), host != NULL)};
	more = bound_of(probe_type_find("distance"), host != NULL);
	if (protocol != PROTO_ICMP) {
		s->most.flows += more.flows;
		s->most.packets += more.packets;
		s->most.bytes += more.bytes;
	}
	own = bound_of(probe_type_find("own_firewall"), host != NULL);
	if (protocol == PROTO_TCP) {
		s->most.flows += own.flows;
		s->most.packets += own.packets;
		s->most.bytes += own.bytes;
	}
	plan->searches.addresses += s->most.addresses;
	plan->searches.flows += s->most.flows;
	plan->searches.packets += s->most.packets;
	plan->searches.bytes += s->most.bytes;
}

static bool
asks_names(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->count; i++) {
		if (strcmp(plan->item[i].spec->type, "dns") == 0)
			return true;
	}
	return false;
}

/* For a few names, if the site's DNS server does not give them. */
static void
add_owners(struct arena *a, struct plan *plan)
{
	struct plan_bound one = bound_of(probe_type_find("dns_owner"), false);
	struct plan_search *s;

	if (!asks_names(plan))
		return;
	s = arena_push(a, plan->search, plan->nsearches);
	*s = (struct plan_search){"dns_owner", NULL, NULL, 53, PROTO_UDP,
	    {1, RUN_OWNERS * one.flows, RUN_OWNERS * one.packets,
		RUN_OWNERS * one.bytes}};
}

/* As the runner does after a failure: a walk, and a comparison. */
static void
add_searches(struct arena *a, struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->count; i++) {
		const struct probe_spec *spec = plan->item[i].spec;
		const struct probe_type *type = probe_type_find(spec->type);
		enum protocol proto = plan_carrier(type, spec);

		if (!plan->item[i].outbound || !plan_locates(type, spec))
			continue;
		add_search(a, plan, spec, proto, spec->port);
	}
}

struct plan *
plan_make(struct arena *a, const struct record *r, const char *only,
    enum pace_mode mode)
{
	struct plan *plan = arena_alloc(a, sizeof *plan);
	unsigned rate = mode == PACE_FAST ? RUN_FAST_FLOWS : RUN_POLITE_FLOWS;
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		if (plan_selects(&r->needs[i], only))
			add_need(a, plan, &r->needs[i]);
	}
	add_controls(a, plan, r, only);
	if (probe_type_find("locate") != NULL)
		add_searches(a, plan);
	if (probe_type_find("dns_owner") != NULL)
		add_owners(a, plan);
	/* At best each probe opens one flow, and the last is answered. */
	plan->shortest_ms = (unsigned)(plan->count - plan->nbackground) * 1000 /
		rate +
	    500;
	plan->longest_ms = plan->flows * 1000 / rate +
	    2 * plan->slowest_probe_ms;
	return plan;
}
