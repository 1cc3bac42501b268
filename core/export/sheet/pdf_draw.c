/* SPDX-License-Identifier: MIT */
/* Owns drawing the pages, and the structure that a screen reader follows. */
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/sheet/pdf.h"

#define HAIR 0.5              /* width of a rule */
#define BAR_GAP 6.0           /* between a tone's bar and the text */
#define RUNNING_DISTANCE 14.0 /* between running text and the page's body */
#define RUNNING_SHARE 0.72
#define WRITE_LINE_LIFT 2.0
#define MARK_OFFSET 11.0
/* A line of code that is broken goes on after this. */
#define MARK "\xe2\x86\xaa" /* U+21AA */
#define PLACE_SIZE 96

/* On paper without colours, the worse the wider. */
static const struct {
	double red, green, blue, bar;
} tones[] = {
    [TONE_PLAIN] = {0.35, 0.35, 0.35, 0},
    [TONE_GOOD] = {0.05, 0.40, 0.15, 1.5},
    [TONE_CAUTION] = {0.65, 0.40, 0.00, 3},
    [TONE_BAD] = {0.70, 0.05, 0.10, 4.5},
};

static void
ink(const struct pdf *p, double grey)
{
	p->lib.cairo_set_source_rgb(p->cr, grey, grey, grey);
}

static void
line(const struct pdf *p, double x1, double y1, double x2, double y2)
{
	p->lib.cairo_set_line_width(p->cr, HAIR);
	p->lib.cairo_move_to(p->cr, x1, y1);
	p->lib.cairo_line_to(p->cr, x2, y2);
	p->lib.cairo_stroke(p->cr);
}

static void
fill(const struct pdf *p, double x, double y, double width, double height)
{
	p->lib.cairo_rectangle(p->cr, x, y, width, height);
	p->lib.cairo_fill(p->cr);
}

/* Ends and begins elements until those of `want` are open. Elements that go
 * on are not begun again, so that a table on two pages is one table. */
static void
open_tags(struct pdf *p, const struct pdf_tag *want)
{
	int i, same = 0;

	while (same < PDF_TAGS && want[same].name != NULL &&
	    p->open[same].name != NULL && p->open[same].id == want[same].id)
		same++;
	for (i = PDF_TAGS - 1; i >= same; i--) {
		if (p->open[i].name != NULL)
			p->lib.cairo_tag_end(p->cr, p->open[i].name);
		p->open[i].name = NULL;
	}
	for (i = same; i < PDF_TAGS && want[i].name != NULL; i++) {
		p->lib.cairo_tag_begin(p->cr, want[i].name, NULL);
		p->open[i] = want[i];
	}
}

/* Rules, bars and backgrounds are no content: no element is open around them
 * but those that only hold others. */
static void
close_leaf(struct pdf *p, const struct pdf_tag *next)
{
	struct pdf_tag keep[PDF_TAGS] = {0};
	int i;

	for (i = 0; next != NULL && i < PDF_TAGS - 1 && next[i + 1].name; i++)
		keep[i] = next[i];
	for (i = 0; i < PDF_TAGS; i++) {
		if (keep[i].name != NULL &&
		    (p->open[i].name == NULL || p->open[i].id != keep[i].id))
			keep[i].name = NULL;
		if (keep[i].name == NULL)
			break;
	}
	for (; i < PDF_TAGS; i++)
		keep[i].name = NULL;
	open_tags(p, keep);
}

static void
draw_frame(const struct pdf *p, const struct pdf_band *b, double y)
{
	double bar = tones[b->tone].bar, x = b->x, end = b->x + b->width;

	p->lib.cairo_set_source_rgb(p->cr, tones[b->tone].red,
	    tones[b->tone].green, tones[b->tone].blue);
	if ((b->look & PDF_FRAME_TOP) != 0)
		line(p, x, y, end, y);
	if ((b->look & PDF_FRAME_BOTTOM) != 0)
		line(p, x, y + b->height, end, y + b->height);
	if ((b->look & PDF_FRAME_SIDES) != 0) {
		line(p, x, y, x, y + b->height);
		line(p, end, y, end, y + b->height);
		if (bar > 0)
			fill(p, p->sheet->rtl ? end - bar : x, y, bar,
			    b->height);
	}
	if ((b->look & PDF_TONE) != 0 && bar > 0)
		fill(p, p->sheet->rtl ? end + BAR_GAP - bar : x - BAR_GAP, y,
		    bar, b->height);
}

static void
draw_look(const struct pdf *p, const struct pdf_band *b, double y)
{
	double end = b->x + b->width;

	if ((b->look & PDF_SHADE) != 0) {
		ink(p, 0.9);
		fill(p, b->x, y, b->width, b->height);
	}
	draw_frame(p, b, y);
	ink(p, 0.55);
	if ((b->look & PDF_RULE_TOP) != 0)
		line(p, b->x, y, end, y);
	if ((b->look & PDF_RULE_BOTTOM) != 0)
		line(p, b->x, y + b->height, end, y + b->height);
	ink(p, 0);
	if ((b->look & PDF_WRITE_LINE) != 0) {
		double from = b->x + (p->sheet->rtl ? 0 : b->line_x);

		y += b->height - WRITE_LINE_LIFT;
		line(p, from, y, from + b->width - b->line_x, y);
	}
}

static void
draw_marks(struct pdf *p, const struct pdf_cell *c, int count, double y)
{
	const struct pdf_text *t = c->text;
	struct pdf_text *mark = pdf_text_new(p, PDF_CODE, MARK, MARK_OFFSET, 0);
	double x = c->x - MARK_OFFSET;
	int i;

	for (i = c->first > 0 ? c->first : 1; i < c->first + count; i++)
		pdf_text_draw(p, mark, 0, 1, x,
		    y + t->line_y[i] - t->line_y[c->first]);
}

