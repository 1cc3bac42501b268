/* SPDX-License-Identifier: MIT */
/* The papers of a site: what is said before they are written, what stands in
 * them, and what is left alone. Nothing is ever sent. */
#include "tests/unit/harness.h"

#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/export/export.h"
#include "core/record/json.h"
#include "tests/unit/export_site.h"
#include "tests/unit/papers_case.h"

#define FILE_MAX ((size_t)64 << 20)

/* How many files a group has; EXPORT_NO_GROUP: the handover sheet and the
 * change request, which are written where nothing was chosen. */
static size_t
count_files(enum export_group g)
{
	size_t i, n = 0;

	for (i = 0; i < export_format_count; i++) {
		enum export_group x = export_formats[i]->group;

		n += g == EXPORT_NO_GROUP ?
		    x == EXPORT_SHEET || x == EXPORT_CHANGE :
		    x == g;
	}
	ck_assert_uint_gt(n, 0);
	return n;
}

/* Does the page speak of so many files? */
static bool
tells_files(struct papers_case *f, size_t n, const char *rest)
{
	char want[64];

	snprintf(want, sizeof want, "%zu files%s", n, rest);
	return papers_tells(f, want);
}

/* Those that are ticked, and SHA256SUMS. */
static bool
tells_written(struct papers_case *f, size_t n)
{
	return tells_files(f, n + 1, " were written.");
}

static void
choose(struct papers_case *f, const char *id)
{
	papers_focus(f, id);
	papers_press(f, ' ');
}

static void
go_to(struct papers_case *f, const char *id)
{
	papers_focus(f, id);
	papers_press(f, UI_KEY_ENTER);
}

static void
write_them(struct papers_case *f)
{
	go_to(f, PAGE_NEXT_ID);
}

static void
choose_firewall(struct papers_case *f, const char *name)
{
	go_to(f, "@firewalls");
	ck_assert_ptr_eq(screen_top(&f->sc)->view, &view_export_firewalls);
	choose(f, name);
	papers_press(f, UI_KEY_ESC);
	ck_assert_ptr_eq(screen_top(&f->sc)->view, &view_export);
}

/* --- the export page ----------------------------------------------------- */

START_TEST(every_format_is_in_a_group)
{
	size_t i;

	for (i = 0; i < export_format_count; i++) {
		const struct export_format *x = export_formats[i];

		ck_assert_msg((x->group == EXPORT_NO_GROUP) ==
			(x->document == EXPORT_FINDINGS),
		    "%s", x->file);
		ck_assert_msg((x->group == EXPORT_RULES) ==
			(x->firewall != NULL),
		    "%s", x->file);
		/* What is its own dialect is of a firewall. */
		ck_assert(x->dialect == NULL || x->firewall != NULL);
	}
}
END_TEST

START_TEST(all_is_said_before_anything_is_written)
{
	size_t usual = count_files(EXPORT_NO_GROUP);
	struct papers_case f;
	char want[128];

	papers_setup(&f);
	papers_open_site(&f, "z5");
	papers_go_to_export(&f);
	ck_assert(papers_tells(&f, "NOT CHECKED: no check was run"));
	ck_assert(papers_tells(&f, "This folder is not there yet"));
	ck_assert(papers_item(&f, "group.sheet")->on);
	ck_assert(papers_item(&f, "group.change")->on);
	ck_assert(!papers_item(&f, "group.tickets")->on);
	ck_assert(!papers_item(&f, "group.lists")->on);
	ck_assert(papers_tells(&f, "Rules for the firewall: none chosen"));
	ck_assert(papers_tells(&f, "Paper and language: A4, English"));
	ck_assert(papers_tells(&f, "Signature: not signed"));
	ck_assert(tells_files(&f, usual, ", "));
	snprintf(want, sizeof want, "%s/t-handover", f.dir);
	ck_assert_str_eq(papers_item(&f, "export.dir")->value, want);
	/* and every single file, with its size */
	go_to(&f, "@files");
	ck_assert(papers_tells(&f, "handover.json ("));
	ck_assert(papers_tells(&f, "firewall/rules.csv ("));
	ck_assert(papers_tells(&f, "firewall/snippets/fortios.txt ("));
	ck_assert(!papers_is_there("t-handover"));
	papers_teardown(&f);
}
END_TEST

