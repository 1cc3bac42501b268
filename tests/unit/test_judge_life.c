/* SPDX-License-Identifier: MIT */
/* Promises of the judge where the gateway gives packets a new life: what was
 * answered too near may come from far away, so nothing is blamed on it. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

#define HOST "a.vendor.example"
#define ADDRESS "192.0.2.7"

#define ck_judged(n, want_outcome, want_cause, want_path, want_zone) \
	do { \
		ck_assert_str_eq(word_name(&words_outcome, (int)(n)->outcome), \
		    word_name(&words_outcome, want_outcome)); \
		ck_assert_str_eq(word_name(&words_cause, (int)(n)->cause), \
		    word_name(&words_cause, want_cause)); \
		ck_assert_str_eq(word_name(&words_path, (int)(n)->path), \
		    word_name(&words_path, want_path)); \
		ck_assert_str_eq(word_name(&words_zone, (int)(n)->zone), \
		    word_name(&words_zone, want_zone)); \
	} while (0)

/* The control "life": accepted with one hop, and whether a packet was seen to
 * end with counts hops. */
static void
control(struct record *r, int counts)
{
	struct observation o = {.id = arena_printf(r->arena, "c%zu",
				    r->nobservations),
	    .key = arena_printf(r->arena, "life tcp %s:443", HOST),
	    .probe = arena_strdup(r->arena, "life"),
	    .nature = NATURE_CONDITION,
	    .host = arena_strdup(r->arena, HOST),
	    .address = arena_strdup(r->arena, ADDRESS),
	    .port = 443,
	    .protocol = PROTO_TCP,
	    .started_us = CASE_START_US,
	    .rung = counts > 0 ? RUNG_PASSED_GATEWAY : RUNG_TRANSPORT};
	struct observation *c;

	o.detail = json_object();
	c = record_add_observation(r, &o);
	json_decref(o.detail);
	case_detail_int(c, counts > 0 ? "life_counts" : "life_doubtful",
	    counts > 0 ? counts : 1);
}

static void
renews(struct record *r)
{
	control(r, 0);
}

struct seen {
	struct record *r;
	struct need *n;
	struct observation *o;
};

static struct seen
seen(const char *type, uint16_t port, enum rung required, enum rung rung,
    enum cause failure)
{
	struct seen s;

	s.r = case_new();
	s.n = case_need(s.r, "x.one", PROTO_TCP, port, required);
	case_spec(s.r, s.n, type, HOST, NULL, port);
	case_name(s.r, HOST, CAUSE_NONE, ADDRESS);
	s.o = case_seen(s.r, s.n, 0, ADDRESS, rung, failure);
	return s;
}

static struct seen
accepted(uint16_t port)
{
	struct seen s = seen("tcp", port, RUNG_TRANSPORT, RUNG_TRANSPORT,
	    CAUSE_NONE);

	case_detail_str(s.o, "end", "open");
	return s;
}

/* A reset with two hops comes from the gateway, unless packets have a new life
 * by then. */
START_TEST(a_renewed_life_blames_nobody)
{
	struct seen s = seen("tls", 443, RUNG_TLS_EXPECTED, RUNG_REJECTED,
	    CAUSE_TCP_RESET);

	case_locate(s.r, ADDRESS, PROTO_TCP, 443, "reset", 2, false);
	judge_record(s.r);
	ck_assert_int_eq(s.n->zone, ZONE_GATEWAY);
	renews(s.r);
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_FAIL, CAUSE_TCP_RESET, PATH_DIRECT,
	    ZONE_UNDETERMINED);
	record_free(s.r);
}
END_TEST

