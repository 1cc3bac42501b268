/* SPDX-License-Identifier: MIT */
/* Owns what is measured again with what was asked for, and which older
 * observations a new one takes the place of. */
#include "core/run/retry.h"

#include <string.h>

#include "core/base/ip.h"
#include "core/run/controls.h"
#include "core/run/plan.h"

#define WITNESSES 2

static bool
same_text(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* --- which needs --- */

/* Causes that speak of the site or the laptop as a whole: they are read off
 * controls, or off many observations together. */
static bool
is_of_all(const struct need *n)
{
	static const enum cause causes[] = {
	    CAUSE_PROXY_ONLY,
	    CAUSE_CAPTIVE_PORTAL,
	    CAUSE_TLS_INTERCEPTED,
	    CAUSE_CLOCK_SKEW,
	    CAUSE_TLS_EXPIRED,
	    CAUSE_TLS_NOT_YET_VALID,
	};
	size_t i;

	for (i = 0; i < sizeof causes / sizeof *causes; i++) {
		if (n->cause == causes[i])
			return true;
	}
	return n->cause == CAUSE_ADMIN_PROHIBITED && n->zone == ZONE_LAPTOP;
}

static bool
shares_host(const struct need *a, const char *host)
{
	size_t i;

	for (i = 0; i < a->nspecs; i++) {
		if (same_text(a->specs[i].host, host))
			return true;
	}
	return false;
}

/* As shares_host(), of those that go there and not only ask for the name. */
static bool
goes_to(const struct need *n, const char *host)
{
	size_t i;

	for (i = 0; i < n->nspecs; i++) {
		if (same_text(n->specs[i].host, host) &&
		    plan_resolves(&n->specs[i]))
			return true;
	}
	return false;
}

static bool
is_name_lost(const struct record *r, const char *host)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (strcmp(o->probe, "dns") == 0 && same_text(o->host, host) &&
		    o->failure != CAUSE_NONE)
			return true;
	}
	return false;
}

/* Both wait for a name, and it was not found, or led nowhere. */
static bool
waits_with(const struct record *r, const struct need *chosen,
    const struct need *n)
{
	const char *host;
	size_t i;

	for (i = 0; i < chosen->nspecs; i++) {
		host = chosen->specs[i].host;
		if (host != NULL && shares_host(n, host) &&
		    (n->outcome == OUTCOME_BLOCKED_BY || is_name_lost(r, host)))
			return true;
	}
	return false;
}

/* It told the time, so the laptop's clock was judged by it. */
static bool
has_told_time(const struct record *r, const struct need *n)
{
	size_t i, k;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (json_object_get(o->detail, "date") == NULL &&
		    json_object_get(o->detail, "offset_us") == NULL)
			continue;
		for (k = 0; k < n->nspecs; k++) {
			if (observation_is_of(o, &n->specs[k]))
				return true;
		}
	}
	return false;
}

struct closure {
	struct run *run;
	bool goes_out; /* one of them does */
	bool portal;   /* the look for a sign-in page is among them */
	bool skewed;   /* the clock was found to be wrong */
};

static void
choose(struct closure *c, const struct need *n)
{
	strlist_add(c->run->arena, &c->run->needs, n->id);
	c->goes_out = c->goes_out || n->direction == DIR_OUTBOUND;
	c->portal = c->portal || strcmp(n->probe_type, "captive_portal") == 0;
}

static bool
joins(const struct closure *c, const struct need *n)
{
	const struct record *r = c->run->setup.record;
	size_t i;

	for (i = 0; i < c->run->needs.count; i++) {
		const struct need *chosen = record_need(r,
		    c->run->needs.item[i]);

		if (chosen != NULL &&
		    (strlist_has(&chosen->needs, n->id) ||
			waits_with(r, chosen, n)))
			return true;
	}
	if (!c->goes_out)
		return false;
	return is_of_all(n) ||
	    (!c->portal && strcmp(n->probe_type, "captive_portal") == 0) ||
	    (c->skewed && has_told_time(r, n));
}

/* One joins for another, so until nobody does any more. */
static void
gather(struct closure *c)
{
	const struct record *r = c->run->setup.record;
	size_t i, before;

	do {
		before = c->run->needs.count;
		for (i = 0; i < r->nneeds; i++) {
			const struct need *n = &r->needs[i];

			if (n->applies && !strlist_has(&c->run->needs, n->id) &&
			    joins(c, n))
				choose(c, n);
		}
	} while (c->run->needs.count > before);
}

