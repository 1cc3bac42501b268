/* SPDX-License-Identifier: MIT */
/* Promises of the splitting of a handover: it finds what a JSON reader finds,
 * refuses whatever was not written by json_write(), and never reads past the
 * end. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "core/record/document.h"
#include "core/record/json.h"
#include "tests/unit/sample_record.h"

static const char plain[] = "{\n"
			    "  \"a\": 1,\n"
			    "  \"b\": [\n"
			    "    {\n"
			    "      \"x\": \"}\\n  \\\"q\\\": [\",\n"
			    "      \"y\": {}\n"
			    "    },\n"
			    "    []\n"
			    "  ],\n"
			    "  \"c\": \"\xc3\xa4\\u001b\"\n"
			    "}\n";

/* In a block of its own, so that a read past the end is seen. */
static int
split(const char *data, size_t len, struct document_parts *parts,
    struct error *err)
{
	char *copy = malloc(len > 0 ? len : 1);
	int rc;

	memcpy(copy, data, len);
	rc = document_split(copy, len, parts, err);
	free(copy);
	return rc;
}

static void
refuses(const char *text)
{
	struct document_parts parts;
	struct error err = {0};

	ck_assert_msg(split(text, strlen(text), &parts, &err) == -1,
	    "taken: %s", text);
	ck_assert_int_eq(err.code, ERR_INPUT);
	ck_assert_str_ne(err.where, "");
	ck_assert_uint_eq(parts.count, 0);
}

static void
takes(const char *text)
{
	struct document_parts parts;
	struct error err = {0};

	ck_assert_msg(split(text, strlen(text), &parts, &err) == 0,
	    "refused: %s: %s, %s", text, err.what, err.where);
}

static void
is_part(const struct document_parts *parts, const char *name, const char *value)
{
	const struct document_part *p = document_part(parts, name);

	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(p->len, strlen(value));
	ck_assert_int_eq(memcmp(plain + p->start, value, p->len), 0);
}

START_TEST(test_members_are_found)
{
	struct document_parts parts;
	struct error err = {0};

	ck_assert_int_eq(document_split(plain, strlen(plain), &parts, &err), 0);
	ck_assert_uint_eq(parts.count, 3);
	is_part(&parts, "a", "1");
	is_part(&parts, "b",
	    "[\n    {\n      \"x\": \"}\\n  \\\"q\\\": [\",\n"
	    "      \"y\": {}\n    },\n    []\n  ]");
	is_part(&parts, "c", "\"\xc3\xa4\\u001b\"");
	ck_assert_ptr_null(document_part(&parts, "x"));
	ck_assert_ptr_null(document_part(&parts, ""));
}
END_TEST

START_TEST(test_a_whole_record_is_split)
{
	struct record *r = sample_record();
	json_t *j = record_to_json(r), *value;
	struct document_parts parts;
	struct error err = {0};
	struct buf out;
	const char *name;
	size_t i = 0;

	buf_init(&out, 64u << 20);
	json_write(j, &out);
	ck_assert_msg(document_split(out.data, out.len, &parts, &err) == 0,
	    "%s %s", err.what, err.where);
	ck_assert_uint_eq(parts.count, json_object_size(j));
	for (i = 0; i < parts.count; i++) {
		value = json_loadb(out.data + parts.item[i].start,
		    parts.item[i].len, JSON_DECODE_ANY, NULL);
		name = parts.item[i].name;
		ck_assert_msg(json_equal(value, json_object_get(j, name)), "%s",
		    name);
		json_decref(value);
	}
	json_decref(j);
	buf_free(&out);
	record_free(r);
}
END_TEST

START_TEST(test_only_one_layout_is_taken)
{
	takes("{\n  \"a\": -12\n}\n");
	takes("{\n  \"a\": true,\n  \"b\": false,\n  \"c\": null\n}\n");
	takes("{\n  \"a\": [\n    0\n  ]\n}\n");
	takes("{\n  \"a\": \"\\u00e4\\t\\/\"\n}\n");
	refuses("");
	refuses("{}\n");
	refuses("{\n}\n");
	refuses("{\"a\": 1}\n");
	refuses("{\n  \"a\": 1\n}");
	refuses("{\n  \"a\": 1\n}\n\n");
	refuses("{\n  \"a\": 1\n}\n{\n  \"a\": 1\n}\n");
	refuses(" {\n  \"a\": 1\n}\n");
	refuses("{\r\n  \"a\": 1\r\n}\r\n");
	refuses("{\n \"a\": 1\n}\n");
	refuses("{\n\t\"a\": 1\n}\n");
	refuses("{\n  \"a\" : 1\n}\n");
	refuses("{\n  \"a\":1\n}\n");
	refuses("{\n  \"a\": 1,\n}\n");
	refuses("{\n  \"a\": 1 ,\n  \"b\": 1\n}\n");
	refuses("{\n  \"a\": [ ]\n}\n");
	refuses("{\n  \"a\": [1]\n}\n");
	refuses("{\n  \"a\": [\n  1\n  ]\n}\n");
	refuses("{\n  \"a\": [\n    1\n  }\n}\n");
	refuses("{\n  \"a\": {\n    1\n  }\n}\n");
	refuses("{\n  \"a\": {\n    \"b\": 1,\n    2\n  }\n}\n");
	refuses("[\n  1\n]\n");
	refuses("\xef\xbb\xbf{\n  \"a\": 1\n}\n");
}
END_TEST

