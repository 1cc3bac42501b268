/* SPDX-License-Identifier: MIT */
/* Promises of the judge about certificates and clocks: who made a
 * certificate is told only with proof, and a wrong laptop clock is never
 * blamed on one. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

static struct need *
tls_need(struct record *r, const char *id, const char *host, enum rung required)
{
	struct need *n = case_need(r, id, PROTO_TCP, 5113, required);

	case_spec(r, n, "tls", host, NULL, 5113);
	case_name(r, host, CAUSE_NONE, "192.0.2.7");
	return n;
}

static struct observation *
shown(struct record *r, const struct need *n, enum cause failure,
    const char *top)
{
	struct observation *o = case_seen(r, n, 0, "192.0.2.7",
	    failure == CAUSE_NONE ? RUNG_TLS_EXPECTED : RUNG_TLS_OTHER,
	    failure);

	case_detail_bool(o, "public_root", failure != CAUSE_TLS_UNTRUSTED);
	case_detail_str(o, "top_issuer", top);
	case_dates(o, -100, 100);
	return o;
}

START_TEST(the_expected_certificate_passes)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", RUNG_TLS_EXPECTED);

	shown(r, n, CAUSE_NONE, "CN=Public");
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_PASS);
	ck_assert_int_eq(n->rung, RUNG_TLS_EXPECTED);
	ck_assert_int_eq(n->path, PATH_DIRECT);
	record_free(r);
}
END_TEST

START_TEST(an_authority_that_only_the_laptop_trusts_is_interception)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", RUNG_TLS_EXPECTED);

	case_detail_bool(shown(r, n, CAUSE_TLS_UNTRUSTED, "CN=Office"),
	    "laptop_root", true);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_TLS_INTERCEPTED);
	ck_assert_int_eq(n->path, PATH_INTERCEPTED);
	ck_assert_int_eq(record_exit_status(r), 1);
	record_free(r);
}
END_TEST

static void
two_owners(const char *host, const char *top, enum outcome outcome,
    enum cause cause)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "www.a.example", RUNG_TLS_EXPECTED);
	struct need *m = tls_need(r, "p.y", host, RUNG_TLS_EXPECTED);

	shown(r, n, CAUSE_TLS_UNTRUSTED, "CN=Box");
	shown(r, m, CAUSE_TLS_UNTRUSTED, top);
	judge_record(r);
	ck_assert_int_eq(n->outcome, outcome);
	ck_assert_int_eq(n->cause, cause);
	ck_assert_int_eq(m->outcome, outcome);
	ck_assert_int_eq(m->cause, cause);
	record_free(r);
}

START_TEST(one_unknown_authority_for_two_owners_is_interception)
{
	two_owners("www.b.example", "CN=Box", OUTCOME_FAIL,
	    CAUSE_TLS_INTERCEPTED);
	/* Two hosts of one owner may have an authority of their own. */
	two_owners("api.a.example", "CN=Box", OUTCOME_UNPROVEN,
	    CAUSE_TLS_UNTRUSTED);
	two_owners("www.b.example", "CN=Other", OUTCOME_UNPROVEN,
	    CAUSE_TLS_UNTRUSTED);
}
END_TEST

START_TEST(an_unknown_authority_alone_is_unproven)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", RUNG_TLS_EXPECTED);

	shown(r, n, CAUSE_TLS_UNTRUSTED, "CN=Whoever");
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(n->cause, CAUSE_TLS_UNTRUSTED);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	ck_assert_int_eq(record_exit_status(r), 3);
	record_free(r);
}
END_TEST

START_TEST(a_key_that_the_pack_names_and_that_did_not_sign_fails)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", RUNG_TLS_EXPECTED);

	case_detail_str(shown(r, n, CAUSE_TLS_UNTRUSTED, "CN=Copied"),
	    "expected_issuer", "arm-bootstrap");
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_TLS_UNTRUSTED);
	record_free(r);
}
END_TEST

/* The name can be copied, the key cannot: with the box that stands in for the
 * server on the first hop, or with the key seen in use, it is proved. */
START_TEST(a_copied_issuer_is_interception_where_it_is_proved)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", RUNG_TLS_EXPECTED);

	case_detail_str(shown(r, n, CAUSE_TLS_UNTRUSTED, "CN=Vendor"),
	    "expected_issuer", "vendor");
	case_locate(r, "192.0.2.7", PROTO_TCP, 5113, "accepted", 1, false);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_TLS_INTERCEPTED);
	ck_assert_int_eq(n->zone, ZONE_GATEWAY);
	ck_assert_int_eq(n->path, PATH_INTERCEPTED);
	record_free(r);
}
END_TEST

