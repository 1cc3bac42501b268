/* SPDX-License-Identifier: MIT */
/* A paper as a list of blocks: what stands on it, in its order, without any
 * layout. Three writers make text, HTML and PDF of it (sheet_text.c,
 * sheet_html.c, sheet_pdf.c), so that all three say the same.
 *
 * Texts are translated, sanitised, and live as long as the sheet's arena. In
 * a language that is written from right to left, a writer protects technical
 * words (hosts, ports, addresses, digests) by isolates; nobody else does. */
#ifndef EXPORT_SHEET_H
#define EXPORT_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/base/mem.h"

enum sheet_kind {
	SHEET_TITLE,		/* text; once, at the top */
	SHEET_HEADING,		/* text, level 1..3 */
	SHEET_TEXT,		/* a paragraph, indented by `level` steps */
	SHEET_FIELD,		/* label and text beside it */
	SHEET_WRITE_ON,		/* label and a line to write on by hand */
	SHEET_SIDES,		/* label at the left, text at the right */
	SHEET_BOX,		/* lines that stand out, in `tone` */
	SHEET_TABLE,		/* columns and rows; the head repeats on each
				 * page */
	SHEET_CODE,		/* text to be copied: as it is, no wrapping */
	SHEET_QR,		/* text as QR code, label below it */
	SHEET_GAP,		/* some room */
	SHEET_NEW_PAGE,
};

/* Never told by colour alone: the words say it too. */
enum sheet_tone { TONE_PLAIN, TONE_GOOD, TONE_CAUTION, TONE_BAD };

struct sheet_column {
	const char *title;
	int	 share;		/* of the width, compared with the others */
};

struct sheet_row {
	const char *const *cell; /* one for each column; "" = empty */
	enum sheet_tone tone;
};

struct sheet_block {
	enum sheet_kind kind;
	int	 level;
	enum sheet_tone tone;
	const char *label;	/* or NULL */
	const char *text;	/* or NULL */
	const char *const *line; /* SHEET_BOX */
	size_t	 nlines;
	const struct sheet_column *column; /* SHEET_TABLE */
	size_t	 ncolumns;
	const struct sheet_row *row;
	size_t	 nrows;
	bool	 keep;		/* stays on one page with the next block */
	/* Of plain text alone; the others go by `level`. 0 = as usual. */
	int	 clip;		/* at most so many lines */
	int	 indent;	/* columns before it; else two for a level */
	int	 hang;		/* where a field's text begins, and any further
				 * line of a paragraph */
};

enum sheet_size { SHEET_A4, SHEET_LETTER };

struct sheet {
	struct arena *arena;
	const char *title;	/* of the document, for its properties */
	const char *author;	/* or "" */
	const char *language;	/* "de" */
	bool	 rtl;		/* that is written from right to left */
	const char *running;	/* on every page: "HO-01..., version 2" */
	const char *state;	/* on every page, when it is no final paper:
				 * "DRAFT", "PARTIAL"; or NULL */
	int64_t	 issued_us;	/* the only time in the file's properties */
	enum sheet_size size;
	struct sheet_block *block;
	size_t	 count;
};

/* Lives in a; in the language that the program speaks now. */
struct sheet *sheet_new(struct arena *a);
/* One block at the end, zeroed but for its kind; valid until the next. */
struct sheet_block *sheet_add(struct sheet *s, enum sheet_kind kind);

/* A table is begun, then filled; the cells are copied into the arena. */
void	 sheet_table(struct sheet *s, const struct sheet_column *column,
	    size_t ncolumns);
void	 sheet_table_row(struct sheet *s, enum sheet_tone tone,
	    const char *const *cell);

/* A copy in a, in which no text has a byte that only a hostile file holds:
 * control characters and those that turn the direction of writing are shown
 * as "\x1b" or "\u{202E}". Every writer begins with it, so that none rests
 * on others alone. Labels and texts that are NULL are "" there. */
const struct sheet *sheet_clean(struct arena *a, const struct sheet *s);

/* The writers. Same sheet, same bytes. ncols: of plain text, 80. */
int	 sheet_write_text(const struct sheet *s, int ncols, struct buf *out,
	    struct error *err) MUST_CHECK;
int	 sheet_write_html(const struct sheet *s, struct buf *out,
	    struct error *err) MUST_CHECK;
int	 sheet_write_pdf(const struct sheet *s, struct buf *out,
	    struct error *err) MUST_CHECK;

/* For the writers: the next run of s that is, or is not, a technical word
 * that keeps its direction. Returns its bytes, 0 at the end. */
size_t	 sheet_run(const char *s, bool *technical);
/* Dark squares of the QR code of text, row by row, size x size, in a; its
 * error correction is level M. NULL where the text is too long. */
uint8_t	*sheet_qr(struct arena *a, const char *text, int *size);

#endif
