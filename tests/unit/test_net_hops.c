/* SPDX-License-Identifier: MIT */
/* Promises of the budget for packets that expire on the way. The figures are
 * Linux's: six answers at once, then one a second (icmp_ratelimit). */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/net/hops.h"

#define MAX_PACKETS 16

struct packet {
	struct hops_ticket ticket;
	struct lab *lab;
	int64_t at_us;
	int order;
};

struct lab {
	struct event_base *base;
	struct hops *hops;
	struct packet packet[MAX_PACKETS];
	int sent;
	int stop_at;
};

static void
on_go(void *arg)
{
	struct packet *p = arg;

	p->at_us = clock_mono_us();
	p->order = ++p->lab->sent;
	if (p->lab->sent == p->lab->stop_at)
		event_base_loopbreak(p->lab->base);
}

static void
lab_open(struct lab *l, unsigned group)
{
	int i;

	memset(l, 0, sizeof *l);
	l->base = event_base_new();
	l->hops = hops_new(l->base, group);
	for (i = 0; i < MAX_PACKETS; i++)
		l->packet[i].lab = l;
}

static void
lab_close(struct lab *l)
{
	int i;

	for (i = 0; i < MAX_PACKETS; i++) {
		if (l->packet[i].ticket.waiting)
			hops_done(l->hops, &l->packet[i].ticket, 0);
	}
	hops_free(l->hops);
	event_base_free(l->base);
}

static void
wait_for(struct lab *l, int i, int ttl, int need)
{
	hops_wait(l->hops, &l->packet[i].ticket, false, ttl, need, on_go,
	    &l->packet[i]);
}

/* Runs until that many are sent, or the time is over. */
static void
run_until(struct lab *l, int sent, int ms)
{
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	l->stop_at = sent;
	event_base_loopexit(l->base, &tv);
	if (l->sent < sent)
		event_base_dispatch(l->base);
}

START_TEST(test_never_more_than_a_router_answers)
{
	struct lab l;
	int i;

	lab_open(&l, 4);
	for (i = 0; i < 8; i++)
		wait_for(&l, i, 2, 1);
	ck_assert_int_eq(l.sent, 0);
	run_until(&l, 8, 300);
	ck_assert_int_ge(l.sent, 1);
	ck_assert_int_le(l.sent, 6);
	lab_close(&l);
}
END_TEST

START_TEST(test_then_one_a_second)
{
	struct lab l;
	int i, burst;

	lab_open(&l, 4);
	for (i = 0; i < 8; i++)
		wait_for(&l, i, 2, 1);
	run_until(&l, 8, 100);
	burst = l.sent;
	for (i = 0; i < burst; i++)
		hops_done(l.hops, &l.packet[i].ticket, 1);
	run_until(&l, burst + 2, 4000);
	ck_assert_int_eq(l.sent, burst + 2);
	ck_assert_int_ge(l.packet[burst + 1].at_us - l.packet[0].at_us,
	    2000000);
	lab_close(&l);
}
END_TEST

START_TEST(test_another_hop_has_a_budget_of_its_own)
{
	struct lab l;
	int i;

	lab_open(&l, 4);
	for (i = 0; i < 8; i++)
		wait_for(&l, i, 2, 1);
	wait_for(&l, 8, 3, 1);
	run_until(&l, 9, 200);
	ck_assert_int_ne(l.packet[8].order, 0);
	lab_close(&l);
}
END_TEST

START_TEST(test_silence_costs_nothing)
{
	struct lab l;
	int i, burst;

	lab_open(&l, 4);
	for (i = 0; i < 10; i++)
		wait_for(&l, i, 2, 1);
	run_until(&l, 10, 100);
	burst = l.sent;
	for (i = 0; i < burst; i++)
		hops_done(l.hops, &l.packet[i].ticket, 0);
	run_until(&l, 10, 200);
	ck_assert_int_eq(l.sent, 10);
	lab_close(&l);
}
END_TEST

START_TEST(test_a_group_shares_one_control_of_the_first_told)
{
	struct lab l;
	int i, carriers = 0;

	lab_open(&l, 3);
	for (i = 0; i < 3; i++)
		wait_for(&l, i, 2, 2);
	run_until(&l, 3, 200);
	ck_assert_int_eq(l.sent, 3);
	for (i = 0; i < 3; i++)
		carriers += l.packet[i].ticket.carrier;
	ck_assert_int_eq(carriers, 1);
	ck_assert(l.packet[0].ticket.carrier);
	ck_assert_int_eq(l.packet[0].order, 1);
	lab_close(&l);
}
END_TEST

