/* SPDX-License-Identifier: MIT */
/* Owns what a page consists of, and its focus. */
#include "tui/screen/page.h"

#include <string.h>

void
page_init(struct page *p)
{
	memset(p, 0, sizeof *p);
	p->arena = arena_new();
	p->reveal = true;
	buf_init(&p->edit, PAGE_FIELD_MAX);
}

void
page_free(struct page *p)
{
	arena_free(p->arena);
	mem_free(p->focus);
	mem_free(p->edit_id);
	buf_free(&p->edit);
	mem_free(p->found);
	mem_free(p->killed);
}

void
page_begin(struct page *p)
{
	arena_free(p->arena);
	p->arena = arena_new();
	p->item = NULL;
	p->nitems = 0;
	p->next = NULL;
	p->next_verb = NULL;
	p->first = NULL;
}

static struct item *
add(struct page *p, enum item_kind kind, const char *id, const char *text)
{
	struct item *i = arena_push(p->arena, p->item, p->nitems);

	memset(i, 0, sizeof *i);
	i->kind = kind;
	i->id = id == NULL ? NULL : arena_strdup(p->arena, id);
	i->text = text == NULL ? "" : text;
	return i;
}

struct item *
page_text(struct page *p, enum role role, int indent, const char *text)
{
	struct item *i = add(p, ITEM_TEXT, NULL, text);

	i->role = role;
	i->indent = indent;
	return i;
}

struct item *
page_textf(struct page *p, enum role role, int indent, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	return page_text(p, role, indent, text);
}

struct item *
page_hint(struct page *p, const char *text)
{
	struct item *i = page_text(p, ROLE_NORMAL, 0, text);

	i->hint = true;
	return i;
}

void
page_blank(struct page *p)
{
	if (p->nitems > 0)
		page_text(p, ROLE_NORMAL, 0, "");
}

struct item *
page_heading(struct page *p, const char *text)
{
	struct item *i;

	page_blank(p);
	i = add(p, ITEM_HEADING, NULL, text);
	i->role = ROLE_TITLE;
	return i;
}

struct item *
page_field(struct page *p, const char *id, const char *label, const char *value)
{
	struct item *i = add(p, ITEM_FIELD, id, label);

	i->value = value == NULL ? "" : value;
	return i;
}

struct item *
page_option(struct page *p, const char *id, const char *group, const char *text,
    bool on)
{
	struct item *i = add(p, ITEM_OPTION, id, text);

	i->group = arena_strdup(p->arena, group);
	i->on = on;
	return i;
}

struct item *
page_check(struct page *p, const char *id, const char *text, bool on)
{
	struct item *i = add(p, ITEM_CHECK, id, text);

	i->group = "checks";
	i->on = on;
	return i;
}

struct item *
page_row(struct page *p, const char *id, const char *text)
{
	struct item *i = add(p, ITEM_ROW, id, text);

	i->group = "rows";
	return i;
}

static struct item *
find(const struct page *p, const char *id)
{
	size_t i;

	for (i = 0; id != NULL && i < p->nitems; i++) {
		if (p->item[i].id != NULL && strcmp(p->item[i].id, id) == 0)
			return &p->item[i];
	}
	return NULL;
}

/* Most often it is where it was: a list may have ten thousand rows. */
static struct item *
focused(const struct page *p)
{
	struct item *at = p->at < p->nitems ? &p->item[p->at] : NULL;

	if (at != NULL && at->id != NULL && p->focus != NULL &&
	    strcmp(at->id, p->focus) == 0)
		return at;
	return find(p, p->focus);
}

static void
remember_place(struct page *p)
{
	const struct item *now = focused(p);

	if (now != NULL)
		p->at = (size_t)(now - p->item);
}

void
page_focus(struct page *p, const char *id)
{
	char *copy = mem_strdup(id);

	mem_free(p->focus);
	p->focus = copy;
	p->reveal = true;
	remember_place(p);
}

static bool
focus_exists(const struct page *p)
{
	return focused(p) != NULL || page_on_next(p);
}

static void
settle_focus(struct page *p)
{
	size_t i;

	if (focus_exists(p))
		return;
	if (p->first != NULL) {
		page_focus(p, p->first);
		if (focus_exists(p))
			return;
	}
	for (i = 0; i < p->nitems; i++) {
		if (p->item[i].id != NULL) {
			page_focus(p, p->item[i].id);
			return;
		}
	}
	page_focus(p, p->next != NULL ? PAGE_NEXT_ID : NULL);
}

void
page_end(struct page *p)
{
	settle_focus(p);
	remember_place(p);
	page_load_field(p);
}

const struct item *
page_focused(const struct page *p)
{
	return focused(p);
}

bool
page_on_next(const struct page *p)
{
	return p->next != NULL && p->focus != NULL &&
	    strcmp(p->focus, PAGE_NEXT_ID) == 0;
}

bool
page_in_field(const struct page *p)
{
	const struct item *i = page_focused(p);

	return i != NULL && i->kind == ITEM_FIELD;
}

bool
page_seek(struct page *p, int direction)
{
	const struct item *now = page_focused(p);
	size_t n = p->nitems, from, i, k;

	if (n == 0)
		return false;
	from = now != NULL ? (size_t)(now - p->item) :
	    direction > 0  ? n - 1 :
			     0;
	for (k = 1; k <= n; k++) {
		i = (from + (direction > 0 ? k : n - k % n)) % n;
		if (p->item[i].id != NULL && p->item[i].kind == ITEM_ROW &&
		    p->item[i].on) {
			page_focus(p, p->item[i].id);
			return true;
		}
	}
	return false;
}
