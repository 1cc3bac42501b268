/* SPDX-License-Identifier: MIT */
/* Home, the list of sites: how each stands, open one, begin, copy or archive
 * one. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/screen/view.h"
#include "tui/views/standing.h"
#include "tui/work/left_out.h"
#include "tui/work/shelf.h"

#define SEARCH_ID "@search"
#define READ_AT_ONCE 8
#define LEFT_OUT_TOLD 3 /* files of packs, each in full */
#define SEARCH_FROM 9   /* so many sites are searched, not looked through */

struct listed {
	struct site_summary summary; /* its path alone until it is read */
	time_t changed;
	const char *name; /* to show */
	bool ours;        /* in our folder */
};

struct state {
	struct arena *arena;
	struct listed *site;
	size_t count;
	size_t nread; /* the first ones, of which more is known than a path */
	size_t narchived;
	char *last;      /* was open when the program ended, or NULL */
	char *last_name; /* to show */
	char *search;    /* outlives the list */
	char *subject;   /* of the question that is being asked */
};

/* --- reading ----------------------------------------------------------- */

static bool
is_listed(const struct state *s, const char *path)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (strcmp(s->site[i].summary.path, path) == 0)
			return true;
	}
	return false;
}

static const char *
name_of(struct arena *a, const struct site_summary *s)
{
	return s->name != NULL && !text_is_space(s->name) ?
	    s->name :
	    shelf_stem(a, s->path);
}

static void
add(struct state *s, const char *path, bool ours)
{
	struct listed *l;
	struct stat st;

	if (stat(path, &st) != 0)
		return;
	l = arena_push(s->arena, s->site, s->count);
	memset(l, 0, sizeof *l);
	l->summary.path = arena_strdup(s->arena, path);
	l->changed = st.st_mtime;
	l->ours = ours;
}

/* The one worked on last comes first. */
static int
compare(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	if (x->changed != y->changed)
		return x->changed < y->changed ? 1 : -1;
	return strcmp(x->summary.path, y->summary.path);
}

static void
read_last(struct state *s)
{
	struct site_summary summary;

	s->last = shelf_last(s->arena);
	if (s->last == NULL)
		return;
	sitefile_summary(s->last, s->arena, &summary);
	if (summary.problem != NULL)
		s->last = NULL;
	else
		s->last_name = arena_strdup(s->arena,
		    name_of(s->arena, &summary));
}

static void
read_sites(struct state *s, size_t upto)
{
	struct listed *l;

	for (; s->nread < upto && s->nread < s->count; s->nread++) {
		l = &s->site[s->nread];
		sitefile_summary(l->summary.path, s->arena, &l->summary);
		l->name = name_of(s->arena, &l->summary);
	}
}

static void on_later(evutil_socket_t fd, short what, void *arg);

/* The sites that the window has room for are read before the first drawing;
 * the others a few at a time, so that no key waits for years of work. */
static void
read_first(struct screen *sc, struct state *s)
{
	struct timeval now = {0, 0};
	int nrows, ncols;

	if (sc->ui == NULL || sc->tick == NULL) {
		read_sites(s, s->count);
		return;
	}
	ui_size(sc->ui, &nrows, &ncols);
	read_sites(s, (size_t)nrows);
	if (s->nread < s->count)
		event_base_once(sc->base, -1, EV_TIMEOUT, on_later, sc, &now);
}

static void
on_later(evutil_socket_t fd, short what, void *arg)
{
	struct screen *sc = arg;
	struct timeval now = {0, 0};
	struct state *s;
	size_t i;

	(void)fd;
	(void)what;
	for (i = 0; i < sc->nframes; i++) {
		if (sc->frame[i]->view != &view_sites)
			continue;
		s = sc->frame[i]->state;
		if (s->nread == s->count)
			continue;
		read_sites(s, s->nread + READ_AT_ONCE);
		if (s->nread < s->count)
			event_base_once(sc->base, -1, EV_TIMEOUT, on_later, sc,
			    &now);
		else
			evtimer_add(sc->tick, &now);
	}
}

static void
read_list(struct screen *sc, struct state *s)
{
	struct strlist paths = {NULL, 0}, archived = {NULL, 0};
	char *search = mem_strdup(s->search);
	size_t i;

	arena_free(s->arena);
	memset(s, 0, sizeof *s);
	s->arena = arena_new();
	s->search = arena_strdup(s->arena, search != NULL ? search : "");
	mem_free(search);
	shelf_list(s->arena, app_sites_dir(s->arena), &paths);
	for (i = 0; i < paths.count; i++)
		add(s, paths.item[i], true);
	if (sc->last_path != NULL && !is_listed(s, sc->last_path))
		add(s, sc->last_path, false);
	if (s->count > 0)
		qsort(s->site, s->count, sizeof *s->site, compare);
	read_first(sc, s);
	shelf_list(s->arena, shelf_archive_dir(s->arena), &archived);
	s->narchived = archived.count;
	read_last(s);
}

