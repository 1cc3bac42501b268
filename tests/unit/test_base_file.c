/* SPDX-License-Identifier: MIT */
/* Promises of whole files and of errors: nothing is lost, everything said. */
#include "tests/unit/harness.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"

/* A fresh folder, also made the current one. */
static void
enter_scratch(void)
{
	char path[] = "/tmp/sitewalk-unit-XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert_int_eq(chdir(path), 0);
}

/* Empties and removes the current folder, which must hold want files. */
static void
leave_scratch(int want)
{
	char path[4096];
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	ck_assert_ptr_nonnull(getcwd(path, sizeof path));
	ck_assert_int_eq(strncmp(path, "/tmp/sitewalk-unit-", 19), 0);
	dir = opendir(".");
	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		count++;
		if (unlink(entry->d_name) != 0)
			rmdir(entry->d_name);
	}
	closedir(dir);
	rmdir(path);
	ck_assert_int_eq(count, want);
}

static void
reads_as(const char *path, const char *want)
{
	struct error err = {0};
	struct buf b;

	buf_init(&b, 0);
	ck_assert_msg(file_read(path, 1 << 20, &b, &err) == 0, "%s", err.what);
	ck_assert_str_eq(buf_str(&b), want);
	buf_free(&b);
}

static void
writes(const char *path, const char *text)
{
	struct error err = {0};

	ck_assert_msg(file_write_atomic(path, text, strlen(text), &err) == 0,
	    "%s", err.what);
}

static void
is_complete(const struct error *err, enum error_code code, const char *where)
{
	ck_assert_int_eq(err->code, code);
	ck_assert_str_ne(err->what, "");
	ck_assert_str_eq(err->where, where);
}

START_TEST(what_was_written_is_read_again)
{
	struct stat st;

	enter_scratch();
	umask(027);
	writes("f", "first");
	reads_as("f", "first");
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0640);
	ck_assert_int_eq(chmod("f", 0600), 0);
	writes("f", "");
	reads_as("f", "");
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0600);
	leave_scratch(1);
}
END_TEST

