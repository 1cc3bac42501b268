/* SPDX-License-Identifier: MIT */
/* Moving a need into a record's arena. For the files of core/pack only. */
#ifndef PACK_OWN_H
#define PACK_OWN_H

#include "core/record/model.h"

/* Makes all that n points to live in a, the judgement excepted. */
void	 need_own(struct arena *a, struct need *n);

#endif
