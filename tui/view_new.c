/* SPDX-License-Identifier: MIT */
/* A new site: its name, from which the name of its file follows. */
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/view.h"

#define FILE_NAME_MAX 60 /* bytes, without suffix and number */
#define SUFFIX ".sitewalk"
#define TRIES 1000 /* numbers tried for a name that is taken */

struct state {
	struct arena *arena;
	char *name;
};

/* Letters, digits and what else is harmless in any file system. */
static char *
file_stem(struct arena *a, const char *name)
{
	char *stem = arena_alloc(a, FILE_NAME_MAX + 1);
	size_t n = 0;

	for (; *name != '\0' && n < FILE_NAME_MAX; name++) {
		unsigned char c = (unsigned char)*name;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c >= 0x80;

		if (plain)
			stem[n++] = (char)c;
		else if (n > 0 && stem[n - 1] != '-')
			stem[n++] = '-';
	}
	while (n > 0 && !text_is_utf8(stem, n))
		n--;
	while (n > 0 && stem[n - 1] == '-')
		n--;
	stem[n] = '\0';
	return n > 0 ? stem : arena_strdup(a, "site");
}

/* Where the site will be kept: as asked for, or a free name in the folder. */
static char *
site_path(struct arena *a, const struct frame *f, const char *name)
{
	char *dir, *stem, *path;
	int i;

	if (f->arg != NULL)
		return arena_strdup(a, f->arg);
	dir = app_sites_dir(a);
	if (dir == NULL)
		return NULL;
	stem = file_stem(a, name);
	path = arena_printf(a, "%s/%s.sitewalk", dir, stem);
	for (i = 2; access(path, F_OK) == 0 && i < TRIES; i++)
		path = arena_printf(a, "%s/%s-%d.sitewalk", dir, stem, i);
	return path;
}

/* A file that was asked for gives the first guess of the name. */
static char *
name_of_path(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;
	size_t len = strlen(base), suffix = sizeof SUFFIX - 1;

	if (len > suffix && strcmp(base + len - suffix, SUFFIX) == 0)
		len -= suffix;
	return text_sanitise(a, base, len, FILE_NAME_MAX, false);
}

static void
open_new(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	s->arena = arena_new();
	s->name = arena_strdup(s->arena, "");
	if (f->arg != NULL)
		s->name = name_of_path(s->arena, f->arg);
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
	page_field(p, "name", _("Name of the site"), s->name);
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

	(void)sc;
	(void)i;
	(void)leaving;
	s->name = arena_strdup(s->arena, text);
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
		page_focus(&f->page, "name");
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
