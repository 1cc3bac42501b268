/* SPDX-License-Identifier: MIT */
/* Promises about diagnoses: each cause is told once, in the order in which it
 * is to be mended, whatever the order of the needs. */
#include "tests/unit/harness.h"

#include <string.h>
#include <time.h>

#include "core/judge/diagnose.h"
#include "core/judge/judge.h"
#include "tests/unit/diagnose_case.h"

/* --- names, pages, clocks --- */

START_TEST(no_dns_server_and_names_are_different_matters)
{
	struct record *r = dcase_site();
	struct need *n;

	dcase_names(r, "p.dns", "a.one.example", CAUSE_DNS_TIMEOUT);
	n = case_need(r, "p.x", PROTO_TCP, 443, RUNG_TRANSPORT);
	case_spec(r, n, "tcp", "a.one.example", NULL, 443);
	strlist_add(r->arena, &n->needs, "p.dns");
	dcase_names(r, "q.dns", "b.one.example", CAUSE_DNS_SERVFAIL);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_DNS_TIMEOUT, ZONE_GATEWAY, 3);
	ck_assert(strlist_has(&r->diagnoses[0].clears, "p.x"));
	dcase_says(r, 0, "and 1 line that could not be checked");
	record_free(r);
	/* A name that it does know: the server is there. */
	r = dcase_site();
	dcase_names(r, "p.dns", "a.one.example", CAUSE_DNS_TIMEOUT);
	dcase_names(r, "q.dns", "b.one.example", CAUSE_DNS_SERVFAIL);
	dcase_names(r, "s.dns", "c.one.example", CAUSE_NONE);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 2);
	ck_assert(dcase_rules_out(&r->diagnoses[0], "c.one.example"));
	record_free(r);
}
END_TEST

START_TEST(a_sign_in_page_comes_before_all_else)
{
	struct record *r = dcase_site();

	dcase_names(r, "p.dns", "z.example", CAUSE_DNS_NXDOMAIN);
	dcase_tcp(r, "p.x1", 5113, A, UNPLACED);
	dcase_tcp(r, "p.x2", 8443, B, UNPLACED);
	dcase_tcp(r, "p.web", 443, C, RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED,
	    NULL);
	dcase_portal(r);
	record_need(r, "p.web")->required_rung = RUNG_TLS_EXPECTED;
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 2);
	dcase_is(r, 0, CAUSE_CAPTIVE_PORTAL, ZONE_GATEWAY, 4);
	dcase_is(r, 1, CAUSE_DNS_NXDOMAIN, ZONE_UNDETERMINED, 1);
	record_free(r);
	/* What passes in spite of it shows that the port has another cause. */
	r = dcase_site();
	dcase_portal(r);
	dcase_tcp(r, "p.x1", 5113, A, UNPLACED);
	dcase_tcp(r, "p.x2", 5113, B, PASSED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 2);
	dcase_is(r, 0, CAUSE_CAPTIVE_PORTAL, ZONE_GATEWAY, 1);
	record_free(r);
}
END_TEST

START_TEST(ports_dropped_and_a_wrong_clock)
{
	struct record *r = dcase_site();

	dcase_clock(r, "p.ntp1", "192.0.2.123", -40);
	dcase_clock(r, "p.ntp2", "198.51.100.5", -40);
	dcase_tcp(r, "p.tls", 443, A, PASSED);
	dcase_tcp(r, "p.x1", 5113, A, DROPPED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 2);
	/* The clock holds nothing up, so the port is told first. */
	dcase_is(r, 0, CAUSE_TCP_TIMEOUT, ZONE_GATEWAY, 1);
	dcase_is(r, 1, CAUSE_CLOCK_SKEW, ZONE_LAPTOP, 2);
	ck_assert(diagnosis_blocks(r, &r->diagnoses[0]));
	ck_assert(!diagnosis_blocks(r, &r->diagnoses[1]));
	ck_assert_str_eq(r->diagnoses[1].whose, "you: this laptop");
	ck_assert(dcase_rules_out(&r->diagnoses[1], "2 answers"));
	record_free(r);
}
END_TEST

START_TEST(the_clock_is_told_before_certificates)
{
	struct record *r = dcase_site();

	dcase_clock(r, "p.ntp1", "192.0.2.123", -40);
	dcase_clock(r, "p.ntp2", "198.51.100.5", -40);
	dcase_intercepted(r, "p.t1", "a.one.example", "192.0.2.7");
	dcase_intercepted(r, "p.t2", "b.two.example", "192.0.2.8");
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 2);
	dcase_is(r, 0, CAUSE_CLOCK_SKEW, ZONE_LAPTOP, 2);
	dcase_is(r, 1, CAUSE_TLS_INTERCEPTED, ZONE_GATEWAY, 2);
	ck_assert_ptr_nonnull(
	    strstr(r->diagnoses[1].advice_it, "CN=Acme Inspection"));
	record_free(r);
}
END_TEST

