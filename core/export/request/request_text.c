/* SPDX-License-Identifier: MIT */
/* Owns the change request as plain text, for desks that work by e-mail. */
#include "core/base/i18n.h"
#include "core/export/formats.h"
#include "core/export/papers.h"

static int
write_text(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	int rc = sheet_write_text(request_sheet(a, r, opt), opt->ncols, out,
	    err);

	arena_free(a);
	return rc;
}

const struct export_format export_request_text = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_CHANGE,
    .name = "text",
    .file = "firewall/request.txt",
    .label = N_("Change request, plain text"),
    .use = N_("Send it to the IT desk; it fits into an e-mail."),
    .write = write_text,
};
