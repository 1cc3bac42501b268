/* SPDX-License-Identifier: MIT */
/* Promises of the judge about time, telephony and address translation: who
 * answers in place of a server, who rewrites, and what differs (facts 4, 5.1
 * and 5.2; rulings on the Z5's lines 36-38). */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

struct clock {
	const char *host, *address;
	int stratum;
	const char *refid, *reference;
	int root_delay_us;
	bool answered_near;
	enum outcome outcome;
	enum zone zone;
};

static void
add_clock(struct record *r, const struct clock *c)
{
	struct need *n = case_need(r, c->address, PROTO_UDP, 123,
	    RUNG_APP_REPLY);
	struct observation *o;

	case_spec(r, n, "ntp", c->host, NULL, 123);
	case_name(r, c->host, CAUSE_NONE, c->address);
	o = case_seen(r, n, 0, c->address, RUNG_APP_REPLY, CAUSE_NONE);
	case_detail_int(o, "offset_us", 1000);
	case_detail_int(o, "samples", 2);
	case_detail_int(o, "stratum", c->stratum);
	case_detail_int(o, "root_delay_us", c->root_delay_us);
	case_detail_str(o, "refid", c->refid);
	case_detail_str(o, "reference", c->reference);
	case_detail_bool(o, "answered_near", c->answered_near);
}

static void
judge_clocks(const char *what, const struct clock *c, size_t count)
{
	struct record *r = case_new();
	size_t i;

	for (i = 0; i < count; i++)
		add_clock(r, &c[i]);
	judge_record(r);
	for (i = 0; i < count; i++) {
		const struct need *n = &r->needs[i];
		bool failed = c[i].outcome == OUTCOME_FAIL;

		ck_assert_msg(n->outcome == c[i].outcome, "%s: %s", what,
		    n->summary);
		ck_assert_int_eq(n->cause,
		    failed ? CAUSE_NTP_INTERCEPTED : CAUSE_NONE);
		ck_assert_int_eq(n->path,
		    failed ? PATH_INTERCEPTED : PATH_DIRECT);
		ck_assert_int_eq(n->zone, c[i].zone);
	}
	if (c[0].outcome == OUTCOME_FAIL)
		ck_assert_msg(strstr(r->diagnoses[0].summary,
				  "in place of the time servers") != NULL,
		    "%s", r->diagnoses[0].summary);
	record_free(r);
}

#define NTP "192.0.2.123"
#define OTHER "198.51.100.9"
#define T "ecaa1b5f00000001"
#define FAILS OUTCOME_FAIL, ZONE_UNDETERMINED
#define PASSES OUTCOME_PASS, ZONE_NONE

START_TEST(one_clock_behind_two_owners_names_is_interception)
{
	static const struct clock same[] = {
	    {"t.one.example", NTP, 2, "c0000201", T, 500, false, FAILS},
	    {"t.two.example", OTHER, 2, "c0000201", T, 500, false, FAILS},
	    /* Real ones remain what they are. */
	    {"t.three.test", "198.51.100.10", 2, "c0000201", "ecaa1b5f00000002",
		500, false, PASSES},
	};
	static const struct clock by_hand[] = {
	    {"t.one.example", NTP, 5, "7f7f0101", T, 0, false, FAILS},
	    {"t.two.test", OTHER, 5, "7f7f0101", "ecaa1b6000000001", 0, false,
		FAILS},
	};

	/* "one.example" and "two.example" are told apart by two labels. */
	judge_clocks("the same clock", same, 3);
	judge_clocks("a clock set by hand", by_hand, 2);
}
END_TEST

