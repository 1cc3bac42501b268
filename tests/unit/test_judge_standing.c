/* SPDX-License-Identifier: MIT */
/* Promises about where the laptop stood: what was measured off the device's
 * path proves nothing and blames nobody, the laptop's own firewall is not the
 * site's, and a change of network leaves no mixed results. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

#define HOST "a.example"
#define ADDRESS "192.0.2.10"

static struct need *
tcp(struct record *r, const char *id, uint16_t port)
{
	struct need *n = case_need(r, id, PROTO_TCP, port, RUNG_TRANSPORT);

	case_spec(r, n, "tcp", HOST, NULL, port);
	return n;
}

static struct need *
to_device(struct record *r, const char *id, const char *address, uint16_t port)
{
	struct need *n = case_need(r, id, PROTO_TCP, port, RUNG_TRANSPORT);

	n->direction = DIR_LAN;
	n->to.kind = DEST_PEER;
	case_spec(r, n, "tcp", NULL, address, port);
	return n;
}

static void
check_need(const struct need *n, enum outcome outcome, enum cause cause,
    enum zone zone, enum path path)
{
	ck_assert_msg(n->outcome == outcome && n->cause == cause &&
		n->zone == zone && n->path == path,
	    "%s: %s %s %s %s: %s", n->id,
	    word_name(&words_outcome, (int)n->outcome),
	    word_name(&words_cause, (int)n->cause),
	    word_name(&words_zone, (int)n->zone),
	    word_name(&words_path, (int)n->path), n->summary);
}

#define MISPLACED OUTCOME_UNPROVEN, CAUSE_WRONG_INTERFACE, ZONE_LAPTOP

static void
went(struct observation *o, const char *way, const char *by)
{
	case_detail_str(o, "way", way);
	case_detail_str(o, "left_by", by);
}

START_TEST(what_went_through_a_vpn_is_neither_passed_nor_failed)
{
	struct record *r = case_new();
	struct need *good = tcp(r, "p.good", 443), *bad = tcp(r, "p.bad", 5113);
	struct need *around = tcp(r, "p.around", 80);

	case_name(r, HOST, CAUSE_NONE, ADDRESS);
	went(case_seen(r, good, 0, ADDRESS, RUNG_TRANSPORT, CAUSE_NONE), "vpn",
	    "tun0");
	went(case_seen(r, bad, 0, ADDRESS, RUNG_REJECTED, CAUSE_TCP_RESET),
	    "vpn", "tun0");
	/* Bound to the chosen adapter: the device's own way. */
	went(case_seen(r, around, 0, ADDRESS, RUNG_TRANSPORT, CAUSE_NONE),
	    "bound", "eth0");
	judge_record(r);
	check_need(good, MISPLACED, PATH_VPN);
	check_need(bad, MISPLACED, PATH_VPN);
	check_need(around, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE, PATH_DIRECT);
	ck_assert(strstr(good->summary, "tun0") != NULL);
	ck_assert(strstr(good->advice_installer, "VPN") != NULL);
	ck_assert_str_eq(bad->advice_it, "");
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_assert_int_eq(r->diagnoses[0].cause, CAUSE_WRONG_INTERFACE);
	ck_assert_int_eq(r->diagnoses[0].zone, ZONE_LAPTOP);
	ck_assert_uint_eq(r->diagnoses[0].explains.count, 2);
	record_free(r);
}
END_TEST

/* A record that an older program made says nothing of the way. */
START_TEST(standing_on_a_vpn_by_name_is_known_without_the_way)
{
	struct record *r = case_new();
	struct need *n = tcp(r, "p.n", 443);

	r->vantage.interface = r->vantage.vpn = arena_strdup(r->arena, "tun0");
	case_name(r, HOST, CAUSE_NONE, ADDRESS);
	case_seen(r, n, 0, ADDRESS, RUNG_TRANSPORT, CAUSE_NONE);
	judge_record(r);
	check_need(n, MISPLACED, PATH_VPN);
	record_free(r);
}
END_TEST

