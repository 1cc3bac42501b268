/* SPDX-License-Identifier: MIT */
/* What a check may send beyond its plan, after a failure, in words. */
#ifndef TUI_FOLLOWUPS_H
#define TUI_FOLLOWUPS_H

#include "core/base/mem.h"
#include "core/run/run.h"

/* A sentence for each kind, in a; none where nothing can follow. */
void	 followups_tell(struct arena *a, const struct plan *plan,
	    struct strlist *sentences);

#endif
