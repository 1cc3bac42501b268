/* SPDX-License-Identifier: MIT */
/* Promises of the rows of a change request: what is asked for, under which
 * name, and never wider than what was meant. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/export/request/rows.h"
#include "tests/unit/export_site.h"

static const struct rules *
rules_of(const struct record *r, enum request_scope scope)
{
	struct export_options opt = {.scope = scope,
	    .now_us = EXPORT_NOW_US,
	    .ncols = 80};

	return rows_make(r->arena, r, &opt);
}

static const struct rule_row *
row_of(const struct rules *rules, const char *id)
{
	size_t i;

	for (i = 0; i < rules->count; i++) {
		if (strcmp(rules->row[i].rule_id, id) == 0)
			return &rules->row[i];
	}
	return NULL;
}

static const struct rule_row *
only_row(const struct record *r)
{
	const struct rules *rules = rules_of(r, SCOPE_ALL);

	ck_assert_uint_eq(rules->count, 1);
	return &rules->row[0];
}

START_TEST(needed_is_what_failed_or_is_not_proven)
{
	static const bool asked[] = {
	    [OUTCOME_PASS] = false,
	    [OUTCOME_MARGINAL] = false,
	    [OUTCOME_WARN] = false,
	    [OUTCOME_FAIL] = true,
	    [OUTCOME_UNPROVEN] = true,
	    [OUTCOME_BLOCKED_BY] = true,
	    [OUTCOME_NOT_APPLICABLE] = false,
	    [OUTCOME_NOT_RUN] = false,
	    [OUTCOME_TOOL_ERROR] = false,
	    [OUTCOME_WAIVED] = false,
	};
	int o;

	for (o = OUTCOME_PASS; o <= OUTCOME_WAIVED; o++) {
		struct record *r = export_site();

		export_need(r, "zencontrol.x", "x.example.com",
		    (enum outcome)o);
		ck_assert_uint_eq(rules_of(r, SCOPE_NEEDED)->count,
		    asked[o] ? 1 : 0);
		ck_assert_uint_eq(rules_of(r, SCOPE_ALL)->count,
		    o == OUTCOME_NOT_APPLICABLE ? 0 : 1);
		record_free(r);
	}
}
END_TEST

/* Optional lines, and those with an alternative that works. */
START_TEST(a_warning_is_asked_for_when_its_flow_is_blocked)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.x", "x.example.com",
	    OUTCOME_WARN);

	n->rung = RUNG_SILENCE;
	ck_assert_uint_eq(rules_of(r, SCOPE_NEEDED)->count, 1);
	n->rung = RUNG_TLS_EXPECTED;
	ck_assert_uint_eq(rules_of(r, SCOPE_NEEDED)->count, 0);
	ck_assert_uint_eq(rules_of(r, SCOPE_NEEDED)->granted, 1);
	record_free(r);
}
END_TEST

START_TEST(what_does_not_apply_is_never_asked)
{
	struct record *r = export_site();

	export_need(r, "zencontrol.x", "x.example.com", OUTCOME_FAIL)
	    ->applies = false;
	ck_assert_uint_eq(rules_of(r, SCOPE_ALL)->count, 0);
	record_free(r);
}
END_TEST

START_TEST(trouble_of_this_computer_is_not_asked_of_the_firewall)
{
	struct record *r = export_site();
	struct need *n;

	export_need(r, "zencontrol.dns", "x.example.com", OUTCOME_FAIL);
	n = export_need(r, "zencontrol.x", "x.example.com", OUTCOME_BLOCKED_BY);
	strlist_add(r->arena, &n->blocked_by, "zencontrol.dns");
	ck_assert_uint_eq(rules_of(r, SCOPE_NEEDED)->count, 2);
	r->needs[0].zone = ZONE_LAPTOP;
	ck_assert_ptr_null(
	    row_of(rules_of(r, SCOPE_NEEDED), "FR-zencontrol.x"));
	record_free(r);
}
END_TEST

