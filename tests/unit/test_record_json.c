/* SPDX-License-Identifier: MIT */
/* Promises of the record as JSON: what is written is read, what is read is
 * not trusted. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/record/json.h"
#include "tests/unit/sample_record.h"

#define MEGABYTE (1u << 20)

/* Owned by the caller. */
static char *
written(const struct record *r)
{
	json_t *j = record_to_json(r);
	struct buf out;

	buf_init(&out, 64 * MEGABYTE);
	json_write(j, &out);
	json_decref(j);
	ck_assert(!out.overflowed);
	return buf_take(&out);
}

static struct record *
parsed(const char *text, struct error *err)
{
	memset(err, 0, sizeof *err);
	return record_from_json(text, strlen(text), err);
}

static void
refuses_bytes(const char *data, size_t len, const char *needle)
{
	struct error err = {0};
	/* A block of its own, so that a read past the end is seen. */
	char *copy = malloc(len > 0 ? len : 1);

	memcpy(copy, data, len);
	ck_assert_ptr_null(record_from_json(copy, len, &err));
	ck_assert(err.code == ERR_INPUT || err.code == ERR_NEWER);
	ck_assert_ptr_nonnull(strstr(err.what, needle));
	free(copy);
}

static void
refuses(const char *text, const char *needle)
{
	refuses_bytes(text, strlen(text), needle);
}

/* The sample with one text in it replaced; owned. */
static char *
changed(const char *from, const char *to)
{
	struct record *r = sample_record();
	char *text = written(r), *at = strstr(text, from);
	struct buf out;

	ck_assert_msg(at != NULL, "the sample has no %s", from);
	buf_init(&out, 64 * MEGABYTE);
	buf_add(&out, text, (size_t)(at - text));
	buf_adds(&out, to);
	buf_adds(&out, at + strlen(from));
	free(text);
	record_free(r);
	return buf_take(&out);
}

START_TEST(round_trip_gives_the_same_bytes)
{
	struct record *r = sample_record(), *again;
	char *first = written(r), *second;
	struct error err;

	again = parsed(first, &err);
	ck_assert_msg(again != NULL, "%s", err.what);
	second = written(again);
	ck_assert_str_eq(first, second);
	ck_assert_str_eq(again->site.notes, r->site.notes);
	ck_assert_int_eq(again->started_us, r->started_us);
	ck_assert_int_eq(again->observations[0].started_us,
	    SAMPLE_START_US + 123456);
	ck_assert_int_eq(again->observations[0].attempts[1].icmp_type, -1);
	ck_assert_int_eq(again->observations[0].attempts[0].icmp_code, 13);
	ck_assert_ptr_null(again->observations[1].host);
	ck_assert_int_eq(again->needs[0].when.item[1].op, CLAUSE_ANY_OF);
	ck_assert_int_eq(again->needs[0].to.depth, 2);
	ck_assert_int_eq(again->needs[1].outcome, OUTCOME_NOT_APPLICABLE);
	free(first);
	free(second);
	record_free(again);
	record_free(r);
}
END_TEST

START_TEST(empty_record_makes_the_trip_too)
{
	struct record *r = record_new(), *again;
	char *first = written(r), *second;
	struct error err;

	ck_assert_ptr_nonnull(strstr(first, "\"started\": null"));
	again = parsed(first, &err);
	ck_assert_msg(again != NULL, "%s", err.what);
	second = written(again);
	ck_assert_str_eq(first, second);
	free(first);
	free(second);
	record_free(again);
	record_free(r);
}
END_TEST

START_TEST(document_looks_as_the_design_says)
{
	static const char *const wanted[] = {
	    "\"schema\": \"sitewalk/record/1\"",
	    "\"started\": \"2026-11-21T10:42:00Z\"",
	    "\"started\": \"2026-11-21T10:42:00.123456Z\"",
	    "\"complete\": true",
	    "\"version\": 2026112101",
	    "\"443\",\n",
	    "\"20000-49000\"\n",
	    "\"kind\": \"wildcard\"",
	    "\"outcome\": \"fail\"",
	    "\"required_rung\": \"tls_expected\"",
	    "\"failure\": null",
	    "\"duration_us\": 25011",
	    "\"any_of\": [",
	};
	struct record *r = sample_record();
	char *text = written(r);
	size_t i;

	for (i = 0; i < sizeof wanted / sizeof *wanted; i++)
		ck_assert_msg(strstr(text, wanted[i]) != NULL, "%s", wanted[i]);
	ck_assert_ptr_null(strchr(text, '\r'));
	ck_assert_str_eq(text + strlen(text) - 2, "}\n");
	free(text);
	record_free(r);
}
END_TEST

