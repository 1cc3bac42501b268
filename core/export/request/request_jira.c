/* SPDX-License-Identifier: MIT */
/* Owns the change request as one issue for the CSV import of Jira; its rows
 * are a table in the description. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/request/csv.h"
#include "core/export/formats.h"
#include "core/export/request/request.h"
#include "core/export/request/request_words.h"
#include "core/export/summary.h"

#define SUMMARY_MAX 255
#define DESCRIPTION_MAX ((size_t)1 << 20)
#define ADDRESS_MAX 254

/* Of its markup: what begins a macro, a link, an image, a cell, or bold and
 * struck text. A line break ends a cell. */
static void
add_cell(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (strchr("\\|{}[]!*_^~#", *s) != NULL)
			buf_addc(b, '\\');
		buf_addc(b, *s == '\n' ? ' ' : *s);
	}
}

static void
add_paragraph(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (strchr("\\|{}[]!*_^~#", *s) != NULL)
			buf_addc(b, '\\');
		buf_addc(b, *s);
	}
	buf_adds(b, "\n\n");
}

static void
add_table(struct arena *a, const struct request *q, struct buf *b)
{
	size_t i, k;

	buf_addf(b, "||%s||%s||%s||%s||%s||\n", _("Line"), _("Permit"), _("To"),
	    _("From"), _("Needed by"));
	for (i = 0; i < q->combined.count; i++) {
		const struct combined_row *c = &q->combined.row[i];
		const char *cell[] = {c->id, request_service(a, c->first),
		    combined_destinations(a, c),
		    c->first->src_hosts[0] != '\0' ? c->first->src_hosts :
						     c->first->src_zone,
		    request_words_members(a, c)};

		buf_addc(b, '|');
		for (k = 0; k < sizeof cell / sizeof *cell; k++) {
			/* An empty cell would be a heading. */
			add_cell(b, cell[k][0] == '\0' ? " " : cell[k]);
			buf_addc(b, '|');
		}
		buf_addc(b, '\n');
	}
	buf_addc(b, '\n');
}

static const char *
description(struct arena *a, const struct request *q)
{
	struct buf b;
	char *text;

	buf_init(&b, DESCRIPTION_MAX);
	add_paragraph(&b, request_words_about(a, q));
	add_table(a, q, &b);
	add_paragraph(&b, request_words_impact(a, q));
	add_paragraph(&b, request_points_text(a, &q->conditions, true));
	add_paragraph(&b, request_points_text(a, &q->notes, true));
	add_paragraph(&b, q->test_plan);
	add_paragraph(&b, q->test_expected);
	add_paragraph(&b, q->backout);
	add_paragraph(&b,
	    _("The rows with reasons and evidence are attached as rules.csv "
	      "and rules.json."));
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

/* Users are told by their e-mail: the word with the "@" in what was typed. */
static const char *
reporter(struct arena *a, const char *contact)
{
	const char *at = strchr(contact, '@'), *from = at, *to = at;
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._-+";

	if (at == NULL)
		return "";
	while (from > contact && strchr(plain, from[-1]) != NULL)
		from--;
	to = at + 1 + strspn(at + 1, plain);
	while (to > at && to[-1] == '.')
		to--;
	if (from == at || to == at + 1 || to - from > ADDRESS_MAX)
		return "";
	return arena_strndup(a, from, (size_t)(to - from));
}

static int
write_jira(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	static const char *const name[] = {"Summary", "Issue Type",
	    "Description", "Priority", "Reporter", "Labels"};
	struct arena *a = arena_new();
	const struct request *q = request_make(a, r, opt);
	const char *subject = request_words_subject(a, q);
	const char *value[] = {arena_strndup(a, subject,
				   request_prefix(subject, SUMMARY_MAX)),
	    "Task", description(a, q), "",
	    reporter(a, r->site.installer_contact), q->rules->id};

	(void)err;
	csv_line(out, name, sizeof name / sizeof *name);
	csv_line(out, value, sizeof value / sizeof *value);
	arena_free(a);
	return 0;
}

const struct export_format export_request_jira = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_TICKETS,
    .name = "jira",
    .file = "firewall/jira.csv",
    .label = N_("Change request for Jira, one issue (CSV)"),
    .use = N_("For the IT desk: import it and attach rules.csv to it."),
    .write = write_jira,
};
