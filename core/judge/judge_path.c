/* SPDX-License-Identifier: MIT */
/* What packets that expire on the way, and pings, mean. */
#include "core/judge/judges.h"

#include "core/base/i18n.h"
#include "core/judge/canary.h"

/* Packets get a new life at the gateway, so none can be made to end behind it,
 * and who answers or refuses may be the server itself. */
static struct verdict
judge_renewed(struct record *r, const struct need *n,
    const struct observation *o)
{
	struct verdict v;

	if (o->rung == RUNG_TRANSPORT)
		return verdict_by_rung(n, o);
	v = verdict_make(OUTCOME_UNPROVEN, o, o->failure, ZONE_UNDETERMINED);
	v.say = arena_printf(r->judged,
	    _("It cannot be shown from here that the gateway lets this out: "
	      "it renews the life of packets, so that none ends behind it, "
	      "and the server itself is not heard: %s."),
	    o->host != NULL ? o->host : o->address);
	return v;
}

struct verdict
judge_path(struct record *r, const struct need *n, const struct observation *o)
{
	bool passed = detail_is(o, "passed");

	if (!passed && !address_is_near(r, o->address) &&
	    (o->rung <= RUNG_TRANSPORT || o->rung == RUNG_SILENCE ||
		(o->rung == RUNG_REJECTED && o->offender == NULL)) &&
	    life_is_doubtful(r, o->address,
		o->rung == RUNG_SILENCE ? 2 : detail_int(o, "end_ttl", 2)))
		return judge_renewed(r, n, o);
	if (o->rung == RUNG_TRANSPORT && !passed &&
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
	if (o->rung == RUNG_APP_REPLY && detail_is(o, "marginal")) {
		v = verdict_make(OUTCOME_MARGINAL, o, CAUSE_NONE, ZONE_NONE);
		v.say = arena_printf(r->judged,
		    _("Of %1$lld pings to the gateway %2$lld were lost."),
		    (long long)detail_int(o, "sent", 0),
		    (long long)detail_int(o, "lost", 0));
		return v;
	}
	if (o->rung == RUNG_APP_REPLY)
		return verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	/* An error message that did not come proves nothing. */
	if (detail_text(o, "why") != NULL) {
		v = verdict_make(OUTCOME_UNPROVEN, o, o->failure,
		    ZONE_UNDETERMINED);
		v.say = why_sentence(r, o);
		return v;
	}
	v = verdict_failed(r, o);
	if (o->failure == CAUSE_GATEWAY_SILENT)
		v.zone = ZONE_GATEWAY;
	return v;
}
