/* SPDX-License-Identifier: MIT */
/* Owns cancelling one task of a run while the others go on. */
#include "core/base/clock.h"
#include "core/run/tasks.h"

bool
run_can_cancel_task(const struct run *run, size_t index)
{
	const struct run_task *t = run->task[index];

	return t->pub.need != NULL && t->pub.state != TASK_DONE &&
	    !t->cancelled && run->phase != RUN_ENDED;
}

static bool
has_failed(const struct run_task *t)
{
	return t->pub.result != NULL && t->pub.result->rung >= RUNG_REJECTED;
}

/* Does another that was not cancelled ask for the same search? */
static bool
is_sought_by_other(const struct run *run, const struct run_task *search)
{
	struct addr to = search->to;
	size_t i;

	for (i = 0; i < run->ntasks; i++) {
		const struct run_task *t = run->task[i];

		if (!t->pub.follow_up && !t->cancelled && t->to.len != 0 &&
		    (t->pub.state != TASK_DONE || has_failed(t)) &&
		    t->pub.spec->port == search->pub.spec->port &&
		    addr_equal(&t->to, &to))
			return true;
	}
	return false;
}

/* Begun already, when it was slow. */
static void
cancel_searches(struct run *run, const struct run_task *of)
{
	size_t i;

	for (i = 0; of->to.len != 0 && i < run->ntasks; i++) {
		struct run_task *t = run->task[i];

		if (!t->pub.follow_up || t->pub.state == TASK_DONE ||
		    t->to.len == 0 || !addr_equal(&t->to, &of->to) ||
		    t->pub.spec->port != of->pub.spec->port ||
		    is_sought_by_other(run, t))
			continue;
		t->cancelled = true;
		if (t->pub.state == TASK_WAITING)
			task_done(t);
		else
			probe_cancel(t->probe);
	}
}

/* What was not started ends without a word. */
static void
never(struct probe *p, void *arg)
{
	(void)p;
	(void)arg;
}

/* It never began, and says so as one that did. */
static void
cancel_waiting(struct run *run, struct run_task *t)
{
	struct probe *p = probe_new(t->type, &run->env, t->pub.spec, &t->to,
	    never, NULL, t);

	p->obs.started_us = clock_wall_us();
	p->obs.failure = CAUSE_CANCELLED;
	(void)run_take_result(run, t, p);
	probe_free(p);
	task_done(t);
}

void
run_cancel_task(struct run *run, size_t index)
{
	struct run_task *t = run->task[index];

	if (!run_can_cancel_task(run, index))
		return;
	t->cancelled = true;
	if (t->pub.state == TASK_WAITING)
		cancel_waiting(run, t);
	else
		probe_cancel(t->probe);
	if (!t->pub.follow_up)
		cancel_searches(run, t);
	run->next_start = 0;
	run_wake(run);
}