/* A VPN that only is there takes nothing away. */
START_TEST(a_vpn_that_was_not_used_changes_nothing)
{
	struct record *r = case_new();
	struct need *n = tcp(r, "p.n", 443);

	r->vantage.vpn = arena_strdup(r->arena, "tun0");
	case_name(r, HOST, CAUSE_NONE, ADDRESS);
	case_seen(r, n, 0, ADDRESS, RUNG_TRANSPORT, CAUSE_NONE);
	judge_record(r);
	check_need(n, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE, PATH_DIRECT);
	ck_assert_uint_eq(r->ndiagnoses, 0);
	record_free(r);
}
END_TEST

START_TEST(another_adapter_is_right_for_devices_and_wrong_for_the_way_out)
{
	struct record *r = case_new();
	struct need *out = tcp(r, "p.out", 443);
	struct need *dev = to_device(r, "p.dev", "10.9.9.60", 80);

	strlist_add(r->arena, &r->vantage.adapters, "eth1 10.9.9.50/24");
	case_name(r, HOST, CAUSE_NONE, ADDRESS);
	went(case_seen(r, out, 0, ADDRESS, RUNG_TRANSPORT, CAUSE_NONE),
	    "adapter", "eth1");
	went(case_seen(r, dev, 0, "10.9.9.60", RUNG_TRANSPORT, CAUSE_NONE),
	    "adapter", "eth1");
	judge_record(r);
	check_need(out, MISPLACED, PATH_DIRECT);
	check_need(dev, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE, PATH_DIRECT);
	ck_assert(strstr(dev->summary, "eth1") != NULL);
	record_free(r);
}
END_TEST

/* The device of the product p has this address. */
static void
device_at(struct record *r, const char *address)
{
	struct pack_ref *p = arena_push(r->arena, r->packs, r->npacks);

	memset(p, 0, sizeof *p);
	p->product = arena_strdup(r->arena, "p");
	p->device = arena_strdup(r->arena, "address");
	record_set_answer(r, "p", "address", address);
}

START_TEST(a_device_elsewhere_leaves_the_way_out_unproven)
{
	static const struct {
		const char *device;
		bool misplaced;
	} rows[] = {
	    {"192.168.7.10", true},
	    {"10.20.30.60", false},
	    /* What is not known says nothing. */
	    {"unknown", false},
	    {"miniserver.local", false},
	    {"", false},
	    /* The laptop has no IPv6, so it cannot be compared. */
	    {"2001:db8::5", false},
	};
	struct need *pass, *fail, *peer, *lost;
	struct record *r;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		r = case_new();
		device_at(r, rows[i].device);
		pass = tcp(r, "p.pass", 443);
		fail = tcp(r, "p.fail", 5113);
		peer = to_device(r, "p.peer", "192.168.7.10", 80);
		lost = to_device(r, "p.lost", "192.168.7.10", 443);
		case_name(r, HOST, CAUSE_NONE, ADDRESS);
		case_seen(r, pass, 0, ADDRESS, RUNG_TRANSPORT, CAUSE_NONE);
		case_seen(r, fail, 0, ADDRESS, RUNG_REJECTED,
		    CAUSE_ADMIN_PROHIBITED)
		    ->offender = arena_strdup(r->arena, "10.20.30.1");
		case_seen(r, peer, 0, "192.168.7.10", RUNG_TRANSPORT,
		    CAUSE_NONE);
		case_seen(r, lost, 0, "192.168.7.10", RUNG_REJECTED,
		    CAUSE_HOST_UNREACHABLE)
		    ->offender = arena_strdup(r->arena, "10.20.30.1");
		judge_record(r);
		/* It was reached, from wherever. */
		check_need(peer, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE,
		    PATH_DIRECT);
		if (!rows[i].misplaced) {
			check_need(pass, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE,
			    PATH_DIRECT);
			check_need(fail, OUTCOME_FAIL, CAUSE_ADMIN_PROHIBITED,
			    ZONE_GATEWAY, PATH_DIRECT);
			check_need(lost, OUTCOME_FAIL, CAUSE_HOST_UNREACHABLE,
			    ZONE_GATEWAY, PATH_DIRECT);
		} else {
			check_need(pass, MISPLACED, PATH_DIRECT);
			check_need(fail, MISPLACED, PATH_DIRECT);
			check_need(lost, MISPLACED, PATH_DIRECT);
			ck_assert(strstr(pass->summary, "10.20.30.50/24"));
			ck_assert(strstr(pass->summary, "192.168.7.10"));
			ck_assert_uint_eq(r->ndiagnoses, 1);
			ck_assert(
			    strstr(r->diagnoses[0].summary, pass->summary));
		}
		record_free(r);
	}
}
END_TEST

