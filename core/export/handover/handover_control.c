/* SPDX-License-Identifier: MIT */
/* Owns the end of the handover sheet: what it was measured with, and how its
 * file is known and verified. */
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/handover/handover.h"
#include "core/export/results.h"
#include "core/export/summary.h"
#include "core/record/clock_witness.h"
#include "core/record/edition.h"

#define COLUMN HANDOVER_COLUMN
#define HASH_GROUP 8
#define TENTH_US 100000
#define SECOND_US 1000000
#define HOUR_US INT64_C(3600000000)

/* --- instrument -------------------------------------------------------- */

/* "2.5 s", "26 h": as exact as it matters. */
static const char *
span_text(struct arena *a, int64_t us)
{
	int64_t tenths = us / TENTH_US;

	if (us >= 2 * HOUR_US)
		return arena_printf(a, _("%lld hours"),
		    (long long)(us / HOUR_US));
	return arena_printf(a, _("%1$lld.%2$lld seconds"),
	    (long long)(tenths / 10), (long long)(tenths % 10));
}

/* By time servers to a tenth of a second, by dates of web replies to one. */
static const char *
offset_text(struct arena *a, const struct clock_witnesses *w)
{
	int64_t us = w->servers > 0 ? w->server_offset_us : w->offset_us;
	int64_t off = llabs(us);

	if (w->servers > 0 && off < TENTH_US)
		return _("The computer's clock was right to a tenth of a "
			 "second.");
	if (w->servers == 0 && off < SECOND_US)
		return _("The computer's clock was right to about a second.");
	return arena_printf(a,
	    us > 0 ? _("The computer's clock was %s behind.") :
		     _("The computer's clock was %s ahead."),
	    span_text(a, off));
}

/* What the times on this sheet are worth. */
static const char *
clock_text(const struct handover *h)
{
	struct clock_witnesses w;
	const char *offset;

	record_clock(h->r, &w);
	offset = offset_text(h->a, &w);
	if (w.heard == 0)
		return _("No time server and no dated web reply was seen, so "
			 "the times are those of the computer and of nobody "
			 "else.");
	if (w.count < 2)
		return arena_printf(h->a,
		    w.heard == 1 ?
			_("Only one time server or dated web reply was seen, "
			  "which proves little. By it: %s") :
			_("Time servers and dated web replies did not agree, "
			  "which proves little. In the middle of them: %s"),
		    offset);
	if (w.count >= w.heard)
		return arena_printf(h->a,
		    _("%1$zu time servers and dated web replies were seen, "
		      "and they agree. %2$s"),
		    w.heard, offset);
	return arena_printf(h->a,
	    _("Of %1$zu time servers and dated web replies %2$zu agree within "
	      "ten seconds. By these: %3$s"),
	    w.heard, w.count, offset);
}

/* Capabilities that a probe asked for in vain. */
static struct strlist
missing_rights(const struct handover *h)
{
	const struct record *r = h->r;
	struct strlist out = {0};
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];
		const char *right = json_string_value(
		    json_object_get(o->detail, "right"));

		if (o->failure == CAUSE_PERMISSION && right != NULL &&
		    !strlist_has(&out, right))
			strlist_add(h->a, &out, right);
	}
	return out;
}

static void
add_rights(const struct handover *h)
{
	const char *rights = h->r->vantage.rights;
	struct strlist missing = missing_rights(h);

	paper_field(h->p, 0, COLUMN, _("Rights:"),
	    rights == NULL      ? _("it was not kept which rights it had") :
		*rights == '\0' ? _("an ordinary user's") :
				  rights);
	if (missing.count > 0)
		paper_field(h->p, 0, COLUMN, _("Rights missing:"),
		    arena_printf(h->a,
			_("%s; what needs this was not measured"),
			summary_join(h->a, &missing, ", ")));
}

