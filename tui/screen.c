/* SPDX-License-Identifier: MIT */
/* Owns the stack of views, what keys do above a page, and the way through
 * the walk. Draws nothing itself and knows no terminal. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "tui/command.h"
#include "tui/view.h"

static const struct view *const pages[WALK_KIND_COUNT] = {
    [WALK_SITE] = &view_site,
    [WALK_PRODUCTS] = &view_products,
    [WALK_QUESTIONS] = &view_questions,
    [WALK_PLAN] = &view_plan,
    [WALK_RUN] = &view_run,
    [WALK_RESULTS] = &view_results,
    [WALK_STEP] = &view_step,
    [WALK_EXPORT] = &view_export,
};

/* --- the stack --------------------------------------------------------- */

struct frame *
screen_top(const struct screen *sc)
{
	return sc->nframes > 0 ? sc->frame[sc->nframes - 1] : NULL;
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
leave_for_list(struct screen *sc)
{
	screen_leave_site(sc);
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
		screen_leave_site(sc);
}

static void
quit_now(struct screen *sc)
{
	sc->quit = true;
}

void
screen_quit(struct screen *sc)
{
	struct frame *f = screen_top(sc);

	if (!screen_is_running(sc)) {
		quit_now(sc);
		return;
	}
	if (f != NULL && f->view == &view_confirm) {
		/* Asked for a second time: it is meant. */
		quit_now(sc);
		return;
	}
	screen_ask(sc,
	    _("Checks are still running. What was found so far is kept. "
	      "Stop them and quit?"),
	    _("No, let them run"), _("Yes, stop and quit"), quit_now);
}

void
screen_enter_site(struct screen *sc, struct site *s)
{
	struct arena *a = arena_new();
	char *place = NULL;

	sc->site = s;
	site_assess(s);
	sc->walk = walk_new(sc->app.packs, s->record);
	if (s->file != NULL)
		place = sitefile_place(s->file, a);
	if (place != NULL)
		screen_load_place(sc, place);
	arena_free(a);
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
}
