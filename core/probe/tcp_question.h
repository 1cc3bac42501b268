/* SPDX-License-Identifier: MIT */
/* For probes that ask one question by TCP: a talk that is over with its
 * answer, and is tried once more when it was cut off. Detail "end":
 * "answered", "wrong" (something else came), "silent", "closed", "reset" or
 * "too much". Accepted without an answer is CAUSE_SERVICE_SILENT, another
 * protocol CAUSE_WRONG_PROTOCOL, both on RUNG_TRANSPORT. The observation is
 * judged as NATURE_CONNECTION. */
#ifndef PROBE_TCPQ_H
#define PROBE_TCPQ_H

#include "core/probe/talk.h"

enum tcpq_next {
	TCPQ_MORE,		/* not decided yet */
	TCPQ_RIGHT,		/* the answer */
	TCPQ_WRONG,		/* it can never become one */
};

struct tcpq_setup {
	/* Accepted: say something. */
	void	(*opened)(struct probe *p);
	/* All that came and was not used yet. *used = bytes to forget. May
	 * say more. */
	enum tcpq_next (*heard)(struct probe *p, const uint8_t *data,
		    size_t len, size_t *used);
	/* Decides how it ends; NULL = as the head comment says. */
	void	(*ended)(struct probe *p, enum rung rung, enum cause failure);
	size_t	 max_in;
	unsigned timeout_ms;		/* after it was accepted */
};

/* Zero it; the first member of the probe's state. */
struct tcpq {
	struct probe *p;
	const struct tcpq_setup *setup;
	struct talk *talk;
	struct event *again;
	int	 ntries;
};

/* A conversation that was cut off is tried once more. */
#define TCPQ_TRIES	2

void	 tcpq_start(struct tcpq *t, struct probe *p,
	    const struct tcpq_setup *setup);	/* setup is borrowed */
void	 tcpq_say(struct tcpq *t, const void *data, size_t len);
const struct addr *tcpq_source(const struct tcpq *t);	/* the laptop's own */
void	 tcpq_stop(struct tcpq *t);		/* any time, also twice */

#endif
