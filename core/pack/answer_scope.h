/* SPDX-License-Identifier: MIT */
/* The answer that counts now, for the files of core/pack only. */
#ifndef PACK_ANSWER_SCOPE_H
#define PACK_ANSWER_SCOPE_H

#include "core/pack/pack.h"

/* NULL while unknown, and for a question that is not asked (any more): what
 * was answered before another answer made it moot does not count. */
const char *answer_in_force(const struct pack_set *packs,
	    const struct record *r, const struct pack *p,
	    const char *question);

#endif
