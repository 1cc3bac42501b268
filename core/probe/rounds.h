/* SPDX-License-Identifier: MIT */
/* What searches by multicast share: questions in rounds, each in its turn, an
 * end when nobody has anything to add, and one attempt in the record for each
 * round. */
#ifndef PROBE_ROUNDS_H
#define PROBE_ROUNDS_H

#include <event2/event.h>

#include "core/probe/probe.h"

#define ROUNDS_MAX	3

struct rounds_setup {
	const char *to;		/* whom all the questions go to */
	int	 step_ms;	/* from the end of a round to the next */
	int	 silence_ms;	/* from the first question to the end */
	/* The round of a question, both counted from 0; -1: there is no such
	 * question. */
	int	(*round)(const struct probe *p, size_t question);
	/* Sends it. Its bytes; 0 when the probe has finished instead. */
	size_t	(*ask)(struct probe *p, size_t question, int round);
	void	(*end)(struct probe *p);	/* the probe shall finish */
};

struct rounds {				/* part of the state; zero it */
	struct probe *p;
	const struct rounds_setup *setup;
	struct pace_ticket ticket;
	struct event *next, *end;
	size_t	 asked;			/* questions */
	int64_t	 began_us[ROUNDS_MAX];	/* monotonic; 0 not yet */
	uint32_t in[ROUNDS_MAX], out[ROUNDS_MAX];	/* bytes */
	const char *from[ROUNDS_MAX];	/* who answered first, or NULL */
	bool	 ending;
};

/* Once, before the rest; then the first question waits for its turn. */
void	 rounds_prepare(struct rounds *r, struct probe *p,
	    const struct rounds_setup *setup);	/* setup is borrowed */
void	 rounds_start(struct rounds *r);
void	 rounds_stop(struct rounds *r);		/* frees */

bool	 rounds_began(const struct rounds *r);	/* anything was asked */
int	 rounds_now(const struct rounds *r);	/* the latest round */
/* Somebody answered the latest round. */
void	 rounds_heard(struct rounds *r, const struct addr *from);
void	 rounds_received(struct rounds *r, size_t bytes);
/* No more rounds; the end comes then, at once if that is past. */
void	 rounds_end_at(struct rounds *r, int64_t mono_us);
/* One attempt for each round that began. */
void	 rounds_attempts(const struct rounds *r, uint16_t source_port);

#endif
