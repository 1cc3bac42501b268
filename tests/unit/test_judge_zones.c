/* SPDX-License-Identifier: MIT */
/* Promises of the judge about places: each row of the table in zone.c, and
 * next to it what lacks just the evidence that the row rests on. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"
#include "tests/unit/zone_case.h"

struct row {
	const char *what;
	enum protocol protocol;
	enum rung rung;
	enum cause failure;
	const char *offender;
	struct zone_walk walk;
	struct zone_distance distance;
	bool alone; /* no other host answered */
	enum outcome outcome;
	enum cause cause;
	enum zone zone;
};

#define SILENT PROTO_TCP, RUNG_SILENCE, CAUSE_TCP_TIMEOUT, NULL
#define SILENT_UDP PROTO_UDP, RUNG_SILENCE, CAUSE_UDP_SILENT, NULL
#define RESET PROTO_TCP, RUNG_REJECTED, CAUSE_TCP_RESET, NULL
#define ICMP(cause, from) PROTO_TCP, RUNG_REJECTED, cause, from
#define NO_WALK \
	{ \
		NULL, 0, 0, 0, NULL \
	}
#define NO_DISTANCE \
	{ \
		0, false, NULL, NULL, NULL, NULL, NULL, 0 \
	}
#define FAILS(cause, zone) OUTCOME_FAIL, cause, zone

