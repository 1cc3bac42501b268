/* SPDX-License-Identifier: MIT */
/* Before the run: the list of sites and what it may claim, copies, the
 * archive, where one was, the language, consent. Nothing is ever sent. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/unit/harness.h"
#include "tui/screen/view.h"
#include "tui/work/consent.h"
#include "tui/work/shelf.h"

#define S(text) ((char *)(uintptr_t)(text))
#define RUN_US INT64_C(1795000000000000) /* 2026-11-18 */

struct fixture {
	struct screen sc;
	struct app_options opt;
	char dir[64];
};

static void
setup(struct fixture *f)
{
	struct error err = {0};

	memset(f, 0, sizeof *f);
	snprintf(f->dir, sizeof f->dir, "/tmp/sitewalk-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f->dir));
	setenv("XDG_DATA_HOME", f->dir, 1);
	setenv("XDG_CONFIG_HOME", f->dir, 1);
	setenv("TZ", "UTC", 1);
	f->opt.interface = "nosuchcard0";
	screen_init(&f->sc, true);
	ck_assert_int_eq(app_init(&f->sc.app, &f->opt, &err), 0);
	f->sc.base = event_base_new();
}

static void
begin(struct fixture *f, bool started_before)
{
	f->sc.settings.found = started_before;
	screen_begin(&f->sc, NULL, NULL);
	screen_draw(&f->sc, 24, 80);
}

static void
end(struct fixture *f)
{
	screen_fini(&f->sc);
	event_base_free(f->sc.base);
	app_fini(&f->sc.app);
}

static void
teardown(struct fixture *f)
{
	end(f);
	if (fork() == 0) {
		execlp("rm", "rm", "-rf", "--", f->dir, (char *)NULL);
		_exit(1);
	}
}

/* The program ends and starts again. */
static void
restart(struct fixture *f)
{
	struct error err = {0};

	end(f);
	screen_init(&f->sc, true);
	ck_assert_int_eq(app_init(&f->sc.app, &f->opt, &err), 0);
	f->sc.base = event_base_new();
	begin(f, true);
}

static void
press(struct fixture *f, uint32_t key)
{
	screen_key(&f->sc, key);
	f->sc.moved = false;
	if (!f->sc.quit)
		screen_draw(&f->sc, 24, 80);
}

static void
type(struct fixture *f, const char *text)
{
	for (; *text != '\0'; text++)
		press(f, (unsigned char)*text);
}

static bool
shows(struct fixture *f, const char *text)
{
	struct buf row;
	bool found = false;
	int i;

	for (i = 0; i < f->sc.surface.nrows && !found; i++) {
		buf_init(&row, 8192);
		surface_row(&f->sc.surface, i, &row);
		found = strstr(buf_str(&row), text) != NULL;
		buf_free(&row);
	}
	return found;
}

static char *
path_of(struct fixture *f, const char *stem)
{
	static char path[160];

	snprintf(path, sizeof path, "%s/sitewalk/sites/%s.sitewalk", f->dir,
	    stem);
	return path;
}

/* A site in the folder; checked: with a run, cut short or not, in which
 * nothing was measured. */
static void
make_site(struct fixture *f, const char *stem, const char *name, bool checked,
    bool complete)
{
	struct site_info info = {.name = S(name), .address = S("1 Main Road")};
	struct strlist products = {0};
	struct vantage v = {.interface = S("eth0")};
	struct arena *a = arena_new();
	struct error err = {0};
	struct sitefile *file;
	struct site *s;

	strlist_add(a, &products, "z5");
	ck_assert_int_eq(file_make_dirs(arena_printf(a, "%s/sitewalk/sites",
					    f->dir),
			     &err),
	    0);
	s = site_create(&f->sc.app, path_of(f, stem), &err);
	ck_assert_msg(s != NULL, "%s", err.what);
	ck_assert_int_eq(site_set_info(s, &info, &err), 0);
	ck_assert_int_eq(site_set_products(s, &products, &err), 0);
	ck_assert_int_eq(site_set_answer(s, "z5", "os", "unknown", &err), 0);
	site_close(s);
	if (checked) {
		file = sitefile_open(path_of(f, stem), false, &err);
		ck_assert_ptr_nonnull(file);
		ck_assert_int_eq(sitefile_run_begin(file, &v, RUN_US, &err), 0);
		if (complete)
			ck_assert_int_eq(sitefile_run_end(file,
					     RUN_US + 1000000, true, &err),
			    0);
		sitefile_close(file);
	}
	arena_free(a);
}

/* As a person does it, who looks and goes away. */
static void
visit(struct fixture *f, const char *stem)
{
	struct error err = {0};
	struct site *s = site_open(&f->sc.app, path_of(f, stem), false, &err);

	ck_assert_msg(s != NULL, "%s", err.what);
	site_close(s);
}

START_TEST(the_list_claims_no_more_than_the_files_know)
{
	struct fixture f;

	setup(&f);
	make_site(&f, "a", "Alpha", false, false);
	make_site(&f, "b", "Bravo", true, false);
	make_site(&f, "c", "Charlie", true, true);
	make_site(&f, "d", "Delta", true, true);
	visit(&f, "d");
	begin(&f, true);
	ck_assert(shows(&f, "UNCHECKED  Alpha"));
	ck_assert(shows(&f, "CUT SHORT  Bravo"));
	/* its run ended, and nobody has judged it */
	ck_assert(shows(&f, "CHANGED    Charlie"));
	ck_assert(shows(&f, "NOT YET    Delta"));
	ck_assert(shows(&f, "checked 2026-11-18"));
	ck_assert(!shows(&f, "As of"));
	teardown(&f);
}
END_TEST

START_TEST(a_judgement_of_other_packs_is_told_as_of_its_day)
{
	struct error err = {0};
	struct sitefile *file;
	struct fixture f;
	struct site *s;

	setup(&f);
	make_site(&f, "d", "Delta", true, true);
	s = site_open(&f.sc.app, path_of(&f, "d"), true, &err);
	ck_assert_ptr_nonnull(s);
	s->record->packs[0].sha256 = arena_strdup(s->record->arena, "0123");
	s->record->as_of = arena_strdup(s->record->arena, "2026-11-19");
	file = s->file;
	s->file = NULL;
	sitefile_close(file);
	file = sitefile_open(path_of(&f, "d"), false, &err);
	ck_assert_int_eq(sitefile_save_standing(file, s->record, &err), 0);
	sitefile_close(file);
	site_close(s);
	begin(&f, true);
	ck_assert(shows(&f, "NOT YET    Delta"));
	ck_assert(shows(&f, "As of 2026-11-19"));
	/* looked at with today's packs, it is as of today */
	visit(&f, "d");
	view_sites_reload(&f.sc);
	screen_draw(&f.sc, 24, 80);
	ck_assert(!shows(&f, "As of"));
	teardown(&f);
}
END_TEST

static bool
has_standing(struct fixture *f, const char *stem)
{
	struct arena *a = arena_new();
	struct site_summary s;
	bool has;

	sitefile_summary(path_of(f, stem), a, &s);
	ck_assert_ptr_null(s.problem);
	has = s.standing != NULL;
	arena_free(a);
	return has;
}

/* Each change alone, as if the program were killed right after it. */
START_TEST(no_change_leaves_an_old_judgement_behind)
{
	struct site_info info = {.name = S("X")};
	struct strlist none = {0};
	struct vantage v = {.interface = S("eth0")};
	struct equipment e = {S("z5"), S("mac"), S("MAC"), S("1"), S("typed"),
	    0};
	struct attestation t = {S("z5"), S("s"), S("i"), S("text"), S("yes"),
	    S("me"), 0};
	struct deviation d = {.requirement = S("z5.x"),
	    .owner = S("A"),
	    .reason = S("B"),
	    .expires = S("2026-12-31"),
	    .initials = S("C")};
	struct error err = {0};
	struct sitefile *file;
	struct fixture f;
	int i, rc = 0;

	setup(&f);
	make_site(&f, "d", "Delta", true, true);
	for (i = 0; i < 9; i++) {
		visit(&f, "d");
		ck_assert(has_standing(&f, "d"));
		file = sitefile_open(path_of(&f, "d"), false, &err);
		ck_assert_ptr_nonnull(file);
		switch (i) {
		case 0:
			rc = sitefile_save_answer(file, "z5", "q", "v", &err);
			break;
		case 1:
			rc = sitefile_save_products(file, &none, &err);
			break;
		case 2:
			rc = sitefile_save_equipment(file, &e, &err);
			break;
		case 3:
			rc = sitefile_save_attestation(file, &t, &err);
			break;
		case 4:
			rc = sitefile_save_deviation(file, &d, &err);
			break;
		case 5:
			rc = sitefile_run_begin(file, &v, RUN_US + 1, &err);
			break;
		case 6:
			rc = sitefile_run_end(file, RUN_US + 2, true, &err);
			break;
		default:
			/* what a judgement does not follow from */
			rc = i == 7 ? sitefile_save_site(file, &info, &err) :
				      sitefile_save_place(file, "plan", &err);
		}
		ck_assert_msg(rc == 0, "%s", err.what);
		sitefile_close(file);
		ck_assert_msg(has_standing(&f, "d") == (i >= 7), "case %d", i);
	}
	teardown(&f);
}
END_TEST

START_TEST(a_copy_has_the_answers_and_none_of_the_results)
{
	struct error err = {0};
	struct fixture f;
	struct site *s;

	setup(&f);
	make_site(&f, "d", "Delta", true, true);
	visit(&f, "d");
	begin(&f, true);
	press(&f, 'd');
	ck_assert(shows(&f, "Delta"));
	/* not under the old name */
	press(&f, UI_KEY_ENTER);
	press(&f, UI_KEY_ENTER);
	ck_assert_ptr_null(f.sc.site);
	ck_assert(shows(&f, "a name of its own"));
	type(&f, " two");
	press(&f, UI_KEY_ENTER);
	press(&f, UI_KEY_ENTER);
	s = f.sc.site;
	ck_assert_ptr_nonnull(s);
	ck_assert_str_eq(s->record->site.name, "Delta two");
	ck_assert_str_eq(s->record->site.address, "1 Main Road");
	ck_assert_str_eq(s->record->products.item[0], "z5");
	ck_assert_str_eq(record_answer(s->record, "z5", "os"), "unknown");
	ck_assert_int_eq(s->record->started_us, 0);
	screen_leave_site(&f.sc);
	screen_draw(&f.sc, 24, 80);
	ck_assert(shows(&f, "UNCHECKED  Delta two"));
	ck_assert(has_standing(&f, "d"));
	s = site_open(&f.sc.app, path_of(&f, "d"), true, &err);
	ck_assert_int_eq(s->record->started_us, RUN_US);
	site_close(s);
	teardown(&f);
}
END_TEST

START_TEST(an_archived_site_comes_back_whole)
{
	struct fixture f;

	setup(&f);
	make_site(&f, "d", "Delta", true, true);
	visit(&f, "d");
	begin(&f, true);
	/* asked, and the safe answer comes first */
	press(&f, 'a');
	press(&f, UI_KEY_ENTER);
	ck_assert(shows(&f, "Delta"));
	ck_assert_int_eq(access(path_of(&f, "d"), F_OK), 0);
	press(&f, 'a');
	press(&f, UI_KEY_DOWN);
	press(&f, UI_KEY_ENTER);
	ck_assert(!shows(&f, "Delta"));
	ck_assert(shows(&f, "Archived sites (1)"));
	ck_assert_int_ne(access(path_of(&f, "d"), F_OK), 0);
	press(&f, 'A');
	ck_assert(shows(&f, "NOT YET    Delta"));
	press(&f, UI_KEY_ENTER);
	ck_assert(shows(&f, "No site is archived"));
	press(&f, UI_KEY_ESC);
	ck_assert(shows(&f, "NOT YET    Delta"));
	ck_assert_int_eq(access(path_of(&f, "d"), F_OK), 0);
	teardown(&f);
}
END_TEST

START_TEST(a_site_in_use_is_not_moved)
{
	struct error err = {0};
	struct sitefile *other;
	struct fixture f;

	setup(&f);
	make_site(&f, "d", "Delta", true, true);
	other = sitefile_open(path_of(&f, "d"), false, &err);
	ck_assert_int_eq(shelf_move(path_of(&f, "d"), f.dir, &err), -1);
	ck_assert_int_eq(err.code, ERR_BUSY);
	ck_assert_int_eq(access(path_of(&f, "d"), F_OK), 0);
	sitefile_close(other);
	teardown(&f);
}
END_TEST

START_TEST(what_was_open_at_the_end_is_offered_first)
{
	struct fixture f;

	setup(&f);
	make_site(&f, "d", "Delta", true, true);
	begin(&f, true);
	ck_assert(!shows(&f, "Go on with"));
	press(&f, UI_KEY_ENTER);
	ck_assert_ptr_nonnull(f.sc.site);
	restart(&f);
	ck_assert(shows(&f, "Go on with Delta"));
	press(&f, UI_KEY_ENTER);
	ck_assert_str_eq(f.sc.site->record->site.name, "Delta");
	/* left on purpose: nothing to go on with */
	screen_leave_site(&f.sc);
	restart(&f);
	ck_assert(!shows(&f, "Go on with"));
	/* and not where the file is gone */
	press(&f, UI_KEY_ENTER);
	unlink(path_of(&f, "d"));
	restart(&f);
	ck_assert(!shows(&f, "Go on with"));
	teardown(&f);
}
END_TEST

/* In the folder of the user. */
static void
put_pack(struct fixture *f, const char *name, const char *text)
{
	struct arena *a = arena_new();
	char *dir = arena_printf(a, "%s/sitewalk/packs", f->dir);
	struct error err;

	ck_assert_int_eq(file_make_dirs(dir, &err), 0);
	ck_assert_int_eq(file_write_atomic(arena_printf(a, "%s/%s", dir, name),
			     text, strlen(text), &err),
	    0);
	arena_free(a);
}

START_TEST(packs_that_were_left_out_are_told_on_both_pages)
{
	struct fixture f;

	setup(&f);
	put_pack(&f, "a.yaml", "pack: z5\nports: [\n");
	put_pack(&f, "b.yaml", "pack: newthing\nports: [\n");
	put_pack(&f, "c.yaml", "nothing\n");
	put_pack(&f, "d.yaml", "nothing\n");
	restart(&f);
	screen_draw(&f.sc, 60, 200);
	ck_assert(shows(&f, "built into this program is used instead"));
	ck_assert(shows(&f, "product newthing is missing now."));
	ck_assert(shows(&f, "only this file describes is missing now"));
	ck_assert(shows(&f, "1 more file of packs was left out."));
	make_site(&f, "a", "Alpha", false, false);
	restart(&f);
	press(&f, UI_KEY_ENTER);
	press(&f, UI_CTRL_N);
	screen_draw(&f.sc, 120, 200);
	ck_assert(shows(&f, "packs/d.yaml was left out"));
	teardown(&f);
}
END_TEST

START_TEST(many_sites_are_searched_by_typing)
{
	struct fixture f;
	char stem[16], name[32];
	int i;

	setup(&f);
	for (i = 0; i < 9; i++) {
		snprintf(stem, sizeof stem, "s%d", i);
		snprintf(name, sizeof name, "Hotel %d", i);
		make_site(&f, stem, name, false, false);
	}
	begin(&f, true);
	press(&f, '/');
	type(&f, "hotel 7");
	ck_assert(shows(&f, "Hotel 7"));
	ck_assert(!shows(&f, "Hotel 3"));
	press(&f, UI_KEY_ENTER);
	press(&f, UI_KEY_ENTER);
	ck_assert_str_eq(f.sc.site->record->site.name, "Hotel 7");
	teardown(&f);
}
END_TEST

START_TEST(the_first_start_asks_for_the_language_only)
{
	struct settings s;
	struct fixture f;

	setup(&f);
	begin(&f, false);
	ck_assert(screen_top(&f.sc)->view == &view_language);
	ck_assert(shows(&f, "Deutsch"));
	press(&f, UI_KEY_DOWN);
	press(&f, UI_KEY_UP);
	press(&f, UI_KEY_ENTER);
	ck_assert(screen_top(&f.sc)->view == &view_sites);
	settings_load(&s);
	ck_assert(s.found);
	ck_assert_str_eq(s.language, "en");
	/* changed later; Esc changes nothing */
	press(&f, 'l');
	press(&f, UI_KEY_DOWN);
	press(&f, UI_KEY_ESC);
	settings_load(&s);
	ck_assert_str_eq(s.language, "en");
	press(&f, 'l');
	press(&f, UI_KEY_DOWN);
	press(&f, UI_KEY_ENTER);
	settings_load(&s);
	ck_assert_str_eq(s.language, "de");
	teardown(&f);
}
END_TEST

START_TEST(consent_lasts_until_something_else_would_be_sent)
{
	struct error err = {0};
	struct arena *a = arena_new();
	struct plan *plan;
	struct fixture f;
	struct site *s;
	int64_t when = 0;

	setup(&f);
	make_site(&f, "d", "Delta", false, false);
	s = site_open(&f.sc.app, path_of(&f, "d"), false, &err);
	plan = plan_make(a, s->record, NULL, PACE_POLITE);
	ck_assert_uint_gt(plan->count, 0);
	ck_assert_int_eq(consent_now(s, plan, &when), CONSENT_NONE);
	ck_assert_int_eq(consent_give(s, plan, &err), 0);
	site_close(s);
	/* kept with the site */
	s = site_open(&f.sc.app, path_of(&f, "d"), false, &err);
	plan = plan_make(a, s->record, NULL, PACE_POLITE);
	ck_assert_int_eq(consent_now(s, plan, &when), CONSENT_GIVEN);
	ck_assert_int_gt(when, RUN_US);
	/* one packet more, or one check less, is something else */
	plan->item[0].most.packets++;
	ck_assert_int_eq(consent_now(s, plan, &when), CONSENT_CHANGED);
	plan->item[0].most.packets--;
	ck_assert_int_eq(consent_now(s, plan, &when), CONSENT_GIVEN);
	plan->count--;
	ck_assert_int_eq(consent_now(s, plan, &when), CONSENT_CHANGED);
	site_close(s);
	arena_free(a);
	teardown(&f);
}
END_TEST

START_TEST(home_says_how_to_leave_and_reads_handovers)
{
	struct fixture f;

	setup(&f);
	make_site(&f, "d", "Delta", false, false);
	begin(&f, true);
	/* at 80 columns, where there is no room for all */
	ck_assert(shows(&f, "q Quit"));
	ck_assert(shows(&f, "n New site"));
	ck_assert(shows(&f, "v Review"));
	press(&f, 'v');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_review);
	ck_assert(shows(&f, "Name a handover.json"));
	press(&f, UI_KEY_ESC);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_sites);
	press(&f, 'q');
	ck_assert(f.sc.quit);
	teardown(&f);
}
END_TEST

