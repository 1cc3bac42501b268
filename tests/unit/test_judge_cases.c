/* SPDX-License-Identifier: MIT */
/* Promises of the judge, one requirement at a time: what was seen, and the
 * outcome, cause and place that follow from it (the tables of the design,
 * sections 5 and 6, and the decision table for TTL-limited probes). */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

#define HOST "a.example"
#define ADDRESS "192.0.2.7"

/* A search: "END TTL PASSED CONTROLLED", or NULL for none; the last counts
 * the silences after which a control was answered at that hop. */
struct row {
	const char *what;
	const char *type;
	enum protocol protocol;
	uint16_t port;
	enum rung required;
	enum rung rung;
	enum cause failure;
	const char *offender;
	const char *search, *control;
	enum outcome outcome;
	enum cause cause;
	enum zone zone;
};

#define TCP(port, rung, failure) \
	"tcp", PROTO_TCP, port, RUNG_TRANSPORT, rung, failure
#define UDP(rung, failure) "ntp", PROTO_UDP, 123, RUNG_APP_REPLY, rung, failure
#define PATHS(rung, failure) \
	"path", PROTO_UDP, 10000, RUNG_PASSED_GATEWAY, rung, failure

static const struct row rows[] = {
    {"an accepted connection, asked for no more",
	TCP(5060, RUNG_TRANSPORT, CAUSE_NONE), NULL, NULL, NULL, OUTCOME_PASS,
	CAUSE_NONE, ZONE_NONE},
    {"more than was asked for", TCP(5060, RUNG_APP_REPLY, CAUSE_NONE), NULL,
	NULL, NULL, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE},
    {"accepted, where TLS was asked for", "tls", PROTO_TCP, 5113,
	RUNG_TLS_EXPECTED, RUNG_TRANSPORT, CAUSE_NONE, NULL, NULL, NULL,
	OUTCOME_UNPROVEN, CAUSE_NONE, ZONE_NONE},
    {"a way out, where an answer was asked for", "tcp", PROTO_TCP, 5112,
	RUNG_TRANSPORT, RUNG_PASSED_GATEWAY, CAUSE_NONE, NULL, NULL, NULL,
	OUTCOME_UNPROVEN, CAUSE_NONE, ZONE_NONE},
    {"silence that begins at the gateway while the host is heard",
	TCP(5113, RUNG_SILENCE, CAUSE_TCP_TIMEOUT), NULL, "silence 2 no 2",
	"accepted 4 yes 0", OUTCOME_FAIL, CAUSE_TCP_TIMEOUT, ZONE_GATEWAY},
    {"silence that was held against a control only once",
	TCP(5113, RUNG_SILENCE, CAUSE_TCP_TIMEOUT), NULL, "silence 2 no 1",
	"accepted 4 yes 0", OUTCOME_FAIL, CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED},
    {"silence with nothing to hold it against",
	TCP(5113, RUNG_SILENCE, CAUSE_TCP_TIMEOUT), NULL, "silence 2 no 0",
	"silence 2 no 0", OUTCOME_FAIL, CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED},
    {"silence that was not searched",
	TCP(5113, RUNG_SILENCE, CAUSE_TCP_TIMEOUT), NULL, NULL, NULL,
	OUTCOME_FAIL, CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED},
    {"silence that begins where the host itself may be",
	TCP(5113, RUNG_SILENCE, CAUSE_TCP_TIMEOUT), NULL, "silence 4 yes 0",
	"accepted 4 yes 0", OUTCOME_FAIL, CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED},
    {"silence that begins behind the gateway and before the host",
	TCP(5113, RUNG_SILENCE, CAUSE_TCP_TIMEOUT), NULL, "silence 4 yes 2",
	NULL, OUTCOME_FAIL, CAUSE_TCP_TIMEOUT, ZONE_BEYOND_SITE},
    {"forbidden by the gateway",
	TCP(5684, RUNG_REJECTED, CAUSE_ADMIN_PROHIBITED), "10.20.30.1", NULL,
	NULL, OUTCOME_FAIL, CAUSE_ADMIN_PROHIBITED, ZONE_GATEWAY},
    {"forbidden by a router on the internet",
	TCP(5684, RUNG_REJECTED, CAUSE_ADMIN_PROHIBITED), "198.18.0.2", NULL,
	NULL, OUTCOME_FAIL, CAUSE_ADMIN_PROHIBITED, ZONE_BEYOND_SITE},
    {"forbidden by a provider's shared address space (RFC 6598)",
	TCP(5684, RUNG_REJECTED, CAUSE_ADMIN_PROHIBITED), "100.64.0.1", NULL,
	NULL, OUTCOME_FAIL, CAUSE_ADMIN_PROHIBITED, ZONE_BEYOND_SITE},
    {"forbidden by another firewall of the site",
	TCP(5684, RUNG_REJECTED, CAUSE_ADMIN_PROHIBITED), "10.99.0.1", NULL,
	NULL, OUTCOME_FAIL, CAUSE_ADMIN_PROHIBITED, ZONE_SITE_PERIMETER},
    {"unreachable, says a box in the laptop's own network",
	TCP(5684, RUNG_REJECTED, CAUSE_NET_UNREACHABLE), "10.20.30.9", NULL,
	NULL, OUTCOME_FAIL, CAUSE_NET_UNREACHABLE, ZONE_LAN},
    {"a reset from within two hops", TCP(8443, RUNG_REJECTED, CAUSE_TCP_RESET),
	NULL, "reset 2 no 0", "accepted 4 yes 0", OUTCOME_FAIL, CAUSE_TCP_RESET,
	ZONE_GATEWAY},
    {"a reset from as far as the host itself",
	TCP(8443, RUNG_REJECTED, CAUSE_TCP_RESET), NULL, "reset 4 yes 0",
	"accepted 4 yes 0", OUTCOME_FAIL, CAUSE_TCP_RESET, ZONE_UNDETERMINED},
    {"a reset from between gateway and host",
	TCP(8443, RUNG_REJECTED, CAUSE_TCP_RESET), NULL, "reset 3 yes 0",
	"accepted 5 yes 0", OUTCOME_FAIL, CAUSE_TCP_RESET, ZONE_BEYOND_SITE},
    {"a reset from afar and nothing to hold it against",
	TCP(8443, RUNG_REJECTED, CAUSE_TCP_RESET), NULL, "reset 4 yes 0", NULL,
	OUTCOME_FAIL, CAUSE_TCP_RESET, ZONE_UNDETERMINED},
    {"a reset that was not searched", TCP(8443, RUNG_REJECTED, CAUSE_TCP_RESET),
	NULL, NULL, NULL, OUTCOME_FAIL, CAUSE_TCP_RESET, ZONE_UNDETERMINED},
    {"accepted, but by the first hop already",
	TCP(443, RUNG_TRANSPORT, CAUSE_NONE), NULL, "accepted 1 no 0", NULL,
	OUTCOME_UNPROVEN, CAUSE_PROXY_ONLY, ZONE_GATEWAY},
    {"accepted, and by no near hop", TCP(443, RUNG_TRANSPORT, CAUSE_NONE), NULL,
	"accepted 4 yes 0", NULL, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE},
    {"a connection that a box tore down at once",
	TCP(443, RUNG_TRANSPORT, CAUSE_TCP_RESET), NULL, NULL, NULL,
	OUTCOME_FAIL, CAUSE_TCP_RESET, ZONE_UNDETERMINED},
    {"a time server that answers", UDP(RUNG_APP_REPLY, CAUSE_NONE), NULL, NULL,
	NULL, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE},
    {"UDP silence with nothing to hold it against",
	UDP(RUNG_SILENCE, CAUSE_UDP_SILENT), NULL, "silence 2 no 0",
	"silence 2 no 0", OUTCOME_UNPROVEN, CAUSE_UDP_SILENT,
	ZONE_UNDETERMINED},
    {"UDP silence that was not searched", UDP(RUNG_SILENCE, CAUSE_UDP_SILENT),
	NULL, NULL, NULL, OUTCOME_UNPROVEN, CAUSE_UDP_SILENT,
	ZONE_UNDETERMINED},
    {"UDP silence that begins at the gateway while the host is heard",
	UDP(RUNG_SILENCE, CAUSE_UDP_SILENT), NULL, "silence 2 no 2",
	"accepted 4 yes 0", OUTCOME_FAIL, CAUSE_UDP_SILENT, ZONE_GATEWAY},
    {"UDP silence behind the gateway where a control is heard",
	UDP(RUNG_SILENCE, CAUSE_UDP_SILENT), NULL, "silence 4 yes 2", NULL,
	OUTCOME_FAIL, CAUSE_UDP_SILENT, ZONE_BEYOND_SITE},
    {"UDP that left the site, to a server that says nothing",
	UDP(RUNG_SILENCE, CAUSE_UDP_SILENT), NULL, "silence 4 yes 0", NULL,
	OUTCOME_UNPROVEN, CAUSE_UDP_SILENT, ZONE_UNDETERMINED},
    {"UDP forbidden by the gateway", UDP(RUNG_REJECTED, CAUSE_ADMIN_PROHIBITED),
	"10.20.30.1", NULL, NULL, OUTCOME_FAIL, CAUSE_ADMIN_PROHIBITED,
	ZONE_GATEWAY},
    {"a way out", PATHS(RUNG_PASSED_GATEWAY, CAUSE_NONE), NULL, NULL, NULL,
	OUTCOME_PASS, CAUSE_NONE, ZONE_NONE},
    {"no way out, and nothing to hold it against",
	PATHS(RUNG_SILENCE, CAUSE_UDP_SILENT), NULL, NULL, NULL,
	OUTCOME_UNPROVEN, CAUSE_UDP_SILENT, ZONE_UNDETERMINED},
    {"no way out while a control is answered from beyond",
	PATHS(RUNG_SILENCE, CAUSE_UDP_SILENT), NULL, "silence 2 no 2", NULL,
	OUTCOME_FAIL, CAUSE_UDP_SILENT, ZONE_GATEWAY},
    {"the first hop takes the connection itself",
	PATHS(RUNG_TRANSPORT, CAUSE_NONE), NULL, NULL, NULL, OUTCOME_UNPROVEN,
	CAUSE_PROXY_ONLY, ZONE_GATEWAY},
    {"this laptop may not send", TCP(5113, RUNG_LOCAL_ERROR, CAUSE_PERMISSION),
	NULL, NULL, NULL, OUTCOME_NOT_RUN, CAUSE_PERMISSION, ZONE_LAPTOP},
    {"cancelled", TCP(5113, RUNG_NONE, CAUSE_CANCELLED), NULL, NULL, NULL,
	OUTCOME_NOT_RUN, CAUSE_CANCELLED, ZONE_NONE},
    {"the network changed", TCP(5113, RUNG_NONE, CAUSE_NETWORK_CHANGED), NULL,
	NULL, NULL, OUTCOME_NOT_RUN, CAUSE_NETWORK_CHANGED, ZONE_LAPTOP},
};

