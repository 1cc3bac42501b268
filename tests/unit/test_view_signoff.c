/* SPDX-License-Identifier: MIT */
/* What people state, accept and declare: kept apart from what was measured,
 * on disk at once, and tied to the results that it was said of. */
#include <string.h>

#include "core/record/declaration.h"
#include "core/record/json.h"
#include "tests/unit/findings_site.h"
#include "tests/unit/harness.h"
#include "tests/unit/judge_case.h"

/* --- steps ------------------------------------------------------------- */

START_TEST(what_is_skipped_says_why)
{
	struct fixture f;
	struct record *r;
	size_t i;
	static const char reason[] = "No phone here yet";

	findings_setup(&f);
	findings_run_was(&f);
	findings_go(&f, "step:z5.zdial");
	ck_assert(findings_show(&f, "0 of 5 done."));
	findings_focus(&f, "c:z5.zdial.signed-in=yes");
	findings_press(&f, 'x');
	ck_assert_str_eq(screen_top(&f.sc)->page.focus, "r:z5.zdial.signed-in");
	ck_assert(findings_show(&f, "Say why in a few words"));
	ck_assert(findings_show(&f, "0 of 5 done, 1 more skipped."));
	for (i = 0; i < sizeof reason - 1; i++) {
		findings_press(&f, (unsigned char)reason[i]);
		r = findings_on_disk(&f);
		ck_assert_uint_eq(r->nattestations, 1);
		ck_assert_str_eq(r->attestations[0].answer, "skipped");
		ck_assert_uint_eq(strlen(r->attestations[0].reason), i + 1);
		record_free(r);
	}
	ck_assert(!findings_show(&f, "Say why in a few words"));
	ck_assert(findings_show(&f, "not measured."));
	/* answered after all, it needs no reason */
	findings_focus(&f, "c:z5.zdial.signed-in=yes");
	findings_press(&f, ' ');
	ck_assert(findings_show(&f, "1 of 5 done."));
	r = findings_on_disk(&f);
	ck_assert_str_eq(r->attestations[0].answer, "yes");
	ck_assert_ptr_null(r->attestations[0].reason);
	record_free(r);
	findings_teardown(&f);
}
END_TEST

START_TEST(typed_is_never_called_measured)
{
	struct error err = {0};
	struct fixture f;
	struct equipment e = {0};
	const struct item *i;
	struct arena *a = arena_new();

	findings_setup(&f);
	findings_run_was(&f);
	findings_go(&f, "step:z5.zdial");
	findings_focus(&f, "w:z5.number");
	findings_type(&f, "0800");
	i = findings_expect(&f, "Typed on ");
	ck_assert_ptr_null(strstr(i->text, "easured"));
	ck_assert_ptr_null(findings_item(&f, "Measured on"));
	e.product = arena_strdup(a, "z5");
	e.item = arena_strdup(a, "mac");
	e.label = arena_strdup(a, "MAC address");
	e.value = arena_strdup(a, "02:00:00:00:00:01");
	e.how = arena_strdup(a, "measured");
	e.when_us = CASE_START_US;
	ck_assert_int_eq(site_write_down(f.sc.site, &e, &err), 0);
	screen_draw(&f.sc, 24, 80);
	findings_expect(&f, "Measured on 2026-11-21 11:42");
	/* a letter more, and it is a person's word */
	findings_focus(&f, "w:z5.mac");
	findings_type(&f, "0");
	ck_assert_ptr_null(findings_item(&f, "Measured on"));
	findings_teardown(&f);
	arena_free(a);
}
END_TEST

/* --- deviations -------------------------------------------------------- */

START_TEST(what_is_accepted_can_be_taken_back)
{
	struct fixture f;
	const struct item *i;
	struct record *r;

	findings_setup(&f);
	findings_run_was(&f);
	findings_accept(&f, SIP_1);
	ck_assert_int_eq(record_need(f.sc.site->record, SIP_1)->outcome,
	    OUTCOME_WAIVED);
	findings_go(&f, "results");
	findings_expect(&f, "Accepted by name: 1 of 1 in force");
	findings_press(&f, 'd');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_deviations);
	i = findings_expect(&f, "208.94.16.21");
	ck_assert_str_eq(i->word, "IN FORCE");
	findings_expect(&f, "Accepted by Ms Owner until 9999-12-31");
	findings_press(&f, 'w');
	findings_press(&f, UI_KEY_ENTER); /* the safe answer keeps it */
	ck_assert_uint_eq(f.sc.site->record->ndeviations, 1);
	findings_press(&f, 'w');
	findings_press(&f, 'y');
	ck_assert_uint_eq(f.sc.site->record->ndeviations, 0);
	ck_assert_int_eq(record_need(f.sc.site->record, SIP_1)->outcome,
	    OUTCOME_FAIL);
	r = findings_on_disk(&f);
	ck_assert_uint_eq(r->ndeviations, 0);
	record_free(r);
	findings_teardown(&f);
}
END_TEST

/* --- the sign-off ------------------------------------------------------ */

static const struct declaration *
declared(struct fixture *f, enum party party)
{
	return declaration_of(f->sc.site->record, party);
}

static void
sign_here(struct fixture *f)
{
	findings_go(f, "sign");
	findings_focus(f, "sign:accepts:name");
	findings_type(f, "Ms Chef");
	findings_focus(f, "sign:accepts:declare");
	findings_press(f, ' ');
	ck_assert_ptr_eq(screen_top(&f->sc)->view, &view_confirm);
	findings_press(f, 'y');
	ck_assert_ptr_nonnull(declared(f, PARTY_ACCEPTS));
	ck_assert(
	    declaration_holds(f->sc.site->record, declared(f, PARTY_ACCEPTS)));
}

