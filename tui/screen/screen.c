/* SPDX-License-Identifier: MIT */
/* Owns the stack of views, what keys do above a page, and the way through
 * the walk. Draws nothing itself and knows no terminal. */
#include <string.h>
#include <sys/stat.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "tui/work/shelf.h"
#include "tui/work/status.h"
#include "tui/screen/view.h"

static const struct view *const pages[WALK_KIND_COUNT] = {
    [WALK_SITE] = &view_site,
    [WALK_PRODUCTS] = &view_products,
    [WALK_QUESTIONS] = &view_questions,
    [WALK_PLAN] = &view_plan,
    [WALK_RUN] = &view_run,
    [WALK_RESULTS] = &view_results,
    [WALK_STEP] = &view_step,
    [WALK_SIGN] = &view_signoff,
    [WALK_EXPORT] = &view_export,
};

/* --- the stack --------------------------------------------------------- */

struct frame *
screen_top(const struct screen *sc)
{
	return sc->nframes > 0 ? sc->frame[sc->nframes - 1] : NULL;
}

struct frame *
screen_below(const struct screen *sc, const struct frame *f)
{
	size_t i;

	for (i = 1; i < sc->nframes; i++) {
		if (sc->frame[i] == f)
			return sc->frame[i - 1];
	}
	return sc->nframes > 0 ? sc->frame[0] : NULL;
}

static void
changed_view(struct screen *sc)
{
	sc->dirty = true;
	sc->moved = true;
}

struct frame *
screen_push(struct screen *sc, const struct view *v, const char *arg)
{
	struct frame *f;

	if (sc->nframes == sizeof sc->frame / sizeof *sc->frame)
		return NULL;
	f = mem_alloc(sizeof *f);
	f->view = v;
	f->arg = mem_strdup(arg);
	f->state = mem_alloc(v->state_size + 1);
	page_init(&f->page);
	sc->frame[sc->nframes++] = f;
	if (v->open != NULL)
		v->open(sc, f);
	changed_view(sc);
	return f;
}

void
screen_pop(struct screen *sc)
{
	struct frame *f = screen_top(sc);

	if (f == NULL)
		return;
	sc->nframes--;
	if (f->view->close != NULL)
		f->view->close(sc, f);
	page_free(&f->page);
	mem_free(f->arg);
	mem_free(f->state);
	mem_free(f);
	changed_view(sc);
}

bool
screen_is_walk_page(const struct screen *sc, const struct view *v)
{
	size_t i;

	for (i = 0; sc->walk != NULL && i < WALK_KIND_COUNT; i++) {
		if (pages[i] == v)
			return true;
	}
	return false;
}

/* --- messages ---------------------------------------------------------- */

/* The site that is at work, also while a handover is looked at. */
static const struct site *
site_at_work(const struct screen *sc)
{
	return sc->site != NULL && sc->site->read_only ? sc->aside : sc->site;
}

void
screen_say(struct screen *sc, enum role role, const char *fmt, ...)
{
	va_list ap;
	struct buf text;

	buf_init(&text, 2048);
	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	mem_free(sc->message);
	sc->message = buf_take(&text);
	sc->message_role = role;
	sc->dirty = true;
}

void
screen_say_error(struct screen *sc, const struct error *err)
{
	screen_say(sc, ROLE_BAD, "%s%s%s", err->what,
	    *err->hint != '\0' ? " " : "", err->hint);
}

void
screen_moved(void *arg, const char *path, const char *sentence)
{
	struct screen *sc = arg;

	mem_free(sc->news);
	sc->news = mem_strdup(sentence);
	sc->news_seen = false;
	sc->lost = path == NULL;
	sc->dirty = true;
	if (path != NULL && site_at_work(sc) != NULL)
		shelf_set_last(path);
}

void
screen_ask(struct screen *sc, const char *question, const char *no,
    const char *yes, void (*run)(struct screen *sc))
{
	struct frame *f = screen_push(sc, &view_confirm, NULL);
	struct confirm *c;

	if (f == NULL)
		return;
	c = f->state;
	c->question = question;
	c->no = no;
	c->yes = yes;
	c->run = run;
}

