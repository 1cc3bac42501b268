/* SPDX-License-Identifier: MIT */
/* Failures that a named person accepts: whole or not, in force or ended. */
#ifndef JUDGE_DEVIATION_H
#define JUDGE_DEVIATION_H

#include "core/record/model.h"

#define DEVIATION_INITIALS_MAX 8	/* columns */
#define DEVIATION_DATE_SIZE 11		/* "2026-12-31" and its end */

/* A day that exists, as 2026-12-31. */
bool	 deviation_is_date(const char *text);
/* What its owner, reason, last day or initials lack, as a translated
 * sentence; NULL: nothing. Whether the day has passed is not asked. */
const char *deviation_owner_problem(const char *text);
const char *deviation_reason_problem(const char *text);
const char *deviation_expires_problem(const char *text);
const char *deviation_initials_problem(const char *text);
/* The first of these for d. */
const char *deviation_problem(const struct deviation *d);
/* The last day of an acceptance of `days` days, from this moment on. */
const char *deviation_suggest(int64_t now_us, int days,
	    char out[DEVIATION_DATE_SIZE]);

/* Inside the judge: makes what is accepted of r->needs OUTCOME_WAIVED and
 * fills the state of each of r->deviations. */
void	 deviations_apply(struct record *r);
/* The day by which r is judged: r->as_of, else that of its run, by the
 * witnesses of the time that the run heard. */
const char *deviation_day(const struct record *r,
	    char out[DEVIATION_DATE_SIZE]);

#endif
