/* SPDX-License-Identifier: MIT */
/* Whatever text is drawn, the grid stays whole and nothing in it steers a
 * terminal. */
#include <string.h>

#include "core/base/text.h"
#include "tests/unit/harness.h"
#include "tui/term/surface.h"

static const char *
row_text(const struct surface *s, int row, struct buf *out)
{
	buf_free(out);
	buf_init(out, 4096);
	surface_row(s, row, out);
	return buf_str(out);
}

/* Widths add up to the columns, and each character may be printed. */
static void
check_whole(const struct surface *s)
{
	int row, col;

	for (row = 0; row < s->nrows; row++) {
		for (col = 0; col < s->ncols; col++) {
			const struct cell *c = &s->cell[row * s->ncols + col];

			ck_assert(c->part[0] >= ' ');
			ck_assert(c->part[0] < 0x7f || c->part[0] >= 0xa0);
			ck_assert(c->width <= 2);
			if (c->width == 2) {
				ck_assert_int_lt(col + 1, s->ncols);
				ck_assert_int_eq(c[1].width, 0);
			}
			if (c->width == 0)
				ck_assert(col > 0 && c[-1].width == 2);
		}
	}
}

START_TEST(hostile_text_is_shown_not_obeyed)
{
	struct surface s;
	struct buf b;

	buf_init(&b, 4096);
	surface_init(&s, true);
	surface_resize(&s, 2, 60);
	surface_text(&s, 0, 0, 60, ROLE_NORMAL,
	    "\033]0;evil\007\033[2J\xc2\x9b"
	    "31mred\xe2\x80\xae\r\nx");
	check_whole(&s);
	ck_assert(strchr(row_text(&s, 0, &b), '\033') == NULL);
	ck_assert(strstr(row_text(&s, 0, &b), "\\x1b]0;evil") != NULL);
	ck_assert_str_eq(row_text(&s, 1, &b), "");
	buf_free(&b);
	surface_free(&s);
}
END_TEST

START_TEST(what_does_not_fit_is_cut_with_a_sign)
{
	struct surface s;
	struct buf b;

	buf_init(&b, 4096);
	surface_init(&s, false);
	surface_resize(&s, 1, 10);
	ck_assert_int_eq(surface_text(&s, 0, 2, 6, ROLE_NORMAL, "abcdefghij"),
	    6);
	ck_assert_str_eq(row_text(&s, 0, &b), "  abcde~");
	/* a wide character is never cut in half */
	surface_clear(&s);
	surface_text(&s, 0, 0, 4, ROLE_NORMAL, "a\xe4\xb8\xad\xe6\x96\x87");
	check_whole(&s);
	ck_assert_str_eq(row_text(&s, 0, &b), "a\xe4\xb8\xad~");
	buf_free(&b);
	surface_free(&s);
}
END_TEST

START_TEST(half_of_a_wide_character_does_not_stay)
{
	struct surface s;

	surface_init(&s, true);
	surface_resize(&s, 1, 6);
	surface_text(&s, 0, 0, 6, ROLE_NORMAL, "\xe4\xb8\xad\xe6\x96\x87");
	surface_text(&s, 0, 1, 1, ROLE_NORMAL, "x");
	check_whole(&s);
	surface_text(&s, 0, 2, 1, ROLE_NORMAL, "y");
	check_whole(&s);
	surface_free(&s);
}
END_TEST

START_TEST(combining_marks_stay_with_their_letter)
{
	struct surface s;
	struct buf b;

	buf_init(&b, 4096);
	surface_init(&s, true);
	surface_resize(&s, 1, 5);
	ck_assert_int_eq(surface_text(&s, 0, 0, 5, ROLE_NORMAL,
			     "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84z"),
	    2);
	check_whole(&s);
	ck_assert_str_eq(row_text(&s, 0, &b), "e\xcc\x81\xcc\x82z");
	buf_free(&b);
	surface_free(&s);
}
END_TEST

/* No emoji, which is two columns wide and in colours of its own. */
START_TEST(signs_are_one_column_wide_and_have_a_plain_one)
{
	struct buf row;
	int g, utf8;

	buf_init(&row, 4096);
	for (utf8 = 0; utf8 < 2; utf8++) {
		for (g = GLYPH_NONE + 1; g < GLYPH_COUNT; g++) {
			struct surface s;
			const char *text;

			surface_init(&s, utf8 != 0);
			surface_resize(&s, 1, 4);
			surface_clear(&s);
			surface_glyph(&s, 0, 0, ROLE_NORMAL, (enum glyph)g);
			check_whole(&s);
			text = row_text(&s, 0, &row);
			ck_assert_int_eq(text_width(text), 1);
			ck_assert_int_eq(s.cell[0].width, 1);
			ck_assert_int_lt((int)s.cell[0].part[0],
			    utf8 != 0 ? 0x3000 : 0x7f);
			surface_free(&s);
		}
	}
	buf_free(&row);
}
END_TEST

START_TEST(drawing_outside_does_nothing)
{
	struct surface s;
	int row, col;

	surface_init(&s, true);
	surface_resize(&s, 3, 4);
	for (row = -2; row < 6; row++) {
		for (col = -2; col < 8; col++) {
			surface_text(&s, row, col, 99, ROLE_BAD,
			    "w\xe4\xb8\xad");
			surface_glyph(&s, row, col, ROLE_BAD, GLYPH_PASS);
			surface_fill(&s, row, col, 20, ROLE_BAD, GLYPH_RULE);
			surface_cursor(&s, row, col);
			check_whole(&s);
			ck_assert(s.cursor_row >= 0 && s.cursor_row < 3);
			ck_assert(s.cursor_col >= 0 && s.cursor_col < 4);
		}
	}
	surface_free(&s);
}
END_TEST

HARNESS("ui surface", hostile_text_is_shown_not_obeyed,
    what_does_not_fit_is_cut_with_a_sign,
    half_of_a_wide_character_does_not_stay,
    combining_marks_stay_with_their_letter,
    signs_are_one_column_wide_and_have_a_plain_one,
    drawing_outside_does_nothing)
