/* SPDX-License-Identifier: MIT */
/* A page as a talk: which of its items are questions, asked one by one, and
 * which are lines that a number opens. Pure; knows no view and no stream. */
#ifndef TUI_LINE_OUTLINE_H
#define TUI_LINE_OUTLINE_H

#include "tui/screen/page.h"

enum question_kind { ASK_TEXT, ASK_ONE, ASK_SEVERAL };

struct question_span {
	enum question_kind kind;
	size_t	 lead;		/* item after the question before this one */
	size_t	 first;		/* the field, or the first choice */
	size_t	 end;		/* one behind its last item */
	const char *label;	/* what is asked, borrowed; "" = not said */
	size_t	 heading;	/* item that is the label, or its own first */
};

struct outline {
	struct question_span *question;
	size_t	 nquestions;
	size_t	 nrows;
};

/* In a; borrows the items. */
void	 outline_make(struct outline *o, const struct page *p,
	    struct arena *a);
/* The question to begin with: the one that has the focus. nquestions: none,
 * all is answered, or there is nothing to ask. */
size_t	 outline_start(const struct outline *o, const struct page *p);
/* The item with the n-th choice of a question, from 1; NULL: there is none. */
const struct item *outline_choice(const struct page *p,
	    const struct question_span *q, size_t n);
size_t	 outline_choices(const struct page *p,
	    const struct question_span *q);
/* The n-th row of the page, from 1; NULL: there is none. */
const struct item *outline_row(const struct page *p, size_t n);
/* Which row of the page it is, from 1. */
size_t	 outline_row_number(const struct page *p, const struct item *row);
/* The question that the item belongs to; nquestions: none. */
size_t	 outline_question_of(const struct outline *o, const struct page *p,
	    const char *id);

#endif
