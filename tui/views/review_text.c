/* SPDX-License-Identifier: MIT */
/* Owns what a row of the list of handovers says. */
#include "tui/views/review_text.h"

#include <string.h>

#include "tui/work/words.h"

static const char *
when_text(struct arena *a, const struct review_row *r)
{
	if (r->checked_us == 0)
		return _("never checked");
	return arena_printf(a,
	    r->complete ? _("checked %s") : _("checks cut short %s"),
	    words_when(a, r->checked_us));
}

/* Kept: each key draws the page anew, and there may be ten thousand rows. */
static const char *
brief_text(struct arena *a, struct review_row *r)
{
	const char *seal = "";

	if (r->brief != NULL)
		return r->brief;
	if (r->redacted)
		seal = _("a copy");
	else if (r->seal_known)
		seal = review_seal_label(r->seal);
	r->brief = mem_printf("%s, %s", when_text(a, r), seal);
	return r->brief;
}

const char *
review_text_note(struct arena *a, struct review_row *r, bool focused)
{
	const char *brief;

	if (r->verdict == REVIEW_REFUSED)
		return focused ?
		    arena_printf(a, "%s (%s)", r->problem, r->file) :
		    r->problem;
	/* Not kept: the one that takes its place may be read later. */
	brief = r->newer == NULL ?
	    brief_text(a, r) :
	    arena_printf(a, _("%s, superseded"), brief_text(a, r));
	if (!focused)
		return brief;
	if (*r->cause == '\0')
		return arena_printf(a, "%s (%s)", brief, r->file);
	return arena_printf(a, _("%1$s: %2$s (whose: %3$s). File: %4$s"), brief,
	    r->cause, r->whose, r->file);
}

void
review_text_renew(const struct review_table *t,
    char language[I18N_LANGUAGE_SIZE])
{
	char now[I18N_LANGUAGE_SIZE];
	size_t i;

	i18n_language(now);
	if (strcmp(now, language) == 0)
		return;
	memcpy(language, now, sizeof now);
	for (i = 0; i < t->count; i++) {
		mem_free(t->row[i]->brief);
		t->row[i]->brief = NULL;
	}
}
