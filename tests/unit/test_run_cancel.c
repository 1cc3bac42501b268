/* SPDX-License-Identifier: MIT */
/* Promises of cancelling one check while the others go on: it lets go at
 * once, and nothing that rests on it claims more than was seen. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/judge/judge.h"
#include "core/run/run.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/judge_case.h"
#include "tests/unit/run_site.h"

#define AT_ONCE_US 100000

static size_t
index_of(const struct run *run, const char *need)
{
	size_t i;

	for (i = 0; i < run_task_count(run); i++) {
		const struct task *t = run_task(run, i);

		if (t->need != NULL && strcmp(t->need, need) == 0 &&
		    !t->follow_up && strcmp(t->spec->type, "dns") != 0)
			return i;
	}
	ck_abort_msg("no task of %s", need);
	return 0;
}

static size_t
count_type(const struct run *run, const char *type, bool done)
{
	size_t i, n = 0;

	for (i = 0; i < run_task_count(run); i++)
		n += strcmp(run_task(run, i)->spec->type, type) == 0 &&
		    (!done || run_task(run, i)->state == TASK_DONE);
	return n;
}

static void
is_told_as_cancelled(struct record *r, const char *id)
{
	const struct need *n;

	judge_record(r);
	n = record_need(r, id);
	ck_assert_int_eq(n->outcome, OUTCOME_NOT_RUN);
	ck_assert_int_eq(n->cause, CAUSE_CANCELLED);
}

START_TEST(a_waiting_check_that_is_cancelled_never_starts)
{
	struct run_site s;
	uint16_t port;

	run_site_init(&s);
	port = fake_tcp_port(s.server);
	run_site_tcp_need(&s, "a", "127.0.0.1", port);
	run_site_tcp_need(&s, "b", "127.0.0.1", fake_closed_port())
	    ->direction = DIR_LAN;
	run_site_start(&s);
	run_cancel_task(s.run, index_of(s.run, "a"));
	/* At once, so that the screen need not ask twice. */
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_int_eq(s.record->observations[0].failure, CAUSE_CANCELLED);
	ck_assert_int_eq(s.nobserved, 1);
	ck_assert(!run_can_cancel_task(s.run, index_of(s.run, "a")));
	run_cancel_task(s.run, index_of(s.run, "a"));
	ck_assert_int_eq(s.ndone, 0);
	ck_assert(fake_loop(s.base, &s.done, 4000));
	ck_assert_int_eq(fake_tcp_accepted(s.server), 0);
	ck_assert_int_eq(s.nstarted, 1);
	ck_assert_uint_eq(s.record->nobservations, 2);
	/* One check is missing, so the run is not whole. */
	ck_assert(!s.complete && !s.record->complete);
	is_told_as_cancelled(s.record, "a");
	ck_assert_int_eq(record_need(s.record, "b")->outcome, OUTCOME_FAIL);
	run_site_free(&s);
}
END_TEST

START_TEST(a_running_check_that_is_cancelled_lets_go_at_once)
{
	static const int after_ms[] = {20, 1300, 2500};
	const struct observation *o;
	struct fake_silent silent, other;
	struct run_site s;
	bool never = false;
	int64_t at;
	size_t i, k;
	int open;

	fake_silent_start(&silent);
	fake_silent_start(&other);
	for (i = 0; i < 3; i++) {
		run_site_init(&s);
		run_site_tcp_need(&s, "a", "127.0.0.1", silent.port)
		    ->direction = DIR_LAN;
		run_site_tcp_need(&s, "b", "127.0.0.1", silent.port)
		    ->direction = DIR_LAN;
		run_site_tcp_need(&s, "c", "127.0.0.1", other.port)
		    ->direction = DIR_LAN;
		run_site_start(&s);
		fake_loop(s.base, &never, after_ms[i]);
		k = index_of(s.run, "a");
		ck_assert_int_eq(run_task(s.run, k)->state, TASK_RUNNING);
		open = fake_count_fds();
		at = clock_mono_us();
		run_cancel_task(s.run, k);
		ck_assert_int_lt(fake_count_fds(), open);
		while (run_task(s.run, k)->state != TASK_DONE)
			event_base_loop(s.base, EVLOOP_ONCE);
		ck_assert_int_le(clock_mono_us() - at, AT_ONCE_US);
		o = run_task(s.run, k)->result;
		ck_assert_ptr_nonnull(o);
		ck_assert_int_eq(o->failure, CAUSE_CANCELLED);
		/* The other goes on to its end. */
		ck_assert(fake_loop(s.base, &s.done, 9000));
		ck_assert(!s.complete);
		is_told_as_cancelled(s.record, "a");
		is_told_as_cancelled(s.record, "b");
		ck_assert_int_eq(record_need(s.record, "c")->outcome,
		    OUTCOME_FAIL);
		run_site_free(&s);
	}
	fake_silent_stop(&silent);
	fake_silent_stop(&other);
}
END_TEST

