/* SPDX-License-Identifier: MIT */
/* Owns the layout and the drawing of a page, from 40 columns up. */
#include <string.h>

#include "core/base/text.h"
#include "tui/page.h"

#define MARGIN 2     /* the focus sign and a space */
#define TEXT_COLS 96 /* longer lines are hard to read */
#define WORD_COLS 11 /* of a state's word, with a space */
#define LABEL_COLS 26
#define ONE_LINE_COLS 60 /* from here on label and field share a line */
#define VALUE_COLS 10
#define NOTE_COLS 70 /* from here on a row shows its note */
#define NOTE_MIN_COLS 8
#define BOX_COLS 4 /* "(*) " */

struct lines { /* what text_wrap() hands over */
	struct surface *s;
	int row;
	int col;
	int ncols;
	int first; /* lines of the page above the window */
	int last;
	enum role role;
	int count;
};

static void
count_line(void *arg, const char *s, size_t len)
{
	struct lines *l = arg;

	(void)s;
	(void)len;
	l->count++;
}

static void
draw_line(void *arg, const char *s, size_t len)
{
	struct lines *l = arg;
	struct buf line;
	int row = l->row + l->count++;

	if (row < l->first || row >= l->last)
		return;
	buf_init(&line, 4096);
	buf_add(&line, s, len);
	surface_text(l->s, row, l->col, l->ncols, l->role, buf_str(&line));
	buf_free(&line);
}

static int
text_lines(const char *text, int ncols)
{
	struct lines l = {.count = 0};

	text_wrap(text, ncols < 1 ? 1 : ncols, count_line, &l);
	return l.count > 0 ? l.count : 1;
}

static int
body_cols(const struct page *p)
{
	int n = p->ncols - 1; /* the last column shows that there is more */

	return n > TEXT_COLS ? TEXT_COLS : n;
}

/* Where an item's text begins. */
static int
text_col(const struct page *p, const struct item *i)
{
	int col = MARGIN + i->indent;

	if (i->kind == ITEM_OPTION || i->kind == ITEM_CHECK)
		col += BOX_COLS;
	if (i->glyph != GLYPH_NONE)
		col += 2;
	if (i->word != NULL)
		col += p->ncols >= ONE_LINE_COLS ? WORD_COLS :
						   text_width(i->word) + 1;
	return col;
}

static bool
shares_line(const struct page *p, const struct item *i)
{
	return p->ncols >= ONE_LINE_COLS && text_width(i->text) < LABEL_COLS;
}

static int
item_lines(const struct page *p, const struct item *i)
{
	int room = body_cols(p) - text_col(p, i);

	if (i->kind == ITEM_ROW)
		return 1;
	if (i->kind != ITEM_FIELD)
		return text_lines(i->text, room);
	if (*i->text == '\0' || shares_line(p, i))
		return 1;
	return text_lines(i->text, room) + 1;
}

/* Shows the focus, with the words right above it where there is room. */
static void
reveal(struct page *p)
{
	const struct item *now = page_focused(p), *from;
	int end;

	if (now == NULL)
		return;
	from = now;
	end = now->line + now->nlines;
	while (from > p->item && from[-1].id == NULL &&
	    end - from[-1].line <= p->nrows)
		from--;
	while (from < now && *from->text == '\0')
		from++;
	if (p->top > from->line ||
	    (p->top + p->nrows < end && end - from->line > p->nrows))
		p->top = from->line;
	if (p->top + p->nrows < end)
		p->top = end - p->nrows;
}

void
page_layout(struct page *p, int nrows, int ncols)
{
	size_t i;
	int last;

	p->reveal = p->reveal || p->nrows != nrows || p->ncols != ncols;
	p->nrows = nrows;
	p->ncols = ncols;
	p->nlines = 0;
	for (i = 0; i < p->nitems; i++) {
		p->item[i].line = p->nlines;
		p->item[i].nlines = item_lines(p, &p->item[i]);
		p->nlines += p->item[i].nlines;
	}
	if (p->reveal)
		reveal(p);
	p->reveal = false;
	last = p->nlines > nrows ? p->nlines - nrows : 0;
	if (p->top > last)
		p->top = last;
	if (p->top < 0)
		p->top = 0;
}

struct canvas {
	struct page *p;
	struct surface *s;
	int row; /* of the item's first line on the surface */
	int first, last;
	bool focused;
};

static bool
is_visible(const struct canvas *c, int row)
{
	return row >= c->first && row < c->last;
}

static void
draw_wrapped(const struct canvas *c, const struct item *i, enum role role)
{
	int col = text_col(c->p, i);
	struct lines l = {c->s, c->row, col, body_cols(c->p) - col, c->first,
	    c->last, role, 0};

	text_wrap(i->text, l.ncols < 1 ? 1 : l.ncols, draw_line, &l);
}

