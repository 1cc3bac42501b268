/* SPDX-License-Identifier: MIT */
/* Promises of the site file: what was saved is there again, and a file that
 * is not ours, or not whole, or not free, says so. */
#include "tests/unit/harness.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/record/json.h"
#include "core/record/sitefile.h"
#include "tests/unit/sample_record.h"

/* A folder of its own for each test, with room for a file name behind. */
static char folder[64];
static char path[128];

static void
setup(void)
{
	snprintf(folder, sizeof folder, "/tmp/sitewalk-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/a %%site?#.sitewalk", folder);
}

static void
cleanup(void)
{
	static const char *const names[] = {"", "-wal", "-journal", "-shm"};
	char name[160];
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(name, sizeof name, "%s%s", path, names[i]);
		unlink(name);
	}
	/* Fails when anything else was left lying about. */
	ck_assert_int_eq(rmdir(folder), 0);
}

static struct sitefile *
created(void)
{
	struct error err = {0};
	struct sitefile *f = sitefile_create(path, &err);

	ck_assert_msg(f != NULL, "%s", err.what);
	return f;
}

static struct sitefile *
opened(bool read_only)
{
	struct error err = {0};
	struct sitefile *f = sitefile_open(path, read_only, &err);

	ck_assert_msg(f != NULL, "%s", err.what);
	return f;
}

static struct record *
loaded(struct sitefile *f)
{
	struct error err = {0};
	struct record *r = sitefile_load(f, &err);

	ck_assert_msg(r != NULL, "%s", err.what);
	return r;
}

static void
refused(bool read_only, enum error_code code, const char *needle)
{
	struct error err = {0};
	struct sitefile *f = sitefile_open(path, read_only, &err);

	ck_assert_msg(f == NULL, "opened, though %s", needle);
	ck_assert_int_eq(err.code, code);
	ck_assert_msg(strstr(err.what, needle) != NULL, "%s", err.what);
	ck_assert_str_eq(err.where, path);
	ck_assert_int_gt(strlen(err.hint), 0);
}

static void
write_file(const void *data, size_t len)
{
	struct error err;

	ck_assert_int_eq(file_write_atomic(path, data, len, &err), 0);
}

static void
save_run(struct sitefile *f, struct record *r, int first, int count)
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

static void
save_sample(struct sitefile *f, struct record *r)
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

static char *
as_json(const struct record *r)
{
	json_t *j = record_to_json(r);
	struct buf out;

	buf_init(&out, 1 << 24);
	json_write(j, &out);
	json_decref(j);
	return buf_take(&out);
}

/* The sample without what is computed and never stored. */
static struct record *
stored_sample(void)
{
	struct record *r = sample_record();

	record_clear_judgement(r);
	return r;
}

START_TEST(everything_saved_is_loaded_again)
{
	struct record *r = stored_sample(), *again;
	char *first = as_json(r), *second;
	struct arena *a = arena_new();
	struct sitefile *f;
	bool read_only;
	int i;

	setup();
	f = created();
	save_sample(f, r);
	sitefile_close(f);
	for (i = 0; i < 2; i++) {
		read_only = i == 1;
		f = opened(read_only);
		again = loaded(f);
		second = as_json(again);
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
	cleanup();
}
END_TEST

START_TEST(a_new_file_is_an_empty_site)
{
	struct arena *a = arena_new();
	struct sitefile *f;
	struct record *r;

	setup();
	f = created();
	r = loaded(f);
	ck_assert_str_eq(r->site.name, "");
	ck_assert_int_eq(r->started_us, 0);
	ck_assert_uint_eq(r->products.count, 0);
	ck_assert_ptr_null(sitefile_place(f, a));
	ck_assert_str_eq(sitefile_path(f), path);
	record_free(r);
	sitefile_close(f);
	arena_free(a);
	cleanup();
}
END_TEST

START_TEST(answers_change_and_are_forgotten_in_place)
{
	struct sitefile *f;
	struct record *r;
	struct error err;

	setup();
	f = created();
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "a", "1", &err), 0);
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "b", "2", &err), 0);
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "c", "3", &err), 0);
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "a", "4", &err), 0);
	ck_assert_int_eq(sitefile_save_answer(f, "z5", "b", NULL, &err), 0);
	sitefile_close(f);
	f = opened(false);
	r = loaded(f);
	ck_assert_uint_eq(r->nanswers, 2);
	ck_assert_str_eq(r->answers[0].question, "a");
	ck_assert_str_eq(r->answers[0].value, "4");
	ck_assert_str_eq(record_answer(r, "z5", "c"), "3");
	record_free(r);
	sitefile_close(f);
	cleanup();
}
END_TEST

