/* SPDX-License-Identifier: MIT */
/* What certificates mean: whose they are, whether their dates fit, and whether
 * somebody on the way opens what is encrypted. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/judge/canary.h"
#include "core/judge/judges.h"

#define MIN_WITNESSES 2

static bool
same_authority(const struct observation *a, const struct observation *b)
{
	const char *x = detail_text(a, "top_issuer");
	const char *y = detail_text(b, "top_issuer");

	return x != NULL && y != NULL && strcmp(x, y) == 0;
}

/* The first hop took the connection for the server. */
static bool
is_taken_first(const struct record *r, const struct observation *o)
{
	const struct observation *found = evidence_locate(r, o->address,
	    o->protocol, o->port);

	return evidence_ended(found, "accepted") &&
	    detail_int(found, "end_ttl", 0) == 1 &&
	    !detail_is(found, "passed") && !life_is_doubtful(r, o->address, 1);
}

bool
is_taken_here(const struct record *r, const struct observation *o)
{
	size_t i;

	if (o->address == NULL || o->protocol != PROTO_TCP ||
	    address_is_own(r, o->address))
		return false;
	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (x->port == o->port && x->address != NULL &&
		    strcmp(x->address, o->address) == 0 &&
		    detail_is(x, "taken_here"))
			return true;
	}
	return false;
}

/* The same authority's key signed what another port of the host shows, so the
 * pack's key is not out of date. */
static bool
is_key_in_use(const struct record *r, const struct observation *o)
{
	const char *key = detail_text(o, "expected_issuer"), *other;
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		other = detail_text(x, "expected_issuer");
		if (x != o && other != NULL && strcmp(other, key) == 0 &&
		    x->failure == CAUSE_NONE && detail_is(x, "key_match") &&
		    x->host != NULL && o->host != NULL &&
		    strcmp(x->host, o->host) == 0)
			return true;
	}
	return false;
}

/* It carries what only a public log gives out (RFC 6962 section 3.3), and no
 * log takes what a box mints: rather a public root that is newer than the ones
 * that are judged by, or an authority that lost its place among them. */
static bool
is_logged(const struct observation *o)
{
	return detail_is(o, "has_scts");
}

enum interception
interception_proof(const struct record *r, const struct observation *o)
{
	size_t i;

	if (o->failure != CAUSE_TLS_UNTRUSTED)
		return INTERCEPTION_NOT_PROVED;
	if (detail_is(o, "laptop_root") && !detail_is(o, "public_root"))
		return INTERCEPTION_LAPTOP_ROOT;
	/* A name can be copied, the key that the pack knows cannot: whoever
	 * signed this is not the vendor, unless the vendor has a new key. */
	if (detail_text(o, "expected_issuer") != NULL &&
	    (is_taken_first(r, o) || is_key_in_use(r, o)))
		return INTERCEPTION_KEY;
	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (x->failure == CAUSE_TLS_UNTRUSTED && same_authority(o, x) &&
		    !same_owner(o->host, x->host) && !is_logged(o) &&
		    !is_logged(x))
			return INTERCEPTION_OWNERS;
	}
	return INTERCEPTION_NOT_PROVED;
}

bool
is_interception(const struct record *r, const struct observation *o)
{
	return interception_proof(r, o) != INTERCEPTION_NOT_PROVED;
}

static bool
parse_date(const struct observation *o, const char *name, int64_t *us)
{
	const char *s = detail_text(o, name);

	return s != NULL && clock_parse_iso(s, us);
}

static enum cause
date_cause_at(const struct observation *o, int64_t now)
{
	int64_t from, to;

	if (!parse_date(o, "not_before", &from) ||
	    !parse_date(o, "not_after", &to))
		return CAUSE_NONE;
	if (now > to)
		return CAUSE_TLS_EXPIRED;
	return now < from ? CAUSE_TLS_NOT_YET_VALID : CAUSE_NONE;
}

static bool
is_good_stranger(const struct observation *x, const struct observation *o)
{
	return x != o && x->rung <= RUNG_TLS_EXPECTED &&
	    x->failure == CAUSE_NONE && x->host != NULL && o->host != NULL &&
	    x->protocol != PROTO_NONE && !same_owner(x->host, o->host);
}

/* Whatever the time is: another owner's certificate, which was made later
 * than this one ended, or the other way round. */
static bool
is_never_both(const struct record *r, const struct observation *o,
    enum cause cause)
{
	int64_t from, to, other_from, other_to;
	size_t i;

	if (!parse_date(o, "not_before", &from) ||
	    !parse_date(o, "not_after", &to))
		return false;
	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (!is_good_stranger(x, o) ||
		    !parse_date(x, "not_before", &other_from) ||
		    !parse_date(x, "not_after", &other_to))
			continue;
		if (cause == CAUSE_TLS_EXPIRED ? other_from > to :
						 other_to < from)
			return true;
	}
	return false;
}

