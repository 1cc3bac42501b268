/* SPDX-License-Identifier: MIT */
/* Owns how the items of a page fall into questions and rows. */
#include "tui/line/outline.h"

#include <string.h>

/* "q:x=" are more choices for what "q:x" asks. */
static bool
is_choice_of(const struct item *i, const char *asked)
{
	size_t len = strlen(asked);

	return i->kind == ITEM_OPTION && i->group != NULL &&
	    strncmp(i->group, asked, len) == 0 &&
	    (i->group[len] == '\0' || strcmp(i->group + len, "=") == 0);
}

/* A text further in than what it follows tells about that. */
static bool
is_remark(const struct item *i, const struct item *before)
{
	return i->kind == ITEM_TEXT && *i->text != '\0' &&
	    i->indent > before->indent;
}

static bool
is_question(const struct item *i)
{
	return i->kind == ITEM_FIELD || i->kind == ITEM_OPTION ||
	    i->kind == ITEM_CHECK;
}

static bool
continues(const struct item *i, const struct item *first)
{
	if (is_remark(i, first))
		return true;
	if (first->kind == ITEM_FIELD)
		return is_choice_of(i, first->id);
	if (first->kind == ITEM_OPTION)
		return is_choice_of(i, first->group);
	return i->kind == ITEM_CHECK;
}

/* A field without a label, and choices, are asked by the heading above. */
static void
find_label(struct question_span *q, const struct page *p)
{
	size_t i;

	q->heading = q->first;
	q->label = p->item[q->first].kind == ITEM_FIELD ?
	    p->item[q->first].text :
	    "";
	for (i = q->first; *q->label == '\0' && i > q->lead; i--) {
		if (p->item[i - 1].kind == ITEM_ROW)
			break;
		if (p->item[i - 1].kind != ITEM_HEADING)
			continue;
		q->heading = i - 1;
		q->label = p->item[i - 1].text;
	}
}

void
outline_make(struct outline *o, const struct page *p, struct arena *a)
{
	static const enum question_kind kinds[] = {
	    [ITEM_FIELD] = ASK_TEXT,
	    [ITEM_OPTION] = ASK_ONE,
	    [ITEM_CHECK] = ASK_SEVERAL,
	};
	size_t i = 0, end = 0;

	memset(o, 0, sizeof *o);
	while (i < p->nitems) {
		const struct item *first = &p->item[i];
		struct question_span *q;

		o->nrows += first->kind == ITEM_ROW;
		if (!is_question(first)) {
			i++;
			continue;
		}
		q = arena_push(a, o->question, o->nquestions);
		q->kind = kinds[first->kind];
		q->lead = end;
		q->first = i++;
		while (i < p->nitems && continues(&p->item[i], first))
			i++;
		q->end = end = i;
		find_label(q, p);
	}
}

size_t
outline_question_of(const struct outline *o, const struct page *p,
    const char *id)
{
	size_t i, k;

	for (i = 0; id != NULL && i < o->nquestions; i++) {
		const struct question_span *q = &o->question[i];

		for (k = q->first; k < q->end; k++) {
			if (p->item[k].id != NULL &&
			    strcmp(p->item[k].id, id) == 0)
				return i;
		}
	}
	return o->nquestions;
}

size_t
outline_start(const struct outline *o, const struct page *p)
{
	return outline_question_of(o, p, p->focus);
}

const struct item *
outline_choice(const struct page *p, const struct question_span *q, size_t n)
{
	size_t i;

	for (i = q->first; i < q->end; i++) {
		if ((p->item[i].kind == ITEM_OPTION ||
			p->item[i].kind == ITEM_CHECK) &&
		    --n == 0)
			return &p->item[i];
	}
	return NULL;
}

size_t
outline_choices(const struct page *p, const struct question_span *q)
{
	size_t i, n = 0;

	for (i = q->first; i < q->end; i++)
		n += p->item[i].kind == ITEM_OPTION ||
		    p->item[i].kind == ITEM_CHECK;
	return n;
}

const struct item *
outline_row(const struct page *p, size_t n)
{
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		if (p->item[i].kind == ITEM_ROW && --n == 0)
			return &p->item[i];
	}
	return NULL;
}

size_t
outline_row_number(const struct page *p, const struct item *row)
{
	size_t i, n = 0;

	for (i = 0; i < p->nitems && &p->item[i] <= row; i++)
		n += p->item[i].kind == ITEM_ROW;
	return n;
}
