/* SPDX-License-Identifier: MIT */
/* Owns a page as plain text: what stands in a copy that leaves the screen. */
#include <string.h>

#include "core/base/text.h"
#include "tui/screen/page.h"

#define MIN_COLS 20

struct writing {
	struct buf *out;
	int indent;
	bool hanging; /* the first line has begun already */
};

static void
add_line(void *arg, const char *s, size_t len)
{
	struct writing *w = arg;

	if (!w->hanging)
		buf_fill(w->out, ' ', (size_t)w->indent);
	w->hanging = false;
	buf_add(w->out, s, len);
	buf_addc(w->out, '\n');
}

/* A state's word, a sign where there is none, a box: what comes first. */
static int
add_lead(const struct item *i, struct buf *out)
{
	size_t before = out->len;

	buf_fill(out, ' ', (size_t)(i->indent > 0 ? i->indent : 0));
	if (i->kind == ITEM_CHECK)
		buf_adds(out, i->on ? "[x] " : "[ ] ");
	else if (i->kind == ITEM_OPTION)
		buf_adds(out, i->on ? "(*) " : "( ) ");
	if (i->word != NULL)
		buf_addf(out, "%s  ", i->word);
	else if (i->glyph != GLYPH_NONE)
		buf_adds(out, "- ");
	return (int)(out->len - before);
}

static void
add_wrapped(const struct item *i, const char *text, int ncols, struct buf *out)
{
	struct writing w = {out, add_lead(i, out), true};
	int room = ncols - w.indent;

	if (*text == '\0')
		buf_addc(out, '\n');
	else
		text_wrap(text, room < MIN_COLS ? MIN_COLS : room, add_line,
		    &w);
}

static void
add_item(const struct item *i, int ncols, struct buf *out)
{
	struct arena *a = arena_new();
	const char *text = i->text;

	if (i->kind == ITEM_FIELD)
		text = arena_printf(a, "%s: %s", text, i->value);
	else if (i->kind == ITEM_ROW && i->note != NULL)
		text = arena_printf(a, "%s (%s)", text, i->note);
	add_wrapped(i, text, ncols, out);
	if (i->kind == ITEM_HEADING) {
		buf_fill(out, '-', (size_t)text_width(text));
		buf_addc(out, '\n');
	}
	arena_free(a);
}

void
page_to_text(const struct page *p, int ncols, struct buf *out)
{
	size_t i;

	for (i = 0; i < p->nitems; i++)
		add_item(&p->item[i], ncols, out);
}