static const struct row rows[] = {
    /* ICMP errors, by who sent them. */
    {"the laptop's own ARP went unanswered",
	ICMP(CAUSE_HOST_UNREACHABLE, "10.20.30.50"), NO_WALK, NO_DISTANCE,
	false, FAILS(CAUSE_HOST_UNREACHABLE, ZONE_LAN)},
    {"a box next to the laptop", ICMP(CAUSE_NET_UNREACHABLE, "10.20.30.9"),
	NO_WALK, NO_DISTANCE, false, FAILS(CAUSE_NET_UNREACHABLE, ZONE_LAN)},
    {"the gateway", ICMP(CAUSE_ADMIN_PROHIBITED, GATEWAY), NO_WALK, NO_DISTANCE,
	false, FAILS(CAUSE_ADMIN_PROHIBITED, ZONE_GATEWAY)},
    {"a private address behind the gateway",
	ICMP(CAUSE_ADMIN_PROHIBITED, INNER), NO_WALK, NO_DISTANCE, false,
	FAILS(CAUSE_ADMIN_PROHIBITED, ZONE_SITE_PERIMETER)},
    {"a public router", ICMP(CAUSE_ADMIN_PROHIBITED, ISP), NO_WALK, NO_DISTANCE,
	false, FAILS(CAUSE_ADMIN_PROHIBITED, ZONE_BEYOND_SITE)},
    {"the host itself, as far away as its other port",
	ICMP(CAUSE_ADMIN_PROHIBITED, ADDRESS), NO_WALK,
	{9, false, LAST, LAST, NULL, "icmp", ADDRESS, 0}, false,
	FAILS(CAUSE_ADMIN_PROHIBITED, ZONE_VENDOR)},
    {"the host itself, its neighbour behind the same router",
	ICMP(CAUSE_ADMIN_PROHIBITED, ADDRESS), NO_WALK,
	{9, true, LAST, LAST, NULL, "icmp", ADDRESS, 0}, false,
	FAILS(CAUSE_ADMIN_PROHIBITED, ZONE_VENDOR)},
    {"the host's address, but nearer than its other port",
	ICMP(CAUSE_ADMIN_PROHIBITED, ADDRESS), NO_WALK,
	{9, false, LAST, NULL, "icmp", NULL, ADDRESS, 0}, false,
	FAILS(CAUSE_ADMIN_PROHIBITED, ZONE_UNDETERMINED)},
    {"the host's address, and nothing to compare",
	ICMP(CAUSE_ADMIN_PROHIBITED, ADDRESS), NO_WALK, NO_DISTANCE, false,
	FAILS(CAUSE_ADMIN_PROHIBITED, ZONE_UNDETERMINED)},
    {"the host itself while nobody else answers",
	ICMP(CAUSE_ADMIN_PROHIBITED, ADDRESS), NO_WALK,
	{9, false, LAST, LAST, NULL, "icmp", ADDRESS, 0}, true,
	FAILS(CAUSE_ADMIN_PROHIBITED, ZONE_UNDETERMINED)},
    {"unreachable, says the last router before its neighbours",
	ICMP(CAUSE_HOST_UNREACHABLE, LAST), NO_WALK,
	{9, true, LAST, LAST, NULL, "icmp", LAST, 0}, false,
	FAILS(CAUSE_HOST_UNREACHABLE, ZONE_VENDOR)},
    {"unreachable, says a router before that",
	ICMP(CAUSE_HOST_UNREACHABLE, ISP), NO_WALK,
	{9, true, LAST, NULL, "icmp", NULL, ISP, 0}, false,
	FAILS(CAUSE_HOST_UNREACHABLE, ZONE_BEYOND_SITE)},

    /* Resets. */
    {"a reset at the second hop", RESET, {"reset", 2, 0, 0, NULL}, NO_DISTANCE,
	false, FAILS(CAUSE_TCP_RESET, ZONE_GATEWAY)},
    {"a reset behind a private router, the host is farther", RESET,
	{"reset", 3, 0, 0, INNER},
	{9, false, LAST, NULL, "reset", NULL, NULL, 0}, false,
	FAILS(CAUSE_TCP_RESET, ZONE_SITE_PERIMETER)},
    {"a reset behind a public router, a neighbour is farther", RESET,
	{"reset", 3, 0, 0, ISP}, {9, true, LAST, NULL, "reset", NULL, NULL, 0},
	false, FAILS(CAUSE_TCP_RESET, ZONE_BEYOND_SITE)},
    {"a reset behind a public router, nothing to compare", RESET,
	{"reset", 3, 0, 0, ISP}, NO_DISTANCE, false,
	FAILS(CAUSE_TCP_RESET, ZONE_UNDETERMINED)},
    {"a reset where a neighbour is two hops farther", RESET,
	{"reset", 7, 0, 0, ISP}, {9, true, LAST, NULL, "reset", NULL, NULL, 0},
	false, FAILS(CAUSE_TCP_RESET, ZONE_UNDETERMINED)},
    {"a reset of the host's own address, which passes its other port on", RESET,
	{"reset", 8, 0, 0, ISP},
	{9, false, ADDRESS, NULL, "reset", NULL, NULL, 0}, false,
	FAILS(CAUSE_TCP_RESET, ZONE_UNDETERMINED)},
    {"a reset of what accepts behind an inner router", RESET,
	{"reset", 3, 0, 0, INNER},
	{3, false, INNER, INNER, NULL, "reset", NULL, 0}, false,
	FAILS(CAUSE_TCP_RESET, ZONE_UNDETERMINED)},
    {"a reset from as far as the host's other port", RESET,
	{"far", 8, 0, 0, ISP}, {9, false, LAST, LAST, NULL, "reset", NULL, 0},
	false, FAILS(CAUSE_TCP_REFUSED, ZONE_VENDOR)},
    {"a reset from there by another router", RESET, {"far", 8, 0, 0, ISP},
	{9, true, LAST, OTHER_LAST, NULL, "reset", NULL, 0}, false,
	FAILS(CAUSE_TCP_RESET, ZONE_UNDETERMINED)},
    {"a reset from the host while nobody else answers", RESET,
	{"far", 8, 0, 0, ISP}, {9, false, LAST, LAST, NULL, "reset", NULL, 0},
	true, FAILS(CAUSE_TCP_RESET, ZONE_UNDETERMINED)},

    /* Silence. */
    {"silence right behind the gateway, twice held", SILENT,
	{"silence", 2, 2, 0, NULL}, NO_DISTANCE, false,
	FAILS(CAUSE_TCP_TIMEOUT, ZONE_GATEWAY)},
    {"silence right behind the gateway, held once", SILENT,
	{"silence", 2, 1, 0, NULL}, NO_DISTANCE, false,
	FAILS(CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED)},
    {"silence behind a private router, twice held", SILENT,
	{"silence", 3, 2, 0, INNER}, NO_DISTANCE, false,
	FAILS(CAUSE_TCP_TIMEOUT, ZONE_SITE_PERIMETER)},
    {"silence behind a public router, twice held", SILENT,
	{"silence", 3, 2, 0, ISP}, NO_DISTANCE, false,
	FAILS(CAUSE_TCP_TIMEOUT, ZONE_BEYOND_SITE)},
    {"silence of a whole host, its neighbour is farther", SILENT,
	{"silence", 3, 0, 2, ISP}, {9, true, LAST, NULL, NULL, NULL, NULL, 2},
	false, FAILS(CAUSE_TCP_TIMEOUT, ZONE_BEYOND_SITE)},
    {"the same behind a private router", SILENT, {"silence", 3, 0, 2, INNER},
	{9, true, LAST, NULL, NULL, NULL, NULL, 2}, false,
	FAILS(CAUSE_TCP_TIMEOUT, ZONE_SITE_PERIMETER)},
    {"the same where the next router is mute", SILENT,
	{"silence", 3, 0, 0, INNER}, {9, true, LAST, NULL, NULL, NULL, NULL, 2},
	false, FAILS(CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED)},
    {"silence of a whole host and nothing to compare", SILENT,
	{"silence", 3, 0, 2, ISP}, NO_DISTANCE, false,
	FAILS(CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED)},
    {"silence lost only once before the neighbour", SILENT,
	{"silence", 3, 0, 2, ISP}, {9, true, LAST, NULL, NULL, NULL, NULL, 1},
	false, FAILS(CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED)},
    {"silence where the neighbour is two hops farther", SILENT,
	{"silence", 7, 0, 2, ISP}, {9, true, LAST, NULL, NULL, NULL, NULL, 2},
	false, FAILS(CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED)},
    {"silence of the host's own address, which passes its other port on",
	SILENT, {"silence", 8, 0, 0, ISP},
	{9, false, ADDRESS, NULL, NULL, NULL, NULL, 2}, false,
	FAILS(CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED)},
    {"silence of what accepts behind an inner router", SILENT,
	{"silence", 3, 0, 0, INNER},
	{3, false, INNER, INNER, NULL, "silence", NULL, 0}, false,
	FAILS(CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED)},
    {"silence from the last router on, another port answers", SILENT,
	{"far", 8, 0, 0, ISP}, {9, false, LAST, LAST, NULL, "silence", NULL, 0},
	false, FAILS(CAUSE_TCP_TIMEOUT, ZONE_VENDOR)},
    {"silence from the last router on, a neighbour answers", SILENT,
	{"far", 8, 0, 0, ISP}, {9, true, LAST, LAST, NULL, "silence", NULL, 0},
	false, FAILS(CAUSE_TCP_TIMEOUT, ZONE_VENDOR)},
    {"silence from another router on than the neighbour's", SILENT,
	{"far", 8, 0, 0, ISP},
	{9, true, LAST, OTHER_LAST, NULL, "silence", NULL, 0}, false,
	FAILS(CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED)},
    {"silence from the last router on, nobody else answers", SILENT,
	{"far", 8, 0, 0, ISP}, {9, false, LAST, LAST, NULL, "silence", NULL, 0},
	true, FAILS(CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED)},
    {"UDP that got to the last router", SILENT_UDP, {"far", 8, 0, 0, ISP},
	{9, false, LAST, LAST, NULL, "silence", NULL, 0}, false,
	OUTCOME_UNPROVEN, CAUSE_UDP_SILENT, ZONE_UNDETERMINED},
    {"UDP that was lost before", SILENT_UDP, {"silence", 3, 0, 2, ISP},
	{9, true, LAST, NULL, NULL, NULL, NULL, 2}, false,
	FAILS(CAUSE_UDP_SILENT, ZONE_BEYOND_SITE)},
    {"silence, and no ICMP at all", SILENT, {"silence", 2, 0, 0, NULL},
	NO_DISTANCE, false, FAILS(CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED)},
    {"UDP silence, and no ICMP at all", SILENT_UDP, {"silence", 2, 0, 0, NULL},
	NO_DISTANCE, false, OUTCOME_UNPROVEN, CAUSE_UDP_SILENT,
	ZONE_UNDETERMINED},
};

