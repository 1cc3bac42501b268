/* SPDX-License-Identifier: MIT */
/* Promises of the judge on conversations over TCP and on idle connections:
 * only what lived on or answered counts, and the words say what was seen. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

#define HOST "a.example"
#define ADDRESS "192.0.2.7"

struct ended {
	const char *type;
	enum rung required;
	enum cause failure;
	const char *end;
	enum outcome outcome;
	enum cause cause;
	const char *says;
};

static struct need *
judged(struct record *r, const char *type, enum rung required, enum rung rung,
    enum cause failure, struct observation **o)
{
	struct need *n = case_need(r, "x.one", PROTO_TCP, 22, required);

	case_spec(r, n, type, HOST, NULL, 22);
	case_name(r, HOST, CAUSE_NONE, ADDRESS);
	*o = case_seen(r, n, 0, ADDRESS, rung, failure);
	return n;
}

START_TEST(how_a_conversation_ended_is_told)
{
	static const struct ended rows[] = {
	    {"tcp", RUNG_TRANSPORT, CAUSE_NONE, "open", OUTCOME_PASS,
		CAUSE_NONE, "accepted"},
	    {"tcp", RUNG_TRANSPORT, CAUSE_NONE, "spoke", OUTCOME_PASS,
		CAUSE_NONE, "accepted"},
	    {"tcp", RUNG_TRANSPORT, CAUSE_NONE, "closed", OUTCOME_UNPROVEN,
		CAUSE_TCP_RESET, "closes it again at once"},
	    {"tcp", RUNG_TRANSPORT, CAUSE_NONE, "reset", OUTCOME_UNPROVEN,
		CAUSE_TCP_RESET, "cut off by a reset at once"},
	    {"ssh", RUNG_APP_REPLY, CAUSE_TCP_TIMEOUT, "silent", OUTCOME_FAIL,
		CAUSE_TCP_TIMEOUT, "on port 22, but its service says nothing"},
	    {"ssh", RUNG_APP_REPLY, CAUSE_TCP_RESET, "closed", OUTCOME_FAIL,
		CAUSE_TCP_RESET, "closed again before the service"},
	    {"ftp", RUNG_APP_REPLY, CAUSE_TCP_RESET, "reset", OUTCOME_FAIL,
		CAUSE_TCP_RESET, "by a reset before the service"},
	    {"ssh", RUNG_APP_REPLY, CAUSE_WRONG_PROTOCOL, "closed",
		OUTCOME_FAIL, CAUSE_WRONG_PROTOCOL,
		"not in the protocol expected"},
	    /* Silence that has other words. */
	    {"tls", RUNG_TLS_EXPECTED, CAUSE_TCP_TIMEOUT, NULL, OUTCOME_FAIL,
		CAUSE_TCP_TIMEOUT, "Nothing came back"},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct ended *x = &rows[i];
		struct record *r = case_new();
		struct observation *o;
		struct need *n = judged(r, x->type, x->required, RUNG_TRANSPORT,
		    x->failure, &o);

		if (x->end != NULL)
			case_detail_str(o, "end", x->end);
		judge_record(r);
		ck_assert_msg(n->outcome == x->outcome, "row %zu: %s", i,
		    word_name(&words_outcome, (int)n->outcome));
		ck_assert_msg(n->cause == x->cause, "row %zu: %s", i,
		    word_name(&words_cause, (int)n->cause));
		ck_assert_msg(strstr(n->summary, x->says) != NULL,
		    "row %zu: %s", i, n->summary);
		record_free(r);
	}
}
END_TEST

struct idle {
	enum rung rung;
	enum cause failure;
	int64_t wanted, survived, lost, closed; /* ms */
	enum outcome outcome;
	enum cause cause;
	const char *says;
};

START_TEST(an_idle_time_is_told_with_its_figures)
{
	static const struct idle rows[] = {
	    {RUNG_APP_REPLY, CAUSE_NONE, 540000, 560000, 0, 0, OUTCOME_PASS,
		CAUSE_NONE, "nothing was said for 560 seconds still works"},
	    /* Nothing was lost, but nobody waited. */
	    {RUNG_TRANSPORT, CAUSE_NONE, 540000, 12000, 0, 0, OUTCOME_UNPROVEN,
		CAUSE_NONE,
		"12 seconds still worked, and nobody waited longer"},
	    {RUNG_TRANSPORT, CAUSE_NONE, 540000, 1000, 0, 0, OUTCOME_UNPROVEN,
		CAUSE_NONE, "for 1 second still"},
	    {RUNG_TRANSPORT, CAUSE_NONE, 540000, 60000, 0, 75000,
		OUTCOME_UNPROVEN, CAUSE_NONE,
		"closes a connection by itself after 75 seconds"},
	    {RUNG_APP_REPLY, CAUSE_NAT_IDLE_SHORT, 540000, 240000, 360000, 0,
		OUTCOME_FAIL, CAUSE_NAT_IDLE_SHORT,
		"for 360 seconds; after 240 seconds it still knew it"},
	    {RUNG_APP_REPLY, CAUSE_NAT_IDLE_SHORT, 540000, 0, 10000, 0,
		OUTCOME_FAIL, CAUSE_NAT_IDLE_SHORT,
		"for 10 seconds, the shortest time"},
	    {RUNG_SILENCE, CAUSE_TCP_TIMEOUT, 540000, 0, 0, 0, OUTCOME_FAIL,
		CAUSE_TCP_TIMEOUT, "Nothing came back"},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct idle *x = &rows[i];
		struct record *r = case_new();
		struct observation *o;
		struct need *n = judged(r, "tcp_idle", RUNG_APP_REPLY, x->rung,
		    x->failure, &o);

		o->nature = NATURE_CONDITION;
		case_detail_int(o, "wanted_ms", x->wanted);
		case_detail_int(o, "survived_ms", x->survived);
		if (x->lost > 0)
			case_detail_int(o, "lost_ms", x->lost);
		if (x->closed > 0)
			case_detail_int(o, "closed_ms", x->closed);
		judge_record(r);
		ck_assert_msg(n->outcome == x->outcome, "row %zu: %s", i,
		    word_name(&words_outcome, (int)n->outcome));
		ck_assert_msg(n->cause == x->cause, "row %zu: %s", i,
		    word_name(&words_cause, (int)n->cause));
		ck_assert_msg(strstr(n->summary, x->says) != NULL,
		    "row %zu: %s", i, n->summary);
		record_free(r);
	}
}
END_TEST

/* An inspecting box that takes connections itself keeps them as it likes. */
START_TEST(an_idle_time_with_the_first_hop_proves_nothing)
{
	struct record *r = case_new();
	struct observation *o;
	struct need *n = judged(r, "tcp_idle", RUNG_APP_REPLY, RUNG_APP_REPLY,
	    CAUSE_NONE, &o);

	o->nature = NATURE_CONDITION;
	case_detail_int(o, "wanted_ms", 540000);
	case_detail_int(o, "survived_ms", 560000);
	case_locate(r, ADDRESS, PROTO_TCP, 22, "accepted", 1, false);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(n->cause, CAUSE_PROXY_ONLY);
	ck_assert_int_eq(n->zone, ZONE_GATEWAY);
	record_free(r);
}
END_TEST

HARNESS("judge talk", how_a_conversation_ended_is_told,
    an_idle_time_is_told_with_its_figures,
    an_idle_time_with_the_first_hop_proves_nothing)
