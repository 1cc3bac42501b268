/* SPDX-License-Identifier: MIT */
/* What changed at a site: regressions first, nothing twice, and what is
 * accepted is not taken for mended. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/difference.h"
#include "tests/unit/export_site.h"

static struct need *
line(struct record *r, const char *id, enum outcome outcome)
{
	return export_need(r, id, "a.example.com", outcome);
}

static const struct difference_line *
find(const struct difference *d, const char *id)
{
	const struct difference_line *found = NULL;
	size_t i;

	for (i = 0; i < d->nlines; i++) {
		const struct difference_line *l = &d->line[i];

		if (strcmp((l->now != NULL ? l->now : l->then)->id, id) != 0)
			continue;
		ck_assert_msg(found == NULL, "%s is told twice", id);
		found = l;
	}
	return found;
}

static const struct difference_fact *
fact(const struct difference *d, enum difference_section section,
    const char *label)
{
	size_t i;

	for (i = 0; i < d->nfacts; i++) {
		if (d->fact[i].section == section &&
		    strcmp(d->fact[i].label, label) == 0)
			return &d->fact[i];
	}
	return NULL;
}

struct pair {
	struct record *then, *now;
	struct arena *a;
	struct difference d;
};

static void
pair_init(struct pair *p)
{
	p->then = export_site();
	p->now = export_site();
	p->a = arena_new();
}

static void
compare(struct pair *p)
{
	record_difference(p->a, p->then, p->now, &p->d);
}

static void
pair_free(struct pair *p)
{
	record_free(p->then);
	record_free(p->now);
	arena_free(p->a);
}

START_TEST(each_line_is_told_once_as_what_became_of_it)
{
	static const struct {
		enum outcome then, now;
		enum difference_kind kind;
	} cases[] = {
	    {OUTCOME_PASS, OUTCOME_FAIL, DIFFERENCE_BROKEN},
	    {OUTCOME_MARGINAL, OUTCOME_FAIL, DIFFERENCE_BROKEN},
	    {OUTCOME_NOT_RUN, OUTCOME_FAIL, DIFFERENCE_FAILING},
	    {OUTCOME_UNPROVEN, OUTCOME_FAIL, DIFFERENCE_FAILING},
	    {OUTCOME_PASS, OUTCOME_UNPROVEN, DIFFERENCE_LOST},
	    {OUTCOME_PASS, OUTCOME_BLOCKED_BY, DIFFERENCE_LOST},
	    {OUTCOME_WARN, OUTCOME_NOT_RUN, DIFFERENCE_LOST},
	    {OUTCOME_FAIL, OUTCOME_NOT_RUN, DIFFERENCE_UNDECIDED},
	    {OUTCOME_FAIL, OUTCOME_TOOL_ERROR, DIFFERENCE_UNDECIDED},
	    {OUTCOME_PASS, OUTCOME_MARGINAL, DIFFERENCE_OTHER},
	    {OUTCOME_UNPROVEN, OUTCOME_BLOCKED_BY, DIFFERENCE_OTHER},
	    {OUTCOME_FAIL, OUTCOME_PASS, DIFFERENCE_MENDED},
	    {OUTCOME_FAIL, OUTCOME_WARN, DIFFERENCE_MENDED},
	    {OUTCOME_BLOCKED_BY, OUTCOME_PASS, DIFFERENCE_PROVED},
	};
	const size_t n = sizeof cases / sizeof *cases;
	struct pair p;
	char id[16];
	size_t i;

	pair_init(&p);
	for (i = 0; i < n; i++) {
		snprintf(id, sizeof id, "p.%zu", i);
		line(p.then, id, cases[i].then);
		/* in another order, which is nothing */
		snprintf(id, sizeof id, "p.%zu", n - 1 - i);
		line(p.now, id, cases[n - 1 - i].now);
	}
	line(p.then, "p.same", OUTCOME_FAIL);
	line(p.now, "p.same", OUTCOME_FAIL);
	compare(&p);
	ck_assert_uint_eq(p.d.nlines, n);
	ck_assert_uint_eq(p.d.same, 1);
	for (i = 0; i < n; i++) {
		snprintf(id, sizeof id, "p.%zu", i);
		ck_assert_msg(find(&p.d, id)->kind == cases[i].kind,
		    "case %zu is %d", i, find(&p.d, id)->kind);
	}
	ck_assert_uint_eq(p.d.of[DIFFERENCE_BROKEN], 2);
	ck_assert_uint_eq(p.d.of[DIFFERENCE_MENDED], 2);
	ck_assert_uint_eq(p.d.of[DIFFERENCE_NEW], 0);
	pair_free(&p);
}
END_TEST