bool
screen_is_running(const struct screen *sc)
{
	return sc->site != NULL && sc->site->run != NULL;
}

/* --- the walk ---------------------------------------------------------- */

void
screen_show_page(struct screen *sc)
{
	while (sc->nframes > 1)
		screen_pop(sc);
	sc->news_seen = true;
	screen_push(sc, pages[walk_current(sc->walk)->kind], NULL);
	screen_save_place(sc);
}

void
screen_refresh_walk(struct screen *sc)
{
	if (sc->walk != NULL)
		walk_refresh(sc->walk);
	sc->dirty = true;
}

void
screen_next(struct screen *sc)
{
	struct frame *f = screen_top(sc);
	struct error err;

	if (sc->walk == NULL)
		return;
	if (screen_has_problem(sc, f))
		return;
	if (walk_blocked(sc->walk, &err) != 0) {
		screen_say_error(sc, &err);
		return;
	}
	if (walk_next(sc->walk))
		screen_show_page(sc);
}

const char *
screen_next_label(const struct screen *sc, struct arena *a)
{
	size_t next = walk_index(sc->walk) + 1;

	if (next >= walk_count(sc->walk))
		return _("Next");
	return arena_printf(a, _("Next: %s"),
	    walk_title(walk_page(sc->walk, next), a));
}

void
screen_go(struct screen *sc, size_t index)
{
	if (sc->walk != NULL && walk_go_index(sc->walk, index))
		screen_show_page(sc);
}

static void
quit_now(struct screen *sc)
{
	sc->quit = true;
}

static bool
is_open(const struct screen *sc, const struct view *v)
{
	size_t i;

	for (i = 0; i < sc->nframes; i++) {
		if (sc->frame[i]->view == v)
			return true;
	}
	return false;
}

/* Typed where there is no file yet, or the file could not be written. */
static bool
has_unsaved(const struct screen *sc)
{
	const struct site *s = site_at_work(sc);

	/* A name that one went back from comes again, but nobody is asked. */
	if (s == NULL)
		return sc->ndrafts > 0 && is_open(sc, &view_new);
	if (s->file == NULL)
		return sc->ndrafts > 0;
	return sc->unsaved || s->save_error.code != ERR_NONE;
}

/* What could not be written before may be written now. */
static void
save_at_last(struct screen *sc)
{
	if (sc->unsaved)
		screen_save_place(sc);
}

static void
quit_for_sure(struct screen *sc)
{
	save_at_last(sc);
	if (!has_unsaved(sc)) {
		quit_now(sc);
		return;
	}
	screen_ask(sc,
	    site_at_work(sc) != NULL &&
		    site_at_work(sc)->save_error.code != ERR_NONE ?
		_("Not all that was found could be written to the site's "
		  "file. Quit and lose it?") :
		_("Not all that you typed could be written to the site's "
		  "file. Quit and lose it?"),
	    _("No, stay here"), _("Yes, lose it and quit"), quit_now);
}

/* What is asked on top of the stack, or NULL. */
static const struct confirm *
asked(const struct screen *sc)
{
	const struct frame *f = screen_top(sc);

	return f != NULL && f->view == &view_confirm ? f->state : NULL;
}

void
screen_quit(struct screen *sc)
{
	const struct confirm *c = asked(sc);
	bool stop = c != NULL && c->run == quit_for_sure;

	/* Asked for a second time: it is meant. */
	if (c != NULL && c->run == quit_now) {
		quit_now(sc);
		return;
	}
	if (stop)
		screen_pop(sc);
	if (screen_is_running(sc) && !stop)
		screen_ask(sc,
		    _("Checks are still running. What was found so far is "
		      "kept. Stop them and quit?"),
		    _("No, let them run"), _("Yes, stop and quit"),
		    quit_for_sure);
	else
		quit_for_sure(sc);
}

