/* SPDX-License-Identifier: MIT */
/* Promises of the run's page, on a real run of real probes on loopback: rows
 * never jump, the totals are always right and always fit, filters and a page
 * that stands still say what they hide. */
#include <string.h>

#include "core/base/text.h"
#include "tests/unit/harness.h"
#include "tests/unit/run_screen.h"
#include "tui/views/run_line.h"
#include "tui/views/run_rows.h"

START_TEST(rows_never_jump)
{
	struct arena *a = arena_new();
	struct run_screen f;
	char *first, *now;

	run_screen_setup(&f, true);
	run_screen_start(&f);
	first = run_screen_rows(&f, a);
	ck_assert_uint_eq(run_screen_count(&f, NULL), f.sc.planned);
	while (!f.rs.done) {
		fake_loop(f.rs.base, &f.rs.done, 20);
		if (f.rs.done)
			break;
		run_screen_draw(&f);
		now = run_screen_rows(&f, a);
		/* what is new stands behind all that was there */
		ck_assert_msg(strncmp(first, now, strlen(first)) == 0,
		    "%s, then %s", first, now);
		first = now;
	}
	ck_assert_uint_gt(run_task_count(f.rs.run), f.sc.planned);
	ck_assert(run_screen_says(&f, "Added: more addresses"));
	run_screen_end(&f);
	ck_assert_int_eq(strncmp(first, run_screen_rows(&f, a), strlen(first)),
	    0);
	run_screen_teardown(&f);
	arena_free(a);
}
END_TEST

START_TEST(the_choice_stays_on_its_check)
{
	struct run_screen f;
	int line;

	run_screen_setup(&f, true);
	run_screen_start(&f);
	page_focus(run_screen_page(&f), "t0.7");
	run_screen_draw(&f);
	line = run_screen_line(&f, "t0.7");
	ck_assert_int_ge(line, 0);
	while (!f.rs.done) {
		fake_loop(f.rs.base, &f.rs.done, 50);
		run_screen_draw(&f);
		ck_assert_str_eq(run_screen_page(&f)->focus, "t0.7");
		ck_assert_int_eq(run_screen_line(&f, "t0.7"), line);
	}
	run_screen_end(&f);
	run_screen_teardown(&f);
}
END_TEST

/* "12/14": the numbers of the totals line. */
static void
read_totals(struct run_screen *f, size_t *done, size_t *all)
{
	ck_assert_int_eq(sscanf(screen_title(&f->sc), "%zu/%zu done", done,
			     all),
	    2);
}

START_TEST(totals_never_go_backwards)
{
	size_t done, all, last = 0;
	struct run_screen f;

	run_screen_setup(&f, true);
	run_screen_start(&f);
	while (!f.rs.done) {
		fake_loop(f.rs.base, &f.rs.done, 20);
		if (f.rs.done)
			break;
		run_screen_draw(&f);
		read_totals(&f, &done, &all);
		ck_assert_uint_eq(all, f.sc.planned);
		ck_assert_uint_ge(done, last);
		ck_assert_uint_le(done, all);
		last = done;
	}
	/* The search for what blocks was told beside them. */
	ck_assert_uint_gt(run_task_count(f.rs.run), f.sc.planned);
	run_screen_end(&f);
	ck_assert_uint_gt(run_screen_count(&f, "FAIL"), 0);
	ck_assert_uint_gt(run_screen_count(&f, "DONE"), 0);
	run_screen_teardown(&f);
}
END_TEST

