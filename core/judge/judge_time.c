/* SPDX-License-Identifier: MIT */
/* What the answers of time servers mean. */
#include "core/judge/judges.h"

#include <stdlib.h>

#include "core/base/i18n.h"

#define CLOCK_LIMIT_US 5000000LL /* more is worth telling */
#define MIN_WITNESSES 2
#define MIN_SAMPLES 2

struct verdict
judge_time(struct record *r, const struct need *n, const struct observation *o)
{
	size_t witnesses;
	int64_t offset = evidence_clock_offset_us(r, &witnesses);
	int64_t own = detail_int(o, "offset_us", 0);
	struct verdict v;

	(void)n;
	if (o->rung != RUNG_APP_REPLY)
		return verdict_unanswered(r, o);
	if (detail_text(o, "kiss") != NULL && o->failure != CAUSE_NONE) {
		/* "Kiss of death" (RFC 5905 section 7.4): the way is open,
		 * and the server does not want to be asked. */
		v = verdict_make(OUTCOME_WARN, o, o->failure, ZONE_VENDOR);
		v.say = _("The time server was reached, but it refuses to "
			  "give the time.");
		return v;
	}
	if (o->failure != CAUSE_NONE)
		return verdict_make(OUTCOME_FAIL, o, o->failure,
		    ZONE_UNDETERMINED);
	if (llabs(own) <= CLOCK_LIMIT_US &&
	    detail_int(o, "samples", 0) >= MIN_SAMPLES)
		return verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	if (llabs(own) <= CLOCK_LIMIT_US) {
		v = verdict_make(OUTCOME_MARGINAL, o, CAUSE_NONE, ZONE_NONE);
		v.say = _("The time server answered only one of several "
			  "questions.");
		return v;
	}
	v = verdict_make(OUTCOME_WARN, o, CAUSE_CLOCK_SKEW, ZONE_UNDETERMINED);
	if (witnesses >= MIN_WITNESSES && llabs(own - offset) <= CLOCK_LIMIT_US)
		v.zone = ZONE_LAPTOP;
	return v;
}
