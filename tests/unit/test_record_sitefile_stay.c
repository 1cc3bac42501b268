/* SPDX-License-Identifier: MIT */
/* Promises of a site file that somebody takes away while it is open: what was
 * saved before and what comes after is in a file with a name. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/record/sitefile.h"
#include "tests/unit/sample_record.h"
#include "tests/unit/site_fixture.h"

#define OTHER "this belongs to somebody else"

struct told {
	int count;
	bool lost; /* without a place, the last time */
	char path[256];
	char sentence[1024];
};

static void
on_moved(void *arg, const char *path, const char *sentence)
{
	struct told *t = arg;

	t->count++;
	t->lost = path == NULL;
	snprintf(t->path, sizeof t->path, "%s", path == NULL ? "" : path);
	snprintf(t->sentence, sizeof t->sentence, "%s", sentence);
}

static void
answer(struct sitefile *f, const char *question, const char *value)
{
	struct error err = {0};

	ck_assert_msg(sitefile_save_answer(f, "z5", question, value, &err) == 0,
	    "%s", err.what);
}

/* A site with one answer, watched. */
static struct sitefile *
site_watched(struct told *t)
{
	struct sitefile *f;

	memset(t, 0, sizeof *t);
	site_setup();
	f = site_created();
	sitefile_on_moved(f, on_moved, t);
	answer(f, "before", "1");
	return f;
}

/* In the folder of the test. */
static const char *
beside(char out[256], const char *name)
{
	snprintf(out, 256, "%s/%s", site_folder, name);
	return out;
}

static void
holds(const char *path, const char *before, const char *after)
{
	struct error err = {0};
	struct sitefile *f = sitefile_open(path, true, &err);
	struct record *r;

	ck_assert_msg(f != NULL, "%s: %s", path, err.what);
	r = site_loaded(f);
	ck_assert_str_eq(record_answer(r, "z5", "before"), before);
	if (after != NULL)
		ck_assert_str_eq(record_answer(r, "z5", "after"), after);
	record_free(r);
	sitefile_close(f);
}

