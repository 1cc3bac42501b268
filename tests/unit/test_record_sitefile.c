/* SPDX-License-Identifier: MIT */
/* Promises of the site file: what was saved is there again. */
#include "tests/unit/harness.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/record/sitefile.h"
#include "tests/unit/sample_record.h"
#include "tests/unit/site_fixture.h"

START_TEST(everything_saved_is_loaded_again)
{
	struct record *r = site_stored_sample(), *again;
	char *first = site_as_json(r), *second;
	struct arena *a = arena_new();
	struct sitefile *f;
	bool read_only;
	int i;

	site_setup();
	f = site_created();
	site_save_sample(f, r);
	sitefile_close(f);
	for (i = 0; i < 2; i++) {
		read_only = i == 1;
		f = site_opened(read_only);
		again = site_loaded(f);
		second = site_as_json(again);
		ck_assert_str_eq(first, second);
		ck_assert_int_eq(again->observations[0].started_us,
		    r->observations[0].started_us);
		ck_assert_str_eq(sitefile_place(f, a), "run");
		free(second);
		record_free(again);
		sitefile_close(f);
	}
	free(first);
	record_free(r);
	arena_free(a);
	site_cleanup();
}
END_TEST

START_TEST(a_new_file_is_an_empty_site)
{
	struct arena *a = arena_new();
	struct sitefile *f;
	struct record *r;

	site_setup();
	f = site_created();
	r = site_loaded(f);
	ck_assert_str_eq(r->site.name, "");
	ck_assert_int_eq(r->started_us, 0);
	ck_assert_uint_eq(r->products.count, 0);
	ck_assert_ptr_null(sitefile_place(f, a));
	ck_assert_str_eq(sitefile_path(f), site_path);
	record_free(r);
	sitefile_close(f);
	arena_free(a);
	site_cleanup();
}
END_TEST

START_TEST(answers_change_and_are_forgotten_in_place)
{
	struct sitefile *f;
	struct record *r;
	struct error err;

	site_setup();
	f = site_created();
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "a", "1", &err), 0);
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "b", "2", &err), 0);
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "c", "3", &err), 0);
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "a", "4", &err), 0);
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "b", NULL, &err), 0);
	sitefile_close(f);
	f = site_opened(false);
	r = site_loaded(f);
	ck_assert_uint_eq(r->nanswers, 2);
	ck_assert_str_eq(r->answers[0].question, "a");
	ck_assert_str_eq(r->answers[0].value, "4");
	ck_assert_str_eq(record_answer(r, "z5", "c"), "3");
	record_free(r);
	sitefile_close(f);
	site_cleanup();
}
END_TEST

START_TEST(emptied_entries_are_forgotten)
{
	struct record *r = site_stored_sample(), *again;
	struct sitefile *f;
	struct error err;

	site_setup();
	f = site_created();
	site_save_sample(f, r);
	r->equipment[0].value[0] = '\0';
	r->attestations[0].answer[0] = '\0';
	r->deviations[0].owner[0] = '\0';
	r->deviations[0].reason[0] = '\0';
	r->declarations[0].name = r->declarations[0].role =
	    r->declarations[0].remarks = arena_strdup(r->arena, "");
	r->declarations[0].when_us = 0;
	ck_assert_int_eq(sitefile_save_declaration(f, r->declarations, &err),
	    0);
	ck_assert_int_eq(sitefile_save_equipment(f, r->equipment, &err), 0);
	ck_assert_int_eq(sitefile_save_attestation(f, r->attestations, &err),
	    0);
	ck_assert_int_eq(sitefile_save_deviation(f, r->deviations, &err), 0);
	again = site_loaded(f);
	ck_assert_uint_eq(again->nequipment, 0);
	ck_assert_uint_eq(again->nattestations, 0);
	ck_assert_uint_eq(again->ndeclarations, 0);
	ck_assert_uint_eq(again->ndeviations, 0);
	record_free(again);
	record_free(r);
	sitefile_close(f);
	site_cleanup();
}
END_TEST

