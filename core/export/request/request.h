/* SPDX-License-Identifier: MIT */
/* What a change request says as a whole, worked out once beside its rows. It
 * tells what is known; what only the desk knows stays empty. */
#ifndef EXPORT_REQUEST_H
#define EXPORT_REQUEST_H

#include "core/base/digest.h"
#include "core/export/request/combine.h"
#include "core/export/request/lint.h"
#include "core/export/request/rows.h"

/* One sentence or more, and the rows that it is about. */
struct request_point {
	const char *id;		/* stable word: "dns-learning" */
	const char *text;	/* translated */
	const char *product;	/* whose rows these are, or "" */
	struct strlist rows;
};

struct request_points {
	struct request_point *point;
	size_t	 count;
};

/* No text is NULL. */
struct request {
	const struct record *record;
	const struct rules *rules;
	struct combined combined;
	struct lint lint;
	struct request_points impact;	/* what will not work without it */
	struct request_points conditions; /* that are no ports */
	struct request_points notes;	/* for whoever implements it */
	const char *change_type;	/* "normal" */
	const char *test_command;
	const char *test_plan;		/* sentences, with the command */
	const char *test_expected;
	struct strlist backout_rows;	/* to disable */
	const char *backout;
	const char *review_by;		/* the first day of review, or "" */
	const char *expires;		/* "" = permanent, with reviews */
	const char *requested_by;
};

/* Lives in a, or in the job of opt; borrows from r. */
const struct request *request_make(struct arena *a, const struct record *r,
	    const struct export_options *opt);
/* SHA-256 of the JSON form without its members "created" and "fingerprint":
 * the same for all forms that are made of one record on one day. */
void	 request_fingerprint(const struct request *q,
	    char out[DIGEST_HEX_SIZE]);
/* Lines of plain text, each point one, with the rows where show_rows. */
char	*request_points_text(struct arena *a, const struct request_points *p,
	    bool show_rows);
/* "TCP 443" of a row; "Ping (ICMP type 8)" has no ports. */
const char *request_service(struct arena *a, const struct rule_row *row);
/* TCP 80, 443 or both, and nothing else. */
bool	 request_is_web(const struct rule_row *row);

#endif
