/* SPDX-License-Identifier: MIT */
/* What is told of a file of packs that has mistakes: nobody should believe
 * that it is used. */
#ifndef TUI_LEFT_OUT_H
#define TUI_LEFT_OUT_H

#include "core/pack/pack.h"

/* One sentence about the file with this index in packs->left_out: which, why,
 * and what is used instead; in a. */
const char *left_out_text(struct arena *a, const struct pack_set *packs,
	    size_t index);
/* All of them on standard error, for the commands. */
void	 left_out_say(const struct pack_set *packs);

#endif
