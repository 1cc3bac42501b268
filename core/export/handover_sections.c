/* SPDX-License-Identifier: MIT */
/* Owns the sections of the handover sheet. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/handover.h"
#include "core/export/results.h"
#include "core/export/rows.h"
#include "core/export/standpoint.h"
#include "core/export/summary.h"

#define COLUMN HANDOVER_COLUMN

void
handover_parties(const struct paper *p, struct arena *a, const struct record *r)
{
	const struct site_info *s = &r->site;

	(void)a;
	paper_heading(p, _("Parties"));
	paper_field(p, 0, COLUMN, _("Customer:"), s->customer);
	paper_field(p, 0, COLUMN, _("Site:"), s->name);
	paper_field(p, 0, COLUMN, _("Address:"), s->address);
	paper_field(p, 0, COLUMN, _("Installer:"), s->installer);
	paper_field(p, 0, COLUMN, _("Engineer:"), s->engineer);
	paper_field(p, 0, COLUMN, _("IT contact:"), s->it_contact);
	paper_field(p, 0, COLUMN, _("Notes:"), s->notes);
}

/* An answer that the documents left to the site, or that is not known. */
static void
add_answers(const struct paper *p, struct arena *a, const struct record *r,
    const char *product)
{
	size_t i;

	for (i = 0; i < r->nanswers; i++) {
		const struct answer *answer = &r->answers[i];

		if (strcmp(answer->product, product) != 0)
			continue;
		paper_text(p, 4,
		    arena_printf(a, _("%s %s (stated)"),
			answer->ask != NULL ? answer->ask : answer->question,
			answer->says != NULL ? answer->says : answer->value));
	}
}

void
handover_extent(const struct paper *p, struct arena *a, const struct record *r)
{
	size_t i, excluded = 0;

	paper_heading(p, _("Extent and limits"));
	if (r->npacks == 0)
		paper_text(p, 0, _("No product is chosen."));
	for (i = 0; i < r->npacks; i++) {
		paper_text(p, 0,
		    arena_printf(a, _("%s, by %s of %s"), r->packs[i].title,
			r->packs[i].document, r->packs[i].retrieved));
		add_answers(p, a, r, r->packs[i].product);
	}
	for (i = 0; i < r->nneeds; i++)
		excluded += !summary_counts_in(&r->needs[i]);
	if (excluded > 0)
		paper_textf(p, 0,
		    P_("%zu requirement of these products does not apply "
		       "here, by the answers above. What no product's "
		       "document asks for was not looked at.",
			"%zu requirements of these products do not apply "
			"here, by the answers above. What no product's "
			"document asks for was not looked at.",
			excluded),
		    excluded);
}

void
handover_equipment(const struct paper *p, struct arena *a,
    const struct record *r)
{
	size_t i;

	paper_heading(p, _("Equipment"));
	if (r->nequipment == 0)
		paper_text(p, 0, _("Nothing was written down."));
	for (i = 0; i < r->nequipment; i++) {
		const struct equipment *e = &r->equipment[i];

		paper_text(p, 0,
		    arena_printf(a, "%s: %s: %s (%s, %s)",
			summary_product(r, e->product), e->label, e->value,
			strcmp(e->how, "measured") == 0 ? _("measured") :
							  _("typed"),
			summary_time(a, e->when_us)));
	}
}

void
handover_network(const struct paper *p, struct arena *a, const struct record *r)
{
	const struct vantage *v = &r->vantage;
	struct standpoint_fact fact[STANDPOINT_FACTS];
	size_t i, n = standpoint_facts(a, v, fact);

	paper_heading(p, _("Network as found"));
	if (r->started_us == 0) {
		paper_text(p, 0, _("No check was run yet."));
		return;
	}
	paper_field(p, 0, COLUMN, _("Device network:"), r->site.device_zone);
	paper_field(p, 0, COLUMN, _("Computer:"),
	    arena_printf(a, "%s, %s", v->hostname, v->os));
	paper_field(p, 0, COLUMN, _("Interface:"),
	    v->interface[0] == '\0' ? _("none") : v->interface);
	paper_field(p, 0, COLUMN, _("Addresses:"),
	    summary_join(a, &v->addresses, ", "));
	paper_field(p, 0, COLUMN, _("Gateway:"),
	    v->gateway_mac == NULL ?
		v->gateway :
		arena_printf(a, "%s (%s)",
		    v->gateway == NULL ? "?" : v->gateway, v->gateway_mac));
	paper_field(p, 0, COLUMN, _("IPv6 gateway:"), v->gateway6);
	paper_field(p, 0, COLUMN, _("DNS servers:"),
	    summary_join(a, &v->resolvers, ", "));
	for (i = 0; i < n; i++)
		paper_field(p, 0, COLUMN, arena_printf(a, "%s:", fact[i].label),
		    fact[i].value);
	paper_field(p, 0, COLUMN, _("Clock:"),
	    strcmp(v->clock_source, "system") == 0 ?
		_("the clock of this computer") :
		v->clock_source);
	paper_fieldf(p, 0, COLUMN, _("Checked:"), _("%s to %s, %zu probes"),
	    summary_time(a, r->started_us), summary_time(a, r->ended_us),
	    r->nobservations);
	for (i = 0; i < v->warnings.count; i++)
		paper_field(p, 0, COLUMN, _("Note:"), v->warnings.item[i]);
}

