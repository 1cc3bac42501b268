/* SPDX-License-Identifier: MIT */
/* Promises of the linter of a change request: each rule speaks of a row that
 * deserves it, and is silent about one that does not. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/export/request/lint.h"
#include "core/export/request/suffix.h"
#include "tests/unit/export_site.h"

#define S(text) arena_strdup(r->arena, text)

static const struct rules *
rules_of(struct record *r)
{
	struct export_options opt = {.scope = SCOPE_ALL,
	    .now_us = EXPORT_NOW_US,
	    .ncols = 80};

	return rows_make(r->arena, r, &opt);
}

/* The finding of a rule, or NULL. */
static const struct lint_finding *
found(struct record *r, const struct rules *rules, const char *rule)
{
	struct lint l;
	size_t i;

	lint_rules(r->arena, rules, &l);
	for (i = 0; i < l.count; i++) {
		if (strcmp(l.finding[i].rule, rule) == 0)
			return &l.finding[i];
	}
	return NULL;
}

static bool
says(struct record *r, const char *rule, const char *word)
{
	const struct lint_finding *f = found(r, rules_of(r), rule);

	return f != NULL && strstr(f->text, word) != NULL;
}

static bool
is_silent(struct record *r, const char *rule)
{
	return found(r, rules_of(r), rule) == NULL;
}

/* One row: TCP 443 to a name of somebody, with reason and source. */
static struct record *
good(struct need **n)
{
	struct record *r = export_site();

	*n = export_need(r, "zencontrol.x", "connect.example.com",
	    OUTCOME_FAIL);
	return r;
}

/* The resolver's answer for the name of the good row. */
static struct observation *
answer(struct record *r, const char *id, const char *address, int ttl)
{
	struct observation o = {.id = S(id),
	    .key = S("dns connect.example.com"),
	    .probe = S("dns"),
	    .nature = NATURE_NAME,
	    .host = S("connect.example.com"),
	    .port = 53,
	    .protocol = PROTO_UDP,
	    .started_us = EXPORT_NOW_US,
	    .rung = RUNG_APP_REPLY};

	o.detail = address == NULL ?
	    json_pack("{s:[],s:s}", "addresses", "server", "10.20.30.1") :
	    json_pack("{s:[s],s:[i],s:s}", "addresses", address, "ttls", ttl,
		"server", "10.20.30.1");
	ck_assert_ptr_nonnull(o.detail);
	record_add_observation(r, &o);
	json_decref(o.detail);
	return &r->observations[r->nobservations - 1];
}

START_TEST(a_good_row_has_no_finding)
{
	struct need *n;
	struct record *r = good(&n);
	struct lint l;

	answer(r, "o1", "192.0.2.1", 300);
	lint_rules(r->arena, rules_of(r), &l);
	ck_assert_uint_eq(l.count, 0);
	ck_assert_str_eq(lint_counts(r->arena, &l), "");
	record_free(r);
}
END_TEST

START_TEST(any_to_any_is_serious)
{
	struct need *n;
	struct record *r = good(&n);

	n->to.kind = DEST_ANY;
	n->to.name = NULL;
	ck_assert(is_silent(r, "any-any"));
	ck_assert(says(r, "any-destination", "any address"));
	r->vantage.addresses.count = 0;
	ck_assert(says(r, "any-any", "everybody"));
	ck_assert_int_eq(found(r, rules_of(r), "any-any")->severity,
	    LINT_SERIOUS);
	record_free(r);
}
END_TEST

START_TEST(a_source_that_is_any_is_serious)
{
	struct need *n;
	struct record *r = good(&n);

	ck_assert(is_silent(r, "any-source"));
	ck_assert(is_silent(r, "no-source"));
	n->direction = DIR_INBOUND;
	ck_assert(says(r, "any-source", "any address"));
	n->direction = DIR_OUTBOUND;
	r->vantage.addresses.count = 0;
	ck_assert(says(r, "no-source", "not named"));
	record_free(r);
}
END_TEST

START_TEST(a_destination_that_is_not_known_is_told)
{
	struct need *n;
	struct record *r = good(&n);

	ck_assert(is_silent(r, "no-destination"));
	n->to.kind = DEST_ANY;
	n->to.name = NULL;
	n->to.from = S("host");
	ck_assert(says(r, "no-destination", "not known yet"));
	record_free(r);
}
END_TEST

START_TEST(a_row_without_a_reason_is_serious)
{
	struct need *n;
	struct record *r = good(&n);

	ck_assert(is_silent(r, "no-reason"));
	n->reason = S(" ");
	ck_assert(says(r, "no-reason", "No reason"));
	record_free(r);
}
END_TEST

