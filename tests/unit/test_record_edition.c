/* SPDX-License-Identifier: MIT */
/* Promises of editions: the same content is the same paper, another content
 * is the next one and names the one before. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "core/record/edition.h"
#include "core/record/sitefile.h"
#include "tests/unit/sample_record.h"
#include "tests/unit/site_fixture.h"

#define DAY_US (INT64_C(86400) * 1000000)
#define NOW_US INT64_C(1795257900000000) /* 2026-11-21T10:45:00Z */

static void
set_day(struct record *r, const char *day)
{
	r->as_of = arena_strdup(r->arena, day);
}

/* Of a file that holds the sample, as it is on a day. Returns owned. */
static struct record *
issued(bool read_only, const char *day, int64_t now_us)
{
	struct sitefile *f = site_opened(read_only);
	struct record *r = site_loaded(f);
	struct error err = {0};

	set_day(r, day);
	ck_assert_msg(sitefile_issue(f, r, now_us, &err) == 0, "%s", err.what);
	sitefile_close(f);
	return r;
}

static void
make_sample_file(void)
{
	struct record *r = site_stored_sample();
	struct sitefile *f;

	site_setup();
	f = site_created();
	site_save_sample(f, r);
	sitefile_close(f);
	record_free(r);
}

static void
answer(const char *value)
{
	struct sitefile *f = site_opened(false);
	struct error err;

	ck_assert_int_eq(sitefile_save_answer(f, "z5", "os", value, &err), 0);
	sitefile_close(f);
}

START_TEST(a_paper_says_the_same_a_day_later)
{
	struct record *first, *again;
	char *one, *two;

	make_sample_file();
	first = issued(false, "2026-11-21", NOW_US);
	again = issued(false, "2026-11-22", NOW_US + DAY_US);
	ck_assert_uint_eq(first->edition.version, 1);
	ck_assert_str_eq(first->edition.supersedes, "");
	ck_assert_int_eq(first->edition.issued_us, NOW_US);
	ck_assert_uint_eq(strlen(first->edition.id), 15);
	ck_assert_int_eq(strncmp(first->edition.id, "HO-", 3), 0);
	one = site_as_json(first);
	two = site_as_json(again);
	ck_assert_str_eq(one, two);
	ck_assert_ptr_nonnull(strstr(one, "\"2026-11-21T10:45:00Z\""));
	ck_assert_int_eq(memcmp(first->secret, again->secret,
			     sizeof first->secret),
	    0);
	free(one);
	free(two);
	record_free(first);
	record_free(again);
	site_cleanup();
}
END_TEST

/* Of a file that holds the sample; returns owned. */
static struct record *
recalled(struct edition *before)
{
	struct sitefile *f = site_opened(false);
	struct record *r = site_loaded(f);
	struct error err = {0};

	set_day(r, "2026-11-21");
	ck_assert_msg(sitefile_recall(f, r, before, &err) == 0, "%s", err.what);
	sitefile_close(f);
	return r;
}

START_TEST(a_look_issues_nothing)
{
	struct record *looked, *first, *second;
	struct edition before;

	make_sample_file();
	looked = recalled(&before);
	ck_assert(edition_is_draft(&looked->edition));
	ck_assert_uint_eq(before.version, 0);
	record_free(looked);
	first = issued(false, "2026-11-21", NOW_US);
	ck_assert_uint_eq(first->edition.version, 1);
	/* What was issued is known again, ... */
	looked = recalled(&before);
	ck_assert_str_eq(looked->edition.id, first->edition.id);
	ck_assert_int_eq(looked->edition.issued_us, NOW_US);
	record_free(looked);
	/* ... and what was not is none, however often somebody looks. */
	answer("another");
	looked = recalled(&before);
	ck_assert(edition_is_draft(&looked->edition));
	ck_assert_str_eq(before.id, first->edition.id);
	record_free(looked);
	record_free(recalled(&before));
	second = issued(false, "2026-11-21", NOW_US + 1);
	ck_assert_uint_eq(second->edition.version, 2);
	record_free(first);
	record_free(second);
	site_cleanup();
}
END_TEST