START_TEST(a_key_that_is_in_use_elsewhere_proves_it_too)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", RUNG_TLS_EXPECTED);
	struct need *m = case_need(r, "p.y", PROTO_TCP, 443, RUNG_TLS_EXPECTED);
	struct observation *good;

	case_detail_str(shown(r, n, CAUSE_TLS_UNTRUSTED, "CN=Vendor"),
	    "expected_issuer", "vendor");
	case_spec(r, m, "tls", "a.example", NULL, 443);
	good = shown(r, m, CAUSE_NONE, "CN=Vendor");
	case_detail_str(good, "expected_issuer", "vendor");
	case_detail_bool(good, "key_match", true);
	judge_record(r);
	ck_assert_int_eq(n->cause, CAUSE_TLS_INTERCEPTED);
	ck_assert_int_eq(m->outcome, OUTCOME_PASS);
	/* Another authority's key says nothing of this one. */
	case_detail_str(good, "expected_issuer", "other");
	judge_record(r);
	ck_assert_int_eq(n->cause, CAUSE_TLS_UNTRUSTED);
	record_free(r);
}
END_TEST

/* A proxy that passes TLS on unchanged accepts on the first hop as well; only
 * a known key tells the two apart. */
START_TEST(a_box_that_accepts_is_not_yet_one_that_mints)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", RUNG_TLS_EXPECTED);

	shown(r, n, CAUSE_TLS_UNTRUSTED, "CN=Private");
	case_locate(r, "192.0.2.7", PROTO_TCP, 5113, "accepted", 1, false);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(n->cause, CAUSE_TLS_UNTRUSTED);
	record_free(r);
}
END_TEST

static void
judge_cut(const char *address, const char *ttl2, enum zone zone)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", RUNG_TLS_EXPECTED);
	struct observation *o = case_seen(r, n, 0, address, RUNG_TRANSPORT,
	    CAUSE_TLS_RESET_AFTER_HELLO);

	if (ttl2 != NULL)
		case_detail_str(o, "hello_ttl2", ttl2);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_TLS_RESET_AFTER_HELLO);
	ck_assert_int_eq(n->zone, zone);
	record_free(r);
}

START_TEST(who_cuts_off_a_hello_is_told_by_how_far_it_got)
{
	judge_cut("192.0.2.7", "reset", ZONE_GATEWAY);
	/* The gateway let it out; a server may refuse too. */
	judge_cut("192.0.2.7", "expired", ZONE_UNDETERMINED);
	judge_cut("192.0.2.7", "silence", ZONE_UNDETERMINED);
	judge_cut("192.0.2.7", NULL, ZONE_UNDETERMINED);
	/* It may well have reached a device of the site itself. */
	judge_cut("10.20.30.63", "reset", ZONE_UNDETERMINED);
	judge_cut("10.9.9.9", "reset", ZONE_UNDETERMINED);
}
END_TEST

/* Facts 5.5: a broker that demands the device's certificate. */
START_TEST(a_demand_for_our_certificate_is_all_a_laptop_can_see)
{
	static const struct {
		const char *word;
		enum cause failure;
		enum outcome outcome;
	} rows[] = {
	    {"demanded", CAUSE_NONE, OUTCOME_PASS},
	    {"asked", CAUSE_NONE, OUTCOME_UNPROVEN},
	    {"demanded", CAUSE_TLS_UNTRUSTED, OUTCOME_UNPROVEN},
	    {"demanded", CAUSE_WRONG_PROTOCOL, OUTCOME_FAIL},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record *r = case_new();
		struct need *n = tls_need(r, "p.x", "a.example",
		    RUNG_APP_REPLY);

		case_detail_str(shown(r, n, rows[i].failure, "CN=Public"),
		    "client_certificate", rows[i].word);
		judge_record(r);
		ck_assert_int_eq(n->outcome, rows[i].outcome);
		record_free(r);
	}
}
END_TEST

/* DTLS: certificates as for TLS, silence as for all UDP. */
static void
judge_dtls(enum rung rung, enum cause failure, const char *locate,
    enum outcome outcome, enum zone zone)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.x", PROTO_UDP, 5684,
	    RUNG_TLS_EXPECTED);
	struct observation *o, *found;

	case_spec(r, n, "dtls", "a.example", NULL, 5684);
	case_name(r, "a.example", CAUSE_NONE, "192.0.2.7");
	o = case_seen(r, n, 0, "192.0.2.7", rung, failure);
	case_detail_str(o, "expected_issuer", "vendor");
	case_dates(o, -100, 100);
	if (locate != NULL) {
		found = case_locate(r, "192.0.2.7", PROTO_UDP, 5684, locate, 2,
		    false);
		case_detail_int(found, "controlled", 2);
	}
	judge_record(r);
	ck_assert_int_eq(n->outcome, outcome);
	ck_assert_int_eq(n->zone, zone);
	record_free(r);
}

