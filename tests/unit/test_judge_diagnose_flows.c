/* SPDX-License-Identifier: MIT */
/* Promises about flows that were cut: the smallest cause that explains them,
 * and the one pass that contradicts it. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/diagnose.h"
#include "core/judge/judge.h"
#include "tests/unit/diagnose_case.h"

START_TEST(only_what_is_listed_gets_out)
{
	struct record *r = dcase_site();
	const struct diagnosis *d;

	dcase_tcp(r, "p.web", 80, A, PASSED);
	dcase_tcp(r, "p.tls", 443, A, PASSED);
	dcase_tcp(r, "p.x1", 5113, A, DROPPED);
	dcase_tcp(r, "p.x2", 8443, B, DROPPED);
	dcase_tcp(r, "p.x3", 22, C, DROPPED);
	dcase_tcp(r, "p.x4", 6396, C, UNPLACED);
	dcase_udp(r, "p.u1", 123, A, UDP_DROPPED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_TCP_TIMEOUT, ZONE_GATEWAY, 5);
	dcase_says(r, 0, "All 5 failures");
	dcase_says(r, 0, "nothing gets out but TCP ports 80 and 443");
	d = &r->diagnoses[0];
	ck_assert(dcase_rules_out(d, "2 flows on ports 80 and 443"));
	ck_assert(dcase_rules_out(d, "a.one.example"));
	ck_assert_ptr_nonnull(strstr(d->advice_it, "TCP port 5113"));
	ck_assert_ptr_nonnull(strstr(d->advice_installer, "firewall request"));
	/* Only the diagnosis knows better: the line stays as it was judged. */
	ck_assert_int_eq(record_need(r, "p.x4")->zone, ZONE_UNDETERMINED);
	record_free(r);
}
END_TEST

START_TEST(where_nothing_gets_out_nothing_is_named)
{
	struct record *r = dcase_site();
	char id[16], address[32];
	unsigned i;

	/* Each host refuses, so that no port is known to pass. */
	for (i = 1; i <= 200; i++) {
		snprintf(id, sizeof id, "p.x%u", i);
		snprintf(address, sizeof address, "192.0.2.%u", i);
		dcase_tcp(r, id, (uint16_t)(1000 + i), address, address,
		    RUNG_REJECTED, CAUSE_TCP_REFUSED, "reset");
	}
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_says(r, 0, "All 200 failures");
	dcase_says(r, 0,
	    "nothing that was tried gets out; all of it is refused");
	ck_assert_ptr_null(strstr(r->diagnoses[0].summary, "null"));
	record_free(r);
}
END_TEST

