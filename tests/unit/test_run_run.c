/* SPDX-License-Identifier: MIT */
/* Promises of the runner: each measurement once, names before what needs
 * them, nothing left behind, and an end that comes once and at once. */
#include "tests/unit/harness.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/run/run.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/judge_case.h"

struct site {
	struct event_base *base;
	struct record *record;
	struct run *run;
	struct run_setup setup;
	int ndone, nobserved, nstarted;
	bool complete, done;
	struct fake_tcp *server;
};

static void
on_started(void *arg, const struct probe_spec *spec)
{
	struct site *s = arg;

	ck_assert_ptr_nonnull(spec->key);
	s->nstarted++;
}

static void
on_observed(void *arg, const struct observation *o)
{
	struct site *s = arg;

	/* The record's own copy, before anything depends on it. */
	ck_assert_ptr_eq(o, record_observation(s->record, o->id));
	s->nobserved++;
}

static void
on_changed(void *arg, size_t task)
{
	struct site *s = arg;

	ck_assert_uint_lt(task, run_task_count(s->run));
	ck_assert_ptr_nonnull(run_task(s->run, task)->title);
}

static void
on_done(void *arg, bool complete)
{
	struct site *s = arg;

	s->complete = complete;
	s->ndone++;
	s->done = true;
}

static void
serve(int fd, void *arg)
{
	char data[8];

	(void)arg;
	/* It speaks, so that the probe need not wait for its silence. */
	if (write(fd, "hello\n", 6) == 6)
		fake_read_until(fd, "never", data, sizeof data);
}

static void
site_init(struct site *s)
{
	struct arena *a;

	memset(s, 0, sizeof *s);
	signal(SIGPIPE, SIG_IGN);
	s->base = event_base_new();
	s->record = case_new();
	s->server = fake_tcp_start("127.0.0.1", serve, NULL);
	a = s->record->arena;
	/* As the system says, so that the network does not seem to change. */
	memset(&s->record->vantage, 0, sizeof s->record->vantage);
	s->record->vantage.interface = arena_strdup(a, "");
	s->setup = (struct run_setup){.base = s->base,
	    .record = s->record,
	    .pace = PACE_FAST,
	    .started = on_started,
	    .observed = on_observed,
	    .changed = on_changed,
	    .done = on_done,
	    .arg = s};
}

static void
site_start(struct site *s)
{
	s->run = run_start(&s->setup);
	ck_assert_int_eq(s->ndone, 0);
}

static bool
site_run(struct site *s, int ms)
{
	bool never = false, ended;

	site_start(s);
	ended = fake_loop(s->base, &s->done, ms);
	fake_loop(s->base, &never, 50);
	return ended && s->ndone == 1;
}

static void
site_free(struct site *s)
{
	run_free(s->run);
	record_free(s->record);
	fake_tcp_stop(s->server);
	event_base_free(s->base);
}

static struct need *
tcp_need(struct site *s, const char *id, const char *address, uint16_t port)
{
	struct need *n = case_need(s->record, id, PROTO_TCP, port,
	    RUNG_TRANSPORT);

	case_spec(s->record, n, "tcp", NULL, address, port);
	return n;
}

START_TEST(one_measurement_serves_every_need_that_asks_for_it)
{
	struct site s;
	struct run_totals t;
	uint16_t port;
	int before = fake_count_fds();

	site_init(&s);
	port = fake_tcp_port(s.server);
	tcp_need(&s, "a", "127.0.0.1", port);
	tcp_need(&s, "b", "127.0.0.1", port);
	tcp_need(&s, "c", "127.0.0.1", port)->applies = false;
	ck_assert(site_run(&s, 4000));
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
	site_free(&s);
	ck_assert_int_eq(fake_count_fds(), before);
}
END_TEST

