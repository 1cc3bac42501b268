/* SPDX-License-Identifier: MIT */
/* Promises of the judge about the site's own resolvers: dead ones, liars, and
 * what cannot be blamed on them. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/evidence.h"
#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

#define HOST "zdial.vendor.example"

#define ck_judged(n, want_outcome, want_cause, want_zone) \
	do { \
		ck_assert_str_eq(word_name(&words_outcome, (int)(n)->outcome), \
		    word_name(&words_outcome, want_outcome)); \
		ck_assert_str_eq(word_name(&words_cause, (int)(n)->cause), \
		    word_name(&words_cause, want_cause)); \
		ck_assert_str_eq(word_name(&words_zone, (int)(n)->zone), \
		    word_name(&words_zone, want_zone)); \
	} while (0)

static void
addresses(struct observation *o, const char *one, const char *two)
{
	json_t *list = json_array();

	json_array_append_new(list, json_string(one));
	if (two != NULL)
		json_array_append_new(list, json_string(two));
	json_object_set_new(o->detail, "addresses", list);
}

static struct observation *
looked_up(struct record *r, const char *id, const char *host, const char *by,
    const char *passed_over)
{
	struct need *n = case_need(r, id, PROTO_UDP, 53, RUNG_APP_REPLY);
	struct observation *o;
	json_t *list = json_array();

	case_spec(r, n, "dns", host, NULL, 53);
	n->to.kind = DEST_RESOLVER;
	case_name(r, host, CAUSE_NONE, "192.0.2.7");
	o = &r->observations[r->nobservations - 1];
	case_detail_str(o, "server", by);
	if (passed_over != NULL)
		json_array_append_new(list, json_string(passed_over));
	json_object_set_new(o->detail, "passed_over", list);
	return o;
}

START_TEST(a_server_is_dead_that_never_answers)
{
	struct record *r = case_new();
	struct need *n, *flow;

	looked_up(r, "a", "a.example", "10.20.30.1", "10.20.30.9");
	judge_record(r);
	n = record_need(r, "a");
	/* Once: a packet may have been lost. */
	ck_judged(n, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE);
	looked_up(r, "b", "b.example", "10.20.30.1", "10.20.30.9");
	flow = case_need(r, "f", PROTO_TCP, 443, RUNG_TRANSPORT);
	case_spec(r, flow, "tcp", "a.example", NULL, 443);
	case_seen(r, flow, 0, "192.0.2.7", RUNG_TRANSPORT, CAUSE_NONE);
	judge_record(r);
	n = record_need(r, "a");
	ck_judged(n, OUTCOME_MARGINAL, CAUSE_DNS_TIMEOUT, ZONE_LAN);
	ck_assert(strstr(n->summary, "10.20.30.9") != NULL);
	/* The name is known, so nothing hangs on it. */
	ck_judged(record_need(r, "f"), OUTCOME_PASS, CAUSE_NONE, ZONE_NONE);
	ck_assert_int_eq(record_exit_status(r), 0);
	/* It did answer something: it is not dead. */
	looked_up(r, "c", "c.example", "10.20.30.9", NULL);
	judge_record(r);
	ck_judged(record_need(r, "a"), OUTCOME_PASS, CAUSE_NONE, ZONE_NONE);
	record_free(r);
}
END_TEST

/* fe80::2 is on the same cable, whatever addresses the laptop has. */
START_TEST(a_server_of_the_link_is_in_the_local_network)
{
	struct record *r = case_new();

	r->vantage.resolvers.item[0] = arena_strdup(r->arena, "fe80::2");
	ck_assert_int_eq(evidence_resolver_zone(r), ZONE_LAN);
	record_free(r);
}
END_TEST

/* What a resolver cannot find out may be the fault of the name's own. */
START_TEST(whose_fault_a_failed_look_up_is_nobody_knows)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "dns", PROTO_UDP, 53, RUNG_APP_REPLY);

	case_spec(r, n, "dns", "a.example", NULL, 53);
	case_name(r, "a.example", CAUSE_DNS_SERVFAIL, "");
	judge_record(r);
	ck_judged(n, OUTCOME_FAIL, CAUSE_DNS_SERVFAIL, ZONE_UNDETERMINED);
	record_free(r);
}
END_TEST

static void
owner_says(struct record *r, const char *host, enum rung rung,
    enum cause failure, const char *address)
{
	struct observation o;

	memset(&o, 0, sizeof o);
	o.id = arena_strdup(r->arena, "o90");
	o.probe = arena_strdup(r->arena, "dns_owner");
	o.key = arena_printf(r->arena, "dns_owner %s", host);
	o.nature = NATURE_CONDITION;
	o.protocol = PROTO_UDP;
	o.port = 53;
	o.rung = rung;
	o.failure = failure;
	o.detail = json_object();
	o.host = arena_strdup(r->arena, host);
	if (address != NULL)
		addresses(&o, address, NULL);
	record_add_observation(r, &o);
	json_decref(o.detail);
}

