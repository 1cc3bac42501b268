/* SPDX-License-Identifier: MIT */
/* Puts the blocks of a paper together as the documents say it: a title, a
 * paragraph, a field. Texts are copied. Columns are of plain text; the other
 * writers go by how deep something is indented. */
#ifndef EXPORT_PAPER_H
#define EXPORT_PAPER_H

#include "core/export/export.h"
#include "core/export/sheet/sheet.h"

struct paper {
	struct sheet *sheet;
	int	 ncols;			/* of plain text */
};

/* A new sheet in a, with what opt says of it. */
struct paper paper_begin(struct arena *a, const struct export_options *opt);

void	 paper_title(const struct paper *p, const char *text);	/* === */
void	 paper_heading(const struct paper *p, const char *text); /* --- */
void	 paper_subheading(const struct paper *p, const char *text); /* --- */
void	 paper_blank(const struct paper *p);
/* A paragraph; its lines are wrapped and start after `indent` spaces. */
void	 paper_text(const struct paper *p, int indent, const char *text);
void	 paper_textf(const struct paper *p, int indent, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
/* A label, and the text beside it from column `column` on; the label "" goes
 * on with the field above. A text that is NULL or empty leaves no trace. */
void	 paper_field(const struct paper *p, int indent, int column,
	    const char *label, const char *text);
void	 paper_fieldf(const struct paper *p, int indent, int column,
	    const char *label, const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));
/* A text whose first line is indented by `indent` and the others by `hang`,
 * cut to `max` lines of plain text; what is cut ends in "...". */
void	 paper_clipped(const struct paper *p, int indent, int hang, int max,
	    const char *text);
/* Left and right in one line; on two lines where there is no room. */
void	 paper_sides(const struct paper *p, int indent, const char *left,
	    const char *right);
/* A line to write on by hand. */
void	 paper_blank_field(const struct paper *p, int indent, int column,
	    const char *label);
/* Text between lines that stand out. */
void	 paper_box(const struct paper *p, const char *const *lines,
	    size_t count);
/* How the last block is to look. */
void	 paper_tone(const struct paper *p, enum sheet_tone tone);

#endif
