/* SPDX-License-Identifier: MIT */
/* One step of a product, in the vendor's order: what was checked for it, what
 * a person confirms, what is written down for the handover. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/answers.h"
#include "core/pack/found.h"
#include "tui/screen/view.h"
#include "tui/work/words.h"

#define SKIPPED "skipped"
#define REASON "r:" /* begins the id of a reason's field */

static const struct {
	const char *value;
	const char *label;
} replies[] = {
    {"yes", N_("Yes")},
    {"no", N_("No")},
    {SKIPPED, N_("Skip this")},
};

/* What a value of each type looks like, where the pack gives no example. */
static const char *const examples[] = {
    [QUESTION_NUMBER] = "12",
    [QUESTION_PORT] = "8080",
    [QUESTION_VERSION] = "16.1.10.7",
    [QUESTION_HOST] = "device.example.com",
    [QUESTION_ADDRESS] = "192.168.1.77",
    [QUESTION_SERIAL] = "504F94A0B1C2",
    [QUESTION_TEXT] = NULL,
};

static const struct need *
need_of(const struct record *r, struct arena *a, const struct pack *p,
    const char *id)
{
	const struct need *n = record_need(r, id);

	return n != NULL ?
	    n :
	    record_need(r, arena_printf(a, "%s.%s", p->product, id));
}

/* How far this page is, with what was only skipped told apart. */
static void
build_progress(struct screen *sc, struct page *page, const struct walk_page *wp)
{
	const struct record *r = sc->site->record;
	const struct attestation *now;
	size_t done, total, i, skipped = 0;

	walk_step_progress(sc->walk, wp, &done, &total);
	for (i = 0; i < wp->step->nconfirm; i++) {
		now = walk_attestation(r, wp->pack->product, wp->step->id,
		    wp->step->confirm[i].id);
		skipped += now != NULL && strcmp(now->answer, SKIPPED) == 0;
	}
	if (total == 0)
		return;
	if (skipped > 0)
		page_textf(page, ROLE_NORMAL, 0,
		    _("%1$zu of %2$zu done, %3$zu more skipped."),
		    done - skipped, total, skipped);
	else
		page_textf(page, ROLE_NORMAL, 0, _("%1$zu of %2$zu done."),
		    done, total);
}

static void
build_checks(struct page *page, const struct record *r, const struct pack *p,
    const struct step *s)
{
	size_t i, shown = 0;

	for (i = 0; i < s->checks.count; i++) {
		const struct need *n = need_of(r, page->arena, p,
		    s->checks.item[i]);
		const struct state_look *look;
		struct item *row;

		if (n == NULL || !n->applies)
			continue;
		if (shown++ == 0)
			page_heading(page, _("Checked for this step"));
		look = words_of_outcome(n->outcome);
		row = page_row(page, n->id, words_need(page->arena, n));
		row->glyph = look->glyph;
		row->role = look->role;
		row->word = _(look->word);
	}
}

static void
build_reason(struct screen *sc, struct page *page, const struct step_item *it,
    const struct attestation *now, size_t index)
{
	screen_field(sc, page,
	    arena_printf(page->arena, REASON "%s.%s.%s", now->product,
		now->step, it->id),
	    _("Why it is skipped"), now->reason != NULL ? now->reason : "")
	    ->index = index;
	if (now->reason == NULL)
		page_text(page, ROLE_WARN, 4,
		    _("Say why in a few words; it stands on the paper."))
		    ->glyph = GLYPH_WARN;
}

static void
build_confirm(struct screen *sc, struct page *page, const struct pack *p,
    const struct step *s, size_t index)
{
	const struct record *r = sc->site->record;
	const struct step_item *it = &s->confirm[index];
	const struct attestation *now = walk_attestation(r, p->product, s->id,
	    it->id);
	struct arena *a = page->arena;
	char *group = arena_printf(a, "c:%s.%s.%s", p->product, s->id, it->id);
	struct item *option;
	size_t i;

	page_heading(page, pack_text(it->text));
	for (i = 0; i < sizeof replies / sizeof *replies; i++) {
		option = page_option(page,
		    arena_printf(a, "%s=%s", group, replies[i].value), group,
		    _(replies[i].label),
		    now != NULL && strcmp(now->answer, replies[i].value) == 0);
		option->index = index;
		option->data = replies[i].value;
	}
	if (now == NULL)
		return;
	if (strcmp(now->answer, "no") == 0 && it->when_missing != NULL)
		page_text(page, ROLE_WARN, 4, pack_text(it->when_missing))
		    ->glyph = GLYPH_WARN;
	if (strcmp(now->answer, SKIPPED) == 0)
		build_reason(sc, page, it, now, index);
	page_textf(page, ROLE_NORMAL, 4,
	    _("Stated by %1$s on %2$s, not measured."),
	    text_is_space(now->who) ? _("somebody not named") : now->who,
	    words_when(a, now->when_us));
}

