/* SPDX-License-Identifier: MIT */
/* Handovers and change requests that somebody altered, thousands of them:
 * nothing that reads one crashes, hangs, or believes more than it should.
 *
 * SITEWALK_MUTANTS is how many there are of each kind (1250), SITEWALK_SEED
 * the number that they come from; it is printed. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "core/judge/impact.h"
#include "core/record/document.h"
#include "core/record/json.h"
#include "core/record/rules_read.h"
#include "tests/unit/export_site.h"
#include "tests/unit/mutants.h"
#include "tui/work/review.h"

#define FILE_MAX ((size_t)4 << 20)
#define MUTANTS 1250
#define MUTANTS_MAX 1000000

/* --- who reads it ------------------------------------------------------ */

struct readers {
	struct app app;
	struct arena *arena;
	struct record *whole; /* to be compared with */
	struct request request;
	char *handover, *rules;
};

static void
setup(struct readers *x)
{
	static const struct app_options none;
	struct record *r = export_site();
	struct error err = {0};

	memset(x, 0, sizeof *x);
	ck_assert_int_eq(app_init(&x->app, &none, &err), 0);
	x->arena = arena_new();
	r->site.name = arena_strdup(r->arena, "H\xc3\xa4user");
	export_need(r, "zencontrol.good", "good.example.com", OUTCOME_PASS);
	export_need(r, "zencontrol.bad", "bad.example.com", OUTCOME_FAIL);
	export_need(r, "strange.line", "x.example.com", OUTCOME_UNPROVEN);
	x->handover = export_bytes(r, EXPORT_HANDOVER, "json", SCOPE_ALL);
	x->rules = export_bytes(r, EXPORT_REQUEST, "json", SCOPE_ALL);
	x->whole = r;
	ck_assert_int_eq(request_from_json(x->rules, strlen(x->rules),
			     &x->request, &err),
	    0);
}

static void
teardown(struct readers *x)
{
	record_free(x->request.record);
	record_free(x->whole);
	free(x->handover);
	free(x->rules);
	arena_free(x->arena);
	app_fini(&x->app);
}

static void
compare(const struct record *then, const struct record *now)
{
	struct arena *a = arena_new();
	struct impact_sides sides = {then->needs, now->needs, then->nneeds,
	    now->nneeds, true, false};
	struct impacts list;
	size_t i;

	impact_find(a, &sides, &list);
	for (i = 0; i < list.count; i++)
		ck_assert_ptr_nonnull(impact_sentence(a, &list.row[i]));
	impact_summary(a, &list);
	arena_free(a);
}

/* Would a seal that is whole be whole on other bytes? */
static void
read_handover(struct readers *x, const char *data, size_t len)
{
	bool same = len == strlen(x->handover) &&
	    memcmp(data, x->handover, len) == 0;
	struct arena *a = arena_new();
	struct strlist strange = {0};
	struct document_parts parts;
	struct review_seal seal;
	struct error err = {0};
	struct record *r;

	if (document_split(data, len, &parts, &err) != 0)
		ck_assert_str_ne(err.what, "");
	review_seal(a, "/nowhere", data, len, NULL, &seal);
	if (!same)
		ck_assert_int_ne(seal.verdict, SEAL_SIGNED);
	ck_assert_int_eq(seal.verdict == SEAL_UNSIGNED && !same, 0);
	r = record_from_json(data, len, &err);
	if (r == NULL)
		ck_assert_str_ne(err.what, "");
	if (r != NULL) {
		review_judge(&x->app, r, a, &strange);
		compare(x->whole, r);
		compare(r, x->whole);
	}
	record_free(r);
	arena_free(a);
}

static void
read_rules(struct readers *x, const char *data, size_t len)
{
	struct request request;
	struct error err = {0};

	if (request_from_json(data, len, &request, &err) != 0) {
		ck_assert_str_ne(err.what, "");
		ck_assert_ptr_null(request.record);
		return;
	}
	compare(x->request.record, request.record);
	record_free(request.record);
}

/* What is looked through quickly is never less than what is parsed. */
static void
look_quickly(const char *data, size_t len)
{
	struct error err = {0};
	json_t *j;

	if (!json_is_plain(data, len))
		return;
	j = json_read(data, len, &err);
	ck_assert_msg(j != NULL, "%s", err.what);
	json_decref(j);
}

static void
try_mutants(size_t kind)
{
	uint64_t seed = mutant_number("SITEWALK_SEED", MUTANT_SEED);
	uint64_t i, count = mutant_number("SITEWALK_MUTANTS", MUTANTS);
	struct mutant_random r = {seed * 2654435761u + kind + 1};
	struct readers x;
	struct buf mutant;
	double began, took;

	setup(&x);
	printf("seed %llu, %llu of kind %zu\n", (unsigned long long)seed,
	    (unsigned long long)count, kind);
	fflush(stdout);
	buf_init(&mutant, FILE_MAX);
	for (i = 0; i < count && i < MUTANTS_MAX; i++) {
		bool rules = i % 4 == 3;
		const char *text = rules ? x.rules : x.handover;

		mutant_make(&r, kind, text, strlen(text), &mutant);
		began = mutant_seconds();
		look_quickly(buf_str(&mutant), mutant.len);
		if (rules)
			read_rules(&x, buf_str(&mutant), mutant.len);
		else
			read_handover(&x, buf_str(&mutant), mutant.len);
		took = mutant_seconds() - began;
		ck_assert_msg(took < MUTANT_SLOW_S, "mutant %llu takes %.1f s",
		    (unsigned long long)i, took);
	}
	buf_free(&mutant);
	teardown(&x);
}

#define KIND(name, number) \
	START_TEST(name) \
	{ \
		try_mutants(number); \
	} \
	END_TEST

KIND(flipped_bits, 0)
KIND(truncated_files, 1)
KIND(repeated_parts, 2)
KIND(removed_parts, 3)
KIND(swapped_lines, 4)
KIND(replaced_values, 5)
KIND(deep_nesting, 6)
KIND(spoilt_texts, 7)

START_TEST(what_is_not_altered_is_plain)
{
	struct readers x;

	setup(&x);
	ck_assert(json_is_plain(x.handover, strlen(x.handover)));
	ck_assert(json_is_plain(x.rules, strlen(x.rules)));
	ck_assert(!json_is_plain("", 0));
	ck_assert(!json_is_plain("{\"a\": 1, \"a\": 2}", 16));
	ck_assert(!json_is_plain("{\"a\": 01}", 9));
	ck_assert(!json_is_plain("{\"a\": \"\xff\"}", 10));
	ck_assert(!json_is_plain("{\"a\": [1,]}", 11));
	ck_assert(!json_is_plain("{\"a\": 1}x", 9));
	ck_assert(json_is_plain("{\"a\": [], \"b\": {}}\n", 19));
	teardown(&x);
}
END_TEST

HARNESS("mutated", what_is_not_altered_is_plain, flipped_bits, truncated_files,
    repeated_parts, removed_parts, swapped_lines, replaced_values, deep_nesting,
    spoilt_texts)