START_TEST(last_run_counts_and_earlier_ones_stay)
{
	struct record *r = record_new(), *again;
	struct sitefile *f;
	struct error err;
	sqlite3_stmt *s;
	sqlite3 *db;

	site_setup();
	f = site_created();
	site_save_run(f, r, 1, 5);
	ck_assert_int_eq(sitefile_run_end(f, SAMPLE_START_US, true, &err), 0);
	site_save_run(f, r, 100, 3);
	again = site_loaded(f);
	ck_assert_uint_eq(again->nobservations, 3);
	ck_assert_uint_eq(again->observations[0].port, 100);
	ck_assert_str_eq(again->observations[2].id, "o3");
	ck_assert(!again->complete);
	ck_assert_int_eq(again->ended_us, 0);
	record_free(again);
	record_free(r);
	sitefile_close(f);
	ck_assert_int_eq(sqlite3_open(site_path, &db), SQLITE_OK);
	sqlite3_prepare_v2(db, "SELECT count(*) FROM observation", -1, &s,
	    NULL);
	ck_assert_int_eq(sqlite3_step(s), SQLITE_ROW);
	ck_assert_int_eq(sqlite3_column_int(s, 0), 8);
	sqlite3_finalize(s);
	sqlite3_close(db);
	site_cleanup();
}
END_TEST

START_TEST(unfinished_probes_can_be_told)
{
	struct record *r = record_new();
	struct strlist keys = {0};
	struct observation o;
	struct sitefile *f;
	struct error err;

	site_setup();
	f = site_created();
	ck_assert_int_eq(sitefile_probe_started(f, "early", &err), -1);
	ck_assert_int_eq(sitefile_run_begin(f, &r->vantage, 1, &err), 0);
	ck_assert_int_eq(sitefile_probe_started(f, "dns b", &err), 0);
	ck_assert_int_eq(sitefile_probe_started(f, "tcp tcp a.example:443",
			     &err),
	    0);
	ck_assert_int_eq(sitefile_probe_started(f, "tcp tcp a.example:44",
			     &err),
	    0);
	ck_assert_int_eq(sitefile_probe_started(f, "dns c", &err), 0);
	/* Its key is that of the probe and " @ADDRESS". */
	o = sample_observation(r, "a.example", 443);
	ck_assert_int_eq(sitefile_observation(f, &o, &err), 0);
	o.key = arena_strdup(r->arena, "dns c");
	ck_assert_int_eq(sitefile_observation(f, &o, &err), 0);
	sitefile_close(f);
	f = site_opened(true);
	ck_assert_uint_eq(sitefile_unfinished(f, r->arena, &keys), 2);
	ck_assert_str_eq(keys.item[0], "dns b");
	ck_assert_str_eq(keys.item[1], "tcp tcp a.example:44");
	sitefile_close(f);
	record_free(r);
	site_cleanup();
}
END_TEST

START_TEST(a_second_program_is_told_that_it_is_open)
{
	struct sitefile *f, *one, *two;

	site_setup();
	f = site_created();
	site_refused(false, ERR_BUSY, "open in another");
	site_refused(true, ERR_BUSY, "open in another");
	sitefile_close(f);
	one = site_opened(true);
	two = site_opened(true);
	site_refused(false, ERR_BUSY, "open in another");
	sitefile_close(one);
	sitefile_close(two);
	sitefile_close(site_opened(false));
	site_cleanup();
}
END_TEST

START_TEST(another_program_with_sqlite_is_noticed)
{
	struct sitefile *f;
	sqlite3 *db;

	site_setup();
	f = site_created();
	ck_assert_int_eq(sqlite3_open(site_path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "DELETE FROM answer", NULL, NULL,
			     NULL),
	    SQLITE_BUSY);
	sqlite3_close(db);
	sitefile_close(f);
	ck_assert_int_eq(sqlite3_open(site_path, &db), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE",
	    NULL, NULL, NULL);
	site_refused(false, ERR_BUSY, "Another program");
	sqlite3_close(db);
	site_cleanup();
}
END_TEST

