/* SPDX-License-Identifier: MIT */
/* The items of a page as plain lines: wrapped, states in words, no sign that
 * has to be seen. Pure. */
#ifndef TUI_LINE_TELL_H
#define TUI_LINE_TELL_H

#include "core/base/buf.h"
#include "tui/line/outline.h"

struct teller {
	struct buf *out;
	int	 ncols;
};

/* Made safe, wrapped, each line after `indent` spaces. */
void	 tell_text(struct teller *t, int indent, const char *text);
void	 tell_textf(struct teller *t, int indent, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
/* One, however often it is asked for. */
void	 tell_blank(struct teller *t);
/* Items from..to-1; questions among them in short, with what is answered. */
void	 tell_items(struct teller *t, const struct page *p,
	    const struct outline *o, size_t from, size_t to);
/* One row with its number. */
void	 tell_row(struct teller *t, const struct page *p,
	    const struct outline *o, const struct item *row);
/* What leads to a question, the question, and its choices by number. */
void	 tell_question(struct teller *t, const struct page *p,
	    const struct outline *o, size_t k);
/* What the answer is now, in words; in a. */
const char *tell_answer(struct arena *a, const struct page *p,
	    const struct question_span *q);

#endif
