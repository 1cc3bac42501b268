/* SPDX-License-Identifier: MIT */
/* What the answers of time servers mean. */
#include "core/judge/judges.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"

#define CLOCK_LIMIT_US 5000000LL /* more is worth telling */
#define MIN_WITNESSES 2
#define MIN_SAMPLES 2

static bool
same_text(const struct observation *a, const struct observation *b,
    const char *name)
{
	const char *x = detail_text(a, name), *y = detail_text(b, name);

	return x != NULL && y != NULL && strcmp(x, y) == 0;
}

/* Set by hand, not by another clock: 127.127.1.x, or "LOCL". Such a server
 * tells a new reference time with each answer. */
static bool
is_own_clock(const struct observation *o)
{
	const char *id = detail_text(o, "refid");

	return id != NULL &&
	    (strncmp(id, "7f7f01", 6) == 0 || strcmp(id, "4c4f434c") == 0);
}

/* No two servers set their clocks in the same instant, by the same source, at
 * the same distance from it. */
static bool
is_same_clock(const struct observation *a, const struct observation *b)
{
	return same_text(a, b, "refid") &&
	    detail_int(a, "stratum", 0) == detail_int(b, "stratum", 0) &&
	    detail_int(a, "root_delay_us", -1) ==
	    detail_int(b, "root_delay_us", -1) &&
	    (same_text(a, b, "reference") || is_own_clock(a));
}

/* A public server that a packet with a life of one hop reaches. */
static bool
is_answered_near(const struct record *r, const struct observation *o)
{
	return detail_is(o, "answered_near") &&
	    !address_is_near(r, o->address) && !address_is_private(o->address);
}

/* Who answers is not the server that was asked (facts 5.1). */
static bool
is_intercepted(const struct record *r, const struct observation *o,
    enum zone *zone)
{
	bool found = is_answered_near(r, o);
	size_t i;

	*zone = found ? ZONE_GATEWAY : ZONE_UNDETERMINED;
	for (i = 0; i < r->nobservations && !found; i++) {
		const struct observation *x = &r->observations[i];

		if (strcmp(x->probe, "ntp") == 0 && x->address != NULL &&
		    o->address != NULL && strcmp(x->address, o->address) != 0 &&
		    !same_owner(x->host, o->host) && is_same_clock(x, o) &&
		    !address_is_private(o->address) &&
		    !address_is_private(x->address))
			found = true;
	}
	return found;
}

struct verdict
judge_time(struct record *r, const struct need *n, const struct observation *o)
{
	size_t witnesses;
	int64_t offset = evidence_clock_offset_us(r, &witnesses);
	int64_t own = detail_int(o, "offset_us", 0);
	struct verdict v;
	enum zone zone;

	(void)n;
	if (o->rung != RUNG_APP_REPLY)
		return verdict_unanswered(r, o);
	if (is_intercepted(r, o, &zone)) {
		v = verdict_make(OUTCOME_FAIL, o, CAUSE_NTP_INTERCEPTED, zone);
		v.path = PATH_INTERCEPTED;
		return v;
	}
	if (detail_text(o, "kiss") != NULL && o->failure != CAUSE_NONE) {
		/* "Kiss of death" (RFC 5905 section 7.4): the way is open,
		 * and the server does not want to be asked. Whose server
		 * that is, nobody has shown. */
		v = verdict_make(OUTCOME_WARN, o, o->failure,
		    address_is_near(r, o->address) ? ZONE_LAN :
						     ZONE_UNDETERMINED);
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
