/* SPDX-License-Identifier: MIT */
/* The runner: tasks wait for the names they need, start when the pace has
 * room, and a failure brings a search for what blocks. */
#include "core/run/run.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/net/vantage.h"
#include "core/probe/probe.h"
#include "core/run/plan.h"

#define QUEUE_DEPTH 4 /* tickets that wait while more tasks start */
#define QUEUE_DEPTH_FAST 256
#define GROUP 4 /* packets on the way that share a control */
#define GROUP_FAST 32
#define SPACING_MS 50   /* between flows to one destination */
#define MAX_ADDRESSES 2 /* of one name that are contacted */
#define TICK_MS 15
#define WATCH_MS 2000 /* how often the network is looked at */

struct run_task {
	struct task pub;
	const struct probe_type *type;
	struct addr to;
	struct probe *probe;
	struct run *run;
	size_t index;
	size_t waits_for; /* task index + 1; 0 = nothing */
	bool outbound;    /* leaves the site: can be located */
	bool expands;     /* a host: one task per address */
};

struct run {
	struct run_setup setup;
	struct arena *arena;
	struct probe_env env;
	struct run_task **task;
	size_t ntasks;
	size_t next_start; /* no startable task before it */
	struct event *tick;
	struct event *watch;
	struct event *end;
	int64_t start_us;
	int64_t end_us;
	bool cancelled;
	bool network_changed;
	bool finished;
};

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

static void
arm_tick(struct run *run, int ms)
{
	struct timeval tv = {0, ms * 1000};

	if (!evtimer_pending(run->tick, NULL))
		evtimer_add(run->tick, &tv);
}

static void
check_end(struct run *run)
{
	struct timeval now = {0, 0};
	size_t i;

	if (run->finished)
		return;
	for (i = 0; i < run->ntasks; i++) {
		if (run->task[i]->pub.state != TASK_DONE)
			return;
	}
	run->finished = true;
	run->end_us = clock_mono_us();
	event_del(run->tick);
	event_del(run->watch);
	evtimer_add(run->end, &now);
}

static void
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
	if (to != NULL)
		t->to = *to;
	t->pub.title = task_title(run->arena, type, spec, to);
	t->index = run->ntasks;
	*arena_push(run->arena, run->task, run->ntasks) = t;
	if (t->index < run->next_start)
		run->next_start = t->index;
	arm_tick(run, 0);
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

/* Needs are rebuilt while a run goes on, so the run keeps its own copy. */
static struct probe_spec *
copy_spec(struct arena *a, const struct probe_spec *from)
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
		spec = copy_spec(run->arena, asked);
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

/* One task per address that the name led to; the first takes the place of
 * the task that waited. */
static void
expand(struct run *run, struct run_task *t)
{
	const struct observation *dns;
	const json_t *list;
	struct addr to;
	struct ip ip;
	size_t i, n = 0;
	bool any4 = false;

	dns = run->task[t->waits_for - 1]->pub.result;
	t->waits_for = 0;
	list = dns == NULL ? NULL : json_object_get(dns->detail, "addresses");
	for (i = 0; i < json_array_size(list) && n < MAX_ADDRESSES; i++) {
		const char *s = json_string_value(json_array_get(list, i));

		/* Nobody's address, or this laptop's own: a block list. */
		if (!ip_parse(s, &ip) || ip_is_nowhere(&ip) ||
		    !addr_parse(&to, s, t->pub.spec->port))
			continue;
		if (to.sa.sa_family == AF_INET)
			any4 = true;
		else if (any4 || !run->setup.record->vantage.has_ipv6)
			continue;
		if (n++ == 0) {
			t->to = to;
			t->pub.title = task_title(run->arena, t->type,
			    t->pub.spec, &to);
		} else {
			struct run_task *more = add_task(run, t->pub.spec, &to,
			    t->pub.need);

			more->outbound = t->outbound;
		}
	}
	if (n == 0)
		task_done(t);
}

static void
locate_port(struct run *run, const struct run_task *t, enum protocol proto,
    uint16_t port)
{
	struct probe_spec *s;
	struct run_task *found;
	struct addr to = t->to;
	char text[ADDR_TEXT_SIZE], *key;

	addr_text(&to, text);
	key = arena_printf(run->arena,
	    to.sa.sa_family == AF_INET6 ? "locate %s [%s]:%u" :
					  "locate %s %s:%u",
	    word_name(&words_protocol, proto), text, port);
	if (find_task(run, key) != NULL)
		return;
	s = arena_alloc(run->arena, sizeof *s);
	s->key = key;
	s->type = arena_strdup(run->arena, "locate");
	s->address = arena_strdup(run->arena, text);
	s->port = port;
	s->protocol = proto;
	addr_set_port(&to, port);
	found = add_task(run, s, &to, t->pub.need);
	found->pub.follow_up = true;
}

