/* SPDX-License-Identifier: MIT */
/* Owns the replacing of a whole folder of files in one step. */
#include "core/base/fileset.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/base/i18n.h"

#define DEPTH_MAX 16
#define FOLDER (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

struct set {
	struct arena *arena;
	const char *dir; /* without links in it, where it is there */
	const struct fileset_file *files;
	size_t count;
	const struct strlist *drop;
	struct error *err;
};

static int
fail(const struct set *s, const char *sentence, const char *where)
{
	error_set_errno(s->err, errno, "%s", sentence);
	error_where(s->err, "%s", where);
	return -1;
}

static bool
is_ours(const struct set *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (strcmp(s->files[i].name, name) == 0)
			return true;
	}
	return s->drop != NULL && strlist_has(s->drop, name);
}

static const char *
below(struct arena *a, const char *dir, const char *name)
{
	return dir[0] == '\0' ? name : arena_printf(a, "%s/%s", dir, name);
}

/* A name that nobody else uses, in the folder that holds path. */
static const char *
hidden_beside(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t front = slash == NULL ? 0 : (size_t)(slash - path) + 1;
	uint64_t number;

	random_bytes(&number, sizeof number);
	return arena_printf(a, "%.*s.%s.sitewalk-%016llx.tmp", (int)front, path,
	    path + front, (unsigned long long)number);
}

static void
sync_folder(const char *path)
{
	int fd = open(path, FOLDER);

	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
}

static int
write_file(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	const char *p = data;
	int rc = 0, saved;
	ssize_t n;

	if (fd < 0)
		return -1;
	while (rc == 0 && len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			rc = -1;
			break;
		}
		p += n;
		len -= (size_t)n;
	}
	if (rc == 0)
		rc = fsync(fd);
	saved = errno;
	if (close(fd) != 0 && rc == 0)
		return -1;
	errno = saved;
	return rc;
}

/* Takes a whole tree away; links are not followed. */
static void
remove_tree(struct arena *a, const char *path, int depth)
{
	DIR *d = depth < DEPTH_MAX ? opendir(path) : NULL;
	const struct dirent *e;
	const char *name;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		name = below(a, path, e->d_name);
		if (unlink(name) != 0 && (errno == EISDIR || errno == EPERM))
			remove_tree(a, name, depth + 1);
	}
	if (d != NULL)
		closedir(d);
	(void)rmdir(path);
}

/* The folders in front of the last slash of name, below dir. */
static int
make_parents(const struct set *s, const char *dir, const char *name)
{
	const char *slash = strrchr(name, '/');

	if (slash == NULL)
		return 0;
	return file_make_dirs(arena_printf(s->arena, "%s/%.*s", dir,
				  (int)(slash - name), name),
	    s->err);
}

/* All files into a folder that nobody sees yet. */
static int
fill(const struct set *s, const char *dir)
{
	const char *path;
	size_t i;

	for (i = 0; i < s->count; i++) {
		path = below(s->arena, dir, s->files[i].name);
		if (make_parents(s, dir, s->files[i].name) != 0)
			return -1;
		if (write_file(path, s->files[i].data, s->files[i].len) != 0)
			return fail(s, _("The folder cannot be filled"),
			    s->dir);
	}
	return 0;
}

/* --- what others put into the folder --- */

/* Gives each foreign file of old a second name below new. False where that
 * cannot be. */
static bool
adopt(const struct set *s, const char *old, const char *new, const char *name,
    int depth)
{
	DIR *d = depth < DEPTH_MAX ? opendir(below(s->arena, old, name)) : NULL;
	const struct dirent *e;
	bool good = d != NULL;

	while (good && (e = readdir(d)) != NULL) {
		const char *one, *from, *to;
		struct stat st;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		one = below(s->arena, name, e->d_name);
		if (is_ours(s, one))
			continue;
		from = below(s->arena, old, one);
		to = below(s->arena, new, one);
		if (lstat(from, &st) != 0)
			good = errno == ENOENT;
		else if (!S_ISDIR(st.st_mode))
			good = linkat(AT_FDCWD, from, AT_FDCWD, to, 0) == 0;
		else
			good = (mkdir(to, st.st_mode & 07777) == 0 ||
				   errno == EEXIST) &&
			    adopt(s, old, new, one, depth + 1);
	}
	if (d != NULL)
		closedir(d);
	return good;
}

