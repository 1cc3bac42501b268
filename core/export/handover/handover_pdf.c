/* SPDX-License-Identifier: MIT */
/* Owns the handover sheet as a PDF file. */
#include "core/base/i18n.h"
#include "core/export/formats.h"
#include "core/export/papers.h"

static int
write_pdf(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	const struct sheet *s = handover_sheet(a, r, opt, err);
	int rc = s == NULL ? -1 : sheet_write_pdf(s, out, err);

	arena_free(a);
	return rc;
}

const struct export_format export_handover_pdf = {
    .document = EXPORT_HANDOVER,
    .group = EXPORT_SHEET,
    .name = "pdf",
    .binary = true,
    .file = "handover.pdf",
    .label = N_("Handover sheet, PDF"),
    .use = N_("Print it, sign it together, and give it to the customer."),
    .write = write_pdf,
};