/* Looks for what blocks a flow; for a reset, also how far another port of
 * the same host is away. */
static void
locate(struct run *run, const struct run_task *t, bool distance)
{
	enum protocol proto = t->pub.spec->protocol;

	if (!t->outbound || !t->type->locates || t->to.len == 0 ||
	    run->cancelled)
		return;
	if (proto != PROTO_TCP && proto != PROTO_UDP)
		proto = t->type->carrier;
	locate_port(run, t, proto, t->pub.spec->port);
	if (distance)
		locate_port(run, t, PROTO_TCP,
		    t->pub.spec->port == 443 && proto == PROTO_TCP ? 80 : 443);
}

/* What was accepted out there serves as a control for silence elsewhere. */
static void
keep_control(struct run *run, const struct run_task *t,
    const struct observation *o)
{
	if (t->outbound && o->protocol == PROTO_TCP && t->to.len != 0 &&
	    o->rung <= RUNG_TRANSPORT && o->failure == CAUSE_NONE &&
	    strcmp(o->probe, "locate") != 0 && strcmp(o->probe, "path") != 0)
		run->env.control[t->to.sa.sa_family == AF_INET6] = t->to;
}

static void
on_probe_slow(struct probe *p, void *arg)
{
	struct run_task *t = arg;

	(void)p;
	locate(t->run, t, false);
}

static void
on_probe_done(struct probe *p, void *arg)
{
	struct run_task *t = arg;
	struct run *run = t->run;
	const struct observation *o;

	if (run->network_changed && p->obs.failure == CAUSE_CANCELLED)
		p->obs.failure = CAUSE_NETWORK_CHANGED;
	p->obs.id = arena_printf(p->arena, "o%zu",
	    run->setup.record->nobservations + 1);
	o = record_add_observation(run->setup.record, &p->obs);
	t->pub.result = o;
	if (run->setup.observed != NULL)
		run->setup.observed(run->setup.arg, o);
	keep_control(run, t, o);
	if (o->rung == RUNG_SILENCE || o->failure == CAUSE_TLS_UNTRUSTED)
		locate(run, t, false);
	else if (o->rung == RUNG_REJECTED && o->offender == NULL)
		locate(run, t, true);
	probe_free(t->probe);
	t->probe = NULL;
	task_done(t);
	run->next_start = 0;
	arm_tick(run, 0);
	check_end(run);
}

static void
start_task(struct run *run, struct run_task *t)
{
	t->pub.state = TASK_RUNNING;
	t->pub.started_us = clock_mono_us();
	if (run->setup.started != NULL)
		run->setup.started(run->setup.arg, t->pub.spec);
	t->probe = probe_new(t->type, &run->env, t->pub.spec, &t->to,
	    on_probe_done, on_probe_slow, t);
	probe_start(t->probe);
	if (run->setup.changed != NULL)
		run->setup.changed(run->setup.arg, t->index);
}

static bool
has_room(const struct run *run, const struct probe_type *type)
{
	size_t i;
	unsigned n = 0;

	for (i = 0; type->at_once != 0 && i < run->ntasks; i++)
		n += run->task[i]->type == type &&
		    run->task[i]->pub.state == TASK_RUNNING;
	return type->at_once == 0 || n < type->at_once;
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct run *run = arg;
	size_t i,
	    depth = run->setup.pace == PACE_FAST ? QUEUE_DEPTH_FAST :
						   QUEUE_DEPTH;
	bool all = true;

	(void)fd;
	(void)what;
	if (run->finished)
		return;
	for (i = run->next_start; i < run->ntasks; i++) {
		struct run_task *t = run->task[i];

		if (t->pub.state != TASK_WAITING)
			continue;
		if (t->waits_for != 0) {
			if (run->task[t->waits_for - 1]->pub.state !=
			    TASK_DONE) {
				all = false;
				continue;
			}
			expand(run, t);
			if (t->pub.state == TASK_DONE)
				continue;
		}
		if (pace_waiting(run->env.pace) >= depth) {
			all = false;
			break;
		}
		if (has_room(run, t->type))
			start_task(run, t);
		else
			all = false;
	}
	if (!all)
		arm_tick(run, TICK_MS);
	check_end(run);
}