START_TEST(a_row_without_an_end_or_a_review_is_told)
{
	struct need *n;
	struct record *r = good(&n);
	const struct rules *rules = rules_of(r);

	ck_assert_ptr_null(found(r, rules, "no-review"));
	rules->row[0].review_by = "";
	ck_assert_ptr_nonnull(found(r, rules, "no-review"));
	rules->row[0].expires = "2027-01-31";
	ck_assert_ptr_null(found(r, rules, "no-review"));
	record_free(r);
}
END_TEST

START_TEST(a_huge_range_is_told_with_its_number)
{
	struct need *n;
	struct record *r = good(&n);

	n->protocol = PROTO_UDP;
	export_port(r, n, 10000, 10999);
	ck_assert(is_silent(r, "huge-range"));
	export_port(r, n, 10000, 11000);
	ck_assert(says(r, "huge-range", "1001 ports"));
	/* The range of the Z5 document. */
	export_port(r, n, 10000, 65535);
	ck_assert(says(r, "huge-range", "55536 ports"));
	record_free(r);
}
END_TEST

START_TEST(a_wildcard_of_a_whole_domain_is_told)
{
	static const struct {
		const char *pattern;
		bool told;
		enum lint_severity severity;
	} cases[] = {
	    {"*.a.example.com", false, LINT_NOTE},
	    {"*.example.com", true, LINT_WARNING},
	    {"*.EXAMPLE.com", true, LINT_WARNING},
	    {"*.example.co.uk", true, LINT_WARNING},
	    {"*.a.example.co.uk", false, LINT_NOTE},
	    {"*.co.uk", true, LINT_SERIOUS},
	    {"*.com", true, LINT_SERIOUS},
	};
	const struct lint_finding *f;
	struct need *n;
	struct record *r = good(&n);
	size_t i;

	n->to.kind = DEST_WILDCARD;
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		n->to.name = S(cases[i].pattern);
		f = found(r, rules_of(r), "wide-wildcard");
		ck_assert_msg((f != NULL) == cases[i].told, "%s",
		    cases[i].pattern);
		if (f != NULL)
			ck_assert_int_eq(f->severity, cases[i].severity);
	}
	record_free(r);
}
END_TEST

START_TEST(names_are_told_apart_by_who_may_register_them)
{
	ck_assert_int_eq(suffix_kind("example.com"), SUFFIX_REGISTRABLE);
	ck_assert_int_eq(suffix_kind("example.com."), SUFFIX_REGISTRABLE);
	ck_assert_int_eq(suffix_kind("a.example.com"), SUFFIX_BELOW);
	ck_assert_int_eq(suffix_kind("co.uk"), SUFFIX_PUBLIC);
	ck_assert_int_eq(suffix_kind("example.co.uk"), SUFFIX_REGISTRABLE);
}
END_TEST

START_TEST(protocols_in_clear_are_named)
{
	static const struct {
		enum protocol protocol;
		uint16_t port;
		const char *name;
	} cases[] = {{PROTO_TCP, 20, "FTP"}, {PROTO_TCP, 21, "FTP"},
	    {PROTO_TCP, 23, "Telnet"}, {PROTO_UDP, 69, "TFTP"},
	    {PROTO_TCP, 80, "HTTP"}, {PROTO_TCP, 1883, "MQTT"},
	    {PROTO_TCP, 5060, "SIP"}, {PROTO_UDP, 5060, "SIP"}};
	struct need *n;
	struct record *r = good(&n);
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		n->protocol = cases[i].protocol;
		export_port(r, n, cases[i].port, cases[i].port);
		ck_assert(says(r, "insecure-protocol", cases[i].name));
	}
	/* A range says nothing about one of its ports. */
	export_port(r, n, 5000, 6000);
	ck_assert(is_silent(r, "insecure-protocol"));
	n->protocol = PROTO_TCP;
	export_port(r, n, 7091, 7091);
	ck_assert(is_silent(r, "insecure-protocol"));
	n->probe_type = S("http");
	ck_assert(says(r, "insecure-protocol", "HTTP"));
	record_free(r);
}
END_TEST

START_TEST(a_local_destination_among_internet_rows_is_serious)
{
	static const char *const local[] = {"10.1.2.3", "192.168.1.9",
	    "fd00::1", "169.254.1.1"};
	struct need *n;
	struct record *r = good(&n);
	size_t i;

	n->to.kind = DEST_ADDRESS;
	n->to.name = S("203.0.113.9");
	ck_assert(is_silent(r, "lan-in-internet"));
	for (i = 0; i < sizeof local / sizeof *local; i++) {
		n->to.name = S(local[i]);
		ck_assert(says(r, "lan-in-internet", "local network"));
	}
	n->direction = DIR_LAN;
	ck_assert(is_silent(r, "lan-in-internet"));
	record_free(r);
}
END_TEST