START_TEST(where_only_udp_gets_out_only_that_is_named)
{
	struct record *r = dcase_site();

	dcase_udp(r, "p.u1", 123, A, ANSWERED);
	dcase_udp(r, "p.u2", 53, B, ANSWERED);
	dcase_tcp(r, "p.x1", 5113, A, DROPPED);
	dcase_tcp(r, "p.x2", 8443, B, DROPPED);
	dcase_tcp(r, "p.x3", 22, C, DROPPED);
	dcase_tcp(r, "p.x4", 443, A, DROPPED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_assert_ptr_null(strstr(r->diagnoses[0].summary, "null"));
	dcase_says(r, 0, "nothing gets out but UDP ports 53 and 123");
	record_free(r);
}
END_TEST

START_TEST(a_port_that_passes_elsewhere_is_on_the_list)
{
	struct record *r = dcase_site();

	dcase_tcp(r, "p.web", 80, A, PASSED);
	dcase_tcp(r, "p.x1", 5113, A, DROPPED);
	dcase_tcp(r, "p.x2", 8443, A, DROPPED);
	dcase_tcp(r, "p.x3", 22, A, DROPPED);
	/* Port 22 gets out, to another host. */
	dcase_tcp(r, "p.x4", 22, B, PASSED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_TCP_TIMEOUT, ZONE_GATEWAY, 3);
	ck_assert(strstr(r->diagnoses[0].summary, "only TCP") == NULL);
	ck_assert(dcase_rules_out(&r->diagnoses[0], "b.two.example"));
	record_free(r);
}
END_TEST

START_TEST(what_has_no_place_is_no_place_of_its_own)
{
	struct record *r = dcase_site();

	/* One port: the second host's silence was not searched. */
	dcase_tcp(r, "p.tls", 443, A, PASSED);
	dcase_tcp(r, "p.x1", 5113, A, DROPPED);
	dcase_tcp(r, "p.x2", 5113, B, UNPLACED);
	/* Another port, of which nothing is known, is another matter. */
	dcase_tcp(r, "p.x3", 8443, C, UNPLACED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 2);
	dcase_is(r, 0, CAUSE_TCP_TIMEOUT, ZONE_GATEWAY, 2);
	dcase_says(r, 0, "TCP port 5113 is dropped");
	dcase_says(r, 0, "whatever the host");
	dcase_is(r, 1, CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED, 1);
	record_free(r);
}
END_TEST

START_TEST(two_places_are_two_causes)
{
	struct record *r = dcase_site();

	dcase_tcp(r, "p.tls", 443, A, PASSED);
	dcase_tcp(r, "p.x1", 5113, A, DROPPED);
	dcase_tcp(r, "p.x2", 8443, B, RUNG_SILENCE, CAUSE_TCP_TIMEOUT,
	    "beyond");
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 2);
	ck_assert_int_ne(r->diagnoses[0].zone, r->diagnoses[1].zone);
	ck_assert_str_eq(diagnosis_whose(CAUSE_TCP_TIMEOUT, ZONE_BEYOND_SITE),
	    "whoever runs the internet connection");
	record_free(r);
}
END_TEST

START_TEST(all_udp_is_one_cause)
{
	struct record *r = dcase_site();

	dcase_tcp(r, "p.tls", 443, A, PASSED);
	dcase_udp(r, "p.u1", 123, A, UDP_DROPPED);
	dcase_udp(r, "p.u2", 3478, B, UDP_DROPPED);
	dcase_udp(r, "p.u3", 5684, C, UDP_DROPPED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_UDP_SILENT, ZONE_GATEWAY, 3);
	dcase_says(r, 0, "no UDP gets out");
	record_free(r);
	/* One server that answers on one of these ports. */
	r = dcase_site();
	dcase_udp(r, "p.u1", 123, A, UDP_DROPPED);
	dcase_udp(r, "p.u2", 3478, B, UDP_DROPPED);
	dcase_udp(r, "p.u3", 3478, C, ANSWERED);
	dcase_judge(r);
	ck_assert(strstr(r->diagnoses[0].summary, "no UDP") == NULL);
	ck_assert(strstr(r->diagnoses[0].summary, "of UDP only") == NULL);
	record_free(r);
}
END_TEST

