/* SPDX-License-Identifier: MIT */
/* Promises of the judge where something accepts connections for others, and
 * where the life of packets is not counted: nothing passes on an accepted
 * connection alone, the box is named only where it was seen, and nothing is
 * blamed on a gateway that only gives packets a new life. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

#define HOST "a.vendor.example"
#define ADDRESS "192.0.2.7"
#define NOBODY "203.0.113.199"

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

/* A control of the run, which is no need's. near: 1 accepted with a life of
 * one hop too; counts: and such a life was seen to end. */
static struct observation *
canary(struct record *r, const char *host, const char *address, uint16_t port,
    const char *end, int near, int counts)
{
	struct observation o = {.id = arena_printf(r->arena, "c%zu",
				    r->nobservations),
	    .key = arena_printf(r->arena, "canary tcp %s:%u", address, port),
	    .probe = arena_strdup(r->arena, "canary"),
	    .nature = NATURE_CONDITION,
	    .host = arena_strdup(r->arena, host),
	    .address = arena_strdup(r->arena, address),
	    .port = port,
	    .protocol = PROTO_TCP,
	    .started_us = CASE_START_US,
	    .rung = strcmp(end, "accepted") == 0 ? RUNG_TRANSPORT :
		strcmp(end, "silence") == 0      ? RUNG_SILENCE :
						   RUNG_REJECTED,
	    .failure = strcmp(end, "accepted") == 0 ? CAUSE_PROXY_ONLY :
						      CAUSE_NONE};
	struct observation *c;

	o.detail = json_object();
	c = record_add_observation(r, &o);
	json_decref(o.detail);
	case_detail_str(c, "end", end);
	if (near > 0)
		case_detail_int(c, "near_hops", near);
	if (counts > 0)
		case_detail_int(c, "life_counts", counts);
	return c;
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

START_TEST(an_accepted_connection_passes_while_nobodys_is_not)
{
	static const char *const ends[] = {"silence", "reset", "icmp"};
	size_t i;

	for (i = 0; i < 3; i++) {
		struct seen s = accepted(5112);

		canary(s.r, NULL, NOBODY, 5112, ends[i], 0, 0);
		canary(s.r, NULL, NOBODY, 6173, ends[i], 0, 0);
		judge_record(s.r);
		ck_judged(s.n, OUTCOME_PASS, CAUSE_NONE, PATH_DIRECT,
		    ZONE_NONE);
		record_free(s.r);
	}
}
END_TEST

START_TEST(it_proves_nothing_where_nobodys_is_accepted_too)
{
	struct seen s = accepted(5112);

	canary(s.r, NULL, NOBODY, 5112, "accepted", 1, 1);
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_UNPROVEN, CAUSE_PROXY_ONLY, PATH_INTERMEDIATED,
	    ZONE_GATEWAY);
	ck_assert(strstr(s.n->summary,
		      NOBODY " (TCP port 5112), an address "
			     "that nobody owns") != NULL);
	ck_assert(strstr(s.n->summary, "at the site's gateway") != NULL);
	record_free(s.r);
}
END_TEST

/* On its own port, or where none was tried on it and another than the web's
 * was accepted. */
START_TEST(only_the_ports_of_the_box_are_meant)
{
	static const struct {
		uint16_t own, other;
		const char *own_end, *other_end;
		enum outcome outcome;
	} rows[] = {
	    {0, 6173, NULL, "accepted", OUTCOME_UNPROVEN},
	    {0, 443, NULL, "accepted", OUTCOME_PASS},
	    {0, 80, NULL, "accepted", OUTCOME_PASS},
	    {5112, 6173, "silence", "accepted", OUTCOME_PASS},
	    {5112, 443, "silence", "accepted", OUTCOME_PASS},
	    {5112, 443, "accepted", "silence", OUTCOME_UNPROVEN},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct seen s = accepted(5112);

		canary(s.r, NULL, NOBODY, rows[i].other, rows[i].other_end, 0,
		    0);
		if (rows[i].own != 0)
			canary(s.r, NULL, NOBODY, rows[i].own, rows[i].own_end,
			    0, 0);
		judge_record(s.r);
		ck_assert_msg(s.n->outcome == rows[i].outcome, "row %zu: %s", i,
		    word_name(&words_outcome, (int)s.n->outcome));
		record_free(s.r);
	}
}
END_TEST

