/* SPDX-License-Identifier: MIT */
/* The wizard asks what has to be asked, in order, and always knows what is
 * done and what comes next. */
#include <string.h>

#include "core/base/buf.h"
#include "core/record/declaration.h"
#include "core/walk/walk.h"
#include "tests/unit/harness.h"

static const char yaml[] =
    "pack: lamp\n"
    "vendor: Maker\n"
    "title: Lamp\n"
    "about: A lamp for tests.\n"
    "version: 2026112101\n"
    "source: {document: lamp.txt, title: Lamps, retrieved: 2026-11-21}\n"
    "questions:\n"
    "  - {id: wifi, topic: Network, ask: Is there Wi-Fi?, why: It matters.,\n"
    "     type: yesno, source: \"1\"}\n"
    "  - {id: gen, topic: Device, ask: Which generation?, why: It matters.,\n"
    "     type: choice, must: true,\n"
    "     choices: [{id: one, label: One}, {id: two, label: Two}],\n"
    "     source: \"2\"}\n"
    "  - {id: ssid, topic: Radio, ask: Which Wi-Fi?, why: It matters.,\n"
    "     type: text, when: [{question: wifi, is: yes}], source: \"3\"}\n"
    "  - {id: dhcp, topic: Network, ask: Is there DHCP?, why: It matters.,\n"
    "     type: yesno, default: yes, source: \"4\"}\n"
    "services:\n"
    "  - title: Cloud\n"
    "    reason: It is needed.\n"
    "    breaks: {installer: No light., customer: No light.}\n"
    "    requirements:\n"
    "      - {id: web, protocol: tcp, ports: [443], direction: outbound,\n"
    "         strength: required,\n"
    "         to: {kind: fqdn, name: lamp.example.com},\n"
    "         application: HTTPS, source: \"5\", probe: {type: manual},\n"
    "         rung: app_reply}\n"
    "steps:\n"
    "  - id: mount\n"
    "    title: Mounting\n"
    "    text: Mount it.\n"
    "    checks: [web]\n"
    "    confirm: [{id: green, text: It is green., source: \"6\"}]\n"
    "    write_down: [{id: serial, text: Serial number, type: serial,\n"
    "      assumed: Handover.}]\n"
    "  - id: radio\n"
    "    title: Radio\n"
    "    text: Look at the radio.\n"
    "    when: [{question: wifi, is: yes}]\n"
    "    confirm: [{id: near, text: It is near., source: \"7\"}]\n";

struct fixture {
	struct pack_set packs;
	struct pack *pack[1];
	struct record *record;
	struct walk *walk;
};

static void
setup(struct fixture *f, bool chosen)
{
	static const struct probe_word types[] = {{"manual", SHAPE_PERSON}};
	struct pack_vocabulary vocab = {types, 1};
	struct mistakes mistakes = {0};
	size_t i;

	memset(f, 0, sizeof *f);
	f->packs.arena = arena_new();
	f->pack[0] = pack_parse(f->packs.arena, "lamp.yaml", yaml,
	    sizeof yaml - 1, &vocab, &mistakes);
	for (i = 0; i < mistakes.count; i++)
		printf("%u: %s\n", mistakes.item[i].place.line,
		    mistakes.item[i].text);
	ck_assert_ptr_nonnull(f->pack[0]);
	f->packs.pack = f->pack;
	f->packs.count = 1;
	f->record = record_new();
	if (chosen)
		strlist_add(f->record->arena, &f->record->products, "lamp");
	f->walk = walk_new(&f->packs, f->record);
}

static void
teardown(struct fixture *f)
{
	walk_free(f->walk);
	record_free(f->record);
	arena_free(f->packs.arena);
}

static void
expect_places(const struct fixture *f, const char *want)
{
	struct buf got;
	size_t i;

	buf_init(&got, 4096);
	for (i = 0; i < walk_count(f->walk); i++)
		buf_addf(&got, "%s%s", i > 0 ? " " : "",
		    walk_page(f->walk, i)->place);
	ck_assert_str_eq(buf_str(&got), want);
	buf_free(&got);
}