static void
check_row(const struct row *row)
{
	struct record *r = case_new();
	struct need *n = zone_flow(r, row->protocol, ADDRESS, row->rung,
	    row->failure, row->offender);

	if (row->walk.end != NULL)
		zone_walk(r, ADDRESS, row->protocol, &row->walk);
	if (row->distance.ttl != 0)
		zone_distance(r, row->protocol, &row->distance);
	if (!row->alone)
		zone_witness(r, WITNESS);
	judge_record(r);
	ck_assert_msg(n->outcome == row->outcome && n->cause == row->cause &&
		n->zone == row->zone,
	    "%s: %s, %s, %s", row->what,
	    word_name(&words_outcome, (int)n->outcome),
	    word_name(&words_cause, (int)n->cause),
	    word_name(&words_zone, (int)n->zone));
	record_free(r);
}

START_TEST(evidence_names_the_place)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(&rows[i]);
}
END_TEST

/* What would be said of a port that the host itself refuses. */
static enum zone
refused_with(struct record *r)
{
	const struct zone_distance d = {9, false, LAST, LAST, NULL, "reset",
	    NULL, 0};
	const struct zone_walk w = {"far", 8, 0, 0, ISP};
	struct need *n = zone_flow(r, PROTO_TCP, ADDRESS, RUNG_REJECTED,
	    CAUSE_TCP_RESET, NULL);
	enum zone zone;

	zone_walk(r, ADDRESS, PROTO_TCP, &w);
	zone_distance(r, PROTO_TCP, &d);
	judge_record(r);
	zone = n->zone;
	record_free(r);
	return zone;
}

