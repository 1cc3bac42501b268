/* SPDX-License-Identifier: MIT */
/* Every mistake that packs can have is named with its line and column. The
 * places were counted by hand in the files of tests/data/packs-bad. */
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/pack/pack.h"
#include "tests/unit/harness.h"

#define FOLDER "tests/data/packs-bad/"
#define FILE_MAX ((size_t)1 << 20)

struct expected {
	unsigned line, column;
	const char *words; /* of the sentence */
};

static const struct {
	const char *file;
	struct expected mistake[7];
} cases[] = {
    {"alias", {{3, 8, "Anchors"}, {4, 8, "Aliases"}}},
    {"backward-lines", {{20, 17, "\"9-3\" does not name lines"}}},
    {"bad-address", {{19, 35, "\"1.2.3.400\" is not the IPv4 or IPv6"}}},
    {"bad-date", {{6, 52, "\"soon\" is not a date"}}},
    {"bad-default", {{8, 34, "\"70000\" is no valid answer"}}},
    {"bad-host", {{19, 32, "\"a_b.example.com\" is not a full host name"}}},
    {"bad-lines", {{20, 17, "\"1-\" does not name lines"}}},
    {"bad-version", {{5, 10, "\"2026130101\" is not a version"}}},
    {"checked-twice", {{31, 14, "\"r\" is checked by an earlier step"}}},
    {"duplicate-choice", {{8, 89, "\"a\" is there twice"}}},
    {"duplicate-item", {{30, 14, "\"c\" is there twice"}}},
    {"duplicate-key", {{5, 1, "\"title\" stands here twice"}}},
    {"duplicate-question", {{9, 10, "\"q\" is there twice"}}},
    {"duplicate-requirement", {{23, 13, "\"r\" is there twice"}}},
    {"duplicate-step", {{28, 9, "\"s\" is there twice"}}},
    {"empty-range", {{18, 17, "500-400 is empty"}}},
    {"empty-value", {{3, 7, "\"title\" is empty"}}},
    {"example-outside", {{19, 64, "\"a.example.org\" is not among"}}},
    {"from-no-host", {{19, 41, "\"q\" asks for neither a host nor"}}},
    {"from-unknown", {{19, 41, "no question \"nope\""}}},
    {"group-alone", {{22, 16, "\"g\" has one member only"}}},
    {"later-question", {{8, 31, "\"q2\" is asked later"}}},
    {"many",
	{{4, 1, "\"colour\" is unknown"}, {6, 10, "\"1\" is not a version"},
	    {17, 9, "\"to\" is missing"}, {19, 17, "port 0 is out of range"},
	    {19, 25, "port 70000 is out of range"},
	    {22, 15, "\"high\" is not one of the words"}}},
    {"missing-key", {{16, 9, "\"rung\" is missing"}}},
    {"missing-reason", {{15, 9, "key \"reason\""}}},
    {"needs-circle", {{24, 9, "round in a circle"}}},
    {"needs-unknown", {{22, 17, "no requirement \"nope\""}}},
    {"no-citation", {{16, 9, "Nothing is cited"}}},
    {"no-order", {{22, 40, "\"at_least\" compares versions and numbers"}}},
    {"no-yaml", {{4, 9, "not valid YAML"}}},
    {"not-a-choice", {{22, 34, "\"purple\" is no valid answer"}}},
    {"not-a-list", {{18, 16, "\"ports\" must be a list"}}},
    {"not-a-mapping", {{21, 16, "Keys with their values"}}},
    {"not-a-text", {{3, 8, "\"title\" must be a text"}}},
    {"not-a-version", {{22, 40, "\"new\" is no valid answer"}}},
    {"not-a-word", {{17, 19, "\"tpc\" is not one of the words"}}},
    {"not-multicast", {{19, 37, "\"10.0.0.1\" is not a multicast"}}},
    {"not-true-or-false", {{8, 19, "\"must\" must be true or false"}}},
    {"port-from-no-port", {{22, 20, "\"q\" does not ask for a port"}}},
    {"port-huge", {{18, 17, "is out of range"}}},
    {"port-out-of-range", {{18, 17, "70000 is out of range"}}},
    {"port-words", {{18, 17, "\"http\" is neither a port nor a range"}}},
    {"port-zero", {{18, 17, "0 is out of range"}}},
    {"sample-outside", {{21, 39, "80 is not among the ports"}}},
    {"star-in-fqdn", {{19, 32, "its kind is wildcard"}}},
    {"step-empty", {{28, 5, "names no requirement"}}},
    {"step-unknown", {{27, 17, "no requirement \"nope\""}}},
    {"tag", {{3, 8, "Tags"}}},
    {"too-deep", {{7, 19, "nested more than 12 deep"}}},
    {"two-comparisons", {{22, 16, "exactly one of"}}},
    {"two-documents", {{28, 1, "a second one begins"}}},
    {"unchecked", {{23, 9, "No step checks the requirement \"r2\""}}},
    {"unknown-key", {{22, 9, "\"colour\" is unknown"}}},
    {"unknown-probe", {{21, 23, "no probe type \"telepathy\""}}},
    {"unknown-question", {{22, 27, "no question \"nope\""}}},
    {"wildcard-middle", {{19, 36, "star of \"a.*.example.com\""}}},
    {"wrong-product", {{1, 7, "called \"other\""}}},
};