static enum walk_state
state_of(struct fixture *f, const char *place)
{
	size_t i;

	for (i = 0; i < walk_count(f->walk); i++) {
		if (strcmp(walk_page(f->walk, i)->place, place) == 0)
			return walk_state(f->walk, i);
	}
	ck_abort_msg("no page %s", place);
	return WALK_TO_DO;
}

START_TEST(without_a_product_there_is_nothing_to_ask)
{
	struct error err;
	struct fixture f;

	setup(&f, false);
	expect_places(&f, "site products");
	ck_assert_int_eq(walk_blocked(f.walk, &err), 0);
	ck_assert(walk_next(f.walk));
	ck_assert_int_eq(walk_blocked(f.walk, &err), -1);
	ck_assert(*err.what != '\0');
	ck_assert(!walk_next(f.walk));
	teardown(&f);
}
END_TEST

START_TEST(pages_stand_in_the_order_of_the_work)
{
	struct fixture f;

	setup(&f, true);
	/* An unknown answer leaves all variants open. */
	expect_places(&f,
	    "site products ask:lamp.wifi ask:lamp.gen ask:lamp.ssid plan run "
	    "results step:lamp.mount step:lamp.radio sign export");
	record_set_answer(f.record, "lamp", "wifi", "no");
	walk_refresh(f.walk);
	expect_places(&f,
	    "site products ask:lamp.wifi ask:lamp.gen plan run results "
	    "step:lamp.mount sign export");
	teardown(&f);
}
END_TEST

START_TEST(questions_of_one_topic_share_a_page)
{
	const struct question **list;
	struct arena *a = arena_new();
	struct fixture f;

	setup(&f, true);
	ck_assert(walk_go(f.walk, "ask:lamp.wifi"));
	ck_assert_uint_eq(walk_questions(f.walk, walk_current(f.walk), a,
			      &list),
	    2);
	ck_assert_str_eq(list[0]->id, "wifi");
	ck_assert_str_eq(list[1]->id, "dhcp");
	ck_assert_str_eq(walk_title(walk_current(f.walk), a), "Lamp: Network");
	ck_assert_ptr_eq(walk_page_of_question(f.walk, "lamp", "dhcp"),
	    walk_current(f.walk));
	ck_assert_ptr_null(walk_page_of_question(f.walk, "lamp", "none"));
	teardown(&f);
	arena_free(a);
}
END_TEST

START_TEST(one_stays_near_when_the_page_goes)
{
	struct fixture f;

	setup(&f, true);
	ck_assert(walk_go(f.walk, "ask:lamp.ssid"));
	record_set_answer(f.record, "lamp", "wifi", "no");
	walk_refresh(f.walk);
	ck_assert_str_eq(walk_current(f.walk)->place, "ask:lamp.gen");
	ck_assert(walk_go(f.walk, "export"));
	walk_refresh(f.walk);
	ck_assert_str_eq(walk_current(f.walk)->place, "export");
	f.record->products.count = 0;
	walk_refresh(f.walk);
	ck_assert_str_eq(walk_current(f.walk)->place, "products");
	teardown(&f);
}
END_TEST

START_TEST(an_essential_question_holds_one_back)
{
	struct error err;
	struct fixture f;

	setup(&f, true);
	ck_assert(walk_go(f.walk, "ask:lamp.gen"));
	ck_assert_int_eq(walk_blocked(f.walk, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.what, "Which generation?"));
	record_set_answer(f.record, "lamp", "gen", "two");
	ck_assert_int_eq(walk_blocked(f.walk, &err), 0);
	/* any other may stay open */
	ck_assert(walk_go(f.walk, "ask:lamp.wifi"));
	ck_assert_int_eq(walk_blocked(f.walk, &err), 0);
	teardown(&f);
}
END_TEST

static void
confirm(struct record *r)
{
	struct attestation *t = arena_push(r->arena, r->attestations,
	    r->nattestations);

	memset(t, 0, sizeof *t);
	t->product = arena_strdup(r->arena, "lamp");
	t->step = arena_strdup(r->arena, "mount");
	t->id = arena_strdup(r->arena, "green");
	t->answer = arena_strdup(r->arena, "yes");
}

static void
write_down(struct record *r)
{
	struct equipment *e = arena_push(r->arena, r->equipment, r->nequipment);

	e->product = arena_strdup(r->arena, "lamp");
	e->item = arena_strdup(r->arena, "serial");
	e->value = arena_strdup(r->arena, "12");
}

