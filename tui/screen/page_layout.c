/* SPDX-License-Identifier: MIT */
/* Owns the layout of a page, from 40 columns up: which line each item stands
 * on, which part of it is shown, and what of a row is left out. */
#include "tui/screen/page_layout.h"

#include <string.h>

#include "core/base/text.h"
#include "tui/screen/match.h"

#define TEXT_COLS 96 /* longer lines are hard to read */
#define ROW_COLS 160 /* beyond that the eye loses the row */
#define VALUE_COLS 10
#define WIDE_COLS 70 /* from here on values and notes have columns */
#define NOTE_MIN_COLS 8
#define NOTE_GAP 2       /* between the text and its note */
#define WRAP_LOSS 12     /* columns at the end of a line, by long words */
#define ONE_LINE_COLS 60 /* from here on state words have a column */

/* A label that is longer stands above its field. */
static const struct {
	int ncols; /* of the window, from here on */
	int label;
} label_rules[] = {{100, 38}, {ONE_LINE_COLS, 24}, {0, 12}};

int
layout_body_cols(int ncols)
{
	return ncols - 1 > TEXT_COLS ? TEXT_COLS : ncols - 1;
}

static int
word_cols(int ncols, const char *word)
{
	int need = *word != '\0' ? text_width(word) + 1 : 0;

	if (ncols < ONE_LINE_COLS || need > PAGE_WORD_COLS)
		return need;
	return PAGE_WORD_COLS;
}

int
layout_text_col(int ncols, const struct item *i)
{
	int col = PAGE_MARGIN + i->indent;

	if (i->kind == ITEM_OPTION || i->kind == ITEM_CHECK)
		return col + PAGE_BOX_COLS;
	if (i->glyph != GLYPH_NONE)
		col += 2;
	if (i->word != NULL)
		col += word_cols(ncols, i->word);
	return col;
}

static int
label_most(int ncols)
{
	size_t i = 0;

	while (label_rules[i].ncols > ncols && label_rules[i].ncols > 0)
		i++;
	return label_rules[i].label;
}

bool
layout_shares_line(const struct page *p, const struct item *i)
{
	return text_width(i->text) <= label_most(p->ncols);
}

/* All fields of a page that stand beside their labels begin in one column. */
int
layout_field_col(const struct page *p, const struct item *i)
{
	int widest = 0, width;
	size_t k;

	for (k = 0; k < p->nitems; k++) {
		const struct item *it = &p->item[k];

		if (it->kind != ITEM_FIELD || !layout_shares_line(p, it))
			continue;
		width = text_width(it->text);
		if (width > widest)
			widest = width;
	}
	return PAGE_MARGIN + i->indent + (widest > 0 ? widest + 2 : 0);
}

/* --- rows -------------------------------------------------------------- */

static int
smaller(int a, int b)
{
	return a < b ? a : b;
}

/* The text comes first, but what is wrong must be read as well. A note is
 * whole or not there: a part of one says nothing, and all of the row is shown
 * where it has the focus. */
static int
note_cols(const struct item *i, int room)
{
	int rest = room - text_width(i->text) - NOTE_GAP;
	int width = text_width(i->note);

	if (width <= rest)
		return width;
	if (i->role != ROLE_BAD)
		return 0;
	if (rest < room / 4)
		rest = room / 4;
	return rest < smaller(NOTE_MIN_COLS, width) ? 0 : smaller(width, rest);
}

/* A wide window has a column for it; else what the text leaves. */
static int
value_cols(int ncols, const struct item *i, int room)
{
	int width = text_width(i->value);

	if (ncols >= WIDE_COLS)
		return smaller(width < VALUE_COLS ? VALUE_COLS : width,
		    room / 3);
	return text_width(i->text) + 1 + width <= room ? width : 0;
}

int
layout_row_end(int ncols)
{
	return smaller(ncols - 2, ROW_COLS);
}

