/* SPDX-License-Identifier: MIT */
/* Promises of the plan: what would be sent is told before, each measurement
 * once, and nothing is sent. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/run/run.h"
#include "tests/unit/judge_case.h"

static struct record *
two_needs(void)
{
	struct record *r = case_new();
	struct need *a = case_need(r, "a", PROTO_TCP, 443, RUNG_TRANSPORT);
	struct need *b = case_need(r, "b", PROTO_TCP, 443, RUNG_TRANSPORT);
	struct need *c = case_need(r, "c", PROTO_TCP, 80, RUNG_TRANSPORT);

	case_spec(r, a, "tcp", "a.example", NULL, 443);
	case_spec(r, b, "tcp", "a.example", NULL, 443);
	case_spec(r, c, "tcp", NULL, "192.0.2.7", 80);
	c->product = arena_strdup(r->arena, "q");
	return r;
}

START_TEST(each_measurement_stands_in_the_plan_once)
{
	struct record *r = two_needs();
	struct plan *plan = plan_make(r->arena, r, NULL, PACE_POLITE);

	ck_assert_uint_eq(plan->count, 3);
	ck_assert_str_eq(plan->item[0].spec->type, "dns");
	ck_assert_str_eq(plan->item[0].needs, "a, b");
	ck_assert_str_eq(plan->item[1].needs, "a, b");
	ck_assert_str_eq(plan->item[2].needs, "c");
	record_free(r);
}
END_TEST

START_TEST(sums_are_those_of_the_lines)
{
	struct record *r = two_needs();
	struct plan *plan = plan_make(r->arena, r, NULL, PACE_POLITE);
	unsigned flows = 0, packets = 0, slowest = 0;
	size_t i;

	for (i = 0; i < plan->count; i++) {
		flows += plan->item[i].most.flows;
		packets += plan->item[i].most.packets;
		if (plan->item[i].longest_ms > slowest)
			slowest = plan->item[i].longest_ms;
	}
	ck_assert_uint_eq(plan->flows, flows);
	ck_assert_uint_eq(plan->packets, packets);
	ck_assert_uint_eq(plan->slowest_probe_ms, slowest);
	ck_assert_uint_le(plan->shortest_ms, plan->longest_ms);
	/* Polite: at most 40 new flows a second. */
	ck_assert_uint_ge(plan->longest_ms, flows * 1000 / 40 + slowest);
	record_free(r);
}
END_TEST

START_TEST(only_what_applies_and_was_chosen_is_planned)
{
	struct record *r = two_needs();
	struct plan *plan = plan_make(r->arena, r, "q", PACE_FAST);

	ck_assert_uint_eq(plan->count, 1);
	ck_assert_str_eq(plan->item[0].needs, "c");
	plan = plan_make(r->arena, r, "b", PACE_FAST);
	ck_assert_uint_eq(plan->count, 2);
	record_need(r, "c")->applies = false;
	plan = plan_make(r->arena, r, NULL, PACE_FAST);
	ck_assert_uint_eq(plan->count, 2);
	plan = plan_make(r->arena, r, "no such", PACE_FAST);
	ck_assert_uint_eq(plan->count, 0);
	ck_assert_uint_eq(plan->flows, 0);
	record_free(r);
}
END_TEST

/* "x" is served although "ax" was named before. */
START_TEST(a_need_whose_id_is_part_of_another_is_named_too)
{
	struct record *r = case_new();
	struct need *a = case_need(r, "p.web-tls", PROTO_TCP, 443,
	    RUNG_TRANSPORT);
	struct need *b = case_need(r, "p.web", PROTO_TCP, 443, RUNG_TRANSPORT);
	struct plan *plan;

	case_spec(r, a, "tcp", NULL, "192.0.2.7", 443);
	case_spec(r, b, "tcp", NULL, "192.0.2.7", 443);
	case_spec(r, b, "tcp", NULL, "192.0.2.7", 443);
	plan = plan_make(r->arena, r, NULL, PACE_FAST);
	ck_assert_uint_eq(plan->count, 1);
	ck_assert_str_eq(plan->item[0].needs, "p.web-tls, p.web");
	record_free(r);
}
END_TEST

START_TEST(a_type_that_no_probe_covers_is_left_out)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "a", PROTO_UDP, 5684, RUNG_APP_REPLY);

	case_spec(r, n, "telepathy", NULL, "192.0.2.7", 5684);
	ck_assert_uint_eq(plan_make(r->arena, r, NULL, PACE_FAST)->count, 0);
	record_free(r);
}
END_TEST

HARNESS("run plan", each_measurement_stands_in_the_plan_once,
    sums_are_those_of_the_lines, only_what_applies_and_was_chosen_is_planned,
    a_need_whose_id_is_part_of_another_is_named_too,
    a_type_that_no_probe_covers_is_left_out)
