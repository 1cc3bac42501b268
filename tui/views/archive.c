/* SPDX-License-Identifier: MIT */
/* The archived sites; Enter brings one back. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/screen/view.h"
#include "tui/views/standing.h"
#include "tui/work/shelf.h"

struct state {
	struct arena *arena;
	struct site_summary *site;
	size_t count;
};

static void
read_archive(struct state *s)
{
	struct strlist paths = {NULL, 0};
	size_t i;

	arena_free(s->arena);
	memset(s, 0, sizeof *s);
	s->arena = arena_new();
	shelf_list(s->arena, shelf_archive_dir(s->arena), &paths);
	s->site = arena_array(s->arena, paths.count, sizeof *s->site);
	for (i = 0; i < paths.count; i++)
		sitefile_summary(paths.item[i], s->arena, &s->site[s->count++]);
}

static void
open_archive(struct screen *sc, struct frame *f)
{
	(void)sc;
	read_archive(f->state);
}

static void
close_archive(struct screen *sc, struct frame *f)
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
	struct standing st;
	struct item *row;
	size_t i;

	if (s->count == 0) {
		page_text(p, ROLE_NORMAL, 0, _("No site is archived."));
		return;
	}
	page_text(p, ROLE_NORMAL, 0,
	    _("Enter brings a site back to the list, with all that is in "
	      "it."));
	page_blank(p);
	for (i = 0; i < s->count; i++) {
		standing_tell(p->arena, sc->app.packs, &s->site[i], &st);
		row = page_row(p, s->site[i].path,
		    text_is_space(s->site[i].name) ?
			shelf_stem(p->arena, s->site[i].path) :
			s->site[i].name);
		row->word = _(st.word);
		row->glyph = st.glyph;
		row->role = st.role;
		row->note = st.when;
		row->verb = _("Bring back");
	}
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	struct arena *a = arena_new();
	const char *dir = app_sites_dir(a);
	struct state *s = f->state;
	struct error err;

	if (dir != NULL && shelf_move(i->id, dir, &err) != 0)
		screen_say_error(sc, &err);
	else if (dir != NULL)
		screen_say(sc, ROLE_GOOD, _("%s is back in the list."),
		    i->text);
	read_archive(s);
	view_sites_reload(sc);
	arena_free(a);
}

const struct view view_archive = {
    .name = "archive",
    .title = N_("Archived sites"),
    .help = N_("Sites that were put away. Their files lie in the folder "
	       "\"archive\" beside the others."),
    .state_size = sizeof(struct state),
    .open = open_archive,
    .close = close_archive,
    .build = build,
    .activate = activate,
};
