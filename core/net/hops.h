/* SPDX-License-Identifier: MIT */
/* The budget for packets that expire on the way. Ordinary routers answer a
 * sender with a few ICMP errors at once and then one a second (Linux:
 * icmp_ratelimit), so asking faster turns silence into a lie. Each TTL of
 * each address family is a lane of its own, since another router answers.
 *
 * Silence means something only where another packet, sent right behind it
 * with the same TTL, expired there: then the router's budget was not used up,
 * and the silent packet had not got that far. Unless its way was shorter, and
 * it had arrived: so what is known of the way to each destination is kept.
 *
 * Who does not care where a packet expires waits for any lane. The first two
 * behind the gateway are open from the beginning; each further one is tried
 * with one packet once the one before it has been heard, or has been silent
 * behind one that was, and opened when it is heard itself. */
#ifndef NET_HOPS_H
#define NET_HOPS_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/net/addr.h"

#define HOPS_LANES	9	/* TTL 0..8; 0 and 1 are not limited */
#define HOPS_BEHIND	2	/* the first TTL that leaves the site */

struct hops;

/* Packets that wait for their lane, embedded in their owner; zero it. */
struct hops_ticket {
	struct hops_ticket *next;
	void	(*go)(void *arg);
	void	*arg;
	int	 lane;			/* index, while waiting or out */
	int	 ttl;			/* its own, once it is told to go */
	unsigned skip;			/* of any lane: TTLs it had, as bits */
	uint64_t to;			/* the same: where it goes, hashed */
	int	 need;			/* answers it may cost; 2 = paired */
	bool	 carrier;		/* it sends the control for its group */
	bool	 waiting;
	bool	 out;			/* sent, result not told yet */
	bool	 trial;			/* the first in its lane */
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
/* One packet, at whichever TTL from HOPS_BEHIND on has room, is not among the
 * bits of skip, and not known to lie behind the destination: see t->ttl in
 * go(). Where there is none it is HOPS_BEHIND. */
void	 hops_wait_any(struct hops *h, struct hops_ticket *t,
	    const struct addr *to, unsigned skip, void (*go)(void *arg),
	    void *arg);
/* Is there a hop that has been heard, and that skip leaves? */
bool	 hops_has_other(const struct hops *h, const struct addr *to,
	    unsigned skip);
/* The packet is on the wire now; it may have waited for its turn. */
void	 hops_sent(struct hops *h, const struct hops_ticket *t);
/* How long to wait for an answer at this TTL: much longer than the slowest
 * so far, and most patient while none has come. */
int	 hops_patience_ms(const struct hops *h, bool ipv6, int ttl);
/* That many of the packets cost the router an answer; silence costs nothing.
 * Also cancels; call it at the end in any case. */
void	 hops_done(struct hops *h, struct hops_ticket *t, int nanswered);

/* A packet sent then, by the monotonic clock, expired there. */
void	 hops_heard(struct hops *h, bool ipv6, int ttl, int64_t sent_us);
/* Did any packet expire there that was sent right behind that moment? */
bool	 hops_was_heard(const struct hops *h, bool ipv6, int ttl,
	    int64_t sent_us);
bool	 hops_is_known(const struct hops *h, bool ipv6, int ttl); /* ever */
/* Has any packet expired beyond the site's gateway? */
bool	 hops_knows_any(const struct hops *h, bool ipv6);
/* How long packets have gone out beyond the gateway without that; 0 when one
 * has, or none went out. */
int	 hops_silent_ms(const struct hops *h, bool ipv6);
/* A control was not answered: the budget must be used up, or the hop mute. */
void	 hops_is_spent(struct hops *h, bool ipv6, int ttl);
/* What waited for any lane found silence there. */
void	 hops_was_silent(struct hops *h, const struct addr *to, int ttl,
	    int64_t sent_us);

/* Of one destination, whatever the port: a packet to it expired with that
 * TTL, so it is farther away; or was answered from there, so it is not. */
void	 hops_is_behind(struct hops *h, const struct addr *to, int ttl);
void	 hops_is_near(struct hops *h, const struct addr *to, int ttl);
/* Has a packet with that TTL not reached it yet? */
bool	 hops_knows_behind(const struct hops *h, const struct addr *to,
	    int ttl);

#endif