START_TEST(the_button_writes_what_is_ticked)
{
	size_t usual = count_files(EXPORT_NO_GROUP);
	struct papers_case f;
	char *text;

	papers_setup(&f);
	papers_open_site(&f, "z5");
	papers_pretend_run(&f, true);
	papers_go_to_export(&f);
	go_to(&f, "@files");
	choose(&f, "firewall/rules.csv");
	ck_assert(!papers_item(&f, "firewall/rules.csv")->on);
	papers_press(&f, UI_KEY_ESC);
	ck_assert(tells_files(&f, usual - 1, ", "));
	ck_assert(papers_item(&f, "group.change")->on);
	ck_assert(!papers_is_there("t-handover"));
	write_them(&f);
	ck_assert(tells_written(&f, usual - 1));
	ck_assert(papers_tells(&f, "/t-handover:"));
	ck_assert(papers_tells(&f, "give it to the customer"));
	ck_assert(papers_tells(&f, "Send it to the IT desk"));
	ck_assert(papers_tells(&f, "Keep it"));
	ck_assert(papers_tells(&f, "Nobody signed"));
	ck_assert(papers_tells(&f, "sitewalk verify '"));
	ck_assert(papers_is_there("t-handover/SHA256SUMS"));
	ck_assert(papers_is_there("t-handover/firewall/request.txt"));
	ck_assert(!papers_is_there("t-handover/firewall/rules.csv"));
	ck_assert(!papers_is_there("t-handover/firewall/jira.csv"));
	text = papers_contents("t-handover/handover.txt");
	ck_assert_ptr_null(strstr(text, "PARTIAL"));
	ck_assert_ptr_nonnull(strstr(text, "U N S I G N E D"));
	free(text);
	papers_teardown(&f);
}
END_TEST

START_TEST(a_group_is_ticked_as_one)
{
	size_t usual = count_files(EXPORT_NO_GROUP);
	size_t tickets = count_files(EXPORT_TICKETS);
	struct papers_case f;

	papers_setup(&f);
	papers_open_site(&f, "z5");
	papers_go_to_export(&f);
	choose(&f, "group.tickets");
	ck_assert(papers_item(&f, "group.tickets")->on);
	ck_assert(tells_files(&f, usual + tickets, ", "));
	choose(&f, "group.sheet");
	choose(&f, "group.change");
	ck_assert(tells_files(&f, tickets, ", "));
	choose(&f, "group.tickets");
	ck_assert(papers_tells(&f, "Nothing is ticked"));
	write_them(&f);
	ck_assert(papers_tells(&f, "Tick at least one file"));
	ck_assert(!papers_is_there("t-handover"));
	papers_teardown(&f);
}
END_TEST

START_TEST(rules_are_written_for_the_firewalls_of_the_customer)
{
	size_t usual = count_files(EXPORT_NO_GROUP);
	struct papers_case f;

	papers_setup(&f);
	papers_open_site(&f, "z5");
	papers_go_to_export(&f);
	choose_firewall(&f, "fortios");
	ck_assert(papers_tells(&f, "1 file, "));
	ck_assert(papers_tells(&f, "FortiGate (FortiOS)"));
	/* one firewall can take several files */
	choose_firewall(&f, "nftables");
	ck_assert(tells_files(&f, usual + 3, ", "));
	write_them(&f);
	ck_assert(papers_is_there("t-handover/firewall/snippets/fortios.txt"));
	ck_assert(papers_is_there("t-handover/firewall/sitewalk.nft"));
	ck_assert(papers_is_there("t-handover/firewall/dnsmasq.conf"));
	ck_assert(!papers_is_there("t-handover/firewall/snippets/panos.txt"));
	/* Another site begins with the same ones. */
	ck_assert_str_eq(f.sc.settings.firewalls, "fortios,nftables");
	screen_leave_site(&f.sc);
	snprintf(f.path, sizeof f.path, "%s/other.sitewalk", f.dir);
	papers_open_site(&f, "z5");
	papers_go_to_export(&f);
	ck_assert(papers_tells(&f, "nftables (Linux), FortiGate (FortiOS)"));
	/* What is taken off there stays at the first. */
	choose_firewall(&f, "fortios");
	choose_firewall(&f, "nftables");
	ck_assert(papers_tells(&f, "Rules for the firewall: none chosen"));
	papers_teardown(&f);
}
END_TEST

