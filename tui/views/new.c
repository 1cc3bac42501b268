/* SPDX-License-Identifier: MIT */
/* A new site: its name, from which the name of its file follows. */
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/screen/view.h"
#include "tui/work/shelf.h"

#define NAME_ID "name"

struct state {
	struct arena *arena;
	char *name;
};

/* Where the site will be kept: as asked for, or a free name in the folder. */
static char *
site_path(struct arena *a, const struct frame *f, const char *name)
{
	char *dir;

	if (f->arg != NULL)
		return arena_strdup(a, f->arg);
	dir = app_sites_dir(a);
	return dir == NULL ? NULL : shelf_free_path(a, dir, name);
}

static void
open_new(struct screen *sc, struct frame *f)
{
	const struct draft *d = screen_draft(sc, NAME_ID);
	struct state *s = f->state;

	s->arena = arena_new();
	s->name = arena_strdup(s->arena, d != NULL ? d->text : "");
	if (d == NULL && f->arg != NULL)
		s->name = shelf_stem(s->arena, f->arg);
}

static void
close_new(struct screen *sc, struct frame *f)
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
	char *path = site_path(p->arena, f, s->name);

	(void)sc;
	page_text(p, ROLE_NORMAL, 0,
	    _("Give the site a name by which you and the customer know it."));
	page_blank(p);
	page_field(p, NAME_ID, _("Name of the site"), s->name);
	page_blank(p);
	if (path != NULL)
		page_textf(p, ROLE_QUIET, 0, _("It will be kept in %s"), path);
	p->next = _("Begin");
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct state *s = f->state;

	(void)i;
	(void)leaving;
	if (strcmp(s->name, text) == 0)
		return;
	s->name = arena_strdup(s->arena, text);
	/* There is no file yet that could keep it. */
	screen_set_draft(sc, NAME_ID, *text != '\0' ? text : NULL, NULL);
}

static int
make_folder(struct screen *sc, struct frame *f, struct arena *a,
    struct error *err)
{
	char *dir = app_sites_dir(a);

	(void)sc;
	if (f->arg != NULL)
		return 0;
	if (dir == NULL)
		return error_set(err, ERR_SYSTEM,
		    _("There is no place to keep sites, since neither HOME nor "
		      "XDG_DATA_HOME is set. Give a file: sitewalk "
		      "NAME.sitewalk"));
	return file_make_dirs(dir, err);
}

static void
begin(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct arena *a = arena_new();
	struct site_info info = {0};
	struct site *site = NULL;
	struct error err;
	char *path;

	if (text_is_space(s->name)) {
		screen_say(sc, ROLE_BAD, "%s",
		    _("Type a name for the site first."));
		page_focus(&f->page, NAME_ID);
		arena_free(a);
		return;
	}
	path = site_path(a, f, s->name);
	if (make_folder(sc, f, a, &err) == 0 && path != NULL)
		site = site_create(&sc->app, path, &err);
	if (site != NULL) {
		info = site->record->site;
		info.name = s->name;
		if (site_set_info(site, &info, &err) != 0) {
			site_close(site);
			site = NULL;
			unlink(path);
		}
	}
	arena_free(a);
	if (site == NULL)
		screen_say_error(sc, &err);
	else
		screen_enter_site(sc, site);
}

const struct view view_new = {
    .name = "new",
    .title = N_("New site"),
    .help = N_("The name stands on all papers. It can be changed later; the "
	       "file keeps its name."),
    .state_size = sizeof(struct state),
    .open = open_new,
    .close = close_new,
    .build = build,
    .typed = typed,
    .next = begin,
};
