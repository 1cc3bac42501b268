/* SPDX-License-Identifier: MIT */
/* The smallest set of hypotheses that explains every trouble; of several as
 * small, the one whose causes lie deeper. */
#include <stdlib.h>
#include <string.h>

#include "core/judge/diagnosing.h"

#define MAX_SEARCHED 6 /* causes beside those that are certain */
#define MAX_STEPS 20000

static int
compare_text(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

#define DIFFER(x, y, member) \
	do { \
		if ((x)->member != (y)->member) \
			return (x)->member < (y)->member ? -1 : 1; \
	} while (0)

static int
compare_guesses(const void *a, const void *b)
{
	const struct hypothesis *x = a, *y = b;

	DIFFER(x, y, scope);
	DIFFER(y, x, count);
	DIFFER(x, y, cause);
	DIFFER(x, y, zone);
	DIFFER(x, y, how);
	DIFFER(x, y, protocol);
	DIFFER(x, y, six);
	return compare_text(x->owner, y->owner);
}

/* Does a explain all that is in b? */
static bool
includes(const struct bench *b, const struct hypothesis *x,
    const struct hypothesis *y)
{
	size_t i;

	for (i = 0; i < b->ntroubles; i++) {
		if (y->explains[i] && !x->explains[i])
			return false;
	}
	return true;
}

/* What a deeper one explains as well needs no shallower one. */
static void
drop_needless(struct bench *b)
{
	size_t i, k, n = 0;
	bool needless;

	for (i = 0; i < b->nguesses; i++) {
		needless = b->guess[i].count == 0;
		for (k = 0; k < n && !needless; k++)
			needless = includes(b, &b->guess[k], &b->guess[i]);
		if (!needless)
			b->guess[n++] = b->guess[i];
	}
	b->nguesses = n;
}

/* --- search --- */

struct search {
	struct bench *b;
	unsigned *covered; /* by how many of those chosen, for each trouble */
	size_t steps;
};

static void
choose(struct search *s, struct hypothesis *h, bool chosen)
{
	size_t i;

	h->chosen = chosen;
	for (i = 0; i < s->b->ntroubles; i++) {
		if (h->explains[i])
			s->covered[i] = chosen ? s->covered[i] + 1 :
						 s->covered[i] - 1;
	}
}

static size_t
count_candidates(const struct bench *b, size_t trouble)
{
	size_t i, n = 0;

	for (i = 0; i < b->nguesses; i++)
		n += b->guess[i].explains[trouble];
	return n;
}

/* The open trouble with the fewest explanations, or ntroubles. */
static size_t
next_open(const struct search *s)
{
	size_t i, n, best = s->b->ntroubles, least = SIZE_MAX;

	for (i = 0; i < s->b->ntroubles; i++) {
		if (s->covered[i] > 0)
			continue;
		n = count_candidates(s->b, i);
		if (n < least) {
			least = n;
			best = i;
		}
	}
	return best;
}

static bool
search_depth(struct search *s, unsigned left)
{
	struct bench *b = s->b;
	size_t i, open = next_open(s);

	if (open == b->ntroubles)
		return true;
	if (left == 0 || ++s->steps > MAX_STEPS)
		return false;
	for (i = 0; i < b->nguesses; i++) {
		if (!b->guess[i].explains[open])
			continue;
		choose(s, &b->guess[i], true);
		if (search_depth(s, left - 1))
			return true;
		choose(s, &b->guess[i], false);
	}
	return false;
}

/* Where there are too many causes to try them all: the largest first. */
static void
choose_largest(struct search *s)
{
	struct bench *b = s->b;
	struct hypothesis *best;
	size_t i, k, n, most;

	do {
		best = NULL;
		most = 0;
		for (i = 0; i < b->nguesses; i++) {
			for (k = n = 0; k < b->ntroubles; k++)
				n += b->guess[i].explains[k] &&
				    s->covered[k] == 0;
			if (n > most) {
				most = n;
				best = &b->guess[i];
			}
		}
		if (best != NULL)
			choose(s, best, true);
	} while (best != NULL);
}

/* What has a single explanation settles it. */
static void
choose_certain(struct search *s)
{
	struct bench *b = s->b;
	size_t i, k;

	for (i = 0; i < b->ntroubles; i++) {
		if (s->covered[i] > 0 || count_candidates(b, i) != 1)
			continue;
		for (k = 0; !b->guess[k].explains[i]; k++)
			;
		choose(s, &b->guess[k], true);
	}
}

void
cover_choose(struct bench *b)
{
	struct search s = {b, NULL, 0};
	unsigned depth;

	if (b->ntroubles == 0)
		return;
	s.covered = arena_array(b->r->judged, b->ntroubles, sizeof *s.covered);
	qsort(b->guess, b->nguesses, sizeof *b->guess, compare_guesses);
	drop_needless(b);
	choose_certain(&s);
	for (depth = 0; depth <= MAX_SEARCHED; depth++) {
		if (search_depth(&s, depth))
			return;
	}
	choose_largest(&s);
}
