/* SPDX-License-Identifier: MIT */
/* Owns the change request as CSV (RFC 4180): a header, CRLF, one row for each
 * rule; the three parts follow each other in their order. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/request/csv.h"
#include "core/export/formats.h"
#include "core/export/request/rows.h"
#include "core/export/request/sightings.h"

#define CELL_MAX ((size_t)1 << 20)

/* "fail | o12 2026-...: TCP from ... to ...: nothing came back | o13 ...":
 * the outcome's word, then what was sent and what came of it. No line break:
 * not every reader of such files takes one. */
static const char *
evidence_cell(struct arena *a, const struct record *r,
    const struct rule_row *row)
{
	struct sightings e;
	struct buf b;
	char *text;
	size_t i;

	sightings_find(a, r, row, &e);
	buf_init(&b, CELL_MAX);
	buf_adds(&b, word_name(&words_outcome, (int)row->need->outcome));
	for (i = 0; i < e.nsightings; i++)
		buf_addf(&b, " | %s", sighting_text(a, &e.sighting[i]));
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

static const char *
cell_of(struct arena *a, const struct record *r, const struct rule_row *row,
    const struct row_column *c)
{
	if (strcmp(c->name, "evidence") == 0)
		return evidence_cell(a, r, row);
	return row_text(row, c);
}

static void
add_row(struct arena *a, const struct record *r, const struct rule_row *row,
    struct buf *out)
{
	size_t i;

	for (i = 0; i < row_column_count; i++) {
		if (i > 0)
			buf_addc(out, ',');
		csv_cell(out, cell_of(a, r, row, &row_columns[i]));
	}
	buf_adds(out, "\r\n");
}

static int
write_csv(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	const struct rules *rules = rows_make(a, r, opt);
	size_t i;
	int part;

	(void)err;
	for (i = 0; i < row_column_count; i++)
		buf_addf(out, "%s%s", i > 0 ? "," : "", row_columns[i].name);
	buf_adds(out, "\r\n");
	for (part = 0; part < ROWS_NPARTS; part++) {
		for (i = 0; i < rules->count; i++) {
			if ((int)rules->row[i].part == part)
				add_row(a, r, &rules->row[i], out);
		}
	}
	arena_free(a);
	return 0;
}

const struct export_format export_request_csv = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_CHANGE,
    .name = "csv",
    .file = "firewall/rules.csv",
    .label = N_("Change request, one row for each rule (CSV)"),
    .use = N_("Send it to the IT desk, for a spreadsheet or a ticket."),
    .write = write_csv,
};