START_TEST(regressions_come_first)
{
	struct pair p;
	size_t i;

	pair_init(&p);
	line(p.then, "p.mended", OUTCOME_FAIL);
	line(p.now, "p.mended", OUTCOME_PASS);
	line(p.then, "p.gone", OUTCOME_PASS);
	line(p.now, "p.new", OUTCOME_PASS);
	line(p.then, "p.broken", OUTCOME_PASS);
	line(p.now, "p.broken", OUTCOME_FAIL);
	compare(&p);
	ck_assert_uint_eq(p.d.nlines, 4);
	ck_assert_str_eq(p.d.line[0].now->id, "p.broken");
	ck_assert_str_eq(p.d.line[1].now->id, "p.new");
	ck_assert_ptr_null(p.d.line[1].then);
	ck_assert_str_eq(p.d.line[2].now->id, "p.mended");
	ck_assert_str_eq(p.d.line[3].then->id, "p.gone");
	ck_assert_ptr_null(p.d.line[3].now);
	for (i = 1; i < p.d.nlines; i++)
		ck_assert_int_le(p.d.line[i - 1].kind, p.d.line[i].kind);
	pair_free(&p);
}
END_TEST

START_TEST(what_is_accepted_is_not_mended)
{
	struct pair p;

	pair_init(&p);
	line(p.then, "p.accepted", OUTCOME_FAIL);
	line(p.now, "p.accepted", OUTCOME_WAIVED)
	    ->accepted = arena_strdup(p.now->arena, "fail");
	line(p.then, "p.broken", OUTCOME_PASS);
	line(p.now, "p.broken", OUTCOME_WAIVED)
	    ->accepted = arena_strdup(p.now->arena, "fail");
	line(p.then, "p.open", OUTCOME_PASS);
	line(p.now, "p.open", OUTCOME_WAIVED)
	    ->accepted = arena_strdup(p.now->arena, "unproven");
	/* a file may lie, or be of another program */
	line(p.then, "p.odd", OUTCOME_PASS);
	line(p.now, "p.odd", OUTCOME_WAIVED)
	    ->accepted = arena_strdup(p.now->arena, "waived");
	line(p.then, "p.silent", OUTCOME_PASS);
	line(p.now, "p.silent", OUTCOME_WAIVED);
	compare(&p);
	ck_assert_int_eq(find(&p.d, "p.accepted")->kind, DIFFERENCE_OTHER);
	ck_assert_int_eq(find(&p.d, "p.broken")->kind, DIFFERENCE_BROKEN);
	ck_assert_int_eq(find(&p.d, "p.open")->kind, DIFFERENCE_LOST);
	ck_assert_int_eq(find(&p.d, "p.odd")->kind, DIFFERENCE_BROKEN);
	ck_assert_int_eq(find(&p.d, "p.silent")->kind, DIFFERENCE_BROKEN);
	pair_free(&p);
}
END_TEST