static void
leave_for_list(struct screen *sc)
{
	save_at_last(sc);
	if (!has_unsaved(sc)) {
		screen_leave_site(sc);
		return;
	}
	screen_ask(sc,
	    _("Not all of this site could be written to its file. Go to the "
	      "list of sites and lose it?"),
	    _("No, stay here"), _("Yes, lose it and go"), screen_leave_site);
}

void
screen_back(struct screen *sc)
{
	struct frame *f = screen_top(sc);

	if (f == NULL || sc->nframes <= 1)
		return;
	if (!screen_is_walk_page(sc, f->view)) {
		screen_pop(sc);
		return;
	}
	if (walk_back(sc->walk))
		screen_show_page(sc);
	else if (screen_is_running(sc))
		screen_ask(sc,
		    _("Checks are still running at this site. Stop them and "
		      "go to the list of sites?"),
		    _("No, stay here"), _("Yes, stop the checks"),
		    leave_for_list);
	else
		leave_for_list(sc);
}

void
screen_end(struct screen *sc)
{
	sc->quit = true;
	sc->status = EXIT_TROUBLE;
}

void
screen_interrupt(struct screen *sc)
{
	bool again = sc->interrupted;

	screen_quit(sc);
	sc->interrupted = true;
	sc->dirty = true;
	if (again || sc->quit)
		screen_end(sc);
}

void
screen_enter_site(struct screen *sc, struct site *s)
{
	struct arena *a = arena_new();
	char *place = NULL;

	sc->site = s;
	memset(&sc->run_look, 0, sizeof sc->run_look);
	sc->again = false;
	screen_forget_drafts(sc); /* the name of a new site */
	site_assess(s);
	sc->walk = walk_new(sc->app.packs, s->record);
	if (s->file != NULL && sc->ui != NULL)
		sitefile_settle_later(s->file);
	if (s->file != NULL)
		place = sitefile_place(s->file, a);
	if (place != NULL)
		screen_load_place(sc, place);
	arena_free(a);
	if (s->file != NULL)
		shelf_set_last(sitefile_path(s->file));
	screen_show_page(sc);
}

void
screen_leave_site(struct screen *sc)
{
	while (sc->nframes > 0)
		screen_pop(sc);
	screen_forget_drafts(sc);
	if (sc->site != NULL && sc->site->file != NULL) {
		mem_free(sc->last_path);
		sc->last_path = mem_strdup(sitefile_path(sc->site->file));
	}
	walk_free(sc->walk);
	sc->walk = NULL;
	site_close(sc->site);
	sc->site = NULL;
	shelf_set_last(NULL);
	screen_push(sc, &view_sites, NULL);
}

/* --- life -------------------------------------------------------------- */

void
screen_init(struct screen *sc, bool utf8)
{
	memset(sc, 0, sizeof *sc);
	surface_init(&sc->surface, utf8);
	sc->dirty = true;
	sc->status = EXIT_OK;
}

/* One file is opened at once. */
static void
begin_review(struct screen *sc)
{
	const struct strlist *paths = sc->app.opt.review;
	struct stat st;

	screen_push(sc, &view_review, REVIEW_NAMED);
	if (paths->count == 1 && stat(paths->item[0], &st) == 0 &&
	    !S_ISDIR(st.st_mode))
		screen_push(sc, &view_handover, paths->item[0]);
}

void
screen_begin(struct screen *sc, struct site *site, const char *path)
{
	screen_push(sc, &view_sites, NULL);
	if (site != NULL)
		screen_enter_site(sc, site);
	else if (path != NULL)
		screen_push(sc, &view_new, path);
	else if (sc->app.opt.review != NULL)
		begin_review(sc);
	if (!sc->settings.found)
		screen_push(sc, &view_language, NULL);
}

void
screen_fini(struct screen *sc)
{
	while (sc->nframes > 0)
		screen_pop(sc);
	screen_forget_drafts(sc);
	mem_free(sc->draft);
	walk_free(sc->walk);
	site_close(sc->site);
	arena_free(sc->plan_arena);
	surface_free(&sc->surface);
	mem_free(sc->message);
	mem_free(sc->exported);
	mem_free(sc->last_path);
	mem_free(sc->find);
}
