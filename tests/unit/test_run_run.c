/* SPDX-License-Identifier: MIT */
/* Promises of the runner: each measurement once, names before what needs
 * them, nothing left behind, and an end that comes once and at once. */
#include "tests/unit/harness.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/run/run.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/judge_case.h"
#include "tests/unit/run_site.h"

START_TEST(one_measurement_serves_every_need_that_asks_for_it)
{
	struct run_site s;
	struct run_totals t;
	uint16_t port;
	int before = fake_count_fds();

	run_site_init(&s);
	port = fake_tcp_port(s.server);
	run_site_tcp_need(&s, "a", "127.0.0.1", port);
	run_site_tcp_need(&s, "b", "127.0.0.1", port);
	run_site_tcp_need(&s, "c", "127.0.0.1", port)->applies = false;
	ck_assert(run_site_run(&s, 4000));
	ck_assert(s.complete);
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_int_eq(s.nobserved, 1);
	ck_assert_int_eq(s.nstarted, 1);
	ck_assert_str_eq(s.record->observations[0].id, "o1");
	ck_assert_int_eq(fake_tcp_accepted(s.server), 1);
	ck_assert(s.record->complete);
	ck_assert_int_ge(s.record->ended_us, s.record->started_us);
	run_totals(s.run, &t);
	ck_assert_uint_eq(t.done, 1);
	ck_assert_uint_eq(t.good, 1);
	ck_assert_uint_eq(t.waiting + t.running + t.bad, 0);
	ck_assert_uint_eq(t.flows, 1);
	run_site_free(&s);
	ck_assert_int_eq(fake_count_fds(), before);
}
END_TEST

START_TEST(only_what_was_chosen_is_run)
{
	struct run_site s;
	const char *only[] = {"a", "p", "q"};
	size_t want[] = {1, 2, 0};
	size_t i;

	for (i = 0; i < 3; i++) {
		run_site_init(&s);
		s.setup.only = only[i];
		run_site_tcp_need(&s, "a", "127.0.0.1",
		    fake_tcp_port(s.server));
		/* On the site: what blocks is not searched for. */
		run_site_tcp_need(&s, "b", "127.0.0.1", fake_closed_port())
		    ->direction = DIR_LAN;
		ck_assert(run_site_run(&s, 4000));
		ck_assert_uint_eq(s.record->nobservations, want[i]);
		run_site_free(&s);
	}
}
END_TEST

/* The needs of the tasks, one after the other. */
static char *
order_of(uint64_t seed)
{
	static const char *const id[] = {"a", "b", "c", "d", "e", "f"};
	struct arena *a = arena_new();
	char *all = arena_strdup(a, ""), *copy;
	struct run_site s;
	size_t i;

	run_site_init(&s);
	s.setup.order = seed;
	/* On the site: what blocks is not searched for. */
	for (i = 0; i < sizeof id / sizeof *id; i++)
		run_site_tcp_need(&s, id[i], "127.0.0.1",
		    i == 0 ? fake_tcp_port(s.server) : fake_closed_port())
		    ->direction = DIR_LAN;
	ck_assert(run_site_run(&s, 4000));
	for (i = 0; i < run_task_count(s.run); i++)
		all = arena_printf(a, "%s %s", all, run_task(s.run, i)->need);
	run_site_free(&s);
	copy = strdup(all);
	ck_assert_ptr_nonnull(copy);
	arena_free(a);
	return copy;
}

START_TEST(a_seed_gives_the_checks_an_order_of_its_own)
{
	char *planned = order_of(0), *one = order_of(7), *again = order_of(7),
	     *other = order_of(8);
	size_t i;

	ck_assert_str_eq(planned, " a b c d e f");
	ck_assert_str_eq(one, again);
	ck_assert_str_ne(one, planned);
	ck_assert_str_ne(one, other);
	/* Each of them once. */
	for (i = 0; i < 6; i++) {
		ck_assert_ptr_nonnull(strchr(one, "abcdef"[i]));
		ck_assert_ptr_nonnull(strchr(other, "abcdef"[i]));
	}
	ck_assert_uint_eq(strlen(one), strlen(planned));
	free(planned);
	free(one);
	free(again);
	free(other);
}
END_TEST

START_TEST(a_run_of_nothing_ends_too)
{
	struct run_site s;

	run_site_init(&s);
	ck_assert(run_site_run(&s, 1000));
	ck_assert(s.complete);
	run_site_free(&s);
}
END_TEST

