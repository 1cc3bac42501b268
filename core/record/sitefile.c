/* SPDX-License-Identifier: MIT */
/* Owns the life of a site file: making, opening, locking, closing. */
#include "core/record/sitefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/record/sitefile_db.h"
#include "core/record/sitefile_io.h"

/* Years of runs on one site; what is larger was not made by this program. */
#define FILE_MAX (256u << 20)

/* The start of every SQLite file, big-endian (file format, section 1.3). */
#define HEADER_SIZE 100
static const char magic[16] = "SQLite format 3";

static uint32_t
big_endian(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static int
fail_at(const struct sitefile *f, struct error *err, enum error_code code,
    const char *sentence, const char *hint)
{
	error_set(err, code, "%s", sentence);
	error_where(err, "%s", f->path);
	error_hint(err, "%s", hint);
	return -1;
}

static int
fail_open(const struct sitefile *f, int errnum, struct error *err)
{
	static const struct {
		int errnum;
		const char *sentence, *hint;
	} reasons[] = {
	    {ENOENT, N_("There is no such site file."),
		N_("Check the name, or begin a new site.")},
	    {EISDIR, N_("This is a folder, not a site file."),
		N_("Name a file that ends in .sitewalk.")},
	    {EACCES, N_("You may not open this site file."),
		N_("Copy it to a folder of your own, and open the copy.")},
	    {EROFS, N_("The site file cannot be written where it is."),
		N_("Copy it to a folder of your own, and open the copy.")},
	};
	size_t i;

	for (i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		if (reasons[i].errnum == errnum)
			return fail_at(f, err, ERR_INPUT,
			    _(reasons[i].sentence), _(reasons[i].hint));
	}
	error_set_errno(err, errnum, _("The site file cannot be opened"));
	error_where(err, "%s", f->path);
	return -1;
}

/* The descriptor stays open until the database is closed: it holds the lock,
 * and closing it earlier would drop the locks of SQLite itself. */
static int
open_and_lock(struct sitefile *f, struct error *err)
{
	struct stat st;

	f->fd = open(f->path,
	    (f->read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK |
		O_NOCTTY);
	if (f->fd < 0)
		return fail_open(f, errno, err);
	if (fstat(f->fd, &st) != 0)
		return fail_open(f, errno, err);
	if (S_ISDIR(st.st_mode))
		return fail_open(f, EISDIR, err);
	if (!S_ISREG(st.st_mode))
		return fail_at(f, err, ERR_INPUT,
		    _("This is not a regular file."),
		    _("Name a file that ends in .sitewalk."));
	/* Some network shares cannot lock; SQLite's own lock remains. */
	if (flock(f->fd, (f->read_only ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 &&
	    errno == EWOULDBLOCK)
		return fail_at(f, err, ERR_BUSY,
		    _("This site file is open in another sitewalk."),
		    _("Close it there, then open it here again."));
	return 0;
}

static int
check_version(const struct sitefile *f, uint32_t version, struct error *err)
{
	if (version > SITEFILE_VERSION)
		return fail_at(f, err, ERR_NEWER,
		    _("This site file was written by a newer version of "
		      "sitewalk."),
		    _("Open it with the newest version of sitewalk."));
	if (version < SITEFILE_OLDEST)
		return fail_at(f, err, ERR_INPUT,
		    _("The site file is damaged."),
		    _("Use a copy of the file, or begin a new site."));
	return 0;
}

static int
check_owner(const struct sitefile *f, const unsigned char *header,
    struct error *err)
{
	if (big_endian(header + 68) != SITEFILE_APPLICATION_ID)
		return fail_at(f, err, ERR_INPUT,
		    _("This file belongs to another program."),
		    _("Name a file that ends in .sitewalk."));
	return check_version(f, big_endian(header + 60), err);
}

/* Pages that the header promises; 0 when it does not know. */
static uint64_t
promised_size(const unsigned char *header)
{
	uint32_t page = (uint32_t)header[16] << 8 | header[17];

	if (page == 1)
		page = 65536;
	if (memcmp(header + 24, header + 92, 4) != 0)
		return 0;
	return (uint64_t)page * big_endian(header + 28);
}

/* Says precisely what a file is that SQLite would only call "not a
 * database", and before SQLite has touched it. */
static int
check_header(const struct sitefile *f, struct error *err)
{
	unsigned char header[HEADER_SIZE];
	struct stat st;
	ssize_t n;

	if (fstat(f->fd, &st) != 0)
		return fail_open(f, errno, err);
	if (st.st_size == 0)
		return fail_at(f, err, ERR_INPUT, _("The site file is empty."),
		    _("Use a copy of the file, or delete it and begin a new "
		      "site."));
	if (st.st_size > FILE_MAX)
		return fail_at(f, err, ERR_INPUT,
		    _("The site file is larger than any site needs."),
		    _("Use a copy of the file, or begin a new site."));
	n = pread(f->fd, header, sizeof header, 0);
	if (n < 0)
		return fail_open(f, errno, err);
	if (memcmp(header, magic,
		(size_t)n < sizeof magic ? (size_t)n : sizeof magic) != 0)
		return fail_at(f, err, ERR_INPUT,
		    _("This file is not a site file."),
		    _("Name a file that ends in .sitewalk."));
	if (n < HEADER_SIZE)
		return fail_at(f, err, ERR_INPUT,
		    _("A part of the site file is missing."),
		    _("Use a copy of the file, or begin a new site."));
	if (check_owner(f, header, err) != 0)
		return -1;
	/* While there is a log, the end of the file may stand in it. */
	if ((uint64_t)st.st_size < promised_size(header) &&
	    !sitefile_has_log(f->path))
		return fail_at(f, err, ERR_INPUT,
		    _("A part of the site file is missing."),
		    _("Use a copy of the file, or begin a new site."));
	return 0;
}

/* A name that SQLite takes for a file in any case. */
static char *
plain_name(struct arena *a, const char *path)
{
	return arena_printf(a, "%s%s", path[0] == '/' ? "" : "./", path);
}

static int
open_database(struct sitefile *f, struct error *err)
{
	struct arena *a = arena_new();
	int rc;

	if (!f->read_only)
		rc = sqlite3_open_v2(plain_name(a, f->path), &f->db,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE, NULL);
	else if (sitefile_has_log(f->path))
		rc = sitefile_open_copy(f, a, err);
	else
		rc = sqlite3_open_v2(sitefile_immutable_uri(a, f->path), &f->db,
		    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	arena_free(a);
	if (rc == SITEFILE_COPY_FAILED)
		return -1;
	return rc == SQLITE_OK ? 0 : db_fail(f, err);
}

/* The first column of the first row; 0 where there is none. */
static int
read_number(struct sitefile *f, enum statement which, int64_t *out,
    struct error *err)
{
	sqlite3_stmt *s = db_bind(f, which, NULL, 0, err);
	int rc = s == NULL ? -1 : db_step(f, s, err);

	if (rc == 1)
		*out = sqlite3_column_int64(s, 0);
	if (s != NULL)
		sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

static int
read_runs(struct sitefile *f, struct error *err)
{
	if (read_number(f, db_load_run(f), &f->base, err) != 0)
		return -1;
	return read_number(f, ST_LOAD_LAST, &f->run, err);
}

static int
read_tables(struct sitefile *f, struct error *err)
{
	if (db_read_version(f, err) != 0 ||
	    check_version(f, (uint32_t)f->version, err) != 0)
		return -1;
	return db_check_tables(f, err);
}

static struct sitefile *
open_file(const char *path, bool read_only, bool check_all, struct error *err)
{
	struct sitefile *f = mem_alloc(sizeof *f);

	f->path = mem_strdup(path);
	f->read_only = read_only;
	f->fd = -1;
	if (open_and_lock(f, err) == 0 && check_header(f, err) == 0 &&
	    open_database(f, err) == 0 && db_configure(f, err) == 0 &&
	    (read_only || db_make_writable(f, err) == 0) &&
	    read_tables(f, err) == 0 &&
	    (!check_all || db_check_pages(f, err) == 0) &&
	    (read_only || db_migrate(f, err) == 0) && read_runs(f, err) == 0) {
		/* Some file systems number a file anew for each who asks. */
		f->watched = !read_only && db_is_in_place(f);
		return f;
	}
	sitefile_close(f);
	return NULL;
}

struct sitefile *
sitefile_open_again(const char *path, struct error *err)
{
	return open_file(path, false, false, err);
}

struct sitefile *
sitefile_open(const char *path, bool read_only, struct error *err)
{
	return open_file(path, read_only, true, err);
}

/* Claims the name first, so that two programs cannot both make it. */
static int
claim(const char *path, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	if (errno == EEXIST) {
		error_set(err, ERR_USAGE,
		    _("There is already a file with this name."));
		error_hint(err, "%s",
		    _("Choose another name, or open the file that is there."));
	} else {
		error_set_errno(err, errno,
		    _("The site file cannot be created"));
		if (err != NULL && err->code == ERR_SYSTEM)
			err->code = ERR_INPUT;
		error_hint(err, "%s",
		    _("Choose a folder where you may write."));
	}
	error_where(err, "%s", path);
	return -1;
}

struct sitefile *
sitefile_create(const char *path, struct error *err)
{
	struct sitefile *f = NULL;
	unsigned char *data;
	sqlite3_int64 len;

	if (claim(path, err) != 0)
		return NULL;
	/* The log of a file that was deleted would be taken for its own. */
	sitefile_remove_logs(path);
	data = db_new_file(&len);
	if (file_write_atomic(path, data, (size_t)len, err) == 0)
		f = sitefile_open(path, false, err);
	sqlite3_free(data);
	if (f == NULL)
		unlink(path);
	return f;
}

void
sitefile_close(struct sitefile *f)
{
	struct error err;

	if (f == NULL)
		return;
	/* One that was only looked at may be deleted. */
	if ((f->written || f->lost.code != ERR_NONE) && db_stay(f, &err) != 0 &&
	    f->moved != NULL)
		f->moved(f->moved_arg, NULL, err.what);
	db_close(f);
	sqlite3_free(f->kept);
	if (f->fd >= 0)
		close(f->fd);
	mem_free(f->path);
	mem_free(f);
}

const char *
sitefile_path(const struct sitefile *f)
{
	return f->path;
}

static void
read_summary(struct sitefile *f, struct arena *a, struct site_summary *out)
{
	sqlite3_stmt *s = db_bind(f, ST_SUMMARY, NULL, 0, NULL);

	if (s != NULL && db_step(f, s, NULL) == 1) {
		out->name = db_text(s, 0, a, false);
		out->nproducts = (size_t)sqlite3_column_int64(s, 1);
	}
	s = db_bind(f, db_load_run(f), NULL, 0, NULL);
	if (s != NULL && db_step(f, s, NULL) == 1) {
		out->last_run_us = db_time(s, 1);
		out->complete = sqlite3_column_int(s, 3) == 1;
	}
	out->standing = db_standing(f, a);
}

void
sitefile_summary(const char *path, struct arena *a, struct site_summary *out)
{
	struct error err = {0};
	struct sitefile *f = open_file(path, true, false, &err);

	*out = (struct site_summary){.path = arena_strdup(a, path),
	    .name = arena_strdup(a, "")};
	if (f == NULL)
		out->problem = arena_strdup(a, err.what);
	else
		read_summary(f, a, out);
	sitefile_close(f);
}
