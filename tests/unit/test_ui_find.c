/* SPDX-License-Identifier: MIT */
/* A text is found wherever it stands, and what has the focus can be seen and
 * read in full at every size. */
#include <locale.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"
#include "tests/unit/harness.h"
#include "tests/unit/wizard_case.h"
#include "tui/screen/match.h"

/* --- find -------------------------------------------------------------- */

START_TEST(find_goes_from_row_to_row_and_stays_there)
{
	const struct page *p;
	struct wizard f;
	char *first;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	wizard_go(&f, "results");
	wizard_press(&f, '/');
	wizard_type(&f, "UDP 53 ");
	p = &f.sc.frame[f.sc.nframes - 2]->page;
	ck_assert_ptr_nonnull(page_focused(p));
	ck_assert_ptr_nonnull(strstr(page_focused(p)->text, "UDP 53 "));
	ck_assert(wizard_shows(&f, "1 of "));
	/* the page itself stays in sight */
	ck_assert(wizard_shows(&f, page_focused(p)->text));
	wizard_press(&f, UI_CTRL_U);
	wizard_type(&f, "tcp");
	first = mem_strdup(p->focus);
	wizard_press(&f, UI_KEY_ENTER);
	ck_assert_str_ne(first, p->focus);
	wizard_press(&f, UI_KEY_UP);
	ck_assert_str_eq(first, p->focus);
	/* the page can be scrolled from there */
	wizard_press(&f, UI_KEY_PGDN);
	ck_assert_str_ne(first, p->focus);
	ck_assert_ptr_eq(wizard_top(&f), &view_find);
	wizard_press(&f, UI_KEY_UP);
	wizard_press(&f, UI_KEY_ESC);
	ck_assert_ptr_eq(wizard_top(&f), &view_results);
	mem_free(first);
	first = mem_strdup(screen_top(&f.sc)->page.focus);
	ck_assert_str_eq(first, screen_top(&f.sc)->page.focus);
	/* and on, without asking */
	wizard_press(&f, UI_CTRL_G);
	ck_assert_str_ne(first, screen_top(&f.sc)->page.focus);
	ck_assert(wizard_shows(&f, "\"tcp\": "));
	mem_free(first);
	wizard_teardown(&f);
}
END_TEST

/* As line mode does it: all places are lines, and one is opened by its
 * number. */
START_TEST(find_lists_its_places_for_line_mode)
{
	const struct page *p;
	struct wizard f;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	wizard_go(&f, "results");
	ck_assert(screen_act(&f.sc, '/'));
	screen_build(&f.sc);
	screen_enter_text(&f.sc, "udp 53 ");
	screen_build(&f.sc);
	p = &screen_top(&f.sc)->page;
	ck_assert_uint_gt(p->nitems, 1);
	ck_assert_int_eq(p->item[1].kind, ITEM_ROW);
	ck_assert_ptr_nonnull(strstr(p->item[1].text, "UDP 53 "));
	page_focus(&screen_top(&f.sc)->page, p->item[1].id);
	screen_activate(&f.sc);
	ck_assert_ptr_eq(wizard_top(&f), &view_finding);
	wizard_teardown(&f);
}
END_TEST

START_TEST(find_scrolls_to_text_that_cannot_have_the_focus)
{
	struct surface *s;
	struct wizard f;
	struct buf row;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	f.nrows = 12;
	screen_push(&f.sc, &view_finding, "z5.dns");
	wizard_draw(&f);
	ck_assert(!wizard_shows(&f, "Id: z5.dns"));
	wizard_press(&f, '/');
	wizard_type(&f, "id: Z5");
	ck_assert(wizard_shows(&f, "Id: z5.dns"));
	wizard_press(&f, UI_KEY_ESC);
	/* one stays, and the cursor stands on it */
	ck_assert(wizard_shows(&f, "Id: z5.dns"));
	s = &f.sc.surface;
	buf_init(&row, 4096);
	surface_row(s, s->cursor_row, &row);
	ck_assert_ptr_nonnull(strstr(buf_str(&row), "Id: z5.dns"));
	buf_free(&row);
	wizard_press(&f, UI_KEY_F4);
	wizard_type(&f, "no such text");
	ck_assert(wizard_shows(&f, "not on this page"));
	wizard_teardown(&f);
}
END_TEST

