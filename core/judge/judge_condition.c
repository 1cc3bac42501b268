/* SPDX-License-Identifier: MIT */
/* What states of the network mean. */
#include "core/judge/judges.h"

#include <string.h>

/* States of the network that the laptop is plugged into. */
static bool
is_of_lan(enum cause cause)
{
	return cause == CAUSE_NO_DHCP || cause == CAUSE_WIFI_STANDARD ||
	    cause == CAUSE_WIFI_CHANNEL || cause == CAUSE_WIFI_SECURITY;
}

/* These look at the network that the laptop is plugged into, and no further. */
static bool
is_look_around(const struct observation *o)
{
	return o->rung <= RUNG_TRANSPORT &&
	    (strcmp(o->probe, "dhcp") == 0 || strcmp(o->probe, "wifi") == 0);
}

struct verdict
judge_condition(struct record *r, const struct need *n,
    const struct observation *o)
{
	struct verdict v;
	enum cause cause = o->failure;

	if (o->rung == RUNG_NONE && cause == CAUSE_NONE) {
		v = verdict_make(OUTCOME_NOT_RUN, o, CAUSE_NONE, ZONE_NONE);
		v.say = why_sentence(r, o);
		verdict_place(r, &v, o);
		return v;
	}
	/* What was kept open is the box's own connection, not the server's. */
	if (cause == CAUSE_NONE && is_taken_near(r, o))
		return verdict_intermediated(o);
	if (cause == CAUSE_NONE) {
		v = verdict_by_rung(n, o);
		if (v.outcome == OUTCOME_PASS && detail_is(o, "warn"))
			v.outcome = OUTCOME_WARN;
		else if (v.outcome == OUTCOME_PASS && detail_is(o, "marginal"))
			v.outcome = OUTCOME_MARGINAL;
		if (v.outcome != OUTCOME_PASS && is_look_around(o))
			v.zone = ZONE_LAN;
		v.say = why_sentence(r, o);
		if (v.say == NULL)
			v.say = say_of_idle(r, o);
		verdict_place(r, &v, o);
		return v;
	}
	v = verdict_make(detail_is(o, "warn") ? OUTCOME_WARN : OUTCOME_FAIL, o,
	    cause, ZONE_UNDETERMINED);
	if (is_of_lan(cause))
		v.zone = ZONE_LAN;
	else if (o->rung == RUNG_SILENCE || o->rung == RUNG_REJECTED)
		v.zone = zone_of(r, o, &v.cause);
	v.say = why_sentence(r, o);
	if (v.say == NULL)
		v.say = say_of_idle(r, o);
	verdict_place(r, &v, o);
	return v;
}
