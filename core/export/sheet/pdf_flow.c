/* SPDX-License-Identifier: MIT */
/* Owns how each kind of block looks: its texts, widths, rules and distances,
 * as bands for the pages. */
#include "core/export/sheet/pdf_flow.h"

#include <string.h>

#include "core/base/i18n.h"

#define STEP 14.0        /* of indentation */
#define LABEL_SHARE 0.27 /* of the width: labels beside their text */
#define LABEL_GAP 8.0
#define ITEM_GAP 3.0    /* more, before what is not indented */
#define MARK_WIDTH 16.0 /* of "1." before its text */
#define MARK_GAP 5.0
#define BOX_PAD 8.0
#define WRITE_ROOM 20.0 /* for handwriting */
#define CODE_PAD 14.0   /* where a broken line has its mark */
#define QR_SIDE 85.0    /* 30 mm */
#define QR_QUIET 4      /* modules, ISO/IEC 18004 section 6.3.8 */
/* More of a paragraph than this is set as if it were several. */
#define PARAGRAPH_BYTES 8000

/* How much of s is one paragraph: to the end of its line, or, in a line
 * without end, to a space. */
static size_t
paragraph(const char *s)
{
	size_t len = strcspn(s, "\n"), space;

	if (len <= PARAGRAPH_BYTES)
		return len;
	len = PARAGRAPH_BYTES;
	for (space = len; space > 0 && s[space] != ' ';)
		space--;
	if (space > 0)
		return space;
	while (len > 0 && ((unsigned char)s[len] & 0xc0) == 0x80)
		len--;
	return len;
}

/* Text of any length, paragraph by paragraph. */
void
pdf_flow_text(struct pdf_flow *f, const char *s, enum pdf_style style,
    double indent, bool keep)
{
	struct pdf *p = f->pdf;
	struct pdf_cell cell = {0};
	struct pdf_row r = pdf_row_new(f, &cell, 1, PDF_BY_LINES);
	struct arena *a = arena_new();
	size_t len;

	cell.tag[0] = pdf_tag_new(p, "P");
	for (; *s != '\0' && !p->is_too_long; s += len) {
		len = paragraph(s);
		pdf_cell_set(p, &cell, p->left + indent,
		    pdf_text_new(p, style, arena_strndup(a, s, len),
			p->width - indent, 0));
		len += s[len] == '\n' || s[len] == ' ';
		/* The last line alone is what the next block stays with. */
		r.keep = s[len] == '\0' ? keep : r.gap > 0;
		pdf_row_add(p, &r);
		r.gap = 0;
	}
	arena_free(a);
}

static void
add_title(struct pdf_flow *f, const struct sheet_block *b)
{
	struct pdf *p = f->pdf;
	struct pdf_cell cell = {.tag = {pdf_tag_new(p, "H1")}};
	struct pdf_row r = pdf_row_new(f, &cell, 1, PDF_WHOLE);

	pdf_cell_set(p, &cell, p->left,
	    pdf_text_new(p, PDF_TITLE, b->text, p->width, 0));
	r.pad_bottom = 4;
	r.look.look = PDF_RULE_BOTTOM;
	r.keep = true;
	pdf_row_add(p, &r);
}

static void
add_heading(struct pdf_flow *f, const struct sheet_block *b)
{
	static const char *const names[] = {"H2", "H3", "H4"};
	static const double gaps[] = {16, 11, 8};
	struct pdf *p = f->pdf;
	int level = b->level < 1 ? 0 : b->level > 3 ? 2 : b->level - 1;
	struct pdf_cell cell = {.tag = {pdf_tag_new(p, names[level])}};
	struct pdf_row r = pdf_row_new(f, &cell, 1, PDF_WHOLE);

	pdf_cell_set(p, &cell, p->left,
	    pdf_text_new(p, PDF_HEADING_1 + (unsigned)level, b->text, p->width,
		0));
	r.gap = gaps[level] > f->gap ? gaps[level] : f->gap;
	r.pad_bottom = 1.5;
	r.look.outline = arena_strdup(p->arena, b->text);
	r.look.level = level;
	r.look.look = level == 0 ? PDF_RULE_BOTTOM : 0;
	r.keep = true;
	pdf_row_add(p, &r);
}

static void
add_paragraph(struct pdf_flow *f, const struct sheet_block *b)
{
	pdf_flow_text(f, b->text, PDF_BODY, b->level * STEP, b->keep);
}

