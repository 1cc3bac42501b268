/* SPDX-License-Identifier: MIT */
/* What connections, certificates and web pages mean. */
#include "core/judge/judges.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"

#define MIN_WITNESSES 2

static enum cause
date_cause_at(const struct observation *o, int64_t now)
{
	const char *first = detail_text(o, "not_before");
	const char *last = detail_text(o, "not_after");
	int64_t from, to;

	if (first == NULL || !clock_parse_iso(first, &from) || last == NULL ||
	    !clock_parse_iso(last, &to))
		return CAUSE_NONE;
	if (now > to)
		return CAUSE_TLS_EXPIRED;
	return now < from ? CAUSE_TLS_NOT_YET_VALID : CAUSE_NONE;
}

/* Dates are held against the time that the run's witnesses agree on, so a
 * wrong laptop clock is never blamed on a certificate. A single witness
 * against the laptop leaves open which of the two is right. */
static struct verdict
judge_dates(struct record *r, const struct observation *o)
{
	size_t witnesses;
	int64_t offset = evidence_clock_offset_us(r, &witnesses);
	enum cause cause = date_cause_at(o, o->started_us + offset);
	enum cause by_laptop = date_cause_at(o, o->started_us);
	struct verdict v;

	if (witnesses >= MIN_WITNESSES || cause == by_laptop)
		return verdict_make(cause == CAUSE_NONE ? OUTCOME_PASS :
							  OUTCOME_FAIL,
		    o, cause,
		    cause == CAUSE_NONE ? ZONE_NONE : ZONE_UNDETERMINED);
	v = verdict_make(OUTCOME_UNPROVEN, o, CAUSE_CLOCK_SKEW,
	    ZONE_UNDETERMINED);
	v.say = _(
	    "The dates of its certificate fit only one of two clocks "
	    "that differ: this laptop's and a server's. Nothing else tells "
	    "which is right.");
	return v;
}

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

static bool
is_certificate_trouble(enum cause c)
{
	return c == CAUSE_TLS_UNTRUSTED || c == CAUSE_TLS_NAME_MISMATCH;
}

static struct verdict
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
	return v;
}

/* A broker that ends TLS for want of a certificate that only the device has
 * has shown its own before: nobody without one sees more of it. */
static bool
is_served_by_certificate(const struct observation *o)
{
	const char *ours = detail_text(o, "client_certificate");

	return o->rung == RUNG_TLS_EXPECTED && ours != NULL &&
	    strcmp(ours, "demanded") == 0;
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
	    !address_is_near(r, o->address);
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

/* Does one product name hosts of both owners? Then a link between them is its
 * vendor's business. */
static bool
is_related(const struct record *r, const char *a, const char *b)
{
	size_t i, k;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *x = &r->needs[i];

		if (x->to.name == NULL || !same_owner(x->to.name, a))
			continue;
		for (k = 0; k < r->nneeds; k++) {
			const struct need *y = &r->needs[k];

			if (y->to.name != NULL && same_owner(y->to.name, b) &&
			    strcmp(x->product, y->product) == 0)
				return true;
		}
	}
	return false;
}

/* Where the page leads to, as far as that is a stranger to its host. */
static bool
leads_to_stranger(const struct record *r, const struct observation *o)
{
	const char *location = detail_text(o, "location");
	const char *host = location == NULL ? NULL : strstr(location, "://");
	char name[256];

	if (host == NULL || o->host == NULL)
		return false;
	snprintf(name, sizeof name, "%.*s", (int)strcspn(host + 3, "/:?#"),
	    host + 3);
	return !same_owner(name, o->host) && !is_related(r, name, o->host);
}

/* What got the same page under another host's name: one whose own page is
 * known and is not this one, or one that no product has in common with this
 * one. Or NULL. */
static const struct observation *
anothers_page(const struct record *r, const struct observation *o)
{
	const char *mine = detail_text(o, "body_sha256"), *other;
	size_t i;

	for (i = 0; mine != NULL && o->host != NULL && i < r->nobservations;
	     i++) {
		const struct observation *x = &r->observations[i];

		other = detail_text(x, "body_sha256");
		if (other == NULL || x->host == NULL ||
		    strcmp(other, mine) != 0 || strcmp(x->host, o->host) == 0)
			continue;
		if (x->failure == CAUSE_HTTP_BLOCKPAGE ||
		    (!same_owner(x->host, o->host) &&
			!is_related(r, x->host, o->host)))
			return x;
	}
	return NULL;
}

static bool
wants_status(const struct need *n, const struct observation *o)
{
	size_t i;

	for (i = 0; i < n->nspecs; i++) {
		if (n->specs[i].status != 0 && n->specs[i].host != NULL &&
		    o->host != NULL && strcmp(n->specs[i].host, o->host) == 0)
			return true;
	}
	return false;
}

static struct verdict
blocked_page(const struct record *r, const struct observation *o,
    const struct observation *other)
{
	bool near = is_taken_near(r, o) ||
	    (other != NULL && is_taken_near(r, other));

	return verdict_make(OUTCOME_FAIL, o, CAUSE_HTTP_BLOCKPAGE,
	    near ? ZONE_GATEWAY : ZONE_UNDETERMINED);
}

/* Anybody can write a plain page. One that refuses, or leads to somebody
 * else's host, may be a filter's as well as the vendor's. */
struct verdict
judge_page(struct record *r, const struct need *n, const struct observation *o)
{
	const json_t *wanted = json_object_get(o->detail, "wanted");
	const struct observation *other;

	if (o->rung == RUNG_APP_REPLY && o->failure == CAUSE_HTTP_BLOCKPAGE)
		return blocked_page(r, o, NULL);
	if (o->failure == CAUSE_HTTP_STATUS && !wants_status(n, o))
		return verdict_make(OUTCOME_UNPROVEN, o, CAUSE_HTTP_STATUS,
		    ZONE_UNDETERMINED);
	if (o->rung != RUNG_APP_REPLY || o->failure != CAUSE_NONE)
		return judge_connection(r, n, o);
	if (json_is_true(wanted))
		return verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	other = detail_int(o, "status", 0) == 200 ? anothers_page(r, o) : NULL;
	if (other != NULL)
		return blocked_page(r, o, other);
	if (leads_to_stranger(r, o) && evidence_portal(r, o) != NULL)
		return verdict_make(OUTCOME_FAIL, o, CAUSE_HTTP_BLOCKPAGE,
		    ZONE_UNDETERMINED);
	if (leads_to_stranger(r, o))
		return verdict_make(OUTCOME_UNPROVEN, o, CAUSE_HTTP_BLOCKPAGE,
		    ZONE_UNDETERMINED);
	if (detail_int(o, "status", 0) >= 400 || wanted != NULL)
		return verdict_make(OUTCOME_UNPROVEN, o, CAUSE_HTTP_STATUS,
		    ZONE_UNDETERMINED);
	return verdict_make(o->rung <= n->required_rung ? OUTCOME_PASS :
							  OUTCOME_UNPROVEN,
	    o, CAUSE_NONE, ZONE_NONE);
}
