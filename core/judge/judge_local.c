/* SPDX-License-Identifier: MIT */
/* What services that answer by UDP, searches in the local network and states
 * of the network mean. */
#include "core/judge/judges.h"

#include <string.h>

#include "core/base/i18n.h"

static struct verdict
by_rung(const struct need *n, const struct observation *o)
{
	return verdict_make(o->rung <= n->required_rung ? OUTCOME_PASS :
							  OUTCOME_UNPROVEN,
	    o, CAUSE_NONE, ZONE_NONE);
}

/* What the rungs do not say, by the probe's word for it. */
const char *
why_of(const struct observation *o)
{
	static const struct {
		const char *word;
		const char *sentence;
	} rows[] = {
	    {"wired",
		N_("The laptop is not on a Wi-Fi, so nothing is known "
		   "of it here.")},
	    {"far_end",
		N_("Nothing answered, and nobody need: it is not documented "
		   "what is sent on this port. A second program at the far "
		   "end is needed to prove this.")},
	    {"tpi_licence",
		N_("The controller answers, so the network lets this "
		   "through; but it says that the function is not unlocked, "
		   "which takes a licence for each controller.")},
	    {"tpi_silent",
		N_("Nothing answered. Either the way is blocked, or the "
		   "interface is not switched on, which takes a licence for "
		   "each controller.")},
	    {"no_answer",
		N_("No device answered the search. Devices may be switched "
		   "off, so this proves nothing.")},
	    {"no_answer_firewall",
		N_("No device answered the search. Devices may be switched "
		   "off, or a firewall on this laptop drops their answers, "
		   "so this proves nothing.")},
	    {"announced_only",
		N_("Devices announce themselves, but none answered. A "
		   "firewall on this laptop may drop their answers.")},
	    {"other_answered",
		N_("Devices answered the search, but not of the kind, or not "
		   "in the ways, that would prove this.")},
	    {"others_heard",
		N_("Something was heard there, but not what would prove "
		   "this.")},
	    {"group_heard",
		N_("Something was sent to this group and heard here, but not "
		   "in a form that is known.")},
	    {"broadcast_heard",
		N_("A broadcast of another machine was heard on this port.")},
	    {"no_event",
		N_("Nothing came to this group while the laptop listened. "
		   "Devices send there only when something happens, so this "
		   "proves nothing.")},
	    {"no_longer_heard",
		N_("The group was heard at first, and no more after some "
		   "minutes. Either nothing happened, or a switch forgot the "
		   "group for want of an IGMP querier.")},
	    {"no_broadcast",
		N_("No such broadcast came while the laptop listened. What "
		   "devices send there is not documented, so a second program "
		   "at the far end is needed to prove this.")},
	    {"no_clock",
		N_("No clock was heard while the laptop listened. The devices "
		   "may be off, or keep their clocks together in another "
		   "way, so this proves nothing.")},
	    {"no_master",
		N_("PTP was heard, but no clock that gives the time.")},
	    {"no_port", N_("The pack does not say on which port to listen.")},
	    {"port_taken",
		N_("Another program on this laptop keeps the port to itself. "
		   "Close it, then check again.")},
	    {"no_unreachable",
		N_("No message that a destination is unreachable came back. "
		   "Not every host sends one, so this proves nothing.")},
	    {"unreachable_from_gateway",
		N_("The site's own gateway says that the destination is "
		   "unreachable, so nothing is known of such messages from "
		   "the internet.")},
	};
	const char *why = detail_text(o, "why");
	size_t i;

	for (i = 0; why != NULL && i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].word, why) == 0)
			return _(rows[i].sentence);
	}
	return NULL;
}

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
			v.say = why_of(o);
		return v;
	}
	if (o->failure != CAUSE_NONE)
		return verdict_make(OUTCOME_FAIL, o, o->failure,
		    ZONE_UNDETERMINED);
	v = by_rung(n, o);
	v.say = why_of(o);
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
judge_unheard(const struct record *r, const struct observation *o)
{
	const struct observation *x = o->address == NULL ?
	    lost_elsewhere(r, o) :
	    NULL;
	struct verdict v;

	if (x != NULL)
		return verdict_make(OUTCOME_FAIL, o, x->failure, ZONE_LAN);
	v = verdict_make(OUTCOME_UNPROVEN, o, o->failure, ZONE_LAN);
	v.say = why_of(o);
	if (v.say == NULL)
		v.say = _("Nothing answered the search. The device may be "
			  "off, or the search or its answer was lost on the "
			  "way; this cannot be told from here.");
	return v;
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
		v.say = why_of(o);
		return v;
	}
	if (o->failure == CAUSE_UDP_SILENT)
		return judge_unheard(r, o);
	if (is_peer_refusal(n, o))
		return verdict_make(OUTCOME_UNPROVEN, o, o->failure, ZONE_LAN);
	if (o->rung == RUNG_REJECTED)
		return verdict_failed(r, o);
	if (o->failure != CAUSE_NONE)
		return verdict_make(OUTCOME_FAIL, o, o->failure,
		    o->failure == CAUSE_WRONG_INTERFACE ? ZONE_LAPTOP :
							  ZONE_LAN);
	v = by_rung(n, o);
	if (v.outcome == OUTCOME_UNPROVEN || o->rung == RUNG_TRANSPORT)
		v.say = why_of(o);
	return v;
}

struct verdict
judge_condition(struct record *r, const struct need *n,
    const struct observation *o)
{
	struct verdict v;
	enum cause cause = o->failure;

	if (o->rung == RUNG_NONE && cause == CAUSE_NONE) {
		v = verdict_make(OUTCOME_NOT_RUN, o, CAUSE_NONE, ZONE_NONE);
		v.say = why_of(o);
		return v;
	}
	if (cause == CAUSE_NONE) {
		v = by_rung(n, o);
		if (v.outcome == OUTCOME_PASS && detail_is(o, "marginal"))
			v.outcome = OUTCOME_MARGINAL;
		return v;
	}
	v = verdict_make(detail_is(o, "warn") ? OUTCOME_WARN : OUTCOME_FAIL, o,
	    cause, ZONE_UNDETERMINED);
	if (o->rung == RUNG_SILENCE || o->rung == RUNG_REJECTED)
		v.zone = zone_of(r, o, &cause);
	return v;
}
