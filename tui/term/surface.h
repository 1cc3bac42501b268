/* SPDX-License-Identifier: MIT */
/* A grid of cells in memory: what every view draws on. No terminal here.
 * Drawing never fails and never leaves the grid; text is made safe on the
 * way in, so nothing that steers a terminal can ever stand in a cell. */
#ifndef TUI_SURFACE_H
#define TUI_SURFACE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"

/* What a cell means; the back end decides how that looks. */
enum role {
	ROLE_NORMAL, ROLE_TITLE, ROLE_QUIET, ROLE_GOOD, ROLE_WARN, ROLE_BAD,
	ROLE_FOCUS, ROLE_FIELD, ROLE_KEY, ROLE_COUNT,
};

/* Signs, each one column wide, in UTF-8 and in ASCII. */
enum glyph {
	GLYPH_NONE, GLYPH_PASS, GLYPH_FAIL, GLYPH_WARN, GLYPH_UNSURE,
	GLYPH_SKIP, GLYPH_RUN, GLYPH_WAIT, GLYPH_BLOCKED, GLYPH_FOCUS,
	GLYPH_RULE, GLYPH_CUT, GLYPH_UP, GLYPH_DOWN, GLYPH_COUNT,
};

#define CELL_PARTS 3	/* a character and its combining marks */

struct cell {
	uint32_t part[CELL_PARTS];	/* 0 ends; [0] is never 0 */
	uint8_t	 width;			/* 0: right half of the one before */
	uint8_t	 role;
};

struct surface {
	int	 nrows;
	int	 ncols;
	bool	 utf8;			/* which signs */
	struct cell *cell;
	int	 cursor_row;
	int	 cursor_col;
};

void	 surface_init(struct surface *s, bool utf8);
void	 surface_resize(struct surface *s, int nrows, int ncols);
void	 surface_free(struct surface *s);
void	 surface_clear(struct surface *s);
/* At most ncols columns of text; what does not fit ends in a sign. Returns
 * the columns used. */
int	 surface_text(struct surface *s, int row, int col, int ncols,
	    enum role role, const char *text);
int	 surface_glyph(struct surface *s, int row, int col, enum role role,
	    enum glyph g);
void	 surface_fill(struct surface *s, int row, int col, int ncols,
	    enum role role, enum glyph g);	/* GLYPH_NONE: spaces */
void	 surface_cursor(struct surface *s, int row, int col);
/* The row as text without trailing space: for tests and captures. */
void	 surface_row(const struct surface *s, int row, struct buf *out);

#endif
