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
	const char *result_id;	/* the record's lists may move */
	size_t	 waits_for;	/* task index + 1; 0 = nothing */
	int64_t	 ended_us;	/* monotonic; 0 before */
	bool	 outbound;	/* leaves the site: can be located */
	bool	 cancelled;	/* this one alone */
};

/* How far a run has come. */
enum run_phase {
	RUN_FOREGROUND,
	RUN_BACKGROUND,		/* only background tasks are left, if any */
	RUN_ENDED,
};

struct retry_pair;

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
	bool	 compared;	/* tasks_compare() was called */
	bool	 cancelled;
	bool	 left_out;	/* a task was cancelled */
	struct strlist needs;	/* ids, of a retry: its own and more */
	struct retry_pair *pair; /* of a retry: what took whose place */
	size_t	 npairs;
	unsigned long first_number;	/* of its observations */
	bool	 was_complete;		/* the record, before a retry */
	bool	 network_changed, warned;
	int64_t	 good_us;	/* when it was last seen to be the same */
	struct netwatch *netwatch;
	bool	 looked_inside;	/* tasks_look_inside() was called */
	int64_t	 own_failures;	/* own_retransmit_failures() at the start */
};

/* Those that all needs ask for, in the order that is wanted; before them what
 * they are compared with, so that it is known before anything is judged. */
void	 tasks_add_needs(struct run *run);
/* The name is resolved: one task for each of its addresses. The first takes
 * the place of the task that waited, which is done when there is none. */
void	 tasks_expand(struct run *run, struct run_task *t);
/* Looks for what blocks a flow. */
enum search {
	SEARCH_NEAR,		/* only whether it leaves the site */
	SEARCH_FAR,		/* on the way as far as silence can be seen */
};
void	 tasks_locate(struct run *run, const struct run_task *t,
	    enum search search);
/* The site's DNS server says that t's name does not exist: asks the name's own,
 * for the first few names. */
void	 tasks_ask_owner(struct run *run, const struct run_task *t);
/* A search that follows t, at its address and port. False when it is there
 * already. */
bool	 tasks_follow(struct run *run, const struct run_task *t,
	    const char *type, enum protocol proto, const char *want);
/* All the rest is done: compares flows that failed far away with connections
 * that were accepted, the nearest to each. False when there are none. */
bool	 tasks_compare(struct run *run);
/* All else is done: whether the laptop's own firewall stopped what failed,
 * once. False: nothing makes that likely. */
bool	 tasks_look_inside(struct run *run);
void	 task_done(struct run_task *t);
bool	 run_selects(const struct run *run, const struct need *n);
/* The record gets what p saw, and everybody is told. The record's own. */
const struct observation *run_take_result(struct run *run, struct run_task *t,
	    struct probe *p);
void	 run_wake(struct run *run);	/* a task may be startable */

#endif
