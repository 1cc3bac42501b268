/* SPDX-License-Identifier: MIT */
/* A new site that begins with what was entered at another one. */
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/screen/view.h"
#include "tui/work/shelf.h"

struct state {
	struct arena *arena;
	struct site_summary from;
	char *name;
};

static void
open_duplicate(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	s->arena = arena_new();
	sitefile_summary(f->arg, s->arena, &s->from);
	s->name = s->from.name;
}

static void
close_duplicate(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	arena_free(s->arena);
}

static void
build(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct page *p = &f->page;

	(void)sc;
	page_textf(p, ROLE_NORMAL, 0,
	    _("The new site gets the address, the parties, the products and "
	      "the answers of \"%s\". What was measured, written down, "
	      "confirmed or accepted there stays there."),
	    s->from.name);
	page_blank(p);
	page_field(p, "name", _("Name of the new site"), s->name);
	p->next = _("Begin");
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct state *s = f->state;

	(void)sc;
	(void)i;
	(void)leaving;
	s->name = arena_strdup(s->arena, text);
}

static void
begin(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct arena *a = arena_new();
	const char *dir = app_sites_dir(a);
	struct site *site = NULL;
	struct error err;
	char *path;

	if (text_is_space(s->name) || strcmp(s->name, s->from.name) == 0) {
		screen_say(sc, ROLE_BAD, "%s",
		    _("Give the new site a name of its own first."));
		page_focus(&f->page, "name");
	} else if (dir == NULL) {
		screen_say(sc, ROLE_BAD, "%s",
		    _("There is no place to keep sites, since neither HOME "
		      "nor XDG_DATA_HOME is set."));
	} else {
		path = shelf_free_path(a, dir, s->name);
		if (file_make_dirs(dir, &err) == 0 &&
		    shelf_duplicate(f->arg, path, s->name, &err) == 0)
			site = site_open(&sc->app, path, false, &err);
		if (site == NULL)
			screen_say_error(sc, &err);
		else
			screen_enter_site(sc, site);
	}
	arena_free(a);
}

const struct view view_duplicate = {
    .name = "duplicate",
    .title = N_("Duplicate a site"),
    .help = N_("For a site that is like another one. Look through the "
	       "answers afterwards: addresses and serial numbers will "
	       "differ."),
    .state_size = sizeof(struct state),
    .open = open_duplicate,
    .close = close_duplicate,
    .build = build,
    .typed = typed,
    .next = begin,
};
