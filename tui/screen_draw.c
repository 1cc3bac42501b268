/* SPDX-License-Identifier: MIT */
/* Owns what surrounds a page: the title, messages, the button, the key bar. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/view.h"
#include "tui/view_words.h"

#define RULE_ROWS 16   /* from here on there is room for a line */
#define MESSAGE_ROWS 3 /* at most */
#define SMALL_MESSAGE_ROWS 2

static void
draw_too_small(struct surface *s)
{
	struct page p;

	page_init(&p);
	page_text(&p, ROLE_NORMAL, -2,
	    _("This window is too small: make it at least 40 columns by 10 "
	      "lines."));
	page_draw(&p, s, 0, s->nrows);
	page_free(&p);
}

/* The clock goes only while a run redraws the screen anyway. */
static const char *
clock_text(struct arena *a)
{
	const char *text = words_when(a, clock_wall_us());
	const char *space = strchr(text, ' ');

	return space != NULL ? space + 1 : text;
}

/* Line 1: the site, and which page this is of how many. */
static void
draw_title(struct screen *sc, const struct frame *f, struct arena *a)
{
	struct surface *s = &sc->surface;
	const char *site = sc->site != NULL ? sc->site->record->site.name : "";
	const char *at = "", *left = "Sitewalk";
	int ncols;

	if (screen_is_running(sc) && f->view == &view_run)
		at = arena_printf(a, _("%s  page %zu of %zu"), clock_text(a),
		    walk_index(sc->walk) + 1, walk_count(sc->walk));
	else if (sc->walk != NULL && f == sc->frame[1])
		/* TRANSLATORS: page 3 of 12 */
		at = arena_printf(a, _("page %zu of %zu"),
		    walk_index(sc->walk) + 1, walk_count(sc->walk));
	if (sc->site != NULL)
		left = *site != '\0' ? site : _("New site");
	ncols = text_width(at);
	surface_text(s, 0, s->ncols - ncols - 1, ncols, ROLE_NORMAL, at);
	surface_text(s, 0, 0, s->ncols - ncols - 2, ROLE_TITLE, left);
}

static void
draw_subtitle(struct screen *sc, struct frame *f)
{
	struct surface *s = &sc->surface;
	const char *text = NULL;

	if (f->view->subtitle != NULL)
		text = f->view->subtitle(sc, f);
	if (text == NULL && f->view->title != NULL)
		text = _(f->view->title);
	if (text == NULL && sc->walk != NULL)
		text = walk_title(walk_current(sc->walk), f->page.arena);
	surface_text(s, 1, 0, s->ncols, ROLE_TITLE, text);
}

/* --- the key bar ------------------------------------------------------- */

struct bar {
	struct surface *s;
	int col;
	int end;
};

static bool
put_key(struct bar *b, const char *label, const char *word)
{
	int row = b->s->nrows - 1;
	int need = text_width(label) + 1 + text_width(word);

	if (b->col > 0)
		need += 2;
	if (b->col + need > b->end)
		return false;
	if (b->col > 0)
		b->col += 2;
	b->col += surface_text(b->s, row, b->col, 40, ROLE_KEY, label) + 1;
	b->col += surface_text(b->s, row, b->col, 40, ROLE_NORMAL, word);
	return true;
}

static const char *
enter_word(const struct screen *sc, const struct frame *f)
{
	static const char *const verbs[] = {
	    [ITEM_TEXT] = NULL,
	    [ITEM_HEADING] = NULL,
	    [ITEM_FIELD] = N_("Next line"),
	    [ITEM_OPTION] = N_("Choose"),
	    [ITEM_CHECK] = N_("Tick"),
	    [ITEM_ROW] = N_("Open"),
	};
	const struct item *i = page_focused(&f->page);

	(void)sc;
	if (page_on_next(&f->page))
		return f->page.next_verb != NULL ? f->page.next_verb :
						   _("Continue");
	if (i == NULL)
		return NULL;
	return i->verb != NULL ? i->verb : _(verbs[i->kind]);
}

static bool
is_typable(uint32_t key)
{
	return key >= ' ' && key < UI_KEY_SPECIAL;
}

