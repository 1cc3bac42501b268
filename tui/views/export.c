/* SPDX-License-Identifier: MIT */
/* Handover and request: which files are written, where, and what becomes of
 * each; all of it said before anything is written. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/sums.h"
#include "core/judge/judge.h"
#include "tui/views/export_page.h"
#include "tui/work/folder.h"
#include "tui/work/papers.h"
#include "tui/work/shelf.h"

#define TEXT_COLS 80

static struct export_options
options(const struct export_page *s)
{
	return (struct export_options){.scope = s->choice.scope,
	    .now_us = clock_wall_us(),
	    .ncols = TEXT_COLS,
	    .size = s->choice.size,
	    .without = &s->without};
}

/* Beside the site's file, under its name. */
static char *
usual_dir(struct screen *sc, struct arena *a)
{
	return shelf_beside(a, sc->site->file, "-handover");
}

/* --- what is there already --------------------------------------------- */

/* Looks at the folder; what is wrong with it stands below its field, and
 * outlives the program with it. */
static bool
look_at_folder(struct screen *sc, struct export_page *s)
{
	struct error err = {0};
	size_t i;

	s->exists = false;
	s->path = folder_path(s->arena, s->dir, &err);
	if (s->path != NULL && folder_check(s->path, &s->exists, &err) != 0)
		s->path = NULL;
	for (i = 0; i < export_format_count; i++)
		s->old[i] = s->path != NULL &&
		    access(arena_printf(s->arena, "%s/%s", s->path,
			       export_formats[i]->file),
			F_OK) == 0;
	s->unchanged.count = 0;
	if (s->path != NULL && s->exists)
		sums_unchanged(s->arena, s->path, &s->unchanged);
	if (s->path == NULL) {
		screen_set_draft(sc, EXPORT_DIR_ID, s->dir, err.what);
		return false;
	}
	if (screen_draft(sc, EXPORT_DIR_ID) != NULL)
		screen_set_draft(sc, EXPORT_DIR_ID, s->dir, NULL);
	return true;
}

/* Renders all, so not at each drawing. The points are told in the language
 * of the screen, the papers in their own. */
static void
measure(struct screen *sc, struct export_page *s)
{
	const char *language = sc->site->record->site.language;
	struct export_options opt = options(s);
	struct error err;

	if (s->looked != NULL && s->sized_scope == s->choice.scope &&
	    s->sized_size == s->choice.size &&
	    strcmp(s->sized_language, language) == 0)
		return;
	s->sized_scope = s->choice.scope;
	s->sized_size = s->choice.size;
	snprintf(s->sized_language, sizeof s->sized_language, "%s", language);
	arena_free(s->looked);
	s->looked = arena_new();
	lint_request(s->looked, sc->site->record, &opt, &s->lint);
	opt.without = NULL;
	papers_begin(sc->site);
	if (export_measure(sc->site->record, &opt, s->sizes, &err) != 0)
		screen_say_error(sc, &err);
	papers_end(sc->site);
}

/* --- life -------------------------------------------------------------- */

static void
forget_written(struct export_page *s)
{
	s->written.count = 0;
	s->use.count = 0;
}

static bool
is_same(const struct strlist *a, const struct strlist *b)
{
	size_t i;

	for (i = 0; i < a->count && i < b->count; i++) {
		if (strcmp(a->item[i], b->item[i]) != 0)
			return false;
	}
	return a->count == b->count;
}

/* Other pages change them; what was written is then no longer what would
 * be. */
static void
load_choices(struct screen *sc, struct export_page *s)
{
	struct arena *a = arena_new();
	struct paper_choice now;
	struct strlist without;

	choice_load(sc, a, &now);
	choice_without(&now, a, &without);
	if (s->chosen != NULL &&
	    (now.scope != s->choice.scope || now.size != s->choice.size ||
		!is_same(&without, &s->without))) {
		forget_written(s);
	}
	arena_free(s->chosen);
	s->chosen = a;
	s->choice = now;
	s->without = without;
}

static void
open_export(struct screen *sc, struct frame *f)
{
	const struct draft *d = screen_draft(sc, EXPORT_DIR_ID);
	struct export_page *s = f->state;

	s->arena = arena_new();
	s->sizes = arena_array(s->arena, export_format_count, sizeof *s->sizes);
	s->old = arena_array(s->arena, export_format_count, sizeof *s->old);
	s->dir = d != NULL ? arena_strdup(s->arena, d->text) :
			     usual_dir(sc, s->arena);
	if (screen_is_running(sc))
		judge_record(sc->site->record);
	else
		site_assess(sc->site);
	load_choices(sc, s);
	look_at_folder(sc, s);
}

