/* SPDX-License-Identifier: MIT */
/* Owns the change request as an HTML file. */
#include "core/base/i18n.h"
#include "core/export/formats.h"
#include "core/export/papers.h"

static int
write_html(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	int rc = sheet_write_html(request_sheet(a, r, opt), out, err);

	arena_free(a);
	return rc;
}

const struct export_format export_request_html = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_CHANGE,
    .name = "html",
    .file = "firewall/request.html",
    .label = N_("Change request, for a browser"),
    .use = N_("Send it to the IT desk as a file; it opens in any browser."),
    .write = write_html,
};