START_TEST(datagrams_are_judged_by_certificate_and_silence_by_evidence)
{
	judge_dtls(RUNG_TLS_EXPECTED, CAUSE_NONE, NULL, OUTCOME_PASS,
	    ZONE_NONE);
	judge_dtls(RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED, NULL, OUTCOME_FAIL,
	    ZONE_UNDETERMINED);
	judge_dtls(RUNG_SILENCE, CAUSE_UDP_SILENT, NULL, OUTCOME_UNPROVEN,
	    ZONE_UNDETERMINED);
	judge_dtls(RUNG_SILENCE, CAUSE_UDP_SILENT, "silence", OUTCOME_FAIL,
	    ZONE_GATEWAY);
	judge_dtls(RUNG_TRANSPORT, CAUSE_NONE, NULL, OUTCOME_UNPROVEN,
	    ZONE_NONE);
}
END_TEST

START_TEST(any_certificate_does_where_any_was_asked_for)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", RUNG_TLS_OTHER);

	shown(r, n, CAUSE_TLS_UNTRUSTED, "CN=Private");
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_PASS);
	/* But not one that the first hop shows in the server's place. */
	case_locate(r, "192.0.2.7", PROTO_TCP, 5113, "accepted", 1, false);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(n->cause, CAUSE_PROXY_ONLY);
	ck_assert_int_eq(n->zone, ZONE_GATEWAY);
	record_free(r);
}
END_TEST

START_TEST(a_certificate_for_another_name_fails)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", RUNG_TLS_EXPECTED);

	shown(r, n, CAUSE_TLS_NAME_MISMATCH, "CN=Public");
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_TLS_NAME_MISMATCH);
	record_free(r);
}
END_TEST

/* Witnesses: time servers at these offsets (seconds); 0 ends the list. */
static void
judge_dates(int from, int to, const int *offset_s, enum outcome outcome,
    enum cause cause)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", RUNG_TLS_EXPECTED);
	struct need *t;
	char id[16];
	int i;

	case_dates(shown(r, n, CAUSE_NONE, "CN=Public"), from, to);
	for (i = 0; offset_s[i] != 0; i++) {
		snprintf(id, sizeof id, "p.ntp%d", i);
		t = case_need(r, id, PROTO_UDP, 123, RUNG_APP_REPLY);
		case_spec(r, t, "ntp", NULL, id, 123);
		case_time(r, t, offset_s[i] * INT64_C(1000000));
	}
	judge_record(r);
	ck_assert_msg(n->outcome == outcome && n->cause == cause,
	    "%d to %d: %s %s", from, to,
	    word_name(&words_outcome, (int)n->outcome),
	    word_name(&words_cause, (int)n->cause));
	ck_assert(strstr(n->summary, "time server") == NULL);
	record_free(r);
}

#define DAY 86400

START_TEST(dates_are_held_against_the_time_of_the_witnesses)
{
	static const int none[] = {0};
	static const int one[] = {1, 0};
	static const int right[] = {1, 1, 1, 0};
	static const int ahead[] = {-40 * DAY, -40 * DAY, 0};
	static const int behind[] = {400 * DAY, 400 * DAY, 0};
	static const int alone[] = {-40 * DAY, 0};
	static const int split[] = {1, 1, 40 * DAY, 40 * DAY, 0};
	static const int majority[] = {1, 1, 1, -40 * DAY, 0};

	judge_dates(-10, 10, none, OUTCOME_PASS, CAUSE_NONE);
	/* The laptop's clock alone accuses nobody. */
	judge_dates(-20, -10, none, OUTCOME_UNPROVEN, CAUSE_CLOCK_SKEW);
	judge_dates(10, 20, none, OUTCOME_UNPROVEN, CAUSE_CLOCK_SKEW);
	judge_dates(-20, -10, one, OUTCOME_FAIL, CAUSE_TLS_EXPIRED);
	judge_dates(-20, -10, right, OUTCOME_FAIL, CAUSE_TLS_EXPIRED);
	/* The laptop is 40 days ahead: what it takes for expired is not. */
	judge_dates(-60, -10, ahead, OUTCOME_PASS, CAUSE_NONE);
	judge_dates(-60, -50, ahead, OUTCOME_FAIL, CAUSE_TLS_EXPIRED);
	judge_dates(-10, 10, ahead, OUTCOME_FAIL, CAUSE_TLS_NOT_YET_VALID);
	/* The laptop is 400 days behind. */
	judge_dates(390, 410, behind, OUTCOME_PASS, CAUSE_NONE);
	judge_dates(-10, 10, behind, OUTCOME_FAIL, CAUSE_TLS_EXPIRED);
	/* One witness alone, or as many against as for. */
	judge_dates(-60, -10, alone, OUTCOME_UNPROVEN, CAUSE_CLOCK_SKEW);
	judge_dates(-100, 100, alone, OUTCOME_PASS, CAUSE_NONE);
	judge_dates(-60, -50, alone, OUTCOME_FAIL, CAUSE_TLS_EXPIRED);
	judge_dates(-10, 10, split, OUTCOME_UNPROVEN, CAUSE_CLOCK_SKEW);
	judge_dates(-60, -10, majority, OUTCOME_FAIL, CAUSE_TLS_EXPIRED);
}
END_TEST

