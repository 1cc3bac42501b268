/* SPDX-License-Identifier: MIT */
/* All commands that the page below has now, found by typing. */
#include <string.h>

#include "core/base/i18n.h"
#include "tui/screen/match.h"
#include "tui/screen/view.h"

#define PAGE_ID "@page:"

struct state {
	char *text;
	bool first; /* what begins so; then what contains it */
};

static void
open_palette(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	s->text = mem_strdup("");
}

static void
close_palette(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	mem_free(s->text);
}

/* It goes into this half of the list. The name counts for more than what is
 * said about it. */
static bool
fits(const struct frame *f, const char *name, const char *help,
    const char *label)
{
	const char *const texts[] = {name, label, help};
	const struct state *s = f->state;

	return match_words(texts, 3, s->text) &&
	    match_begins(texts, 2, s->text) == s->first;
}

static void
add_actions(struct screen *sc, struct frame *f, const struct action *table,
    size_t count)
{
	const struct frame *below = screen_below(sc, f);
	struct page *p = &f->page;
	struct item *row;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct action *a = &table[i];
		const char *help = _(a->help), *name = _(a->label);

		if (action_is_alias(a) || a->key == ':' ||
		    !action_is_shown(a, sc, below) ||
		    action_is_taken(a, sc, below) ||
		    !fits(f, a->word != NULL ? _(a->word) : NULL, help, name))
			continue;
		row = page_row(p,
		    arena_printf(p->arena, "a%lu", (unsigned long)a->key),
		    a->word == NULL ?
			help :
			/* TRANSLATORS: name of a command, what it does */
			arena_printf(p->arena, _("%1$s: %2$s"), _(a->word),
			    help));
		row->data = a;
		row->word = name;
		row->verb = _("Do it");
	}
}

static void
add_pages(struct screen *sc, struct frame *f)
{
	struct page *p = &f->page;
	struct item *row;
	const char *text;
	size_t i;

	for (i = 0; sc->walk != NULL && i < walk_count(sc->walk); i++) {
		const struct walk_page *page = walk_page(sc->walk, i);

		text = arena_printf(p->arena, _("Go to: %s"),
		    walk_title(page, p->arena));
		if (!fits(f, text, NULL, NULL))
			continue;
		row = page_row(p, arena_printf(p->arena, PAGE_ID "%zu", i),
		    text);
		row->word = "";
		row->index = i;
		row->verb = _("Go there");
	}
}

static void
add_all(struct screen *sc, struct frame *f, bool first)
{
	const struct view *v = screen_below(sc, f)->view;
	struct state *s = f->state;

	s->first = first;
	add_actions(sc, f, v->actions, v->nactions);
	add_actions(sc, f, screen_actions, screen_action_count);
	add_pages(sc, f);
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct state *s = f->state;
	struct page *p = &f->page;
	struct item *field;
	size_t at;

	page_field(p, "command", _("Command"), arena_strdup(p->arena, s->text));
	page_blank(p);
	at = p->nitems;
	add_all(sc, f, true);
	add_all(sc, f, false);
	field = &p->item[0];
	if (p->nitems > at) {
		field->submit = true;
		field->verb = p->item[at].verb;
	} else {
		page_text(p, ROLE_NORMAL, 2,
		    _("Nothing that can be done now is called so."));
	}
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct state *s = f->state;

	(void)sc;
	(void)i;
	(void)leaving;
	if (strcmp(text, s->text) == 0)
		return;
	mem_free(s->text);
	s->text = mem_strdup(text);
}

/* The row that has the focus; from the field, the first one. */
static const struct item *
chosen(const struct page *p, const struct item *i)
{
	size_t k;

	for (k = 0; i->kind == ITEM_FIELD && k < p->nitems; k++) {
		if (p->item[k].kind == ITEM_ROW)
			return &p->item[k];
	}
	return i->kind == ITEM_ROW ? i : NULL;
}

/* Gone before the command is run, which then sees the page below as it would
 * have by its own key. */
static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	const struct action *a;
	bool is_page;
	size_t index;

	screen_build(sc); /* what was typed last counts */
	i = chosen(&f->page, page_focused(&f->page));
	if (i == NULL)
		return;
	a = i->data;
	is_page = strncmp(i->id, PAGE_ID, strlen(PAGE_ID)) == 0;
	index = i->index;
	screen_pop(sc);
	screen_build(sc);
	if (is_page)
		screen_go(sc, index);
	else
		a->run(sc, screen_top(sc));
}

const struct view view_palette = {
    .name = "palette",
    .title = N_("Commands"),
    .help = N_("All that can be done now on the page you came from. Type a "
	       "part of its name; Enter does what stands first, or go down "
	       "to another line."),
    .state_size = sizeof(struct state),
    .open = open_palette,
    .close = close_palette,
    .build = build,
    .typed = typed,
    .activate = activate,
};