START_TEST(the_gateway_is_named_only_where_it_was_seen)
{
	static const struct {
		int near, counts;
		bool renewed;
		enum zone zone;
	} rows[] = {
	    {0, 0, false, ZONE_UNDETERMINED},
	    {1, 1, false, ZONE_GATEWAY},
	    {1, 0, true, ZONE_UNDETERMINED},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct seen s = accepted(5112);
		struct observation *c = canary(s.r, NULL, NOBODY, 5112,
		    "accepted", rows[i].near, rows[i].counts);

		if (rows[i].renewed)
			case_detail_int(c, "life_doubtful", 1);
		judge_record(s.r);
		ck_judged(s.n, OUTCOME_UNPROVEN, CAUSE_PROXY_ONLY,
		    PATH_INTERMEDIATED, rows[i].zone);
		record_free(s.r);
	}
}
END_TEST

/* What cannot be of the box. */
START_TEST(better_evidence_stays)
{
	static const struct {
		const char *type;
		enum rung rung;
	} rows[] = {
	    {"tls", RUNG_TLS_EXPECTED},
	    {"ssh", RUNG_APP_REPLY},
	    {"mqtt", RUNG_APP_REPLY},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct seen s = seen(rows[i].type, 443, rows[i].rung,
		    rows[i].rung, CAUSE_NONE);

		canary(s.r, NULL, NOBODY, 443, "accepted", 1, 1);
		canary(s.r, NULL, NOBODY, 6173, "accepted", 1, 1);
		judge_record(s.r);
		ck_judged(s.n, OUTCOME_PASS, CAUSE_NONE, PATH_DIRECT,
		    ZONE_NONE);
		record_free(s.r);
	}
}
END_TEST

START_TEST(what_was_accepted_and_left_unanswered_names_the_box)
{
	static const struct {
		const char *type;
		enum cause failure;
		const char *end;
	} rows[] = {
	    {"mqtt", CAUSE_SERVICE_SILENT, "silent"},
	    {"ssh", CAUSE_TCP_TIMEOUT, "silent"},
	    {"ssh", CAUSE_TCP_RESET, "closed"},
	    {"tls", CAUSE_TCP_TIMEOUT, NULL},
	    {"tls", CAUSE_TLS_PROTOCOL, NULL},
	    {"tls", CAUSE_TLS_RESET_AFTER_HELLO, NULL},
	    {"ssh", CAUSE_WRONG_PROTOCOL, NULL},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct seen s = seen(rows[i].type, 22, RUNG_APP_REPLY,
		    RUNG_TRANSPORT, rows[i].failure);

		if (rows[i].end != NULL)
			case_detail_str(s.o, "end", rows[i].end);
		canary(s.r, NULL, NOBODY, 6173, "accepted", 1, 1);
		judge_record(s.r);
		ck_judged(s.n, OUTCOME_FAIL, CAUSE_PROXY_ONLY,
		    PATH_INTERMEDIATED, ZONE_GATEWAY);
		ck_assert(strstr(s.n->summary, NOBODY) != NULL);
		ck_assert_uint_eq(s.r->ndiagnoses, 1);
		record_free(s.r);
	}
}
END_TEST

/* Cut off only where the name is in it: that is a filter, and another thing
 * must be asked for. */
START_TEST(a_cut_that_is_about_the_name_stays_one)
{
	struct seen s = seen("tls", 443, RUNG_TLS_EXPECTED, RUNG_TRANSPORT,
	    CAUSE_TLS_RESET_AFTER_HELLO);

	case_detail_str(s.o, "hello_nameless", "complete");
	canary(s.r, NULL, NOBODY, 443, "accepted", 1, 1);
	judge_record(s.r);
	ck_assert_int_eq(s.n->cause, CAUSE_TLS_RESET_AFTER_HELLO);
	record_free(s.r);
}
END_TEST

