/* SPDX-License-Identifier: MIT */
/* Owns how the documents put their blocks together. */
#include "core/export/sheet/paper.h"

#include "core/base/text.h"

#define STEP 2 /* columns of a level */
#define DEEPEST 3

struct paper
paper_begin(struct arena *a, const struct export_options *opt)
{
	struct paper p = {sheet_new(a), opt->ncols};

	p.sheet->issued_us = opt->now_us;
	p.sheet->size = opt->size;
	return p;
}

static struct sheet_block *
add(const struct paper *p, enum sheet_kind kind, int indent, int column,
    const char *label, const char *text)
{
	struct sheet_block *b = sheet_add(p->sheet, kind);
	int level = (indent + STEP - 1) / STEP;

	b->level = level < DEEPEST ? level : DEEPEST;
	b->indent = indent;
	b->hang = column;
	b->label = arena_strdup(p->sheet->arena, label);
	b->text = arena_strdup(p->sheet->arena, text);
	return b;
}

void
paper_title(const struct paper *p, const char *text)
{
	add(p, SHEET_TITLE, 0, 0, NULL, text);
}

void
paper_heading(const struct paper *p, const char *text)
{
	add(p, SHEET_HEADING, 0, 0, NULL, text)->level = 1;
}

void
paper_subheading(const struct paper *p, const char *text)
{
	add(p, SHEET_HEADING, 0, 0, NULL, text)->level = 2;
}

void
paper_blank(const struct paper *p)
{
	sheet_add(p->sheet, SHEET_GAP);
}

void
paper_text(const struct paper *p, int indent, const char *text)
{
	if (text != NULL && text[0] != '\0')
		add(p, SHEET_TEXT, indent, 0, NULL, text);
}

void
paper_textf(const struct paper *p, int indent, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	paper_text(p, indent, arena_vprintf(p->sheet->arena, fmt, ap));
	va_end(ap);
}

void
paper_clipped(const struct paper *p, int indent, int hang, int max,
    const char *text)
{
	add(p, SHEET_TEXT, indent, hang, NULL, text)->clip = max;
}

void
paper_field(const struct paper *p, int indent, int column, const char *label,
    const char *text)
{
	if (text != NULL && !text_is_space(text))
		add(p, SHEET_FIELD, indent, column, label, text);
}

void
paper_fieldf(const struct paper *p, int indent, int column, const char *label,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	paper_field(p, indent, column, label,
	    arena_vprintf(p->sheet->arena, fmt, ap));
	va_end(ap);
}

void
paper_sides(const struct paper *p, int indent, const char *left,
    const char *right)
{
	add(p, SHEET_SIDES, indent, 0, left, right);
}

void
paper_blank_field(const struct paper *p, int indent, int column,
    const char *label)
{
	add(p, SHEET_WRITE_ON, indent, column, label, NULL);
}

void
paper_box(const struct paper *p, const char *const *lines, size_t count)
{
	struct sheet_block *b = sheet_add(p->sheet, SHEET_BOX);
	const char **copy = arena_array(p->sheet->arena, count, sizeof *copy);
	size_t i;

	for (i = 0; i < count; i++)
		copy[i] = arena_strdup(p->sheet->arena, lines[i]);
	b->line = copy;
	b->nlines = count;
}

void
paper_tone(const struct paper *p, enum sheet_tone tone)
{
	p->sheet->block[p->sheet->count - 1].tone = tone;
}
