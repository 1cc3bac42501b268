/* SPDX-License-Identifier: MIT */
/* What is measured to prove one requirement on this site. For the files of
 * core/pack only. */
#ifndef PACK_SPECS_H
#define PACK_SPECS_H

#include "core/pack/pack.h"

/* One need being built; what is made lives in arena. */
struct spec_context {
	struct arena *arena;
	const struct pack_set *packs;
	const struct pack_vocabulary *vocab;
	const struct record *record;
	const struct pack *pack;
	const struct requirement *req;
	struct need *need;
};

/* Fills specs, or says in `unprobed` why there is none. need->ports is set. */
void	 specs_build(const struct spec_context *c);

#endif