/* A cell's lines in the bands of its row that are on one page. */
static void
draw_cell(struct pdf *p, const struct pdf_spot *spot, size_t nspots, size_t i,
    bool tagged)
{
	const struct pdf_cell *c = &spot->band->cell[i];
	double y = spot->y + c->y;
	size_t k;
	int count = 0;

	for (k = 0; k < nspots; k++) {
		if (spot[k].band->cell[i].count > 0)
			count += spot[k].band->cell[i].count;
	}
	if (count == 0 && c->first > 0)
		return;
	if (tagged)
		open_tags(p, c->tag);
	pdf_text_draw(p, c->text, c->first, count, c->x, y);
	if (c->text->style == PDF_CODE && c->first + count > 1)
		draw_marks(p, c, count, y);
}

static void
draw_qr(struct pdf *p, const struct pdf_qr *qr, double y)
{
	const struct pdf_tag path[PDF_TAGS] = {qr->tag};
	double module = qr->side / qr->size;
	int row, from, to;

	open_tags(p, path);
	for (row = 0; row < qr->size; row++) {
		const uint8_t *dark = qr->dark + (ptrdiff_t)row * qr->size;

		for (from = 0; from < qr->size; from = to + 1) {
			for (to = from; to < qr->size && dark[to];)
				to++;
			if (to > from)
				p->lib.cairo_rectangle(p->cr,
				    qr->x + from * module,
				    y + qr->y + row * module,
				    (to - from) * module, module);
		}
	}
	p->lib.cairo_fill(p->cr);
}

static void
add_outline(struct pdf *p, const struct pdf_spot *spot)
{
	const struct pdf_band *b = spot->band;
	char place[PLACE_SIZE];
	int level = b->level, i;

	snprintf(place, sizeof place, "page=%d pos=[%d %d]", spot->page + 1,
	    (int)p->left, (int)spot->y);
	p->outline[level] = p->lib.cairo_pdf_surface_add_outline(p->surface,
	    level > 0 ? p->outline[level - 1] : CAIRO_PDF_OUTLINE_ROOT,
	    b->outline, place, level == 0 ? CAIRO_PDF_OUTLINE_FLAG_OPEN : 0);
	for (i = level + 1; i < 3; i++)
		p->outline[i] = p->outline[level];
}

/* The bands of one row on one page. */
static void
draw_row(struct pdf *p, const struct pdf_spot *spot, size_t nspots)
{
	const struct pdf_band *b = spot->band;
	bool tagged = !spot->repeated;
	size_t i;

	if (!tagged || b->look != 0)
		close_leaf(p, b->ncells > 0 ? b->cell[0].tag : NULL);
	for (i = 0; i < nspots; i++)
		draw_look(p, spot[i].band, spot[i].y);
	if (b->outline != NULL)
		add_outline(p, spot);
	if (b->qr != NULL)
		draw_qr(p, b->qr, spot->y);
	for (i = 0; i < b->ncells; i++)
		draw_cell(p, spot, nspots, i, tagged);
}

static void
running(struct pdf *p, enum pdf_style style, const char *s, bool at_end,
    double y)
{
	double width = p->width * (at_end ? 1 - RUNNING_SHARE : RUNNING_SHARE);
	struct pdf_text *t = pdf_text_new(p, style, s, width,
	    PDF_ONE_LINE | (at_end ? PDF_AT_END : 0));
	bool right = at_end != p->sheet->rtl;

	pdf_text_draw(p, t, 0, 1, right ? p->left + p->width - width : p->left,
	    y - pdf_text_height(t));
}

/* What stands above and below: it is no part of the text. */
static void
draw_margins(struct pdf *p, int page)
{
	const struct sheet *s = p->sheet;
	double above = p->top - RUNNING_DISTANCE;
	double below = p->bottom + RUNNING_DISTANCE;
	struct arena *a = arena_new();

	ink(p, 0);
	running(p, PDF_RUNNING, s->running, false, above);
	if (s->state != NULL)
		running(p, PDF_STATE, s->state, true, above);
	running(p, PDF_RUNNING, s->title, false, below + RUNNING_DISTANCE);
	running(p, PDF_RUNNING,
	    arena_printf(a, _("Page %1$d of %2$d"), page + 1, p->npages), true,
	    below + RUNNING_DISTANCE);
	ink(p, 0.55);
	line(p, p->left, above + 3, p->left + p->width, above + 3);
	line(p, p->left, below, p->left + p->width, below);
	ink(p, 0);
	arena_free(a);
}

/* At the end of a page only what holds other elements stays open. */
static void
end_page(struct pdf *p, const struct pdf_spot *next)
{
	close_leaf(p,
	    next != NULL && next->band->ncells > 0 ? next->band->cell[0].tag :
						     NULL);
	p->lib.cairo_show_page(p->cr);
}

void
pdf_draw(struct pdf *p)
{
	size_t i = 0, n;
	int page;

	p->lib.cairo_tag_begin(p->cr, "Document", NULL);
	for (page = 0; page < p->npages; page++) {
		draw_margins(p, page);
		for (; i < p->nspots && p->spot[i].page == page; i += n) {
			for (n = 1; i + n < p->nspots &&
			     p->spot[i + n].page == page &&
			     p->spot[i + n].band->row == p->spot[i].band->row;)
				n++;
			draw_row(p, &p->spot[i], n);
		}
		end_page(p, i < p->nspots ? &p->spot[i] : NULL);
	}
	p->lib.cairo_tag_end(p->cr, "Document");
}
