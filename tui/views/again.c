/* SPDX-License-Identifier: MIT */
/* Owns measuring again from a result: one need, or all that is a problem.
 * What was seen before stays in the record as earlier evidence. */
#include <string.h>

#include "core/base/i18n.h"
#include "tui/screen/view.h"
#include "tui/work/words.h"

static void
collect(const struct record *r, const char *need, struct arena *a,
    struct strlist *out)
{
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!n->applies || n->nspecs == 0)
			continue;
		if (need == NULL ? words_is_problem(n) :
				   strcmp(n->id, need) == 0)
			strlist_add(a, out, n->id);
	}
}

bool
view_can_retry(const struct screen *sc, const char *need)
{
	struct strlist needs = {0};
	struct arena *a;

	/* Only what was measured once can be measured again. */
	if (screen_is_running(sc) || sc->site->read_only ||
	    sc->site->record->started_us == 0)
		return false;
	a = arena_new();
	collect(sc->site->record, need, a, &needs);
	arena_free(a);
	return needs.count > 0;
}

void
view_retry(struct screen *sc, const char *need)
{
	struct arena *a = arena_new();
	struct strlist needs = {0};

	collect(sc->site->record, need, a, &needs);
	screen_retry(sc, &needs);
	/* One need is looked at where one stands. */
	if (need == NULL && screen_is_running(sc) && walk_go(sc->walk, "run"))
		screen_show_page(sc);
	arena_free(a);
}
