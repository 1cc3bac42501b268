/* SPDX-License-Identifier: MIT */
/* Inside the judge: the hypotheses, one row each. */
#ifndef JUDGE_DIAGNOSE_RULES_H
#define JUDGE_DIAGNOSE_RULES_H

#include "core/judge/diagnosing.h"

#define MAX_ALLOWED 4	/* ports that pass where all others are cut */

struct rule {
	enum scope scope;
	/* Fills what is particular of h; false when t suggests nothing. */
	bool	 (*suggest)(const struct bench *b, const struct trouble *t,
		    struct hypothesis *h);
	bool	 (*explains)(const struct bench *b, const struct hypothesis *h,
		    const struct trouble *t);
	/* NULL: what it explains, it explains for certain. */
	bool	 (*holds)(const struct bench *b, const struct hypothesis *h);
};

/* Those about flows to the other side of the gateway. */
extern const struct rule flow_rules[];
extern const size_t flow_rule_count;

bool	 is_far_cut(const struct trouble *t);
bool	 is_dead_name(const struct trouble *t);
/* In h's place, or in none that is known. */
bool	 fits_zone(const struct hypothesis *h, const struct trouble *t);
/* None of t's ports passed anywhere. */
bool	 are_ports_cut(const struct hypothesis *h, const struct trouble *t);
enum protocol trouble_protocol(const struct trouble *t);

#endif