static void
open_list(struct screen *sc, struct frame *f)
{
	read_list(sc, f->state);
}

static void
close_list(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	arena_free(s->arena);
}

void
view_sites_reload(struct screen *sc)
{
	size_t i;

	for (i = 0; i < sc->nframes; i++) {
		if (sc->frame[i]->view == &view_sites)
			read_list(sc, sc->frame[i]->state);
	}
	sc->dirty = true;
}

/* --- showing ----------------------------------------------------------- */

static void
build_site(struct screen *sc, struct page *p, const struct listed *l)
{
	struct standing st;
	struct item *row;

	standing_tell(p->arena, sc->app.packs, &l->summary, &st);
	row = page_row(p, l->summary.path, l->name);
	row->data = l;
	row->group = "sites"; /* Enter in the search leads here */
	row->word = _(st.word);
	row->glyph = st.glyph;
	row->role = st.role;
	row->note = st.when;
	row->verb = _("Open");
	if (st.why != NULL)
		page_text(p, ROLE_QUIET, 4, st.why);
}

static bool
is_found(const struct state *s, const struct listed *l)
{
	return text_is_space(s->search) ||
	    strcasestr(l->name, s->search) != NULL ||
	    strcasestr(l->summary.path, s->search) != NULL;
}

static void
build_list(struct screen *sc, struct page *p, struct state *s)
{
	size_t i, nfound = 0;

	if (s->count == 0)
		return;
	/* Who searches, searches all. */
	if (!text_is_space(s->search))
		read_sites(s, s->count);
	page_heading(p, _("Your sites"));
	if (s->count >= SEARCH_FROM)
		page_field(p, SEARCH_ID, _("Search"), s->search);
	for (i = 0; i < s->nread; i++) {
		if (!is_found(s, &s->site[i]))
			continue;
		nfound++;
		build_site(sc, p, &s->site[i]);
	}
	if (nfound == 0)
		page_textf(p, ROLE_NORMAL, 2,
		    _("No site has \"%s\" in its name."), s->search);
	if (s->nread < s->count)
		page_textf(p, ROLE_NORMAL, 2,
		    P_("%zu more site is being read.",
			"%zu more sites are being read.", s->count - s->nread),
		    s->count - s->nread);
}

/* The page of the products tells all of them. */
static void
build_left_out(struct screen *sc, struct page *p)
{
	const struct pack_set *packs = sc->app.packs;
	size_t i, n = packs->nleft_out;

	if (n > 0)
		page_blank(p);
	for (i = 0; i < n && i < LEFT_OUT_TOLD; i++)
		page_text(p, ROLE_WARN, 0, left_out_text(p->arena, packs, i))
		    ->glyph = GLYPH_WARN;
	if (n > LEFT_OUT_TOLD)
		page_textf(p, ROLE_WARN, 0,
		    P_("%zu more file of packs was left out.",
			"%zu more files of packs were left out.",
			n - LEFT_OUT_TOLD),
		    n - LEFT_OUT_TOLD);
}

static void
build(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct page *p = &f->page;

	page_text(p, ROLE_NORMAL, 0,
	    _("See what a product needs of the customer's network, check it "
	      "live, and leave with the papers."));
	build_left_out(sc, p);
	page_blank(p);
	if (s->last != NULL)
		page_row(p, "@last",
		    arena_printf(p->arena, _("Go on with %s"), s->last_name))
		    ->verb = _("Go on");
	page_row(p, "@new", _("New site"))->verb = _("Begin");
	build_list(sc, p, s);
	if (s->narchived > 0) {
		page_blank(p);
		page_row(p, "@archive",
		    arena_printf(p->arena, _("Archived sites (%zu)"),
			s->narchived))
		    ->verb = _("Show");
	}
	p->first = s->last != NULL ? "@last" :
	    s->count > 0           ? s->site[0].summary.path :
				     "@new";
}

/* --- doing ------------------------------------------------------------- */

static void
open_path(struct screen *sc, const char *path)
{
	struct error err;
	struct site *site = site_open(&sc->app, path, false, &err);

	if (site == NULL)
		screen_say_error(sc, &err);
	else
		screen_enter_site(sc, site);
}

