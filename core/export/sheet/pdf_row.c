/* SPDX-License-Identifier: MIT */
/* Owns how texts side by side become bands, whole or line by line. */
#include "core/export/sheet/pdf_flow.h"

struct pdf_tag
pdf_tag_new(struct pdf *p, const char *name)
{
	return (struct pdf_tag){name, ++p->next_id};
}

/* Columns begin at the right where lines do. */
double
pdf_mirror(const struct pdf *p, double x, double width)
{
	return p->sheet->rtl ? p->page_width - x - width : x;
}

void
pdf_cell_set(struct pdf *p, struct pdf_cell *c, double x, struct pdf_text *t)
{
	c->text = t;
	/* Commands stand at the left in every language. */
	c->x = t->style == PDF_CODE ? x : pdf_mirror(p, x, t->width);
}

static double
line_height(const struct pdf_row *r, int i)
{
	double height = 0, h;
	size_t c;

	for (c = 0; c < r->ncells; c++) {
		const struct pdf_text *t = r->cell[c].text;

		h = i < t->nlines ? t->line_y[i + 1] - t->line_y[i] : 0;
		height = h > height ? h : height;
	}
	return height;
}

/* Lines first to first + count - 1 of all its cells, as one band. */
static void
add_band(struct pdf *p, const struct pdf_row *r, int first, int count,
    int nlines)
{
	struct pdf_band *b = arena_alloc(p->arena, sizeof *b);
	bool begins = first == 0, ends = first + count >= nlines;
	double height = 0;
	size_t i;

	*b = r->look;
	if (!begins) {
		b->look &= ~(unsigned)(PDF_RULE_TOP | PDF_FRAME_TOP);
		b->outline = NULL;
	}
	if (!ends)
		b->look &= ~(unsigned)(PDF_RULE_BOTTOM | PDF_FRAME_BOTTOM |
		    PDF_WRITE_LINE);
	b->gap = begins ? r->gap : 0;
	b->ncells = r->ncells;
	b->cell = arena_array(p->arena, r->ncells, sizeof *b->cell);
	for (i = 0; i < r->ncells; i++) {
		const struct pdf_text *t = r->cell[i].text;

		b->cell[i] = r->cell[i];
		b->cell[i].first = first;
		b->cell[i].count = first + count > t->nlines ?
		    t->nlines - first :
		    count;
		b->cell[i].y += begins ? r->pad_top : 0;
		if (count > 1 && pdf_text_height(t) > height)
			height = pdf_text_height(t);
	}
	if (count == 1)
		height = line_height(r, first);
	b->height = height + (begins ? r->pad_top : 0) +
	    (ends ? r->pad_bottom : 0);
	if (b->height < r->look.height)
		b->height = r->look.height;
	b->glue = ends ?
	    r->keep :
	    r->parting == PDF_GLUED_LINES || first == 0 || first + 2 >= nlines;
	pdf_pages_add(p, b);
}

void
pdf_row_add(struct pdf *p, struct pdf_row *r)
{
	double height = 0;
	int i, nlines = 0;
	size_t c;

	for (c = 0; c < r->ncells; c++) {
		const struct pdf_text *t = r->cell[c].text;

		nlines = t->nlines > nlines ? t->nlines : nlines;
		if (pdf_text_height(t) > height)
			height = pdf_text_height(t);
	}
	height += r->pad_top + r->pad_bottom +
	    (r->look.head != NULL ? r->look.head->height : 0);
	r->look.row = ++p->next_id;
	if (r->parting == PDF_WHOLE && height <= p->bottom - p->top) {
		add_band(p, r, 0, nlines, nlines);
		return;
	}
	for (i = 0; i < nlines && !p->is_too_long; i++)
		add_band(p, r, i, 1, nlines);
}

struct pdf_row
pdf_row_new(const struct pdf_flow *f, struct pdf_cell *cell, size_t ncells,
    enum pdf_parting parting)
{
	struct pdf_row r = {.cell = cell,
	    .ncells = ncells,
	    .parting = parting,
	    .gap = f->gap,
	    .look = {.x = f->pdf->left, .width = f->pdf->width}};

	return r;
}
