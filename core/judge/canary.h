/* SPDX-License-Identifier: MIT */
/* Inside the judge: what the run's controls say. A place that must not answer
 * did ("canary"), so an accepted connection proves nothing; the life of
 * packets is not counted ("life"), so what was answered near may come from
 * far away; this laptop's proxy gets out where the devices do not. */
#ifndef JUDGE_CANARY_H
#define JUDGE_CANARY_H

#include "core/judge/verdict.h"

/* The canary that was accepted and speaks against o: one on its port; or, if
 * none was tried there, one on any port but the web's. NULL: none. */
const struct observation *canary_against(const struct record *r,
	    const struct observation *o);
/* Was a canary that speaks of the site accepted on this port? */
bool	 canary_takes_port(const struct record *r, unsigned port);
/* Takes from v what rests on nothing but a connection that a box accepted,
 * and gives the box what it left unanswered. */
void	 canary_apply(struct record *r, const struct need *n,
	    const struct observation *o, struct verdict *v);
/* Answers with that life (1 or 2 hops) for this address need not come from
 * near: one came from a place that was not shown to be near, and no packet
 * was ever seen to end there. */
bool	 life_is_doubtful(const struct record *r, const char *address,
	    int64_t ttl);
/* Where a proxy gets out, and direct connections to the same host are lost:
 * says so in a diagnosis of what is lost on the way out, after the words that
 * count its lines. */
void	 proxy_tell(struct record *r, struct diagnosis *d,
	    const char *count);

#endif
