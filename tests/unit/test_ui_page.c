/* SPDX-License-Identifier: MIT */
/* A page keeps focus, scroll position and typed text while what it shows is
 * built anew around them. */
#include <string.h>

#include "tests/unit/harness.h"
#include "tui/page.h"

static void
build_form(struct page *p, int nrows)
{
	char id[16];
	int i;

	page_begin(p);
	page_heading(p, "A question");
	page_option(p, "q=1", "q", "One", false);
	page_option(p, "q=2", "q", "Two", true);
	page_field(p, "name", "Name", "Anna");
	for (i = 0; i < nrows; i++) {
		snprintf(id, sizeof id, "r%d", i);
		page_row(p, id, "A row")->on = i % 10 == 3;
	}
	p->next = "Next";
	page_end(p);
}

static void
draw(struct page *p, struct surface *s, int nrows, int ncols)
{
	surface_resize(s, nrows, ncols);
	surface_clear(s);
	page_draw(p, s, 0, nrows);
}

static void
press(struct page *p, uint32_t key, int nrows)
{
	struct surface s;

	surface_init(&s, true);
	draw(p, &s, 8, 60);
	page_key(p, key);
	build_form(p, nrows);
	draw(p, &s, 8, 60);
	surface_free(&s);
}

START_TEST(focus_stays_on_its_row_when_rows_come)
{
	struct page p;

	page_init(&p);
	build_form(&p, 5);
	page_focus(&p, "r2");
	build_form(&p, 300);
	ck_assert_str_eq(page_focused(&p)->id, "r2");
	/* and goes to something that exists when its row is gone */
	build_form(&p, 1);
	ck_assert_ptr_nonnull(page_focused(&p));
	page_free(&p);
}
END_TEST

START_TEST(tab_goes_from_group_to_group)
{
	struct page p;

	page_init(&p);
	build_form(&p, 30);
	page_focus(&p, "name");
	press(&p, UI_KEY_TAB, 30);
	ck_assert_str_eq(p.focus, "r0");
	press(&p, UI_KEY_TAB, 30);
	ck_assert(page_on_next(&p));
	press(&p, UI_KEY_TAB, 30);
	/* what is chosen, not what comes first */
	ck_assert_str_eq(p.focus, "q=2");
	press(&p, UI_KEY_BACKTAB, 30);
	ck_assert(page_on_next(&p));
	page_free(&p);
}
END_TEST

START_TEST(enter_in_a_field_leads_on_and_does_not_submit)
{
	struct page p;

	page_init(&p);
	build_form(&p, 2);
	page_focus(&p, "name");
	page_end(&p);
	ck_assert_int_eq(page_key(&p, UI_KEY_ENTER), PAGE_HANDLED);
	ck_assert_str_eq(p.focus, "r0");
	page_free(&p);
}
END_TEST

static void
type(struct page *p, const uint32_t *keys, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		page_key(p, keys[i]);
		build_form(p, 2);
	}
}

START_TEST(typing_edits_the_text)
{
	static const uint32_t keys[] = {'!', UI_KEY_HOME, 0xe9, UI_KEY_RIGHT,
	    UI_KEY_DELETE, UI_KEY_END, UI_KEY_BACKSPACE, 'x', ' ', 'y',
	    UI_CTRL_W, 'z'};
	struct page p;

	page_init(&p);
	build_form(&p, 2);
	page_focus(&p, "name");
	page_end(&p);
	type(&p, keys, sizeof keys / sizeof *keys);
	ck_assert_str_eq(buf_str(&p.edit),
	    "\xc3\xa9"
	    "Anax z");
	page_free(&p);
}
END_TEST

START_TEST(a_field_takes_no_more_than_its_maximum)
{
	struct page p;
	int i;

	page_init(&p);
	build_form(&p, 0);
	page_focus(&p, "name");
	page_end(&p);
	for (i = 0; i < PAGE_FIELD_MAX * 2; i++)
		page_key(&p, 0x20ac);
	ck_assert(p.edit.len <= PAGE_FIELD_MAX);
	ck_assert(!p.edit.overflowed);
	page_key(&p, UI_CTRL_U);
	ck_assert_uint_eq(p.edit.len, 0);
	page_free(&p);
}
END_TEST

START_TEST(seek_finds_each_problem_and_comes_round)
{
	struct page p;

	page_init(&p);
	build_form(&p, 25);
	ck_assert(page_seek(&p, 1));
	ck_assert_str_eq(p.focus, "r3");
	page_seek(&p, 1);
	ck_assert_str_eq(p.focus, "r13");
	page_seek(&p, 1);
	page_seek(&p, 1);
	ck_assert_str_eq(p.focus, "r3");
	page_seek(&p, -1);
	ck_assert_str_eq(p.focus, "r23");
	build_form(&p, 2);
	ck_assert(!page_seek(&p, 1));
	page_free(&p);
}
END_TEST

/* Every row can be reached by the arrow, and the focus is always in sight. */
START_TEST(arrows_reach_everything_and_keep_it_in_sight)
{
	struct page p;
	int i;

	page_init(&p);
	build_form(&p, 40);
	page_focus(&p, "q=1");
	for (i = 0; i < 60 && !page_on_next(&p); i++) {
		const struct item *it;

		press(&p, UI_KEY_DOWN, 40);
		it = page_focused(&p);
		if (it != NULL) {
			ck_assert_int_ge(it->line, p.top);
			ck_assert_int_lt(it->line, p.top + p.nrows);
		}
	}
	ck_assert(page_on_next(&p));
	for (i = 0; i < 60; i++)
		press(&p, UI_KEY_UP, 40);
	ck_assert_str_eq(p.focus, "q=1");
	ck_assert_int_eq(p.top, 0);
	page_free(&p);
}
END_TEST

START_TEST(the_cursor_stands_where_the_focus_is)
{
	struct surface s;
	struct page p;
	struct buf b;

	surface_init(&s, true);
	page_init(&p);
	build_form(&p, 3);
	page_focus(&p, "name");
	page_end(&p);
	draw(&p, &s, 10, 80);
	buf_init(&b, 1024);
	surface_row(&s, s.cursor_row, &b);
	ck_assert_ptr_nonnull(strstr(buf_str(&b), "Anna"));
	ck_assert_int_eq(s.cursor_col, 2 + 26 + 1 + 4);
	page_focus(&p, "r1");
	page_end(&p);
	draw(&p, &s, 10, 80);
	ck_assert_int_eq(s.cursor_row, page_focused(&p)->line);
	buf_free(&b);
	page_free(&p);
	surface_free(&s);
}
END_TEST

START_TEST(any_size_can_be_drawn)
{
	struct surface s;
	struct page p;
	int rows, cols;

	surface_init(&s, true);
	page_init(&p);
	build_form(&p, 20);
	for (rows = 1; rows < 12; rows++) {
		for (cols = 1; cols < 70; cols += 3)
			draw(&p, &s, rows, cols);
	}
	draw(&p, &s, 120, 400);
	page_free(&p);
	surface_free(&s);
}
END_TEST

HARNESS("ui page", focus_stays_on_its_row_when_rows_come,
    tab_goes_from_group_to_group, enter_in_a_field_leads_on_and_does_not_submit,
    typing_edits_the_text, a_field_takes_no_more_than_its_maximum,
    seek_finds_each_problem_and_comes_round,
    arrows_reach_everything_and_keep_it_in_sight,
    the_cursor_stands_where_the_focus_is, any_size_can_be_drawn)
