/* SPDX-License-Identifier: MIT */
/* The rows of a firewall change request, worked out once; every form of the
 * request is a projection of them. */
#ifndef EXPORT_ROWS_H
#define EXPORT_ROWS_H

#include <stddef.h>

#include "core/export/export.h"

/* Three parts that are never mixed: what the internet firewall must let
 * through, what the local network must carry, and what is no port at all. */
enum rows_part { ROWS_INTERNET, ROWS_LAN, ROWS_CONDITIONS };
#define ROWS_NPARTS 3

/* No text is NULL. */
struct rule_row {
	const struct need *need;
	enum rows_part part;
	const char *rule_id;		/* "FR-" and the requirement's id */
	const char *action;
	const char *direction;
	const char *src_zone;
	const char *src_hosts;
	const char *dst_kind;
	const char *dst;
	const char *dst_match;
	const char *protocol;
	const char *ports;		/* "80, 443, 20000-49000" */
	const char *tls_inspection;
	const char *application;
	const char *purpose;
	const char *required;
	const char *if_missing;
	const char *condition;
	const char *data_class;
	const char *justification;
	const char *vendor_source;
	const char *evidence;		/* "o1, o2" */
	const char *owner;
	const char *requested_by;
	const char *valid_from;
	const char *expires;
	const char *review_by;
	const char *risk;
	const char *risk_note;
	const char *log;
	const char *test_plan;
	const char *rollback;
	const char *status;
	const char *approver;
	const char *change_ref;
	const char *alt_of;
	/* beyond the columns */
	const char *more;		/* what no port grants of it: "Keep
					 * idle connections ..."; or "" */
	int	 icmp_type;		/* 8 (and 0, its reply), 3; -1 = none */
	const char *same_flow_as;	/* rule id of an earlier row, or "" */
	struct strlist covered_by;	/* rule ids of rows that permit this
					 * flow too, and more */
	struct strlist seen;		/* names below a wildcard that a probe
					 * reached */
};

struct rules {
	const struct record *record;
	enum request_scope scope;
	const char *id;			/* stable for the site */
	const char *title;
	const char *created;		/* ISO time */
	struct rule_row *row;		/* in the order of the packs */
	size_t	 count;
	size_t	 in_part[ROWS_NPARTS];
	/* what applies and is not asked for */
	size_t	 granted;		/* passed */
	size_t	 accepted;		/* waived */
	size_t	 unchecked;		/* not run, so nothing is known */
	const struct export_retest *retest; /* or NULL; borrowed */
};

/* Lives in a, or in the job of opt; borrows from r. */
const struct rules *rows_make(struct arena *a, const struct record *r,
	    const struct export_options *opt);

/* The columns of the change request, in their order. */
struct row_column {
	const char *name;
	size_t	 offset;		/* of the text in struct rule_row */
};
extern const struct row_column row_columns[];
extern const size_t row_column_count;
const char *row_text(const struct rule_row *row, const struct row_column *c);

/* "FR-" and the requirement's id; in a. */
const char *rows_rule_id(struct arena *a, const struct need *n);
/* Person and company, or ""; in a or borrowed. */
const char *rows_requested_by(struct arena *a, const struct record *r);

extern const char *const rows_part_names[ROWS_NPARTS]; /* "internet" ... */

/* Fills same_flow_as and covered_by of all rows. In row_overlaps.c. */
void	 rows_find_overlaps(struct arena *a, struct rules *rules);
/* Must the encryption be left alone ("must_bypass", "ok", ""); what the port
 * alone does not grant, or ""; whose data it is, or "". In row_traits.c. */
const char *row_tls_inspection(const struct need *n);
const char *row_more(const struct rule_row *row);
const char *row_data_class(const struct need *n);
/* What the desk wrote into a row before; NULL: nothing is known. In
 * row_people.c, as what people and dates add to a row, the same in all. */
const struct export_retest_row *row_find_desk(const struct export_options *opt,
	    const char *rule_id);
void	 row_fill_people(struct arena *a, const struct record *r,
	    const struct export_options *opt, struct rule_row *row);
/* Risk of a row: a word, and why in sentences. In risk.c. */
void	 row_judge_risk(struct arena *a, struct rule_row *row);
/* Clauses in words: "generation is gen2; version is at least 17.0". */
char	*row_condition(struct arena *a, const struct need *n);
/* The risk's word for people; translated. */
const char *row_risk_label(const char *word);
/* "any number of labels below; not example.com itself; documented: ..." */
char	*row_wildcard(struct arena *a, const struct rule_row *row);

#endif