START_TEST(totals_fit_at_every_width)
{
	struct arena *a = arena_new();
	struct run_screen f;
	int ncols;

	run_screen_setup(&f, false);
	run_screen_start(&f);
	for (ncols = 40; ncols <= 200; ncols++) {
		char *line = run_line_running(&f.sc, a, ncols, 123);

		ck_assert_int_le(text_width(line), ncols);
		ck_assert_ptr_nonnull(strstr(line, "/"));
		ck_assert_ptr_nonnull(strstr(line, "00:0"));
		ck_assert_ptr_nonnull(strstr(line, "fail"));
		ck_assert(ncols < 100 || strstr(line, "queued") != NULL);
	}
	run_screen_end(&f);
	for (ncols = 40; ncols <= 200; ncols++) {
		char *line = run_line_ended(&f.sc, a, ncols, -1);

		ck_assert_int_le(text_width(line), ncols);
		ck_assert_ptr_nonnull(strstr(line, "fail"));
		f.rs.record->complete = ncols % 2 == 0;
		ck_assert(f.rs.record->complete ||
		    strstr(run_line_ended(&f.sc, a, ncols, -1), "cut short") !=
			NULL);
	}
	run_screen_teardown(&f);
	arena_free(a);
}
END_TEST

START_TEST(what_matters_least_goes_first)
{
	const struct run_segment s[] = {{"999/999 done", 0}, {"+99/999", 2},
	    {"999 fail", 1}, {NULL, 0}, {"999 running", 5}, {"99:59", 0}};
	struct arena *a = arena_new();

	ck_assert_str_eq(run_line_fit(a, s, 6, 80),
	    "999/999 done  +99/999  999 fail  999 running  99:59");
	ck_assert_str_eq(run_line_fit(a, s, 6, 50),
	    "999/999 done  +99/999  999 fail  99:59");
	ck_assert_str_eq(run_line_fit(a, s, 6, 37),
	    "999/999 done  999 fail  99:59");
	ck_assert_str_eq(run_line_fit(a, s, 6, 28), "999/999 done  99:59");
	ck_assert_str_eq(run_line_fit(a, s, 6, 1), "999/999 done  99:59");
	arena_free(a);
}
END_TEST

START_TEST(a_filter_says_what_it_hides)
{
	struct run_screen f;
	size_t all, fail;

	run_screen_setup(&f, false);
	run_screen_start(&f);
	run_screen_press(&f, 'f');
	ck_assert(run_screen_says(&f, "Only problems are shown: 0 of"));
	run_screen_press(&f, 'f');
	ck_assert(run_screen_says(&f, "Only what is still to do is shown"));
	ck_assert_uint_gt(run_screen_count(&f, NULL), 0);
	run_screen_end(&f);
	ck_assert_uint_eq(run_screen_count(&f, NULL), 0);
	run_screen_press(&f, 'f');
	all = run_screen_count(&f, NULL);
	fail = run_screen_count(&f, "FAIL");
	ck_assert_uint_gt(fail, 0);
	ck_assert_uint_eq(all, run_task_count(f.sc.site->ended));
	run_screen_press(&f, 'f');
	ck_assert_uint_eq(run_screen_count(&f, NULL), fail);
	ck_assert(run_screen_says(&f, "f shows others"));
	run_screen_press(&f, 'o');
	ck_assert(run_screen_says(&f, "Only problems of p are shown"));
	ck_assert_uint_lt(run_screen_count(&f, NULL), fail);
	run_screen_press(&f, 'f');
	run_screen_press(&f, 'f');
	run_screen_press(&f, 'o');
	ck_assert(run_screen_says(&f, "Only checks of q are shown"));
	ck_assert(!run_screen_says(&f, "Comparisons"));
	run_screen_press(&f, 'o');
	ck_assert_uint_eq(run_screen_count(&f, NULL), all);
	run_screen_teardown(&f);
}
END_TEST

