/* SPDX-License-Identifier: MIT */
/* Plain text on paper: titles, paragraphs and fields within a width that any
 * mail program keeps. */
#ifndef EXPORT_PAPER_H
#define EXPORT_PAPER_H

#include "core/base/buf.h"

struct paper {
	struct buf *out;
	int	 ncols;
};

void	 paper_title(const struct paper *p, const char *text);	/* === */
void	 paper_heading(const struct paper *p, const char *text); /* --- */
void	 paper_blank(const struct paper *p);
/* A paragraph; its lines are wrapped and start after `indent` spaces. */
void	 paper_text(const struct paper *p, int indent, const char *text);
void	 paper_textf(const struct paper *p, int indent, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
/* A label, and the text beside it from column `column` on. A text that is
 * NULL or empty leaves no trace. */
void	 paper_field(const struct paper *p, int indent, int column,
	    const char *label, const char *text);
void	 paper_fieldf(const struct paper *p, int indent, int column,
	    const char *label, const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));
/* Left and right in one line; on two lines where there is no room. */
void	 paper_sides(const struct paper *p, int indent, const char *left,
	    const char *right);
/* A line to write on by hand. */
void	 paper_blank_field(const struct paper *p, int indent, int column,
	    const char *label);
/* Text between lines that stand out. */
void	 paper_box(const struct paper *p, const char *const *lines,
	    size_t count);

#endif
