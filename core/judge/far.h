/* SPDX-License-Identifier: MIT */
/* Inside the judge: how far away things are, by routers that said that packets
 * expired there, and by what was held against a yardstick (probe distance). */
#ifndef JUDGE_FAR_H
#define JUDGE_FAR_H

#include "core/judge/evidence.h"

bool	 address_is_v6(const char *address);
/* An inner address of the site, not one that a provider shares out. */
bool	 address_is_inner(const char *address);

/* Who said that packets of this family expired at that hop, or NULL. */
const char *far_router(const struct record *r, int64_t ttl, bool six);
/* Did a public router, behind the gateway, say so nearer than that hop? */
bool	 far_is_public_before(const struct record *r, int64_t ttl,
	    bool six);

/* The protocol that a flow is searched for by. */
enum protocol far_carrier(const struct observation *o);
/* How far the host is was measured for this flow; or NULL. */
const struct observation *far_distance(const struct record *r,
	    const struct observation *o);
/* The flow expired at the last router before the host: the yardstick is the
 * host itself, or a neighbour behind the same router; and not a box of the
 * site that takes connections for others. */
bool	 far_has_reached(const struct record *r,
	    const struct observation *o, const struct observation *d);
/* With the yardstick's distance it was answered like this. */
bool	 far_is_answered(const struct observation *d, const char *how);
/* What happened to the flow with that life cannot have happened at the host:
 * it is farther away. Neighbours are only about as far as each other. */
bool	 far_is_before(const struct observation *d,
	    const struct observation *o, int64_t ttl);
/* Another port's packet to this host expired at the host's own address: it
 * passes some ports on, and what it does with others is done there. */
bool	 far_is_at_host(const struct observation *found,
	    const struct observation *o);

#endif
