/* SPDX-License-Identifier: MIT */
/* Promises about ranges of ports: how many were tried, how many of them were
 * proved, and that a few ports are never sold as all. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

#define ADDRESS "192.0.2.7"

static struct need *
range(struct record *r, uint16_t low, uint16_t high)
{
	struct need *n = case_need(r, "rtp", PROTO_UDP, low,
	    RUNG_PASSED_GATEWAY);

	n->ports.range[0].high = high;
	return n;
}

static void
tried(struct record *r, struct need *n, uint16_t port, bool passed)
{
	struct observation *o;

	case_spec(r, n, "path", NULL, ADDRESS, port);
	o = case_seen(r, n, n->nspecs - 1, ADDRESS,
	    passed ? RUNG_PASSED_GATEWAY : RUNG_SILENCE,
	    passed ? CAUSE_NONE : CAUSE_UDP_SILENT);
	case_detail_int(o, "controlled", 2);
	case_detail_bool(o, "passed", passed);
}

static void
says(const struct need *n, const char *words)
{
	ck_assert_msg(strstr(n->summary, words) != NULL, "%s\nlacks: %s",
	    n->summary, words);
}

START_TEST(a_pass_tells_how_few_ports_it_rests_on)
{
	struct record *r = case_new();
	struct need *n = range(r, 10000, 65535);

	tried(r, n, 10000, true);
	tried(r, n, 30000, true);
	tried(r, n, 65535, true);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_PASS);
	says(n, "3 of 55536 ports were tried");
	says(n, "10000, 30000, 65535");
	says(n, "gateway lets out all of them");
	says(n, "does not prove each port");
	record_free(r);
}
END_TEST

START_TEST(a_failure_tells_which_ports_got_out)
{
	struct record *r = case_new();
	struct need *n = range(r, 20000, 49000);

	tried(r, n, 20000, true);
	tried(r, n, 34500, false);
	tried(r, n, 49000, true);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	says(n, "3 of 29001 ports were tried");
	says(n, "These were proved: 20000, 49000. These were not: 34500.");
	/* Not the whole range is silent. */
	says(n, "(UDP ports 34500)");
	ck_assert_ptr_null(strstr(n->summary, "(UDP ports 20000-49000)"));
	record_free(r);
	r = case_new();
	n = range(r, 20000, 49000);
	tried(r, n, 20000, false);
	tried(r, n, 49000, false);
	judge_record(r);
	says(n, "none was proved");
	record_free(r);
}
END_TEST

START_TEST(a_range_that_was_tried_whole_is_no_sample)
{
	struct record *r = case_new();
	struct need *n = range(r, 100, 101);

	tried(r, n, 100, true);
	tried(r, n, 101, true);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_PASS);
	ck_assert_ptr_null(strstr(n->summary, "does not prove"));
	record_free(r);
}
END_TEST

HARNESS("judge range", a_pass_tells_how_few_ports_it_rests_on,
    a_failure_tells_which_ports_got_out,
    a_range_that_was_tried_whole_is_no_sample)
