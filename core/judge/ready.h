/* SPDX-License-Identifier: MIT */
/* May I leave? The one answer for screen, sheet, text and JSON, and what
 * stands between the site and its handover: causes and things to do, each
 * told once with all that it holds up. */
#ifndef JUDGE_READY_H
#define JUDGE_READY_H

#include "core/record/model.h"

/* Fills r->readiness, r->blocks (causes first, then what is left to do) and
 * r->cautions from r's judged needs, diagnoses and deviations.
 * judge_record() ends so. */
void	 ready_judge(struct record *r);
/* As that left it. */
enum readiness judge_readiness(const struct record *r);
const char *judge_readiness_text(enum readiness x);	/* translated */

/* Whose trouble of this cause at this place is, as "the customer's IT desk";
 * translated. */
const char *ready_owner(enum cause cause, enum zone zone);
/* What to do about it, as an order; translated. */
const char *ready_todo(enum cause cause, enum zone zone);

#endif
