/* SPDX-License-Identifier: MIT */
/* Echo requests (RFC 792, RFC 4443) to one address, from a datagram socket
 * that the system may allow to ordinary users (facts 0.9): what "icmp" and
 * the series to the gateway share. The kernel matches the id, sequence and
 * nonce are matched here. */
#ifndef PROBE_ECHO_H
#define PROBE_ECHO_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "core/net/errqueue.h"
#include "core/probe/probe.h"

#define ECHO_MAX	128
#define ECHO_BYTES	56	/* of one, IPv6 header included */

enum echo_end {
	ECHO_OVER,		/* all answered, or patience is over */
	ECHO_REJECTED,		/* ICMP errors to two, and no answer */
	ECHO_LOCAL,		/* see cause: nothing could be sent */
};

struct echo_one {
	int64_t	 sent_us, end_us;	/* monotonic; end 0 while open */
	bool	 replied, failed;	/* failed: see icmp */
	struct icmp_error icmp;
};

struct echo_setup {
	unsigned count;		/* at most ECHO_MAX */
	unsigned step_ms;	/* to the next one if this is not answered */
	unsigned reply_ms;	/* to the next one after an answer; 0 = wait
				 * for the step */
	unsigned patience_ms;	/* for an answer to the last one */
	/* Once, from the loop or from within echo_start(). */
	void	(*done)(struct probe *p, enum echo_end how, enum cause cause);
};

struct echo {			/* zeroed; embedded in the probe's state */
	struct probe *probe;
	const struct echo_setup *setup;
	int	 fd;
	struct echo_one one[ECHO_MAX];
	unsigned nsent, nreplies, nfailed;
	uint64_t nonce;
	bool	 over;
	struct pace_ticket ticket;
	struct event *io, *next, *end;
};

void	 echo_start(struct echo *e, struct probe *p,
	    const struct echo_setup *setup);
void	 echo_conclude(struct echo *e);	/* done() with what there is */
void	 echo_stop(struct echo *e);
/* Adds an attempt for each, and the details "sent", "received" and, when one
 * was answered, "rtt_min_us" and "rtt_max_us". Those younger than patience_ms
 * without an answer are left out. Returns how many were lost. */
unsigned echo_report(const struct echo *e);

#endif