static void
draw_box(const struct canvas *c, const struct item *i, enum role role)
{
	const char *box = i->kind == ITEM_CHECK ? (i->on ? "[x]" : "[ ]") :
	    i->on                               ? "(*)" :
						  "( )";

	if (is_visible(c, c->row))
		surface_text(c->s, c->row, MARGIN + i->indent, BOX_COLS, role,
		    box);
}

static void
draw_state(const struct canvas *c, const struct item *i)
{
	int col = MARGIN + i->indent;

	if (!is_visible(c, c->row))
		return;
	if (i->glyph != GLYPH_NONE) {
		surface_glyph(c->s, c->row, col, i->role, i->glyph);
		col += 2;
	}
	if (i->word != NULL)
		surface_text(c->s, c->row, col, WORD_COLS - 1, i->role,
		    i->word);
}

/* The text comes first, but what is wrong must be read as well. */
static int
note_cols(const struct item *i, int room)
{
	int note, rest;

	if (i->note == NULL)
		return 0;
	note = text_width(i->note);
	rest = room - text_width(i->text) - 1;
	if (i->role == ROLE_BAD && rest < room / 4)
		rest = room / 4;
	if (note > rest)
		note = rest;
	return note < NOTE_MIN_COLS ? 0 : note;
}

/* Text, note and value on one line; what matters least goes first. */
static void
draw_row(const struct canvas *c, const struct item *i)
{
	int col = text_col(c->p, i), end = c->s->ncols - 1, note;
	enum role role = c->focused ? ROLE_FOCUS : ROLE_NORMAL;

	if (!is_visible(c, c->row))
		return;
	if (c->focused)
		surface_fill(c->s, c->row, col, end - col, role, GLYPH_NONE);
	if (i->value != NULL && c->s->ncols >= NOTE_COLS) {
		end -= VALUE_COLS;
		surface_text(c->s, c->row,
		    end + VALUE_COLS - text_width(i->value), VALUE_COLS, role,
		    i->value);
		end--;
	}
	note = c->s->ncols >= NOTE_COLS ? note_cols(i, end - col) : 0;
	if (note > 0) {
		surface_text(c->s, c->row, end - note, note, role, i->note);
		end -= note + 1;
	}
	surface_text(c->s, c->row, col, end - col, role, i->text);
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

static void
draw_field(const struct canvas *c, const struct item *i)
{
	bool editing = c->focused && c->p->edit_id != NULL;
	const char *text = editing ? buf_str(&c->p->edit) : i->value;
	int col = MARGIN + i->indent, row = c->row + i->nlines - 1, ncols;
	size_t from = 0;
	char *before;

	if (i->nlines > 1)
		draw_wrapped(c, i, ROLE_NORMAL);
	else if (*i->text != '\0' && is_visible(c, row))
		col += (surface_text(c->s, row, col, LABEL_COLS, ROLE_NORMAL,
			    i->text),
		    LABEL_COLS);
	if (!is_visible(c, row))
		return;
	ncols = body_cols(c->p) - col - 2;
	surface_text(c->s, row, col, 1, ROLE_NORMAL, "[");
	surface_text(c->s, row, col + 1 + ncols, 1, ROLE_NORMAL, "]");
	surface_fill(c->s, row, col + 1, ncols, ROLE_FIELD, GLYPH_NONE);
	if (editing)
		from = field_start(text, c->p->cursor, ncols);
	surface_text(c->s, row, col + 1, ncols, ROLE_FIELD, text + from);
	if (!editing)
		return;
	before = mem_strdup(text);
	before[c->p->cursor] = '\0';
	surface_cursor(c->s, row, col + 1 + text_width(before + from));
	mem_free(before);
}

static void
draw_item(const struct canvas *c, const struct item *i)
{
	enum role role = c->focused ? ROLE_FOCUS : i->role;

	if (c->focused &&
	    is_visible(c,
		c->row + (i->kind == ITEM_FIELD ? i->nlines - 1 : 0))) {
		int row = c->row + (i->kind == ITEM_FIELD ? i->nlines - 1 : 0);

		surface_glyph(c->s, row, 0, ROLE_TITLE, GLYPH_FOCUS);
		surface_cursor(c->s, row, MARGIN + i->indent);
	}
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
}

void
page_draw(struct page *p, struct surface *s, int row, int nrows)
{
	const struct item *now;
	struct canvas c = {p, s, 0, row, row + nrows, false};
	size_t k;

	page_layout(p, nrows, s->ncols);
	now = page_focused(p);
	for (k = 0; k < p->nitems; k++) {
		const struct item *i = &p->item[k];

		if (i->line + i->nlines <= p->top || i->line >= p->top + nrows)
			continue;
		c.row = row + i->line - p->top;
		c.focused = i == now;
		draw_item(&c, i);
	}
	if (p->top > 0)
		surface_glyph(s, row, s->ncols - 1, ROLE_KEY, GLYPH_UP);
	if (p->top + nrows < p->nlines)
		surface_glyph(s, row + nrows - 1, s->ncols - 1, ROLE_KEY,
		    GLYPH_DOWN);
}
