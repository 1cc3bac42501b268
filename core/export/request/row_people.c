/* SPDX-License-Identifier: MIT */
/* Owns what people and dates add to a row of a request: who asks, until when,
 * and what the desk wrote into an earlier edition of it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/export/request/rows.h"

#define REVIEW_MONTHS 6
#define DATE_SIZE 16

static const char *
review_date(struct arena *a, int64_t now_us)
{
	time_t now = (time_t)(now_us / 1000000);
	char text[DATE_SIZE];
	struct tm tm;

	if (gmtime_r(&now, &tm) == NULL)
		return "";
	tm.tm_mon += REVIEW_MONTHS;
	now = timegm(&tm);
	if (gmtime_r(&now, &tm) == NULL ||
	    strftime(text, sizeof text, "%Y-%m-%d", &tm) == 0)
		return "";
	return arena_strdup(a, text);
}

const char *
rows_requested_by(struct arena *a, const struct record *r)
{
	const char *firm = r->site.installer, *person = r->site.engineer;

	if (person[0] == '\0' || firm[0] == '\0')
		return person[0] == '\0' ? firm : person;
	return arena_printf(a, "%s, %s", person, firm);
}

static int
by_rule_id(const void *id, const void *row)
{
	return strcmp(id, ((const struct export_retest_row *)row)->rule_id);
}

/* Of a request that was measured again, what it knows of the row. */
const struct export_retest_row *
row_find_desk(const struct export_options *opt, const char *id)
{
	const struct export_retest *t = opt->retest;

	if (t == NULL || t->count == 0)
		return NULL;
	return bsearch(id, t->row, t->count, sizeof *t->row, by_rule_id);
}

static const char *
or_empty(const char *s)
{
	return s == NULL ? "" : s;
}

/* What people and dates add, the same in every row. */
void
row_fill_people(struct arena *a, const struct record *r,
    const struct export_options *opt, struct rule_row *row)
{
	static const struct export_retest_row nothing = {.rule_id = ""};
	const struct export_retest_row *desk = row_find_desk(opt, row->rule_id);

	if (desk == NULL)
		desk = &nothing;
	row->owner = or_empty(desk->owner);
	if (row->owner[0] == '\0')
		row->owner = r->site.customer;
	row->requested_by = rows_requested_by(a, r);
	row->valid_from = or_empty(desk->valid_from);
	row->expires = or_empty(desk->expires);
	row->review_by = review_date(a, opt->now_us);
	row->status = desk->status == NULL ? "requested" : desk->status;
	row->approver = or_empty(desk->approver);
	row->change_ref = or_empty(desk->change_ref);
}
