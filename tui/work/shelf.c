/* SPDX-License-Identifier: MIT */
/* Owns the folder of sites: names, copies, the archive, the last site. */
#include "tui/work/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/work/app.h"

#define FILE_NAME_MAX 60 /* bytes, without suffix and number */
#define TRIES 1000       /* numbers tried for a name that is taken */
#define PATH_TEXT_MAX 4096

char *
shelf_archive_dir(struct arena *a)
{
	const char *dir = app_sites_dir(a);

	return dir == NULL ? NULL : arena_printf(a, "%s/archive", dir);
}

static int
is_site(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name), suffix = sizeof SHELF_SUFFIX - 1;

	return *entry->d_name != '.' && len > suffix &&
	    strcmp(entry->d_name + len - suffix, SHELF_SUFFIX) == 0;
}

void
shelf_list(struct arena *a, const char *dir, struct strlist *paths)
{
	struct dirent **entry = NULL;
	int i, n = dir != NULL ? scandir(dir, &entry, is_site, alphasort) : 0;

	for (i = 0; i < n; i++) {
		if (i < SHELF_MAX)
			strlist_add(a, paths,
			    arena_printf(a, "%s/%s", dir, entry[i]->d_name));
		free(entry[i]);
	}
	free(entry);
}

/* Letters, digits and what else is harmless in any file system. */
static char *
file_stem(struct arena *a, const char *name)
{
	char *stem = arena_alloc(a, FILE_NAME_MAX + 1);
	size_t n = 0;

	for (; *name != '\0' && n < FILE_NAME_MAX; name++) {
		unsigned char c = (unsigned char)*name;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c >= 0x80;

		if (plain)
			stem[n++] = (char)c;
		else if (n > 0 && stem[n - 1] != '-')
			stem[n++] = '-';
	}
	while (n > 0 && !text_is_utf8(stem, n))
		n--;
	while (n > 0 && stem[n - 1] == '-')
		n--;
	stem[n] = '\0';
	return n > 0 ? stem : arena_strdup(a, "site");
}

char *
shelf_free_path(struct arena *a, const char *dir, const char *name)
{
	char *stem = file_stem(a, name);
	char *path = arena_printf(a, "%s/%s" SHELF_SUFFIX, dir, stem);
	int i;

	for (i = 2; access(path, F_OK) == 0 && i < TRIES; i++)
		path = arena_printf(a, "%s/%s-%d" SHELF_SUFFIX, dir, stem, i);
	return path;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

char *
shelf_stem(struct arena *a, const char *path)
{
	const char *base = base_name(path);
	size_t len = strlen(base), suffix = sizeof SHELF_SUFFIX - 1;

	if (len > suffix && strcmp(base + len - suffix, SHELF_SUFFIX) == 0)
		len -= suffix;
	return text_sanitise(a, base, len, FILE_NAME_MAX, false);
}

char *
shelf_beside(struct arena *a, const struct sitefile *file, const char *ending)
{
	const char *path = file != NULL ? sitefile_path(file) : "site";
	size_t len = strlen(path), suffix = sizeof SHELF_SUFFIX - 1;

	if (len > suffix && strcmp(path + len - suffix, SHELF_SUFFIX) == 0)
		len -= suffix;
	return arena_printf(a, "%.*s%s", (int)len, path, ending);
}

/* Never over another file, as far as the file system can promise that. */
static int
move_file(const char *from, const char *to, struct error *err)
{
	int rc = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);

	if (rc != 0 && errno == EINVAL && access(to, F_OK) != 0)
		rc = rename(from, to);
	return rc == 0 ?
	    0 :
	    error_set_errno(err, errno, _("The site file cannot be moved"));
}

/* --- copies ------------------------------------------------------------ */

static int
fill_copy(struct sitefile *f, const struct record *r, const char *name,
    struct error *err)
{
	struct site_info info = r->site;
	size_t i;
	int rc;

