/* SPDX-License-Identifier: MIT */
/* The sections of the handover sheet, in their order. */
#ifndef EXPORT_HANDOVER_H
#define EXPORT_HANDOVER_H

#include "core/export/export.h"
#include "core/export/paper.h"

#define HANDOVER_COLUMN 18

void	 handover_parties(const struct paper *p, struct arena *a,
	    const struct record *r);
void	 handover_extent(const struct paper *p, struct arena *a,
	    const struct record *r);
void	 handover_equipment(const struct paper *p, struct arena *a,
	    const struct record *r);
void	 handover_network(const struct paper *p, struct arena *a,
	    const struct record *r);
void	 handover_results(const struct paper *p, struct arena *a,
	    const struct record *r);
void	 handover_deviations(const struct paper *p, struct arena *a,
	    const struct record *r);
void	 handover_request(const struct paper *p, struct arena *a,
	    const struct record *r, const struct export_options *opt);
void	 handover_untested(const struct paper *p, struct arena *a,
	    const struct record *r);
void	 handover_actions(const struct paper *p, struct arena *a,
	    const struct record *r);
void	 handover_signatures(const struct paper *p, struct arena *a,
	    const struct record *r);

#endif
