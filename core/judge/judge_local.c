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

struct verdict
judge_answer(struct record *r, const struct need *n,
    const struct observation *o)
{
	if (o->rung == RUNG_SILENCE || o->rung == RUNG_REJECTED)
		return verdict_unanswered(r, o);
	if (o->failure != CAUSE_NONE)
		return verdict_make(OUTCOME_FAIL, o, o->failure,
		    ZONE_UNDETERMINED);
	return by_rung(n, o);
}

struct verdict
judge_search(struct record *r, const struct need *n,
    const struct observation *o)
{
	(void)r;
	if (o->failure == CAUSE_UDP_SILENT)
		return verdict_make(OUTCOME_UNPROVEN, o, o->failure, ZONE_LAN);
	if (o->failure != CAUSE_NONE)
		return verdict_make(OUTCOME_FAIL, o, o->failure,
		    o->failure == CAUSE_WRONG_INTERFACE ? ZONE_LAPTOP :
							  ZONE_LAN);
	return by_rung(n, o);
}

/* Why nothing could be said, by the probe's word for it. */
static const char *
why_not(const struct observation *o)
{
	static const struct {
		const char *word;
		const char *sentence;
	} rows[] = {
	    {"wired", N_("The laptop is not on a Wi-Fi, so nothing is known "
			 "of it here.")},
	};
	const char *why = detail_text(o, "why");
	size_t i;

	for (i = 0; why != NULL && i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].word, why) == 0)
			return _(rows[i].sentence);
	}
	return NULL;
}

struct verdict
judge_condition(struct record *r, const struct need *n,
    const struct observation *o)
{
	struct verdict v;
	enum cause cause = o->failure;

	if (o->rung == RUNG_NONE && cause == CAUSE_NONE) {
		v = verdict_make(OUTCOME_NOT_RUN, o, CAUSE_NONE, ZONE_NONE);
		v.say = why_not(o);
		return v;
	}
	/* What was kept open is the box's own connection, not the server's. */
	if (cause == CAUSE_NONE && is_taken_near(r, o))
		return verdict_intermediated(o);
	if (cause == CAUSE_NONE) {
		v = by_rung(n, o);
		v.say = say_of_idle(r, o);
		if (v.outcome == OUTCOME_PASS && detail_is(o, "marginal"))
			v.outcome = OUTCOME_MARGINAL;
		return v;
	}
	v = verdict_make(detail_is(o, "warn") ? OUTCOME_WARN : OUTCOME_FAIL, o,
	    cause, ZONE_UNDETERMINED);
	v.say = say_of_idle(r, o);
	if (o->rung == RUNG_SILENCE || o->rung == RUNG_REJECTED)
		v.zone = zone_of(r, o, &cause);
	return v;
}
