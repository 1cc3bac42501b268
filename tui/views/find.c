/* SPDX-License-Identifier: MIT */
/* Finding a text on the page below: one line at its bottom. */
#include <string.h>

#include "core/base/i18n.h"
#include "tui/screen/view.h"

#define PLACES_MAX 50

struct state {
	char *text;
	size_t origin; /* item that one stood on */
	bool found;
	struct page_count count;
};

static struct page *
page_below(const struct screen *sc, const struct frame *f)
{
	return &screen_below(sc, f)->page;
}

static void
open_find(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	s->text = mem_strdup("");
	s->origin = page_place(page_below(sc, f));
}

static void
close_find(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	if (*s->text != '\0') {
		mem_free(sc->find);
		sc->find = mem_strdup(s->text);
	}
	mem_free(s->text);
}

/* For line mode, where a page cannot be moved: the bar of the screen has no
 * room for them. */
static void
list_places(struct screen *sc, struct frame *f)
{
	const struct page *below = page_below(sc, f);
	const struct state *s = f->state;
	struct page *p = &f->page;
	struct item *row;
	size_t i, n = 0;

	for (i = 0; i < below->nitems && n < PLACES_MAX; i++) {
		const struct item *it = &below->item[i];

		if (!page_holds(it, s->text))
			continue;
		row = page_row(p, arena_printf(p->arena, "p%zu", n++),
		    arena_strdup(p->arena, it->text));
		row->word = arena_strdup(p->arena, it->word);
		row->data = arena_strdup(p->arena, it->id);
	}
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct state *s = f->state;
	struct page *p = &f->page;
	struct item *field;

	field = page_field(p, "find", _("Find"),
	    arena_strdup(p->arena, s->text));
	field->submit = true;
	field->verb = _("Next place");
	if (*s->text == '\0')
		return;
	list_places(sc, f);
	field = &p->item[0];
	/* TRANSLATORS: the third of 27 places */
	field->note = s->found ? arena_printf(p->arena, _("%1$zu of %2$zu"),
				     s->count.nth, s->count.count) :
				 _("not on this page");
}

static void
look(struct screen *sc, struct frame *f, size_t from, int direction)
{
	struct state *s = f->state;

	s->found = *s->text != '\0' &&
	    page_find(page_below(sc, f), s->text, from, direction, &s->count);
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct state *s = f->state;

	(void)i;
	(void)leaving;
	if (strcmp(text, s->text) == 0)
		return;
	mem_free(s->text);
	s->text = mem_strdup(text);
	if (*text == '\0')
		page_forget_found(page_below(sc, f));
	look(sc, f, s->origin, 1);
}

static void
act_next(struct screen *sc, struct frame *f)
{
	look(sc, f, page_place(page_below(sc, f)) + 1, 1);
}

static void
act_previous(struct screen *sc, struct frame *f)
{
	const struct page *p = page_below(sc, f);

	look(sc, f, page_place(p) + p->nitems - 1, -1);
}

/* A place of the list is opened, if it can be. */
static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	char *id;

	if (i->kind != ITEM_ROW) {
		act_next(sc, f);
		return;
	}
	if (i->data == NULL)
		return;
	id = mem_strdup(i->data);
	screen_pop(sc);
	page_focus(&screen_top(sc)->page, id);
	mem_free(id);
	screen_build(sc);
	screen_activate(sc);
}

static const struct action actions[] = {
    {UI_KEY_DOWN, N_("Down"), N_("Next place"), N_("To the next place."),
	act_next, NULL},
    {UI_KEY_UP, N_("Up"), N_("Previous place"), N_("To the previous place."),
	act_previous, NULL},
    {UI_CTRL_G, N_("Ctrl-G"), NULL, N_("To the next place with that text."),
	act_next, NULL},
};

const struct view view_find = {
    .name = "find",
    .title = N_("Find on this page"),
    .help = N_("Type a part of what you look for; capitals do not matter. "
	       "The page goes to the first place from where you were. Esc "
	       "leaves you there."),
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = open_find,
    .close = close_find,
    .build = build,
    .typed = typed,
    .activate = activate,
    .bar = true,
};
