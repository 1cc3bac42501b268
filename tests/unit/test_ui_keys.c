/* SPDX-License-Identifier: MIT */
/* What keys promise on all pages: help and key bar tell the truth, commands
 * are found by typing. */
#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"
#include "tests/unit/harness.h"
#include "tests/unit/wizard_case.h"
#include "tui/screen/view.h"

/* --- what a key does --------------------------------------------------- */

static void
say_acted(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_say(sc, ROLE_NORMAL, "%s", "It acted.");
}

static void
build_field(struct screen *sc, struct frame *f)
{
	(void)sc;
	page_field(&f->page, "field", "Field", "");
	page_row(&f->page, "row", "Row");
}

static const struct action field_actions[] = {
    {'x', "x", "Act", "Act.", say_acted, NULL},
    {UI_KEY_F5, "F5", NULL, "Act.", say_acted, NULL},
};

static const struct view view_with_field = {
    .name = "with-field",
    .title = "A field",
    .actions = field_actions,
    .nactions = 2,
    .build = build_field,
};

START_TEST(a_page_s_letters_rest_while_typing_and_its_f_keys_do_not)
{
	struct wizard f;

	wizard_setup(&f);
	screen_push(&f.sc, &view_with_field, NULL);
	wizard_draw(&f);
	wizard_press(&f, 'x');
	ck_assert(wizard_shows(&f, "[x "));
	ck_assert(!wizard_shows(&f, "It acted."));
	ck_assert(!wizard_shows(&f, "x Act"));
	wizard_press(&f, UI_KEY_F5);
	ck_assert(wizard_shows(&f, "It acted."));
	wizard_press(&f, UI_KEY_DOWN);
	ck_assert(wizard_shows(&f, "x Act"));
	wizard_press(&f, 'x');
	ck_assert(wizard_shows(&f, "It acted."));
	wizard_teardown(&f);
}
END_TEST

START_TEST(letters_are_text_in_a_field)
{
	struct wizard f;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	page_focus(&screen_top(&f.sc)->page, "site.address");
	wizard_draw(&f);
	wizard_type(&f, "q?/:gbjkGnNx");
	ck_assert_ptr_eq(wizard_top(&f), &view_site);
	ck_assert_str_eq(f.sc.site->record->site.address, "q?/:gbjkGnNx");
	ck_assert(!f.sc.quit);
	wizard_teardown(&f);
}
END_TEST

START_TEST(esc_never_quits_and_the_first_page_says_how)
{
	struct wizard f;
	int i;

	wizard_setup(&f);
	for (i = 0; i < 5; i++)
		wizard_press(&f, UI_KEY_ESC);
	ck_assert(!f.sc.quit);
	ck_assert(wizard_shows(&f, "press q"));
	ck_assert(!wizard_shows(&f, "Esc Back"));
	wizard_press(&f, 'q');
	ck_assert(f.sc.quit);
	wizard_teardown(&f);
}
END_TEST

START_TEST(what_is_not_on_disk_is_asked_about_before_quitting)
{
	struct wizard f;

	wizard_setup(&f);
	wizard_press(&f, 'n');
	wizard_press(&f, 'H');
	wizard_press(&f, UI_KEY_F10);
	ck_assert(!f.sc.quit);
	ck_assert(wizard_shows(&f, "Quit and lose it?"));
	/* the safe answer has the focus */
	wizard_press(&f, UI_KEY_ENTER);
	ck_assert(!f.sc.quit);
	ck_assert_ptr_eq(wizard_top(&f), &view_new);
	wizard_press(&f, UI_KEY_F10);
	wizard_press(&f, 'y');
	ck_assert(f.sc.quit);
	wizard_teardown(&f);
}
END_TEST

