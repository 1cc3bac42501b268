/* SPDX-License-Identifier: MIT */
/* Owns the head of the handover sheet: which paper this is, what it is worth,
 * and its verdict. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/handover/handover.h"
#include "core/export/summary.h"
#include "core/record/declaration.h"
#include "core/record/edition.h"

#define COLUMN HANDOVER_COLUMN
#define QR_HASH_DIGITS 32
#define NUMBER_COLUMNS 4

/* A declaration is for certain results; for others it is none. */
static bool
is_declared(const struct record *r, enum party party)
{
	const struct declaration *d = declaration_of(r, party);

	return d != NULL && declaration_holds(r, d);
}

enum handover_status
handover_status(const struct record *r)
{
	if (r->started_us == 0 || !r->complete)
		return HANDOVER_PARTIAL;
	if (edition_is_draft(&r->edition) ||
	    !is_declared(r, PARTY_HANDS_OVER) || !is_declared(r, PARTY_ACCEPTS))
		return HANDOVER_DRAFT;
	return HANDOVER_FINAL;
}

static const char *
status_text(const struct record *r)
{
	bool over = is_declared(r, PARTY_HANDS_OVER);
	bool accepts = is_declared(r, PARTY_ACCEPTS);

	if (r->started_us == 0)
		return _("DRAFT: nothing was checked yet.");
	if (!r->complete)
		return _("PARTIAL: the check did not come to its end, so this "
			 "cannot be a final sheet.");
	if (edition_is_draft(&r->edition))
		return _("DRAFT: it was not issued from a site file, so it has "
			 "no number and no version.");
	if (over && accepts)
		return _("FINAL: both parties declared these results, and "
			 "nothing has changed since. Another answer or check "
			 "makes another version.");
	if (over)
		return _("DRAFT: it waits for the customer, who has not "
			 "accepted these results.");
	if (accepts)
		return _("DRAFT: it waits for the installer, who has not "
			 "declared these results.");
	return _("DRAFT: neither party has declared these results. It becomes "
		 "final by both declarations in the program; by hand, both "
		 "sign it below.");
}

static void
add_properties(const struct handover *h)
{
	const struct site_info *i = &h->r->site;
	const struct edition *e = &h->r->edition;
	struct sheet *s = h->p->sheet;

	s->title = arena_printf(h->a, _("Handover sheet: %s"),
	    summary_site(h->r));
	s->author = arena_strdup(h->a,
	    text_is_space(i->engineer) ? i->installer : i->engineer);
	s->running = edition_is_draft(e) ?
	    arena_strdup(h->a, _("a draft without a number")) :
	    arena_printf(h->a, _("%1$s, version %2$u"), e->id, e->version);
	s->state = NULL;
	if (handover_status(h->r) == HANDOVER_PARTIAL)
		s->state = arena_strdup(h->a, _("PARTIAL"));
	else if (handover_status(h->r) == HANDOVER_DRAFT)
		s->state = arena_strdup(h->a, _("DRAFT"));
	s->issued_us = edition_time(e, h->opt->now_us);
}

static void
add_edition(const struct handover *h)
{
	const struct edition *e = &h->r->edition;

	if (edition_is_draft(e)) {
		paper_field(h->p, 0, COLUMN, _("Document:"),
		    _("no number: this is a draft"));
		paper_field(h->p, 0, COLUMN, _("Status:"), status_text(h->r));
		paper_field(h->p, 0, COLUMN, _("Written:"),
		    summary_time(h->a, h->opt->now_us));
		return;
	}
	paper_field(h->p, 0, COLUMN, _("Document:"), e->id);
	paper_fieldf(h->p, 0, COLUMN, _("Version:"), "%u", e->version);
	paper_field(h->p, 0, COLUMN, _("Supersedes:"),
	    e->supersedes[0] == '\0' ?
		_("nothing; this is the first") :
		arena_printf(h->a,
		    _("%1$s, version %2$u, which counts no more"),
		    e->supersedes, e->version - 1));
	paper_field(h->p, 0, COLUMN, _("Status:"), status_text(h->r));
	paper_field(h->p, 0, COLUMN, _("Issued:"),
	    summary_time(h->a, e->issued_us));
}

/* Text only, and nothing of the site: so that paper and file can be matched
 * without a network. */
static void
add_code(const struct handover *h)
{
	const struct edition *e = &h->r->edition;
	struct sheet_block *b;

	if (h->hash[0] == '\0')
		return;
	b = sheet_add(h->p->sheet, SHEET_QR);
	b->text = arena_printf(h->a, "SITEHO1:%s:%.*s",
	    edition_is_draft(e) ? "DRAFT" : e->id, QR_HASH_DIGITS, h->hash);
	b->label = arena_strdup(h->a,
	    _("Number of this sheet and the first half of the SHA-256 of "
	      "handover.json, which it belongs to."));
}

void
handover_identity(const struct handover *h)
{
	add_properties(h);
	paper_title(h->p,
	    arena_printf(h->a, _("HANDOVER SHEET: %s"), summary_site(h->r)));
	add_edition(h);
	paper_fieldf(h->p, 0, COLUMN, _("Made with:"), "sitewalk %s",
	    h->r->tool_version);
	add_code(h);
	paper_blank(h->p);
}

/* What is in the way, by its number of things to do. */
static const char *
in_the_way(const struct handover *h)
{
	size_t n = h->r->nblocks;

	if (h->r->readiness != NOT_READY || n == 0)
		return NULL;
	return arena_printf(h->a,
	    P_("%zu thing is in the way; it stands below this box.",
		"%zu things are in the way; they stand below this box.", n),
	    n);
}

