/* SPDX-License-Identifier: MIT */
/* What the observations mean: a pure function of the record's needs, vantage
 * and observations. No socket, no clock, no screen. */
#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

#include "core/judge/ready.h"
#include "core/record/model.h"

/* Fills the judgement of every need, r->diagnoses and r->blocks from r->needs
 * (built before), r->vantage, r->observations and r->deviations, as of the
 * day r->as_of. Can be called
 * again at any time, also with a run half done. */
void	 judge_record(struct record *r);

/* Counts over the needs that apply, by outcome. */
struct judge_counts {
	size_t	 of[OUTCOME_WAIVED + 1];
	size_t	 total;			/* without not_applicable */
};
void	 judge_count(const struct record *r, struct judge_counts *out);

#endif
