/* SPDX-License-Identifier: MIT */
/* Promises of the judge about who opens, cuts off or swallows what is
 * encrypted, and about wrong clocks: each has its own evidence and its own
 * words, the IT desk is asked for exactly what is needed, and nobody is
 * accused without proof. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

#define FAR "192.0.2.7"

static struct need *
tls_need(struct record *r, const char *id, const char *host, uint16_t port)
{
	struct need *n = case_need(r, id, PROTO_TCP, port, RUNG_TLS_EXPECTED);

	case_spec(r, n, "tls", host, NULL, port);
	case_name(r, host, CAUSE_NONE, FAR);
	return n;
}

static struct observation *
good(struct record *r, const struct need *n)
{
	struct observation *o = case_seen(r, n, 0, FAR, RUNG_TLS_EXPECTED,
	    CAUSE_NONE);

	case_detail_bool(o, "public_root", true);
	case_detail_bool(o, "key_proved", true);
	case_detail_str(o, "top_issuer", "CN=Public");
	case_dates(o, -10, 80);
	return o;
}

static struct observation *
opened(struct record *r, const struct need *n)
{
	struct observation *o = case_seen(r, n, 0, FAR, RUNG_TLS_OTHER,
	    CAUSE_TLS_UNTRUSTED);

	case_detail_str(o, "top_issuer", "CN=Box CA,O=Office");
	case_detail_str(o, "authority", "Box CA");
	case_detail_str(o, "authority_org", "Office");
	case_dates(o, -10, 80);
	return o;
}

#define ck_says(text, what) \
	ck_assert_msg(strstr(text, what) != NULL, "%s", text)
#define ck_says_not(text, what) \
	ck_assert_msg(strstr(text, what) == NULL, "%s", text)

START_TEST(an_interception_names_its_authority_and_what_to_exempt)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", 443);
	struct need *m = tls_need(r, "p.y", "b.example", 443);
	struct need *k = tls_need(r, "p.z", "a.example", 8443);

	case_detail_bool(opened(r, n), "laptop_root", true);
	case_detail_bool(opened(r, m), "laptop_root", true);
	good(r, k);
	judge_record(r);
	ck_assert_int_eq(n->cause, CAUSE_TLS_INTERCEPTED);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	ck_assert_int_eq(k->outcome, OUTCOME_PASS);
	ck_says(n->summary, "\"Box CA\" (Office)");
	ck_says(n->summary, "This laptop trusts that authority");
	ck_says(n->advice_it, "a.example, TCP port 443");
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_says(r->diagnoses[0].advice_it, "\"Box CA\" (Office)");
	ck_says(r->diagnoses[0].advice_it, "a.example:443, b.example:443.");
	/* What is left alone proves that it can be done. */
	ck_says(r->diagnoses[0].advice_it, "already: a.example:8443.");
	record_free(r);
}
END_TEST

START_TEST(how_it_is_known_is_said)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "www.a.example", 443);
	struct need *m = tls_need(r, "p.y", "www.b.example", 443);

	opened(r, n);
	opened(r, m);
	judge_record(r);
	ck_assert_int_eq(n->cause, CAUSE_TLS_INTERCEPTED);
	ck_says(n->summary, "hosts of other owners");
	ck_says_not(n->summary, "This laptop trusts");
	record_free(r);

	r = case_new();
	n = tls_need(r, "p.x", "a.example", 5684);
	case_detail_str(opened(r, n), "expected_issuer", "vendor");
	case_locate(r, FAR, PROTO_TCP, 5684, "accepted", 1, false);
	judge_record(r);
	ck_assert_int_eq(n->cause, CAUSE_TLS_INTERCEPTED);
	ck_assert_int_eq(n->zone, ZONE_GATEWAY);
	ck_says(n->summary, "did not sign it");
	record_free(r);
}
END_TEST

START_TEST(who_made_an_unknown_certificate_is_not_guessed)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", 443);

	opened(r, n);
	case_locate(r, FAR, PROTO_TCP, 443, "accepted", 1, false);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(n->cause, CAUSE_TLS_UNTRUSTED);
	ck_says(n->summary, "Nothing shows");
	ck_says_not(n->advice_it, "Exempt");
	record_free(r);
}
END_TEST

