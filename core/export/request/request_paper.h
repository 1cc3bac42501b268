/* SPDX-License-Identifier: MIT */
/* The parts of the change request on paper. */
#ifndef EXPORT_REQUEST_PAPER_H
#define EXPORT_REQUEST_PAPER_H

#include "core/export/sheet/paper.h"
#include "core/export/request/request.h"

/* A heading, what the part is, and its rows with reason, evidence and a place
 * for the approval of each. */
void	 request_add_part(const struct paper *p, struct arena *a,
	    const struct rules *rules, enum rows_part part);

#endif
