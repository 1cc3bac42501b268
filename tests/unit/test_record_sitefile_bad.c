/* SPDX-License-Identifier: MIT */
/* Promises of the site file in bad times: a file that is not ours, or not
 * whole, says so; a full disk or a killed program loses nothing. */
#include "tests/unit/harness.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/record/sitefile.h"
#include "tests/unit/sample_record.h"
#include "tests/unit/site_fixture.h"

START_TEST(an_existing_file_is_never_overwritten)
{
	struct error err;

	site_setup();
	site_write("precious", 8);
	ck_assert_ptr_null(sitefile_create(site_path, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.what, "already"));
	site_refused(false, ERR_INPUT, "not a site file");
	site_cleanup();
}
END_TEST

START_TEST(what_is_no_site_file_says_so)
{
	struct error err;

	site_setup();
	site_refused(false, ERR_INPUT, "no such site file");
	site_write("", 0);
	site_refused(false, ERR_INPUT, "is empty");
	site_refused(true, ERR_INPUT, "is empty");
	site_write("SQLite for", 10);
	site_refused(false, ERR_INPUT, "part of the site file is missing");
	site_write("%PDF-1.4 and a lot of other things", 34);
	site_refused(true, ERR_INPUT, "not a site file");
	unlink(site_path);
	ck_assert_int_eq(mkdir(site_path, 0777), 0);
	site_refused(false, ERR_INPUT, "is a folder");
	site_refused(true, ERR_INPUT, "is a folder");
	rmdir(site_path);
	ck_assert_int_eq(mkfifo(site_path, 0666), 0);
	site_refused(true, ERR_INPUT, "not a regular file");
	unlink(site_path);
	snprintf(site_path, sizeof site_path, "%s/none/x.sitewalk",
	    site_folder);
	ck_assert_ptr_null(sitefile_create(site_path, &err));
	ck_assert_int_eq(err.code, ERR_INPUT);
	site_cleanup();
}
END_TEST

START_TEST(a_file_without_permission_says_so)
{
	site_setup();
	sitefile_close(site_created());
	chmod(site_path, 0);
	/* Nothing is forbidden to root. */
	if (geteuid() != 0)
		site_refused(false, ERR_INPUT, "may not open");
	chmod(site_path, 0400);
	if (geteuid() != 0)
		site_refused(false, ERR_INPUT, "may not open");
	sitefile_close(site_opened(true));
	site_cleanup();
}
END_TEST

START_TEST(foreign_and_newer_databases_say_so)
{
	site_setup();
	site_change("CREATE TABLE t(x)");
	site_refused(false, ERR_INPUT, "another program");
	unlink(site_path);
	sitefile_close(site_created());
	site_change("PRAGMA user_version = 4");
	site_refused(false, ERR_NEWER, "newer version");
	site_refused(true, ERR_NEWER, "newer version");
	site_cleanup();
}
END_TEST

START_TEST(foreign_tables_are_never_used)
{
	static const char *const tricks[] = {
	    "CREATE TRIGGER t AFTER INSERT ON answer BEGIN"
	    " DELETE FROM answer; END",
	    "CREATE VIEW v AS SELECT 1",
	    "DROP TABLE answer; CREATE VIEW answer AS"
	    " SELECT 'a' AS product, 'b' AS question, 'c' AS value",
	    "CREATE INDEX i ON answer(value)",
	    "DROP TABLE answer",
	    "CREATE TABLE sneaky(x)",
	};
	size_t i;

	for (i = 0; i < sizeof tricks / sizeof *tricks; i++) {
		site_setup();
		sitefile_close(site_created());
		site_change(tricks[i]);
		site_refused(false, ERR_INPUT, "does not hold what");
		site_refused(true, ERR_INPUT, "does not hold what");
		site_cleanup();
	}
}
END_TEST

START_TEST(foreign_values_are_made_harmless)
{
	struct sitefile *f;
	struct record *r;
	struct error err;

	site_setup();
	sitefile_close(site_created());
	site_change(
	    "INSERT INTO info VALUES('name', 'a' || char(27) || '[31mb');"
	    "INSERT INTO info VALUES('customer', x'ff00fe');"
	    "INSERT INTO answer VALUES(1, NULL, CAST(x'41ff42' AS TEXT));"
	    "INSERT INTO equipment VALUES('p','i','l','v','typed',"
	    " 9223372036854775807);"
	    "INSERT INTO run VALUES(1, -5, 0, 7, '{}');");
	f = site_opened(true);
	r = site_loaded(f);
	ck_assert_str_eq(r->site.name, "a\\x1b[31mb");
	ck_assert_str_eq(r->site.customer, "");
	ck_assert_str_eq(r->answers[0].value, "A\\xffB");
	ck_assert_str_eq(r->answers[0].question, "");
	ck_assert_int_eq(r->equipment[0].when_us, 0);
	ck_assert_int_eq(r->started_us, 0);
	record_free(r);
	sitefile_close(f);
	site_change("INSERT INTO observation VALUES(1, 1, 'k', '{\"id\": 5}')");
	f = site_opened(true);
	ck_assert_ptr_null(sitefile_load(f, &err));
	ck_assert_ptr_nonnull(strstr(err.what, "cannot be understood"));
	sitefile_close(f);
	site_cleanup();
}
END_TEST