/* One that is silent is searched for while it still waits. */
START_TEST(what_is_cancelled_is_not_searched_for)
{
	struct fake_silent silent;
	struct run_site s;
	bool never = false;
	int i;

	for (i = 0; i < 2; i++) {
		fake_silent_start(&silent);
		run_site_init(&s);
		run_site_tcp_need(&s, "a", "127.0.0.1", silent.port);
		run_site_start(&s);
		fake_loop(s.base, &never, i == 0 ? 50 : 1500);
		ck_assert_uint_eq(count_type(s.run, "locate", false), i);
		run_cancel_task(s.run, index_of(s.run, "a"));
		ck_assert(fake_loop(s.base, &s.done, 1000));
		ck_assert_uint_eq(count_type(s.run, "locate", true), i);
		is_told_as_cancelled(s.record, "a");
		run_site_free(&s);
		fake_silent_stop(&silent);
	}
}
END_TEST

/* Another need that is silent there too still wants to know. */
START_TEST(a_search_that_serves_another_goes_on)
{
	struct fake_silent silent;
	struct run_site s;
	struct need *n;
	bool never = false;

	fake_silent_start(&silent);
	run_site_init(&s);
	run_site_tcp_need(&s, "a", "127.0.0.1", silent.port);
	n = case_need(s.record, "b", PROTO_TCP, silent.port, RUNG_TLS_EXPECTED);
	case_spec(s.record, n, "tls", NULL, "127.0.0.1", silent.port);
	run_site_start(&s);
	fake_loop(s.base, &never, 1500);
	ck_assert_uint_eq(count_type(s.run, "locate", false), 1);
	run_cancel_task(s.run, index_of(s.run, "a"));
	ck_assert(fake_loop(s.base, &s.done, 20000));
	ck_assert_ptr_nonnull(record_observation(s.record, "o2"));
	judge_record(s.record);
	ck_assert_int_eq(record_need(s.record, "b")->outcome, OUTCOME_FAIL);
	is_told_as_cancelled(s.record, "a");
	run_site_free(&s);
	fake_silent_stop(&silent);
}
END_TEST

static void
say_nothing(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	(void)fd;
	(void)data;
	(void)len;
	(void)from;
	(void)arg;
}

START_TEST(a_name_that_is_cancelled_tells_all_that_wait_for_it)
{
	struct fake_udp *dns;
	struct run_site s;
	struct need *n;
	bool never = false;
	size_t i;

	if (!fake_private_network(NULL))
		return;
	run_site_init(&s);
	strlist_add(s.record->arena, &s.record->vantage.resolvers, "127.0.0.1");
	dns = fake_udp_start("127.0.0.1", 53, say_nothing, NULL);
	n = case_need(s.record, "a", PROTO_TCP, 443, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", "a.example", NULL, 443);
	n = case_need(s.record, "b", PROTO_TCP, 80, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", "a.example", NULL, 80);
	run_site_start(&s);
	fake_loop(s.base, &never, 50);
	for (i = 0; i < run_task_count(s.run); i++) {
		const struct task *t = run_task(s.run, i);

		/* What all others are held against is not for sale. */
		ck_assert(t->need != NULL || !run_can_cancel_task(s.run, i));
		if (strcmp(t->spec->type, "dns") == 0)
			run_cancel_task(s.run, i);
	}
	ck_assert(fake_loop(s.base, &s.done, 1000));
	ck_assert(!s.complete);
	is_told_as_cancelled(s.record, "a");
	is_told_as_cancelled(s.record, "b");
	run_site_free(&s);
	fake_udp_stop(dns);
}
END_TEST

/* One that failed speaks for all, as it does when a run is cut short. */
START_TEST(one_address_that_is_cancelled_keeps_a_name_from_passing)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "a", PROTO_TCP, 443, RUNG_TRANSPORT);

	case_spec(r, n, "tcp", "a.example", NULL, 443);
	case_name(r, "a.example", CAUSE_NONE, "192.0.2.1 192.0.2.2");
	case_seen(r, n, 0, "192.0.2.1", RUNG_TRANSPORT, CAUSE_NONE);
	case_seen(r, n, 0, "192.0.2.2", RUNG_NONE, CAUSE_CANCELLED);
	is_told_as_cancelled(r, "a");
	record_free(r);
}
END_TEST

HARNESS("run cancel", a_waiting_check_that_is_cancelled_never_starts,
    a_running_check_that_is_cancelled_lets_go_at_once,
    what_is_cancelled_is_not_searched_for, a_search_that_serves_another_goes_on,
    a_name_that_is_cancelled_tells_all_that_wait_for_it,
    one_address_that_is_cancelled_keeps_a_name_from_passing)
