/* SPDX-License-Identifier: MIT */
/* What was found, as the user reads it: whether he may leave, whose it is and
 * what to do on the first screen; every finding with how far it came. The
 * site is made up: no packet is sent. */
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "tests/unit/findings_site.h"
#include "tests/unit/harness.h"
#include "tests/unit/judge_case.h"

/* --- results ----------------------------------------------------------- */

START_TEST(the_first_screen_says_what_to_do)
{
	struct fixture f;
	struct need *n;
	size_t i, total = 0;
	char heading[64];

	findings_setup(&f);
	findings_run_was(&f);
	findings_go(&f, "results");
	ck_assert(findings_show(&f, "May I leave?"));
	ck_assert(findings_show(&f, "NOT YET"));
	ck_assert(findings_show(&f, "1. "));
	ck_assert(
	    findings_show(&f, "the connection was cut off (Z5 video phone)"));
	ck_assert(findings_show(&f, "Whose it is: "));
	ck_assert(findings_show(&f, "What you do now: "));
	/* the counts stand with the product */
	for (i = 0; i < f.sc.site->record->nneeds; i++) {
		n = &f.sc.site->record->needs[i];
		total += n->applies && n->outcome != OUTCOME_NOT_APPLICABLE;
	}
	snprintf(heading, sizeof heading, ": 2 of %zu failed", total);
	ck_assert_int_eq(findings_expect(&f, heading)->kind, ITEM_HEADING);
	/* and a cause is reached by its number */
	findings_press(&f, '1');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_diagnosis);
	findings_press(&f, UI_KEY_ESC);
	findings_press(&f, '9');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_results);
	findings_teardown(&f);
}
END_TEST

START_TEST(without_a_run_nothing_is_claimed)
{
	struct fixture f;

	findings_setup(&f);
	findings_go(&f, "results");
	ck_assert(findings_show(&f, "have not been run yet"));
	ck_assert_ptr_null(findings_item(&f, "May I leave?"));
	/* nothing can be measured again that never was measured */
	ck_assert(!view_can_retry(&f.sc, NULL));
	ck_assert(!view_can_retry(&f.sc, SIP_1));
	findings_teardown(&f);
}
END_TEST

START_TEST(one_goes_from_problem_to_problem)
{
	struct fixture f;

	findings_setup(&f);
	findings_run_was(&f);
	findings_go(&f, "results");
	findings_focus(&f, SIP_1);
	findings_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_finding);
	ck_assert_str_eq(screen_top(&f.sc)->arg, SIP_1);
	/* the page opens at its top, whatever can have the focus below */
	ck_assert_int_eq(screen_top(&f.sc)->page.top, 0);
	findings_press(&f, 'n');
	ck_assert_int_eq(screen_top(&f.sc)->page.top, 0);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_finding);
	ck_assert_str_eq(screen_top(&f.sc)->arg, SIP_2);
	ck_assert(findings_show(&f, "208.95.32.21"));
	findings_press(&f, 'N');
	ck_assert_str_eq(screen_top(&f.sc)->arg, SIP_1);
	findings_press(&f, 'n');
	/* back on the list one stands where one was */
	findings_press(&f, UI_KEY_ESC);
	ck_assert_str_eq(screen_top(&f.sc)->page.focus, SIP_2);
	findings_teardown(&f);
}
END_TEST

/* --- a finding --------------------------------------------------------- */

START_TEST(a_finding_says_how_far_it_came)
{
	struct fixture f;
	const struct item *i;

	findings_setup(&f);
	findings_run_was(&f);
	findings_go(&f, "results");
	screen_push(&f.sc, &view_finding, SIP_1);
	screen_draw(&f.sc, 24, 80);
	i = findings_expect(&f, "Here it ends: refused");
	ck_assert_ptr_nonnull(strstr(i->text, "cut off"));
	i = findings_expect(&f, "the TCP connection is accepted");
	ck_assert_str_eq(i->word, "NOT SEEN");
	i = findings_expect(&f, "(this counts as proof)");
	ck_assert_str_eq(i->word, "NOT SEEN");
	ck_assert_ptr_nonnull(strstr(i->text, "the service itself answered"));
	/* where a connection is accepted, that is seen, and no more */
	record_need(f.sc.site->record, SIP_1)->rung = RUNG_TRANSPORT;
	screen_draw(&f.sc, 24, 80);
	i = findings_expect(&f, "the TCP connection is accepted");
	ck_assert_str_eq(i->word, "SEEN");
	i = findings_expect(&f, "(this counts as proof)");
	ck_assert_str_eq(i->word, "NOT SEEN");
	ck_assert_ptr_null(findings_item(&f, "Here it ends"));
	/* and what was never tried is not called missing */
	record_need(f.sc.site->record, SIP_1)->rung = RUNG_NONE;
	screen_draw(&f.sc, 24, 80);
	i = findings_expect(&f, "(this counts as proof)");
	ck_assert_str_eq(i->word, "NOT TRIED");
	findings_teardown(&f);
}
END_TEST

