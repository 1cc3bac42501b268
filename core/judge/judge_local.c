/* SPDX-License-Identifier: MIT */
/* What services that answer by UDP, and searches in the local network, mean. */
#include "core/judge/judges.h"

#include <string.h>

#include "core/base/i18n.h"

/* The device itself says that nothing listens there: the network let the
 * question through, so the network is not at fault. */
static bool
is_peer_refusal(const struct need *n, const struct observation *o)
{
	return n->direction == DIR_LAN && o->rung == RUNG_REJECTED &&
	    o->failure == CAUSE_TCP_REFUSED && o->offender != NULL &&
	    o->address != NULL && strcmp(o->offender, o->address) == 0;
}

struct verdict
judge_answer(struct record *r, const struct need *n,
    const struct observation *o)
{
	struct verdict v;

	if (is_peer_refusal(n, o))
		return verdict_make(OUTCOME_UNPROVEN, o, o->failure, ZONE_LAN);
	if (o->rung == RUNG_SILENCE || o->rung == RUNG_REJECTED) {
		v = verdict_unanswered(r, o);
		if (v.outcome == OUTCOME_UNPROVEN)
			v.say = why_sentence(r, o);
		return v;
	}
	if (judge_warned(r, o, &v))
		return v;
	if (o->failure != CAUSE_NONE)
		return verdict_make(OUTCOME_FAIL, o, o->failure,
		    ZONE_UNDETERMINED);
	v = verdict_by_rung(n, o);
	v.say = why_sentence(r, o);
	judge_samples(o, &v);
	return v;
}

/* Another search of the same kind reached a device by its own address alone:
 * what goes to everybody does not get through in this network. */
static const struct observation *
lost_elsewhere(const struct record *r, const struct observation *o)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if ((x->failure == CAUSE_BROADCAST_LOST ||
			x->failure == CAUSE_MULTICAST_LOST) &&
		    strcmp(x->probe, o->probe) == 0)
			return x;
	}
	return NULL;
}

/* A search that named no device and heard none. */
static struct verdict
judge_unheard(struct record *r, const struct observation *o)
{
	const struct observation *x = o->address == NULL ?
	    lost_elsewhere(r, o) :
	    NULL;
	struct verdict v;

	if (x != NULL)
		return verdict_make(OUTCOME_FAIL, o, x->failure, ZONE_LAN);
	v = verdict_make(OUTCOME_UNPROVEN, o, o->failure, ZONE_LAN);
	v.say = why_sentence(r, o);
	if (v.say == NULL)
		v.say = _("Nothing answered the search. The device may be "
			  "off, or the search or its answer was lost on the "
			  "way; this cannot be told from here.");
	return v;
}

/* Any device at all was looked for, and many networks have one: a telephone
 * that shares its connection, or a virtual machine of this laptop. */
static bool
is_for_anything(const struct observation *o)
{
	return (strcmp(o->probe, "mdns") == 0 ||
		   strcmp(o->probe, "ssdp") == 0) &&
	    json_object_get(o->detail, "wanted") == NULL;
}

struct verdict
judge_search(struct record *r, const struct need *n,
    const struct observation *o)
{
	struct verdict v;

	if (o->rung == RUNG_NONE && o->failure == CAUSE_WRONG_INTERFACE) {
		v = verdict_make(OUTCOME_NOT_RUN, o, o->failure, ZONE_LAPTOP);
		v.say = _("This laptop is not connected to a local network.");
		return v;
	}
	if (o->rung == RUNG_NONE && o->failure == CAUSE_NONE) {
		v = verdict_make(OUTCOME_NOT_RUN, o, CAUSE_NONE, ZONE_LAPTOP);
		v.say = why_sentence(r, o);
		return v;
	}
	if (o->failure == CAUSE_UDP_SILENT)
		return judge_unheard(r, o);
	if (is_peer_refusal(n, o))
		return verdict_make(OUTCOME_UNPROVEN, o, o->failure, ZONE_LAN);
	if (o->rung == RUNG_REJECTED)
		return verdict_failed(r, o);
	if (o->failure == CAUSE_WRONG_INTERFACE)
		return verdict_make(OUTCOME_UNPROVEN, o, o->failure,
		    is_for_anything(o) ? ZONE_UNDETERMINED : ZONE_LAPTOP);
	if (o->failure != CAUSE_NONE)
		return verdict_make(OUTCOME_FAIL, o, o->failure, ZONE_LAN);
	v = verdict_by_rung(n, o);
	if (v.outcome == OUTCOME_UNPROVEN || o->rung == RUNG_TRANSPORT)
		v.say = why_sentence(r, o);
	return v;
}