/* A refusal and silence are told as what they are. */
START_TEST(what_was_not_accepted_is_not_the_boxs)
{
	struct seen s = seen("tls", 443, RUNG_TLS_EXPECTED, RUNG_SILENCE,
	    CAUSE_TCP_TIMEOUT);

	canary(s.r, NULL, NOBODY, 443, "accepted", 1, 1);
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_FAIL, CAUSE_TCP_TIMEOUT, PATH_DIRECT,
	    ZONE_UNDETERMINED);
	record_free(s.r);
}
END_TEST

/* Any certificate would do, also one that the box has made. */
START_TEST(a_strangers_certificate_is_no_proof_where_a_box_accepts)
{
	struct seen s = seen("tls", 5684, RUNG_TLS_OTHER, RUNG_TLS_OTHER,
	    CAUSE_TLS_UNTRUSTED);

	judge_record(s.r);
	ck_assert_int_eq(s.n->outcome, OUTCOME_PASS);
	canary(s.r, NULL, NOBODY, 6173, "accepted", 1, 1);
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_UNPROVEN, CAUSE_PROXY_ONLY, PATH_INTERMEDIATED,
	    ZONE_GATEWAY);
	record_free(s.r);
}
END_TEST

START_TEST(an_idle_connection_is_the_boxs_own)
{
	struct seen s = seen("tcp_idle", 5684, RUNG_APP_REPLY, RUNG_APP_REPLY,
	    CAUSE_NONE);

	s.o->nature = NATURE_CONDITION;
	case_detail_int(s.o, "wanted_ms", 540000);
	case_detail_int(s.o, "survived_ms", 560000);
	judge_record(s.r);
	ck_assert_int_eq(s.n->outcome, OUTCOME_PASS);
	canary(s.r, NULL, NOBODY, 6173, "accepted", 1, 1);
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_UNPROVEN, CAUSE_PROXY_ONLY, PATH_INTERMEDIATED,
	    ZONE_GATEWAY);
	record_free(s.r);
}
END_TEST

START_TEST(a_way_out_is_not_shown_by_a_box_that_accepts)
{
	struct seen s = seen("path", 25000, RUNG_PASSED_GATEWAY,
	    RUNG_PASSED_GATEWAY, CAUSE_NONE);

	s.o->nature = NATURE_PATH;
	case_detail_bool(s.o, "passed", true);
	case_detail_str(s.o, "end", "accepted");
	judge_record(s.r);
	ck_assert_int_eq(s.n->outcome, OUTCOME_PASS);
	canary(s.r, NULL, NOBODY, 6173, "accepted", 0, 0);
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_UNPROVEN, CAUSE_PROXY_ONLY, PATH_INTERMEDIATED,
	    ZONE_UNDETERMINED);
	/* What a router behind the gateway said, no box of the site made. */
	case_detail_str(s.o, "end", "time_exceeded");
	judge_record(s.r);
	ck_assert_int_eq(s.n->outcome, OUTCOME_PASS);
	record_free(s.r);
}
END_TEST

/* A vendor may have a box of his own before all his hosts: then an accepted
 * connection to one of them proves nothing, and nobody else is to blame. */
