/* SPDX-License-Identifier: MIT */
/* Owns whole files: bounded reading, atomic writing, and their places. */
#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"

#define PROGRAM "sitewalk"

/* A failure with its place; code stays ERR_FULL where the disk is full. */
static int
fail_errno(struct error *err, enum error_code code, const char *sentence,
    const char *path)
{
	error_set_errno(err, errno, "%s", sentence);
	if (err != NULL && err->code == ERR_SYSTEM)
		err->code = code;
	error_where(err, "%s", path);
	return -1;
}

static int
fail_too_large(struct error *err, const char *path, size_t max)
{
	error_set(err, ERR_INPUT,
	    _("The file is larger than the %zu bytes that are read."), max);
	error_where(err, "%s", path);
	return -1;
}

static int
read_all(int fd, const char *path, size_t max, struct buf *out,
    struct error *err)
{
	char chunk[16384];
	ssize_t n;

	for (;;) {
		n = read(fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(err, ERR_INPUT,
			    _("The file cannot be read"), path);
		if (n == 0)
			return 0;
		buf_add(out, chunk, (size_t)n);
		if (out->overflowed)
			return fail_too_large(err, path, max);
	}
}

static int
fail_link(struct error *err, const char *path)
{
	error_set(err, ERR_INPUT,
	    _("This is a link to somewhere else, which is not followed."));
	error_where(err, "%s", path);
	return -1;
}

/* -1 with err; else a regular file, which *st tells of. */
static int
open_regular(const char *path, int flags, size_t max, struct stat *st,
    struct error *err)
{
	/* Not to hang on a pipe that nobody writes to. */
	int fd = open(path,
	    O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);

	if (fd < 0 && errno == ELOOP && (flags & O_NOFOLLOW) != 0)
		return fail_link(err, path);
	if (fd < 0)
		return fail_errno(err, ERR_INPUT,
		    _("The file cannot be opened"), path);
	if (fstat(fd, st) != 0) {
		fail_errno(err, ERR_INPUT, _("The file cannot be read"), path);
	} else if (!S_ISREG(st->st_mode)) {
		error_set(err, ERR_INPUT, _("This is not a regular file."));
		error_where(err, "%s", path);
	} else if (st->st_size > 0 && (uintmax_t)st->st_size > max) {
		fail_too_large(err, path, max);
	} else {
		return fd;
	}
	close(fd);
	return -1;
}

static bool
is_still(int fd, const struct stat *before, size_t len)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (uintmax_t)st.st_size == len &&
	    st.st_size == before->st_size &&
	    st.st_mtim.tv_sec == before->st_mtim.tv_sec &&
	    st.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

static int
read_path(const char *path, size_t max, int flags, bool still, struct buf *out,
    struct error *err)
{
	struct stat st;
	int fd, rc;

