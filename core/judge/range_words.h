/* SPDX-License-Identifier: MIT */
/* Inside the judge: what a few ports say of a whole range. */
#ifndef JUDGE_RANGE_WORDS_H
#define JUDGE_RANGE_WORDS_H

#include "core/judge/verdict.h"

/* Were only some of the ports of n tried? */
bool	 range_is_sampled(const struct need *n);
/* How many, which, how far they got, and what that supports; for a need that
 * passes on v's rung, and for any other. Both in r->judged. */
char	*range_proof(struct record *r, const struct need *n,
	    const struct verdict *v, const char *about);
char	*range_rest(struct record *r, const struct need *n);
/* "32768, 65535": the ports that were tried in vain while others of the range
 * were proved; NULL where it is all or none. In r->judged. */
char	*range_missing(struct record *r, const struct need *n);

#endif