/* Without a DNS server the name has no address, so nothing is contacted. */
START_TEST(what_needs_a_name_waits_for_it)
{
	struct run_site s;
	struct need *n;

	run_site_init(&s);
	n = case_need(s.record, "a", PROTO_TCP, 443, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", "a.example", NULL, 443);
	n = case_need(s.record, "b", PROTO_TCP, 80, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", "a.example", NULL, 80);
	ck_assert(run_site_run(&s, 4000));
	ck_assert(s.complete);
	/* The name was asked for once, for both. */
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_str_eq(s.record->observations[0].probe, "dns");
	/* They, the name, and the two controls at the same host. */
	ck_assert_uint_eq(run_task_count(s.run), 5);
	run_site_free(&s);
}
END_TEST

START_TEST(without_a_gateway_its_ping_is_not_run)
{
	struct run_site s;
	struct need *n;

	run_site_init(&s);
	n = case_need(s.record, "gw", PROTO_ICMP, 0, RUNG_APP_REPLY);
	case_spec(s.record, n, "icmp", NULL, NULL, 0);
	run_site_tcp_need(&s, "a", "127.0.0.1", fake_tcp_port(s.server));
	ck_assert(run_site_run(&s, 4000));
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_str_eq(s.record->observations[0].probe, "tcp");
	ck_assert_ptr_null(run_task(s.run, 0)->result);
	ck_assert_int_eq(run_task(s.run, 0)->state, TASK_DONE);
	run_site_free(&s);
}
END_TEST

START_TEST(a_cancelled_run_ends_at_once_and_leaves_nothing_open)
{
	static const int after_ms[] = {0, 5, 300, 1300};
	struct fake_silent silent;
	struct run_site s;
	bool never = false;
	int64_t at;
	size_t i, k;
	int before;
	char id[16];

	fake_silent_start(&silent);
	before = fake_count_fds();
	for (i = 0; i < 4; i++) {
		run_site_init(&s);
		s.setup.pace = i % 2 ? PACE_FAST : PACE_POLITE;
		for (k = 0; k < 30; k++) {
			snprintf(id, sizeof id, "n%zu", k);
			run_site_tcp_need(&s, id, "127.0.0.1",
			    k < 10 ? silent.port : (uint16_t)(1 + k));
		}
		run_site_start(&s);
		fake_loop(s.base, &never, after_ms[i]);
		at = clock_mono_us();
		run_cancel(s.run);
		run_cancel(s.run);
		ck_assert_int_eq(s.ndone, 0); /* from the loop, not from here */
		ck_assert(fake_loop(s.base, &s.done, 1000));
		ck_assert_int_le(clock_mono_us() - at, 100000);
		fake_loop(s.base, &never, 100);
		ck_assert_int_eq(s.ndone, 1);
		ck_assert(!s.complete && !s.record->complete);
		for (k = 0; k < run_task_count(s.run); k++)
			ck_assert_int_eq(run_task(s.run, k)->state, TASK_DONE);
		for (k = 0; k < s.record->nobservations; k++)
			ck_assert_int_ne(s.record->observations[k].rung,
			    RUNG_TRANSPORT);
		run_site_free(&s);
		ck_assert_int_eq(fake_count_fds(), before);
	}
	fake_silent_stop(&silent);
}
END_TEST

/* Needs are made anew while a run goes on (answers change). */
START_TEST(the_needs_may_go_while_it_runs)
{
	struct run_site s;
	struct need *n;
	bool never = false;

	run_site_init(&s);
	n = run_site_tcp_need(&s, "a", "127.0.0.1", fake_tcp_port(s.server));
	run_site_start(&s);
	memset(n->specs[0].key, 'x', strlen(n->specs[0].key));
	memset(n->specs[0].address, 'x', strlen(n->specs[0].address));
	memset(n->id, 'x', strlen(n->id));
	s.record->nneeds = 0;
	ck_assert(fake_loop(s.base, &s.done, 4000));
	fake_loop(s.base, &never, 20);
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_int_eq(s.record->observations[0].rung, RUNG_TRANSPORT);
	run_site_free(&s);
}
END_TEST

/* Names, addresses and probes together, in a network of its own. */
static void
name_server(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	const uint8_t *address = arg;
	static const uint8_t head[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};
	uint8_t m[600];

	if (len < 17 || len > 500)
		return;
	memcpy(m, data, len);
	m[2] |= 0x80;
	m[3] = 0x80;
	if (m[len - 3] == 1) {
		for (; *address != 0 || address[1] != 0; address += 4) {
			m[7]++;
			memcpy(m + len, head, sizeof head);
			memcpy(m + len + sizeof head, address, 4);
			len += sizeof head + 4;
			if (address[4] == 0)
				break;
		}
	}
	sendto(fd, m, len, 0, &from->sa, from->len);
}

static const char *const addresses[] = {"198.51.100.7", "198.51.100.8",
    "198.51.100.9", NULL};

START_TEST(each_address_of_a_name_is_tried_up_to_two)
{
	static const uint8_t three[] = {198, 51, 100, 7, 198, 51, 100, 8, 198,
	    51, 100, 9, 0, 0};
	struct fake_tcp *a, *b;
	struct fake_udp *dns;
	struct run_site s;
	struct need *n;
	uint16_t port;

	if (!fake_private_network(addresses))
		return;
	run_site_init(&s);
	strlist_add(s.record->arena, &s.record->vantage.resolvers, "127.0.0.1");
	dns = fake_udp_start("127.0.0.1", 53, name_server,
	    (void *)(uintptr_t)three);
	a = fake_tcp_start("198.51.100.7", run_site_serve, NULL);
	port = fake_tcp_port(a);
	b = fake_tcp_start_at("198.51.100.8", port, run_site_serve, NULL);
	n = case_need(s.record, "a", PROTO_TCP, port, RUNG_TRANSPORT);
	n->direction = DIR_LAN; /* without controls */
	case_spec(s.record, n, "tcp", "a.example", NULL, port);
	ck_assert(run_site_run(&s, 1900));
	ck_assert_uint_eq(s.record->nobservations, 3);
	ck_assert_str_eq(s.record->observations[0].probe, "dns");
	ck_assert_int_eq(fake_tcp_accepted(a), 1);
	ck_assert_int_eq(fake_tcp_accepted(b), 1);
	fake_tcp_stop(a);
	fake_tcp_stop(b);
	fake_udp_stop(dns);
	run_site_free(&s);
}
END_TEST

/* A name with three addresses of each family. */
static void
both_families(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	static const uint8_t a[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4,
	    198, 51, 100, 7};
	static const uint8_t aaaa[] = {0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 60, 0,
	    16, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
	uint8_t m[600];
	bool six;
	size_t size;
	int i;

	(void)arg;
	if (len < 17 || len > 400)
		return;
	memcpy(m, data, len);
	six = m[len - 3] == 28;
	size = six ? sizeof aaaa : sizeof a;
	m[2] |= 0x80;
	m[3] = 0x80;
	m[7] = 3;
	for (i = 0; i < 3; i++) {
		memcpy(m + len, six ? aaaa : a, size);
		len += size;
		m[len - 1] = (uint8_t)(7 + i);
	}
	sendto(fd, m, len, 0, &from->sa, from->len);
}

START_TEST(both_families_are_tried_where_the_network_has_both)
{
	static const bool has_ipv6[] = {false, true};
	struct fake_udp *dns;
	struct run_site s;
	struct need *n;
	size_t i, k, four, six;

	if (!fake_private_network(NULL))
		return;
	for (i = 0; i < 2; i++) {
		run_site_init(&s);
		s.record->vantage.has_ipv6 = has_ipv6[i];
		strlist_add(s.record->arena, &s.record->vantage.resolvers,
		    "127.0.0.1");
		dns = fake_udp_start("127.0.0.1", 53, both_families, NULL);
		n = case_need(s.record, "a", PROTO_TCP, 443, RUNG_TRANSPORT);
		case_spec(s.record, n, "tcp", "a.example", NULL, 443);
		n->direction = DIR_LAN; /* what blocks is not searched for */
		ck_assert(run_site_run(&s, 1900));
		for (k = four = six = 0; k < s.record->nobservations; k++) {
			const struct observation *o = &s.record
							   ->observations[k];

			if (strcmp(o->probe, "tcp") != 0)
				continue;
			six += strchr(o->address, ':') != NULL;
			four += strchr(o->address, ':') == NULL;
		}
		ck_assert_uint_eq(four, 2);
		ck_assert_uint_eq(six, has_ipv6[i] ? 2 : 0);
		fake_udp_stop(dns);
		run_site_free(&s);
	}
}
END_TEST

/* A sinkhole's address is this laptop or nobody: nothing is proved there. */
START_TEST(addresses_of_nowhere_are_not_contacted)
{
	static const uint8_t nowhere[] = {127, 0, 0, 1, 0, 0};
	struct fake_udp *dns;
	struct run_site s;
	struct need *n;
	uint16_t port;

	if (!fake_private_network(NULL))
		return;
	run_site_init(&s);
	strlist_add(s.record->arena, &s.record->vantage.resolvers, "127.0.0.1");
	dns = fake_udp_start("127.0.0.1", 53, name_server,
	    (void *)(uintptr_t)nowhere);
	port = fake_tcp_port(s.server);
	n = case_need(s.record, "a", PROTO_TCP, port, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", "a.example", NULL, port);
	ck_assert(run_site_run(&s, 1900));
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_int_eq(fake_tcp_accepted(s.server), 0);
	fake_udp_stop(dns);
	run_site_free(&s);
}
END_TEST

START_TEST(a_network_that_changes_stops_the_run)
{
	struct fake_silent silent;
	struct run_site s;

	run_site_init(&s);
	fake_silent_start(&silent);
	s.setup.glance = NULL; /* the machine has no such adapter */
	s.record->vantage.interface = arena_strdup(s.record->arena, "gone0");
	run_site_tcp_need(&s, "a", "127.0.0.1", silent.port)
	    ->direction = DIR_LAN;
	ck_assert(run_site_run(&s, 5000));
	ck_assert(!s.complete);
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_int_eq(s.record->observations[0].failure,
	    CAUSE_NETWORK_CHANGED);
	ck_assert_uint_eq(s.record->vantage.warnings.count, 1);
	run_site_free(&s);
	fake_silent_stop(&silent);
}
END_TEST

/* The last look, at the end, finds another network: the first look after two
 * seconds was still good, so what had ended by then stays. */
START_TEST(what_ended_after_the_last_good_look_is_withdrawn)
{
	struct fake_silent silent;
	const struct observation *early, *late;
	struct run_site s;

	fake_silent_start(&silent);
	run_site_init(&s);
	s.left_at = 2;
	run_site_tcp_need(&s, "early", "127.0.0.1", fake_tcp_port(s.server));
	run_site_tcp_need(&s, "late", "127.0.0.1", silent.port)
	    ->direction = DIR_LAN;
	ck_assert(run_site_run(&s, 9000));
	ck_assert(!s.complete && !s.record->complete);
	ck_assert_uint_eq(s.record->nobservations, 2);
	early = &s.record->observations[0];
	late = &s.record->observations[1];
	ck_assert_int_eq(early->rung, RUNG_TRANSPORT);
	ck_assert_int_eq(early->failure, CAUSE_NONE);
	ck_assert_int_eq(late->rung, RUNG_NONE);
	ck_assert_int_eq(late->failure, CAUSE_NETWORK_CHANGED);
	ck_assert_uint_eq(json_object_size(late->detail), 0);
	/* It was told as it was, and once more when it was withdrawn. */
	ck_assert_int_eq(s.nobserved, 3);
	ck_assert_uint_eq(s.record->vantage.warnings.count, 1);
	run_site_free(&s);
	fake_silent_stop(&silent);
}
END_TEST

START_TEST(nothing_of_a_run_in_two_networks_is_kept_without_a_good_look)
{
	struct run_site s;

	run_site_init(&s);
	s.left_at = 1;
	run_site_tcp_need(&s, "a", "127.0.0.1", fake_tcp_port(s.server));
	ck_assert(run_site_run(&s, 4000));
	ck_assert(!s.complete);
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_int_eq(s.record->observations[0].failure,
	    CAUSE_NETWORK_CHANGED);
	run_site_free(&s);
}
END_TEST

HARNESS("run", one_measurement_serves_every_need_that_asks_for_it,
    only_what_was_chosen_is_run, a_seed_gives_the_checks_an_order_of_its_own,
    a_run_of_nothing_ends_too, what_needs_a_name_waits_for_it,
    without_a_gateway_its_ping_is_not_run,
    a_cancelled_run_ends_at_once_and_leaves_nothing_open,
    the_needs_may_go_while_it_runs, each_address_of_a_name_is_tried_up_to_two,
    both_families_are_tried_where_the_network_has_both,
    addresses_of_nowhere_are_not_contacted,
    a_network_that_changes_stops_the_run,
    what_ended_after_the_last_good_look_is_withdrawn,
    nothing_of_a_run_in_two_networks_is_kept_without_a_good_look)
