/* SPDX-License-Identifier: MIT */
/* Handover and request: which files are written, and where. */
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/export.h"
#include "core/judge/judge.h"
#include "tui/view.h"

#define TEXT_COLS 80
#define SUFFIX ".sitewalk"
#define DIR_ID "export.dir"

struct state {
	struct arena *arena;
	char *dir;
	struct strlist written;
};

/* Beside the site's file, under its name. */
static char *
usual_dir(struct screen *sc, struct arena *a)
{
	const char *path = sc->site->file != NULL ?
	    sitefile_path(sc->site->file) :
	    "site";
	size_t len = strlen(path), suffix = sizeof SUFFIX - 1;

	if (len > suffix && strcmp(path + len - suffix, SUFFIX) == 0)
		len -= suffix;
	return arena_printf(a, "%.*s-handover", (int)len, path);
}

static void
open_export(struct screen *sc, struct frame *f)
{
	const struct draft *d = screen_draft(sc, DIR_ID);
	struct state *s = f->state;

	s->arena = arena_new();
	s->dir = d != NULL ? arena_strdup(s->arena, d->text) :
			     usual_dir(sc, s->arena);
	if (!screen_is_running(sc))
		site_assess(sc->site);
}

static void
close_export(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	arena_free(s->arena);
}

static void
build_offer(struct page *p)
{
	size_t i;

	page_heading(p, _("This will be written"));
	for (i = 0; i < export_format_count; i++) {
		const struct export_format *format = export_formats[i];

		if (format->document == EXPORT_FINDINGS)
			continue;
		page_textf(p, ROLE_NORMAL, 2, "%s: %s", format->file,
		    _(format->label))
		    ->glyph = GLYPH_SKIP;
	}
}

static void
build_written(struct page *p, const struct state *s)
{
	size_t i;

	page_heading(p, _("These files were written"));
	for (i = 0; i < s->written.count; i++)
		page_text(p, ROLE_GOOD, 2, s->written.item[i])
		    ->glyph = GLYPH_PASS;
	page_blank(p);
	page_text(p, ROLE_NORMAL, 0,
	    _("Give the handover sheet to the customer and the firewall "
	      "request to the IT desk. You may leave the program now (q), or "
	      "go back and check again; everything is saved."));
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	struct state *s = f->state;
	struct page *p = &f->page;

	if (r->started_us == 0 || !r->complete || screen_is_running(sc))
		page_text(p, ROLE_WARN, 0,
		    r->started_us == 0 ?
			_("Nothing has been checked yet: the papers will say "
			  "that every need was not run.") :
			_("The checks are not complete: the papers will say "
			  "so."))
		    ->glyph = GLYPH_WARN;
	else
		page_text(p, ROLE_NORMAL, 0,
		    judge_readiness_text(judge_readiness(r)));
	page_blank(p);
	page_field(p, DIR_ID, _("Folder"), s->dir);
	if (s->written.count > 0)
		build_written(p, s);
	else
		build_offer(p);
	p->next = s->written.count > 0 ? _("Write the files again") :
					 _("Write the files");
	p->next_verb = _("Write");
	p->first = PAGE_NEXT_ID;
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct state *s = f->state;

	(void)i;
	if (leaving && text_is_space(text)) {
		s->dir = usual_dir(sc, s->arena);
		screen_set_draft(sc, DIR_ID, NULL, NULL);
		return;
	}
	if (strcmp(s->dir, text) == 0)
		return;
	s->dir = arena_strdup(s->arena, text);
	s->written.count = 0;
	screen_set_draft(sc, DIR_ID, text, NULL);
}

static void
wrote(void *arg, const char *path)
{
	struct state *s = arg;

	strlist_add(s->arena, &s->written, path);
}

/* "~/x" as people write it. */
static char *
real_dir(struct arena *a, const char *dir)
{
	const char *home = getenv("HOME");

	if (home != NULL && strncmp(dir, "~/", 2) == 0)
		return arena_printf(a, "%s/%s", home, dir + 2);
	return arena_strdup(a, dir);
}

static void
write_files(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct export_options opt = {0};
	struct error err;
	char *dir = real_dir(s->arena, s->dir);

	if (screen_is_running(sc))
		judge_record(sc->site->record);
	opt.scope = SCOPE_NEEDED;
	opt.now_us = clock_wall_us();
	opt.ncols = TEXT_COLS;
	s->written.count = 0;
	if (export_all(sc->site->record, &opt, dir, wrote, s, &err) != 0) {
		screen_say_error(sc, &err);
		return;
	}
	mem_free(sc->exported);
	sc->exported = mem_strdup(dir);
	walk_exported(sc->walk);
	f->page.top = 0;
	screen_say(sc, ROLE_GOOD,
	    P_("%zu file was written.", "%zu files were written.",
		s->written.count),
	    s->written.count);
}

static bool
is_written(const struct screen *sc, const struct frame *f)
{
	const struct state *s = f->state;

	(void)sc;
	return s->written.count > 0;
}

static void
act_quit(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_quit(sc);
}

static const struct action actions[] = {
    {'q', "q", N_("Quit"), N_("Leave the program. Everything is saved."),
	act_quit, is_written},
};

const struct view view_export = {
    .name = "export",
    .help = N_("The handover sheet says what was found and done; the request "
	       "asks the IT desk for what is missing. You can write them at "
	       "any time, also in the middle of a run."),
    .consent = N_("This is the last page. Press Enter to write the files."),
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = open_export,
    .close = close_export,
    .build = build,
    .typed = typed,
    .next = write_files,
};
