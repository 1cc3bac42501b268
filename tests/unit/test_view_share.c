/* SPDX-License-Identifier: MIT */
/* The page for a copy for support: what it will hold is said first, nothing is
 * written without a yes, and the map only where it is asked for. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/record/seal.h"
#include "tests/unit/papers_case.h"

static void
go_to_share(struct papers_case *f)
{
	struct site_info info;

	papers_setup(f);
	papers_open_site(f, "z5");
	papers_pretend_run(f, true);
	info = f->sc.site->record->site;
	info.customer = arena_strdup(f->sc.site->record->arena,
	    "Quittenstein Estates");
	info.engineer = arena_strdup(f->sc.site->record->arena, "T. Oberhuber");
	ck_assert_int_eq(site_set_info(f->sc.site, &info, NULL), 0);
	papers_go_to_export(f);
	papers_press(f, 'C');
	ck_assert_str_eq(screen_top(&f->sc)->view->name, "share");
}

static void
press_button(struct papers_case *f, bool yes)
{
	papers_focus(f, PAGE_NEXT_ID);
	papers_press(f, UI_KEY_ENTER);
	ck_assert(papers_tells(f, "Write?"));
	papers_press(f, yes ? 'y' : 'n');
}

START_TEST(it_is_said_before_it_is_written)
{
	struct papers_case f;

	go_to_share(&f);
	ck_assert(papers_tells(&f, "Masked: people and places"));
	ck_assert(papers_tells(&f, "1 person; person-"));
	ck_assert(papers_tells(&f, "stands for T. Oberhuber"));
	ck_assert(papers_tells(&f, "which nobody signed"));
	ck_assert(!papers_is_there("t-support.json"));
	press_button(&f, false);
	ck_assert(!papers_is_there("t-support.json"));
	papers_teardown(&f);
}
END_TEST

START_TEST(the_copy_tells_nobody_and_verifies)
{
	struct arena *a = arena_new();
	struct seal_report report;
	struct papers_case f;
	char *text;

	go_to_share(&f);
	press_button(&f, true);
	ck_assert(papers_tells(&f, "The copy for support is in"));
	text = papers_contents("t-support.json");
	ck_assert_ptr_null(strstr(text, "Quittenstein"));
	ck_assert_ptr_null(strstr(text, "Oberhuber"));
	ck_assert_ptr_nonnull(strstr(text, "person-"));
	seal_check(a, text, strlen(text), NULL, 0, NULL, 0, &report);
	ck_assert_int_eq(report.verdict, SEAL_UNSIGNED);
	ck_assert(report.redacted);
	ck_assert(!papers_is_there("t-support-map.json"));
	free(text);
	arena_free(a);
	papers_teardown(&f);
}
END_TEST

START_TEST(a_section_is_left_out)
{
	struct papers_case f;
	char *text;

	go_to_share(&f);
	papers_focus(&f, "@section.people");
	papers_press(&f, UI_KEY_ENTER);
	ck_assert(papers_tells(&f, "Left out: people and places"));
	ck_assert(!papers_tells(&f, "1 person;"));
	ck_assert(!papers_tells(&f, "Support cannot judge it"));
	papers_focus(&f, "@section.observations");
	papers_press(&f, UI_KEY_ENTER);
	ck_assert(papers_tells(&f, "Support cannot judge it"));
	press_button(&f, true);
	text = papers_contents("t-support.json");
	ck_assert_ptr_null(strstr(text, "\n  \"site\""));
	ck_assert_ptr_nonnull(strstr(text, "\n  \"vantage\""));
	free(text);
	papers_teardown(&f);
}
END_TEST

START_TEST(the_map_stays_with_its_owner)
{
	struct papers_case f;
	struct stat st;
	char *text, path[160];

	go_to_share(&f);
	ck_assert(!papers_tells(&f, "It stands among papers"));
	papers_focus(&f, "@map");
	papers_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_nonnull(papers_item(&f, "share.map"));
	press_button(&f, true);
	ck_assert(papers_tells(&f, "readable by you alone"));
	text = papers_contents("t-support-map.json");
	ck_assert_ptr_nonnull(strstr(text, "Quittenstein Estates"));
	snprintf(path, sizeof path, "%s/t-support-map.json", f.dir);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	free(text);
	/* It is not written over another file. */
	papers_put("mine.txt", "mine");
	snprintf(path, sizeof path, "%s/mine.txt", f.dir);
	papers_fill(&f, "share.map", path);
	press_button(&f, true);
	ck_assert(papers_tells(&f, "takes the place of none"));
	text = papers_contents("mine.txt");
	ck_assert_str_eq(text, "mine");
	free(text);
	papers_teardown(&f);
}
END_TEST

HARNESS("view share", it_is_said_before_it_is_written,
    the_copy_tells_nobody_and_verifies, a_section_is_left_out,
    the_map_stays_with_its_owner)
