/* SPDX-License-Identifier: MIT */
/* Inside the run's page: its line of totals. */
#ifndef TUI_RUN_LINE_H
#define TUI_RUN_LINE_H

#include "tui/screen/view.h"

/* One thing told of a run; what has the smaller rank stays longer. */
struct run_segment {
	const char *text;	/* NULL: nothing to tell */
	int	 rank;
};
/* As many as fit into ncols columns, in their order; in a. The first rank is
 * always there. */
char	*run_line_fit(struct arena *a, const struct run_segment *list,
	    size_t count, int ncols);
/* Of the run under way. waiting: changes that a page that stands still does
 * not show, or -1: it does not stand still. */
char	*run_line_running(struct screen *sc, struct arena *a, int ncols,
	    int waiting);
/* Of what the record holds. */
char	*run_line_ended(const struct screen *sc, struct arena *a, int ncols,
	    int waiting);

#endif
