/* SPDX-License-Identifier: MIT */
/* Owns the layout of a handover as bytes: the splitting into its members. */
#include "core/record/document.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"

#define DEPTH_MAX 32
#define INDENT 2

/* What a byte is to the inside of a string. */
enum { CHAR_PLAIN, CHAR_QUOTE, CHAR_ESCAPE, CHAR_WIDE, CHAR_BAD };

struct scan {
	const char *data;
	size_t len, at;
	unsigned depth;   /* of the value; the members stand at 1 */
	uint64_t objects; /* a bit for each level that is an object */
};

static int
char_kind(unsigned char c)
{
	if (c == '"')
		return CHAR_QUOTE;
	if (c == '\\')
		return CHAR_ESCAPE;
	if (c < 0x20)
		return CHAR_BAD;
	return c < 0x80 ? CHAR_PLAIN : CHAR_WIDE;
}

static bool
take(struct scan *s, const char *text, size_t len)
{
	if (s->len - s->at < len || memcmp(s->data + s->at, text, len) != 0)
		return false;
	s->at += len;
	return true;
}

static bool
take_byte(struct scan *s, char c)
{
	if (s->at >= s->len || s->data[s->at] != c)
		return false;
	s->at++;
	return true;
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F');
}

/* Behind a backslash. */
static bool
take_escape(struct scan *s)
{
	size_t i;

	if (s->at >= s->len)
		return false;
	if (s->data[s->at] != 'u') {
		if (s->data[s->at] == '\0' ||
		    strchr("\"\\/bfnrt", s->data[s->at]) == NULL)
			return false;
		s->at++;
		return true;
	}
	for (i = 1; i <= 4; i++) {
		if (s->len - s->at <= i || !is_hex(s->data[s->at + i]))
			return false;
	}
	s->at += 5;
	return true;
}

/* Eight bytes at once: does one of them need a look (a quote, a backslash, a
 * control character, or one beyond ASCII)? */
static bool
is_plain_word(const char *p)
{
	const uint64_t ones = UINT64_MAX / 255, tops = ones * 0x80;
	uint64_t w, quote, slash;

	memcpy(&w, p, sizeof w);
	quote = w ^ ones * '"';
	slash = w ^ ones * '\\';
	return ((w | (w - ones * 0x20) | ((quote - ones) & ~quote) |
		    ((slash - ones) & ~slash)) &
		   tops) == 0;
}

/* Behind the opening quote; leaves s behind the closing one. */
static bool
take_string(struct scan *s)
{
	uint32_t cp;
	int n;

	for (;;) {
		while (s->len - s->at >= sizeof(uint64_t) &&
		    is_plain_word(s->data + s->at))
			s->at += sizeof(uint64_t);
		while (s->at < s->len &&
		    char_kind((unsigned char)s->data[s->at]) == CHAR_PLAIN)
			s->at++;
		if (s->at >= s->len)
			return false;
		switch (char_kind((unsigned char)s->data[s->at])) {
		case CHAR_QUOTE:
			s->at++;
			return true;
		case CHAR_ESCAPE:
			s->at++;
			if (!take_escape(s))
				return false;
			break;
		case CHAR_WIDE:
			n = text_decode(s->data + s->at, s->len - s->at, &cp);
			if (n <= 0)
				return false;
			s->at += (size_t)n;
			break;
		default:
			return false;
		}
	}
}

/* -?(0|[1-9][0-9]*) */
static bool
take_number(struct scan *s)
{
	size_t start;

	(void)take_byte(s, '-');
	start = s->at;
	while (s->at < s->len && s->data[s->at] >= '0' && s->data[s->at] <= '9')
		s->at++;
	return s->at > start && (s->data[start] != '0' || s->at == start + 1);
}

static bool
take_scalar(struct scan *s)
{
	switch (s->data[s->at]) {
	case '"':
		s->at++;
		return take_string(s);
	case 't':
		return take(s, "true", 4);
	case 'f':
		return take(s, "false", 5);
	case 'n':
		return take(s, "null", 4);
	default:
		return take_number(s);
	}
}

/* A line break and the indentation of `depth` levels. */
static bool
take_line(struct scan *s, unsigned depth)
{
	static const char spaces[] = "                                        "
				     "                              ";
	size_t n = (size_t)depth * INDENT;

	_Static_assert(sizeof spaces > (DEPTH_MAX + 1) * INDENT, "room");
	return take_byte(s, '\n') && take(s, spaces, n);
}

/* What begins with a bracket: empty, or a level deeper. */
static bool
open_level(struct scan *s)
{
	bool object = s->data[s->at] == '{';

	s->at++;
	if (take_byte(s, object ? '}' : ']'))
		return true;
	if (++s->depth > DEPTH_MAX)
		return false;
	s->objects &= ~((uint64_t)1 << s->depth);
	s->objects |= (uint64_t)object << s->depth;
	return take_line(s, s->depth);
}

