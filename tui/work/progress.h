/* SPDX-License-Identifier: MIT */
/* What a run has come to so far, as it is told on one line. */
#ifndef TUI_PROGRESS_H
#define TUI_PROGRESS_H

#include "core/run/run.h"
#include "tui/work/eta.h"

struct progress {
	/* Without background tests. What the plan held and what was added on
	 * the way stay apart, so that nothing ever seems to go backwards. */
	size_t	 planned, planned_done;
	size_t	 added, added_done;
	size_t	 fail, warn, running, waiting;
	size_t	 background;		/* that go on */
	int64_t	 elapsed_us;
	struct eta_facts facts;
};

/* planned: how many tasks there were at the start. plan may be NULL, where
 * only a part of the site is measured again. */
void	 progress_count(const struct run *run, size_t planned,
	    const struct plan *plan, enum pace_mode pace, struct progress *out);
/* "about 2-4 min left"; NULL when nothing can be said. In a. */
char	*progress_left(struct arena *a, const struct eta *e);

#endif