static void
judge_clock(int offset_s, int other_s, enum outcome outcome, enum cause cause,
    enum zone zone, const char *say)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.ntp", PROTO_UDP, 123, RUNG_APP_REPLY);
	struct need *m = case_need(r, "p.ntp2", PROTO_UDP, 123, RUNG_APP_REPLY);

	case_spec(r, n, "ntp", "t.example", NULL, 123);
	case_spec(r, m, "ntp", NULL, "192.0.2.124", 123);
	case_name(r, "t.example", CAUSE_NONE, "192.0.2.123");
	case_time(r, n, offset_s * INT64_C(1000000));
	if (other_s >= 0)
		case_time(r, m, other_s * INT64_C(1000000));
	judge_record(r);
	ck_assert_int_eq(n->outcome, outcome);
	ck_assert_int_eq(n->cause, cause);
	ck_assert_int_eq(n->zone, zone);
	ck_assert_msg(strstr(n->summary, say) != NULL, "%s", n->summary);
	if (zone == ZONE_LAPTOP) {
		ck_assert_uint_eq(r->ndiagnoses, 1);
		ck_assert_int_eq(r->diagnoses[0].cause, CAUSE_CLOCK_SKEW);
		ck_assert_int_eq(r->diagnoses[0].zone, ZONE_LAPTOP);
		ck_assert_msg(strstr(r->diagnoses[0].summary, say) != NULL,
		    "%s", r->diagnoses[0].summary);
		ck_assert_int_eq(record_exit_status(r), 0);
	}
	record_free(r);
}

START_TEST(a_wrong_laptop_clock_is_a_warning_about_the_laptop)
{
	judge_clock(2400, 2401, OUTCOME_WARN, CAUSE_CLOCK_SKEW, ZONE_LAPTOP,
	    "40 minutes slow");
	judge_clock(2400, -1, OUTCOME_WARN, CAUSE_CLOCK_SKEW, ZONE_UNDETERMINED,
	    "nothing else tells which is right");
	judge_clock(1, 2, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE, "");
	/* Two time servers that contradict each other. */
	judge_clock(2400, 0, OUTCOME_WARN, CAUSE_CLOCK_SKEW, ZONE_UNDETERMINED,
	    "");
}
END_TEST

START_TEST(web_servers_are_witnesses_too)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.ntp", PROTO_UDP, 123, RUNG_APP_REPLY);
	struct need *w = case_need(r, "p.web", PROTO_TCP, 80, RUNG_APP_REPLY);
	struct observation *o;

	case_spec(r, n, "ntp", NULL, "192.0.2.123", 123);
	case_spec(r, w, "http", NULL, "192.0.2.80", 80);
	case_time(r, n, 2400 * INT64_C(1000000));
	o = case_seen(r, w, 0, "192.0.2.80", RUNG_APP_REPLY, CAUSE_NONE);
	/* RFC 9110 section 5.6.7; 40 minutes after 10:42:00. */
	case_detail_str(o, "date", "Sat, 21 Nov 2026 11:22:00 GMT");
	case_detail_int(o, "date_seen_us", CASE_START_US);
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_LAPTOP);
	/* A date that is none is no witness. */
	case_detail_str(o, "date", "yesterday");
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	record_free(r);
}
END_TEST

