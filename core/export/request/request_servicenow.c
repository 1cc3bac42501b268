/* SPDX-License-Identifier: MIT */
/* Owns the change request as one row for a ServiceNow import set: the names
 * of the columns are those of its table change_request. What only the desk
 * knows stays empty; the rows go with it as rules.csv. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/request/csv.h"
#include "core/export/formats.h"
#include "core/export/request/request.h"
#include "core/export/request/request_words.h"

/* What the table's fields hold: longer text is cut there without a word. */
#define SHORT_MAX 160
#define FIELD_MAX 4000

/* At most max characters, and what was left out is told. */
static const char *
fitted(struct arena *a, const char *text, size_t max)
{
	const char *more = _("... (The rest is in the attached rules.csv.)");
	size_t len = request_prefix(text, max);

	if (text[len] == '\0')
		return text;
	len = request_prefix(text, max - strlen(more) - 1);
	return arena_printf(a, "%.*s\n%s", (int)len, text, more);
}

static const char *
description(struct arena *a, const struct request *q)
{
	return arena_printf(a, "%s\n\n%s\n\n%s", request_words_about(a, q),
	    request_words_rows(a, q),
	    _("The rows are attached as rules.csv and rules.json."));
}

static const char *
implementation(struct arena *a, const struct request *q)
{
	return arena_printf(a, "%s\n\n%s",
	    request_points_text(a, &q->notes, false), request_words_rows(a, q));
}

static const char *
analysis(struct arena *a, const struct request *q)
{
	return arena_printf(a, "%s\n\n%s", request_words_risks(a, q),
	    request_words_lint(a, q));
}

static int
write_servicenow(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	const struct request *q = request_make(a, r, opt);
	const char *subject = request_words_subject(a, q);
	const struct {
		const char *name;
		const char *value;
	} columns[] = {
	    {"short_description",
		arena_strndup(a, subject, request_prefix(subject, SHORT_MAX))},
	    {"description", fitted(a, description(a, q), FIELD_MAX)},
	    {"type", q->change_type},
	    {"category", ""},
	    {"requested_by", fitted(a, q->requested_by, SHORT_MAX)},
	    {"assignment_group", ""},
	    {"cmdb_ci", ""},
	    {"business_service", ""},
	    {"risk", request_highest_risk(q)},
	    {"impact", ""},
	    {"priority", ""},
	    {"justification", fitted(a, request_words_impact(a, q), FIELD_MAX)},
	    {"implementation_plan", fitted(a, implementation(a, q), FIELD_MAX)},
	    {"risk_impact_analysis", fitted(a, analysis(a, q), FIELD_MAX)},
	    {"backout_plan", fitted(a, q->backout, FIELD_MAX)},
	    {"test_plan",
		fitted(a,
		    arena_printf(a, "%s\n%s", q->test_plan, q->test_expected),
		    FIELD_MAX)},
	    {"start_date", ""},
	    {"end_date", ""},
	};
	const char *name[sizeof columns / sizeof *columns];
	const char *value[sizeof columns / sizeof *columns];
	size_t i;

	(void)err;
	for (i = 0; i < sizeof columns / sizeof *columns; i++) {
		name[i] = columns[i].name;
		value[i] = columns[i].value;
	}
	csv_line(out, name, i);
	csv_line(out, value, i);
	arena_free(a);
	return 0;
}

const struct export_format export_request_servicenow = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_TICKETS,
    .name = "servicenow",
    .file = "firewall/change_request.csv",
    .label = N_("Change request for ServiceNow, one row (CSV)"),
    .use = N_("For the IT desk: import it and attach rules.csv to it."),
    .write = write_servicenow,
};