START_TEST(a_vendors_own_box_is_not_the_sites)
{
	struct seen s = accepted(5112);
	struct need *n = case_need(s.r, "y.other", PROTO_TCP, 5112,
	    RUNG_TRANSPORT);
	struct need *cut = case_need(s.r, "x.cut", PROTO_TCP, 22,
	    RUNG_APP_REPLY);

	case_spec(s.r, n, "tcp", "b.elsewhere.example", NULL, 5112);
	case_name(s.r, "b.elsewhere.example", CAUSE_NONE, "192.0.2.9");
	case_detail_str(case_seen(s.r, n, 0, "192.0.2.9", RUNG_TRANSPORT,
			    CAUSE_NONE),
	    "end", "open");
	case_spec(s.r, cut, "mqtt", HOST, NULL, 22);
	case_detail_str(case_seen(s.r, cut, 0, ADDRESS, RUNG_TRANSPORT,
			    CAUSE_SERVICE_SILENT),
	    "end", "silent");
	canary(s.r, NULL, NOBODY, 6173, "silence", 0, 0);
	canary(s.r, "c.vendor.example", "192.0.2.8", 6173, "accepted", 0, 0);
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_UNPROVEN, CAUSE_PROXY_ONLY, PATH_INTERMEDIATED,
	    ZONE_UNDETERMINED);
	ck_assert_int_eq(n->outcome, OUTCOME_PASS);
	ck_assert_int_eq(cut->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(cut->cause, CAUSE_SERVICE_SILENT);
	record_free(s.r);
}
END_TEST

/* Some sites use a documentation network for themselves by mistake. */
START_TEST(an_address_of_ones_own_network_is_no_canary)
{
	struct seen s = accepted(5112);

	strlist_add(s.r->arena, &s.r->vantage.addresses, "203.0.113.50/24");
	canary(s.r, NULL, NOBODY, 5112, "accepted", 1, 1);
	judge_record(s.r);
	ck_assert_int_eq(s.n->outcome, OUTCOME_PASS);
	record_free(s.r);
}
END_TEST

START_TEST(devices_of_ones_own_network_are_not_behind_the_box)
{
	struct seen s = accepted(5112);

	s.n->direction = DIR_LAN;
	canary(s.r, NULL, NOBODY, 5112, "accepted", 1, 1);
	judge_record(s.r);
	ck_assert_int_eq(s.n->outcome, OUTCOME_PASS);
	record_free(s.r);
}
END_TEST

START_TEST(a_canary_that_was_not_sent_says_nothing)
{
	struct seen s = accepted(5112);
	struct observation *c = canary(s.r, NULL, NOBODY, 5112, "silence", 0,
	    0);

	/* The odd one was accepted, and that on 5112 is not known. */
	c->rung = RUNG_NONE;
	c->failure = CAUSE_CANCELLED;
	canary(s.r, NULL, NOBODY, 6173, "accepted", 0, 0);
	judge_record(s.r);
	ck_assert_int_eq(s.n->outcome, OUTCOME_UNPROVEN);
	record_free(s.r);
}
END_TEST

/* Who answers for all is the sign-in page that was found. */
START_TEST(a_sign_in_page_is_who_accepts)
{
	struct seen s = accepted(5112);
	struct need *portal = case_need(s.r, "x.portal", PROTO_NONE, 0,
	    RUNG_APP_REPLY);
	struct need *cut = case_need(s.r, "x.cut", PROTO_TCP, 22,
	    RUNG_APP_REPLY);

	case_spec(s.r, portal, "captive_portal", NULL, NULL, 0);
	case_seen(s.r, portal, 0, NULL, RUNG_APP_REPLY, CAUSE_CAPTIVE_PORTAL)
	    ->nature = NATURE_CONDITION;
	case_spec(s.r, cut, "ssh", HOST, NULL, 22);
	case_detail_str(case_seen(s.r, cut, 0, ADDRESS, RUNG_TRANSPORT,
			    CAUSE_TCP_RESET),
	    "end", "closed");
	canary(s.r, NULL, NOBODY, 6173, "accepted", 1, 1);
	judge_record(s.r);
	ck_judged(s.n, OUTCOME_UNPROVEN, CAUSE_CAPTIVE_PORTAL, PATH_CAPTIVE,
	    ZONE_GATEWAY);
	ck_judged(cut, OUTCOME_FAIL, CAUSE_CAPTIVE_PORTAL, PATH_CAPTIVE,
	    ZONE_GATEWAY);
	record_free(s.r);
}
END_TEST