START_TEST(the_it_desk_finds_it_in_its_log)
{
	struct fixture f;

	findings_setup(&f);
	findings_run_was(&f);
	findings_go(&f, "results");
	screen_push(&f.sc, &view_finding, SIP_1);
	screen_draw(&f.sc, 24, 80);
	/* CASE_START_US is 10:42:00 UTC, an hour less than here */
	findings_expect(&f, "(local times, UTC+01:00)");
	findings_expect(&f, "Began 2026-11-21 11:42:00.000");
	findings_expect(&f, "1. 2026-11-21 11:42:00.007  cut off by a reset");
	findings_expect(&f, "from our port 40123");
	findings_expect(&f, "z5.txt, lines");
	/* the raw facts lie one key further */
	findings_focus(&f, "@raw:o1");
	findings_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_raw);
	findings_expect(&f, "\"source_port\": 40123");
	findings_teardown(&f);
}
END_TEST

START_TEST(earlier_evidence_is_called_earlier)
{
	struct fixture f;
	struct record *r;
	struct observation *o;
	const struct item *i;

	findings_setup(&f);
	findings_run_was(&f);
	r = f.sc.site->record;
	findings_go(&f, "results");
	screen_push(&f.sc, &view_finding, SIP_1);
	screen_draw(&f.sc, 24, 80);
	ck_assert_ptr_null(findings_item(&f, "Seen earlier"));
	o = case_seen(r, record_need(r, SIP_1), 0, NULL, RUNG_APP_REPLY,
	    CAUSE_NONE);
	record_replace(r, "o1", o->id);
	site_assess(f.sc.site);
	screen_draw(&f.sc, 24, 80);
	ck_assert_int_eq(record_need(r, SIP_1)->outcome, OUTCOME_PASS);
	i = findings_expect(&f, "Seen earlier");
	ck_assert_int_eq(i->kind, ITEM_HEADING);
	findings_expect(&f, "judged no more");
	findings_focus(&f, "@raw:o1");
	findings_press(&f, UI_KEY_ENTER);
	ck_assert(findings_show(&f, "earlier evidence, judged no more"));
	findings_teardown(&f);
}
END_TEST

static char *
read_text(const char *path)
{
	struct error err = {0};
	struct buf data;

	buf_init(&data, 1 << 20);
	ck_assert_msg(file_read(path, 1 << 20, &data, &err) == 0, "%s: %s",
	    path, err.what);
	return buf_take(&data);
}

START_TEST(a_copy_never_replaces_a_file_unasked)
{
	struct error err = {0};
	struct fixture f;
	char path[192], *text;

	findings_setup(&f);
	findings_run_was(&f);
	findings_go(&f, "results");
	screen_push(&f.sc, &view_finding, SIP_1);
	screen_draw(&f.sc, 24, 80);
	snprintf(path, sizeof path, "%s/t-" SIP_1 ".txt", f.dir);
	findings_press(&f, 'y');
	ck_assert_ptr_nonnull(strstr(f.sc.message, path));
	text = read_text(path);
	ck_assert_ptr_nonnull(strstr(text, "Here it ends: refused"));
	ck_assert_ptr_nonnull(strstr(text, "11:42:00.007"));
	ck_assert_ptr_nonnull(strstr(text, "\"source_port\": 40123"));
	mem_free(text);
	ck_assert_int_eq(file_write_atomic(path, "mine", 4, &err), 0);
	findings_press(&f, 'y');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_confirm);
	findings_press(&f, UI_KEY_ENTER); /* the safe answer */
	text = read_text(path);
	ck_assert_str_eq(text, "mine");
	mem_free(text);
	findings_press(&f, 'y');
	findings_press(&f, 'y');
	text = read_text(path);
	ck_assert_ptr_nonnull(strstr(text, "Here it ends: refused"));
	mem_free(text);
	findings_teardown(&f);
}
END_TEST

static void
draw_everywhere(struct fixture *f)
{
	static const int sizes[][2] = {{10, 40}, {24, 80}, {43, 132},
	    {120, 400}};
	size_t i;

	for (i = 0; i < sizeof sizes / sizeof *sizes; i++)
		screen_draw(&f->sc, sizes[i][0], sizes[i][1]);
}

START_TEST(every_finding_can_be_drawn_and_copied)
{
	struct fixture f;
	struct record *r;
	size_t i;

	findings_setup(&f);
	findings_run_was(&f);
	findings_accept(&f, SIP_1);
	findings_accept(&f, "z5.no-such-line");
	r = f.sc.site->record;
	findings_go(&f, "results");
	draw_everywhere(&f);
	for (i = 0; i < r->nneeds; i++) {
		screen_push(&f.sc, &view_finding, r->needs[i].id);
		draw_everywhere(&f);
		findings_press(&f, 'y');
		ck_assert_ptr_nonnull(strstr(f.sc.message, "Written to"));
		screen_pop(&f.sc);
	}
	screen_push(&f.sc, &view_diagnosis, "0");
	draw_everywhere(&f);
	findings_press(&f, 'y');
	ck_assert_ptr_nonnull(strstr(f.sc.message, "t-cause-1.txt"));
	screen_pop(&f.sc);
	screen_push(&f.sc, &view_deviations, NULL);
	draw_everywhere(&f);
	findings_go(&f, "sign");
	draw_everywhere(&f);
	findings_teardown(&f);
}
END_TEST

HARNESS("view findings", the_first_screen_says_what_to_do,
    without_a_run_nothing_is_claimed, one_goes_from_problem_to_problem,
    a_finding_says_how_far_it_came, the_it_desk_finds_it_in_its_log,
    earlier_evidence_is_called_earlier, a_copy_never_replaces_a_file_unasked,
    every_finding_can_be_drawn_and_copied)