static void
add_search(struct record *r, const char *text, enum protocol protocol,
    uint16_t port)
{
	char end[16], passed[8];
	int ttl, controlled;

	if (text == NULL)
		return;
	ck_assert_int_eq(sscanf(text, "%15s %d %7s %d", end, &ttl, passed,
			     &controlled),
	    4);
	case_detail_int(case_locate(r, ADDRESS, protocol, port, end, ttl,
			    strcmp(passed, "yes") == 0),
	    "controlled", controlled);
}

static void
check_row(const struct row *row)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.x", row->protocol, row->port,
	    row->required);
	struct observation *o;

	case_spec(r, n, row->type, HOST, NULL, row->port);
	case_name(r, HOST, CAUSE_NONE, ADDRESS);
	o = case_seen(r, n, 0, ADDRESS, row->rung, row->failure);
	if (row->offender != NULL)
		o->offender = arena_strdup(r->arena, row->offender);
	case_detail_int(o, "samples", 2);
	/* A way out is its own search. */
	if (strcmp(row->type, "path") != 0)
		add_search(r, row->search, row->protocol, row->port);
	else if (row->search != NULL)
		case_detail_int(o, "controlled", 2);
	add_search(r, row->control, PROTO_TCP, 443);
	judge_record(r);
	ck_assert_msg(n->outcome == row->outcome && n->cause == row->cause &&
		n->zone == row->zone,
	    "%s: %s, \"%s\", \"%s\"", row->what,
	    word_name(&words_outcome, (int)n->outcome),
	    word_name(&words_cause, (int)n->cause),
	    word_name(&words_zone, (int)n->zone));
	ck_assert_msg(n->rung == row->rung, "%s: rung %s", row->what,
	    word_name(&words_rung, (int)n->rung));
	ck_assert_msg(n->summary[0] != '\0', "%s: no sentence", row->what);
	record_free(r);
}

