/* SPDX-License-Identifier: MIT */
/* What several documents say of a record: the verdict and its counts, and
 * the words for a flow, a time, a product. */
#ifndef EXPORT_SUMMARY_H
#define EXPORT_SUMMARY_H

#include "core/base/mem.h"
#include "core/record/model.h"

struct summary {
	enum readiness verdict;
	size_t	 of[OUTCOME_WAIVED + 1]; /* of those that apply */
	size_t	 total;
};

/* The verdict is always about the whole site; the counts are about `only`. */
void	 summary_make(const struct record *r, const char *only,
	    struct summary *out);
/* "NOT READY"; translated. */
const char *summary_verdict(enum readiness v);
/* "60 passed, 3 failed, 2 not proven"; in a. */
char	*summary_counts(const struct summary *s, struct arena *a);
/* "OK", "FAILED", ...: a short word, so that nothing is said by colour. */
const char *summary_mark(enum outcome o);

/* NULL where the run went to its end; else what to write over a paper that
 * tells only a part, as "PARTIAL: the check was stopped; 3 of 21 lines were
 * not checked." */
const char *summary_partial(const struct summary *s, struct arena *a,
	    const struct record *r);

/* Needs that count: they apply. */
bool	 summary_counts_in(const struct need *n);
/* All that follow return text that is never NULL; in a or borrowed. */
const char *summary_site(const struct record *r);	/* its name */
char	*summary_time(struct arena *a, int64_t wall_us); /* "... 10:42 UTC" */
/* Where a requirement leads: a host or address that was typed, else what the
 * documents name, else NULL. */
const char *summary_target(const struct need *n);
/* "TCP 5113 to connect.zencontrol.com" */
char	*summary_flow(struct arena *a, const struct need *n);
/* "zencontrol.txt, lines 17,23", "assumed: ..." or both */
char	*summary_source(struct arena *a, const struct need *n);
char	*summary_join(struct arena *a, const struct strlist *l,
	    const char *between);

#endif