static void
judge_silent(const char *address, const char *ttl2, int controlled,
    enum zone zone)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", 443);
	struct observation *o = case_seen(r, n, 0, address, RUNG_TRANSPORT,
	    CAUSE_SERVICE_SILENT);

	case_detail_str(o, "handshake", "silence");
	case_detail_str(o, "hello_ttl2", ttl2);
	case_detail_int(o, "hello_ttl2_controlled", controlled);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_SERVICE_SILENT);
	ck_assert_int_eq(n->zone, zone);
	record_free(r);
}

/* Silence counts only beside a control that was heard behind it. */
START_TEST(a_hello_that_vanishes_has_a_place_only_beside_a_control)
{
	judge_silent(FAR, "silence", 2, ZONE_GATEWAY);
	judge_silent(FAR, "silence", 1, ZONE_UNDETERMINED);
	judge_silent(FAR, "silence", 0, ZONE_UNDETERMINED);
	/* It got out; the server may be silent itself. */
	judge_silent(FAR, "expired", 2, ZONE_UNDETERMINED);
	judge_silent("10.20.30.63", "silence", 2, ZONE_UNDETERMINED);
}
END_TEST

static void
judge_cut(const char *nameless, const char *said, const char *asked)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", 443);
	struct observation *o = case_seen(r, n, 0, FAR, RUNG_TRANSPORT,
	    CAUSE_TLS_RESET_AFTER_HELLO);

	case_detail_str(o, "handshake", "reset");
	case_detail_str(o, "hello_nameless", nameless);
	judge_record(r);
	ck_assert_int_eq(n->cause, CAUSE_TLS_RESET_AFTER_HELLO);
	ck_says(n->summary, said);
	ck_says(n->advice_it, asked);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_says(r->diagnoses[0].advice_it, "a.example:443");
	record_free(r);
}

START_TEST(a_filter_by_name_is_told_from_one_of_a_port)
{
	judge_cut("complete", "the filter goes by the name",
	    "Allow the name a.example");
	judge_cut("refused", "the filter goes by the name",
	    "Allow the name a.example");
	judge_cut("reset", "it is not about the name",
	    "Allow secure connections (TLS) to a.example, TCP port 443");
}
END_TEST

/* Authority, name and key are right: it is the vendor's, and it is only said
 * so where another way out worked at the time. */
START_TEST(an_expired_certificate_is_the_vendors_business)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", 443);
	struct need *m = tls_need(r, "p.y", "b.other", 443);
	struct need *t = case_need(r, "p.t", PROTO_UDP, 123, RUNG_APP_REPLY);
	struct observation *o = good(r, n), *other;

	case_dates(o, -100, -10);
	case_spec(r, t, "ntp", NULL, "192.0.2.123", 123);
	case_time(r, t, 1000);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_TLS_EXPIRED);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	other = good(r, m);
	judge_record(r);
	ck_assert_int_eq(n->cause, CAUSE_TLS_EXPIRED);
	ck_assert_int_eq(n->zone, ZONE_VENDOR);
	ck_says(n->summary, "expired on 2026-11-11.");
	ck_says(n->advice_it, "Nothing");
	ck_assert_int_eq(m->outcome, OUTCOME_PASS);
	/* Anybody can show a copy. */
	case_detail_bool(&r->observations[o - r->observations], "key_proved",
	    false);
	(void)other;
	judge_record(r);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	record_free(r);
}
END_TEST

/* Whatever the time is, a certificate that ended before another one began has
 * expired. */
START_TEST(certificates_tell_of_each_other_where_nothing_tells_the_time)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", 443);
	struct need *m = tls_need(r, "p.y", "b.other", 443);

	case_dates(good(r, n), -100, -20);
	case_dates(good(r, m), -10, 80);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_TLS_EXPIRED);
	record_free(r);

	r = case_new();
	n = tls_need(r, "p.x", "a.example", 443);
	m = tls_need(r, "p.y", "b.other", 443);
	case_dates(good(r, n), -100, -20);
	case_dates(good(r, m), -90, -10);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(n->cause, CAUSE_CLOCK_SKEW);
	ck_assert_int_eq(m->outcome, OUTCOME_UNPROVEN);
	record_free(r);
}
END_TEST