static void
close_export(struct screen *sc, struct frame *f)
{
	struct export_page *s = f->state;

	(void)sc;
	arena_free(s->looked);
	arena_free(s->chosen);
	arena_free(s->arena);
}

/* --- choices ----------------------------------------------------------- */

static void
build(struct screen *sc, struct frame *f)
{
	struct export_page *s = f->state;

	screen_judge(sc);
	load_choices(sc, s);
	measure(sc, s);
	export_page_build(sc, &f->page, s);
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct export_page *s = f->state;

	(void)i;
	if (leaving && text_is_space(text)) {
		s->dir = usual_dir(sc, s->arena);
		screen_set_draft(sc, EXPORT_DIR_ID, NULL, NULL);
		look_at_folder(sc, s);
		return;
	}
	if (strcmp(s->dir, text) != 0) {
		s->dir = arena_strdup(s->arena, text);
		s->path = NULL;
		s->agreed = false;
		forget_written(s);
		screen_set_draft(sc, EXPORT_DIR_ID, text, NULL);
	}
	if (leaving)
		look_at_folder(sc, s);
}

/* --- ways on ----------------------------------------------------------- */

static void
preview(struct screen *sc, struct frame *f, const char *document)
{
	const struct export_page *s = f->state;

	screen_push(sc, &view_preview,
	    arena_printf(f->page.arena, "%s %s", document,
		s->choice.scope == SCOPE_ALL ? "all" : "needed"));
}

static void
act_sheet(struct screen *sc, struct frame *f)
{
	preview(sc, f, "sheet");
}

static void
act_request(struct screen *sc, struct frame *f)
{
	preview(sc, f, "request");
}

/* A run under way is a record that changes while one reads it. */
static bool
is_at_rest(struct screen *sc)
{
	if (!screen_is_running(sc))
		return true;
	screen_say(sc, ROLE_WARN, "%s",
	    _("Checks are still running at this site. Do this when they are "
	      "done, or stop them first."));
	return false;
}

static void
act_compare(struct screen *sc, struct frame *f)
{
	(void)f;
	if (is_at_rest(sc))
		screen_push(sc, &view_review, REVIEW_TO_COMPARE);
}

static void
act_review(struct screen *sc, struct frame *f)
{
	(void)f;
	if (is_at_rest(sc))
		screen_push(sc, &view_review, NULL);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	struct export_page *s = f->state;
	size_t w;

	if (i->kind == ITEM_CHECK || i->kind == ITEM_OPTION)
		forget_written(s);
	if (i->kind == ITEM_CHECK)
		choice_set_group(sc, &s->choice, (enum export_group)i->index,
		    !i->on);
	else if (i->kind == ITEM_OPTION)
		choice_set_scope(sc, &s->choice,
		    strcmp(i->id, "all") == 0 ? SCOPE_ALL : SCOPE_NEEDED);
	else if (strcmp(i->id, EXPORT_PREVIEW_ID) == 0)
		act_sheet(sc, f);
	else if (strcmp(i->id, EXPORT_COMPARE_ID) == 0)
		act_compare(sc, f);
	else if (strcmp(i->id, EXPORT_REVIEW_ID) == 0)
		act_review(sc, f);
	for (w = 0; w < EXPORT_NWAYS; w++) {
		if (strcmp(i->id, export_ways[w].id) == 0) {
			screen_push(sc, export_ways[w].view, NULL);
			return;
		}
	}
}

/* --- writing ----------------------------------------------------------- */

static void
wrote(void *arg, const char *path)
{
	struct export_page *s = arg;
	const char *name = path + strlen(s->path) + 1, *use = "";
	size_t i;

	for (i = 0; i < export_format_count; i++) {
		if (strcmp(name, export_formats[i]->file) == 0 &&
		    export_formats[i]->use != NULL)
			use = _(export_formats[i]->use);
	}
	if (strcmp(name, SUMS_FILE) == 0)
		use = _("It shows whether a file of this folder was changed.");
	else if (*use == '\0')
		use = _("A signature; it stays beside the file that it is of.");
	strlist_add(s->arena, &s->written, name);
	strlist_add(s->arena, &s->use, use);
}

/* Nothing else runs meanwhile: all papers are of one moment. */
static int
write_papers(struct screen *sc, struct export_page *s, struct signer *signer,
    struct error *err)
{
	struct export_options opt = options(s);
	int rc;

