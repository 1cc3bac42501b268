/* SPDX-License-Identifier: MIT */
/* Diagnoses: the smallest set of causes that explains every line in trouble,
 * the one to be told first at the head. */
#ifndef JUDGE_DIAGNOSE_H
#define JUDGE_DIAGNOSE_H

#include "core/record/model.h"

/* Fills r->diagnoses from the judged needs and the observations. */
void	 diagnose(struct record *r);
/* Whose it is, in words: "the IT desk of the site", "the vendor", ...;
 * translated. Every diagnosis also carries it as its member `whose`. */
const char *diagnosis_whose(enum cause cause, enum zone zone);
/* Does it hold up the handover? One that only warns does not. */
bool	 diagnosis_blocks(const struct record *r, const struct diagnosis *d);

#endif