START_TEST(test_only_an_answer_right_behind_gives_silence_a_meaning)
{
	struct lab l;
	int64_t now = clock_mono_us();

	lab_open(&l, 4);
	ck_assert(!hops_was_heard(l.hops, false, 2, now));
	hops_heard(l.hops, false, 2, now + 30000);
	ck_assert(hops_was_heard(l.hops, false, 2, now));
	/* What was sent before it, long before, or after says nothing. */
	ck_assert(!hops_was_heard(l.hops, false, 2, now - 500000));
	ck_assert(!hops_was_heard(l.hops, false, 2, now + 30000));
	/* Neither does another hop, nor the other family. */
	ck_assert(!hops_was_heard(l.hops, false, 3, now));
	ck_assert(!hops_was_heard(l.hops, true, 2, now));
	lab_close(&l);
}
END_TEST

START_TEST(test_a_spent_hop_is_given_time)
{
	struct lab l;
	int64_t spent = clock_mono_us();

	lab_open(&l, 4);
	hops_is_spent(l.hops, false, 2);
	wait_for(&l, 0, 2, 1);
	run_until(&l, 1, 3000);
	ck_assert_int_eq(l.sent, 1);
	ck_assert_int_ge(l.packet[0].at_us - spent, 1000000);
	lab_close(&l);
}
END_TEST

START_TEST(test_patience_follows_the_slowest_answer)
{
	struct lab l;

	lab_open(&l, 4);
	/* A path of 600 ms must never be called silent early. */
	ck_assert_int_gt(hops_patience_ms(l.hops, false, 2), 600);
	hops_heard(l.hops, false, 2, clock_mono_us() - 600000);
	ck_assert_int_gt(hops_patience_ms(l.hops, false, 2), 600);
	hops_heard(l.hops, false, 3, clock_mono_us() - 10000);
	ck_assert_int_lt(hops_patience_ms(l.hops, false, 3), 600);
	ck_assert_int_ge(hops_patience_ms(l.hops, false, 3), 200);
	lab_close(&l);
}
END_TEST

static void
wait_any(struct lab *l, int i, const char *address, unsigned skip)
{
	struct addr to;

	ck_assert(addr_parse(&to, address, 9));
	hops_wait_any(l->hops, &l->packet[i].ticket, &to, skip, on_go,
	    &l->packet[i]);
}

static int
count_at(const struct lab *l, int ttl)
{
	int i, n = 0;

	for (i = 0; i < MAX_PACKETS; i++)
		n += l->packet[i].order != 0 && l->packet[i].ticket.ttl == ttl;
	return n;
}

START_TEST(test_nothing_goes_far_before_the_way_is_known)
{
	struct lab l;
	int i;

	lab_open(&l, 4);
	for (i = 0; i < MAX_PACKETS; i++)
		wait_any(&l, i, "192.0.2.7", 0);
	ck_assert_int_eq(l.sent, 0);
	run_until(&l, MAX_PACKETS, 200);
	ck_assert_int_ge(count_at(&l, 2), 1);
	ck_assert_int_le(count_at(&l, 2), 6);
	ck_assert_int_ge(count_at(&l, 3), 1);
	ck_assert_int_le(count_at(&l, 3), 6);
	ck_assert_int_eq(l.sent, count_at(&l, 2) + count_at(&l, 3));
	lab_close(&l);
}
END_TEST

START_TEST(test_each_hop_that_is_heard_opens_the_next)
{
	struct lab l;
	int i;

	lab_open(&l, 4);
	for (i = 0; i < MAX_PACKETS; i++)
		wait_any(&l, i, "192.0.2.7", 0);
	run_until(&l, MAX_PACKETS, 100);
	hops_heard(l.hops, false, 2, clock_mono_us() - 5000);
	hops_heard(l.hops, false, 3, clock_mono_us() - 5000);
	for (i = 0; i < MAX_PACKETS; i++) {
		if (l.packet[i].order != 0 && l.packet[i].ticket.ttl == 2) {
			hops_done(l.hops, &l.packet[i].ticket, 1);
			break;
		}
	}
	run_until(&l, MAX_PACKETS, 100);
	/* One packet tries it, and no more until it is heard. */
	ck_assert_int_eq(count_at(&l, 4), 1);
	ck_assert_int_eq(count_at(&l, 5), 0);
	for (i = 0; l.packet[i].ticket.ttl != 4; i++)
		;
	hops_heard(l.hops, false, 4, clock_mono_us() - 5000);
	hops_done(l.hops, &l.packet[i].ticket, 1);
	run_until(&l, MAX_PACKETS, 100);
	ck_assert_int_gt(count_at(&l, 4), 1);
	ck_assert_int_le(count_at(&l, 5), 1);
	/* The other family's way is another. */
	ck_assert(!hops_is_known(l.hops, true, 4));
	lab_close(&l);
}
END_TEST