static void
add_attestations(const struct paper *p, struct arena *a, const struct record *r)
{
	size_t i;

	if (r->nattestations > 0)
		paper_heading(p, _("Stated by a person, not measured"));
	for (i = 0; i < r->nattestations; i++) {
		const struct attestation *t = &r->attestations[i];

		paper_text(p, 0,
		    arena_printf(a, _("%s: \"%s\" %s (stated by %s, %s)"),
			summary_product(r, t->product), t->text, t->answer,
			text_is_space(t->who) ? _("somebody not named") :
						t->who,
			summary_time(a, t->when_us)));
	}
}

void
handover_results(const struct paper *p, struct arena *a, const struct record *r)
{
	paper_heading(p, _("Results"));
	paper_text(p, 0,
	    _("\"Measured\" lines were proven by probes from the computer "
	      "above; the names in brackets are the observations in the file. "
	      "What a person stated stands apart."));
	results_diagnoses(p, a, r);
	results_products(p, a, r, RESULTS_FULL, NULL);
	add_attestations(p, a, r);
}

void
handover_deviations(const struct paper *p, struct arena *a,
    const struct record *r)
{
	size_t i;

	paper_heading(p, _("Exceptions and deviations"));
	if (r->ndeviations == 0)
		paper_text(p, 0, _("None."));
	for (i = 0; i < r->ndeviations; i++) {
		const struct deviation *d = &r->deviations[i];

		paper_text(p, 0, d->requirement);
		paper_field(p, 2, COLUMN, _("Reason:"), d->reason);
		paper_field(p, 2, COLUMN, _("Accepted by:"),
		    arena_printf(a, "%s, %s", d->owner,
			summary_time(a, d->when_us)));
		paper_field(p, 2, COLUMN, _("Until:"),
		    text_is_space(d->expires) ? _("no date is set") :
						d->expires);
		paper_field(p, 2, COLUMN, _("Initials:"), d->initials);
	}
}

void
handover_request(const struct paper *p, struct arena *a, const struct record *r,
    const struct export_options *opt)
{
	struct export_options needed = *opt;
	const struct rules *rules;
	size_t i;

	paper_heading(p, _("Firewall change request"));
	if (r->started_us == 0) {
		paper_text(p, 0, _("No check was run yet."));
		return;
	}
	needed.scope = SCOPE_NEEDED;
	rules = rows_make(a, r, &needed);
	paper_textf(p, 0,
	    _("Request %s: %zu lines for the internet firewall, %zu for the "
	      "local network, %zu conditions that are not ports."),
	    rules->id, rules->in_part[ROWS_INTERNET], rules->in_part[ROWS_LAN],
	    rules->in_part[ROWS_CONDITIONS]);
	for (i = 0; i < rules->count; i++)
		paper_text(p, 2,
		    arena_printf(a, "%s: %s", rules->row[i].rule_id,
			summary_flow(a, rules->row[i].need)));
}

void
handover_untested(const struct paper *p, struct arena *a,
    const struct record *r)
{
	size_t i, count = 0;

	paper_heading(p, _("Not tested, and why"));
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];
		const char *why = n->unprobed;

		if (!summary_counts_in(n) ||
		    (n->outcome != OUTCOME_NOT_RUN &&
			n->outcome != OUTCOME_TOOL_ERROR &&
			n->outcome != OUTCOME_BLOCKED_BY))
			continue;
		if (n->summary[0] != '\0')
			why = n->summary;
		paper_text(p, 0,
		    arena_printf(a, "%s: %s", n->id, summary_flow(a, n)));
		paper_text(p, 4, why == NULL ? _("It was not checked.") : why);
		count++;
	}
	if (count == 0)
		paper_text(p, 0, _("Everything that applies was tested."));
}

void
handover_actions(const struct paper *p, struct arena *a, const struct record *r)
{
	size_t i, count = 0;

	paper_heading(p, _("Remaining actions"));
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!summary_counts_in(n) || n->outcome != OUTCOME_FAIL)
			continue;
		paper_text(p, 0,
		    arena_printf(a, "[ ] %s: %s", n->id, n->summary));
		paper_field(p, 4, COLUMN, _("Installer:"), n->advice_installer);
		paper_field(p, 4, COLUMN, _("IT desk:"), n->advice_it);
		paper_blank_field(p, 4, COLUMN, _("Who, until:"));
		count++;
	}
	if (count == 0)
		paper_text(p, 0, _("No line failed."));
}

void
handover_signatures(const struct paper *p, struct arena *a,
    const struct record *r)
{
	static const char *const people[] = {
	    N_("Engineer"),
	    N_("For the customer"),
	    N_("For the customer's IT"),
	};
	size_t i;

	(void)a;
	(void)r;
	paper_heading(p, _("Declarations and signatures"));
	paper_text(p, 0,
	    _("I have read this sheet, its exceptions and its remaining "
	      "actions."));
	for (i = 0; i < sizeof people / sizeof *people; i++) {
		paper_blank(p);
		paper_text(p, 0, _(people[i]));
		paper_blank_field(p, 2, COLUMN, _("Name:"));
		paper_blank_field(p, 2, COLUMN, _("Signature:"));
		paper_blank_field(p, 2, COLUMN, _("Date:"));
	}
}
