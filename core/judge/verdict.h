/* SPDX-License-Identifier: MIT */
/* Inside the judge: what one spec's observations mean, and who blocks. */
#ifndef JUDGE_VERDICT_H
#define JUDGE_VERDICT_H

#include "core/judge/evidence.h"
#include "core/record/model.h"

/* The axes for one observation, one spec, or one need. */
struct verdict {
	enum outcome outcome;	/* pass marginal warn fail unproven blocked_by
				 * not_run */
	enum rung rung;
	enum cause cause;
	enum path path;
	enum zone zone;
	const struct observation *by;	/* the one that decided, or NULL */
	const char *about;		/* host or address, or NULL */
	const char *say;		/* a ready sentence, or NULL */
};

/* r's observations of spec, judged for n. Adds their ids to n->probes and
 * makes n->family as bad as they are. */
struct verdict verdict_of_spec(struct record *r, struct need *n,
	    const struct probe_spec *spec);
/* Of several the one that is larger here speaks for all. */
int	 verdict_severity(enum outcome outcome);
/* Who blocks a flow that ended in o. */
enum zone zone_of(const struct record *r, const struct observation *o,
	    enum cause *cause);
/* Is this issuer seen where a laptop-trusted or shared private authority
 * signs for unrelated hosts? */
bool	 is_interception(const struct record *r,
	    const struct observation *o);

#endif
