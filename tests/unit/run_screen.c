/* SPDX-License-Identifier: MIT */
/* Owns the screen of a test that looks at a run. */
#include "tests/unit/run_screen.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/judge_case.h"

static void
add_needs(struct run_screen *f, bool silent)
{
	uint16_t port = fake_tcp_port(f->rs.server);
	size_t i;

	for (i = 0; i < RUN_SCREEN_NEEDS; i++) {
		char id[16];
		struct need *n;

		snprintf(id, sizeof id, "n%zu", i);
		n = run_site_tcp_need(&f->rs, id, "127.0.0.1",
		    silent && i == 4 ? f->silent.port :
			i % 4 == 3   ? fake_closed_port() :
				       port);
		n->direction = i == 3 ? DIR_OUTBOUND : DIR_LAN;
		n->specs[0].key = arena_printf(f->rs.record->arena,
		    "tcp tcp %zu", i);
		n->product = arena_strdup(f->rs.record->arena,
		    i < RUN_SCREEN_NEEDS / 2 ? "p" : "q");
	}
}

void
run_screen_draw(struct run_screen *f)
{
	screen_draw(&f->sc, 24, 80);
}

void
run_screen_setup(struct run_screen *f, bool silent)
{
	struct error err = {0};
	struct site *s;

	memset(f, 0, sizeof *f);
	fake_silent_start(&f->silent);
	run_site_init(&f->rs);
	strlist_add(f->rs.record->arena, &f->rs.record->products, "q");
	screen_init(&f->sc, false);
	ck_assert_int_eq(app_init(&f->sc.app, &f->opt, &err), 0);
	f->sc.base = f->rs.base;
	s = site_create(&f->sc.app, NULL, &err);
	ck_assert_ptr_nonnull(s);
	record_free(s->record);
	s->record = f->rs.record;
	screen_push(&f->sc, &view_sites, NULL);
	screen_enter_site(&f->sc, s);
	s->record->needs = NULL; /* the test's own */
	s->record->nneeds = 0;
	add_needs(f, silent);
	ck_assert(walk_go(f->sc.walk, "run"));
	screen_show_page(&f->sc);
}

void
run_screen_start(struct run_screen *f)
{
	run_free(f->sc.site->ended);
	f->sc.site->ended = NULL;
	run_site_start(&f->rs);
	f->sc.site->run = f->rs.run;
	f->sc.planned = run_task_count(f->rs.run);
	run_screen_draw(f);
}

void
run_screen_end(struct run_screen *f)
{
	ck_assert(fake_loop(f->rs.base, &f->rs.done, 20000));
	f->sc.site->ended = f->sc.site->run;
	f->sc.site->run = NULL;
	run_screen_draw(f);
}

void
run_screen_teardown(struct run_screen *f)
{
	struct site *s = f->sc.site;

	/* The site knows nothing of how they were started. */
	run_free(s->run);
	run_free(s->ended);
	s->run = s->ended = NULL;
	f->rs.run = NULL;
	f->rs.record = NULL;
	screen_fini(&f->sc);
	app_fini(&f->sc.app);
	fake_silent_stop(&f->silent);
	run_site_free(&f->rs);
}

void
run_screen_press(struct run_screen *f, uint32_t key)
{
	screen_key(&f->sc, key);
	run_screen_draw(f);
}

struct page *
run_screen_page(struct run_screen *f)
{
	return &screen_top(&f->sc)->page;
}

char *
run_screen_rows(struct run_screen *f, struct arena *a)
{
	char *all = arena_strdup(a, "");
	size_t i;

	for (i = 0; i < run_screen_page(f)->nitems; i++) {
		if (run_screen_page(f)->item[i].kind == ITEM_ROW)
			all = arena_printf(a, "%s%s ", all,
			    run_screen_page(f)->item[i].id);
	}
	return all;
}

size_t
run_screen_count(struct run_screen *f, const char *word)
{
	size_t i, n = 0;

	for (i = 0; i < run_screen_page(f)->nitems; i++)
		n += run_screen_page(f)->item[i].kind == ITEM_ROW &&
		    (word == NULL ||
			strcmp(run_screen_page(f)->item[i].word, word) == 0);
	return n;
}

bool
run_screen_says(struct run_screen *f, const char *text)
{
	size_t i;

	for (i = 0; i < run_screen_page(f)->nitems; i++) {
		if (strstr(run_screen_page(f)->item[i].text, text) != NULL)
			return true;
	}
	return false;
}

int
run_screen_line(struct run_screen *f, const char *id)
{
	size_t i;

	for (i = 0; i < run_screen_page(f)->nitems; i++) {
		if (run_screen_page(f)->item[i].id != NULL &&
		    strcmp(run_screen_page(f)->item[i].id, id) == 0)
			return run_screen_page(f)->item[i].line -
			    run_screen_page(f)->top;
	}
	return -1;
}
