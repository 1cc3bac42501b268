/* SPDX-License-Identifier: MIT */
/* The table of the formats, and writing all of them. */
#include <stdio.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/export/formats.h"

#define DOCUMENT_MAX ((size_t)64 << 20)

const struct export_format *const export_formats[] = {
    &export_findings_text,
    &export_findings_json,
    &export_handover_text,
    &export_handover_json,
    &export_request_text,
    &export_request_csv,
    &export_request_json,
};
const size_t export_format_count = sizeof export_formats /
    sizeof *export_formats;

const struct export_format *
export_find(enum export_document d, const char *name)
{
	size_t i;

	for (i = 0; i < export_format_count; i++) {
		if (export_formats[i]->document == d &&
		    strcmp(export_formats[i]->name, name) == 0)
			return export_formats[i];
	}
	return NULL;
}

static int
write_one(const struct export_format *f, const struct record *r,
    const struct export_options *opt, const char *path, struct error *err)
{
	struct buf out;
	int rc;

	buf_init(&out, DOCUMENT_MAX);
	rc = f->write(r, opt, &out, err);
	if (rc == 0 && out.overflowed)
		rc = error_set(err, ERR_INTERNAL,
		    _("The document is larger than this program can write."));
	if (rc == 0)
		rc = file_write_atomic(path, buf_str(&out), out.len, err);
	buf_free(&out);
	return rc;
}

/* The folder that the file stands in, made if missing. */
static int
make_parent(struct arena *a, const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL || slash == path)
		return 0;
	return file_make_dirs(arena_strndup(a, path, (size_t)(slash - path)),
	    err);
}

int
export_all(const struct record *r, const struct export_options *opt,
    const char *dir, void (*wrote)(void *arg, const char *path), void *arg,
    struct error *err)
{
	struct arena *a = arena_new();
	const struct export_format *f;
	const char *path;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < export_format_count; i++) {
		f = export_formats[i];
		if (f->document == EXPORT_FINDINGS)
			continue;
		path = arena_printf(a, "%s/%s", dir, f->file);
		rc = make_parent(a, path, err);
		if (rc == 0)
			rc = write_one(f, r, opt, path, err);
		if (rc == 0 && wrote != NULL)
			wrote(arg, path);
	}
	arena_free(a);
	return rc;
}
