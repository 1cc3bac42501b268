/* SPDX-License-Identifier: MIT */
/* Owns the drawing of a page onto cells. */
#include <string.h>

#include "core/base/text.h"
#include "tui/screen/match.h"
#include "tui/screen/page_layout.h"

#define FIELD_MIN_COLS 8 /* that a note beside a field leaves it */

struct lines { /* what text_wrap() hands over */
	struct surface *s;
	int row;
	int col;
	int ncols;
	int first; /* rows of the window */
	int last;
	enum role role;
	const char *mark; /* bytes that are marked, or NULL */
	size_t mark_len;
	int count;
};

static int
draw_part(const struct lines *l, int row, int col, enum role role,
    const char *s, size_t len)
{
	struct buf part;
	int used;

	buf_init(&part, 4096);
	buf_add(&part, s, len);
	used = surface_text(l->s, row, col, l->col + l->ncols - col, role,
	    buf_str(&part));
	buf_free(&part);
	return used;
}

/* The cursor goes there too: what is read aloud is what was found. */
static void
draw_marked(const struct lines *l, int row, const char *s, size_t len)
{
	size_t before = (size_t)(l->mark - s), n = l->mark_len;
	int col = l->col;

	if (n > len - before)
		n = len - before;
	col += draw_part(l, row, col, l->role, s, before);
	surface_cursor(l->s, row, col);
	col += draw_part(l, row, col, ROLE_FOCUS, l->mark, n);
	draw_part(l, row, col, l->role, l->mark + n, len - before - n);
}

static void
draw_line(void *arg, const char *s, size_t len)
{
	struct lines *l = arg;
	int row = l->row + l->count++;

	if (row < l->first || row >= l->last)
		return;
	if (l->mark != NULL && l->mark >= s && l->mark < s + len)
		draw_marked(l, row, s, len);
	else
		draw_part(l, row, l->col, l->role, s, len);
}

struct canvas {
	struct page *p;
	struct surface *s;
	int row; /* of the item's first line on the surface */
	int first, last;
	bool focused;
	bool found; /* is what was looked for, without the focus */
};

static bool
is_visible(const struct canvas *c, int row)
{
	return row >= c->first && row < c->last;
}

static void
draw_wrapped(const struct canvas *c, const struct item *i, enum role role)
{
	int col = layout_text_col(c->p->ncols, i);
	struct lines l = {c->s, c->row, col,
	    layout_body_cols(c->p->ncols) - col, c->first, c->last, role, NULL,
	    0, 0};

	if (c->found)
		l.mark = match_text(i->text, c->p->found, &l.mark_len);
	text_wrap(i->text, l.ncols < 1 ? 1 : l.ncols, draw_line, &l);
}

static void
draw_box(const struct canvas *c, const struct item *i, enum role role)
{
	const char *box = i->kind == ITEM_CHECK ? (i->on ? "[x]" : "[ ]") :
	    i->on                               ? "(*)" :
						  "( )";

	if (is_visible(c, c->row))
		surface_text(c->s, c->row, PAGE_MARGIN + i->indent,
		    PAGE_BOX_COLS, role, box);
}

static void
draw_state(const struct canvas *c, const struct item *i)
{
	int col = PAGE_MARGIN + i->indent;

	if (!is_visible(c, c->row))
		return;
	if (c->found)
		surface_cursor(c->s, c->row, col);
	if (i->glyph != GLYPH_NONE) {
		surface_glyph(c->s, c->row, col, i->role, i->glyph);
		col += 2;
	}
	if (i->word != NULL)
		surface_text(c->s, c->row, col, c->s->ncols - col, i->role,
		    i->word);
}

/* Text, note and value on one line. */
static void
draw_row(const struct canvas *c, const struct item *i)
{
	enum role role = c->focused ? ROLE_FOCUS : ROLE_NORMAL;
	struct row_fit fit;

	if (!is_visible(c, c->row))
		return;
	layout_row(c->p->ncols, i, &fit);
	surface_text(c->s, c->row, fit.text_col, fit.text_cols, role, i->text);
	if (fit.note_cols > 0)
		surface_text(c->s, c->row, fit.note_col, fit.note_cols, role,
		    i->note);
	if (fit.value_cols > 0)
		surface_text(c->s, c->row, fit.value_col, fit.value_cols, role,
		    i->value);
}

/* The part of the text around the cursor. */
static size_t
field_start(const char *text, size_t cursor, int ncols)
{
	size_t from = 0;
	char *part = mem_strdup(text);

	part[cursor] = '\0';
	while (text_width(part + from) >= ncols && part[from] != '\0') {
		do
			from++;
		while ((part[from] & 0xc0) == 0x80);
	}
	mem_free(part);
	return from;
}

