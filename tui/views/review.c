/* SPDX-License-Identifier: MIT */
/* Which handover to open, or to compare with: a file, or one of those in a
 * folder. They are read while the page is shown; its rows come as they are
 * read. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/screen/view.h"
#include "tui/views/review_text.h"
#include "tui/work/folder.h"
#include "tui/work/review_table.h"

#define PATH_ID "review.path"
#define FILTER_ID "review.filter"
#define CSV_ID "review.csv"
#define SHOWN_BYTES 400 /* of a path or a name */
#define FILTER_FROM 2   /* rows: fewer need no filter */
#define CSV_MAX ((size_t)64 << 20)
#define LOOK_US 250000
#define MARKS 2

struct state {
	struct arena *arena;
	char *typed;
	const char *problem; /* of what is typed, or NULL */
	bool to_compare;
	bool looked; /* at what is typed */
	bool arrive; /* what was typed is looked at: to what is there */
	char *file;  /* what is typed is one, or NULL */
	struct reading *reading; /* NULL: no folder */
	struct review_table table;
	struct event *came; /* there are rows to take; NULL: nobody waits */
	struct screen *screen;
	char filter[PAGE_FIELD_MAX + 1];
	char *csv;         /* what is typed as its name, or NULL */
	char *mark[MARKS]; /* paths, the older mark first; or NULL */
	char language[I18N_LANGUAGE_SIZE]; /* of what the rows keep */
};

static char *
shown(struct arena *a, const char *text)
{
	return text_sanitise(a, text, strlen(text), SHOWN_BYTES, false);
}

/* --- reading ----------------------------------------------------------- */

/* Four times a second is enough for the eye; the rows wait meanwhile. */
static void
on_came(evutil_socket_t fd, short what, void *arg)
{
	const struct state *s = arg;
	struct timeval tv = {0, s->table.count == 0 ? 0 : LOOK_US};

	(void)fd;
	(void)what;
	if (s->screen->tick != NULL && !evtimer_pending(s->screen->tick, NULL))
		evtimer_add(s->screen->tick, &tv);
}

static void
stop_reading(struct state *s)
{
	if (s->came != NULL)
		event_free(s->came);
	s->came = NULL;
	reading_free(s->reading);
	s->reading = NULL;
}

static void
forget_list(struct state *s)
{
	size_t i;

	stop_reading(s);
	review_table_free(&s->table);
	for (i = 0; i < MARKS; i++) {
		mem_free(s->mark[i]);
		s->mark[i] = NULL;
	}
}

/* Lines are told once, so that line mode waits for all of them. */
static void
start_reading(struct state *s, const struct strlist *paths)
{
	s->reading = reading_start(paths, app_allowed(&s->screen->app));
	s->table.filter.text = s->filter;
	if (s->screen->ui == NULL)
		reading_wait(s->reading);
	else
		s->came = event_new(s->screen->base, reading_fd(s->reading),
		    EV_READ, on_came, s);
}

static void
take_rows(struct state *s)
{
	if (s->reading == NULL)
		return;
	review_table_take(&s->table, s->reading);
	if (s->table.state.done)
		stop_reading(s);
	else if (s->came != NULL)
		event_add(s->came, NULL);
}

static bool
is_reading(const struct screen *sc, const struct frame *f)
{
	const struct state *s = f->state;

	(void)sc;
	return s->reading != NULL && !s->table.state.stopped;
}

/* --- looking ----------------------------------------------------------- */

static void
look(struct state *s)
{
	struct strlist paths = {0};
	struct error err = {0};
	struct stat st;
	char *path;

	s->looked = true;
	s->problem = NULL;
	s->file = NULL;
	forget_list(s);
	path = folder_path(s->arena, s->typed, &err);
	if (path == NULL) {
		s->problem = arena_strdup(s->arena, err.what);
	} else if (stat(path, &st) != 0) {
		error_set_errno(&err, errno, _("%s cannot be opened"),
		    shown(s->arena, path));
		s->problem = arena_strdup(s->arena, err.what);
	} else if (S_ISDIR(st.st_mode)) {
		strlist_add(s->arena, &paths, path);
		start_reading(s, &paths);
	} else {
		s->file = path;
	}
}