START_TEST(emptied_entries_are_forgotten)
{
	struct record *r = stored_sample(), *again;
	struct sitefile *f;
	struct error err;

	setup();
	f = created();
	save_sample(f, r);
	r->equipment[0].value[0] = '\0';
	r->attestations[0].answer[0] = '\0';
	r->deviations[0].owner[0] = '\0';
	r->deviations[0].reason[0] = '\0';
	ck_assert_int_eq(sitefile_save_equipment(f, r->equipment, &err), 0);
	ck_assert_int_eq(sitefile_save_attestation(f, r->attestations, &err),
	    0);
	ck_assert_int_eq(sitefile_save_deviation(f, r->deviations, &err), 0);
	again = loaded(f);
	ck_assert_uint_eq(again->nequipment, 0);
	ck_assert_uint_eq(again->nattestations, 0);
	ck_assert_uint_eq(again->ndeviations, 0);
	record_free(again);
	record_free(r);
	sitefile_close(f);
	cleanup();
}
END_TEST

START_TEST(last_run_counts_and_earlier_ones_stay)
{
	struct record *r = record_new(), *again;
	struct sitefile *f;
	struct error err;
	sqlite3_stmt *s;
	sqlite3 *db;

	setup();
	f = created();
	save_run(f, r, 1, 5);
	ck_assert_int_eq(sitefile_run_end(f, SAMPLE_START_US, true, &err), 0);
	save_run(f, r, 100, 3);
	again = loaded(f);
	ck_assert_uint_eq(again->nobservations, 3);
	ck_assert_uint_eq(again->observations[0].port, 100);
	ck_assert_str_eq(again->observations[2].id, "o3");
	ck_assert(!again->complete);
	ck_assert_int_eq(again->ended_us, 0);
	record_free(again);
	record_free(r);
	sitefile_close(f);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_prepare_v2(db, "SELECT count(*) FROM observation", -1, &s,
	    NULL);
	ck_assert_int_eq(sqlite3_step(s), SQLITE_ROW);
	ck_assert_int_eq(sqlite3_column_int(s, 0), 8);
	sqlite3_finalize(s);
	sqlite3_close(db);
	cleanup();
}
END_TEST

START_TEST(unfinished_probes_can_be_told)
{
	struct record *r = record_new();
	struct strlist keys = {0};
	struct observation o;
	struct sitefile *f;
	struct error err;

	setup();
	f = created();
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
	f = opened(true);
	ck_assert_uint_eq(sitefile_unfinished(f, r->arena, &keys), 2);
	ck_assert_str_eq(keys.item[0], "dns b");
	ck_assert_str_eq(keys.item[1], "tcp tcp a.example:44");
	sitefile_close(f);
	record_free(r);
	cleanup();
}
END_TEST

START_TEST(a_second_program_is_told_that_it_is_open)
{
	struct sitefile *f, *one, *two;

	setup();
	f = created();
	refused(false, ERR_BUSY, "open in another");
	refused(true, ERR_BUSY, "open in another");
	sitefile_close(f);
	one = opened(true);
	two = opened(true);
	refused(false, ERR_BUSY, "open in another");
	sitefile_close(one);
	sitefile_close(two);
	sitefile_close(opened(false));
	cleanup();
}
END_TEST

START_TEST(another_program_with_sqlite_is_noticed)
{
	struct sitefile *f;
	sqlite3 *db;

	setup();
	f = created();
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "DELETE FROM answer", NULL, NULL,
			     NULL),
	    SQLITE_BUSY);
	sqlite3_close(db);
	sitefile_close(f);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE",
	    NULL, NULL, NULL);
	refused(false, ERR_BUSY, "Another program");
	sqlite3_close(db);
	cleanup();
}
END_TEST