	if (out->max < max)
		out->max = max;
	buf_clear(out);
	fd = open_regular(path, flags, max, &st, err);
	if (fd < 0)
		return -1;
	rc = read_all(fd, path, max, out, err);
	if (rc == 0 && still && !is_still(fd, &st, out->len)) {
		rc = error_set(err, ERR_INPUT,
		    _("The file was changed while it was read."));
		error_where(err, "%s", path);
	}
	close(fd);
	if (rc != 0)
		buf_clear(out);
	return rc;
}

int
file_read(const char *path, size_t max, struct buf *out, struct error *err)
{
	return read_path(path, max, 0, false, out, err);
}

int
file_read_still(const char *path, size_t max, bool no_link, struct buf *out,
    struct error *err)
{
	return read_path(path, max, no_link ? O_NOFOLLOW : 0, true, out, err);
}

static int
write_all(int fd, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* A new file in the folder of path, so that the rename stays on one disk. */
static char *
temporary_beside(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t dir = slash == NULL ? 0 : (size_t)(slash - path) + 1;
	uint64_t number;

	random_bytes(&number, sizeof number);
	return arena_printf(a, "%.*s." PROGRAM "-%016llx.tmp", (int)dir, path,
	    (unsigned long long)number);
}

/* Makes the rename itself survive a power cut; not every file system can. */
static void
sync_folder(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *dir;
	int fd;

	if (slash == NULL)
		dir = ".";
	else
		dir = arena_strndup(a, path, (size_t)(slash - path) + 1);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

#define MODE_OF_UMASK UINT_MAX

/* Fills and closes fd; an error of close() is one of writing. */
static int
fill(int fd, unsigned mode, const void *data, size_t len)
{
	int rc = 0, saved;

	if (mode != MODE_OF_UMASK)
		rc = fchmod(fd, (mode_t)(mode & 07777));
	if (rc == 0)
		rc = write_all(fd, data, len);
	if (rc == 0)
		rc = fsync(fd);
	saved = errno;
	if (close(fd) != 0 && rc == 0)
		return -1;
	errno = saved;
	return rc;
}

/* As rename(), but never over what is there. A file system without links
 * takes the name first. */
static int
rename_new(const char *from, const char *to)
{
	int fd, saved;

	if (link(from, to) == 0) {
		unlink(from);
		return 0;
	}
	if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS &&
	    errno != EMLINK)
		return -1;
	fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return -1;
	close(fd);
	if (rename(from, to) == 0)
		return 0;
	saved = errno;
	unlink(to);
	errno = saved;
	return -1;
}

/* Puts a filled file in the place of target; the caller's name for that is
 * only for the error. */
static int
put_file(struct arena *a, const char *target, const char *path,
    int (*move)(const char *from, const char *to), unsigned mode,
    const void *data, size_t len, struct error *err)
{
	char *temporary = temporary_beside(a, target);
	int fd, saved;

	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return fail_errno(err, ERR_SYSTEM,
		    _("The file cannot be created"), path);
	if (fill(fd, mode, data, len) != 0 || move(temporary, target) != 0) {
		saved = errno;
		unlink(temporary);
		errno = saved;
		return fail_errno(err, ERR_SYSTEM,
		    _("The file cannot be written"), path);
	}
	sync_folder(a, target);
	return 0;
}

int
file_write_atomic(const char *path, const void *data, size_t len,
    struct error *err)
{
	struct arena *a = arena_new();
	struct stat st, *old = NULL;
	char *target = NULL;
	int rc;

	/* A link stays a link: the file that it names is replaced. */
	if (stat(path, &st) == 0) {
		old = &st;
		target = realpath(path, NULL);
	}
	if (old != NULL && !S_ISREG(st.st_mode)) {
		rc = error_set(err, ERR_USAGE,
		    _("This is not a regular file."));
		error_where(err, "%s", path);
		error_hint(err, _("Name a file that may be replaced."));
	} else {
		rc = put_file(a, target == NULL ? path : target, path, rename,
		    old == NULL ? MODE_OF_UMASK : (unsigned)st.st_mode, data,
		    len, err);
	}
	free(target);
	arena_free(a);
	return rc;
}

int
file_write_new(const char *path, const void *data, size_t len, unsigned mode,
    struct error *err)
{
	struct arena *a = arena_new();
	struct stat st;
	bool taken = lstat(path, &st) == 0;
	int rc = -1;

	if (!taken) {
		rc = put_file(a, path, path, rename_new, mode, data, len, err);
		taken = rc != 0 && lstat(path, &st) == 0;
	}
	if (taken) {
		error_set(err, ERR_USAGE,
		    _("There is already a file with this name."));
		error_where(err, "%s", path);
	}
	arena_free(a);
	return rc;
}

static int
make_dir(const char *path, struct error *err)
{
	struct stat st;

	if (mkdir(path, 0777) == 0)
		return 0;
	if (errno == EEXIST) {
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			return 0;
		errno = ENOTDIR;
	}
	return fail_errno(err, ERR_SYSTEM, _("The folder cannot be created"),
	    path);
}

int
file_make_dirs(const char *path, struct error *err)
{
	struct arena *a;
	char *copy, *slash;
	int rc = 0;

	if (path[0] == '\0')
		return error_set(err, ERR_USAGE,
		    _("The name of a folder is empty."));
	a = arena_new();
	slash = copy = arena_strdup(a, path);
	while (rc == 0 && (slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		rc = make_dir(copy, err);
		*slash = '/';
	}
	if (rc == 0 && copy[strlen(copy) - 1] != '/')
		rc = make_dir(copy, err);
	arena_free(a);
	return rc;
}

/* XDG Base Directory Specification: a relative path there is ignored. */
static char *
user_dir(struct arena *a, const char *variable, const char *fallback)
{
	const char *base = getenv(variable);
	const char *home = getenv("HOME");

	if (base != NULL && base[0] == '/')
		return arena_printf(a, "%s/" PROGRAM, base);
	if (home == NULL || home[0] == '\0')
		return NULL;
	return arena_printf(a, "%s/%s/" PROGRAM, home, fallback);
}

char *
file_config_dir(struct arena *a)
{
	return user_dir(a, "XDG_CONFIG_HOME", ".config");
}

char *
file_data_dir(struct arena *a)
{
	return user_dir(a, "XDG_DATA_HOME", ".local/share");
}
