/* SPDX-License-Identifier: MIT */
/* Owns the change request as CSV (RFC 4180): a header, CRLF, one row for each
 * rule; the three parts follow each other in their order. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/formats.h"
#include "core/export/rows.h"

/* A spreadsheet takes such a cell for a formula. */
static bool
looks_like_formula(const char *s)
{
	return strchr("=+-@\t", s[0]) != NULL && s[0] != '\0' &&
	    strcmp(s, "-") != 0;
}

static void
add_cell(struct buf *out, const char *s)
{
	bool guarded = looks_like_formula(s);

	if (!guarded && strpbrk(s, ",\"\r\n") == NULL) {
		buf_adds(out, s);
		return;
	}
	buf_addc(out, '"');
	if (guarded)
		buf_addc(out, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			buf_addc(out, '"');
		buf_addc(out, *s);
	}
	buf_addc(out, '"');
}

static void
add_header(struct buf *out)
{
	size_t i;

	for (i = 0; i < row_column_count; i++)
		buf_addf(out, "%s%s", i > 0 ? "," : "", row_columns[i].name);
	buf_adds(out, "\r\n");
}

static void
add_row(struct buf *out, const struct rule_row *row)
{
	size_t i;

	for (i = 0; i < row_column_count; i++) {
		if (i > 0)
			buf_addc(out, ',');
		add_cell(out, row_text(row, &row_columns[i]));
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
	add_header(out);
	for (part = 0; part < ROWS_NPARTS; part++) {
		for (i = 0; i < rules->count; i++) {
			if ((int)rules->row[i].part == part)
				add_row(out, &rules->row[i]);
		}
	}
	arena_free(a);
	return 0;
}

const struct export_format export_request_csv = {
    .document = EXPORT_REQUEST,
    .name = "csv",
    .file = "firewall/rules.csv",
    .label = N_("Change request, one row for each rule (CSV)"),
    .write = write_csv,
};
