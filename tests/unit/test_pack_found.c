/* SPDX-License-Identifier: MIT */
/* What devices told, as answers to offer and things to write down. */
#include <string.h>

#include "core/pack/found.h"
#include "tests/unit/harness.h"

static const char yaml[] =
    "pack: lamp\nvendor: V\ntitle: T\nabout: A.\nversion: 2026112101\n"
    "source: {document: d, title: D, retrieved: 2026-11-21}\n"
    "questions:\n"
    "  - {id: model, topic: T, ask: Which one?, why: W., source: \"1\",\n"
    "     type: choice, choices: [{id: old, label: Old, found: [gen1]},\n"
    "     {id: new, label: New, found: [gen2, go]}],\n"
    "     found: {kind: miniserver, tells: generation}}\n"
    "  - {id: version, topic: T, ask: Which version?, why: W.,\n"
    "     source: \"1\", type: version,\n"
    "     found: {kind: miniserver, tells: firmware}}\n"
    "  - {id: address, topic: T, ask: Which address?, why: W.,\n"
    "     source: \"1\", type: address,\n"
    "     found: {kind: miniserver, tells: address}}\n"
    "services:\n  - title: S\n    reason: R.\n"
    "    breaks: {installer: I., customer: C.}\n"
    "    strength: required\n    direction: lan\n    requirements:\n"
    "      - {id: r, protocol: tcp, ports: [1], rung: transport,\n"
    "         to: {kind: fqdn, name: a.example.com},\n"
    "         probe: {type: tcp}, source: \"1\"}\n"
    "steps:\n  - {id: s, title: S, text: T., checks: [r], write_down: [\n"
    "     {id: serial, text: Serial number, type: serial, source: \"1\",\n"
    "      found: {kind: miniserver, tells: serial}}]}\n";

struct site {
	struct pack_set set;
	struct pack *pack[1];
	struct record *r;
};

static void
setup(struct site *s)
{
	struct mistakes m = {0};

	memset(s, 0, sizeof *s);
	s->set.arena = arena_new();
	s->pack[0] = pack_parse(s->set.arena, "lamp.yaml", yaml,
	    sizeof yaml - 1, NULL, &m);
	ck_assert_msg(s->pack[0] != NULL, "%u:%u %s", m.item[0].place.line,
	    m.item[0].place.column, m.item[0].text);
	s->set.pack = s->pack;
	s->set.count = 1;
	s->r = record_new();
	strlist_add(s->r->arena, &s->r->products, "lamp");
}

static void
teardown(struct site *s)
{
	record_free(s->r);
	arena_free(s->set.arena);
}

/* devices: a JSON list, as an observation's detail holds it. */
static void
tell(struct site *s, const char *devices)
{
	struct arena *a = s->r->arena;
	struct observation o = {
	    .id = arena_strdup(a, "o1"),
	    .key = arena_strdup(a, "loxone_search"),
	    .probe = arena_strdup(a, "loxone_search"),
	    .detail = json_object(),
	};

	json_object_set_new(o.detail, "devices",
	    json_loads(devices, JSON_DECODE_ANY, NULL));
	record_add_observation(s->r, &o);
	json_decref(o.detail);
}

static const char *const one =
    "[{\"kind\": \"miniserver\", \"name\": \"Lab\", \"generation\": \"go\","
    " \"firmware\": \"17.0.3.31\", \"serial\": \"504F94A00001\","
    " \"address\": \"10.20.30.60\"}]";
static const char
    *const two = "[{\"kind\": \"miniserver\", \"generation\": \"gen1\","
		 " \"firmware\": \"12.0.2.24\", \"serial\": \"504F94112134\","
		 " \"address\": \"10.20.30.61\"},"
		 " {\"kind\": \"audioserver\", \"firmware\": \"1.2.3.4\"}]";

static const char *
value(const struct founds *list, const char *id)
{
	const char *found = NULL;
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (strcmp(list->item[i].id, id) != 0)
			continue;
		ck_assert_msg(found == NULL, "%s was found twice", id);
		found = list->item[i].value;
	}
	return found == NULL ? "(none)" : found;
}

START_TEST(one_device_answers_what_it_told)
{
	struct site s;
	struct founds list;

	setup(&s);
	tell(&s, one);
	found_answers(s.set.arena, &s.set, s.r, &list);
	ck_assert_uint_eq(list.count, 3);
	ck_assert_str_eq(value(&list, "model"), "new");
	ck_assert_str_eq(value(&list, "version"), "17.0.3.31");
	ck_assert_str_eq(value(&list, "address"), "10.20.30.60");
	ck_assert_str_eq(list.item[0].device, "Lab (10.20.30.60)");
	ck_assert_str_eq(list.item[0].observation, "o1");
	found_equipment(s.set.arena, &s.set, s.r, &list);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_str_eq(value(&list, "serial"), "504F94A00001");
	teardown(&s);
}
END_TEST

START_TEST(two_devices_are_both_offered_and_neither_written_down)
{
	struct site s;
	struct founds list;

	setup(&s);
	tell(&s, one);
	tell(&s, two);
	found_answers(s.set.arena, &s.set, s.r, &list);
	ck_assert_uint_eq(list.count, 6);
	found_equipment(s.set.arena, &s.set, s.r, &list);
	ck_assert_uint_eq(list.count, 0);
	teardown(&s);
}
END_TEST

START_TEST(the_answered_address_tells_which_device_is_meant)
{
	struct site s;
	struct founds list;

	setup(&s);
	tell(&s, one);
	tell(&s, two);
	record_set_answer(s.r, "lamp", "address", "10.20.30.61");
	found_answers(s.set.arena, &s.set, s.r, &list);
	ck_assert_uint_eq(list.count, 2);
	ck_assert_str_eq(value(&list, "model"), "old");
	ck_assert_str_eq(value(&list, "version"), "12.0.2.24");
	found_equipment(s.set.arena, &s.set, s.r, &list);
	ck_assert_str_eq(value(&list, "serial"), "504F94112134");
	teardown(&s);
}
END_TEST

START_TEST(what_is_answered_already_or_makes_no_sense_is_no_news)
{
	struct site s;
	struct founds list;

	setup(&s);
	tell(&s,
	    "[{\"kind\": \"miniserver\", \"generation\": \"gen9\","
	    " \"firmware\": \"seventeen\", \"address\": 7}, 5, null,"
	    " {\"kind\": 3}]");
	found_answers(s.set.arena, &s.set, s.r, &list);
	ck_assert_uint_eq(list.count, 0);
	tell(&s, one);
	record_set_answer(s.r, "lamp", "version", "17.0.3.31");
	record_set_answer(s.r, "lamp", "model", "new");
	record_set_answer(s.r, "lamp", "address", "unknown");
	found_answers(s.set.arena, &s.set, s.r, &list);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_str_eq(value(&list, "address"), "10.20.30.60");
	teardown(&s);
}
END_TEST

HARNESS("pack found", one_device_answers_what_it_told,
    two_devices_are_both_offered_and_neither_written_down,
    the_answered_address_tells_which_device_is_meant,
    what_is_answered_already_or_makes_no_sense_is_no_news)
