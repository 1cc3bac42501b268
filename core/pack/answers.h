/* SPDX-License-Identifier: MIT */
/* Answers and conditions: which questions to ask, which requirements apply,
 * and the whole list of a site's needs with the probes that prove them. */
#ifndef PACK_ANSWERS_H
#define PACK_ANSWERS_H

#include "core/base/error.h"
#include "core/pack/pack.h"
#include "core/record/model.h"

enum truth { TRUTH_NO, TRUTH_YES, TRUTH_UNKNOWN };

/* The answer that counts: the record's own, else that of the shared question
 * when its product is chosen, else the default; NULL when unknown. */
const char *answer_effective(const struct pack_set *packs,
	    const struct record *r, const struct pack *p,
	    const struct question *q);

enum truth clauses_hold(const struct pack_set *packs, const struct record *r,
	    const struct pack *p, const struct clauses *when);

/* Must this question be asked now (condition not false, not answered through
 * another chosen product)? */
bool	 question_is_open(const struct pack_set *packs,
	    const struct record *r, const struct pack *p,
	    const struct question *q);

/* Checks and normalises what was typed ("Yes" to "yes", "0443" is refused).
 * "unknown" is fine unless q->must. On success *out is in a. */
int	 answer_check(struct arena *a, const struct question *q,
	    const char *typed, char **out, struct error *err) MUST_CHECK;

/* A requirement as `packs show` prints it: no answers, no specs. Puts into a
 * only what it must; the rest is borrowed from p. */
void	 need_describe(struct arena *a, const struct pack *p,
	    const struct requirement *req, struct need *out);

/* Clears the judgement (record_clear_judgement) and fills r->packs and
 * r->needs, all from r->judged, from the products and answers in r: every
 * requirement of every chosen pack, those that do not apply marked as such
 * (outcome not_applicable), the others with specs or with `unprobed`. Pure:
 * the same inputs give the same needs. `vocab` names the probes there are. */
void	 needs_build(const struct pack_set *packs,
	    const struct pack_vocabulary *vocab, struct record *r);

#endif
