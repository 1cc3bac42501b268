/* SPDX-License-Identifier: MIT */
/* The list of sites: open one, or begin a new one. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/i18n.h"
#include "tui/view.h"
#include "tui/view_words.h"

#define SITES_MAX 2000 /* files that are looked at */
#define SUFFIX ".sitewalk"

struct listed {
	struct site_summary summary;
	time_t changed;
};

struct state {
	struct arena *arena;
	struct listed *site;
	size_t count;
	char *dir;
};

static int
is_site(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name), suffix = sizeof SUFFIX - 1;

	return *entry->d_name != '.' && len > suffix &&
	    strcmp(entry->d_name + len - suffix, SUFFIX) == 0;
}

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

static void
add(struct state *s, const char *path)
{
	struct listed *l;
	struct stat st;

	if (is_listed(s, path) || s->count >= SITES_MAX || stat(path, &st) != 0)
		return;
	l = arena_push(s->arena, s->site, s->count);
	memset(l, 0, sizeof *l);
	sitefile_summary(path, s->arena, &l->summary);
	l->summary.path = arena_strdup(s->arena, path);
	l->changed = st.st_mtime;
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
open_list(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct dirent **entry = NULL;
	int i, n;

	s->arena = arena_new();
	s->dir = app_sites_dir(s->arena);
	n = s->dir != NULL ? scandir(s->dir, &entry, is_site, alphasort) : 0;
	for (i = 0; i < n; i++) {
		add(s,
		    arena_printf(s->arena, "%s/%s", s->dir, entry[i]->d_name));
		free(entry[i]);
	}
	free(entry);
	if (sc->last_path != NULL)
		add(s, sc->last_path);
	if (s->count > 0)
		qsort(s->site, s->count, sizeof *s->site, compare);
}

static void
close_list(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	arena_free(s->arena);
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static const char *
run_text(struct arena *a, const struct site_summary *s)
{
	if (s->problem != NULL)
		return _("cannot be opened");
	if (s->last_run_us == 0)
		return _("not checked yet");
	return arena_printf(a,
	    s->complete ? _("checked %s") : _("checks cut short %s"),
	    words_when(a, s->last_run_us));
}

static void
build_row(struct page *p, const struct listed *l, size_t index)
{
	const struct site_summary *s = &l->summary;
	const char *name = s->name != NULL && *s->name != '\0' ?
	    s->name :
	    base_name(s->path);
	struct item *row;

	row = page_row(p, s->path, arena_strdup(p->arena, name));
	row->note = run_text(p->arena, s);
	row->index = index;
	row->glyph = s->problem != NULL ? GLYPH_WARN : GLYPH_SKIP;
	row->role = s->problem != NULL ? ROLE_BAD : ROLE_NORMAL;
}

static void
build(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct page *p = &f->page;
	const struct item *now;
	size_t i;

	(void)sc;
	page_text(p, ROLE_NORMAL, 0,
	    _("sitewalk walks you through what a product needs of a "
	      "customer's network, checks it live, and writes the handover "
	      "sheet and the firewall request."));
	page_blank(p);
	page_row(p, "@new", _("New site"))->verb = _("Begin");
	if (s->count > 0)
		page_heading(p, _("Your sites"));
	for (i = 0; i < s->count; i++)
		build_row(p, &s->site[i], i);
	p->first = s->count > 0 ? s->site[0].summary.path : "@new";
	now = page_focused(p);
	for (i = 0; now != NULL && i < s->count; i++) {
		const struct site_summary *sum = &s->site[i].summary;

		if (strcmp(sum->path, now->id) != 0)
			continue;
		page_blank(p);
		page_text(p, ROLE_QUIET, 0, sum->path);
		if (sum->problem != NULL)
			page_text(p, ROLE_BAD, 0, sum->problem)
			    ->glyph = GLYPH_WARN;
	}
}

static void
act_new(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_push(sc, &view_new, NULL);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	struct state *s = f->state;
	struct site *site;
	struct error err;

	if (strcmp(i->id, "@new") == 0) {
		act_new(sc, f);
		return;
	}
	site = site_open(&sc->app, s->site[i->index].summary.path, false, &err);
	if (site == NULL)
		screen_say_error(sc, &err);
	else
		screen_enter_site(sc, site);
}

static void
quit(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_quit(sc);
}

static const struct action actions[] = {
    {'n', "n", N_("New site"), N_("Begin a new site."), act_new, NULL},
    {'q', "q", N_("Quit"), N_("Leave the program."), quit, NULL},
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
};
