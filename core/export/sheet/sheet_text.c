/* SPDX-License-Identifier: MIT */
/* Owns papers as plain text: what stands where, and how it wraps, within a
 * width that any mail program keeps. */
#include <string.h>

#include "core/base/text.h"
#include "core/export/sheet/sheet.h"

#define STEP 2    /* columns of a level */
#define COLUMN 18 /* of a field's text, where the block does not say */
#define GAP 2     /* between the columns of a table */
#define LINE_MAX_BYTES 1024
#define CUT "..."
/* Around a technical word in a language written from right to left. */
#define ISOLATE "\xe2\x81\xa6"     /* U+2066 */
#define ISOLATE_END "\xe2\x81\xa9" /* U+2069 */

struct plain {
	const struct sheet *sheet;
	struct buf *out;
	int ncols;
};

struct wrapping {
	const struct plain *p;
	int indent;
	bool started; /* the first line already has its label */
};

static int
indent_of(const struct sheet_block *b)
{
	return b->indent > 0 ? b->indent : b->level * STEP;
}

/* What stands within one line. */
static void
add_part(const struct plain *p, const char *s, size_t len)
{
	struct arena *a;
	const char *rest;
	bool technical;
	size_t n;

	if (!p->sheet->rtl) {
		buf_add(p->out, s, len);
		return;
	}
	a = arena_new();
	rest = arena_strndup(a, s, len);
	for (; (n = sheet_run(rest, &technical)) > 0; rest += n) {
		buf_adds(p->out, technical ? ISOLATE : "");
		buf_add(p->out, rest, n);
		buf_adds(p->out, technical ? ISOLATE_END : "");
	}
	arena_free(a);
}

static void
add_words(const struct plain *p, const char *s)
{
	add_part(p, s, strlen(s));
}

static void
add_line(void *arg, const char *s, size_t len)
{
	struct wrapping *w = arg;

	if (!w->started)
		buf_fill(w->p->out, ' ', (size_t)w->indent);
	w->started = false;
	add_part(w->p, s, len);
	buf_addc(w->p->out, '\n');
}

static void
add_paragraph(const struct plain *p, int indent, const char *text)
{
	struct wrapping w = {p, indent, false};

	text_wrap(text, p->ncols - indent, add_line, &w);
}

static void
add_rule(const struct plain *p, char line, int width)
{
	buf_fill(p->out, line, (size_t)(width < p->ncols ? width : p->ncols));
	buf_addc(p->out, '\n');
}

static void
write_title(const struct plain *p, const struct sheet_block *b)
{
	add_paragraph(p, 0, b->text);
	add_rule(p, '=', text_width(b->text));
}

static void
write_heading(const struct plain *p, const struct sheet_block *b)
{
	buf_addc(p->out, '\n');
	add_paragraph(p, 0, b->text);
	if (b->level < 3)
		add_rule(p, '-', text_width(b->text));
}

struct clipping {
	const struct plain *p;
	int hang, max, ncols;
	int nlines;
	bool cut;
	char last[LINE_MAX_BYTES]; /* not written yet: it may be cut */
};

static void
keep_line(void *arg, const char *s, size_t len)
{
	struct clipping *c = arg;

	if (c->nlines == c->max) {
		c->cut = true;
		return;
	}
	if (c->nlines++ > 0) {
		add_words(c->p, c->last);
		buf_addc(c->p->out, '\n');
		buf_fill(c->p->out, ' ', (size_t)c->hang);
	}
	if (len >= sizeof c->last)
		len = sizeof c->last - 1;
	memcpy(c->last, s, len);
	c->last[len] = '\0';
}

/* Room for the dots, and no half word before them. */
static void
cut_last(struct clipping *c)
{
	int room = c->ncols - (int)sizeof CUT + 1;
	size_t len = text_prefix(c->last, room);

	if (c->last[len] != '\0') {
		c->last[len] = '\0';
		if (strrchr(c->last, ' ') != NULL)
			*strrchr(c->last, ' ') = '\0';
	}
	len = strlen(c->last);
	while (len > 0 && strchr(" ,.;:", c->last[len - 1]) != NULL)
		c->last[--len] = '\0';
}

static void
write_clipped(const struct plain *p, const struct sheet_block *b)
{
	int indent = indent_of(b);
	struct clipping c = {.p = p,
	    .hang = b->hang,
	    .max = b->clip,
	    .ncols = p->ncols - (indent > b->hang ? indent : b->hang)};

	buf_fill(p->out, ' ', (size_t)indent);
	text_wrap(b->text, c.ncols, keep_line, &c);
	if (c.cut)
		cut_last(&c);
	add_words(p, c.last);
	buf_adds(p->out, c.cut ? CUT "\n" : "\n");
}

