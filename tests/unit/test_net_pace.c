/* SPDX-License-Identifier: MIT */
/* Promises of pacing: a run never looks like a scan. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/net/pace.h"
#include "tests/unit/fake_net.h"

#define MAX_FLOWS 200

struct flow {
	struct pace_ticket ticket;
	struct pacing *pacing;
	int number;
};

struct pacing {
	struct event_base *base;
	struct pace *pace;
	struct flow flow[MAX_FLOWS];
	int64_t at_us[MAX_FLOWS]; /* by order of release */
	int order[MAX_FLOWS];
	int released, wanted;
	bool done;
};

static void
on_go(void *arg)
{
	struct flow *f = arg;
	struct pacing *p = f->pacing;

	p->at_us[p->released] = clock_mono_us();
	p->order[p->released++] = f->number;
	p->done = p->released == p->wanted;
}

static struct pacing *
pacing_new(unsigned rate, unsigned spacing_ms)
{
	struct pacing *p = calloc(1, sizeof *p);
	int i;

	p->base = event_base_new();
	p->pace = pace_new(p->base, rate, spacing_ms);
	for (i = 0; i < MAX_FLOWS; i++) {
		p->flow[i].pacing = p;
		p->flow[i].number = i;
	}
	return p;
}

static void
pacing_free(struct pacing *p)
{
	pace_free(p->pace);
	event_base_free(p->base);
	free(p);
}

static void
wait_turn(struct pacing *p, int i, const char *destination)
{
	pace_wait(p->pace, &p->flow[i].ticket, destination, on_go, &p->flow[i]);
}

/* Most releases in any window of one second. */
static int
busiest_second(const struct pacing *p)
{
	int i, k, most = 0;

	for (i = 0; i < p->released; i++) {
		for (k = i;
		     k < p->released && p->at_us[k] < p->at_us[i] + 1000000;
		     k++)
			;
		if (k - i > most)
			most = k - i;
	}
	return most;
}

START_TEST(never_more_than_the_rate_in_any_second)
{
	struct pacing *p = pacing_new(40, 0);
	char host[32];
	int i;

	p->wanted = 120;
	for (i = 0; i < p->wanted; i++) {
		snprintf(host, sizeof host, "host %d", i);
		wait_turn(p, i, host);
	}
	ck_assert(fake_loop(p->base, &p->done, 6000));
	ck_assert_int_le(busiest_second(p), 40);
	/* 120 flows need 119 gaps of 25 ms; pacing costs little more. */
	ck_assert_int_ge(p->at_us[119] - p->at_us[0], 2975000 - 1000);
	ck_assert_int_le(p->at_us[119] - p->at_us[0], 3400000);
	ck_assert_uint_eq(pace_flows(p->pace), 120);
	ck_assert_uint_eq(pace_waiting(p->pace), 0);
	pacing_free(p);
}
END_TEST

/* A loop that was busy elsewhere must not be made up for by a burst. */
START_TEST(a_stalled_loop_is_not_followed_by_a_burst)
{
	struct pacing *p = pacing_new(40, 0);
	int i;

	p->wanted = 60;
	for (i = 0; i < p->wanted; i++)
		wait_turn(p, i, NULL);
	for (i = 0; i < 6 && !p->done; i++) {
		bool never = false;

		fake_loop(p->base, &never, 200);
		usleep(130000);
	}
	fake_loop(p->base, &p->done, 4000);
	ck_assert(p->done);
	ck_assert_int_le(busiest_second(p), 40);
	for (i = 2; i < p->wanted; i++)
		ck_assert_int_ge(p->at_us[i] - p->at_us[i - 2], 24000);
	pacing_free(p);
}
END_TEST

START_TEST(flows_to_one_destination_are_spaced_and_others_pass_them)
{
	struct pacing *p = pacing_new(1000, 100);
	static const int expected[] = {0, 3, 1, 2};
	int i;

	p->wanted = 4;
	wait_turn(p, 0, "192.0.2.1");
	wait_turn(p, 1, "192.0.2.1");
	wait_turn(p, 2, "192.0.2.1");
	wait_turn(p, 3, "192.0.2.2");
	ck_assert(fake_loop(p->base, &p->done, 2000));
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(p->order[i], expected[i]);
	ck_assert_int_ge(p->at_us[2] - p->at_us[0], 100000);
	ck_assert_int_ge(p->at_us[3] - p->at_us[2], 100000);
	pacing_free(p);
}
END_TEST