START_TEST(large_packets_that_vanish_are_asked_for_by_their_name)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", 443);

	case_seen(r, n, 0, FAR, RUNG_TRANSPORT, CAUSE_MTU_BLACKHOLE);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_MTU_BLACKHOLE);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	ck_says(n->advice_it, "MSS clamping");
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_says(r->diagnoses[0].advice_it, "type 3 code 4");
	record_free(r);
}
END_TEST

static struct need *
time_need(struct record *r, const char *id, const char *address,
    int64_t offset_s)
{
	struct need *n = case_need(r, id, PROTO_UDP, 123, RUNG_APP_REPLY);
	struct observation *o;

	case_spec(r, n, "ntp", NULL, address, 123);
	o = case_seen(r, n, 0, address, RUNG_APP_REPLY, CAUSE_NONE);
	case_detail_int(o, "offset_us", offset_s * 1000000);
	case_detail_int(o, "samples", 2);
	return n;
}

START_TEST(a_time_server_that_is_wrong_is_not_the_laptops_fault)
{
	struct record *r = case_new();
	struct need *n = time_need(r, "p.t1", "192.0.2.121", 2400);
	struct need *m = time_need(r, "p.t2", "192.0.2.122", 0);
	struct need *k = time_need(r, "p.t3", "192.0.2.123", 0);
	struct need *on_site = time_need(r, "p.t4", "10.20.30.9", -2400);

	/* As many against as for: nobody is to be believed more. */
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_WARN);
	time_need(r, "p.t5", "192.0.2.124", 0);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_CLOCK_SKEW);
	ck_assert_int_eq(n->zone, ZONE_UNDETERMINED);
	ck_says(n->summary, "40 minutes ahead");
	ck_says_not(n->advice_installer, "Set the clock of this laptop");
	ck_assert_int_eq(on_site->zone, ZONE_LAN);
	ck_says(on_site->summary, "40 minutes behind");
	ck_assert_int_eq(m->outcome, OUTCOME_PASS);
	ck_assert_int_eq(k->outcome, OUTCOME_PASS);
	record_free(r);
}
END_TEST

/* The laptop is wrong, and one server is wrong in the same way. */
START_TEST(a_server_that_agrees_with_a_wrong_laptop_is_wrong_too)
{
	struct record *r = case_new();
	struct need *n = time_need(r, "p.t1", "192.0.2.121", 0);
	struct need *m = time_need(r, "p.t2", "192.0.2.122", 86400);

	time_need(r, "p.t3", "192.0.2.123", 86400);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(m->outcome, OUTCOME_WARN);
	ck_assert_int_eq(m->zone, ZONE_LAPTOP);
	record_free(r);
}
END_TEST

/* Neither tells when, nor by what, it was set. */
START_TEST(two_clocks_that_were_never_set_are_not_one)
{
	struct record *r = case_new();
	struct need *n[2];
	int i;

	for (i = 0; i < 2; i++) {
		struct observation *o;

		n[i] = case_need(r, i == 0 ? "p.a" : "p.b", PROTO_UDP, 123,
		    RUNG_APP_REPLY);
		case_spec(r, n[i], "ntp", i == 0 ? "t.a.example" : "t.other",
		    NULL, 123);
		case_name(r, n[i]->specs[0].host, CAUSE_NONE, "192.0.2.121");
		o = case_seen(r, n[i], 0,
		    i == 0 ? "192.0.2.121" : "192.0.2.122", RUNG_APP_REPLY,
		    CAUSE_NTP_UNSYNCHRONISED);
		case_detail_int(o, "stratum", 0);
		case_detail_str(o, "refid", "00000000");
		case_detail_str(o, "reference", "0000000000000000");
		case_detail_int(o, "root_delay_us", 0);
	}
	judge_record(r);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(n[i]->outcome, OUTCOME_FAIL);
		ck_assert_int_eq(n[i]->cause, CAUSE_NTP_UNSYNCHRONISED);
	}
	record_free(r);
}
END_TEST

