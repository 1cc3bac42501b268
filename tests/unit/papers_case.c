/* SPDX-License-Identifier: MIT */
/* Owns the wizard in memory that the tests of papers use. */
#include "tests/unit/papers_case.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/unit/export_site.h"

#define NO_CARD "nosuchcard0"
#define FILE_MAX ((size_t)64 << 20)

void
papers_setup(struct papers_case *f)
{
	struct error err = {0};

	memset(f, 0, sizeof *f);
	snprintf(f->dir, sizeof f->dir, "/tmp/sitewalk-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f->dir));
	ck_assert_int_eq(chdir(f->dir), 0);
	setenv("XDG_DATA_HOME", f->dir, 1);
	setenv("XDG_CONFIG_HOME", f->dir, 1);
	setenv("HOME", f->dir, 1);
	snprintf(f->path, sizeof f->path, "%s/t.sitewalk", f->dir);
	snprintf(f->handover, sizeof f->handover, "%s/t-handover/handover.json",
	    f->dir);
	f->opt.interface = NO_CARD;
	f->nrows = 43;
	f->ncols = 132;
	screen_init(&f->sc, true);
	ck_assert_int_eq(app_init(&f->sc.app, &f->opt, &err), 0);
	f->sc.base = event_base_new();
	screen_push(&f->sc, &view_sites, NULL);
}

void
papers_teardown(struct papers_case *f)
{
	screen_fini(&f->sc);
	event_base_free(f->sc.base);
	app_fini(&f->sc.app);
	ck_assert_int_eq(chdir("/"), 0);
	/* Whatever the test wrote lies below its own folder. */
	if (fork() == 0) {
		execlp("rm", "rm", "-rf", "--", f->dir, (char *)NULL);
		_exit(1);
	}
}

void
papers_draw(struct papers_case *f)
{
	screen_draw(&f->sc, f->nrows, f->ncols);
}

void
papers_press(struct papers_case *f, uint32_t key)
{
	screen_key(&f->sc, key);
	f->sc.moved = false;
	if (!f->sc.quit)
		papers_draw(f);
}

static void
type(struct papers_case *f, const char *text)
{
	for (; *text != '\0'; text++)
		papers_press(f, (unsigned char)*text);
}

void
papers_focus(struct papers_case *f, const char *id)
{
	page_focus(&screen_top(&f->sc)->page, id);
	papers_draw(f);
	ck_assert_str_eq(screen_top(&f->sc)->page.focus, id);
}

void
papers_fill(struct papers_case *f, const char *id, const char *text)
{
	papers_focus(f, id);
	papers_press(f, UI_KEY_END);
	papers_press(f, UI_CTRL_U);
	type(f, text);
	papers_press(f, UI_KEY_TAB);
}

bool
papers_tells(struct papers_case *f, const char *text)
{
	const struct page *p = &screen_top(&f->sc)->page;
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		if (strstr(p->item[i].text, text) != NULL ||
		    (p->item[i].note != NULL &&
			strstr(p->item[i].note, text) != NULL))
			return true;
	}
	return f->sc.message != NULL && strstr(f->sc.message, text) != NULL;
}

const struct item *
papers_item(struct papers_case *f, const char *id)
{
	const struct page *p = &screen_top(&f->sc)->page;
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		if (p->item[i].id != NULL && strcmp(p->item[i].id, id) == 0)
			return &p->item[i];
	}
	ck_abort_msg("nothing is called %s", id);
	return NULL;
}

bool
papers_is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

void
papers_put(const char *path, const char *text)
{
	struct error err = {0};
	char *dir = strdup(path);

	if (strrchr(dir, '/') != NULL) {
		*strrchr(dir, '/') = '\0';
		ck_assert_int_eq(file_make_dirs(dir, &err), 0);
	}
	ck_assert_int_eq(file_write_atomic(path, text, strlen(text), &err), 0);
	free(dir);
}

char *
papers_contents(const char *path)
{
	struct error err = {0};
	struct buf data;

	buf_init(&data, FILE_MAX);
	ck_assert_msg(file_read(path, FILE_MAX, &data, &err) == 0, "%s: %s",
	    path, err.what);
	return buf_take(&data);
}

void
papers_open_site(struct papers_case *f, const char *product)
{
	struct error err = {0};
	struct strlist list = {0};
	struct arena *a = arena_new();
	struct site_info info = {0};
	struct site *s = site_create(&f->sc.app, f->path, &err);

	ck_assert_msg(s != NULL, "%s", err.what);
	info.name = arena_strdup(a, "Hotel Alpenblick");
	ck_assert_int_eq(site_set_info(s, &info, &err), 0);
	strlist_add(a, &list, product);
	ck_assert_int_eq(site_set_products(s, &list, &err), 0);
	screen_enter_site(&f->sc, s);
	papers_draw(f);
	arena_free(a);
}

void
papers_go_to_export(struct papers_case *f)
{
	papers_press(f, UI_KEY_F2);
	papers_press(f, UI_KEY_ESC);
	ck_assert(walk_go(f->sc.walk, "export"));
	screen_show_page(&f->sc);
	papers_draw(f);
	ck_assert_ptr_eq(screen_top(&f->sc)->view, &view_export);
}

void
papers_pretend_run(struct papers_case *f, bool complete)
{
	struct record *r = f->sc.site->record;

	r->started_us = EXPORT_NOW_US;
	r->ended_us = EXPORT_NOW_US + 60000000;
	r->complete = complete;
	r->vantage.interface = arena_strdup(r->arena, "eth0");
	r->vantage.gateway = arena_strdup(r->arena, "10.20.30.1");
}

void
papers_write_handover(struct papers_case *f, struct record *r)
{
	char *text = export_bytes(r, EXPORT_HANDOVER, "json", SCOPE_ALL);

	papers_put(f->handover, text);
	free(text);
}

struct record *
papers_bad_day(void)
{
	struct record *r = export_site();

	export_need(r, "zencontrol.good", "good.example.com", OUTCOME_PASS);
	export_need(r, "zencontrol.bad", "bad.example.com", OUTCOME_FAIL)
	    ->cause = CAUSE_TCP_TIMEOUT;
	return r;
}

void
papers_open_handover(struct papers_case *f)
{
	screen_push(&f->sc, &view_review, f->dir);
	papers_draw(f);
	papers_focus(f, f->handover);
	papers_press(f, UI_KEY_ENTER);
	ck_assert_ptr_eq(screen_top(&f->sc)->view, &view_handover);
}
