/* SPDX-License-Identifier: MIT */
/* Owns the change request as plain text, for desks that work by e-mail. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/formats.h"
#include "core/export/paper.h"
#include "core/export/results.h"
#include "core/export/rows.h"
#include "core/export/summary.h"

#define HEAD_COLUMN 16
#define INDENT 2
#define COLUMN 16

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

static void
add_header(const struct paper *p, struct arena *a, const struct rules *rules)
{
	const struct record *r = rules->record;
	const struct site_info *s = &r->site;

	paper_title(p,
	    arena_printf(a, _("FIREWALL CHANGE REQUEST %s"), rules->id));
	paper_field(p, 0, HEAD_COLUMN, _("Title:"), rules->title);
	paper_field(p, 0, HEAD_COLUMN, _("Customer:"), s->customer);
	paper_field(p, 0, HEAD_COLUMN, _("Site:"), s->name);
	paper_field(p, 0, HEAD_COLUMN, _("Address:"), s->address);
	paper_field(p, 0, HEAD_COLUMN, _("Requested by:"),
	    text_is_space(s->engineer)      ? s->installer :
		text_is_space(s->installer) ? s->engineer :
					      arena_printf(a, "%s, %s",
						  s->engineer, s->installer));
	paper_field(p, 0, HEAD_COLUMN, _("To:"), s->it_contact);
	paper_field(p, 0, HEAD_COLUMN, _("Created:"), rules->created);
	paper_field(p, 0, HEAD_COLUMN, _("Checked:"),
	    summary_time(a, r->started_us));
	paper_field(p, 0, HEAD_COLUMN, _("Scope:"),
	    rules->scope == SCOPE_ALL ?
		_("everything that applies to this site") :
		_("what failed in the check, or could not be proven"));
	paper_field(p, 0, HEAD_COLUMN, _("Change type:"),
	    _("normal, permanent, to be reviewed as stated in each line"));
	paper_fieldf(p, 0, HEAD_COLUMN, _("Lines:"),
	    _("%zu for the internet firewall, %zu for the local network, %zu "
	      "conditions"),
	    rules->in_part[ROWS_INTERNET], rules->in_part[ROWS_LAN],
	    rules->in_part[ROWS_CONDITIONS]);
}

/* Where the flows start: the same in all lines, so it is told once. */
static void
add_source(const struct paper *p, const struct rules *rules)
{
	size_t i;

	for (i = 0; i < rules->count; i++) {
		const struct rule_row *row = &rules->row[i];

		if (row->need->direction == DIR_INBOUND)
			continue;
		paper_field(p, 0, HEAD_COLUMN, _("Source zone:"),
		    row->src_zone);
		paper_field(p, 0, HEAD_COLUMN, _("Source hosts:"),
		    row->src_hosts[0] != '\0' ?
			row->src_hosts :
			_("to be named: no check was run from the network of "
			  "the devices"));
		break;
	}
	if (i < rules->count && rules->row[i].src_hosts[0] != '\0')
		paper_text(p, HEAD_COLUMN,
		    _("This is the network in which the check stood. Narrow it "
		      "down to the addresses of the devices where they are "
		      "fixed."));
}

static void
add_not_asked(const struct paper *p, const struct rules *rules)
{
	if (rules->granted + rules->accepted + rules->unchecked == 0)
		return;
	paper_textf(p, 0,
	    _("Not asked for here: %zu lines that passed, %zu that are "
	      "accepted as they are, and %zu that were not checked. The scope "
	      "\"all\" lists them too."),
	    rules->granted, rules->accepted, rules->unchecked);
}

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

	if (n->summary[0] != '\0')
		text = arena_printf(a, "%s: %s", text, n->summary);
	if (row->evidence[0] == '\0')
		return text;
	return arena_printf(a, _("%s (evidence %s)"), text, row->evidence);
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
add_row(const struct paper *p, struct arena *a, const struct rule_row *row)
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
	paper_field(p, INDENT, COLUMN, _("Why:"), row->justification);
	paper_field(p, INDENT, COLUMN, _("Without it:"), row->if_missing);
	paper_field(p, INDENT, COLUMN, _("Only if:"), row->condition);
	paper_field(p, INDENT, COLUMN, _("Found:"), seen_of(a, row));
	paper_field(p, INDENT, COLUMN, _("Note:"), n->note);
	if (has_risk)
		paper_field(p, INDENT, COLUMN, _("Risk:"),
		    arena_printf(a, "%s. %s", row_risk_label(row->risk),
			row->risk_note));
	paper_field(p, INDENT, COLUMN, _("Asked for by:"),
	    summary_source(a, n));
	paper_field(p, INDENT, COLUMN, _("Review by:"), row->review_by);
	paper_text(p, INDENT,
	    _("[ ] approved  [ ] rejected   by ____________________  on "
	      "__________"));
}

static void
add_part(const struct paper *p, struct arena *a, const struct rules *rules,
    enum rows_part part)
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
			add_row(p, a, &rules->row[i]);
	}
}

static void
add_footer(const struct paper *p, const struct rules *rules)
{
	const struct record *r = rules->record;

	paper_heading(p, _("Test and way back"));
	paper_text(p, 0,
	    _("To test a line after the change, run \"sitewalk check FILE "
	      "--only ID\" in the network of the devices, with the line's "
	      "name without \"FR-\" as the ID: it must pass."));
	paper_text(p, 0,
	    _("To go back, disable the lines by their names; each says what "
	      "will not work then."));
	paper_heading(p, _("Approval"));
	paper_blank_field(p, 0, HEAD_COLUMN, _("Change no.:"));
	paper_blank_field(p, 0, HEAD_COLUMN, _("Name:"));
	paper_blank_field(p, 0, HEAD_COLUMN, _("Signature:"));
	paper_blank_field(p, 0, HEAD_COLUMN, _("Date:"));
	paper_blank(p);
	results_packs(p, r);
	paper_fieldf(p, 0, HEAD_COLUMN, _("Made with:"), "sitewalk %s",
	    r->tool_version);
}

static int
write_text(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct paper p = {out, opt->ncols};
	struct arena *a = arena_new();
	const struct rules *rules = rows_make(a, r, opt);
	int part;

	(void)err;
	add_header(&p, a, rules);
	add_source(&p, rules);
	add_not_asked(&p, rules);
	for (part = 0; part < ROWS_NPARTS; part++)
		add_part(&p, a, rules, (enum rows_part)part);
	add_footer(&p, rules);
	arena_free(a);
	return 0;
}

const struct export_format export_request_text = {
    .document = EXPORT_REQUEST,
    .name = "text",
    .file = "firewall/request.txt",
    .label = N_("Change request, plain text"),
    .write = write_text,
};
