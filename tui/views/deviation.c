/* SPDX-License-Identifier: MIT */
/* A failure that a named person accepts: owner, reason, until when, initials.
 * Half an acceptance is none, so it is stored by the button; what is typed is
 * kept as a draft until then. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/judge/deviation.h"
#include "tui/screen/view.h"
#include "tui/work/words.h"

#define SUGGESTED_DAYS 30
#define WITHDRAW_ID "@withdraw"

static const struct {
	const char *id;
	const char *label;
	size_t offset;
	const char *(*problem)(const char *text);
} fields[] = {
    {"owner", N_("Who accepts it (owner)"), offsetof(struct deviation, owner),
	deviation_owner_problem},
    {"reason", N_("Why"), offsetof(struct deviation, reason),
	deviation_reason_problem},
    {"expires", N_("Until (2026-12-31)"), offsetof(struct deviation, expires),
	deviation_expires_problem},
    {"initials", N_("Your initials"), offsetof(struct deviation, initials),
	deviation_initials_problem},
};
#define NFIELDS (sizeof fields / sizeof *fields)

static char **
member(struct deviation *d, size_t offset)
{
	return (char **)(void *)((char *)d + offset);
}

static char *
draft_id(struct arena *a, const char *requirement, size_t field)
{
	return arena_printf(a, "x:%s:%s", requirement, fields[field].id);
}

/* What stands in each field: what is typed, else what was stored. */
static void
read_fields(struct screen *sc, struct frame *f, struct arena *a,
    struct deviation *d)
{
	const struct record *r = sc->site->record;
	const struct draft *draft;
	char day[DEVIATION_DATE_SIZE];
	size_t i;

	memset(d, 0, sizeof *d);
	for (i = 0; i < r->ndeviations; i++) {
		if (strcmp(r->deviations[i].requirement, f->arg) == 0)
			*d = r->deviations[i];
	}
	d->requirement = f->arg;
	/* A date that fits most repairs; anybody may write another. */
	if (d->expires == NULL || d->expires[0] == '\0') {
		deviation_suggest(clock_wall_us(), SUGGESTED_DAYS, day);
		d->expires = arena_strdup(a, day);
	}
	for (i = 0; i < NFIELDS; i++) {
		draft = screen_draft(sc, draft_id(a, f->arg, i));
		if (draft != NULL)
			*member(d, fields[i].offset) = arena_strdup(a,
			    draft->text);
		else if (*member(d, fields[i].offset) == NULL)
			*member(d, fields[i].offset) = arena_strdup(a, "");
	}
}

static bool
is_stored(const struct record *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->ndeviations; i++) {
		if (strcmp(r->deviations[i].requirement, id) == 0)
			return true;
	}
	return false;
}

/* What is stored is worth today. */
static void
build_today(struct page *p, const struct record *r, const char *requirement)
{
	size_t i;

	for (i = 0; i < r->ndeviations; i++) {
		const struct deviation *d = &r->deviations[i];

		if (strcmp(d->requirement, requirement) == 0 && d->says != NULL)
			page_text(p, ROLE_NORMAL, 0, d->says)
			    ->glyph = d->state == DEVIATION_HOLDS ? GLYPH_PASS :
								    GLYPH_WARN;
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
	build_today(p, sc->site->record, f->arg);
	page_text(p, ROLE_NORMAL, 0,
	    _("An accepted failure stays a failure in the handover, with the "
	      "name of who accepts it. After the last day it counts "
	      "again."));
	page_blank(p);
	read_fields(sc, f, p->arena, &d);
	for (i = 0; i < NFIELDS; i++)
		screen_field(sc, p, draft_id(p->arena, f->arg, i),
		    _(fields[i].label), *member(&d, fields[i].offset))
		    ->index = i;
	if (is_stored(sc->site->record, f->arg))
		page_row(p, WITHDRAW_ID, _("Take this acceptance back"))
		    ->verb = _("Take back");
	p->next = is_stored(sc->site->record, f->arg) ?
	    _("Save the change") :
	    _("Accept this failure");
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	const char *problem = leaving && *text != '\0' ?
	    fields[i->index].problem(text) :
	    NULL;

	(void)f;
	screen_set_draft(sc, i->id, text, problem);
}

static void
forget_drafts(struct screen *sc, const char *requirement)
{
	struct arena *a = arena_new();
	size_t i;

	for (i = 0; i < NFIELDS; i++)
		screen_set_draft(sc, draft_id(a, requirement, i), NULL, NULL);
	arena_free(a);
}

static void
leave(struct screen *sc, struct frame *f, const char *sentence)
{
	forget_drafts(sc, f->arg);
	if (!screen_is_running(sc))
		site_assess(sc->site);
	screen_pop(sc);
	screen_say(sc, ROLE_GOOD, "%s", sentence);
}

void
view_withdraw(struct screen *sc, const char *requirement)
{
	struct deviation d = {0};
	struct error err;

	d.requirement = (char *)(uintptr_t)requirement;
	d.owner = d.reason = d.expires = d.initials = (char *)(uintptr_t) "";
	if (site_deviate(sc->site, &d, &err) != 0) {
		screen_say_error(sc, &err);
		return;
	}
	forget_drafts(sc, requirement);
	if (!screen_is_running(sc))
		site_assess(sc->site);
	screen_say(sc, ROLE_GOOD, "%s", _("The acceptance is taken back."));
}

/* The question is gone: the page is on top again. */
static void
withdraw(struct screen *sc)
{
	struct frame *f = screen_top(sc);

	if (f->view != &view_deviation)
		return;
	view_withdraw(sc, f->arg);
	if (!is_stored(sc->site->record, f->arg))
		screen_pop(sc);
}

static void
ask_withdraw(struct screen *sc)
{
	screen_ask(sc,
	    _("Take this acceptance back? The failure then counts again."),
	    _("No, keep it"), _("Yes, take it back"), withdraw);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	(void)f;
	(void)i;
	ask_withdraw(sc);
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
	if (text_is_space(d.owner) && text_is_space(d.reason) &&
	    is_stored(sc->site->record, f->arg)) {
		ask_withdraw(sc);
		return;
	}
	for (i = 0; i < NFIELDS; i++) {
		problem = fields[i].problem(*member(&d, fields[i].offset));
		if (problem == NULL)
			continue;
		page_focus(&f->page, draft_id(a, f->arg, i));
		screen_say(sc, ROLE_BAD, "%s", problem);
		return;
	}
	d.when_us = clock_wall_us();
	if (site_deviate(sc->site, &d, &err) != 0) {
		screen_say_error(sc, &err);
		return;
	}
	leave(sc, f, _("The acceptance is recorded."));
}

const struct view view_deviation = {
    .name = "deviation",
    .title = N_("Accept a failure"),
    .help = N_("Use this where the customer or your company decides to live "
	       "with a failure. It needs an owner, a reason, a last day and "
	       "your initials. Without owner and reason it is taken back."),
    .build = build,
    .activate = activate,
    .typed = typed,
    .next = store,
};
