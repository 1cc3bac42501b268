/* SPDX-License-Identifier: MIT */
/* Promises of what is measured again, in the site file and as JSON: the later
 * one is in its place, the earlier one is kept, whatever ends the program. */
#include "tests/unit/harness.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/record/json.h"
#include "core/record/sitefile.h"
#include "tests/unit/sample_record.h"
#include "tests/unit/site_fixture.h"

#define MINUTE_US INT64_C(60000000)
#define AGAIN_US (SAMPLE_START_US + 60 * MINUTE_US)

static struct observation
seen(struct record *r, const char *id, uint16_t port, enum cause failure)
{
	struct observation o = sample_observation(r, "a.example", port);

	o.id = arena_strdup(r->arena, id);
	o.failure = failure;
	if (observation_number(&o) > 2)
		o.started_us = AGAIN_US;
	return o;
}

static void
save(struct sitefile *f, struct record *r, const char *id, uint16_t port,
    enum cause failure)
{
	struct observation o = seen(r, id, port, failure);
	struct error err;

	ck_assert_int_eq(sitefile_probe_started(f, o.key, &err), 0);
	ck_assert_int_eq(sitefile_observation(f, &o, &err), 0);
}

/* o1 failed, o2 is good. */
static struct sitefile *
with_run(struct record *r)
{
	struct sitefile *f = site_created();
	struct error err;

	ck_assert_int_eq(sitefile_run_begin(f, &r->vantage, SAMPLE_START_US,
			     &err),
	    0);
	save(f, r, "o1", 1, CAUSE_TCP_TIMEOUT);
	save(f, r, "o2", 2, CAUSE_NONE);
	ck_assert_int_eq(sitefile_run_end(f, SAMPLE_START_US + MINUTE_US, true,
			     &err),
	    0);
	return f;
}

static void
begin_retry(struct sitefile *f, struct record *r)
{
	struct error err;

	ck_assert_int_eq(sitefile_retry_begin(f, &r->vantage, AGAIN_US, &err),
	    0);
}

static void
replace(struct sitefile *f, const char *older, const char *newer)
{
	struct error err;

	ck_assert_int_eq(sitefile_replaced(f, older, newer, &err), 0);
}

static void
end_retry(struct sitefile *f, bool complete, bool whole)
{
	struct error err;

	ck_assert_int_eq(sitefile_retry_end(f, AGAIN_US + MINUTE_US, complete,
			     whole, &err),
	    0);
}

static void
holds(const struct record *r, const char *judged, const char *earlier)
{
	char a[64] = "", b[64] = "";
	size_t i;

	for (i = 0; i < r->nobservations; i++)
		strncat(a, r->observations[i].id, 8);
	for (i = 0; i < r->nearlier; i++)
		strncat(b, r->earlier[i].id, 8);
	ck_assert_str_eq(a, judged);
	ck_assert_str_eq(b, earlier);
}

/* By reading alone, and by opening it for work. */
static void
file_holds(const char *judged, const char *earlier, int64_t ended_us,
    bool complete)
{
	struct site_summary summary;
	struct sitefile *f;
	struct record *r;
	struct arena *a = arena_new();
	int i;

	for (i = 0; i < 2; i++) {
		sitefile_summary(site_path, a, &summary);
		ck_assert_ptr_null(summary.problem);
		ck_assert_int_eq(summary.last_run_us, SAMPLE_START_US);
		ck_assert_int_eq(summary.complete, complete);
		f = site_opened(i == 0);
		r = site_loaded(f);
		holds(r, judged, earlier);
		ck_assert_int_eq(r->started_us, SAMPLE_START_US);
		ck_assert_int_eq(r->ended_us, ended_us);
		ck_assert_int_eq(r->complete, complete);
		record_free(r);
		sitefile_close(f);
	}
	arena_free(a);
}

