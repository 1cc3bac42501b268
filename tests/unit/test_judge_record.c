/* SPDX-License-Identifier: MIT */
/* Promises of the judge about a whole record: strength, alternatives,
 * deviations, exit status, diagnoses, and that judging is pure. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/judge.h"
#include "core/record/json.h"
#include "tests/unit/judge_case.h"

/* A TCP need to a host of its own that was accepted or stayed silent. */
static struct need *
tried(struct record *r, const char *id, bool works)
{
	struct need *n = case_need(r, id, PROTO_TCP, 5113, RUNG_TRANSPORT);
	char host[64];

	snprintf(host, sizeof host, "%s.example", id);
	case_spec(r, n, "tcp", host, NULL, 5113);
	case_name(r, host, CAUSE_NONE, "192.0.2.7");
	case_seen(r, n, 0, "192.0.2.7", works ? RUNG_TRANSPORT : RUNG_SILENCE,
	    works ? CAUSE_NONE : CAUSE_TCP_TIMEOUT);
	return n;
}

static void
deviate(struct record *r, const char *requirement, const char *expires)
{
	struct deviation *d = arena_push(r->arena, r->deviations,
	    r->ndeviations);

	memset(d, 0, sizeof *d);
	d->requirement = arena_strdup(r->arena, requirement);
	d->owner = arena_strdup(r->arena, "B. Owner");
	d->reason = arena_strdup(r->arena, "The line comes next week.");
	d->expires = arena_strdup(r->arena, expires);
	d->initials = arena_strdup(r->arena, "BO");
}

static char *
as_json(struct record *r)
{
	struct buf b;
	json_t *j;

	j = record_to_json(r);
	buf_init(&b, 4 * 1024 * 1024);
	json_write(j, &b);
	json_decref(j);
	return buf_take(&b);
}

START_TEST(what_is_optional_fails_only_as_a_warning)
{
	static const enum strength strength[] = {STRENGTH_REQUIRED,
	    STRENGTH_OPTIONAL, STRENGTH_INFORMATIVE};
	static const enum outcome outcome[] = {OUTCOME_FAIL, OUTCOME_WARN,
	    OUTCOME_WARN};
	static const int status[] = {1, 0, 0};
	struct record *r;
	struct need *n;
	int i;

	for (i = 0; i < 3; i++) {
		r = case_new();
		n = tried(r, "x", false);
		n->strength = strength[i];
		judge_record(r);
		ck_assert_int_eq(n->outcome, outcome[i]);
		ck_assert_int_eq(n->cause, CAUSE_TCP_TIMEOUT);
		ck_assert_int_eq(record_exit_status(r), status[i]);
		record_free(r);
	}
}
END_TEST