/* One host that answered beyond doubt, and that none of the chosen is on. */
static bool
is_witness(const struct run *run, const struct need *n)
{
	const struct record *r = run->setup.record;
	const struct need *chosen;
	size_t i;

	if (!n->applies || n->outcome != OUTCOME_PASS ||
	    n->direction != DIR_OUTBOUND || n->rung > RUNG_TLS_EXPECTED ||
	    n->nspecs != 1 || n->specs[0].host == NULL ||
	    !plan_resolves(&n->specs[0]) ||
	    probe_type_find(n->specs[0].type)->background)
		return false;
	for (i = 0; i < run->needs.count; i++) {
		chosen = record_need(r, run->needs.item[i]);
		if (chosen != NULL && goes_to(chosen, n->specs[0].host))
			return false;
	}
	return true;
}

void
retry_select(struct run *run)
{
	const struct record *r = run->setup.record;
	struct closure c = {.run = run};
	size_t i, witnesses = 0;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		c.skewed = c.skewed || n->cause == CAUSE_CLOCK_SKEW;
		if (run->setup.needs == NULL ||
		    strlist_has(run->setup.needs, n->id))
			choose(&c, n);
	}
	gather(&c);
	for (i = 0; c.goes_out && i < r->nneeds && witnesses < WITNESSES; i++) {
		if (!is_witness(run, &r->needs[i]))
			continue;
		choose(&c, &r->needs[i]);
		witnesses++;
	}
}

bool
retry_wants(const struct run *run, const struct need *n,
    const struct probe_spec *spec)
{
	const struct probe_type *type = probe_type_find(spec->type);

	if (run->setup.under_way != NULL &&
	    strlist_has(run->setup.under_way, spec->key))
		return false;
	return !run->setup.retry || type == NULL || !type->background ||
	    run->setup.needs == NULL || strlist_has(run->setup.needs, n->id);
}

/* --- which observations make room --- */

/* Who took whose place. */
struct retry_pair {
	const char *older, *newer;
};

static bool
is_follow_up(const struct observation *o)
{
	return strcmp(o->probe, "locate") == 0 ||
	    strcmp(o->probe, "distance") == 0 ||
	    strcmp(o->probe, "dns_owner") == 0 ||
	    strcmp(o->probe, "own_firewall") == 0;
}

static bool
is_new(const struct run *run, const struct observation *o)
{
	return observation_number(o) >= run->first_number;
}

/* Its own task will tell, or has told, of that address. */
static bool
has_task(const struct run *run, const struct probe_spec *spec,
    const struct observation *o)
{
	char text[ADDR_TEXT_SIZE];
	size_t i;

	for (i = 0; i < run->ntasks; i++) {
		const struct run_task *t = run->task[i];

		if (strcmp(t->pub.spec->key, spec->key) == 0 &&
		    t->to.len != 0 &&
		    same_text(addr_text(&t->to, text), o->address))
			return true;
	}
	return false;
}

/* The same place; or another that the name led to, and leads to no more. */
static bool
is_same(const struct run *run, const struct run_task *t,
    const struct observation *o, const struct observation *newer)
{
	if (strcmp(o->key, newer->key) == 0)
		return true;
	return plan_resolves(t->pub.spec) && t->to.len != 0 &&
	    observation_is_of(o, t->pub.spec) && !has_task(run, t->pub.spec, o);
}

static bool
same_flow(const struct observation *a, const struct observation *b)
{
	return a->port == b->port && same_text(a->address, b->address);
}

/* A search that followed what is now measured anew, and nothing else that
 * still counts. */
static bool
is_search_for(const struct run *run, const struct run_task *t,
    const struct observation *o, const struct observation *newer)
{
	const struct record *r = run->setup.record;
	size_t i;

	if (!is_follow_up(o) || is_follow_up(newer))
		return false;
	if (strcmp(o->probe, "dns_owner") == 0)
		return strcmp(newer->probe, "dns") == 0 &&
		    same_text(o->host, newer->host);
	if (!same_flow(o, newer))
		return false;
	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (!is_new(run, x) && !is_follow_up(x) && same_flow(x, o) &&
		    !is_same(run, t, x, newer))
			return false;
	}
	return true;
}

