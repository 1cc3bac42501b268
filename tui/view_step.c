/* SPDX-License-Identifier: MIT */
/* One step of a product, in the vendor's order: what was checked for it, what
 * a person confirms, what is written down for the handover. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/answers.h"
#include "tui/view.h"
#include "tui/view_words.h"

static const struct {
	const char *value;
	const char *label;
} replies[] = {
    {"yes", N_("Yes")},
    {"no", N_("No")},
    {"skipped", N_("Skip this")},
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
build_confirm(struct page *page, const struct record *r, const struct pack *p,
    const struct step *s, size_t index)
{
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
	if (now != NULL && strcmp(now->answer, "no") == 0 &&
	    it->when_missing != NULL)
		page_text(page, ROLE_WARN, 4, pack_text(it->when_missing))
		    ->glyph = GLYPH_WARN;
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
	build_checks(page, r, wp->pack, s);
	for (i = 0; i < s->nconfirm; i++)
		build_confirm(page, r, wp->pack, s, i);
	if (s->nwrite_down > 0)
		page_heading(page, _("Write down for the handover"));
	for (i = 0; i < s->nwrite_down; i++)
		build_write_down(sc, page, wp->pack, s, i);
	page->next = screen_next_label(sc, page->arena);
	page->first = first_open(page, r, wp->pack, s);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	const struct walk_page *wp = walk_current(sc->walk);
	const struct step_item *it;
	struct attestation t = {0};
	struct error err;

	if (i->kind == ITEM_ROW) {
		screen_push(sc, &view_finding, i->id);
		return;
	}
	if (i->kind != ITEM_OPTION || i->index >= wp->step->nconfirm)
		return;
	it = &wp->step->confirm[i->index];
	t.product = wp->pack->product;
	t.step = wp->step->id;
	t.id = it->id;
	t.text = it->text;
	t.answer = (char *)(uintptr_t)i->data;
	t.who = sc->site->record->site.engineer;
	t.when_us = clock_wall_us();
	if (site_attest(sc->site, &t, &err) != 0)
		screen_say_error(sc, &err);
	else
		page_key(&f->page, UI_KEY_TAB);
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

	if (wp->kind != WALK_STEP || i->index >= wp->step->nwrite_down)
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

const struct view view_step = {
    .name = "step",
    .help = N_("What the laptop measured, what you confirm and what you write "
	       "down are kept apart in the handover. Everything is saved at "
	       "once; skip what you cannot tell."),
    .open = open_step,
    .build = build,
    .activate = activate,
    .typed = typed,
};
