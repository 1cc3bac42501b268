/* SPDX-License-Identifier: MIT */
/* The tasks of a run: what needs ask for, each once; one task for each
 * address of a name; the search for what blocks after a failure. */
#include "core/run/tasks.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/run/controls.h"
#include "core/net/own_rules.h"
#include "core/run/plan.h"
#include "core/run/retry.h"

static struct run_task *
find_task(const struct run *run, const char *key)
{
	size_t i;

	for (i = 0; i < run->ntasks; i++) {
		if (strcmp(run->task[i]->pub.spec->key, key) == 0)
			return run->task[i];
	}
	return NULL;
}

void
task_done(struct run_task *t)
{
	t->pub.state = TASK_DONE;
	if (t->run->setup.changed != NULL)
		t->run->setup.changed(t->run->setup.arg, t->index);
}

static char *
task_title(struct arena *a, const struct probe_type *type,
    const struct probe_spec *spec, const struct addr *to)
{
	char text[ADDR_TEXT_SIZE];
	const char *name = spec->host != NULL ? spec->host : spec->address;

	/* A question for a name that goes to a server of its own. */
	if (spec->address != NULL && spec->host != NULL)
		return arena_printf(a, "%s %s, %s", _(type->label),
		    spec->address, spec->host);
	if (to != NULL && spec->address == NULL && spec->host != NULL &&
	    spec->port == 0)
		return arena_printf(a, "%s %s (%s)", _(type->label), name,
		    addr_text(to, text));
	if (to != NULL && spec->address == NULL && spec->host != NULL)
		return arena_printf(a, "%s %s:%u (%s)", _(type->label), name,
		    spec->port, addr_text(to, text));
	if (name == NULL)
		return arena_strdup(a, _(type->label));
	if (spec->port == 0 || strcmp(type->name, "dns") == 0)
		return arena_printf(a, "%s %s", _(type->label), name);
	return arena_printf(a, "%s %s:%u", _(type->label), name, spec->port);
}

static struct run_task *
add_task(struct run *run, const struct probe_spec *spec, const struct addr *to,
    const char *need)
{
	const struct probe_type *type = probe_type_find(spec->type);
	struct run_task *t = arena_alloc(run->arena, sizeof *t);

	t->run = run;
	t->type = type;
	t->pub.spec = spec;
	t->pub.need = need;
	t->pub.background = type->background;
	if (to != NULL)
		t->to = *to;
	t->pub.title = task_title(run->arena, type, spec, to);
	t->index = run->ntasks;
	*arena_push(run->arena, run->task, run->ntasks) = t;
	if (t->index < run->next_start)
		run->next_start = t->index;
	run_wake(run);
	return t;
}

/* The literal address of a spec, or the gateway for a spec without any. */
static bool
spec_address(const struct run *run, const struct probe_spec *spec,
    struct addr *to)
{
	const char *s = spec->address;

	if (s == NULL && spec->host == NULL)
		s = run->setup.record->vantage.gateway;
	return s != NULL && addr_parse(to, s, spec->port);
}

/* The task that resolves a host; added when it is the first to ask. */
static size_t
name_task(struct run *run, const char *host, const char *need)
{
	struct probe_spec *d = arena_alloc(run->arena, sizeof *d);
	struct run_task *t;

	plan_dns_spec(run->arena, host, d);
	t = find_task(run, d->key);
	if (t == NULL)
		t = add_task(run, d, NULL, need);
	else if (t->pub.need == NULL)
		t->pub.need = need;
	return t->index;
}

static void
add_spec_tasks(struct run *run, const struct need *n,
    const struct probe_spec *asked)
{
	struct run_task *t = find_task(run, asked->key);
	struct probe_spec *spec;
	const char *id = arena_strdup(run->arena, n->id);
	size_t dep = 0;

	if (probe_type_find(asked->type) == NULL)
		return;
	if (t == NULL) {
		spec = plan_copy_spec(run->arena, asked);
		if (plan_resolves(spec))
			dep = name_task(run, spec->host, id) + 1;
		t = add_task(run, spec, NULL, id);
		t->waits_for = dep;
		if (t->type->needs_address && dep == 0 &&
		    !spec_address(run, spec, &t->to))
			t->pub.state = TASK_DONE;
	}
	t->outbound = t->outbound || n->direction == DIR_OUTBOUND;
}

bool
run_selects(const struct run *run, const struct need *n)
{
	const struct strlist *needs = run->setup.retry ? &run->needs :
							 run->setup.needs;

	return plan_selects(n, run->setup.only) &&
	    (needs == NULL || strlist_has(needs, n->id));
}

