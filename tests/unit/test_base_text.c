/* SPDX-License-Identifier: MIT */
/* Promises of the UTF-8 decoder, the sanitiser, width and wrapping. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/base/text.h"

/* What text_decode() must say about each sequence: RFC 3629 section 3 and 4,
 * at both sides of every border. */
static const struct {
	const char *bytes;
	int want;
	uint32_t cp;
} sequences[] = {
    {"\x7f", 1, 0x7f},
    {"\x80", -1, 0},
    {"\xbf", -1, 0},
    {"\xc0\x80", -1, 0}, /* overlong NUL */
    {"\xc1\xbf", -1, 0}, /* overlong U+007F */
    {"\xc2\x80", 2, 0x80},
    {"\xc2\x7f", -1, 0},
    {"\xc2\xc0", -1, 0},
    {"\xdf\xbf", 2, 0x7ff},
    {"\xe0\x9f\xbf", -1, 0}, /* overlong U+07FF */
    {"\xe0\xa0\x80", 3, 0x800},
    {"\xed\x9f\xbf", 3, 0xd7ff},
    {"\xed\xa0\x80", -1, 0}, /* first surrogate */
    {"\xed\xbf\xbf", -1, 0}, /* last surrogate */
    {"\xee\x80\x80", 3, 0xe000},
    {"\xef\xbf\xbf", 3, 0xffff},
    {"\xe1\x80\xc0", -1, 0},
    {"\xf0\x8f\xbf\xbf", -1, 0}, /* overlong U+FFFF */
    {"\xf0\x90\x80\x80", 4, 0x10000},
    {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
    {"\xf4\x90\x80\x80", -1, 0}, /* beyond Unicode */
    {"\xf5\x80\x80\x80", -1, 0},
    {"\xf8\x88\x80\x80\x80", -1, 0}, /* five bytes */
    {"\xfe", -1, 0},
    {"\xff", -1, 0},
    {"", 0, 0},
    {"\xc2", 0, 0},
    {"\xe0\xa0", 0, 0},
    {"\xe0\x9f", -1, 0}, /* cut, and wrong already */
    {"\xf0\x90\x80", 0, 0},
    {"\xf4\x90", -1, 0},
    {"\xe1\x80\x41", -1, 0},
    {"\xf1\x80\x41\x80", -1, 0},
};

START_TEST(decoder_keeps_to_rfc_3629)
{
	size_t i;

	for (i = 0; i < sizeof sequences / sizeof *sequences; i++) {
		uint32_t cp = 0;
		int n = text_decode(sequences[i].bytes,
		    strlen(sequences[i].bytes), &cp);

		ck_assert_msg(n == sequences[i].want, "sequence %zu: %d", i, n);
		if (n > 0)
			ck_assert_uint_eq(cp, sequences[i].cp);
	}
}
END_TEST

START_TEST(every_character_survives_encoding_and_decoding)
{
	uint32_t cp, back;
	char bytes[4];
	int n;

	for (cp = 0; cp <= 0x10ffff; cp++) {
		n = text_encode(cp, bytes);
		if (cp >= 0xd800 && cp <= 0xdfff) {
			ck_assert_int_eq(n, 0);
			continue;
		}
		if (text_decode(bytes, (size_t)n, &back) != n || back != cp)
			ck_abort_msg("U+%04X", cp);
	}
	ck_assert_int_eq(text_encode(0x110000, bytes), 0);
	ck_assert_int_eq(text_encode(UINT32_MAX, bytes), 0);
}
END_TEST

START_TEST(whole_texts_are_valid_or_not)
{
	ck_assert(text_is_utf8("", 0));
	ck_assert(text_is_utf8("gr\xc3\xbc\xc3\x9f", 6));
	ck_assert(!text_is_utf8("gr\xc3", 3));
	ck_assert(!text_is_utf8("\xa0gr", 3));
	ck_assert(text_is_utf8("a\0b", 3));
}
END_TEST

START_TEST(width_is_in_columns)
{
	ck_assert_int_eq(text_width(""), 0);
	ck_assert_int_eq(text_width("abc"), 3);
	ck_assert_int_eq(text_width("Stra\xc3\x9f"
				    "e"),
	    6);
	ck_assert_int_eq(text_width("e\xcc\x81"), 1); /* e + U+0301 */
	ck_assert_int_eq(text_width("\xe6\xbc\xa2\xe5\xad\x97"), 4);
	ck_assert_int_eq(text_width("\xef\xbc\xa1"), 2);     /* fullwidth A */
	ck_assert_int_eq(text_width("\xef\xbd\xb1"), 1);     /* halfwidth a */
	ck_assert_int_eq(text_width("\xf0\x9f\x98\x80"), 2); /* emoji */
	ck_assert_int_eq(text_width("\xe2\x94\x80"), 1);     /* box drawing */
	ck_assert_int_eq(text_width("\x01\x7f"), 0);
	ck_assert_int_eq(text_width("\xff"), 1);
	ck_assert_int_eq(text_cp_width(0x200b), 0);
	ck_assert_int_eq(text_cp_width(0xad), 1); /* soft hyphen */
	ck_assert_int_eq(text_cp_width(0x2fffd), 2);
	ck_assert_int_eq(text_cp_width(0x110000), 1);
}
END_TEST

START_TEST(prefix_never_splits_a_character)
{
	ck_assert_uint_eq(text_prefix("abc", 2), 2);
	ck_assert_uint_eq(text_prefix("abc", 9), 3);
	ck_assert_uint_eq(text_prefix("abc", 0), 0);
	ck_assert_uint_eq(text_prefix("abc", -1), 0);
	ck_assert_uint_eq(text_prefix("\xe6\xbc\xa2x", 1), 0);
	ck_assert_uint_eq(text_prefix("a\xe6\xbc\xa2", 2), 1);
	/* A mark stays with its base even when the columns are used up. */
	ck_assert_uint_eq(text_prefix("ae\xcc\x81x", 2), 4);
}
END_TEST

static const struct {
	const char *raw;
	size_t len;
	const char *safe, *safe_lines;
} foreign[] = {
    {"plain", 5, "plain", "plain"},
    {"gr\xc3\xbc\xc3\x9f", 6, "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
    {"a\tb\nc", 5, "a b c", "a\tb\nc"},
    {"a\rb", 3, "a\\x0db", "a\\x0db"},
    {"a\0b", 3, "a\\x00b", "a\\x00b"},
    {"\x1b[2J", 4, "\\x1b[2J", "\\x1b[2J"},
    {"\x7f", 1, "\\x7f", "\\x7f"},
    {"\x9b", 1, "\\x9b", "\\x9b"},             /* a raw C1 CSI */
    {"\xc2\x9b", 2, "\\u{009B}", "\\u{009B}"}, /* the same, as UTF-8 */
    {"\xc2\x85", 2, "\\u{0085}", "\\u{0085}"}, /* next line */
    {"\xc2\xa0", 2, "\xc2\xa0", "\xc2\xa0"},
    {"\xc0\xaf", 2, "\\xc0\\xaf", "\\xc0\\xaf"}, /* overlong slash */
    {"\xed\xa0\x80", 3, "\\xed\\xa0\\x80", "\\xed\\xa0\\x80"},
    {"x\xe2\x82", 3, "x\\xe2\\x82", "x\\xe2\\x82"}, /* cut off */
    {"\xd8\x9c", 2, "\\u{061C}", "\\u{061C}"},
    {"\xe2\x80\x8e", 3, "\\u{200E}", "\\u{200E}"},
    {"\xe2\x80\x8f", 3, "\\u{200F}", "\\u{200F}"},
    {"\xe2\x80\xa8", 3, "\\u{2028}", "\\u{2028}"},
    {"\xe2\x80\xa9", 3, "\\u{2029}", "\\u{2029}"},
    {"\xe2\x80\xaa", 3, "\\u{202A}", "\\u{202A}"},
    {"\xe2\x80\xae", 3, "\\u{202E}", "\\u{202E}"},
    {"\xe2\x80\xaf", 3, "\xe2\x80\xaf", "\xe2\x80\xaf"},
    {"\xe2\x81\xa5", 3, "\xe2\x81\xa5", "\xe2\x81\xa5"},
    {"\xe2\x81\xa6", 3, "\\u{2066}", "\\u{2066}"},
    {"\xe2\x81\xa9", 3, "\\u{2069}", "\\u{2069}"},
    {"\xe2\x81\xaa", 3, "\xe2\x81\xaa", "\xe2\x81\xaa"},
    {"\xef\xbb\xbf", 3, "\\u{FEFF}", "\\u{FEFF}"},
    {"\xee\x80\x80", 3, "\\u{E000}", "\\u{E000}"},
    {"\xef\xa3\xbf", 3, "\\u{F8FF}", "\\u{F8FF}"},
    {"\xef\xa4\x80", 3, "\xef\xa4\x80", "\xef\xa4\x80"},
    {"\xef\xbf\xbd", 3, "\xef\xbf\xbd", "\xef\xbf\xbd"},
    {"\xef\xbf\xbe", 3, "\\u{FFFE}", "\\u{FFFE}"},
    {"\xf3\xa0\x81\x81", 4, "\\u{E0041}", "\\u{E0041}"},
    {"\xf3\xb0\x80\x80", 4, "\\u{F0000}", "\\u{F0000}"},
    {"\xf4\x8f\xbf\xbd", 4, "\\u{10FFFD}", "\\u{10FFFD}"},
};

START_TEST(sanitiser_shows_what_is_unsafe)
{
	struct arena *a = arena_new();
	size_t i;

	for (i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		ck_assert_str_eq(text_sanitise(a, foreign[i].raw,
				     foreign[i].len, 1000, false),
		    foreign[i].safe);
		ck_assert_str_eq(text_sanitise(a, foreign[i].raw,
				     foreign[i].len, 1000, true),
		    foreign[i].safe_lines);
	}
	ck_assert_str_eq(text_sanitise(a, NULL, 0, 10, false), "");
	arena_free(a);
}
END_TEST

/* Every two-byte input and a walk through three-byte ones. */
START_TEST(sanitised_text_is_valid_and_stays_as_it_is)
{
	struct arena *a;
	unsigned int i;

	for (i = 0; i < 0x1000000; i += i < 0x10000 ? 1 : 977) {
		unsigned char raw[3] = {(unsigned char)i,
		    (unsigned char)(i >> 8), (unsigned char)(i >> 16)};
		size_t max = i % 16;
		char *once, *twice;

		a = arena_new();
		once = text_sanitise(a, raw, sizeof raw, max, false);
		if (strlen(once) > max || !text_is_utf8(once, strlen(once)))
			ck_abort_msg("%06x at most %zu: %s", i, max, once);
		twice = text_sanitise(a, once, strlen(once), max, false);
		ck_assert_str_eq(once, twice);
		arena_free(a);
	}
}
END_TEST

START_TEST(cut_text_ends_in_dots_at_a_whole_character)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(text_sanitise(a, "abcdef", 6, 6, false), "abcdef");
	ck_assert_str_eq(text_sanitise(a, "abcdef", 6, 5, false), "ab...");
	ck_assert_str_eq(text_sanitise(a, "abcdef", 6, 3, false), "...");
	ck_assert_str_eq(text_sanitise(a, "abcdef", 6, 2, false), "..");
	ck_assert_str_eq(text_sanitise(a, "abcdef", 6, 0, false), "");
	/* Neither a character nor an escape is cut in two. */
	ck_assert_str_eq(text_sanitise(a, "a\xc3\xbc\xc3\xbc\xc3\xbc", 7, 6,
			     false),
	    "a\xc3\xbc...");
	ck_assert_str_eq(text_sanitise(a, "a\xc3\xbc\xc3\xbc\xc3\xbc", 7, 5,
			     false),
	    "a...");
	ck_assert_str_eq(text_sanitise(a, "a\x1b\x1b", 3, 8, false),
	    "a\\x1b...");
	ck_assert_str_eq(text_sanitise(a, "a\x1b\x1b", 3, 7, false), "a...");
	arena_free(a);
}
END_TEST

START_TEST(sanitising_into_a_full_buffer_says_so)
{
	struct buf b;

	buf_init(&b, 6);
	text_sanitise_into(&b, "ab\x1b", 3, false);
	ck_assert_str_eq(buf_str(&b), "ab\\x1b");
	ck_assert(!b.overflowed);
	text_sanitise_into(&b, "c", 1, false);
	ck_assert(b.overflowed);
	buf_free(&b);
}
END_TEST

static void
join(void *arg, const char *s, size_t len)
{
	buf_add(arg, s, len);
	buf_addc(arg, '|');
}

static void
wraps(const char *s, int ncols, const char *want)
{
	struct buf b;

	buf_init(&b, 1000);
	text_wrap(s, ncols, join, &b);
	ck_assert_str_eq(buf_str(&b), want);
	buf_free(&b);
}

START_TEST(text_wraps_at_spaces)
{
	wraps("", 10, "");
	wraps("one two three", 80, "one two three|");
	wraps("one two three", 7, "one two|three|");
	wraps("one two three", 8, "one two|three|");
	wraps("one two three", 6, "one|two|three|");
	wraps("one   two ", 4, "one|two|");
	wraps("one two", 3, "one|two|");
	wraps("abcdefgh ij", 3, "abc|def|gh|ij|");
	wraps("a abcdefgh", 4, "a|abcd|efgh|");
	wraps("  indented text", 10, "  indented|text|");
	wraps("one\ntwo\n\nthree\n", 10, "one|two||three|");
	wraps("   \nx", 10, "|x|");
}
END_TEST

START_TEST(wrapping_counts_columns_and_always_ends)
{
	wraps("\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", 4,
	    "\xe6\xbc\xa2\xe5\xad\x97|\xe6\xbc\xa2|");
	wraps("\xe6\xbc\xa2x", 1, "\xe6\xbc\xa2|x|");
	wraps("ab", 0, "a|b|");
	wraps("ab", -5, "a|b|");
	wraps("e\xcc\x81"
	      "e\xcc\x81",
	    1,
	    "e\xcc\x81|"
	    "e\xcc\x81|");
	wraps("\xff\xfe", 1, "\xff|\xfe|");
}
END_TEST

HARNESS("base text", decoder_keeps_to_rfc_3629,
    every_character_survives_encoding_and_decoding,
    whole_texts_are_valid_or_not, width_is_in_columns,
    prefix_never_splits_a_character, sanitiser_shows_what_is_unsafe,
    sanitised_text_is_valid_and_stays_as_it_is,
    cut_text_ends_in_dots_at_a_whole_character,
    sanitising_into_a_full_buffer_says_so, text_wraps_at_spaces,
    wrapping_counts_columns_and_always_ends)