/* The device that told this very value, or NULL. */
static const char *
told_by(struct screen *sc, struct arena *a, const struct equipment *e)
{
	struct founds list;
	size_t i;

	found_equipment(a, sc->app.packs, sc->site->record, &list);
	for (i = 0; i < list.count; i++) {
		if (strcmp(list.item[i].pack->product, e->product) == 0 &&
		    strcmp(list.item[i].id, e->item) == 0 &&
		    strcmp(list.item[i].value, e->value) == 0)
			return list.item[i].device;
	}
	return NULL;
}

/* What was measured and what was typed are never mixed up. */
static void
build_origin(struct screen *sc, struct page *page, const struct equipment *e)
{
	struct arena *a = page->arena;
	const char *when = words_when(a, e->when_us), *device;

	if (strcmp(e->how, "measured") != 0) {
		page_textf(page, ROLE_NORMAL, 4, _("Typed on %s."), when);
		return;
	}
	device = told_by(sc, a, e);
	if (device != NULL)
		page_textf(page, ROLE_NORMAL, 4,
		    _("Measured on %1$s: told by %2$s."), when, device);
	else
		page_textf(page, ROLE_NORMAL, 4, _("Measured on %s."), when);
}

static void
build_write_down(struct screen *sc, struct page *page, const struct pack *p,
    const struct step *s, size_t index)
{
	const struct step_item *it = &s->write_down[index];
	const struct equipment *now = walk_equipment(sc->site->record,
	    p->product, it->id);

	screen_field(sc, page,
	    arena_printf(page->arena, "w:%s.%s", p->product, it->id),
	    pack_text(it->text), now != NULL ? now->value : "")
	    ->index = index;
	if (now != NULL && *now->value != '\0')
		build_origin(sc, page, now);
}

static const char *
first_open(const struct page *page, const struct record *r,
    const struct pack *p, const struct step *s)
{
	size_t i, k;

	for (k = 0; k < page->nitems; k++) {
		const struct item *it = &page->item[k];

		i = it->index;
		if (it->kind == ITEM_OPTION &&
		    walk_attestation(r, p->product, s->id, s->confirm[i].id) ==
			NULL)
			return it->id;
		if (it->kind == ITEM_FIELD && *it->value == '\0')
			return it->id;
	}
	return PAGE_NEXT_ID;
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct walk_page *wp = walk_current(sc->walk);
	const struct record *r = sc->site->record;
	const struct step *s = wp->step;
	struct page *page = &f->page;
	size_t i;

	if (wp->kind != WALK_STEP)
		return;
	page_text(page, ROLE_NORMAL, 0, pack_text(s->text));
	build_progress(sc, page, wp);
	build_checks(page, r, wp->pack, s);
	for (i = 0; i < s->nconfirm; i++)
		build_confirm(sc, page, wp->pack, s, i);
	if (s->nwrite_down > 0)
		page_heading(page, _("Write down for the handover"));
	for (i = 0; i < s->nwrite_down; i++)
		build_write_down(sc, page, wp->pack, s, i);
	page->next = screen_next_label(sc, page->arena);
	page->first = first_open(page, r, wp->pack, s);
}

static int
attest(struct screen *sc, size_t index, const char *answer, const char *reason,
    struct error *err)
{
	const struct walk_page *wp = walk_current(sc->walk);
	const struct step_item *it = &wp->step->confirm[index];
	struct attestation t = {
	    .product = wp->pack->product,
	    .step = wp->step->id,
	    .id = it->id,
	    .text = it->text,
	    .who = sc->site->record->site.engineer,
	    .when_us = clock_wall_us(),
	};

	t.answer = (char *)(uintptr_t)answer;
	t.reason = (char *)(uintptr_t)reason;
	return site_attest(sc->site, &t, err);
}