static void
add_code(struct pdf_flow *f, const struct sheet_block *b)
{
	pdf_flow_text(f, b->text, PDF_CODE, CODE_PAD + b->level * STEP,
	    b->keep);
}

/* "1." or "[x]": no name of what follows, but a mark before it. */
static bool
is_mark(const char *label)
{
	for (; *label != '\0'; label++) {
		if ((*label & 0x80) != 0 || (*label >= 'a' && *label <= 'z') ||
		    (*label >= 'A' && *label <= 'Z'))
			return false;
	}
	return true;
}

static void
add_field(struct pdf_flow *f, const struct sheet_block *b)
{
	struct pdf *p = f->pdf;
	struct pdf_cell cell[2] = {0};
	struct pdf_row r = pdf_row_new(f, cell, 2, PDF_BY_LINES);
	double indent = b->level * STEP;
	bool mark = b->label[0] != '\0' && is_mark(b->label);
	double width = mark ? MARK_WIDTH : LABEL_SHARE * p->width;
	struct pdf_tag item = pdf_tag_new(p, "LI");

	if (f->list == 0)
		f->list = pdf_tag_new(p, "L").id;
	cell[0].tag[0] = cell[1].tag[0] = (struct pdf_tag){"L", f->list};
	cell[0].tag[1] = cell[1].tag[1] = item;
	cell[0].tag[2] = pdf_tag_new(p, "Lbl");
	cell[1].tag[2] = pdf_tag_new(p, "LBody");
	pdf_cell_set(p, &cell[0], p->left + indent,
	    pdf_text_new(p, PDF_LABEL, b->label, width, 0));
	indent += width + LABEL_GAP;
	pdf_cell_set(p, &cell[1], p->left + indent,
	    pdf_text_new(p, PDF_BODY, b->text, p->width - indent, 0));
	r.gap = mark && r.gap < MARK_GAP ? MARK_GAP : r.gap;
	r.keep = b->keep || mark;
	pdf_row_add(p, &r);
}

static void
add_write_on(struct pdf_flow *f, const struct sheet_block *b)
{
	struct pdf *p = f->pdf;
	struct pdf_cell cell = {.tag = {pdf_tag_new(p, "P")}};
	struct pdf_row r = pdf_row_new(f, &cell, 1, PDF_WHOLE);
	double indent = b->level * STEP, width = LABEL_SHARE * p->width;

	pdf_cell_set(p, &cell, p->left + indent,
	    pdf_text_new(p, PDF_LABEL, b->label, width, 0));
	r.pad_top = WRITE_ROOM - pdf_text_height(cell.text);
	r.pad_top = r.pad_top > 4 ? r.pad_top : 4;
	r.pad_bottom = 2;
	r.look.look = PDF_WRITE_LINE;
	r.look.line_x = indent + width + LABEL_GAP;
	r.keep = b->keep;
	pdf_row_add(p, &r);
}

static void
add_sides(struct pdf_flow *f, const struct sheet_block *b)
{
	struct pdf *p = f->pdf;
	struct pdf_cell cell[2] = {{.tag = {pdf_tag_new(p, "P")}},
	    {.tag = {pdf_tag_new(p, "P")}}};
	struct pdf_row r = pdf_row_new(f, cell, 2, PDF_WHOLE);
	double indent = b->level * STEP;
	double width = (p->width - indent - LABEL_GAP) / 2;

	pdf_cell_set(p, &cell[0], p->left + indent,
	    pdf_text_new(p, PDF_LABEL, b->label, width, 0));
	pdf_cell_set(p, &cell[1], p->left + p->width - width,
	    pdf_text_new(p, PDF_BODY, b->text, width, PDF_AT_END));
	r.keep = b->keep;
	pdf_row_add(p, &r);
}

static void
add_box(struct pdf_flow *f, const struct sheet_block *b)
{
	struct pdf *p = f->pdf;
	struct pdf_cell cell = {0};
	struct pdf_row r = pdf_row_new(f, &cell, 1, PDF_GLUED_LINES);
	size_t i;

	r.gap = r.gap > 6 ? r.gap : 6;
	r.look.tone = b->tone;
	for (i = 0; i < b->nlines && !p->is_too_long; i++) {
		bool first = i == 0, last = i + 1 == b->nlines;

		cell = (struct pdf_cell){.tag = {pdf_tag_new(p, "P")}};
		pdf_cell_set(p, &cell, p->left + 2 * BOX_PAD,
		    pdf_text_new(p, first ? PDF_BOX_HEAD : PDF_BODY, b->line[i],
			p->width - 3 * BOX_PAD, 0));
		r.pad_top = first ? BOX_PAD : 0;
		r.pad_bottom = last ? BOX_PAD : first ? 2 : 0;
		r.look.look = PDF_FRAME_SIDES | (first ? PDF_FRAME_TOP : 0) |
		    (last ? PDF_FRAME_BOTTOM : 0);
		r.keep = last ? b->keep : true;
		pdf_row_add(p, &r);
		r.gap = 0;
	}
}

