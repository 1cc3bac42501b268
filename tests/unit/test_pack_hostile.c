/* SPDX-License-Identifier: MIT */
/* Whatever a pack file holds, reading it ends, soon, with a pack or with
 * mistakes. */
#include <string.h>

#include "core/base/buf.h"
#include "core/base/builtin.h"
#include "core/pack/pack.h"
#include "tests/unit/harness.h"

static bool
parses(const char *data, size_t len, struct arena *a, struct mistakes *m)
{
	struct pack *p = pack_parse(a, "x.yaml", data, len, NULL, m);

	ck_assert_msg((p == NULL) == (m->count > 0),
	    "%zu mistakes, and a pack: %d", m->count, p != NULL);
	return p != NULL;
}

static const struct mistake *
find(const struct mistakes *m, const char *words)
{
	size_t i;

	for (i = 0; i < m->count; i++) {
		if (strstr(m->item[i].text, words) != NULL)
			return &m->item[i];
	}
	ck_abort_msg("nothing of \"%s\", but: %s", words, m->item[0].text);
}

static void
refused(const char *data, size_t len, unsigned line, unsigned column,
    const char *words)
{
	struct arena *a = arena_new();
	struct mistakes m = {0};
	const struct mistake *found;

	ck_assert(!parses(data, len, a, &m));
	found = find(&m, words);
	ck_assert_uint_eq(found->place.line, line);
	ck_assert_uint_eq(found->place.column, column);
	arena_free(a);
}

#define REFUSED(s, line, column, words) \
	refused(s, sizeof(s) - 1, line, column, words)

START_TEST(test_bytes)
{
	REFUSED("", 1, 1, "empty");
	REFUSED("# only a comment\n", 1, 1, "empty");
	REFUSED("pack: x\nven\0dor: y\n", 2, 4, "control character 0x00");
	REFUSED("pack: x\ntitle: \xff\xfe\n", 2, 8, "0xff is not valid UTF-8");
	REFUSED("pack: \xc3", 1, 7, "0xc3 is not valid UTF-8");
	REFUSED("pack: \x1b[31m\n", 1, 7, "control character 0x1b");
	REFUSED("\xff\xfe"
		"p\0a\0",
	    1, 1, "0xff");
	REFUSED("just a text\n", 1, 1, "Keys with their values");
	REFUSED("- a list\n", 1, 1, "Keys with their values");
	REFUSED("pack: {\n", 2, 1, "not valid YAML");
	REFUSED("? [a, b]\n: c\n", 1, 3, "plain word");
	REFUSED("\tpack: x\n", 1, 1, "not valid YAML");
}
END_TEST

START_TEST(test_billion_laughs)
{
	struct arena *a = arena_new();
	struct mistakes m = {0};
	struct buf b;
	int i;

	buf_init(&b, 65536);
	buf_adds(&b, "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
	for (i = 1; i < 30; i++)
		buf_addf(&b,
		    "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i,
		    i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	ck_assert(!parses(buf_str(&b), b.len, a, &m));
	find(&m, "Anchors");
	find(&m, "Aliases");
	ck_assert_uint_le(m.count, 300);
	buf_free(&b);
	arena_free(a);
}
END_TEST

static void
refused_repeat(const char *before, const char *piece, size_t count)
{
	struct arena *a = arena_new();
	struct mistakes m = {0};
	struct buf b;

	buf_init(&b, (size_t)8 << 20);
	buf_adds(&b, before);
	while (count-- > 0)
		buf_adds(&b, piece);
	ck_assert(!parses(buf_str(&b), b.len, a, &m));
	ck_assert_uint_le(m.count, 300);
	buf_free(&b);
	arena_free(a);
}

START_TEST(test_size)
{
	refused_repeat("notes: ", "[", 500000);
	refused_repeat("notes: ", "{a: ", 250000);
	refused_repeat("", "a:\n ", 10000);
	refused_repeat("notes:\n", "- a\n", 200000);
	refused_repeat("", "k: v\n", 200000);
	refused_repeat("title: ", "x", 1000000);
	refused_repeat("title: ", "x", 1048576);
	refused_repeat("", "- ", 500000);
	refused_repeat("? ", "? ", 100000);
	refused_repeat("\"", "\\u0041", 100000);
	refused_repeat("questions:\n", "- {id: a}\n", 24000);
}
END_TEST

/* A question that hangs on many others, each on many others: conditions are
 * worked out at every look, so this would take for ever. */
START_TEST(test_deep_conditions)
{
	struct arena *a = arena_new();
	struct mistakes m = {0};
	struct buf b;
	int q, k;

	buf_init(&b, 1 << 20);
	buf_adds(&b, "questions:\n");
	for (q = 0; q < 40; q++) {
		buf_addf(&b,
		    "  - {id: q%d, topic: T, ask: A, why: W, "
		    "type: yesno, source: \"1\", when: [",
		    q);
		for (k = 1; k <= 8 && k <= q; k++)
			buf_addf(&b, "{question: q%d, is: yes},", q - k);
		buf_adds(&b, "]}\n");
	}
	ck_assert(!parses(buf_str(&b), b.len, a, &m));
	find(&m, "row of more than");
	buf_free(&b);
	arena_free(a);
}
END_TEST

static void
each_truncation(const char *name)
{
	const struct builtin *file = builtin_find(name);
	size_t len;

	ck_assert_ptr_nonnull(file);
	for (len = 0; len < file->len; len++) {
		struct arena *a = arena_new();
		struct mistakes m = {0};
		/* Of its own size, so that a read past its end is seen. */
		char *copy = mem_alloc(len);

		memcpy(copy, file->data, len);
		pack_parse(a, name, copy, len, NULL, &m);
		mem_free(copy);
		arena_free(a);
	}
}

START_TEST(test_truncated)
{
	each_truncation("wizards/loxone-intercom-gen1.yaml");
}
END_TEST

/* One byte of a real pack is something else. */
START_TEST(test_damaged)
{
	static const char bytes[] = "\0\xff:-[]{}&*!|>'\"%@`#,?\n\t ";
	const struct builtin *file = builtin_find("wizards/z5.yaml");
	char *copy = mem_alloc(file->len);
	size_t at;

	memcpy(copy, file->data, file->len);
	for (at = 0; at < file->len; at += 13) {
		struct arena *a = arena_new();
		struct mistakes m = {0};

		copy[at] = bytes[at / 13 % (sizeof bytes - 1)];
		pack_parse(a, file->name, copy, file->len, NULL, &m);
		copy[at] = (char)file->data[at];
		arena_free(a);
	}
	mem_free(copy);
}
END_TEST

HARNESS("pack hostile", test_bytes, test_billion_laughs, test_size,
    test_deep_conditions, test_truncated, test_damaged)
