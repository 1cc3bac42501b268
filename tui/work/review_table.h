/* SPDX-License-Identifier: MIT */
/* A table of handovers: the rows as they come, the choice of them, and its
 * forms for people, programs and spreadsheets. */
#ifndef TUI_REVIEW_TABLE_H
#define TUI_REVIEW_TABLE_H

#include "core/base/buf.h"
#include "tui/work/reading.h"

struct review_table {
	struct review_row **row;	/* owned; sorted, the newest first */
	size_t	 count;
	struct review_row **shown;	/* those that match, in that order */
	size_t	 nshown;
	struct reading_state state;
	struct review_filter filter;	/* its text is borrowed */
};

/* Takes what came and chooses anew. */
void	 review_table_take(struct review_table *t, struct reading *r);
/* After a change of the filter. */
void	 review_table_choose(struct review_table *t);
void	 review_table_free(struct review_table *t);

/* "214 handovers: 3 ready, 210 not ready, 1 refused"; in a. */
char	*review_table_summary(const struct review_table *t, struct arena *a);
/* What is not in the table, and why: sentences. */
void	 review_table_notes(const struct review_table *t, struct arena *a,
	    struct strlist *out);

/* Of what is shown. */
void	 review_table_text(const struct review_table *t, struct buf *out);
void	 review_table_json(const struct review_table *t, struct buf *out);
void	 review_table_csv(const struct review_table *t, struct buf *out);

#endif
