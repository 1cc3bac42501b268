/* SPDX-License-Identifier: MIT */
/* What changed between two versions of one thing, told by the commands "diff"
 * and "packs diff". */
#ifndef TUI_DIFF_H
#define TUI_DIFF_H

#include "core/judge/impact.h"
#include "tui/commands/options.h"
#include "tui/work/side.h"

/* A fact beside the requirements that is not as it was. */
struct diff_fact {
	const char *section;		/* stable word */
	const char *heading;		/* translated */
	const char *label;
	const char *then, *now;		/* NULL where there is none */
};

struct diff {
	struct arena *arena;
	struct side then, now;
	struct impacts impacts;
	struct diff_fact *fact;		/* by section */
	size_t	 nfacts;
	struct strlist warnings;	/* sentences: before anything else */
};

/* Fills all but the sides, which were opened and are of like kinds. */
void	 diff_make(struct diff *d);
void	 diff_text(const struct diff *d, struct buf *out);
void	 diff_json(const struct diff *d, struct buf *out);

/* Opens both, compares and tells; an exit status. */
int	 diff_run(const struct options *o, const char *then, const char *now);

#endif
