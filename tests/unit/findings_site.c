/* SPDX-License-Identifier: MIT */
/* Owns the site that tests of findings look at. */
#include "tests/unit/findings_site.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/unit/judge_case.h"

void
findings_setup(struct fixture *f)
{
	struct error err = {0};
	struct strlist list = {0};
	struct arena *a = arena_new();
	struct site *s;

	memset(f, 0, sizeof *f);
	snprintf(f->dir, sizeof f->dir, "/tmp/sitewalk-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f->dir));
	setenv("XDG_DATA_HOME", f->dir, 1);
	setenv("XDG_CONFIG_HOME", f->dir, 1);
	/* An hour before UTC, so that local times can be told from it. */
	setenv("TZ", "XST-1", 1);
	snprintf(f->path, sizeof f->path, "%s/t.sitewalk", f->dir);
	screen_init(&f->sc, true);
	ck_assert_int_eq(app_init(&f->sc.app, &f->opt, &err), 0);
	f->sc.base = event_base_new();
	s = site_create(&f->sc.app, f->path, &err);
	ck_assert_msg(s != NULL, "%s", err.what);
	strlist_add(a, &list, "z5");
	ck_assert_int_eq(site_set_products(s, &list, &err), 0);
	screen_push(&f->sc, &view_sites, NULL);
	screen_enter_site(&f->sc, s);
	arena_free(a);
}

void
findings_teardown(struct fixture *f)
{
	screen_fini(&f->sc);
	event_base_free(f->sc.base);
	app_fini(&f->sc.app);
	if (fork() == 0) {
		execlp("rm", "rm", "-rf", "--", f->dir, (char *)NULL);
		_exit(1);
	}
}

void
findings_run_was(struct fixture *f)
{
	static const char *const needs[] = {SIP_1, SIP_2};
	static const char *const at[] = {"208.94.16.21", "208.95.32.21"};
	struct record *r = f->sc.site->record;
	struct observation *o;
	struct need *n;
	size_t i;

	r->vantage.interface = arena_strdup(r->arena, "eth0");
	r->vantage.gateway = arena_strdup(r->arena, "10.20.30.1");
	strlist_add(r->arena, &r->vantage.addresses, "10.20.30.50/24");
	for (i = 0; i < 2; i++) {
		n = record_need(r, needs[i]);
		ck_assert_ptr_nonnull(n);
		ck_assert_uint_gt(n->nspecs, 0);
		o = case_seen(r, n, 0, NULL, RUNG_REJECTED, CAUSE_TCP_RESET);
		o->address = arena_strdup(r->arena, at[i]);
		o->nattempts = 1;
		o->attempts = arena_array(r->arena, 1, sizeof *o->attempts);
		o->attempts[0] = (struct attempt){.offset_us = 7000,
		    .duration_us = 1500,
		    .source_port = 40123,
		    .result = arena_strdup(r->arena, "reset"),
		    .icmp_type = -1,
		    .icmp_code = -1};
	}
	r->started_us = CASE_START_US;
	r->ended_us = CASE_START_US + 9000000;
	r->complete = true;
	site_assess(f->sc.site);
	ck_assert_int_eq(record_need(r, SIP_1)->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(record_need(r, SIP_2)->outcome, OUTCOME_FAIL);
}

void
findings_go(struct fixture *f, const char *place)
{
	ck_assert_msg(walk_go(f->sc.walk, place), "no page %s", place);
	screen_show_page(&f->sc);
	screen_draw(&f->sc, 24, 80);
}

void
findings_press(struct fixture *f, uint32_t key)
{
	screen_key(&f->sc, key);
	f->sc.moved = false;
	screen_draw(&f->sc, 24, 80);
}

void
findings_type(struct fixture *f, const char *text)
{
	for (; *text != '\0'; text++)
		findings_press(f, (unsigned char)*text);
}

void
findings_focus(struct fixture *f, const char *id)
{
	page_focus(&screen_top(&f->sc)->page, id);
	screen_draw(&f->sc, 24, 80);
	ck_assert_str_eq(screen_top(&f->sc)->page.focus, id);
}

bool
findings_show(struct fixture *f, const char *text)
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
	return found;
}

const struct item *
findings_item(struct fixture *f, const char *text)
{
	const struct page *p = &screen_top(&f->sc)->page;
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		if (strstr(p->item[i].text, text) != NULL)
			return &p->item[i];
	}
	return NULL;
}

const struct item *
findings_expect(struct fixture *f, const char *text)
{
	const struct item *i = findings_item(f, text);

	ck_assert_msg(i != NULL, "nothing says \"%s\"", text);
	return i;
}

struct record *
findings_on_disk(const struct fixture *f)
{
	char copy[160];
	struct error err = {0};
	struct sitefile *file;
	struct record *r;
	struct buf data;

	buf_init(&data, 1 << 24);
	snprintf(copy, sizeof copy, "%s.copy", f->path);
	ck_assert_int_eq(file_read(f->path, 1 << 24, &data, &err), 0);
	ck_assert_int_eq(file_write_atomic(copy, data.data, data.len, &err), 0);
	buf_free(&data);
	file = sitefile_open(copy, true, &err);
	ck_assert_msg(file != NULL, "%s", err.what);
	r = sitefile_load(file, &err);
	ck_assert_msg(r != NULL, "%s", err.what);
	sitefile_close(file);
	unlink(copy);
	return r;
}

void
findings_accept(struct fixture *f, const char *requirement)
{
	struct error err = {0};
	struct arena *a = arena_new();
	struct deviation d = {.requirement = arena_strdup(a, requirement),
	    .owner = arena_strdup(a, "Ms Owner"),
	    .reason = arena_strdup(a, "Not used here"),
	    .expires = arena_strdup(a, "9999-12-31"),
	    .initials = arena_strdup(a, "MO"),
	    .when_us = CASE_START_US};

	ck_assert_int_eq(site_deviate(f->sc.site, &d, &err), 0);
	site_assess(f->sc.site);
	arena_free(a);
}