START_TEST(test_names_are_single_and_sorted)
{
	refuses("{\n  \"a\": 1,\n  \"a\": 1\n}\n");
	refuses("{\n  \"b\": 1,\n  \"a\": 1\n}\n");
	refuses("{\n  \"\": 1\n}\n");
	refuses("{\n  \"\\u0061\": 1\n}\n");
	refuses("{\n  \"a b\": 1\n}\n");
	refuses("{\n  \"\xc3\xa4\": 1\n}\n");
	takes("{\n  \"a234567890123456789012345678901\": 1\n}\n");
	refuses("{\n  \"a2345678901234567890123456789012\": 1\n}\n");
}
END_TEST

START_TEST(test_values_are_whole)
{
	refuses("{\n  \"a\": \n}\n");
	refuses("{\n  \"a\": 01\n}\n");
	refuses("{\n  \"a\": -\n}\n");
	refuses("{\n  \"a\": 1.5\n}\n");
	refuses("{\n  \"a\": 1e3\n}\n");
	refuses("{\n  \"a\": tru\n}\n");
	refuses("{\n  \"a\": truel\n}\n");
	refuses("{\n  \"a\": nan\n}\n");
	refuses("{\n  \"a\": \"b\n}\n");
	refuses("{\n  \"a\": \"b\nc\"\n}\n");
	refuses("{\n  \"a\": \"b\tc\"\n}\n");
	refuses("{\n  \"a\": \"\\x\"\n}\n");
	refuses("{\n  \"a\": \"\\u12g4\"\n}\n");
	refuses("{\n  \"a\": \"\\u12");
	refuses("{\n  \"a\": \"\\");
	refuses("{\n  \"a\": \"12345678901234567890");
	/* A member that hides in the value of another. */
	refuses("{\n  \"a\": {\n  \"b\": 1\n  },\n  \"c\": 1\n}\n");
	refuses("{\n  \"a\": [\n    1\n  \"b\": 1\n  ]\n}\n");
}
END_TEST

START_TEST(test_text_is_utf8)
{
	refuses("{\n  \"a\": \"\x80\"\n}\n");
	refuses("{\n  \"a\": \"\xc3\"\n}\n");
	refuses("{\n  \"a\": \"\xc0\xaf\"\n}\n");
	refuses("{\n  \"a\": \"\xed\xa0\x80\"\n}\n");
	refuses("{\n  \"a\": \"\xf4\x90\x80\x80\"\n}\n");
	refuses("{\n  \"a\": \"\xc3");
	refuses("{\n  \"a\": \xc3\xa4\n}\n");
	takes("{\n  \"a\": \"\xf0\x9f\x94\xa5 1234567 \xe2\x82\xac\"\n}\n");
}
END_TEST

static void
nest(struct buf *out, unsigned levels)
{
	unsigned i;

	buf_clear(out);
	buf_adds(out, "{\n  \"a\": ");
	for (i = 0; i + 1 < levels; i++) {
		buf_adds(out, "[\n");
		buf_fill(out, ' ', 2 * (i + 2));
	}
	buf_adds(out, "[]");
	for (i = levels - 1; i > 0; i--) {
		buf_adds(out, "\n");
		buf_fill(out, ' ', 2 * i);
		buf_adds(out, "]");
	}
	buf_adds(out, "\n}\n");
}

START_TEST(test_bounds)
{
	struct document_parts parts;
	struct error err = {0};
	struct buf out;
	int i;

	buf_init(&out, 1u << 20);
	nest(&out, 32);
	ck_assert_msg(split(out.data, out.len, &parts, &err) == 0, "%s",
	    err.where);
	nest(&out, 33);
	ck_assert_int_eq(split(out.data, out.len, &parts, &err), -1);
	nest(&out, 2000);
	ck_assert_int_eq(split(out.data, out.len, &parts, &err), -1);
	buf_clear(&out);
	for (i = 0; i <= DOCUMENT_MAX_PARTS; i++)
		buf_addf(&out, "%s\n  \"m%03d\": 1", i == 0 ? "{" : ",", i);
	buf_adds(&out, "\n}\n");
	ck_assert_int_eq(split(out.data, out.len, &parts, &err), -1);
	buf_free(&out);
}
END_TEST