START_TEST(only_what_was_chosen_is_run)
{
	struct site s;
	const char *only[] = {"a", "p", "q"};
	size_t want[] = {1, 2, 0};
	size_t i;

	for (i = 0; i < 3; i++) {
		site_init(&s);
		s.setup.only = only[i];
		tcp_need(&s, "a", "127.0.0.1", fake_tcp_port(s.server));
		/* On the site: what blocks is not searched for. */
		tcp_need(&s, "b", "127.0.0.1", fake_closed_port())
		    ->direction = DIR_LAN;
		ck_assert(site_run(&s, 4000));
		ck_assert_uint_eq(s.record->nobservations, want[i]);
		site_free(&s);
	}
}
END_TEST

START_TEST(a_run_of_nothing_ends_too)
{
	struct site s;

	site_init(&s);
	ck_assert(site_run(&s, 1000));
	ck_assert(s.complete);
	site_free(&s);
}
END_TEST

/* Without a DNS server the name has no address, so nothing is contacted. */
START_TEST(what_needs_a_name_waits_for_it)
{
	struct site s;
	struct need *n;

	site_init(&s);
	n = case_need(s.record, "a", PROTO_TCP, 443, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", "a.example", NULL, 443);
	n = case_need(s.record, "b", PROTO_TCP, 80, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", "a.example", NULL, 80);
	ck_assert(site_run(&s, 4000));
	ck_assert(s.complete);
	/* The name was asked for once, for both. */
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_str_eq(s.record->observations[0].probe, "dns");
	ck_assert_uint_eq(run_task_count(s.run), 3);
	site_free(&s);
}
END_TEST

START_TEST(without_a_gateway_its_ping_is_not_run)
{
	struct site s;
	struct need *n;

	site_init(&s);
	n = case_need(s.record, "gw", PROTO_ICMP, 0, RUNG_APP_REPLY);
	case_spec(s.record, n, "icmp", NULL, NULL, 0);
	tcp_need(&s, "a", "127.0.0.1", fake_tcp_port(s.server));
	ck_assert(site_run(&s, 4000));
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_str_eq(s.record->observations[0].probe, "tcp");
	ck_assert_ptr_null(run_task(s.run, 0)->result);
	ck_assert_int_eq(run_task(s.run, 0)->state, TASK_DONE);
	site_free(&s);
}
END_TEST

START_TEST(a_cancelled_run_ends_at_once_and_leaves_nothing_open)
{
	static const int after_ms[] = {0, 5, 300, 1300};
	struct fake_silent silent;
	struct site s;
	bool never = false;
	int64_t at;
	size_t i, k;
	int before;
	char id[16];

	fake_silent_start(&silent);
	before = fake_count_fds();
	for (i = 0; i < 4; i++) {
		site_init(&s);
		s.setup.pace = i % 2 ? PACE_FAST : PACE_POLITE;
		for (k = 0; k < 30; k++) {
			snprintf(id, sizeof id, "n%zu", k);
			tcp_need(&s, id, "127.0.0.1",
			    k < 10 ? silent.port : (uint16_t)(1 + k));
		}
		site_start(&s);
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
		site_free(&s);
		ck_assert_int_eq(fake_count_fds(), before);
	}
	fake_silent_stop(&silent);
}
END_TEST

/* Needs are made anew while a run goes on (answers change). */
START_TEST(the_needs_may_go_while_it_runs)
{
	struct site s;
	struct need *n;
	bool never = false;

	site_init(&s);
	n = tcp_need(&s, "a", "127.0.0.1", fake_tcp_port(s.server));
	site_start(&s);
	memset(n->specs[0].key, 'x', strlen(n->specs[0].key));
	memset(n->specs[0].address, 'x', strlen(n->specs[0].address));
	memset(n->id, 'x', strlen(n->id));
	s.record->nneeds = 0;
	ck_assert(fake_loop(s.base, &s.done, 4000));
	fake_loop(s.base, &never, 20);
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_int_eq(s.record->observations[0].rung, RUNG_TRANSPORT);
	site_free(&s);
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
	struct site s;
	struct need *n;
	uint16_t port;

	if (!fake_private_network(addresses))
		return;
	site_init(&s);
	strlist_add(s.record->arena, &s.record->vantage.resolvers, "127.0.0.1");
	dns = fake_udp_start("127.0.0.1", 53, name_server,
	    (void *)(uintptr_t)three);
	a = fake_tcp_start("198.51.100.7", serve, NULL);
	port = fake_tcp_port(a);
	b = fake_tcp_start_at("198.51.100.8", port, serve, NULL);
	n = case_need(s.record, "a", PROTO_TCP, port, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", "a.example", NULL, port);
	ck_assert(site_run(&s, 1900));
	ck_assert_uint_eq(s.record->nobservations, 3);
	ck_assert_str_eq(s.record->observations[0].probe, "dns");
	ck_assert_int_eq(fake_tcp_accepted(a), 1);
	ck_assert_int_eq(fake_tcp_accepted(b), 1);
	fake_tcp_stop(a);
	fake_tcp_stop(b);
	fake_udp_stop(dns);
	site_free(&s);
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
	struct site s;
	struct need *n;
	size_t i, k, four, six;

	if (!fake_private_network(NULL))
		return;
	for (i = 0; i < 2; i++) {
		site_init(&s);
		s.record->vantage.has_ipv6 = has_ipv6[i];
		strlist_add(s.record->arena, &s.record->vantage.resolvers,
		    "127.0.0.1");
		dns = fake_udp_start("127.0.0.1", 53, both_families, NULL);
		n = case_need(s.record, "a", PROTO_TCP, 443, RUNG_TRANSPORT);
		case_spec(s.record, n, "tcp", "a.example", NULL, 443);
		n->direction = DIR_LAN; /* what blocks is not searched for */
		ck_assert(site_run(&s, 1900));
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
		site_free(&s);
	}
}
END_TEST

/* A sinkhole's address is this laptop or nobody: nothing is proved there. */
START_TEST(addresses_of_nowhere_are_not_contacted)
{
	static const uint8_t nowhere[] = {127, 0, 0, 1, 0, 0};
	struct fake_udp *dns;
	struct site s;
	struct need *n;
	uint16_t port;

	if (!fake_private_network(NULL))
		return;
	site_init(&s);
	strlist_add(s.record->arena, &s.record->vantage.resolvers, "127.0.0.1");
	dns = fake_udp_start("127.0.0.1", 53, name_server,
	    (void *)(uintptr_t)nowhere);
	port = fake_tcp_port(s.server);
	n = case_need(s.record, "a", PROTO_TCP, port, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", "a.example", NULL, port);
	ck_assert(site_run(&s, 1900));
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_int_eq(fake_tcp_accepted(s.server), 0);
	fake_udp_stop(dns);
	site_free(&s);
}
END_TEST

START_TEST(a_network_that_changes_stops_the_run)
{
	struct fake_silent silent;
	struct site s;

	site_init(&s);
	fake_silent_start(&silent);
	s.record->vantage.interface = arena_strdup(s.record->arena, "gone0");
	tcp_need(&s, "a", "127.0.0.1", silent.port)->direction = DIR_LAN;
	ck_assert(site_run(&s, 5000));
	ck_assert(!s.complete);
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_int_eq(s.record->observations[0].failure,
	    CAUSE_NETWORK_CHANGED);
	ck_assert_uint_eq(s.record->vantage.warnings.count, 1);
	site_free(&s);
	fake_silent_stop(&silent);
}
END_TEST

HARNESS("run", one_measurement_serves_every_need_that_asks_for_it,
    only_what_was_chosen_is_run, a_run_of_nothing_ends_too,
    what_needs_a_name_waits_for_it, without_a_gateway_its_ping_is_not_run,
    a_cancelled_run_ends_at_once_and_leaves_nothing_open,
    the_needs_may_go_while_it_runs, each_address_of_a_name_is_tried_up_to_two,
    both_families_are_tried_where_the_network_has_both,
    addresses_of_nowhere_are_not_contacted,
    a_network_that_changes_stops_the_run)
