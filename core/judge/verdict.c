/* SPDX-License-Identifier: MIT */
/* What one spec's observations mean for the requirement that asked. */
#include "core/judge/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"

#define CLOCK_LIMIT_US 5000000LL /* more is worth telling */
#define MIN_WITNESSES 2
#define MIN_SAMPLES 2

static struct verdict
make(enum outcome outcome, const struct observation *o, enum cause cause,
    enum zone zone)
{
	struct verdict v = {outcome, RUNG_NONE, cause, PATH_DIRECT, zone, o,
	    NULL, NULL};

	if (o != NULL) {
		v.rung = o->rung;
		v.about = o->host != NULL ? o->host : o->address;
	}
	return v;
}

static struct verdict
failed(struct record *r, const struct observation *o)
{
	enum cause cause = o->failure;
	enum zone zone = zone_of(r, o, &cause);

	return make(OUTCOME_FAIL, o, cause, zone);
}

/* UDP silence alone is neither open nor closed: it fails only where it was
 * held against something that was heard. */
static struct verdict
unanswered(struct record *r, const struct observation *o)
{
	struct verdict v = failed(r, o);

	if (o->rung == RUNG_SILENCE && o->protocol == PROTO_UDP &&
	    (v.zone == ZONE_UNDETERMINED || v.zone == ZONE_LAN))
		v.outcome = OUTCOME_UNPROVEN;
	return v;
}

/* What the laptop could not send says nothing about the network. */
static struct verdict
local_error(struct record *r, const struct need *n, const struct observation *o)
{
	struct verdict v = make(OUTCOME_NOT_RUN, o, o->failure, ZONE_LAPTOP);

	if (o->failure == CAUSE_PERMISSION) {
		v.say = _("This laptop's user may not send this kind of "
			  "packet.");
	} else if (o->address != NULL && strchr(o->address, ':') != NULL &&
	    !r->vantage.has_ipv6) {
		v.say = _("This network has no IPv6 here, so the IPv6 address "
			  "was not tried.");
	} else if (strcmp(o->probe, "dns") == 0) {
		v = make(OUTCOME_FAIL, o, CAUSE_DNS_TIMEOUT, ZONE_LAPTOP);
		if (r->vantage.resolvers.count == 0)
			v.say = _("The laptop was given no DNS server.");
	} else if (n->direction == DIR_LAN || address_is_near(r, o->address)) {
		v = make(OUTCOME_FAIL, o, CAUSE_HOST_UNREACHABLE, ZONE_LAN);
	}
	return v;
}

static struct verdict
judge_name(struct record *r, const struct need *n, const struct observation *o)
{
	enum cause cause = evidence_name_cause(o);
	enum zone zone = evidence_resolver_zone(r);

	(void)n;
	if (cause == CAUSE_NONE)
		return make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	/* The resolver says that there is no such name; only the owner's own
	 * server could tell whether that is true. */
	if (cause == CAUSE_DNS_NXDOMAIN)
		zone = ZONE_UNDETERMINED;
	return make(OUTCOME_FAIL, o, cause, zone);
}

/* An authority answers with authority; a box in between cannot. */
static struct verdict
judge_name_server(struct record *r, const struct need *n,
    const struct observation *o)
{
	struct verdict v;

	(void)n;
	if (o->rung != RUNG_APP_REPLY)
		return unanswered(r, o);
	if (detail_is(o, "aa"))
		return make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	if (!detail_is(o, "ra"))
		return make(OUTCOME_FAIL, o,
		    o->failure == CAUSE_NONE ? CAUSE_WRONG_PROTOCOL :
					       o->failure,
		    ZONE_UNDETERMINED);
	v = make(OUTCOME_FAIL, o, CAUSE_DNS_INTERCEPTED, ZONE_UNDETERMINED);
	v.path = PATH_INTERCEPTED;
	return v;
}

