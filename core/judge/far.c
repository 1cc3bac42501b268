/* SPDX-License-Identifier: MIT */
/* Owns what is said of distances. */
#include "core/judge/far.h"

#include <stdlib.h>
#include <string.h>

#include "core/judge/canary.h"

#define APART 2 /* hops, at most, between neighbours of one network */

bool
address_is_v6(const char *address)
{
	return address != NULL && strchr(address, ':') != NULL;
}

bool
address_is_inner(const char *address)
{
	return address_is_private(address) && strncmp(address, "100.", 4) != 0;
}

static bool
same_text(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* --- routers --- */

const char *
far_router(const struct record *r, int64_t ttl, bool six)
{
	size_t i, k;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (address_is_v6(o->address) != six)
			continue;
		for (k = 0; k < o->nattempts; k++) {
			const struct attempt *a = &o->attempts[k];

			if (a->ttl == ttl && a->icmp_type == 11 &&
			    a->from != NULL)
				return a->from;
		}
	}
	return NULL;
}

bool
far_is_public_before(const struct record *r, int64_t ttl, bool six)
{
	const char *hop;
	int64_t i;

	/* No packet lives longer than this. */
	for (i = 2; i < ttl && i <= UINT8_MAX; i++) {
		hop = far_router(r, i, six);
		if (hop != NULL && !address_is_inner(hop))
			return true;
	}
	return false;
}

/* --- the yardstick --- */

enum protocol
far_carrier(const struct observation *o)
{
	return o->protocol == PROTO_UDP || o->protocol == PROTO_ICMP ?
	    o->protocol :
	    PROTO_TCP;
}

const struct observation *
far_distance(const struct record *r, const struct observation *o)
{
	size_t i;

	for (i = 0; o->address != NULL && i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (strcmp(x->probe, "distance") == 0 && x->port == o->port &&
		    x->protocol == far_carrier(o) &&
		    same_text(x->address, o->address))
			return detail_int(x, "yardstick_ttl", 0) > 2 ? x : NULL;
	}
	return NULL;
}

/* It stands right behind an inner router of the site, or others are accepted
 * on its port that are not there: no vendor's host is measured by it. */
static bool
is_box_of_site(const struct record *r, const struct observation *o,
    const struct observation *d)
{
	const char *hop = detail_text(d, "yardstick_hop");
	const char *yardstick = detail_text(d, "yardstick");
	const char *port = yardstick == NULL ? NULL : strchr(yardstick, ' ');

	if (hop != NULL && address_is_inner(hop) &&
	    !far_is_public_before(r, detail_int(d, "yardstick_ttl", 0),
		address_is_v6(o->address)))
		return true;
	return port != NULL &&
	    canary_takes_port(r, (unsigned)strtoul(port, NULL, 10));
}

bool
far_has_reached(const struct record *r, const struct observation *o,
    const struct observation *d)
{
	const char *hop = detail_text(d, "flow_hop");

	return hop != NULL && !is_box_of_site(r, o, d) &&
	    (detail_is(d, "same_host") ||
		same_text(hop, detail_text(d, "yardstick_hop")));
}

bool
far_is_answered(const struct observation *d, const char *how)
{
	return same_text(detail_text(d, "flow_at"), how);
}

bool
far_is_before(const struct observation *d, const struct observation *o,
    int64_t ttl)
{
	if (detail_is(d, "same_host"))
		return !same_text(detail_text(d, "yardstick_hop"), o->address);
	return detail_int(d, "yardstick_ttl", 0) - ttl > APART;
}

bool
far_is_at_host(const struct observation *found, const struct observation *o)
{
	size_t i;

	for (i = 0; found != NULL && i < found->nattempts; i++) {
		if (found->attempts[i].icmp_type == 11 &&
		    same_text(found->attempts[i].from, o->address))
			return true;
	}
	return false;
}
