/* SPDX-License-Identifier: MIT */
/* Owns that an open site file keeps its place: one that somebody deletes,
 * moves or replaces meanwhile would take all that is typed with it.
 *
 * The database lives on in a file without a name, so nothing is lost yet: all
 * of it is written to a name again, opened there and locked, and only then is
 * the old one closed. What stands at a name is never overwritten. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/record/sitefile.h"
#include "core/record/sitefile_db.h"
#include "core/record/sitefile_io.h"

#define SUFFIX ".sitewalk"
#define TRIES 1000 /* numbers tried for a name that is taken */

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool
db_is_in_place(const struct sitefile *f)
{
	struct stat own, there;

	return fstat(f->fd, &own) == 0 && stat(f->path, &there) == 0 &&
	    is_same(&own, &there);
}

/* A folder that may not be looked into any more has not lost it. */
static bool
is_away(const struct sitefile *f)
{
	struct stat own, there;

	if (f->fd < 0)
		return true;
	if (fstat(f->fd, &own) != 0)
		return false;
	if (stat(f->path, &there) != 0)
		return errno == ENOENT || errno == ENOTDIR;
	return !is_same(&own, &there);
}

/* The name that the open file has in its folder now, or NULL. */
static char *
find_name(const struct sitefile *f, struct arena *a)
{
	const char *slash = strrchr(f->path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - f->path) + 1;
	const char *dir = len == 0 ? "." : arena_strndup(a, f->path, len);
	struct stat own, there;
	struct dirent *entry;
	char *found = NULL;
	DIR *d;

	if (f->fd < 0 || fstat(f->fd, &own) != 0 || own.st_nlink == 0)
		return NULL;
	d = opendir(dir);
	while (d != NULL && found == NULL && (entry = readdir(d)) != NULL) {
		if (fstatat(dirfd(d), entry->d_name, &there,
			AT_SYMLINK_NOFOLLOW) == 0 &&
		    is_same(&own, &there))
			found = arena_printf(a, "%.*s%s", (int)len, f->path,
			    entry->d_name);
	}
	if (d != NULL)
		closedir(d);
	return found;
}