START_TEST(a_hello_that_should_have_ended_blames_nobody)
{
	struct seen s = seen("tls", 443, RUNG_TLS_EXPECTED, RUNG_TRANSPORT,
	    CAUSE_TLS_RESET_AFTER_HELLO);

	case_detail_str(s.o, "hello_ttl2", "reset");
	judge_record(s.r);
	ck_assert_int_eq(s.n->zone, ZONE_GATEWAY);
	renews(s.r);
	judge_record(s.r);
	ck_assert_int_eq(s.n->zone, ZONE_UNDETERMINED);
	ck_assert_int_eq(s.n->cause, CAUSE_TLS_RESET_AFTER_HELLO);
	record_free(s.r);
}
END_TEST

START_TEST(what_was_accepted_near_may_be_the_server)
{
	struct seen s = accepted(5112);

	case_locate(s.r, ADDRESS, PROTO_TCP, 5112, "accepted", 1, false);
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_UNPROVEN, CAUSE_PROXY_ONLY, PATH_INTERMEDIATED,
	    ZONE_GATEWAY);
	renews(s.r);
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_PASS, CAUSE_NONE, PATH_DIRECT, ZONE_NONE);
	record_free(s.r);
}
END_TEST

START_TEST(so_may_a_way_out)
{
	struct seen s = seen("path", 25000, RUNG_PASSED_GATEWAY, RUNG_TRANSPORT,
	    CAUSE_NONE);

	s.o->nature = NATURE_PATH;
	case_detail_str(s.o, "end", "accepted");
	case_detail_int(s.o, "end_ttl", 1);
	renews(s.r);
	judge_record(s.r);
	ck_assert_int_eq(s.n->outcome, OUTCOME_PASS);
	/* Whose reset it is, cannot be told. */
	s.o->rung = RUNG_REJECTED;
	s.o->failure = CAUSE_TCP_RESET;
	case_detail_str(s.o, "end", "reset");
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_UNPROVEN, CAUSE_TCP_RESET, PATH_DIRECT,
	    ZONE_UNDETERMINED);
	ck_assert(strstr(s.n->summary, "renews the life of packets") != NULL);
	record_free(s.r);
}
END_TEST

/* A DNS server that answers with one hop is not the one that was asked. */
START_TEST(an_answer_of_a_dns_server_may_have_come_from_afar)
{
	struct seen s = seen("dns_server", 53, RUNG_APP_REPLY, RUNG_APP_REPLY,
	    CAUSE_NONE);

	s.o->nature = NATURE_NAME_SERVER;
	case_detail_bool(s.o, "aa", true);
	case_detail_bool(s.o, "ra", true);
	case_detail_int(s.o, "near_hops", 1);
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_FAIL, CAUSE_DNS_INTERCEPTED, PATH_INTERCEPTED,
	    ZONE_GATEWAY);
	case_detail_bool(s.o, "life_ignored", true);
	judge_record(s.r);
	ck_assert_int_eq(s.n->outcome, OUTCOME_PASS);
	/* Without authority it is another's all the same, but where? */
	case_detail_bool(s.o, "aa", false);
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_FAIL, CAUSE_DNS_INTERCEPTED, PATH_INTERCEPTED,
	    ZONE_UNDETERMINED);
	record_free(s.r);
}
END_TEST

/* One packet that ended where it should shows that others would have. */
START_TEST(a_packet_that_ended_settles_it)
{
	struct seen s = seen("tls", 443, RUNG_TLS_EXPECTED, RUNG_REJECTED,
	    CAUSE_TCP_RESET);

	case_locate(s.r, ADDRESS, PROTO_TCP, 443, "reset", 2, false);
	renews(s.r);
	control(s.r, 2);
	judge_record(s.r);
	ck_assert_int_eq(s.n->zone, ZONE_GATEWAY);
	record_free(s.r);
}
END_TEST

HARNESS("judge life", a_renewed_life_blames_nobody,
    a_hello_that_should_have_ended_blames_nobody,
    what_was_accepted_near_may_be_the_server, so_may_a_way_out,
    an_answer_of_a_dns_server_may_have_come_from_afar,
    a_packet_that_ended_settles_it)
