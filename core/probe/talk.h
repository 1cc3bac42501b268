/* SPDX-License-Identifier: MIT */
/* For probes of services that answer by TCP: a connection with its evidence,
 * then a conversation within bounds. Fills the attempts and the detail "end":
 * "answered", "wrong" (something else came), "silent", "closed", "reset" or
 * "too much". Accepted without an answer is CAUSE_SERVICE_SILENT, another
 * protocol CAUSE_WRONG_PROTOCOL, both on RUNG_TRANSPORT. The observation is
 * judged as NATURE_CONNECTION. */
#ifndef PROBE_TALK_H
#define PROBE_TALK_H

#include "core/net/stream.h"
#include "core/probe/probe.h"

enum talk_next {
	TALK_MORE,		/* not decided yet */
	TALK_RIGHT,		/* the answer */
	TALK_WRONG,		/* it can never become one */
};

struct talk_setup {
	/* Accepted: say something. */
	void	(*opened)(struct probe *p);
	/* All that came and was not used yet. *used = bytes to forget. May
	 * say more. */
	enum talk_next (*heard)(struct probe *p, const uint8_t *data,
		    size_t len, size_t *used);
	/* Decides how it ends; NULL = as the head comment says. */
	void	(*ended)(struct probe *p, enum rung rung, enum cause failure);
	size_t	 max_in;
	unsigned timeout_ms;		/* after it was accepted */
};

struct talk {				/* zero it; part of the state */
	struct probe *p;
	const struct talk_setup *setup;
	struct conn *conn;
	struct stream *stream;
	struct addr source;		/* the laptop's own */
	size_t	 attempt;		/* index of the connection's */
};

void	 talk_start(struct talk *t, struct probe *p,
	    const struct talk_setup *setup);	/* setup is borrowed */
void	 talk_say(struct talk *t, const void *data, size_t len);
void	 talk_stop(struct talk *t);		/* any time, also twice */

#endif
