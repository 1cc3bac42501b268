/* SPDX-License-Identifier: MIT */
/* Promises of background probes: they start with the others, no run waits
 * for them unless it was asked to, and they end in every way there is. This
 * program has a probe table of its own. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/net/vantage.h"
#include "core/probe/probe.h"
#include "core/run/run.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/judge_case.h"

#define SLOW_MS 400 /* what the background probe takes */

/* --- probe types that send nothing --- */

static void
finish_now(struct probe *p)
{
	probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
}

static void
on_over(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	probe_detail_bool(arg, "whole", true);
	finish_now(arg);
}

static void
slow_start(struct probe *p)
{
	struct timeval tv = {0, SLOW_MS * 1000};

	p->state = evtimer_new(p->env->base, on_over, p);
	evtimer_add(p->state, &tv);
}

static void
slow_stop(struct probe *p)
{
	event_free(p->state);
}

static void
endless_start(struct probe *p)
{
	struct timeval tv = {3600, 0};

	p->state = evtimer_new(p->env->base, on_over, p);
	evtimer_add(p->state, &tv);
}

static void
deaf(struct probe *p)
{
	(void)p;
}

static const struct probe_type quick = {
    .name = "quick",
    .flows = 1,
    .packets = 1,
    .longest_ms = 1,
    .start = finish_now,
};
static const struct probe_type slow = {
    .name = "slow",
    .flows = 1,
    .packets = 1,
    .longest_ms = SLOW_MS,
    .background = true,
    .start = slow_start,
    .stop = slow_stop,
    .conclude = finish_now,
};
static const struct probe_type stubborn = {
    .name = "stubborn",
    .flows = 1,
    .packets = 1,
    .longest_ms = 600000,
    .background = true,
    .start = endless_start,
    .stop = slow_stop,
    .conclude = deaf,
};
static const struct probe_type single = {
    .name = "single",
    .flows = 1,
    .packets = 1,
    .longest_ms = SLOW_MS,
    .at_once = 1,
    .background = true,
    .start = slow_start,
    .stop = slow_stop,
    .conclude = finish_now,
};

const struct probe_type *const probe_types[] = {&quick, &slow, &stubborn,
    &single};
const size_t probe_type_count = 4;

const struct probe_type *
probe_type_find(const char *name)
{
	size_t i;

	for (i = 0; i < probe_type_count; i++) {
		if (strcmp(probe_types[i]->name, name) == 0)
			return probe_types[i];
	}
	return NULL;
}

/* --- a site --- */

struct site {
	struct event_base *base;
	struct record *record;
	struct run *run;
	int ndone, nsettled, nobserved;
	bool complete, done, settled;
	int64_t start_us, done_us;
	size_t seen_at_done;
};

static void
on_observed(void *arg, const struct observation *o)
{
	struct site *s = arg;

	ck_assert_ptr_eq(o, record_observation(s->record, o->id));
	s->nobserved++;
}

static void
on_done(void *arg, bool complete)
{
	struct site *s = arg;

	s->ndone++;
	s->done = true;
	s->complete = complete;
	s->done_us = clock_mono_us();
	s->seen_at_done = s->record->nobservations;
}

static void
on_settled(void *arg)
{
	struct site *s = arg;

	ck_assert(s->done); /* never before */
	s->nsettled++;
	s->settled = true;
}

static void
add(struct site *s, const char *type, const char *address)
{
	struct need *n = case_need(s->record, address, PROTO_TCP, 1,
	    RUNG_APP_REPLY);

	case_spec(s->record, n, type, NULL, address, 1);
}

static void
begin(struct site *s, enum run_background background, const char *type)
{
	struct run_setup setup = {.pace = PACE_FAST,
	    .background = background,
	    .observed = on_observed,
	    .done = on_done,
	    .settled = on_settled,
	    .arg = s};

	memset(s, 0, sizeof *s);
	s->base = event_base_new();
	s->record = case_new();
	/* As the system says, so that the network does not seem to change. */
	memset(&s->record->vantage, 0, sizeof s->record->vantage);
	ck_assert_int_eq(vantage_read(NULL, s->record->arena,
			     &s->record->vantage, NULL),
	    0);
	add(s, type, "192.0.2.1");
	add(s, "quick", "192.0.2.2");
	setup.base = s->base;
	setup.record = s->record;
	s->start_us = clock_mono_us();
	s->run = run_start(&setup);
}

static void
end(struct site *s)
{
	bool never = false;

	fake_loop(s->base, &never, 30);
	ck_assert_int_le(s->ndone, 1);
	ck_assert_int_le(s->nsettled, 1);
	run_free(s->run);
	record_free(s->record);
	event_base_free(s->base);
}

static bool
is_whole(const struct site *s, size_t i)
{
	return json_is_true(
	    json_object_get(s->record->observations[i].detail, "whole"));
}

/* --- promises --- */

START_TEST(a_run_does_not_wait_and_keeps_what_was_seen_so_far)
{
	struct run_totals t;
	struct site s;

	begin(&s, BACKGROUND_CONCLUDE, "slow");
	ck_assert(fake_loop(s.base, &s.done, 5000));
	ck_assert(s.complete && s.record->complete);
	/* Both have an observation, and the slow one was cut short. */
	ck_assert_uint_eq(s.seen_at_done, 2);
	ck_assert_str_eq(s.record->observations[0].probe, "quick");
	ck_assert_str_eq(s.record->observations[1].probe, "slow");
	ck_assert_int_eq(s.record->observations[1].failure, CAUSE_NONE);
	ck_assert(!is_whole(&s, 1));
	run_totals(s.run, &t);
	ck_assert_uint_eq(t.done, 1);
	ck_assert_uint_eq(t.good, 1);
	ck_assert_uint_eq(t.waiting + t.running + t.bad, 0);
	ck_assert_uint_eq(t.background, 1);
	ck_assert_uint_eq(t.background_done, 1);
	end(&s);
	ck_assert_int_eq(s.nsettled, 0);
}
END_TEST

