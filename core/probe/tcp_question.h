/* SPDX-License-Identifier: MIT */
/* For probes of services that answer by TCP: a connection with its evidence,
 * then a conversation within bounds. Fills the attempts and the detail "end":
 * "answered", "wrong" (something else came), "silent", "closed", "reset" or
 * "too much". Accepted without an answer is CAUSE_SERVICE_SILENT, another
 * protocol CAUSE_WRONG_PROTOCOL, both on RUNG_TRANSPORT. The observation is
 * judged as NATURE_CONNECTION. */
#ifndef PROBE_TCPQ_H
#define PROBE_TCPQ_H

#include "core/net/stream.h"
#include "core/probe/probe.h"

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

struct tcpq {				/* zero it; part of the state */
	struct probe *p;
	const struct tcpq_setup *setup;
	struct conn *conn;
	struct stream *stream;
	struct addr source;		/* the laptop's own */
	size_t	 attempt;		/* index of the connection's */
	struct event *again;
	int	 ntries;
};

/* A conversation that was cut off is tried once more. */
#define TCPQ_TRIES	2

void	 tcpq_start(struct tcpq *t, struct probe *p,
	    const struct tcpq_setup *setup);	/* setup is borrowed */
void	 tcpq_say(struct tcpq *t, const void *data, size_t len);
void	 tcpq_stop(struct tcpq *t);		/* any time, also twice */

#endif