START_TEST(q_at_another_question_is_no_answer_to_it)
{
	struct wizard f;
	struct confirm *c;

	wizard_setup(&f);
	wizard_press(&f, 'n');
	wizard_press(&f, 'H');
	screen_ask(&f.sc, "Other?", "No", "Yes", screen_leave_site);
	c = screen_top(&f.sc)->state;
	ck_assert_str_eq(c->question, "Other?");
	wizard_draw(&f);
	wizard_press(&f, 'q');
	ck_assert(!f.sc.quit);
	ck_assert(wizard_shows(&f, "Quit and lose it?"));
	wizard_teardown(&f);
}
END_TEST

static void
expect_effect(struct wizard *f, const struct action *a)
{
	char *before = wizard_state(f), *after;

	wizard_press(f, a->key);
	after = f->sc.quit ? mem_strdup("") : wizard_state(f);
	f->sc.quit = false;
	ck_assert_msg(strcmp(before, after) != 0,
	    "%s (%s) is offered and does nothing:\n%s", a->label, a->word,
	    before);
	mem_free(before);
	mem_free(after);
}

static void
try_keys(struct wizard *f, size_t page, const struct action *table, size_t n)
{
	char label[64];
	size_t i;

	for (i = 0; i < n; i++) {
		if (f->sc.walk == NULL)
			wizard_open_again(f);
		screen_go(&f->sc, page);
		wizard_draw(f);
		if (table[i].word == NULL)
			continue;
		snprintf(label, sizeof label, "%s %s", table[i].label,
		    table[i].word);
		if (wizard_shows(f, label))
			expect_effect(f, &table[i]);
	}
}

START_TEST(every_key_in_the_key_bar_does_something)
{
	struct wizard f;
	size_t i, n;

	wizard_setup(&f);
	f.ncols = 200;
	wizard_open(&f, "zencontrol");
	for (i = 0; i < walk_count(f.sc.walk); i++) {
		const struct view *v;

		screen_go(&f.sc, i);
		v = wizard_top(&f);
		n = v->nactions;
		try_keys(&f, i, v->actions, n);
		try_keys(&f, i, screen_actions, screen_action_count);
	}
	wizard_teardown(&f);
}
END_TEST

START_TEST(the_key_bar_begins_with_enter_and_always_has_help)
{
	static const int widths[] = {40, 80, 132, 400};
	struct wizard f;
	struct buf row;
	size_t i, k;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	for (k = 0; k < 4; k++) {
		f.ncols = widths[k];
		for (i = 0; i < walk_count(f.sc.walk); i++) {
			screen_go(&f.sc, i);
			wizard_draw(&f);
			buf_init(&row, 8192);
			surface_row(&f.sc.surface, f.nrows - 1, &row);
			ck_assert_int_eq(strncmp(buf_str(&row), "Enter ", 6),
			    0);
			ck_assert_msg(strstr(buf_str(&row), "Help") != NULL,
			    "%s", buf_str(&row));
			ck_assert_int_le(text_width(buf_str(&row)), f.ncols);
			buf_free(&row);
		}
	}
	wizard_teardown(&f);
}
END_TEST

START_TEST(help_and_commands_never_pile_up)
{
	static const uint32_t keys[] = {UI_KEY_F1, UI_KEY_F3, UI_KEY_F2,
	    UI_KEY_F4};
	struct wizard f;
	size_t i;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	for (i = 0; i < 100; i++) {
		wizard_press(&f, keys[i * 7 % 13 % 4]);
		ck_assert_uint_le(f.sc.nframes, 6);
	}
	wizard_teardown(&f);
}
END_TEST

/* --- help -------------------------------------------------------------- */

START_TEST(help_toggles_and_keeps_the_place)
{
	static const uint32_t keys[] = {'?', UI_KEY_F1};
	struct wizard f;
	char *before, *after;
	size_t i, k;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	wizard_go(&f, "results");
	for (i = 0; i < 3; i++)
		wizard_press(&f, UI_KEY_PGUP);
	before = wizard_state(&f);
	for (i = 0; i < 2; i++) {
		for (k = 0; k < 2; k++) {
			wizard_press(&f, keys[i]);
			ck_assert_ptr_eq(wizard_top(&f), &view_help);
			ck_assert(wizard_shows(&f, "On this page"));
			wizard_press(&f, keys[k]);
			after = wizard_state(&f);
			ck_assert_str_eq(before, after);
			mem_free(after);
		}
	}
	mem_free(before);
	wizard_teardown(&f);
}
END_TEST