START_TEST(one_key_leads_to_each_question_without_an_answer)
{
	struct fixture f;
	size_t i, first;

	setup(&f);
	make_site(&f, "d", "Delta", false, false);
	begin(&f, true);
	press(&f, UI_KEY_ENTER);
	for (i = 0; walk_page(f.sc.walk, i)->kind != WALK_PLAN; i++)
		continue;
	screen_go(&f.sc, i);
	screen_draw(&f.sc, 24, 80);
	ck_assert(shows(&f, "have no answer") || shows(&f, "has no answer"));
	press(&f, 'u');
	first = walk_index(f.sc.walk);
	ck_assert_int_eq(walk_current(f.sc.walk)->kind, WALK_QUESTIONS);
	ck_assert_int_ne(walk_state(f.sc.walk, first), WALK_DONE);
	for (i = 0; i < first; i++)
		ck_assert(walk_page(f.sc.walk, i)->kind != WALK_QUESTIONS ||
		    walk_state(f.sc.walk, i) == WALK_DONE);
	teardown(&f);
}
END_TEST

HARNESS("view home", the_list_claims_no_more_than_the_files_know,
    a_judgement_of_other_packs_is_told_as_of_its_day,
    no_change_leaves_an_old_judgement_behind,
    a_copy_has_the_answers_and_none_of_the_results,
    an_archived_site_comes_back_whole, a_site_in_use_is_not_moved,
    what_was_open_at_the_end_is_offered_first,
    packs_that_were_left_out_are_told_on_both_pages,
    many_sites_are_searched_by_typing,
    the_first_start_asks_for_the_language_only,
    home_says_how_to_leave_and_reads_handovers,
    consent_lasts_until_something_else_would_be_sent,
    one_key_leads_to_each_question_without_an_answer)
