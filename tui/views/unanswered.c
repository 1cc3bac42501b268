/* SPDX-License-Identifier: MIT */
/* Owns the way to the next question without an answer. */
#include "tui/views/unanswered.h"

#include "core/base/i18n.h"

static bool
is_open(const struct screen *sc, size_t i)
{
	return walk_page(sc->walk, i)->kind == WALK_QUESTIONS &&
	    walk_state(sc->walk, i) != WALK_DONE;
}

size_t
unanswered_pages(const struct screen *sc)
{
	size_t i, n = 0;

	for (i = 0; sc->walk != NULL && i < walk_count(sc->walk); i++)
		n += is_open(sc, i);
	return n;
}

/* On from the page where one is, and round; that page itself comes last, and
 * opens anew where its first question without an answer is. */
void
unanswered_act(struct screen *sc, struct frame *f)
{
	size_t i, n = walk_count(sc->walk), at = walk_index(sc->walk);

	if (screen_has_problem(sc, f))
		return;
	for (i = 1; i <= n; i++) {
		if (!is_open(sc, (at + i) % n))
			continue;
		screen_go(sc, (at + i) % n);
		return;
	}
}

static bool
find_plan(const struct screen *sc, size_t *index)
{
	size_t i, n = sc->walk != NULL ? walk_count(sc->walk) : 0;

	for (i = 0; i < n; i++) {
		if (walk_page(sc->walk, i)->kind != WALK_PLAN)
			continue;
		*index = i;
		return true;
	}
	return false;
}

/* What cannot be left open keeps one here, as on the way by pages. */
void
unanswered_skip(struct screen *sc, struct frame *f)
{
	struct error err;
	size_t i;

	if (screen_has_problem(sc, f))
		return;
	if (walk_blocked(sc->walk, &err) != 0)
		screen_say_error(sc, &err);
	else if (find_plan(sc, &i))
		screen_go(sc, i);
}

bool
unanswered_can_skip(const struct screen *sc, const struct frame *f)
{
	size_t i;

	(void)f;
	return find_plan(sc, &i);
}

bool
unanswered_shown(const struct screen *sc, const struct frame *f)
{
	(void)f;
	return unanswered_pages(sc) > 0;
}
