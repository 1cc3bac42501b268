/* SPDX-License-Identifier: MIT */
/* Handovers of others: told as they are, unchanged, and held against now.
 * Nothing is ever sent. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/digest.h"
#include "tests/unit/export_site.h"
#include "tests/unit/papers_case.h"

START_TEST(a_handover_is_told_on_its_first_screen)
{
	struct record *r = papers_bad_day();
	struct papers_case f;
	char *text, hex[DIGEST_HEX_SIZE];

	papers_setup(&f);
	papers_write_handover(&f, r);
	record_free(r);
	f.nrows = 24;
	f.ncols = 80;
	papers_open_handover(&f);
	ck_assert(papers_tells(&f, "Harbour House"));
	ck_assert(papers_tells(&f, "By: A. Fitter, Example Lights"));
	ck_assert(papers_tells(&f, "Written by sitewalk "));
	ck_assert(
	    papers_tells(&f, "Unsigned: nothing was changed by accident"));
	ck_assert(papers_tells(&f, "Complete: the check went to its end."));
	ck_assert(papers_tells(&f, "The file says: Not ready"));
	ck_assert(papers_tells(&f, "as of today: Not ready"));
	/* of today's packs none knows these lines */
	ck_assert(papers_tells(&f, "would be judged differently today"));
	ck_assert(papers_tells(&f, "bad.example.com"));
	ck_assert(papers_tells(&f, "of these packs is another one here"));
	text = papers_contents(f.handover);
	digest_sha256_hex(text, strlen(text), hex);
	ck_assert(papers_tells(&f, hex));
	ck_assert(papers_tells(&f, "a draft without a number"));
	free(text);
	ck_assert_int_eq(screen_top(&f.sc)->page.top, 0);
	papers_press(&f, UI_KEY_ESC);
	papers_press(&f, UI_KEY_ESC);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_sites);
	ck_assert_ptr_null(f.sc.site);
	papers_teardown(&f);
}
END_TEST

/* A copy of the file at path, with people masked and without the network. */
static void
put_copy(const char *path)
{
	enum seal_state want[SEAL_NSECTIONS] = {SEAL_WHOLE};
	struct error err;
	struct buf copy;
	char *text = papers_contents(path);
	size_t i;

	for (i = 0; i < SEAL_NSECTIONS; i++) {
		if (strcmp(seal_sections[i].name, "people") == 0)
			want[i] = SEAL_MASKED;
		else if (strcmp(seal_sections[i].name, "network") == 0)
			want[i] = SEAL_WITHHELD;
	}
	buf_init(&copy, (size_t)64 << 20);
	ck_assert_msg(seal_redact(text, strlen(text), want, &copy, NULL,
			  &err) == 0,
	    "%s", err.what);
	papers_put(path, buf_str(&copy));
	buf_free(&copy);
	free(text);
}

START_TEST(which_edition_and_which_copy_it_is)
{
	struct record *r = papers_bad_day();
	struct papers_case f;

	papers_setup(&f);
	r->edition = (struct edition){
	    .id = arena_strdup(r->arena, "HO-0123456789ab"),
	    .version = 2,
	    .supersedes = arena_strdup(r->arena, "HO-ba9876543210"),
	    .issued_us = r->ended_us,
	};
	papers_write_handover(&f, r);
	record_free(r);
	put_copy(f.handover);
	papers_open_handover(&f);
	ck_assert(papers_tells(&f, "Document: HO-0123456789ab, version 2"));
	ck_assert(papers_tells(&f, "It takes the place of HO-ba9876543210."));
	ck_assert(papers_tells(&f, "are masked in: people"));
	ck_assert(papers_tells(&f, "It is a copy without: the network"));
	papers_teardown(&f);
}
END_TEST

START_TEST(a_line_of_a_handover_opens_and_cannot_be_changed)
{
	struct deviation d = {0};
	struct error err = {0};
	struct record *r = papers_bad_day();
	struct papers_case f;
	char *before, *after;

	papers_setup(&f);
	papers_write_handover(&f, r);
	record_free(r);
	before = papers_contents(f.handover);
	papers_open_handover(&f);
	papers_focus(&f, "@line:1");
	papers_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_finding);
	ck_assert(papers_tells(&f, "It was looked at."));
	papers_press(&f, 'a');
	papers_press(&f, 'e');
	papers_press(&f, 'r');
	papers_press(&f, 'g');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_finding);
	d.requirement = d.owner = d.reason = d.expires = d.initials =
	    f.sc.site->record->needs[1].id;
	ck_assert_int_ne(site_deviate(f.sc.site, &d, &err), 0);
	ck_assert_int_ne(site_run_start(f.sc.site, f.sc.base, &err), 0);
	site_assess(f.sc.site);
	ck_assert_str_eq(f.sc.site->record->needs[1].id, "zencontrol.bad");
	after = papers_contents(f.handover);
	ck_assert_str_eq(before, after);
	free(before);
	free(after);
	papers_teardown(&f);
}
END_TEST

