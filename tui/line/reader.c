/* SPDX-License-Identifier: MIT */
/* Owns the reading of lines: bounded, and text or nothing. */
#include "tui/line/reader.h"

#include <string.h>

#include "core/base/text.h"

void
reader_init(struct reader *r)
{
	buf_init(&r->line, PAGE_FIELD_MAX + 1);
	r->len = 0;
	r->whole = false;
}

void
reader_free(struct reader *r)
{
	buf_free(&r->line);
}

/* Spaces around it are of the hand, not of the text; a tab is a space. */
static void
trim(struct buf *b)
{
	size_t i, from = 0;

	for (i = 0; i < b->len; i++) {
		if (b->data[i] == '\t')
			b->data[i] = ' ';
	}
	if (b->len > 0 && b->data[b->len - 1] == '\r')
		b->len--;
	while (b->len > 0 && b->data[b->len - 1] == ' ')
		b->len--;
	while (from < b->len && b->data[from] == ' ')
		from++;
	if (b->data != NULL)
		b->data[b->len] = '\0';
	buf_consume(b, from);
}

static bool
is_safe(const struct buf *b)
{
	struct buf safe;
	bool same;

	buf_init(&safe, PAGE_FIELD_MAX * 8);
	text_sanitise_into(&safe, buf_str(b), b->len, false);
	same = safe.len == b->len &&
	    memcmp(buf_str(&safe), buf_str(b), b->len) == 0;
	buf_free(&safe);
	return same;
}

static enum line_kind
finish(struct reader *r)
{
	/* One more for a carriage return. */
	if (r->len > PAGE_FIELD_MAX + 1)
		return LINE_LONG;
	trim(&r->line);
	if (r->line.len > PAGE_FIELD_MAX)
		return LINE_LONG;
	return is_safe(&r->line) ? LINE_TEXT : LINE_UNSAFE;
}

enum line_kind
reader_feed(struct reader *r, const char *data, size_t len, size_t *used)
{
	const char *end = memchr(data, '\n', len);
	size_t n = end != NULL ? (size_t)(end - data) : len;

	*used = end != NULL ? n + 1 : len;
	if (r->whole) {
		buf_clear(&r->line);
		r->len = 0;
	}
	r->whole = end != NULL;
	if (r->len <= PAGE_FIELD_MAX + 1)
		r->len += n;
	buf_add(&r->line, data, n);
	return r->whole ? finish(r) : LINE_NONE;
}

enum line_kind
reader_end(struct reader *r)
{
	if (r->whole || r->len == 0)
		return LINE_NONE;
	r->whole = true;
	return finish(r);
}
