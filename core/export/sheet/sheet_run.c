/* SPDX-License-Identifier: MIT */
/* Owns the question which words of a sentence are technical: hosts, ports,
 * addresses, digests. Between words that are written from right to left,
 * their parts would change places ("443/tcp" shows as "tcp/443"), unless a
 * writer isolates them. Words that follow each other are one run, so that
 * "TCP 5113" and "10:42 11:00" stay in their order too. */
#include <string.h>

#include "core/export/sheet/sheet.h"

#define DIGEST_LETTERS 8 /* of a digest's group without any digit */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* May stand in a technical word. */
static bool
is_part(char c)
{
	return is_digit(c) || is_letter(c) ||
	    (c != '\0' && strchr("-._:/@*%+#=~?&[]", c) != NULL);
}

/* May stand before its first letter or digit: "*.example", "[::1]:53",
 * "::1", "/etc", "-5", "+41". */
static bool
may_begin(const char *s, char before)
{
	if (is_digit(*s) || is_letter(*s))
		return true;
	if (*s == '*')
		return s[1] == '.';
	if (*s == '[')
		return is_digit(s[1]) || is_letter(s[1]) || s[1] == ':';
	if (before != ' ' && before != '\0' && before != '(')
		return false;
	if (*s == ':')
		return s[1] == ':';
	if (*s == '/')
		return is_digit(s[1]) || is_letter(s[1]);
	return (*s == '-' || *s == '+') && is_digit(s[1]);
}

/* Bytes of the word at s, without the punctuation of the sentence. */
static size_t
word_at(const char *s)
{
	size_t n = 0;

	while (is_part(s[n]))
		n++;
	while (n > 0 && strchr(".,:;?-&=+[~", s[n - 1]) != NULL)
		n--;
	if (n > 0 && s[n - 1] == ']' && memchr(s, '[', n) == NULL)
		n--;
	return n;
}

enum word { WORD_PLAIN, WORD_NUMBER, WORD_CAPITALS, WORD_TECHNICAL };

static enum word
kind_of(const char *s, size_t len)
{
	size_t i, digits = 0, capitals = 0, hex = 0, letters = 0;

	for (i = 0; i < len; i++) {
		digits += is_digit(s[i]);
		letters += is_letter(s[i]);
		capitals += s[i] >= 'A' && s[i] <= 'Z';
		hex += (s[i] >= 'a' && s[i] <= 'f') ||
		    (s[i] >= 'A' && s[i] <= 'F');
	}
	if (digits == len)
		return WORD_NUMBER;
	if (letters < len || (hex == len && len >= DIGEST_LETTERS))
		return WORD_TECHNICAL;
	return capitals == len && len > 1 ? WORD_CAPITALS : WORD_PLAIN;
}

/* Bytes of a technical run at s; 0 where none begins. */
static size_t
run_at(const char *s)
{
	size_t len = word_at(s), end = len, next;
	enum word kind;
	bool technical;

	if (len == 0)
		return 0;
	kind = kind_of(s, len);
	technical = kind == WORD_TECHNICAL;
	while (kind != WORD_PLAIN && s[end] == ' ' &&
	    may_begin(s + end + 1, ' ')) {
		next = word_at(s + end + 1);
		kind = next == 0 ? WORD_PLAIN : kind_of(s + end + 1, next);
		/* "TCP 5113", "00 41", digests in groups; not "TCP TLS" */
		if (kind == WORD_PLAIN || kind == WORD_CAPITALS)
			break;
		end += 1 + next;
		technical = true;
	}
	return technical ? end : 0;
}

size_t
sheet_run(const char *s, bool *technical)
{
	size_t n = 0, run;

	*technical = false;
	while (s[n] != '\0') {
		char before = n == 0 ? '\0' : s[n - 1];

		run = 0;
		if (is_part(s[n]) && may_begin(s + n, before))
			run = run_at(s + n);
		if (run > 0) {
			*technical = n == 0;
			return n == 0 ? run : n;
		}
		if (is_digit(s[n]) || is_letter(s[n])) {
			/* a plain word, whole: not its end either */
			while (is_part(s[n]))
				n++;
		} else {
			n++;
		}
	}
	return n;
}
