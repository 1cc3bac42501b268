/* SPDX-License-Identifier: MIT */
/* Looking up the probe types that packs may name. For the files of core/pack
 * only. */
#ifndef PACK_VOCABULARY_H
#define PACK_VOCABULARY_H

#include "core/pack/pack.h"

#define PROBE_MANUAL "manual"	/* only a person can tell */

/* NULL when there is no check of that name. */
const struct probe_word *vocabulary_find(const struct pack_vocabulary *vocab,
	    const char *name);

#endif