static struct verdict
judge_time(struct record *r, const struct need *n, const struct observation *o)
{
	size_t witnesses;
	int64_t offset = evidence_clock_offset_us(r, &witnesses);
	int64_t own = detail_int(o, "offset_us", 0);
	struct verdict v;

	(void)n;
	if (o->rung != RUNG_APP_REPLY)
		return unanswered(r, o);
	if (detail_text(o, "kiss") != NULL && o->failure != CAUSE_NONE) {
		/* "Kiss of death" (RFC 5905 section 7.4): the way is open,
		 * and the server does not want to be asked. */
		v = make(OUTCOME_WARN, o, o->failure, ZONE_VENDOR);
		v.say = _("The time server was reached, but it refuses to "
			  "give the time.");
		return v;
	}
	if (o->failure != CAUSE_NONE)
		return make(OUTCOME_FAIL, o, o->failure, ZONE_UNDETERMINED);
	if (llabs(own) <= CLOCK_LIMIT_US &&
	    detail_int(o, "samples", 0) >= MIN_SAMPLES)
		return make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	if (llabs(own) <= CLOCK_LIMIT_US) {
		v = make(OUTCOME_MARGINAL, o, CAUSE_NONE, ZONE_NONE);
		v.say = _("The time server answered only one of several "
			  "questions.");
		return v;
	}
	v = make(OUTCOME_WARN, o, CAUSE_CLOCK_SKEW, ZONE_UNDETERMINED);
	if (witnesses >= MIN_WITNESSES && llabs(own - offset) <= CLOCK_LIMIT_US)
		v.zone = ZONE_LAPTOP;
	return v;
}

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
		return make(cause == CAUSE_NONE ? OUTCOME_PASS : OUTCOME_FAIL,
		    o, cause,
		    cause == CAUSE_NONE ? ZONE_NONE : ZONE_UNDETERMINED);
	v = make(OUTCOME_UNPROVEN, o, CAUSE_CLOCK_SKEW, ZONE_UNDETERMINED);
	v.say = _(
	    "The dates of its certificate fit only one of two clocks "
	    "that differ: this laptop's and a server's. Nothing else tells "
	    "which is right.");
	return v;
}

/* Some boxes accept for the server and tear down what they may not pass on. */
static bool
is_torn_down(const struct observation *o)
{
	const char *end = detail_text(o, "end");

	return strcmp(o->probe, "tcp") == 0 && o->rung == RUNG_TRANSPORT &&
	    end != NULL && strcmp(end, "reset") == 0;
}

static bool
is_certificate_trouble(enum cause c)
{
	return c == CAUSE_TLS_UNTRUSTED || c == CAUSE_TLS_NAME_MISMATCH;
}

