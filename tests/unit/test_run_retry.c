/* SPDX-License-Identifier: MIT */
/* Promises of measuring a part again: nothing that was seen is lost, nothing
 * old speaks for what is new, and the rest stays as it is. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "core/judge/judge.h"
#include "core/record/json.h"
#include "core/run/run.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/judge_case.h"
#include "tests/unit/run_site.h"

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

/* A second run on the same record, of these needs. */
struct again {
	struct run_site *s;
	struct strlist needs;
	char log[1024];
};

static struct again *told;

static void
on_replaced(void *arg, const char *older, const char *newer)
{
	size_t len = strlen(told->log);

	(void)arg;
	snprintf(told->log + len, sizeof told->log - len, "%s>%s ", older,
	    newer);
}

static void
on_any(void *arg, const struct observation *o)
{
	struct run_site *s = arg;

	ck_assert_ptr_nonnull(o->id);
	s->nobserved++;
}

static void
again_start(struct again *again, struct run_site *s, const char *need)
{
	memset(again, 0, sizeof *again);
	told = again;
	again->s = s;
	strlist_add(s->record->arena, &again->needs, need);
	run_free(s->run);
	s->run = NULL;
	s->done = s->complete = false;
	s->ndone = s->nstarted = 0;
	s->setup.retry = true;
	s->setup.needs = &again->needs;
	s->setup.replaced = on_replaced;
	s->setup.observed = on_any;
	judge_record(s->record);
	run_site_start(s);
}

static char *
as_json(const struct record *r)
{
	json_t *j = record_to_json(r);
	char *text = json_dumps(j, JSON_SORT_KEYS);

	json_decref(j);
	ck_assert_ptr_nonnull(text);
	return text;
}

/* Evidence that is kept decides nothing. */
static void
judges_as_without(struct record *r)
{
	struct observation *earlier = r->earlier;
	size_t n = r->nearlier;
	char *with, *without;
	json_t *a, *b;

	judge_record(r);
	with = as_json(r);
	r->earlier = NULL;
	r->nearlier = 0;
	judge_record(r);
	without = as_json(r);
	r->earlier = earlier;
	r->nearlier = n;
	a = json_loads(with, 0, NULL);
	b = json_loads(without, 0, NULL);
	ck_assert_uint_eq(json_array_size(json_object_get(a, "earlier")), n);
	json_object_del(a, "earlier");
	json_object_del(b, "earlier");
	ck_assert(json_equal(a, b));
	json_decref(a);
	json_decref(b);
	free(with);
	free(without);
}

START_TEST(what_is_measured_again_takes_the_old_ones_place)
{
	struct run_site s;
	struct again again;
	struct fake_tcp *mended;
	uint16_t port = fake_closed_port();
	int64_t began, ended;
	char *b;

	run_site_init(&s);
	run_site_tcp_need(&s, "a", "127.0.0.1", port)->direction = DIR_LAN;
	run_site_tcp_need(&s, "b", "127.0.0.1", fake_tcp_port(s.server))
	    ->direction = DIR_LAN;
	ck_assert(run_site_run(&s, 4000));
	ck_assert_uint_eq(s.record->nobservations, 2);
	began = s.record->started_us;
	ended = s.record->ended_us;
	b = run_task(s.run, index_of(s.run, "b"))->result->id;
	mended = fake_tcp_start_at("127.0.0.1", port, run_site_serve, NULL);
	again_start(&again, &s, "a");
	/* All that was seen stands until there is something better. */
	ck_assert_uint_eq(s.record->nobservations, 2);
	ck_assert(s.record->complete);
	ck_assert(fake_loop(s.base, &s.done, 4000));
	ck_assert(s.complete && s.record->complete);
	ck_assert_int_eq(s.nstarted, 1);
	ck_assert_uint_eq(s.record->nobservations, 2);
	ck_assert_uint_eq(s.record->nearlier, 1);
	ck_assert_int_eq(s.record->earlier[0].rung, RUNG_REJECTED);
	ck_assert_ptr_nonnull(record_observation(s.record, b));
	ck_assert_str_eq(s.record->observations[1].id, "o3");
	ck_assert_int_eq(s.record->observations[1].failure, CAUSE_NONE);
	ck_assert_ptr_eq(run_task(s.run, 0)->result,
	    &s.record->observations[1]);
	ck_assert_int_eq(s.record->started_us, began);
	ck_assert_int_gt(s.record->ended_us, ended);
	judges_as_without(s.record);
	ck_assert_int_eq(record_need(s.record, "a")->outcome, OUTCOME_PASS);
	/* Once more: numbers are never used twice. */
	again_start(&again, &s, "a");
	ck_assert(fake_loop(s.base, &s.done, 4000));
	ck_assert_uint_eq(s.record->nearlier, 2);
	ck_assert_str_eq(s.record->observations[1].id, "o4");
	ck_assert_str_eq(again.log, "o3>o4 ");
	run_site_free(&s);
	fake_tcp_stop(mended);
}
END_TEST