static void
write_text(const struct plain *p, const struct sheet_block *b)
{
	if (b->clip > 0)
		write_clipped(p, b);
	else
		add_paragraph(p, indent_of(b), b->text);
}

static void
write_field(const struct plain *p, const struct sheet_block *b)
{
	int indent = indent_of(b);
	int column = b->hang > 0 ? b->hang : COLUMN;
	int end = indent + text_width(b->label);
	struct wrapping w = {p, column, true};

	buf_fill(p->out, ' ', (size_t)indent);
	add_words(p, b->label);
	if (end < column) {
		buf_fill(p->out, ' ', (size_t)(column - end));
	} else {
		buf_addc(p->out, '\n');
		w.started = false;
	}
	text_wrap(b->text, p->ncols - column, add_line, &w);
}

static void
write_line_to_write_on(const struct plain *p, const struct sheet_block *b)
{
	int indent = indent_of(b);
	int column = b->hang > 0 ? b->hang : COLUMN;
	int end = indent + text_width(b->label);

	buf_fill(p->out, ' ', (size_t)indent);
	add_words(p, b->label);
	if (end + 1 < column)
		buf_fill(p->out, ' ', (size_t)(column - end));
	else
		buf_addc(p->out, ' ');
	if (end + 1 >= column)
		column = end + 1;
	if (p->ncols > column)
		buf_fill(p->out, '_', (size_t)(p->ncols - column));
	buf_addc(p->out, '\n');
}

static void
write_sides(const struct plain *p, const struct sheet_block *b)
{
	int indent = indent_of(b);
	int used = indent + text_width(b->label) + text_width(b->text);

	if (used + 1 > p->ncols) {
		add_paragraph(p, indent, b->label);
		add_paragraph(p, indent + STEP, b->text);
		return;
	}
	buf_fill(p->out, ' ', (size_t)indent);
	add_words(p, b->label);
	buf_fill(p->out, ' ', (size_t)(p->ncols - used));
	add_words(p, b->text);
	buf_addc(p->out, '\n');
}

static void
write_box(const struct plain *p, const struct sheet_block *b)
{
	size_t i;

	add_rule(p, '#', p->ncols);
	for (i = 0; i < b->nlines; i++)
		add_paragraph(p, STEP, b->line[i]);
	add_rule(p, '#', p->ncols);
}

static void
write_gap(const struct plain *p, const struct sheet_block *b)
{
	(void)b;
	buf_addc(p->out, '\n');
}

/* --- tables --- */

struct cell {
	struct strlist lines;
	struct arena *a;
};

static void
cell_line(void *arg, const char *s, size_t len)
{
	struct cell *c = arg;

	*arena_push(c->a, c->lines.item, c->lines.count) = arena_strndup(c->a,
	    s, len);
}

/* The width of the longest line of a text, or of its longest word. */
static int
widest(struct arena *a, const char *text, const char *ends)
{
	int width = 0, w;
	size_t len;

	for (; *text != '\0'; text += len + (text[len] != '\0')) {
		len = strcspn(text, ends);
		w = text_width(arena_strndup(a, text, len));
		if (w > width)
			width = w;
	}
	return width;
}

static int
column_needs(struct arena *a, const struct sheet_block *b, size_t column,
    const char *ends)
{
	int width = widest(a, b->column[column].title, ends), w;
	size_t i;

	for (i = 0; i < b->nrows; i++) {
		w = widest(a, b->row[i].cell[column], ends);
		if (w > width)
			width = w;
	}
	return width > 0 ? width : 1;
}

/* The column that is shortest of what it should have and still wants more;
 * NULL where all have what they want. */
static size_t
most_wanting(const struct sheet_block *b, const int *width, const int *most)
{
	size_t i, best = b->ncolumns;

	for (i = 0; i < b->ncolumns; i++) {
		int share = b->column[i].share > 0 ? b->column[i].share : 1;
		int other = best == b->ncolumns ? 1 :
		    b->column[best].share > 0   ? b->column[best].share :
						  1;

		if (width[i] < most[i] &&
		    (best == b->ncolumns ||
			width[i] * other < width[best] * share))
			best = i;
	}
	return best;
}

/* Each column has room for its longest word, and what is left goes by their
 * shares. False where even the words do not fit. */
static bool
make_widths(const struct plain *p, struct arena *a, const struct sheet_block *b,
    int *width)
{
	int *most = arena_array(a, b->ncolumns, sizeof *most);
	int left = p->ncols - indent_of(b) - GAP * ((int)b->ncolumns - 1);
	size_t i;

	for (i = 0; i < b->ncolumns; i++) {
		width[i] = column_needs(a, b, i, " \n");
		most[i] = column_needs(a, b, i, "\n");
		left -= width[i];
	}
	if (left < 0)
		return false;
	for (; left > 0; left--) {
		i = most_wanting(b, width, most);
		if (i == b->ncolumns)
			break;
		width[i]++;
	}
	return true;
}

