/* SPDX-License-Identifier: MIT */
/* For probes of services that answer by UDP: a question that is repeated when
 * it is lost, and asked anew until it was answered as often as is wanted,
 * since one datagram proves little. All of it goes from one source port.
 * Fills the attempts, and the details "samples" (answers that were accepted),
 * "samples_wanted", and "rejected" (datagrams that were not). */
#ifndef PROBE_ASK_H
#define PROBE_ASK_H

#include "core/net/dgram.h"
#include "core/probe/probe.h"

#define ASK_WAIT_MS	1100	/* the silence rule of conn.h */
#define ASK_LAST_MS	1300

struct ask_setup {
	int	 samples;		/* answers wanted */
	int	 questions;		/* most that are sent in all */
	unsigned wait_ms[DGRAM_TRIES];	/* as in dgram.h */
	unsigned last_ms;
	unsigned gap_ms;		/* between an answer and what follows */
	uint16_t source_port;		/* 0 = any */
	bool	 share_port;
	/* Question 0, 1 ... counts all that are sent. */
	size_t	(*compose)(struct probe *p, int question, uint8_t *out,
		    size_t size);
	/* Is this an answer to a question of this sample? */
	bool	(*accept)(struct probe *p, const uint8_t *data, size_t len);
	/* Once, from the loop. RUNG_APP_REPLY and CAUSE_NONE as soon as one
	 * sample was answered. */
	void	(*ended)(struct probe *p, enum rung rung, enum cause failure);
};

struct ask {				/* zero it; part of the state */
	struct probe *p;
	struct ask_setup setup;
	struct dgram *d;
	struct event *next, *slow;
	int	 nquestions, nsamples;
	int	 before;		/* questions of earlier samples */
	unsigned nstrange;
	uint16_t source_port;
	struct addr source;		/* the laptop's own; len 0 = unknown */
	bool	 enough;		/* accept() may set it: ask no more */
};

void	 ask_start(struct ask *a, struct probe *p,
	    const struct ask_setup *setup);
void	 ask_stop(struct ask *a);	/* any time, also twice */

#endif