static void
put_actions(struct bar *b, const struct screen *sc, const struct frame *f,
    const struct action *table, size_t count)
{
	bool typing = page_in_field(&f->page);
	size_t i;

	for (i = 0; i < count; i++) {
		const struct action *a = &table[i];

		if (a->word == NULL || (typing && is_typable(a->key)) ||
		    (a->shown != NULL && !a->shown(sc, f)))
			continue;
		put_key(b, _(a->label), _(a->word));
	}
}

/* What Enter does comes first; help is always there. */
static void
draw_keys(struct screen *sc, struct frame *f)
{
	struct surface *s = &sc->surface;
	bool typing = page_in_field(&f->page);
	const char *help = typing ? "F1" : "?";
	struct bar b = {s, 0, s->ncols};
	int row = s->nrows - 1, reserved;

	reserved = text_width(help) + 1 + text_width(_("Help")) + 2;
	b.end = s->ncols - reserved;
	if (enter_word(sc, f) != NULL)
		put_key(&b, _("Enter"), enter_word(sc, f));
	put_actions(&b, sc, f, f->view->actions, f->view->nactions);
	put_actions(&b, sc, f, screen_actions, typing ? 2 : 1);
	if (!typing && sc->walk != NULL && f->view != &view_pages)
		put_key(&b, "g", _("All pages"));
	put_key(&b, _("Tab"), _("Next part"));
	b.col = s->ncols - reserved + 2;
	surface_text(s, row, b.col, reserved, ROLE_KEY, help);
	surface_text(s, row, b.col + text_width(help) + 1, reserved,
	    ROLE_NORMAL, _("Help"));
}

static void
draw_next(struct screen *sc, const struct frame *f, int row)
{
	struct surface *s = &sc->surface;
	bool on = page_on_next(&f->page);
	enum role role = on ? ROLE_FOCUS : ROLE_TITLE;
	int col = 2;

	if (on) {
		surface_glyph(s, row, 0, ROLE_TITLE, GLYPH_FOCUS);
		surface_cursor(s, row, col);
	}
	col += surface_text(s, row, col, 2, role, "[ ");
	col += surface_text(s, row, col, s->ncols - 6, role, f->page.next);
	surface_text(s, row, col, 2, role, " ]");
}

static int
draw_message(struct screen *sc, int below)
{
	struct surface *s = &sc->surface;
	int room = s->nrows >= RULE_ROWS ? MESSAGE_ROWS : SMALL_MESSAGE_ROWS;
	struct item *i;
	struct page p;

	if (sc->message == NULL)
		return 0;
	page_init(&p);
	i = page_text(&p, sc->message_role, -2, sc->message);
	i->glyph = sc->message_role == ROLE_BAD ? GLYPH_WARN :
	    sc->message_role == ROLE_GOOD       ? GLYPH_PASS :
						  GLYPH_NONE;
	page_layout(&p, room, s->ncols);
	if (room > p.nlines)
		room = p.nlines;
	page_draw(&p, s, below - room, room);
	page_free(&p);
	return room;
}

static void
build_page(struct screen *sc, struct frame *f)
{
	page_begin(&f->page);
	if (f->view->build != NULL)
		f->view->build(sc, f);
	page_end(&f->page);
}

void
screen_draw(struct screen *sc, int nrows, int ncols)
{
	struct surface *s = &sc->surface;
	struct frame *f = screen_top(sc);
	int top = 2, bottom = nrows - 1;

	surface_resize(s, nrows, ncols);
	surface_clear(s);
	build_page(sc, f);
	sc->dirty = false;
	if (nrows < SCREEN_MIN_ROWS || ncols < SCREEN_MIN_COLS) {
		draw_too_small(s);
		return;
	}
	draw_title(sc, f, f->page.arena);
	draw_subtitle(sc, f);
	if (nrows >= RULE_ROWS)
		surface_fill(s, top++, 0, ncols, ROLE_QUIET, GLYPH_RULE);
	if (f->page.next != NULL)
		bottom--;
	bottom -= draw_message(sc, bottom);
	surface_cursor(s, top, 0);
	page_draw(&f->page, s, top, bottom - top);
	if (f->page.next != NULL)
		draw_next(sc, f, nrows - 2);
	draw_keys(sc, f);
}