START_TEST(a_retry_stands_in_the_place_of_what_it_measured_again)
{
	struct record *r = record_new(), *again;
	struct sitefile *f;
	struct error err;
	char *id;

	site_setup();
	f = with_run(r);
	begin_retry(f, r);
	replace(f, "o1", "o3");
	save(f, r, "o3", 1, CAUSE_NONE);
	end_retry(f, true, true);
	sitefile_close(f);
	file_holds("o2o3", "o1", AGAIN_US + MINUTE_US, true);
	/* And a second one, of another program. */
	f = site_opened(false);
	again = site_loaded(f);
	id = record_next_id(again, r->arena);
	ck_assert_str_eq(id, "o4");
	ck_assert_int_eq(again->earlier[0].failure, CAUSE_TCP_TIMEOUT);
	ck_assert_uint_gt(again->earlier[0].nattempts, 0);
	begin_retry(f, r);
	replace(f, "o3", "o4");
	save(f, r, "o4", 1, CAUSE_TCP_RESET);
	end_retry(f, true, true);
	sitefile_close(f);
	record_free(again);
	file_holds("o2o4", "o1o3", AGAIN_US + MINUTE_US, true);
	/* A whole run begins afresh. */
	f = site_opened(false);
	ck_assert_int_eq(sitefile_run_begin(f, &r->vantage, SAMPLE_START_US,
			     &err),
	    0);
	save(f, r, "o1", 1, CAUSE_NONE);
	sitefile_close(f);
	file_holds("o1", "", 0, false);
	record_free(r);
	site_cleanup();
}
END_TEST

START_TEST(what_a_retry_adds_makes_a_run_whole)
{
	struct record *r = record_new();
	struct sitefile *f;
	struct error err;

	site_setup();
	f = with_run(r);
	ck_assert_int_eq(sitefile_run_end(f, SAMPLE_START_US + MINUTE_US, false,
			     &err),
	    0);
	begin_retry(f, r);
	save(f, r, "o3", 3, CAUSE_NONE);
	end_retry(f, true, true);
	sitefile_close(f);
	file_holds("o1o2o3", "", AGAIN_US + MINUTE_US, true);
	record_free(r);
	site_cleanup();
}
END_TEST

START_TEST(a_retry_belongs_to_a_run)
{
	struct record *r = record_new();
	struct sitefile *f;
	struct error err = {0};

	site_setup();
	f = site_created();
	ck_assert_int_eq(sitefile_retry_begin(f, &r->vantage, 1, &err), -1);
	ck_assert_int_eq(sitefile_replaced(f, "o1", "o2", &err), -1);
	ck_assert_int_eq(sitefile_retry_end(f, 1, true, true, &err), -1);
	sitefile_close(f);
	record_free(r);
	site_cleanup();
}
END_TEST

/* Cancelled, or of another network: it is evidence, and takes no place. */
START_TEST(what_says_nothing_takes_no_place)
{
	struct record *r = record_new();
	struct observation o;
	struct sitefile *f;
	struct error err;

	site_setup();
	f = with_run(r);
	begin_retry(f, r);
	replace(f, "o1", "o3");
	save(f, r, "o3", 1, CAUSE_CANCELLED);
	replace(f, "o2", "o4");
	save(f, r, "o4", 2, CAUSE_NONE);
	/* Told a second time: withdrawn. */
	o = seen(r, "o4", 2, CAUSE_NETWORK_CHANGED);
	ck_assert_int_eq(sitefile_observation(f, &o, &err), 0);
	end_retry(f, false, true);
	sitefile_close(f);
	file_holds("o1o2", "o3o4", AGAIN_US + MINUTE_US, true);
	record_free(r);
	site_cleanup();
}
END_TEST

/* How far a program has come that is killed in the middle of a retry. */
enum step { BEGUN, STARTED, REPLACED, SEEN, NSTEPS };

static void
retry_until(enum step step)
{
	struct record *r = record_new();
	struct sitefile *f = site_opened(false);
	struct observation o = seen(r, "o3", 1, CAUSE_NONE);
	struct error err;

	if (sitefile_retry_begin(f, &r->vantage, AGAIN_US, &err) != 0 ||
	    (step >= STARTED && sitefile_probe_started(f, o.key, &err) != 0) ||
	    (step >= REPLACED && sitefile_replaced(f, "o1", "o3", &err) != 0) ||
	    (step >= SEEN && sitefile_observation(f, &o, &err) != 0))
		_exit(1);
	kill(getpid(), SIGKILL);
}