START_TEST(names_come_before_flows)
{
	struct record *r = dcase_site();

	dcase_tcp(r, "p.tls", 443, A, PASSED);
	dcase_tcp(r, "p.x1", 5113, A, DROPPED);
	dcase_names(r, "p.dns", "z.example", CAUSE_DNS_SINKHOLE);
	dcase_intercepted(r, "p.t1", "c.three.example", "192.0.2.9");
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 3);
	dcase_is(r, 0, CAUSE_DNS_SINKHOLE, ZONE_GATEWAY, 1);
	dcase_is(r, 1, CAUSE_TCP_TIMEOUT, ZONE_GATEWAY, 1);
	dcase_is(r, 2, CAUSE_TLS_INTERCEPTED, ZONE_GATEWAY, 1);
	record_free(r);
}
END_TEST

START_TEST(what_only_warns_comes_last)
{
	struct record *r = dcase_site();

	dcase_names(r, "p.dns", "z.example", CAUSE_DNS_SINKHOLE);
	record_need(r, "p.dns")->strength = STRENGTH_OPTIONAL;
	dcase_tcp(r, "p.tls", 443, A, PASSED);
	dcase_tcp(r, "p.x1", 5113, A, DROPPED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 2);
	dcase_is(r, 0, CAUSE_TCP_TIMEOUT, ZONE_GATEWAY, 1);
	dcase_is(r, 1, CAUSE_DNS_SINKHOLE, ZONE_GATEWAY, 1);
	dcase_says(r, 1, "1 of 1 warnings");
	record_free(r);
}
END_TEST

/* Something that accepts for everybody decides nothing, and no healthy site
 * has it. */
START_TEST(a_box_that_accepts_everything_is_told)
{
	struct record *r = dcase_site();

	dcase_tcp(r, "p.x1", 5113, A, PASSED);
	case_locate(r, "192.0.2.7", PROTO_TCP, 5113, "accepted", 1, false);
	dcase_tcp(r, "p.x2", 8443, B, PASSED);
	case_locate(r, "192.0.2.8", PROTO_TCP, 8443, "accepted", 1, false);
	dcase_judge(r);
	ck_assert_int_eq(record_need(r, "p.x1")->outcome, OUTCOME_UNPROVEN);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_PROXY_ONLY, ZONE_GATEWAY, 2);
	ck_assert(diagnosis_blocks(r, &r->diagnoses[0]));
	record_free(r);
}
END_TEST

START_TEST(what_a_healthy_site_has_too_is_no_trouble)
{
	struct record *r = dcase_site();

	/* Nobody answers, which proves nothing. */
	dcase_udp(r, "p.u1", 3478, A, RUNG_SILENCE, CAUSE_UDP_SILENT, NULL);
	/* A right is missing. */
	dcase_tcp(r, "p.x1", 22, B, RUNG_LOCAL_ERROR, CAUSE_PERMISSION, NULL);
	dcase_judge(r);
	ck_assert_int_eq(record_need(r, "p.u1")->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(record_need(r, "p.x1")->outcome, OUTCOME_NOT_RUN);
	ck_assert_uint_eq(r->ndiagnoses, 0);
	record_free(r);
}
END_TEST

/* What this laptop's own software stopped is no failure of the site, but a
 * site without it has it not. */
START_TEST(the_laptops_own_firewall_is_told)
{
	struct record *r = dcase_site();
	struct need *n;

	n = dcase_tcp(r, "p.x1", 5113, A, RUNG_LOCAL_ERROR, CAUSE_PERMISSION,
	    NULL);
	case_detail_bool(&r->observations[r->nobservations - 1], "firewall",
	    true);
	dcase_judge(r);
	ck_assert_int_eq(n->outcome, OUTCOME_NOT_RUN);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_PERMISSION, ZONE_LAPTOP, 1);
	record_free(r);
}
END_TEST

/* --- the local network --- */

static struct need *
device(struct record *r, const char *id, const char *address, bool answers)
{
	struct need *n = case_need(r, id, PROTO_TCP, 80, RUNG_TRANSPORT);
	struct observation *o;

	n->direction = DIR_LAN;
	n->to.kind = DEST_PEER;
	n->to.name = NULL;
	case_spec(r, n, "tcp", NULL, address, 80);
	o = case_seen(r, n, 0, address,
	    answers ? RUNG_TRANSPORT : RUNG_REJECTED,
	    answers ? CAUSE_NONE : CAUSE_HOST_UNREACHABLE);
	if (!answers)
		o->offender = arena_strdup(r->arena, "10.20.30.50");
	return n;
}

