/* SPDX-License-Identifier: MIT */
/* Owns how a site in a list is told to stand. */
#include "tui/views/standing.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/judge/deviation.h"
#include "tui/work/words.h"

#ifndef SITEWALK_VERSION
#define SITEWALK_VERSION "0"
#endif

struct look {
	const char *word;
	enum glyph glyph;
	enum role role;
};

/* TRANSLATORS: how a site stands; this and the six below: max 10 columns */
static const struct look unreadable = {N_("UNREADABLE"), GLYPH_WARN, ROLE_BAD};
static const struct look unchecked = {N_("UNCHECKED"), GLYPH_WAIT, ROLE_QUIET};
static const struct look cut_short = {N_("CUT SHORT"), GLYPH_WARN, ROLE_WARN};
static const struct look changed = {N_("CHANGED"), GLYPH_SKIP, ROLE_NORMAL};
static const struct look judged[] = {
    [NOT_READY] = {N_("NOT YET"), GLYPH_FAIL, ROLE_BAD},
    /* TRANSLATORS: ready, with deviations that someone accepted */
    [READY_WITH_DEVIATIONS] = {N_("DEVIATIONS"), GLYPH_WARN, ROLE_WARN},
    [READY] = {N_("READY"), GLYPH_PASS, ROLE_GOOD},
};

/* Would today's program come to the same? Judging follows from packs, answers
 * and observations alone, and from the day only where an acceptance ends. */
static bool
is_as_of_today(struct arena *a, const struct pack_set *packs,
    const struct site_standing *s)
{
	char today[DEVIATION_DATE_SIZE];
	bool same = strcmp(s->tool, SITEWALK_VERSION) == 0;
	const struct pack *p;
	size_t i;

	deviation_suggest(clock_wall_us(), 0, today);
	if (*s->until != '\0' && strcmp(today, s->until) > 0)
		return false;
	for (i = 0; same && i < s->packs.count; i++) {
		char *product = arena_strdup(a, s->packs.item[i]);
		char *sha256 = strchr(product, ' ');

		if (sha256 == NULL)
			return false;
		*sha256++ = '\0';
		p = pack_find(packs, product);
		same = p != NULL && strcmp(p->sha256, sha256) == 0;
	}
	return same;
}

/* A sentence that was kept in another language is told by its number. */
static const char *
block_text(struct arena *a, const struct site_standing *s)
{
	char language[I18N_LANGUAGE_SIZE];

	if (s->nblocks == 0)
		return NULL;
	i18n_language(language);
	if (*s->brief == '\0' || strcmp(s->language, language) != 0)
		return arena_printf(a,
		    P_("%zu thing is in the way of the handover.",
			"%zu things are in the way of the handover.",
			s->nblocks),
		    s->nblocks);
	if (s->nblocks == 1)
		return s->brief;
	return arena_printf(a,
	    P_("%1$s (and %2$zu more)", "%1$s (and %2$zu more)",
		s->nblocks - 1),
	    s->brief, s->nblocks - 1);
}

static const char *
as_of_text(struct arena *a, const struct site_standing *s, const char *why)
{
	if (why == NULL)
		return arena_printf(a,
		    _("As of %s. Open it to judge it as of today."), s->day);
	return arena_printf(a, _("As of %1$s: %2$s"), s->day, why);
}

static const struct look *
look_of(const struct site_summary *s)
{
	if (s->problem != NULL)
		return &unreadable;
	if (s->last_run_us == 0)
		return &unchecked;
	if (!s->complete)
		return &cut_short;
	return s->standing == NULL ? &changed : &judged[s->standing->readiness];
}

static const char *
why_text(struct arena *a, const struct pack_set *packs,
    const struct site_summary *s)
{
	const char *why;

	if (s->problem != NULL)
		return s->problem;
	if (s->last_run_us == 0 || !s->complete)
		return NULL;
	if (s->standing == NULL)
		return _("Something was changed since it was judged. Open it "
			 "to see how it stands.");
	why = block_text(a, s->standing);
	return is_as_of_today(a, packs, s->standing) ?
	    why :
	    as_of_text(a, s->standing, why);
}

void
standing_tell(struct arena *a, const struct pack_set *packs,
    const struct site_summary *s, struct standing *out)
{
	const struct look *look = look_of(s);

	*out = (struct standing){look->word, look->glyph, look->role, NULL,
	    why_text(a, packs, s)};
	if (s->problem == NULL && s->last_run_us != 0)
		out->when = arena_printf(a, _("checked %s"),
		    words_when(a, s->last_run_us));
}
