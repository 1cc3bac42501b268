/* SPDX-License-Identifier: MIT */
/* Inside the run's page: its rows, which of them are shown, and under which
 * headings. Rows are collected from a run, or from the record when there is
 * none to show, always in the same order; what is added comes last. */
#ifndef TUI_RUN_ROWS_H
#define TUI_RUN_ROWS_H

#include "tui/screen/view.h"
#include "tui/work/words.h"

#define RUN_NO_TASK ((size_t)-1)

/* Where a row stands: the number of its product, or one of these. */
enum run_part {
	RUN_PART_CONTROLS = 1000, RUN_PART_BACKGROUND, RUN_PART_ADDED,
};

struct run_row {
	char	*id;		/* of this run, or this observation */
	const char *key;	/* of what is measured, in any run */
	size_t	 order;		/* of the first need that rests on it */
	int	 part;
	char	*title;
	const struct state_look *look;
	const char *note;	/* or NULL */
	const char *value;	/* or NULL */
	bool	 mine;		/* of the product that is chosen, if any */
	bool	 to_do;
	enum task_state state;
	size_t	 task;		/* or RUN_NO_TASK */
	const char *need;	/* id of one that rests on it, or NULL */
	const char *observation; /* id, or NULL */
};

struct run_rows {
	struct run_row *item;
	size_t	 count;
	size_t	 nproducts;
};

/* All in a. run NULL: what the record holds. */
void	 run_rows_collect(const struct screen *sc, const struct run *run,
	    struct arena *a, struct run_rows *out);
bool	 run_row_shown(const struct run_look *look, const struct run_row *row);
/* How many rows are another than before, or new. */
size_t	 run_rows_changed(const struct run_rows *before,
	    const struct run_rows *now);
/* Each run has rows of its own: puts the focus on the same check in these. */
void	 run_rows_keep_choice(struct screen *sc, struct page *p,
	    const struct run_rows *rows);
/* Headings and rows into the page; data of each item is its row. The row
 * that has the focus stays, whatever the filter says. */
void	 run_rows_build(const struct screen *sc, struct page *p,
	    const struct run_rows *rows, bool has_run);
/* Which of them are shown, as a sentence. */
char	*run_rows_filter_text(const struct screen *sc, struct arena *a,
	    const struct run_rows *rows);

/* The page on which the text of the filter is typed. */
extern const struct view view_run_text;

#endif