START_TEST(every_task_keeps_its_own_result)
{
	static const char *const id[] = {"a", "b", "c", "d", "e", "f", "g"};
	struct run_site s;
	struct again again;
	size_t i, n = sizeof id / sizeof *id;

	run_site_init(&s);
	for (i = 0; i < n; i++)
		run_site_tcp_need(&s, id[i], "127.0.0.1", fake_closed_port())
		    ->direction = DIR_LAN;
	ck_assert(run_site_run(&s, 4000));
	again_start(&again, &s, "a");
	for (i = 1; i < n; i++)
		strlist_add(s.record->arena, &again.needs, id[i]);
	run_free(s.run);
	run_site_start(&s);
	ck_assert(fake_loop(s.base, &s.done, 9000));
	ck_assert_uint_eq(run_task_count(s.run), n);
	ck_assert_uint_eq(s.record->nobservations, n);
	ck_assert_uint_eq(s.record->nearlier, n);
	for (i = 0; i < n; i++) {
		const struct task *t = run_task(s.run, i);

		ck_assert_str_eq(t->result->key, t->spec->key);
		ck_assert_ptr_eq(t->result,
		    record_observation(s.record, t->result->id));
	}
	run_site_free(&s);
}
END_TEST

START_TEST(what_is_cut_short_leaves_the_old_as_it_was)
{
	struct run_site s;
	struct again again;
	struct fake_silent silent;
	bool never = false;
	char *before, *after;
	int one;

	for (one = 0; one < 2; one++) {
		fake_silent_start(&silent);
		run_site_init(&s);
		run_site_tcp_need(&s, "a", "127.0.0.1", silent.port)
		    ->direction = DIR_LAN;
		ck_assert(run_site_run(&s, 9000));
		ck_assert_int_eq(s.record->observations[0].rung, RUNG_SILENCE);
		judge_record(s.record);
		before = arena_strdup(s.record->arena,
		    record_need(s.record, "a")->summary);
		again_start(&again, &s, "a");
		fake_loop(s.base, &never, 50);
		if (one == 0)
			run_cancel(s.run);
		else
			run_cancel_task(s.run, 0);
		ck_assert(fake_loop(s.base, &s.done, 1000));
		ck_assert(!s.complete);
		ck_assert(s.record->complete);
		ck_assert_uint_eq(s.record->nobservations, 1);
		ck_assert_str_eq(s.record->observations[0].id, "o1");
		ck_assert_uint_eq(s.record->nearlier, 1);
		ck_assert_int_eq(s.record->earlier[0].failure, CAUSE_CANCELLED);
		ck_assert_str_eq(again.log, "o1>o2 ");
		judges_as_without(s.record);
		after = record_need(s.record, "a")->summary;
		ck_assert_str_eq(before, after);
		run_site_free(&s);
		fake_silent_stop(&silent);
	}
}
END_TEST

START_TEST(a_retry_that_fills_what_was_missing_makes_the_run_whole)
{
	struct run_site s;
	struct again again;

	run_site_init(&s);
	run_site_tcp_need(&s, "a", "127.0.0.1", fake_tcp_port(s.server))
	    ->direction = DIR_LAN;
	run_site_tcp_need(&s, "b", "127.0.0.1", fake_closed_port())
	    ->direction = DIR_LAN;
	run_site_start(&s);
	run_cancel_task(s.run, index_of(s.run, "a"));
	run_cancel_task(s.run, index_of(s.run, "b"));
	ck_assert(fake_loop(s.base, &s.done, 4000));
	ck_assert(!s.record->complete);
	again_start(&again, &s, "a");
	ck_assert(fake_loop(s.base, &s.done, 4000));
	ck_assert(s.complete && !s.record->complete);
	again_start(&again, &s, "b");
	ck_assert(fake_loop(s.base, &s.done, 4000));
	ck_assert(s.complete && s.record->complete);
	ck_assert_uint_eq(s.record->nearlier, 2);
	run_site_free(&s);
}
END_TEST