START_TEST(another_answer_is_another_edition)
{
	struct record *first, *second, *third;

	make_sample_file();
	first = issued(false, "2026-11-21", NOW_US);
	answer("another");
	second = issued(false, "2026-11-21", NOW_US + 1);
	ck_assert_uint_eq(second->edition.version, 2);
	ck_assert_str_eq(second->edition.supersedes, first->edition.id);
	ck_assert_str_ne(second->edition.id, first->edition.id);
	/* What comes back is not the old paper: that one is superseded. */
	answer(NULL);
	third = issued(false, "2026-11-21", NOW_US + 2);
	ck_assert_uint_eq(third->edition.version, 3);
	ck_assert_str_eq(third->edition.supersedes, second->edition.id);
	ck_assert_str_ne(third->edition.id, first->edition.id);
	record_free(first);
	record_free(second);
	record_free(third);
	site_cleanup();
}
END_TEST

START_TEST(a_file_that_is_only_read_keeps_its_editions)
{
	struct record *r;
	char *id;

	make_sample_file();
	r = issued(true, "2026-11-21", NOW_US);
	ck_assert(edition_is_draft(&r->edition));
	ck_assert_str_eq(r->edition.id, "");
	ck_assert_int_eq(r->edition.issued_us, 0);
	record_free(r);
	r = issued(false, "2026-11-21", NOW_US);
	id = strdup(r->edition.id);
	record_free(r);
	/* The paper that was issued is that paper for a reader too ... */
	r = issued(true, "2026-11-23", NOW_US + DAY_US);
	ck_assert_str_eq(r->edition.id, id);
	ck_assert_str_eq(r->as_of, "2026-11-21");
	record_free(r);
	/* ... and no other is. */
	answer("another");
	r = issued(true, "2026-11-21", NOW_US);
	ck_assert(edition_is_draft(&r->edition));
	record_free(r);
	free(id);
	site_cleanup();
}
END_TEST

/* What counts as the same, one change at a time. */
START_TEST(only_what_happened_counts)
{
	struct record *r = sample_record();
	char first[DIGEST_HEX_SIZE], now[DIGEST_HEX_SIZE];

	record_content_digest(r, first);
	r->edition = (struct edition){arena_strdup(r->arena, "HO-0"), 3,
	    arena_strdup(r->arena, "HO-1"), NOW_US};
	set_day(r, "2027-01-01");
	memset(r->secret, 7, sizeof r->secret);
	record_content_digest(r, now);
	ck_assert_str_eq(first, now);
	r->readiness = r->readiness == READY ? NOT_READY : READY;
	record_content_digest(r, now);
	ck_assert_str_ne(first, now);
	record_free(r);

	r = sample_record();
	r->observations[0].duration_us++;
	record_content_digest(r, now);
	ck_assert_str_ne(first, now);
	record_free(r);

	r = sample_record();
	r->site.notes = arena_strdup(r->arena, "other notes");
	record_content_digest(r, now);
	ck_assert_str_ne(first, now);
	record_free(r);

	r = sample_record();
	r->deviations[0].state = DEVIATION_EXPIRED;
	record_content_digest(r, first);
	r->deviations[0].state = DEVIATION_HOLDS;
	record_content_digest(r, now);
	ck_assert_str_ne(first, now);
	record_free(r);
}
END_TEST

static bool
is_zero(const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (p[i] != 0)
			return false;
	}
	return true;
}

