/* SPDX-License-Identifier: MIT */
/* Owns the results on the handover sheet: the causes, the lines that did not
 * pass with all that is known of them, every line in a table, and apart from
 * all that what a person stated. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/handover/handover.h"
#include "core/export/results.h"
#include "core/export/summary.h"
#include "core/pack/pack.h"

#define INDENT 4
#define COLUMN 18
#define MARK_COLUMNS 15
#define SHOWN_PROBES 6

const char *
handover_person(const char *who)
{
	return text_is_space(who) ? _("somebody not named") : who;
}

/* --- how and when a line is known -------------------------------------- */

/* Did any of its probes put a packet on the network? Without the
 * observations, as in an old file, they are believed to have. */
static bool
has_sent(const struct record *r, const struct need *n)
{
	const struct observation *o;
	size_t i, found = 0;

	for (i = 0; i < n->probes.count; i++) {
		o = record_observation(r, n->probes.item[i]);
		if (o == NULL)
			continue;
		found++;
		if (o->nattempts > 0)
			return true;
	}
	return found == 0;
}

const char *
handover_method(const struct record *r, const struct need *n)
{
	if (n->probes.count == 0 || n->rung == RUNG_NONE ||
	    n->rung == RUNG_LOCAL_ERROR)
		return _("not measured");
	return has_sent(r, n) ? _("measured") :
				_("inspected (read on the computer)");
}

int64_t
handover_when(const struct record *r, const struct need *n)
{
	const struct observation *o;
	int64_t when = 0;
	size_t i;

	for (i = 0; i < n->probes.count; i++) {
		o = record_observation(r, n->probes.item[i]);
		if (o != NULL && o->started_us > when)
			when = o->started_us;
	}
	return when;
}

/* "23:13:05", or with its day where the run began on another. */
static const char *
clock_text(const struct handover *h, int64_t when_us)
{
	const int64_t day = INT64_C(86400) * 1000000;
	char iso[CLOCK_ISO_SIZE];

	if (when_us <= 0)
		return "";
	clock_iso(when_us, false, iso);
	if (when_us / day != h->r->started_us / day)
		return arena_printf(h->a, "%.10s %.8s", iso, iso + 11);
	return arena_printf(h->a, "%.8s", iso + 11);
}

static const char *
evidence(const struct handover *h, const struct need *n)
{
	struct strlist first = {n->probes.item, n->probes.count};

	if (n->probes.count <= SHOWN_PROBES)
		return summary_join(h->a, &n->probes, ", ");
	first.count = SHOWN_PROBES;
	return arena_printf(h->a, _("%1$s and %2$zu more"),
	    summary_join(h->a, &first, ", "), n->probes.count - SHOWN_PROBES);
}

/* What was seen in the words of the ladder: never more than that. */
static const char *
seen_text(const struct handover *h, const struct need *n)
{
	const char *method = handover_method(h->r, n);

	if (n->rung == RUNG_NONE)
		return method;
	return arena_printf(h->a, "%s: %s", method,
	    word_label(&words_rung, (int)n->rung));
}

static const char *
requirement_text(const struct handover *h, const struct need *n)
{
	const char *flow = summary_flow(h->a, n);
	const char *text = n->protocol == PROTO_NONE ?
	    flow :
	    arena_printf(h->a, "%s: %s", n->service, flow);

	if (n->strength == STRENGTH_REQUIRED)
		return text;
	return arena_printf(h->a, "%s (%s)", text,
	    word_label(&words_strength, (int)n->strength));
}

/* What is not decided is no failure, but nothing to leave alone either. */
static enum sheet_tone
tone_of(const struct need *n)
{
	return n->outcome == OUTCOME_FAIL ? TONE_BAD :
	    n->outcome == OUTCOME_PASS    ? TONE_GOOD :
					    TONE_CAUTION;
}

/* --- one line with all that is known ----------------------------------- */

/* The number of the cause that explains n, or 0. */
static size_t
cause_number(const struct record *r, const struct need *n)
{
	size_t i;

	for (i = 0; i < r->ndiagnoses; i++) {
		if (strlist_has(&r->diagnoses[i].explains, n->id))
			return i + 1;
	}
	return 0;
}

static void
field(const struct handover *h, const char *label, const char *text)
{
	paper_field(h->p, INDENT, COLUMN, label, text);
}

/* What has been measured again since; nothing where nothing was. */
static void
add_earlier(const struct handover *h, const struct need *n)
{
	size_t at = 0, count = 0;

	while (record_earlier_of(h->r, n, &at) != NULL)
		count++;
	if (count > 0)
		paper_fieldf(h->p, INDENT, COLUMN, _("Before:"),
		    P_("%zu earlier measurement is kept in the file",
			"%zu earlier measurements are kept in the file", count),
		    count);
}