/* The record's list may have moved, and the tasks point into it. */
static void
find_results(struct run *run)
{
	const struct record *r = run->setup.record;
	const struct observation *o;
	size_t i, k;

	for (i = 0; i < run->ntasks; i++) {
		struct run_task *t = run->task[i];

		if (t->result_id == NULL)
			continue;
		o = record_observation(r, t->result_id);
		for (k = 0; o == NULL && k < r->nearlier; k++) {
			if (strcmp(r->earlier[k].id, t->result_id) == 0)
				o = &r->earlier[k];
		}
		t->pub.result = o;
	}
}

static void
take_place(struct run *run, const char *older, const char *newer)
{
	*arena_push(run->arena, run->pair,
	    run->npairs) = (struct retry_pair){older, newer};
	if (run->setup.replaced != NULL)
		run->setup.replaced(run->setup.arg, older, newer);
}

static void
replace_older(struct run *run, const struct run_task *t,
    const struct observation *newer)
{
	struct record *r = run->setup.record;
	size_t i, first = run->npairs;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (is_new(run, o))
			continue;
		if (observation_is_void(newer)) {
			if (strcmp(o->key, newer->key) != 0)
				continue;
		} else if (!is_same(run, t, o, newer) &&
		    !is_search_for(run, t, o, newer)) {
			continue;
		}
		take_place(run, o->id, newer->id);
	}
	for (i = first; i < run->npairs; i++)
		record_replace(r, run->pair[i].older, run->pair[i].newer);
	if (run->npairs > first)
		find_results(run);
}

void
retry_replace(struct run *run, const struct run_task *t)
{
	const struct observation *newer = t->pub.result;

	if (t->pub.need != NULL || observation_is_void(newer))
		replace_older(run, t, newer);
}

static const struct observation *
newest_good(const struct run *run)
{
	const struct record *r = run->setup.record;
	size_t i;

	for (i = r->nobservations; i > 0; i--) {
		if (is_new(run, &r->observations[i - 1]) &&
		    !observation_is_void(&r->observations[i - 1]))
			return &r->observations[i - 1];
	}
	return NULL;
}

/* All that it spoke of has been measured again (is_of_all()). */
static void
clear_firewall(struct run *run)
{
	struct record *r = run->setup.record;
	const struct observation *newer = newest_good(run);
	const char *older = NULL;
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (strcmp(o->probe, "own_firewall") == 0) {
			if (is_new(run, o))
				return;
			older = o->id;
		}
	}
	for (i = 0; i < run->ntasks && !run->task[i]->outbound; i++)
		;
	if (older == NULL || newer == NULL || i == run->ntasks)
		return;
	take_place(run, older, newer->id);
	record_replace(r, older, newer->id);
	find_results(run);
}

void
retry_finish(struct run *run)
{
	size_t i;

	for (i = 0; i < run->ntasks; i++) {
		const struct run_task *t = run->task[i];

		if (t->pub.need == NULL && t->pub.result != NULL &&
		    !observation_is_void(t->pub.result))
			replace_older(run, t, t->pub.result);
	}
	clear_firewall(run);
}

void
retry_restore(struct run *run, const char *id)
{
	struct record *r = run->setup.record;
	size_t i;

	for (i = 0; i < run->npairs; i++) {
		if (strcmp(run->pair[i].newer, id) != 0)
			continue;
		record_restore(r, run->pair[i].older);
		record_replace(r, run->pair[i].older, id);
	}
	find_results(run);
}

/* --- is anything missing? --- */

static bool
is_told(const struct record *r, const struct probe_spec *spec)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (observation_is_of(o, spec))
			return !observation_is_void(o) ||
			    json_is_true(
				json_object_get(o->detail, "concluded"));
	}
	return false;
}

/* A name that leads nowhere leaves nothing to contact, and without a gateway
 * nobody can ask it. */
static bool
has_no_place(const struct record *r, const struct probe_spec *spec)
{
	const struct probe_type *type = probe_type_find(spec->type);
	struct probe_spec name;
	struct arena *a;
	bool told;

	if (type == NULL)
		return true;
	if (!plan_resolves(spec))
		return type->needs_address && spec->host == NULL &&
		    spec->address == NULL && r->vantage.gateway == NULL;
	a = arena_new();
	plan_dns_spec(a, spec->host, &name);
	told = is_told(r, &name);
	arena_free(a);
	return told;
}

bool
retry_is_whole(const struct run *run)
{
	const struct record *r = run->setup.record;
	size_t i, k;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		for (k = 0; n->applies && k < n->nspecs; k++) {
			if (!is_told(r, &n->specs[k]) &&
			    !has_no_place(r, &n->specs[k]))
				return false;
		}
	}
	return true;
}