/* --- the laptop's proxy --- */

static void
tunnel(struct record *r, bool open)
{
	struct observation *o = canary(r, NULL, "10.20.30.70", 3128, "silence",
	    0, 0);

	o->probe = arena_strdup(r->arena, "proxy");
	o->nature = NATURE_CONNECTION;
	o->rung = RUNG_APP_REPLY;
	o->failure = open ? CAUSE_NONE : CAUSE_HTTP_STATUS;
	case_detail_str(o, "tunnel_to", HOST ":443");
	case_detail_bool(o, "tunnel", open);
	r->vantage.proxy = arena_strdup(r->arena, "http://10.20.30.70:3128");
}

START_TEST(that_only_a_proxy_gets_out_is_told_where_it_does)
{
	struct seen s = seen("tls", 443, RUNG_TLS_EXPECTED, RUNG_SILENCE,
	    CAUSE_TCP_TIMEOUT);

	judge_record(s.r);
	ck_assert_int_eq(s.r->diagnoses[0].cause, CAUSE_TCP_TIMEOUT);
	tunnel(s.r, true);
	judge_record(s.r);
	/* What failed stays what it is. */
	ck_judged(s.n, OUTCOME_FAIL, CAUSE_TCP_TIMEOUT, PATH_DIRECT,
	    ZONE_UNDETERMINED);
	ck_assert_uint_eq(s.r->ndiagnoses, 1);
	ck_assert_int_eq(s.r->diagnoses[0].cause, CAUSE_PROXY_ONLY);
	ck_assert(strstr(s.r->diagnoses[0].summary,
		      "http://10.20.30.70:3128") != NULL);
	record_free(s.r);
}
END_TEST

START_TEST(and_not_where_it_does_not_or_others_do_too)
{
	struct seen s = seen("tls", 443, RUNG_TLS_EXPECTED, RUNG_SILENCE,
	    CAUSE_TCP_TIMEOUT);
	struct need *n;

	tunnel(s.r, false);
	judge_record(s.r);
	ck_assert_int_eq(s.r->diagnoses[0].cause, CAUSE_TCP_TIMEOUT);
	record_free(s.r);
	/* Another address of the host is reached directly. */
	s = seen("tls", 443, RUNG_TLS_EXPECTED, RUNG_SILENCE,
	    CAUSE_TCP_TIMEOUT);
	n = case_need(s.r, "x.two", PROTO_TCP, 443, RUNG_TLS_EXPECTED);
	case_spec(s.r, n, "https", HOST, NULL, 443);
	case_seen(s.r, n, 0, "192.0.2.8", RUNG_TLS_EXPECTED, CAUSE_NONE);
	tunnel(s.r, true);
	judge_record(s.r);
	ck_assert_int_eq(s.r->diagnoses[0].cause, CAUSE_TCP_TIMEOUT);
	record_free(s.r);
}
END_TEST

HARNESS("judge canary", an_accepted_connection_passes_while_nobodys_is_not,
    it_proves_nothing_where_nobodys_is_accepted_too,
    only_the_ports_of_the_box_are_meant,
    the_gateway_is_named_only_where_it_was_seen, better_evidence_stays,
    what_was_accepted_and_left_unanswered_names_the_box,
    a_cut_that_is_about_the_name_stays_one,
    what_was_not_accepted_is_not_the_boxs,
    a_strangers_certificate_is_no_proof_where_a_box_accepts,
    an_idle_connection_is_the_boxs_own,
    a_way_out_is_not_shown_by_a_box_that_accepts,
    a_vendors_own_box_is_not_the_sites,
    an_address_of_ones_own_network_is_no_canary,
    devices_of_ones_own_network_are_not_behind_the_box,
    a_canary_that_was_not_sent_says_nothing, a_sign_in_page_is_who_accepts,

    that_only_a_proxy_gets_out_is_told_where_it_does,
    and_not_where_it_does_not_or_others_do_too)
