/* SPDX-License-Identifier: MIT */
/* Owns what a change request says beside its rows: what fails without it,
 * what whoever implements it must know, how it is tested and taken back. */
#include "core/export/request/request.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/job.h"
#include "core/export/summary.h"

#define TEXT_MAX ((size_t)1 << 20)
#define RETEST "sitewalk retest rules.json"

/* --- points --- */

static struct request_point *
add_point(struct arena *a, struct request_points *p, const char *id,
    const char *text)
{
	struct request_point *point = arena_push(a, p->point, p->count);

	*point = (struct request_point){.id = id, .text = text, .product = ""};
	return point;
}

char *
request_points_text(struct arena *a, const struct request_points *p,
    bool show_rows)
{
	struct buf b;
	char *text;
	size_t i;

	buf_init(&b, TEXT_MAX);
	for (i = 0; i < p->count; i++) {
		buf_addf(&b, "%s* %s", i > 0 ? "\n" : "", p->point[i].text);
		if (show_rows && p->point[i].rows.count > 0)
			buf_addf(&b, " (%s)",
			    summary_join(a, &p->point[i].rows, ", "));
	}
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

/* --- what fails without it --- */

/* The customer's words; the same sentence of one product once. */
static void
find_impact(struct arena *a, struct request *q)
{
	const struct rules *rules = q->rules;
	struct request_point *point;
	const char *text;
	size_t i, k;

	for (i = 0; i < rules->count; i++) {
		const struct need *n = rules->row[i].need;

		text = n->breaks_customer;
		if (text == NULL || text[0] == '\0')
			text = n->breaks_installer;
		if (text == NULL || text[0] == '\0')
			continue;
		for (k = 0; k < q->impact.count; k++) {
			point = &q->impact.point[k];
			if (strcmp(point->text, text) == 0 &&
			    strcmp(point->product, n->product) == 0)
				break;
		}
		if (k == q->impact.count) {
			point = add_point(a, &q->impact, "impact", text);
			point->product = n->product;
		}
		strlist_add(a, &q->impact.point[k].rows, rules->row[i].rule_id);
	}
}

/* --- what no port can grant --- */

static bool
bypasses_tls(const struct rule_row *row)
{
	return strcmp(row->tls_inspection, "must_bypass") == 0;
}

static struct strlist
rows_that(struct arena *a, const struct rules *rules,
    bool (*is)(const struct rule_row *row))
{
	struct strlist ids = {0};
	size_t i;

	for (i = 0; i < rules->count; i++) {
		if (is(&rules->row[i]))
			strlist_add(a, &ids, rules->row[i].rule_id);
	}
	return ids;
}

/* What several lines ask for in the same words is told once. */
static void
add_wants(struct arena *a, struct request *q, const struct rule_row *row)
{
	struct request_point *point = NULL;
	size_t i;

	for (i = 0; i < q->conditions.count && point == NULL; i++) {
		if (strcmp(q->conditions.point[i].text, row->more) == 0)
			point = &q->conditions.point[i];
	}
	if (point == NULL) {
		point = add_point(a, &q->conditions, "condition", row->more);
		point->product = row->need->product;
	}
	strlist_add(a, &point->rows, row->rule_id);
}

static void
find_conditions(struct arena *a, struct request *q)
{
	struct strlist tls = rows_that(a, q->rules, bypasses_tls);
	struct request_point *point;
	const char *text;
	size_t i;

	if (tls.count > 0) {
		point = add_point(a, &q->conditions, "tls-inspection",
		    _("The encryption of these lines must not be opened or "
		      "inspected on the way: the products refuse any "
		      "certificate but the expected one."));
		point->rows = tls;
	}
	for (i = 0; i < q->rules->count; i++) {
		const struct rule_row *row = &q->rules->row[i];

		if (row->more[0] != '\0')
			add_wants(a, q, row);
		if (row->part != ROWS_CONDITIONS)
			continue;
		text = row->need->grant;
		if (text == NULL || text[0] == '\0')
			text = row->application;
		point = add_point(a, &q->conditions, "condition", text);
		strlist_add(a, &point->rows, row->rule_id);
		point->product = row->need->product;
	}
}

/* --- for whoever implements it --- */

static bool
is_flow(const struct rule_row *row)
{
	return row->part != ROWS_CONDITIONS;
}

static bool
is_lan(const struct rule_row *row)
{
	return row->part == ROWS_LAN;
}

static bool
is_wildcard(const struct rule_row *row)
{
	return is_flow(row) && strcmp(row->dst_kind, "wildcard") == 0;
}

static bool
is_named(const struct rule_row *row)
{
	return row->part == ROWS_INTERNET &&
	    (is_wildcard(row) || strcmp(row->dst_kind, "fqdn") == 0);
}

static bool
is_inbound(const struct rule_row *row)
{
	return row->part == ROWS_INTERNET &&
	    strcmp(row->direction, "inbound") == 0;
}

static bool
is_alternative(const struct rule_row *row)
{
	return row->alt_of[0] != '\0';
}

bool
request_is_web(const struct rule_row *row)
{
	return strcmp(row->protocol, "tcp") == 0 &&
	    (strcmp(row->ports, "443") == 0 || strcmp(row->ports, "80") == 0 ||
		strcmp(row->ports, "80, 443") == 0);
}

static bool
is_wildcard_beside_web(const struct rule_row *row)
{
	return is_wildcard(row) && !request_is_web(row);
}

/* Each note, and the rows that make it worth telling. */
static const struct {
	const char *id;
	bool (*about)(const struct rule_row *row);
	bool shows_rows;
	const char *text;
} note_table[] = {
    {"stateful", is_flow, false,
	N_("Each line permits the beginning of a flow. Return traffic of a "
	   "permitted flow must pass (stateful inspection); source ports are "
	   "any.")},
    {"dns-learning", is_named, false,
	N_("A firewall that learns the addresses of a name from DNS answers "
	   "must see the DNS questions of the devices: they must pass the "
	   "firewall unencrypted, or go to the firewall itself. Where it "
	   "resolves the names itself, let it ask the same resolver as the "
	   "devices.")},
    {"follow-names", is_named, false,
	N_("Permit names by their names. The addresses behind them change "
	   "without notice.")},
    {"wildcards", is_wildcard, true,
	N_("Wildcards differ between firewalls: with or without the name "
	   "itself, one label deep or any. Each line says what is meant, and "
	   "which names are documented or were seen, for a firewall that knows "
	   "no wildcards.")},
    {"wildcards-beside-web", is_wildcard_beside_web, true,
	N_("Address lists for the web (URL categories, application rules) "
	   "cannot grant these wildcards, because other ports than those of "
	   "the web are meant.")},
    {"alternatives", is_alternative, true,
	N_("These lines have alternatives: at least one of those that belong "
	   "together must work.")},
    {"inbound", is_inbound, true,
	N_("These connections begin on the internet. Where the site is behind "
	   "address translation they need a port forwarding too. Name the "
	   "source as narrowly as you can.")},
    {"lan-only", is_lan, false,
	N_("The lines for the local network are never to be opened to or from "
	   "the internet.")},
    {"lists", is_named, false,
	N_("The lists in the folder edl carry no ports, and a wildcard in them "
	   "stands for any number of labels. Use them only together with the "
	   "protocol and the ports of the lines.")},
};

static const char *
resolvers_text(struct arena *a, const struct record *r)
{
	const struct vantage *v = &r->vantage;
	const char *list = summary_join(a, &v->resolvers, ", ");

	if (v->resolvers.count == 0)
		return _("Which resolver the devices use was not found out: no "
			 "check was run from their network.");
	if (v->dhcp != NULL && strcmp(v->dhcp, "lease") == 0)
		return arena_printf(a,
		    _("In the check the network gave the laptop these "
		      "resolvers by DHCP: %s. Devices that take their settings "
		      "by DHCP there get the same; devices with fixed settings "
		      "may use others."),
		    list);
	return arena_printf(a,
	    _("In the check the laptop used these resolvers: %s. Which ones "
	      "the devices use was not measured."),
	    list);
}

static void
find_notes(struct arena *a, struct request *q)
{
	struct request_point *point;
	struct strlist ids;
	size_t i;

	for (i = 0; i < sizeof note_table / sizeof *note_table; i++) {
		ids = rows_that(a, q->rules, note_table[i].about);
		if (ids.count == 0)
			continue;
		point = add_point(a, &q->notes, note_table[i].id,
		    _(note_table[i].text));
		if (note_table[i].shows_rows)
			point->rows = ids;
		if (strcmp(note_table[i].id, "dns-learning") == 0)
			add_point(a, &q->notes, "resolver",
			    resolvers_text(a, q->record));
	}
}

/* --- plans --- */

static void
make_plans(struct arena *a, struct request *q)
{
	size_t i, count = q->rules->count;

	q->test_command = RETEST;
	q->test_plan = arena_printf(a,
	    P_("With a laptop in the network of the devices, run \"%1$s\". It "
	       "measures the %2$zu line of this request again and says what "
	       "came of it.",
		"With a laptop in the network of the devices, run \"%1$s\". "
		"It measures the %2$zu lines of this request again and says "
		"for each what came of it.",
		count),
	    RETEST, count);
	q->test_expected = _(
	    "Each line must say \"granted\"; \"still blocked\" and "
	    "\"regressed\" are failures. What no server on the other side "
	    "answers stays unproven even when it is permitted: there the "
	    "counters of the firewall are the proof.");
	for (i = 0; i < count; i++) {
		if (is_flow(&q->rules->row[i]))
			strlist_add(a, &q->backout_rows,
			    q->rules->row[i].rule_id);
	}
	q->backout = q->backout_rows.count == 0 ?
	    _("No line of this request permits anything, so there is nothing "
	      "to disable.") :
	    arena_printf(a,
		P_("Disable the rule with the name %s. The site is then as it "
		   "was before: where nothing else permits the flow, what the "
		   "line is needed for does not work.",
		    "Disable the rules with these names: %s. The site is then "
		    "as it was before: where nothing else permits a flow, what "
		    "its line is needed for does not work.",
		    q->backout_rows.count),
		summary_join(a, &q->backout_rows, ", "));
	if (q->backout_rows.count > 0)
		q->backout = arena_printf(a, "%s %s", q->backout,
		    _("In a firewall, an underscore may stand for a dot in "
		      "these names, long ones are shortened, and of lines with "
		      "the same flow only the first has a rule; its comment "
		      "tells. Take back too what was set for what no port can "
		      "grant."));
}

static const char *
first_review(const struct rules *rules)
{
	const char *first = "";
	size_t i;

	for (i = 0; i < rules->count; i++) {
		const char *day = rules->row[i].review_by;

		if (day[0] != '\0' &&
		    (first[0] == '\0' || strcmp(day, first) < 0))
			first = day;
	}
	return first;
}

const char *
request_service(struct arena *a, const struct rule_row *row)
{
	const char *what = word_label(&words_protocol,
	    (int)row->need->protocol);

	if (row->ports[0] != '\0')
		return arena_printf(a, "%s %s", what, row->ports);
	if (row->icmp_type >= 0)
		return arena_printf(a, _("%1$s type %2$d"), what,
		    row->icmp_type);
	return what;
}

static struct request *
make(struct arena *a, const struct record *r, const struct export_options *opt)
{
	struct request *q = arena_alloc(a, sizeof *q);

	q->record = r;
	q->rules = rows_make(a, r, opt);
	combine_rows(a, q->rules, &q->combined);
	lint_rules(a, q->rules, &q->lint);
	find_impact(a, q);
	find_conditions(a, q);
	find_notes(a, q);
	make_plans(a, q);
	q->change_type = "normal";
	q->review_by = first_review(q->rules);
	q->expires = "";
	q->requested_by = rows_requested_by(a, r);
	return q;
}

const struct request *
request_make(struct arena *a, const struct record *r,
    const struct export_options *opt)
{
	const struct request *q = job_kept(opt->job, JOB_REQUEST);

	return q != NULL ? q :
			   job_keep(opt->job, JOB_REQUEST,
			       make(job_arena(opt->job, a), r, opt));
}
