/* SPDX-License-Identifier: MIT */
/* What packets that expire on the way, and pings, mean. */
#include "core/judge/judges.h"

struct verdict
judge_path(struct record *r, const struct need *n, const struct observation *o)
{
	if (o->rung == RUNG_TRANSPORT && !detail_is(o, "passed") &&
	    !address_is_near(r, o->address))
		return verdict_intermediated(o);
	if (o->rung <= n->required_rung)
		return verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	if (o->rung == RUNG_PASSED_GATEWAY)
		return verdict_make(OUTCOME_UNPROVEN, o, CAUSE_NONE, ZONE_NONE);
	if (o->rung == RUNG_SILENCE &&
	    detail_int(o, "controlled", 0) < MIN_CONTROLLED)
		return verdict_make(OUTCOME_UNPROVEN, o, o->failure,
		    ZONE_UNDETERMINED);
	return verdict_failed(r, o);
}

struct verdict
judge_ping(struct record *r, const struct need *n, const struct observation *o)
{
	struct verdict v;

	(void)n;
	if (o->rung == RUNG_APP_REPLY)
		return verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	v = verdict_failed(r, o);
	/* No search is made for echo requests: silence has no address. */
	if (o->rung == RUNG_SILENCE)
		v.zone = o->failure == CAUSE_GATEWAY_SILENT ? ZONE_GATEWAY :
							      ZONE_UNDETERMINED;
	return v;
}