static struct verdict
judge_certificate(struct record *r, const struct observation *o)
{
	struct verdict v = failed(r, o);

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

/* The device itself says that nothing listens there: the network let the
 * question through, so the network is not at fault. */
static bool
is_peer_refusal(const struct record *r, const struct need *n,
    const struct observation *o)
{
	return n->direction == DIR_LAN && o->rung == RUNG_REJECTED &&
	    o->failure == CAUSE_TCP_RESET && address_is_near(r, o->address);
}

/* The first hop took the connection itself, so that nothing is known of what
 * lies behind it. */
static struct verdict
intermediated(const struct observation *o)
{
	struct verdict v = make(OUTCOME_UNPROVEN, o, CAUSE_PROXY_ONLY,
	    ZONE_GATEWAY);

	v.path = PATH_INTERMEDIATED;
	return v;
}

/* Another probe of the same flow was accepted with a life of one hop. */
static bool
is_taken_near(const struct record *r, const struct observation *o)
{
	const struct observation *found = evidence_locate(r, o->address,
	    o->protocol, o->port);
	const char *end = detail_text(found, "end");

	return end != NULL && strcmp(end, "accepted") == 0 &&
	    detail_int(found, "end_ttl", 0) == 1 &&
	    !address_is_near(r, o->address);
}

static struct verdict
judge_connection(struct record *r, const struct need *n,
    const struct observation *o)
{
	struct verdict dates;

	if (is_peer_refusal(r, n, o))
		return make(OUTCOME_UNPROVEN, o, CAUSE_TCP_REFUSED, ZONE_LAN);
	if (o->rung == RUNG_REJECTED || o->rung == RUNG_SILENCE)
		return failed(r, o);
	if (is_certificate_trouble(o->failure) &&
	    n->required_rung >= RUNG_TLS_OTHER)
		return make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	if (is_certificate_trouble(o->failure))
		return judge_certificate(r, o);
	if (o->failure != CAUSE_NONE)
		return make(OUTCOME_FAIL, o, o->failure,
		    zone_of(r, o, &(enum cause){o->failure}));
	if (is_torn_down(o))
		return make(OUTCOME_UNPROVEN, o, CAUSE_TCP_RESET,
		    ZONE_UNDETERMINED);
	/* Accepted and no more says nothing when the first hop accepts. */
	if (o->rung == RUNG_TRANSPORT && is_taken_near(r, o))
		return intermediated(o);
	dates = judge_dates(r, o);
	if (o->rung <= RUNG_TLS_EXPECTED && dates.outcome != OUTCOME_PASS)
		return dates;
	if (o->rung <= n->required_rung)
		return make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	return make(OUTCOME_UNPROVEN, o, CAUSE_NONE, ZONE_NONE);
}

/* Anybody can write a plain page. One that refuses, or leads to somebody
 * else's host, may be a filter's as well as the vendor's. */
static struct verdict
judge_page(struct record *r, const struct need *n, const struct observation *o)
{
	const char *location = detail_text(o, "location");
	const char *host = location == NULL ? NULL : strstr(location, "://");
	char name[256];

	if (o->rung != RUNG_APP_REPLY || o->failure != CAUSE_NONE)
		return judge_connection(r, n, o);
	if (detail_int(o, "status", 0) >= 400)
		return make(OUTCOME_UNPROVEN, o, CAUSE_HTTP_STATUS,
		    ZONE_UNDETERMINED);
	if (host != NULL && o->host != NULL) {
		snprintf(name, sizeof name, "%.*s",
		    (int)strcspn(host + 3, "/:?#"), host + 3);
		if (!same_owner(name, o->host))
			return make(OUTCOME_UNPROVEN, o, CAUSE_HTTP_BLOCKPAGE,
			    ZONE_UNDETERMINED);
	}
	return make(o->rung <= n->required_rung ? OUTCOME_PASS :
						  OUTCOME_UNPROVEN,
	    o, CAUSE_NONE, ZONE_NONE);
}

static struct verdict
judge_path(struct record *r, const struct need *n, const struct observation *o)
{
	if (o->rung == RUNG_TRANSPORT && !detail_is(o, "passed") &&
	    !address_is_near(r, o->address))
		return intermediated(o);
	if (o->rung <= n->required_rung)
		return make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	if (o->rung == RUNG_PASSED_GATEWAY)
		return make(OUTCOME_UNPROVEN, o, CAUSE_NONE, ZONE_NONE);
	if (o->rung == RUNG_SILENCE &&
	    detail_int(o, "controlled", 0) < MIN_CONTROLLED)
		return make(OUTCOME_UNPROVEN, o, o->failure, ZONE_UNDETERMINED);
	return failed(r, o);
}

static struct verdict
judge_ping(struct record *r, const struct need *n, const struct observation *o)
{
	struct verdict v;

	(void)n;
	if (o->rung == RUNG_APP_REPLY)
		return make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	v = failed(r, o);
	/* No search is made for echo requests: silence has no address. */
	if (o->rung == RUNG_SILENCE)
		v.zone = o->failure == CAUSE_GATEWAY_SILENT ? ZONE_GATEWAY :
							      ZONE_UNDETERMINED;
	return v;
}

/* Probes that are judged in their own way; the others are connections. */
static const struct {
	const char *probe;
	struct verdict (*judge)(struct record *r, const struct need *n,
	    const struct observation *o);
} judges[] = {
    {"dns", judge_name},
    {"dns_server", judge_name_server},
    {"http", judge_page},
    {"icmp", judge_ping},
    {"ntp", judge_time},
    {"path", judge_path},
};

static struct verdict
judge_observation(struct record *r, const struct need *n,
    const struct observation *o)
{
	size_t i;

	if (o->failure == CAUSE_CANCELLED ||
	    o->failure == CAUSE_NETWORK_CHANGED)
		return make(OUTCOME_NOT_RUN, o, o->failure, ZONE_NONE);
	if (o->rung == RUNG_LOCAL_ERROR)
		return local_error(r, n, o);
	for (i = 0; i < sizeof judges / sizeof *judges; i++) {
		if (strcmp(judges[i].probe, o->probe) == 0)
			return judges[i].judge(r, n, o);
	}
	return judge_connection(r, n, o);
}

/* The name did not lead to the vendor: nothing else can be said. A local
 * time server under the vendor's name is allowed (facts on zencontrol). */
static bool
is_blocked_by_name(struct record *r, const struct need *n,
    const struct probe_spec *spec, struct strlist *ids, struct verdict *v)
{
	const struct observation *dns;
	struct verdict name;

	if (spec->host == NULL || spec->address != NULL ||
	    strcmp(spec->type, "dns") == 0)
		return false;
	dns = evidence_name(r, spec->host);
	if (dns == NULL)
		return false;
	name = dns->rung == RUNG_LOCAL_ERROR ?
	    make(OUTCOME_FAIL, dns, CAUSE_DNS_TIMEOUT, ZONE_LAPTOP) :
	    judge_name(r, n, dns);
	if (dns->failure == CAUSE_CANCELLED ||
	    dns->failure == CAUSE_NETWORK_CHANGED) {
		*v = make(OUTCOME_NOT_RUN, NULL, dns->failure, ZONE_NONE);
		return true;
	}
	if (name.outcome == OUTCOME_PASS ||
	    (strcmp(spec->type, "ntp") == 0 &&
		name.cause == CAUSE_DNS_REWRITTEN))
		return false;
	strlist_add(r->judged, ids, dns->id);
	*v = name;
	v->outcome = OUTCOME_BLOCKED_BY;
	v->rung = RUNG_NONE;
	return true;
}

static void
add_locates(struct record *r, const struct observation *o, struct strlist *ids)
{
	const struct observation *found;

	found = evidence_locate(r, o->address, o->protocol, o->port);
	if (found != NULL && found != o && !strlist_has(ids, found->id))
		strlist_add(r->judged, ids, found->id);
}

static bool
is_pass(const struct verdict *v)
{
	return v->outcome == OUTCOME_PASS || v->outcome == OUTCOME_MARGINAL;
}

/* Several addresses of one name: a part that fails is a marginal pass, and
 * where none passes the worst speaks for all, in whatever order they came. */
static struct verdict
merge(struct verdict a, struct verdict b)
{
	struct verdict *good, *bad;

	if (is_pass(&a) && is_pass(&b))
		return a.outcome == OUTCOME_PASS ? b : a;
	if (!is_pass(&a) && !is_pass(&b))
		return b.outcome == OUTCOME_FAIL && a.outcome != OUTCOME_FAIL ?
		    b :
		    a;
	good = is_pass(&a) ? &a : &b;
	bad = good == &a ? &b : &a;
	if (bad->outcome != OUTCOME_FAIL)
		return *bad;
	bad->outcome = OUTCOME_MARGINAL;
	bad->rung = good->rung;
	return *bad;
}

struct verdict
verdict_of_spec(struct record *r, const struct need *n,
    const struct probe_spec *spec, struct strlist *ids)
{
	const struct observation *o;
	struct verdict v, one;
	size_t at = 0, count = 0;

	if (is_blocked_by_name(r, n, spec, ids, &v))
		return v;
	v = make(OUTCOME_NOT_RUN, NULL, CAUSE_NONE, ZONE_NONE);
	v.about = spec->host != NULL ? spec->host : spec->address;
	while ((o = evidence_next(r, spec, &at)) != NULL) {
		if (!strlist_has(ids, o->id))
			strlist_add(r->judged, ids, o->id);
		add_locates(r, o, ids);
		one = judge_observation(r, n, o);
		v = count++ == 0 ? one : merge(v, one);
	}
	return v;
}