/* Another network at the last look: what the retry saw is no fact. */
START_TEST(a_network_that_changes_brings_the_old_ones_back)
{
	struct run_site s;
	struct again again;
	struct fake_tcp *mended;
	uint16_t port = fake_closed_port();

	run_site_init(&s);
	run_site_tcp_need(&s, "a", "127.0.0.1", port)->direction = DIR_LAN;
	ck_assert(run_site_run(&s, 4000));
	mended = fake_tcp_start_at("127.0.0.1", port, run_site_serve, NULL);
	s.left_at = 1;
	again_start(&again, &s, "a");
	ck_assert(fake_loop(s.base, &s.done, 4000));
	ck_assert(!s.complete);
	ck_assert(s.record->complete);
	ck_assert_uint_eq(s.record->nobservations, 1);
	ck_assert_str_eq(s.record->observations[0].id, "o1");
	ck_assert_int_eq(s.record->observations[0].rung, RUNG_REJECTED);
	ck_assert_uint_eq(s.record->nearlier, 1);
	ck_assert_str_eq(s.record->earlier[0].id, "o2");
	ck_assert_int_eq(s.record->earlier[0].failure, CAUSE_NETWORK_CHANGED);
	judges_as_without(s.record);
	run_site_free(&s);
	fake_tcp_stop(mended);
}
END_TEST

/* --- what old searches and old addresses are worth --- */

START_TEST(a_search_goes_with_what_it_searched_for)
{
	struct run_site s;
	struct again again;
	struct fake_tcp *mended;
	uint16_t port;
	struct need *n;
	int i;

	for (i = 0; i < 2; i++) {
		port = fake_closed_port();
		run_site_init(&s);
		n = run_site_tcp_need(&s, "a", "127.0.0.1", port);
		n->direction = DIR_LAN;
		case_seen(s.record, n, 0, "127.0.0.1", RUNG_SILENCE,
		    CAUSE_TCP_TIMEOUT);
		case_locate(s.record, "127.0.0.1", PROTO_TCP, port, "silence",
		    1, false);
		if (i == 1) { /* what somebody else still rests on */
			n = case_need(s.record, "b", PROTO_TCP, port,
			    RUNG_TLS_EXPECTED);
			n->direction = DIR_LAN;
			case_spec(s.record, n, "tls", NULL, "127.0.0.1", port);
			case_seen(s.record, n, 0, "127.0.0.1", RUNG_SILENCE,
			    CAUSE_TCP_TIMEOUT);
		}
		mended = fake_tcp_start_at("127.0.0.1", port, run_site_serve,
		    NULL);
		again_start(&again, &s, "a");
		ck_assert(fake_loop(s.base, &s.done, 4000));
		ck_assert_uint_eq(s.record->nearlier, i == 0 ? 2 : 1);
		ck_assert_uint_eq(s.record->nobservations, i == 0 ? 1 : 3);
		judges_as_without(s.record);
		ck_assert_int_eq(record_need(s.record, "a")->outcome,
		    OUTCOME_PASS);
		run_site_free(&s);
		fake_tcp_stop(mended);
	}
}
END_TEST

/* The only answer of a name, which the test changes. */
static void
one_address(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	const uint8_t *last = arg;
	static const uint8_t head[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4,
	    198, 51, 100};
	uint8_t m[600];

	if (len < 17 || len > 500)
		return;
	memcpy(m, data, len);
	m[2] |= 0x80;
	m[3] = 0x80;
	if (m[len - 3] == 1) {
		m[7]++;
		memcpy(m + len, head, sizeof head);
		len += sizeof head;
		m[len++] = *last;
	}
	sendto(fd, m, len, 0, &from->sa, from->len);
}

static const char *const addresses[] = {"198.51.100.7", "198.51.100.8", NULL};

START_TEST(an_address_that_the_name_left_counts_no_more)
{
	uint8_t last = 7;
	struct again again;
	struct fake_udp *dns;
	struct fake_tcp *mended;
	struct run_site s;
	struct need *n;
	uint16_t port = 7001;
	size_t i;

	if (!fake_private_network(addresses))
		return;
	run_site_init(&s);
	strlist_add(s.record->arena, &s.record->vantage.resolvers, "127.0.0.1");
	dns = fake_udp_start("127.0.0.1", 53, one_address, &last);
	n = case_need(s.record, "a", PROTO_TCP, port, RUNG_TRANSPORT);
	n->direction = DIR_LAN; /* without controls */
	case_spec(s.record, n, "tcp", "a.example", NULL, port);
	ck_assert(run_site_run(&s, 4000));
	ck_assert_uint_eq(s.record->nobservations, 2);
	ck_assert_int_eq(s.record->observations[1].rung, RUNG_REJECTED);
	last = 8;
	mended = fake_tcp_start_at("198.51.100.8", port, run_site_serve, NULL);
	again_start(&again, &s, "a");
	ck_assert(fake_loop(s.base, &s.done, 4000));
	ck_assert_str_eq(again.log, "o1>o3 o2>o4 ");
	ck_assert_uint_eq(s.record->nobservations, 2);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(s.record->observations[i].failure, CAUSE_NONE);
	ck_assert_int_eq(fake_tcp_accepted(mended), 1);
	ck_assert_uint_eq(s.record->nearlier, 2);
	run_site_free(&s);
	fake_tcp_stop(mended);
	fake_udp_stop(dns);
}
END_TEST