START_TEST(ids_come_from_the_requirement_and_not_from_the_order)
{
	struct record *r = export_site(), *turned = export_site();
	const char *first, *second;

	export_need(r, "zencontrol.a", "a.example.com", OUTCOME_FAIL);
	export_need(r, "zencontrol.b", "b.example.com", OUTCOME_FAIL);
	export_need(turned, "zencontrol.b", "b.example.com", OUTCOME_FAIL);
	turned->started_us += 1000000;
	ck_assert_ptr_nonnull(
	    row_of(rules_of(turned, SCOPE_NEEDED), "FR-zencontrol.b"));
	ck_assert_ptr_nonnull(
	    row_of(rules_of(r, SCOPE_NEEDED), "FR-zencontrol.b"));
	first = rules_of(r, SCOPE_NEEDED)->id;
	second = rules_of(turned, SCOPE_ALL)->id;
	ck_assert_str_eq(first, second);
	turned->site.name = arena_strdup(turned->arena, "Elsewhere");
	ck_assert_str_ne(first, rules_of(turned, SCOPE_ALL)->id);
	record_free(r);
	record_free(turned);
}
END_TEST

START_TEST(internet_lan_and_conditions_are_kept_apart)
{
	struct record *r = export_site();
	struct need *n;

	n = export_need(r, "zencontrol.lan", "10.20.30.60", OUTCOME_FAIL);
	n->direction = DIR_LAN;
	ck_assert_int_eq(only_row(r)->part, ROWS_LAN);
	n->direction = DIR_OUTBOUND;
	ck_assert_int_eq(only_row(r)->part, ROWS_INTERNET);
	n->direction = DIR_INBOUND;
	ck_assert_int_eq(only_row(r)->part, ROWS_INTERNET);
	ck_assert_str_eq(only_row(r)->risk, "high");
	n->protocol = PROTO_NONE;
	n->to.kind = DEST_NONE;
	ck_assert_int_eq(only_row(r)->part, ROWS_CONDITIONS);
	record_free(r);
}
END_TEST

START_TEST(the_sites_own_resolver_is_no_internet_rule)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.dns", "", OUTCOME_FAIL);

	n->to.kind = DEST_RESOLVER;
	n->to.name = NULL;
	ck_assert_int_eq(only_row(r)->part, ROWS_LAN);
	ck_assert_str_eq(only_row(r)->dst, "10.20.30.1");
	r->vantage.resolvers.item[0] = arena_strdup(r->arena, "192.0.2.53");
	ck_assert_int_eq(only_row(r)->part, ROWS_INTERNET);
	r->vantage.resolvers.item[0] = arena_strdup(r->arena, "172.20.0.1");
	ck_assert_int_eq(only_row(r)->part, ROWS_LAN);
	r->vantage.resolvers.item[0] = arena_strdup(r->arena, "172.32.0.1");
	ck_assert_int_eq(only_row(r)->part, ROWS_INTERNET);
	record_free(r);
}
END_TEST

/* A desk that imports the rows must never open what must stay shut. */
START_TEST(what_must_not_be_is_never_a_permit)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.not", "x.example.com",
	    OUTCOME_FAIL);

	n->strength = STRENGTH_MUST_NOT;
	n->direction = DIR_INBOUND;
	ck_assert_int_eq(only_row(r)->part, ROWS_CONDITIONS);
	ck_assert_str_eq(only_row(r)->action, "remove");
	ck_assert_str_eq(only_row(r)->required, "must_not");
	record_free(r);
}
END_TEST

START_TEST(an_unknown_host_does_not_become_any)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.ota", "", OUTCOME_NOT_RUN);

	n->to.kind = DEST_ANY;
	n->to.name = NULL;
	n->to.from = arena_strdup(r->arena, "zentri_host");
	ck_assert_str_eq(only_row(r)->dst, "");
	n->specs = arena_array(r->arena, 1, sizeof *n->specs);
	n->specs[0].host = arena_strdup(r->arena, "ota.example.net");
	n->nspecs = 1;
	ck_assert_str_eq(only_row(r)->dst, "ota.example.net");
	ck_assert_str_eq(only_row(r)->dst_kind, "fqdn");
	record_free(r);
}
END_TEST

START_TEST(a_destination_that_is_any_is_a_high_risk)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.any", "", OUTCOME_FAIL);

	n->to.kind = DEST_ANY;
	n->to.name = NULL;
	ck_assert_str_eq(only_row(r)->dst, "any");
	ck_assert_str_eq(only_row(r)->risk, "high");
	record_free(r);
}
END_TEST

