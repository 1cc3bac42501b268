/* SPDX-License-Identifier: MIT */
/* A page keeps focus, scroll position and typed text while what it shows is
 * built anew around them. */
#include <string.h>

#include "core/base/text.h"
#include "tests/unit/harness.h"
#include "tui/screen/page.h"

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

START_TEST(a_long_text_is_loaded_whole)
{
	char text[PAGE_FIELD_MAX + 101];
	struct page p;
	size_t len, fits;

	for (len = 200; len <= PAGE_FIELD_MAX + 100; len += 100) {
		memset(text, 'x', len);
		text[len] = '\0';
		fits = len < PAGE_FIELD_MAX ? len : PAGE_FIELD_MAX;
		page_init(&p);
		page_field(&p, "notes", "Notes", text);
		page_end(&p);
		ck_assert_uint_eq(p.edit.len, fits);
		page_set_field(&p, "short");
		page_set_field(&p, text);
		ck_assert_uint_eq(p.edit.len, fits);
		page_free(&p);
	}
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
	ck_assert_int_eq(s.cursor_col, 2 + 6 + 1 + 4);
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

/* --- deleting and bringing back ----------------------------------------- */

static void
begin_typing(struct page *p)
{
	page_init(p);
	build_form(p, 2);
	page_focus(p, "name");
	page_end(p);
}

START_TEST(what_was_deleted_comes_back)
{
	static const uint32_t keys[] = {' ', 'B', ' ', 'C', UI_CTRL_U};
	static const uint32_t words[] = {UI_CTRL_W, UI_CTRL_W};
	static const uint32_t rest[] = {UI_KEY_HOME, UI_CTRL_K, 'x'};
	static const uint32_t back[] = {UI_CTRL_Y};
	struct page p;

	begin_typing(&p);
	/* nothing deleted yet, nothing comes */
	type(&p, back, 1);
	ck_assert_str_eq(buf_str(&p.edit), "Anna");
	type(&p, keys, 5);
	ck_assert_str_eq(buf_str(&p.edit), "");
	type(&p, back, 1);
	ck_assert_str_eq(buf_str(&p.edit), "Anna B C");
	/* keys in a row count as one, and nothing is empty for a key that
	 * deleted nothing */
	type(&p, words, 2);
	ck_assert_str_eq(buf_str(&p.edit), "Anna ");
	type(&p, back, 1);
	ck_assert_str_eq(buf_str(&p.edit), "Anna B C");
	type(&p, rest, 3);
	ck_assert_str_eq(buf_str(&p.edit), "x");
	type(&p, back, 1);
	ck_assert_str_eq(buf_str(&p.edit), "xAnna B C");
	page_free(&p);
}
END_TEST

START_TEST(keys_of_vi_move_outside_of_fields)
{
	struct page p;
	int top;

	page_init(&p);
	build_form(&p, 40);
	page_focus(&p, "r0");
	press(&p, 'j', 40);
	ck_assert_str_eq(p.focus, "r1");
	press(&p, 'k', 40);
	ck_assert_str_eq(p.focus, "r0");
	press(&p, UI_CTRL_D, 40);
	ck_assert_str_eq(p.focus, "r4");
	press(&p, UI_CTRL_U, 40);
	ck_assert_str_eq(p.focus, "r0");
	top = p.top;
	press(&p, UI_CTRL_F, 40);
	ck_assert_int_eq(p.top, top + 7);
	press(&p, UI_CTRL_B, 40);
	ck_assert_int_le(p.top, top);
	press(&p, 'G', 40);
	ck_assert_str_eq(p.focus, "r39");
	page_free(&p);
}
END_TEST

/* --- the eye ------------------------------------------------------------- */

#define LONG_WORD "Netzwerkzugangsberechtigungspruefungsstelle"

/* What a language with long words makes of each kind of item. */
static void
build_long(struct page *p)
{
	struct item *i;

	page_begin(p);
	page_heading(p, LONG_WORD " und " LONG_WORD);
	page_field(p, "short", "Ort", "Graz");
	page_field(p, "long", LONG_WORD, "value-of-long");
	page_option(p, "o", "g", LONG_WORD " " LONG_WORD, true);
	page_check(p, "c", LONG_WORD " " LONG_WORD, true);
	i = page_row(p, "r", LONG_WORD " " LONG_WORD " end-of-row");
	i->glyph = GLYPH_FAIL;
	i->role = ROLE_BAD;
	i->word = "UNBEWIESEN";
	i->note = "note-of-row";
	i->value = "1234567890123";
	i = page_text(p, ROLE_NORMAL, 2, "text-of-key");
	i->word = "Bild auf Bild ab";
	page_end(p);
}

/* All rows without spaces, line ends and what frames a field. */
static char *
squeezed(const struct surface *s)
{
	struct buf row, all;
	const char *c;
	int i;

	buf_init(&all, 65536);
	for (i = 0; i < s->nrows; i++) {
		buf_init(&row, 8192);
		surface_row(s, i, &row);
		for (c = buf_str(&row); *c != '\0'; c++) {
			if (strchr(" []", *c) == NULL)
				buf_addc(&all, *c);
		}
		buf_free(&row);
	}
	return buf_take(&all);
}

START_TEST(long_words_neither_break_nor_overlap)
{
	static const char *const whole[] = {LONG_WORD "und" LONG_WORD, "Graz",
	    LONG_WORD "value-of-long", "(*)" LONG_WORD LONG_WORD,
	    "x" LONG_WORD LONG_WORD, "UNBEWIESEN", "BildaufBildabtext-of-key"};
	struct surface s;
	struct page p;
	size_t i;
	int ncols;
	char *text;

	surface_init(&s, true);
	page_init(&p);
	for (ncols = 50; ncols <= 400; ncols += ncols < 140 ? 1 : 20) {
		build_long(&p);
		page_focus(&p, "short");
		draw(&p, &s, 40, ncols);
		text = squeezed(&s);
		for (i = 0; i < sizeof whole / sizeof *whole; i++)
			ck_assert_msg(strstr(text, whole[i]) != NULL,
			    "%d columns: no \"%s\" in %s", ncols, whole[i],
			    text);
		mem_free(text);
	}
	page_free(&p);
	surface_free(&s);
}
END_TEST

START_TEST(a_wide_window_shows_a_row_with_its_note_and_value)
{
	struct surface s;
	struct page p;
	char *text;

	surface_init(&s, true);
	page_init(&p);
	build_long(&p);
	draw(&p, &s, 40, 160);
	text = squeezed(&s);
	ck_assert_ptr_nonnull(strstr(text, "end-of-rownote-of-row123456789"));
	mem_free(text);
	ck_assert_ptr_null(page_detail(&p, 160));
	/* in a narrow one nothing of it is lost */
	page_focus(&p, "r");
	ck_assert_ptr_nonnull(page_detail(&p, 60));
	ck_assert_str_eq(page_detail(&p, 60),
	    LONG_WORD " " LONG_WORD " end-of-row  note-of-row  1234567890123");
	page_free(&p);
	surface_free(&s);
}
END_TEST

/* Wide characters, combining marks and letters that run from right to left
 * keep to their cells and to the order in which they are read. */
START_TEST(letters_of_all_kinds_keep_their_columns)
{
	static const char *const names[] =
	    {"\xe6\x9d\xb1\xe4\xba\xac\xe3\x83\x9b\xe3\x83\x86\xe3\x83\xab",
		"a\xcc\x81o\xcc\x88u\xcc\x88",
		"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"};
	static const char *const ids[] = {"f0", "f1", "f2"};
	struct surface s;
	struct page p;
	struct item *row;
	size_t i;
	int ncols;

	surface_init(&s, true);
	page_init(&p);
	for (ncols = 40; ncols < 100; ncols++) {
		for (i = 0; i < 3; i++) {
			struct buf line;

			page_begin(&p);
			page_field(&p, ids[i], "Name", names[i]);
			row = page_row(&p, "r", names[i]);
			row->value = "value";
			page_end(&p);
			draw(&p, &s, 4, ncols);
			buf_init(&line, 8192);
			surface_row(&s, 0, &line);
			ck_assert_msg(strstr(buf_str(&line), names[i]) != NULL,
			    "%d: %s", ncols, buf_str(&line));
			ck_assert_int_eq(s.cursor_col,
			    2 + 6 + 1 + text_width(names[i]));
			buf_clear(&line);
			surface_row(&s, 1, &line);
			ck_assert_ptr_nonnull(strstr(buf_str(&line), names[i]));
			ck_assert_int_eq(text_width(buf_str(&line)), ncols - 2);
			buf_free(&line);
		}
	}
	page_free(&p);
	surface_free(&s);
}
END_TEST

START_TEST(a_small_window_spends_no_line_on_nothing)
{
	struct surface s;
	struct page p;

	surface_init(&s, true);
	page_init(&p);
	page_text(&p, ROLE_NORMAL, 0, "First");
	page_heading(&p, "Heading");
	draw(&p, &s, 8, 40);
	ck_assert_int_eq(p.nlines, 3);
	p.compact = true;
	draw(&p, &s, 8, 40);
	ck_assert_int_eq(p.nlines, 2);
	page_free(&p);
	surface_free(&s);
}
END_TEST

START_TEST(what_covers_the_end_never_covers_the_focus)
{
	struct surface s;
	struct page p;
	int i;

	surface_init(&s, true);
	page_init(&p);
	build_form(&p, 40);
	surface_resize(&s, 10, 60);
	for (i = 0; i < 50; i++) {
		page_draw_covered(&p, &s, 0, 10, 3);
		if (page_focused(&p) != NULL)
			ck_assert_int_lt(page_focused(&p)->line, p.top + 7);
		page_key(&p, UI_KEY_DOWN);
		build_form(&p, 40);
	}
	page_free(&p);
	surface_free(&s);
}
END_TEST

/* Scrolled away from the focus, a message that comes or goes moves nothing. */
START_TEST(a_changed_height_does_not_scroll_back_to_the_focus)
{
	struct surface s;
	struct page p;
	int top, i;

	surface_init(&s, true);
	surface_resize(&s, 10, 60);
	page_init(&p);
	page_begin(&p);
	page_row(&p, "r", "The only row");
	for (i = 0; i < 60; i++)
		page_textf(&p, ROLE_NORMAL, 0, "Line %d", i);
	page_end(&p);
	page_draw(&p, &s, 0, 10);
	page_key(&p, UI_KEY_PGDN);
	page_key(&p, UI_KEY_PGDN);
	page_draw(&p, &s, 0, 10);
	top = p.top;
	ck_assert_int_gt(top, 10);
	page_draw_covered(&p, &s, 0, 10, 2);
	ck_assert_int_eq(p.top, top);
	page_draw(&p, &s, 0, 10);
	ck_assert_int_eq(p.top, top);
	page_free(&p);
	surface_free(&s);
}
END_TEST

HARNESS("ui page", what_was_deleted_comes_back,
    keys_of_vi_move_outside_of_fields, long_words_neither_break_nor_overlap,
    a_wide_window_shows_a_row_with_its_note_and_value,
    letters_of_all_kinds_keep_their_columns,
    a_small_window_spends_no_line_on_nothing,
    what_covers_the_end_never_covers_the_focus,
    a_changed_height_does_not_scroll_back_to_the_focus,
    focus_stays_on_its_row_when_rows_come, tab_goes_from_group_to_group,
    enter_in_a_field_leads_on_and_does_not_submit, typing_edits_the_text,
    a_field_takes_no_more_than_its_maximum, a_long_text_is_loaded_whole,
    seek_finds_each_problem_and_comes_round,
    arrows_reach_everything_and_keep_it_in_sight,
    the_cursor_stands_where_the_focus_is, any_size_can_be_drawn)