START_TEST(each_sight_has_its_judgement)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(&rows[i]);
}
END_TEST

/* The name is a requirement of its own; what needs it is blocked by it. */
static void
check_name(enum cause failure, const char *addresses, enum cause cause,
    enum zone zone, enum outcome blocked)
{
	struct record *r = case_new();
	struct need *dns = case_need(r, "p.dns", PROTO_UDP, 53, RUNG_APP_REPLY);
	struct need *n = case_need(r, "p.cloud", PROTO_TCP, 5113,
	    RUNG_TLS_EXPECTED);

	case_spec(r, dns, "dns", HOST, NULL, 53);
	case_spec(r, n, "tls", HOST, NULL, 5113);
	strlist_add(r->arena, &n->needs, "p.dns");
	case_name(r, HOST, failure, addresses);
	judge_record(r);
	ck_assert_int_eq(dns->cause, cause);
	ck_assert_int_eq(dns->zone, zone);
	ck_assert_int_eq(dns->outcome,
	    cause == CAUSE_NONE ? OUTCOME_PASS : OUTCOME_FAIL);
	ck_assert_int_eq(n->outcome, blocked);
	if (blocked == OUTCOME_BLOCKED_BY) {
		ck_assert_uint_eq(n->blocked_by.count, 1);
		ck_assert_str_eq(n->blocked_by.item[0], "p.dns");
		ck_assert_int_eq(n->cause, cause);
		ck_assert_uint_eq(n->probes.count, 1);
		ck_assert_int_eq(record_exit_status(r), 1);
		/* One diagnosis: what waits for the name fails by it too. */
		ck_assert_uint_eq(r->ndiagnoses, 1);
		ck_assert_uint_eq(r->diagnoses[0].explains.count, 2);
		ck_assert_uint_eq(r->diagnoses[0].clears.count, 2);
	}
	record_free(r);
}

