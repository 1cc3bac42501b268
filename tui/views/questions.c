/* SPDX-License-Identifier: MIT */
/* One topic of one product's questions: defaults visible, every answer
 * stored as it is given, "I don't know yet" wherever the pack allows it. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/answers.h"
#include "core/pack/found.h"
#include "tui/screen/view.h"
#include "tui/views/unanswered.h"

#define UNKNOWN "unknown"

static char *
group_id(struct arena *a, const struct pack *p, const struct question *q)
{
	return arena_printf(a, "q:%s.%s", p->product, q->id);
}

static bool
has_options(const struct question *q)
{
	return q->type == QUESTION_CHOICE || q->type == QUESTION_YESNO;
}

struct option {
	const char *value;
	const char *label;
};

/* The options of a question; the caller's array is large enough. */
static size_t
options_of(const struct question *q, struct arena *a, struct option **out)
{
	struct option *o = arena_array(a, q->nchoices + 3, sizeof *o);
	size_t n = 0, i;

	for (i = 0; q->type == QUESTION_CHOICE && i < q->nchoices; i++)
		o[n++] = (struct option){q->choices[i].id,
		    pack_text(q->choices[i].label)};
	if (q->type == QUESTION_YESNO) {
		o[n++] = (struct option){"yes", _("Yes")};
		o[n++] = (struct option){"no", _("No")};
	}
	if (!q->must)
		o[n++] = (struct option){UNKNOWN, _("I don't know yet")};
	*out = o;
	return n;
}

static const char *
value_now(struct screen *sc, const struct pack *p, const struct question *q)
{
	const char *own = record_answer(sc->site->record, p->product, q->id);

	return own != NULL ?
	    own :
	    answer_effective(sc->app.packs, sc->site->record, p, q);
}

static const struct choice *
choice_of(const struct question *q, const char *id)
{
	size_t i;

	for (i = 0; i < q->nchoices; i++) {
		if (strcmp(q->choices[i].id, id) == 0)
			return &q->choices[i];
	}
	return NULL;
}

static void
build_options(struct screen *sc, struct page *page, const struct pack *p,
    const struct question *q, size_t index)
{
	const char *now = value_now(sc, p, q), *text;
	char *group = group_id(page->arena, p, q);
	struct option *option;
	size_t i, n = options_of(q, page->arena, &option);
	struct item *it;

	for (i = 0; i < n; i++) {
		bool initial = q->initial != NULL &&
		    strcmp(q->initial, option[i].value) == 0;

		text = initial ? arena_printf(page->arena, _("%s (usual)"),
				     option[i].label) :
				 option[i].label;
		it = page_option(page,
		    arena_printf(page->arena, "%s=%s", group, option[i].value),
		    group, text,
		    now != NULL && strcmp(now, option[i].value) == 0);
		it->index = index;
		it->data = option[i].value;
	}
}

static void
build_field(struct screen *sc, struct page *page, const struct pack *p,
    const struct question *q, size_t index)
{
	const char *now = value_now(sc, p, q);
	char *id = group_id(page->arena, p, q);
	bool unknown = now != NULL && strcmp(now, UNKNOWN) == 0;
	struct item *it;

	it = screen_field(sc, page, id, "", unknown ? "" : now);
	it->index = index;
	if (q->must)
		return;
	it = page_option(page, arena_printf(page->arena, "%s=" UNKNOWN, id),
	    arena_printf(page->arena, "%s=", id), _("I don't know yet"),
	    unknown);
	it->index = index;
	it->data = UNKNOWN;
}

/* Offered, never forced: what devices said, beneath the usual options. */
static void
build_found(struct screen *sc, struct page *page, const struct pack *p,
    const struct question *q, size_t index)
{
	char *group = group_id(page->arena, p, q);
	struct founds list;
	struct item *it;
	size_t i;

	found_answers(page->arena, sc->app.packs, sc->site->record, &list);
	for (i = 0; i < list.count; i++) {
		const struct found *f = &list.item[i];
		const struct choice *c = choice_of(q, f->value);

		if (f->pack != p || strcmp(f->id, q->id) != 0)
			continue;
		it = page_option(page,
		    arena_printf(page->arena, "%s=found:%s", group, f->value),
		    arena_printf(page->arena, "%s=", group),
		    arena_printf(page->arena, _("Take over from %1$s: %2$s"),
			f->device, c != NULL ? pack_text(c->label) : f->value),
		    false);
		it->index = index;
		it->data = f->value;
	}
}

static void
build_question(struct screen *sc, struct page *page, const struct pack *p,
    const struct question *q, size_t index)
{
	page_heading(page, pack_text(q->ask));
	if (q->why != NULL && *q->why != '\0')
		page_textf(page, ROLE_QUIET, 0, _("Why: %s"),
		    pack_text(q->why));
	if (q->source.assumed != NULL && has_options(q) == false &&
	    q->example == NULL)
		page_textf(page, ROLE_QUIET, 0, "%s",
		    pack_text(q->source.assumed));
	if (q->example != NULL)
		page_textf(page, ROLE_QUIET, 0, _("Example: %s"), q->example);
	if (has_options(q))
		build_options(sc, page, p, q, index);
	else
		build_field(sc, page, p, q, index);
	if (q->found.kind != NULL)
		build_found(sc, page, p, q, index);
}

