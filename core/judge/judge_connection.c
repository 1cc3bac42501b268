/* SPDX-License-Identifier: MIT */
/* What connections to services mean. */
#include "core/judge/judges.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/canary.h"

/* Some boxes accept for the server and tear down what they may not pass on. */
static struct verdict
torn_down(const struct observation *o, const char *say)
{
	struct verdict v = verdict_make(OUTCOME_UNPROVEN, o, CAUSE_TCP_RESET,
	    ZONE_UNDETERMINED);

	v.say = say;
	return v;
}

static struct verdict
talk_failed(struct record *r, const struct observation *o)
{
	struct verdict v = verdict_make(OUTCOME_FAIL, o, o->failure,
	    zone_of(r, o, &(enum cause){o->failure}));

	v.say = say_of_talk(r, o);
	return v;
}

/* The device itself says that nothing listens there: the network let the
 * question through, so the network is not at fault. */
static bool
is_peer_refusal(const struct record *r, const struct need *n,
    const struct observation *o)
{
	return n->direction == DIR_LAN && o->rung == RUNG_REJECTED &&
	    o->failure == CAUSE_TCP_RESET && address_is_near(r, o->address);
}

/* Another probe of the same flow was accepted with a life of one hop. */
bool
is_taken_near(const struct record *r, const struct observation *o)
{
	const struct observation *found = evidence_locate(r, o->address,
	    o->protocol, o->port);
	const char *end = detail_text(found, "end");

	return end != NULL && strcmp(end, "accepted") == 0 &&
	    detail_int(found, "end_ttl", 0) == 1 &&
	    !address_is_near(r, o->address) &&
	    !life_is_doubtful(r, o->address, 1);
}

/* A server need not answer strangers. Where the first hop accepted, it was
 * not the server that kept silent. */
static struct verdict
silent_service(struct record *r, const struct observation *o)
{
	struct verdict v;

	if (!is_taken_near(r, o))
		return verdict_make(OUTCOME_UNPROVEN, o, o->failure,
		    ZONE_UNDETERMINED);
	v = verdict_make(OUTCOME_FAIL, o, o->failure, ZONE_GATEWAY);
	v.path = PATH_INTERMEDIATED;
	return v;
}

struct verdict
judge_connection(struct record *r, const struct need *n,
    const struct observation *o)
{
	struct verdict dates;
	const char *say;

	if (judge_warned(r, o, &dates))
		return dates;
	if (is_peer_refusal(r, n, o))
		return verdict_make(OUTCOME_UNPROVEN, o, CAUSE_TCP_REFUSED,
		    ZONE_LAN);
	if (o->rung == RUNG_REJECTED || o->rung == RUNG_SILENCE)
		return verdict_unanswered(r, o);
	/* Any certificate will do, but not that of a box on the first hop. */
	if (is_certificate_trouble(o->failure) &&
	    n->required_rung >= RUNG_TLS_OTHER)
		return is_taken_near(r, o) ?
		    verdict_intermediated(o) :
		    verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	if (is_certificate_trouble(o->failure))
		return judge_certificate(r, o);
	if (o->failure == CAUSE_TLS_RESET_AFTER_HELLO ||
	    o->failure == CAUSE_MTU_BLACKHOLE ||
	    (o->failure == CAUSE_SERVICE_SILENT &&
		detail_text(o, "handshake") != NULL))
		return judge_hello(r, o);
	if (o->failure == CAUSE_SERVICE_SILENT)
		return silent_service(r, o);
	if (o->failure != CAUSE_NONE)
		return talk_failed(r, o);
	say = say_of_short_life(r, o);
	if (say != NULL)
		return torn_down(o, say);
	/* Accepted and no more says nothing when the first hop accepts. */
	if (o->rung == RUNG_TRANSPORT && is_taken_near(r, o))
		return verdict_intermediated(o);
	dates = judge_dates(r, o);
	if (o->rung <= RUNG_TLS_EXPECTED && dates.outcome != OUTCOME_PASS)
		return dates;
	if (o->rung <= n->required_rung || is_served_by_certificate(o))
		return verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	return verdict_make(OUTCOME_UNPROVEN, o, CAUSE_NONE, ZONE_NONE);
}