/* The folder that a path lies in. */
static char *
folder_of(struct arena *a, const char *path)
{
	const char *base = folder_base(path);

	if (base == path)
		return arena_strdup(a, ".");
	return arena_strndup(a, path,
	    base - path > 1 ? (size_t)(base - path - 1) : 1);
}

/* Beside the handover that is looked at, beside the site that is open, else
 * where new sites are kept. */
static char *
usual_dir(const struct screen *sc, struct arena *a)
{
	const char *handover = view_handover_path(sc);
	char *dir;

	if (handover != NULL)
		return folder_of(a, folder_of(a, handover));
	if (sc->site != NULL && sc->site->file != NULL)
		return folder_of(a, sitefile_path(sc->site->file));
	dir = app_sites_dir(a);
	return dir != NULL ? dir : arena_strdup(a, ".");
}

/* What the command line names; one of them is as if it were typed. */
static void
look_at_named(struct screen *sc, struct state *s)
{
	const struct strlist *paths = sc->app.opt.review;

	s->typed = arena_strdup(s->arena, paths->item[0]);
	if (paths->count == 1) {
		look(s);
		return;
	}
	s->looked = true;
	start_reading(s, paths);
}

static void
open_review(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	s->arena = arena_new();
	s->screen = sc;
	/* A folder is read in the background: to its first file, once it is
	 * there. */
	s->arrive = true;
	s->to_compare = f->arg != NULL &&
	    strcmp(f->arg, REVIEW_TO_COMPARE) == 0;
	s->typed = f->arg != NULL && !s->to_compare ?
	    arena_strdup(s->arena, f->arg) :
	    usual_dir(sc, s->arena);
	if (f->arg != NULL && strcmp(f->arg, REVIEW_NAMED) == 0)
		look_at_named(sc, s);
	else
		look(s);
	/* A folder that was never used is no mistake of the user. */
	if (f->arg == NULL || s->to_compare)
		s->problem = NULL;
}

static void
close_review(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	forget_list(s);
	arena_free(s->arena);
}

/* --- the page ---------------------------------------------------------- */

static const struct {
	enum glyph glyph;
	enum role role;
} looks[REVIEW_VERDICTS] = {
    [REVIEW_REFUSED] = {GLYPH_WARN, ROLE_BAD},
    [REVIEW_NOT_READY] = {GLYPH_FAIL, ROLE_BAD},
    [REVIEW_WITH_DEVIATIONS] = {GLYPH_WARN, ROLE_WARN},
    [REVIEW_READY] = {GLYPH_PASS, ROLE_GOOD},
    [REVIEW_SILENT] = {GLYPH_UNSURE, ROLE_NORMAL},
};

static bool
is_marked(const struct state *s, const char *path)
{
	size_t i;

	for (i = 0; i < MARKS; i++) {
		if (s->mark[i] != NULL && strcmp(s->mark[i], path) == 0)
			return true;
	}
	return false;
}

static void
build_entry(struct page *p, const struct state *s, struct review_row *r,
    size_t index, const char *verdict)
{
	bool focused = p->focus != NULL && strcmp(p->focus, r->path) == 0;
	const char *name = *r->site != '\0' ?
	    r->site :
	    shown(p->arena, folder_base(r->path));
	struct item *row = page_row(p, r->path, name);

	row->index = index;
	row->note = review_text_note(p->arena, r, focused);
	row->word = is_marked(s, r->path) ?
	    arena_printf(p->arena, _("marked, %s"), verdict) :
	    verdict;
	row->glyph = looks[r->verdict].glyph;
	row->role = looks[r->verdict].role;
}

static void
build_progress(struct page *p, const struct state *s)
{
	const struct reading_state *st = &s->table.state;

	if (s->reading == NULL)
		return;
	if (st->walking)
		page_text(p, ROLE_QUIET, 0, _("Looking for files..."));
	else
		page_textf(p, ROLE_QUIET, 0,
		    _("%1$zu of %2$zu files are read."), st->read, st->found);
	if (!st->stopped)
		page_hint(p, _("Esc stops the reading."));
}

