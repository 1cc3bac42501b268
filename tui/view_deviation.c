/* SPDX-License-Identifier: MIT */
/* A failure that a named person accepts: owner, reason, until when, initials.
 * Half an acceptance is none, so it is stored by the button; what is typed is
 * kept as a draft until then. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/view.h"
#include "tui/view_words.h"

#define INITIALS_MAX 8 /* columns */

static const struct {
	const char *id;
	const char *label;
	size_t offset;
	bool needed;
} fields[] = {
    {"owner", N_("Who accepts it (owner)"), offsetof(struct deviation, owner),
	true},
    {"reason", N_("Why"), offsetof(struct deviation, reason), true},
    {"expires", N_("Until (2026-12-31)"), offsetof(struct deviation, expires),
	false},
    {"initials", N_("Your initials"), offsetof(struct deviation, initials),
	true},
};
#define NFIELDS (sizeof fields / sizeof *fields)

static char **
member(struct deviation *d, size_t offset)
{
	return (char **)(void *)((char *)d + offset);
}

static char *
draft_id(struct arena *a, const struct frame *f, size_t field)
{
	return arena_printf(a, "x:%s:%s", f->arg, fields[field].id);
}

/* What stands in each field: what is typed, else what was stored. */
static void
read_fields(struct screen *sc, struct frame *f, struct arena *a,
    struct deviation *d)
{
	const struct record *r = sc->site->record;
	const struct draft *draft;
	size_t i;

	memset(d, 0, sizeof *d);
	for (i = 0; i < r->ndeviations; i++) {
		if (strcmp(r->deviations[i].requirement, f->arg) == 0)
			*d = r->deviations[i];
	}
	d->requirement = f->arg;
	for (i = 0; i < NFIELDS; i++) {
		draft = screen_draft(sc, draft_id(a, f, i));
		if (draft != NULL)
			*member(d, fields[i].offset) = arena_strdup(a,
			    draft->text);
		else if (*member(d, fields[i].offset) == NULL)
			*member(d, fields[i].offset) = arena_strdup(a, "");
	}
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct need *n = record_need(sc->site->record, f->arg);
	struct page *p = &f->page;
	struct deviation d;
	size_t i;

	if (n != NULL)
		page_text(p, ROLE_TITLE, 0, words_need(p->arena, n));
	page_text(p, ROLE_NORMAL, 0,
	    _("An accepted failure stays a failure in the handover, with the "
	      "name of who accepts it. Leave the date empty if there is "
	      "none."));
	page_blank(p);
	read_fields(sc, f, p->arena, &d);
	for (i = 0; i < NFIELDS; i++)
		screen_field(sc, p, draft_id(p->arena, f, i),
		    _(fields[i].label), *member(&d, fields[i].offset))
		    ->index = i;
	p->next = _("Accept this failure");
}

static bool
is_date(const char *s)
{
	char full[32];
	int64_t when;

	if (strlen(s) != 10)
		return false;
	memcpy(full, s, 10);
	memcpy(full + 10, "T00:00:00Z", 11);
	return clock_parse_iso(full, &when);
}

static const char *
problem_of(size_t field, const char *text)
{
	if (fields[field].needed && text_is_space(text))
		return _("This has to be filled in.");
	if (strcmp(fields[field].id, "expires") == 0 && *text != '\0' &&
	    !is_date(text))
		return _("Write the date as year-month-day, for example "
			 "2026-12-31, or leave it empty.");
	if (strcmp(fields[field].id, "initials") == 0 &&
	    text_width(text) > INITIALS_MAX)
		return _("Initials are at most 8 letters.");
	return NULL;
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	const char *problem = leaving && *text != '\0' ?
	    problem_of(i->index, text) :
	    NULL;

	(void)f;
	screen_set_draft(sc, i->id, text, problem);
}

static void
store(struct screen *sc, struct frame *f)
{
	struct arena *a = f->page.arena;
	const char *problem;
	struct deviation d;
	struct error err;
	size_t i;

	read_fields(sc, f, a, &d);
	for (i = 0; i < NFIELDS; i++) {
		problem = problem_of(i, *member(&d, fields[i].offset));
		if (problem == NULL)
			continue;
		page_focus(&f->page, draft_id(a, f, i));
		screen_say(sc, ROLE_BAD, "%s", problem);
		return;
	}
	d.when_us = clock_wall_us();
	if (site_deviate(sc->site, &d, &err) != 0) {
		screen_say_error(sc, &err);
		return;
	}
	for (i = 0; i < NFIELDS; i++)
		screen_set_draft(sc, draft_id(a, f, i), NULL, NULL);
	if (!screen_is_running(sc))
		site_assess(sc->site);
	screen_pop(sc);
	screen_say(sc, ROLE_GOOD, "%s", _("The acceptance is recorded."));
}

const struct view view_deviation = {
    .name = "deviation",
    .title = N_("Accept a failure"),
    .help = N_("Use this where the customer or your company decides to live "
	       "with a failure. It needs an owner, a reason and your "
	       "initials."),
    .build = build,
    .typed = typed,
    .next = store,
};
