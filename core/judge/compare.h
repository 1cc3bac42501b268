/* SPDX-License-Identifier: MIT */
/* Two judgements of the same lines: what differs, and since when. Used for
 * judging old observations again, and for two handovers of one site. */
#ifndef JUDGE_COMPARE_H
#define JUDGE_COMPARE_H

#include "core/record/model.h"

enum change_kind {
	CHANGE_JUDGED,		/* the same line, another judgement */
	CHANGE_NEW,		/* there was no such line then, or it did not
				 * apply */
	CHANGE_GONE,		/* there is no such line now, or it does not
				 * apply any more */
};

struct change {
	enum change_kind kind;
	const struct need *then, *now;	/* NULL where there is none */
};

struct changes {
	struct change *item;	/* in the order of now, what is gone last */
	size_t	 count;
	size_t	 same;		/* lines that apply and are judged alike */
};

/* Lines are the same by their id; judgements by outcome, rung, cause, path
 * and zone. Texts may differ, since programs learn to say things better. */
void	 changes_find(struct arena *a, const struct need *then, size_t nthen,
	    const struct need *now, size_t nnow, struct changes *out);

#endif
