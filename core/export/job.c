/* SPDX-License-Identifier: MIT */
/* Owns what several files of one set are made of. */
#include "core/export/job.h"

#define SEALED_MAX ((size_t)64 << 20)

void
job_begin(struct export_job *job)
{
	*job = (struct export_job){.arena = arena_new()};
	buf_init(&job->sealed, SEALED_MAX);
}

void
job_end(struct export_job *job)
{
	buf_free(&job->sealed);
	arena_free(job->arena);
}

struct arena *
job_arena(const struct export_job *job, struct arena *a)
{
	return job == NULL ? a : job->arena;
}

const void *
job_kept(const struct export_job *job, enum job_part part)
{
	return job == NULL ? NULL : job->kept[part];
}

const void *
job_keep(struct export_job *job, enum job_part part, const void *made)
{
	if (job != NULL)
		job->kept[part] = made;
	return made;
}
