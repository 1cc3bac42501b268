/* SPDX-License-Identifier: MIT */
/* Owns the comparison of two judgements. */
#include "core/judge/compare.h"

#include <stdlib.h>
#include <string.h>

/* The needs of one side by id; of several with one id the first counts. */
struct index {
	const struct need **item;
	size_t count;
};

static int
by_id(const void *x, const void *y)
{
	const struct need *const *a = x, *const *b = y;
	int order = strcmp((*a)->id, (*b)->id);

	if (order != 0)
		return order;
	return *a < *b ? -1 : *a > *b;
}

static int
same_id(const void *id, const void *need)
{
	return strcmp(id, (*(const struct need *const *)need)->id);
}

/* A stranger's file may have ten thousand of them. */
static struct index
make_index(struct arena *a, const struct need *list, size_t count)
{
	struct index x = {arena_array(a, count + 1, sizeof *x.item), 0};
	size_t i;

	for (i = 0; i < count; i++)
		x.item[i] = &list[i];
	if (count > 0)
		qsort(x.item, count, sizeof *x.item, by_id);
	for (i = 0; i < count; i++) {
		if (x.count == 0 ||
		    strcmp(x.item[x.count - 1]->id, x.item[i]->id) != 0)
			x.item[x.count++] = x.item[i];
	}
	return x;
}

static const struct need *
find(const struct index *x, const char *id)
{
	const struct need **found = x->count == 0 ?
	    NULL :
	    bsearch(id, x->item, x->count, sizeof *x->item, same_id);

	return found != NULL && (*found)->applies ? *found : NULL;
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
	struct index old_ones = make_index(a, then, nthen);
	struct index new_ones = make_index(a, now, nnow);
	const struct need *old;
	size_t i;

	memset(out, 0, sizeof *out);
	for (i = 0; i < nnow; i++) {
		if (!now[i].applies)
			continue;
		old = find(&old_ones, now[i].id);
		if (old == NULL)
			add(a, out, CHANGE_NEW, NULL, &now[i]);
		else if (!is_same(old, &now[i]))
			add(a, out, CHANGE_JUDGED, old, &now[i]);
		else
			out->same++;
	}
	for (i = 0; i < nthen; i++) {
		if (then[i].applies && find(&new_ones, then[i].id) == NULL)
			add(a, out, CHANGE_GONE, &then[i], NULL);
	}
}
