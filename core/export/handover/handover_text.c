/* SPDX-License-Identifier: MIT */
/* Owns the handover sheet: who, what, the verdict, how it was found, and who
 * signs; and how it is written as plain text. */
#include "core/base/i18n.h"
#include "core/export/formats.h"
#include "core/export/handover/handover.h"
#include "core/export/job.h"
#include "core/export/papers.h"

#define DOCUMENT_MAX ((size_t)64 << 20)

/* The digest of handover.json, byte for byte as that is written beside this
 * sheet. */
static int
hash_of(struct handover *h, struct error *err)
{
	struct buf b;
	int rc;

	buf_init(&b, DOCUMENT_MAX);
	rc = export_handover_json.write(h->r, h->opt, &b, err);
	if (rc == 0 && !b.overflowed)
		digest_sha256_hex(buf_str(&b), b.len, h->hash);
	buf_free(&b);
	return rc;
}

static struct sheet *
make_sheet(struct arena *a, const struct record *r,
    const struct export_options *opt, struct error *err)
{
	static void (*const sections[])(const struct handover *h) = {
	    handover_identity,
	    handover_verdict,
	    handover_products,
	    handover_blocks,
	    handover_parties,
	    handover_extent,
	    handover_equipment,
	    handover_network,
	    handover_results,
	    handover_deviations,
	    handover_request,
	    handover_untested,
	    handover_actions,
	    handover_instrument,
	    handover_signatures,
	    handover_control,
	};
	struct paper p = paper_begin(a, opt);
	struct handover h = {.p = &p, .a = a, .r = r, .opt = opt};
	size_t i;

	if (hash_of(&h, err) != 0)
		return NULL;
	for (i = 0; i < sizeof sections / sizeof *sections; i++)
		sections[i](&h);
	return p.sheet;
}

const struct sheet *
handover_sheet(struct arena *a, const struct record *r,
    const struct export_options *opt, struct error *err)
{
	const struct sheet *s = job_kept(opt->job, JOB_HANDOVER_SHEET);

	if (s != NULL)
		return s;
	s = make_sheet(job_arena(opt->job, a), r, opt, err);
	return s == NULL ? NULL : job_keep(opt->job, JOB_HANDOVER_SHEET, s);
}

static int
write_text(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	const struct sheet *s = handover_sheet(a, r, opt, err);
	int rc = s == NULL ? -1 : sheet_write_text(s, opt->ncols, out, err);

	arena_free(a);
	return rc;
}

const struct export_format export_handover_text = {
    .document = EXPORT_HANDOVER,
    .group = EXPORT_SHEET,
    .name = "text",
    .file = "handover.txt",
    .label = N_("Handover sheet, plain text"),
    .use = N_("Print it, sign it together, and give it to the customer."),
    .write = write_text,
};