START_TEST(a_run_that_waits_ends_after_the_last)
{
	struct run_totals t;
	struct site s;

	begin(&s, BACKGROUND_WAIT, "slow");
	run_totals(s.run, &t);
	ck_assert_uint_eq(t.background, 1);
	ck_assert_uint_eq(t.background_done, 0);
	ck_assert_uint_le(t.background_left_ms, SLOW_MS);
	ck_assert_uint_gt(t.background_left_ms, 0);
	ck_assert(fake_loop(s.base, &s.done, 9000));
	ck_assert(s.complete);
	ck_assert_int_ge(s.done_us - s.start_us, (SLOW_MS - 50) * 1000);
	ck_assert_uint_eq(s.seen_at_done, 2);
	ck_assert(is_whole(&s, 1));
	end(&s);
	ck_assert_int_eq(s.nsettled, 0);
}
END_TEST

START_TEST(kept_ones_go_on_and_settle)
{
	struct run_totals t;
	struct site s;

	begin(&s, BACKGROUND_KEEP, "slow");
	ck_assert(fake_loop(s.base, &s.done, 5000));
	ck_assert(s.complete);
	ck_assert_uint_eq(s.seen_at_done, 1);
	ck_assert_int_eq(s.nsettled, 0);
	run_totals(s.run, &t);
	ck_assert_uint_eq(t.background - t.background_done, 1);
	ck_assert(fake_loop(s.base, &s.settled, 9000));
	ck_assert_int_eq(s.nobserved, 2);
	ck_assert(is_whole(&s, 1));
	ck_assert(s.record->complete);
	end(&s);
	ck_assert_int_eq(s.ndone, 1);
}
END_TEST

START_TEST(without_any_there_is_nothing_to_settle)
{
	struct site s;

	begin(&s, BACKGROUND_KEEP, "quick");
	ck_assert(fake_loop(s.base, &s.done, 5000));
	end(&s);
	ck_assert_int_eq(s.nsettled, 0);
	ck_assert_int_eq(s.nobserved, 2);
}
END_TEST

START_TEST(all_of_them_can_be_stopped_at_any_time)
{
	static const enum run_background how[] = {BACKGROUND_CONCLUDE,
	    BACKGROUND_WAIT, BACKGROUND_KEEP};
	struct site s;
	size_t i;

	for (i = 0; i < 3; i++) {
		/* At once. */
		begin(&s, how[i], "slow");
		run_cancel(s.run);
		ck_assert(fake_loop(s.base, &s.done, 2000));
		ck_assert(!s.complete && !s.record->complete);
		end(&s);
		/* Once the others are done. */
		begin(&s, how[i], "slow");
		while (s.nobserved == 0)
			event_base_loop(s.base, EVLOOP_ONCE);
		run_cancel(s.run);
		if (how[i] == BACKGROUND_KEEP)
			ck_assert(fake_loop(s.base, &s.settled, 2000));
		else
			ck_assert(fake_loop(s.base, &s.done, 2000));
		ck_assert_int_eq(s.record
				     ->observations[s.record->nobservations - 1]
				     .failure,
		    i == 0 ? CAUSE_NONE : CAUSE_CANCELLED);
		ck_assert_int_lt(clock_mono_us() - s.start_us, 9000000);
		end(&s);
		/* Freed as it is. */
		begin(&s, how[i], "slow");
		while (s.nobserved == 0)
			event_base_loop(s.base, EVLOOP_ONCE);
		end(&s);
	}
}
END_TEST

/* A probe that does not conclude when asked holds nothing up for long. */
START_TEST(one_that_will_not_conclude_is_stopped)
{
	struct site s;

	begin(&s, BACKGROUND_CONCLUDE, "stubborn");
	add(&s, "quick", "192.0.2.3");
	ck_assert(fake_loop(s.base, &s.done, 9000));
	ck_assert(s.complete);
	ck_assert_int_lt(s.done_us - s.start_us, 8000000);
	end(&s);
}
END_TEST

/* What has not begun when the others are done never begins. */
START_TEST(what_has_not_begun_is_left_out)
{
	struct run_setup setup;
	struct site s;

	begin(&s, BACKGROUND_CONCLUDE, "single");
	run_free(s.run);
	add(&s, "single", "192.0.2.4");
	setup = (struct run_setup){.base = s.base,
	    .record = s.record,
	    .pace = PACE_FAST,
	    .observed = on_observed,
	    .done = on_done,
	    .arg = &s};
	s.run = run_start(&setup);
	ck_assert(fake_loop(s.base, &s.done, 5000));
	ck_assert_uint_eq(s.seen_at_done, 2); /* quick, and one single */
	end(&s);
}
END_TEST

HARNESS("run background", a_run_does_not_wait_and_keeps_what_was_seen_so_far,
    a_run_that_waits_ends_after_the_last, kept_ones_go_on_and_settle,
    without_any_there_is_nothing_to_settle,
    all_of_them_can_be_stopped_at_any_time,
    one_that_will_not_conclude_is_stopped, what_has_not_begun_is_left_out)
