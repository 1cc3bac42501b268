/* SPDX-License-Identifier: MIT */
/* Promises of the judge about evidence that is weaker than it looks: a first
 * hop that is not the gateway, and the order in which things were seen. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

#define ADDRESS "192.0.2.7"
#define ISP "198.51.100.1"

/* The flow is lost where packets with a life of two hops end, or was reset
 * there; packets with a life of one hop end at `first`. */
static enum zone
zone_behind(const char *first, const char *mapped, const char *end)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.n", PROTO_TCP, 5113, RUNG_TRANSPORT);
	bool reset = strcmp(end, "reset") == 0;
	struct observation *o;
	enum zone zone;

	case_spec(r, n, "tcp", NULL, ADDRESS, 5113);
	o = case_seen(r, n, 0, ADDRESS, reset ? RUNG_REJECTED : RUNG_SILENCE,
	    reset ? CAUSE_TCP_RESET : CAUSE_TCP_TIMEOUT);
	if (mapped != NULL)
		case_detail_str(o, "mapped_address", mapped);
	if (strcmp(end, "icmp") == 0) {
		o->rung = RUNG_REJECTED;
		o->failure = CAUSE_ADMIN_PROHIBITED;
		o->offender = arena_strdup(r->arena, first);
	}
	o = case_locate(r, ADDRESS, PROTO_TCP, 5113, end, 2, false);
	case_detail_int(o, "controlled", 2);
	case_detail_str(o, "gateway_hop", first);
	case_detail_str(o, "last_hop", first);
	case_detail_int(o, "last_ttl", 1);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	zone = n->zone;
	record_free(r);
	return zone;
}

/* A firewall that takes nothing from the life of packets: the first to say
 * that one ended is the provider's router behind it. */
START_TEST(who_answers_first_need_not_be_the_gateway)
{
	static const char *const ends[] = {"silence", "reset", "icmp"};
	size_t i;

	for (i = 0; i < sizeof ends / sizeof *ends; i++) {
		ck_assert_int_eq(zone_behind("10.20.30.1", NULL, ends[i]),
		    ZONE_GATEWAY);
		/* One of two that share the gateway's address. */
		ck_assert_int_eq(zone_behind("10.20.30.3", NULL, ends[i]),
		    ZONE_GATEWAY);
		ck_assert_int_eq(zone_behind(ISP, NULL, ends[i]),
		    ZONE_UNDETERMINED);
		/* The site is seen from outside under that address. */
		ck_assert_int_eq(zone_behind(ISP, ISP, ends[i]), ZONE_GATEWAY);
	}
}
END_TEST

static char *
ruled_out_in_order(const char *first, const char *second)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.dns", PROTO_UDP, 53, RUNG_APP_REPLY);
	const char *const names[] = {first, second, "c.example"};
	char *text = arena_strdup(r->arena, ""), *out;
	size_t i;

	for (i = 0; i < 3; i++) {
		case_spec(r, n, "dns", names[i], NULL, 53);
		case_name(r, names[i], i < 2 ? CAUSE_NONE : CAUSE_DNS_NXDOMAIN,
		    i < 2 ? ADDRESS : "");
	}
	judge_record(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	for (i = 0; i < r->diagnoses[0].ruled_out.count; i++)
		text = arena_printf(r->arena, "%s %s", text,
		    r->diagnoses[0].ruled_out.item[i]);
	out = mem_strdup(text);
	record_free(r);
	return out;
}

START_TEST(examples_do_not_depend_on_who_was_first)
{
	char *a = ruled_out_in_order("a.example", "b.example");
	char *b = ruled_out_in_order("b.example", "a.example");

	ck_assert_ptr_nonnull(strstr(a, "a.example, b.example"));
	ck_assert_str_eq(a, b);
	mem_free(a);
	mem_free(b);
}
END_TEST

/* Two vendors' hosts under the same name of an authority that is not known
 * here: a box that mints, unless a public log has seen what they show. */