/* Opens what is there, whatever it is; nothing may crash or hang. */
static bool
try_everything(bool read_only)
{
	struct error err = {0};
	struct sitefile *f = sitefile_open(site_path, read_only, &err);
	struct arena *a = arena_new();
	struct site_summary summary;
	struct strlist keys = {0};

	if (f == NULL) {
		ck_assert_int_ne(err.code, ERR_NONE);
		ck_assert_int_gt(strlen(err.what), 0);
	} else {
		record_free(sitefile_load(f, &err));
		sitefile_unfinished(f, a, &keys);
		sitefile_close(f);
	}
	sitefile_summary(site_path, a, &summary);
	arena_free(a);
	return f != NULL;
}

START_TEST(a_file_cut_anywhere_is_refused)
{
	struct buf data;
	size_t i;

	site_setup();
	data = site_sample_bytes();
	for (i = 0; i < data.len; i += i < 120 ? 1 : 997) {
		site_write(buf_str(&data), i);
		ck_assert_msg(!try_everything(true), "cut at %zu", i);
		ck_assert_msg(!try_everything(false), "cut at %zu", i);
	}
	buf_free(&data);
	site_cleanup();
}
END_TEST

START_TEST(a_damaged_file_never_crashes)
{
	struct buf data;
	unsigned int seed = 1;
	size_t i, at;

	site_setup();
	data = site_sample_bytes();
	for (i = 0; i < 400; i++) {
		char old[4];

		at = (size_t)rand_r(&seed) % (data.len - sizeof old);
		if (i % 2 == 0) /* where the structure is */
			at = at / 4096 * 4096 + at % 120;
		memcpy(old, data.data + at, sizeof old);
		memset(data.data + at, rand_r(&seed), sizeof old);
		site_write(buf_str(&data), data.len);
		try_everything(i % 3 == 0);
		memcpy(data.data + at, old, sizeof old);
	}
	buf_free(&data);
	site_cleanup();
}
END_TEST

static void
limit_file_size(rlim_t size)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = size;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(a_full_disk_loses_nothing_that_was_saved)
{
	struct record *r = record_new(), *again;
	struct sitefile *f;
	struct error err = {0};
	size_t saved = 0;
	int rc = 0;

	site_setup();
	f = site_created();
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "a", "1", &err), 0);
	ck_assert_int_eq(sitefile_run_begin(f, &r->vantage, 1, &err), 0);
	limit_file_size(500 * 1024);
	while (rc == 0 && saved < 10000) {
		struct observation o = sample_observation(r, "a.example",
		    (uint16_t)saved);

		rc = sitefile_observation(f, &o, &err);
		saved += rc == 0;
	}
	ck_assert_int_eq(rc, -1);
	ck_assert_int_eq(err.code, ERR_FULL);
	ck_assert_ptr_nonnull(strstr(err.what, "no room"));
	ck_assert_uint_gt(saved, 20);
	/* Again and again, also in a transaction of several statements. */
	ck_assert_int_eq(sitefile_save_site(f, &r->site, &err), -1);
	ck_assert_msg(err.code == ERR_FULL, "%s", err.what);
	limit_file_size(RLIM_INFINITY);
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "b", "2", &err), 0);
	sitefile_close(f);
	f = site_opened(false);
	again = site_loaded(f);
	ck_assert_uint_eq(again->nobservations, saved);
	ck_assert_str_eq(record_answer(again, "z5", "b"), "2");
	record_free(again);
	record_free(r);
	sitefile_close(f);
	site_cleanup();
}
END_TEST

START_TEST(an_entry_that_is_too_large_leaves_the_rest_whole)
{
	struct record *r = record_new(), *again;
	char *large = malloc((5 << 20) + 1);
	struct sitefile *f;
	struct error err = {0};

	site_setup();
	f = site_created();
	memset(large, 'x', 5 << 20);
	large[5 << 20] = '\0';
	r->site.name = arena_strdup(r->arena, "New name");
	r->site.notes = large;
	ck_assert_int_eq(sitefile_save_site(f, &r->site, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.what, "too large"));
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "a", "1", &err), 0);
	again = site_loaded(f);
	ck_assert_str_eq(again->site.name, "");
	ck_assert_str_eq(record_answer(again, "z5", "a"), "1");
	record_free(again);
	record_free(r);
	free(large);
	sitefile_close(f);
	site_cleanup();
}
END_TEST

START_TEST(a_full_disk_leaves_no_half_of_a_new_file)
{
	struct error err = {0};

	site_setup();
	limit_file_size(8192);
	ck_assert_ptr_null(sitefile_create(site_path, &err));
	ck_assert_int_ne(err.code, ERR_NONE);
	limit_file_size(RLIM_INFINITY);
	ck_assert_int_ne(access(site_path, F_OK), 0);
	site_cleanup();
}
END_TEST

