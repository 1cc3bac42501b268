/* SPDX-License-Identifier: MIT */
/* Owns printing a document, and the findings of a site file without a run. */
#include "tui/findings.h"

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "tui/say.h"
#include "tui/subject.h"

int
document_write(const struct record *r, enum export_document d,
    const struct options *o, enum request_scope scope)
{
	const struct export_options opt = {
	    .scope = scope,
	    .now_us = clock_wall_us(),
	    .ncols = SAY_COLUMNS,
	    .only = o->app.only,
	};
	const struct export_format *f = export_find(d, o->format);
	struct error err = {0};
	struct buf out;

	if (f == NULL) {
		error_set(&err, ERR_USAGE,
		    _("There is no format called \"%s\" for this command."),
		    o->format);
		return say_error(&err);
	}
	buf_init(&out, OUTPUT_MAX);
	if (f->write(r, &opt, &out, &err) != 0) {
		buf_free(&out);
		return say_error(&err);
	}
	return say_result(&out, o->out);
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