START_TEST(where_it_was_measured_is_told)
{
	struct vantage *v;
	struct pair p;

	pair_init(&p);
	compare(&p);
	ck_assert(!p.d.other_network);
	ck_assert_uint_eq(p.d.nfacts, 0);
	/* The same numbers behind another router are another network. */
	v = &p.now->vantage;
	p.then->vantage.gateway_mac = arena_strdup(p.then->arena,
	    "02:00:00:00:00:01");
	v->gateway_mac = arena_strdup(p.now->arena, "02:00:00:00:00:02");
	compare(&p);
	ck_assert(p.d.other_network);
	ck_assert_str_eq(fact(&p.d, DIFFERENCE_NETWORK,
			     "Hardware address of the gateway")
			     ->now,
	    "02:00:00:00:00:02");
	/* Another address of the laptop is no other network. */
	v->gateway_mac = p.then->vantage.gateway_mac;
	v->addresses.count = 0;
	strlist_add(p.now->arena, &v->addresses, "10.20.30.99/24");
	compare(&p);
	ck_assert(!p.d.other_network);
	ck_assert_str_eq(fact(&p.d, DIFFERENCE_NETWORK,
			     "Addresses of the computer")
			     ->now,
	    "10.20.30.99/24");
	/* Without the hardware address the gateway must do. */
	v->gateway_mac = NULL;
	v->gateway = arena_strdup(p.now->arena, "192.168.1.1");
	compare(&p);
	ck_assert(p.d.other_network);
	/* What was never measured was measured nowhere. */
	p.now->started_us = 0;
	compare(&p);
	ck_assert(!p.d.other_network);
	ck_assert_ptr_null(fact(&p.d, DIFFERENCE_NETWORK, "Gateway"));
	pair_free(&p);
}
END_TEST

static void
equip(struct record *r, const char *item, const char *value)
{
	struct arena *a = r->arena;

	*arena_push(a, r->equipment,
	    r->nequipment) = (struct equipment){arena_strdup(a, "zencontrol"),
	    arena_strdup(a, item), arena_strdup(a, item),
	    arena_strdup(a, value), arena_strdup(a, "typed"), EXPORT_NOW_US};
}

START_TEST(packs_answers_and_equipment_are_held_against_each_other)
{
	const struct difference_fact *f;
	struct pair p;

	pair_init(&p);
	p.now->packs[0].version = 2026120101;
	record_set_answer(p.then, "zencontrol", "wifi", "no");
	record_set_answer(p.now, "zencontrol", "wifi", "yes");
	equip(p.then, "serial", "A1");
	equip(p.then, "old", "B");
	equip(p.now, "serial", "A2");
	equip(p.now, "new", "C");
	p.now->site.name = arena_strdup(p.now->arena, "Another House");
	compare(&p);
	f = fact(&p.d, DIFFERENCE_PACKS, "zencontrol controllers");
	ck_assert_str_eq(f->then, "2026112101 (0123456789ab)");
	ck_assert_str_eq(f->now, "2026120101 (0123456789ab)");
	f = fact(&p.d, DIFFERENCE_ANSWERS, "zencontrol controllers: wifi");
	ck_assert_str_eq(f->then, "no");
	ck_assert_str_eq(f->now, "yes");
	f = fact(&p.d, DIFFERENCE_EQUIPMENT, "zencontrol controllers: serial");
	ck_assert_str_eq(f->then, "A1");
	ck_assert_str_eq(f->now, "A2");
	f = fact(&p.d, DIFFERENCE_EQUIPMENT, "zencontrol controllers: old");
	ck_assert_ptr_null(f->now);
	f = fact(&p.d, DIFFERENCE_EQUIPMENT, "zencontrol controllers: new");
	ck_assert_ptr_null(f->then);
	ck_assert_uint_eq(p.d.nfacts, 5);
	ck_assert(p.d.other_site);
	pair_free(&p);
}
END_TEST

START_TEST(an_exchanged_acceptance_is_seen)
{
	struct deviation d = {.requirement = NULL};
	const struct difference_fact *f;
	struct pair p;

	pair_init(&p);
	d.requirement = arena_strdup(p.now->arena, "p.x");
	d.owner = arena_strdup(p.now->arena, "Ms Owner");
	d.reason = arena_strdup(p.now->arena, "not used");
	d.expires = arena_strdup(p.now->arena, "2026-12-31");
	*arena_push(p.now->arena, p.now->deviations, p.now->ndeviations) = d;
	compare(&p);
	f = fact(&p.d, DIFFERENCE_ACCEPTED, "p.x");
	ck_assert_ptr_null(f->then);
	ck_assert_str_eq(f->now, "Ms Owner, until 2026-12-31: not used");
	pair_free(&p);
}
END_TEST

HARNESS("record difference", each_line_is_told_once_as_what_became_of_it,
    regressions_come_first, what_is_accepted_is_not_mended,
    where_it_was_measured_is_told,
    packs_answers_and_equipment_are_held_against_each_other,
    an_exchanged_acceptance_is_seen)
