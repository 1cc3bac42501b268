/* SPDX-License-Identifier: MIT */
/* One cause: how it is known, and every line that it explains. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "tui/views/evidence.h"
#include "tui/work/words.h"

static void
paragraph(struct page *p, const char *heading, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	page_heading(p, heading);
	page_text(p, ROLE_NORMAL, 2, text);
}

static void
build_rows(struct page *p, const struct record *r, const char *prefix,
    const struct strlist *ids, const struct strlist *but)
{
	size_t i;

	for (i = 0; i < ids->count; i++) {
		const struct need *n = record_need(r, ids->item[i]);
		const struct state_look *look;
		struct item *row;

		if (n == NULL || (but != NULL && strlist_has(but, n->id)))
			continue;
		look = words_of_outcome(n->outcome);
		row = page_row(p, arena_printf(p->arena, "%s%s", prefix, n->id),
		    words_need(p->arena, n));
		row->data = n->id;
		row->glyph = look->glyph;
		row->role = look->role;
		row->word = _(look->word);
	}
}

static void
build_place(struct page *p, const struct diagnosis *d)
{
	if (d->cause != CAUSE_NONE)
		page_textf(p, ROLE_NORMAL, 0, "%s: %s", _("Cause"),
		    word_label(&words_cause, (int)d->cause));
	if (d->zone != ZONE_NONE)
		page_textf(p, ROLE_NORMAL, 0, "%s: %s", _("Where"),
		    word_label(&words_zone, (int)d->zone));
	if (d->whose != NULL)
		page_textf(p, ROLE_NORMAL, 0, "%s: %s", _("Whose it is"),
		    d->whose);
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	size_t i, index = strtoul(f->arg, NULL, 10);
	const struct diagnosis *d;
	struct page *p = &f->page;
	struct item *top;

	if (index >= r->ndiagnoses) {
		page_text(p, ROLE_NORMAL, 0,
		    _("This cause is no longer among those of the site."));
		return;
	}
	d = &r->diagnoses[index];
	top = evidence_build_top(p, d->summary);
	if (r->ndiagnoses > 1)
		top->verb = _("Next cause");
	build_place(p, d);
	paragraph(p, _("What you do now"), d->advice_installer);
	paragraph(p, _("What the IT desk does"), d->advice_it);
	paragraph(p, _("What the customer should know"), d->advice_customer);
	if (d->ruled_out.count > 0)
		page_heading(p, _("What rules out other explanations"));
	for (i = 0; i < d->ruled_out.count; i++)
		page_text(p, ROLE_NORMAL, 2, d->ruled_out.item[i]);
	page_heading(p, _("What it explains"));
	build_rows(p, r, "", &d->explains, NULL);
	if (d->clears.count > d->explains.count) {
		page_heading(p, _("What can be decided once it is mended"));
		build_rows(p, r, "c:", &d->clears, &d->explains);
	}
}

static void
show_other(struct screen *sc, struct frame *f, size_t step)
{
	size_t n = sc->site->record->ndiagnoses;
	char text[24];

	if (n < 2)
		return;
	snprintf(text, sizeof text, "%zu",
	    (strtoul(f->arg, NULL, 10) + step) % n);
	mem_free(f->arg);
	f->arg = mem_strdup(text);
	page_focus(&f->page, NULL);
	f->page.top = 0;
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	if (strcmp(i->id, EVIDENCE_TOP_ID) == 0)
		show_other(sc, f, 1);
	else
		screen_push(sc, &view_finding, i->data);
}

static char *
copy_name(struct screen *sc, struct arena *a)
{
	return arena_printf(a, "cause-%lu",
	    strtoul(screen_top(sc)->arg, NULL, 10) + 1);
}

static void
replace(struct screen *sc)
{
	evidence_copy(sc, copy_name(sc, screen_top(sc)->page.arena), NULL,
	    NULL);
}

static void
act_copy(struct screen *sc, struct frame *f)
{
	evidence_copy(sc, copy_name(sc, f->page.arena), NULL, replace);
}

static void
act_next(struct screen *sc, struct frame *f)
{
	show_other(sc, f, 1);
}

static void
act_last(struct screen *sc, struct frame *f)
{
	show_other(sc, f, sc->site->record->ndiagnoses - 1);
}

static bool
has_others(const struct screen *sc, const struct frame *f)
{
	(void)f;
	return sc->site->record->ndiagnoses > 1;
}

static const struct action actions[] = {
    {'n', "n", N_("Next cause"), N_("Show the next cause."), act_next,
	has_others},
    {'N', "N", NULL, N_("Show the previous cause."), act_last, has_others},
    {'y', "y", N_("To a file"),
	N_("Write this page as text to a file beside the site's, to be "
	   "mailed."),
	act_copy, NULL},
};

const struct view view_diagnosis = {
    .name = "diagnosis",
    .title = N_("One cause"),
    .help = N_("Why this is taken for the cause, and every need that it "
	       "explains. Enter on a need shows everything about it."),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .build = build,
    .activate = activate,
};
