/* SPDX-License-Identifier: MIT */
/* Owns the sections of the handover sheet that say what it is about: parties,
 * extent, equipment, and the network as it was found. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/handover/handover.h"
#include "core/export/results.h"
#include "core/export/request/rows.h"
#include "core/export/standpoint.h"
#include "core/export/summary.h"
#include "core/pack/pack.h"

#define COLUMN HANDOVER_COLUMN

/* What nobody typed is left to be written by hand. */
static void
add_party(const struct handover *h, const char *label, const char *text)
{
	if (text_is_space(text))
		paper_blank_field(h->p, 0, COLUMN, label);
	else
		paper_field(h->p, 0, COLUMN, label, text);
}

void
handover_parties(const struct handover *h)
{
	const struct site_info *s = &h->r->site;

	paper_heading(h->p, _("Parties"));
	paper_field(h->p, 0, COLUMN, _("Project:"), s->project);
	add_party(h, _("Customer:"), s->customer);
	paper_field(h->p, 0, COLUMN, _("Contact:"), s->customer_contact);
	add_party(h, _("Site:"), s->name);
	add_party(h, _("Address:"), s->address);
	add_party(h, _("Installer:"), s->installer);
	paper_field(h->p, 0, COLUMN, _("Reached at:"), s->installer_contact);
	add_party(h, _("Engineer:"), s->engineer);
	add_party(h, _("IT contact:"), s->it_contact);
	paper_field(h->p, 0, COLUMN, _("Notes:"), s->notes);
}

/* --- extent and limits ------------------------------------------------- */

/* Firmware, regions, services: as somebody answered, so as stated. */
static void
add_answers(const struct handover *h)
{
	const struct sheet_column columns[] = {{_("Product"), 24},
	    {_("Question"), 44}, {_("Stated"), 24}};
	const struct record *r = h->r;
	size_t i;

	if (r->nanswers == 0)
		return;
	paper_subheading(h->p, _("Answers, as a person stated them"));
	sheet_table(h->p->sheet, columns, 3);
	for (i = 0; i < r->nanswers; i++) {
		const struct answer *x = &r->answers[i];
		const char *const cells[] = {record_product_title(r,
						 x->product),
		    x->ask != NULL ? x->ask : x->question,
		    x->says != NULL ? x->says : x->value};

		if (strlist_has(&r->products, x->product))
			sheet_table_row(h->p->sheet, TONE_PLAIN, cells);
	}
}

static const char *
why_not(const struct handover *h, const struct need *n)
{
	const char *when = row_condition(h->a, n);

	if (when[0] != '\0')
		return when;
	return n->summary[0] != '\0' ? n->summary :
				       _("It does not apply to this site.");
}

/* What does not apply, and why: lines of one reason in one row. */
static void
add_excluded(const struct handover *h)
{
	const struct sheet_column columns[] = {{_("Lines"), 45},
	    {_("Asked for only where"), 47}};
	const struct record *r = h->r;
	struct strlist told = {0};
	size_t i, k;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];
		const char *why = why_not(h, n);
		struct strlist ids = {0};
		const char *cells[2];

		if (summary_counts_in(n) || strlist_has(&told, why))
			continue;
		if (told.count == 0) {
			paper_subheading(h->p,
			    _("Not in scope: what does not apply here"));
			sheet_table(h->p->sheet, columns, 2);
		}
		strlist_add(h->a, &told, why);
		for (k = i; k < r->nneeds; k++) {
			if (!summary_counts_in(&r->needs[k]) &&
			    strcmp(why_not(h, &r->needs[k]), why) == 0)
				strlist_add(h->a, &ids, r->needs[k].id);
		}
		cells[0] = summary_join(h->a, &ids, ", ");
		cells[1] = why;
		sheet_table_row(h->p->sheet, TONE_PLAIN, cells);
	}
}

void
handover_extent(const struct handover *h)
{
	const struct record *r = h->r;
	size_t i;

	paper_heading(h->p, _("Extent and limits"));
	if (r->npacks == 0)
		paper_text(h->p, 0, _("No product is chosen."));
	for (i = 0; i < r->npacks; i++)
		paper_text(h->p, 0,
		    arena_printf(h->a, _("%s, by %s of %s"), r->packs[i].title,
			r->packs[i].document, r->packs[i].retrieved));
	paper_field(h->p, 0, COLUMN, _("Area:"),
	    text_is_space(r->site.device_zone) ?
		_("it is not said in which network the devices are") :
		arena_printf(h->a, _("%s (stated)"), r->site.device_zone));
	if (r->started_us != 0)
		paper_field(h->p, 0, COLUMN, _("Checked from:"),
		    results_standpoint(h->a, r));
	paper_text(h->p, 0,
	    _("This sheet is about these products and what their documents ask "
	      "of the network, seen from the place above. What no document "
	      "asks for, and what holds at another outlet, in another network "
	      "or on another day, was not looked at."));
	add_answers(h);
	add_excluded(h);
}

