/* SPDX-License-Identifier: MIT */
/* Results on paper, as the findings and the handover sheet both show them. */
#ifndef EXPORT_RESULTS_H
#define EXPORT_RESULTS_H

#include "core/export/paper.h"
#include "core/record/model.h"

enum results_depth {
	RESULTS_BRIEF,	/* a passed line takes one line */
	RESULTS_FULL,	/* every line with its proof and its source */
};

void	 results_warnings(const struct paper *p, const struct record *r);
void	 results_diagnoses(const struct paper *p, struct arena *a,
	    const struct record *r);
/* Every need that applies (and that `only` names, unless NULL), product by
 * product, in the order of the packs. */
void	 results_products(const struct paper *p, struct arena *a,
	    const struct record *r, enum results_depth depth,
	    const char *only);
/* Each pack with its version and digest: what the results were judged by. */
void	 results_packs(const struct paper *p, const struct record *r);
/* "eth0 10.20.30.50/24, gateway 10.20.30.1" */
char	*results_standpoint(struct arena *a, const struct record *r);

/* Who answered the searches, each device once; nothing when nobody did. */
void	 results_devices(const struct paper *p, struct arena *a,
	    const struct record *r);

#endif
