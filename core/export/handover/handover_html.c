/* SPDX-License-Identifier: MIT */
/* Owns the handover sheet as an HTML file. */
#include "core/base/i18n.h"
#include "core/export/formats.h"
#include "core/export/papers.h"

static int
write_html(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	const struct sheet *s = handover_sheet(a, r, opt, err);
	int rc = s == NULL ? -1 : sheet_write_html(s, out, err);

	arena_free(a);
	return rc;
}

const struct export_format export_handover_html = {
    .document = EXPORT_HANDOVER,
    .group = EXPORT_SHEET,
    .name = "html",
    .file = "handover.html",
    .label = N_("Handover sheet, for a browser"),
    .use = N_("Open it on a computer or a phone; it needs nothing else."),
    .write = write_html,
};