void
handover_instrument(const struct handover *h)
{
	const struct record *r = h->r;
	const struct vantage *v = &r->vantage;

	paper_heading(h->p, _("Measured with"));
	paper_field(h->p, 0, COLUMN, _("Program:"),
	    arena_printf(h->a, "sitewalk %s", r->tool_version));
	if (r->started_us != 0) {
		paper_field(h->p, 0, COLUMN, _("Computer:"),
		    arena_printf(h->a, "%s, %s", v->hostname, v->os));
		paper_field(h->p, 0, COLUMN, _("Interface:"),
		    v->interface[0] == '\0' ? _("none") : v->interface);
		add_rights(h);
		paper_field(h->p, 0, COLUMN, _("Clock:"),
		    strcmp(v->clock_source, "system") == 0 ?
			_("the clock of this computer") :
			v->clock_source);
		paper_field(h->p, 0, COLUMN, "", clock_text(h));
	}
	paper_field(h->p, 0, COLUMN, _("Judged:"),
	    r->as_of == NULL ? _("as of the day of the check") :
			       arena_printf(h->a, _("as of %s"), r->as_of));
	results_packs(h->p, r);
}

/* --- document control -------------------------------------------------- */

static const char *
grouped(struct arena *a, const char *hash)
{
	struct buf b;
	const char *text;
	size_t i;

	buf_init(&b, (size_t)DIGEST_HEX_SIZE * 2);
	for (i = 0; hash[i] != '\0'; i++) {
		if (i > 0 && i % HASH_GROUP == 0)
			buf_addc(&b, ' ');
		buf_addc(&b, hash[i]);
	}
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

static void
add_code(const struct handover *h, const char *command)
{
	sheet_add(h->p->sheet, SHEET_CODE)->text = arena_strdup(h->a, command);
}

static void
add_unsigned(const struct handover *h)
{
	const char *const lines[] = {_("U N S I G N E D"),
	    _("Nothing proves who made this sheet or that it is unchanged.")};

	paper_text(h->p, 0,
	    _("Whoever has the file can see whether it is the one that this "
	      "sheet belongs to: the first command must print the SHA-256 "
	      "above."));
	add_code(h, "sha256sum handover.json");
	add_code(h, "sitewalk verify handover.json");
	paper_blank(h->p);
	paper_box(h->p, lines, sizeof lines / sizeof *lines);
	paper_tone(h->p, TONE_BAD);
}

static void
add_signed(const struct handover *h)
{
	paper_field(h->p, 0, COLUMN, _("Signature:"), "handover.json.sig");
	paper_field(h->p, 0, COLUMN, _("Signing key:"),
	    signer_fingerprint(h->opt->signer));
	paper_text(h->p, 0,
	    _("To verify, with both files in one folder: the first command "
	      "must print the SHA-256 above, the second the key above."));
	add_code(h, "sha256sum handover.json");
	add_code(h,
	    "ssh-keygen -Y check-novalidate -n " SEAL_NAMESPACE " \\\n"
	    "    -s handover.json.sig < handover.json");
	paper_text(h->p, 0,
	    _("With a list of the keys that you trust (allowed_signers), in "
	      "which NAME stands for the owner of the key:"));
	add_code(h,
	    "ssh-keygen -Y verify -f allowed_signers -I NAME \\\n"
	    "    -n " SEAL_NAMESPACE " -s handover.json.sig < handover.json");
	paper_text(h->p, 0, _("Or with this program:"));
	add_code(h, "sitewalk verify handover.json");
	paper_text(h->p, 0,
	    _("The signature proves that the file has not changed since this "
	      "key signed it. It does not prove that the readings are honest, "
	      "that the clock was right, or who held the key."));
}

void
handover_control(const struct handover *h)
{
	const struct edition *e = &h->r->edition;

	paper_heading(h->p, _("Document control"));
	if (!edition_is_draft(e))
		paper_fieldf(h->p, 0, COLUMN, _("Document:"),
		    _("%1$s, version %2$u; it counts until a later version is "
		      "issued, which then names this one"),
		    e->id, e->version);
	paper_field(h->p, 0, COLUMN, _("File:"), "handover.json");
	paper_field(h->p, 0, COLUMN, _("Its SHA-256:"),
	    h->hash[0] == '\0' ? _("it could not be made") :
				 grouped(h->a, h->hash));
	if (h->opt->signer == NULL)
		add_unsigned(h);
	else
		add_signed(h);
}
