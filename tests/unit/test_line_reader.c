/* SPDX-License-Identifier: MIT */
/* Lines come out whole however their bytes came in, are never cut, and hold
 * nothing but text. */
#include <string.h>

#include "tests/unit/harness.h"
#include "tui/line/reader.h"

/* Feeds all of it, `step` bytes at a time; the kind of the last line. */
static enum line_kind
feed(struct reader *r, const char *data, size_t len, size_t step)
{
	enum line_kind kind = LINE_NONE, last = LINE_NONE;
	size_t at, used, n;

	for (at = 0; at < len; at += used) {
		n = len - at < step ? len - at : step;
		kind = reader_feed(r, data + at, n, &used);
		ck_assert_uint_gt(used, 0);
		if (kind != LINE_NONE)
			last = kind;
	}
	return last;
}

START_TEST(a_line_is_whole_however_it_is_split)
{
	static const char text[] = "Hotel \xc3\x84lpenblick \xe2\x82\xac\n";
	struct reader r;
	size_t step;

	for (step = 1; step < sizeof text; step++) {
		reader_init(&r);
		ck_assert_int_eq(feed(&r, text, sizeof text - 1, step),
		    LINE_TEXT);
		ck_assert_str_eq(buf_str(&r.line),
		    "Hotel \xc3\x84lpenblick \xe2\x82\xac");
		/* nothing of it is left for the next one */
		ck_assert_int_eq(feed(&r, "\n", 1, 1), LINE_TEXT);
		ck_assert_str_eq(buf_str(&r.line), "");
		reader_free(&r);
	}
}
END_TEST

START_TEST(two_lines_in_one_read_are_two)
{
	static const char text[] = "one\r\n  two\t words \nhalf";
	struct reader r;
	size_t used;

	reader_init(&r);
	ck_assert_int_eq(reader_feed(&r, text, sizeof text - 1, &used),
	    LINE_TEXT);
	ck_assert_uint_eq(used, 5);
	ck_assert_str_eq(buf_str(&r.line), "one");
	ck_assert_int_eq(reader_end(&r), LINE_NONE);
	ck_assert_int_eq(reader_feed(&r, text + 5, sizeof text - 6, &used),
	    LINE_TEXT);
	ck_assert_str_eq(buf_str(&r.line), "two  words");
	ck_assert_int_eq(reader_feed(&r, "half", 4, &used), LINE_NONE);
	ck_assert_int_eq(reader_end(&r), LINE_TEXT);
	ck_assert_str_eq(buf_str(&r.line), "half");
	ck_assert_int_eq(reader_end(&r), LINE_NONE);
	reader_free(&r);
}
END_TEST

START_TEST(a_line_is_taken_whole_or_not_at_all)
{
	char text[PAGE_FIELD_MAX * 3];
	struct reader r;
	size_t len;

	reader_init(&r);
	for (len = PAGE_FIELD_MAX - 2; len < PAGE_FIELD_MAX + 4; len++) {
		memset(text, 'x', len);
		text[len] = '\n';
		ck_assert_int_eq(feed(&r, text, len + 1, 7),
		    len <= PAGE_FIELD_MAX ? LINE_TEXT : LINE_LONG);
		if (len <= PAGE_FIELD_MAX)
			ck_assert_uint_eq(r.line.len, len);
	}
	memset(text, 'x', sizeof text);
	ck_assert_int_eq(feed(&r, text, sizeof text, 100), LINE_NONE);
	ck_assert_int_eq(feed(&r, "\n", 1, 1), LINE_LONG);
	/* and the next one is read as ever */
	ck_assert_int_eq(feed(&r, "ok\n", 3, 1), LINE_TEXT);
	ck_assert_str_eq(buf_str(&r.line), "ok");
	reader_free(&r);
}
END_TEST

START_TEST(what_is_no_text_is_refused)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {{"\033[A\n", 4}, {"a\0b\n", 4}, {"\xff\n", 2}, {"\xc3\n", 2},
	    {"\xc2\x9b\n", 3}, {"\xe2\x80\xae\n", 4}, {"\xed\xa0\x80\n", 4},
	    {"a\rb\n", 4}, {"\x7f\n", 2}};
	struct reader r;
	size_t i;

	reader_init(&r);
	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_int_eq(feed(&r, bad[i].bytes, bad[i].len, 1),
		    LINE_UNSAFE);
	ck_assert_int_eq(feed(&r, "ok\n", 3, 1), LINE_TEXT);
	reader_free(&r);
}
END_TEST

HARNESS("line reader", a_line_is_whole_however_it_is_split,
    two_lines_in_one_read_are_two, a_line_is_taken_whole_or_not_at_all,
    what_is_no_text_is_refused)