/* What was found wins over a field in sight, until the next key. */
START_TEST(the_cursor_stands_on_what_was_found)
{
	struct wizard f;
	struct buf row;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	ck_assert(page_in_field(&screen_top(&f.sc)->page));
	wizard_press(&f, UI_KEY_F4);
	wizard_type(&f, "HEAD of all");
	wizard_press(&f, UI_KEY_ESC);
	buf_init(&row, 4096);
	surface_row(&f.sc.surface, f.sc.surface.cursor_row, &row);
	ck_assert_msg(strstr(buf_str(&row), "head of all") != NULL, "%s",
	    buf_str(&row));
	ck_assert_int_eq(f.sc.surface.cursor_col,
	    (int)(strstr(buf_str(&row), "head") - buf_str(&row)));
	wizard_press(&f, UI_KEY_END);
	buf_clear(&row);
	surface_row(&f.sc.surface, f.sc.surface.cursor_row, &row);
	ck_assert_ptr_nonnull(strchr(buf_str(&row), '['));
	buf_free(&row);
	wizard_teardown(&f);
}
END_TEST

START_TEST(letters_of_any_language_are_compared_without_case)
{
	const char *const texts[] = {"Gerät im Büro", NULL, "über"};
	size_t len;

	ck_assert_ptr_nonnull(setlocale(LC_ALL, "C.UTF-8"));
	ck_assert_str_eq(match_text("Das GERÄT", "gerät", &len), "GERÄT");
	ck_assert_uint_eq(len, strlen("GERÄT"));
	ck_assert_ptr_null(match_text("Gerat", "gerät", &len));
	ck_assert_ptr_null(match_text("abc", "", &len));
	ck_assert_ptr_null(match_text(NULL, "a", &len));
	/* bytes that are no text harm nothing */
	ck_assert_ptr_nonnull(match_text("\xff\xc3z", "z", &len));
	ck_assert(match_words(texts, 3, " ÜBER  büro "));
	ck_assert(!match_words(texts, 3, "büro haus"));
	ck_assert(match_words(texts, 3, ""));
}
END_TEST

/* --- the eye ----------------------------------------------------------- */

/* Where the focus sign stands, the cursor stands too; where nothing can have
 * the focus, it waits at the beginning of the page. */
static void
expect_cursor(struct wizard *f)
{
	const struct surface *s = &f->sc.surface;
	const struct page *p = &screen_top(&f->sc)->page;
	const struct cell *sign;

	sign = &s->cell[(size_t)s->cursor_row * (size_t)s->ncols];
	if (p->seen || page_on_next(p))
		ck_assert_msg(sign->part[0] == 0x25b8, "%s: the cursor is off",
		    wizard_top(f)->name);
	else
		ck_assert_int_le(s->cursor_row, 3);
}

START_TEST(the_cursor_is_parked_on_the_focus_of_every_page)
{
	static const int sizes[][2] = {{10, 40}, {24, 80}, {43, 132}};
	static const struct view *const more[] = {&view_help, &view_pages,
	    &view_palette, &view_find, &view_finding, &view_deviation};
	struct wizard f;
	size_t i, k, n;

	wizard_setup(&f);
	expect_cursor(&f);
	wizard_open(&f, "z5");
	for (k = 0; k < 3; k++) {
		f.nrows = sizes[k][0];
		f.ncols = sizes[k][1];
		for (i = 0; i < walk_count(f.sc.walk); i++) {
			screen_go(&f.sc, i);
			wizard_draw(&f);
			expect_cursor(&f);
			for (n = 0; n < 4; n++) {
				wizard_press(&f, UI_KEY_TAB);
				expect_cursor(&f);
			}
		}
		for (i = 0; i < sizeof more / sizeof *more; i++) {
			screen_push(&f.sc, more[i], "z5.dns");
			wizard_draw(&f);
			expect_cursor(&f);
			screen_pop(&f.sc);
		}
	}
	wizard_teardown(&f);
}
END_TEST

/* Without spaces and line ends, in place. */
static void
squeeze(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++) {
		if (*text != ' ' && *text != '\n')
			*to++ = *text;
	}
	*to = '\0';
}