	opt.signer = signer;
	if (screen_is_running(sc))
		judge_record(sc->site->record);
	papers_begin(sc->site);
	rc = site_issue(sc->site, err);
	if (rc == 0)
		rc = export_all(sc->site->record, &opt, s->path, wrote, s, err);
	papers_end(sc->site);
	return rc;
}

static void
write_now(struct screen *sc)
{
	struct frame *f = screen_top(sc);
	struct export_page *s = f->state;
	struct signer *signer;
	struct error err;
	int rc;

	s->agreed = true;
	forget_written(s);
	if (choice_signer(sc, &signer, &err) != 0) {
		screen_say_error(sc, &err);
		page_focus(&f->page, export_ways[WAY_KEY].id);
		return;
	}
	rc = write_papers(sc, s, signer, &err);
	s->signed_by = arena_strdup(s->arena,
	    signer == NULL ? "" : signer_fingerprint(signer));
	screen_close_key(sc, signer);
	look_at_folder(sc, s);
	if (rc != 0) {
		screen_say_error(sc, &err);
		return;
	}
	arena_free(s->looked);
	s->looked = NULL;
	mem_free(sc->exported);
	sc->exported = mem_strdup(s->path);
	walk_exported(sc->walk);
	f->page.top = 0;
	screen_say(sc, ROLE_GOOD,
	    P_("%zu file was written.", "%zu files were written.",
		s->written.count),
	    s->written.count);
}

static const char *
question(const struct export_page *s)
{
	size_t old = export_page_replaced(s), gone = export_page_dropped(s);
	const char *text = arena_printf(s->arena,
	    _("The folder %s holds an older export."), s->path);

	if (old > 0)
		text = arena_printf(s->arena, "%s %s", text,
		    arena_printf(s->arena,
			P_("%zu file of it is replaced.",
			    "%zu files of it are replaced.", old),
			old));
	if (gone > 0)
		text = arena_printf(s->arena, "%s %s", text,
		    arena_printf(s->arena,
			P_("%zu file of it is taken away, since it is not "
			   "ticked now.",
			    "%zu files of it are taken away, since they are "
			    "not ticked now.",
			    gone),
			gone));
	return arena_printf(s->arena, "%s %s", text, _("Write?"));
}

static void
write_files(struct screen *sc, struct frame *f)
{
	struct export_page *s = f->state;
	struct choice_sum sum;

	if (!look_at_folder(sc, s)) {
		screen_say(sc, ROLE_BAD, "%s",
		    screen_draft(sc, EXPORT_DIR_ID)->problem);
		page_focus(&f->page, EXPORT_DIR_ID);
		return;
	}
	choice_sum(&s->choice, EXPORT_NO_GROUP, s->sizes, &sum);
	if (sum.count == 0)
		screen_say(sc, ROLE_WARN, "%s",
		    _("Tick at least one file that is to be written."));
	else if (s->agreed ||
	    export_page_replaced(s) + export_page_dropped(s) == 0)
		write_now(sc);
	else
		screen_ask(sc, question(s), _("No, keep the older files"),
		    _("Yes, write"), write_now);
}

static bool
is_written(const struct screen *sc, const struct frame *f)
{
	const struct export_page *s = f->state;

	(void)sc;
	return s->written.count > 0;
}

static void
act_quit(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_quit(sc);
}

static void
act_share(struct screen *sc, struct frame *f)
{
	(void)f;
	(void)screen_push(sc, &view_share, NULL);
}

static const struct action actions[] = {
    {'q', "q", N_("Quit"), N_("Leave the program. Everything is saved."),
	act_quit, is_written},
    {'s', "s", N_("Sheet"), N_("Read the handover sheet here."), act_sheet,
	NULL},
    {'c', "c", N_("Request"), N_("Read the change request here."), act_request,
	NULL},
    {'d', "d", N_("Compare"),
	N_("What changed at this site since an older handover."), act_compare,
	NULL},
    {'v', "v", N_("Review"), N_("Open a handover that was written before."),
	act_review, NULL},
    {'C', "C", N_("Copy for support"),
	N_("Make a copy for support, without people and addresses."), act_share,
	NULL},
};

const struct view view_export = {
    .name = "export",
    .help = N_("The handover sheet says what was found and done; the request "
	       "asks the IT desk for what is missing. You can write them at "
	       "any time, also in the middle of a run. Nothing is written "
	       "before you press the button, and no other file is touched."),
    .consent = N_("This is the last page. Press Enter to write the files."),
    .state_size = sizeof(struct export_page),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = open_export,
    .close = close_export,
    .build = build,
    .activate = activate,
    .typed = typed,
    .next = write_files,
};