START_TEST(a_server_that_denies_the_site_gives_it_no_time)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.t", PROTO_UDP, 123, RUNG_APP_REPLY);
	struct observation *o;

	case_spec(r, n, "ntp", NULL, "192.0.2.121", 123);
	o = case_seen(r, n, 0, "192.0.2.121", RUNG_APP_REPLY,
	    CAUSE_NTP_UNSYNCHRONISED);
	case_detail_str(o, "kiss", "DENY");
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_says(n->summary, "DENY");
	case_detail_str(o, "kiss", "RATE");
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_WARN);
	ck_says(n->summary, "too often");
	record_free(r);
}
END_TEST

/* No time server answers, but web servers say what time it is. */
START_TEST(a_wrong_laptop_clock_is_told_where_no_time_server_answers)
{
	struct record *r = case_new();
	struct need *n[2];
	int i;

	for (i = 0; i < 2; i++) {
		struct observation *o;

		n[i] = case_need(r, i == 0 ? "p.a" : "p.b", PROTO_TCP, 80,
		    RUNG_APP_REPLY);
		case_spec(r, n[i], "http", i == 0 ? "a.example" : "b.other",
		    NULL, 80);
		case_name(r, n[i]->specs[0].host, CAUSE_NONE, FAR);
		o = case_seen(r, n[i], 0, FAR, RUNG_APP_REPLY, CAUSE_NONE);
		/* The laptop took it for 10:42. */
		case_detail_str(o, "date", "Thu, 12 Nov 2026 10:42:00 GMT");
		case_detail_int(o, "date_seen_us", CASE_START_US);
		case_detail_int(o, "status", 200);
	}
	judge_record(r);
	ck_assert_int_eq(n[0]->outcome, OUTCOME_PASS);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_assert_int_eq(r->diagnoses[0].cause, CAUSE_CLOCK_SKEW);
	ck_assert_int_eq(r->diagnoses[0].zone, ZONE_LAPTOP);
	ck_says(r->diagnoses[0].summary, "9 days fast");
	record_free(r);
}
END_TEST

/* A program of the laptop takes the connection before it leaves. A device
 * does not pass it, so nothing fails and nobody else is accused. */
START_TEST(a_program_on_the_laptop_that_opens_tls_is_the_laptops_affair)
{
	struct record *r = case_new();
	struct need *n = tls_need(r, "p.x", "a.example", 443);
	struct observation *o = opened(r, n);

	case_detail_bool(o, "laptop_root", true);
	case_detail_bool(o, "taken_here", true);
	case_locate(r, FAR, PROTO_TCP, 443, "accepted", 1, false);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(n->cause, CAUSE_TLS_INTERCEPTED);
	ck_assert_int_eq(n->zone, ZONE_LAPTOP);
	ck_says(n->advice_installer, "virus scanner");
	ck_says_not(n->advice_it, "Exempt");
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_assert_int_eq(r->diagnoses[0].zone, ZONE_LAPTOP);
	record_free(r);
}
END_TEST

HARNESS("judge trust",
    a_program_on_the_laptop_that_opens_tls_is_the_laptops_affair,
    an_interception_names_its_authority_and_what_to_exempt,
    how_it_is_known_is_said, who_made_an_unknown_certificate_is_not_guessed,
    a_hello_that_vanishes_has_a_place_only_beside_a_control,
    a_filter_by_name_is_told_from_one_of_a_port,
    an_expired_certificate_is_the_vendors_business,
    certificates_tell_of_each_other_where_nothing_tells_the_time,
    large_packets_that_vanish_are_asked_for_by_their_name,
    a_time_server_that_is_wrong_is_not_the_laptops_fault,
    a_server_that_agrees_with_a_wrong_laptop_is_wrong_too,
    two_clocks_that_were_never_set_are_not_one,
    a_server_that_denies_the_site_gives_it_no_time,
    a_wrong_laptop_clock_is_told_where_no_time_server_answers)