void
layout_row(int ncols, const struct item *i, struct row_fit *fit)
{
	int end = layout_row_end(ncols), width;

	memset(fit, 0, sizeof *fit);
	fit->width = text_width(i->text);
	fit->text_col = layout_text_col(ncols, i);
	if (i->value != NULL && *i->value != '\0') {
		fit->value_cols = value_cols(ncols, i, end - fit->text_col);
		width = text_width(i->value);
		fit->width += width + 2;
		fit->cut = width > fit->value_cols;
		if (width < fit->value_cols)
			fit->value_col = end - width;
		else
			fit->value_col = end - fit->value_cols;
		if (fit->value_cols > 0)
			end -= fit->value_cols + 1;
	}
	if (i->note != NULL && *i->note != '\0') {
		fit->note_cols = note_cols(i, end - fit->text_col);
		fit->note_col = end - fit->note_cols;
		fit->width += text_width(i->note) + 2;
		fit->cut = fit->cut || fit->note_cols < text_width(i->note);
		if (fit->note_cols > 0)
			end -= fit->note_cols + NOTE_GAP;
	}
	fit->text_cols = end > fit->text_col ? end - fit->text_col : 0;
	fit->cut = fit->cut || fit->text_cols < text_width(i->text);
}

static char *
whole_row(struct arena *a, const struct item *i)
{
	const char *const parts[] = {i->text, i->note, i->value};
	struct buf all;
	char *text;
	size_t k;

	buf_init(&all, 8192);
	for (k = 0; k < sizeof parts / sizeof *parts; k++) {
		if (parts[k] == NULL || *parts[k] == '\0')
			continue;
		buf_addf(&all, "%s%s", all.len > 0 ? "  " : "", parts[k]);
	}
	text = arena_strdup(a, buf_str(&all));
	buf_free(&all);
	return text;
}

static void
count_line(void *arg, const char *s, size_t len)
{
	int *count = arg;

	(void)s;
	(void)len;
	(*count)++;
}

static int
text_lines(const char *text, int ncols)
{
	int count = 0;

	text_wrap(text, ncols < 1 ? 1 : ncols, count_line, &count);
	return count > 0 ? count : 1;
}

/* Counted, not wrapped: this is asked about each row at each drawing. */
static int
about_lines(int width, int ncols)
{
	int room = ncols - 1 - PAGE_MARGIN, n = 1;

	while (n < 100 && width > n * room - (n - 1) * WRAP_LOSS)
		n++;
	return n;
}

static bool
is_next_cut(const struct page *p, int ncols)
{
	return p->next != NULL &&
	    text_width(p->next) > ncols - PAGE_BUTTON_COLS;
}

/* True only for what fits for sure, and found out fast: no text has more
 * columns than bytes. */
static bool
surely_fits(int ncols, const struct item *i)
{
	int room = layout_row_end(ncols) - layout_text_col(ncols, i);
	size_t need = strlen(i->text);

	if (i->note != NULL)
		need += strlen(i->note) + NOTE_GAP;
	return (i->value == NULL || *i->value == '\0') && room > 0 &&
	    need <= (size_t)room;
}

static void
need_lines(struct page *p, int lines)
{
	if (lines > p->details)
		p->details = lines;
}

int
page_detail_lines(struct page *p, int ncols, int most)
{
	struct row_fit fit;
	size_t i;

	if (p->ncols != ncols)
		p->details = 0;
	if (is_next_cut(p, ncols))
		need_lines(p, about_lines(text_width(p->next), ncols));
	for (i = 0; i < p->nitems && p->details < most; i++) {
		if (p->item[i].kind != ITEM_ROW ||
		    surely_fits(ncols, &p->item[i]))
			continue;
		layout_row(ncols, &p->item[i], &fit);
		if (fit.cut)
			need_lines(p, about_lines(fit.width, ncols));
	}
	return p->details > most ? most : p->details;
}