/* A cause is told once, with what to do about it. */
static void
add_advice(const struct handover *h, const struct need *n)
{
	size_t number = cause_number(h->r, n);

	if (number > 0) {
		paper_fieldf(h->p, INDENT, COLUMN, _("Do:"),
		    _("see cause %zu above"), number);
		return;
	}
	field(h, _("Do:"), n->advice_installer);
	field(h, _("IT desk:"), n->advice_it);
	field(h, _("Customer:"), n->advice_customer);
}

void
handover_line(const struct handover *h, const struct need *n)
{
	int64_t when = handover_when(h->r, n);
	int found;

	paper_field(h->p, 0, MARK_COLUMNS, summary_mark(n->outcome), n->id);
	paper_tone(h->p, tone_of(n));
	paper_text(h->p, INDENT, requirement_text(h, n));
	field(h, _("Asked for by:"), summary_source(h->a, n));
	field(h, _("Demanded:"),
	    word_label(&words_rung, (int)n->required_rung));
	field(h, _("Method:"), seen_text(h, n));
	field(h, _("Seen:"), n->summary);
	if (when != 0)
		field(h, _("When:"),
		    arena_printf(h->a, "%s UTC", clock_text(h, when)));
	field(h, _("Evidence:"), evidence(h, n));
	add_earlier(h, n);
	if (n->accepted != NULL &&
	    word_parse(&words_outcome, n->accepted, &found))
		field(h, _("Found:"), word_label(&words_outcome, found));
	if (n->cause != CAUSE_NONE)
		paper_fieldf(h->p, INDENT, COLUMN, _("Cause:"), "%s (%s)",
		    word_label(&words_cause, (int)n->cause),
		    word_name(&words_cause, (int)n->cause));
	if (n->zone != ZONE_NONE)
		field(h, _("Where:"), word_label(&words_zone, (int)n->zone));
	field(h, _("Blocked by:"), summary_join(h->a, &n->blocked_by, ", "));
	add_advice(h, n);
}

/* Lines that were tried and are not simply good, the worst first. What was
 * not tried has a section of its own. */
static void
add_trouble(const struct handover *h)
{
	static const enum outcome telling[] = {OUTCOME_FAIL, OUTCOME_UNPROVEN,
	    OUTCOME_WAIVED, OUTCOME_WARN, OUTCOME_MARGINAL};
	const struct record *r = h->r;
	size_t i, k, count = 0;

	for (i = 0; i < sizeof telling / sizeof *telling; i++) {
		for (k = 0; k < r->nneeds; k++) {
			const struct need *n = &r->needs[k];

			if (!summary_counts_in(n) || n->outcome != telling[i])
				continue;
			if (count++ == 0)
				paper_subheading(h->p,
				    _("Lines that did not simply pass"));
			handover_line(h, n);
		}
	}
}

/* --- every line -------------------------------------------------------- */

/* "zencontrol.txt, lines 5,24; assumed, note 3": an assumption is written out
 * once, below the table. */
static const char *
source_text(const struct handover *h, const struct need *n,
    struct strlist *notes)
{
	const struct source *s = &n->source;
	const char *text = "";
	size_t i;

	if (s->document != NULL && s->lines != NULL && s->lines[0] != '\0')
		text = arena_printf(h->a, _("%s, lines %s"), s->document,
		    s->lines);
	if (s->assumed == NULL)
		return text;
	if (!strlist_has(notes, s->assumed))
		strlist_add(h->a, notes, s->assumed);
	for (i = 0; strcmp(notes->item[i], s->assumed) != 0; i++)
		;
	return arena_printf(h->a, _("%s%sassumed, note %zu"), text,
	    text[0] != '\0' ? "; " : "", i + 1);
}

/* "measured: something answered, as demanded" */
static const char *
proof_text(const struct handover *h, const struct need *n)
{
	const char *seen = seen_text(h, n);

	if (n->outcome != OUTCOME_PASS && n->rung <= n->required_rung)
		return seen;
	if (n->rung <= n->required_rung)
		return arena_printf(h->a, _("%s, as demanded"), seen);
	return arena_printf(h->a, _("%1$s; demanded: %2$s"), seen,
	    word_label(&words_rung, (int)n->required_rung));
}

static void
begin_table(const struct handover *h, const char *product)
{
	const struct sheet_column columns[] = {{_("Result"), 10},
	    {_("Line, requirement and its source"), 36}, {_("Proof"), 22},
	    {_("When, evidence"), 12}};

	paper_subheading(h->p,
	    arena_printf(h->a,
		_("Every line of %1$s (each name begins with \"%2$s.\")"),
		record_product_title(h->r, product), product));
	sheet_table(h->p->sheet, columns, sizeof columns / sizeof *columns);
}

