/* SPDX-License-Identifier: MIT */
/* The runner: tasks wait for the names they need, start when the pace has
 * room, and a failure brings a search for what blocks. */
#include "core/run/run.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/net/netwatch.h"
#include "core/net/own_rules.h"
#include "core/net/vantage.h"
#include "core/run/plan.h"
#include "core/run/retry.h"
#include "core/run/tasks.h"

#define QUEUE_DEPTH 4 /* tickets that wait while more tasks start */
#define QUEUE_DEPTH_FAST 256
#define GROUP 4 /* packets on the way that share a control */
#define GROUP_FAST 32
#define SPACING_MS 50 /* between flows to one destination */
#define TICK_MS 15
#define WATCH_MS 2000 /* how often the network is looked at */
#define LATE_MS 3000  /* to conclude in, before it is cancelled */

static bool look(struct run *run);

static void
arm_tick(struct run *run, int ms)
{
	struct timeval tv = {0, ms * 1000};

	if (!evtimer_pending(run->tick, NULL))
		evtimer_add(run->tick, &tv);
}

void
run_wake(struct run *run)
{
	arm_tick(run, 0);
}

static size_t
count_open(const struct run *run, bool background)
{
	size_t i, n = 0;

	for (i = 0; i < run->ntasks; i++)
		n += run->task[i]->pub.state != TASK_DONE &&
		    run->task[i]->pub.background == background;
	return n;
}

/* Nobody waits any longer: what runs tells what it has seen so far, and what
 * has not begun never will. */
static void
conclude_background(struct run *run)
{
	struct timeval tv = {LATE_MS / 1000, LATE_MS % 1000 * 1000};
	size_t i;

	run->concluding = true;
	for (i = 0; i < run->ntasks; i++) {
		struct run_task *t = run->task[i];

		if (t->pub.state == TASK_WAITING)
			task_done(t);
		else if (t->pub.state == TASK_RUNNING)
			probe_conclude(t->probe);
	}
	evtimer_add(run->late, &tv);
}

static void
tell(struct event *e)
{
	struct timeval now = {0, 0};

	evtimer_add(e, &now);
}

static void
end_foreground(struct run *run)
{
	run->phase = RUN_BACKGROUND;
	run->end_us = clock_mono_us();
	if (run->setup.background == BACKGROUND_KEEP) {
		run->kept = count_open(run, true) > 0;
		run->told = true;
		tell(run->end);
	} else if (run->setup.background == BACKGROUND_CONCLUDE) {
		conclude_background(run);
	}
}

static void
check_end(struct run *run)
{
	if (run->phase == RUN_FOREGROUND && count_open(run, false) == 0) {
		if (!run->compared && !run->cancelled) {
			run->compared = true;
			if (tasks_compare(run))
				return;
		}
		if (!tasks_look_inside(run) && (run->cancelled || look(run))) {
			if (run->setup.retry && !run->cancelled &&
			    !run->left_out)
				retry_finish(run);
			end_foreground(run);
		}
	}
	if (run->phase != RUN_BACKGROUND || count_open(run, true) > 0 ||
	    count_open(run, false) > 0)
		return;
	if (!run->cancelled && !look(run))
		return;
	run->phase = RUN_ENDED;
	event_del(run->tick);
	event_del(run->watch);
	event_del(run->late);
	if (!run->told)
		tell(run->end);
	else if (run->kept)
		tell(run->settle);
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
	tasks_locate(t->run, t, SEARCH_FAR);
}

const struct observation *
run_take_result(struct run *run, struct run_task *t, struct probe *p)
{
	if (run->network_changed && p->obs.failure == CAUSE_CANCELLED)
		p->obs.failure = CAUSE_NETWORK_CHANGED;
	if (t->cancelled && !t->pub.background &&
	    p->obs.failure == CAUSE_CANCELLED)
		run->left_out = true;
	p->obs.id = record_next_id(run->setup.record, p->arena);
	t->pub.result = record_add_observation(run->setup.record, &p->obs);
	t->result_id = t->pub.result->id;
	t->ended_us = clock_mono_us();
	if (run->setup.retry)
		retry_replace(run, t);
	if (run->setup.observed != NULL)
		run->setup.observed(run->setup.arg, t->pub.result);
	return t->pub.result;
}