static void
add_qr(struct pdf_flow *f, const struct sheet_block *b)
{
	struct pdf *p = f->pdf;
	struct pdf_cell cell = {.tag = {pdf_tag_new(p, "Caption")}};
	struct pdf_row r = pdf_row_new(f, &cell, 1, PDF_WHOLE);
	struct pdf_qr *qr = arena_alloc(p->arena, sizeof *qr);
	double quiet;

	qr->dark = sheet_qr(p->arena, b->text, &qr->size);
	if (qr->dark == NULL) {
		pdf_flow_text(f, b->text, PDF_CODE, 0, b->keep);
		return;
	}
	quiet = QR_SIDE * QR_QUIET / (qr->size + 2 * QR_QUIET);
	qr->side = QR_SIDE - 2 * quiet;
	qr->x = pdf_mirror(p, p->left + quiet, qr->side);
	qr->y = quiet;
	qr->tag = pdf_tag_new(p, "Figure");
	pdf_cell_set(p, &cell, p->left,
	    pdf_text_new(p, PDF_BODY, b->label == NULL ? "" : b->label,
		p->width, 0));
	*arena_push(p->arena, p->figure, p->nfigures) = arena_printf(p->arena,
	    _("QR code: %s"), b->text);
	r.pad_top = QR_SIDE;
	r.look.qr = qr;
	r.keep = b->keep;
	pdf_row_add(p, &r);
}

static void
add_gap(struct pdf_flow *f, const struct sheet_block *b)
{
	(void)b;
	f->room += 6;
}

static void
add_new_page(struct pdf_flow *f, const struct sheet_block *b)
{
	(void)b;
	pdf_pages_break(f->pdf);
}

static const struct {
	void (*add)(struct pdf_flow *f, const struct sheet_block *b);
	double gap;
} kinds[] = {
    [SHEET_TITLE] = {add_title, 0},
    [SHEET_HEADING] = {add_heading, 8},
    [SHEET_TEXT] = {add_paragraph, 4},
    [SHEET_FIELD] = {add_field, 2.5},
    [SHEET_WRITE_ON] = {add_write_on, 0},
    [SHEET_SIDES] = {add_sides, 5},
    [SHEET_BOX] = {add_box, 6},
    [SHEET_TABLE] = {pdf_table_add, 5},
    [SHEET_CODE] = {add_code, 4},
    [SHEET_QR] = {add_qr, 8},
    [SHEET_GAP] = {add_gap, 0},
    [SHEET_NEW_PAGE] = {add_new_page, 0},
};

static bool
is_item(const struct sheet_block *b)
{
	return b->kind == SHEET_TEXT || b->kind == SHEET_FIELD ||
	    b->kind == SHEET_SIDES;
}

void
pdf_flow(struct pdf *p)
{
	struct pdf_flow f = {.pdf = p};
	const struct sheet *s = p->sheet;
	struct sheet_block b;
	size_t i;

	pdf_pages_begin(p);
	for (i = 0; i < s->count && !p->is_too_long; i++) {
		b = s->block[i];
		b.text = b.text == NULL ? "" : b.text;
		b.label = b.label == NULL ? "" : b.label;
		b.level = b.level < 0 ? 0 : b.level > 6 ? 6 : b.level;
		if (b.kind != SHEET_FIELD)
			f.list = 0;
		f.gap = kinds[b.kind].gap + f.room;
		/* What is indented belongs to what stands before it. */
		if (i > 0 && is_item(&b) && b.level < s->block[i - 1].level)
			f.gap += ITEM_GAP;
		if (i + 1 < s->count && is_item(&b) &&
		    s->block[i + 1].level > b.level)
			b.keep = true;
		if (b.kind != SHEET_GAP)
			f.room = 0;
		kinds[b.kind].add(&f, &b);
	}
	pdf_pages_end(p);
}