/* An older export is not left half in place, and nobody's file goes unseen. */
START_TEST(what_would_be_taken_away_is_said)
{
	size_t usual = count_files(EXPORT_NO_GROUP);
	struct papers_case f;

	papers_setup(&f);
	papers_open_site(&f, "z5");
	papers_go_to_export(&f);
	choose(&f, "group.tickets");
	write_them(&f);
	ck_assert(papers_is_there("t-handover/firewall/jira.csv"));
	papers_put("t-handover/firewall/change_request.csv", "mine now");
	screen_pop(&f.sc);
	papers_go_to_export(&f);
	choose(&f, "group.tickets");
	write_them(&f);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_confirm);
	ck_assert(tells_files(&f, usual, " of it are replaced."));
	ck_assert(papers_tells(&f, "1 file of it is taken away"));
	papers_press(&f, 'y');
	ck_assert(!papers_is_there("t-handover/firewall/jira.csv"));
	ck_assert(papers_is_there("t-handover/firewall/change_request.csv"));
	papers_teardown(&f);
}
END_TEST

START_TEST(older_files_are_replaced_only_after_a_yes)
{
	struct papers_case f;
	char *text;

	papers_setup(&f);
	papers_put("t-handover/handover.txt", "older");
	papers_put("t-handover/mine.txt", "mine");
	papers_open_site(&f, "z5");
	papers_go_to_export(&f);
	ck_assert(papers_tells(&f, "1 file of an older export is there"));
	papers_focus(&f, PAGE_NEXT_ID);
	papers_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_confirm);
	papers_press(&f, UI_KEY_ENTER);
	text = papers_contents("t-handover/handover.txt");
	ck_assert_str_eq(text, "older");
	free(text);
	papers_press(&f, UI_KEY_ENTER);
	papers_press(&f, 'y');
	ck_assert(tells_written(&f, count_files(EXPORT_NO_GROUP)));
	text = papers_contents("t-handover/handover.txt");
	ck_assert_ptr_nonnull(strstr(text, "Hotel Alpenblick"));
	free(text);
	text = papers_contents("t-handover/mine.txt");
	ck_assert_str_eq(text, "mine");
	free(text);
	/* once is enough */
	papers_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_export);
	ck_assert(tells_written(&f, count_files(EXPORT_NO_GROUP)));
	papers_teardown(&f);
}
END_TEST

START_TEST(a_folder_is_understood_as_people_type_it)
{
	struct papers_case f;
	char want[128];

	papers_setup(&f);
	papers_open_site(&f, "z5");
	papers_go_to_export(&f);
	papers_fill(&f, "export.dir", "~/papers/today");
	snprintf(want, sizeof want, "%s/papers/today", f.dir);
	ck_assert(papers_tells(&f, want));
	papers_focus(&f, PAGE_NEXT_ID);
	papers_press(&f, UI_KEY_ENTER);
	ck_assert(papers_is_there("papers/today/handover.json"));
	ck_assert_str_eq(f.sc.exported, want);
	papers_fill(&f, "export.dir", " deep/er ");
	papers_focus(&f, PAGE_NEXT_ID);
	papers_press(&f, UI_KEY_ENTER);
	ck_assert(papers_is_there("deep/er/handover.json"));
	/* emptied, it is the usual one again */
	papers_fill(&f, "export.dir", "");
	papers_focus(&f, PAGE_NEXT_ID);
	papers_press(&f, UI_KEY_ENTER);
	ck_assert(papers_is_there(f.handover));
	papers_teardown(&f);
}
END_TEST

/* Root may write anywhere; a person at a laptop may not. */
static void
drop_powers(void)
{
	struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};

	ck_assert_int_eq(syscall(SYS_capset, &head, none), 0);
}