START_TEST(an_existing_file_is_never_overwritten)
{
	struct error err;

	setup();
	write_file("precious", 8);
	ck_assert_ptr_null(sitefile_create(path, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.what, "already"));
	refused(false, ERR_INPUT, "not a site file");
	cleanup();
}
END_TEST

START_TEST(what_is_no_site_file_says_so)
{
	struct error err;

	setup();
	refused(false, ERR_INPUT, "no such site file");
	write_file("", 0);
	refused(false, ERR_INPUT, "is empty");
	refused(true, ERR_INPUT, "is empty");
	write_file("SQLite for", 10);
	refused(false, ERR_INPUT, "part of the site file is missing");
	write_file("%PDF-1.4 and a lot of other things", 34);
	refused(true, ERR_INPUT, "not a site file");
	unlink(path);
	ck_assert_int_eq(mkdir(path, 0777), 0);
	refused(false, ERR_INPUT, "is a folder");
	refused(true, ERR_INPUT, "is a folder");
	rmdir(path);
	ck_assert_int_eq(mkfifo(path, 0666), 0);
	refused(true, ERR_INPUT, "not a regular file");
	unlink(path);
	snprintf(path, sizeof path, "%s/none/x.sitewalk", folder);
	ck_assert_ptr_null(sitefile_create(path, &err));
	ck_assert_int_eq(err.code, ERR_INPUT);
	cleanup();
}
END_TEST

START_TEST(a_file_without_permission_says_so)
{
	setup();
	sitefile_close(created());
	chmod(path, 0);
	/* Nothing is forbidden to root. */
	if (geteuid() != 0)
		refused(false, ERR_INPUT, "may not open");
	chmod(path, 0400);
	if (geteuid() != 0)
		refused(false, ERR_INPUT, "may not open");
	sitefile_close(opened(true));
	cleanup();
}
END_TEST

static void
change_with_sqlite(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

START_TEST(foreign_and_newer_databases_say_so)
{
	setup();
	change_with_sqlite("CREATE TABLE t(x)");
	refused(false, ERR_INPUT, "another program");
	unlink(path);
	sitefile_close(created());
	change_with_sqlite("PRAGMA user_version = 2");
	refused(false, ERR_NEWER, "newer version");
	refused(true, ERR_NEWER, "newer version");
	cleanup();
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
		setup();
		sitefile_close(created());
		change_with_sqlite(tricks[i]);
		refused(false, ERR_INPUT, "does not hold what");
		refused(true, ERR_INPUT, "does not hold what");
		cleanup();
	}
}
END_TEST

START_TEST(foreign_values_are_made_harmless)
{
	struct sitefile *f;
	struct record *r;
	struct error err;

	setup();
	sitefile_close(created());
	change_with_sqlite(
	    "INSERT INTO info VALUES('name', 'a' || char(27) || '[31mb');"
	    "INSERT INTO info VALUES('customer', x'ff00fe');"
	    "INSERT INTO answer VALUES(1, NULL, CAST(x'41ff42' AS TEXT));"
	    "INSERT INTO equipment VALUES('p','i','l','v','typed',"
	    " 9223372036854775807);"
	    "INSERT INTO run VALUES(1, -5, 0, 7, '{}');");
	f = opened(true);
	r = loaded(f);
	ck_assert_str_eq(r->site.name, "a\\x1b[31mb");
	ck_assert_str_eq(r->site.customer, "");
	ck_assert_str_eq(r->answers[0].value, "A\\xffB");
	ck_assert_str_eq(r->answers[0].question, "");
	ck_assert_int_eq(r->equipment[0].when_us, 0);
	ck_assert_int_eq(r->started_us, 0);
	record_free(r);
	sitefile_close(f);
	change_with_sqlite(
	    "INSERT INTO observation VALUES(1, 1, 'k', '{\"id\": 5}')");
	f = opened(true);
	ck_assert_ptr_null(sitefile_load(f, &err));
	ck_assert_ptr_nonnull(strstr(err.what, "cannot be understood"));
	sitefile_close(f);
	cleanup();
}
END_TEST

