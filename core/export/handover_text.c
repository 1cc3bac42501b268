/* SPDX-License-Identifier: MIT */
/* Owns the handover sheet as plain text: who, what, the verdict, how it was
 * found, and who signs. */
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/formats.h"
#include "core/export/handover.h"
#include "core/export/results.h"
#include "core/export/summary.h"
#include "core/record/json.h"

#define DOCUMENT_MAX ((size_t)64 << 20)
#define DOCUMENT_ID_DIGITS 12
#define HASH_GROUP 8

/* The digest of handover.json, which this sheet belongs to. */
static void
hash_of(const struct record *r, char out[DIGEST_HEX_SIZE])
{
	json_t *document = record_to_json(r);
	struct buf b;

	buf_init(&b, DOCUMENT_MAX);
	json_write(document, &b);
	digest_sha256_hex(buf_str(&b), b.len, out);
	buf_free(&b);
	json_decref(document);
}

static void
add_header(const struct paper *p, struct arena *a, const struct record *r,
    const struct export_options *opt, const char *hash)
{
	paper_title(p,
	    arena_printf(a, _("HANDOVER SHEET: %s"), summary_site(r)));
	paper_fieldf(p, 0, HANDOVER_COLUMN, _("Document:"), "HO-%.*s",
	    DOCUMENT_ID_DIGITS, hash);
	paper_field(p, 0, HANDOVER_COLUMN, _("Status:"),
	    _("draft, until it is signed"));
	paper_field(p, 0, HANDOVER_COLUMN, _("Issued:"),
	    summary_time(a, opt->now_us));
	paper_fieldf(p, 0, HANDOVER_COLUMN, _("Made with:"), "sitewalk %s",
	    r->tool_version);
	paper_blank(p);
}

static void
add_verdict(const struct paper *p, struct arena *a, const struct record *r)
{
	struct summary s;
	const char *lines[3];

	summary_make(r, NULL, &s);
	lines[0] = summary_verdict(s.verdict);
	lines[1] = r->started_us == 0 ?
	    _("This site was never checked.") :
	    arena_printf(a,
		r->complete ? _("Checked %s.") :
			      _("Checked %s; the check was cut short."),
		summary_time(a, r->started_us));
	lines[2] = arena_printf(a,
	    P_("%zu line applies: %s.", "%zu lines apply: %s.", s.total),
	    s.total, summary_counts(&s, a));
	paper_box(p, lines, 3);
}

static void
add_control(const struct paper *p, const struct record *r, const char *hash)
{
	const char *lines[2] = {_("U N S I G N E D"),
	    _("Nothing proves who made this sheet or that it is unchanged.")};
	struct buf b;
	size_t i;

	paper_heading(p, _("Document control"));
	buf_init(&b, DIGEST_HEX_SIZE * 2);
	for (i = 0; hash[i] != '\0'; i++) {
		if (i > 0 && i % HASH_GROUP == 0)
			buf_addc(&b, ' ');
		buf_addc(&b, hash[i]);
	}
	paper_field(p, 0, HANDOVER_COLUMN, _("File:"), "handover.json");
	paper_field(p, 0, HANDOVER_COLUMN, _("Its SHA-256:"), buf_str(&b));
	buf_free(&b);
	results_packs(p, r);
	paper_blank(p);
	paper_box(p, lines, 2);
}

static int
write_handover(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct paper p = {out, opt->ncols};
	struct arena *a = arena_new();
	char hash[DIGEST_HEX_SIZE];

	(void)err;
	hash_of(r, hash);
	add_header(&p, a, r, opt, hash);
	add_verdict(&p, a, r);
	handover_parties(&p, a, r);
	handover_extent(&p, a, r);
	handover_equipment(&p, a, r);
	results_devices(&p, a, r);
	handover_network(&p, a, r);
	handover_results(&p, a, r);
	handover_deviations(&p, a, r);
	handover_request(&p, a, r, opt);
	handover_untested(&p, a, r);
	handover_actions(&p, a, r);
	handover_signatures(&p, a, r);
	add_control(&p, r, hash);
	arena_free(a);
	return 0;
}

const struct export_format export_handover_text = {
    .document = EXPORT_HANDOVER,
    .name = "text",
    .file = "handover.txt",
    .label = N_("Handover sheet, plain text"),
    .write = write_handover,
};