START_TEST(help_is_searched_by_typing)
{
	struct wizard f;

	wizard_setup(&f);
	wizard_press(&f, '?');
	ck_assert(wizard_shows(&f, "1-"));
	wizard_type(&f, "GATE");
	ck_assert(wizard_shows(&f, "Gateway: The device"));
	ck_assert(!wizard_shows(&f, "On every page"));
	ck_assert(wizard_shows(&f, "3 of "));
	wizard_type(&f, "zzz");
	ck_assert(wizard_shows(&f, "Nothing here contains that"));
	wizard_press(&f, UI_CTRL_U);
	wizard_type(&f, "not proven");
	ck_assert(wizard_shows(&f, "cannot be decided from this"));
	/* it scrolls from where one types */
	wizard_press(&f, UI_CTRL_U);
	wizard_press(&f, UI_KEY_PGDN);
	ck_assert_int_gt(screen_top(&f.sc)->page.top, 0);
	wizard_type(&f, "dns");
	ck_assert(wizard_shows(&f, "Search"));
	wizard_teardown(&f);
}
END_TEST

/* --- commands ---------------------------------------------------------- */

START_TEST(commands_are_found_by_typing_and_done_by_enter)
{
	struct wizard f;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	/* also while typing */
	ck_assert(page_in_field(&screen_top(&f.sc)->page));
	wizard_press(&f, UI_KEY_F3);
	ck_assert_ptr_eq(wizard_top(&f), &view_palette);
	wizard_type(&f, "go result");
	wizard_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(wizard_top(&f), &view_results);
	wizard_press(&f, ':');
	wizard_type(&f, "only prob");
	ck_assert(wizard_shows(&f, "Problems only"));
	wizard_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(wizard_top(&f), &view_results);
	ck_assert(wizard_shows(&f, "Only problems are shown"));
	/* what begins so comes before what only contains it */
	wizard_press(&f, ':');
	wizard_type(&f, "re");
	wizard_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(wizard_top(&f), &view_results);
	ck_assert(!wizard_shows(&f, "There is no problem"));
	/* another line than the first */
	wizard_press(&f, ':');
	wizard_press(&f, UI_KEY_DOWN);
	wizard_press(&f, UI_KEY_DOWN);
	wizard_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_ne(wizard_top(&f), &view_palette);
	/* what is not there is said, and Enter does nothing */
	wizard_press(&f, ':');
	wizard_type(&f, "zzz");
	ck_assert(wizard_shows(&f, "Nothing that can be done now"));
	wizard_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(wizard_top(&f), &view_palette);
	wizard_press(&f, UI_KEY_ESC);
	ck_assert_ptr_eq(wizard_top(&f), &view_results);
	wizard_teardown(&f);
}
END_TEST

START_TEST(commands_list_only_what_can_be_done_now)
{
	struct wizard f;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	wizard_go(&f, "results");
	/* nothing was run, so nothing can be run again */
	wizard_press(&f, ':');
	ck_assert(!wizard_shows(&f, "Run again"));
	ck_assert(wizard_shows(&f, "Next problem"));
	ck_assert(!wizard_shows(&f, "Stop"));
	wizard_teardown(&f);
}
END_TEST

HARNESS("ui keys", a_page_s_letters_rest_while_typing_and_its_f_keys_do_not,
    letters_are_text_in_a_field, esc_never_quits_and_the_first_page_says_how,
    what_is_not_on_disk_is_asked_about_before_quitting,
    q_at_another_question_is_no_answer_to_it,
    every_key_in_the_key_bar_does_something,
    the_key_bar_begins_with_enter_and_always_has_help,
    help_and_commands_never_pile_up, help_toggles_and_keeps_the_place,
    help_is_searched_by_typing, commands_are_found_by_typing_and_done_by_enter,
    commands_list_only_what_can_be_done_now)