static void
act_new(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_push(sc, &view_new, NULL);
}

static void
act_archived(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_push(sc, &view_archive, NULL);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	struct state *s = f->state;
	const struct listed *l = i->data;

	if (strcmp(i->id, "@new") == 0)
		act_new(sc, f);
	else if (strcmp(i->id, "@archive") == 0)
		act_archived(sc, f);
	else if (strcmp(i->id, "@last") == 0)
		open_path(sc, s->last);
	else if (l != NULL)
		open_path(sc, l->summary.path);
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct state *s = f->state;

	(void)i;
	(void)leaving;
	s->search = arena_strdup(s->arena, text);
	sc->dirty = true;
}

static const struct listed *
focused(const struct frame *f)
{
	const struct item *i = page_focused(&f->page);

	return i != NULL ? i->data : NULL;
}

static bool
has_site(const struct screen *sc, const struct frame *f)
{
	(void)sc;
	return focused(f) != NULL;
}

static bool
has_search(const struct screen *sc, const struct frame *f)
{
	const struct state *s = f->state;

	(void)sc;
	return s->count >= SEARCH_FROM;
}

static bool
has_archived(const struct screen *sc, const struct frame *f)
{
	const struct state *s = f->state;

	(void)sc;
	return s->narchived > 0;
}

static void
act_search(struct screen *sc, struct frame *f)
{
	(void)sc;
	page_focus(&f->page, SEARCH_ID);
}

static void
act_duplicate(struct screen *sc, struct frame *f)
{
	const struct listed *l = focused(f);

	if (l->summary.problem != NULL)
		screen_say(sc, ROLE_BAD, "%s", l->summary.problem);
	else
		screen_push(sc, &view_duplicate, l->summary.path);
}

static void
archive_now(struct screen *sc)
{
	struct frame *f = screen_top(sc);
	struct arena *a = arena_new();
	struct state *s = f->state;
	const char *dir = shelf_archive_dir(a);
	struct error err;

	if (f->view == &view_sites && s->subject != NULL && dir != NULL) {
		if (shelf_move(s->subject, dir, &err) != 0)
			screen_say_error(sc, &err);
		else
			screen_say(sc, ROLE_GOOD, "%s",
			    _("It is archived. \"Archived sites\" at the end "
			      "of the list brings it back."));
		read_list(sc, s);
	}
	arena_free(a);
}

static void
act_archive(struct screen *sc, struct frame *f)
{
	const struct listed *l = focused(f);
	struct state *s = f->state;

	if (!l->ours) {
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("This file lies in a folder of yours and not with the "
		      "others, so it is left where it is."));
		return;
	}
	s->subject = arena_strdup(s->arena, l->summary.path);
	screen_ask(sc,
	    arena_printf(s->arena,
		_("Archive \"%s\"? Its file moves to the archive with all "
		  "that is in it, and can be brought back."),
		l->name),
	    _("No, keep it in the list"), _("Yes, archive it"), archive_now);
}

static void
act_language(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_push(sc, &view_language, NULL);
}

static void
act_review(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_push(sc, &view_review, NULL);
}

static void
act_quit(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_quit(sc);
}

/* The way out stands here and not behind all others: who looks for it looks
 * on this page, and 80 columns have no room for all. */
static const struct action actions[] = {
    {'n', "n", N_("New site"), N_("Begin a new site."), act_new, NULL},
    {'q', "q", N_("Quit"), N_("Leave the program. Everything is saved."),
	act_quit, NULL},
    {'v', "v", N_("Review"), N_("Read a handover file."), act_review, NULL},
    {'/', "/", N_("Search"),
	N_("Search the sites: type a part of the name, then Down."), act_search,
	has_search},
    {'d', "d", N_("Duplicate"),
	N_("Begin a site with the products and answers of this one."),
	act_duplicate, has_site},
    {'a', "a", N_("Archive"),
	N_("Move this site to the archive, from which it can come back."),
	act_archive, has_site},
    {'A', "A", N_("Archived"), N_("The sites in the archive."), act_archived,
	has_archived},
    {'l', "l", N_("Language"), N_("Choose the language of all texts."),
	act_language, NULL},
};

const struct view view_sites = {
    .name = "sites",
    .title = N_("Sites"),
    .help = N_("Each site has one file, in which everything you enter and "
	       "all that is found is kept at once. Open one to go on where "
	       "you left it, or begin a new one."),
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = open_list,
    .close = close_list,
    .build = build,
    .activate = activate,
    .typed = typed,
};
