/* SPDX-License-Identifier: MIT */
/* Owns guessing which known word an unknown one was meant to be. */
#include "tui/commands/suggest.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/i18n.h"

#define WORD_MAX 40
#define LIST_MAX 4096

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein's distance; two rows of his table are enough. */
static unsigned
distance(const char *a, size_t la, const char *b, size_t lb)
{
	unsigned row[WORD_MAX + 1], diagonal, above;
	size_t i, j;

	for (j = 0; j <= lb; j++)
		row[j] = (unsigned)j;
	for (i = 1; i <= la; i++) {
		diagonal = row[0];
		row[0] = (unsigned)i;
		for (j = 1; j <= lb; j++) {
			above = row[j];
			row[j] = least(above + 1, row[j - 1] + 1,
			    diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[lb];
}

const char *
suggest_nearest(const char *typed, const struct strlist *words)
{
	size_t i, len = strlen(typed), other;
	unsigned d, best = WORD_MAX;
	const char *nearest = NULL;

	if (len == 0 || len > WORD_MAX)
		return NULL;
	for (i = 0; i < words->count; i++) {
		other = strlen(words->item[i]);
		if (other > WORD_MAX)
			continue;
		/* The start of a word is as good as one slip. */
		d = other > len && strncmp(words->item[i], typed, len) == 0 ?
		    1 :
		    distance(typed, len, words->item[i], other);
		if (d < best) {
			best = d;
			nearest = words->item[i];
		}
	}
	return best <= 1 + len / 3 ? nearest : NULL;
}

char *
suggest_list(struct arena *a, const struct strlist *words)
{
	struct buf b;
	char *text;
	size_t i;

	buf_init(&b, LIST_MAX);
	for (i = 0; i < words->count; i++)
		buf_addf(&b, "%s%s", i > 0 ? ", " : "", words->item[i]);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

char *
suggest_hint(struct arena *a, const char *typed, const struct strlist *words)
{
	const char *nearest = suggest_nearest(typed, words);
	const char *all = suggest_list(a, words);

	if (nearest == NULL)
		return arena_printf(a, _("There are: %s."), all);
	return arena_printf(a, _("Did you mean %s? There are: %s."), nearest,
	    all);
}