/* What tests/schema says of a text: its exit status. */
static int
schema_check(const char *text)
{
	char path[] = "/tmp/sitewalk-test-XXXXXX";
	int fd = mkstemp(path), status;
	pid_t child;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		/* Its own count is not that of this program. */
		if (freopen("/dev/null", "w", stdout) == NULL)
			_exit(126);
		execl("tests/schema", "tests/schema",
		    "core/export/schema/record-1.json", path, (char *)NULL);
		_exit(127);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	unlink(path);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(document_fits_its_schema)
{
	struct record *r = sample_record(), *empty = record_new();
	char *text = written(r);

	ck_assert_int_eq(schema_check(text), 0);
	free(text);
	text = written(empty);
	ck_assert_int_eq(schema_check(text), 0);
	free(text);
	text = changed("\"outcome\": \"fail\"", "\"outcome\": \"bad\"");
	ck_assert_int_eq(schema_check(text), 1);
	free(text);
	text = changed("\"rung\": \"app_reply\",", "");
	ck_assert_int_eq(schema_check(text), 1);
	free(text);
	record_free(empty);
	record_free(r);
}
END_TEST

START_TEST(accepted_failure_stands_in_its_requirement)
{
	struct record *r = sample_record();
	json_t *j = record_to_json(r);
	json_t *list = json_object_get(j, "requirements");
	json_t *deviation = json_object_get(json_array_get(list, 0),
	    "deviation");

	ck_assert_str_eq(json_string_value(json_object_get(deviation, "owner")),
	    "B. Owner");
	ck_assert(json_is_null(
	    json_object_get(json_array_get(list, 1), "deviation")));
	json_decref(j);
	record_free(r);
}
END_TEST

START_TEST(pack_requirement_has_no_judgement)
{
	struct record *r = sample_record();
	json_t *j = need_to_json(&r->needs[0], false);

	ck_assert_ptr_nonnull(json_object_get(j, "required_rung"));
	ck_assert_ptr_null(json_object_get(j, "outcome"));
	ck_assert_ptr_null(json_object_get(j, "advice"));
	json_decref(j);
	record_free(r);
}
END_TEST

START_TEST(unknown_members_are_ignored)
{
	char *text = changed("\"complete\": true",
	    "\"complete\": true, \"invented\": {\"later\": [1.5, null]}");
	struct error err;
	struct record *r = parsed(text, &err);

	ck_assert_msg(r != NULL, "%s", err.what);
	record_free(r);
	free(text);
}
END_TEST

/* A newer program may say more of what it saw, and of what it saw before. */
START_TEST(unknown_members_of_observations_are_ignored)
{
	struct record *r = sample_record(), *back;
	json_t *j = record_to_json(r), *one, *earlier;
	char *text;
	struct error err;
	size_t n = r->nearlier;

	one = json_array_get(json_object_get(j, "observations"), 0);
	ck_assert_ptr_nonnull(one);
	json_object_set_new(one, "invented", json_pack("{s:[i,n]}", "x", 1));
	earlier = json_object_get(j, "earlier");
	ck_assert(json_is_array(earlier));
	one = json_deep_copy(one);
	json_object_set_new(one, "id", json_string("o900"));
	json_array_append_new(earlier, one);
	text = json_dumps(j, 0);
	json_decref(j);
	back = parsed(text, &err);
	ck_assert_msg(back != NULL, "%s", err.what);
	ck_assert_uint_eq(back->nobservations, r->nobservations);
	ck_assert_uint_eq(back->nearlier, n + 1);
	ck_assert_str_eq(back->earlier[n].key, r->observations[0].key);
	record_free(back);
	record_free(r);
	free(text);
}
END_TEST

START_TEST(missing_texts_are_empty_and_never_null)
{
	struct error err;
	struct record *r =
	    parsed("{\"schema\":\"sitewalk/record/1\",\"started\":null,"
		   "\"ended\":null,\"complete\":false,\"attestations\":"
		   "[{\"product\":\"z5\",\"id\":\"led\",\"answer\":\"no\"}]}",
		&err);

	ck_assert_msg(r != NULL, "%s", err.what);
	ck_assert_str_eq(r->site.name, "");
	ck_assert_str_eq(r->vantage.interface, "");
	ck_assert_str_eq(r->attestations[0].who, "");
	record_free(r);
}
END_TEST

START_TEST(newer_schema_has_its_own_sentence)
{
	struct error err;

	ck_assert_ptr_null(parsed("{\"schema\": \"sitewalk/record/2\"}", &err));
	ck_assert_int_eq(err.code, ERR_NEWER);
	ck_assert_ptr_nonnull(strstr(err.what, "newer version"));
	ck_assert_ptr_null(parsed("{\"schema\": \"other\"}", &err));
	ck_assert_int_eq(err.code, ERR_INPUT);
	ck_assert_ptr_nonnull(strstr(err.what, "not a handover"));
	ck_assert_ptr_null(parsed("[]", &err));
	ck_assert_ptr_null(parsed("{\"schema\": 1}", &err));
}
END_TEST

START_TEST(wrong_types_name_the_member)
{
	static const struct {
		const char *from, *to, *member;
	} cases[] = {
	    {"\"complete\": true", "\"complete\": 1", "\"complete\""},
	    {"\"duration_us\": 25011", "\"duration_us\": 2.5",
		"\"observations[0].attempts[1].duration_us\""},
	    {"\"duration_us\": 25011", "\"duration_us\": -1",
		"\"observations[0].attempts[1].duration_us\""},
	    {"\"duration_us\": 25011", "\"duration_us\": 9000000000000000000",
		"out of range"},
	    {"\"outcome\": \"fail\"", "\"outcome\": \"great\"",
		"\"requirements[0].outcome\""},
	    {"\"outcome\": \"fail\"", "\"outcome\": null",
		"\"requirements[0].outcome\""},
	    {"\"outcome\": \"fail\"", "\"x\": 1",
		"\"requirements[0].outcome\""},
	    {"\"20000-49000\"", "\"49000-20000\"", "\"requirements[0].ports\""},
	    {"\"20000-49000\"", "\"65536\"", "\"requirements[0].ports\""},
	    {"\"20000-49000\"", "\"1-\"", "\"requirements[0].ports\""},
	    {"\"20000-49000\"", "\"+1\"", "\"requirements[0].ports\""},
	    {"\"20000-49000\"", "\"00000000000000000001\"",
		"\"requirements[0].ports\""},
	    {"\"started\": \"2026-11-21T10:42:00Z\"",
		"\"started\": \"2026-02-30T10:42:00Z\"", "\"started\""},
	    {"\"is\": \"yes\"", "\"is\": [\"yes\"]",
		"\"requirements[0].condition[0]\""},
	    {"\"is\": \"yes\"", "\"is\": \"yes\", \"not\": \"no\"",
		"\"requirements[0].condition[0]\""},
	    {"\"is\": \"yes\"", "\"was\": \"yes\"",
		"\"requirements[0].condition[0]\""},
	    {"\"days\": 30", "\"days\": 30.5",
		"\"observations[0].detail.days\""},
	    {"\"how\": \"typed\"", "\"how\": {}", "\"equipment[0].how\""},
	    {"\"advice\": {", "\"advice\": [], \"x\": {",
		"\"diagnoses[0].advice\""},
	    {"\"version\": 2026112101", "\"version\": 4294967296",
		"\"packs[0].version\""},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = changed(cases[i].from, cases[i].to);

		refuses(text, cases[i].member);
		free(text);
	}
}
END_TEST

START_TEST(malformed_documents_are_refused)
{
	refuses("", "ends in the middle");
	refuses("{\"schema\": \"sitewalk/record/1\"", "in the middle");
	refuses("{} trailing", "not valid JSON");
	refuses("{\"a\": 1, \"a\": 2}", "twice");
	refuses("{\"a\": 99999999999999999999999999}", "too large");
	refuses("{\"a\": 1e999999}", "too large");
	refuses("{\"a\": NaN}", "not valid JSON");
	refuses("{\"a\": \"\xff\xfe\"}", "no text");
	refuses("{\"a\": \"\xed\xa0\x80\"}", "no text");
	refuses("{\"a\": \"\\u0000\"}", "no text");
	refuses("{\"a\": \"\\ud800\"}", "");
	refuses("{\"a\": \"raw \x1b[31m\"}", "not valid JSON");
	refuses_bytes("{\0}", 3, "");
	refuses_bytes("{\"a\\", 4, "");
	refuses_bytes("\"\\", 2, "");
}
END_TEST

static void
refuses_repeated(const char *piece, size_t times, const char *needle)
{
	struct buf b;

	buf_init(&b, 64 * MEGABYTE);
	while (times-- > 0)
		buf_adds(&b, piece);
	refuses_bytes(b.data, b.len, needle);
	buf_free(&b);
}

START_TEST(bombs_are_refused_before_they_grow)
{
	int64_t start = clock_mono_us();

	refuses_repeated("[", 100000, "no site needs");
	refuses_repeated("{\"a\":", 100000, "no site needs");
	refuses_repeated("[],", 5000000, "no site needs");
	refuses_repeated("1,", 5000000, "no site needs");
	refuses_repeated(" ", 33 * MEGABYTE, "larger than 32 MiB");
	ck_assert_int_lt(clock_mono_us() - start, 10000000);
}
END_TEST

START_TEST(foreign_text_is_made_harmless)
{
	char *text = changed("\"name\": \"Caf\u00e9",
	    "\"name\": \"\\u001b[31m\\u202eevil\\nline");
	struct error err;
	struct record *r = parsed(text, &err);

	ck_assert_msg(r != NULL, "%s", err.what);
	ck_assert_ptr_null(strpbrk(r->site.name, "\x1b\n"));
	ck_assert_ptr_nonnull(strstr(r->site.name, "\\u{202E}evil line"));
	record_free(r);
	free(text);
	text = changed("\"issuer\": \"CN=Example\"",
	    "\"is\\u001bsuer\": \"C\\u009bN\"");
	r = parsed(text, &err);
	ck_assert_msg(r != NULL, "%s", err.what);
	ck_assert_str_eq(json_string_value(
			     json_object_get(r->observations[0].detail,
				 "is\\x1bsuer")),
	    "C\\u{009B}N");
	record_free(r);
	free(text);
}
END_TEST

START_TEST(long_text_is_cut)
{
	char *long_text = malloc(MEGABYTE + 1), *text;
	struct error err;
	struct record *r;

	memset(long_text, 'x', MEGABYTE);
	long_text[MEGABYTE] = '\0';
	text = changed("Example AG", long_text);
	r = parsed(text, &err);
	ck_assert_ptr_nonnull(r);
	ck_assert_uint_le(strlen(r->site.customer), 65536);
	record_free(r);
	free(text);
	free(long_text);
}
END_TEST

/* Every prefix, and every byte changed: refused or read, never a crash. */
START_TEST(damage_anywhere_is_survived)
{
	struct record *r = sample_record(), *read;
	char *text = written(r);
	size_t len = strlen(text), i;
	struct error err;

	for (i = 0; i < len - 1; i += 7)
		refuses_bytes(text, i, "");
	for (i = 0; i < len; i += 3) {
		char old = text[i];

		text[i] = (char)(old ^ 0x15);
		read = record_from_json(text, len, &err);
		if (read != NULL)
			free(written(read));
		record_free(read);
		text[i] = old;
	}
	free(text);
	record_free(r);
}
END_TEST

START_TEST(invalid_bytes_in_a_record_do_not_lose_it)
{
	struct record *r = record_new();
	struct error err;
	char *text;

	r->site.name = arena_strdup(r->arena, "bad \xff byte");
	text = written(r);
	ck_assert_ptr_nonnull(strstr(text, "bad \\\\xff byte"));
	record_free(r);
	r = parsed(text, &err);
	ck_assert_ptr_nonnull(r);
	record_free(r);
	free(text);
}
END_TEST

START_TEST(observation_goes_through_json_alone)
{
	struct record *r = sample_record();
	struct observation o;
	json_t *j = observation_to_json(&r->observations[0]);

	ck_assert(observation_from_json(r->arena, j, &o));
	ck_assert_str_eq(o.key, r->observations[0].key);
	ck_assert(json_equal(o.detail, r->observations[0].detail));
	json_decref(o.detail);
	json_object_set_new(j, "rung", json_integer(1));
	ck_assert(!observation_from_json(r->arena, j, &o));
	json_decref(j);
	j = json_string("text");
	ck_assert(!observation_from_json(r->arena, j, &o));
	json_decref(j);
	record_free(r);
}
END_TEST

HARNESS("record json", round_trip_gives_the_same_bytes,
    empty_record_makes_the_trip_too, document_looks_as_the_design_says,
    document_fits_its_schema, accepted_failure_stands_in_its_requirement,
    pack_requirement_has_no_judgement, unknown_members_are_ignored,
    unknown_members_of_observations_are_ignored,
    missing_texts_are_empty_and_never_null, newer_schema_has_its_own_sentence,
    wrong_types_name_the_member, malformed_documents_are_refused,
    bombs_are_refused_before_they_grow, foreign_text_is_made_harmless,
    long_text_is_cut, damage_anywhere_is_survived,
    invalid_bytes_in_a_record_do_not_lose_it,
    observation_goes_through_json_alone)
