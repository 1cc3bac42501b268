/* SPDX-License-Identifier: MIT */
/* Owns tables: how wide their columns are, and their rows. */
#include <string.h>

#include "core/base/text.h"
#include "core/export/sheet/pdf_flow.h"

#define CELL_PAD_X 3.0
#define CELL_PAD_Y 2.5
#define CELL_LEAST 8.0  /* room for a letter */
#define WORD_LETTER 4.9 /* of a letter in a cell, on average */
#define WORD_BYTES 60
#define WORD_SHARE 0.36 /* of the width; longer words are broken */
#define ROWS_LOOKED_AT 500

/* About the width of its longest word: where columns are made wider for it,
 * a little more or less is no matter. */
static double
longest_word(const char *s)
{
	struct arena *a = arena_new();
	int width, most = 0;
	size_t len;

	for (; *s != '\0'; s += len + (s[len] != '\0')) {
		len = strcspn(s, " \n-");
		width = len > WORD_BYTES ?
		    WORD_BYTES :
		    text_width(arena_strndup(a, s, len + 1));
		most = width > most ? width : most;
	}
	arena_free(a);
	return most * WORD_LETTER + 2 * CELL_PAD_X;
}

/* Columns by their shares, but none so narrow that its words are broken as
 * long as others have room to give. In the arena, with their padding. */
static double *
column_widths(const struct pdf *p, const struct sheet_block *b)
{
	double *width = arena_array(p->arena, b->ncolumns, sizeof *width);
	double *need = arena_array(p->arena, b->ncolumns, sizeof *need);
	double room = p->width, shares = 0, w;
	bool changed = true;
	size_t c, i;

	for (c = 0; c < b->ncolumns; c++) {
		shares += b->column[c].share > 0 ? b->column[c].share : 1;
		need[c] = longest_word(b->column[c].title);
		for (i = 0; i < b->nrows && i < ROWS_LOOKED_AT; i++) {
			w = longest_word(b->row[i].cell[c]);
			need[c] = w > need[c] ? w : need[c];
		}
		if (need[c] > WORD_SHARE * p->width)
			need[c] = WORD_SHARE * p->width;
	}
	while (changed) {
		changed = false;
		for (c = 0; c < b->ncolumns; c++) {
			double share = b->column[c].share;

			share = share > 0 ? share : 1;
			if (width[c] > 0 || need[c] <= share / shares * room)
				continue;
			width[c] = need[c];
			room -= need[c];
			shares -= share;
			changed = true;
		}
	}
	for (c = 0, w = 0; c < b->ncolumns; c++) {
		double share = b->column[c].share > 0 ? b->column[c].share : 1;

		if (width[c] <= 0)
			width[c] = share / shares * room;
		w += width[c];
	}
	for (c = 0; c < b->ncolumns; c++)
		width[c] *= p->width / w;
	return width;
}

static void
fill_row(struct pdf *p, const struct sheet_block *b, const double *width,
    struct pdf_cell *cell, struct pdf_tag table, const char *const *words)
{
	struct pdf_tag tr = pdf_tag_new(p, "TR");
	const char *name = words != NULL ? "TD" : "TH";
	enum pdf_style style = words != NULL ? PDF_CELL : PDF_CELL_HEAD;
	double x = p->left, room;
	size_t i;

	for (i = 0; i < b->ncolumns; i++) {
		const char *s = words != NULL ? words[i] : b->column[i].title;

		room = width[i] - 2 * CELL_PAD_X;
		room = room > CELL_LEAST ? room : CELL_LEAST;
		cell[i] = (struct pdf_cell){
		    .tag = {table, tr, pdf_tag_new(p, name)}};
		pdf_cell_set(p, &cell[i], x + CELL_PAD_X,
		    pdf_text_new(p, style, s == NULL ? "" : s, room, 0));
		x += width[i];
	}
}

void
pdf_table_add(struct pdf_flow *f, const struct sheet_block *b)
{
	struct pdf *p = f->pdf;
	struct pdf_cell *cell = arena_array(p->arena, b->ncolumns,
	    sizeof *cell);
	struct pdf_row r = pdf_row_new(f, cell, b->ncolumns, PDF_WHOLE);
	struct pdf_tag table = pdf_tag_new(p, "Table");
	const double *width;
	size_t i;

	if (b->ncolumns == 0)
		return;
	if (b->label[0] != '\0') {
		pdf_flow_text(f, b->label, PDF_LABEL, 0, true);
		r.gap = 0;
	}
	width = column_widths(p, b);
	r.pad_top = r.pad_bottom = CELL_PAD_Y;
	r.look.look = PDF_SHADE | PDF_RULE_TOP | PDF_RULE_BOTTOM;
	r.keep = b->nrows > 0;
	fill_row(p, b, width, cell, table, NULL);
	pdf_row_add(p, &r);
	r.look.head = p->last;
	r.gap = 0;
	r.look.look = PDF_RULE_BOTTOM | PDF_TONE;
	for (i = 0; i < b->nrows && !p->is_too_long; i++) {
		r.look.tone = b->row[i].tone;
		r.keep = b->keep && i + 1 == b->nrows;
		fill_row(p, b, width, cell, table, b->row[i].cell);
		pdf_row_add(p, &r);
	}
}