START_TEST(servers_that_are_alike_are_not_the_same)
{
	/* Two at one source; two that belong together; two atomic clocks. */
	static const struct clock rows[][2] = {
	    {{"t.one.example", NTP, 2, "c0000201", T, 500, false, PASSES},
		{"t.two.test", OTHER, 2, "c0000201", "ecaa1b5f00000002", 500,
		    false, PASSES}},
	    {{"a.one.example", NTP, 2, "c0000201", T, 500, false, PASSES},
		{"b.one.example", OTHER, 2, "c0000201", T, 500, false, PASSES}},
	    {{"t.one.example", NTP, 1, "47505300", T, 0, false, PASSES},
		{"t.two.test", OTHER, 1, "47505300", "ecaa1b5f00000002", 0,
		    false, PASSES}},
	    {{"t.one.example", NTP, 3, "7f7f0101", T, 0, false, PASSES},
		{"t.two.test", OTHER, 4, "7f7f0101", T, 0, false, PASSES}},
	    {{"t.one.example", NTP, 2, "c0000201", T, 500, false, PASSES},
		{"t.two.test", OTHER, 2, "c0000201", T, 515, false, PASSES}},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		judge_clocks("alike", rows[i], 2);
}
END_TEST

START_TEST(an_answer_from_the_first_hop_is_interception)
{
	static const struct clock far = {"t.one.example", NTP, 2, "c0000201", T,
	    500, true, OUTCOME_FAIL, ZONE_GATEWAY};
	static const struct clock near = {"t.one.example", "10.20.30.1", 2,
	    "c0000201", T, 500, true, PASSES};

	judge_clocks("far", &far, 1);
	judge_clocks("near", &near, 1);
}
END_TEST

/* --- STUN --- */

struct mapping {
	uint16_t source_port, port;
	const char *address, *second_hop;
	int samples;
	bool no_nat;
	enum outcome outcome;
	const char *say;
};

static void
judge_mappings(const struct mapping *m, size_t count)
{
	static const char *const server[] = {"192.0.2.31", "192.0.2.72"};
	struct record *r = case_new();
	struct observation *o;
	struct need *n;
	size_t i;

	for (i = 0; i < count; i++) {
		n = case_need(r, server[i], PROTO_UDP, 3478, RUNG_APP_REPLY);
		case_spec(r, n, "stun", NULL, server[i], 3478);
		o = case_seen(r, n, 0, server[i], RUNG_APP_REPLY, CAUSE_NONE);
		o->nature = NATURE_ANSWER;
		o->source_port = m[i].source_port;
		case_detail_str(o, "mapped_address", m[i].address);
		case_detail_int(o, "mapped_port", m[i].port);
		case_detail_int(o, "samples", m[i].samples);
		case_detail_int(o, "samples_wanted", 2);
		case_detail_bool(o, "no_nat", m[i].no_nat);
		if (m[i].second_hop != NULL)
			case_detail_str(o, "second_hop", m[i].second_hop);
	}
	judge_record(r);
	for (i = 0; i < count; i++) {
		n = &r->needs[i];
		ck_assert_msg(n->outcome == m[i].outcome, "%zu: %s", i,
		    n->summary);
		ck_assert_int_eq(n->cause,
		    n->outcome == OUTCOME_WARN ? CAUSE_NAT_SYMMETRIC :
						 CAUSE_NONE);
		ck_assert_msg(strstr(n->summary, m[i].say) != NULL, "%s",
		    n->summary);
	}
	record_free(r);
}

#define WAN "203.0.113.5"

START_TEST(a_port_for_each_destination_is_warned_of)
{
	static const struct mapping rows[][2] = {
	    {{4000, 4000, WAN, NULL, 2, false, OUTCOME_PASS, "answered"},
		{4000, 4000, WAN, NULL, 2, false, OUTCOME_PASS, ""}},
	    {{4000, 61000, WAN, NULL, 2, false, OUTCOME_WARN,
		 "another port for each destination"},
		{4000, 61007, WAN, NULL, 2, false, OUTCOME_WARN, ""}},
	    /* Another address of a pool is no better. */
	    {{4000, 4000, WAN, NULL, 2, false, OUTCOME_WARN, ""},
		{4000, 4000, "203.0.113.6", NULL, 2, false, OUTCOME_WARN, ""}},
	    /* Of different ports nothing can be said. */
	    {{4000, 61000, WAN, NULL, 2, false, OUTCOME_PASS, ""},
		{4001, 61007, WAN, NULL, 2, false, OUTCOME_PASS, ""}},
	    {{4000, 61000, WAN, NULL, 1, false, OUTCOME_MARGINAL,
		 "only one of several"},
		{4000, 61000, WAN, NULL, 2, false, OUTCOME_PASS, ""}},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		judge_mappings(rows[i], 2);
}
END_TEST

START_TEST(a_second_translation_is_told_as_far_as_it_is_known)
{
	static const struct mapping rows[] = {
	    {4000, 1, WAN, "100.72.0.1", 2, false, OUTCOME_PASS,
		"provider translates addresses once more"},
	    {4000, 1, WAN, "192.168.1.1", 2, false, OUTCOME_PASS,
		"may be translated twice"},
	    {4000, 1, WAN, "192.0.2.1", 2, false, OUTCOME_PASS,
		"answered in its own protocol"},
	    {4000, 4000, WAN, "100.72.0.1", 2, true, OUTCOME_PASS,
		"answered in its own protocol"},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		judge_mappings(&rows[i], 1);
}
END_TEST

/* --- SIP --- */

static void
judge_sip(enum protocol protocol, const char *address, enum cause failure,
    bool near, enum outcome outcome, enum zone zone)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.sip", protocol, 5060, RUNG_APP_REPLY);
	struct observation *o;

	case_spec(r, n, "sip", NULL, address, 5060);
	o = case_seen(r, n, 0, address, RUNG_APP_REPLY, failure);
	o->nature = protocol == PROTO_UDP ? NATURE_ANSWER : NATURE_CONNECTION;
	case_detail_bool(o, "taken_near", near);
	judge_record(r);
	ck_assert_int_eq(n->outcome, outcome);
	ck_assert_int_eq(n->cause, failure);
	ck_assert_int_eq(n->zone, zone);
	ck_assert_int_eq(n->path,
	    failure == CAUSE_SIP_ALG ? PATH_INTERMEDIATED : PATH_DIRECT);
	record_free(r);
}

START_TEST(telephony_that_is_rewritten_or_unwell_is_a_warning)
{
	judge_sip(PROTO_TCP, "192.0.2.21", CAUSE_NONE, false, OUTCOME_PASS,
	    ZONE_NONE);
	judge_sip(PROTO_TCP, "192.0.2.21", CAUSE_SIP_ALG, true, OUTCOME_WARN,
	    ZONE_GATEWAY);
	judge_sip(PROTO_TCP, "192.0.2.21", CAUSE_SIP_ALG, false, OUTCOME_WARN,
	    ZONE_UNDETERMINED);
	judge_sip(PROTO_UDP, "10.20.30.62", CAUSE_SIP_ALG, false, OUTCOME_WARN,
	    ZONE_LAN);
	judge_sip(PROTO_TCP, "192.0.2.21", CAUSE_SERVICE_UNAVAILABLE, false,
	    OUTCOME_WARN, ZONE_UNDETERMINED);
	judge_sip(PROTO_UDP, "10.20.30.62", CAUSE_SERVICE_UNAVAILABLE, false,
	    OUTCOME_WARN, ZONE_LAN);
}
END_TEST

/* A server need not answer strangers; a box in its place is found out. */
START_TEST(accepted_without_a_word_fails_only_at_a_box)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.sip", PROTO_TCP, 5060, RUNG_APP_REPLY);

	case_spec(r, n, "sip", NULL, "192.0.2.21", 5060);
	case_seen(r, n, 0, "192.0.2.21", RUNG_TRANSPORT, CAUSE_SERVICE_SILENT);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	case_locate(r, "192.0.2.21", PROTO_TCP, 5060, "accepted", 1, false);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->zone, ZONE_GATEWAY);
	ck_assert_int_eq(n->cause, CAUSE_SERVICE_SILENT);
	ck_assert_msg(strstr(n->summary, "accepts the connection") != NULL,
	    "%s", n->summary);
	record_free(r);
}
END_TEST

HARNESS("judge services", one_clock_behind_two_owners_names_is_interception,
    servers_that_are_alike_are_not_the_same,
    an_answer_from_the_first_hop_is_interception,
    a_port_for_each_destination_is_warned_of,
    a_second_translation_is_told_as_far_as_it_is_known,
    telephony_that_is_rewritten_or_unwell_is_a_warning,
    accepted_without_a_word_fails_only_at_a_box)
