/* SPDX-License-Identifier: MIT */
/* What the kinds of blocks are made of: rows of texts, which become bands. */
#ifndef EXPORT_PDF_FLOW_H
#define EXPORT_PDF_FLOW_H

#include "core/export/sheet/pdf.h"

/* Where a row may be parted at the end of a page: nowhere, unless it is larger
 * than a page; between its lines; or nowhere as long as that can be. */
enum pdf_parting { PDF_WHOLE, PDF_BY_LINES, PDF_GLUED_LINES };

/* Cells side by side, and how they look as bands. */
struct pdf_row {
	struct pdf_cell *cell;
	size_t ncells;
	enum pdf_parting parting;
	double gap, pad_top, pad_bottom;
	struct pdf_band look; /* what all its bands have */
	bool keep;
};

struct pdf_flow {
	struct pdf *pdf;
	double room;   /* asked for by SHEET_GAP */
	unsigned list; /* of fields that follow one another; 0: none */
	double gap;    /* before this block */
};

struct pdf_tag pdf_tag_new(struct pdf *p, const char *name);
/* Columns begin at the right where lines do. */
double	 pdf_mirror(const struct pdf *p, double x, double width);
void	 pdf_cell_set(struct pdf *p, struct pdf_cell *c, double x,
	    struct pdf_text *t);
/* Borrows cell until it was added. */
struct pdf_row pdf_row_new(const struct pdf_flow *f, struct pdf_cell *cell,
	    size_t ncells, enum pdf_parting parting);
void	 pdf_row_add(struct pdf *p, struct pdf_row *r);
/* Text of any length, paragraph by paragraph; with keep it stays on one page
 * with what follows. */
void	 pdf_flow_text(struct pdf_flow *f, const char *s, enum pdf_style style,
	    double indent, bool keep);
void	 pdf_table_add(struct pdf_flow *f, const struct sheet_block *b);

#endif