START_TEST(nobody_declares_without_a_name_or_a_run)
{
	struct fixture f;

	findings_setup(&f);
	findings_go(&f, "sign");
	findings_focus(&f, "sign:accepts:declare");
	findings_press(&f, ' ');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_signoff);
	ck_assert(findings_show(&f, "Nothing was checked yet"));
	ck_assert_uint_eq(f.sc.site->record->ndeclarations, 0);
	findings_run_was(&f);
	findings_focus(&f, "sign:accepts:declare");
	findings_press(&f, ' ');
	ck_assert(findings_show(&f, "Write the name first"));
	ck_assert_str_eq(screen_top(&f.sc)->page.focus, "sign:accepts:name");
	ck_assert_uint_eq(f.sc.site->record->ndeclarations, 0);
	/* the safe answer declares nothing either */
	findings_type(&f, "Ms Chef");
	findings_focus(&f, "sign:accepts:declare");
	findings_press(&f, UI_KEY_ENTER);
	findings_press(&f, UI_KEY_ENTER);
	ck_assert_int_eq(declared(&f, PARTY_ACCEPTS)->when_us, 0);
	ck_assert(
	    !declaration_holds(f.sc.site->record, declared(&f, PARTY_ACCEPTS)));
	findings_teardown(&f);
}
END_TEST

START_TEST(the_sign_off_says_what_is_signed)
{
	struct fixture f;

	findings_setup(&f);
	findings_run_was(&f);
	findings_go(&f, "sign");
	ck_assert(findings_show(&f, "NOT YET"));
	ck_assert(findings_show(&f, "the connection was cut off"));
	ck_assert(findings_show(&f, "were not checked."));
	ck_assert(findings_show(&f, "No deviation is accepted."));
	findings_accept(&f, SIP_1);
	screen_draw(&f.sc, 24, 80);
	ck_assert(findings_show(&f, "Deviations: 1 accepted by name"));
	findings_teardown(&f);
}
END_TEST

START_TEST(a_declaration_is_on_disk_and_in_the_handover)
{
	struct error err = {0};
	struct fixture f;
	struct record *r;
	struct buf text;
	json_t *j;

	findings_setup(&f);
	findings_run_was(&f);
	sign_here(&f);
	r = findings_on_disk(&f);
	ck_assert_uint_eq(r->ndeclarations, 1);
	ck_assert_int_eq(r->declarations[0].party, PARTY_ACCEPTS);
	ck_assert_str_eq(r->declarations[0].name, "Ms Chef");
	ck_assert_str_eq(r->declarations[0].state,
	    declared(&f, PARTY_ACCEPTS)->state);
	record_free(r);
	/* read back from the handover, it still is about what stands there */
	buf_init(&text, 1 << 24);
	j = record_to_json(f.sc.site->record);
	json_write(j, &text);
	json_decref(j);
	r = record_from_json(buf_str(&text), text.len, &err);
	ck_assert_msg(r != NULL, "%s", err.what);
	ck_assert_uint_eq(r->ndeclarations, 1);
	ck_assert(declaration_holds(r, &r->declarations[0]));
	record_free(r);
	buf_free(&text);
	findings_teardown(&f);
}
END_TEST

START_TEST(changed_results_ask_for_a_new_declaration)
{
	struct fixture f;
	struct record *r;

	findings_setup(&f);
	findings_run_was(&f);
	sign_here(&f);
	ck_assert_ptr_nonnull(findings_item(&f, "Declared by Ms Chef"));
	r = f.sc.site->record;
	/* another run with the same results is another state */
	r->ended_us += 60000000;
	screen_draw(&f.sc, 24, 80);
	findings_expect(&f, "for an earlier state");
	ck_assert(!declaration_holds(r, declared(&f, PARTY_ACCEPTS)));
	ck_assert_int_eq(walk_state(f.sc.walk, walk_index(f.sc.walk)),
	    WALK_BEGUN);
	r->ended_us -= 60000000;
	ck_assert(declaration_holds(r, declared(&f, PARTY_ACCEPTS)));
	/* and so is what somebody accepts afterwards */
	findings_accept(&f, SIP_2);
	ck_assert(!declaration_holds(r, declared(&f, PARTY_ACCEPTS)));
	/* it can be renewed */
	screen_draw(&f.sc, 24, 80);
	findings_focus(&f, "sign:accepts:declare");
	findings_press(&f, ' ');
	findings_press(&f, 'y');
	ck_assert(declaration_holds(r, declared(&f, PARTY_ACCEPTS)));
	findings_teardown(&f);
}
END_TEST

START_TEST(another_name_is_another_declaration)
{
	struct fixture f;

	findings_setup(&f);
	findings_run_was(&f);
	sign_here(&f);
	findings_focus(&f, "sign:accepts:name");
	findings_type(&f, "!");
	ck_assert(findings_show(&f, "has to be declared again"));
	ck_assert_str_eq(declared(&f, PARTY_ACCEPTS)->name, "Ms Chef!");
	ck_assert_int_eq(declared(&f, PARTY_ACCEPTS)->when_us, 0);
	findings_teardown(&f);
}
END_TEST

HARNESS("view signoff", what_is_skipped_says_why,
    typed_is_never_called_measured, what_is_accepted_can_be_taken_back,
    nobody_declares_without_a_name_or_a_run, the_sign_off_says_what_is_signed,
    a_declaration_is_on_disk_and_in_the_handover,
    changed_results_ask_for_a_new_declaration,
    another_name_is_another_declaration)
