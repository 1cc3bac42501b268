/* SPDX-License-Identifier: MIT */
/* IPv4 and IPv6 are judged apart: IPv4 decides where both were tried, and
 * each family keeps its own judgement. */
#include "tests/unit/harness.h"

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

#define V4 "192.0.2.7"
#define V4_OTHER "192.0.2.8"
#define V6 "2001:db8::7"

struct row {
	const char *what;
	enum cause v4, v6; /* failure; TCP_RESET stands for any */
	bool has4, has6;
	enum outcome whole, by4, by6;
};

static const struct row rows[] = {
    {"both work", CAUSE_NONE, CAUSE_NONE, true, true, OUTCOME_PASS,
	OUTCOME_PASS, OUTCOME_PASS},
    {"only IPv4 was tried", CAUSE_NONE, CAUSE_NONE, true, false, OUTCOME_PASS,
	OUTCOME_PASS, OUTCOME_PASS},
    {"only IPv6 was tried, and fails", CAUSE_NONE, CAUSE_TCP_RESET, false, true,
	OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_FAIL},
    {"IPv6 fails beside a good IPv4", CAUSE_NONE, CAUSE_TCP_RESET, true, true,
	OUTCOME_MARGINAL, OUTCOME_PASS, OUTCOME_FAIL},
    {"IPv4 fails beside a good IPv6", CAUSE_TCP_RESET, CAUSE_NONE, true, true,
	OUTCOME_FAIL, OUTCOME_FAIL, OUTCOME_PASS},
};

static void
see(struct record *r, struct need *n, const char *address, enum cause failure)
{
	case_seen(r, n, 0, address,
	    failure == CAUSE_NONE ? RUNG_TRANSPORT : RUNG_REJECTED, failure);
}

static void
check_row(const struct row *row)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.n", PROTO_TCP, 5113, RUNG_TRANSPORT);

	case_spec(r, n, "tcp", "a.example", NULL, 5113);
	case_name(r, "a.example", CAUSE_NONE, V4 " " V6);
	if (row->has4)
		see(r, n, V4, row->v4);
	if (row->has6)
		see(r, n, V6, row->v6);
	judge_record(r);
	ck_assert_msg(n->outcome == row->whole, "%s: %s", row->what,
	    word_name(&words_outcome, (int)n->outcome));
	ck_assert_msg(n->family[0].tried == row->has4, "%s", row->what);
	ck_assert_msg(n->family[1].tried == row->has6, "%s", row->what);
	ck_assert_msg(!row->has4 || n->family[0].outcome == row->by4, "%s",
	    row->what);
	ck_assert_msg(!row->has6 || n->family[1].outcome == row->by6, "%s",
	    row->what);
	record_free(r);
}

START_TEST(each_family_has_its_own_judgement)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(&rows[i]);
}
END_TEST

/* One of three answers, one is dead, and one could not be tried from here: no
 * order of the answer makes that a failure. */
START_TEST(the_order_of_addresses_does_not_count)
{
	static const struct {
		const char *address;
		enum rung rung;
		enum cause failure;
	} seen[] = {
	    {V4, RUNG_TRANSPORT, CAUSE_NONE},
	    {V4_OTHER, RUNG_SILENCE, CAUSE_TCP_TIMEOUT},
	    {"192.0.2.9", RUNG_TRANSPORT, CAUSE_SERVICE_SILENT},
	};
	static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
	    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	size_t i, k;

	for (i = 0; i < sizeof orders / sizeof *orders; i++) {
		struct record *r = case_new();
		struct need *n = case_need(r, "p.n", PROTO_TCP, 5113,
		    RUNG_TRANSPORT);

		case_spec(r, n, "tcp", "a.example", NULL, 5113);
		for (k = 0; k < 3; k++)
			case_seen(r, n, 0, seen[orders[i][k]].address,
			    seen[orders[i][k]].rung,
			    seen[orders[i][k]].failure);
		judge_record(r);
		ck_assert_msg(n->outcome == OUTCOME_UNPROVEN, "%zu: %s", i,
		    word_name(&words_outcome, (int)n->outcome));
		ck_assert_int_eq(n->cause, CAUSE_SERVICE_SILENT);
		record_free(r);
	}
}
END_TEST

/* One of two IPv4 addresses fails: barely, and IPv6 is untouched by it. */
START_TEST(a_family_is_as_bad_as_its_addresses)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.n", PROTO_TCP, 5113, RUNG_TRANSPORT);

	case_spec(r, n, "tcp", "a.example", NULL, 5113);
	case_name(r, "a.example", CAUSE_NONE, V4 " " V4_OTHER " " V6);
	see(r, n, V4, CAUSE_NONE);
	see(r, n, V4_OTHER, CAUSE_TCP_RESET);
	see(r, n, V6, CAUSE_NONE);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_MARGINAL);
	ck_assert_int_eq(n->family[0].outcome, OUTCOME_MARGINAL);
	ck_assert_int_eq(n->family[1].outcome, OUTCOME_PASS);
	record_free(r);
}
END_TEST

/* The address that a name was asked of is the resolver's. */
START_TEST(names_have_no_family)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.dns", PROTO_UDP, 53, RUNG_APP_REPLY);
	struct observation *o;

	case_spec(r, n, "dns", "a.example", NULL, 53);
	o = case_name(r, "a.example", CAUSE_NONE, V4);
	o->address = n->specs[0].host;
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_PASS);
	ck_assert(!n->family[0].tried && !n->family[1].tried);
	record_free(r);
}
END_TEST

HARNESS("judge families", each_family_has_its_own_judgement,
    a_family_is_as_bad_as_its_addresses, the_order_of_addresses_does_not_count,
    names_have_no_family)