START_TEST(a_name_that_does_not_lead_to_the_vendor_blocks_what_needs_it)
{
	check_name(CAUSE_DNS_NXDOMAIN, "", CAUSE_DNS_NXDOMAIN,
	    ZONE_UNDETERMINED, OUTCOME_BLOCKED_BY);
	check_name(CAUSE_DNS_TIMEOUT, "", CAUSE_DNS_TIMEOUT, ZONE_GATEWAY,
	    OUTCOME_BLOCKED_BY);
	check_name(CAUSE_DNS_REFUSED, "", CAUSE_DNS_REFUSED, ZONE_GATEWAY,
	    OUTCOME_BLOCKED_BY);
	check_name(CAUSE_NONE, "10.20.30.1", CAUSE_DNS_REWRITTEN, ZONE_GATEWAY,
	    OUTCOME_BLOCKED_BY);
	check_name(CAUSE_NONE, "fd00::1", CAUSE_DNS_REWRITTEN, ZONE_GATEWAY,
	    OUTCOME_BLOCKED_BY);
	check_name(CAUSE_NONE, "0.0.0.0", CAUSE_DNS_SINKHOLE, ZONE_GATEWAY,
	    OUTCOME_BLOCKED_BY);
	check_name(CAUSE_NONE, "::", CAUSE_DNS_SINKHOLE, ZONE_GATEWAY,
	    OUTCOME_BLOCKED_BY);
	check_name(CAUSE_NONE, "127.0.0.1", CAUSE_DNS_SINKHOLE, ZONE_GATEWAY,
	    OUTCOME_BLOCKED_BY);
	check_name(CAUSE_NONE, ADDRESS, CAUSE_NONE, ZONE_NONE, OUTCOME_NOT_RUN);
}
END_TEST