START_TEST(a_wildcard_says_how_deep_it_goes)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.wild", "*.loxonecloud.com",
	    OUTCOME_FAIL);
	const struct rule_row *row;

	n->to.kind = DEST_WILDCARD;
	strlist_add(r->arena, &n->to.examples, "eu.ccd2.loxonecloud.com");
	row = only_row(r);
	ck_assert_str_eq(row->dst, "*.loxonecloud.com");
	ck_assert_str_eq(row->dst_match, "subdomains");
	ck_assert_str_eq(row->risk, "medium");
	ck_assert_ptr_nonnull(strstr(row->risk_note, "any number of labels"));
	ck_assert_ptr_nonnull(
	    strstr(row->risk_note, "eu.ccd2.loxonecloud.com"));
	ck_assert_ptr_nonnull(strstr(row->risk_note, "is not needed"));
	n->to.apex = true;
	n->to.depth = 2;
	row = only_row(r);
	ck_assert_str_eq(row->dst_match, "subdomains+apex");
	ck_assert_ptr_nonnull(strstr(row->risk_note, "exactly 2 labels"));
	n->to.name = arena_strdup(r->arena, "*.a.loxonecloud.com");
	ck_assert_str_eq(only_row(r)->risk, "low");
	record_free(r);
}
END_TEST

START_TEST(names_that_were_reached_help_where_no_wildcard_can_be)
{
	struct record *r = export_site();
	struct observation o = {.key = arena_strdup(r->arena, "k"),
	    .probe = arena_strdup(r->arena, "tls"),
	    .host = arena_strdup(r->arena, "eu.example.com"),
	    .rung = RUNG_TLS_EXPECTED};
	struct need *n = export_need(r, "zencontrol.wild", "*.example.com",
	    OUTCOME_UNPROVEN);

	n->to.kind = DEST_WILDCARD;
	record_add_observation(r, &o);
	strlist_add(r->arena, &n->probes, "o1");
	ck_assert_uint_eq(only_row(r)->seen.count, 1);
	ck_assert_ptr_nonnull(strstr(only_row(r)->risk_note, "eu.example.com"));
	r->observations[0].rung = RUNG_SILENCE;
	ck_assert_uint_eq(only_row(r)->seen.count, 0);
	record_free(r);
}
END_TEST

START_TEST(wide_ranges_and_plain_protocols_are_marked)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.rtp", "192.0.2.1",
	    OUTCOME_FAIL);

	n->protocol = PROTO_UDP;
	n->to.kind = DEST_ADDRESS;
	export_port(r, n, 10000, 65535);
	ck_assert_str_eq(only_row(r)->risk, "high");
	ck_assert_ptr_nonnull(strstr(only_row(r)->risk_note, "55536"));
	ck_assert_str_eq(only_row(r)->ports, "10000-65535");
	export_port(r, n, 14000, 14999);
	ck_assert_str_eq(only_row(r)->risk, "medium");
	n->protocol = PROTO_TCP;
	export_port(r, n, 443, 443);
	ck_assert_str_eq(only_row(r)->risk, "low");
	export_port(r, n, 80, 80);
	ck_assert_str_eq(only_row(r)->risk, "medium");
	export_port(r, n, 21, 21);
	ck_assert_str_eq(only_row(r)->risk, "medium");
	record_free(r);
}
END_TEST

START_TEST(alternatives_share_one_mark)
{
	struct record *r = export_site();
	const struct rules *rules;
	struct need *n;

	n = export_need(r, "zencontrol.udp", "x.example.com", OUTCOME_FAIL);
	n->group = arena_strdup(r->arena, "either");
	n = export_need(r, "zencontrol.tcp", "x.example.com", OUTCOME_FAIL);
	n->group = arena_strdup(r->arena, "either");
	n = export_need(r, "zencontrol.solo", "x.example.com", OUTCOME_FAIL);
	n->group = arena_strdup(r->arena, "alone");
	rules = rules_of(r, SCOPE_NEEDED);
	ck_assert_str_eq(row_of(rules, "FR-zencontrol.tcp")->alt_of,
	    "FR-zencontrol.udp");
	ck_assert_str_eq(row_of(rules, "FR-zencontrol.udp")->alt_of,
	    "FR-zencontrol.udp");
	ck_assert_str_eq(row_of(rules, "FR-zencontrol.solo")->alt_of, "");
	record_free(r);
}
END_TEST

