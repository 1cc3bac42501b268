/* SPDX-License-Identifier: MIT */
/* Owns the one sanitiser that every foreign byte passes. */
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

/* "\u{10FFFF}" and its NUL; the compiler reckons with all 32 bits. */
#define PIECE_SIZE 16

/* Characters that steer a terminal, reorder what is read, or have no agreed
 * look. C0, C1 and DEL are among them. */
static const struct {
	uint32_t first, last;
} unsafe[] = {
    {0x0000, 0x001f},    /* C0 */
    {0x007f, 0x009f},    /* DEL, C1 */
    {0x061c, 0x061c},    /* Arabic letter mark */
    {0x200e, 0x200f},    /* left-to-right and right-to-left mark */
    {0x2028, 0x202e},    /* separators, embeddings, overrides */
    {0x2066, 0x2069},    /* isolates */
    {0xe000, 0xf8ff},    /* private use */
    {0xfdd0, 0xfdef},    /* noncharacters */
    {0xfeff, 0xfeff},    /* byte order mark */
    {0xfff9, 0xfffb},    /* interlinear annotation */
    {0xe0000, 0xe007f},  /* tags: text that nobody sees */
    {0xf0000, 0x10ffff}, /* private use */
};

static bool
is_unsafe(uint32_t cp)
{
	size_t i;

	for (i = 0; i < sizeof unsafe / sizeof *unsafe; i++) {
		if (cp >= unsafe[i].first && cp <= unsafe[i].last)
			return true;
	}
	return (cp & 0xfffe) == 0xfffe;
}

/* Turns the first character of s into a piece; returns the bytes it used. */
static size_t
next_piece(const char *s, size_t len, bool keep_lines, char piece[PIECE_SIZE])
{
	uint32_t cp = 0;
	int n = text_decode(s, len, &cp);

	if (n <= 0) {
		snprintf(piece, PIECE_SIZE, "\\x%02x", (unsigned char)s[0]);
		return 1;
	}
	if (cp == '\n' || cp == '\t')
		snprintf(piece, PIECE_SIZE, "%c", keep_lines ? (char)cp : ' ');
	else if (!is_unsafe(cp))
		snprintf(piece, PIECE_SIZE, "%.*s", n, s);
	else if (cp < 0x80)
		snprintf(piece, PIECE_SIZE, "\\x%02x", (unsigned int)cp);
	else
		snprintf(piece, PIECE_SIZE, "\\u{%04X}", (unsigned int)cp);
	return (size_t)n;
}

/* How many bytes from s on are plain ASCII, as nearly all are: they need not
 * be looked at one by one. */
static size_t
plain_run(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= ' ' && s[n] <= '~')
		n++;
	return n;
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

void
text_sanitise_into(struct buf *out, const void *data, size_t len,
    bool keep_lines)
{
	const char *s = data;
	char piece[PIECE_SIZE];
	size_t n;

	for (; len > 0 && !out->overflowed; s += n, len -= n) {
		n = out->len > out->max ?
		    0 :
		    plain_run(s, smaller(len, out->max - out->len));
		if (n > 0) {
			buf_add(out, s, n);
			continue;
		}
		n = next_piece(s, len, keep_lines, piece);
		buf_adds(out, piece);
	}
}

char *
text_sanitise(struct arena *a, const void *data, size_t len, size_t max,
    bool keep_lines)
{
	static const char dots[] = "...";
	size_t room = max < 3 ? 0 : max - 3; /* leaves place for the dots */
	size_t n, whole = 0;
	const char *s = data;
	char piece[PIECE_SIZE];
	struct buf out;
	char *result;

	if (len > 0 && len <= max && plain_run(s, len) == len)
		return arena_strndup(a, s, len);
	buf_init(&out, max);
	for (; len > 0 && !out.overflowed; s += n, len -= n) {
		n = next_piece(s, len, keep_lines, piece);
		buf_adds(&out, piece);
		if (!out.overflowed && out.len <= room)
			whole = out.len;
	}
	if (out.overflowed) {
		result = arena_printf(a, "%.*s%.*s", (int)whole, buf_str(&out),
		    (int)(max < 3 ? max : 3), dots);
	} else {
		result = arena_strdup(a, buf_str(&out));
	}
	buf_free(&out);
	return result;
}
