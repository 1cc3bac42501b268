/* SPDX-License-Identifier: MIT */
/* Owns the comparison of two judgements. */
#include "core/judge/compare.h"

#include <string.h>

static const struct need *
find(const struct need *list, size_t count, const char *id)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(list[i].id, id) == 0)
			return list[i].applies ? &list[i] : NULL;
	}
	return NULL;
}

static bool
is_same(const struct need *a, const struct need *b)
{
	return a->outcome == b->outcome && a->rung == b->rung &&
	    a->cause == b->cause && a->path == b->path && a->zone == b->zone;
}

static void
add(struct arena *a, struct changes *out, enum change_kind kind,
    const struct need *then, const struct need *now)
{
	*arena_push(a, out->item, out->count) = (struct change){kind, then,
	    now};
}

void
changes_find(struct arena *a, const struct need *then, size_t nthen,
    const struct need *now, size_t nnow, struct changes *out)
{
	const struct need *old;
	size_t i;

	memset(out, 0, sizeof *out);
	for (i = 0; i < nnow; i++) {
		if (!now[i].applies)
			continue;
		old = find(then, nthen, now[i].id);
		if (old == NULL)
			add(a, out, CHANGE_NEW, NULL, &now[i]);
		else if (!is_same(old, &now[i]))
			add(a, out, CHANGE_JUDGED, old, &now[i]);
		else
			out->same++;
	}
	for (i = 0; i < nthen; i++) {
		if (then[i].applies && find(now, nnow, then[i].id) == NULL)
			add(a, out, CHANGE_GONE, &then[i], NULL);
	}
}
