/* SPDX-License-Identifier: MIT */
/* Owns finding a text on a page. */
#include <string.h>

#include "tui/screen/match.h"
#include "tui/screen/page.h"

bool
page_holds(const struct item *i, const char *text)
{
	const char *const parts[] = {i->text, i->value, i->note, i->word};
	size_t k, len;

	for (k = 0; k < sizeof parts / sizeof *parts; k++) {
		if (match_text(parts[k], text, &len) != NULL)
			return true;
	}
	return false;
}

void
page_forget_found(struct page *p)
{
	mem_free(p->found);
	p->found = NULL;
	p->show_found = false;
}

static void
go_to(struct page *p, size_t index, const char *text)
{
	char *copy = mem_strdup(text);

	page_forget_found(p);
	p->found = copy;
	p->found_item = index;
	p->show_found = p->item[index].id == NULL;
	if (!p->show_found)
		page_focus(p, p->item[index].id);
}

bool
page_find(struct page *p, const char *text, size_t from, int direction,
    struct page_count *count)
{
	size_t n = p->nitems, best = n, i, k;

	memset(count, 0, sizeof *count);
	for (k = 0; k < n && best == n; k++) {
		i = (from + (direction > 0 ? k : n - k)) % n;
		if (page_holds(&p->item[i], text))
			best = i;
	}
	if (best == n) {
		page_forget_found(p);
		return false;
	}
	for (i = 0; i < n; i++) {
		if (!page_holds(&p->item[i], text))
			continue;
		count->count++;
		if (i <= best)
			count->nth++;
	}
	go_to(p, best, text);
	return true;
}

size_t
page_place(const struct page *p)
{
	const struct item *now = page_focused(p);
	size_t i;

	if (p->found != NULL && p->found_item < p->nitems)
		return p->found_item;
	if (now != NULL && p->seen)
		return (size_t)(now - p->item);
	for (i = 0; i < p->nitems; i++) {
		if (p->item[i].line >= p->top)
			return i;
	}
	return 0;
}
