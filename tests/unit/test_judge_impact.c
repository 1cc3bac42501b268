/* SPDX-License-Identifier: MIT */
/* What a change asks of those who run the network: each by its word, the
 * worst first, and never less than it is. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "core/judge/impact.h"
#include "core/record/rules_read.h"
#include "tests/unit/export_site.h"

struct pair {
	struct record *then, *now;
	struct arena *a;
	struct impacts list;
};

static void
pair_init(struct pair *p)
{
	p->then = export_site();
	p->now = export_site();
	p->a = arena_new();
}

static void
compare(struct pair *p, bool partial)
{
	struct impact_sides s = {p->then->needs, p->now->needs, p->then->nneeds,
	    p->now->nneeds, true, partial};

	impact_find(p->a, &s, &p->list);
}

static void
pair_free(struct pair *p)
{
	record_free(p->then);
	record_free(p->now);
	arena_free(p->a);
}

static struct need *
line(struct record *r, enum outcome outcome)
{
	return export_need(r, "p.line", "a.example.com", outcome);
}

static void
expect(struct pair *p, enum impact only, bool worse)
{
	compare(p, false);
	ck_assert_uint_eq(p->list.count, 1);
	ck_assert_msg(p->list.row[0].impact == only, "%s, not %s",
	    impact_name(p->list.row[0].impact), impact_name(only));
	ck_assert_int_eq(impact_is_worse(&p->list), worse);
	ck_assert_str_ne(impact_sentence(p->a, &p->list.row[0]), "");
}

START_TEST(each_result_is_told_as_what_became_of_it)
{
	static const struct {
		enum outcome then, now;
		enum impact impact;
		bool worse;
	} cases[] = {
	    {OUTCOME_PASS, OUTCOME_FAIL, IMPACT_REGRESSED, true},
	    {OUTCOME_WARN, OUTCOME_FAIL, IMPACT_REGRESSED, true},
	    {OUTCOME_UNPROVEN, OUTCOME_FAIL, IMPACT_FAILING, true},
	    {OUTCOME_NOT_RUN, OUTCOME_FAIL, IMPACT_FAILING, true},
	    {OUTCOME_PASS, OUTCOME_UNPROVEN, IMPACT_UNPROVEN, true},
	    {OUTCOME_FAIL, OUTCOME_UNPROVEN, IMPACT_UNPROVEN, true},
	    {OUTCOME_PASS, OUTCOME_NOT_RUN, IMPACT_UNTESTED, true},
	    {OUTCOME_FAIL, OUTCOME_NOT_RUN, IMPACT_UNTESTED, true},
	    {OUTCOME_FAIL, OUTCOME_PASS, IMPACT_CLEARED, false},
	    {OUTCOME_UNPROVEN, OUTCOME_PASS, IMPACT_PROVEN, false},
	    {OUTCOME_PASS, OUTCOME_MARGINAL, IMPACT_OTHERWISE, false},
	    /* what somebody accepts fails all the same */
	    {OUTCOME_PASS, OUTCOME_WAIVED, IMPACT_REGRESSED, true},
	    {OUTCOME_WAIVED, OUTCOME_PASS, IMPACT_CLEARED, false},
	    {OUTCOME_FAIL, OUTCOME_WAIVED, IMPACT_OTHERWISE, false},
	};
	struct pair p;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		pair_init(&p);
		line(p.then, cases[i].then);
		line(p.now, cases[i].now);
		expect(&p, cases[i].impact, cases[i].worse);
		pair_free(&p);
	}
}
END_TEST

static void
add_port(struct record *r, struct need *n, uint16_t low, uint16_t high)
{
	*arena_push(r->arena, n->ports.range,
	    n->ports.count) = (struct port_range){low, high};
}