START_TEST(of_alternatives_one_suffices)
{
	struct record *r = case_new();
	struct need *a = tried(r, "a", false);
	struct need *b = tried(r, "b", true);
	struct need *c = tried(r, "c", false);

	a->group = b->group = arena_strdup(r->arena, "either");
	judge_record(r);
	ck_assert_int_eq(a->outcome, OUTCOME_WARN);
	ck_assert_int_eq(a->cause, CAUSE_TCP_TIMEOUT);
	ck_assert_int_eq(b->outcome, OUTCOME_PASS);
	ck_assert_int_eq(c->outcome, OUTCOME_FAIL);
	/* The same word in another product is another group. */
	b->product = arena_strdup(r->arena, "q");
	judge_record(r);
	ck_assert_int_eq(a->outcome, OUTCOME_FAIL);
	/* All fail: all fail. */
	b->product = a->product;
	c->group = a->group;
	b->applies = false;
	judge_record(r);
	ck_assert_int_eq(a->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(c->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(record_exit_status(r), 1);
	record_free(r);
}
END_TEST

START_TEST(a_deviation_waives_until_its_day_has_passed)
{
	static const struct {
		const char *expires;
		enum outcome outcome;
		int status;
		enum readiness ready;
	} rows[] = {
	    {"", OUTCOME_FAIL, 1, NOT_READY},
	    {"2026-11-31", OUTCOME_FAIL, 1, NOT_READY},
	    {"next week", OUTCOME_FAIL, 1, NOT_READY},
	    {"2026-11-22", OUTCOME_WAIVED, 0, READY_WITH_DEVIATIONS},
	    {"2026-11-21", OUTCOME_WAIVED, 0, READY_WITH_DEVIATIONS},
	    {"2026-11-20", OUTCOME_FAIL, 1, NOT_READY},
	    {"2025-12-31", OUTCOME_FAIL, 1, NOT_READY},
	};
	struct record *r;
	struct need *n;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		r = case_new();
		n = tried(r, "x", false);
		tried(r, "y", true);
		deviate(r, "x", rows[i].expires);
		deviate(r, "no-such", "2026-12-31");
		deviate(r, "y", "2026-12-31");
		judge_record(r);
		ck_assert_int_eq(n->outcome, rows[i].outcome);
		ck_assert_int_eq(record_need(r, "y")->outcome, OUTCOME_PASS);
		ck_assert_int_eq(record_exit_status(r), rows[i].status);
		ck_assert_int_eq(judge_readiness(r), rows[i].ready);
		/* What was seen stays visible. */
		ck_assert_int_eq(n->cause, CAUSE_TCP_TIMEOUT);
		if (n->outcome == OUTCOME_WAIVED) {
			ck_assert(strstr(n->summary, "B. Owner") != NULL);
			ck_assert(strstr(n->summary, "next week") != NULL);
			ck_assert_uint_eq(r->ndiagnoses, 0);
		}
		record_free(r);
	}
}
END_TEST

START_TEST(the_exit_status_is_that_of_the_worst_required_line)
{
	struct record *r = case_new();
	struct need *n, *open;

	tried(r, "a", true);
	judge_record(r);
	ck_assert_int_eq(record_exit_status(r), 0);
	ck_assert_int_eq(judge_readiness(r), READY);
	open = case_need(r, "b", PROTO_TCP, 443, RUNG_TRANSPORT);
	case_spec(r, open, "tcp", "b.example", NULL, 443);
	judge_record(r);
	ck_assert_int_eq(record_exit_status(r), 3);
	n = tried(r, "c", false);
	judge_record(r);
	ck_assert_int_eq(record_exit_status(r), 1);
	n->strength = open->strength = STRENGTH_OPTIONAL;
	judge_record(r);
	ck_assert_int_eq(record_exit_status(r), 0);
	record_free(r);
}
END_TEST

START_TEST(of_several_probes_the_worst_speaks)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "x", PROTO_TCP, 443, RUNG_TRANSPORT);

	case_spec(r, n, "tcp", "a.example", NULL, 443);
	case_spec(r, n, "tcp", "b.example", NULL, 443);
	case_name(r, "a.example", CAUSE_NONE, "192.0.2.7");
	case_name(r, "b.example", CAUSE_NONE, "192.0.2.8");
	case_seen(r, n, 0, "192.0.2.7", RUNG_TRANSPORT, CAUSE_NONE);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_NOT_RUN);
	case_seen(r, n, 1, "192.0.2.8", RUNG_SILENCE, CAUSE_TCP_TIMEOUT);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert(strstr(n->summary, "b.example") != NULL);
	ck_assert_uint_eq(n->probes.count, 2);
	record_free(r);
}
END_TEST

/* "a.example:44" is not "a.example:443". */
START_TEST(an_observation_counts_only_for_its_own_spec)
{
	struct record *r = case_new();
	struct need *a = case_need(r, "a", PROTO_TCP, 44, RUNG_TRANSPORT);
	struct need *b = case_need(r, "b", PROTO_TCP, 443, RUNG_TRANSPORT);

	case_spec(r, a, "tcp", NULL, "192.0.2.7", 44);
	case_spec(r, b, "tcp", NULL, "192.0.2.7", 443);
	case_seen(r, b, 0, "192.0.2.7", RUNG_TRANSPORT, CAUSE_NONE);
	judge_record(r);
	ck_assert_int_eq(b->outcome, OUTCOME_PASS);
	ck_assert_int_eq(a->outcome, OUTCOME_NOT_RUN);
	record_free(r);
}
END_TEST

