/* SPDX-License-Identifier: MIT */
/* Owns the files beside a site file: what a killed program left there, and
 * how to read the whole without writing beside it. */
#include "core/record/sitefile_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/file.h"
#include "core/base/i18n.h"

#define COPY_MAX (512u << 20)

static const char *const suffixes[] = {"-wal", "-journal"};

#define NSUFFIXES (sizeof suffixes / sizeof *suffixes)

bool
sitefile_has_log(const char *path)
{
	struct arena *a = arena_new();
	struct stat st;
	bool found = false;
	size_t i;

	for (i = 0; i < NSUFFIXES; i++) {
		if (stat(arena_printf(a, "%s%s", path, suffixes[i]), &st) ==
			0 &&
		    st.st_size > 0)
			found = true;
	}
	arena_free(a);
	return found;
}

void
sitefile_remove_logs(const char *path)
{
	struct arena *a = arena_new();
	size_t i;

	for (i = 0; i < NSUFFIXES; i++)
		unlink(arena_printf(a, "%s%s", path, suffixes[i]));
	arena_free(a);
}

char *
sitefile_immutable_uri(struct arena *a, const char *path)
{
	struct buf uri;
	char *result;

	buf_init(&uri, 4 * strlen(path) + 64);
	buf_adds(&uri, "file:");
	/* Else the first part of a relative name could be a host. */
	if (path[0] != '/')
		buf_adds(&uri, "./");
	for (; *path != '\0'; path++) {
		if (strchr("%?#", *path) != NULL)
			buf_addf(&uri, "%%%02x", (unsigned char)*path);
		else
			buf_addc(&uri, *path);
	}
	buf_adds(&uri, "?immutable=1");
	result = arena_strdup(a, buf_str(&uri));
	buf_free(&uri);
	return result;
}

static int
copy_file(const char *from, const char *to, struct error *err)
{
	struct buf data;
	FILE *out;
	int rc;

	buf_init(&data, COPY_MAX);
	rc = file_read(from, COPY_MAX, &data, err);
	if (rc == 0) {
		out = fopen(to, "wxe");
		if (out == NULL ||
		    fwrite(buf_str(&data), 1, data.len, out) != data.len)
			rc = error_set_errno(err, errno,
			    _("The site file cannot be copied for reading"));
		if (out != NULL && fclose(out) != 0 && rc == 0)
			rc = error_set_errno(err, errno,
			    _("The site file cannot be copied for reading"));
	}
	buf_free(&data);
	return rc;
}

static int
copy_all(const char *path, const char *copy, struct arena *a, struct error *err)
{
	const char *from;
	size_t i;

	if (copy_file(path, copy, err) != 0)
		return -1;
	for (i = 0; i < NSUFFIXES; i++) {
		from = arena_printf(a, "%s%s", path, suffixes[i]);
		if (access(from, F_OK) == 0 &&
		    copy_file(from, arena_printf(a, "%s%s", copy, suffixes[i]),
			err) != 0)
			return -1;
	}
	return 0;
}

static int
open_private(struct sitefile *f, const char *copy)
{
	int rc = sqlite3_open_v2(copy, &f->db, SQLITE_OPEN_READWRITE, NULL);

	/* Reads the log in, so that the files can go. */
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(f->db,
		    "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT;"
		    "SELECT count(*) FROM sqlite_schema;",
		    NULL, NULL, NULL);
	return rc;
}

int
sitefile_open_copy(struct sitefile *f, struct arena *a, struct error *err)
{
	const char *base = getenv("TMPDIR");
	char *dir, *copy;
	int rc = SITEFILE_COPY_FAILED;

	if (base == NULL || base[0] != '/')
		base = "/tmp";
	dir = arena_printf(a, "%s/sitewalk-XXXXXX", base);
	if (mkdtemp(dir) == NULL) {
		error_set_errno(err, errno,
		    _("The site file cannot be copied for reading"));
		error_where(err, "%s", base);
		return rc;
	}
	copy = arena_printf(a, "%s/copy", dir);
	if (copy_all(f->path, copy, a, err) == 0)
		rc = open_private(f, copy);
	sitefile_remove_logs(copy);
	unlink(copy);
	rmdir(dir);
	return rc;
}
