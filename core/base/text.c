/* SPDX-License-Identifier: MIT */
/* Owns UTF-8: decoding, encoding, measuring and wrapping. */
#include "core/base/text.h"

#include <string.h>

/* RFC 3629 section 4: what the second byte may be depends on the first. */
static const struct lead {
	uint8_t first, last; /* the lead byte */
	uint8_t low, high;   /* the byte after it */
	uint8_t bytes;
	uint8_t mask;
} leads[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2, 0x1f},
    {0xe0, 0xe0, 0xa0, 0xbf, 3, 0x0f},
    {0xe1, 0xec, 0x80, 0xbf, 3, 0x0f},
    {0xed, 0xed, 0x80, 0x9f, 3, 0x0f},
    {0xee, 0xef, 0x80, 0xbf, 3, 0x0f},
    {0xf0, 0xf0, 0x90, 0xbf, 4, 0x07},
    {0xf1, 0xf3, 0x80, 0xbf, 4, 0x07},
    {0xf4, 0xf4, 0x80, 0x8f, 4, 0x07},
};

static const struct lead *
find_lead(uint8_t byte)
{
	size_t i;

	for (i = 0; i < sizeof leads / sizeof *leads; i++) {
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	}
	return NULL;
}

int
text_decode(const char *s, size_t len, uint32_t *cp)
{
	const struct lead *lead;
	uint8_t byte, low, high;
	size_t i;

	if (len == 0)
		return 0;
	byte = (uint8_t)s[0];
	if (byte < 0x80) {
		*cp = byte;
		return 1;
	}
	lead = find_lead(byte);
	if (lead == NULL)
		return -1;
	*cp = byte & lead->mask;
	low = lead->low;
	high = lead->high;
	for (i = 1; i < lead->bytes; i++) {
		if (i == len)
			return 0;
		byte = (uint8_t)s[i];
		if (byte < low || byte > high)
			return -1;
		*cp = (*cp << 6) | (byte & 0x3f);
		low = 0x80;
		high = 0xbf;
	}
	return lead->bytes;
}

int
text_encode(uint32_t cp, char out[4])
{
	int n, i;

	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return 0;
	n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	for (i = n - 1; i > 0; i--, cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3f));
	out[0] = (char)((0xf00 >> n) | cp);
	return n;
}

bool
text_is_utf8(const char *s, size_t len)
{
	uint32_t cp;
	int n;

	for (; len > 0; s += n, len -= (size_t)n) {
		n = text_decode(s, len, &cp);
		if (n <= 0)
			return false;
	}
	return true;
}

/* One step for measuring: a byte that is no character counts as one column,
 * which is what a terminal shows in its place. */
static size_t
step(const char *s, size_t len, int *width)
{
	uint32_t cp;
	int n = text_decode(s, len, &cp);

	if (n <= 0) {
		*width = 1;
		return 1;
	}
	*width = text_cp_width(cp);
	return (size_t)n;
}

int
text_width(const char *s)
{
	size_t len = strlen(s);
	int total = 0, width;

	while (len > 0) {
		size_t n;

		if (*s >= ' ' && *s <= '~') { /* as nearly all are */
			total++;
			s++;
			len--;
			continue;
		}
		n = step(s, len, &width);
		total += width;
		s += n;
		len -= n;
	}
	return total;
}

static size_t
prefix(const char *s, size_t len, int ncols)
{
	size_t used = 0, n;
	int width;

	while (used < len) {
		n = step(s + used, len - used, &width);
		if (width > ncols)
			break;
		ncols -= width;
		used += n;
	}
	return used;
}

size_t
text_prefix(const char *s, int ncols)
{
	return ncols <= 0 ? 0 : prefix(s, strlen(s), ncols);
}

static size_t
without_trailing_space(const char *s, size_t len)
{
	while (len > 0 && s[len - 1] == ' ')
		len--;
	return len;
}

/* Length of the first line of a paragraph, at least one character. */
static size_t
first_line(const char *s, size_t len, int ncols)
{
	size_t fits = prefix(s, len, ncols), at;
	int width;

	if (fits == len || s[fits] == ' ')
		return fits;
	for (at = fits; at > 0; at--) {
		if (s[at - 1] == ' ' && without_trailing_space(s, at) > 0)
			return at;
	}
	return fits > 0 ? fits : step(s, len, &width);
}

static void
wrap_paragraph(const char *s, size_t len, int ncols,
    void (*line)(void *arg, const char *s, size_t len), void *arg)
{
	size_t n;

	len = without_trailing_space(s, len);
	do {
		n = first_line(s, len, ncols);
		line(arg, s, without_trailing_space(s, n));
		while (n < len && s[n] == ' ')
			n++;
		s += n;
		len -= n;
	} while (len > 0);
}

void
text_wrap(const char *s, int ncols,
    void (*line)(void *arg, const char *s, size_t len), void *arg)
{
	size_t len;

	for (; *s != '\0'; s += len + (s[len] == '\n')) {
		len = strcspn(s, "\n");
		wrap_paragraph(s, len, ncols, line, arg);
	}
}