static bool
is_same(const char *a, const char *b)
{
	struct stat sa, sb;

	return lstat(a, &sa) == 0 && lstat(b, &sb) == 0 &&
	    sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

/* Empties the folder that was replaced. What came into it at the last moment
 * is moved over. */
static void
retire(const struct set *s, const char *old, const char *new, const char *name,
    int depth)
{
	DIR *d = depth < DEPTH_MAX ? opendir(below(s->arena, old, name)) : NULL;
	const struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		const char *one, *from, *to;
		struct stat st;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		one = below(s->arena, name, e->d_name);
		from = below(s->arena, old, one);
		to = below(s->arena, new, one);
		if (lstat(from, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			retire(s, old, new, one, depth + 1);
		else if (is_ours(s, one) || is_same(from, to))
			(void)unlink(from);
		else
			(void)renameat2(AT_FDCWD, from, AT_FDCWD, to,
			    RENAME_NOREPLACE);
	}
	if (d != NULL)
		closedir(d);
	(void)rmdir(below(s->arena, old, name));
}

/* --- at once --- */

static bool
stands_in(const char *dir)
{
	char *here = getcwd(NULL, 0);
	size_t n = strlen(dir);
	bool in;

	in = here == NULL ||
	    (strncmp(here, dir, n) == 0 && (here[n] == '/' || here[n] == '\0'));
	free(here);
	return in;
}

/* May a folder of ours take its place? */
static bool
can_exchange(const struct set *s, const struct stat *old)
{
	return old->st_uid == geteuid() && !stands_in(s->dir);
}

/* 1: done; 0: it cannot be done so here; -1: an error that is told. */
static int
exchange(const struct set *s, const struct stat *old)
{
	const char *new = hidden_beside(s->arena, s->dir);
	bool done;

	if (mkdir(new, 0777) != 0)
		return old != NULL ?
		    0 :
		    fail(s, _("The folder cannot be created"), s->dir);
	if (fill(s, new) != 0) {
		remove_tree(s->arena, new, 0);
		return -1;
	}
	sync_folder(new);
	if (old == NULL)
		done = renameat2(AT_FDCWD, new, AT_FDCWD, s->dir,
			   RENAME_NOREPLACE) == 0 ||
		    rename(new, s->dir) == 0;
	else
		done = chmod(new, old->st_mode & 07777) == 0 &&
		    adopt(s, s->dir, new, "", 0) &&
		    renameat2(AT_FDCWD, new, AT_FDCWD, s->dir,
			RENAME_EXCHANGE) == 0;
	if (!done) {
		int saved = errno;

		remove_tree(s->arena, new, 0);
		errno = saved;
		return old != NULL ?
		    0 :
		    fail(s, _("The folder cannot be created"), s->dir);
	}
	if (old != NULL)
		retire(s, new, s->dir, "", 0);
	return 1;
}

/* --- the last file tells --- */

/* Each file under a hidden name beside its place. */
static int
stage(const struct set *s, const char **staged)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (make_parents(s, s->dir, s->files[i].name) != 0)
			return -1;
		staged[i] = hidden_beside(s->arena,
		    below(s->arena, s->dir, s->files[i].name));
		if (write_file(staged[i], s->files[i].data, s->files[i].len) !=
		    0)
			return fail(s, _("The folder cannot be filled"),
			    s->dir);
	}
	return 0;
}

