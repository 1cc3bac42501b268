/* SPDX-License-Identifier: MIT */
/* A run as lines: one for each change that matters, and totals now and then.
 * Keeps what was told already. */
#ifndef TUI_LINE_WATCH_H
#define TUI_LINE_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct talk;

struct watch {
	const struct run *run;		/* the one that was told of; compared
					 * only */
	bool	*told;			/* by task */
	size_t	 ntold;
	bool	*product;		/* by product: its end was told */
	size_t	 nproducts;
	size_t	 problems;		/* told one by one */
	size_t	 done;			/* in the last totals */
	int64_t	 totals_us;		/* when these were told, monotonic */
};

void	 watch_free(struct watch *w);
/* A run that was not there before is from now on told of. */
void	 watch_notice(struct talk *t);
/* Tells what is new, if the page on top is about it. */
void	 watch_look(struct talk *t);
/* The totals now, as asked for. */
void	 watch_totals(struct talk *t);

#endif
