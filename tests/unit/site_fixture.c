/* SPDX-License-Identifier: MIT */
/* Owns a site file in a folder of its own for one test. */
#include "tests/unit/site_fixture.h"

#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/record/json.h"
#include "tests/unit/sample_record.h"

/* A folder of its own for each test, with room for a file name behind. */
char site_folder[64];
char site_path[128];

void
site_setup(void)
{
	snprintf(site_folder, sizeof site_folder, "/tmp/sitewalk-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(site_folder));
	snprintf(site_path, sizeof site_path, "%s/a %%site?#.sitewalk",
	    site_folder);
}

void
site_cleanup(void)
{
	static const char *const names[] = {"", "-wal", "-journal"};
	char name[160];
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(name, sizeof name, "%s%s", site_path, names[i]);
		unlink(name);
	}
	/* Fails when anything else was left lying about. */
	ck_assert_int_eq(rmdir(site_folder), 0);
}

struct sitefile *
site_created(void)
{
	struct error err = {0};
	struct sitefile *f = sitefile_create(site_path, &err);

	ck_assert_msg(f != NULL, "%s", err.what);
	return f;
}

struct sitefile *
site_opened(bool read_only)
{
	struct error err = {0};
	struct sitefile *f = sitefile_open(site_path, read_only, &err);

	ck_assert_msg(f != NULL, "%s", err.what);
	return f;
}

struct record *
site_loaded(struct sitefile *f)
{
	struct error err = {0};
	struct record *r = sitefile_load(f, &err);

	ck_assert_msg(r != NULL, "%s", err.what);
	return r;
}

void
site_refused(bool read_only, enum error_code code, const char *needle)
{
	struct error err = {0};
	struct sitefile *f = sitefile_open(site_path, read_only, &err);

	ck_assert_msg(f == NULL, "opened, though %s", needle);
	ck_assert_int_eq(err.code, code);
	ck_assert_msg(strstr(err.what, needle) != NULL, "%s", err.what);
	ck_assert_str_eq(err.where, site_path);
	ck_assert_int_gt(strlen(err.hint), 0);
}

void
site_write(const void *data, size_t len)
{
	struct error err;

	ck_assert_int_eq(file_write_atomic(site_path, data, len, &err), 0);
}

void
site_save_run(struct sitefile *f, struct record *r, int first, int count)
{
	struct error err;
	int i;

	ck_assert_int_eq(sitefile_run_begin(f, &r->vantage, SAMPLE_START_US,
			     &err),
	    0);
	for (i = first; i < first + count; i++) {
		struct observation o = sample_observation(r, "a.example",
		    (uint16_t)i);

		ck_assert_int_eq(sitefile_probe_started(f, o.key, &err), 0);
		ck_assert_int_eq(sitefile_observation(f, &o, &err), 0);
	}
}

void
site_save_sample(struct sitefile *f, struct record *r)
{
	struct error err;
	size_t i;

	ck_assert_int_eq(sitefile_save_site(f, &r->site, &err), 0);
	ck_assert_int_eq(sitefile_save_products(f, &r->products, &err), 0);
	for (i = 0; i < r->nanswers; i++)
		ck_assert_int_eq(sitefile_save_answer(f, r->answers[i].product,
				     r->answers[i].question,
				     r->answers[i].value, &err),
		    0);
	ck_assert_int_eq(sitefile_save_equipment(f, r->equipment, &err), 0);
	ck_assert_int_eq(sitefile_save_attestation(f, r->attestations, &err),
	    0);
	ck_assert_int_eq(sitefile_save_deviation(f, r->deviations, &err), 0);
	ck_assert_int_eq(sitefile_save_declaration(f, r->declarations, &err),
	    0);
	ck_assert_int_eq(sitefile_save_place(f, "run", &err), 0);
	ck_assert_int_eq(sitefile_run_begin(f, &r->vantage, r->started_us,
			     &err),
	    0);
	for (i = 0; i < r->nobservations; i++)
		ck_assert_int_eq(sitefile_observation(f, &r->observations[i],
				     &err),
		    0);
	ck_assert_int_eq(sitefile_run_end(f, r->ended_us, r->complete, &err),
	    0);
}

char *
site_as_json(const struct record *r)
{
	json_t *j = record_to_json(r);
	struct buf out;

	buf_init(&out, 1 << 24);
	json_write(j, &out);
	json_decref(j);
	return buf_take(&out);
}

/* The sample without what is computed and never stored. */
struct record *
site_stored_sample(void)
{
	struct record *r = sample_record();

	record_clear_judgement(r);
	return r;
}

struct buf
site_sample_bytes(void)
{
	struct record *r = site_stored_sample();
	struct sitefile *f = site_created();
	struct error err;
	struct buf data;

	site_save_sample(f, r);
	site_save_run(f, r, 1, 40);
	sitefile_close(f);
	record_free(r);
	buf_init(&data, 1 << 24);
	ck_assert_int_eq(file_read(site_path, 1 << 24, &data, &err), 0);
	return data;
}

void
site_change(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(site_path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}
