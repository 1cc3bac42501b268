/* SPDX-License-Identifier: MIT */
/* Owns the change request as people read it. */
#include <limits.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/job.h"
#include "core/export/papers.h"
#include "core/export/request/request.h"
#include "core/export/request/request_paper.h"
#include "core/export/request/request_words.h"
#include "core/export/results.h"
#include "core/export/summary.h"

#define HEAD_COLUMN 16
#define BULLET_COLUMN 2
#define IMPACT_SHOWN 12

static void
add_properties(struct sheet *s, const struct rules *rules)
{
	const struct site_info *i = &rules->record->site;

	s->title = arena_strdup(s->arena, rules->title);
	s->author = arena_strdup(s->arena,
	    text_is_space(i->engineer) ? i->installer : i->engineer);
	s->running = arena_strdup(s->arena, rules->id);
}

/* Who asks, who is asked, and for what. */
static void
add_parties(const struct paper *p, const struct request *q)
{
	const struct site_info *s = &q->record->site;

	paper_field(p, 0, HEAD_COLUMN, _("Title:"), q->rules->title);
	paper_field(p, 0, HEAD_COLUMN, _("Customer:"), s->customer);
	paper_field(p, 0, HEAD_COLUMN, "", s->customer_contact);
	paper_field(p, 0, HEAD_COLUMN, _("Site:"), s->name);
	paper_field(p, 0, HEAD_COLUMN, _("Address:"), s->address);
	paper_field(p, 0, HEAD_COLUMN, _("Requested by:"), q->requested_by);
	paper_field(p, 0, HEAD_COLUMN, _("Reached at:"), s->installer_contact);
	paper_field(p, 0, HEAD_COLUMN, _("Project:"), s->project);
	paper_field(p, 0, HEAD_COLUMN, _("To:"), s->it_contact);
}

static void
add_handover(const struct paper *p, const struct edition *e)
{
	if (e->id != NULL && e->id[0] != '\0')
		paper_fieldf(p, 0, HEAD_COLUMN, _("Belongs to:"),
		    _("handover %1$s, version %2$u"), e->id, e->version);
	else
		paper_field(p, 0, HEAD_COLUMN, _("Belongs to:"),
		    _("no handover yet"));
}

