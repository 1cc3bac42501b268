/* SPDX-License-Identifier: MIT */
/* Owns the change request as a PDF file. */
#include "core/base/i18n.h"
#include "core/export/formats.h"
#include "core/export/papers.h"

static int
write_pdf(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	int rc = sheet_write_pdf(request_sheet(a, r, opt), out, err);

	arena_free(a);
	return rc;
}

const struct export_format export_request_pdf = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_CHANGE,
    .name = "pdf",
    .binary = true,
    .file = "firewall/request.pdf",
    .label = N_("Change request, PDF"),
    .use = N_("Send it to the IT desk, for approval and signature."),
    .write = write_pdf,
};
