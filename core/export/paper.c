/* SPDX-License-Identifier: MIT */
/* Owns the layout of plain text: what stands where, and how it wraps. */
#include "core/export/paper.h"

#include <string.h>

#include "core/base/text.h"

struct wrapping {
	const struct paper *p;
	int indent;
	bool started; /* the first line already has its label */
};

static void
add_line(void *arg, const char *s, size_t len)
{
	struct wrapping *w = arg;

	if (!w->started)
		buf_fill(w->p->out, ' ', (size_t)w->indent);
	w->started = false;
	buf_add(w->p->out, s, len);
	buf_addc(w->p->out, '\n');
}

static void
underlined(const struct paper *p, const char *text, char line)
{
	int width;

	paper_text(p, 0, text);
	width = text_width(text);
	buf_fill(p->out, line, (size_t)(width < p->ncols ? width : p->ncols));
	buf_addc(p->out, '\n');
}

void
paper_title(const struct paper *p, const char *text)
{
	underlined(p, text, '=');
}

void
paper_heading(const struct paper *p, const char *text)
{
	paper_blank(p);
	underlined(p, text, '-');
}

void
paper_blank(const struct paper *p)
{
	buf_addc(p->out, '\n');
}

void
paper_text(const struct paper *p, int indent, const char *text)
{
	struct wrapping w = {p, indent, false};

	if (text != NULL)
		text_wrap(text, p->ncols - indent, add_line, &w);
}

static void __attribute__((format(printf, 5, 0)))
paper_vfield(const struct paper *p, int indent, int column, const char *label,
    const char *fmt, va_list ap)
{
	struct arena *a = arena_new();
	const char *text = arena_vprintf(a, fmt, ap);

	if (label == NULL)
		paper_text(p, indent, text);
	else
		paper_field(p, indent, column, label, text);
	arena_free(a);
}

void
paper_textf(const struct paper *p, int indent, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	paper_vfield(p, indent, 0, NULL, fmt, ap);
	va_end(ap);
}

void
paper_fieldf(const struct paper *p, int indent, int column, const char *label,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	paper_vfield(p, indent, column, label, fmt, ap);
	va_end(ap);
}

void
paper_field(const struct paper *p, int indent, int column, const char *label,
    const char *text)
{
	struct wrapping w = {p, column, true};
	int end = indent + text_width(label);

	if (text == NULL || text_is_space(text))
		return;
	buf_fill(p->out, ' ', (size_t)indent);
	buf_adds(p->out, label);
	if (end < column) {
		buf_fill(p->out, ' ', (size_t)(column - end));
	} else {
		buf_addc(p->out, '\n');
		w.started = false;
	}
	text_wrap(text, p->ncols - column, add_line, &w);
}

void
paper_sides(const struct paper *p, int indent, const char *left,
    const char *right)
{
	int used = indent + text_width(left) + text_width(right);

	if (used + 1 > p->ncols) {
		paper_text(p, indent, left);
		paper_text(p, indent + 2, right);
		return;
	}
	buf_fill(p->out, ' ', (size_t)indent);
	buf_adds(p->out, left);
	buf_fill(p->out, ' ', (size_t)(p->ncols - used));
	buf_adds(p->out, right);
	buf_addc(p->out, '\n');
}

void
paper_blank_field(const struct paper *p, int indent, int column,
    const char *label)
{
	int end = indent + text_width(label);

	buf_fill(p->out, ' ', (size_t)indent);
	buf_adds(p->out, label);
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

void
paper_box(const struct paper *p, const char *const *lines, size_t count)
{
	size_t i;

	buf_fill(p->out, '#', (size_t)p->ncols);
	buf_addc(p->out, '\n');
	for (i = 0; i < count; i++)
		paper_text(p, 2, lines[i]);
	buf_fill(p->out, '#', (size_t)p->ncols);
	buf_addc(p->out, '\n');
}