static void
build_list(struct page *p, const struct state *s)
{
	const struct review_table *t = &s->table;
	const char *verdict[REVIEW_VERDICTS];
	struct strlist notes = {0};
	size_t i;

	page_heading(p, _("Handovers here, the newest first"));
	build_progress(p, s);
	if (t->count >= FILTER_FROM)
		page_field(p, FILTER_ID, _("Only those with"), s->filter);
	if (t->count > 0)
		page_text(p, ROLE_QUIET, 0, review_table_summary(t, p->arena));
	if (t->count == 0 && s->reading == NULL)
		page_text(p, ROLE_NORMAL, 0,
		    _("There is none here, and none in the folders below."));
	review_table_notes(t, p->arena, &notes);
	for (i = 0; i < notes.count; i++)
		page_text(p, ROLE_NORMAL, 0, notes.item[i]);
	for (i = 0; i < REVIEW_VERDICTS; i++)
		verdict[i] = review_verdict_label((enum review_verdict)i);
	for (i = 0; i < t->nshown; i++)
		build_entry(p, s, t->shown[i], i,
		    verdict[t->shown[i]->verdict]);
	if (t->count < FILTER_FROM || s->to_compare)
		return;
	page_blank(p);
	page_field(p, CSV_ID, _("Write this list to a CSV file"),
	    s->csv != NULL ? s->csv : "")
	    ->submit = true;
}

static void
build(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct page *p = &f->page;
	const struct review_table *t = &s->table;

	(void)sc;
	take_rows(s);
	review_text_renew(&s->table, s->language);
	page_text(p, ROLE_NORMAL, 0,
	    s->to_compare ?
		_("Name an older handover.json or a site file, or a folder "
		  "with handovers in it. Nothing in it is changed.") :
		_("Name a handover.json, or a folder with handovers in it. "
		  "It is only read: nothing in it is run, sent or changed, "
		  "whoever wrote it."));
	page_blank(p);
	page_field(p, PATH_ID, _("File or folder"), s->typed);
	/* While one types, nothing is claimed of what was there before. */
	if (!s->looked)
		page_text(p, ROLE_QUIET, 2, _("Enter looks at what is there."));
	else if (s->problem != NULL)
		page_text(p, ROLE_BAD, 2, s->problem)->glyph = GLYPH_WARN;
	else if (s->file != NULL)
		page_row(p, s->file,
		    arena_printf(p->arena,
			s->to_compare ? _("Compare with %s") : _("Open %s"),
			shown(p->arena, s->file)));
	else
		build_list(p, s);
	p->first = t->nshown > 0 ? t->shown[0]->path : PATH_ID;
	if (s->looked && s->arrive && s->problem == NULL &&
	    (s->file != NULL || s->reading == NULL || t->nshown > 0)) {
		s->arrive = false;
		page_focus(p, s->file != NULL ? s->file : p->first);
	}
}

/* --- what is done with it ---------------------------------------------- */

static void
filter_rows(struct state *s, const char *text)
{
	if (strlen(text) >= sizeof s->filter || strcmp(text, s->filter) == 0)
		return;
	memcpy(s->filter, text, strlen(text) + 1);
	review_table_choose(&s->table);
}

static void
write_csv(struct screen *sc, struct state *s, const char *typed)
{
	struct error err = {0};
	char *path = folder_path(s->arena, typed, &err);
	struct buf out;

	buf_init(&out, CSV_MAX);
	review_table_csv(&s->table, &out);
	if (path == NULL ||
	    file_write_atomic(path, buf_str(&out), out.len, &err) != 0)
		screen_say_error(sc, &err);
	else
		screen_say(sc, ROLE_GOOD,
		    P_("%1$zu row was written to %2$s.",
			"%1$zu rows were written to %2$s.", s->table.nshown),
		    s->table.nshown, shown(s->arena, path));
	buf_free(&out);
}