START_TEST(udp_above_a_port)
{
	static const uint16_t low[] = {53, 123, 161, 443, 500};
	struct record *r = dcase_site();
	char id[16];
	size_t i;

	for (i = 0; i < sizeof low / sizeof *low; i++) {
		snprintf(id, sizeof id, "p.l%zu", i);
		dcase_udp(r, id, low[i], A, ANSWERED);
	}
	dcase_udp(r, "p.u1", 3478, B, UDP_DROPPED);
	dcase_udp(r, "p.u2", 20000, C, UDP_DROPPED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_UDP_SILENT, ZONE_GATEWAY, 2);
	dcase_says(r, 0, "UDP from port 3478 up");
	record_free(r);
	/* A higher port that answers. */
	r = dcase_site();
	for (i = 0; i < sizeof low / sizeof *low; i++) {
		snprintf(id, sizeof id, "p.l%zu", i);
		dcase_udp(r, id, low[i], A, ANSWERED);
	}
	dcase_udp(r, "p.u1", 3478, B, UDP_DROPPED);
	dcase_udp(r, "p.u2", 20000, C, UDP_DROPPED);
	dcase_udp(r, "p.u3", 30000, C, ANSWERED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_assert(strstr(r->diagnoses[0].summary, "UDP from port") == NULL);
	dcase_says(r, 0, "UDP ports 3478, 20000");
	record_free(r);
}
END_TEST

START_TEST(one_host_whatever_the_port)
{
	struct record *r = dcase_site();

	dcase_tcp(r, "p.o1", 443, B, PASSED);
	dcase_tcp(r, "p.o2", 8443, C, PASSED);
	dcase_tcp(r, "p.x1", 443, A, DROPPED);
	dcase_tcp(r, "p.x2", 8443, A, DROPPED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_TCP_TIMEOUT, ZONE_GATEWAY, 2);
	dcase_says(r, 0, "everything that is sent to a.one.example");
	ck_assert(dcase_rules_out(&r->diagnoses[0], "Other hosts answer"));
	record_free(r);
	/* TCP and UDP alike. */
	r = dcase_site();
	dcase_tcp(r, "p.o1", 443, B, PASSED);
	dcase_udp(r, "p.o2", 3478, B, ANSWERED);
	dcase_tcp(r, "p.x1", 443, A, DROPPED);
	dcase_udp(r, "p.x2", 3478, A, UDP_DROPPED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_TCP_TIMEOUT, ZONE_GATEWAY, 2);
	record_free(r);
	/* TCP and UDP alike, but the host answers: each is its own. */
	r = dcase_site();
	dcase_tcp(r, "p.o1", 443, B, PASSED);
	dcase_udp(r, "p.o2", 3478, B, ANSWERED);
	dcase_tcp(r, "p.o3", 80, A, PASSED);
	dcase_tcp(r, "p.x1", 443, A, DROPPED);
	dcase_udp(r, "p.x2", 3478, A, UDP_DROPPED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 2);
	record_free(r);
	/* One port of the host that answers: these flows, no more. */
	r = dcase_site();
	dcase_tcp(r, "p.o1", 443, B, PASSED);
	dcase_tcp(r, "p.o2", 80, A, PASSED);
	dcase_tcp(r, "p.x1", 443, A, DROPPED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_assert(strstr(r->diagnoses[0].summary, "everything") == NULL);
	ck_assert(strstr(r->diagnoses[0].summary, "whatever") == NULL);
	record_free(r);
}
END_TEST

START_TEST(two_vendors_are_two_causes)
{
	struct record *r = dcase_site();

	/* Somebody else answers, so the way out is not at fault. */
	dcase_tcp(r, "p.o1", 443, C, RUNG_APP_REPLY, CAUSE_NONE, NULL);
	dcase_tcp(r, "p.x1", 443, A, RUNG_REJECTED, CAUSE_TCP_RESET, NULL);
	case_locate(r, "192.0.2.7", PROTO_TCP, 443, "reset", 6, true);
	case_locate(r, "192.0.2.7", PROTO_TCP, 80, "accepted", 6, true);
	dcase_tcp(r, "p.x2", 443, B, RUNG_REJECTED, CAUSE_TCP_RESET, NULL);
	case_locate(r, "192.0.2.8", PROTO_TCP, 443, "reset", 6, true);
	case_locate(r, "192.0.2.8", PROTO_TCP, 80, "accepted", 6, true);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 2);
	dcase_is(r, 0, CAUSE_TCP_REFUSED, ZONE_VENDOR, 1);
	dcase_is(r, 1, CAUSE_TCP_REFUSED, ZONE_VENDOR, 1);
	ck_assert_str_eq(r->diagnoses[0].whose, "the vendor");
	record_free(r);
}
END_TEST

/* Several addresses of one network, by several protocols, and none of them
 * answers: one place is down. */
START_TEST(one_site_of_a_vendor_is_one_cause)
{
	struct record *r = dcase_site();

	dcase_tcp(r, "p.o1", 443, "198.51.100.4", "198.51.100.4", PASSED);
	dcase_tcp(r, "p.o2", 5060, "198.51.100.5", "198.51.100.5", PASSED);
	dcase_udp(r, "p.o3", 3478, "198.51.100.6", "198.51.100.6", ANSWERED);
	dcase_tcp(r, "p.x1", 443, "192.0.2.4", "192.0.2.4", DROPPED);
	dcase_tcp(r, "p.x2", 5060, "192.0.2.5", "192.0.2.5", UNPLACED);
	dcase_udp(r, "p.x3", 3478, "192.0.2.6", "192.0.2.6", UDP_DROPPED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_TCP_TIMEOUT, ZONE_GATEWAY, 3);
	dcase_says(r, 0, "192.0.2.4, 192.0.2.5, 192.0.2.6");
	ck_assert(dcase_rules_out(&r->diagnoses[0], "198.51.100.4"));
	record_free(r);
	/* A neighbour in another network is another place. */
	r = dcase_site();
	dcase_tcp(r, "p.o1", 443, "198.51.100.4", "198.51.100.4", PASSED);
	dcase_tcp(r, "p.x1", 443, "192.0.2.4", "192.0.2.4", UNPLACED);
	dcase_tcp(r, "p.x2", 443, "203.0.113.9", "203.0.113.9", UNPLACED);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 2);
	record_free(r);
}
END_TEST

