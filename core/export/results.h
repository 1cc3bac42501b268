/* SPDX-License-Identifier: MIT */
/* Results on paper, as the findings show them; the handover sheet shares some
 * of it. */
#ifndef EXPORT_RESULTS_H
#define EXPORT_RESULTS_H

#include "core/export/sheet/paper.h"
#include "core/record/model.h"

void	 results_warnings(const struct paper *p, const struct record *r);
/* What is in the way of the handover and no failure: the diagnoses tell
 * those. */
void	 results_blocks(const struct paper *p, struct arena *a,
	    const struct record *r);
void	 results_diagnoses(const struct paper *p, struct arena *a,
	    const struct record *r);
/* Every need that applies (and that `only` names, unless NULL), product by
 * product, in the order of the packs; one that passed takes one line. */
void	 results_products(const struct paper *p, struct arena *a,
	    const struct record *r, const char *only);
/* Each pack with its version and digest: what the results were judged by. */
void	 results_packs(const struct paper *p, const struct record *r);
/* "eth0 10.20.30.50/24, gateway 10.20.30.1" */
char	*results_standpoint(struct arena *a, const struct record *r);

/* Who answered the searches, each device once; nothing when nobody did. */
void	 results_devices(const struct paper *p, struct arena *a,
	    const struct record *r);

#endif