START_TEST(a_folder_that_cannot_be_used_is_told_on_leaving)
{
	struct papers_case f;

	papers_setup(&f);
	papers_open_site(&f, "z5");
	papers_put("plain", "a file");
	ck_assert_int_eq(mkdir("closed", 0500), 0);
	drop_powers();
	papers_go_to_export(&f);
	papers_fill(&f, "export.dir", "plain");
	ck_assert(papers_tells(&f, "is a file, not a folder"));
	papers_fill(&f, "export.dir", "plain/below");
	ck_assert(papers_tells(&f, "is a file, not a folder"));
	papers_fill(&f, "export.dir", "~anna/papers");
	ck_assert(papers_tells(&f, "your own home folder only"));
	papers_fill(&f, "export.dir", "closed/new");
	ck_assert(papers_tells(&f, "You may not write in"));
	/* the button leads back, and nothing is written */
	papers_focus(&f, PAGE_NEXT_ID);
	papers_press(&f, UI_KEY_ENTER);
	ck_assert_str_eq(screen_top(&f.sc)->page.focus, "export.dir");
	ck_assert(!papers_is_there("closed/new"));
	/* made right, the complaint is gone */
	papers_fill(&f, "export.dir", "open");
	ck_assert(!papers_tells(&f, "You may not write in"));
	ck_assert_ptr_null(screen_draft(&f.sc, "export.dir")->problem);
	papers_teardown(&f);
}
END_TEST

START_TEST(choices_outlive_the_program)
{
	struct error err = {0};
	struct papers_case f;
	struct site *s;

	papers_setup(&f);
	papers_open_site(&f, "z5");
	papers_pretend_run(&f, true);
	papers_go_to_export(&f);
	ck_assert(papers_item(&f, "needed")->on);
	papers_fill(&f, "export.dir", "my papers");
	papers_focus(&f, "all");
	papers_press(&f, ' ');
	go_to(&f, "@files");
	choose(&f, "handover.txt");
	choose(&f, "firewall/jira.csv");
	papers_press(&f, UI_KEY_ESC);
	screen_leave_site(&f.sc);
	s = site_open(&f.sc.app, f.path, false, &err);
	ck_assert_msg(s != NULL, "%s", err.what);
	screen_enter_site(&f.sc, s);
	papers_draw(&f);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_export);
	ck_assert_str_eq(papers_item(&f, "export.dir")->value, "my papers");
	ck_assert(papers_item(&f, "all")->on);
	ck_assert(tells_files(&f, count_files(EXPORT_NO_GROUP), ", "));
	go_to(&f, "@files");
	ck_assert(!papers_item(&f, "handover.txt")->on);
	ck_assert(papers_item(&f, "firewall/jira.csv")->on);
	ck_assert(papers_item(&f, "handover.json")->on);
	papers_teardown(&f);
}
END_TEST

START_TEST(a_part_of_a_check_is_marked_in_every_paper)
{
	static const char *const files[] = {"handover.txt",
	    "firewall/request.txt", "firewall/sitewalk.nft",
	    "firewall/dnsmasq.conf"};
	struct papers_case f;
	char *text, path[128];
	json_t *j;
	size_t i;

	papers_setup(&f);
	papers_open_site(&f, "z5");
	papers_pretend_run(&f, false);
	papers_go_to_export(&f);
	choose_firewall(&f, "nftables");
	ck_assert(papers_tells(&f, "PARTIAL: the check was cut short; "));
	ck_assert(papers_tells(&f, "lines were not checked."));
	papers_focus(&f, PAGE_NEXT_ID);
	papers_press(&f, UI_KEY_ENTER);
	for (i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "t-handover/%s", files[i]);
		text = papers_contents(path);
		ck_assert_msg(strstr(text, "PARTIAL: the check was cut") !=
			NULL,
		    "%s does not say it", path);
		free(text);
	}
	text = papers_contents("t-handover/firewall/rules.json");
	j = json_loads(text, 0, NULL);
	ck_assert(json_is_false(json_object_get(j, "complete")));
	ck_assert_int_gt(json_integer_value(json_object_get(j, "not_checked")),
	    0);
	json_decref(j);
	free(text);
	papers_teardown(&f);
}
END_TEST