START_TEST(a_kill_in_the_middle_costs_what_was_on_its_way)
{
	struct strlist keys;
	struct record *r;
	struct sitefile *f;
	enum step step;
	int status;
	pid_t pid;

	for (step = BEGUN; step < NSTEPS; step++) {
		r = record_new();
		site_setup();
		sitefile_close(with_run(r));
		pid = fork();
		ck_assert_int_ge(pid, 0);
		if (pid == 0)
			retry_until(step);
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		if (step < SEEN)
			file_holds("o1o2", "", SAMPLE_START_US + MINUTE_US,
			    true);
		else
			file_holds("o2o3", "o1", AGAIN_US + 25011, true);
		f = site_opened(false);
		memset(&keys, 0, sizeof keys);
		ck_assert_uint_eq(sitefile_unfinished(f, r->arena, &keys),
		    step == STARTED || step == REPLACED);
		/* The next one counts on from what is there. */
		begin_retry(f, r);
		replace(f, step < SEEN ? "o1" : "o3",
		    step < SEEN ? "o3" : "o4");
		save(f, r, step < SEEN ? "o3" : "o4", 1, CAUSE_NONE);
		end_retry(f, true, true);
		sitefile_close(f);
		file_holds(step < SEEN ? "o2o3" : "o2o4",
		    step < SEEN ? "o1" : "o1o3", AGAIN_US + MINUTE_US, true);
		record_free(r);
		site_cleanup();
	}
}
END_TEST

/* --- files of the version before --- */

/* Exactly its tables: what is newer was only added. */
static void
make_old(void)
{
	site_change("PRAGMA journal_mode = DELETE; DROP TABLE retry;"
		    "DROP TABLE replaced; DROP TABLE edition;"
		    "DELETE FROM info WHERE name = 'secret';"
		    "PRAGMA user_version = 1; VACUUM");
}

static struct buf
bytes(void)
{
	struct error err;
	struct buf b;

	buf_init(&b, 1 << 24);
	ck_assert_int_eq(file_read(site_path, 1 << 24, &b, &err), 0);
	return b;
}

START_TEST(an_older_file_is_read_and_not_touched)
{
	struct record *r = site_stored_sample(), *again;
	char *first = site_as_json(r), *second;
	struct buf before, after;
	struct sitefile *f;
	struct arena *a = arena_new();

	site_setup();
	f = site_created();
	site_save_sample(f, r);
	sitefile_close(f);
	make_old();
	before = bytes();
	f = site_opened(true);
	again = site_loaded(f);
	second = site_as_json(again);
	ck_assert_str_eq(first, second);
	ck_assert_str_eq(sitefile_place(f, a), "run");
	sitefile_close(f);
	after = bytes();
	ck_assert_uint_eq(before.len, after.len);
	ck_assert_int_eq(memcmp(before.data, after.data, before.len), 0);
	buf_free(&before);
	buf_free(&after);
	free(first);
	free(second);
	record_free(again);
	record_free(r);
	arena_free(a);
	site_cleanup();
}
END_TEST

START_TEST(an_older_file_that_is_opened_for_work_keeps_everything)
{
	struct record *r = site_stored_sample(), *again;
	char *first = site_as_json(r), *second;
	struct sitefile *f;
	int i;

	site_setup();
	f = site_created();
	site_save_sample(f, r);
	sitefile_close(f);
	make_old();
	for (i = 0; i < 2; i++) {
		f = site_opened(false);
		again = site_loaded(f);
		second = site_as_json(again);
		ck_assert_str_eq(first, second);
		free(second);
		record_free(again);
		sitefile_close(f);
	}
	free(first);
	record_free(r);
	site_cleanup();
}
END_TEST

START_TEST(an_older_file_takes_a_retry)
{
	struct record *r = record_new();
	struct sitefile *f;

	site_setup();
	sitefile_close(with_run(r));
	make_old();
	f = site_opened(false);
	begin_retry(f, r);
	replace(f, "o1", "o3");
	save(f, r, "o3", 1, CAUSE_NONE);
	end_retry(f, true, true);
	sitefile_close(f);
	file_holds("o2o3", "o1", AGAIN_US + MINUTE_US, true);
	record_free(r);
	site_cleanup();
}
END_TEST

/* The new tables stand in the log alone when the program is killed. */
START_TEST(a_kill_right_after_the_change_of_version_costs_nothing)
{
	struct record *r = record_new();
	struct sitefile *f;
	int status;
	pid_t pid;

	site_setup();
	sitefile_close(with_run(r));
	make_old();
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		f = site_opened(false);
		(void)f;
		kill(getpid(), SIGKILL);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	file_holds("o1o2", "", SAMPLE_START_US + MINUTE_US, true);
	record_free(r);
	site_cleanup();
}
END_TEST

