/* SPDX-License-Identifier: MIT */
/* Promises of papers as plain text: tables within the width, technical words
 * that keep their order between words from right to left, and nothing that a
 * terminal would obey. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/export/sheet/sheet.h"

#define OUT_MAX ((size_t)1 << 20)

/* As "<" and ">" in what these tests expect. */
#define ISOLATE "\xe2\x81\xa6"
#define ISOLATE_END "\xe2\x81\xa9"

static char *
written(const struct sheet *s, int ncols)
{
	struct error err = {0};
	struct buf out;

	buf_init(&out, OUT_MAX);
	ck_assert_int_eq(sheet_write_text(s, ncols, &out, &err), 0);
	return buf_take(&out);
}

static void
writes(const struct sheet *s, int ncols, const char *expected)
{
	char *text = written(s, ncols);

	ck_assert_str_eq(text, expected);
	free(text);
}

static void
add_flows(struct sheet *s)
{
	static const struct sheet_column columns[] = {{"Line", 1}, {"To", 2},
	    {"Why", 3}};
	static const char *const one[] = {"1", "a.example.com",
	    "The lights are steered from there."};
	static const char *const two[] = {"22", "", "Time."};

	sheet_table(s, columns, 3);
	sheet_table_row(s, TONE_GOOD, one);
	sheet_table_row(s, TONE_PLAIN, two);
}

START_TEST(a_table_is_as_wide_as_it_must_be)
{
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);

	add_flows(s);
	writes(s, 80,
	    "Line  To             Why\n"
	    "----  -------------  ----------------------------------\n"
	    "1     a.example.com  The lights are steered from there.\n"
	    "22                   Time.\n");
	arena_free(a);
}
END_TEST

START_TEST(cells_wrap_in_their_columns)
{
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);

	add_flows(s);
	writes(s, 41,
	    "Line  To             Why\n"
	    "----  -------------  --------------------\n"
	    "1     a.example.com  The lights are\n"
	    "                     steered from there.\n"
	    "22                   Time.\n");
	arena_free(a);
}
END_TEST

START_TEST(a_table_without_room_becomes_fields)
{
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);

	add_flows(s);
	writes(s, 26,
	    "Line: 1\n"
	    "To:   a.example.com\n"
	    "Why:  The lights are\n"
	    "      steered from there.\n"
	    "\n"
	    "Line: 22\n"
	    "Why:  Time.\n");
	arena_free(a);
}
END_TEST

START_TEST(code_stays_as_it_is)
{
	static const char code[] =
	    "set a \"b\"   c\n   next 0123456789 0123456789 0123456789\n";
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);

	sheet_add(s, SHEET_CODE)->text = code;
	sheet_add(s, SHEET_CODE)->text = "a\tb"; /* reaches how far? */
	writes(s, 20,
	    "set a \"b\"   c\n   next 0123456789 0123456789 0123456789\n"
	    "a b\n");
	arena_free(a);
}
END_TEST

START_TEST(a_qr_code_is_told_in_words)
{
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);
	struct sheet_block *b = sheet_add(s, SHEET_QR);

	b->label = "Fingerprint";
	b->text = "abc 123";
	writes(s, 80, "Fingerprint\n  abc 123\n");
	arena_free(a);
}
END_TEST

START_TEST(sides_take_two_lines_where_one_has_no_room)
{
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);
	struct sheet_block *b = sheet_add(s, SHEET_SIDES);

	b->label = "left";
	b->text = "right";
	writes(s, 12, "left   right\n");
	writes(s, 9, "left\n  right\n");
	arena_free(a);
}
END_TEST

/* The expected text, with the signs of today in place of "<" and ">". */
static char *
marked(const char *s)
{
	struct buf out;

	buf_init(&out, OUT_MAX);
	for (; *s != '\0'; s++) {
		if (*s == '<')
			buf_adds(&out, ISOLATE);
		else if (*s == '>')
			buf_adds(&out, ISOLATE_END);
		else
			buf_addc(&out, *s);
	}
	return buf_take(&out);
}

static const struct {
	const char *typed;
	const char *expected;
} isolated[] = {
    /* ports and protocols: these really changed places */
    {"פתחו 443/tcp בחומת האש", "פתחו <443/tcp> בחומת האש"},
    {"افتح 443/tcp في الجدار", "افتح <443/tcp> في الجدار"},
    {"TCP 5113 אל connect.zencontrol.com.",
	"<TCP 5113> אל <connect.zencontrol.com>."},
    {"UDP 10000-65535 إلى 208.94.16.21",
	"<UDP 10000-65535> إلى <208.94.16.21>"},
    /* hosts, wildcards, addresses */
    {"(*.loxonecloud.com:22)", "(<*.loxonecloud.com:22>)"},
    {"השער 2001:db8::1, ואז ::1", "השער <2001:db8::1>, ואז <::1>"},
    {"[2001:db8::1]:53 אל", "<[2001:db8::1]:53> אל"},
    {"العنوان 10.20.30.50/24؛", "العنوان <10.20.30.50/24>؛"},
    {"MAC 02:00:5e:10:00:01 שלו", "<MAC 02:00:5e:10:00:01> שלו"},
    {"https://a.example.com/x?y=1.", "<https://a.example.com/x?y=1>."},
    /* digests in groups are one word */
    {"סימן 24d08bc9 b080f226 abcdefab 11112222 סוף",
	"סימן <24d08bc9 b080f226 abcdefab 11112222> סוף"},
    {"סימן deadbeefdeadbeef סוף", "סימן <deadbeefdeadbeef> סוף"},
    /* times, telephones, what hangs together with a prefix */
    {"ב-2026-11-21 10:42 UTC", "ב-<2026-11-21 10:42> UTC"},
    {"טלפון +41 44 000 00 00.", "טלפון <+41 44 000 00 00>."},
    {"בשרת-a.example.com", "בשרת-<a.example.com>"},
    /* words that need no help: they have one direction, or none */
    {"שלום 12 שורות", "שלום 12 שורות"},
    {"השרת של zencontrol עונה", "השרת של zencontrol עונה"},
    {"TCP וגם UDP", "TCP וגם UDP"},
    {"a bad deed", "a bad deed"},
    {"... - / : (", "... - / : ("},
    {"", ""},
};