START_TEST(only_a_true_witness_makes_it_the_vendors)
{
	struct record *r = case_new();

	zone_witness(r, WITNESS);
	ck_assert_int_eq(refused_with(r), ZONE_VENDOR);
	/* The same host. */
	r = case_new();
	zone_witness(r, ADDRESS);
	ck_assert_int_eq(refused_with(r), ZONE_UNDETERMINED);
	/* A device of the site. */
	r = case_new();
	zone_witness(r, "10.20.30.60");
	ck_assert_int_eq(refused_with(r), ZONE_UNDETERMINED);
	/* Somewhere else in the customer's house. */
	r = case_new();
	zone_witness(r, "10.99.0.60");
	ck_assert_int_eq(refused_with(r), ZONE_UNDETERMINED);
	/* Two minutes earlier. */
	r = case_new();
	zone_witness(r, WITNESS)->started_us -= 120000000;
	ck_assert_int_eq(refused_with(r), ZONE_UNDETERMINED);
	/* Accepted, and no more. */
	r = case_new();
	zone_witness(r, WITNESS)->rung = RUNG_TRANSPORT;
	ck_assert_int_eq(refused_with(r), ZONE_UNDETERMINED);
	/* Answered by another certificate. */
	r = case_new();
	zone_witness(r, WITNESS)->failure = CAUSE_TLS_UNTRUSTED;
	ck_assert_int_eq(refused_with(r), ZONE_UNDETERMINED);
	/* By the other family. */
	r = case_new();
	zone_witness(r, "2001:db8:5a::18");
	ck_assert_int_eq(refused_with(r), ZONE_UNDETERMINED);
}
END_TEST

START_TEST(a_gateway_without_a_way_out_explains_all_silence)
{
	struct record *r = case_new();
	struct need *n = zone_flow(r, PROTO_UDP, ADDRESS, RUNG_SILENCE,
	    CAUSE_UDP_SILENT, NULL);

	zone_flow(r, PROTO_TCP, "203.0.113.20", RUNG_REJECTED,
	    CAUSE_NET_UNREACHABLE, GATEWAY);
	zone_flow(r, PROTO_TCP, "203.0.113.21", RUNG_REJECTED,
	    CAUSE_NET_UNREACHABLE, GATEWAY);
	judge_record(r);
	/* Of one network only. */
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	zone_flow(r, PROTO_TCP, "198.51.100.21", RUNG_REJECTED,
	    CAUSE_NET_UNREACHABLE, GATEWAY);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_NET_UNREACHABLE);
	ck_assert_int_eq(n->zone, ZONE_GATEWAY);
	/* Something outside answers. */
	zone_witness(r, WITNESS);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	record_free(r);
}
END_TEST

