/* SPDX-License-Identifier: MIT */
/* Two judgements of one site: which lines differ, which are new or gone. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/compare.h"

static struct need
line(const char *id, enum outcome outcome, enum cause cause)
{
	struct need n = {.outcome = outcome, .cause = cause, .applies = true};

	n.id = (char *)(uintptr_t)id;
	return n;
}

START_TEST(lines_are_held_against_their_own_past)
{
	struct need then[] = {
	    line("p.same", OUTCOME_PASS, CAUSE_NONE),
	    line("p.worse", OUTCOME_PASS, CAUSE_NONE),
	    line("p.cause", OUTCOME_FAIL, CAUSE_TCP_TIMEOUT),
	    line("p.gone", OUTCOME_PASS, CAUSE_NONE),
	    line("p.left-out", OUTCOME_PASS, CAUSE_NONE),
	};
	struct need now[] = {
	    line("p.new", OUTCOME_PASS, CAUSE_NONE),
	    line("p.cause", OUTCOME_FAIL, CAUSE_TCP_RESET),
	    line("p.worse", OUTCOME_FAIL, CAUSE_NONE),
	    line("p.same", OUTCOME_PASS, CAUSE_NONE),
	    line("p.left-out", OUTCOME_NOT_APPLICABLE, CAUSE_NONE),
	};
	struct arena *a = arena_new();
	struct changes c;

	now[4].applies = false;
	changes_find(a, then, 5, now, 5, &c);
	ck_assert_uint_eq(c.count, 5);
	ck_assert_uint_eq(c.same, 1);
	ck_assert_int_eq(c.item[0].kind, CHANGE_NEW);
	ck_assert_str_eq(c.item[0].now->id, "p.new");
	ck_assert_ptr_null(c.item[0].then);
	ck_assert_int_eq(c.item[1].kind, CHANGE_JUDGED);
	ck_assert_int_eq(c.item[1].then->cause, CAUSE_TCP_TIMEOUT);
	ck_assert_int_eq(c.item[1].now->cause, CAUSE_TCP_RESET);
	ck_assert_str_eq(c.item[2].now->id, "p.worse");
	ck_assert_int_eq(c.item[3].kind, CHANGE_GONE);
	ck_assert_str_eq(c.item[3].then->id, "p.gone");
	ck_assert_str_eq(c.item[4].then->id, "p.left-out");
	arena_free(a);
}
END_TEST

START_TEST(words_alone_are_no_change)
{
	struct need then = line("p.a", OUTCOME_FAIL, CAUSE_TCP_RESET);
	struct need now = then;
	struct arena *a = arena_new();
	struct changes c;

	now.summary = (char *)(uintptr_t) "said better";
	changes_find(a, &then, 1, &now, 1, &c);
	ck_assert_uint_eq(c.count, 0);
	ck_assert_uint_eq(c.same, 1);
	now.zone = ZONE_GATEWAY;
	changes_find(a, &then, 1, &now, 1, &c);
	ck_assert_uint_eq(c.count, 1);
	arena_free(a);
}
END_TEST

HARNESS("judge compare", lines_are_held_against_their_own_past,
    words_alone_are_no_change)
