/* SPDX-License-Identifier: MIT */
/* What outlives what: a page, a question and a choice stand while a test in
 * the background ends and everything is judged anew, and a view may close
 * itself. Run under the sanitizers, which see what is used after its end. */
#include <string.h>

#include "core/base/file.h"
#include "core/record/declaration.h"
#include "tests/unit/findings_site.h"
#include "tests/unit/harness.h"
#include "tests/unit/papers_case.h"

static const struct view *
top(const struct fixture *f)
{
	return screen_top(&f->sc)->view;
}

/* --- a view that closes itself ------------------------------------------ */

START_TEST(help_is_closed_by_a_pasted_question_mark)
{
	struct fixture f;

	findings_setup(&f);
	findings_go(&f, "results");
	findings_press(&f, '?');
	ck_assert_ptr_eq(top(&f), &view_help);
	screen_key(&f.sc, '?' | UI_KEY_PASTED);
	screen_draw(&f.sc, 24, 80);
	ck_assert_ptr_eq(top(&f), &view_results);
	/* the key after it is for what is seen then */
	findings_press(&f, '?');
	screen_key(&f.sc, '?' | UI_KEY_PASTED);
	screen_key(&f.sc, 'f');
	screen_draw(&f.sc, 24, 80);
	ck_assert(findings_show(&f, "Only problems are shown"));
	/* and as a line that was entered */
	findings_press(&f, '?');
	screen_enter_text(&f.sc, "?");
	ck_assert_ptr_eq(top(&f), &view_results);
	findings_teardown(&f);
}
END_TEST

/* --- judged anew meanwhile ---------------------------------------------- */

START_TEST(the_plan_stands_while_a_test_in_the_background_ends)
{
	struct fixture f;
	char before[200];

	findings_setup(&f);
	findings_go(&f, "plan");
	snprintf(before, sizeof before, "%s",
	    findings_expect(&f, " packets at most")->text);
	site_assess(f.sc.site);
	screen_draw(&f.sc, 24, 80);
	ck_assert_str_eq(findings_expect(&f, " packets at most")->text, before);
	findings_teardown(&f);
}
END_TEST

START_TEST(a_key_finds_the_page_as_it_is_judged_now)
{
	struct fixture f;

	findings_setup(&f);
	findings_run_was(&f);
	findings_go(&f, "results");
	findings_focus(&f, SIP_1);
	screen_draw(&f.sc, 24, 80);
	site_assess(f.sc.site);
	screen_key(&f.sc, 'a');
	ck_assert_ptr_eq(top(&f), &view_deviation);
	ck_assert_str_eq(screen_top(&f.sc)->arg, SIP_1);
	findings_teardown(&f);
}
END_TEST

START_TEST(what_is_written_after_a_question_is_the_page_of_then)
{
	struct fixture f;
	struct error err;
	struct buf text;
	char path[192];

	findings_setup(&f);
	findings_run_was(&f);
	findings_go(&f, "results");
	screen_push(&f.sc, &view_finding, SIP_1);
	screen_draw(&f.sc, 24, 80);
	findings_press(&f, 'y');
	findings_press(&f, 'y');
	ck_assert_ptr_eq(top(&f), &view_confirm);
	site_assess(f.sc.site);
	findings_press(&f, 'y');
	ck_assert_ptr_eq(top(&f), &view_finding);
	snprintf(path, sizeof path, "%.*s-" SIP_1 ".txt",
	    (int)(strlen(f.path) - strlen(".sitewalk")), f.path);
	buf_init(&text, 1 << 20);
	ck_assert_int_eq(file_read(path, 1 << 20, &text, &err), 0);
	ck_assert_ptr_nonnull(strstr(buf_str(&text), "What you do now"));
	buf_free(&text);
	findings_teardown(&f);
}
END_TEST

/* --- another run meanwhile ---------------------------------------------- */

START_TEST(rows_that_stand_still_go_with_their_run)
{
	struct fixture f;

	findings_setup(&f);
	findings_run_was(&f);
	findings_go(&f, "run");
	findings_press(&f, 'p');
	findings_expect(&f, "The rows stand still");
	/* begun from a finding that was opened above this page */
	f.sc.run_look.number++;
	screen_draw(&f.sc, 24, 80);
	ck_assert_ptr_null(findings_item(&f, "The rows stand still"));
	findings_teardown(&f);
}
END_TEST

/* --- what was typed or said --------------------------------------------- */

START_TEST(nobody_declares_what_he_has_not_seen)
{
	struct fixture f;
	struct site_info info;
	struct error err;
	const struct declaration *d;

	findings_setup(&f);
	findings_run_was(&f);
	info = f.sc.site->record->site;
	info.engineer = (char *)(uintptr_t) "Ada";
	ck_assert_int_eq(site_set_info(f.sc.site, &info, &err), 0);
	findings_go(&f, "sign");
	findings_focus(&f, "sign:hands_over:declare");
	screen_draw(&f.sc, 24, 80);
	findings_press(&f, ' ');
	ck_assert_ptr_eq(top(&f), &view_confirm);
	/* a test in the background ends while the question is read */
	f.sc.site->record->observations[0].rung = RUNG_APP_REPLY;
	f.sc.site->record->observations[0].failure = CAUSE_NONE;
	site_assess(f.sc.site);
	findings_press(&f, 'y');
	d = declaration_of(f.sc.site->record, PARTY_HANDS_OVER);
	ck_assert(d == NULL || d->when_us == 0);
	/* who has seen it declares it */
	findings_press(&f, ' ');
	findings_press(&f, 'y');
	d = declaration_of(f.sc.site->record, PARTY_HANDS_OVER);
	ck_assert_ptr_nonnull(d);
	ck_assert(declaration_holds(f.sc.site->record, d));
	findings_teardown(&f);
}
END_TEST

/* What was typed at the site that is laid aside is on disk. */
START_TEST(who_looks_at_a_handover_can_leave_the_program)
{
	struct papers_case f;
	struct record *r = papers_bad_day();

	papers_setup(&f);
	papers_open_site(&f, "z5");
	screen_set_draft(&f.sc, "q:z5.half", "half", "not complete");
	papers_write_handover(&f, r);
	papers_open_handover(&f);
	screen_key(&f.sc, 'q');
	ck_assert(f.sc.quit);
	/* and who compares it with the site, which is in its place then */
	f.sc.quit = false;
	screen_push(&f.sc, &view_compare, NULL);
	papers_draw(&f);
	screen_key(&f.sc, 'q');
	ck_assert(f.sc.quit);
	papers_teardown(&f);
	record_free(r);
}
END_TEST

HARNESS("view lives", help_is_closed_by_a_pasted_question_mark,
    the_plan_stands_while_a_test_in_the_background_ends,
    a_key_finds_the_page_as_it_is_judged_now,
    what_is_written_after_a_question_is_the_page_of_then,
    rows_that_stand_still_go_with_their_run,
    nobody_declares_what_he_has_not_seen,
    who_looks_at_a_handover_can_leave_the_program)