static void
on_probe_done(struct probe *p, void *arg)
{
	struct run_task *t = arg;
	struct run *run = t->run;
	const struct observation *o = run_take_result(run, t, p);

	keep_control(run, t, o);
	if (o->rung == RUNG_SILENCE || o->failure == CAUSE_TLS_UNTRUSTED ||
	    o->failure == CAUSE_HTTP_BLOCKPAGE ||
	    o->failure == CAUSE_SERVICE_SILENT)
		tasks_locate(run, t,
		    o->rung == RUNG_SILENCE ? SEARCH_FAR : SEARCH_NEAR);
	else if (o->rung == RUNG_REJECTED && o->offender == NULL)
		tasks_locate(run, t, SEARCH_FAR);
	if (o->failure == CAUSE_DNS_NXDOMAIN && strcmp(o->probe, "dns") == 0)
		tasks_ask_owner(run, t);
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
	if (run->phase == RUN_ENDED)
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
			tasks_expand(run, t);
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
stop_tasks(struct run *run)
{
	size_t i;

	for (i = 0; i < run->ntasks; i++) {
		struct run_task *t = run->task[i];

		if (t->pub.state == TASK_WAITING)
			task_done(t);
		else if (t->pub.state == TASK_RUNNING)
			probe_cancel(t->probe);
	}
	check_end(run);
}

static void
stop_all(struct run *run)
{
	run->cancelled = true;
	stop_tasks(run);
}

/* What ended after the last look that was good may belong to either network,
 * so it is no fact of the first. */
static void
withdraw_result(struct run *run, struct run_task *t)
{
	struct record *r = run->setup.record;
	const char *id = t->result_id;
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		struct observation *o = &r->observations[i];

		if (strcmp(o->id, id) != 0)
			continue;
		observation_withdraw(o);
		t->pub.result = o;
		if (run->setup.observed != NULL)
			run->setup.observed(run->setup.arg, o);
		retry_restore(run, id);
		return;
	}
}

static void
withdraw(struct run *run)
{
	size_t i;

	for (i = 0; i < run->ntasks; i++) {
		struct run_task *t = run->task[i];

		if (t->pub.result != NULL && t->ended_us > run->good_us)
			withdraw_result(run, t);
	}
}

static void
network_changed(struct run *run)
{
	if (run->network_changed || run->phase == RUN_ENDED)
		return;
	run->network_changed = true;
	withdraw(run);
	stop_all(run);
}

/* What was measured in one network says nothing about another. False: it is
 * another one. */
static bool
look(struct run *run)
{
	int64_t now = clock_mono_us();
	int (*glance)(const char *, struct arena *, struct vantage *,
	    struct error *) = run->setup.glance != NULL ? run->setup.glance :
							  vantage_glance;
	struct arena *a = arena_new();
	struct vantage v;
	bool same;

	same = glance(run->setup.interface, a, &v, NULL) == 0 &&
	    vantage_same(&run->setup.record->vantage, &v);
	arena_free(a);
	if (same)
		run->good_us = now;
	else
		network_changed(run);
	return same;
}

static void
on_watch(evutil_socket_t fd, short what, void *arg)
{
	struct run *run = arg;
	struct timeval tv = {WATCH_MS / 1000, 0};

	(void)fd;
	(void)what;
	if (look(run))
		evtimer_add(run->watch, &tv);
}

static void
on_heard(void *arg, bool certain)
{
	struct run *run = arg;

	if (run->phase == RUN_ENDED || run->network_changed)
		return;
	if (certain)
		network_changed(run);
	else
		look(run);
}

static void
on_late(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	stop_tasks(arg);
}

static void
warn_of_change(struct run *run)
{
	struct record *r = run->setup.record;

	if (!run->network_changed || run->warned)
		return;
	run->warned = true;
	strlist_add(r->arena, &r->vantage.warnings,
	    _("The network changed during the run, so the run was stopped; "
	      "run it again."));
}

static void
on_end(evutil_socket_t fd, short what, void *arg)
{
	struct run *run = arg;
	struct record *r = run->setup.record;
	bool complete = !run->cancelled && !run->left_out;

	(void)fd;
	(void)what;
	r->ended_us = clock_wall_us();
	/* What a retry left out was there before, or is missing still. */
	r->complete = run->setup.retry ?
	    run->was_complete || retry_is_whole(run) :
	    complete;
	warn_of_change(run);
	run->setup.done(run->setup.arg, complete);
}