/* Ends anywhere: never taken, and the sentence says that some is missing
 * where nothing else is wrong. */
START_TEST(test_a_part_is_missing)
{
	struct document_parts parts;
	struct error err;
	size_t n;

	for (n = 0; n < strlen(plain); n++) {
		memset(&err, 0, sizeof err);
		ck_assert_int_eq(split(plain, n, &parts, &err), -1);
		ck_assert_int_eq(err.code, ERR_INPUT);
	}
}
END_TEST

START_TEST(test_trouble_has_a_place)
{
	struct document_parts parts;
	struct error err = {0};
	const char *text = "{\n  \"a\": 1,\n  \"b\": [\n    1.5\n  ]\n}\n";

	ck_assert_int_eq(split(text, strlen(text), &parts, &err), -1);
	ck_assert_str_eq(err.where, "line 4, column 6");
}
END_TEST

static void
where_is(const char *text, const char *near, const char *member)
{
	char name[DOCUMENT_NAME_SIZE];
	const char *at = strstr(text, near);

	ck_assert_ptr_nonnull(at);
	document_where(text, strlen(text), (size_t)(at - text), name);
	ck_assert_str_eq(name, member);
}

START_TEST(test_a_byte_has_a_member)
{
	char name[DOCUMENT_NAME_SIZE];
	const char *torn = "{\n  \"people\"; [\n    \"x\n";

	where_is(plain, "1,", "a");
	where_is(plain, "\"x\"", "b");
	where_is(plain, "\"b\"", "b");
	where_is(plain, "[]", "b");
	where_is(plain, "\xa4", "c");
	where_is(plain, "{", "");
	where_is(torn, "\"x", "people");
	document_where(plain, strlen(plain), strlen(plain) - 1, name);
	ck_assert_str_eq(name, "");
	document_where(plain, strlen(plain), strlen(plain) + 99, name);
	ck_assert_str_eq(name, "");
	document_where("", 0, 0, name);
	ck_assert_str_eq(name, "");
}
END_TEST

/* Whatever is changed: either it is refused, or a JSON reader finds the same
 * members with the same values. */
static void
agrees(const char *data, size_t len)
{
	struct document_parts parts;
	struct error err = {0};
	json_t *all, *one;
	size_t i;

	if (split(data, len, &parts, &err) != 0)
		return;
	all = json_loadb(data, len, 0, NULL);
	/* Doubled names deeper down, lone surrogates and huge numbers are for
	 * the reader to refuse. */
	if (all == NULL)
		return;
	ck_assert_uint_eq(json_object_size(all), parts.count);
	for (i = 0; i < parts.count; i++) {
		one = json_loadb(data + parts.item[i].start, parts.item[i].len,
		    JSON_DECODE_ANY, NULL);
		ck_assert(
		    json_equal(one, json_object_get(all, parts.item[i].name)));
		json_decref(one);
	}
	json_decref(all);
}

static uint32_t
next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

START_TEST(test_random_changes)
{
	static const char likely[] = "{}[]\",: \n\\0123ab\xc3\xff";
	struct record *r = sample_record();
	json_t *j = record_to_json(r);
	uint32_t state = 20261121, i, k, n;
	char name[DOCUMENT_NAME_SIZE];
	struct buf out;
	char *copy;

	buf_init(&out, 64u << 20);
	json_write(j, &out);
	copy = malloc(out.len);
	for (i = 0; i < 4000; i++) {
		size_t len = out.len, at;

		memcpy(copy, out.data, len);
		for (k = 0, n = 1 + next(&state) % 3; k < n; k++) {
			at = next(&state) % len;
			copy[at] = next(&state) % 4 == 0 ?
			    (char)next(&state) :
			    likely[next(&state) % (sizeof likely - 1)];
		}
		if (next(&state) % 8 == 0)
			len = next(&state) % len;
		agrees(copy, len);
		document_where(copy, len, next(&state) % out.len, name);
	}
	free(copy);
	buf_free(&out);
	json_decref(j);
	record_free(r);
}
END_TEST

HARNESS("record document", test_members_are_found, test_a_whole_record_is_split,
    test_only_one_layout_is_taken, test_names_are_single_and_sorted,
    test_values_are_whole, test_text_is_utf8, test_bounds,
    test_a_part_is_missing, test_trouble_has_a_place, test_a_byte_has_a_member,
    test_random_changes)
