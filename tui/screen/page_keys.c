/* SPDX-License-Identifier: MIT */
/* Owns what keys do inside a page: moving, scrolling, typing. */
#include <string.h>

#include "core/base/text.h"
#include "tui/screen/page.h"

#define NEAR 2 /* lines past the edge to which the focus still moves */

/* --- typing ------------------------------------------------------------ */

/* As much of text as a field holds, in whole characters. */
static void
fill(struct page *p, const char *text)
{
	size_t len = strlen(text);

	if (len > PAGE_FIELD_MAX) {
		len = PAGE_FIELD_MAX;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	buf_clear(&p->edit);
	buf_add(&p->edit, text, len);
	p->cursor = p->edit.len;
}

void
page_load_field(struct page *p)
{
	const struct item *i = page_focused(p);

	if (i == NULL || i->kind != ITEM_FIELD) {
		mem_free(p->edit_id);
		p->edit_id = NULL;
		return;
	}
	if (p->edit_id != NULL && strcmp(p->edit_id, i->id) == 0)
		return;
	mem_free(p->edit_id);
	p->edit_id = mem_strdup(i->id);
	fill(p, i->value);
}

void
page_set_field(struct page *p, const char *text)
{
	if (p->edit_id == NULL)
		return;
	fill(p, text);
}

static size_t
char_before(const struct page *p)
{
	const char *s = buf_str(&p->edit);
	uint32_t cp = 0;
	size_t at = p->cursor;

	do {
		do
			at--;
		while (at > 0 && (s[at] & 0xc0) == 0x80);
		text_decode(s + at, p->edit.len - at, &cp);
	} while (at > 0 && text_cp_width(cp) == 0);
	return at;
}

static size_t
char_after(const struct page *p)
{
	const char *s = buf_str(&p->edit);
	size_t at = p->cursor;
	uint32_t cp = 0;
	int n;

	do {
		n = text_decode(s + at, p->edit.len - at, &cp);
		at += n > 0 ? (size_t)n : 1;
		n = text_decode(s + at, p->edit.len - at, &cp);
	} while (at < p->edit.len && n > 0 && text_cp_width(cp) == 0);
	return at;
}

static void
replace(struct page *p, size_t from, size_t to, const char *with, size_t len)
{
	struct buf new;

	buf_init(&new, PAGE_FIELD_MAX);
	buf_add(&new, buf_str(&p->edit), from);
	buf_add(&new, with, len);
	buf_add(&new, buf_str(&p->edit) + to, p->edit.len - to);
	if (new.overflowed) {
		buf_free(&new);
		return;
	}
	buf_free(&p->edit);
	p->edit = new;
	p->cursor = from + len;
}

/* What is deleted by more than a character can be brought back; by several
 * keys in a row, all of it. */
static void
kill_text(struct page *p, size_t from, size_t to)
{
	const char *old = p->killing && p->killed != NULL ? p->killed : "";
	int len = (int)(to - from);
	char *text;

	if (from == to)
		return;
	if (to == p->cursor)
		text = mem_printf("%.*s%s", len, buf_str(&p->edit) + from, old);
	else
		text = mem_printf("%s%.*s", old, len, buf_str(&p->edit) + from);
	mem_free(p->killed);
	p->killed = text;
	replace(p, from, to, "", 0);
}

static size_t
word_before(const struct page *p)
{
	const char *s = buf_str(&p->edit);
	size_t at = p->cursor;

	while (at > 0 && s[at - 1] == ' ')
		at--;
	while (at > 0 && s[at - 1] != ' ')
		at--;
	return at;
}

static bool
type_character(struct page *p, uint32_t key)
{
	struct buf safe;
	char bytes[4];

	buf_init(&safe, 32);
	text_sanitise_into(&safe, bytes, (size_t)text_encode(key, bytes),
	    false);
	/* What the sanitiser had to change is not typed at all. */
	if (safe.len == (size_t)text_encode(key, bytes))
		replace(p, p->cursor, p->cursor, safe.data, safe.len);
	buf_free(&safe);
	return true;
}

/* Moves within the text; false when the key does not move there. */
static bool
move_cursor(struct page *p, uint32_t key)
{
	switch (key) {
	case UI_KEY_LEFT:
	case UI_CTRL_B:
		if (p->cursor > 0)
			p->cursor = char_before(p);
		return true;
	case UI_KEY_RIGHT:
	case UI_CTRL_F:
		if (p->cursor < p->edit.len)
			p->cursor = char_after(p);
		return true;
	case UI_KEY_HOME:
	case UI_CTRL_A:
		p->cursor = 0;
		return true;
	case UI_KEY_END:
	case UI_CTRL_E:
		p->cursor = p->edit.len;
		return true;
	default:
		return false;
	}
}

static bool
kill_key(struct page *p, uint32_t key)
{
	switch (key) {
	case UI_CTRL_U:
		kill_text(p, 0, p->cursor);
		return true;
	case UI_CTRL_K:
		kill_text(p, p->cursor, p->edit.len);
		return true;
	case UI_CTRL_W:
		kill_text(p, word_before(p), p->cursor);
		return true;
	default:
		return false;
	}
}

/* The text was changed. */
bool
page_edit_key(struct page *p, uint32_t key)
{
	size_t at = p->cursor, end = p->edit.len;

	key &= ~(uint32_t)UI_KEY_PASTED;
	switch (key) {
	case UI_KEY_BACKSPACE:
		if (at > 0)
			replace(p, char_before(p), at, "", 0);
		return true;
	case UI_KEY_DELETE:
	case UI_CTRL_D:
		if (at < end) {
			replace(p, at, char_after(p), "", 0);
			p->cursor = at;
		}
		return true;
	case UI_CTRL_Y:
		if (p->killed != NULL)
			replace(p, at, at, p->killed, strlen(p->killed));
		return true;
	default:
		if (key < ' ' || key >= UI_KEY_SPECIAL)
			return false;
		return type_character(p, key);
	}
}

/* --- moving ------------------------------------------------------------ */

static int
focus_index(const struct page *p)
{
	const struct item *i = page_focused(p);

	return i != NULL ? (int)(i - p->item) : (int)p->nitems;
}

static bool
is_near(const struct page *p, const struct item *i)
{
	return i->line + i->nlines >= p->top - NEAR &&
	    i->line < p->top + p->nrows + NEAR;
}

static int
last_top(const struct page *p)
{
	return p->nlines > p->nrows ? p->nlines - p->nrows : 0;
}

/* Who scrolls by hand may leave the focus behind. */
static void
scroll(struct page *p, int by)
{
	p->seen = false;
	p->top += by;
	if (p->top > last_top(p))
		p->top = last_top(p);
	if (p->top < 0)
		p->top = 0;
}

/* Up and down: to the neighbour when it is near, else one line. */
static void
step(struct page *p, int direction)
{
	int i;

	for (i = focus_index(p) + direction; i >= 0 && i < (int)p->nitems;
	     i += direction) {
		if (p->item[i].id == NULL)
			continue;
		if (is_near(p, &p->item[i]))
			page_focus(p, p->item[i].id);
		else
			scroll(p, direction);
		return;
	}
	if (direction > 0 && p->top == last_top(p) && p->next != NULL)
		page_focus(p, PAGE_NEXT_ID);
	else
		scroll(p, direction);
}

static bool
same_group(const struct item *a, const struct item *b)
{
	return a == b ||
	    (a->group != NULL && b->group != NULL &&
		strcmp(a->group, b->group) == 0);
}

/* Where Tab lands in the group of i: on what is chosen, else on the first. */
static const struct item *
group_entry(const struct page *p, const struct item *i)
{
	const struct item *first = NULL;
	size_t k;

	for (k = 0; k < p->nitems; k++) {
		const struct item *other = &p->item[k];

		if (other->id == NULL || !same_group(other, i))
			continue;
		if (first == NULL)
			first = other;
		if (other->kind == ITEM_OPTION && other->on)
			return other;
	}
	return first != NULL ? first : i;
}

bool
page_has_parts(const struct page *p)
{
	const struct item *now = page_focused(p);
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		if (p->item[i].id != NULL &&
		    (now == NULL || !same_group(now, &p->item[i])))
			return true;
	}
	return p->next != NULL && !page_on_next(p);
}

