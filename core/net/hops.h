/* SPDX-License-Identifier: MIT */
/* The budget for packets that expire on the way. Ordinary routers answer a
 * sender with a few ICMP errors at once and then one a second (Linux:
 * icmp_ratelimit), so asking faster turns silence into a lie. Each TTL of
 * each address family is a lane of its own, since another router answers. */
#ifndef NET_HOPS_H
#define NET_HOPS_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#define HOPS_LANES	9	/* TTL 0..8; 0 and 1 are not limited */

struct hops;

/* One packet that waits for its lane, embedded in its owner; zero it. */
struct hops_ticket {
	struct hops_ticket *next;
	void	(*go)(void *arg);
	void	*arg;
	int	 lane;			/* index, while waiting or out */
	bool	 waiting;
	bool	 out;			/* sent, result not told yet */
	int64_t	 out_us;		/* since when */
};

struct hops *hops_new(struct event_base *base);
void	 hops_free(struct hops *h);	/* no ticket may be waiting */
/* Calls go(arg) once from the loop, never before this returns. */
void	 hops_wait(struct hops *h, struct hops_ticket *t, bool ipv6, int ttl,
	    void (*go)(void *arg), void *arg);
/* Of two TTLs the one whose lane has the shorter wait; the first if equal. */
int	 hops_quicker(const struct hops *h, bool ipv6, int ttl, int other);
/* How long to wait for an answer at this TTL: much longer than the slowest
 * so far, and most patient while none has come. */
int	 hops_patience_ms(const struct hops *h, bool ipv6, int ttl);
/* The packet was answered by a router, or not: silence costs nothing. Also
 * cancels; call it at the end in any case. */
void	 hops_done(struct hops *h, struct hops_ticket *t, bool answered);

#endif