/* Whatever a view offers by mistake: nothing of it reaches the record. */
START_TEST(nothing_of_a_handover_can_be_changed_or_run)
{
	struct site_info info = {0};
	struct strlist none = {0};
	struct equipment e = {0};
	struct attestation t = {0};
	struct declaration d = {0};
	struct deviation v = {0};
	struct error err = {0};
	struct record *r = papers_bad_day();
	struct papers_case f;
	struct site *s;

	papers_setup(&f);
	papers_write_handover(&f, r);
	record_free(r);
	papers_open_handover(&f);
	s = f.sc.site;
	ck_assert(s->read_only);
	ck_assert_int_eq(site_set_info(s, &info, &err), -1);
	ck_assert_int_eq(site_set_products(s, &none, &err), -1);
	ck_assert_int_eq(site_set_answer(s, "z5", "os", NULL, &err), -1);
	ck_assert_int_eq(site_write_down(s, &e, &err), -1);
	ck_assert_int_eq(site_attest(s, &t, &err), -1);
	ck_assert_int_eq(site_declare(s, &d, &err), -1);
	ck_assert_int_eq(site_deviate(s, &v, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.what, "under review"));
	ck_assert_int_eq(site_run_start(s, f.sc.base, &err), -1);
	ck_assert_int_eq(site_run_retry(s, f.sc.base, NULL, &err), -1);
	err = (struct error){0};
	ck_assert_int_eq(screen_start_run(&f.sc, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.what, "under review"));
	screen_retry(&f.sc, &none);
	ck_assert_ptr_nonnull(strstr(f.sc.message, "under review"));
	ck_assert(!view_can_retry(&f.sc, NULL));
	ck_assert(!screen_is_running(&f.sc));
	papers_teardown(&f);
}
END_TEST

START_TEST(results_lead_to_a_comparison_once_there_are_any)
{
	struct papers_case f;

	papers_setup(&f);
	papers_open_site(&f, "z5");
	ck_assert(walk_go(f.sc.walk, "results"));
	screen_show_page(&f.sc);
	papers_draw(&f);
	papers_press(&f, 'c');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_results);
	papers_pretend_run(&f, true);
	papers_draw(&f);
	papers_press(&f, 'c');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_review);
	ck_assert_str_eq(screen_title(&f.sc), "Compare with which handover?");
	papers_press(&f, UI_KEY_ESC);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_results);
	papers_teardown(&f);
}
END_TEST

START_TEST(the_site_at_work_is_kept_aside_and_comes_back)
{
	struct record *r = papers_bad_day();
	struct papers_case f;
	struct site *mine;
	struct walk *walk;

	papers_setup(&f);
	papers_write_handover(&f, r);
	record_free(r);
	papers_open_site(&f, "z5");
	papers_go_to_export(&f);
	mine = f.sc.site;
	walk = f.sc.walk;
	papers_press(&f, 'v');
	papers_focus(&f, f.handover);
	papers_press(&f, UI_KEY_ENTER);
	ck_assert(f.sc.site->read_only);
	ck_assert_ptr_eq(f.sc.aside, mine);
	papers_press(&f, 'd');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_compare);
	ck_assert_ptr_eq(f.sc.site, mine);
	ck_assert(papers_tells(&f, "The sites have different names"));
	papers_press(&f, UI_KEY_ESC);
	ck_assert(f.sc.site->read_only);
	papers_press(&f, UI_KEY_ESC);
	ck_assert_ptr_eq(f.sc.site, mine);
	ck_assert_ptr_eq(f.sc.walk, walk);
	ck_assert_ptr_null(f.sc.aside);
	/* From anywhere within, one key leads back to one's own papers. */
	papers_focus(&f, f.handover);
	papers_press(&f, UI_KEY_ENTER);
	papers_press(&f, 'd');
	papers_press(&f, 'e');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_export);
	ck_assert_ptr_eq(f.sc.site, mine);
	ck_assert_ptr_null(f.sc.aside);
	papers_teardown(&f);
}
END_TEST

