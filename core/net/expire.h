/* SPDX-License-Identifier: MIT */
/* One packet with a small TTL, and what comes back: the ICMP error of the
 * hop where it expired, or an answer of whoever took it before. Unprivileged:
 * a UDP datagram, a TCP connection attempt, or an ICMP echo request from a
 * socket that the system may allow to ordinary users. */
#ifndef NET_EXPIRE_H
#define NET_EXPIRE_H

#include <event2/event.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "core/net/errqueue.h"

enum expire_kind {
	EXPIRE_TCP,
	EXPIRE_UDP,
	EXPIRE_ECHO,
};

enum expire_result {
	EXPIRE_ICMP,		/* see icmp */
	EXPIRE_ACCEPTED,	/* TCP */
	EXPIRE_RESET,		/* TCP */
	EXPIRE_REPLY,		/* UDP: a datagram came back; or the echo */
	EXPIRE_LOCAL,		/* could not be sent; icmp.error is errno */
};

struct expire_setup {
	struct event_base *base;
	const char *interface;
	struct addr to;			/* with port, unless EXPIRE_ECHO */
	enum expire_kind kind;
	int	 ttl;
	const void *payload;		/* UDP */
	size_t	 len;
	/* At most once, from the loop, except EXPIRE_LOCAL, which may come
	 * before expire_send() returns. */
	void	(*done)(void *arg, enum expire_result result,
		    const struct icmp_error *icmp);
	void	*arg;
};

struct expire {			/* zeroed, or opened and not yet closed */
	struct expire_setup setup;
	struct event *io;
	int	 fd;			/* valid while io is set */
	int64_t	 sent_us;		/* monotonic */
	uint16_t source_port;		/* 0 of an echo */
	uint64_t nonce;			/* of an echo */
	uint8_t	 reply[64];		/* the start of an EXPIRE_REPLY */
	size_t	 nreply;		/* that are in it */
};

void	 expire_send(struct expire *x, const struct expire_setup *setup);
void	 expire_close(struct expire *x);	/* any time, also twice */

#endif