static void
type_path(struct state *s, const char *text, bool leaving)
{
	bool changed = strcmp(s->typed, text) != 0;

	if (changed)
		s->typed = arena_strdup(s->arena, text);
	if (leaving && text_is_space(text)) {
		s->typed = usual_dir(s->screen, s->arena);
		changed = true;
	}
	s->arrive = s->arrive || changed;
	/* What is there is not read again only because the focus passes. */
	if (leaving && (changed || !s->looked))
		look(s);
	else if (changed)
		s->looked = false;
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct state *s = f->state;

	(void)sc;
	if (strcmp(i->id, FILTER_ID) == 0)
		filter_rows(s, text);
	else if (strcmp(i->id, CSV_ID) == 0)
		s->csv = arena_strdup(s->arena, text);
	else if (strcmp(i->id, PATH_ID) == 0)
		type_path(s, text, leaving);
}

static const struct review_row *
row_of(const struct state *s, const struct item *i)
{
	if (i == NULL || i->kind != ITEM_ROW || i->index >= s->table.nshown ||
	    strcmp(s->table.shown[i->index]->path, i->id) != 0)
		return NULL;
	return s->table.shown[i->index];
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	struct state *s = f->state;
	const struct review_row *r = row_of(s, i);

	if (i->kind == ITEM_FIELD && strcmp(i->id, CSV_ID) == 0)
		write_csv(sc, s, buf_str(&f->page.edit));
	else if (i->kind != ITEM_ROW)
		return;
	else if (r != NULL && r->verdict == REVIEW_REFUSED &&
	    r->seal != SEAL_BROKEN)
		screen_say(sc, ROLE_BAD, "%s", r->problem);
	else
		screen_push(sc, s->to_compare ? &view_compare : &view_handover,
		    i->id);
}

static void
act_stop(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	reading_stop(s->reading);
	s->table.state.stopped = true;
}

static bool
has_row(const struct screen *sc, const struct frame *f)
{
	const struct state *s = f->state;

	(void)sc;
	return !s->to_compare && row_of(s, page_focused(&f->page)) != NULL;
}

/* The third one takes the place of the first. */
static void
act_mark(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	const struct review_row *r = row_of(s, page_focused(&f->page));
	size_t i;

	for (i = 0; i < MARKS; i++) {
		if (s->mark[i] == NULL || strcmp(s->mark[i], r->path) != 0)
			continue;
		mem_free(s->mark[i]);
		s->mark[i] = NULL;
		return;
	}
	if (r->verdict == REVIEW_REFUSED) {
		screen_say(sc, ROLE_BAD, "%s", r->problem);
		return;
	}
	for (i = 0; i < MARKS && s->mark[i] != NULL; i++)
		continue;
	if (i == MARKS) {
		mem_free(s->mark[0]);
		s->mark[0] = s->mark[1];
		i = MARKS - 1;
	}
	s->mark[i] = mem_strdup(r->path);
	if (s->mark[0] != NULL && s->mark[1] != NULL)
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("Two are marked; d tells what changed between them."));
}

static bool
has_pair(const struct screen *sc, const struct frame *f)
{
	const struct state *s = f->state;

	(void)sc;
	return s->mark[0] != NULL && s->mark[1] != NULL;
}

static void
act_compare(struct screen *sc, struct frame *f)
{
	const struct state *s = f->state;
	char *pair = mem_printf("%s%s%s", s->mark[0], COMPARE_AND, s->mark[1]);

	screen_push(sc, &view_compare, pair);
	mem_free(pair);
}

static const struct action actions[] = {
    {UI_KEY_ESC, N_("Esc"), N_("Stop"), N_("Stop reading further files."),
	act_stop, is_reading},
    {'m', "m", N_("Mark"), N_("Mark this handover, or no longer."), act_mark,
	has_row},
    {'d', "d", N_("Compare"),
	N_("What changed between the two that are marked."), act_compare,
	has_pair},
};

static const char *
subtitle(struct screen *sc, struct frame *f)
{
	const struct state *s = f->state;

	(void)sc;
	return s->to_compare ? _("Compare with which handover?") : NULL;
}

const struct view view_review = {
    .name = "review",
    .title = N_("Review a handover"),
    .help = N_("A handover is the file handover.json of a finished site. Any "
	       "file can be opened here, also one from somebody you do not "
	       "know. A file that cannot be read, or was changed since it was "
	       "sealed, is listed with the reason. The verdict in the list is "
	       "what the file says of itself."),
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = open_review,
    .close = close_review,
    .subtitle = subtitle,
    .build = build,
    .activate = activate,
    .typed = typed,
};