/* Facts on zencontrol: a local time server under the vendor's name is
 * allowed. */
START_TEST(a_time_server_may_be_a_local_one)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.ntp", PROTO_UDP, 123, RUNG_APP_REPLY);
	struct observation *o;

	case_spec(r, n, "ntp", HOST, NULL, 123);
	case_name(r, HOST, CAUSE_NONE, "10.20.30.1");
	o = case_seen(r, n, 0, "10.20.30.1", RUNG_APP_REPLY, CAUSE_NONE);
	case_detail_int(o, "offset_us", 1000);
	case_detail_int(o, "samples", 2);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_PASS);
	record_free(r);
}
END_TEST

START_TEST(no_dns_server_at_all_is_told_as_that)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.dns", PROTO_UDP, 53, RUNG_APP_REPLY);
	struct observation *o;

	memset(&r->vantage.resolvers, 0, sizeof r->vantage.resolvers);
	n->direction = DIR_LAN;
	case_spec(r, n, "dns", HOST, NULL, 53);
	o = case_name(r, HOST, CAUSE_DNS_TIMEOUT, "");
	o->rung = RUNG_LOCAL_ERROR;
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_DNS_TIMEOUT);
	ck_assert_int_eq(n->zone, ZONE_LAPTOP);
	ck_assert(strstr(n->summary, "no DNS server") != NULL);
	record_free(r);
}
END_TEST

/* Straight to a named server: authority answers with authority. */
static void
check_server(bool aa, bool ra, enum rung rung, enum cause failure,
    enum outcome outcome, enum cause cause)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.ns", PROTO_UDP, 53, RUNG_APP_REPLY);
	struct observation *o;

	case_spec(r, n, "dns_server", HOST, "192.0.2.53", 53);
	o = case_seen(r, n, 0, "192.0.2.53", rung, failure);
	case_detail_bool(o, "aa", aa);
	case_detail_bool(o, "ra", ra);
	judge_record(r);
	ck_assert_int_eq(n->outcome, outcome);
	ck_assert_int_eq(n->cause, cause);
	ck_assert_int_eq(n->path,
	    cause == CAUSE_DNS_INTERCEPTED ? PATH_INTERCEPTED : PATH_DIRECT);
	record_free(r);
}

START_TEST(a_dns_server_must_answer_with_its_own_authority)
{
	check_server(true, false, RUNG_APP_REPLY, CAUSE_NONE, OUTCOME_PASS,
	    CAUSE_NONE);
	check_server(false, true, RUNG_APP_REPLY, CAUSE_NONE, OUTCOME_FAIL,
	    CAUSE_DNS_INTERCEPTED);
	check_server(false, false, RUNG_APP_REPLY, CAUSE_DNS_REFUSED,
	    OUTCOME_FAIL, CAUSE_DNS_REFUSED);
	check_server(false, false, RUNG_SILENCE, CAUSE_DNS_TIMEOUT,
	    OUTCOME_UNPROVEN, CAUSE_DNS_TIMEOUT);
}
END_TEST