static void
stop_all(struct run *run)
{
	size_t i;

	run->cancelled = true;
	for (i = 0; i < run->ntasks; i++) {
		struct run_task *t = run->task[i];

		if (t->pub.state == TASK_WAITING)
			task_done(t);
		else if (t->pub.state == TASK_RUNNING)
			probe_cancel(t->probe);
	}
	check_end(run);
}

/* What was measured in one network says nothing about another. */
static void
on_watch(evutil_socket_t fd, short what, void *arg)
{
	struct run *run = arg;
	struct vantage now;
	struct arena *a = arena_new();
	struct timeval tv = {WATCH_MS / 1000, 0};

	(void)fd;
	(void)what;
	if (vantage_read(run->setup.interface, a, &now, NULL) != 0 ||
	    !vantage_same(&run->setup.record->vantage, &now)) {
		run->network_changed = true;
		stop_all(run);
	} else {
		evtimer_add(run->watch, &tv);
	}
	arena_free(a);
}

static void
on_end(evutil_socket_t fd, short what, void *arg)
{
	struct run *run = arg;
	struct record *r = run->setup.record;

	(void)fd;
	(void)what;
	r->ended_us = clock_wall_us();
	r->complete = !run->cancelled;
	if (run->network_changed)
		strlist_add(r->arena, &r->vantage.warnings,
		    _("The network "
		      "changed during the run, so the run was stopped; run it "
		      "again."));
	run->setup.done(run->setup.arg, r->complete);
}

/* Packets that expire on the way go out slowly, so they begin first. */
static void
add_needs(struct run *run, bool expiring)
{
	const struct record *r = run->setup.record;
	size_t i, k;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!plan_selects(n, run->setup.only))
			continue;
		for (k = 0; k < n->nspecs; k++) {
			if ((strcmp(n->specs[k].type, "path") == 0) == expiring)
				add_spec_tasks(run, n, &n->specs[k]);
		}
	}
}

struct run *
run_start(const struct run_setup *setup)
{
	struct arena *a = arena_new();
	struct run *run = arena_alloc(a, sizeof *run);
	struct timeval tv = {WATCH_MS / 1000, 0};
	bool fast = setup->pace == PACE_FAST;

	run->arena = a;
	run->setup = *setup;
	run->start_us = clock_mono_us();
	run->env.base = setup->base;
	run->env.pace = pace_new(setup->base,
	    fast ? RUN_FAST_FLOWS : RUN_POLITE_FLOWS, fast ? 0 : SPACING_MS);
	run->env.hops = hops_new(setup->base, fast ? GROUP_FAST : GROUP);
	run->env.trust = setup->trust;
	run->env.vantage = &setup->record->vantage;
	run->env.interface = setup->interface;
	run->tick = evtimer_new(setup->base, on_tick, run);
	run->watch = evtimer_new(setup->base, on_watch, run);
	run->end = evtimer_new(setup->base, on_end, run);
	setup->record->started_us = clock_wall_us();
	setup->record->ended_us = 0;
	setup->record->complete = false;
	add_needs(run, true);
	add_needs(run, false);
	evtimer_add(run->watch, &tv);
	arm_tick(run, 0);
	return run;
}

void
run_cancel(struct run *run)
{
	if (!run->finished)
		stop_all(run);
}

void
run_free(struct run *run)
{
	size_t i;

	if (run == NULL)
		return;
	for (i = 0; i < run->ntasks; i++)
		probe_free(run->task[i]->probe);
	event_free(run->tick);
	event_free(run->watch);
	event_free(run->end);
	pace_free(run->env.pace);
	hops_free(run->env.hops);
	arena_free(run->arena);
}

size_t
run_task_count(const struct run *run)
{
	return run->ntasks;
}

const struct task *
run_task(const struct run *run, size_t index)
{
	return &run->task[index]->pub;
}

void
run_totals(const struct run *run, struct run_totals *out)
{
	size_t i;

	memset(out, 0, sizeof *out);
	for (i = 0; i < run->ntasks; i++) {
		const struct task *t = &run->task[i]->pub;

		out->waiting += t->state == TASK_WAITING;
		out->running += t->state == TASK_RUNNING;
		out->done += t->state == TASK_DONE;
		if (t->result == NULL || t->follow_up)
			continue;
		if (t->result->failure == CAUSE_NONE)
			out->good++;
		else
			out->bad++;
	}
	out->flows = (size_t)pace_flows(run->env.pace);
	out->elapsed_us = (run->finished ? run->end_us : clock_mono_us()) -
	    run->start_us;
}