/* What a need asks for. */
struct asked {
	const struct need *need;
	const struct probe_spec *spec;
};

static struct asked *
collect(const struct run *run, struct arena *a, size_t *count)
{
	const struct record *r = run->setup.record;
	struct asked *list = NULL;
	size_t i, k;

	*count = 0;
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!run_selects(run, n))
			continue;
		for (k = 0; k < n->nspecs; k++) {
			if (retry_wants(run, n, &n->specs[k]))
				*arena_push(a, list, *count) = (struct asked){n,
				    &n->specs[k]};
		}
	}
	return list;
}

/* The next number of a seed (splitmix64); the same ones everywhere. */
static uint64_t
next_number(uint64_t *seed)
{
	uint64_t x = *seed += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* Fisher and Yates. */
static void
shuffle(struct asked *list, size_t count, uint64_t seed)
{
	struct asked kept;
	size_t i, other;

	for (i = count; i > 1; i--) {
		other = (size_t)(next_number(&seed) % i);
		kept = list[i - 1];
		list[i - 1] = list[other];
		list[other] = kept;
	}
}

/* Where nothing leads out, nobody out there can be asked. */
static bool
is_way_out(const struct run *run, const struct probe_spec *s)
{
	return strcmp(s->type, "canary") != 0 || s->address == NULL ||
	    run->setup.record->vantage.gateway != NULL;
}

static bool
needs_controls(const struct run *run)
{
	const struct record *r = run->setup.record;
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		if (run_selects(run, &r->needs[i]) &&
		    controls_serve(&r->needs[i]))
			return true;
	}
	return false;
}

static void
add_controls(struct run *run)
{
	struct control *c;
	struct run_task *t;
	size_t i, n, dep;

	if (!needs_controls(run))
		return;
	/* A part that is put in its place among the rest is held against the
	 * same as the rest. */
	c = controls_make(run->arena, run->setup.record, run->setup.only,
	    run->setup.retry ? NULL : run->setup.needs, &n);
	for (i = 0; i < n; i++) {
		if (probe_type_find(c[i].spec.type) == NULL ||
		    !is_way_out(run, &c[i].spec))
			continue;
		dep = plan_resolves(&c[i].spec) ?
		    name_task(run, c[i].spec.host, NULL) + 1 :
		    0;
		t = add_task(run, &c[i].spec, NULL, NULL);
		t->waits_for = dep;
		if (dep == 0 && !spec_address(run, &c[i].spec, &t->to))
			t->pub.state = TASK_DONE;
	}
}

/* What is compared with comes first. Packets that expire on the way go out
 * slowly, so they are next, unless another order is wanted: then nothing else
 * has its place. */
void
tasks_add_needs(struct run *run)
{
	struct arena *a = arena_new();
	struct asked *list;
	size_t i, count;
	int pass;

	add_controls(run);
	list = collect(run, a, &count);
	if (run->setup.order != 0)
		shuffle(list, count, run->setup.order);
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < count; i++) {
			bool expires = strcmp(list[i].spec->type, "path") == 0;

			if (run->setup.order != 0 ? pass == 0 :
						    expires == (pass == 0))
				add_spec_tasks(run, list[i].need, list[i].spec);
		}
	}
	arena_free(a);
}

/* Nobody's address, or this laptop's own (a block list's), is not contacted,
 * and IPv6 only where this network has it. */
static bool
is_contacted(const struct run *run, const char *address, uint16_t port,
    struct addr *to)
{
	struct ip ip;

	if (!ip_parse(address, &ip) || ip_is_nowhere(&ip) ||
	    !addr_parse(to, address, port))
		return false;
	return to->sa.sa_family != AF_INET6 ||
	    run->setup.record->vantage.has_ipv6;
}

void
tasks_expand(struct run *run, struct run_task *t)
{
	const struct observation *dns;
	const json_t *list;
	struct addr to;
	size_t i, all = 0, n[2] = {0, 0};

	dns = run->task[t->waits_for - 1]->pub.result;
	t->waits_for = 0;
	list = dns == NULL ? NULL : json_object_get(dns->detail, "addresses");
	for (i = 0; i < json_array_size(list); i++) {
		if (!is_contacted(run,
			json_string_value(json_array_get(list, i)),
			t->pub.spec->port, &to) ||
		    n[to.sa.sa_family == AF_INET6]++ >= RUN_ADDRESSES)
			continue;
		if (all++ == 0) {
			t->to = to;
			t->pub.title = task_title(run->arena, t->type,
			    t->pub.spec, &to);
			if (t->type->one_address)
				break;
		} else {
			struct run_task *more = add_task(run, t->pub.spec, &to,
			    t->pub.need);

			more->outbound = t->outbound;
		}
	}
	if (all == 0)
		task_done(t);
}