/* Opens what is there, whatever it is; nothing may crash or hang. */
static bool
try_everything(bool read_only)
{
	struct error err = {0};
	struct sitefile *f = sitefile_open(path, read_only, &err);
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
	sitefile_summary(path, a, &summary);
	arena_free(a);
	return f != NULL;
}

static struct buf
sample_bytes(void)
{
	struct record *r = stored_sample();
	struct sitefile *f = created();
	struct error err;
	struct buf data;

	save_sample(f, r);
	save_run(f, r, 1, 40);
	sitefile_close(f);
	record_free(r);
	buf_init(&data, 1 << 24);
	ck_assert_int_eq(file_read(path, 1 << 24, &data, &err), 0);
	return data;
}

START_TEST(a_file_cut_anywhere_is_refused)
{
	struct buf data;
	size_t i;

	setup();
	data = sample_bytes();
	for (i = 0; i < data.len; i += i < 120 ? 1 : 997) {
		write_file(buf_str(&data), i);
		ck_assert_msg(!try_everything(true), "cut at %zu", i);
		ck_assert_msg(!try_everything(false), "cut at %zu", i);
	}
	buf_free(&data);
	cleanup();
}
END_TEST

START_TEST(a_damaged_file_never_crashes)
{
	struct buf data;
	unsigned int seed = 1;
	size_t i, at;

	setup();
	data = sample_bytes();
	for (i = 0; i < 400; i++) {
		char old[4];

		at = (size_t)rand_r(&seed) % (data.len - sizeof old);
		if (i % 2 == 0) /* where the structure is */
			at = at / 4096 * 4096 + at % 120;
		memcpy(old, data.data + at, sizeof old);
		memset(data.data + at, rand_r(&seed), sizeof old);
		write_file(buf_str(&data), data.len);
		try_everything(i % 3 == 0);
		memcpy(data.data + at, old, sizeof old);
	}
	buf_free(&data);
	cleanup();
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

	setup();
	f = created();
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
	f = opened(false);
	again = loaded(f);
	ck_assert_uint_eq(again->nobservations, saved);
	ck_assert_str_eq(record_answer(again, "z5", "b"), "2");
	record_free(again);
	record_free(r);
	sitefile_close(f);
	cleanup();
}
END_TEST

START_TEST(a_full_disk_leaves_no_half_of_a_new_file)
{
	struct error err = {0};

	setup();
	limit_file_size(8192);
	ck_assert_ptr_null(sitefile_create(path, &err));
	ck_assert_int_ne(err.code, ERR_NONE);
	limit_file_size(RLIM_INFINITY);
	ck_assert_int_ne(access(path, F_OK), 0);
	cleanup();
}
END_TEST

/* Writes until it is killed; tells through a pipe what it has saved. */
static void
write_forever(int tell)
{
	struct record *r = record_new();
	struct sitefile *f = sitefile_open(path, false, NULL);
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
	struct sitefile *f = opened(read_only);
	struct record *r = loaded(f);

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

	setup();
	sitefile_close(created());
	for (i = 0; i < 50; i++) {
		saved = write_and_kill((unsigned)rand_r(&seed) % 20000);
		/* Reading alone leaves file and log as they are. */
		if (i % 5 == 0)
			expect_saved(true, saved);
		expect_saved(false, saved);
	}
	cleanup();
}
END_TEST

START_TEST(copy_of_the_one_file_is_a_whole_site)
{
	struct strlist keys = {0};
	struct arena *a = arena_new();
	struct record *r;
	struct sitefile *f;
	char log[160];

	setup();
	f = created();
	r = stored_sample();
	save_sample(f, r);
	sitefile_close(f);
	write_and_kill(1000);
	/* As if only the file had been copied to a USB stick. */
	snprintf(log, sizeof log, "%s-wal", path);
	ck_assert_int_eq(unlink(log), 0);
	f = opened(false);
	record_free(r);
	r = loaded(f);
	ck_assert_uint_eq(r->nattestations, 1);
	ck_assert_int_eq(r->started_us, 1);
	sitefile_unfinished(f, a, &keys);
	record_free(r);
	sitefile_close(f);
	arena_free(a);
	cleanup();
}
END_TEST