START_TEST(a_row_that_is_cut_is_read_in_full_and_nothing_moves)
{
	struct wizard f;
	const struct item *i;
	char *before, *after;
	char *note, *whole;

	wizard_setup(&f);
	f.ncols = 40;
	wizard_open(&f, "z5");
	wizard_go(&f, "results");
	wizard_press(&f, '/');
	wizard_type(&f, "UDP 53 ");
	wizard_press(&f, UI_KEY_ESC);
	i = page_focused(&screen_top(&f.sc)->page);
	ck_assert_int_gt(text_width(i->text), 25);
	note = wizard_rows(&f, 18, 22);
	squeeze(note);
	whole = mem_strdup(i->text);
	squeeze(whole);
	ck_assert_msg(strstr(note, whole) != NULL, "not all of %s in %s", whole,
	    note);
	mem_free(note);
	mem_free(whole);
	/* a message takes that place and moves nothing either */
	before = wizard_rows(&f, 3, 18);
	screen_say(&f.sc, ROLE_GOOD, "%s", "Something was saved.");
	wizard_draw(&f);
	ck_assert(wizard_shows(&f, "Something was saved."));
	after = wizard_rows(&f, 3, 18);
	ck_assert_str_eq(before, after);
	mem_free(before);
	mem_free(after);
	wizard_teardown(&f);
}
END_TEST

START_TEST(a_button_that_is_cut_is_read_in_full)
{
	struct wizard f;
	struct page *p;
	size_t i;

	wizard_setup(&f);
	f.ncols = 40;
	f.nrows = 10;
	wizard_open(&f, "zencontrol");
	for (i = 0; i < walk_count(f.sc.walk); i++) {
		screen_go(&f.sc, i);
		p = &screen_top(&f.sc)->page;
		wizard_draw(&f);
		if (p->next == NULL || text_width(p->next) <= 34)
			continue;
		page_focus(p, PAGE_NEXT_ID);
		wizard_draw(&f);
		ck_assert_msg(wizard_shows(&f, strrchr(p->next, ' ') + 1), "%s",
		    p->next);
		break;
	}
	ck_assert_uint_lt(i, walk_count(f.sc.walk));
	wizard_teardown(&f);
}
END_TEST

START_TEST(one_sees_how_much_there_is)
{
	struct wizard f;
	char text[32];
	struct page *p;

	wizard_setup(&f);
	wizard_open(&f, "zencontrol");
	wizard_go(&f, "results");
	p = &screen_top(&f.sc)->page;
	page_focus(p, p->item[0].id);
	wizard_press(&f, UI_KEY_HOME);
	snprintf(text, sizeof text, " of %d ", p->nlines);
	ck_assert(wizard_shows(&f, " 1-"));
	ck_assert_int_gt(p->nlines, p->nrows);
	ck_assert_msg(wizard_shows(&f, text), "%s", text);
	wizard_press(&f, UI_KEY_END);
	snprintf(text, sizeof text, "-%d of %d", p->nlines, p->nlines);
	ck_assert_msg(wizard_shows(&f, text), "%s", text);
	/* and nothing of it where all is in sight */
	f.nrows = 120;
	f.ncols = 400;
	wizard_go(&f, "products");
	p = &screen_top(&f.sc)->page;
	ck_assert_int_le(p->nlines, p->nrows);
	snprintf(text, sizeof text, " of %d ", p->nlines);
	ck_assert(!wizard_shows(&f, text));
	wizard_teardown(&f);
}
END_TEST

START_TEST(a_window_too_small_offers_lines)
{
	struct wizard f;

	wizard_setup(&f);
	f.nrows = 9;
	wizard_draw(&f);
	ck_assert(wizard_shows(&f, "at least 40 columns by 10 lines"));
	ck_assert(wizard_shows(&f, "--plain"));
	wizard_press(&f, 'q');
	ck_assert(f.sc.quit);
	wizard_teardown(&f);
}
END_TEST

HARNESS("ui find", the_cursor_stands_on_what_was_found,
    find_goes_from_row_to_row_and_stays_there,
    find_lists_its_places_for_line_mode,
    find_scrolls_to_text_that_cannot_have_the_focus,
    letters_of_any_language_are_compared_without_case,
    the_cursor_is_parked_on_the_focus_of_every_page,
    a_row_that_is_cut_is_read_in_full_and_nothing_moves,
    a_button_that_is_cut_is_read_in_full, one_sees_how_much_there_is,
    a_window_too_small_offers_lines)
