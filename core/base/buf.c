/* SPDX-License-Identifier: MIT */
/* Owns the growable byte buffer and its maximum. */
#include "core/base/buf.h"

#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"

#define FIRST_SIZE 64

void
buf_init(struct buf *b, size_t max)
{
	memset(b, 0, sizeof *b);
	b->max = max;
}

void
buf_free(struct buf *b)
{
	mem_free(b->data);
	buf_init(b, b->max);
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->overflowed = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

/* Makes room for len more bytes and the NUL; false when that is too much. */
static bool
reserve(struct buf *b, size_t len)
{
	size_t need, size;

	if (b->overflowed || b->len > b->max || len > b->max - b->len ||
	    len > SIZE_MAX - b->len - 1) {
		b->overflowed = true;
		return false;
	}
	need = b->len + len + 1;
	if (need <= b->size)
		return true;
	size = b->size < FIRST_SIZE ? FIRST_SIZE : b->size;
	while (size < need)
		size = size > SIZE_MAX / 2 ? need : size * 2;
	if (size - 1 > b->max)
		size = b->max + 1;
	b->data = mem_grow(b->data, size, 1);
	b->size = size;
	return true;
}

void
buf_add(struct buf *b, const void *data, size_t len)
{
	if (!reserve(b, len))
		return;
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(b, fmt, ap);
	va_end(ap);
}

void
buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
	va_list copy;
	int len;

	va_copy(copy, ap);
	len = vsnprintf(NULL, 0, fmt, copy);
	va_end(copy);
	if (len < 0)
		mem_fatal("a text could not be formatted");
	if (!reserve(b, (size_t)len))
		return;
	vsnprintf(b->data + b->len, (size_t)len + 1, fmt, ap);
	b->len += (size_t)len;
}

void
buf_add_markup(struct buf *b, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		switch (s[i]) {
		case '&':
			buf_adds(b, "&amp;");
			break;
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		case '"':
			buf_adds(b, "&quot;");
			break;
		case '\'':
			buf_adds(b, "&#39;");
			break;
		default:
			buf_addc(b, s[i]);
		}
	}
}

void
buf_fill(struct buf *b, char c, size_t count)
{
	if (!reserve(b, count))
		return;
	memset(b->data + b->len, c, count);
	b->len += count;
	b->data[b->len] = '\0';
}

void
buf_consume(struct buf *b, size_t len)
{
	if (len > b->len)
		len = b->len;
	if (len == 0)
		return;
	b->len -= len;
	memmove(b->data, b->data + len, b->len);
	b->data[b->len] = '\0';
}

const char *
buf_str(const struct buf *b)
{
	return b->data == NULL ? "" : b->data;
}

char *
buf_take(struct buf *b)
{
	char *data = b->data == NULL ? mem_strdup("") : b->data;

	buf_init(b, b->max);
	return data;
}