static void
on_settle(evutil_socket_t fd, short what, void *arg)
{
	struct run *run = arg;

	(void)fd;
	(void)what;
	warn_of_change(run);
	if (run->setup.settled != NULL)
		run->setup.settled(run->setup.arg);
}

static unsigned long
next_number(const struct record *r)
{
	struct arena *a = arena_new();
	struct observation next = {.id = record_next_id(r, a)};
	unsigned long n = observation_number(&next);

	arena_free(a);
	return n;
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
	run->own_failures = own_retransmit_failures();
	run->env.base = setup->base;
	run->env.pace = pace_new(setup->base,
	    fast ? RUN_FAST_FLOWS : RUN_POLITE_FLOWS, fast ? 0 : SPACING_MS);
	run->env.hops = hops_new(setup->base, fast ? GROUP_FAST : GROUP);
	run->env.trust = setup->trust;
	run->env.vantage = &setup->record->vantage;
	/* Where it stands, whether that was chosen by name or not. */
	run->env.interface = setup->record->vantage.interface[0] != '\0' ?
	    setup->record->vantage.interface :
	    setup->interface;
	run->env.fast = fast;
	run->env.shared_port = &run->stun_port;
	run->tick = evtimer_new(setup->base, on_tick, run);
	run->watch = evtimer_new(setup->base, on_watch, run);
	run->end = evtimer_new(setup->base, on_end, run);
	run->settle = evtimer_new(setup->base, on_settle, run);
	run->late = evtimer_new(setup->base, on_late, run);
	run->first_number = next_number(setup->record);
	run->was_complete = setup->record->complete;
	if (setup->retry) {
		retry_select(run);
	} else {
		setup->record->started_us = clock_wall_us();
		setup->record->ended_us = 0;
		setup->record->complete = false;
	}
	run->good_us = run->start_us;
	run->netwatch = netwatch_new(setup->base, &setup->record->vantage,
	    on_heard, run);
	tasks_add_needs(run);
	evtimer_add(run->watch, &tv);
	arm_tick(run, 0);
	return run;
}

void
run_cancel(struct run *run)
{
	if (run->phase != RUN_ENDED)
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
	netwatch_free(run->netwatch);
	event_free(run->tick);
	event_free(run->watch);
	event_free(run->end);
	event_free(run->settle);
	event_free(run->late);
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

/* How long it may still take, by its own bound. */
static unsigned
left_ms(const struct run_task *t)
{
	int64_t all = t->type->longest_ms, gone = 0;

	if (t->pub.started_us != 0)
		gone = (clock_mono_us() - t->pub.started_us) / 1000;
	return gone >= all ? 0 : (unsigned)(all - gone);
}

static void
total_background(struct run_totals *out, const struct run_task *t)
{
	unsigned left;

	out->background++;
	if (t->pub.state == TASK_DONE) {
		out->background_done++;
		return;
	}
	left = left_ms(t);
	if (left > out->background_left_ms)
		out->background_left_ms = left;
}

static void
total_foreground(struct run_totals *out, const struct task *t)
{
	out->waiting += t->state == TASK_WAITING;
	out->running += t->state == TASK_RUNNING;
	out->done += t->state == TASK_DONE;
	/* What this laptop may not do says nothing of the network. */
	if (t->result == NULL || t->follow_up ||
	    t->result->failure == CAUSE_PERMISSION)
		return;
	if (t->result->failure == CAUSE_NONE)
		out->good++;
	else
		out->bad++;
}

void
run_totals(const struct run *run, struct run_totals *out)
{
	size_t i;

	memset(out, 0, sizeof *out);
	for (i = 0; i < run->ntasks; i++) {
		if (run->task[i]->pub.background)
			total_background(out, run->task[i]);
		else
			total_foreground(out, &run->task[i]->pub);
	}
	out->flows = (size_t)pace_flows(run->env.pace);
	out->elapsed_us = (run->phase == RUN_FOREGROUND ? clock_mono_us() :
							  run->end_us) -
	    run->start_us;
}