const char *
page_detail(const struct page *p, int ncols)
{
	const struct item *now = page_focused(p);
	struct row_fit fit;

	if (page_on_next(p))
		return is_next_cut(p, ncols) ? p->next : NULL;
	if (now == NULL || now->kind != ITEM_ROW)
		return NULL;
	layout_row(ncols, now, &fit);
	return fit.cut ? whole_row(p->arena, now) : NULL;
}

/* --- lines ------------------------------------------------------------- */

struct place {
	const char *at;
	int line;
	int found;
};

static void
look_at_line(void *arg, const char *s, size_t len)
{
	struct place *pl = arg;

	if (pl->at >= s && (len == 0 || pl->at < s + len))
		pl->found = pl->line;
	pl->line++;
}

static int
line_of(const struct page *p, const struct item *i, const char *at)
{
	struct place pl = {at, 0, 0};
	int room = layout_body_cols(p->ncols) - layout_text_col(p->ncols, i);

	text_wrap(i->text, room < 1 ? 1 : room, look_at_line, &pl);
	return pl.found;
}

static bool
is_blank(const struct item *i)
{
	return i->kind == ITEM_TEXT && *i->text == '\0' && i->word == NULL &&
	    i->glyph == GLYPH_NONE;
}

static int
item_lines(const struct page *p, const struct item *i)
{
	int room;

	if (i->kind == ITEM_ROW)
		return 1;
	if (is_blank(i))
		return p->compact ? 0 : 1;
	room = layout_body_cols(p->ncols) - layout_text_col(p->ncols, i);
	if (i->kind != ITEM_FIELD)
		return text_lines(i->text, room);
	if (*i->text == '\0' || layout_shares_line(p, i))
		return 1;
	return text_lines(i->text, room) + 1;
}

/* Where the focus ends, with what is wrong with it right below. */
static int
end_of(const struct page *p, const struct item *now)
{
	const struct item *next = now + 1, *past = p->item + p->nitems;
	int end = now->line + now->nlines;

	if (next < past && next->id == NULL && next->role == ROLE_BAD &&
	    next->line + next->nlines - now->line <= p->nrows)
		end = next->line + next->nlines;
	return end;
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
	end = end_of(p, now);
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

static void
show_found(struct page *p)
{
	const struct item *i;
	const char *at;
	size_t len;
	int line;

	if (p->found == NULL || p->found_item >= p->nitems)
		return;
	i = &p->item[p->found_item];
	at = match_text(i->text, p->found, &len);
	line = i->line + (at != NULL ? line_of(p, i, at) : 0);
	if (line < p->top || line >= p->top + p->nrows)
		p->top = line - p->nrows / 3;
}

static bool
is_in_sight(const struct page *p)
{
	const struct item *now = page_focused(p);

	return now != NULL && now->line >= p->top &&
	    now->line + now->nlines <= p->top + p->nrows;
}

/* A changed size, or lines that come in above it, show the focus again only
 * where it was in sight before. */
void
page_layout(struct page *p, int nrows, int ncols)
{
	bool resized = p->nrows != nrows || p->ncols != ncols;
	size_t i;
	int last;

	p->nrows = nrows;
	p->ncols = ncols;
	p->nlines = 0;
	for (i = 0; i < p->nitems; i++) {
		p->item[i].line = p->nlines;
		p->item[i].nlines = item_lines(p, &p->item[i]);
		p->nlines += p->item[i].nlines;
	}
	if (p->reveal || (p->seen && (resized || !is_in_sight(p))))
		reveal(p);
	if (p->show_found || (resized && p->found != NULL && !p->seen))
		show_found(p);
	p->reveal = p->show_found = false;
	last = p->nlines > nrows ? p->nlines - nrows : 0;
	if (p->top > last)
		p->top = last;
	if (p->top < 0)
		p->top = 0;
	p->seen = is_in_sight(p);
}
