/* SPDX-License-Identifier: MIT */
/* Owns printing a document, and the findings of a site file without a run. */
#include "tui/commands/findings.h"

#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "tui/work/key.h"
#include "tui/work/say.h"
#include "tui/commands/subject.h"

static int
write_out(const struct export_format *f, const struct export_options *opt,
    struct buf *out, const char *path)
{
	const char *namespace = export_namespace(f);
	bool beside = namespace != NULL && opt->signer != NULL && path != NULL;
	int status = key_write(beside ? opt->signer : NULL, namespace, out,
	    path);

	/* The handover has a seal of its own in it. */
	if (status == EXIT_OK &&
	    (beside || f == export_find(EXPORT_HANDOVER, "json")))
		key_tell(opt->signer);
	return status;
}

int
document_write(const struct record *r, enum export_document d,
    const struct options *o, enum request_scope scope)
{
	struct export_options opt = {
	    .scope = scope,
	    .now_us = clock_wall_us(),
	    .ncols = SAY_COLUMNS,
	    .only = o->app.only,
	    .size = o->paper,
	};
	const struct export_format *f = export_find(d, o->format);
	struct error err = {0};
	struct buf out;
	int status;

	if (f == NULL) {
		error_set(&err, ERR_USAGE,
		    _("There is no format called \"%s\" for this command."),
		    o->format);
		return say_error(&err);
	}
	if ((d == EXPORT_HANDOVER || export_namespace(f) != NULL) &&
	    key_open(o->key, &opt.signer, &err) != 0)
		return say_error(&err);
	buf_init(&out, OUTPUT_MAX);
	status = export_write(f, r, &opt, &out, &err) != 0 ?
	    say_error(&err) :
	    write_out(f, &opt, &out, o->out);
	buf_free(&out);
	signer_close(opt.signer);
	return status;
}

int
document_check(enum export_document d, const struct options *o)
{
	const struct export_format *f = export_find(d, o->format);
	struct error err = {0};

	if (f == NULL || !f->binary || o->out != NULL || !isatty(STDOUT_FILENO))
		return EXIT_OK;
	error_set(&err, ERR_USAGE, "%s",
	    _("This format is no text, so it is not written to the "
	      "terminal."));
	error_hint(&err, "%s",
	    _("Name a file for it, for example: -o handover.pdf"));
	return say_error(&err);
}

int
findings_print(const struct options *o)
{
	struct subject s;
	int status = subject_open(&s, o, true);

	if (status == EXIT_OK)
		status = document_write(s.site->record, EXPORT_FINDINGS, o,
		    SCOPE_NEEDED);
	if (status == EXIT_OK)
		status = subject_verdict(s.site->record, o->app.only);
	subject_close(&s);
	return status;
}