/* Writes until it is killed; tells through a pipe what it has saved. */
static void
write_forever(int tell)
{
	struct record *r = record_new();
	struct sitefile *f = sitefile_open(site_path, false, NULL);
	uint32_t n;

	if (f == NULL || sitefile_run_begin(f, &r->vantage, 1, NULL) != 0)
		_exit(1);
	for (n = 1;; n++) {
		struct observation o = sample_observation(r, "a.example", 1);

		if (sitefile_probe_started(f, o.key, NULL) != 0 ||
		    sitefile_observation(f, &o, NULL) != 0 ||
		    (n % 16 == 0 &&
			sitefile_save_answer(f, "z5", "a", "1", NULL) != 0) ||
		    write(tell, &n, sizeof n) != sizeof n)
			_exit(1);
	}
}

/* Returns the number of observations that the child knew to be saved. */
static uint32_t
write_and_kill(unsigned delay_us)
{
	int ends[2], status;
	uint32_t saved = 0, n;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		write_forever(ends[1]);
	close(ends[1]);
	/* From the first result on, at a moment that nobody chose. */
	ck_assert_int_eq(read(ends[0], &saved, sizeof saved), sizeof saved);
	usleep(delay_us);
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	while (read(ends[0], &n, sizeof n) == sizeof n)
		saved = n;
	close(ends[0]);
	return saved;
}

static void
expect_saved(bool read_only, uint32_t saved)
{
	struct sitefile *f = site_opened(read_only);
	struct record *r = site_loaded(f);

	ck_assert_uint_ge(r->nobservations, saved);
	ck_assert_uint_le(r->nobservations, saved + 1);
	ck_assert(!r->complete);
	record_free(r);
	sitefile_close(f);
}

START_TEST(kill_at_any_moment_loses_nothing)
{
	unsigned int seed = (unsigned int)getpid();
	uint32_t saved;
	int i;

	site_setup();
	sitefile_close(site_created());
	for (i = 0; i < 50; i++) {
		saved = write_and_kill((unsigned)rand_r(&seed) % 20000);
		/* Reading alone leaves file and log as they are. */
		if (i % 5 == 0)
			expect_saved(true, saved);
		expect_saved(false, saved);
	}
	site_cleanup();
}
END_TEST

START_TEST(copy_of_the_one_file_is_a_whole_site)
{
	struct strlist keys = {0};
	struct arena *a = arena_new();
	struct record *r;
	struct sitefile *f;
	char log[160];

	site_setup();
	f = site_created();
	r = site_stored_sample();
	site_save_sample(f, r);
	sitefile_close(f);
	write_and_kill(1000);
	/* As if only the file had been copied to a USB stick. */
	snprintf(log, sizeof log, "%s-wal", site_path);
	ck_assert_int_eq(unlink(log), 0);
	f = site_opened(false);
	record_free(r);
	r = site_loaded(f);
	ck_assert_uint_eq(r->nattestations, 1);
	ck_assert_int_eq(r->started_us, 1);
	sitefile_unfinished(f, a, &keys);
	record_free(r);
	sitefile_close(f);
	arena_free(a);
	site_cleanup();
}
END_TEST

/* Dies in the middle of a transaction that has reached the file. */
static void
leave_a_journal(void)
{
	static const char sql[] =
	    "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN;"
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    " LIMIT 2000) INSERT INTO info SELECT 'name' || i, i FROM n;"
	    "UPDATE info SET value = hex(randomblob(100));";
	int status;
	pid_t child = fork();
	sqlite3 *db;

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		sqlite3_open(site_path, &db);
		_exit(sqlite3_exec(db, sql, NULL, NULL, NULL));
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

START_TEST(log_of_a_deleted_file_is_not_taken_for_ones_own)
{
	struct sitefile *f;
	struct record *r;
	char log[160];
	int i;

	for (i = 0; i < 2; i++) {
		site_setup();
		snprintf(log, sizeof log, "%s%s", site_path,
		    i == 0 ? "-wal" : "-journal");
		f = site_created();
		r = site_stored_sample();
		site_save_sample(f, r);
		record_free(r);
		sitefile_close(f);
		if (i == 0)
			write_and_kill(1000);
		else
			leave_a_journal();
		ck_assert_int_eq(access(log, F_OK), 0);
		unlink(site_path);
		f = site_created();
		r = site_loaded(f);
		ck_assert_uint_eq(r->nobservations, 0);
		ck_assert_str_eq(r->site.name, "");
		record_free(r);
		sitefile_close(f);
		site_cleanup();
	}
}
END_TEST

HARNESS("record sitefile bad", an_existing_file_is_never_overwritten,
    what_is_no_site_file_says_so, a_file_without_permission_says_so,
    foreign_and_newer_databases_say_so, foreign_tables_are_never_used,
    foreign_values_are_made_harmless, a_file_cut_anywhere_is_refused,
    a_damaged_file_never_crashes, a_full_disk_loses_nothing_that_was_saved,
    an_entry_that_is_too_large_leaves_the_rest_whole,
    a_full_disk_leaves_no_half_of_a_new_file, kill_at_any_moment_loses_nothing,
    copy_of_the_one_file_is_a_whole_site,
    log_of_a_deleted_file_is_not_taken_for_ones_own)
