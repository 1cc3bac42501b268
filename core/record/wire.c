/* SPDX-License-Identifier: MIT */
/* Owns the encoding of SSH and base64. */
#include "core/record/wire.h"

#include <string.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct wire
wire_of(const void *data, size_t len)
{
	return (struct wire){.p = data, .len = len};
}

struct wire
wire_take(struct wire *w, size_t len)
{
	struct wire part = {.p = w->p};

	if (w->bad || w->len < len) {
		w->bad = true;
		w->len = 0;
		part.bad = true;
		return part;
	}
	part.len = len;
	w->p += len;
	w->len -= len;
	return part;
}

uint8_t
wire_u8(struct wire *w)
{
	struct wire part = wire_take(w, 1);

	return part.bad ? 0 : part.p[0];
}

uint32_t
wire_u32(struct wire *w)
{
	struct wire part = wire_take(w, 4);

	if (part.bad)
		return 0;
	return (uint32_t)part.p[0] << 24 | (uint32_t)part.p[1] << 16 |
	    (uint32_t)part.p[2] << 8 | part.p[3];
}

struct wire
wire_string(struct wire *w)
{
	uint32_t len = wire_u32(w);

	return wire_take(w, len);
}

bool
wire_is(const struct wire *w, const char *text)
{
	return !w->bad && w->len == strlen(text) &&
	    memcmp(w->p, text, w->len) == 0;
}

struct wire
wire_number(struct wire *w)
{
	struct wire n = wire_string(w);

	if (n.len > 0 && (n.p[0] & 0x80) != 0) {
		w->bad = n.bad = true;
		w->len = n.len = 0;
	}
	while (n.len > 0 && n.p[0] == 0) {
		n.p++;
		n.len--;
	}
	return n;
}

void
wire_put_u32(struct buf *out, uint32_t v)
{
	const uint8_t bytes[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 8), (uint8_t)v};

	buf_add(out, bytes, sizeof bytes);
}

void
wire_put(struct buf *out, const void *data, size_t len)
{
	wire_put_u32(out, (uint32_t)len);
	buf_add(out, data, len);
}

void
wire_put_text(struct buf *out, const char *text)
{
	wire_put(out, text, strlen(text));
}

/* One group of four; *pad is how many of its characters are padding. */
static bool
read_group(const char group[4], unsigned *pad, struct buf *out)
{
	uint32_t bits = 0;
	uint8_t bytes[3];
	const char *at;
	unsigned i;

	*pad = 0;
	for (i = 0; i < 4; i++) {
		if (group[i] == '=' && i >= 2) {
			++*pad;
			bits <<= 6;
			continue;
		}
		at = memchr(alphabet, group[i], sizeof alphabet - 1);
		if (at == NULL || *pad > 0)
			return false;
		bits = bits << 6 | (uint32_t)(at - alphabet);
	}
	if ((*pad == 1 && (bits & 0xff) != 0) ||
	    (*pad == 2 && (bits & 0xffff) != 0))
		return false;
	bytes[0] = (uint8_t)(bits >> 16);
	bytes[1] = (uint8_t)(bits >> 8);
	bytes[2] = (uint8_t)bits;
	buf_add(out, bytes, 3 - *pad);
	return true;
}

bool
base64_read(const char *text, size_t len, bool lines, struct buf *out)
{
	char group[4];
	unsigned pad = 0, n = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (lines && (text[i] == '\n' || text[i] == '\r'))
			continue;
		if (pad > 0)
			return false;
		group[n++] = text[i];
		if (n == 4) {
			if (!read_group(group, &pad, out))
				return false;
			n = 0;
		}
	}
	return n == 0 && !out->overflowed;
}

void
base64_write(const void *data, size_t len, size_t ncols, struct buf *out)
{
	const uint8_t *p = data;
	size_t column = 0, i, k;
	uint32_t bits;
	char c;

	for (i = 0; i < len; i += 3) {
		bits = (uint32_t)p[i] << 16;
		if (i + 1 < len)
			bits |= (uint32_t)p[i + 1] << 8;
		if (i + 2 < len)
			bits |= p[i + 2];
		for (k = 0; k < 4; k++) {
			c = alphabet[bits >> (18 - 6 * k) & 63];
			buf_addc(out, i + k > len ? '=' : c);
			if (ncols > 0 && ++column == ncols) {
				buf_addc(out, '\n');
				column = 0;
			}
		}
	}
	if (column > 0)
		buf_addc(out, '\n');
}