/* Tab: to the next group, the button being the last, then round again. */
static void
tab(struct page *p, int direction)
{
	const struct item *now = page_focused(p);
	int n = (int)p->nitems + 1, i = focus_index(p), k;

	for (k = 0; k < n; k++) {
		i = (i + direction + n) % n;
		if (i == (int)p->nitems) {
			if (p->next == NULL)
				continue;
			page_focus(p, PAGE_NEXT_ID);
			return;
		}
		if (p->item[i].id == NULL ||
		    (now != NULL && same_group(now, &p->item[i])))
			continue;
		page_focus(p, group_entry(p, &p->item[i])->id);
		return;
	}
}

/* A screenful: the focus goes to what is then at that edge. */
static void
leaf(struct page *p, int direction)
{
	int by = p->nrows > 2 ? p->nrows - 1 : 1, i;
	int start = direction > 0 ? (int)p->nitems - 1 : 0;
	int before;

	scroll(p, direction * by);
	for (i = start; i >= 0 && i < (int)p->nitems; i -= direction) {
		const struct item *it = &p->item[i];

		if (it->id == NULL || it->line < p->top ||
		    it->line + it->nlines > p->top + p->nrows)
			continue;
		before = p->top;
		page_focus(p, it->id);
		p->top = before;
		/* It is in sight; to show what stands above it would
		 * turn the leaf back. */
		p->reveal = false;
		p->seen = true;
		return;
	}
}

