/* SPDX-License-Identifier: MIT */
/* Owns how a cell stands in a CSV file. */
#include "core/export/request/csv.h"

#include <string.h>

/* A spreadsheet takes a cell that begins so for a formula. */
static bool
begins_formula(char c)
{
	return c != '\0' && strchr("=+-@", c) != NULL;
}

static bool
is_guarded(const char *s)
{
	return begins_formula(s[0]) ||
	    (s[0] != '\0' && strchr("\t\r\n", s[0]) != NULL);
}

/* In half of Europe a semicolon parts the cells. Such a spreadsheet does not
 * see our quotes, and a cell begins behind each semicolon and line break. */
static bool
begins_cell(char c)
{
	return c == ';' || c == '\n' || c == '\r';
}

void
csv_cell(struct buf *out, const char *s)
{
	bool guarded = is_guarded(s), begin = false;

	if (!guarded && strpbrk(s, ",;\"\t\r\n") == NULL) {
		buf_adds(out, s);
		return;
	}
	buf_addc(out, '"');
	if (guarded)
		buf_addc(out, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '"' || (begin && begins_formula(*s)))
			buf_addc(out, *s == '"' ? '"' : '\'');
		buf_addc(out, *s == '\t' ? ' ' : *s);
		begin = begins_cell(*s) ||
		    (begin && (*s == ' ' || *s == '\t' || *s == '"'));
	}
	buf_addc(out, '"');
}

void
csv_line(struct buf *out, const char *const *cell, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (i > 0)
			buf_addc(out, ',');
		csv_cell(out, cell[i]);
	}
	buf_adds(out, "\r\n");
}