/* --- what is measured with it --- */

static struct need *
seen_need(struct record *r, const char *id, const char *host,
    const char *address, uint16_t port, enum rung rung, enum cause failure)
{
	struct need *n = case_need(r, id, PROTO_TCP, port, RUNG_TLS_EXPECTED);

	case_spec(r, n, "tls", host, NULL, port);
	case_name(r, host, CAUSE_NONE, address);
	case_seen(r, n, 0, address, rung, failure);
	return n;
}

/* Who is measured again; "" between. */
static void
measured_with(struct run_site *s, const char *need, const char *expected)
{
	struct again again;
	char found[256] = "";
	size_t i;

	again_start(&again, s, need);
	for (i = 0; i < run_task_count(s->run); i++) {
		const struct task *t = run_task(s->run, i);

		if (strcmp(t->spec->type, "dns") == 0 || t->need == NULL)
			continue;
		strncat(found, t->need, 16);
		strncat(found, " ", 2);
	}
	ck_assert_str_eq(found, expected);
	run_cancel(s->run);
	ck_assert(fake_loop(s->base, &s->done, 1000));
}

START_TEST(a_retry_brings_its_witnesses_and_what_it_builds_on)
{
	struct run_site s;
	struct need *n;
	size_t controls = 0, i;

	run_site_init(&s);
	n = seen_need(s.record, "bad", "bad.example", "192.0.2.1", 443,
	    RUNG_SILENCE, CAUSE_TCP_TIMEOUT);
	strlist_add(s.record->arena, &n->needs, "base");
	seen_need(s.record, "base", "base.example", "192.0.2.2", 443,
	    RUNG_TLS_EXPECTED, CAUSE_NONE);
	seen_need(s.record, "lost", "lost.example", "192.0.2.3", 443,
	    RUNG_SILENCE, CAUSE_TCP_TIMEOUT);
	seen_need(s.record, "one", "one.example", "192.0.2.4", 443,
	    RUNG_TLS_EXPECTED, CAUSE_NONE);
	seen_need(s.record, "two", "two.example", "192.0.2.5", 443,
	    RUNG_TLS_EXPECTED, CAUSE_NONE);
	seen_need(s.record, "three", "three.example", "192.0.2.6", 443,
	    RUNG_TLS_EXPECTED, CAUSE_NONE);
	s.record->complete = true;
	measured_with(&s, "bad", "bad base one two ");
	for (i = 0; i < run_task_count(s.run); i++)
		controls += run_task(s.run, i)->need == NULL;
	ck_assert_uint_ge(controls, 2);
	run_site_free(&s);
}
END_TEST

START_TEST(what_is_of_the_local_network_needs_no_witness)
{
	struct run_site s;

	run_site_init(&s);
	run_site_tcp_need(&s, "near", "127.0.0.1", 1)->direction = DIR_LAN;
	seen_need(s.record, "one", "one.example", "192.0.2.4", 443,
	    RUNG_TLS_EXPECTED, CAUSE_NONE);
	measured_with(&s, "near", "near ");
	ck_assert_uint_eq(run_task_count(s.run), 1);
	run_site_free(&s);
}
END_TEST

/* A box that accepted everything is looked for again. If it is gone, what it
 * accepted then must not pass for proved now. */
