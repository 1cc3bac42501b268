/* SPDX-License-Identifier: MIT */
/* Owns the comparison of typed text with shown text. */
#include "tui/screen/match.h"

#include <stdint.h>
#include <string.h>
#include <wctype.h>

#include "core/base/text.h"

/* One character, folded; bytes that are none count as themselves. */
static size_t
take(const char *s, size_t len, uint32_t *cp)
{
	int n = text_decode(s, len, cp);

	if (n <= 0) {
		*cp = (unsigned char)*s;
		return 1;
	}
	*cp = (uint32_t)towlower((wint_t)*cp);
	return (size_t)n;
}

/* Bytes of text that what takes at its very beginning; 0: it does not. */
static size_t
begins(const char *text, size_t len, const char *what, size_t wlen)
{
	size_t at = 0, w = 0;
	uint32_t a, b;

	while (w < wlen) {
		if (at >= len)
			return 0;
		at += take(text + at, len - at, &a);
		w += take(what + w, wlen - w, &b);
		if (a != b)
			return 0;
	}
	return at;
}

static const char *
match(const char *text, const char *what, size_t wlen, size_t *len)
{
	size_t left;
	uint32_t cp;

	if (text == NULL || wlen == 0)
		return NULL;
	for (left = strlen(text); left > 0;) {
		size_t n = begins(text, left, what, wlen);

		if (n > 0) {
			*len = n;
			return text;
		}
		n = take(text, left, &cp);
		text += n;
		left -= n;
	}
	return NULL;
}

const char *
match_text(const char *text, const char *what, size_t *len)
{
	return match(text, what, strlen(what), len);
}

static bool
begins_word(const char *text, const char *what)
{
	const char *at = text;
	size_t len = 0;

	while ((at = match_text(at, what, &len)) != NULL) {
		if (at == text || at[-1] == ' ')
			return true;
		at += len;
	}
	return false;
}

bool
match_begins(const char *const *texts, size_t ntexts, const char *what)
{
	size_t i;

	for (i = 0; i < ntexts; i++) {
		if (texts[i] != NULL && begins_word(texts[i], what))
			return true;
	}
	return *what == '\0';
}

static bool
has_word(const char *const *texts, size_t ntexts, const char *word, size_t len)
{
	size_t i, n;

	for (i = 0; i < ntexts; i++) {
		if (match(texts[i], word, len, &n) != NULL)
			return true;
	}
	return false;
}

bool
match_words(const char *const *texts, size_t ntexts, const char *words)
{
	size_t len;

	for (; *words != '\0'; words += len) {
		words += strspn(words, " ");
		len = strcspn(words, " ");
		if (len > 0 && !has_word(texts, ntexts, words, len))
			return false;
	}
	return true;
}