START_TEST(reading_alone_changes_nothing)
{
	struct stat before, after;
	struct buf one, two;
	struct error err;
	struct arena *a = arena_new();
	struct site_summary summary;

	site_setup();
	one = site_sample_bytes();
	ck_assert_int_eq(stat(site_folder, &before), 0);
	sitefile_close(site_opened(true));
	sitefile_summary(site_path, a, &summary);
	ck_assert_int_eq(stat(site_folder, &after), 0);
	ck_assert(memcmp(&before.st_mtim, &after.st_mtim,
		      sizeof before.st_mtim) == 0);
	buf_init(&two, 1 << 24);
	ck_assert_int_eq(file_read(site_path, 1 << 24, &two, &err), 0);
	ck_assert_uint_eq(one.len, two.len);
	ck_assert_int_eq(memcmp(one.data, two.data, one.len), 0);
	buf_free(&one);
	buf_free(&two);
	arena_free(a);
	site_cleanup();
}
END_TEST

START_TEST(summary_tells_a_site_in_one_line)
{
	struct arena *a = arena_new();
	struct record *r = site_stored_sample();
	struct site_summary s;
	struct sitefile *f;

	site_setup();
	f = site_created();
	site_save_sample(f, r);
	sitefile_summary(site_path, a, &s);
	ck_assert_ptr_nonnull(strstr(s.problem, "open in another"));
	sitefile_close(f);
	sitefile_summary(site_path, a, &s);
	ck_assert_ptr_null(s.problem);
	ck_assert_str_eq(s.name, r->site.name);
	ck_assert_int_eq(s.last_run_us, SAMPLE_START_US);
	ck_assert(s.complete);
	ck_assert_uint_eq(s.nproducts, 2);
	unlink(site_path);
	sitefile_summary(site_path, a, &s);
	ck_assert_ptr_nonnull(s.problem);
	ck_assert_str_eq(s.name, "");
	record_free(r);
	arena_free(a);
	site_cleanup();
}
END_TEST

/* At 40 results a second each has 25 ms; writing may take little of that,
 * even in this build with sanitizers. */
START_TEST(saving_a_result_does_not_hold_up_the_rest)
{
	struct record *r = record_new();
	struct sitefile *f;
	int64_t start;

	site_setup();
	f = site_created();
	start = clock_mono_us();
	site_save_run(f, r, 1, 400);
	ck_assert_int_lt((clock_mono_us() - start) / 400, 5000);
	sitefile_close(f);
	record_free(r);
	site_cleanup();
}
END_TEST

/* What was typed and is no answer yet stands in the place. */
START_TEST(a_place_that_would_not_come_back_is_refused)
{
	static const size_t sizes[] = {60000, 65536, 65537, 200000};
	struct arena *a = arena_new();
	struct sitefile *f;
	struct error err = {0};
	char *place, *kept;
	size_t i;
	int rc;

	site_setup();
	for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		place = arena_alloc(a, sizes[i] + 1);
		memset(place, 'x', sizes[i]);
		place[sizes[i]] = '\0';
		f = i == 0 ? site_created() : site_opened(false);
		rc = sitefile_save_place(f, place, &err);
		sitefile_close(f);
		f = site_opened(true);
		kept = sitefile_place(f, a);
		if (rc == 0)
			ck_assert_str_eq(kept, place);
		else
			ck_assert_uint_eq(strlen(kept), 65536);
		sitefile_close(f);
	}
	ck_assert_int_eq(rc, -1);
	ck_assert_int_eq(err.code, ERR_INPUT);
	arena_free(a);
	site_cleanup();
}
END_TEST

HARNESS("record sitefile", everything_saved_is_loaded_again,
    a_new_file_is_an_empty_site, answers_change_and_are_forgotten_in_place,
    emptied_entries_are_forgotten, last_run_counts_and_earlier_ones_stay,
    unfinished_probes_can_be_told, a_second_program_is_told_that_it_is_open,
    another_program_with_sqlite_is_noticed, reading_alone_changes_nothing,
    summary_tells_a_site_in_one_line, saving_a_result_does_not_hold_up_the_rest,
    a_place_that_would_not_come_back_is_refused)