START_TEST(a_new_public_root_is_no_interception)
{
	static const char *const hosts[] = {"a.one.example", "b.two.test"};
	struct need *n;
	struct observation *o;
	int i, logged;

	for (logged = 0; logged < 2; logged++) {
		struct record *r = case_new();

		for (i = 0; i < 2; i++) {
			n = case_need(r, hosts[i], PROTO_TCP, 443,
			    RUNG_TLS_EXPECTED);
			case_spec(r, n, "tls", hosts[i], NULL, 443);
			o = case_seen(r, n, 0, i == 0 ? ADDRESS : ISP,
			    RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED);
			case_detail_str(o, "top_issuer", "CN=New Root,C=US");
			case_detail_bool(o, "has_scts", logged == 1);
		}
		judge_record(r);
		ck_assert_int_eq(n->outcome,
		    logged ? OUTCOME_UNPROVEN : OUTCOME_FAIL);
		ck_assert_int_eq(n->cause,
		    logged ? CAUSE_TLS_UNTRUSTED : CAUSE_TLS_INTERCEPTED);
		record_free(r);
	}
}
END_TEST

/* Web servers come with the same first page everywhere. */
START_TEST(the_same_page_of_two_vendors_is_not_proved_to_be_false)
{
	static const char *const hosts[] = {"a.one.example", "b.two.test"};
	struct record *r = case_new();
	struct need *n;
	struct observation *o;
	int i;

	for (i = 0; i < 2; i++) {
		n = case_need(r, hosts[i], PROTO_TCP, 80, RUNG_APP_REPLY);
		n->product = arena_strdup(r->arena, hosts[i]);
		n->to.name = arena_strdup(r->arena, hosts[i]);
		case_spec(r, n, "http", hosts[i], NULL, 80);
		o = case_seen(r, n, 0, i == 0 ? ADDRESS : ISP, RUNG_APP_REPLY,
		    CAUSE_NONE);
		case_detail_int(o, "status", 200);
		case_detail_str(o, "body_sha256", "565339bc4d33d728");
	}
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(n->cause, CAUSE_HTTP_BLOCKPAGE);
	/* A box on the first hop answered it. */
	case_locate(r, ISP, PROTO_TCP, 80, "accepted", 1, false);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->zone, ZONE_GATEWAY);
	record_free(r);
}
END_TEST

/* Numbers of a stranger's file: no walk has so many hops, no clock is so wrong.
 */
START_TEST(no_number_is_too_large_to_judge)
{
	static const int64_t numbers[] = {INT64_MAX, INT64_MIN, INT64_MAX - 1};
	struct record *r = case_new();
	struct need *n = case_need(r, "p.n", PROTO_TCP, 5113, RUNG_TRANSPORT);
	struct need *t = case_need(r, "p.t", PROTO_UDP, 123, RUNG_APP_REPLY);
	struct observation *o;
	size_t i;

	case_spec(r, n, "tcp", NULL, ADDRESS, 5113);
	case_seen(r, n, 0, ADDRESS, RUNG_SILENCE, CAUSE_TCP_TIMEOUT);
	o = case_locate(r, ADDRESS, PROTO_TCP, 5113, "silence", 3, true);
	case_detail_int(o, "controlled", 2);
	case_detail_str(o, "last_hop", "192.168.178.1");
	case_detail_int(o, "last_ttl", INT64_MAX);
	case_spec(r, t, "ntp", NULL, "192.0.2.123", 123);
	for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
		case_time(r, t, numbers[i]);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(t->outcome, OUTCOME_FAIL);
	record_free(r);
}
END_TEST

HARNESS("judge order", who_answers_first_need_not_be_the_gateway,
    examples_do_not_depend_on_who_was_first, no_number_is_too_large_to_judge,
    a_new_public_root_is_no_interception,
    the_same_page_of_two_vendors_is_not_proved_to_be_false)
