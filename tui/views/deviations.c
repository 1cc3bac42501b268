/* SPDX-License-Identifier: MIT */
/* All failures that are accepted by name, with what each is worth today. */
#include <string.h>

#include "core/base/i18n.h"
#include "tui/screen/view.h"
#include "tui/work/words.h"

static const struct {
	enum glyph glyph;
	enum role role;
	const char *word;
} looks[] = {
    /* TRANSLATORS: this and the five below: max 10 columns */
    [DEVIATION_UNJUDGED] = {GLYPH_UNSURE, ROLE_NORMAL, N_("OPEN")},
    [DEVIATION_HOLDS] = {GLYPH_PASS, ROLE_WARN, N_("IN FORCE")},
    [DEVIATION_NOT_NEEDED] = {GLYPH_SKIP, ROLE_QUIET, N_("NOT NEEDED")},
    [DEVIATION_EXPIRED] = {GLYPH_FAIL, ROLE_BAD, N_("ENDED")},
    [DEVIATION_INCOMPLETE] = {GLYPH_WARN, ROLE_BAD, N_("INCOMPLETE")},
    [DEVIATION_STRANGER] = {GLYPH_UNSURE, ROLE_WARN, N_("NO LINE")},
};

static void
build_one(struct page *p, const struct record *r, const struct deviation *d)
{
	const struct need *n = record_need(r, d->requirement);
	struct item *row;

	page_blank(p);
	row = page_row(p, d->requirement,
	    n != NULL ? words_need(p->arena, n) : d->requirement);
	row->glyph = looks[d->state].glyph;
	row->role = looks[d->state].role;
	row->word = _(looks[d->state].word);
	row->verb = _("Change");
	row->on = true;
	if (d->says != NULL && d->state != DEVIATION_HOLDS)
		page_text(p, ROLE_NORMAL, 4, d->says);
	page_textf(p, ROLE_NORMAL, 4,
	    _("Accepted by %1$s until %2$s, entered by %3$s on %4$s. Why: "
	      "%5$s"),
	    d->owner, d->expires, d->initials, words_when(p->arena, d->when_us),
	    d->reason);
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	struct page *p = &f->page;
	size_t i;

	if (r->ndeviations == 0) {
		page_text(p, ROLE_NORMAL, 0,
		    _("Nothing is accepted by name. To accept a failure, go "
		      "to that need in the results and press a."));
		return;
	}
	page_text(p, ROLE_NORMAL, 0,
	    _("What is accepted stays a failure on the paper, with the name "
	      "of who accepts it."));
	for (i = 0; i < r->ndeviations; i++)
		build_one(p, r, &r->deviations[i]);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	(void)f;
	screen_push(sc, &view_deviation, i->id);
}

/* The question is gone: the list is on top again. */
static void
withdraw(struct screen *sc)
{
	struct frame *f = screen_top(sc);
	const struct item *i = page_focused(&f->page);

	if (f->view == &view_deviations && i != NULL)
		view_withdraw(sc, i->id);
}

static void
act_withdraw(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_ask(sc,
	    _("Take this acceptance back? The failure then counts again."),
	    _("No, keep it"), _("Yes, take it back"), withdraw);
}

static bool
on_row(const struct screen *sc, const struct frame *f)
{
	(void)sc;
	return page_focused(&f->page) != NULL;
}

static const struct action actions[] = {
    {'w', "w", N_("Take back"),
	N_("Take the acceptance back, so that the failure counts again."),
	act_withdraw, on_row},
};

const struct view view_deviations = {
    .name = "deviations",
    .title = N_("Deviations"),
    .help = N_("Each failure that somebody accepts by name, and whether that "
	       "still counts today. Enter changes it."),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .build = build,
    .activate = activate,
};