START_TEST(a_device_on_the_other_adapter_is_told_which_to_choose)
{
	struct record *r = case_new();
	struct need *n = tcp(r, "p.n", 443);

	device_at(r, "10.9.9.60");
	strlist_add(r->arena, &r->vantage.adapters, "eth1 10.9.9.50/24");
	case_name(r, HOST, CAUSE_NONE, ADDRESS);
	case_seen(r, n, 0, ADDRESS, RUNG_TRANSPORT, CAUSE_NONE);
	judge_record(r);
	check_need(n, MISPLACED, PATH_DIRECT);
	ck_assert(strstr(n->summary, "eth1 10.9.9.50/24") != NULL);
	ck_assert(strstr(n->summary, "--interface") != NULL);
	record_free(r);
}
END_TEST

/* Each way in which the laptop's own firewall shows, and what looks like it. */
START_TEST(the_laptops_own_firewall_is_not_the_sites)
{
	static const struct {
		const char *what;
		enum rung rung;
		enum cause failure;
		const char *offender, *list;
		bool own;
	} rows[] = {
	    {"not let out", RUNG_LOCAL_ERROR, CAUSE_ADMIN_PROHIBITED, NULL,
		NULL, true},
	    {"its own ICMP", RUNG_REJECTED, CAUSE_ADMIN_PROHIBITED,
		"10.20.30.50", NULL, true},
	    {"its own ICMP, port", RUNG_REJECTED, CAUSE_TCP_REFUSED,
		"10.20.30.50", NULL, true},
	    {"nobody answers ARP", RUNG_REJECTED, CAUSE_HOST_UNREACHABLE,
		"10.20.30.50", NULL, false},
	    {"the gateway's ICMP", RUNG_REJECTED, CAUSE_ADMIN_PROHIBITED,
		"10.20.30.1", NULL, false},
	    {"dropped inside", RUNG_SILENCE, CAUSE_TCP_TIMEOUT, NULL, "dropped",
		true},
	    {"reset inside", RUNG_REJECTED, CAUSE_TCP_RESET, NULL, "reset",
		true},
	    /* A reset says nothing of a drop. */
	    {"silence beside a reset", RUNG_SILENCE, CAUSE_TCP_TIMEOUT, NULL,
		"reset", false},
	};
	struct observation own = {.nature = NATURE_CONDITION,
	    .rung = RUNG_NONE};
	struct need *n, *other;
	struct record *r;
	json_t *list;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		r = case_new();
		own.key = own.probe = arena_strdup(r->arena, "own_firewall");
		n = tcp(r, "p.n", 5113);
		other = tcp(r, "p.other", 5112);
		case_name(r, HOST, CAUSE_NONE, ADDRESS);
		case_seen(r, n, 0, ADDRESS, rows[i].rung, rows[i].failure)
		    ->offender = arena_strdup(r->arena, rows[i].offender);
		case_seen(r, other, 0, ADDRESS, RUNG_SILENCE,
		    CAUSE_TCP_TIMEOUT);
		if (rows[i].list != NULL) {
			list = json_array();
			json_array_append_new(list,
			    json_string(ADDRESS " 5113"));
			json_object_set_new(record_add_observation(r, &own)
						->detail,
			    rows[i].list, list);
		}
		judge_record(r);
		ck_assert_msg(rows[i].own ==
			(n->outcome == OUTCOME_NOT_RUN &&
			    n->cause == CAUSE_ADMIN_PROHIBITED &&
			    n->zone == ZONE_LAPTOP),
		    "%s: %s", rows[i].what, n->summary);
		if (rows[i].own)
			ck_assert(
			    strstr(n->summary, "firewall of this laptop"));
		/* Another port is another flow. */
		ck_assert_int_ne(other->zone, ZONE_LAPTOP);
		record_free(r);
	}
}
END_TEST

