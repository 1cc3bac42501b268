/* SPDX-License-Identifier: MIT */
/* Owns which band stands on which page, and where. */
#include "core/export/sheet/pdf.h"

/* A table's head that is higher than this part of a page is not repeated. */
#define HEAD_SHARE 0.25
/* A row that is longer than a page begins on this one if so much is left. */
#define ROOM_TO_BEGIN 0.2

void
pdf_pages_begin(struct pdf *p)
{
	p->npages = 1;
	p->y = p->top;
}

static void
put(struct pdf *p, const struct pdf_band *b, bool repeated)
{
	struct pdf_spot *spot;

	if (p->y > p->top)
		p->y += b->gap;
	spot = arena_push(p->arena, p->spot, p->nspots);
	*spot = (struct pdf_spot){b, p->y, p->npages - 1, repeated};
	p->y += b->height;
}

static bool
repeats_head(const struct pdf *p, const struct pdf_band *b)
{
	return b->head != NULL && b->head != b &&
	    b->head->height <= HEAD_SHARE * (p->bottom - p->top);
}

static void
next_page(struct pdf *p)
{
	if (p->npages >= PDF_MAX_PAGES)
		p->is_too_long = true;
	else
		p->npages++;
	p->y = p->top;
}

static bool
fits(const struct pdf *p, double height)
{
	/* Sums of the same lengths may differ in their last bit. */
	return p->y + height <= p->bottom + 0.01;
}

/* A group of glued bands: on this page if there is room, else on the next;
 * what is larger than a page is parted where the page ends. */
static void
put_group(struct pdf *p)
{
	const struct pdf_band *b;
	double height = p->waiting, page = p->bottom - p->top;

	if (p->first != NULL && repeats_head(p, p->first))
		page -= p->first->head->height;
	if (p->y > p->top &&
	    (p->wants_page || (!fits(p, height) && height <= page) ||
		!fits(p,
		    ROOM_TO_BEGIN * page < height ? ROOM_TO_BEGIN * page :
						    height)))
		next_page(p);
	p->wants_page = false;
	for (b = p->first; b != NULL && !p->is_too_long; b = b->next) {
		if (p->y > p->top && !fits(p, b->gap + b->height))
			next_page(p);
		if (p->y <= p->top && repeats_head(p, b))
			put(p, b->head, true);
		put(p, b, false);
	}
	p->first = p->last = NULL;
	p->waiting = 0;
}

void
pdf_pages_add(struct pdf *p, struct pdf_band *b)
{
	b->next = NULL;
	if (p->last != NULL)
		p->last->next = b;
	else
		p->first = b;
	p->last = b;
	p->waiting += b->gap + b->height;
	/* A group that is larger than a page is parted anyway. */
	if (!b->glue || p->waiting > p->bottom - p->top)
		put_group(p);
}

void
pdf_pages_break(struct pdf *p)
{
	if (p->first != NULL)
		put_group(p);
	p->wants_page = true;
}

void
pdf_pages_end(struct pdf *p)
{
	if (p->first != NULL)
		put_group(p);
}
