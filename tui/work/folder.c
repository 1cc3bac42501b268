/* SPDX-License-Identifier: MIT */
/* Owns paths as people type them. */
#include "tui/work/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/i18n.h"

#define KILO 1000

static char *
trimmed(struct arena *a, const char *text)
{
	size_t len;

	while (*text == ' ')
		text++;
	len = strlen(text);
	while (len > 0 && text[len - 1] == ' ')
		len--;
	return arena_strndup(a, text, len);
}

static char *
at_home(struct arena *a, const char *rest, struct error *err)
{
	const char *home = getenv("HOME");

	if (*rest != '\0' && *rest != '/') {
		error_set(err, ERR_USAGE,
		    _("\"~\" stands for your own home folder only, as in "
		      "~/Documents."));
		return NULL;
	}
	if (home == NULL || *home != '/') {
		error_set(err, ERR_USAGE,
		    _("Your home folder is not known here; type the whole "
		      "path in place of \"~\"."));
		return NULL;
	}
	return arena_printf(a, "%s%s", home, rest);
}

char *
folder_path(struct arena *a, const char *typed, struct error *err)
{
	char *text = trimmed(a, typed), *here, *path;

	if (*text == '\0') {
		error_set(err, ERR_USAGE, _("Type the name of a folder."));
		return NULL;
	}
	if (*text == '~')
		return at_home(a, text + 1, err);
	if (*text == '/')
		return text;
	here = getcwd(NULL, 0);
	if (here == NULL) {
		error_set_errno(err, errno,
		    _("The folder of this program cannot be found"));
		return NULL;
	}
	path = arena_printf(a, "%s/%s", here, text);
	free(here);
	return path;
}

static int
check_place(const char *path, const struct stat *st, struct error *err)
{
	if (!S_ISDIR(st->st_mode))
		return error_set(err, ERR_USAGE,
		    _("%s is a file, not a folder."), path);
	if (access(path, W_OK | X_OK) == 0)
		return 0;
	if (errno == EROFS)
		return error_set(err, ERR_USAGE,
		    _("Nothing can be written on the disk of %s."), path);
	return error_set(err, ERR_USAGE, _("You may not write in %s."), path);
}

int
folder_check(const char *path, bool *exists, struct error *err)
{
	struct arena *a = arena_new();
	char *at = arena_strdup(a, path), *slash;
	struct stat st;
	int rc;

	*exists = false;
	rc = stat(at, &st);
	*exists = rc == 0;
	/* What is not there would be made in the nearest folder that is. */
	while (rc != 0 && errno == ENOENT &&
	    (slash = strrchr(at, '/')) != NULL && at[1] != '\0') {
		slash[slash == at] = '\0';
		rc = stat(at, &st);
	}
	if (rc != 0 && errno == ENOTDIR)
		error_set(err, ERR_USAGE,
		    _("A part of %s is a file, not a folder."), path);
	else if (rc != 0)
		error_set_errno(err, errno, _("%s cannot be used"), path);
	else
		rc = check_place(at, &st, err);
	arena_free(a);
	return rc;
}

const char *
folder_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

char *
folder_size(struct arena *a, size_t bytes)
{
	if (bytes < KILO)
		return arena_printf(a,
		    P_("%zu byte", "%zu bytes", (unsigned long)bytes), bytes);
	if (bytes < (size_t)KILO * KILO)
		return arena_printf(a, _("%zu kB"), (bytes + KILO / 2) / KILO);
	return arena_printf(a, _("%zu MB"),
	    (bytes + KILO * KILO / 2) / (KILO * KILO));
}

char *
folder_quoted(struct arena *a, const char *path)
{
	struct buf out;
	char *text;

	buf_init(&out, 4 * strlen(path) + 8);
	buf_addc(&out, '\'');
	for (; *path != '\0'; path++) {
		if (*path == '\'')
			buf_adds(&out, "'\\''");
		else
			buf_addc(&out, *path);
	}
	buf_addc(&out, '\'');
	text = arena_strdup(a, buf_str(&out));
	buf_free(&out);
	return text;
}
