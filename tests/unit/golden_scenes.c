/* SPDX-License-Identifier: MIT */
/* Owns the way to each page of the wizard for the golden screens. */
#include "tests/unit/golden_scenes.h"

#include <check.h>
#include <string.h>

#define S(text) ((char *)(uintptr_t)(text))
#define SMALL_ROWS 10

struct scene {
	const char *name;
	const char *place; /* in the walk; NULL: the list of sites */
	void (*go)(struct scenes *sn);
	int nrows, ncols; /* only in a window of this size; 0: in each */
};

/* --- ways -------------------------------------------------------------- */

static void
draw(struct scenes *sn)
{
	screen_draw(&sn->sc, sn->nrows, sn->ncols);
}

static void
press(struct scenes *sn, uint32_t key)
{
	screen_key(&sn->sc, key);
	sn->sc.moved = false;
	draw(sn);
}

static void
type(struct scenes *sn, const char *text)
{
	for (; *text != '\0'; text++)
		press(sn, (unsigned char)*text);
}

static void
focus(struct scenes *sn, const char *id)
{
	struct page *p = &screen_top(&sn->sc)->page;

	page_focus(p, id);
	draw(sn);
	ck_assert_msg(p->focus != NULL && strcmp(p->focus, id) == 0,
	    "%s cannot have the focus", id);
}

/* A view over the one that is shown. */
static void
show(struct scenes *sn, const struct view *v, const char *arg)
{
	screen_push(&sn->sc, v, arg);
	draw(sn);
}

static const char *
first_of(const struct scenes *sn, enum outcome outcome)
{
	const struct record *r = sn->sc.site->record;
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		if (r->needs[i].applies && r->needs[i].outcome == outcome)
			return r->needs[i].id;
	}
	ck_abort_msg("no need came out so");
	return NULL;
}

static void
accept_until(struct scenes *sn, const char *requirement, const char *expires)
{
	struct error err = {0};
	struct deviation d = {.requirement = S(requirement),
	    .owner = S("Ms Owner"),
	    .reason = S("The old line stays until the move."),
	    .expires = S(expires),
	    .initials = S("MO"),
	    .when_us = INT64_C(1795294000000000)};

	ck_assert_msg(site_deviate(sn->sc.site, &d, &err) == 0, "%s", err.what);
	site_assess(sn->sc.site);
}

/* --- before a site ------------------------------------------------------ */

static void
go_sites(struct scenes *sn)
{
	scenes_fill_shelf(sn);
}

static void
go_archive(struct scenes *sn)
{
	scenes_fill_shelf(sn);
	show(sn, &view_archive, NULL);
}

static void
go_archive_ask(struct scenes *sn)
{
	scenes_fill_shelf(sn);
	draw(sn);
	press(sn, 'a');
}

static void
go_duplicate(struct scenes *sn)
{
	scenes_fill_shelf(sn);
	draw(sn);
	press(sn, 'd');
}

static void
go_new(struct scenes *sn)
{
	show(sn, &view_new, NULL);
	type(sn, "Hotel Alpenblick");
}

static void
go_language(struct scenes *sn)
{
	show(sn, &view_language, NULL);
}

static void
go_looks_outdoor(struct scenes *sn)
{
	sn->sc.app.opt.theme = "outdoor";
	show(sn, &view_looks, NULL);
}

static void
go_looks_mono(struct scenes *sn)
{
	sn->sc.app.opt.theme = "mono";
	sn->sc.app.opt.signs = "ascii";
	show(sn, &view_looks, NULL);
	press(sn, UI_KEY_END);
}

/* --- from the site to the plan ------------------------------------------ */

static void
go_typing(struct scenes *sn)
{
	focus(sn, "site.address");
	press(sn, UI_KEY_END);
	type(sn, ", behind the old railway station on the left");
}

static void
nothing(struct screen *sc)
{
	(void)sc;
}

static void
go_confirm(struct scenes *sn)
{
	screen_ask(&sn->sc, "Is this a question?", "No, it is not",
	    "Yes, it is", nothing);
}

static void
go_typing_asked(struct scenes *sn)
{
	go_typing(sn);
	go_confirm(sn);
}

static void
go_wrong_answer(struct scenes *sn)
{
	const struct walk_page *p = walk_page_of_question(sn->sc.walk,
	    "loxone-miniserver", "address");

	ck_assert(p != NULL && walk_go(sn->sc.walk, p->place));
	screen_show_page(&sn->sc);
	focus(sn, "q:loxone-miniserver.address");
	press(sn, UI_CTRL_U);
	type(sn, "192.168.1.");
	press(sn, UI_KEY_TAB);
	press(sn, UI_KEY_BACKTAB);
}

static void
go_plan_here(struct scenes *sn)
{
	scenes_plug_in(sn);
	screen_go(&sn->sc, walk_index(sn->sc.walk));
}

static void
go_plan_refused(struct scenes *sn)
{
	press(sn, UI_KEY_ENTER);
}

/* --- the run ----------------------------------------------------------- */

static void
go_running(struct scenes *sn)
{
	scenes_start_run(sn);
}