START_TEST(one_cause_is_one_diagnosis_with_what_rules_others_out)
{
	struct record *r = case_new();
	struct need *web = case_need(r, "web", PROTO_TCP, 443, RUNG_TRANSPORT);
	size_t i;

	case_spec(r, web, "tcp", NULL, "192.0.2.9", 443);
	case_seen(r, web, 0, "192.0.2.9", RUNG_TRANSPORT, CAUSE_NONE);
	tried(r, "a", false);
	tried(r, "b", false);
	case_detail_int(case_locate(r, "192.0.2.7", PROTO_TCP, 5113, "silence",
			    2, false),
	    "controlled", 2);
	case_locate(r, "192.0.2.7", PROTO_TCP, 443, "accepted", 4, true);
	judge_record(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_assert_int_eq(r->diagnoses[0].cause, CAUSE_TCP_TIMEOUT);
	ck_assert_int_eq(r->diagnoses[0].zone, ZONE_GATEWAY);
	ck_assert_uint_eq(r->diagnoses[0].explains.count, 2);
	ck_assert_uint_ge(r->diagnoses[0].ruled_out.count, 1);
	ck_assert(strstr(r->diagnoses[0].summary, "5113") != NULL);
	ck_assert(strstr(r->diagnoses[0].summary, "10.20.30.1") != NULL);
	/* The search itself is among the evidence. */
	for (i = 0; i < r->nneeds; i++) {
		if (r->needs[i].outcome == OUTCOME_FAIL)
			ck_assert_uint_eq(r->needs[i].probes.count, 2);
	}
	record_free(r);
}
END_TEST

static struct record *
busy_site(void)
{
	struct record *r = case_new();
	struct need *dns = case_need(r, "dns", PROTO_UDP, 53, RUNG_APP_REPLY);
	struct need *n;

	tried(r, "a", false);
	tried(r, "b", true);
	tried(r, "c", false)->strength = STRENGTH_OPTIONAL;
	case_spec(r, dns, "dns", "n.example", NULL, 53);
	case_name(r, "n.example", CAUSE_DNS_NXDOMAIN, "");
	n = case_need(r, "n", PROTO_TCP, 443, RUNG_TLS_EXPECTED);
	case_spec(r, n, "tls", "n.example", NULL, 443);
	strlist_add(r->arena, &n->needs, "dns");
	case_locate(r, "192.0.2.7", PROTO_TCP, 443, "accepted", 4, true);
	deviate(r, "a", "2026-12-31");
	return r;
}

START_TEST(judging_twice_gives_the_same)
{
	struct record *r = busy_site(), *same = busy_site();
	char *first, *second, *third;

	judge_record(r);
	first = as_json(r);
	judge_record(r);
	second = as_json(r);
	judge_record(same);
	third = as_json(same);
	ck_assert_str_eq(first, second);
	ck_assert_str_eq(first, third);
	mem_free(first);
	mem_free(second);
	mem_free(third);
	record_free(r);
	record_free(same);
}
END_TEST

/* Years later, from the file alone. */
START_TEST(what_was_read_back_is_judged_the_same)
{
	struct record *r = busy_site(), *back;
	struct error err;
	char *first, *second;

	judge_record(r);
	first = as_json(r);
	back = record_from_json(first, strlen(first), &err);
	ck_assert_msg(back != NULL, "%s", err.what);
	ck_assert_uint_eq(back->nobservations, r->nobservations);
	second = as_json(back);
	ck_assert_str_eq(first, second);
	mem_free(first);
	mem_free(second);
	record_free(back);
	record_free(r);
}
END_TEST

START_TEST(a_record_of_nothing_is_judged_without_harm)
{
	struct record *r = record_new();

	judge_record(r);
	ck_assert_uint_eq(r->ndiagnoses, 0);
	ck_assert_int_eq(judge_readiness(r), NOT_READY);
	record_free(r);
	/* Observations without any detail, as a foreign file may hold. */
	r = busy_site();
	for (size_t i = 0; i < r->nobservations; i++) {
		json_object_clear(r->observations[i].detail);
		r->observations[i].address = NULL;
		r->observations[i].offender = arena_strdup(r->arena, "?");
	}
	judge_record(r);
	record_free(r);
}
END_TEST

START_TEST(each_outcome_is_counted_once)
{
	struct record *r = busy_site();
	struct judge_counts c;
	size_t i, sum = 0;

	case_need(r, "off", PROTO_TCP, 1, RUNG_TRANSPORT)->applies = false;
	judge_record(r);
	judge_count(r, &c);
	for (i = 0; i <= OUTCOME_WAIVED; i++)
		sum += c.of[i];
	ck_assert_uint_eq(sum, r->nneeds);
	ck_assert_uint_eq(c.total, r->nneeds - 1);
	ck_assert_uint_eq(c.of[OUTCOME_WAIVED], 1);
	ck_assert_uint_eq(c.of[OUTCOME_BLOCKED_BY], 1);
	ck_assert_uint_eq(c.of[OUTCOME_FAIL], 1);
	record_free(r);
}
END_TEST

HARNESS("judge record", what_is_optional_fails_only_as_a_warning,
    of_alternatives_one_suffices, a_deviation_waives_until_its_day_has_passed,
    the_exit_status_is_that_of_the_worst_required_line,
    of_several_probes_the_worst_speaks,
    an_observation_counts_only_for_its_own_spec,
    one_cause_is_one_diagnosis_with_what_rules_others_out,
    judging_twice_gives_the_same, what_was_read_back_is_judged_the_same,
    a_record_of_nothing_is_judged_without_harm, each_outcome_is_counted_once)
