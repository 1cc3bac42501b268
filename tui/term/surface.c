/* SPDX-License-Identifier: MIT */
/* Owns the grid of cells and the signs. */
#include "tui/term/surface.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"

#define TEXT_MAX 8192 /* of one call, made safe */

static const struct {
	uint32_t utf8, ascii;
} glyphs[GLYPH_COUNT] = {
    [GLYPH_NONE] = {' ', ' '},
    [GLYPH_PASS] = {0x2713, '+'},
    [GLYPH_FAIL] = {0x2717, 'x'},
    [GLYPH_WARN] = {'!', '!'},
    [GLYPH_UNSURE] = {'?', '?'},
    [GLYPH_SKIP] = {'-', '-'},
    [GLYPH_RUN] = {'>', '>'},
    [GLYPH_WAIT] = {0xb7, '.'},
    [GLYPH_BLOCKED] = {'#', '#'},
    [GLYPH_FOCUS] = {0x25b8, '>'},
    [GLYPH_RULE] = {0x2500, '-'},
    [GLYPH_CUT] = {0x2026, '~'},
    [GLYPH_UP] = {0x2191, '^'},
    [GLYPH_DOWN] = {0x2193, 'v'},
};

void
surface_init(struct surface *s, bool utf8)
{
	memset(s, 0, sizeof *s);
	s->utf8 = utf8;
}

void
surface_resize(struct surface *s, int nrows, int ncols)
{
	if (nrows == s->nrows && ncols == s->ncols)
		return;
	mem_free(s->cell);
	s->nrows = nrows;
	s->ncols = ncols;
	s->cell = mem_array((size_t)nrows * (size_t)ncols + 1, sizeof *s->cell);
	surface_clear(s);
}

void
surface_free(struct surface *s)
{
	mem_free(s->cell);
	memset(s, 0, sizeof *s);
}

static struct cell *
at(const struct surface *s, int row, int col)
{
	return &s->cell[(size_t)row * (size_t)s->ncols + (size_t)col];
}

/* Overwriting one half of a wide character leaves no other half behind. */
static void
put(struct surface *s, int row, int col, enum role role, uint32_t cp, int width)
{
	struct cell *c = at(s, row, col);

	if (c->width == 0 && col > 0) {
		c[-1].width = 1;
		c[-1].part[0] = ' ';
		c[-1].part[1] = 0;
	}
	if (col + width < s->ncols && c[width].width == 0) {
		c[width].width = 1;
		c[width].part[0] = ' ';
	}
	memset(c, 0, sizeof *c);
	c->part[0] = cp;
	c->width = (uint8_t)width;
	c->role = (uint8_t)role;
	if (width == 2) {
		memset(c + 1, 0, sizeof *c);
		c[1].part[0] = ' ';
		c[1].role = (uint8_t)role;
	}
}

void
surface_clear(struct surface *s)
{
	int row, col;

	for (row = 0; row < s->nrows; row++) {
		for (col = 0; col < s->ncols; col++) {
			struct cell *c = at(s, row, col);

			memset(c, 0, sizeof *c);
			c->part[0] = ' ';
			c->width = 1;
		}
	}
	s->cursor_row = s->cursor_col = 0;
}

static void
combine(struct cell *c, uint32_t cp)
{
	int i;

	for (i = 1; i < CELL_PARTS; i++) {
		if (c->part[i] == 0) {
			c->part[i] = cp;
			return;
		}
	}
}

static uint32_t
glyph_char(const struct surface *s, enum glyph g)
{
	return s->utf8 ? glyphs[g].utf8 : glyphs[g].ascii;
}

/* Safe text only. */
static int
draw(struct surface *s, int row, int col, int ncols, enum role role,
    const char *text, size_t len)
{
	int used = 0, base = -1, width;
	uint32_t cp = 0;

	while (len > 0) {
		int n = text_decode(text, len, &cp);

		if (n <= 0) {
			cp = '?';
			n = 1;
		}
		width = text_cp_width(cp);
		if (width == 0 && base >= 0)
			combine(at(s, row, base), cp);
		if (used + width > ncols)
			break;
		if (width > 0) {
			base = col + used;
			put(s, row, base, role, cp, width);
			used += width;
		}
		text += n;
		len -= (size_t)n;
	}
	return used;
}

int
surface_text(struct surface *s, int row, int col, int ncols, enum role role,
    const char *text)
{
	struct buf safe;
	const char *p;
	int used = 0;

	if (row < 0 || row >= s->nrows || col < 0 || col >= s->ncols ||
	    text == NULL)
		return 0;
	if (ncols > s->ncols - col)
		ncols = s->ncols - col;
	buf_init(&safe, TEXT_MAX);
	text_sanitise_into(&safe, text, strlen(text), false);
	p = buf_str(&safe);
	if (ncols > 0 && text_width(p) > ncols) {
		used = draw(s, row, col, ncols - 1, role, p,
		    text_prefix(p, ncols - 1));
		put(s, row, col + used, role, glyph_char(s, GLYPH_CUT), 1);
		used++;
	} else if (ncols > 0) {
		used = draw(s, row, col, ncols, role, p, strlen(p));
	}
	buf_free(&safe);
	return used;
}

int
surface_glyph(struct surface *s, int row, int col, enum role role, enum glyph g)
{
	if (row < 0 || row >= s->nrows || col < 0 || col >= s->ncols)
		return 0;
	put(s, row, col, role, glyph_char(s, g), 1);
	return 1;
}

void
surface_fill(struct surface *s, int row, int col, int ncols, enum role role,
    enum glyph g)
{
	int i;

	for (i = 0; i < ncols; i++)
		surface_glyph(s, row, col + i, role, g);
}

void
surface_cursor(struct surface *s, int row, int col)
{
	s->cursor_row = row < 0 ? 0 : row >= s->nrows ? s->nrows - 1 : row;
	s->cursor_col = col < 0 ? 0 : col >= s->ncols ? s->ncols - 1 : col;
}

void
surface_row(const struct surface *s, int row, struct buf *out)
{
	int col, i, last = -1;
	char bytes[4];

	for (col = 0; col < s->ncols; col++) {
		if (at(s, row, col)->part[0] != ' ')
			last = col;
	}
	for (col = 0; col <= last; col++) {
		const struct cell *c = at(s, row, col);

		for (i = 0; c->width > 0 && i < CELL_PARTS && c->part[i]; i++)
			buf_add(out, bytes,
			    (size_t)text_encode(c->part[i], bytes));
	}
}
