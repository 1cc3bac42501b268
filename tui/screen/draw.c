/* SPDX-License-Identifier: MIT */
/* Owns what surrounds a page: the title, messages, the button, the key bar. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/screen/page_layout.h"
#include "tui/screen/view.h"
#include "tui/work/words.h"

#define RULE_ROWS 16 /* from here on there is room for a line */
#define NOTE_ROWS 3  /* at most, of a row in full */
#define SMALL_NOTE_ROWS 2
#define SMALL_MESSAGE_ROWS 4 /* at most, of a message */
#define MESSAGE_ROWS 6

/* Who cannot make it larger is shown the way on. */
static void
draw_too_small(const struct screen *sc, struct surface *s)
{
	struct page p;

	page_init(&p);
	page_text(&p, ROLE_NORMAL, -2,
	    _("This window is too small: make it at least 40 columns by 10 "
	      "lines."));
	page_text(&p, ROLE_NORMAL, -2,
	    screen_is_running(sc) ?
		_("Checks are still running. Pressing q twice stops them and "
		  "leaves.") :
		_("Or leave with q and start \"sitewalk --plain\", which needs "
		  "no room."));
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
	else if (sc->site != NULL && sc->site->read_only)
		at = _("review, read only");
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

/* The page that is seen: with a bar at the bottom, the one below it. */
static struct frame *
seen_frame(const struct screen *sc)
{
	struct frame *f = screen_top(sc);

	return f->view->bar ? screen_below(sc, f) : f;
}

const char *
screen_title(struct screen *sc)
{
	struct frame *f = seen_frame(sc);
	const char *text = NULL;

	if (f->view->subtitle != NULL)
		text = f->view->subtitle(sc, f);
	if (text == NULL && f->view->title != NULL)
		text = _(f->view->title);
	if (text == NULL && sc->walk != NULL)
		text = walk_title(walk_current(sc->walk), f->page.arena);
	return text != NULL ? text : "";
}

/* --- the key bar ------------------------------------------------------- */

struct bar {
	struct surface *s;
	int col;
	int end;
	bool way_back; /* it tells of Esc */
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
	if (i == NULL || (f->view->activate == NULL && i->kind != ITEM_FIELD))
		return NULL;
	if (i->kind == ITEM_FIELD && !i->submit && !page_has_parts(&f->page))
		return NULL;
	return i->verb != NULL ? i->verb : _(verbs[i->kind]);
}

static bool
is_typable(uint32_t key)
{
	return key >= ' ' && key < UI_KEY_SPECIAL;
}

/* Once is enough of what Enter does as well, and of what was put already. */
static void
put_actions(struct bar *b, const struct screen *sc, const struct frame *f,
    const struct action *table, size_t count)
{
	bool typing = page_in_field(&f->page);
	const char *enter = enter_word(sc, f);
	size_t i;

	for (i = 0; i < count; i++) {
		const struct action *a = &table[i];

		if (a->word == NULL || a->key == '?' ||
		    (a->key == UI_KEY_ESC && b->way_back) ||
		    (enter != NULL && strcmp(enter, _(a->word)) == 0) ||
		    (typing ? is_typable(a->key) : a->key == UI_CTRL_N) ||
		    !action_is_shown(a, sc, f) || action_is_taken(a, sc, f))
			continue;
		put_key(b, _(a->label), _(a->word));
	}
}

/* Who came from another page wants to go back there; in the walk, on. */
static void
put_way_back(struct bar *b, const struct screen *sc, const struct frame *f)
{
	size_t i;

	if (screen_is_walk_page(sc, f->view))
		return;
	for (i = 0; i < screen_action_count; i++) {
		const struct action *a = &screen_actions[i];

		if (a->key == UI_KEY_ESC && action_is_shown(a, sc, f) &&
		    !action_is_taken(a, sc, f))
			b->way_back = put_key(b, _(a->label), _(a->word));
	}
}

/* What Enter does comes first; help is always there. What finds no room
 * stands in the help. */
static void
draw_keys(struct screen *sc, struct frame *f)
{
	struct surface *s = &sc->surface;
	bool typing = page_in_field(&f->page);
	const char *help = typing ? "F1" : "?";
	struct bar b = {s, 0, s->ncols, false};
	int row = s->nrows - 1, reserved;

	reserved = text_width(help) + 1 + text_width(_("Help")) + 2;
	b.end = s->ncols - reserved;
	if (enter_word(sc, f) != NULL)
		put_key(&b, _("Enter"), enter_word(sc, f));
	put_way_back(&b, sc, f);
	put_actions(&b, sc, f, f->view->actions, f->view->nactions);
	put_actions(&b, sc, f, screen_actions, screen_action_count);
	if (page_has_parts(&f->page) && !typing)
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
	col += surface_text(s, row, col, s->ncols - PAGE_BUTTON_COLS, role,
	    f->page.next);
	surface_text(s, row, col, 2, role, " ]");
}

/* --- what lies over the end of a page ----------------------------------- */

/* A message, or all of a row that does not fit. The page does not move for
 * it: its last lines are covered. */
struct note {
	struct page page;
	int nlines;  /* 0: there is none */
	int covered; /* lines that are kept for one */
};

static enum glyph
message_glyph(enum role role)
{
	return role == ROLE_BAD || role == ROLE_WARN ? GLYPH_WARN :
	    role == ROLE_GOOD                        ? GLYPH_PASS :
						       GLYPH_NONE;
}

static void
begin_note(struct screen *sc, struct frame *f, struct note *n)
{
	const struct surface *s = &sc->surface;
	bool roomy = s->nrows >= RULE_ROWS;
	int most = roomy ? NOTE_ROWS : SMALL_NOTE_ROWS;
	bool hidden = f != screen_top(sc) && page_on_next(&f->page);
	bool news = sc->message == NULL && sc->news != NULL && !sc->news_seen;
	const char *message = news ? sc->news : sc->message;
	enum role role = news ? ROLE_WARN : sc->message_role;
	const char *detail = hidden ? NULL : page_detail(&f->page, s->ncols);

	page_init(&n->page);
	n->nlines = 0;
	n->covered = page_detail_lines(&f->page, s->ncols, most);
	if (message != NULL) {
		most = roomy ? MESSAGE_ROWS : SMALL_MESSAGE_ROWS;
		page_text(&n->page, role, -2, message)->glyph = message_glyph(
		    role);
	} else if (detail != NULL) {
		page_text(&n->page, ROLE_TITLE, 0, detail);
	} else {
		return;
	}
	page_layout(&n->page, most, s->ncols);
	n->nlines = n->page.nlines < most ? n->page.nlines : most;
	if (n->covered < n->nlines)
		n->covered = n->nlines;
}

static void
end_note(struct screen *sc, struct note *n, int below)
{
	struct surface *s = &sc->surface;
	int i, row = s->cursor_row, col = s->cursor_col;

	for (i = 1; i <= n->nlines; i++)
		surface_fill(s, below - i, 0, s->ncols, ROLE_NORMAL,
		    GLYPH_NONE);
	if (n->nlines > 0)
		page_draw(&n->page, s, below - n->nlines, n->nlines);
	if (n->page.nlines > n->nlines)
		surface_glyph(s, below - 1, s->ncols - 1, ROLE_KEY, GLYPH_CUT);
	surface_cursor(s, row, col);
	page_free(&n->page);
}

/* Which lines of how many are in sight: on the rule, or behind the title. */
static void
draw_scroll(struct screen *sc, const struct page *p, int top, int nrows)
{
	struct surface *s = &sc->surface;
	bool rule = s->nrows >= RULE_ROWS;
	int last = p->top + nrows < p->nlines ? p->top + nrows : p->nlines;
	int width, used = rule ? 0 : text_width(screen_title(sc));
	const char *text;

	if (p->nlines <= nrows && p->top == 0)
		return;
	/* TRANSLATORS: lines 12-20 of 57 */
	text = arena_printf(p->arena, _("%1$d-%2$d of %3$d"), p->top + 1, last,
	    p->nlines);
	width = text_width(text);
	if (used + width + 4 <= s->ncols) {
		surface_text(s, 1 + rule, s->ncols - width - 3, 1, ROLE_NORMAL,
		    " ");
		surface_text(s, 1 + rule, s->ncols - width - 2, width,
		    ROLE_NORMAL, text);
		surface_text(s, 1 + rule, s->ncols - 2, 1, ROLE_NORMAL, " ");
	}
	if (p->top > 0)
		surface_glyph(s, top, s->ncols - 1, ROLE_KEY, GLYPH_UP);
	if (last < p->nlines)
		surface_glyph(s, top + nrows - 1, s->ncols - 1, ROLE_KEY,
		    GLYPH_DOWN);
}

static unsigned long
judgings(const struct screen *sc)
{
	return sc->site != NULL ? sc->site->record->judgings : 0;
}

static void
build_frame(struct screen *sc, struct frame *f)
{
	f->judgings = judgings(sc);
	page_begin(&f->page);
	if (f->view->build != NULL)
		f->view->build(sc, f);
	page_end(&f->page);
}

void
screen_build(struct screen *sc)
{
	struct frame *f;

	screen_settle_paste(sc);
	f = screen_top(sc);
	if (f->view->bar)
		build_frame(sc, screen_below(sc, f));
	build_frame(sc, f);
}

void
screen_renew(struct screen *sc)
{
	if (screen_top(sc)->judgings != judgings(sc))
		screen_build(sc);
}

static void
draw_body(struct screen *sc, struct frame *f, int top, int bottom)
{
	struct note note;
	int nrows = bottom - top;

	begin_note(sc, f, &note);
	f->page.compact = sc->surface.nrows < RULE_ROWS;
	page_draw_covered(&f->page, &sc->surface, top, nrows, note.covered);
	end_note(sc, &note, bottom);
	draw_scroll(sc, &f->page, top, nrows - note.nlines);
}

void
screen_draw(struct screen *sc, int nrows, int ncols)
{
	struct surface *s = &sc->surface;
	struct frame *f, *seen;
	int top = 2, bottom = nrows - 1;

	surface_resize(s, nrows, ncols);
	surface_clear(s);
	screen_build(sc);
	/* What was pasted may have closed a view. */
	f = screen_top(sc);
	seen = seen_frame(sc);
	sc->dirty = false;
	if (nrows < SCREEN_MIN_ROWS || ncols < SCREEN_MIN_COLS) {
		draw_too_small(sc, s);
		return;
	}
	draw_title(sc, seen, f->page.arena);
	surface_text(s, 1, 0, ncols, ROLE_TITLE, screen_title(sc));
	if (nrows >= RULE_ROWS)
		surface_fill(s, top++, 0, ncols, ROLE_QUIET, GLYPH_RULE);
	surface_cursor(s, top, 0);
	if (f != seen)
		bottom--;
	else if (seen->page.next != NULL)
		draw_next(sc, seen, --bottom);
	draw_body(sc, seen, top, bottom);
	if (f != seen)
		page_draw(&f->page, s, bottom, 1);
	draw_keys(sc, f);
}