START_TEST(a_text_filters_while_it_is_typed)
{
	static const char text[] = "ReFuSed";
	struct run_screen f;
	size_t i;

	run_screen_setup(&f, false);
	run_screen_start(&f);
	run_screen_end(&f);
	run_screen_press(&f, 't');
	for (i = 0; i < sizeof text - 1; i++)
		run_screen_press(&f, (unsigned char)text[i]);
	ck_assert(run_screen_says(&f, "Only checks with \"ReFuSed\" in them"));
	run_screen_press(&f, UI_KEY_ENTER);
	run_screen_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_run);
	ck_assert_uint_lt(run_screen_count(&f, NULL),
	    run_task_count(f.sc.site->ended));
	/* more than a field holds is cut between two characters */
	run_screen_press(&f, 't');
	run_screen_press(&f, UI_CTRL_U);
	for (i = 0; i < 2 * RUN_TEXT_MAX; i++)
		run_screen_press(&f, i % 2 == 0 ? 0x20ac : 'x');
	ck_assert_uint_lt(strlen(f.sc.run_look.text), RUN_TEXT_MAX);
	ck_assert_int_ge(text_width(f.sc.run_look.text), 20);
	run_screen_press(&f, UI_KEY_ESC);
	ck_assert_uint_eq(run_screen_count(&f, NULL), 0);
	ck_assert(run_screen_says(&f, "There is nothing to show"));
	run_screen_press(&f, 't');
	run_screen_press(&f, UI_CTRL_U);
	run_screen_press(&f, UI_KEY_ESC);
	ck_assert_uint_eq(run_screen_count(&f, NULL),
	    run_task_count(f.sc.site->ended));
	run_screen_teardown(&f);
}
END_TEST

START_TEST(a_chosen_row_is_not_filtered_away)
{
	struct run_screen f;

	run_screen_setup(&f, false);
	run_screen_start(&f);
	f.sc.run_look.outcome = RUN_TO_DO;
	run_screen_draw(&f);
	page_focus(run_screen_page(&f), "t0.3");
	run_screen_end(&f);
	ck_assert_str_eq(run_screen_page(&f)->focus, "t0.3");
	ck_assert_uint_eq(run_screen_count(&f, NULL), 1);
	run_screen_teardown(&f);
}
END_TEST

/* Problems that come in above the one that is read push it nowhere. */
START_TEST(new_problems_push_nothing)
{
	struct run_screen f;
	size_t before = 0;
	int line = -1;

	run_screen_setup(&f, true);
	run_screen_start(&f);
	f.sc.run_look.outcome = RUN_PROBLEMS;
	while (!f.rs.done) {
		fake_loop(f.rs.base, &f.rs.done, 20);
		screen_draw(&f.sc, 10, 40);
		/* From the moment on when not all of it is on the page. */
		if (line < 0 &&
		    run_screen_page(&f)->nlines >= run_screen_page(&f)->nrows) {
			ck_assert(page_seek(run_screen_page(&f), -1));
			screen_draw(&f.sc, 10, 40);
			line = run_screen_line(&f, run_screen_page(&f)->focus);
			before = run_screen_count(&f, NULL);
		}
		if (line >= 0)
			ck_assert_int_eq(run_screen_line(&f,
					     run_screen_page(&f)->focus),
			    line);
	}
	ck_assert_uint_gt(run_screen_count(&f, NULL), before);
	ck_assert_int_ge(line, 0);
	ck_assert_uint_gt(run_screen_count(&f, NULL), 2);
	run_screen_end(&f);
	run_screen_teardown(&f);
}
END_TEST

START_TEST(a_page_that_stands_still_says_what_waits)
{
	struct arena *a = arena_new();
	struct run_screen f;
	size_t before;
	char *still;

	run_screen_setup(&f, true);
	run_screen_start(&f);
	run_screen_press(&f, 'p');
	still = run_screen_rows(&f, a);
	before = run_screen_count(&f, "WAIT") + run_screen_count(&f, "RUN");
	ck_assert(run_screen_says(&f, "The rows stand still; 0 changes wait"));
	fake_loop(f.rs.base, &f.never, 1500);
	run_screen_draw(&f);
	ck_assert_str_eq(run_screen_rows(&f, a), still);
	ck_assert_uint_eq(run_screen_count(&f, "WAIT") +
		run_screen_count(&f, "RUN"),
	    before);
	ck_assert(!run_screen_says(&f, "; 0 changes wait"));
	/* the totals go on, and tell of it wherever one has scrolled to */
	ck_assert_ptr_nonnull(strstr(screen_title(&f.sc), "still, "));
	ck_assert_ptr_null(strstr(screen_title(&f.sc), "00:00"));
	run_screen_end(&f);
	ck_assert_str_eq(run_screen_rows(&f, a), still);
	run_screen_press(&f, 'p');
	ck_assert_uint_eq(run_screen_count(&f, "WAIT"), 0);
	ck_assert_uint_eq(run_screen_count(&f, NULL),
	    run_task_count(f.sc.site->ended));
	run_screen_teardown(&f);
	arena_free(a);
}
END_TEST