/* The name of a line without that of its product. */
static const char *
short_id(const struct need *n)
{
	size_t len = strlen(n->product);

	return strncmp(n->id, n->product, len) == 0 && n->id[len] == '.' ?
	    n->id + len + 1 :
	    n->id;
}

static void
add_row(const struct handover *h, const struct need *n, struct strlist *notes)
{
	const char *when = clock_text(h, handover_when(h->r, n));
	const char *proof = evidence(h, n);
	const char *const cells[] = {summary_mark(n->outcome),
	    arena_printf(h->a, "%s: %s; %s", short_id(n),
		requirement_text(h, n), source_text(h, n, notes)),
	    proof_text(h, n),
	    arena_printf(h->a, "%s%s%s", when,
		*when != '\0' && *proof != '\0' ? " " : "", proof)};

	sheet_table_row(h->p->sheet, tone_of(n), cells);
}

static void
add_table(const struct handover *h)
{
	const struct record *r = h->r;
	struct strlist notes = {0};
	const char *product = NULL;
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!summary_counts_in(n))
			continue;
		if (product == NULL || strcmp(product, n->product) != 0) {
			product = n->product;
			begin_table(h, product);
		}
		add_row(h, n, &notes);
	}
	if (notes.count > 0)
		paper_subheading(h->p,
		    _("Notes: what the documents leave open, and what was "
		      "assumed"));
	for (i = 0; i < notes.count; i++)
		paper_field(h->p, 0, INDENT + 1,
		    arena_printf(h->a, "%zu.", i + 1), notes.item[i]);
}

/* --- stated ------------------------------------------------------------ */

/* What was answered, in the language of the paper. */
static const char *
reply(const char *answer)
{
	static const char *const replies[][2] = {{"yes", N_("yes")},
	    {"no", N_("no")}, {"skipped", N_("skipped")}};
	size_t i;

	for (i = 0; i < sizeof replies / sizeof *replies; i++) {
		if (strcmp(replies[i][0], answer) == 0)
			return _(replies[i][1]);
	}
	return answer;
}

static void
add_attestations(const struct handover *h)
{
	const struct record *r = h->r;
	size_t i;

	if (r->nattestations > 0)
		paper_subheading(h->p, _("Stated by a person, not measured"));
	for (i = 0; i < r->nattestations; i++) {
		const struct attestation *t = &r->attestations[i];

		if (strcmp(t->answer, "skipped") == 0 && t->reason != NULL) {
			paper_text(h->p, 0,
			    arena_printf(h->a,
				_("%1$s: \"%2$s\" skipped, because: %3$s "
				  "(stated by %4$s, %5$s)"),
				record_product_title(r, t->product),
				pack_text(t->text), t->reason,
				handover_person(t->who),
				summary_time(h->a, t->when_us)));
			continue;
		}
		paper_text(h->p, 0,
		    arena_printf(h->a, _("%s: \"%s\" %s (stated by %s, %s)"),
			record_product_title(r, t->product), pack_text(t->text),
			reply(t->answer), handover_person(t->who),
			summary_time(h->a, t->when_us)));
	}
}

static void
add_run(const struct handover *h)
{
	const struct record *r = h->r;

	if (r->ended_us == 0)
		paper_textf(h->p, 0,
		    P_("%1$zu probe was made since %2$s; the check has no end.",
			"%1$zu probes were made since %2$s; the check has no "
			"end.",
			r->nobservations),
		    r->nobservations, summary_time(h->a, r->started_us));
	else
		paper_textf(h->p, 0,
		    P_("%1$zu probe was made from %2$s to %3$s.",
			"%1$zu probes were made from %2$s to %3$s.",
			r->nobservations),
		    r->nobservations, summary_time(h->a, r->started_us),
		    summary_time(h->a, r->ended_us));
}

void
handover_results(const struct handover *h)
{
	const struct record *r = h->r;

	paper_heading(h->p, _("Results"));
	if (r->started_us == 0) {
		paper_text(h->p, 0, _("No check was run yet."));
	} else {
		add_run(h);
		paper_text(h->p, 0,
		    _("Times below are UTC; evidence is named as in "
		      "handover.json. \"Measured\" is what a probe of the "
		      "computer saw on the network, \"inspected\" is what was "
		      "read on the computer itself. What a person stated "
		      "stands apart and proves no line."));
	}
	results_diagnoses(h->p, h->a, r);
	add_trouble(h);
	add_table(h);
	add_attestations(h);
}
