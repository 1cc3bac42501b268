/* SPDX-License-Identifier: MIT */
/* Moving a need into a record's arena. For the files of core/pack only. */
#ifndef PACK_ADOPT_H
#define PACK_ADOPT_H

#include "core/record/model.h"

/* Makes all that n points to live in a. Whatever is equal in `old` (may be
 * NULL; lives in a already) is taken from there instead of being copied. */
void	 need_adopt(struct arena *a, const struct need *old, struct need *n);

#endif