/* Ports: then, now, and what the firewall has to do. */
START_TEST(an_access_is_widened_or_narrowed)
{
	static const struct {
		uint16_t then[4], now[4]; /* low, high, low, high; 0 = none */
		enum impact impact;
	} cases[] = {
	    {{443, 443}, {443, 443, 8443, 8443}, IMPACT_ACCESS_WIDENED},
	    {{443, 443, 8443, 8443}, {8443, 8443}, IMPACT_ACCESS_NARROWED},
	    {{443, 443}, {8443, 8443}, IMPACT_ACCESS_WIDENED},
	    {{1000, 2000}, {1500, 1600}, IMPACT_ACCESS_NARROWED},
	    {{1000, 2000}, {1500, 2001}, IMPACT_ACCESS_WIDENED},
	    {{1, 65534}, {1, 65535}, IMPACT_ACCESS_WIDENED},
	    {{1000, 1499, 1500, 2000}, {1400, 1600}, IMPACT_ACCESS_NARROWED},
	    /* no port at all is every port */
	    {{443, 443}, {0}, IMPACT_ACCESS_WIDENED},
	    {{0}, {443, 443}, IMPACT_ACCESS_NARROWED},
	};
	struct pair p;
	size_t i, k;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		pair_init(&p);
		line(p.then, OUTCOME_PASS)->ports.count = 0;
		line(p.now, OUTCOME_PASS)->ports.count = 0;
		for (k = 0; k < 4; k += 2) {
			if (cases[i].then[k] > 0)
				add_port(p.then, &p.then->needs[0],
				    cases[i].then[k], cases[i].then[k + 1]);
			if (cases[i].now[k] > 0)
				add_port(p.now, &p.now->needs[0],
				    cases[i].now[k], cases[i].now[k + 1]);
		}
		expect(&p, cases[i].impact,
		    cases[i].impact == IMPACT_ACCESS_WIDENED);
		pair_free(&p);
	}
	/* the same ports, written otherwise */
	pair_init(&p);
	line(p.then, OUTCOME_PASS)->ports.count = 0;
	line(p.now, OUTCOME_PASS)->ports.count = 0;
	add_port(p.then, &p.then->needs[0], 1000, 2000);
	add_port(p.now, &p.now->needs[0], 1501, 2000);
	add_port(p.now, &p.now->needs[0], 1000, 1500);
	compare(&p, false);
	ck_assert_uint_eq(p.list.count, 0);
	ck_assert_uint_eq(p.list.same, 1);
	pair_free(&p);
}
END_TEST

START_TEST(another_destination_is_another_access)
{
	struct pair p;

	pair_init(&p);
	line(p.then, OUTCOME_PASS);
	line(p.now, OUTCOME_PASS)->to.name = arena_strdup(p.now->arena,
	    "b.example.com");
	expect(&p, IMPACT_ACCESS_WIDENED, true);
	ck_assert_ptr_nonnull(
	    strstr(impact_sentence(p.a, &p.list.row[0]), "a.example.com"));
	ck_assert_ptr_nonnull(
	    strstr(impact_sentence(p.a, &p.list.row[0]), "b.example.com"));
	pair_free(&p);
}
END_TEST

START_TEST(what_comes_and_goes_is_an_access_or_a_condition)
{
	struct pair p;

	pair_init(&p);
	line(p.now, OUTCOME_PASS);
	expect(&p, IMPACT_ACCESS_ADDED, true);
	pair_free(&p);
	pair_init(&p);
	line(p.then, OUTCOME_FAIL);
	expect(&p, IMPACT_ACCESS_REMOVED, false);
	pair_free(&p);
	pair_init(&p);
	line(p.now, OUTCOME_PASS)->protocol = PROTO_NONE;
	expect(&p, IMPACT_CONDITION_ADDED, true);
	pair_free(&p);
	pair_init(&p);
	line(p.then, OUTCOME_PASS)->strength = STRENGTH_MUST_NOT;
	expect(&p, IMPACT_CONDITION_REMOVED, false);
	pair_free(&p);
	/* a line that does not apply is not there */
	pair_init(&p);
	line(p.then, OUTCOME_PASS)->applies = false;
	line(p.now, OUTCOME_PASS);
	expect(&p, IMPACT_ACCESS_ADDED, true);
	pair_free(&p);
}
END_TEST

