/* SPDX-License-Identifier: MIT */
/* Owns the sections of the handover sheet that say what is left: deviations,
 * the firewall request, what was not tested, what is to be done, and who
 * signs. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/handover/handover.h"
#include "core/export/request/rows.h"
#include "core/export/summary.h"
#include "core/record/declaration.h"

#define COLUMN HANDOVER_COLUMN
#define ACTION_COLUMN 20

/* --- deviations -------------------------------------------------------- */

/* What was found there, in words, whether it is accepted or not. */
static const char *
found_text(const struct need *n)
{
	int found;

	if (n->accepted != NULL &&
	    word_parse(&words_outcome, n->accepted, &found))
		return word_label(&words_outcome, found);
	return word_label(&words_outcome, (int)n->outcome);
}

static void
add_deviation(const struct handover *h, const struct deviation *d)
{
	const struct need *n = record_need(h->r, d->requirement);
	const struct paper *p = h->p;

	paper_text(p, 0, d->requirement);
	if (n != NULL) {
		paper_field(p, 2, COLUMN, _("Requirement:"),
		    summary_flow(h->a, n));
		paper_field(p, 2, COLUMN, _("Found:"), found_text(n));
		paper_field(p, 2, COLUMN, _("Risk:"), n->breaks_customer);
	}
	paper_field(p, 2, COLUMN, _("Reason:"), d->reason);
	paper_field(p, 2, COLUMN, _("Accepted by:"),
	    arena_printf(h->a, _("%1$s, entered %2$s"),
		handover_person(d->owner), summary_time(h->a, d->when_us)));
	paper_field(p, 2, COLUMN, _("Until:"),
	    text_is_space(d->expires) ? _("no date is set") : d->expires);
	paper_field(p, 2, COLUMN, _("Initials:"), d->initials);
	if (d->state != DEVIATION_UNJUDGED) {
		paper_field(p, 2, COLUMN, _("State:"),
		    word_label(&words_deviation_state, (int)d->state));
		/* One that is in force says only what stands above. */
		if (d->state != DEVIATION_HOLDS)
			paper_field(p, 2, COLUMN, _("Meaning:"), d->says);
	}
	paper_blank_field(p, 2, COLUMN, _("Signature:"));
}

void
handover_deviations(const struct handover *h)
{
	const struct record *r = h->r;
	size_t i;

	paper_heading(h->p, _("Exceptions and deviations"));
	if (r->ndeviations == 0) {
		paper_text(h->p, 0, _("None."));
		return;
	}
	if (r->as_of != NULL)
		paper_textf(h->p, 0, _("Their state is that of %s."), r->as_of);
	for (i = 0; i < r->ndeviations; i++)
		add_deviation(h, &r->deviations[i]);
}

/* --- firewall request -------------------------------------------------- */

static void
add_open_rows(const struct handover *h, const struct rules *rules)
{
	const struct sheet_column columns[] = {{_("Row, and what it asks for"),
						   64},
	    {_("Found"), 16}};
	size_t i;

	if (rules->count == 0)
		return;
	sheet_table(h->p->sheet, columns, 2);
	for (i = 0; i < rules->count; i++) {
		const struct need *n = rules->row[i].need;
		const char *const cells[] = {arena_printf(h->a, "%s: %s",
						 rules->row[i].rule_id,
						 summary_flow(h->a, n)),
		    summary_mark(n->outcome)};

		sheet_table_row(h->p->sheet,
		    n->outcome == OUTCOME_FAIL ? TONE_BAD : TONE_CAUTION,
		    cells);
	}
}

void
handover_request(const struct handover *h)
{
	struct export_options needed = *h->opt;
	const struct rules *rules;

	paper_heading(h->p, _("Firewall change request"));
	if (h->r->started_us == 0) {
		paper_text(h->p, 0, _("No check was run yet."));
		return;
	}
	needed.scope = SCOPE_NEEDED;
	needed.now_us = h->p->sheet->issued_us;
	rules = rows_make(h->a, h->r, &needed);
	paper_field(h->p, 0, COLUMN, _("Request:"), rules->id);
	paper_fieldf(h->p, 0, COLUMN, _("Open:"),
	    _("%1$zu for the internet firewall, %2$zu for the local network, "
	      "%3$zu conditions that are not ports"),
	    rules->in_part[ROWS_INTERNET], rules->in_part[ROWS_LAN],
	    rules->in_part[ROWS_CONDITIONS]);
	paper_fieldf(h->p, 0, COLUMN, _("Not open:"),
	    _("%1$zu proved by this check, %2$zu accepted as a deviation, "
	      "%3$zu not checked"),
	    rules->granted, rules->accepted, rules->unchecked);
	if (rules->count > 0)
		paper_text(h->p, 0,
		    _("A row is open while it is not proved. What the IT desk "
		      "decided about it is not known to this sheet; a new "
		      "check proves it."));
	add_open_rows(h, rules);
}

/* --- not tested -------------------------------------------------------- */

static bool
is_untested(const struct need *n)
{
	return summary_counts_in(n) &&
	    (n->outcome == OUTCOME_NOT_RUN ||
		n->outcome == OUTCOME_TOOL_ERROR ||
		n->outcome == OUTCOME_BLOCKED_BY);
}

static const char *
why_untested(const struct need *n)
{
	if (n->summary[0] != '\0')
		return n->summary;
	return n->unprobed != NULL ? n->unprobed : _("It was not checked.");
}