static void
go_running_still(struct scenes *sn)
{
	scenes_start_run(sn);
	draw(sn);
	press(sn, 'p');
	press(sn, 'n');
}

static void
go_running_left(struct scenes *sn)
{
	scenes_start_run(sn);
	draw(sn);
	press(sn, UI_KEY_F10);
}

static void
go_run_problems(struct scenes *sn)
{
	press(sn, 'f');
	press(sn, 'n');
}

static void
go_run_text(struct scenes *sn)
{
	press(sn, 't');
	type(sn, "5060");
}

static void
go_task(struct scenes *sn)
{
	const struct need *n = record_need(sn->sc.site->record,
	    first_of(sn, OUTCOME_FAIL));

	ck_assert_uint_gt(n->probes.count, 0);
	show(sn, &view_task, n->probes.item[0]);
}

static void
go_raw(struct scenes *sn)
{
	show(sn, &view_raw, "o129");
}

/* --- results ------------------------------------------------------------ */

static void
go_results_list(struct scenes *sn)
{
	press(sn, 'f');
	press(sn, 'n');
}

static void
go_results_accepted(struct scenes *sn)
{
	accept_until(sn, first_of(sn, OUTCOME_FAIL), "2026-12-31");
	press(sn, 'n');
}

static void
go_finding(struct scenes *sn)
{
	show(sn, &view_finding, first_of(sn, OUTCOME_FAIL));
}

static void
go_finding_more(struct scenes *sn)
{
	go_finding(sn);
	press(sn, UI_KEY_PGDN);
	press(sn, UI_KEY_PGDN);
}

static void
go_finding_passed(struct scenes *sn)
{
	show(sn, &view_finding, first_of(sn, OUTCOME_PASS));
}

static void
go_diagnosis(struct scenes *sn)
{
	show(sn, &view_diagnosis, "0");
}

static void
go_deviation(struct scenes *sn)
{
	show(sn, &view_deviation, first_of(sn, OUTCOME_FAIL));
}

static void
go_deviation_wrong(struct scenes *sn)
{
	go_deviation(sn);
	press(sn, UI_CTRL_N);
}

static void
go_deviations(struct scenes *sn)
{
	accept_until(sn, first_of(sn, OUTCOME_PASS), "2026-12-31");
	accept_until(sn, "z5.no-such-line", "2026-12-31");
	accept_until(sn, first_of(sn, OUTCOME_FAIL), "2026-12-31");
	accept_until(sn, first_of(sn, OUTCOME_FAIL), "2026-10-31");
	show(sn, &view_deviations, NULL);
}

static void
go_signed(struct scenes *sn)
{
	focus(sn, "sign:hands_over:declare");
	press(sn, UI_KEY_ENTER);
	press(sn, UI_KEY_DOWN);
	press(sn, UI_KEY_ENTER);
}

/* --- papers ------------------------------------------------------------- */

static void
go_export_written(struct scenes *sn)
{
	sn->filled = true;
	focus(sn, "export.dir");
	press(sn, UI_CTRL_U);
	type(sn, "sitewalk/papers");
	press(sn, UI_KEY_TAB);
	focus(sn, PAGE_NEXT_ID);
	press(sn, UI_KEY_ENTER);
}

static void
go_sheet(struct scenes *sn)
{
	show(sn, &view_preview, "sheet needed");
}

static void
go_request(struct scenes *sn)
{
	show(sn, &view_preview, "request needed");
}

static void
go_review(struct scenes *sn)
{
	char *path = scenes_write_handover(sn), *slash = strrchr(path, '/');

	*slash = '\0';
	show(sn, &view_review, path);
}

static void
go_handover(struct scenes *sn)
{
	show(sn, &view_handover, scenes_write_handover(sn));
}

static void
go_not_a_handover(struct scenes *sn)
{
	scenes_fill_shelf(sn);
	show(sn, &view_handover,
	    arena_printf(sn->arena, "%s/sitewalk/sites/torn.sitewalk",
		sn->folder));
}

static void
go_compare(struct scenes *sn)
{
	char *path = scenes_write_handover(sn);

	scenes_pass_a_week(sn);
	show(sn, &view_handover, path);
	show(sn, &view_compare, NULL);
}

/* --- over every page ------------------------------------------------------ */

static void
go_help(struct scenes *sn)
{
	press(sn, '?');
}

static void
go_help_typing(struct scenes *sn)
{
	go_typing(sn);
	press(sn, UI_KEY_F1);
}

static void
go_pages(struct scenes *sn)
{
	press(sn, 'g');
}

static void
go_palette(struct scenes *sn)
{
	press(sn, ':');
	type(sn, "re");
}

static void
go_palette_none(struct scenes *sn)
{
	press(sn, ':');
	type(sn, "zzz");
}

static void
go_find(struct scenes *sn)
{
	press(sn, '/');
	type(sn, "5060");
	press(sn, UI_KEY_DOWN);
}

static void
go_find_none(struct scenes *sn)
{
	press(sn, '/');
	type(sn, "zzz");
}

