/* SPDX-License-Identifier: MIT */
/* Promises about states of the network, Wi-Fi and DHCP: which outcome, at
 * which place, in whose words; and what is said where a right is missing. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

struct seen {
	struct record *r;
	struct need *n;
	struct observation *o;
};

static void
see(struct seen *s, const char *type, enum rung rung, enum cause failure)
{
	s->r = case_new();
	s->n = case_need(s->r, "p.state", PROTO_NONE, 0, RUNG_TRANSPORT);
	s->n->direction = DIR_LAN;
	case_spec(s->r, s->n, type, NULL, NULL, 0);
	s->o = case_seen(s->r, s->n, 0, NULL, rung, failure);
	s->o->nature = NATURE_CONDITION;
}

static void
verdict(struct seen *s, enum outcome outcome, enum zone zone)
{
	judge_record(s->r);
	s->n = record_need(s->r, "p.state");
	ck_assert_str_eq(word_name(&words_outcome, (int)s->n->outcome),
	    word_name(&words_outcome, outcome));
	ck_assert_str_eq(word_name(&words_zone, (int)s->n->zone),
	    word_name(&words_zone, zone));
}

START_TEST(a_failure_is_in_the_local_network_and_in_its_own_words)
{
	struct seen s;

	see(&s, "wifi", RUNG_APP_REPLY, CAUSE_WIFI_SECURITY);
	case_detail_str(s.o, "why", "wpa3_only");
	case_detail_str(s.o, "ssid", "Building 7");
	verdict(&s, OUTCOME_FAIL, ZONE_LAN);
	ck_assert_int_eq(s.n->cause, CAUSE_WIFI_SECURITY);
	ck_assert_ptr_nonnull(strstr(s.n->summary, "Building 7"));
	ck_assert_ptr_nonnull(strstr(s.n->summary, "WPA3"));
	ck_assert_ptr_nonnull(strstr(s.n->advice_installer, "WPA2 personal"));
	/* One cause, told by the same sentence. */
	ck_assert_uint_eq(s.r->ndiagnoses, 1);
	ck_assert_ptr_nonnull(strstr(s.r->diagnoses[0].summary, s.n->summary));
	record_free(s.r);
}
END_TEST

START_TEST(a_doubt_is_a_warning)
{
	struct seen s;

	see(&s, "wifi", RUNG_APP_REPLY, CAUSE_WIFI_SECURITY);
	case_detail_bool(s.o, "warn", true);
	case_detail_str(s.o, "why", "transition");
	verdict(&s, OUTCOME_WARN, ZONE_LAN);
	record_free(s.r);
	see(&s, "dhcp", RUNG_APP_REPLY, CAUSE_NONE);
	case_detail_bool(s.o, "warn", true);
	case_detail_str(s.o, "why", "two_servers");
	case_detail_str(s.o, "server", "10.0.0.1, 10.0.0.9");
	verdict(&s, OUTCOME_WARN, ZONE_LAN);
	ck_assert_ptr_nonnull(strstr(s.n->summary, "10.0.0.1, 10.0.0.9"));
	ck_assert_uint_eq(s.r->ndiagnoses, 1);
	ck_assert_ptr_nonnull(strstr(s.r->diagnoses[0].summary, s.n->summary));
	record_free(s.r);
	see(&s, "wifi", RUNG_APP_REPLY, CAUSE_NONE);
	case_detail_bool(s.o, "marginal", true);
	case_detail_str(s.o, "why", "some_stations");
	verdict(&s, OUTCOME_MARGINAL, ZONE_LAN);
	record_free(s.r);
}
END_TEST

