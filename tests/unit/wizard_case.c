/* SPDX-License-Identifier: MIT */
/* Owns the wizard in memory for tests. */
#include "tests/unit/wizard_case.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"

#define NO_CARD "nosuchcard0"

void
wizard_draw(struct wizard *f)
{
	screen_draw(&f->sc, f->nrows, f->ncols);
}

void
wizard_setup(struct wizard *f)
{
	struct error err = {0};

	memset(f, 0, sizeof *f);
	f->nrows = 24;
	f->ncols = 80;
	snprintf(f->dir, sizeof f->dir, "/tmp/sitewalk-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f->dir));
	/* Whatever a test writes to any name lies below its own folder. */
	ck_assert_int_eq(chdir(f->dir), 0);
	setenv("XDG_DATA_HOME", f->dir, 1);
	setenv("XDG_CONFIG_HOME", f->dir, 1);
	snprintf(f->path, sizeof f->path, "%s/t.sitewalk", f->dir);
	f->opt.interface = NO_CARD;
	screen_init(&f->sc, true);
	ck_assert_int_eq(app_init(&f->sc.app, &f->opt, &err), 0);
	f->sc.base = event_base_new();
	screen_push(&f->sc, &view_sites, NULL);
	wizard_draw(f);
}

void
wizard_teardown(struct wizard *f)
{
	screen_fini(&f->sc);
	event_base_free(f->sc.base);
	app_fini(&f->sc.app);
	ck_assert_int_eq(chdir("/"), 0);
	if (fork() == 0) {
		execlp("rm", "rm", "-rf", "--", f->dir, (char *)NULL);
		_exit(1);
	}
}

void
wizard_open(struct wizard *f, const char *products)
{
	struct error err = {0};
	struct strlist list = {0};
	struct arena *a = arena_new();
	struct site *s = site_create(&f->sc.app, f->path, &err);
	char *rest = arena_strdup(a, products), *id;

	ck_assert_msg(s != NULL, "%s", err.what);
	while ((id = strsep(&rest, " ")) != NULL) {
		if (*id != '\0')
			strlist_add(a, &list, id);
	}
	ck_assert_int_eq(site_set_products(s, &list, &err), 0);
	screen_enter_site(&f->sc, s);
	wizard_draw(f);
	arena_free(a);
}

void
wizard_press(struct wizard *f, uint32_t key)
{
	screen_key(&f->sc, key);
	f->sc.moved = false;
	if (!f->sc.quit)
		wizard_draw(f);
}

void
wizard_type(struct wizard *f, const char *text)
{
	for (; *text != '\0'; text++)
		wizard_press(f, (unsigned char)*text);
}

void
wizard_go(struct wizard *f, const char *place)
{
	ck_assert(walk_go(f->sc.walk, place));
	screen_show_page(&f->sc);
	wizard_draw(f);
}

const struct view *
wizard_top(const struct wizard *f)
{
	return screen_top(&f->sc)->view;
}

/* The row that contains the text, or -1. */
static int
row_of(const struct wizard *f, const char *text)
{
	struct buf row;
	bool found = false;
	int i;

	for (i = 0; i < f->sc.surface.nrows && !found; i++) {
		buf_init(&row, 8192);
		surface_row(&f->sc.surface, i, &row);
		found = strstr(buf_str(&row), text) != NULL;
		buf_free(&row);
	}
	return found ? i - 1 : -1;
}

bool
wizard_shows(const struct wizard *f, const char *text)
{
	return row_of(f, text) >= 0;
}

char *
wizard_rows(const struct wizard *f, int from, int to)
{
	struct buf all;
	int i;

	buf_init(&all, 1 << 20);
	for (i = from; i < to; i++) {
		surface_row(&f->sc.surface, i, &all);
		buf_addc(&all, '\n');
	}
	return buf_take(&all);
}

char *
wizard_state(const struct wizard *f)
{
	char *rows = wizard_rows(f, 0, f->sc.surface.nrows), *text;

	text = mem_printf("%zu %s %d\n%s", f->sc.nframes, wizard_top(f)->name,
	    screen_top(&f->sc)->page.top, rows);
	mem_free(rows);
	return text;
}

void
wizard_open_again(struct wizard *f)
{
	struct error err = {0};
	struct site *s = site_open(&f->sc.app, f->path, false, &err);

	ck_assert_msg(s != NULL, "%s", err.what);
	screen_enter_site(&f->sc, s);
}
