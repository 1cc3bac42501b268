/* SPDX-License-Identifier: MIT */
/* Writes mdoc(7): what a text may hold is escaped here and nowhere else, so
 * that no letter of it is taken for a request. */
#ifndef TUI_MDOC_H
#define TUI_MDOC_H

#include "core/base/buf.h"

/* ".Sh TITLE". */
void	 mdoc_section(struct buf *out, const char *title);
/* Sentences, each from a line of its own; "--option" in them is bold. */
void	 mdoc_text(struct buf *out, const char *text);
/* What the page is about, for apropos. */
void	 mdoc_summary(struct buf *out, const char *text);
/* An entry of a list for all of "A, B". */
void	 mdoc_items(struct buf *out, const char *macro, const char *names);
/* A macro with one argument, which may hold spaces. */
void	 mdoc_line(struct buf *out, const char *macro, const char *argument);
/* What stands in a macro or a line of text, without its end: what is typed as
 * it stands is bold, a WORD in capitals is a place to fill in. */
void	 mdoc_usage(struct buf *out, const char *usage);
void	 mdoc_escape(struct buf *out, const char *s, size_t len);

#endif