START_TEST(equal_flows_keep_their_rows_and_name_each_other)
{
	struct record *r = export_site();
	const struct rules *rules;

	export_need(r, "zencontrol.a", "x.example.com", OUTCOME_FAIL);
	export_need(r, "zencontrol.b", "X.example.com", OUTCOME_FAIL);
	export_port(r,
	    export_need(r, "zencontrol.c", "x.example.com", OUTCOME_FAIL), 8443,
	    8443);
	rules = rules_of(r, SCOPE_NEEDED);
	ck_assert_uint_eq(rules->count, 3);
	ck_assert_str_eq(rules->row[0].same_flow_as, "");
	ck_assert_str_eq(rules->row[1].same_flow_as, "FR-zencontrol.a");
	ck_assert_str_eq(rules->row[2].same_flow_as, "");
	record_free(r);
}
END_TEST

static bool
is_covered(const struct record *r)
{
	const struct rules *rules = rules_of(r, SCOPE_ALL);

	ck_assert_uint_eq(row_of(rules, "FR-zencontrol.wide")->covered_by.count,
	    0);
	return row_of(rules, "FR-zencontrol.row")->covered_by.count == 1;
}

/* Where the wide one is granted, nothing stops without the narrow one. */
START_TEST(a_row_within_another_names_it)
{
	struct record *r = export_site();
	struct need *wide, *row;

	export_need(r, "zencontrol.wide", "*.example.com", OUTCOME_FAIL);
	row = export_need(r, "zencontrol.row", "a.b.Example.com", OUTCOME_FAIL);
	wide = &r->needs[0];
	wide->to.kind = DEST_WILDCARD;
	export_port(r, wide, 400, 500);
	ck_assert(is_covered(r));
	export_port(r, row, 443, 501);
	ck_assert(!is_covered(r));
	export_port(r, row, 443, 443);
	wide->to.depth = 1;
	ck_assert(!is_covered(r));
	wide->to.depth = 0;
	row->protocol = PROTO_UDP;
	ck_assert(!is_covered(r));
	row->protocol = PROTO_TCP;
	row->to.kind = DEST_WILDCARD;
	row->to.name = arena_strdup(r->arena, "*.b.example.com");
	ck_assert(is_covered(r));
	wide->to.depth = 2;
	ck_assert(!is_covered(r));
	row->to.kind = DEST_FQDN;
	row->to.name = arena_strdup(r->arena, "example.com");
	wide->to.depth = 0;
	ck_assert(!is_covered(r));
	wide->to.apex = true;
	ck_assert(is_covered(r));
	record_free(r);
}
END_TEST

START_TEST(an_error_message_is_not_the_flow_of_a_ping)
{
	struct record *r = export_site();
	const struct rules *rules;
	struct need *n;
	int i;

	for (i = 0; i < 3; i++) {
		n = export_need(r,
		    i == 0     ? "zencontrol.8" :
			i == 1 ? "zencontrol.0" :
				 "zencontrol.3",
		    "x.example.com", OUTCOME_FAIL);
		n->protocol = PROTO_ICMP;
		n->ports.count = 0;
	}
	n->specs = arena_array(r->arena, 1, sizeof *n->specs);
	n->nspecs = 1;
	n->specs[0].want = arena_strdup(r->arena, "3");
	rules = rules_of(r, SCOPE_ALL);
	ck_assert_str_eq(rules->row[1].same_flow_as, "FR-zencontrol.8");
	ck_assert_str_eq(rules->row[2].same_flow_as, "");
	ck_assert_int_eq(rules->row[2].icmp_type, 3);
	record_free(r);
}
END_TEST