static bool
take_key(struct scan *s)
{
	return take_byte(s, '"') && take_string(s) && take(s, ": ", 2);
}

/* Behind a value that is not the last thing of the member: what follows on
 * its level. *open: another value is expected. */
static bool
next_in_level(struct scan *s, bool *open)
{
	*open = take_byte(s, ',');
	if (*open)
		return take_line(s, s->depth);
	if (!take_line(s, s->depth - 1) ||
	    !take_byte(s, (s->objects >> s->depth & 1) != 0 ? '}' : ']'))
		return false;
	s->depth--;
	return true;
}

/* The whole value of a member; s stands on its first byte. */
static bool
take_value(struct scan *s)
{
	bool open;
	char c;

	s->depth = 1;
	for (;;) {
		if (s->depth > 1 && (s->objects >> s->depth & 1) != 0 &&
		    !take_key(s))
			return false;
		if (s->at >= s->len)
			return false;
		c = s->data[s->at];
		if (c == '{' || c == '[') {
			unsigned before = s->depth;

			if (!open_level(s))
				return false;
			if (s->depth > before)
				continue;
		} else if (!take_scalar(s)) {
			return false;
		}
		do {
			if (s->depth == 1)
				return true;
			if (!next_in_level(s, &open))
				return false;
		} while (!open);
	}
}

/* Up to a quote: letters and signs that fit; what fits of others. */
static bool
take_word(struct scan *s, char name[DOCUMENT_NAME_SIZE])
{
	size_t n = 0;
	char c;

	for (; s->at < s->len && n < DOCUMENT_NAME_SIZE - 1; s->at++) {
		c = s->data[s->at];
		if (c <= ' ' || c > '~' || c == '\\' || c == '"')
			break;
		name[n++] = c;
	}
	name[n] = '\0';
	return n > 0;
}

/* `"name": `, with a plain name that fits. */
static bool
take_name(struct scan *s, char name[DOCUMENT_NAME_SIZE])
{
	return take_byte(s, '"') && take_word(s, name) && take(s, "\": ", 3);
}

static int
refuse(const struct scan *s, struct error *err)
{
	size_t line = 1, column = 1, i;

	for (i = 0; i < s->at && i < s->len; i++) {
		column++;
		if (s->data[i] == '\n') {
			line++;
			column = 1;
		}
	}
	if (s->at >= s->len)
		error_set(err, ERR_INPUT, "%s",
		    _("The file ends in the middle: a part of it is "
		      "missing."));
	else
		error_set(err, ERR_INPUT, "%s",
		    _("The file is not laid out as sitewalk writes it."));
	error_where(err, _("line %zu, column %zu"), line, column);
	error_hint(err, "%s",
	    _("Get the file once more from where it came from."));
	return -1;
}

static bool
take_members(struct scan *s, struct document_parts *out)
{
	struct document_part *part;
	size_t start;

	if (!take(s, "{\n", 2))
		return false;
	do {
		if (out->count >= DOCUMENT_MAX_PARTS)
			return false;
		part = &out->item[out->count];
		if (out->count > 0 && !take_byte(s, '\n'))
			return false;
		start = s->at;
		if (!take(s, "  ", INDENT) || !take_name(s, part->name))
			return false;
		if (out->count > 0 && strcmp(part[-1].name, part->name) >= 0) {
			s->at = start;
			return false;
		}
		part->start = s->at;
		if (!take_value(s))
			return false;
		part->len = s->at - part->start;
		out->count++;
	} while (take_byte(s, ','));
	return take(s, "\n}\n", 3) && s->at == s->len;
}

int
document_split(const char *data, size_t len, struct document_parts *out,
    struct error *err)
{
	struct scan s = {.data = data, .len = len};

	out->count = 0;
	if (take_members(&s, out)) {
		out->end = len;
		return 0;
	}
	out->end = s.at;
	out->count = 0;
	return refuse(&s, err);
}

const struct document_part *
document_part(const struct document_parts *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->count; i++) {
		if (strcmp(p->item[i].name, name) == 0)
			return &p->item[i];
	}
	return NULL;
}

void
document_where(const char *data, size_t len, size_t offset,
    char name[DOCUMENT_NAME_SIZE])
{
	struct scan s = {.data = data, .len = len};
	size_t start = offset < len ? offset : len;

	name[0] = '\0';
	for (;;) {
		while (start > 0 && data[start - 1] != '\n')
			start--;
		s.at = start;
		/* The closing brace ends the last member. */
		if (s.at < len && data[s.at] == '}')
			return;
		if (take(&s, "  \"", 3)) {
			take_word(&s, name);
			return;
		}
		if (start == 0)
			return;
		start--;
	}
}