START_TEST(technical_words_keep_their_order)
{
	size_t i;

	for (i = 0; i < sizeof isolated / sizeof *isolated; i++) {
		struct arena *a = arena_new();
		struct sheet *s = sheet_new(a);
		char *expected = marked(isolated[i].expected), *text;

		s->rtl = true;
		sheet_add(s, SHEET_TEXT)->text = isolated[i].typed;
		text = written(s, 80);
		text[strcspn(text, "\n")] = '\0';
		ck_assert_str_eq(text, expected);
		free(text);
		free(expected);
		arena_free(a);
	}
}
END_TEST

START_TEST(other_languages_are_left_alone)
{
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);

	sheet_add(s, SHEET_TEXT)->text = "Open 443/tcp to a.example.com.";
	writes(s, 80, "Open 443/tcp to a.example.com.\n");
	arena_free(a);
}
END_TEST

/* Every run is some bytes of the text, and all of them are the text. */
START_TEST(runs_make_up_the_text)
{
	size_t i;

	for (i = 0; i < sizeof isolated / sizeof *isolated; i++) {
		const char *s = isolated[i].typed;
		size_t n, total = 0;
		bool technical;

		while ((n = sheet_run(s + total, &technical)) > 0) {
			total += n;
			ck_assert_uint_le(total, strlen(s));
			ck_assert(text_is_utf8(s, total));
		}
		ck_assert_uint_eq(total, strlen(s));
	}
}
END_TEST

/* In every place that a text can have. */
static void
fill(struct sheet *s, const char *text)
{
	static enum sheet_kind const kinds[] = {SHEET_TITLE, SHEET_HEADING,
	    SHEET_TEXT, SHEET_FIELD, SHEET_WRITE_ON, SHEET_SIDES, SHEET_CODE,
	    SHEET_QR};
	const struct sheet_column column = {text, 1};
	const char **lines = arena_array(s->arena, 1, sizeof *lines);
	struct sheet_block *b;
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		b = sheet_add(s, kinds[i]);
		b->label = b->text = text;
	}
	lines[0] = text;
	b = sheet_add(s, SHEET_BOX);
	b->line = lines;
	b->nlines = 1;
	sheet_table(s, &column, 1);
	sheet_table_row(s, TONE_PLAIN, lines);
}

START_TEST(nothing_steers_a_terminal_or_turns_the_line)
{
	static const char *const hostile[] = {"a\x1b[31mb",
	    "a\x9b"
	    "31mb",
	    "a\rb", "a\bb",
	    "a\x7f"
	    "b",
	    "a\xc2\x9b"
	    "b",
	    "a\xe2\x80\xae"
	    "b" /* U+202E */,
	    "a\xe2\x81\xa6"
	    "b",
	    "a\xe2\x80\xa8"
	    "b" /* U+2028 */,
	    "a\xff"
	    "b"};
	size_t i;

	for (i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		struct arena *a = arena_new();
		struct sheet *s = sheet_new(a);
		char *text;
		const char *c;

		fill(s, hostile[i]);
		text = written(s, 80);
		ck_assert_ptr_null(strstr(text, hostile[i]));
		ck_assert_ptr_null(strstr(text, "\xe2\x80\xae"));
		ck_assert_ptr_null(strstr(text, "\xe2\x81\xa6"));
		ck_assert(text_is_utf8(text, strlen(text)));
		for (c = text; *c != '\0'; c++)
			ck_assert((unsigned char)*c >= ' ' || *c == '\n');
		free(text);
		arena_free(a);
	}
}
END_TEST

/* But for code, which is copied as it is, and labels, which are ours. */
START_TEST(nothing_is_wider_than_the_paper)
{
	static enum sheet_kind const kinds[] = {SHEET_TITLE, SHEET_HEADING,
	    SHEET_TEXT, SHEET_FIELD, SHEET_SIDES, SHEET_QR};
	static const struct sheet_column columns[] = {{"A", 1}, {"B", 1}};
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);
	char wide[400], *text, *line, *rest;
	const char *lines[2] = {wide, wide};
	struct sheet_block *b;
	size_t i;

	memset(wide, 'x', sizeof wide - 1);
	wide[sizeof wide - 1] = '\0';
	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		b = sheet_add(s, kinds[i]);
		b->label = "Label:";
		b->text = wide;
	}
	b = sheet_add(s, SHEET_BOX);
	b->line = lines;
	b->nlines = 2;
	sheet_table(s, columns, 2);
	sheet_table_row(s, TONE_PLAIN, lines);
	rest = text = written(s, 40);
	while ((line = strsep(&rest, "\n")) != NULL)
		ck_assert_msg(text_width(line) <= 40, "too wide: %s", line);
	free(text);
	arena_free(a);
}
END_TEST

HARNESS("sheet text", a_table_is_as_wide_as_it_must_be,
    cells_wrap_in_their_columns, a_table_without_room_becomes_fields,
    code_stays_as_it_is, a_qr_code_is_told_in_words,
    sides_take_two_lines_where_one_has_no_room,
    technical_words_keep_their_order, other_languages_are_left_alone,
    runs_make_up_the_text, nothing_steers_a_terminal_or_turns_the_line,
    nothing_is_wider_than_the_paper)