START_TEST(a_new_line_that_fails_is_told_twice)
{
	struct pair p;

	pair_init(&p);
	line(p.now, OUTCOME_FAIL);
	compare(&p, false);
	ck_assert_uint_eq(p.list.of[IMPACT_FAILING], 1);
	ck_assert_uint_eq(p.list.of[IMPACT_ACCESS_ADDED], 1);
	ck_assert_str_eq(impact_summary(p.a, &p.list),
	    "1 newly failing, 1 access added");
	pair_free(&p);
}
END_TEST

START_TEST(strength_is_told)
{
	struct pair p;

	pair_init(&p);
	line(p.then, OUTCOME_PASS)->strength = STRENGTH_OPTIONAL;
	line(p.now, OUTCOME_PASS);
	expect(&p, IMPACT_REQUIRED, true);
	pair_free(&p);
	pair_init(&p);
	line(p.then, OUTCOME_PASS);
	line(p.now, OUTCOME_PASS)->strength = STRENGTH_OPTIONAL;
	expect(&p, IMPACT_UNREQUIRED, false);
	pair_free(&p);
}
END_TEST

/* A request of what is in the way does not say that the rest is needed no
 * more: nobody closes a firewall because of it. */
START_TEST(what_a_partial_request_leaves_out_is_not_called_unneeded)
{
	struct request then, now;
	struct error err = {0};
	struct record *r = export_site();
	char *all, *needed;
	struct pair p;

	pair_init(&p);
	export_need(r, "zencontrol.good", "good.example.com", OUTCOME_PASS);
	export_need(r, "zencontrol.bad", "bad.example.com", OUTCOME_FAIL);
	all = export_bytes(r, EXPORT_REQUEST, "json", SCOPE_ALL);
	needed = export_bytes(r, EXPORT_REQUEST, "json", SCOPE_NEEDED);
	ck_assert_int_eq(request_from_json(all, strlen(all), &then, &err), 0);
	ck_assert_int_eq(request_from_json(needed, strlen(needed), &now, &err),
	    0);
	ck_assert(!then.partial);
	ck_assert(now.partial);
	ck_assert_uint_eq(then.record->nneeds, 2);
	ck_assert_uint_eq(now.record->nneeds, 1);
	ck_assert_str_eq(now.record->needs[0].id, "zencontrol.bad");
	ck_assert_str_eq(now.record->needs[0].to.name, "bad.example.com");
	ck_assert_int_eq(now.record->needs[0].outcome, OUTCOME_FAIL);
	record_free(p.then);
	record_free(p.now);
	p.then = then.record;
	p.now = now.record;
	compare(&p, now.partial);
	ck_assert_uint_eq(p.list.count, 1);
	ck_assert_uint_eq(p.list.same, 1);
	ck_assert_int_eq(p.list.row[0].impact, IMPACT_UNLISTED);
	free(all);
	free(needed);
	record_free(r);
	pair_free(&p);
}
END_TEST

/* Of hundreds of thousands, as a hostile file can have them. */
START_TEST(many_lines_take_no_longer_than_that)
{
	struct pair p;
	struct need *list;
	size_t i, n = 60000;

	pair_init(&p);
	list = arena_array(p.a, 2 * n, sizeof *list);
	for (i = 0; i < 2 * n; i++) {
		list[i] = *line(p.then, OUTCOME_PASS);
		p.then->nneeds = 0;
		list[i].id = arena_printf(p.a, "p.%zu", i % 50000 + i / n);
	}
	p.then->needs = list;
	p.then->nneeds = n;
	p.now->needs = list + n;
	p.now->nneeds = n;
	compare(&p, false);
	ck_assert_uint_ge(p.list.same, 49000);
	pair_free(&p);
}
END_TEST

HARNESS("judge impact", each_result_is_told_as_what_became_of_it,
    an_access_is_widened_or_narrowed, another_destination_is_another_access,
    what_comes_and_goes_is_an_access_or_a_condition,
    a_new_line_that_fails_is_told_twice, strength_is_told,
    what_a_partial_request_leaves_out_is_not_called_unneeded,
    many_lines_take_no_longer_than_that)
