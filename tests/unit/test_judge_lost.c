/* SPDX-License-Identifier: MIT */
/* Promises of the judge about what is lost: all of it at one place, and pings,
 * which many hosts do not answer. */
#include "tests/unit/harness.h"

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"
#include "tests/unit/zone_case.h"

static struct need *
lose(struct record *r, const char *address, const char *hop)
{
	const struct zone_walk w = {"silence", 3, 0, 0, hop};
	struct need *n = zone_flow(r, PROTO_TCP, address, RUNG_SILENCE,
	    CAUSE_TCP_TIMEOUT, NULL);

	zone_walk(r, address, PROTO_TCP, &w);
	return n;
}

START_TEST(what_is_lost_by_all_is_lost_at_one_place)
{
	struct record *r = case_new();
	struct need *n = lose(r, "2001:db8:1::7", "2001:db8:ff::1");

	zone_witness(r, WITNESS);
	lose(r, "2001:db8:1::8", "2001:db8:ff::1");
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	/* Of one network only. */
	lose(r, "2001:db8:1::9", "2001:db8:ff::1");
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	lose(r, "2001:db8:2::9", "2001:db8:ff::1");
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_BEYOND_SITE);
	/* Another got through. */
	zone_flow(r, PROTO_TCP, "2001:db8:3::9", RUNG_TRANSPORT, CAUSE_NONE,
	    NULL);
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	record_free(r);
}
END_TEST

/* What becomes of a ping that a walk with pings followed; end NULL: none. */
static void
ck_ping(const struct zone_walk *w, enum protocol protocol, enum zone zone)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.ping", PROTO_ICMP, 0, RUNG_APP_REPLY);
	struct observation *o;

	case_spec(r, n, "icmp", NULL, ADDRESS, 0);
	case_seen(r, n, 0, ADDRESS, RUNG_SILENCE, CAUSE_NONE);
	if (w->end != NULL) {
		o = zone_walk(r, ADDRESS, protocol, w);
		o->port = 0;
	}
	zone_witness(r, WITNESS);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_NONE);
	ck_assert_int_eq(n->rung, RUNG_SILENCE);
	ck_assert_msg(n->zone == zone, "%s",
	    word_name(&words_zone, (int)n->zone));
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_assert_int_eq(r->diagnoses[0].zone, zone);
	record_free(r);
}

START_TEST(a_lost_ping_is_placed_by_a_walk_of_pings)
{
	const struct zone_walk none = {NULL, 0, 0, 0, NULL};
	const struct zone_walk near = {"silence", 2, 2, 0, NULL};
	const struct zone_walk once = {"silence", 2, 1, 0, NULL};
	const struct zone_walk inner = {"silence", 3, 2, 0, INNER};
	const struct zone_walk isp = {"silence", 3, 2, 0, ISP};
	const struct zone_walk far = {"far", 8, 0, 0, ISP};
	const struct zone_walk answered = {"reply", 4, 0, 0, ISP};

	ck_ping(&none, PROTO_ICMP, ZONE_UNDETERMINED);
	ck_ping(&near, PROTO_ICMP, ZONE_GATEWAY);
	ck_ping(&once, PROTO_ICMP, ZONE_UNDETERMINED);
	ck_ping(&inner, PROTO_ICMP, ZONE_SITE_PERIMETER);
	ck_ping(&isp, PROTO_ICMP, ZONE_BEYOND_SITE);
	/* Many hosts answer no ping. */
	ck_ping(&far, PROTO_ICMP, ZONE_UNDETERMINED);
	ck_ping(&answered, PROTO_ICMP, ZONE_UNDETERMINED);
	/* What is lost of connections says nothing of pings. */
	ck_ping(&near, PROTO_TCP, ZONE_UNDETERMINED);
}
END_TEST

/* Hosts that ignore pings look like a dead line. */
START_TEST(pings_alone_are_not_lost_by_all)
{
	static const char *const to[] = {ADDRESS, "203.0.113.7", "203.0.113.8",
	    "198.51.100.7"};
	const struct zone_walk w = {"silence", 3, 0, 0, ISP};
	struct record *r = case_new();
	struct need *n = NULL;
	size_t i;

	for (i = 0; i < sizeof to / sizeof *to; i++) {
		n = case_need(r, arena_printf(r->arena, "p.%zu", i), PROTO_ICMP,
		    0, RUNG_APP_REPLY);
		case_spec(r, n, "icmp", NULL, to[i], 0);
		case_seen(r, n, 0, to[i], RUNG_SILENCE, CAUSE_NONE);
		zone_walk(r, to[i], PROTO_ICMP, &w)->port = 0;
	}
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	record_free(r);
}
END_TEST

HARNESS("judge lost", what_is_lost_by_all_is_lost_at_one_place,
    a_lost_ping_is_placed_by_a_walk_of_pings, pings_alone_are_not_lost_by_all)
