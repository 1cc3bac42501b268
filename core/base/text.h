/* SPDX-License-Identifier: MIT */
/* Text: UTF-8, display width, and the one sanitiser that every foreign byte
 * passes before it reaches a screen, a file or a log. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/mem.h"

/* Decodes one UTF-8 character (RFC 3629: no surrogates, no overlong forms).
 * Returns the bytes used (1..4), 0 when `len` ends inside a character that is
 * valid so far, -1 when the first byte cannot begin or continue one. */
int	 text_decode(const char *s, size_t len, uint32_t *cp);
/* Returns the bytes, 0 when cp is no character (surrogates too). */
int	 text_encode(uint32_t cp, char out[4]);
bool	 text_is_utf8(const char *s, size_t len);

/* Columns on a terminal; 0 for combining marks, 2 for wide characters. Never
 * negative. Does not depend on the locale. */
int	 text_cp_width(uint32_t cp);
int	 text_width(const char *s);
/* Bytes of the longest prefix that is at most ncols wide; never splits a
 * character and keeps combining marks with their base. */
size_t	 text_prefix(const char *s, int ncols);

/* Foreign bytes to safe text: invalid UTF-8, C0, C1, DEL, bidirectional
 * controls (U+061C, U+200E..200F, U+202A..202E, U+2066..2069), line and
 * paragraph separators, BOM, tags, noncharacters and private-use become "\xNN"
 * (a byte) or "\u{NNNN}" (a character);
 * tab and newline become a space unless keep_lines. At most max bytes; a cut
 * is shown by "...". Idempotent. */
char	*text_sanitise(struct arena *a, const void *data, size_t len,
	    size_t max, bool keep_lines);
void	 text_sanitise_into(struct buf *out, const void *data, size_t len,
	    bool keep_lines);

/* Wraps at spaces to ncols columns (a longer word is split); calls line()
 * for each line, without trailing space. Embedded newlines end a line; ""
 * has no lines. The indentation of a paragraph stays. */
void	 text_wrap(const char *s, int ncols,
	    void (*line)(void *arg, const char *s, size_t len), void *arg);

bool	 text_is_space(const char *s);		/* empty or only spaces */
bool	 text_equal_nocase(const char *a, const char *b);	/* ASCII only */
/* Strict decimal, no sign, no spaces ("010" is ten); false when out of
 * [min, max] or NULL, and then *out is as it was. */
bool	 text_to_uint(const char *s, uint64_t min, uint64_t max, uint64_t *out);

/* Dotted version numbers ("16.3", "17.0.3.31"; 1 to 4 parts of 0..99999).
 * Missing parts count as 0. */
struct version {
	uint32_t part[4];
};
bool	 version_parse(const char *s, struct version *out);
int	 version_compare(const struct version *a, const struct version *b);

/* "*.a.b" against "x.a.b": matches one or more labels below the apex when
 * depth is 0, exactly `depth` labels otherwise; ASCII, case-insensitive; a
 * final dot of host is ignored. A pattern without "*." matches nothing. */
bool	 text_wildcard_match(const char *pattern, const char *host, int depth);
/* A host name of letters, digits, hyphens and dots (RFC 1123), 1..253. Its
 * last label is not a number, so that "10.0.0.300" is none. */
bool	 text_is_hostname(const char *s);

#endif