START_TEST(what_changed_since_a_handover_is_told)
{
	struct papers_case f;

	papers_setup(&f);
	papers_open_site(&f, "z5");
	papers_pretend_run(&f, true);
	papers_go_to_export(&f);
	papers_focus(&f, PAGE_NEXT_ID);
	papers_press(&f, UI_KEY_ENTER);
	/* another router since */
	f.sc.site->record->vantage
	    .gateway = arena_strdup(f.sc.site->record->arena, "192.168.1.1");
	papers_press(&f, 'd');
	papers_focus(&f, f.handover);
	papers_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_compare);
	ck_assert(papers_tells(&f, "not measured from the same network"));
	ck_assert(
	    papers_tells(&f, "Gateway: then 10.20.30.1, now 192.168.1.1"));
	ck_assert(papers_tells(&f, "needs are as they were."));
	ck_assert(!papers_tells(&f, "Worked, and fails now"));
	papers_teardown(&f);
}
END_TEST

/* Page by page to the end, whatever the size of the window. */
static void
read_to_the_end(struct papers_case *f)
{
	const struct page *p = &screen_top(&f->sc)->page;
	int before;

	do {
		before = p->top;
		papers_press(f, UI_KEY_PGDN);
	} while (p->top != before);
	ck_assert_int_eq(p->top + p->nrows, p->nlines);
}

START_TEST(long_texts_are_read_in_the_smallest_window)
{
	struct record *r = papers_bad_day();
	struct papers_case f;
	char *text;
	size_t i;

	papers_setup(&f);
	for (i = 0; i < r->nneeds; i++)
		r->needs[i].product = arena_strdup(r->arena, "unheard-of");
	papers_write_handover(&f, r);
	r->needs[1].outcome = OUTCOME_PASS;
	for (i = 0; i < r->nneeds; i++)
		r->needs[i].summary = arena_strdup(r->arena,
		    "Something was seen that takes many words to tell, so "
		    "that in a small window it takes more lines than there "
		    "are, and a few more of them so that it certainly does, "
		    "with a reason, and a guess, and what may be done.");
	r->needs[0].outcome = OUTCOME_FAIL;
	text = export_bytes(r, EXPORT_HANDOVER, "json", SCOPE_ALL);
	papers_put("later/handover.json", text);
	free(text);
	record_free(r);
	f.nrows = 10;
	f.ncols = 40;
	screen_push(&f.sc, &view_handover, f.handover);
	papers_draw(&f);
	ck_assert_int_eq(screen_top(&f.sc)->page.top, 0);
	read_to_the_end(&f);
	screen_push(&f.sc, &view_compare, "later/handover.json");
	papers_draw(&f);
	ck_assert(papers_tells(&f, "Worked, and fails now: 1"));
	read_to_the_end(&f);
	papers_teardown(&f);
}
END_TEST

START_TEST(two_handovers_are_held_against_each_other_in_their_order)
{
	struct record *r = papers_bad_day();
	struct papers_case f;
	char older[192], *text;

	papers_setup(&f);
	papers_write_handover(&f, r);
	r->started_us -= INT64_C(86400000000);
	r->needs[1].outcome = OUTCOME_PASS;
	strlist_add(r->arena, &r->products, "unheard-of");
	r->needs[1].product = arena_strdup(r->arena, "unheard-of");
	text = export_bytes(r, EXPORT_HANDOVER, "json", SCOPE_ALL);
	snprintf(older, sizeof older, "%s/older/handover.json", f.dir);
	papers_put(older, text);
	free(text);
	r->started_us += INT64_C(86400000000);
	r->needs[1].outcome = OUTCOME_FAIL;
	papers_write_handover(&f, r);
	record_free(r);
	papers_open_handover(&f);
	ck_assert(papers_tells(&f, "it has no pack for unheard-of"));
	ck_assert(!papers_tells(&f, "Judged by this program, as of today"));
	papers_press(&f, 'd');
	ck_assert(
	    papers_tells(&f, "Name an older handover.json or a site file"));
	papers_focus(&f, older);
	papers_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_compare);
	/* for what no pack is here the files' own words count */
	ck_assert(papers_tells(&f, "Worked, and fails now: 1"));
	ck_assert(!papers_tells(&f, "\"then\" is after \"now\""));
	papers_teardown(&f);
}
END_TEST

HARNESS("view review", results_lead_to_a_comparison_once_there_are_any,
    nothing_of_a_handover_can_be_changed_or_run,
    a_handover_is_told_on_its_first_screen, which_edition_and_which_copy_it_is,
    a_line_of_a_handover_opens_and_cannot_be_changed,
    the_site_at_work_is_kept_aside_and_comes_back,
    what_changed_since_a_handover_is_told,
    long_texts_are_read_in_the_smallest_window,
    two_handovers_are_held_against_each_other_in_their_order)