START_TEST(duplicates_and_shadowed_rows_are_told)
{
	struct need *n;
	struct record *r = good(&n);
	const struct lint_finding *f;
	struct need *other;

	other = export_need(r, "zencontrol.y", "connect.example.com",
	    OUTCOME_FAIL);
	f = found(r, rules_of(r), "duplicate");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(f->rows.count, 1);
	ck_assert_str_eq(f->rows.item[0], "FR-zencontrol.y");
	ck_assert(is_silent(r, "shadowed"));
	other->to.kind = DEST_WILDCARD;
	other->to.name = S("*.example.com");
	ck_assert(is_silent(r, "duplicate"));
	f = found(r, rules_of(r), "shadowed");
	ck_assert_ptr_nonnull(f);
	ck_assert_str_eq(f->rows.item[0], "FR-zencontrol.x");
	record_free(r);
}
END_TEST

START_TEST(a_name_that_was_not_resolved_is_told)
{
	struct need *n;
	struct record *r = good(&n);

	ck_assert(is_silent(r, "unresolved-name"));
	answer(r, "o1", NULL, 0)->failure = CAUSE_DNS_NXDOMAIN;
	ck_assert(says(r, "unresolved-name", "connect.example.com"));
	record_free(r);
}
END_TEST

/* What was cancelled says nothing about the name. */
START_TEST(a_question_that_was_cancelled_says_nothing)
{
	struct need *n;
	struct record *r = good(&n);

	answer(r, "o1", NULL, 0)->failure = CAUSE_CANCELLED;
	ck_assert(is_silent(r, "unresolved-name"));
	record_free(r);
}
END_TEST

START_TEST(addresses_that_change_fast_are_told)
{
	struct need *n;
	struct record *r = good(&n);

	answer(r, "o1", "192.0.2.1", 60);
	ck_assert(is_silent(r, "changing-addresses"));
	record_free(r);
	r = good(&n);
	answer(r, "o1", "192.0.2.1", 59);
	ck_assert(says(r, "changing-addresses", "less than 60"));
	record_free(r);
}
END_TEST

/* A cache counts down: the longer of two answers tells how long it was. */
START_TEST(a_cached_answer_is_not_taken_for_a_short_one)
{
	struct need *n;
	struct record *r = good(&n);

	answer(r, "o1", "192.0.2.1", 12);
	answer(r, "o2", "192.0.2.1", 3600);
	ck_assert(is_silent(r, "changing-addresses"));
	record_free(r);
}
END_TEST

START_TEST(other_addresses_than_before_are_told)
{
	struct need *n;
	struct record *r = good(&n);

	answer(r, "o1", "192.0.2.1", 300);
	answer(r, "o2", "192.0.2.1", 300);
	record_replace(r, "o1", "o2");
	ck_assert_uint_eq(r->nearlier, 1);
	ck_assert(is_silent(r, "changing-addresses"));
	answer(r, "o3", "192.0.2.9", 300);
	record_replace(r, "o2", "o3");
	ck_assert(says(r, "changing-addresses", "earlier"));
	record_free(r);
}
END_TEST

START_TEST(the_worst_comes_first_and_is_counted)
{
	struct need *n;
	struct record *r = good(&n);
	struct lint l;

	export_port(r, n, 10000, 65535);
	n = export_need(r, "zencontrol.y", "x.example.com", OUTCOME_FAIL);
	n->reason = S("");
	lint_rules(r->arena, rules_of(r), &l);
	ck_assert_uint_eq(l.count, 2);
	ck_assert_int_eq(l.finding[0].severity, LINT_SERIOUS);
	ck_assert_str_eq(lint_counts(r->arena, &l),
	    "1 serious point, 1 warning");
	record_free(r);
}
END_TEST

HARNESS("export lint", a_good_row_has_no_finding, any_to_any_is_serious,
    a_source_that_is_any_is_serious, a_destination_that_is_not_known_is_told,
    a_row_without_a_reason_is_serious, a_row_without_an_end_or_a_review_is_told,
    a_huge_range_is_told_with_its_number, a_wildcard_of_a_whole_domain_is_told,
    names_are_told_apart_by_who_may_register_them, protocols_in_clear_are_named,
    a_local_destination_among_internet_rows_is_serious,
    duplicates_and_shadowed_rows_are_told, a_name_that_was_not_resolved_is_told,
    a_question_that_was_cancelled_says_nothing,
    addresses_that_change_fast_are_told,
    a_cached_answer_is_not_taken_for_a_short_one,
    other_addresses_than_before_are_told, the_worst_comes_first_and_is_counted)
