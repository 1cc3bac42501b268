/* SPDX-License-Identifier: MIT */
/* The plan: which probes a record's needs ask for, each once, and what they
 * would cost. Nothing is sent here. */
#include "core/run/plan.h"

#include <string.h>

#include "core/probe/probe.h"

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

static void
add_spec(struct arena *a, struct plan *plan, const struct need *n,
    const struct probe_spec *spec)
{
	const struct probe_type *type = probe_type_find(spec->type);
	struct plan_item *item = find_item(plan, spec->key);

	if (type == NULL)
		return;
	if (item != NULL) {
		if (!ends_with(item->needs, n->id))
			item->needs = arena_printf(a, "%s, %s", item->needs,
			    n->id);
		return;
	}
	item = arena_push(a, plan->item, plan->count);
	item->spec = spec;
	item->needs = arena_strdup(a, n->id);
	item->flows = type->flows;
	item->packets = type->packets;
	item->longest_ms = type->longest_ms;
	plan->flows += item->flows;
	plan->packets += item->packets;
	if (item->longest_ms > plan->slowest_probe_ms)
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
	/* At best each probe opens one flow, and the last is answered. */
	plan->shortest_ms = (unsigned)plan->count * 1000 / rate + 500;
	plan->longest_ms = plan->flows * 1000 / rate +
	    2 * plan->slowest_probe_ms;
	return plan;
}
