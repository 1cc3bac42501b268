/* SPDX-License-Identifier: MIT */
/* Promises of the sampling plan: of every range that the documents name both
 * ends are tried, each port that the pack names, and one in each part of about
 * 30000 ports, none of them twice and none outside. */
#include <stdio.h>
#include <string.h>

#include "core/pack/answers.h"
#include "tests/unit/harness.h"

static const struct probe_word types[] = {{"path", SHAPE_PATH}};
static const struct pack_vocabulary vocab = {types, 1};

/* Ports of a range of a made-up pack, as they are tried. */
static size_t
ports_of(const char *range, const char *samples, uint16_t out[64])
{
	static const char text[] =
	    "pack: p\nvendor: V\ntitle: T\nabout: A.\nversion: 2026112101\n"
	    "source: {document: d, title: D, retrieved: 2026-11-21}\n"
	    "services:\n"
	    "  - title: S\n    reason: R.\n"
	    "    breaks: {installer: I., customer: C.}\n"
	    "    strength: required\n    direction: outbound\n"
	    "    requirements:\n"
	    "      - {id: range, protocol: udp, ports: [\"%s\"],\n"
	    "         to: {kind: address, name: 192.0.2.7}, source: \"1\",\n"
	    "         probe: {type: path, samples: [%s]},\n"
	    "         rung: passed_gateway}\n"
	    "steps:\n  - {id: s, title: S, text: T., checks: [range]}\n";
	char yaml[2048];
	struct pack_set set = {.arena = arena_new()};
	struct record *r = record_new();
	struct mistakes m = {0};
	struct pack *p;
	size_t i, n;

	snprintf(yaml, sizeof yaml, text, range, samples);
	p = pack_parse(set.arena, "p.yaml", yaml, strlen(yaml), &vocab, &m);
	ck_assert_msg(p != NULL, "%s: %s", range, m.item[0].text);
	*arena_push(set.arena, set.pack, set.count) = p;
	strlist_add(r->arena, &r->products, "p");
	needs_build(&set, &vocab, r);
	ck_assert_uint_eq(r->nneeds, 1);
	n = r->needs[0].nspecs;
	ck_assert_uint_le(n, 64);
	for (i = 0; i < n; i++)
		out[i] = r->needs[0].specs[i].port;
	record_free(r);
	arena_free(set.arena);
	return n;
}

static bool
has(const uint16_t *port, size_t n, unsigned low, unsigned high)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (port[i] >= low && port[i] <= high)
			return true;
	}
	return false;
}

START_TEST(both_ends_and_every_part_of_the_documents_ranges)
{
	static const struct {
		const char *text;
		unsigned low, high;
	} range[] = {{"20000-49000", 20000, 49000},
	    {"20000-65000", 20000, 65000}, {"10000-65535", 10000, 65535},
	    {"14000-14999", 14000, 14999}, {"49152-65535", 49152, 65535},
	    {"1-65535", 1, 65535}, {"100-109", 100, 109}};
	uint16_t port[64];
	size_t i, k, n;
	unsigned at;

	for (i = 0; i < sizeof range / sizeof *range; i++) {
		n = ports_of(range[i].text, "", port);
		ck_assert_uint_ge(n, 3);
		ck_assert_uint_le(n, 6);
		ck_assert_uint_eq(port[0], range[i].low);
		ck_assert_uint_eq(port[n - 1], range[i].high);
		for (k = 1; k < n; k++)
			ck_assert_uint_gt(port[k], port[k - 1]);
		/* No stretch of half of all ports is left out. */
		for (at = range[i].low; at + 33000 <= range[i].high; at += 500)
			ck_assert(has(port, n, at, at + 33000));
	}
}
END_TEST

START_TEST(ports_that_the_pack_names_take_the_place_of_others)
{
	uint16_t port[64];
	size_t n;

	n = ports_of("20000-65000", "30357", port);
	ck_assert(has(port, n, 30357, 30357));
	ck_assert(has(port, n, 20000, 20000) && has(port, n, 65000, 65000));
	ck_assert_uint_eq(n, ports_of("20000-65000", "", port));
	n = ports_of("10000-65535", "16384, 32768, 50000, 60000", port);
	ck_assert_uint_eq(n, 6);
	n = ports_of("10000-65535", "10000, 65535", port);
	ck_assert_uint_eq(n, 3);
}
END_TEST

START_TEST(a_short_range_is_tried_whole_or_as_the_pack_says)
{
	uint16_t port[64];

	ck_assert_uint_eq(ports_of("7000-7004", "", port), 5);
	ck_assert_uint_eq(ports_of("7000-7007", "", port), 8);
	ck_assert_uint_eq(ports_of("7000-7004", "7000", port), 1);
	ck_assert_uint_eq(port[0], 7000);
}
END_TEST

HARNESS("pack ranges", both_ends_and_every_part_of_the_documents_ranges,
    ports_that_the_pack_names_take_the_place_of_others,
    a_short_range_is_tried_whole_or_as_the_pack_says)