START_TEST(nothing_beyond_the_gateway)
{
	struct record *r = dcase_site();

	dcase_tcp(r, "p.x1", 443, A, UNPLACED);
	dcase_tcp(r, "p.x2", 5113, B, UNPLACED);
	dcase_names(r, "p.dns", "d.example", CAUSE_DNS_SERVFAIL);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_TCP_TIMEOUT, r->diagnoses[0].zone, 3);
	dcase_says(r, 0, "no way to the internet");
	record_free(r);
	/* Anything that answers from there contradicts it. */
	r = dcase_site();
	dcase_tcp(r, "p.x1", 443, A, UNPLACED);
	dcase_tcp(r, "p.x2", 5113, B, UNPLACED);
	dcase_tcp(r, "p.ok", 80, C, PASSED);
	dcase_judge(r);
	ck_assert_uint_ge(r->ndiagnoses, 1);
	ck_assert(strstr(r->diagnoses[0].summary, "no way") == NULL);
	record_free(r);
}
END_TEST

/* By one family alone, on a host that both reach. */
static void
both_families(struct record *r, const char *id, uint16_t port, const char *host,
    const char *four, const char *six, bool works)
{
	struct need *n = case_need(r, id, PROTO_TCP, port, RUNG_TRANSPORT);

	n->to.name = arena_strdup(r->arena, host);
	case_spec(r, n, "tcp", host, NULL, port);
	case_seen(r, n, 0, four, RUNG_TRANSPORT, CAUSE_NONE);
	case_seen(r, n, 0, six, works ? RUNG_TRANSPORT : RUNG_SILENCE,
	    works ? CAUSE_NONE : CAUSE_TCP_TIMEOUT);
}

START_TEST(one_family_is_one_cause)
{
	struct record *r = dcase_site();

	both_families(r, "p.1", 443, A, "2001:db8::7", false);
	both_families(r, "p.2", 5113, B, "2001:db8::8", false);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	dcase_is(r, 0, CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED, 2);
	dcase_says(r, 0, "IPv6 does not work");
	ck_assert(!diagnosis_blocks(r, &r->diagnoses[0]));
	record_free(r);
	r = dcase_site();
	both_families(r, "p.1", 443, A, "2001:db8::7", false);
	both_families(r, "p.2", 5113, B, "2001:db8::8", true);
	dcase_judge(r);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_assert(strstr(r->diagnoses[0].summary, "IPv6 does") == NULL);
	record_free(r);
}
END_TEST

HARNESS("judge diagnose flows", only_what_is_listed_gets_out,
    where_nothing_gets_out_nothing_is_named,
    where_only_udp_gets_out_only_that_is_named,
    a_port_that_passes_elsewhere_is_on_the_list,
    what_has_no_place_is_no_place_of_its_own, two_places_are_two_causes,
    all_udp_is_one_cause, udp_above_a_port, one_host_whatever_the_port,
    two_vendors_are_two_causes, one_site_of_a_vendor_is_one_cause,
    nothing_beyond_the_gateway, one_family_is_one_cause)