/* Who says so alone may be wrong, or lie: the name's own server knows. */
START_TEST(whether_a_name_is_gone_its_own_server_tells)
{
	static const struct {
		const char *host;
		enum rung rung;
		enum cause failure;
		const char *address;
		enum zone zone;
	} rows[] = {
	    {"a.example", RUNG_APP_REPLY, CAUSE_NONE, "192.0.2.9",
		ZONE_GATEWAY},
	    {"a.example", RUNG_APP_REPLY, CAUSE_DNS_NXDOMAIN, NULL,
		ZONE_VENDOR},
	    /* An alias to elsewhere, and what is there nobody asked. */
	    {"a.example", RUNG_APP_REPLY, CAUSE_NONE, NULL, ZONE_UNDETERMINED},
	    {"a.example", RUNG_SILENCE, CAUSE_NONE, NULL, ZONE_UNDETERMINED},
	    {"b.example", RUNG_APP_REPLY, CAUSE_NONE, "192.0.2.9",
		ZONE_UNDETERMINED},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record *r = case_new();
		struct need *n = case_need(r, "dns", PROTO_UDP, 53,
		    RUNG_APP_REPLY);

		case_spec(r, n, "dns", "a.example", NULL, 53);
		case_name(r, "a.example", CAUSE_DNS_NXDOMAIN, "");
		owner_says(r, rows[i].host, rows[i].rung, rows[i].failure,
		    rows[i].address);
		judge_record(r);
		ck_judged(n, OUTCOME_FAIL, CAUSE_DNS_NXDOMAIN, rows[i].zone);
		record_free(r);
	}
}
END_TEST

/* Nobody listens by TCP next door; from afar a box may have cut it off. */
START_TEST(a_resolver_that_refuses_tcp_is_told_from_a_reset)
{
	static const struct {
		const char *server;
		enum cause cause;
	} rows[] = {
	    {"10.20.30.1", CAUSE_TCP_REFUSED},
	    {"10.20.30.9", CAUSE_TCP_REFUSED},
	    {"192.0.2.53", CAUSE_TCP_RESET},
	};
	struct observation *o;
	struct record *r;
	struct need *n;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		r = case_new();
		n = case_need(r, "dns", PROTO_TCP, 53, RUNG_APP_REPLY);
		case_spec(r, n, "dns", "a.example", NULL, 53);
		o = case_name(r, "a.example", CAUSE_TCP_RESET, "");
		o->rung = RUNG_REJECTED;
		case_detail_str(o, "server", rows[i].server);
		judge_record(r);
		ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
		ck_assert_int_eq(n->cause, rows[i].cause);
		record_free(r);
	}
}
END_TEST

/* An address for names that nobody has is no vendor's. */
START_TEST(an_invented_address_is_not_the_vendors)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "dns", PROTO_UDP, 53, RUNG_APP_REPLY);
	struct need *h = case_need(r, "h", PROTO_UDP, 53, RUNG_APP_REPLY);
	struct observation *o;
	json_t *list = json_array();

	case_spec(r, n, "dns", "a.example", NULL, 53);
	case_name(r, "a.example", CAUSE_NONE, "192.0.2.80");
	case_spec(r, h, "dns_honesty", NULL, NULL, 53);
	o = case_seen(r, h, 0, NULL, RUNG_APP_REPLY, CAUSE_DNS_REWRITTEN);
	json_array_append_new(list, json_string("192.0.2.81"));
	json_object_set_new(o->detail, "invented", list);
	case_detail_bool(o, "warn", true);
	judge_record(r);
	ck_judged(n, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE);
	json_array_append_new(list, json_string("192.0.2.80"));
	judge_record(r);
	ck_judged(n, OUTCOME_FAIL, CAUSE_DNS_REWRITTEN, ZONE_GATEWAY);
	record_free(r);
}
END_TEST

/* It passes on the flags of the true server, but stands where something else
 * answers for an address without a DNS server. */
START_TEST(an_honest_looking_box_is_known_by_where_it_stands)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "s", PROTO_UDP, 53, RUNG_APP_REPLY);
	struct need *x = case_need(r, "x", PROTO_NONE, 0, RUNG_APP_REPLY);
	struct observation *o, *seen;

	case_spec(r, n, "dns_server", HOST, "192.0.2.61", 53);
	seen = case_seen(r, n, 0, "192.0.2.61", RUNG_APP_REPLY, CAUSE_NONE);
	case_detail_bool(seen, "aa", true);
	case_detail_bool(seen, "ra", true);
	case_detail_int(seen, "near_hops", 2);
	judge_record(r);
	ck_judged(n, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE);
	case_spec(r, x, "dns_redirect", NULL, "192.0.2.99", 53);
	o = case_seen(r, x, 0, "192.0.2.99", RUNG_APP_REPLY,
	    CAUSE_DNS_INTERCEPTED);
	case_detail_int(o, "near_hops", 2);
	judge_record(r);
	ck_judged(n, OUTCOME_FAIL, CAUSE_DNS_INTERCEPTED, ZONE_BEYOND_SITE);
	record_free(r);
}
END_TEST

HARNESS("judge resolvers", a_server_of_the_link_is_in_the_local_network,
    a_server_is_dead_that_never_answers,
    whose_fault_a_failed_look_up_is_nobody_knows,
    whether_a_name_is_gone_its_own_server_tells,
    a_resolver_that_refuses_tcp_is_told_from_a_reset,
    an_invented_address_is_not_the_vendors,
    an_honest_looking_box_is_known_by_where_it_stands)