START_TEST(one_that_is_deleted_is_written_again)
{
	struct told t;
	struct sitefile *f = site_watched(&t);
	struct stat st;

	ck_assert_int_eq(chmod(site_path, 0640), 0);
	ck_assert_int_eq(unlink(site_path), 0);
	answer(f, "after", "2");
	ck_assert_int_eq(t.count, 1);
	ck_assert_str_eq(t.path, site_path);
	ck_assert_ptr_nonnull(strstr(t.sentence, site_path));
	ck_assert_str_eq(sitefile_path(f), site_path);
	ck_assert_int_eq(stat(site_path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0640);
	site_refused(false, ERR_BUSY, "open in another");
	answer(f, "before", "3");
	ck_assert_int_eq(t.count, 1);
	sitefile_close(f);
	holds(site_path, "3", "2");
	site_cleanup();
}
END_TEST

START_TEST(with_its_log_and_what_stands_in_that_only)
{
	struct told t;
	struct sitefile *f = site_watched(&t);
	char log[256];

	sitefile_settle_later(f);
	answer(f, "before", "4");
	snprintf(log, sizeof log, "%s-wal", site_path);
	ck_assert_int_eq(unlink(site_path), 0);
	ck_assert_int_eq(unlink(log), 0);
	answer(f, "after", "5");
	ck_assert_int_eq(t.count, 1);
	sitefile_settle(f);
	sitefile_close(f);
	holds(site_path, "4", "5");
	site_cleanup();
}
END_TEST

START_TEST(what_stands_in_its_place_is_never_overwritten)
{
	struct told t;
	struct sitefile *f = site_watched(&t);
	char other[256], own[256];
	struct error err;
	struct buf text;

	beside(other, "other");
	ck_assert_int_eq(file_write_new(other, OTHER, strlen(OTHER), 0600,
			     &err),
	    0);
	ck_assert_int_eq(rename(other, site_path), 0);
	answer(f, "after", "2");
	ck_assert_int_eq(t.count, 1);
	beside(own, "a %site?#-2.sitewalk");
	ck_assert_str_eq(t.path, own);
	ck_assert_ptr_nonnull(strstr(t.sentence, own));
	buf_init(&text, 100);
	ck_assert_int_eq(file_read(site_path, 100, &text, &err), 0);
	ck_assert_str_eq(buf_str(&text), OTHER);
	buf_free(&text);
	/* And once more, with the first name taken. */
	ck_assert_int_eq(unlink(own), 0);
	ck_assert_int_eq(mkdir(own, 0700), 0);
	answer(f, "before", "3");
	ck_assert_int_eq(t.count, 2);
	sitefile_close(f);
	ck_assert_int_eq(rmdir(own), 0);
	beside(own, "a %site?#-2-2.sitewalk");
	holds(own, "3", "2");
	ck_assert_int_eq(unlink(own), 0);
	site_cleanup();
}
END_TEST

START_TEST(a_log_is_not_left_to_what_stands_there)
{
	struct told t;
	struct sitefile *f = site_watched(&t);
	char copy[256], own[256];
	struct error err;
	struct buf text;

	/* A copy of the site, as a person makes it, is put back later. */
	buf_init(&text, 1 << 24);
	ck_assert_int_eq(file_read(site_path, 1 << 24, &text, &err), 0);
	beside(copy, "copy");
	ck_assert_int_eq(file_write_new(copy, buf_str(&text), text.len, 0600,
			     &err),
	    0);
	buf_free(&text);
	sitefile_settle_later(f);
	answer(f, "before", "9");
	ck_assert_int_eq(rename(copy, site_path), 0);
	answer(f, "after", "2");
	sitefile_close(f);
	holds(site_path, "1", NULL);
	beside(own, "a %site?#-2.sitewalk");
	holds(own, "9", "2");
	ck_assert_int_eq(unlink(own), 0);
	site_cleanup();
}
END_TEST

START_TEST(a_new_name_in_the_folder_is_followed)
{
	struct told t;
	struct sitefile *f = site_watched(&t);
	char name[256];
	struct stat before, after;

	sitefile_settle_later(f);
	answer(f, "before", "6");
	beside(name, "new name.sitewalk");
	ck_assert_int_eq(stat(site_path, &before), 0);
	ck_assert_int_eq(rename(site_path, name), 0);
	answer(f, "after", "7");
	ck_assert_int_eq(t.count, 1);
	ck_assert_str_eq(t.path, name);
	ck_assert_str_eq(sitefile_path(f), name);
	ck_assert_int_ne(access(site_path, F_OK), 0);
	ck_assert_int_eq(stat(name, &after), 0);
	ck_assert_uint_eq(before.st_ino, after.st_ino);
	ck_assert_ptr_null(sitefile_open(name, false, NULL));
	sitefile_close(f);
	holds(name, "6", "7");
	ck_assert_int_eq(unlink(name), 0);
	site_cleanup();
}
END_TEST

START_TEST(one_that_went_to_another_folder_is_written_again)
{
	struct told t;
	struct sitefile *f = site_watched(&t);
	char folder[256], name[300];

	beside(folder, "elsewhere");
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	snprintf(name, sizeof name, "%s/b.sitewalk", folder);
	ck_assert_int_eq(rename(site_path, name), 0);
	answer(f, "after", "2");
	sitefile_close(f);
	ck_assert_int_eq(t.count, 1);
	ck_assert_str_eq(t.path, site_path);
	holds(site_path, "1", "2");
	holds(name, "1", NULL);
	ck_assert_int_eq(unlink(name), 0);
	ck_assert_int_eq(rmdir(folder), 0);
	site_cleanup();
}
END_TEST

/* The folder is gone with it, until it is made again. */
START_TEST(every_save_fails_until_it_can_be_written)
{
	struct record *r = record_new(), *again;
	struct told t;
	struct sitefile *f = site_watched(&t);
	struct observation o = sample_observation(r, "a.example", 443);
	struct error err;
	int i;

	ck_assert_int_eq(sitefile_run_begin(f, &r->vantage, 1, &err), 0);
	ck_assert_int_eq(unlink(site_path), 0);
	site_cleanup();
	for (i = 0; i < 3; i++) {
		memset(&err, 0, sizeof err);
		ck_assert_int_eq(sitefile_save_answer(f, "z5", "after", "2",
				     &err),
		    -1);
		ck_assert_int_eq(err.code, ERR_SYSTEM);
		ck_assert_str_eq(err.where, site_path);
		ck_assert_int_gt(strlen(err.hint), 0);
	}
	ck_assert_int_eq(t.count, 0);
	/* Nobody measures it a second time. */
	ck_assert_int_eq(sitefile_observation(f, &o, &err), -1);
	ck_assert_int_eq(mkdir(site_folder, 0700), 0);
	answer(f, "after", "8");
	ck_assert_int_eq(t.count, 1);
	again = site_loaded(f);
	ck_assert_uint_eq(again->nobservations, 1);
	record_free(again);
	record_free(r);
	sitefile_close(f);
	holds(site_path, "1", "8");
	site_cleanup();
}
END_TEST

START_TEST(one_that_goes_before_it_is_closed_is_written_again)
{
	struct told t;
	struct sitefile *f = site_watched(&t);

	ck_assert_int_eq(unlink(site_path), 0);
	sitefile_close(f);
	ck_assert_int_eq(t.count, 1);
	holds(site_path, "1", NULL);
	site_cleanup();
}
END_TEST

START_TEST(one_that_can_go_nowhere_is_told_of_when_it_is_closed)
{
	struct told t;
	struct sitefile *f = site_watched(&t);

	ck_assert_int_eq(unlink(site_path), 0);
	site_cleanup();
	sitefile_close(f);
	ck_assert_int_eq(t.count, 1);
	ck_assert(t.lost);
	ck_assert_int_ne(access(site_folder, F_OK), 0);
}
END_TEST

START_TEST(one_that_was_only_looked_at_may_be_deleted)
{
	struct told t;
	struct sitefile *f = site_watched(&t);

	sitefile_close(f);
	f = site_opened(false);
	sitefile_on_moved(f, on_moved, &t);
	record_free(site_loaded(f));
	ck_assert_int_eq(unlink(site_path), 0);
	sitefile_close(f);
	ck_assert_int_eq(t.count, 0);
	ck_assert_int_ne(access(site_path, F_OK), 0);
	site_cleanup();
}
END_TEST

HARNESS("record sitefile stay", one_that_is_deleted_is_written_again,
    with_its_log_and_what_stands_in_that_only,
    what_stands_in_its_place_is_never_overwritten,
    a_log_is_not_left_to_what_stands_there,
    a_new_name_in_the_folder_is_followed,
    one_that_went_to_another_folder_is_written_again,
    every_save_fails_until_it_can_be_written,
    one_that_goes_before_it_is_closed_is_written_again,
    one_that_can_go_nowhere_is_told_of_when_it_is_closed,
    one_that_was_only_looked_at_may_be_deleted)
