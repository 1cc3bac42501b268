/* SPDX-License-Identifier: MIT */
/* What several files of one set are made of: worked out for the first that
 * asks, and kept for the others. A job is of one record, one set of options
 * and one language; what it keeps never changes. Where options name no job,
 * everything is worked out anew. */
#ifndef EXPORT_JOB_H
#define EXPORT_JOB_H

#include "core/base/buf.h"
#include "core/base/mem.h"

enum job_part {
	JOB_HANDOVER_SHEET,
	JOB_REQUEST_SHEET,
	JOB_REQUEST,
	JOB_ROWS_NEEDED,
	JOB_ROWS_ALL,
	JOB_NPARTS,
};

struct export_job {
	struct arena *arena;
	struct buf sealed;		/* handover.json; empty: not yet made */
	const void *kept[JOB_NPARTS];
};

void	 job_begin(struct export_job *job);
void	 job_end(struct export_job *job);
/* Where a part has to live: in the job, or without one (NULL) in a. */
struct arena *job_arena(const struct export_job *job, struct arena *a);
/* NULL where it is not made yet. */
const void *job_kept(const struct export_job *job, enum job_part part);
const void *job_keep(struct export_job *job, enum job_part part,
	    const void *made);		/* returns it */

#endif