static void
declare(struct record *r, enum party party)
{
	struct declaration *d = arena_push(r->arena, r->declarations,
	    r->ndeclarations);
	char state[DIGEST_HEX_SIZE];

	memset(d, 0, sizeof *d);
	d->party = party;
	d->name = arena_strdup(r->arena, "A. Fitter");
	d->when_us = 1;
	d->state = arena_strdup(r->arena, declaration_state(r, state));
}

/* Both have to declare, and for what is there now. */
START_TEST(signed_means_signed_for_these_results)
{
	struct fixture f;

	setup(&f, true);
	ck_assert_int_eq(state_of(&f, "sign"), WALK_TO_DO);
	declare(f.record, PARTY_HANDS_OVER);
	ck_assert_int_eq(state_of(&f, "sign"), WALK_BEGUN);
	declare(f.record, PARTY_ACCEPTS);
	ck_assert_int_eq(state_of(&f, "sign"), WALK_DONE);
	f.record->ended_us = 5000000;
	ck_assert_int_eq(state_of(&f, "sign"), WALK_BEGUN);
	f.record->ended_us = 0;
	f.record->declarations[1].when_us = 0;
	ck_assert_int_eq(state_of(&f, "sign"), WALK_BEGUN);
	f.record->declarations[1].when_us = 1;
	confirm(f.record);
	ck_assert_int_eq(state_of(&f, "sign"), WALK_BEGUN);
	teardown(&f);
}
END_TEST

START_TEST(done_means_done)
{
	struct fixture f;

	setup(&f, true);
	ck_assert_int_eq(state_of(&f, "site"), WALK_TO_DO);
	f.record->site.name = arena_strdup(f.record->arena, "Hotel");
	ck_assert_int_eq(state_of(&f, "site"), WALK_DONE);
	/* dhcp has a default, wifi is open */
	ck_assert_int_eq(state_of(&f, "ask:lamp.wifi"), WALK_BEGUN);
	record_set_answer(f.record, "lamp", "wifi", "unknown");
	ck_assert_int_eq(state_of(&f, "ask:lamp.wifi"), WALK_DONE);
	ck_assert_int_eq(state_of(&f, "ask:lamp.gen"), WALK_TO_DO);
	ck_assert_int_eq(state_of(&f, "run"), WALK_TO_DO);
	f.record->started_us = 1;
	ck_assert_int_eq(state_of(&f, "run"), WALK_BEGUN);
	f.record->complete = true;
	ck_assert_int_eq(state_of(&f, "run"), WALK_DONE);
	ck_assert_int_eq(state_of(&f, "step:lamp.mount"), WALK_TO_DO);
	confirm(f.record);
	ck_assert_int_eq(state_of(&f, "step:lamp.mount"), WALK_BEGUN);
	write_down(f.record);
	ck_assert_int_eq(state_of(&f, "step:lamp.mount"), WALK_DONE);
	ck_assert_int_eq(state_of(&f, "export"), WALK_TO_DO);
	walk_exported(f.walk);
	ck_assert_int_eq(state_of(&f, "export"), WALK_DONE);
	teardown(&f);
}
END_TEST

START_TEST(one_cannot_walk_off_the_end)
{
	struct fixture f;
	size_t n;

	setup(&f, true);
	ck_assert(!walk_back(f.walk));
	for (n = 1; walk_next(f.walk); n++)
		ck_assert_uint_eq(walk_index(f.walk), n);
	ck_assert_uint_eq(n, walk_count(f.walk));
	ck_assert(!walk_go(f.walk, "ask:lamp.none"));
	ck_assert(!walk_go_index(f.walk, 99));
	ck_assert_str_eq(walk_current(f.walk)->place, "export");
	while (walk_back(f.walk))
		continue;
	ck_assert_str_eq(walk_current(f.walk)->place, "site");
	teardown(&f);
}
END_TEST

HARNESS("walk pages", without_a_product_there_is_nothing_to_ask,
    pages_stand_in_the_order_of_the_work, questions_of_one_topic_share_a_page,
    one_stays_near_when_the_page_goes, an_essential_question_holds_one_back,
    signed_means_signed_for_these_results, done_means_done,
    one_cannot_walk_off_the_end)
