/* SPDX-License-Identifier: MIT */
/* Owns the whole record as one JSON document: findings and handover. */
#include "core/base/i18n.h"
#include "core/export/formats.h"
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

const struct export_format export_findings_json = {
    .document = EXPORT_FINDINGS,
    .name = "json",
    .file = "findings.json",
    .label = N_("Findings, the whole record as JSON"),
    .write = write_record,
};

const struct export_format export_handover_json = {
    .document = EXPORT_HANDOVER,
    .name = "json",
    .file = "handover.json",
    .label = N_("Handover, the whole record as JSON"),
    .write = write_record,
};