START_TEST(what_was_judged_by_controls_is_measured_with_them)
{
	struct observation *o;
	struct run_site s;
	struct need *n;

	run_site_init(&s);
	n = case_need(s.record, "bad", PROTO_TCP, 5000, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", NULL, "192.0.2.1", 5000);
	case_seen(s.record, n, 0, "192.0.2.1", RUNG_SILENCE, CAUSE_TCP_TIMEOUT);
	n = case_need(s.record, "boxed", PROTO_TCP, 6000, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", NULL, "192.0.2.2", 6000);
	case_seen(s.record, n, 0, "192.0.2.2", RUNG_TRANSPORT, CAUSE_NONE);
	/* The canary of that port was accepted too. */
	n = case_need(s.record, "control", PROTO_TCP, 6000, RUNG_TRANSPORT);
	case_spec(s.record, n, "canary", NULL, "203.0.113.199", 6000);
	o = case_seen(s.record, n, 0, "203.0.113.199", RUNG_TRANSPORT,
	    CAUSE_NONE);
	case_detail_str(o, "end", "accepted");
	n->applies = false;
	judge_record(s.record);
	ck_assert_int_eq(record_need(s.record, "boxed")->outcome,
	    OUTCOME_UNPROVEN);
	measured_with(&s, "bad", "bad boxed ");
	run_site_free(&s);
}
END_TEST

static const char *const boxed_places[] = {"192.0.2.1", "192.0.2.2",
    "192.0.2.199", "198.51.100.199", "203.0.113.199", NULL};

/* The box is gone: its old work passes only once it is measured again. */
START_TEST(new_controls_do_not_vouch_for_what_is_old)
{
	static const enum outcome expected[] = {OUTCOME_UNPROVEN,
	    OUTCOME_UNPROVEN, OUTCOME_PASS};
	struct fake_tcp *a, *b;
	struct observation *o;
	struct run_site s;
	struct again again;
	struct need *n;
	int i;

	if (!fake_private_network(boxed_places))
		return;
	a = fake_tcp_start_at("192.0.2.1", 5000, run_site_serve, NULL);
	b = fake_tcp_start_at("192.0.2.2", 6000, run_site_serve, NULL);
	for (i = 0; i < 3; i++) {
		run_site_init(&s);
		s.record->vantage.gateway = arena_strdup(s.record->arena,
		    "192.0.2.254");
		n = run_site_tcp_need(&s, "bad", "192.0.2.1", 5000);
		case_seen(s.record, n, 0, "192.0.2.1", RUNG_SILENCE,
		    CAUSE_TCP_TIMEOUT);
		n = run_site_tcp_need(&s, "boxed", "192.0.2.2", 6000);
		case_seen(s.record, n, 0, "192.0.2.2", RUNG_TRANSPORT,
		    CAUSE_NONE);
		n = case_need(s.record, "x", PROTO_TCP, 6000, RUNG_TRANSPORT);
		n->applies = false;
		case_spec(s.record, n, "canary", NULL, "192.0.2.199", 6000);
		o = case_seen(s.record, n, 0, "192.0.2.199", RUNG_TRANSPORT,
		    CAUSE_NONE);
		case_detail_str(o, "end", "accepted");
		again_start(&again, &s, "bad");
		if (i < 2)
			run_cancel_task(s.run, index_of(s.run, "boxed"));
		while (i == 1 && s.record->nobservations < 8 && !s.done)
			event_base_loop(s.base, EVLOOP_ONCE);
		if (i == 1)
			run_cancel(s.run);
		ck_assert(fake_loop(s.base, &s.done, 9000));
		ck_assert_int_eq(s.complete, i == 2);
		judges_as_without(s.record);
		ck_assert_int_eq(record_need(s.record, "boxed")->outcome,
		    expected[i]);
		run_site_free(&s);
	}
	fake_tcp_stop(a);
	fake_tcp_stop(b);
}
END_TEST

START_TEST(what_waits_for_a_lost_name_comes_back_with_it)
{
	struct run_site s;
	struct need *n;

	run_site_init(&s);
	n = case_need(s.record, "a", PROTO_TCP, 443, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", "a.example", NULL, 443);
	n = case_need(s.record, "b", PROTO_TCP, 80, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", "a.example", NULL, 80);
	n = case_need(s.record, "c", PROTO_TCP, 80, RUNG_TRANSPORT);
	case_spec(s.record, n, "tcp", "c.example", NULL, 80);
	case_name(s.record, "a.example", CAUSE_DNS_SERVFAIL, "");
	case_name(s.record, "c.example", CAUSE_DNS_SERVFAIL, "");
	measured_with(&s, "a", "a b ");
	run_site_free(&s);
}
END_TEST

HARNESS("run retry", what_is_measured_again_takes_the_old_ones_place,
    every_task_keeps_its_own_result, what_is_cut_short_leaves_the_old_as_it_was,
    a_retry_that_fills_what_was_missing_makes_the_run_whole,
    a_network_that_changes_brings_the_old_ones_back,
    a_search_goes_with_what_it_searched_for,
    an_address_that_the_name_left_counts_no_more,
    a_retry_brings_its_witnesses_and_what_it_builds_on,
    what_is_of_the_local_network_needs_no_witness,
    what_was_judged_by_controls_is_measured_with_them,
    new_controls_do_not_vouch_for_what_is_old,
    what_waits_for_a_lost_name_comes_back_with_it)