START_TEST(a_link_stays_a_link)
{
	struct stat st;

	enter_scratch();
	writes("real", "old");
	ck_assert_int_eq(symlink("real", "link"), 0);
	writes("link", "new");
	ck_assert_int_eq(lstat("link", &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	reads_as("real", "new");
	leave_scratch(2);
}
END_TEST

/* The limit stands for a full disk: write() fails in the middle. */
START_TEST(a_failed_write_leaves_the_old_file)
{
	struct rlimit limit = {5000, RLIM_INFINITY};
	static char large[20000];
	struct error err = {0};

	enter_scratch();
	writes("f", "precious");
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(file_write_atomic("f", large, sizeof large, &err), -1);
	is_complete(&err, ERR_SYSTEM, "f");
	reads_as("f", "precious");
	leave_scratch(1);
}
END_TEST

START_TEST(a_full_disk_is_called_full)
{
	struct error err = {0};

	error_set_errno(&err, ENOSPC, "Not written");
	ck_assert_int_eq(err.code, ERR_FULL);
	error_set_errno(&err, EDQUOT, "Not written");
	ck_assert_int_eq(err.code, ERR_FULL);
	error_set_errno(&err, EACCES, "Not written");
	ck_assert_int_eq(err.code, ERR_SYSTEM);
}
END_TEST

START_TEST(writing_where_nothing_can_be)
{
	struct error err = {0};

	enter_scratch();
	ck_assert_int_eq(file_write_atomic("no/f", "x", 1, &err), -1);
	is_complete(&err, ERR_SYSTEM, "no/f");
	ck_assert_int_eq(mkdir("d", 0700), 0);
	ck_assert_int_eq(file_write_atomic("d", "x", 1, &err), -1);
	is_complete(&err, ERR_USAGE, "d");
	ck_assert_int_eq(file_write_atomic("", "x", 1, NULL), -1);
	/* A pipe, which stands for a device, is not replaced by a file. */
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	ck_assert_int_eq(file_write_atomic("fifo", "x", 1, &err), -1);
	is_complete(&err, ERR_USAGE, "fifo");
	ck_assert_int_eq(symlink("fifo", "link"), 0);
	ck_assert_int_eq(file_write_atomic("link", "x", 1, &err), -1);
	is_complete(&err, ERR_USAGE, "link");
	leave_scratch(3);
}
END_TEST

START_TEST(a_name_of_full_length_can_be_written)
{
	char name[256];

	enter_scratch();
	memset(name, 'n', 255);
	name[255] = '\0';
	writes(name, "x");
	writes(name, "y");
	reads_as(name, "y");
	leave_scratch(1);
}
END_TEST

START_TEST(reading_is_bounded)
{
	struct error err = {0};
	struct buf b;

	enter_scratch();
	writes("f", "12345");
	buf_init(&b, 2);
	ck_assert_int_eq(file_read("f", 5, &b, &err), 0);
	ck_assert_uint_eq(b.len, 5);
	buf_free(&b);
	buf_init(&b, 2);
	ck_assert_int_eq(file_read("f", 4, &b, &err), -1);
	is_complete(&err, ERR_INPUT, "f");
	ck_assert_uint_eq(b.len, 0);
	/* Files of /proc say that they are empty and are not. */
	ck_assert_int_eq(file_read("/proc/self/stat", 4, &b, &err), -1);
	ck_assert_int_eq(err.code, ERR_INPUT);
	buf_free(&b);
	leave_scratch(1);
}
END_TEST

START_TEST(only_regular_files_are_read)
{
	static const char *const odd[] = {"fifo", ".", "missing", "/dev/zero"};
	struct error err;
	struct buf b;
	size_t i;

	enter_scratch();
	buf_init(&b, 10);
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	for (i = 0; i < sizeof odd / sizeof *odd; i++) {
		memset(&err, 0, sizeof err);
		ck_assert_int_eq(file_read(odd[i], 10, &b, &err), -1);
		is_complete(&err, ERR_INPUT, odd[i]);
	}
	ck_assert_int_eq(file_read("missing", 10, &b, NULL), -1);
	buf_free(&b);
	leave_scratch(1);
}
END_TEST

START_TEST(folders_are_made_with_their_parents)
{
	struct error err = {0};
	struct stat st;

	enter_scratch();
	ck_assert_int_eq(file_make_dirs("a/b//c/", &err), 0);
	ck_assert_int_eq(stat("a/b/c", &st), 0);
	ck_assert_int_eq(file_make_dirs("a/b/c", &err), 0);
	ck_assert_int_eq(file_make_dirs("/", &err), 0);
	ck_assert_int_eq(file_make_dirs("", &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	writes("a/f", "x");
	ck_assert_int_eq(file_make_dirs("a/f/g", &err), -1);
	is_complete(&err, ERR_SYSTEM, "a/f");
	unlink("a/f");
	rmdir("a/b/c");
	rmdir("a/b");
	leave_scratch(1);
}
END_TEST

START_TEST(places_follow_the_xdg_specification)
{
	struct arena *a = arena_new();

	setenv("HOME", "/home/x", 1);
	unsetenv("XDG_CONFIG_HOME");
	setenv("XDG_DATA_HOME", "relative", 1);
	ck_assert_str_eq(file_config_dir(a), "/home/x/.config/sitewalk");
	ck_assert_str_eq(file_data_dir(a), "/home/x/.local/share/sitewalk");
	setenv("XDG_CONFIG_HOME", "/c", 1);
	ck_assert_str_eq(file_config_dir(a), "/c/sitewalk");
	unsetenv("HOME");
	ck_assert_str_eq(file_config_dir(a), "/c/sitewalk");
	ck_assert_ptr_null(file_data_dir(a));
	arena_free(a);
}
END_TEST

START_TEST(errors_are_sanitised_bounded_and_never_empty)
{
	struct error err;
	char large[2000];

	ck_assert_int_eq(error_set(&err, ERR_INPUT, "bad \x1b[2J\nname"), -1);
	ck_assert_str_eq(err.what, "bad \\x1b[2J name");
	error_where(&err, "%s:%d:%d", "f\x07", 3, 4);
	ck_assert_str_eq(err.where, "f\\x07:3:4");
	error_hint(&err, "try");
	ck_assert_str_eq(err.hint, "try");
	error_set(&err, ERR_BUSY, "%s", "");
	ck_assert_str_ne(err.what, "");
	ck_assert_str_eq(err.where, "");
	ck_assert_str_eq(err.hint, "");
	memset(large, 'x', sizeof large - 1);
	large[sizeof large - 1] = '\0';
	error_set(&err, ERR_INPUT, "%s", large);
	ck_assert_uint_eq(strlen(err.what), sizeof err.what - 1);
	ck_assert_str_eq(err.what + strlen(err.what) - 3, "...");
	ck_assert_int_eq(error_set(NULL, ERR_INPUT, "x"), -1);
	error_where(NULL, "x");
	error_hint(NULL, "x");
}
END_TEST

START_TEST(the_reason_stands_even_when_a_name_is_long)
{
	struct error err;
	char large[2000];

	memset(large, 'x', sizeof large - 1);
	large[sizeof large - 1] = '\0';
	error_set_errno(&err, ENOENT, "%s", large);
	ck_assert_ptr_nonnull(strstr(err.what, strerror(ENOENT)));
	error_set_errno(&err, ENOENT, "Not read");
	ck_assert_str_eq(err.what, "Not read: No such file or directory");
}
END_TEST

HARNESS("base file and error", what_was_written_is_read_again,
    a_link_stays_a_link, a_failed_write_leaves_the_old_file,
    a_full_disk_is_called_full, writing_where_nothing_can_be,
    a_name_of_full_length_can_be_written, reading_is_bounded,
    only_regular_files_are_read, folders_are_made_with_their_parents,
    places_follow_the_xdg_specification,
    errors_are_sanitised_bounded_and_never_empty,
    the_reason_stands_even_when_a_name_is_long)
