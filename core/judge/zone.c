/* SPDX-License-Identifier: MIT */
/* Who blocks: senders of ICMP errors, resets that come back from too near,
 * silence held against a control that was heard from beyond the gateway. */
#include <string.h>

#include "core/judge/verdict.h"

#define CONTROL_PORT 443
#define CONTROL_PORT_OTHER 80

/* The host of the flow on another port, tried at the same time. */
static const struct observation *
same_host_control(const struct record *r, const struct observation *o)
{
	uint16_t port = o->protocol == PROTO_TCP && o->port == CONTROL_PORT ?
	    CONTROL_PORT_OTHER :
	    CONTROL_PORT;

	return evidence_locate(r, o->address, PROTO_TCP, port);
}

static bool
ended(const struct observation *o, const char *how)
{
	const char *end = detail_text(o, "end");

	return end != NULL && strcmp(end, how) == 0;
}

static enum zone
zone_of_sender(const struct record *r, const struct observation *o,
    enum cause *cause)
{
	const struct observation *control;

	if (address_is_own(r, o->offender)) {
		/* The laptop itself says that nobody answered its ARP. */
		*cause = CAUSE_HOST_UNREACHABLE;
		return ZONE_LAN;
	}
	if (address_is_gateway(r, o->offender))
		return ZONE_GATEWAY;
	if (o->address != NULL && strcmp(o->offender, o->address) == 0) {
		control = same_host_control(r, o);
		if (address_is_near(r, o->offender))
			return ZONE_LAN;
		return ended(control, "accepted") ? ZONE_VENDOR :
						    ZONE_UNDETERMINED;
	}
	if (address_is_near(r, o->offender))
		return ZONE_LAN;
	return address_is_private(o->offender) &&
		strncmp(o->offender, "100.", 4) != 0 ?
	    ZONE_SITE_PERIMETER :
	    ZONE_BEYOND_SITE;
}

/* A reset that arrives where a hop should have said "time exceeded" was
 * made by a box on the way. */
static enum zone
zone_of_reset(const struct record *r, const struct observation *o,
    const struct observation *found, enum cause *cause)
{
	const struct observation *control = same_host_control(r, o);
	int64_t ttl = detail_int(found, "end_ttl", 0);

	if (address_is_near(r, o->address)) {
		*cause = CAUSE_TCP_REFUSED;
		return ZONE_LAN;
	}
	if (!ended(found, "reset"))
		return ZONE_UNDETERMINED;
	if (!detail_is(found, "passed"))
		return ttl <= 2 ? ZONE_GATEWAY : ZONE_UNDETERMINED;
	if (!ended(control, "accepted"))
		return ZONE_UNDETERMINED;
	if (detail_int(control, "end_ttl", 0) > ttl)
		return ZONE_BEYOND_SITE;
	*cause = CAUSE_TCP_REFUSED;
	return ZONE_VENDOR;
}

static enum zone
zone_of_silence(const struct record *r, const struct observation *o,
    const struct observation *found)
{
	bool held;

	if (address_is_near(r, o->address))
		return ZONE_LAN;
	if (found == NULL)
		return ZONE_UNDETERMINED;
	held = detail_int(found, "controlled", 0) >= MIN_CONTROLLED;
	/* A connection would have been answered; a datagram may have arrived
	 * at a server that is silent. */
	if (detail_is(found, "passed"))
		return held || o->protocol != PROTO_UDP ? ZONE_BEYOND_SITE :
							  ZONE_UNDETERMINED;
	return held ? ZONE_GATEWAY : ZONE_UNDETERMINED;
}

/* The hello that could not get beyond the second hop: a reset that answers it
 * was made before, and where it was reported to have ended there, the gateway
 * had let it out. */
static enum zone
zone_of_cut(const struct record *r, const struct observation *o)
{
	const char *how = detail_text(o, "hello_ttl2");

	if (how == NULL || address_is_near(r, o->address) ||
	    address_is_private(o->address))
		return ZONE_UNDETERMINED;
	if (strcmp(how, "expired") == 0)
		return ZONE_BEYOND_SITE;
	return strcmp(how, "reset") == 0 ? ZONE_GATEWAY : ZONE_UNDETERMINED;
}

/* The same flow, asked once more, was rejected with a reason. A box says why
 * only so many times a second, so what it says once holds for its silence. */
static const struct observation *
rejection_of(const struct record *r, const struct observation *o)
{
	size_t i;

	for (i = 0; o->address != NULL && i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (x != o && x->rung == RUNG_REJECTED && x->offender != NULL &&
		    x->address != NULL && x->port == o->port &&
		    x->protocol == o->protocol &&
		    strcmp(x->address, o->address) == 0)
			return x;
	}
	return NULL;
}

enum zone
zone_of(const struct record *r, const struct observation *o, enum cause *cause)
{
	const struct observation *found = o, *same;

	if (o->offender != NULL)
		return zone_of_sender(r, o, cause);
	same = o->rung == RUNG_SILENCE ? rejection_of(r, o) : NULL;
	if (same != NULL) {
		*cause = same->failure;
		return zone_of_sender(r, same, cause);
	}
	if (strcmp(o->probe, "path") != 0)
		found = evidence_locate(r, o->address,
		    o->protocol == PROTO_UDP ? PROTO_UDP : PROTO_TCP, o->port);
	if (found != NULL && found != o && found->offender != NULL &&
	    found->rung == RUNG_REJECTED) {
		/* It says so only now and then: a box answers with few such
		 * messages a second. */
		*cause = found->failure;
		return zone_of_sender(r, found, cause);
	}
	if (o->failure == CAUSE_TLS_RESET_AFTER_HELLO)
		return zone_of_cut(r, o);
	if (o->failure == CAUSE_TLS_UNTRUSTED) {
		/* Accepted by the first hop: it stands in for the server. */
		if (ended(found, "accepted") && !detail_is(found, "passed"))
			return ZONE_GATEWAY;
		return ZONE_UNDETERMINED;
	}
	if (o->rung == RUNG_REJECTED)
		return zone_of_reset(r, o, found, cause);
	if (o->rung == RUNG_SILENCE)
		return zone_of_silence(r, o, found);
	return ZONE_UNDETERMINED;
}

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

	return ended(found, "accepted") &&
	    detail_int(found, "end_ttl", 0) == 1 && !detail_is(found, "passed");
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

bool
is_interception(const struct record *r, const struct observation *o)
{
	size_t i;

	if (o->failure != CAUSE_TLS_UNTRUSTED)
		return false;
	if (detail_is(o, "laptop_root") && !detail_is(o, "public_root"))
		return true;
	/* A name can be copied, the key that the pack knows cannot: whoever
	 * signed this is not the vendor, unless the vendor has a new key. */
	if (detail_text(o, "expected_issuer") != NULL &&
	    (is_taken_first(r, o) || is_key_in_use(r, o)))
		return true;
	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (x->failure == CAUSE_TLS_UNTRUSTED && same_authority(o, x) &&
		    !same_owner(o->host, x->host))
			return true;
	}
	return false;
}