START_TEST(no_ipv6_here_is_not_run)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.x", PROTO_TCP, 443, RUNG_TRANSPORT);

	case_spec(r, n, "tcp", NULL, "2001:db8::7", 443);
	case_seen(r, n, 0, "2001:db8::7", RUNG_LOCAL_ERROR,
	    CAUSE_NET_UNREACHABLE);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_NOT_RUN);
	ck_assert(strstr(n->summary, "IPv6") != NULL);
	record_free(r);
}
END_TEST

START_TEST(nothing_seen_yet_is_not_run_and_no_probe_says_why)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.x", PROTO_TCP, 443, RUNG_TRANSPORT);
	struct need *none = case_need(r, "p.manual", PROTO_NONE, 0,
	    RUNG_APP_REPLY);
	struct need *off = case_need(r, "p.off", PROTO_TCP, 443,
	    RUNG_TRANSPORT);

	case_spec(r, n, "tcp", HOST, NULL, 443);
	case_spec(r, off, "tcp", HOST, NULL, 443);
	none->unprobed = arena_strdup(r->arena, "No check covers this yet.");
	off->applies = false;
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_NOT_RUN);
	ck_assert_int_eq(none->outcome, OUTCOME_NOT_RUN);
	ck_assert_str_eq(none->summary, "No check covers this yet.");
	ck_assert_int_eq(off->outcome, OUTCOME_NOT_APPLICABLE);
	ck_assert_uint_eq(r->ndiagnoses, 0);
	ck_assert_int_eq(record_exit_status(r), 3);
	record_free(r);
}
END_TEST

static void
check_addresses(enum rung first, enum rung second, enum outcome outcome)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.x", PROTO_TCP, 443, RUNG_TRANSPORT);
	const enum rung rung[2] = {first, second};
	int i;

	case_spec(r, n, "tcp", HOST, NULL, 443);
	case_name(r, HOST, CAUSE_NONE, "192.0.2.7 192.0.2.8");
	for (i = 0; i < 2; i++)
		case_seen(r, n, 0, i == 0 ? ADDRESS : "192.0.2.8", rung[i],
		    rung[i] == RUNG_TRANSPORT ? CAUSE_NONE :
			rung[i] == RUNG_NONE  ? CAUSE_CANCELLED :
						CAUSE_TCP_TIMEOUT);
	judge_record(r);
	ck_assert_int_eq(n->outcome, outcome);
	ck_assert_uint_eq(n->probes.count, 2);
	record_free(r);
}

START_TEST(the_addresses_of_one_name_count_together_in_any_order)
{
	check_addresses(RUNG_TRANSPORT, RUNG_TRANSPORT, OUTCOME_PASS);
	check_addresses(RUNG_SILENCE, RUNG_SILENCE, OUTCOME_FAIL);
	check_addresses(RUNG_TRANSPORT, RUNG_SILENCE, OUTCOME_MARGINAL);
	check_addresses(RUNG_SILENCE, RUNG_TRANSPORT, OUTCOME_MARGINAL);
	check_addresses(RUNG_NONE, RUNG_SILENCE, OUTCOME_FAIL);
	check_addresses(RUNG_SILENCE, RUNG_NONE, OUTCOME_FAIL);
}
END_TEST

/* A device that refuses a port says that the network let the question in. */
START_TEST(a_device_that_refuses_is_not_the_networks_fault)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.x", PROTO_TCP, 80, RUNG_TRANSPORT);

	n->direction = DIR_LAN;
	case_spec(r, n, "tcp", NULL, "10.20.30.60", 80);
	case_seen(r, n, 0, "10.20.30.60", RUNG_REJECTED, CAUSE_TCP_RESET);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(n->cause, CAUSE_TCP_REFUSED);
	ck_assert_int_eq(n->zone, ZONE_LAN);
	record_free(r);
}
END_TEST