START_TEST(tables_of_another_version_are_not_used)
{
	struct record *r = record_new();

	site_setup();
	sitefile_close(with_run(r));
	site_change("PRAGMA user_version = 1");
	site_refused(false, ERR_INPUT, "does not hold what this program");
	site_refused(true, ERR_INPUT, "does not hold what this program");
	site_change("PRAGMA user_version = 0");
	site_refused(false, ERR_INPUT, "damaged");
	record_free(r);
	site_cleanup();
}
END_TEST

/* --- JSON --- */

static struct record *
parsed(json_t *j)
{
	char *text = json_dumps(j, 0);
	struct error err = {0};
	struct record *r;

	ck_assert_ptr_nonnull(text);
	r = record_from_json(text, strlen(text), &err);
	free(text);
	return r;
}

START_TEST(json_keeps_what_was_measured_before)
{
	struct record *r = sample_record(), *again;
	struct observation o;
	char *first, *second;
	json_t *j;

	o = seen(r, "o77", 1, CAUSE_TCP_TIMEOUT);
	record_add_observation(r, &o);
	json_decref(o.detail);
	o = seen(r, "o78", 1, CAUSE_NONE);
	record_add_observation(r, &o);
	json_decref(o.detail);
	record_replace(r, "o77", "o78");
	ck_assert_uint_eq(r->nearlier, 1);
	j = record_to_json(r);
	ck_assert_uint_eq(json_array_size(json_object_get(j, "earlier")), 1);
	again = parsed(j);
	ck_assert_ptr_nonnull(again);
	ck_assert_str_eq(again->earlier[0].id, "o77");
	ck_assert_str_eq(record_next_id(again, again->arena), "o79");
	first = site_as_json(r);
	second = site_as_json(again);
	ck_assert_str_eq(first, second);
	record_free(again);
	/* Handovers of before have none. */
	json_object_del(j, "earlier");
	again = parsed(j);
	ck_assert_ptr_nonnull(again);
	ck_assert_uint_eq(again->nearlier, 0);
	record_free(again);
	/* And a stranger's may hold anything. */
	json_object_set_new(j, "earlier", json_string("o1"));
	ck_assert_ptr_null(parsed(j));
	json_decref(j);
	free(first);
	free(second);
	record_free(r);
}
END_TEST

START_TEST(numbers_are_never_used_twice)
{
	static const char *const ids[] = {"o3", "x", "o999999999999", "o0", ""};
	struct record *r = record_new();
	struct observation o;
	size_t i;

	ck_assert_str_eq(record_next_id(r, r->arena), "o1");
	for (i = 0; i < sizeof ids / sizeof *ids; i++) {
		o = seen(r, ids[i], (uint16_t)i, CAUSE_NONE);
		record_add_observation(r, &o);
		json_decref(o.detail);
		ck_assert_str_eq(record_next_id(r, r->arena), "o4");
	}
	/* Of what is not there nothing is moved. */
	record_replace(r, "o3", "o77");
	record_replace(r, "o77", "o3");
	ck_assert_uint_eq(r->nearlier, 0);
	record_replace(r, "o3", "x");
	ck_assert_uint_eq(r->nearlier, 1);
	ck_assert_str_eq(record_next_id(r, r->arena), "o4");
	record_restore(r, "o3");
	ck_assert_uint_eq(r->nearlier, 0);
	ck_assert_uint_eq(r->nobservations, 5);
	record_free(r);
}
END_TEST

HARNESS("record retry", a_retry_stands_in_the_place_of_what_it_measured_again,
    what_a_retry_adds_makes_a_run_whole, a_retry_belongs_to_a_run,
    what_says_nothing_takes_no_place,
    a_kill_in_the_middle_costs_what_was_on_its_way,
    an_older_file_is_read_and_not_touched,
    an_older_file_that_is_opened_for_work_keeps_everything,
    an_older_file_takes_a_retry,
    a_kill_right_after_the_change_of_version_costs_nothing,
    tables_of_another_version_are_not_used, json_keeps_what_was_measured_before,
    numbers_are_never_used_twice)
