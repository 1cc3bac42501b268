/* SPDX-License-Identifier: MIT */
/* One packet with a small TTL, and what comes back: the ICMP error of the
 * hop where it expired, or an answer of whoever took it before. Unprivileged:
 * a UDP datagram, or a TCP connection attempt. */
#ifndef NET_EXPIRE_H
#define NET_EXPIRE_H

#include <event2/event.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "core/net/errqueue.h"

enum expire_result {
	EXPIRE_ICMP,		/* see icmp */
	EXPIRE_ACCEPTED,	/* TCP */
	EXPIRE_RESET,		/* TCP */
	EXPIRE_REPLY,		/* UDP: a datagram came back */
	EXPIRE_LOCAL,		/* could not be sent; icmp.error is errno */
};

struct expire_setup {
	struct event_base *base;
	const char *interface;
	struct addr to;			/* with port */
	bool	 udp;
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
	uint16_t source_port;
	uint8_t	 reply[64];		/* the start of an EXPIRE_REPLY */
	size_t	 nreply;		/* that are in it */
};

void	 expire_send(struct expire *x, const struct expire_setup *setup);
void	 expire_close(struct expire *x);	/* any time, also twice */

#endif