START_TEST(a_device_that_nobody_answers_for_is_told_in_the_local_network)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.x", PROTO_TCP, 80, RUNG_TRANSPORT);
	struct observation *o;

	n->direction = DIR_LAN;
	case_spec(r, n, "tcp", NULL, "10.20.30.60", 80);
	o = case_seen(r, n, 0, "10.20.30.60", RUNG_REJECTED,
	    CAUSE_HOST_UNREACHABLE);
	/* Linux lets the laptop itself say that ARP had no answer. */
	o->offender = arena_strdup(r->arena, "10.20.30.50");
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(n->cause, CAUSE_HOST_UNREACHABLE);
	ck_assert_int_eq(n->zone, ZONE_LAN);
	record_free(r);
}
END_TEST

START_TEST(an_accept_that_is_reset_at_once_proves_nothing)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.x", PROTO_TCP, 5060, RUNG_TRANSPORT);
	struct observation *o;

	case_spec(r, n, "tcp", HOST, NULL, 5060);
	case_name(r, HOST, CAUSE_NONE, ADDRESS);
	o = case_seen(r, n, 0, ADDRESS, RUNG_TRANSPORT, CAUSE_NONE);
	case_detail_str(o, "end", "reset");
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(n->cause, CAUSE_TCP_RESET);
	record_free(r);
}
END_TEST

/* A box says why only so many times a second. */
START_TEST(what_a_box_said_once_holds_for_its_silence)
{
	struct record *r = case_new();
	struct need *a = case_need(r, "p.a", PROTO_TCP, 5684, RUNG_TRANSPORT);
	struct need *b = case_need(r, "p.b", PROTO_TCP, 5684, RUNG_TRANSPORT);
	struct need *c = case_need(r, "p.c", PROTO_TCP, 5685, RUNG_TRANSPORT);
	struct observation *o;

	case_spec(r, a, "tcp", NULL, "192.0.2.7", 5684);
	case_spec(r, b, "tls", NULL, "192.0.2.7", 5684);
	case_spec(r, c, "tcp", NULL, "192.0.2.7", 5685);
	case_seen(r, a, 0, "192.0.2.7", RUNG_SILENCE, CAUSE_TCP_TIMEOUT);
	o = case_seen(r, b, 0, "192.0.2.7", RUNG_REJECTED,
	    CAUSE_ADMIN_PROHIBITED);
	o->offender = arena_strdup(r->arena, "10.20.30.1");
	case_seen(r, c, 0, "192.0.2.7", RUNG_SILENCE, CAUSE_TCP_TIMEOUT);
	judge_record(r);
	ck_assert_int_eq(a->cause, CAUSE_ADMIN_PROHIBITED);
	ck_assert_int_eq(a->zone, ZONE_GATEWAY);
	ck_assert_int_eq(b->cause, CAUSE_ADMIN_PROHIBITED);
	/* Of another port it said nothing. */
	ck_assert_int_eq(c->cause, CAUSE_TCP_TIMEOUT);
	ck_assert_int_eq(c->zone, ZONE_UNDETERMINED);
	record_free(r);
}
END_TEST

HARNESS("judge cases", each_sight_has_its_judgement,
    a_name_that_does_not_lead_to_the_vendor_blocks_what_needs_it,
    a_time_server_may_be_a_local_one, no_dns_server_at_all_is_told_as_that,
    a_dns_server_must_answer_with_its_own_authority, no_ipv6_here_is_not_run,
    nothing_seen_yet_is_not_run_and_no_probe_says_why,
    the_addresses_of_one_name_count_together_in_any_order,
    a_device_that_refuses_is_not_the_networks_fault,
    a_device_that_nobody_answers_for_is_told_in_the_local_network,
    an_accept_that_is_reset_at_once_proves_nothing,
    what_a_box_said_once_holds_for_its_silence)
