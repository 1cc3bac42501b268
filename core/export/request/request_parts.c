/* SPDX-License-Identifier: MIT */
/* Owns how the rows of a change request stand on paper, one by one. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/request/request_paper.h"
#include "core/export/request/sightings.h"
#include "core/export/summary.h"

#define INDENT 2
#define COLUMN 16
#define SIGHTINGS_SHOWN 4 /* rules.json has them all */

struct request_part {
	const char *title;
	const char *about;
};

static const struct request_part parts[] = {
    [ROWS_INTERNET] =
	{
	    N_("A. Internet firewall"),
	    N_("Each line permits one flow. Return traffic of a permitted flow "
	       "is expected to pass (stateful); source ports are any."),
	},
    [ROWS_LAN] =
	{
	    N_("B. Local network only"),
	    N_("These flows stay inside the site: between networks of the "
	       "site, or inside one. They are never to be opened to or from "
	       "the internet."),
	},
    [ROWS_CONDITIONS] =
	{
	    N_("C. Conditions that are not ports"),
	    N_("No firewall line can grant these; somebody must see to "
	       "them."),
	},
};

static const char *
flow_of(struct arena *a, const struct rule_row *row)
{
	const struct need *n = row->need;
	const char *what = word_label(&words_protocol, (int)n->protocol);
	int kind = 0;

	(void)word_parse(&words_dest_kind, row->dst_kind, &kind);
	if (n->protocol == PROTO_NONE)
		return n->grant != NULL ? n->grant : n->application;
	if (row->ports[0] != '\0')
		what = arena_printf(a, "%s %s", what, row->ports);
	if (row->dst[0] == '\0')
		return arena_printf(a, _("%s to: %s, not known yet"), what,
		    word_label(&words_dest_kind, kind));
	return arena_printf(a, _("%s to %s (%s)"), what, row->dst,
	    n->to.kind == DEST_PEER && n->to.name != NULL &&
		    strcmp(row->dst, n->to.name) != 0 ?
		n->to.name :
		word_label(&words_dest_kind, kind));
}

static const char *
action_of(const struct rule_row *row)
{
	if (row->need->strength == STRENGTH_MUST_NOT)
		return _("Must not be:");
	return row->part == ROWS_CONDITIONS ? _("See to:") : _("Permit:");
}

static const char *
seen_of(struct arena *a, const struct rule_row *row)
{
	const struct need *n = row->need;
	const char *text = word_label(&words_outcome, (int)n->outcome);

	if (n->summary == NULL || n->summary[0] == '\0')
		return text;
	return arena_printf(a, "%s: %s", text, n->summary);
}

/* The desk finds these in its own log: times, ports and addresses. */
static void
add_evidence(const struct paper *p, struct arena *a, const struct record *r,
    const struct rule_row *row)
{
	struct sightings e;
	size_t i;

	sightings_find(a, r, row, &e);
	for (i = 0; i < e.nsightings && i < SIGHTINGS_SHOWN; i++)
		paper_field(p, INDENT, COLUMN, i == 0 ? _("Evidence:") : "",
		    sighting_text(a, &e.sighting[i]));
	if (e.nsightings > SIGHTINGS_SHOWN)
		paper_field(p, INDENT, COLUMN, "",
		    arena_printf(a,
			P_("and %zu more in rules.json",
			    "and %zu more in rules.json",
			    e.nsightings - SIGHTINGS_SHOWN),
			e.nsightings - SIGHTINGS_SHOWN));
	for (i = 0; i < e.nresolved && i < SIGHTINGS_SHOWN; i++)
		paper_field(p, INDENT, COLUMN, i == 0 ? _("Resolved:") : "",
		    resolved_text(a, &e.resolved[i]));
}

static const char *
direction_of(const struct rule_row *row)
{
	if (row->part == ROWS_CONDITIONS)
		return NULL;
	return word_label(&words_direction,
	    row->part == ROWS_LAN ? DIR_LAN : (int)row->need->direction);
}

static void
add_row(const struct paper *p, struct arena *a, const struct record *r,
    const struct rule_row *row)
{
	const struct need *n = row->need;
	bool bypass = strcmp(row->tls_inspection, "must_bypass") == 0;
	bool has_risk = row->risk[0] != '\0' && strcmp(row->risk, "low") != 0;

	paper_blank(p);
	paper_sides(p, 0, row->rule_id,
	    word_label(&words_strength, (int)n->strength));
	paper_field(p, INDENT, COLUMN, action_of(row), flow_of(a, row));
	paper_field(p, INDENT, COLUMN, _("Direction:"), direction_of(row));
	if (row->same_flow_as[0] != '\0')
		paper_fieldf(p, INDENT, COLUMN, _("Flow:"),
		    _("the same flow as %s, for another reason"),
		    row->same_flow_as);
	if (row->covered_by.count > 0)
		paper_fieldf(p, INDENT, COLUMN, _("Also in:"),
		    _("%s, which permits more; granting either of them is "
		      "enough for this line"),
		    summary_join(a, &row->covered_by, ", "));
	if (row->alt_of[0] != '\0')
		paper_fieldf(p, INDENT, COLUMN, _("Either/or:"),
		    _("one of the alternatives of %s; at least one of them "
		      "must work"),
		    row->alt_of);
	paper_field(p, INDENT, COLUMN, _("For:"),
	    strstr(row->purpose, row->application) != NULL ?
		row->purpose :
		arena_printf(a, "%s (%s)", row->purpose, row->application));
	if (n->to.kind == DEST_WILDCARD)
		paper_field(p, INDENT, COLUMN, _("Wildcard:"),
		    row_wildcard(a, row));
	if (bypass)
		paper_field(p, INDENT, COLUMN, _("TLS:"),
		    _("must not be opened or inspected on the way"));
	/* In part C it stands above, as what is to be seen to. */
	if (row->part != ROWS_CONDITIONS)
		paper_field(p, INDENT, COLUMN, _("To grant:"), n->grant);
	paper_field(p, INDENT, COLUMN, _("Why:"), row->justification);
	paper_field(p, INDENT, COLUMN, _("Without it:"), row->if_missing);
	paper_field(p, INDENT, COLUMN, _("Only if:"), row->condition);
	paper_field(p, INDENT, COLUMN, _("Found:"), seen_of(a, row));
	add_evidence(p, a, r, row);
	paper_field(p, INDENT, COLUMN, _("Note:"), n->note);
	if (has_risk)
		paper_field(p, INDENT, COLUMN, _("Risk:"),
		    arena_printf(a, "%s. %s", row_risk_label(row->risk),
			row->risk_note));
	paper_field(p, INDENT, COLUMN, _("Asked for by:"),
	    summary_source(a, n));
	paper_field(p, INDENT, COLUMN, _("Data:"), row->data_class);
	paper_field(p, INDENT, COLUMN, _("Expires:"), row->expires);
	paper_field(p, INDENT, COLUMN, _("Review by:"), row->review_by);
	paper_text(p, INDENT,
	    _("[ ] approved  [ ] rejected   by ____________________  on "
	      "__________"));
}

void
request_add_part(const struct paper *p, struct arena *a,
    const struct rules *rules, enum rows_part part)
{
	size_t i;

	paper_heading(p,
	    arena_printf(a, "%s (%zu)", _(parts[part].title),
		rules->in_part[part]));
	paper_text(p, 0, _(parts[part].about));
	if (rules->in_part[part] == 0)
		paper_text(p, 0, _("Nothing is asked for here."));
	for (i = 0; i < rules->count; i++) {
		if (rules->row[i].part == part)
			add_row(p, a, rules->record, &rules->row[i]);
	}
}
