/* SPDX-License-Identifier: MIT */
/* For tests of probes that talk over TCP: one set of servers that misbehave,
 * and the promises that hold against each: the probe ends by itself, once,
 * in time, proves nothing, names what it saw, and leaves nothing behind. */
#ifndef UNIT_HOSTILE_H
#define UNIT_HOSTILE_H

#include "tests/unit/fake_probe.h"

enum hostile {
	HOSTILE_NOTHING,	/* nobody listens */
	HOSTILE_FULL,		/* a listener that takes no more */
	HOSTILE_SILENT,		/* accepts and says nothing */
	HOSTILE_CLOSES,		/* accepts and closes at once */
	HOSTILE_RESETS,		/* accepts and resets */
	HOSTILE_WEB,		/* a block page, and closes */
	HOSTILE_MAIL,		/* greets as a mail server */
	HOSTILE_DRIPS,		/* one byte a second, of garbage */
	HOSTILE_FLOODS,		/* megabytes, of binary garbage */
	HOSTILE_FLOODS_LINES,	/* megabytes, of short lines */
	HOSTILE_GARBAGE,	/* a piece of it, and then nothing */
	HOSTILE_HALF_SILENT,	/* the right words, broken off half way: */
	HOSTILE_HALF_CLOSES,
	HOSTILE_HALF_RESETS,
	HOSTILE_MANNERS
};

struct hostile_setup {
	const char *type;	/* of the probe */
	const char *want;	/* or NULL */
	/* What the right server would say, and whether it waits for a
	 * question first. half: so much of it may come. */
	const void *right;
	size_t	 half;
	bool	 waits;
	int	 bound_ms;	/* the slowest may take */
	/* What each comes to; where the server was reached, the rung must be
	 * RUNG_TRANSPORT. */
	enum cause want_cause[HOSTILE_MANNERS];
};

/* All of them at the same time. */
void	 hostile_try(const struct hostile_setup *setup);
/* Cancels, and frees, a probe at each of its stages against the right server
 * and against one that breaks off half way. */
void	 hostile_cancel(const struct hostile_setup *setup);

#endif
