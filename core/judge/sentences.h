/* SPDX-License-Identifier: MIT */
/* Inside the judge: causes and outcomes in words. */
#ifndef JUDGE_SENTENCES_H
#define JUDGE_SENTENCES_H

#include "core/judge/verdict.h"

/* "at the site's gateway (10.20.30.1)"; translated. */
const char *zone_phrase(const struct record *r, enum zone zone);
/* Of what was cut off without anybody saying so. */
const char *zone_phrase_cut(const struct record *r, enum zone zone);
/* Fills summary and the three pieces of advice of n. */
void	 sentences_fill(struct record *r, struct need *n,
	    const struct verdict *v);
/* "TCP port 5113", "UDP ports 10000-65535", "ping"; in r->judged. */
char	*flow_phrase(struct record *r, const struct need *n);
/* "40 days", "3 minutes", in the unit that a person would use. */
char	*span_text(struct record *r, int64_t us);
/* "The clock of this laptop is 40 days fast." */
char	*clock_diagnosis(struct record *r, enum zone zone);

#endif