START_TEST(devices_that_are_kept_apart_are_one_cause)
{
	struct record *r = dcase_site();

	device(r, "p.d1", "10.20.30.60", false);
	device(r, "p.d2", "10.20.30.61", false);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_HOST_UNREACHABLE, ZONE_LAN, 2);
	dcase_says(r, 0, "no device of the local network");
	record_free(r);
	/* A third one that answers: these two are each for themselves. */
	r = dcase_site();
	device(r, "p.d1", "10.20.30.60", false);
	device(r, "p.d2", "10.20.30.61", false);
	device(r, "p.d3", "10.20.30.62", true);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 2);
	dcase_is(r, 0, CAUSE_HOST_UNREACHABLE, ZONE_LAN, 1);
	ck_assert(dcase_rules_out(&r->diagnoses[0], "10.20.30.62"));
	record_free(r);
}
END_TEST

/* --- always --- */

static void
many(struct record *r, size_t from, size_t step)
{
	static const enum cause causes[] = {CAUSE_TCP_TIMEOUT, CAUSE_TCP_RESET,
	    CAUSE_ADMIN_PROHIBITED};
	char id[24], host[32], address[24];
	size_t i, k;

	for (k = 0; k < 300; k++) {
		i = (from + k * step) % 300;
		snprintf(id, sizeof id, "p.n%03zu", i);
		snprintf(host, sizeof host, "h%zu.o%zu.example", i % 40, i % 7);
		snprintf(address, sizeof address, "192.0.2.%zu", 1 + i % 40);
		dcase_tcp(r, id, (uint16_t)(1000 + i % 60), host, address,
		    i % 3 == 0     ? RUNG_TRANSPORT :
			i % 3 == 1 ? RUNG_SILENCE :
				     RUNG_REJECTED,
		    i % 3 == 0 ? CAUSE_NONE : causes[i % 5 % 3],
		    i % 5 == 0 ? "drop" : NULL);
	}
}

/* The causes with what they explain, the same in whatever order the needs
 * came. */
static char *
told(const struct record *r)
{
	struct arena *a = r->judged;
	char *out = arena_strdup(a, "");
	size_t i, k;

	for (i = 0; i < r->ndiagnoses; i++) {
		const struct diagnosis *d = &r->diagnoses[i];
		const char *least = d->explains.item[0];

		for (k = 1; k < d->explains.count; k++) {
			if (strcmp(d->explains.item[k], least) < 0)
				least = d->explains.item[k];
		}
		out = arena_printf(a, "%s%s %s %zu %s\n", out,
		    word_name(&words_cause, (int)d->cause),
		    word_name(&words_zone, (int)d->zone), d->explains.count,
		    least);
	}
	return out;
}

START_TEST(no_order_of_needs_changes_the_causes)
{
	struct record *r = dcase_site(), *s = dcase_site();
	char *first;

	many(r, 0, 1);
	many(s, 299, 7);
	dcase_judge(r);
	dcase_judge(s);
	ck_assert_uint_gt(r->ndiagnoses, 1);
	ck_assert_str_eq(told(r), told(s));
	/* And judging again says the same, to the letter. */
	first = arena_strdup(r->arena, r->diagnoses[0].summary);
	dcase_judge(r);
	ck_assert_str_eq(r->diagnoses[0].summary, first);
	record_free(r);
	record_free(s);
}
END_TEST

START_TEST(three_hundred_lines_take_no_time)
{
	struct record *r = dcase_site();
	clock_t start;
	double ms;

	many(r, 0, 1);
	judge_record(r);
	start = clock();
	diagnose(r);
	ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
	/* The bound is for a build that watches every access to memory. */
	ck_assert_msg(ms < 50, "%.1f ms", ms);
	record_free(r);
}
END_TEST

HARNESS("judge diagnose", no_dns_server_and_names_are_different_matters,
    a_sign_in_page_comes_before_all_else, ports_dropped_and_a_wrong_clock,
    the_clock_is_told_before_certificates, names_come_before_flows,
    what_only_warns_comes_last, a_box_that_accepts_everything_is_told,
    what_a_healthy_site_has_too_is_no_trouble, the_laptops_own_firewall_is_told,
    devices_that_are_kept_apart_are_one_cause,
    no_order_of_needs_changes_the_causes, three_hundred_lines_take_no_time)