/* What is skipped asks why, right below; all else leads on. */
static void
choose(struct screen *sc, struct frame *f, size_t index, const char *answer)
{
	const struct walk_page *wp = walk_current(sc->walk);
	const struct attestation *now;
	struct error err;
	bool skip = strcmp(answer, SKIPPED) == 0;

	if (wp->kind != WALK_STEP || index >= wp->step->nconfirm)
		return;
	now = walk_attestation(sc->site->record, wp->pack->product,
	    wp->step->id, wp->step->confirm[index].id);
	if (attest(sc, index, answer, skip && now != NULL ? now->reason : NULL,
		&err) != 0)
		screen_say_error(sc, &err);
	else if (skip)
		page_focus(&f->page,
		    arena_printf(f->page.arena, REASON "%s.%s.%s",
			wp->pack->product, wp->step->id,
			wp->step->confirm[index].id));
	else
		page_key(&f->page, UI_KEY_TAB);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	if (i->kind == ITEM_ROW)
		screen_push(sc, &view_finding, i->id);
	else if (i->kind == ITEM_OPTION)
		choose(sc, f, i->index, i->data);
}

/* 0 when text is a value of the item's type; its normal form is *value. */
static int
check(struct arena *a, const struct step_item *it, const char *text,
    char **value, struct error *err)
{
	struct question q = {0};

	q.id = it->id;
	q.ask = it->text;
	q.type = it->type;
	q.max = UINT64_MAX;
	q.must = true;
	if (it->type == QUESTION_CHOICE || it->type == QUESTION_YESNO ||
	    text_is_space(text)) {
		*value = arena_strdup(a, text_is_space(text) ? "" : text);
		return 0;
	}
	return answer_check(a, &q, text, value, err);
}

static void
typed_reason(struct screen *sc, const struct item *i, const char *text)
{
	const struct walk_page *wp = walk_current(sc->walk);
	const struct attestation *now;
	struct error err;

	if (i->index >= wp->step->nconfirm)
		return;
	now = walk_attestation(sc->site->record, wp->pack->product,
	    wp->step->id, wp->step->confirm[i->index].id);
	if (strcmp(now != NULL && now->reason != NULL ? now->reason : "",
		text) != 0 &&
	    attest(sc, i->index, SKIPPED, text, &err) != 0) {
		screen_set_draft(sc, i->id, text, err.what);
		screen_say_error(sc, &err);
		return;
	}
	screen_set_draft(sc, i->id, NULL, NULL);
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	const struct walk_page *wp = walk_current(sc->walk);
	struct arena *a = f->page.arena;
	const struct equipment *now;
	struct equipment e = {0};
	const struct step_item *it;
	struct error err = {0};
	char *value, *problem;

	if (wp->kind != WALK_STEP)
		return;
	if (strncmp(i->id, REASON, strlen(REASON)) == 0) {
		typed_reason(sc, i, text);
		return;
	}
	if (i->index >= wp->step->nwrite_down)
		return;
	it = &wp->step->write_down[i->index];
	if (check(a, it, text, &value, &err) != 0) {
		problem = !leaving ? NULL :
		    examples[it->type] == NULL ?
				     err.what :
				     arena_printf(a, _("%s For example: %s"),
					 err.what, examples[it->type]);
		screen_set_draft(sc, i->id, text, problem);
		return;
	}
	now = walk_equipment(sc->site->record, wp->pack->product, it->id);
	e.product = wp->pack->product;
	e.item = it->id;
	e.label = it->text;
	e.value = value;
	e.how = (char *)(uintptr_t) "typed";
	e.when_us = clock_wall_us();
	if (strcmp(now != NULL ? now->value : "", value) != 0 &&
	    site_write_down(sc->site, &e, &err) != 0) {
		screen_set_draft(sc, i->id, text, err.what);
		screen_say_error(sc, &err);
		return;
	}
	screen_set_draft(sc, i->id,
	    !leaving && strcmp(text, value) != 0 ? text : NULL, NULL);
}

static void
open_step(struct screen *sc, struct frame *f)
{
	(void)f;
	if (!screen_is_running(sc))
		site_assess(sc->site);
}

static bool
on_confirm(const struct screen *sc, const struct frame *f)
{
	const struct item *i = page_focused(&f->page);

	(void)sc;
	return i != NULL && i->kind == ITEM_OPTION;
}

static void
act_skip(struct screen *sc, struct frame *f)
{
	choose(sc, f, page_focused(&f->page)->index, SKIPPED);
}

static const struct action actions[] = {
    {'x', "x", N_("Skip"),
	N_("Skip this confirmation, and say why in a few words."), act_skip,
	on_confirm},
};

const struct view view_step = {
    .name = "step",
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .help = N_("What the laptop measured, what you confirm and what you write "
	       "down are kept apart in the handover. Everything is saved at "
	       "once; skip what you cannot tell."),
    .open = open_step,
    .build = build,
    .activate = activate,
    .typed = typed,
};