void
handover_verdict(const struct handover *h)
{
	static const enum sheet_tone tones[] = {
	    [NOT_READY] = TONE_BAD,
	    [READY_WITH_DEVIATIONS] = TONE_CAUTION,
	    [READY] = TONE_GOOD,
	};
	const struct record *r = h->r;
	struct summary s;
	const char *lines[5], *partial;
	size_t n = 0;

	summary_make(r, NULL, &s);
	partial = summary_partial(&s, h->a, r);
	lines[n++] = summary_verdict(s.verdict);
	if (partial != NULL)
		lines[n++] = partial;
	if (r->started_us != 0)
		lines[n++] = arena_printf(h->a, _("Checked %s."),
		    summary_time(h->a, r->started_us));
	lines[n++] = arena_printf(h->a,
	    P_("%zu line applies: %s.", "%zu lines apply: %s.", s.total),
	    s.total, summary_counts(&s, h->a));
	if (in_the_way(h) != NULL)
		lines[n++] = in_the_way(h);
	paper_box(h->p, lines, n);
	paper_tone(h->p, tones[s.verdict]);
}

const char *
handover_owner(const struct block *b)
{
	bool named = b->why == BLOCK_DEVIATION_EXPIRED ||
	    b->why == BLOCK_DEVIATION_INCOMPLETE;
	bool here = b->zone == ZONE_NONE || b->zone == ZONE_LAPTOP ||
	    b->cause == CAUSE_PERMISSION || b->cause == CAUSE_CANCELLED ||
	    b->cause == CAUSE_WRONG_INTERFACE ||
	    b->cause == CAUSE_NETWORK_CHANGED;

	return here && !named ? _("the installer") : b->owner;
}

/* --- product by product ------------------------------------------------ */

enum column { WORKS, FAILS, NOT_KNOWN, COLUMNS };

/* What was found, also where somebody accepts it: that does not make it work,
 * and what was not proved has not failed by it. */
static enum outcome
found(const struct need *n)
{
	int o;

	return n->accepted != NULL &&
		word_parse(&words_outcome, n->accepted, &o) ?
	    (enum outcome)o :
	    n->outcome;
}

/* What a customer wants to know of a line. */
static enum column
column_of(const struct need *n)
{
	switch (found(n)) {
	case OUTCOME_PASS:
	case OUTCOME_MARGINAL:
		return WORKS;
	case OUTCOME_FAIL:
	case OUTCOME_WARN:
		return FAILS;
	default:
		return NOT_KNOWN;
	}
}

/* What the failing lines mean to the customer, each once. A warning may have
 * another way that works, so it takes nothing away. */
static const char *
meaning(const struct handover *h, const char *product)
{
	const struct record *r = h->r;
	struct strlist said = {0};
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (summary_counts_in(n) && strcmp(n->product, product) == 0 &&
		    found(n) == OUTCOME_FAIL &&
		    !text_is_space(n->breaks_customer) &&
		    !strlist_has(&said, n->breaks_customer))
			strlist_add(h->a, &said, n->breaks_customer);
	}
	return summary_join(h->a, &said, " ");
}

static const char *
number(const struct handover *h, size_t n)
{
	return arena_printf(h->a, "%zu", n);
}

static void
add_product(const struct handover *h, const char *product, const char *title)
{
	const struct record *r = h->r;
	size_t of[COLUMNS] = {0}, i;
	const char *cells[COLUMNS + 2];
	bool failed = false;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!summary_counts_in(n) || strcmp(n->product, product) != 0)
			continue;
		of[column_of(n)]++;
		failed |= found(n) == OUTCOME_FAIL;
	}
	cells[0] = title;
	for (i = 0; i < COLUMNS; i++)
		cells[i + 1] = number(h, of[i]);
	cells[COLUMNS + 1] = failed || of[FAILS] == 0 ?
	    meaning(h, product) :
	    _("Nothing that is required: see the lines with a warning.");
	sheet_table_row(h->p->sheet,
	    failed                            ? TONE_BAD :
		of[FAILS] + of[NOT_KNOWN] > 0 ? TONE_CAUTION :
						TONE_GOOD,
	    cells);
}

void
handover_products(const struct handover *h)
{
	const struct sheet_column columns[] = {{_("Product"), 22},
	    {_("In order"), 10}, {_("Not in order"), 10}, {_("Not known"), 10},
	    {_("What does not work"), 36}};
	const struct record *r = h->r;
	size_t i;

	if (r->started_us == 0 || r->npacks == 0)
		return;
	paper_heading(h->p, _("Product by product"));
	sheet_table(h->p->sheet, columns, sizeof columns / sizeof *columns);
	for (i = 0; i < r->npacks; i++)
		add_product(h, r->packs[i].product, r->packs[i].title);
	paper_text(h->p, 0,
	    _("\"In order\" is what the network grants, seen from the place of "
	      "the check; it does not say that a product works. \"Not known\" "
	      "was not checked, or could not be proved from there."));
}

void
handover_blocks(const struct handover *h)
{
	const struct record *r = h->r;
	size_t i;

	if (r->nblocks > 0)
		paper_heading(h->p, _("What still blocks the handover"));
	for (i = 0; i < r->nblocks; i++) {
		paper_field(h->p, 0, NUMBER_COLUMNS,
		    arena_printf(h->a, "%zu.", i + 1), r->blocks[i].summary);
		paper_field(h->p, NUMBER_COLUMNS, COLUMN, _("Whose it is:"),
		    handover_owner(&r->blocks[i]));
	}
}
