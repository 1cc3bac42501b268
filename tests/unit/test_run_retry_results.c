/* SPDX-License-Identifier: MIT */
/* A promise of measuring again: each check tells of what it saw itself, though
 * the record's list moves whenever one takes the place of another. */
#include <string.h>

#include "tests/unit/fake_net.h"
#include "tests/unit/harness.h"
#include "tests/unit/run_site.h"

#define NEEDS 11 /* no power of two, at which the list is made anew */

static void
on_any(void *arg, const struct observation *o)
{
	(void)arg;
	ck_assert_ptr_nonnull(o->id);
}

START_TEST(every_check_keeps_its_own_result)
{
	static const char *const again[] = {"n1", "n2", "n3", "n5", "n6"};
	struct strlist needs = {0};
	struct run_site s;
	char id[8];
	size_t i;

	run_site_init(&s);
	for (i = 0; i < NEEDS; i++) {
		struct need *n;

		snprintf(id, sizeof id, "n%zu", i);
		n = run_site_tcp_need(&s, id, "127.0.0.1",
		    i % 2 == 0 ? fake_tcp_port(s.server) : fake_closed_port());
		n->direction = DIR_LAN;
		n->specs[0].key = arena_printf(s.record->arena, "tcp tcp %zu",
		    i);
	}
	ck_assert(run_site_run(&s, 9000));
	for (i = 0; i < 5; i++)
		strlist_add(s.record->arena, &needs, again[i]);
	run_free(s.run);
	s.done = false;
	s.ndone = 0;
	s.setup.retry = true;
	s.setup.needs = &needs;
	s.setup.observed = on_any;
	run_site_start(&s);
	while (!s.done) {
		fake_loop(s.base, &s.done, 10);
		for (i = 0; i < run_task_count(s.run); i++) {
			const struct task *t = run_task(s.run, i);

			if (t->result != NULL)
				ck_assert_str_eq(t->result->key, t->spec->key);
		}
	}
	ck_assert_uint_eq(s.record->nearlier, 5);
	ck_assert_uint_eq(s.record->nobservations, NEEDS);
	run_site_free(&s);
}
END_TEST

HARNESS("run retry results", every_check_keeps_its_own_result)