static void
go_message(struct scenes *sn)
{
	screen_say(&sn->sc, ROLE_WARN,
	    "A sentence that tells of something, and that is long enough to "
	    "need a second line wherever it is shown, and even a third one.");
}

static void
go_message_bad(struct scenes *sn)
{
	screen_say(&sn->sc, ROLE_BAD, "This could not be done.");
}

static const struct scene scenes[] = {
    {"too-small", "results", NULL, SMALL_ROWS - 1, 39},
    {"start", NULL, NULL, 0, 0},
    {"sites", NULL, go_sites, 0, 0},
    {"archive", NULL, go_archive, 0, 0},
    {"archive-ask", NULL, go_archive_ask, 0, 0},
    {"duplicate", NULL, go_duplicate, 0, 0},
    {"new", NULL, go_new, 0, 0},
    {"language", NULL, go_language, 0, 0},
    {"looks-outdoor", NULL, go_looks_outdoor, 0, 0},
    {"looks-mono", NULL, go_looks_mono, 0, 0},
    {"not-a-handover", NULL, go_not_a_handover, 0, 0},
    {"site", "site", NULL, 0, 0},
    {"typing", "site", go_typing, 0, 0},
    {"typing-asked", "site", go_typing_asked, 0, 0},
    {"products", "products", NULL, 0, 0},
    {"questions", "ask:z5.os", NULL, 0, 0},
    {"wrong-answer", "site", go_wrong_answer, 0, 0},
    {"plan", "plan", NULL, 0, 0},
    {"plan-here", "plan", go_plan_here, 0, 0},
    {"plan-refused", "plan", go_plan_refused, 0, 0},
    {"run", "run", NULL, 0, 0},
    {"run-problems", "run", go_run_problems, 0, 0},
    {"run-text", "run", go_run_text, 0, 0},
    {"running", "run", go_running, 0, 0},
    {"running-still", "run", go_running_still, 0, 0},
    {"running-left", "run", go_running_left, 0, 0},
    {"task", "run", go_task, 0, 0},
    {"raw", "run", go_raw, 0, 0},
    {"results", "results", NULL, 0, 0},
    {"results-list", "results", go_results_list, 0, 0},
    {"results-accepted", "results", go_results_accepted, 0, 0},
    {"finding", "results", go_finding, 0, 0},
    {"finding-more", "results", go_finding_more, 0, 0},
    {"finding-passed", "results", go_finding_passed, 0, 0},
    {"diagnosis", "results", go_diagnosis, 0, 0},
    {"deviation", "results", go_deviation, 0, 0},
    {"deviation-wrong", "results", go_deviation_wrong, 0, 0},
    {"deviations", "results", go_deviations, 0, 0},
    {"step", "step:", NULL, 0, 0},
    {"signoff", "sign", NULL, 0, 0},
    {"signed", "sign", go_signed, 0, 0},
    {"export", "export", NULL, 0, 0},
    {"export-written", "export", go_export_written, 0, 0},
    {"sheet", "export", go_sheet, 0, 0},
    {"request", "export", go_request, 0, 0},
    {"review", "export", go_review, 0, 0},
    {"handover", "export", go_handover, 0, 0},
    {"compare", "export", go_compare, 0, 0},
    {"help", "results", go_help, 0, 0},
    {"help-typing", "site", go_help_typing, 0, 0},
    {"pages", "results", go_pages, 0, 0},
    {"palette", "results", go_palette, 0, 0},
    {"palette-none", "results", go_palette_none, 0, 0},
    {"find", "results", go_find, 0, 0},
    {"find-none", "results", go_find_none, 0, 0},
    {"message", "results", go_message, 0, 0},
    {"message-bad", "results", go_message_bad, 0, 0},
    {"confirm", "results", go_confirm, 0, 0},
};
const int scene_count = sizeof scenes / sizeof *scenes;

const char *
scene_name(int scene)
{
	return scenes[scene].name;
}

bool
scene_size(int scene, int *nrows, int *ncols)
{
	if (scenes[scene].nrows == 0)
		return true;
	if (*nrows != SMALL_ROWS)
		return false;
	*nrows = scenes[scene].nrows;
	*ncols = scenes[scene].ncols;
	return true;
}

/* The whole place, or the first that begins so. */
static void
go_place(struct screen *sc, const char *place)
{
	size_t i, len = strlen(place);

	for (i = 0; i < walk_count(sc->walk); i++) {
		if (strncmp(walk_page(sc->walk, i)->place, place, len) == 0) {
			screen_go(sc, i);
			return;
		}
	}
	ck_abort_msg("there is no page %s", place);
}

void
scenes_go(struct scenes *sn, int scene, int nrows, int ncols)
{
	sn->nrows = nrows;
	sn->ncols = ncols;
	scenes_afresh(sn);
	draw(sn);
	if (scenes[scene].place != NULL) {
		scenes_enter_site(sn);
		go_place(&sn->sc, scenes[scene].place);
		draw(sn);
	}
	if (scenes[scene].go != NULL)
		scenes[scene].go(sn);
}