bool
tasks_follow(struct run *run, const struct run_task *t, const char *type,
    enum protocol proto, const char *want)
{
	struct probe_spec *s;
	struct run_task *found;
	struct addr to = t->to;
	uint16_t port = t->pub.spec->port;
	char text[ADDR_TEXT_SIZE], *key;

	addr_text(&to, text);
	key = arena_printf(run->arena,
	    to.sa.sa_family == AF_INET6 ? "%s %s [%s]:%u" : "%s %s %s:%u", type,
	    word_name(&words_protocol, (int)proto), text, port);
	if (find_task(run, key) != NULL)
		return false;
	s = arena_alloc(run->arena, sizeof *s);
	s->key = key;
	s->type = arena_strdup(run->arena, type);
	s->address = arena_strdup(run->arena, text);
	s->port = port;
	s->protocol = proto;
	s->want = arena_strdup(run->arena, want);
	addr_set_port(&to, port);
	found = add_task(run, s, &to, t->pub.need);
	found->pub.follow_up = true;
	found->pub.background = t->pub.background;
	return true;
}

void
tasks_ask_owner(struct run *run, const struct run_task *t)
{
	const struct probe_type *type = probe_type_find("dns_owner");
	const char *host = t->pub.spec->host;
	struct probe_spec *s;
	char *key;
	size_t i, n = 0;

	for (i = 0; i < run->ntasks; i++)
		n += run->task[i]->type == type;
	if (type == NULL || n >= RUN_OWNERS || run->cancelled ||
	    run->concluding)
		return;
	key = arena_printf(run->arena, "dns_owner %s", host);
	if (find_task(run, key) != NULL)
		return;
	s = arena_alloc(run->arena, sizeof *s);
	plan_dns_spec(run->arena, host, s);
	s->key = key;
	s->type = arena_strdup(run->arena, type->name);
	add_task(run, s, NULL, t->pub.need)->pub.follow_up = true;
}

/* "ADDRESS PORT silence" or "... reset" of a flow that a rule of the laptop
 * would end in the same way; NULL: it did not end so. */
static char *
ended_like_own(const struct run *run, const struct run_task *t, bool silences)
{
	const struct observation *o = t->pub.result;
	struct addr to = t->to;
	char text[ADDR_TEXT_SIZE];
	bool reset;

	if (o == NULL || !t->outbound || !t->type->locates || to.len == 0 ||
	    plan_carrier(t->type, t->pub.spec) != PROTO_TCP)
		return NULL;
	reset = o->rung == RUNG_REJECTED && o->offender == NULL;
	if (!reset && (o->rung != RUNG_SILENCE || !silences))
		return NULL;
	return arena_printf(run->arena, "%s %u %s", addr_text(&to, text),
	    (unsigned)t->pub.spec->port, reset ? "reset" : "silence");
}

bool
tasks_look_inside(struct run *run)
{
	bool silences = own_retransmit_failures() > run->own_failures;
	struct strlist seen = {NULL, 0};
	struct probe_spec *s;
	struct run_task *t;
	char *flow, *want = NULL;
	size_t i;

	if (run->looked_inside || run->cancelled ||
	    probe_type_find("own_firewall") == NULL)
		return false;
	run->looked_inside = true;
	for (i = 0; i < run->ntasks; i++) {
		flow = ended_like_own(run, run->task[i], silences);
		if (flow == NULL || strlist_has(&seen, flow))
			continue;
		strlist_add(run->arena, &seen, flow);
		want = want == NULL ?
		    flow :
		    arena_printf(run->arena, "%s, %s", want, flow);
	}
	if (want == NULL)
		return false;
	s = arena_alloc(run->arena, sizeof *s);
	s->key = arena_strdup(run->arena, "own_firewall");
	s->type = s->key;
	s->protocol = PROTO_TCP;
	s->want = want;
	t = add_task(run, s, NULL, NULL);
	t->pub.follow_up = true;
	return true;
}

void
tasks_locate(struct run *run, const struct run_task *t, enum search search)
{
	enum protocol proto = plan_carrier(t->type, t->pub.spec);

	if (!t->outbound || !plan_locates(t->type, t->pub.spec) ||
	    t->to.len == 0 || run->cancelled || run->concluding || t->cancelled)
		return;
	tasks_follow(run, t, "locate", proto,
	    search == SEARCH_NEAR ? "near" : NULL);
}