/* A gateway says why only so often; what it says of a port holds for all
 * whom it keeps from that port. */
START_TEST(what_is_said_of_a_port_holds_for_its_silence)
{
	const struct zone_walk there = {"silence", 2, 2, 0, NULL};
	const struct zone_walk behind = {"silence", 3, 2, 0, ISP};
	struct record *r = case_new();
	struct need *a = zone_flow(r, PROTO_TCP, ADDRESS, RUNG_SILENCE,
	    CAUSE_TCP_TIMEOUT, NULL);
	struct need *b = zone_flow(r, PROTO_TCP, "192.0.2.8", RUNG_SILENCE,
	    CAUSE_TCP_TIMEOUT, NULL);

	zone_walk(r, ADDRESS, PROTO_TCP, &there);
	zone_walk(r, "192.0.2.8", PROTO_TCP, &behind);
	judge_record(r);
	ck_assert_int_eq(a->cause, CAUSE_TCP_TIMEOUT);
	zone_flow(r, PROTO_TCP, "203.0.113.20", RUNG_REJECTED,
	    CAUSE_ADMIN_PROHIBITED, GATEWAY);
	judge_record(r);
	ck_assert_int_eq(a->cause, CAUSE_ADMIN_PROHIBITED);
	ck_assert_int_eq(a->zone, ZONE_GATEWAY);
	/* That is lost by somebody else. */
	ck_assert_int_eq(b->cause, CAUSE_TCP_TIMEOUT);
	ck_assert_int_eq(b->zone, ZONE_BEYOND_SITE);
	record_free(r);
}
END_TEST

START_TEST(a_condition_fails_for_the_reason_that_was_found)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.kept", PROTO_TCP, 5113,
	    RUNG_APP_REPLY);

	case_spec(r, n, "tcp_idle", NULL, ADDRESS, 5113);
	case_seen(r, n, 0, ADDRESS, RUNG_SILENCE, CAUSE_TCP_TIMEOUT)
	    ->nature = NATURE_CONDITION;
	zone_flow(r, PROTO_TCP, ADDRESS, RUNG_REJECTED, CAUSE_ADMIN_PROHIBITED,
	    GATEWAY);
	judge_record(r);
	ck_assert_int_eq(n->cause, CAUSE_ADMIN_PROHIBITED);
	ck_assert_int_eq(n->zone, ZONE_GATEWAY);
	record_free(r);
}
END_TEST

/* Where the record has a router at that hop. */
static void
add_hop(struct record *r, const char *address, int ttl, const char *from)
{
	const struct zone_walk w = {"time_exceeded", ttl, 0, 0, from};
	struct observation *o = zone_walk(r, address, PROTO_TCP, &w);
	struct attempt *a = arena_push(r->arena, o->attempts, o->nattempts);

	memset(a, 0, sizeof *a);
	a->ttl = ttl;
	a->icmp_type = 11;
	a->result = arena_strdup(r->arena, "time_exceeded");
	a->from = arena_strdup(r->arena, from);
}

START_TEST(a_private_router_behind_a_public_one_is_not_the_sites)
{
	struct record *r = case_new();
	struct need *n = zone_flow(r, PROTO_TCP, ADDRESS, RUNG_REJECTED,
	    CAUSE_ADMIN_PROHIBITED, "10.99.0.1");

	add_hop(r, WITNESS, 2, ISP);
	add_hop(r, WITNESS, 3, "10.99.0.1");
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_BEYOND_SITE);
	record_free(r);
}
END_TEST

START_TEST(a_box_with_a_private_address_may_have_a_public_one_by_ipv6)
{
	const struct zone_walk w = {"silence", 3, 2, 0, "2001:db8:ff::1"};
	struct record *r = case_new();
	struct need *n = zone_flow(r, PROTO_TCP, "2001:db8:1::7", RUNG_SILENCE,
	    CAUSE_TCP_TIMEOUT, NULL);

	zone_walk(r, "2001:db8:1::7", PROTO_TCP, &w);
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_BEYOND_SITE);
	add_hop(r, WITNESS, 2, INNER);
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	record_free(r);
}
END_TEST