	info.name = (char *)(uintptr_t)name;
	rc = sitefile_save_site(f, &info, err);
	if (rc == 0)
		rc = sitefile_save_products(f, &r->products, err);
	for (i = 0; rc == 0 && i < r->nanswers; i++)
		rc = sitefile_save_answer(f, r->answers[i].product,
		    r->answers[i].question, r->answers[i].value, err);
	return rc;
}

/* Made under a name that no list shows, so that half a copy is never taken
 * for a site. */
static int
write_copy(const struct record *r, const char *to, const char *name,
    struct error *err)
{
	struct arena *a = arena_new();
	const char *base = base_name(to);
	char *draft = arena_printf(a, "%.*s.%s.new", (int)(base - to), to,
	    base);
	struct sitefile *f;
	int rc = -1;

	unlink(draft); /* of a copy that was cut short */
	f = sitefile_create(draft, err);
	if (f != NULL)
		rc = fill_copy(f, r, name, err);
	sitefile_close(f);
	if (rc == 0)
		rc = move_file(draft, to, err);
	if (rc != 0)
		unlink(draft);
	arena_free(a);
	return rc;
}

int
shelf_duplicate(const char *from, const char *to, const char *name,
    struct error *err)
{
	struct sitefile *f = sitefile_open(from, true, err);
	struct record *r = f == NULL ? NULL : sitefile_load(f, err);
	int rc = r == NULL ? -1 : write_copy(r, to, name, err);

	record_free(r);
	sitefile_close(f);
	return rc;
}

/* --- the archive ------------------------------------------------------- */

int
shelf_move(const char *path, const char *dir, struct error *err)
{
	struct arena *a = arena_new();
	struct error why = {0};
	struct sitefile *f;
	char *to, *log;
	int rc = -1;

	/* Opened and closed once: nobody else has it, and what a killed
	 * program left in its log comes into the file. */
	f = sitefile_open(path, false, &why);
	sitefile_close(f);
	if (f == NULL && why.code == ERR_BUSY) {
		if (err != NULL)
			*err = why;
	} else if (file_make_dirs(dir, err) == 0) {
		to = shelf_free_path(a, dir, shelf_stem(a, path));
		rc = move_file(path, to, err);
		/* A damaged file's log may be what saves it one day. */
		log = arena_printf(a, "%s-wal", path);
		if (rc == 0 && access(log, F_OK) == 0)
			rc = move_file(log, arena_printf(a, "%s-wal", to), err);
	}
	arena_free(a);
	return rc;
}

/* --- where one was ----------------------------------------------------- */

static char *
last_path(struct arena *a)
{
	const char *dir = file_data_dir(a);

	return dir == NULL ? NULL : arena_printf(a, "%s/last-site", dir);
}

void
shelf_set_last(const char *path)
{
	struct arena *a = arena_new();
	const char *file = last_path(a), *dir = file_data_dir(a);
	char *full = path == NULL ? NULL : realpath(path, NULL);
	struct error err;

	/* A convenience: where it cannot be kept, nothing is lost. */
	if (file != NULL && path == NULL)
		unlink(file);
	else if (file != NULL && full != NULL &&
	    file_make_dirs(dir, &err) == 0 &&
	    file_write_atomic(file, full, strlen(full), &err) != 0)
		unlink(file);
	free(full);
	arena_free(a);
}

char *
shelf_last(struct arena *a)
{
	const char *file = last_path(a);
	struct error err;
	struct buf text;
	char *path = NULL;

	buf_init(&text, PATH_TEXT_MAX);
	if (file != NULL && file_read(file, PATH_TEXT_MAX, &text, &err) == 0 &&
	    text.len > 0 && memchr(text.data, '\0', text.len) == NULL &&
	    access(buf_str(&text), F_OK) == 0)
		path = arena_strdup(a, buf_str(&text));
	buf_free(&text);
	return path;
}