START_TEST(the_source_is_the_network_of_the_check)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.a", "x.example.com",
	    OUTCOME_FAIL);

	ck_assert_str_eq(only_row(r)->src_hosts, "10.20.30.0/24");
	ck_assert_str_eq(only_row(r)->src_zone, "VLAN 30");
	r->vantage.addresses.item[0] = arena_strdup(r->arena,
	    "172.16.9.130/25");
	ck_assert_str_eq(only_row(r)->src_hosts, "172.16.9.128/25");
	n->to.kind = DEST_ADDRESS;
	n->to.name = arena_strdup(r->arena, "2001:db8::1");
	ck_assert_str_eq(only_row(r)->src_hosts, "2001:db8:30::50/64");
	r->vantage.addresses.count = 0;
	ck_assert_str_eq(only_row(r)->src_hosts, "");
	record_free(r);
}
END_TEST

START_TEST(a_row_cites_its_source_and_says_what_is_assumed)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.a", "x.example.com",
	    OUTCOME_FAIL);

	ck_assert_str_eq(only_row(r)->vendor_source,
	    "zencontrol.txt:17,23; pack zencontrol 2026112101, "
	    "SHA-256 0123456789abcdef0123456789abcdef"
	    "0123456789abcdef0123456789abcdef");
	n->source.assumed = arena_strdup(r->arena, "443 is the usual port.");
	ck_assert_ptr_nonnull(strstr(only_row(r)->vendor_source,
	    "assumed: 443 is the usual port."));
	record_free(r);
}
END_TEST

START_TEST(conditions_are_words)
{
	struct record *r = export_site();
	struct arena *a = r->arena;
	struct need *n = export_need(r, "zencontrol.a", "x.example.com",
	    OUTCOME_FAIL);
	struct clause *c = arena_push(a, n->when.item, n->when.count);

	c->question = arena_strdup(a, "config_version");
	c->op = CLAUSE_AT_LEAST;
	strlist_add(a, &c->values, "17.0");
	ck_assert_str_eq(only_row(r)->condition,
	    "config version is at least 17.0");
	n->open_question = true;
	ck_assert_ptr_nonnull(strstr(only_row(r)->condition,
	    "config version is at least 17.0 (not answered yet"));
	record_free(r);
}
END_TEST

START_TEST(encrypted_flows_must_not_be_opened)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.a", "x.example.com",
	    OUTCOME_FAIL);

	ck_assert_str_eq(only_row(r)->tls_inspection, "must_bypass");
	n->probe_type = arena_strdup(r->arena, "http");
	ck_assert_str_eq(only_row(r)->tls_inspection, "ok");
	n->protocol = PROTO_UDP;
	n->probe_type = arena_strdup(r->arena, "path");
	ck_assert_str_eq(only_row(r)->tls_inspection, "");
	record_free(r);
}
END_TEST

START_TEST(review_is_due_in_half_a_year)
{
	struct record *r = export_site();

	export_need(r, "zencontrol.a", "x.example.com", OUTCOME_FAIL);
	ck_assert_str_eq(only_row(r)->review_by, "2027-05-21");
	ck_assert_str_eq(only_row(r)->requested_by,
	    "A. Fitter, Example Lights");
	ck_assert_str_eq(only_row(r)->owner, "Example Estates");
	record_free(r);
}
END_TEST

HARNESS("export rows", needed_is_what_failed_or_is_not_proven,
    a_warning_is_asked_for_when_its_flow_is_blocked,
    what_does_not_apply_is_never_asked,
    trouble_of_this_computer_is_not_asked_of_the_firewall,
    ids_come_from_the_requirement_and_not_from_the_order,
    internet_lan_and_conditions_are_kept_apart,
    the_sites_own_resolver_is_no_internet_rule,
    what_must_not_be_is_never_a_permit, an_unknown_host_does_not_become_any,
    a_destination_that_is_any_is_a_high_risk, a_wildcard_says_how_deep_it_goes,
    names_that_were_reached_help_where_no_wildcard_can_be,
    wide_ranges_and_plain_protocols_are_marked, alternatives_share_one_mark,
    equal_flows_keep_their_rows_and_name_each_other,
    a_row_within_another_names_it, an_error_message_is_not_the_flow_of_a_ping,
    the_source_is_the_network_of_the_check,
    a_row_cites_its_source_and_says_what_is_assumed, conditions_are_words,
    encrypted_flows_must_not_be_opened, review_is_due_in_half_a_year)