START_TEST(order_is_first_come_first_served)
{
	struct pacing *p = pacing_new(500, 0);
	int i;

	p->wanted = 20;
	for (i = 0; i < 20; i++)
		wait_turn(p, i, NULL);
	ck_assert_int_eq(p->released, 0); /* never before it returns */
	ck_assert_uint_eq(pace_waiting(p->pace), 20);
	ck_assert(fake_loop(p->base, &p->done, 2000));
	for (i = 0; i < 20; i++)
		ck_assert_int_eq(p->order[i], i);
	pacing_free(p);
}
END_TEST

START_TEST(a_cancelled_ticket_never_goes_and_the_rest_do)
{
	struct pacing *p = pacing_new(200, 0);
	static const int expected[] = {1, 3, 4};
	int i;

	p->wanted = 3;
	for (i = 0; i < 6; i++)
		wait_turn(p, i, NULL);
	pace_cancel(p->pace, &p->flow[0].ticket); /* first */
	pace_cancel(p->pace, &p->flow[2].ticket); /* middle */
	pace_cancel(p->pace, &p->flow[5].ticket); /* last */
	pace_cancel(p->pace, &p->flow[5].ticket); /* again: nothing */
	ck_assert_uint_eq(pace_waiting(p->pace), 3);
	ck_assert(fake_loop(p->base, &p->done, 2000));
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(p->order[i], expected[i]);
	/* After the last was cut off the queue still takes new ones. */
	p->done = false;
	p->wanted = 4;
	wait_turn(p, 5, NULL);
	ck_assert(fake_loop(p->base, &p->done, 2000));
	ck_assert_int_eq(p->order[3], 5);
	pacing_free(p);
}
END_TEST

static void
go_and_cancel_next(void *arg)
{
	struct flow *f = arg;

	on_go(f);
	pace_cancel(f->pacing->pace, &f->pacing->flow[1].ticket);
	wait_turn(f->pacing, 3, NULL);
}

START_TEST(tickets_may_come_and_go_from_within_a_turn)
{
	struct pacing *p = pacing_new(1000, 0);
	static const int expected[] = {0, 2, 3};
	int i;

	p->wanted = 3;
	pace_wait(p->pace, &p->flow[0].ticket, NULL, go_and_cancel_next,
	    &p->flow[0]);
	wait_turn(p, 1, NULL);
	wait_turn(p, 2, NULL);
	ck_assert(fake_loop(p->base, &p->done, 2000));
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(p->order[i], expected[i]);
	pacing_free(p);
}
END_TEST

START_TEST(a_rate_of_nought_is_one_a_second_and_no_crash)
{
	struct pacing *p = pacing_new(0, 0);

	p->wanted = 1;
	wait_turn(p, 0, NULL);
	ck_assert(fake_loop(p->base, &p->done, 1000));
	pacing_free(p);
}
END_TEST

/* A question on a flow that is there is no new flow, and not for nothing
 * either: small resolvers are spared too. */
START_TEST(more_questions_on_a_flow_take_less_and_count_as_none)
{
	struct pacing *p = pacing_new(20, 1000);
	int i;

	p->wanted = 40;
	for (i = 0; i < 40; i++)
		pace_wait_light(p->pace, &p->flow[i].ticket, on_go,
		    &p->flow[i]);
	ck_assert(fake_loop(p->base, &p->done, 5000));
	ck_assert_uint_eq(pace_flows(p->pace), 0);
	/* 40 of them take the time of ten flows at 20 a second. */
	ck_assert_int_ge(p->at_us[39] - p->at_us[0], 400000);
	ck_assert_int_lt(p->at_us[39] - p->at_us[0], 1500000);
	/* Flows keep their bound with questions between them. */
	p->released = 0;
	p->wanted = 60;
	p->done = false;
	for (i = 0; i < 60; i++) {
		if (i % 2 == 0)
			wait_turn(p, i, NULL);
		else
			pace_wait_light(p->pace, &p->flow[i].ticket, on_go,
			    &p->flow[i]);
	}
	ck_assert(fake_loop(p->base, &p->done, 9000));
	ck_assert_uint_eq(pace_flows(p->pace), 30);
	ck_assert_int_ge(p->at_us[59] - p->at_us[0], 1000000);
	pacing_free(p);
}
END_TEST

HARNESS("net pace", never_more_than_the_rate_in_any_second,
    a_stalled_loop_is_not_followed_by_a_burst,
    flows_to_one_destination_are_spaced_and_others_pass_them,
    order_is_first_come_first_served,
    a_cancelled_ticket_never_goes_and_the_rest_do,
    tickets_may_come_and_go_from_within_a_turn,
    a_rate_of_nought_is_one_a_second_and_no_crash,
    more_questions_on_a_flow_take_less_and_count_as_none)
