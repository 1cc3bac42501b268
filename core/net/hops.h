/* SPDX-License-Identifier: MIT */
/* The budget for packets that expire on the way. Ordinary routers answer a
 * sender with a few ICMP errors at once and then one a second (Linux:
 * icmp_ratelimit), so asking faster turns silence into a lie. Each TTL of
 * each address family is a lane of its own, since another router answers.
 *
 * Silence means something only where another packet, sent right behind it
 * with the same TTL, was answered: then the router's budget was not used up,
 * and the silent packet had not got that far. */
#ifndef NET_HOPS_H
#define NET_HOPS_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#define HOPS_LANES	9	/* TTL 0..8; 0 and 1 are not limited */

struct hops;

/* Packets that wait for their lane, embedded in their owner; zero it. */
struct hops_ticket {
	struct hops_ticket *next;
	void	(*go)(void *arg);
	void	*arg;
	int	 lane;			/* index, while waiting or out */
	int	 need;			/* answers it may cost; 2 = paired */
	bool	 carrier;		/* it sends the control for its group */
	bool	 waiting;
	bool	 out;			/* sent, result not told yet */
};

/* group: how many paired packets go out with one control behind them; they
 * must all be on their way within a tenth of a second. */
struct hops *hops_new(struct event_base *base, unsigned group);
void	 hops_free(struct hops *h);	/* no ticket may be waiting */
/* Calls go(arg) once from the loop, never before this returns. need 1: one
 * packet; 2: paired with a control. Of a group the carrier is told first and
 * must send last, the control right behind itself. */
void	 hops_wait(struct hops *h, struct hops_ticket *t, bool ipv6, int ttl,
	    int need, void (*go)(void *arg), void *arg);
/* Of two TTLs the one whose lane has the shorter wait; the first if equal. */
int	 hops_quicker(const struct hops *h, bool ipv6, int ttl, int other);
/* How long to wait for an answer at this TTL: much longer than the slowest
 * so far, and most patient while none has come. */
int	 hops_patience_ms(const struct hops *h, bool ipv6, int ttl);
/* That many of the packets cost the router an answer; silence costs nothing.
 * Also cancels; call it at the end in any case. */
void	 hops_done(struct hops *h, struct hops_ticket *t, int nanswered);

/* An answer to a packet sent then, by the monotonic clock. */
void	 hops_heard(struct hops *h, bool ipv6, int ttl, int64_t sent_us);
/* Was any packet answered that was sent right behind that moment? */
bool	 hops_was_heard(const struct hops *h, bool ipv6, int ttl,
	    int64_t sent_us);
/* A control was not answered: the budget must be used up, or the hop mute. */
void	 hops_is_spent(struct hops *h, bool ipv6, int ttl);

#endif
