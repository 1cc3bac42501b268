/* SPDX-License-Identifier: MIT */
/* The plan: which probes a record's needs ask for, each once, and what they
 * would cost. Nothing is sent here. */
#include "core/run/plan.h"

#include <string.h>

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

uint16_t
plan_control_port(enum protocol proto, uint16_t port)
{
	return port == 443 && proto == PROTO_TCP ? 80 : 443;
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

static void
add_spec(struct arena *a, struct plan *plan, const struct need *n,
    const struct probe_spec *spec)
{
	const struct probe_type *type = probe_type_find(spec->type);
	struct plan_item *item = find_item(plan, spec->key);

	if (type == NULL)
		return;
	if (item != NULL) {
		item->outbound = item->outbound || n->direction == DIR_OUTBOUND;
		if (!ends_with(item->needs, n->id))
			item->needs = arena_printf(a, "%s, %s", item->needs,
			    n->id);
		return;
	}
	item = arena_push(a, plan->item, plan->count);
	*item = (struct plan_item){.spec = spec,
	    .needs = arena_strdup(a, n->id),
	    .most = bound_of(type, plan_resolves(spec)),
	    .longest_ms = type->longest_ms,
	    .outbound = n->direction == DIR_OUTBOUND,
	    .background = type->background};
	plan->flows += item->most.flows;
	plan->packets += item->most.packets;
	plan->bytes += item->most.bytes;
	plan->nbackground += item->background;
	if (item->background && item->longest_ms > plan->background_ms)
		plan->background_ms = item->longest_ms;
	if (!item->background && item->longest_ms > plan->slowest_probe_ms)
		plan->slowest_probe_ms = item->longest_ms;
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
	struct plan_search *s;
	size_t i;

	for (i = 0; i < plan->nsearches; i++) {
		s = &plan->search[i];
		if (s->port == port && s->protocol == protocol &&
		    same_text(s->host, host) && same_text(s->address, address))
			return;
	}
	s = arena_push(a, plan->search, plan->nsearches);
	*s = (struct plan_search){host, address, port, protocol,
	    bound_of(probe_type_find("locate"), host != NULL)};
	plan->searches.addresses += s->most.addresses;
	plan->searches.flows += s->most.flows;
	plan->searches.packets += s->most.packets;
	plan->searches.bytes += s->most.bytes;
}

/* As the runner does after a failure: the flow, and another port of the same
 * host to compare with. */
static void
add_searches(struct arena *a, struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->count; i++) {
		const struct probe_spec *spec = plan->item[i].spec;
		const struct probe_type *type = probe_type_find(spec->type);
		enum protocol proto = plan_carrier(type, spec);

		if (!plan->item[i].outbound || !type->locates ||
		    (spec->host == NULL && spec->address == NULL))
			continue;
		add_search(a, plan, spec, proto, spec->port);
		add_search(a, plan, spec, PROTO_TCP,
		    plan_control_port(proto, spec->port));
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
	if (probe_type_find("locate") != NULL)
		add_searches(a, plan);
	/* At best each probe opens one flow, and the last is answered. */
	plan->shortest_ms = (unsigned)(plan->count - plan->nbackground) * 1000 /
		rate +
	    500;
	plan->longest_ms = plan->flows * 1000 / rate +
	    2 * plan->slowest_probe_ms;
	return plan;
}