/* --- equipment --------------------------------------------------------- */

static const char *
when_text(const struct handover *h, int64_t us)
{
	char iso[CLOCK_ISO_SIZE];

	if (us <= 0)
		return _("not known");
	clock_iso(us, false, iso);
	return arena_printf(h->a, "%.10s %.5s", iso, iso + 11);
}

void
handover_equipment(const struct handover *h)
{
	const struct sheet_column columns[] = {{_("Product"), 24},
	    {_("Item"), 22}, {_("Value"), 20}, {_("How it is known"), 14},
	    {_("When (UTC)"), 12}};
	const struct record *r = h->r;
	size_t i;

	paper_heading(h->p, _("Equipment"));
	if (r->nequipment == 0)
		paper_text(h->p, 0, _("Nothing was written down."));
	else
		sheet_table(h->p->sheet, columns, 5);
	for (i = 0; i < r->nequipment; i++) {
		const struct equipment *e = &r->equipment[i];
		bool measured = strcmp(e->how, "measured") == 0;
		const char *const cells[] = {record_product_title(r,
						 e->product),
		    pack_text(e->label), e->value,
		    measured ? _("read from the device") :
			       _("typed by a person"),
		    when_text(h, e->when_us)};

		sheet_table_row(h->p->sheet, TONE_PLAIN, cells);
	}
	results_devices(h->p, h->a, r);
}

/* --- network ----------------------------------------------------------- */

static void
add_gateway(const struct handover *h, const struct vantage *v)
{
	if (v->gateway == NULL && v->gateway6 == NULL)
		paper_field(h->p, 0, COLUMN, _("Gateway:"), _("none"));
	else if (v->gateway != NULL && v->gateway_mac != NULL)
		paper_field(h->p, 0, COLUMN, _("Gateway:"),
		    arena_printf(h->a, "%s (%s)", v->gateway, v->gateway_mac));
	else
		paper_field(h->p, 0, COLUMN, _("Gateway:"), v->gateway);
	paper_field(h->p, 0, COLUMN, _("IPv6 gateway:"), v->gateway6);
}

/* What the documents forbid on the way, as the judgement has it. */
static void
add_on_the_way(const struct handover *h)
{
	static const struct {
		enum cause cause;
		const char *label;
	} seen[] = {
	    {CAUSE_CAPTIVE_PORTAL, N_("Sign-in page:")},
	    {CAUSE_TLS_INTERCEPTED, N_("TLS inspection:")},
	    {CAUSE_PROXY_ONLY, N_("Proxy on the way:")},
	    {CAUSE_DNS_INTERCEPTED, N_("DNS taken over:")},
	    {CAUSE_NTP_INTERCEPTED, N_("Time taken over:")},
	};
	const struct record *r = h->r;
	size_t i, k;

	for (i = 0; i < sizeof seen / sizeof *seen; i++) {
		size_t count = 0;

		for (k = 0; k < r->nneeds; k++)
			count += summary_counts_in(&r->needs[k]) &&
			    r->needs[k].cause == seen[i].cause;
		if (count > 0)
			paper_fieldf(h->p, 0, COLUMN, _(seen[i].label),
			    P_("seen on %zu line, see the results",
				"seen on %zu lines, see the results", count),
			    count);
	}
}

void
handover_network(const struct handover *h)
{
	const struct record *r = h->r;
	const struct vantage *v = &r->vantage;
	struct standpoint_fact fact[STANDPOINT_FACTS];
	size_t i, n = standpoint_facts(h->a, v, fact);

	paper_heading(h->p, _("Network as found"));
	if (r->started_us == 0) {
		paper_text(h->p, 0, _("No check was run yet."));
		return;
	}
	paper_field(h->p, 0, COLUMN, _("Device network:"), r->site.device_zone);
	paper_field(h->p, 0, COLUMN, _("Addresses:"),
	    summary_join(h->a, &v->addresses, ", "));
	add_gateway(h, v);
	paper_field(h->p, 0, COLUMN, _("DNS servers:"),
	    summary_join(h->a, &v->resolvers, ", "));
	for (i = 0; i < n; i++)
		paper_field(h->p, 0, COLUMN,
		    arena_printf(h->a, "%s:", fact[i].label), fact[i].value);
	add_on_the_way(h);
	for (i = 0; i < v->warnings.count; i++)
		paper_field(h->p, 0, COLUMN, _("Note:"), v->warnings.item[i]);
}