/* These are found by looking at other packs. */
static const struct {
	const char *file;
	struct expected mistake;
} links[] = {
    {"foreign-need", {16, 9, "requirement \"zencontrol.nope\""}},
    {"shared-type", {8, 5, "another type"}},
    {"shared-unknown", {8, 5, "question \"zencontrol.nope\""}},
    {"unknown-issuer", {16, 9, "no key \"nobody.pem\""}},
};

static struct pack *
parse(struct arena *a, const char *name, struct mistakes *out)
{
	char *path = arena_printf(a, FOLDER "%s.yaml", name);
	struct error err = {0};
	static const struct probe_word known[] = {{"tcp", SHAPE_FLOW},
	    {"tls", SHAPE_FLOW}, {"path", SHAPE_PATH}, {"dns", SHAPE_NAMES}};
	static const struct pack_vocabulary vocab = {known, 4};
	struct pack *p;
	struct buf data;

	buf_init(&data, FILE_MAX);
	ck_assert_msg(file_read(path, FILE_MAX, &data, &err) == 0, "%s: %s",
	    path, err.what);
	p = pack_parse(a, path, buf_str(&data), data.len, &vocab, out);
	buf_free(&data);
	return p;
}

/* The built-in packs and no others. */
static struct pack_set *
built_in(void)
{
	struct error err = {0};
	struct pack_set *s;

	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_DATA_DIRS", "/nonexistent", 1);
	s = pack_set_load(NULL, NULL, &err);
	ck_assert_msg(s != NULL, "%s %s", err.where, err.what);
	return s;
}

static void
compare(const char *file, const struct expected *e, const struct mistake *m)
{
	ck_assert_msg(m->place.line == e->line && m->place.column == e->column,
	    "%s: expected %u:%u, got %u:%u %s", file, e->line, e->column,
	    m->place.line, m->place.column, m->text);
	ck_assert_msg(strstr(m->text, e->words) != NULL,
	    "%s: expected \"%s\" in: %s", file, e->words, m->text);
	ck_assert_msg(strstr(m->file, file) != NULL, "%s: file %s", file,
	    m->file);
}

START_TEST(test_each_mistake_has_its_place)
{
	struct arena *a = arena_new();
	size_t i, k;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mistakes m = {0};
		size_t n = 0;

		while (n < 7 && cases[i].mistake[n].line != 0)
			n++;
		ck_assert_msg(parse(a, cases[i].file, &m) == NULL,
		    "%s was accepted", cases[i].file);
		for (k = 0; k < n && k < m.count; k++)
			compare(cases[i].file, &cases[i].mistake[k],
			    &m.item[k]);
		ck_assert_msg(m.count == n, "%s: %zu mistakes, expected %zu",
		    cases[i].file, m.count, n);
	}
	arena_free(a);
}
END_TEST

START_TEST(test_good_pack_has_none)
{
	struct arena *a = arena_new();
	struct mistakes m = {0};
	struct pack *p = parse(a, "good", &m);

	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(m.count, 0);
	ck_assert_str_eq(p->requirements[0].id, "good.r");
	ck_assert_str_eq(p->steps[0].checks.item[0], "good.r");
	ck_assert_str_eq(p->requirements[0].source.document, "doc.txt");
	ck_assert_str_eq(p->requirements[0].source.lines, "1");
	ck_assert_uint_eq(strlen(p->sha256), 64);
	arena_free(a);
}
END_TEST

START_TEST(test_mistakes_between_packs)
{
	struct pack_set *s = built_in();
	size_t i;

	for (i = 0; i < sizeof links / sizeof *links; i++) {
		struct mistakes m = {0};
		struct pack *p = parse(s->arena, links[i].file, &m);

		ck_assert_msg(p != NULL, "%s alone has a mistake",
		    links[i].file);
		pack_check_links(s, p, s->arena, &m);
		ck_assert_uint_eq(m.count, 1);
		compare(links[i].file, &links[i].mistake, &m.item[0]);
	}
	pack_set_free(s);
}
END_TEST

START_TEST(test_built_in_packs_have_none)
{
	struct pack_set *s = built_in();
	struct mistakes m = {0};
	size_t i;

	ck_assert_uint_eq(s->count, 10);
	for (i = 0; i < s->count; i++)
		pack_check_links(s, s->pack[i], s->arena, &m);
	ck_assert_msg(m.count == 0, "%s:%u:%u: %s", m.item[0].file,
	    m.item[0].place.line, m.item[0].place.column, m.item[0].text);
	pack_set_free(s);
}
END_TEST

/* Escaped control characters of a text never reach a screen as such. */
START_TEST(test_texts_are_sanitised)
{
	struct arena *a = arena_new();
	struct mistakes m = {0};
	struct pack *p = parse(a, "escapes", &m);

	ck_assert_ptr_nonnull(p);
	ck_assert_str_eq(p->title, "\\x07bell \\u{202E}txt");
	arena_free(a);
}
END_TEST

HARNESS("pack lint", test_each_mistake_has_its_place, test_good_pack_has_none,
    test_mistakes_between_packs, test_built_in_packs_have_none,
    test_texts_are_sanitised)