START_TEST(next_problem_is_one_that_is_shown)
{
	struct run_screen f;
	char first[32];

	run_screen_setup(&f, false);
	run_screen_start(&f);
	run_screen_press(&f, 'n');
	ck_assert_str_eq(f.sc.message, "There is no problem so far.");
	run_screen_end(&f);
	run_screen_press(&f, 'n');
	ck_assert_str_eq(page_focused(run_screen_page(&f))->word, "FAIL");
	snprintf(first, sizeof first, "%s", run_screen_page(&f)->focus);
	run_screen_press(&f, 'n');
	ck_assert_str_ne(run_screen_page(&f)->focus, first);
	run_screen_press(&f, 'N');
	ck_assert_str_eq(run_screen_page(&f)->focus, first);
	page_focus(run_screen_page(&f), PAGE_NEXT_ID);
	f.sc.run_look.outcome = RUN_TO_DO;
	run_screen_draw(&f);
	run_screen_press(&f, 'n');
	ck_assert(
	    strstr(f.sc.message, "among the checks that are shown") != NULL);
	run_screen_teardown(&f);
}
END_TEST

START_TEST(coming_back_finds_filter_and_place)
{
	struct run_screen f;
	char focus[32];
	int top;

	run_screen_setup(&f, false);
	run_screen_start(&f);
	run_screen_end(&f);
	screen_draw(&f.sc, 10, 40);
	run_screen_press(&f, 'f');
	screen_draw(&f.sc, 10, 40);
	screen_key(&f.sc, UI_KEY_END);
	screen_key(&f.sc, UI_KEY_UP);
	screen_draw(&f.sc, 10, 40);
	snprintf(focus, sizeof focus, "%s", run_screen_page(&f)->focus);
	top = run_screen_page(&f)->top;
	ck_assert_int_gt(top, 0);
	screen_go(&f.sc, 0);
	screen_draw(&f.sc, 10, 40);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_site);
	ck_assert(walk_go(f.sc.walk, "run"));
	screen_show_page(&f.sc);
	screen_draw(&f.sc, 10, 40);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_run);
	ck_assert_str_eq(run_screen_page(&f)->focus, focus);
	ck_assert_int_eq(run_screen_page(&f)->top, top);
	ck_assert(run_screen_says(&f, "Only problems are shown"));
	run_screen_teardown(&f);
}
END_TEST

START_TEST(what_the_record_holds_is_shown_without_a_run)
{
	struct run_screen f;
	size_t fail;

	run_screen_setup(&f, false);
	run_screen_start(&f);
	run_screen_end(&f);
	fail = run_screen_count(&f, "FAIL");
	run_free(f.sc.site->ended);
	f.sc.site->ended = NULL;
	run_screen_draw(&f);
	ck_assert_uint_eq(run_screen_count(&f, "FAIL"), fail);
	ck_assert(run_screen_says(&f, "q"));
	page_focus(run_screen_page(&f), "o1");
	run_screen_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_task);
	run_screen_teardown(&f);
}
END_TEST