/* A certificate that begins in the laptop's future takes sides. */
START_TEST(a_public_certificate_is_a_witness_that_the_laptop_is_behind)
{
	static const struct {
		int from, to;
		bool is_public;
		enum zone zone;
	} rows[] = {
	    {390, 410, true, ZONE_LAPTOP},
	    {390, 410, false, ZONE_UNDETERMINED}, /* of an own authority */
	    {390, 395, true, ZONE_UNDETERMINED},  /* over by the server too */
	    {-10, 410, true, ZONE_UNDETERMINED},  /* fits both */
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record *r = case_new();
		struct need *t = case_need(r, "p.ntp", PROTO_UDP, 123,
		    RUNG_APP_REPLY);
		struct need *n = case_need(r, "p.web", PROTO_TCP, 443,
		    RUNG_TLS_EXPECTED);
		struct observation *o;

		case_spec(r, t, "ntp", NULL, "192.0.2.123", 123);
		case_time(r, t, 400 * CASE_DAY_US);
		case_spec(r, n, "tls", NULL, "192.0.2.80", 443);
		o = case_seen(r, n, 0, "192.0.2.80", RUNG_TLS_EXPECTED,
		    CAUSE_NONE);
		case_dates(o, rows[i].from, rows[i].to);
		case_detail_bool(o, "public_root", rows[i].is_public);
		judge_record(r);
		ck_assert_msg(t->zone == rows[i].zone, "%zu: %s", i,
		    t->summary);
		if (rows[i].zone == ZONE_LAPTOP)
			ck_assert_int_eq(n->outcome, OUTCOME_PASS);
		record_free(r);
	}
}
END_TEST

static void
judge_answer(const char *address, int samples, const char *kiss,
    enum cause failure, enum outcome outcome, enum zone zone)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.ntp", PROTO_UDP, 123, RUNG_APP_REPLY);
	struct observation *o;

	case_spec(r, n, "ntp", NULL, address, 123);
	o = case_seen(r, n, 0, address, RUNG_APP_REPLY, failure);
	case_detail_int(o, "offset_us", 1000);
	case_detail_int(o, "samples", samples);
	if (kiss != NULL)
		case_detail_str(o, "kiss", kiss);
	judge_record(r);
	ck_assert_int_eq(n->outcome, outcome);
	ck_assert_int_eq(n->cause, failure);
	ck_assert_int_eq(n->zone, zone);
	record_free(r);
}

#define CLOCK "192.0.2.123"

/* Two samples before a pass; a server that was reached and refuses is not
 * the network's fault. */
START_TEST(a_time_server_passes_on_two_samples)
{
	judge_answer(CLOCK, 2, NULL, CAUSE_NONE, OUTCOME_PASS, ZONE_NONE);
	judge_answer(CLOCK, 1, NULL, CAUSE_NONE, OUTCOME_MARGINAL, ZONE_NONE);
	judge_answer(CLOCK, 1, NULL, CAUSE_NTP_UNSYNCHRONISED, OUTCOME_FAIL,
	    ZONE_UNDETERMINED);
	/* It may be anybody's, also one on site. */
	judge_answer(CLOCK, 0, "RATE", CAUSE_NTP_UNSYNCHRONISED, OUTCOME_WARN,
	    ZONE_UNDETERMINED);
	judge_answer("10.20.30.7", 0, "RATE", CAUSE_NTP_UNSYNCHRONISED,
	    OUTCOME_WARN, ZONE_LAN);
}
END_TEST

HARNESS("judge certificates", the_expected_certificate_passes,
    an_authority_that_only_the_laptop_trusts_is_interception,
    one_unknown_authority_for_two_owners_is_interception,
    an_unknown_authority_alone_is_unproven,
    a_key_that_the_pack_names_and_that_did_not_sign_fails,
    a_copied_issuer_is_interception_where_it_is_proved,
    a_key_that_is_in_use_elsewhere_proves_it_too,
    a_box_that_accepts_is_not_yet_one_that_mints,
    who_cuts_off_a_hello_is_told_by_how_far_it_got,
    a_demand_for_our_certificate_is_all_a_laptop_can_see,
    datagrams_are_judged_by_certificate_and_silence_by_evidence,
    any_certificate_does_where_any_was_asked_for,
    a_certificate_for_another_name_fails,
    dates_are_held_against_the_time_of_the_witnesses,
    a_wrong_laptop_clock_is_a_warning_about_the_laptop,
    web_servers_are_witnesses_too,
    a_public_certificate_is_a_witness_that_the_laptop_is_behind,
    a_time_server_passes_on_two_samples)