START_TEST(log_of_a_deleted_file_is_not_taken_for_ones_own)
{
	struct record *r;
	struct sitefile *f;

	setup();
	sitefile_close(created());
	write_and_kill(1000);
	unlink(path);
	f = created();
	r = loaded(f);
	ck_assert_uint_eq(r->nobservations, 0);
	record_free(r);
	sitefile_close(f);
	cleanup();
}
END_TEST

START_TEST(reading_alone_changes_nothing)
{
	struct stat before, after;
	struct buf one, two;
	struct error err;
	struct arena *a = arena_new();
	struct site_summary summary;

	setup();
	one = sample_bytes();
	ck_assert_int_eq(stat(folder, &before), 0);
	sitefile_close(opened(true));
	sitefile_summary(path, a, &summary);
	ck_assert_int_eq(stat(folder, &after), 0);
	ck_assert(memcmp(&before.st_mtim, &after.st_mtim,
		      sizeof before.st_mtim) == 0);
	buf_init(&two, 1 << 24);
	ck_assert_int_eq(file_read(path, 1 << 24, &two, &err), 0);
	ck_assert_uint_eq(one.len, two.len);
	ck_assert_int_eq(memcmp(one.data, two.data, one.len), 0);
	buf_free(&one);
	buf_free(&two);
	arena_free(a);
	cleanup();
}
END_TEST

START_TEST(summary_tells_a_site_in_one_line)
{
	struct arena *a = arena_new();
	struct record *r = stored_sample();
	struct site_summary s;
	struct sitefile *f;

	setup();
	f = created();
	save_sample(f, r);
	sitefile_summary(path, a, &s);
	ck_assert_ptr_nonnull(strstr(s.problem, "open in another"));
	sitefile_close(f);
	sitefile_summary(path, a, &s);
	ck_assert_ptr_null(s.problem);
	ck_assert_str_eq(s.name, r->site.name);
	ck_assert_int_eq(s.last_run_us, SAMPLE_START_US);
	ck_assert(s.complete);
	ck_assert_uint_eq(s.nproducts, 2);
	unlink(path);
	sitefile_summary(path, a, &s);
	ck_assert_ptr_nonnull(s.problem);
	ck_assert_str_eq(s.name, "");
	record_free(r);
	arena_free(a);
	cleanup();
}
END_TEST

/* At 40 results a second each has 25 ms; writing may take little of that,
 * even in this build with sanitizers. */
START_TEST(saving_a_result_does_not_hold_up_the_rest)
{
	struct record *r = record_new();
	struct sitefile *f;
	int64_t start;

	setup();
	f = created();
	start = clock_mono_us();
	save_run(f, r, 1, 400);
	ck_assert_int_lt((clock_mono_us() - start) / 400, 5000);
	sitefile_close(f);
	record_free(r);
	cleanup();
}
END_TEST

HARNESS("record sitefile", everything_saved_is_loaded_again,
    a_new_file_is_an_empty_site, answers_change_and_are_forgotten_in_place,
    emptied_entries_are_forgotten, last_run_counts_and_earlier_ones_stay,
    unfinished_probes_can_be_told, a_second_program_is_told_that_it_is_open,
    another_program_with_sqlite_is_noticed,
    an_existing_file_is_never_overwritten, what_is_no_site_file_says_so,
    a_file_without_permission_says_so, foreign_and_newer_databases_say_so,
    foreign_tables_are_never_used, foreign_values_are_made_harmless,
    a_file_cut_anywhere_is_refused, a_damaged_file_never_crashes,
    a_full_disk_loses_nothing_that_was_saved,
    a_full_disk_leaves_no_half_of_a_new_file, kill_at_any_moment_loses_nothing,
    copy_of_the_one_file_is_a_whole_site,
    log_of_a_deleted_file_is_not_taken_for_ones_own,
    reading_alone_changes_nothing, summary_tells_a_site_in_one_line,
    saving_a_result_does_not_hold_up_the_rest)