START_TEST(a_gateway_may_speak_by_another_of_its_addresses)
{
	struct record *r = case_new();
	struct need *n = zone_flow(r, PROTO_TCP, ADDRESS, RUNG_REJECTED,
	    CAUSE_ADMIN_PROHIBITED, ISP);
	struct need *six = zone_flow(r, PROTO_TCP, "2001:db8:1::7",
	    RUNG_REJECTED, CAUSE_NET_UNREACHABLE, "2001:db8:30::1");

	strlist_add(r->arena, &r->vantage.addresses, "2001:db8:30::50/64");
	r->vantage.gateway6 = arena_strdup(r->arena, "fe80::1");
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_BEYOND_SITE);
	ck_assert_int_eq(six->zone, ZONE_GATEWAY);
	/* A server on the internet sees the site under that address. */
	case_detail_str(zone_witness(r, WITNESS), "mapped_address", ISP);
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_GATEWAY);
	add_hop(r, "203.0.113.10", 2, INNER);
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_SITE_PERIMETER);
	record_free(r);
}
END_TEST

/* A firewall of the site takes what goes to port 443 itself and drops the
 * rest; the host's port 443 that was measured is its own. */
START_TEST(what_accepts_for_others_is_not_the_vendor)
{
	const struct zone_distance d = {9, false, LAST, LAST, NULL, "silence",
	    NULL, 0};
	const struct zone_walk w = {"far", 8, 0, 0, ISP};
	struct record *r = case_new();
	struct need *n = zone_flow(r, PROTO_TCP, ADDRESS, RUNG_SILENCE,
	    CAUSE_TCP_TIMEOUT, NULL);
	struct observation *canary;

	zone_walk(r, ADDRESS, PROTO_TCP, &w);
	case_detail_str(zone_distance(r, PROTO_TCP, &d), "yardstick",
	    ADDRESS " 443");
	zone_witness(r, WITNESS);
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_VENDOR);
	canary = case_locate(r, "203.0.113.199", PROTO_TCP, 443, "accepted", 0,
	    false);
	canary->probe = arena_strdup(r->arena, "canary");
	canary->rung = RUNG_TRANSPORT;
	canary->failure = CAUSE_PROXY_ONLY;
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	record_free(r);
}
END_TEST

/* A vendor's router passes port 443 on to a server behind it, by a packet that
 * expired under its own address; a datagram that it drops got as far as it
 * should, and may not even want an answer. */
START_TEST(silence_at_a_host_that_passes_other_ports_on_has_no_place)
{
	const struct zone_walk w = {"silence", 6, 2, 0, ISP};
	struct record *r = case_new();
	struct need *n = zone_flow(r, PROTO_UDP, ADDRESS, RUNG_SILENCE,
	    CAUSE_UDP_SILENT, NULL);
	struct observation *o = zone_walk(r, ADDRESS, PROTO_UDP, &w);
	struct attempt *a;

	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_BEYOND_SITE);
	a = arena_push(r->arena, o->attempts, o->nattempts);
	memset(a, 0, sizeof *a);
	a->result = arena_strdup(r->arena, "control_answered");
	a->ttl = 6;
	a->icmp_type = 11;
	a->from = arena_strdup(r->arena, ADDRESS);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	record_free(r);
}
END_TEST

HARNESS("judge zones", evidence_names_the_place,
    only_a_true_witness_makes_it_the_vendors,
    a_gateway_without_a_way_out_explains_all_silence,
    what_is_said_of_a_port_holds_for_its_silence,
    a_condition_fails_for_the_reason_that_was_found,
    a_private_router_behind_a_public_one_is_not_the_sites,
    a_box_with_a_private_address_may_have_a_public_one_by_ipv6,
    a_gateway_may_speak_by_another_of_its_addresses,
    what_accepts_for_others_is_not_the_vendor,
    silence_at_a_host_that_passes_other_ports_on_has_no_place)