static void
add_row(const struct plain *p, struct arena *a, const struct sheet_block *b,
    const int *width, const char *const *text)
{
	struct cell *cell = arena_array(a, b->ncolumns, sizeof *cell);
	size_t i, k, nlines = 1;
	int owed;

	for (i = 0; i < b->ncolumns; i++) {
		cell[i].a = a;
		text_wrap(text[i], width[i], cell_line, &cell[i]);
		if (cell[i].lines.count > nlines)
			nlines = cell[i].lines.count;
	}
	for (k = 0; k < nlines; k++) {
		owed = indent_of(b);
		for (i = 0; i < b->ncolumns; i++) {
			const char *line = k < cell[i].lines.count ?
			    cell[i].lines.item[k] :
			    "";

			if (*line != '\0') {
				buf_fill(p->out, ' ', (size_t)owed);
				add_words(p, line);
				owed = 0;
			}
			owed += width[i] - text_width(line) + GAP;
		}
		buf_addc(p->out, '\n');
	}
}

static void
add_head(const struct plain *p, struct arena *a, const struct sheet_block *b,
    const int *width)
{
	const char **title = arena_array(a, b->ncolumns, sizeof *title);
	size_t i;

	for (i = 0; i < b->ncolumns; i++)
		title[i] = b->column[i].title;
	add_row(p, a, b, width, title);
	buf_fill(p->out, ' ', (size_t)indent_of(b));
	for (i = 0; i < b->ncolumns; i++) {
		buf_fill(p->out, '-', (size_t)width[i]);
		if (i + 1 < b->ncolumns)
			buf_fill(p->out, ' ', GAP);
	}
	buf_addc(p->out, '\n');
}

/* Where a row has no room in its columns. */
static void
add_fields(const struct plain *p, struct arena *a, const struct sheet_block *b,
    const char *const *text)
{
	struct sheet_block field = {.level = b->level, .indent = b->indent};
	size_t i;

	for (i = 0; i < b->ncolumns; i++) {
		int end = indent_of(b) + text_width(b->column[i].title) + GAP;

		if (end > field.hang)
			field.hang = end;
	}
	if (field.hang > p->ncols / 2)
		field.hang = COLUMN;
	for (i = 0; i < b->ncolumns; i++) {
		if (text_is_space(text[i]))
			continue;
		field.label = arena_printf(a, "%s:", b->column[i].title);
		field.text = text[i];
		write_field(p, &field);
	}
}

static void
write_table(const struct plain *p, const struct sheet_block *b)
{
	struct arena *a = arena_new();
	int *width = arena_array(a, b->ncolumns, sizeof *width);
	bool fits = make_widths(p, a, b, width);
	size_t i;

	if (b->label[0] != '\0')
		add_paragraph(p, indent_of(b), b->label);
	if (fits)
		add_head(p, a, b, width);
	for (i = 0; i < b->nrows; i++) {
		if (fits) {
			add_row(p, a, b, width, b->row[i].cell);
			continue;
		}
		if (i > 0)
			buf_addc(p->out, '\n');
		add_fields(p, a, b, b->row[i].cell);
	}
	arena_free(a);
}

/* As it is, and with an end. */
static void
write_code(const struct plain *p, const struct sheet_block *b)
{
	size_t len = strlen(b->text);

	buf_add(p->out, b->text, len);
	if (len > 0 && b->text[len - 1] != '\n')
		buf_addc(p->out, '\n');
}

/* What the picture would say. */
static void
write_qr(const struct plain *p, const struct sheet_block *b)
{
	add_paragraph(p, indent_of(b), b->label);
	add_paragraph(p, indent_of(b) + STEP, b->text);
}

static void (*const writers[])(const struct plain *p,
    const struct sheet_block *b) = {
    [SHEET_TITLE] = write_title,
    [SHEET_HEADING] = write_heading,
    [SHEET_TEXT] = write_text,
    [SHEET_FIELD] = write_field,
    [SHEET_WRITE_ON] = write_line_to_write_on,
    [SHEET_SIDES] = write_sides,
    [SHEET_BOX] = write_box,
    [SHEET_TABLE] = write_table,
    [SHEET_CODE] = write_code,
    [SHEET_QR] = write_qr,
    [SHEET_GAP] = write_gap,
    [SHEET_NEW_PAGE] = write_gap,
};

int
sheet_write_text(const struct sheet *s, int ncols, struct buf *out,
    struct error *err)
{
	struct arena *a = arena_new();
	struct plain p = {sheet_clean(a, s), out, ncols};
	size_t i;

	(void)err;
	for (i = 0; i < s->count; i++)
		writers[p.sheet->block[i].kind](&p, &p.sheet->block[i]);
	arena_free(a);
	return 0;
}
