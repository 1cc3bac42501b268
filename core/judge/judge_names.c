/* SPDX-License-Identifier: MIT */
/* What the answers of DNS servers mean. */
#include "core/judge/judges.h"

struct verdict
judge_name(struct record *r, const struct need *n, const struct observation *o)
{
	enum cause cause = evidence_name_cause(o);
	enum zone zone = evidence_resolver_zone(r);

	(void)n;
	if (cause == CAUSE_NONE)
		return verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	/* The resolver says that there is no such name; only the owner's own
	 * server could tell whether that is true. */
	if (cause == CAUSE_DNS_NXDOMAIN)
		zone = ZONE_UNDETERMINED;
	return verdict_make(OUTCOME_FAIL, o, cause, zone);
}

/* An authority answers with authority; a box in between cannot. */
struct verdict
judge_name_server(struct record *r, const struct need *n,
    const struct observation *o)
{
	struct verdict v;

	(void)n;
	if (o->rung != RUNG_APP_REPLY)
		return verdict_unanswered(r, o);
	if (detail_is(o, "aa"))
		return verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	if (!detail_is(o, "ra"))
		return verdict_make(OUTCOME_FAIL, o,
		    o->failure == CAUSE_NONE ? CAUSE_WRONG_PROTOCOL :
					       o->failure,
		    ZONE_UNDETERMINED);
	v = verdict_make(OUTCOME_FAIL, o, CAUSE_DNS_INTERCEPTED,
	    ZONE_UNDETERMINED);
	v.path = PATH_INTERCEPTED;
	return v;
}
