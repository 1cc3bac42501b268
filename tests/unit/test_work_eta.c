/* SPDX-License-Identifier: MIT */
/* Promises of the time that is told: nothing too early, never less than what
 * is certain, never zero while something is left, and no false precision. */
#include "tests/unit/harness.h"

#include "tui/work/eta.h"

static struct eta_facts
facts(int64_t elapsed_ms, size_t done, size_t running, size_t waiting)
{
	return (struct eta_facts){.elapsed_ms = elapsed_ms,
	    .done = done,
	    .running = running,
	    .waiting = waiting,
	    .certain = waiting,
	    .pace_ms = 25,
	    .waiting_ms = waiting > 0 ? 3000 : 0,
	    .running_ms = running > 0 ? 3000 : 0,
	    .longest_ms = 100000};
}

static enum eta_kind
kind(struct eta_facts f)
{
	return eta_estimate(&f).kind;
}

START_TEST(nothing_is_told_before_ten_seconds_or_a_tenth)
{
	ck_assert_int_eq(kind(facts(9999, 9, 10, 81)), ETA_UNKNOWN);
	ck_assert_int_eq(kind(facts(9999, 10, 10, 80)), ETA_RANGE);
	ck_assert_int_eq(kind(facts(10000, 9, 10, 81)), ETA_RANGE);
	/* from nothing nothing can be told */
	ck_assert_int_eq(kind(facts(20000, 0, 10, 90)), ETA_UNKNOWN);
}
END_TEST

START_TEST(where_nothing_is_left_nothing_is_told)
{
	ck_assert_int_eq(kind(facts(5000, 100, 0, 0)), ETA_UNKNOWN);
}
END_TEST

START_TEST(past_the_longest_it_says_so_and_never_zero)
{
	struct eta_facts f = facts(99999, 90, 10, 0);
	struct eta e = eta_estimate(&f);

	ck_assert_int_eq(e.kind, ETA_RANGE);
	ck_assert_int_ge(eta_round(e).high_ms, 1000);
	f.elapsed_ms = 100000;
	ck_assert_int_eq(eta_estimate(&f).kind, ETA_LONGER);
	f.elapsed_ms = 900000;
	ck_assert_int_eq(eta_estimate(&f).kind, ETA_LONGER);
	/* Without a plan there is nothing to be longer than. */
	f.longest_ms = 0;
	ck_assert_int_eq(eta_estimate(&f).kind, ETA_RANGE);
}
END_TEST

START_TEST(never_less_than_what_is_certain)
{
	size_t waiting, certain;
	int64_t elapsed;

	for (waiting = 0; waiting < 400; waiting += 13) {
		for (certain = 0; certain <= waiting; certain += 7) {
			for (elapsed = 500; elapsed < 100000; elapsed += 7919) {
				struct eta_facts f = facts(elapsed, 200, 1,
				    waiting);
				struct eta e, told;

				f.certain = certain;
				e = eta_estimate(&f);
				told = eta_round(e);
				ck_assert_int_eq(e.low_ms,
				    (int64_t)certain * 25);
				ck_assert_int_ge(e.high_ms, e.low_ms);
				ck_assert_int_ge(told.high_ms, e.high_ms);
				ck_assert_int_le(told.low_ms, e.low_ms);
				ck_assert_int_gt(told.high_ms, 0);
			}
		}
	}
}
END_TEST

START_TEST(the_slower_it_went_so_far_the_longer_it_lasts)
{
	struct eta_facts quick = facts(2500, 100, 0, 100),
			 slow = facts(20000, 100, 0, 100);

	ck_assert_int_gt(eta_estimate(&slow).high_ms,
	    eta_estimate(&quick).high_ms);
	/* and no slower than so far, each twice, and the last of them */
	ck_assert_int_eq(eta_estimate(&slow).high_ms, 100 * 200 * 2 + 3000);
}
END_TEST

START_TEST(failures_add_the_search_for_what_blocks)
{
	struct eta_facts f = facts(8000, 150, 4, 0);
	int64_t before = eta_estimate(&f).high_ms;

	f.searches_ms = 10000;
	ck_assert_int_eq(eta_estimate(&f).high_ms, before + 10000);
}
END_TEST

START_TEST(what_was_measured_counts_more_than_the_bound)
{
	/* quick ones so far: a second is enough */
	ck_assert_uint_eq(eta_expected_ms(25000, 80), 1000);
	ck_assert_uint_eq(eta_expected_ms(25000, 3600), 7200);
	/* never more than the bound, unless one has broken it */
	ck_assert_uint_eq(eta_expected_ms(5000, 4000), 5000);
	ck_assert_uint_eq(eta_expected_ms(5000, 15000), 15000);
	ck_assert_uint_eq(eta_expected_ms(400, 10), 400);
	ck_assert_uint_eq(eta_expected_ms(30000, 0), 15000);
}
END_TEST

START_TEST(what_goes_on_for_long_goes_on_for_longer)
{
	ck_assert_uint_eq(eta_running_ms(3000, 0), 3000);
	ck_assert_uint_eq(eta_running_ms(3000, 2999), 1);
	ck_assert_uint_eq(eta_running_ms(3000, 3000), 4500);
	ck_assert_uint_eq(eta_running_ms(3000, 10000), 15000);
}
END_TEST

START_TEST(told_in_steps_that_can_be_kept)
{
	struct eta e = eta_round((struct eta){ETA_RANGE, 7300, 17100});

	ck_assert_int_eq(e.low_ms, 7000);
	ck_assert_int_eq(e.high_ms, 20000);
	e = eta_round((struct eta){ETA_RANGE, 0, 0});
	ck_assert_int_eq(e.low_ms, 0);
	ck_assert_int_eq(e.high_ms, 5000);
	e = eta_round((struct eta){ETA_RANGE, 119000, 200000});
	ck_assert_int_eq(e.low_ms, 60000);
	ck_assert_int_eq(e.high_ms, 240000);
}
END_TEST

HARNESS("work eta", nothing_is_told_before_ten_seconds_or_a_tenth,
    where_nothing_is_left_nothing_is_told,
    past_the_longest_it_says_so_and_never_zero, never_less_than_what_is_certain,
    the_slower_it_went_so_far_the_longer_it_lasts,
    failures_add_the_search_for_what_blocks,
    what_was_measured_counts_more_than_the_bound,
    what_goes_on_for_long_goes_on_for_longer, told_in_steps_that_can_be_kept)