/* Lines of one reason together, so that 200 of them stay readable. */
void
handover_untested(const struct handover *h)
{
	const struct record *r = h->r;
	struct strlist told = {0};
	size_t i, k;

	paper_heading(h->p, _("Not tested, and why"));
	for (i = 0; i < r->nneeds; i++) {
		const char *why = why_untested(&r->needs[i]);

		if (!is_untested(&r->needs[i]) || strlist_has(&told, why))
			continue;
		strlist_add(h->a, &told, why);
		paper_text(h->p, 0, why);
		for (k = i; k < r->nneeds; k++) {
			const struct need *n = &r->needs[k];

			if (is_untested(n) && strcmp(why, why_untested(n)) == 0)
				paper_text(h->p, 4,
				    arena_printf(h->a, "%s: %s (%s)", n->id,
					summary_flow(h->a, n),
					summary_mark(n->outcome)));
		}
	}
	if (told.count == 0)
		paper_text(h->p, 0, _("Everything that applies was tested."));
}

/* --- what is to be done ------------------------------------------------ */

static void
add_action(const struct handover *h, const char *what, const char *todo,
    const char *owner, const struct strlist *lines)
{
	const struct paper *p = h->p;

	paper_textf(p, 0, "[ ] %s", what);
	paper_field(p, 4, ACTION_COLUMN, _("What to do:"), todo);
	paper_field(p, 4, ACTION_COLUMN, _("Whose it is:"), owner);
	if (lines != NULL)
		paper_field(p, 4, ACTION_COLUMN, _("Holds up:"),
		    summary_join(h->a, lines, ", "));
	paper_blank_field(p, 4, ACTION_COLUMN, _("Name:"));
	paper_blank_field(p, 4, ACTION_COLUMN, _("Done until:"));
}

/* One for each thing that is in the way, and what a deviation postponed. */
void
handover_actions(const struct handover *h)
{
	const struct record *r = h->r;
	size_t i, count = 0;

	paper_heading(h->p, _("Remaining actions"));
	for (i = 0; i < r->nblocks; i++, count++)
		add_action(h, r->blocks[i].summary, r->blocks[i].todo,
		    handover_owner(&r->blocks[i]), &r->blocks[i].requirements);
	for (i = 0; i < r->ncautions; i++, count++)
		add_action(h, r->cautions[i].summary, r->cautions[i].todo,
		    handover_owner(&r->cautions[i]),
		    &r->cautions[i].requirements);
	for (i = 0; i < r->ndeviations; i++) {
		const struct deviation *d = &r->deviations[i];

		if (d->state != DEVIATION_HOLDS)
			continue;
		add_action(h,
		    arena_printf(h->a,
			_("%1$s: it is accepted until %2$s only."),
			d->requirement, d->expires),
		    _("Mend it before that day, then check again."), d->owner,
		    NULL);
		count++;
	}
	if (count == 0)
		paper_text(h->p, 0,
		    _("None: nothing that was found calls for one."));
}

/* --- signatures -------------------------------------------------------- */

/* What was declared at the screen: a person's word, for the results that it
 * was given for. */
static void
add_declaration(const struct handover *h, const struct declaration *d)
{
	const struct paper *p = h->p;

	if (d->role[0] != '\0')
		paper_field(p, 2, COLUMN, _("Role:"), d->role);
	if (d->remarks[0] != '\0')
		paper_field(p, 2, COLUMN, _("Remarks:"), d->remarks);
	if (d->when_us == 0)
		return;
	paper_field(p, 2, COLUMN, _("Declared:"),
	    arena_printf(h->a,
		_("\"%1$s\" (stated by %2$s at the screen, %3$s)"), d->text,
		handover_person(d->name), summary_time(h->a, d->when_us)));
	if (!declaration_holds(h->r, d))
		paper_field(p, 2, COLUMN, _("Note:"),
		    arena_printf(h->a,
			_("This was declared for an earlier state (%1$s, run "
			  "of %2$s). It is not about this sheet."),
			word_label(&words_readiness, (int)d->readiness),
			summary_time(h->a, d->results_us)));
}

void
handover_signatures(const struct handover *h)
{
	static const struct {
		const char *title;
		const char *text; /* what a signature by hand declares */
		enum party party; /* PARTY_COUNT: only on paper */
	} people[] = {
	    {N_("Engineer"),
		N_("I made this check from the computer named above. What is "
		   "called measured was measured, and what is called stated "
		   "was told to me."),
		PARTY_HANDS_OVER},
	    {N_("For the customer"),
		N_("I have read this sheet with its deviations and its "
		   "remaining actions, and I have a copy of it."),
		PARTY_ACCEPTS},
	    {N_("For the customer's IT"),
		N_("I have read what is in the way and what the firewall "
		   "request asks for."),
		PARTY_COUNT},
	};
	const struct paper *p = h->p;
	const struct declaration *d;
	size_t i;

	paper_heading(p, _("Declarations and signatures"));
	for (i = 0; i < sizeof people / sizeof *people; i++) {
		d = people[i].party == PARTY_COUNT ?
		    NULL :
		    declaration_of(h->r, people[i].party);
		if (i > 0)
			paper_blank(p);
		paper_text(p, 0, _(people[i].title));
		paper_text(p, 2, _(people[i].text));
		if (d != NULL && !text_is_space(d->name))
			paper_field(p, 2, COLUMN, _("Name:"), d->name);
		else
			paper_blank_field(p, 2, COLUMN, _("Name:"));
		if (d != NULL)
			add_declaration(h, d);
		if (d == NULL || d->role[0] == '\0')
			paper_blank_field(p, 2, COLUMN, _("Role:"));
		paper_blank_field(p, 2, COLUMN, _("Signature:"));
		paper_blank_field(p, 2, COLUMN, _("Date:"));
	}
}