START_TEST(a_name_that_the_laptop_kept_back_is_not_the_dns_servers)
{
	struct record *r = case_new();
	struct need *n = tcp(r, "p.n", 443);

	case_name(r, HOST, CAUSE_ADMIN_PROHIBITED, "")->rung = RUNG_LOCAL_ERROR;
	judge_record(r);
	check_need(n, OUTCOME_BLOCKED_BY, CAUSE_ADMIN_PROHIBITED, ZONE_LAPTOP,
	    PATH_DIRECT);
	record_free(r);
}
END_TEST

START_TEST(a_change_of_network_is_one_diagnosis_and_no_failure)
{
	struct record *r = case_new();
	struct need *early = tcp(r, "p.early", 443);
	struct need *late = tcp(r, "p.late", 5113);
	struct need *never = tcp(r, "p.never", 5112);
	struct need *optional = tcp(r, "p.optional", 80);

	r->complete = false;
	optional->strength = STRENGTH_OPTIONAL;
	case_name(r, HOST, CAUSE_NONE, ADDRESS);
	case_seen(r, early, 0, ADDRESS, RUNG_TRANSPORT, CAUSE_NONE);
	observation_withdraw(
	    case_seen(r, late, 0, ADDRESS, RUNG_REJECTED, CAUSE_TCP_RESET));
	observation_withdraw(case_seen(r, optional, 0, ADDRESS, RUNG_SILENCE,
	    CAUSE_TCP_TIMEOUT));
	judge_record(r);
	check_need(early, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE, PATH_DIRECT);
	check_need(late, OUTCOME_NOT_RUN, CAUSE_NETWORK_CHANGED, ZONE_LAPTOP,
	    PATH_DIRECT);
	check_need(optional, OUTCOME_NOT_RUN, CAUSE_NETWORK_CHANGED,
	    ZONE_LAPTOP, PATH_DIRECT);
	check_need(never, OUTCOME_NOT_RUN, CAUSE_NETWORK_CHANGED, ZONE_LAPTOP,
	    PATH_DIRECT);
	ck_assert_str_eq(late->summary, never->summary);
	ck_assert_uint_eq(r->ndiagnoses, 1);
	ck_assert_int_eq(r->diagnoses[0].cause, CAUSE_NETWORK_CHANGED);
	ck_assert(strstr(r->diagnoses[0].summary, late->summary));
	record_free(r);
}
END_TEST

HARNESS("judge standing", what_went_through_a_vpn_is_neither_passed_nor_failed,
    standing_on_a_vpn_by_name_is_known_without_the_way,
    a_vpn_that_was_not_used_changes_nothing,
    another_adapter_is_right_for_devices_and_wrong_for_the_way_out,
    a_device_elsewhere_leaves_the_way_out_unproven,
    a_device_on_the_other_adapter_is_told_which_to_choose,
    the_laptops_own_firewall_is_not_the_sites,
    a_name_that_the_laptop_kept_back_is_not_the_dns_servers,
    a_change_of_network_is_one_diagnosis_and_no_failure)