START_TEST(test_a_hop_that_was_silent_is_not_tried_by_others)
{
	struct lab l;
	struct addr to;

	lab_open(&l, 4);
	ck_assert(addr_parse(&to, "192.0.2.7", 9));
	hops_heard(l.hops, false, 2, clock_mono_us() - 5000);
	hops_was_silent(l.hops, &to, 3, clock_mono_us());
	/* One that is mute hides those behind it no more than that. */
	wait_any(&l, 0, "192.0.2.8", 1u << 2);
	run_until(&l, 1, 100);
	ck_assert_int_eq(l.sent, 1);
	ck_assert_int_eq(l.packet[0].ticket.ttl, 4);
	hops_done(l.hops, &l.packet[0].ticket, 0);
	hops_was_silent(l.hops, &to, 4, clock_mono_us());
	/* There is no other, and it is never stuck. */
	wait_any(&l, 1, "192.0.2.8", 1u << 2);
	run_until(&l, 2, 100);
	ck_assert_int_eq(l.sent, 2);
	ck_assert_int_eq(l.packet[1].ticket.ttl, 2);
	lab_close(&l);
}
END_TEST

START_TEST(test_where_a_destination_is_reached_is_kept_for_it_alone)
{
	struct lab l;
	struct addr near, other;
	int ttl;

	lab_open(&l, 4);
	ck_assert(addr_parse(&near, "192.0.2.7", 443));
	ck_assert(addr_parse(&other, "192.0.2.8", 443));
	for (ttl = 2; ttl <= 4; ttl++)
		hops_heard(l.hops, false, ttl, clock_mono_us() - 5000);
	hops_is_near(l.hops, &near, 3);
	ck_assert(hops_has_other(l.hops, &near, 0));
	ck_assert(!hops_has_other(l.hops, &near, 1u << 2));
	ck_assert(hops_has_other(l.hops, &other, 1u << 2));
	wait_any(&l, 0, "192.0.2.7", 0);
	wait_any(&l, 1, "192.0.2.8", 1u << 2);
	run_until(&l, 2, 200);
	ck_assert_int_eq(l.packet[0].ticket.ttl, 2);
	ck_assert_int_eq(l.packet[1].ticket.ttl, 3);
	/* What expired on the way to one says nothing of the other. */
	hops_is_behind(l.hops, &other, 3);
	ck_assert(hops_knows_behind(l.hops, &other, 3));
	ck_assert(!hops_knows_behind(l.hops, &other, 4));
	ck_assert(!hops_knows_behind(l.hops, &near, 3));
	lab_close(&l);
}
END_TEST

START_TEST(test_the_budget_counts_from_when_a_packet_is_sent)
{
	struct lab l;
	int64_t late;
	int i, burst;

	lab_open(&l, 4);
	for (i = 0; i < 8; i++)
		wait_for(&l, i, 2, 1);
	run_until(&l, 8, 100);
	burst = l.sent;
	/* They waited for something else, and go out only now. */
	run_until(&l, 8, 400);
	late = clock_mono_us();
	for (i = 0; i < burst; i++) {
		hops_sent(l.hops, &l.packet[i].ticket);
		hops_done(l.hops, &l.packet[i].ticket, 1);
	}
	run_until(&l, burst + 1, 3000);
	ck_assert_int_eq(l.sent, burst + 1);
	ck_assert_int_ge(l.packet[burst].at_us - late, 1000000);
	lab_close(&l);
}
END_TEST

START_TEST(test_more_destinations_than_can_be_kept_do_no_harm)
{
	struct lab l;
	struct addr to;
	char text[32];
	int i;

	lab_open(&l, 4);
	for (i = 0; i < 2000; i++) {
		snprintf(text, sizeof text, "10.1.%d.%d", i / 250, i % 250);
		ck_assert(addr_parse(&to, text, 9));
		hops_is_behind(l.hops, &to, 3);
	}
	ck_assert(addr_parse(&to, "192.0.2.7", 9));
	hops_is_near(l.hops, &to, 3);
	ck_assert(!hops_knows_behind(l.hops, &to, 3));
	wait_any(&l, 0, "192.0.2.7", 0);
	run_until(&l, 1, 100);
	ck_assert_int_eq(l.sent, 1);
	lab_close(&l);
}
END_TEST

HARNESS("net: the budget for packets that expire",
    test_never_more_than_a_router_answers, test_then_one_a_second,
    test_another_hop_has_a_budget_of_its_own, test_silence_costs_nothing,
    test_a_group_shares_one_control_of_the_first_told,
    test_only_an_answer_right_behind_gives_silence_a_meaning,
    test_a_spent_hop_is_given_time, test_patience_follows_the_slowest_answer,
    test_nothing_goes_far_before_the_way_is_known,
    test_each_hop_that_is_heard_opens_the_next,
    test_a_hop_that_was_silent_is_not_tried_by_others,
    test_where_a_destination_is_reached_is_kept_for_it_alone,
    test_the_budget_counts_from_when_a_packet_is_sent,
    test_more_destinations_than_can_be_kept_do_no_harm)