static void
add_header(const struct paper *p, struct arena *a, const struct request *q)
{
	const struct rules *rules = q->rules;
	const struct record *r = q->record;
	struct summary sum;

	paper_title(p,
	    arena_printf(a, _("FIREWALL CHANGE REQUEST %s"), rules->id));
	add_parties(p, q);
	paper_field(p, 0, HEAD_COLUMN, _("Created:"), rules->created);
	paper_field(p, 0, HEAD_COLUMN, _("Checked:"),
	    summary_time(a, r->started_us));
	summary_make(r, NULL, &sum);
	paper_field(p, 0, HEAD_COLUMN, _("State:"),
	    summary_partial(&sum, a, r));
	add_handover(p, &r->edition);
	paper_field(p, 0, HEAD_COLUMN, _("Scope:"),
	    rules->scope == SCOPE_ALL ?
		_("everything that applies to this site") :
		_("what failed in the check, or could not be proven"));
	paper_field(p, 0, HEAD_COLUMN, _("Change type:"),
	    _("normal, permanent, to be reviewed as stated in each line"));
	if (q->review_by[0] != '\0')
		paper_field(p, 0, HEAD_COLUMN, _("Review by:"), q->review_by);
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
		paper_field(p, 0, HEAD_COLUMN, "",
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

/* A list: the first line of each point stands out by its dash. */
static void
add_points(const struct paper *p, struct arena *a,
    const struct request_points *points)
{
	size_t i;

	for (i = 0; i < points->count; i++) {
		const struct request_point *point = &points->point[i];
		const char *text = arena_printf(a, "- %s", point->text);

		if (point->rows.count > 0)
			text = arena_printf(a, "%s (%s)", text,
			    request_some_ids(a, &point->rows));
		paper_clipped(p, 0, BULLET_COLUMN, INT_MAX, text);
	}
}

static void
add_impact(const struct paper *p, const struct request *q)
{
	const struct sheet_column columns[] = {{_("Product"), 2},
	    {_("What does not work"), 5}};
	size_t i;

	if (q->impact.count == 0)
		return;
	paper_heading(p, _("What does not work while its lines are blocked"));
	sheet_table(p->sheet, columns, sizeof columns / sizeof *columns);
	for (i = 0; i < q->impact.count && i < IMPACT_SHOWN; i++) {
		const struct request_point *point = &q->impact.point[i];
		const char *cell[] = {record_product_title(q->record,
					  point->product),
		    point->text};

		sheet_table_row(p->sheet, TONE_PLAIN, cell);
	}
	if (q->impact.count > IMPACT_SHOWN)
		paper_textf(p, 0,
		    P_("This is not all: %zu more stands with its line below.",
			"This is not all: %zu more stand with their lines "
			"below.",
			q->impact.count - IMPACT_SHOWN),
		    q->impact.count - IMPACT_SHOWN);
}

/* --- the consolidated view --- */

static const char *
products_of(struct arena *a, const struct request *q,
    const struct combined_row *c)
{
	struct strlist titles = {0};
	size_t i;

	for (i = 0; i < c->products.count; i++)
		strlist_add(a, &titles,
		    record_product_title(q->record, c->products.item[i]));
	return summary_join(a, &titles, ", ");
}

static const char *
service_of(struct arena *a, const struct combined_row *c)
{
	const char *text = request_service(a, c->first);

	if (c->first->part == ROWS_LAN)
		return text;
	if (strcmp(c->first->direction, "inbound") == 0)
		text = arena_printf(a, _("%s, from the internet"), text);
	if (strcmp(c->tls_inspection, "must_bypass") == 0)
		text = arena_printf(a, _("%s, not inspected"), text);
	return text;
}

static void
add_consolidated_part(const struct paper *p, struct arena *a,
    const struct request *q, enum rows_part part, const char *title)
{
	const struct sheet_column columns[] = {{_("Line"), 4}, {_("Permit"), 4},
	    {_("To"), 6}, {_("Needed by"), 5}};
	size_t i;

	if (q->rules->in_part[part] == 0)
		return;
	paper_subheading(p, title);
	sheet_table(p->sheet, columns, sizeof columns / sizeof *columns);
	for (i = 0; i < q->combined.count; i++) {
		const struct combined_row *c = &q->combined.row[i];
		const char *cell[] = {c->id, service_of(a, c),
		    combined_destinations(a, c), products_of(a, q, c)};

		if (c->first->part == part)
			sheet_table_row(p->sheet, TONE_PLAIN, cell);
	}
}

static void
add_consolidated(const struct paper *p, struct arena *a,
    const struct request *q)
{
	if (q->combined.count == 0)
		return;
	paper_heading(p, _("Consolidated: what to enter"));
	paper_text(p, 0,
	    _("One line for each service, with all its destinations and all "
	      "that need it. It permits the same as the full lines below, "
	      "which give the reasons. rules.json names the full lines of "
	      "each."));
	add_consolidated_part(p, a, q, ROWS_INTERNET, _("Internet firewall"));
	add_consolidated_part(p, a, q, ROWS_LAN, _("Local network only"));
}

/* Beside what is to be entered, or it is not seen. */
static void
add_conditions(const struct paper *p, struct arena *a, const struct request *q)
{
	if (q->conditions.count == 0)
		return;
	paper_heading(p, _("What no port can grant"));
	add_points(p, a, &q->conditions);
}

/* --- what a desk would ask --- */

static enum sheet_tone
tone_of(enum lint_severity severity)
{
	return severity == LINT_SERIOUS ? TONE_BAD :
	    severity == LINT_WARNING    ? TONE_CAUTION :
					  TONE_PLAIN;
}

static void
add_lint(const struct paper *p, struct arena *a, const struct request *q)
{
	const struct sheet_column columns[] = {{_("How bad"), 1},
	    {_("What it is, and what to do"), 5}, {_("Lines"), 3}};
	size_t i;

	paper_heading(p, _("What stands out in these lines"));
	if (q->lint.count == 0) {
		paper_text(p, 0, _("Nothing of what desks usually ask about."));
		return;
	}
	sheet_table(p->sheet, columns, sizeof columns / sizeof *columns);
	for (i = 0; i < q->lint.count; i++) {
		const struct lint_finding *f = &q->lint.finding[i];
		const char *cell[] = {lint_severity_label(f->severity), f->text,
		    request_some_ids(a, &f->rows)};

		sheet_table_row(p->sheet, tone_of(f->severity), cell);
	}
}

/* --- the end --- */

static void
add_plans(const struct paper *p, struct arena *a, const struct request *q)
{
	struct sheet_block *b;

	paper_heading(p, _("How to implement it"));
	add_points(p, a, &q->notes);
	paper_heading(p, _("Test"));
	paper_text(p, 0, q->test_plan);
	b = sheet_add(p->sheet, SHEET_CODE);
	b->text = q->test_command;
	b->level = 1;
	paper_text(p, 0, q->test_expected);
	paper_heading(p, _("Way back"));
	paper_text(p, 0, q->backout);
}

static void
add_approval(const struct paper *p, const struct request *q)
{
	static const char *const labels[] = {N_("Change no.:"), N_("Window:"),
	    N_("Approved by:"), N_("Signature:"), N_("Date:"),
	    N_("Entered by:"), N_("Signature:"), N_("Date:")};
	size_t i;

	(void)q;
	paper_heading(p, _("Approval"));
	paper_text(p, 0,
	    _("Who approves should not be who enters the change. The window is "
	      "to be agreed."));
	for (i = 0; i < sizeof labels / sizeof *labels; i++)
		paper_blank_field(p, 0, HEAD_COLUMN, _(labels[i]));
}

static void
add_footer(const struct paper *p, const struct request *q)
{
	char fingerprint[DIGEST_HEX_SIZE];

	paper_heading(p, _("Origin"));
	results_packs(p, q->record);
	paper_fieldf(p, 0, HEAD_COLUMN, _("Made with:"), "sitewalk %s",
	    q->record->tool_version);
	request_fingerprint(q, fingerprint);
	paper_field(p, 0, HEAD_COLUMN, _("Fingerprint:"), fingerprint);
	paper_field(p, 0, HEAD_COLUMN, "",
	    _("rules.json of the same request carries the same one."));
}

static struct sheet *
make_sheet(struct arena *a, const struct record *r,
    const struct export_options *opt)
{
	struct paper p = paper_begin(a, opt);
	const struct request *q = request_make(a, r, opt);
	int part;

	add_properties(p.sheet, q->rules);
	add_header(&p, a, q);
	add_source(&p, q->rules);
	add_not_asked(&p, q->rules);
	add_impact(&p, q);
	add_consolidated(&p, a, q);
	add_conditions(&p, a, q);
	add_lint(&p, a, q);
	for (part = 0; part < ROWS_NPARTS; part++)
		request_add_part(&p, a, q->rules, (enum rows_part)part);
	add_plans(&p, a, q);
	add_approval(&p, q);
	add_footer(&p, q);
	return p.sheet;
}

const struct sheet *
request_sheet(struct arena *a, const struct record *r,
    const struct export_options *opt)
{
	const struct sheet *s = job_kept(opt->job, JOB_REQUEST_SHEET);

	return s != NULL ? s :
			   job_keep(opt->job, JOB_REQUEST_SHEET,
			       make_sheet(job_arena(opt->job, a), r, opt));
}