START_TEST(e_leads_to_the_papers_from_every_page)
{
	struct papers_case f;

	papers_setup(&f);
	papers_open_site(&f, "z5");
	ck_assert(walk_go(f.sc.walk, "plan"));
	screen_show_page(&f.sc);
	papers_draw(&f);
	papers_press(&f, 'e');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_export);
	ck_assert_uint_eq(f.sc.nframes, 2);
	screen_push(&f.sc, &view_finding, "z5.dns");
	papers_draw(&f);
	papers_press(&f, 'e');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_export);
	ck_assert_uint_eq(f.sc.nframes, 2);
	papers_teardown(&f);
}
END_TEST

/* --- the preview --------------------------------------------------------- */

START_TEST(the_preview_is_the_text_of_the_file)
{
	static const int widths[] = {80, 60, 132};
	struct papers_case f;
	size_t i, k;

	papers_setup(&f);
	papers_open_site(&f, "z5");
	papers_pretend_run(&f, true);
	papers_go_to_export(&f);
	papers_press(&f, 's');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_preview);
	for (i = 0; i < sizeof widths / sizeof *widths; i++) {
		const struct page *p = &screen_top(&f.sc)->page;
		int ncols = widths[i] - 1 < 96 ? widths[i] - 1 : 96;
		struct export_options opt = {.ncols = ncols,
		    .now_us = EXPORT_NOW_US};
		struct error err;
		struct buf out;
		size_t first = 0, n = 0;
		char *copy, *rest, *line;

		f.ncols = widths[i];
		papers_draw(&f);
		buf_init(&out, FILE_MAX);
		ck_assert_int_eq(export_find(EXPORT_HANDOVER, "text")
				     ->write(f.sc.site->record, &opt, &out,
					 &err),
		    0);
		while (strncmp(p->item[first].text, "HANDOVER", 8) != 0)
			first++;
		rest = copy = buf_take(&out);
		while ((line = strsep(&rest, "\n")) != NULL && rest != NULL) {
			k = first + n++;
			ck_assert_uint_lt(k, p->nitems);
			/* The moment of looking is its own. */
			if (strncmp(line, "Written:", 8) == 0)
				continue;
			ck_assert_str_eq(p->item[k].text, line);
			ck_assert_int_le(text_width(p->item[k].text), ncols);
			ck_assert_int_eq(p->item[k].nlines, 1);
		}
		ck_assert_uint_gt(n, 40);
		free(copy);
	}
	papers_press(&f, 'c');
	ck_assert(papers_tells(&f, "FIREWALL CHANGE REQUEST"));
	ck_assert(!papers_tells(&f, "HANDOVER SHEET"));
	papers_focus(&f, "sheet");
	papers_press(&f, UI_KEY_ENTER);
	ck_assert(papers_tells(&f, "HANDOVER SHEET"));
	ck_assert(!papers_is_there("t-handover"));
	papers_teardown(&f);
}
END_TEST

/* --- their language ------------------------------------------------------ */

START_TEST(the_language_of_the_papers_is_chosen_for_the_site)
{
	struct papers_case f;

	papers_setup(&f);
	papers_open_site(&f, "z5");
	screen_show_page(&f.sc);
	papers_draw(&f);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_site);
	ck_assert(papers_item(&f, "site.language.")->on);
	papers_focus(&f, "site.language.de");
	papers_press(&f, ' ');
	ck_assert_str_eq(f.sc.site->record->site.language, "de");
	ck_assert_str_eq(f.sc.site->record->site.name, "Hotel Alpenblick");
	ck_assert(papers_item(&f, "site.language.de")->on);
	ck_assert(!papers_item(&f, "site.language.")->on);
	papers_focus(&f, "site.language.");
	papers_press(&f, ' ');
	ck_assert_str_eq(f.sc.site->record->site.language, "");
	papers_teardown(&f);
}
END_TEST

HARNESS("view papers", the_language_of_the_papers_is_chosen_for_the_site,
    every_format_is_in_a_group, all_is_said_before_anything_is_written,
    the_button_writes_what_is_ticked, a_group_is_ticked_as_one,
    rules_are_written_for_the_firewalls_of_the_customer,
    what_would_be_taken_away_is_said, older_files_are_replaced_only_after_a_yes,
    a_folder_is_understood_as_people_type_it,
    a_folder_that_cannot_be_used_is_told_on_leaving,
    choices_outlive_the_program, a_part_of_a_check_is_marked_in_every_paper,
    e_leads_to_the_papers_from_every_page, the_preview_is_the_text_of_the_file)
