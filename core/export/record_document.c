/* SPDX-License-Identifier: MIT */
/* Owns the whole record as one JSON document: findings and handover. */
#include "core/base/i18n.h"
#include "core/export/formats.h"
#include "core/export/job.h"
#include "core/record/json.h"

static int
write_record(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	json_t *document = record_to_json(r);

	(void)opt;
	(void)err;
	json_write(document, out);
	json_decref(document);
	return 0;
}

/* The same with its seal: what leaves the site. Who holds the key is asked
 * once for all papers of a set. */
static int
write_sealed(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct buf *kept = opt->job == NULL ? out : &opt->job->sealed;

	if (kept->len == 0 && seal_write(r, opt->signer, kept, err) != 0) {
		buf_clear(kept);
		return -1;
	}
	if (kept != out)
		buf_add(out, kept->data, kept->len);
	out->overflowed |= kept->overflowed;
	return 0;
}

const struct export_format export_findings_json = {
    .document = EXPORT_FINDINGS,
    .name = "json",
    .file = "findings.json",
    .label = N_("Findings, the whole record as JSON"),
    .write = write_record,
};

const struct export_format export_handover_json = {
    .document = EXPORT_HANDOVER,
    .group = EXPORT_SHEET,
    .name = "json",
    .file = "handover.json",
    .label = N_("Handover, the whole record as JSON"),
    .use = N_("Keep it: it holds everything, and support can review it."),
    .write = write_sealed,
};
