/* SPDX-License-Identifier: MIT */
/* What the answers of time servers mean. */
#include "core/judge/judges.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/canary.h"
#include "core/judge/sentences.h"

#define CLOCK_LIMIT_US 5000000LL   /* more is worth telling */
#define SERVER_LIMIT_US 60000000LL /* more is a wrong time for a device */
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

/* One that was never set says nothing by which to know it. */
static bool
is_set(const struct observation *o)
{
	const char *when = detail_text(o, "reference");

	return detail_int(o, "stratum", 0) > 0 && when != NULL &&
	    strspn(when, "0") != strlen(when);
}

/* No two servers set their clocks in the same instant, by the same source, at
 * the same distance from it. */
static bool
is_same_clock(const struct observation *a, const struct observation *b)
{
	return is_set(a) && same_text(a, b, "refid") &&
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
	    !life_is_doubtful(r, o->address, 1) &&
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

/* Anybody on the way can answer in a time server's name, so only one that is
 * near has a place. */
static enum zone
zone_of_server(const struct record *r, const struct observation *o)
{
	if (address_is_gateway(r, o->address))
		return ZONE_GATEWAY;
	return address_is_near(r, o->address) ? ZONE_LAN : ZONE_UNDETERMINED;
}

/* "Kiss of death" (RFC 5905 section 7.4): the way is open, and the server does
 * not want to be asked. RATE may be meant for others behind the same address;
 * DENY and RSTR are meant for the site. */
static struct verdict
judge_kiss(struct record *r, const struct observation *o)
{
	const char *kiss = detail_text(o, "kiss");
	bool denied = strcmp(kiss, "DENY") == 0 || strcmp(kiss, "RSTR") == 0;
	struct verdict v = verdict_make(denied ? OUTCOME_FAIL : OUTCOME_WARN, o,
	    o->failure, zone_of_server(r, o));

	if (denied)
		v.say = arena_printf(r->judged,
		    _("The time server was reached, but it does not serve "
		      "this site: it answers %s."),
		    kiss);
	else if (strcmp(kiss, "RATE") == 0)
		v.say = _("The time server was reached, but it refuses to "
			  "give the time because it is asked too often "
			  "(RATE), by this laptop or by others of the site.");
	else
		v.say = _("The time server was reached, but it refuses to "
			  "give the time.");
	return v;
}

/* All the others agree with each other, and not with this one. */
static struct verdict
lying_server(struct record *r, const struct observation *o, int64_t off)
{
	struct verdict v = verdict_make(OUTCOME_FAIL, o, CAUSE_CLOCK_SKEW,
	    zone_of_server(r, o));

	v.say = arena_printf(r->judged,
	    off > 0 ?
		_("The time server %1$s answers, but its time is %2$s ahead: "
		  "the other servers that were asked agree with each other, "
		  "and not with it. A device would take the wrong time over.") :
		_("The time server %1$s answers, but its time is %2$s behind: "
		  "the other servers that were asked agree with each other, "
		  "and not with it. A device would take the wrong time over."),
	    v.about, span_text(r, off));
	return v;
}

bool
is_wrong_server(const struct record *r, const struct observation *o)
{
	size_t witnesses;
	int64_t offset = evidence_clock_offset_us(r, &witnesses);

	return o->nature == NATURE_TIME && o->rung == RUNG_APP_REPLY &&
	    o->failure == CAUSE_NONE && witnesses >= MIN_WITNESSES &&
	    llabs(detail_int(o, "offset_us", 0) - offset) > SERVER_LIMIT_US;
}

bool
has_wrong_server(const struct record *r)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		if (is_wrong_server(r, &r->observations[i]))
			return true;
	}
	return false;
}

const char *
wrong_server_advice(void)
{
	return _("Ask the IT desk whether the time server is one of the "
		 "site's; if not, tell the vendor. Until then give the device "
		 "another time server.");
}

bool
clock_is_off(const struct record *r)
{
	size_t witnesses;
	int64_t offset = evidence_clock_offset_us(r, &witnesses);

	return witnesses >= MIN_WITNESSES && llabs(offset) > CLOCK_LIMIT_US;
}

/* It answered, and knows the time. */
static struct verdict
judge_offset(struct record *r, const struct observation *o)
{
	size_t witnesses;
	int64_t offset = evidence_clock_offset_us(r, &witnesses);
	int64_t own = detail_int(o, "offset_us", 0);
	struct verdict v;

	if (is_wrong_server(r, o))
		return lying_server(r, o, own - offset);
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

struct verdict
judge_time(struct record *r, const struct need *n, const struct observation *o)
{
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
	if (detail_text(o, "kiss") != NULL && o->failure != CAUSE_NONE)
		return judge_kiss(r, o);
	if (o->failure == CAUSE_NTP_UNSYNCHRONISED &&
	    detail_int(o, "unsynchronised", MIN_SAMPLES) < MIN_SAMPLES) {
		v = verdict_make(OUTCOME_UNPROVEN, o, o->failure,
		    ZONE_UNDETERMINED);
		v.say = _("The time server answered one of several questions, "
			  "and that it does not know the time itself. One "
			  "answer proves little.");
		return v;
	}
	if (o->failure != CAUSE_NONE)
		return verdict_make(OUTCOME_FAIL, o, o->failure,
		    zone_of_server(r, o));
	return judge_offset(r, o);
}