static int
put_in_place(const struct set *s, const char **staged)
{
	const char *last = below(s->arena, s->dir, s->files[s->count - 1].name);
	const char *path;
	size_t i;

	if (unlink(last) != 0 && errno != ENOENT)
		return fail(s, _("The folder cannot be filled"), last);
	for (i = 0; s->drop != NULL && i < s->drop->count; i++)
		(void)unlink(below(s->arena, s->dir, s->drop->item[i]));
	sync_folder(s->dir);
	for (i = 0; i < s->count; i++) {
		path = below(s->arena, s->dir, s->files[i].name);
		if (i == s->count - 1)
			sync_folder(s->dir);
		if (rename(staged[i], path) != 0)
			return fail(s, _("The folder cannot be filled"), path);
		staged[i] = NULL;
	}
	sync_folder(s->dir);
	return 0;
}

static int
one_by_one(const struct set *s)
{
	const char **staged = arena_array(s->arena, s->count, sizeof *staged);
	int rc = stage(s, staged);
	size_t i;

	if (rc == 0)
		rc = put_in_place(s, staged);
	for (i = 0; i < s->count; i++) {
		if (staged[i] != NULL)
			(void)unlink(staged[i]);
	}
	return rc;
}

static int
refuse(const struct set *s, const char *sentence)
{
	error_set(s->err, ERR_USAGE, "%s", sentence);
	error_where(s->err, "%s", s->dir);
	error_hint(s->err, "%s", _("Name another folder."));
	return -1;
}

/* Folders where our files belong: whoever put them there decides. */
static int
check_places(const struct set *s)
{
	struct stat st;
	size_t i;

	for (i = 0; i < s->count; i++) {
		const char *path = below(s->arena, s->dir, s->files[i].name);

		if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode))
			continue;
		error_set(s->err, ERR_USAGE, "%s",
		    _("A folder stands where a file belongs."));
		error_where(s->err, "%s", path);
		return -1;
	}
	return 0;
}

static int
write_set(struct set *s, const char *dir, enum fileset_way *way)
{
	struct stat st, *old = NULL;
	const char *slash;
	size_t len = strlen(dir);
	char *real;
	int rc;

	while (len > 1 && dir[len - 1] == '/')
		len--;
	s->dir = arena_strndup(s->arena, dir, len);
	if (stat(s->dir, &st) == 0) {
		old = &st;
		if (!S_ISDIR(st.st_mode))
			return refuse(s, _("This is a file, not a folder."));
		if (access(s->dir, W_OK | X_OK) != 0)
			return fail(s, _("The folder cannot be written to"),
			    s->dir);
		real = realpath(s->dir, NULL);
		if (real != NULL)
			s->dir = arena_strdup(s->arena, real);
		free(real);
		if (check_places(s) != 0)
			return -1;
	} else if (lstat(s->dir, &st) == 0) {
		return refuse(s, _("This is a link that leads nowhere."));
	} else if ((slash = strrchr(s->dir, '/')) != NULL && slash != s->dir &&
	    file_make_dirs(arena_strndup(s->arena, s->dir,
			       (size_t)(slash - s->dir)),
		s->err) != 0) {
		return -1;
	}
	*way = FILESET_AT_ONCE;
	rc = old != NULL && !can_exchange(s, old) ? 0 : exchange(s, old);
	if (rc != 0)
		return rc > 0 ? 0 : -1;
	*way = FILESET_LAST_TELLS;
	return one_by_one(s);
}

int
fileset_write(const char *dir, const struct fileset_file *files, size_t count,
    const struct strlist *drop, enum fileset_way *way, struct error *err)
{
	struct set s = {
	    .arena = arena_new(),
	    .files = files,
	    .count = count,
	    .drop = drop,
	    .err = err,
	};
	enum fileset_way mine;
	int rc = write_set(&s, dir, way != NULL ? way : &mine);

	arena_free(s.arena);
	return rc;
}