static void
half(struct page *p, int direction)
{
	int i, n = p->nrows > 3 ? p->nrows / 2 : 1;

	for (i = 0; i < n; i++)
		step(p, direction);
}

static void
to_edge(struct page *p, int direction)
{
	int i = direction > 0 ? (int)p->nitems - 1 : 0;

	p->seen = false;
	p->top = direction > 0 ? last_top(p) : 0;
	for (; i >= 0 && i < (int)p->nitems; i -= direction) {
		if (p->item[i].id == NULL)
			continue;
		if (is_near(p, &p->item[i]))
			page_focus(p, p->item[i].id);
		return;
	}
}

static enum page_event
activate(struct page *p, uint32_t key)
{
	const struct item *i = page_focused(p);

	if (i != NULL && i->kind == ITEM_FIELD && !i->submit) {
		if (key != UI_KEY_ENTER)
			return PAGE_IGNORED;
		tab(p, 1);
		return PAGE_HANDLED;
	}
	return i != NULL || page_on_next(p) ? PAGE_ACTIVATE : PAGE_IGNORED;
}

static const struct {
	void (*move)(struct page *p, int direction);
	int direction;
	uint32_t key;
} moves[] = {
    {step, -1, UI_KEY_UP},
    {step, 1, UI_KEY_DOWN},
    {step, -1, 'k'},
    {step, 1, 'j'},
    {tab, 1, UI_KEY_TAB},
    {tab, -1, UI_KEY_BACKTAB},
    {leaf, -1, UI_KEY_PGUP},
    {leaf, 1, UI_KEY_PGDN},
    {to_edge, -1, UI_KEY_HOME},
    {to_edge, 1, UI_KEY_END},
    {to_edge, 1, 'G'},
    {leaf, -1, UI_CTRL_B},
    {leaf, 1, UI_CTRL_F},
    {half, -1, UI_CTRL_U},
    {half, 1, UI_CTRL_D},
};

enum page_event
page_key(struct page *p, uint32_t key)
{
	size_t i;

	if (page_in_field(p)) {
		if (kill_key(p, key)) {
			p->killing = true;
			return PAGE_TYPED;
		}
		p->killing = false;
		if (move_cursor(p, key))
			return PAGE_HANDLED;
		if (page_edit_key(p, key))
			return PAGE_TYPED;
	}
	for (i = 0; i < sizeof moves / sizeof *moves; i++) {
		if (moves[i].key == key) {
			moves[i].move(p, moves[i].direction);
			return PAGE_HANDLED;
		}
	}
	if (key == UI_KEY_ENTER || key == ' ')
		return activate(p, key);
	return PAGE_IGNORED;
}