/* Without a word to the log, which may be somebody else's by now. */
static void
let_go(struct sitefile *f)
{
	sqlite3_db_config(f->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	db_close(f);
	close(f->fd);
	f->fd = -1;
}

/* Goes on with what n has opened. Takes n. */
static void
go_on_with(struct sitefile *f, struct sitefile *n)
{
	if (f->db != NULL)
		let_go(f);
	mem_free(f->path);
	sqlite3_free(f->kept);
	f->kept = NULL;
	f->db = n->db;
	memcpy(f->prepared, n->prepared, sizeof f->prepared);
	f->fd = n->fd;
	f->path = n->path;
	f->watched = n->watched;
	f->logged = f->unsettled = false;
	mem_free(n);
}

/* All of it into f->kept, also what stands in the log only. */
static int
keep_all(struct sitefile *f, struct error *err)
{
	size_t i;

	if (f->db == NULL)
		return 0;
	for (i = 0; i < ST_COUNT; i++) {
		if (f->prepared[i] != NULL)
			sqlite3_reset(f->prepared[i]);
	}
	f->kept = sqlite3_serialize(f->db, "main", &f->nkept, 0);
	return f->kept != NULL ? 0 : db_fail(f, err);
}

/* Does another program work on what stands there? */
static bool
is_in_use(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool used = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 &&
	    errno == EWOULDBLOCK;

	if (fd >= 0)
		close(fd);
	return used;
}

/* A log that stays behind would be taken for that of the file that stands
 * there now; unless it has become that one's already. */
static int
empty_log(struct sitefile *f, struct error *err)
{
	bool used = is_in_use(f->path);

	if (f->db != NULL && f->logged &&
	    sqlite3_wal_checkpoint_v2(f->db, NULL,
		used ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE,
		NULL, NULL) != SQLITE_OK)
		return db_fail(f, err);
	if (!used && !sitefile_has_log(f->path))
		sitefile_remove_logs(f->path);
	return 0;
}

/* After its new name; the lock is given up for as long as that takes. */
static int
follow(struct sitefile *f, const char *path, struct error *err)
{
	struct sitefile *n;

	if (empty_log(f, err) != 0)
		return -1;
	let_go(f);
	sitefile_remove_logs(path);
	n = sitefile_open_again(path, err);
	if (n == NULL)
		return -1;
	go_on_with(f, n);
	return 0;
}

static int
write_to(struct sitefile *f, const char *path, unsigned mode, struct error *err)
{
	struct sitefile *n;

	if (file_write_new(path, f->kept, (size_t)f->nkept, mode, err) != 0)
		return -1;
	/* What is left there belongs to no file any more. */
	sitefile_remove_logs(path);
	n = sitefile_open_again(path, err);
	if (n == NULL) {
		unlink(path);
		return -1;
	}
	go_on_with(f, n);
	return 0;
}

/* "a.sitewalk", then "a-2.sitewalk"; -1 with err, 0, or 1 for another name. */
static int
write_again(struct sitefile *f, struct arena *a, struct error *err)
{
	size_t len = strlen(f->path), suffix = sizeof SUFFIX - 1;
	const char *path = f->path;
	struct stat st = {.st_mode = 0600};
	int i, rc;

	if (len > suffix && strcmp(path + len - suffix, SUFFIX) == 0)
		len -= suffix;
	if (f->fd >= 0)
		(void)fstat(f->fd, &st);
	if (empty_log(f, NULL) != 0) {
		/* All of it is in memory, too. */
	}
	for (i = 2; i < TRIES; i++) {
		rc = write_to(f, path, (unsigned)st.st_mode, err);
		if (rc == 0)
			return i > 2;
		if (err->code != ERR_USAGE)
			return -1;
		path = arena_printf(a, "%.*s-%d%s", (int)len, f->path, i,
		    f->path + len);
	}
	return -1;
}

static int
fail_lost(struct sitefile *f, const struct error *why, struct error *err)
{
	error_set(&f->lost, why->code == ERR_FULL ? ERR_FULL : ERR_SYSTEM,
	    _("The site file was deleted or moved away while it was open, and "
	      "it cannot be written again, so that nothing is saved now. %s"),
	    why->what);
	error_where(&f->lost, "%s", f->path);
	error_hint(&f->lost, "%s",
	    _("See that there is a folder with room where it was, in which "
	      "you may write. Whatever you enter next tries it again, with "
	      "all that was there before."));
	if (err != NULL)
		*err = f->lost;
	return -1;
}

static void
tell(struct sitefile *f, struct arena *a, const char *sentence)
{
	memset(&f->lost, 0, sizeof f->lost);
	if (f->moved != NULL)
		f->moved(f->moved_arg, f->path,
		    arena_printf(a, sentence, f->path));
}

/* The sentence about it, or NULL with err. */
static const char *
find_place(struct sitefile *f, struct arena *a, struct error *err)
{
	const char *name = find_name(f, a);

	if (name != NULL && follow(f, name, err) == 0)
		return _("The site file was renamed while it was open. The "
			 "work goes on in it, under its new name: %s");
	switch (write_again(f, a, err)) {
	case 0:
		return _("The site file was deleted or moved away while it was "
			 "open. It was written again, with everything in it: "
			 "%s");
	case 1:
		return _("Another file was put in the place of the site file "
			 "while that was open. It stays as it is, and the work "
			 "goes on beside it, with everything in it: %s");
	default:
		return NULL;
	}
}

int
db_stay(struct sitefile *f, struct error *err)
{
	const char *sentence = NULL;
	struct error why = {0};
	struct arena *a;

	if (!f->watched)
		return 0;
	if (!is_away(f)) {
		memset(&f->lost, 0, sizeof f->lost);
		return 0;
	}
	a = arena_new();
	f->tried_us = clock_mono_us();
	if (keep_all(f, &why) == 0)
		sentence = find_place(f, a, &why);
	if (sentence != NULL)
		tell(f, a, sentence);
	else
		fail_lost(f, &why, err);
	/* The open file holds it. */
	if (f->db != NULL) {
		sqlite3_free(f->kept);
		f->kept = NULL;
	}
	arena_free(a);
	return sentence != NULL ? 0 : -1;
}

int
db_stay_now_and_then(struct sitefile *f, struct error *err)
{
	if (f->lost.code == ERR_NONE || f->db == NULL ||
	    clock_mono_us() - f->tried_us > DB_SETTLE_US)
		return db_stay(f, err);
	if (err != NULL)
		*err = f->lost;
	return -1;
}

void
sitefile_on_moved(struct sitefile *f,
    void (*moved)(void *arg, const char *path, const char *sentence), void *arg)
{
	f->moved = moved;
	f->moved_arg = arg;
}

/* --- onto the medium --------------------------------------------------- */

void
db_settle(struct sitefile *f)
{
	f->unsettled = true;
	if (!f->later)
		sitefile_settle(f);
}

void
sitefile_settle_later(struct sitefile *f)
{
	f->later = true;
}

void
sitefile_settle(struct sitefile *f)
{
	struct error err;

	if (!f->unsettled)
		return;
	f->unsettled = false;
	if (f->written && db_stay(f, &err) != 0) {
		/* The next thing that is saved says it. */
	}
	if (f->db == NULL)
		return;
	/* Failing here loses nothing: it all stands in the log, and the next
	 * commit says what is wrong. */
	if (sqlite3_wal_checkpoint_v2(f->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
		NULL, NULL) == SQLITE_OK)
		f->logged = false;
	f->settled_us = clock_mono_us();
}