START_TEST(no_answer_to_dhcp_fails_and_an_old_lease_does_not)
{
	struct seen s;

	see(&s, "dhcp", RUNG_SILENCE, CAUSE_NO_DHCP);
	verdict(&s, OUTCOME_FAIL, ZONE_LAN);
	ck_assert_ptr_nonnull(strstr(s.n->summary, "No DHCP server"));
	record_free(s.r);
	see(&s, "dhcp", RUNG_SILENCE, CAUSE_NONE);
	case_detail_str(s.o, "why", "lease_old");
	verdict(&s, OUTCOME_UNPROVEN, ZONE_NONE);
	ck_assert_ptr_nonnull(strstr(s.n->summary, "renewed"));
	record_free(s.r);
	see(&s, "dhcp", RUNG_TRANSPORT, CAUSE_NONE);
	case_detail_str(s.o, "why", "lease");
	case_detail_str(s.o, "server", "10.0.0.1");
	verdict(&s, OUTCOME_PASS, ZONE_NONE);
	ck_assert_ptr_nonnull(strstr(s.n->summary, "10.0.0.1"));
	record_free(s.r);
}
END_TEST

START_TEST(what_cannot_be_seen_is_not_run_with_the_reason)
{
	static const char *const words[] = {"wired", "ssid_not_heard",
	    "band_not_heard", "no_ethernet"};
	struct seen s;
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++) {
		see(&s, "wifi", RUNG_NONE, CAUSE_NONE);
		case_detail_str(s.o, "why", words[i]);
		verdict(&s, OUTCOME_NOT_RUN, ZONE_NONE);
		ck_assert_str_ne(s.n->summary, "It has not been checked yet.");
		record_free(s.r);
	}
	/* A word of a newer version is no trouble. */
	see(&s, "wifi", RUNG_NONE, CAUSE_NONE);
	case_detail_str(s.o, "why", "%s%n of a newer version");
	verdict(&s, OUTCOME_NOT_RUN, ZONE_NONE);
	record_free(s.r);
}
END_TEST

START_TEST(a_missing_right_is_named_with_how_to_grant_it)
{
	struct seen s;

	see(&s, "dhcp", RUNG_LOCAL_ERROR, CAUSE_PERMISSION);
	case_detail_str(s.o, "right", "cap_net_raw");
	verdict(&s, OUTCOME_NOT_RUN, ZONE_LAPTOP);
	ck_assert_ptr_nonnull(
	    strstr(s.n->summary, "sudo setcap cap_net_raw+ep"));
	record_free(s.r);
	see(&s, "icmp", RUNG_LOCAL_ERROR, CAUSE_PERMISSION);
	verdict(&s, OUTCOME_NOT_RUN, ZONE_LAPTOP);
	ck_assert_ptr_null(strstr(s.n->summary, "setcap"));
	record_free(s.r);
}
END_TEST

/* A short series of pings and a long one: the run ends before the long one has
 * seen anything. When all of it was stopped, nothing is known. */
START_TEST(a_long_test_that_is_cut_short_takes_nothing_away)
{
	int order, concluded;

	for (order = 0; order < 2; order++) {
		for (concluded = 0; concluded < 2; concluded++) {
			struct record *r = case_new();
			struct need *n = case_need(r, "p.ping", PROTO_ICMP, 0,
			    RUNG_APP_REPLY);
			struct observation *o;

			case_spec(r, n, "gateway_series", NULL, "10.20.30.1",
			    0);
			case_spec(r, n, "gateway_series_long", NULL,
			    "10.20.30.1", 0);
			case_seen(r, n, (size_t)order, "10.20.30.1",
			    RUNG_APP_REPLY, CAUSE_NONE);
			o = case_seen(r, n, (size_t)!order, "10.20.30.1",
			    RUNG_NONE, CAUSE_CANCELLED);
			case_detail_bool(o, "concluded", concluded == 1);
			judge_record(r);
			ck_assert_str_eq(word_name(&words_outcome,
					     (int)n->outcome),
			    concluded == 1 ? "pass" : "not_run");
			record_free(r);
		}
	}
}
END_TEST

HARNESS("judge states", a_failure_is_in_the_local_network_and_in_its_own_words,
    a_doubt_is_a_warning, no_answer_to_dhcp_fails_and_an_old_lease_does_not,
    what_cannot_be_seen_is_not_run_with_the_reason,
    a_long_test_that_is_cut_short_takes_nothing_away,
    a_missing_right_is_named_with_how_to_grant_it)
