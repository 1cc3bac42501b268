/* SPDX-License-Identifier: MIT */
/* Owns the findings as plain text: the verdict, what causes the trouble, and
 * every line of every product. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/formats.h"
#include "core/export/paper.h"
#include "core/export/results.h"
#include "core/export/standpoint.h"
#include "core/export/summary.h"

#define FACT_COLUMN 20

/* The site's verdict; of a part of it only what that part came to. */
static void
add_verdict(const struct paper *p, struct arena *a, const struct record *r,
    const char *only)
{
	struct summary s;
	const char *verdict;

	summary_make(r, only, &s);
	verdict = summary_verdict(s.verdict);
	if (only != NULL)
		paper_title(p,
		    arena_printf(a, _("Only %s was asked for: %s"), only,
			summary_counts(&s, a)));
	else if (r->started_us == 0)
		paper_title(p,
		    arena_printf(a, _("%s: this site was never checked"),
			verdict));
	else
		paper_title(p,
		    arena_printf(a, "%s: %s", verdict, summary_site(r)));
	if (only == NULL)
		paper_textf(p, 0,
		    P_("%zu line applies: %s.", "%zu lines apply: %s.",
			s.total),
		    s.total, summary_counts(&s, a));
	if (r->started_us != 0)
		paper_textf(p, 0,
		    r->complete ? _("Checked %s from %s.") :
				  _("Checked %s from %s; the check was cut "
				    "short."),
		    summary_time(a, r->started_us), results_standpoint(a, r));
}

/* What the laptop was given here, and what may lead the checks astray. */
static void
add_standpoint(const struct paper *p, struct arena *a, const struct record *r)
{
	struct standpoint_fact fact[STANDPOINT_FACTS];
	size_t i, n = standpoint_facts(a, &r->vantage, fact);

	for (i = 0; r->started_us != 0 && i < n; i++)
		paper_field(p, 2, FACT_COLUMN,
		    arena_printf(a, "%s:", fact[i].label), fact[i].value);
}

static int
write_findings(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct paper p = {out, opt->ncols};
	struct arena *a = arena_new();

	(void)err;
	add_verdict(&p, a, r, opt->only);
	add_standpoint(&p, a, r);
	results_warnings(&p, r);
	results_diagnoses(&p, a, r);
	results_devices(&p, a, r);
	results_products(&p, a, r, RESULTS_BRIEF, opt->only);
	arena_free(a);
	return 0;
}

const struct export_format export_findings_text = {
    .document = EXPORT_FINDINGS,
    .name = "text",
    .file = "findings.txt",
    .label = N_("Findings, plain text"),
    .write = write_findings,
};