/* As a retry does: a run of its own, whose first check is another one. */
START_TEST(the_choice_stays_on_its_check_in_the_next_run)
{
	struct run_screen f;
	const struct run_row *row;
	struct strlist some = {0};
	char *key;

	run_screen_setup(&f, false);
	run_screen_start(&f);
	run_screen_end(&f);
	page_focus(run_screen_page(&f), "t0.7");
	run_screen_draw(&f);
	row = page_focused(run_screen_page(&f))->data;
	key = arena_strdup(f.rs.record->arena, row->key);
	run_free(f.sc.site->ended);
	f.sc.site->ended = NULL;
	strlist_add(f.rs.record->arena, &some, row->need);
	strlist_add(f.rs.record->arena, &some, "n1");
	f.rs.setup.needs = &some;
	f.rs.setup.retry = true;
	f.rs.done = false;
	f.rs.ndone = 0;
	f.sc.again = true;
	f.sc.run_look.number++;
	run_screen_start(&f);
	ck_assert_uint_lt(run_task_count(f.rs.run), RUN_SCREEN_NEEDS);
	ck_assert(
	    run_screen_says(&f, "Measured again; all else stays as it was."));
	row = page_focused(run_screen_page(&f))->data;
	ck_assert_str_eq(row->key, key);
	run_screen_end(&f);
	row = page_focused(run_screen_page(&f))->data;
	ck_assert_str_eq(row->key, key);
	/* The whole site is shown again, each check once. */
	ck_assert_uint_ge(run_screen_count(&f, NULL), RUN_SCREEN_NEEDS);
	run_screen_press(&f, UI_KEY_ENTER);
	ck_assert(run_screen_says(&f, "Earlier evidence"));
	run_screen_teardown(&f);
}
END_TEST

static size_t
count_stopped(const struct run *run)
{
	size_t i, n = 0;

	for (i = 0; i < run_task_count(run); i++) {
		const struct task *t = run_task(run, i);

		n += t->result != NULL && t->result->failure == CAUSE_CANCELLED;
	}
	return n;
}

START_TEST(one_check_is_stopped_at_once)
{
	struct run_screen f;
	size_t i;

	run_screen_setup(&f, true);
	run_screen_start(&f);
	fake_loop(f.rs.base, &f.never, 300);
	run_screen_draw(&f);
	ck_assert_uint_gt(run_screen_count(&f, "RUN"), 0);
	ck_assert_uint_eq(count_stopped(f.rs.run), 0);
	for (i = 0; i < run_screen_page(&f)->nitems; i++) {
		const struct item *it = &run_screen_page(&f)->item[i];

		if (it->kind == ITEM_ROW && strcmp(it->word, "RUN") == 0 &&
		    ((const struct run_row *)it->data)->need != NULL)
			break;
	}
	ck_assert_uint_lt(i, run_screen_page(&f)->nitems);
	page_focus(run_screen_page(&f), run_screen_page(&f)->item[i].id);
	run_screen_draw(&f);
	run_screen_press(&f, 'c');
	ck_assert_ptr_nonnull(strstr(f.sc.message, "This check is stopped"));
	fake_loop(f.rs.base, &f.never, 50);
	run_screen_draw(&f);
	ck_assert_str_eq(page_focused(run_screen_page(&f))->word, "SKIP");
	/* the others may end meanwhile, each by itself */
	ck_assert_uint_eq(count_stopped(f.rs.run), 1);
	run_screen_press(&f, 'c');
	ck_assert_str_eq(f.sc.message, "This check is done already.");
	run_screen_end(&f);
	run_screen_teardown(&f);
}
END_TEST

HARNESS("view run", rows_never_jump, the_choice_stays_on_its_check,
    totals_never_go_backwards, totals_fit_at_every_width,
    what_matters_least_goes_first, a_filter_says_what_it_hides,
    a_text_filters_while_it_is_typed, a_chosen_row_is_not_filtered_away,
    new_problems_push_nothing, a_page_that_stands_still_says_what_waits,
    next_problem_is_one_that_is_shown, coming_back_finds_filter_and_place,
    what_the_record_holds_is_shown_without_a_run,
    the_choice_stays_on_its_check_in_the_next_run, one_check_is_stopped_at_once)