/* Begin where something is missing; where all is answered, at the button. */
static const char *
first_open(struct screen *sc, struct page *page, const struct pack *p,
    const struct question *const *list, size_t n)
{
	const char *now;
	size_t i, k;

	for (i = 0; i < n; i++) {
		now = value_now(sc, p, list[i]);
		if (now != NULL &&
		    (!list[i]->must || strcmp(now, UNKNOWN) != 0))
			continue;
		for (k = 0; k < page->nitems; k++) {
			if (page->item[k].id != NULL &&
			    page->item[k].index == i)
				return page->item[k].id;
		}
	}
	return PAGE_NEXT_ID;
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct walk_page *wp = walk_current(sc->walk);
	const struct question **list;
	struct page *page = &f->page;
	size_t i, n;

	if (wp->kind != WALK_QUESTIONS)
		return;
	n = walk_questions(sc->walk, wp, page->arena, &list);
	for (i = 0; i < n; i++)
		build_question(sc, page, wp->pack, list[i], i);
	page->next = screen_next_label(sc, page->arena);
	page->first = first_open(sc, page, wp->pack, list, n);
}

/* By its id: an answer can open another question before this one, or take
 * this page away. */
static const struct question *
question_of(struct screen *sc, struct page *page, const struct item *i)
{
	const struct walk_page *wp = walk_current(sc->walk);
	const struct question **list;
	size_t k, len, n;
	const char *id;

	if (wp->kind != WALK_QUESTIONS)
		return NULL;
	n = walk_questions(sc->walk, wp, page->arena, &list);
	for (k = 0; k < n; k++) {
		id = group_id(page->arena, wp->pack, list[k]);
		len = strlen(id);
		if (strncmp(i->id, id, len) == 0 &&
		    (i->id[len] == '\0' || i->id[len] == '='))
			return list[k];
	}
	return NULL;
}

/* Chosen: stored, and on to the next question. */
static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	const struct pack *p = walk_current(sc->walk)->pack;
	const struct question *q = question_of(sc, &f->page, i);
	struct error err;
	char *id;

	if (q == NULL || i->kind != ITEM_OPTION)
		return;
	id = group_id(f->page.arena, p, q);
	if (site_set_answer(sc->site, p->product, q->id, i->data, &err) != 0) {
		screen_say_error(sc, &err);
		return;
	}
	screen_set_draft(sc, id, NULL, NULL);
	page_key(&f->page, UI_KEY_TAB);
	screen_refresh_walk(sc);
}

static char *
problem_text(struct arena *a, const struct question *q, const struct error *err)
{
	if (q->example != NULL && strstr(err->what, q->example) != NULL)
		return arena_strdup(a, err->what);
	if (*err->hint != '\0')
		return arena_printf(a, "%s %s", err->what, err->hint);
	if (q->example != NULL)
		return arena_printf(a, _("%s For example: %s"), err->what,
		    q->example);
	return arena_strdup(a, err->what);
}

/* What is right is stored as an answer at every key; what is not right yet
 * is kept as a draft, and explained when the field is left. */
static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	const struct pack *p = walk_current(sc->walk)->pack;
	const struct question *q = question_of(sc, &f->page, i);
	struct arena *a = f->page.arena;
	const char *now;
	struct error err = {0};
	char *value = NULL;

	if (q == NULL)
		return;
	now = record_answer(sc->site->record, p->product, q->id);
	if (text_is_space(text)) {
		if (now != NULL && strcmp(now, UNKNOWN) != 0 &&
		    site_set_answer(sc->site, p->product, q->id, NULL, &err) !=
			0)
			screen_say_error(sc, &err);
		screen_set_draft(sc, i->id, NULL, NULL);
		screen_refresh_walk(sc);
		return;
	}
	if (answer_check(a, q, text, &value, &err) == 0) {
		const char *effective = value_now(sc, p, q);

		if (effective == NULL || strcmp(effective, value) != 0) {
			if (site_set_answer(sc->site, p->product, q->id, text,
				&err) != 0) {
				screen_set_draft(sc, i->id, text, err.what);
				screen_say_error(sc, &err);
				return;
			}
		}
		/* "0443" while typing stays what was typed. */
		screen_set_draft(sc, i->id,
		    !leaving && strcmp(text, value) != 0 ? text : NULL, NULL);
		screen_refresh_walk(sc);
		return;
	}
	screen_set_draft(sc, i->id, text,
	    leaving ? problem_text(a, q, &err) : NULL);
}

static const struct action actions[] = {TO_THE_CHECKS_ACTION,
    UNANSWERED_ACTION};

const struct view view_questions = {
    .name = "questions",
    .help = N_("The answers decide which needs apply. Where you don't know "
	       "yet, all variants are checked. Every answer is saved at once; "
	       "going back loses nothing."),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .build = build,
    .activate = activate,
    .typed = typed,
};