/* The authority and the name are right and the server holds the key, so it is
 * the vendor's own; and the way out works, as a stranger's shows. */
static enum zone
zone_of_dates(const struct record *r, const struct observation *o)
{
	size_t i;

	if (o->rung > RUNG_TLS_EXPECTED ||
	    (!detail_is(o, "key_proved") && o->rung != RUNG_APP_REPLY))
		return ZONE_UNDETERMINED;
	for (i = 0; i < r->nobservations; i++) {
		if (is_good_stranger(&r->observations[i], o) &&
		    r->observations[i].nature == NATURE_CONNECTION)
			return ZONE_VENDOR;
	}
	return ZONE_UNDETERMINED;
}

/* Dates are held against the time that the run's witnesses agree on, so a
 * wrong laptop clock is never blamed on a certificate. Without a witness, or
 * with a single one against the laptop, it is open who is right. */
struct verdict
judge_dates(struct record *r, const struct observation *o)
{
	size_t witnesses;
	int64_t offset = evidence_clock_offset_us(r, &witnesses);
	enum cause cause = date_cause_at(o, o->started_us + offset);
	enum cause by_laptop = date_cause_at(o, o->started_us);
	struct verdict v;

	if (cause == CAUSE_NONE && by_laptop == CAUSE_NONE)
		return verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	if (witnesses >= MIN_WITNESSES ||
	    (cause == by_laptop &&
		(witnesses > 0 || is_never_both(r, o, cause)))) {
		if (cause == CAUSE_NONE)
			return verdict_make(OUTCOME_PASS, o, CAUSE_NONE,
			    ZONE_NONE);
		v = verdict_make(OUTCOME_FAIL, o, cause, zone_of_dates(r, o));
		v.say = trust_say(r, o, &v);
		return v;
	}
	v = verdict_make(OUTCOME_UNPROVEN, o, CAUSE_CLOCK_SKEW,
	    ZONE_UNDETERMINED);
	v.say = witnesses == 0 ?
	    _("The dates of its certificate do not fit this laptop's clock, "
	      "and nothing else tells the time. Set the clock, then check "
	      "again.") :
	    _("The dates of its certificate fit only one of two clocks "
	      "that differ: this laptop's and a server's. Nothing else tells "
	      "which is right.");
	return v;
}

bool
is_certificate_trouble(enum cause c)
{
	return c == CAUSE_TLS_UNTRUSTED || c == CAUSE_TLS_NAME_MISMATCH;
}

struct verdict
judge_certificate(struct record *r, const struct observation *o)
{
	struct verdict v = verdict_failed(r, o);

	if (is_interception(r, o)) {
		v.cause = CAUSE_TLS_INTERCEPTED;
		v.path = PATH_INTERCEPTED;
	} else if (o->failure == CAUSE_TLS_UNTRUSTED &&
	    detail_text(o, "expected_issuer") == NULL) {
		/* The vendor may use an authority of its own; no document
		 * says that it does not. */
		v.outcome = OUTCOME_UNPROVEN;
		v.zone = ZONE_UNDETERMINED;
	}
	if (is_taken_here(r, o)) {
		/* A device does not pass this program, so that nothing is
		 * known of what it would meet. */
		v.outcome = OUTCOME_UNPROVEN;
		v.zone = ZONE_LAPTOP;
	}
	v.say = trust_say(r, o, &v);
	return v;
}

/* The hello was let out as far as the second hop, or kept before it. A server
 * may well be silent itself, so what got out has no place. */
static enum zone
zone_of_silent_hello(const struct record *r, const struct observation *o)
{
	const char *how = detail_text(o, "hello_ttl2");

	if (is_taken_near(r, o))
		return ZONE_GATEWAY;
	if (how == NULL || address_is_near(r, o->address) ||
	    address_is_private(o->address))
		return ZONE_UNDETERMINED;
	return strcmp(how, "silence") == 0 &&
		detail_int(o, "hello_ttl2_controlled", 0) >= MIN_CONTROLLED ?
	    ZONE_GATEWAY :
	    ZONE_UNDETERMINED;
}

struct verdict
judge_hello(struct record *r, const struct observation *o)
{
	struct verdict v = verdict_failed(r, o);

	if (o->failure == CAUSE_SERVICE_SILENT)
		v.zone = zone_of_silent_hello(r, o);
	v.say = trust_say(r, o, &v);
	return v;
}

/* A broker that ends TLS for want of a certificate that only the device has
 * has shown its own before: nobody without one sees more of it. */
bool
is_served_by_certificate(const struct observation *o)
{
	const char *ours = detail_text(o, "client_certificate");

	return o->rung == RUNG_TLS_EXPECTED && ours != NULL &&
	    strcmp(ours, "demanded") == 0;
}