START_TEST(each_site_has_a_secret_that_stays_and_is_not_told)
{
	uint8_t secret[RECORD_SECRET_SIZE];
	struct record *r;
	char hex[2 * RECORD_SECRET_SIZE + 1], *text;
	size_t i;

	make_sample_file();
	r = issued(false, "2026-11-21", NOW_US);
	memcpy(secret, r->secret, sizeof secret);
	ck_assert(!is_zero(secret, sizeof secret));
	for (i = 0; i < sizeof secret; i++)
		snprintf(hex + 2 * i, 3, "%02x", secret[i]);
	text = site_as_json(r);
	ck_assert_ptr_null(strstr(text, hex));
	free(text);
	record_free(r);
	r = issued(false, "2026-11-21", NOW_US);
	ck_assert_int_eq(memcmp(secret, r->secret, sizeof secret), 0);
	record_free(r);
	site_cleanup();
	make_sample_file();
	r = issued(false, "2026-11-21", NOW_US);
	ck_assert_int_ne(memcmp(secret, r->secret, sizeof secret), 0);
	record_free(r);
	site_cleanup();
}
END_TEST

/* Exactly the tables of that version: what is newer was only added. */
static void
make_old(int version)
{
	site_change("PRAGMA journal_mode = DELETE; DROP TABLE edition;"
		    "DELETE FROM info WHERE name = 'secret'");
	if (version < 2)
		site_change("DROP TABLE retry; DROP TABLE replaced");
	site_change(version < 2 ? "PRAGMA user_version = 1" :
				  "PRAGMA user_version = 2");
}

static void
try_older(int version)
{
	struct record *before, *r;
	uint8_t secret[RECORD_SECRET_SIZE];
	char *was, *is;

	make_sample_file();
	make_old(version);
	/* Read only, it is as it was, and its papers are drafts. */
	before = issued(true, "2026-11-21", NOW_US);
	ck_assert(edition_is_draft(&before->edition));
	was = site_as_json(before);
	r = issued(false, "2026-11-21", NOW_US);
	ck_assert_uint_eq(r->edition.version, 1);
	memcpy(secret, r->secret, sizeof secret);
	r->edition = before->edition;
	is = site_as_json(r);
	ck_assert_str_eq(was, is);
	record_free(r);
	record_free(before);
	r = issued(false, "2026-11-21", NOW_US + DAY_US);
	ck_assert_uint_eq(r->edition.version, 1);
	ck_assert_int_eq(r->edition.issued_us, NOW_US);
	ck_assert_int_eq(memcmp(secret, r->secret, sizeof secret), 0);
	record_free(r);
	free(was);
	free(is);
	site_cleanup();
}

START_TEST(older_files_get_editions_too)
{
	try_older(1);
	try_older(2);
}
END_TEST

/* A site file comes from anybody, and what it says stands on paper next. */
START_TEST(an_edition_that_was_tampered_with_is_refused)
{
	static const char *const tricks[] = {
	    "UPDATE edition SET id = 'HO-<script>ab'",
	    "UPDATE edition SET id = 'HO-0123456789AB'",
	    "UPDATE edition SET id = NULL",
	    "UPDATE edition SET supersedes = 'see https://example.com'",
	    "UPDATE edition SET version = 4294967296",
	    "UPDATE edition SET version = -1",
	};
	struct error err = {0};
	struct sitefile *f;
	struct record *r;
	size_t i;

	for (i = 0; i < sizeof tricks / sizeof *tricks; i++) {
		make_sample_file();
		record_free(issued(false, "2026-11-21", NOW_US));
		site_change(tricks[i]);
		f = site_opened(false);
		r = site_loaded(f);
		ck_assert_msg(sitefile_issue(f, r, NOW_US, &err) != 0, "%s",
		    tricks[i]);
		ck_assert_int_eq(err.code, ERR_INPUT);
		ck_assert(edition_is_draft(&r->edition));
		record_free(r);
		sitefile_close(f);
		site_cleanup();
	}
}
END_TEST

HARNESS("record edition", a_paper_says_the_same_a_day_later,
    a_look_issues_nothing, another_answer_is_another_edition,
    a_file_that_is_only_read_keeps_its_editions, only_what_happened_counts,
    each_site_has_a_secret_that_stays_and_is_not_told,
    older_files_get_editions_too, an_edition_that_was_tampered_with_is_refused)
