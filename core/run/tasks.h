/* SPDX-License-Identifier: MIT */
/* Inside the runner: its tasks, and how needs, names and failures become
 * tasks. */
#ifndef RUN_TASKS_H
#define RUN_TASKS_H

#include "core/probe/probe.h"
#include "core/run/run.h"

struct run_task {
	struct task pub;
	const struct probe_type *type;
	struct addr to;
	struct probe *probe;
	struct run *run;
	size_t	 index;
	size_t	 waits_for;	/* task index + 1; 0 = nothing */
	bool	 outbound;	/* leaves the site: can be located */
};

/* How far a run has come. */
enum run_phase {
	RUN_FOREGROUND,
	RUN_BACKGROUND,		/* only background tasks are left, if any */
	RUN_ENDED,
};

struct run {
	struct run_setup setup;
	struct arena *arena;
	struct probe_env env;
	uint16_t stun_port;		/* that the STUN probes share */
	struct run_task **task;
	size_t	 ntasks;
	size_t	 next_start;	/* no startable task before it */
	struct event *tick;
	struct event *watch;
	struct event *end;	/* done(), from the loop */
	struct event *settle;	/* settled(), from the loop */
	struct event *late;	/* what was asked to conclude and did not */
	int64_t	 start_us;
	int64_t	 end_us;	/* of the foreground */
	enum run_phase phase;
	bool	 told;		/* done() is called, or on its way */
	bool	 kept;		/* and background tasks were left then */
	bool	 concluding;	/* nothing new begins */
	bool	 cancelled;
	bool	 network_changed, warned;
};

/* Packets that expire on the way go out slowly, so they are added first. */
void	 tasks_add_needs(struct run *run);
/* The name is resolved: one task for each of its addresses. The first takes
 * the place of the task that waited, which is done when there is none. */
void	 tasks_expand(struct run *run, struct run_task *t);
/* Looks for what blocks a flow. */
enum search {
	SEARCH_NEAR,		/* only whether it leaves the site */
	SEARCH_FAR,		/* on the whole way */
	SEARCH_DISTANCE,	/* and how far another port of the host is */
};
void	 tasks_locate(struct run *run, const struct run_task *t,
	    enum search search);
void	 task_done(struct run_task *t);
void	 run_wake(struct run *run);	/* a task may be startable */

#endif