/* What stands behind a field, when it leaves room to type. */
static int
draw_field_note(const struct canvas *c, const struct item *i, int row, int col)
{
	int end = layout_body_cols(c->p->ncols), width;

	if (i->note == NULL)
		return end;
	width = text_width(i->note);
	if (end - col - width - 3 < FIELD_MIN_COLS)
		return end;
	surface_text(c->s, row, end - width, width, ROLE_NORMAL, i->note);
	return end - width - 1;
}

/* The cursor belongs to what was looked for, if that is elsewhere. */
static void
put_cursor(const struct canvas *c, int row, int col)
{
	const struct page *p = c->p;

	if (p->found != NULL && p->found_item < p->nitems &&
	    p->item[p->found_item].id == NULL)
		return;
	surface_cursor(c->s, row, col);
}

static void
draw_typing(const struct canvas *c, int row, int col, int ncols)
{
	const char *text = buf_str(&c->p->edit);
	size_t from = field_start(text, c->p->cursor, ncols);
	char *before = mem_strdup(text);

	before[c->p->cursor] = '\0';
	surface_text(c->s, row, col, ncols, ROLE_FIELD, text + from);
	if (from > 0)
		surface_glyph(c->s, row, col, ROLE_FIELD, GLYPH_CUT);
	put_cursor(c, row, col + text_width(before + from));
	mem_free(before);
}

static void
draw_field(const struct canvas *c, const struct item *i)
{
	int col = PAGE_MARGIN + i->indent, row = c->row + i->nlines - 1, ncols;

	if (i->nlines > 1) {
		draw_wrapped(c, i, ROLE_NORMAL);
	} else if (*i->text != '\0' && is_visible(c, row)) {
		surface_text(c->s, row, col, c->s->ncols, ROLE_NORMAL, i->text);
		col = layout_field_col(c->p, i);
	}
	if (!is_visible(c, row))
		return;
	ncols = draw_field_note(c, i, row, col) - col - 2;
	surface_text(c->s, row, col, 1, ROLE_NORMAL, "[");
	surface_text(c->s, row, col + 1 + ncols, 1, ROLE_NORMAL, "]");
	surface_fill(c->s, row, col + 1, ncols, ROLE_FIELD, GLYPH_NONE);
	if (c->focused && c->p->edit_id != NULL)
		draw_typing(c, row, col + 1, ncols);
	else
		surface_text(c->s, row, col + 1, ncols, ROLE_FIELD, i->value);
}

/* Where the eye, the cursor and a screen reader find what has the focus. */
static void
draw_focus(const struct canvas *c, const struct item *i)
{
	int row = c->row + (i->kind == ITEM_FIELD ? i->nlines - 1 : 0);
	int col = layout_text_col(c->p->ncols, i);

	if (!is_visible(c, row))
		return;
	surface_glyph(c->s, row, 0, ROLE_TITLE, GLYPH_FOCUS);
	put_cursor(c, row, PAGE_MARGIN + i->indent);
	if (i->kind == ITEM_ROW)
		surface_fill(c->s, row, col, layout_row_end(c->p->ncols) - col,
		    ROLE_FOCUS, GLYPH_NONE);
}

/* Without an empty line above it, a heading is known by the line behind. */
static void
draw_heading_rule(const struct canvas *c, const struct item *i)
{
	int col = layout_text_col(c->p->ncols, i) + text_width(i->text) + 1;

	if (c->p->compact && i->nlines == 1 && is_visible(c, c->row))
		surface_fill(c->s, c->row, col,
		    layout_row_end(c->p->ncols) - col, ROLE_QUIET, GLYPH_RULE);
}

static void
draw_item(const struct canvas *c, const struct item *i)
{
	enum role role = c->focused ? ROLE_FOCUS : i->role;

	if (c->focused)
		draw_focus(c, i);
	if (i->kind == ITEM_FIELD) {
		draw_field(c, i);
		return;
	}
	draw_state(c, i);
	if (i->kind == ITEM_ROW) {
		draw_row(c, i);
		return;
	}
	if (i->kind == ITEM_OPTION || i->kind == ITEM_CHECK)
		draw_box(c, i, role);
	draw_wrapped(c, i, role);
	if (i->kind == ITEM_HEADING)
		draw_heading_rule(c, i);
}

void
page_draw_covered(struct page *p, struct surface *s, int row, int nrows,
    int covered)
{
	const struct item *now;
	struct canvas c = {p, s, 0, row, row + nrows, false, false};
	size_t k;

	page_layout(p, nrows - covered > 0 ? nrows - covered : 1, s->ncols);
	now = page_focused(p);
	for (k = 0; k < p->nitems; k++) {
		const struct item *i = &p->item[k];

		if (i->line + i->nlines <= p->top || i->line >= p->top + nrows)
			continue;
		c.row = row + i->line - p->top;
		c.focused = i == now;
		c.found = p->found != NULL && k == p->found_item && i != now;
		draw_item(&c, i);
	}
}

void
page_draw(struct page *p, struct surface *s, int row, int nrows)
{
	page_draw_covered(p, s, row, nrows, 0);
}
