/* SPDX-License-Identifier: MIT */
/* Who blocks. The evidence, and the place that it names; what is above holds
 * first, and what is not there is undetermined.
 *
 * An ICMP error came from
 *   the laptop itself (nobody answered its ARP), or another box on its
 *   network ................................................. lan
 *   the gateway, or the address by which the site is seen from
 *   outside, unless a private router stands behind the
 *   gateway ................................................. gateway
 *   a private address (not RFC 6598) behind no public router . site_perimeter
 *   the destination itself, where another port of it, or a
 *   neighbour behind the same last router, is accepted, and
 *   from there and no nearer ................................ vendor
 *   the last router before neighbours that answer, and says
 *   that the host is unreachable ............................ vendor
 *   any other router ........................................ beyond_site
 * A reset came
 *   with a life of one or two hops .......................... gateway
 *   from nearer than where another port of the host is
 *   accepted, or three hops before a neighbour: behind the
 *   last router that the flow passed ........................ its place (*)
 *   from exactly as far, by the same last router ............ vendor
 * Nothing came back, and
 *   twice a control expired right behind, at a hop that the
 *   destination is known to lie behind: the last router that
 *   the flow passed lost it ................................. its place (*)
 *   twice it got lost where a connection to another port of
 *   the host still expired one hop before it arrived, or
 *   three hops and more before a neighbour .................. its place (*)
 *   the gateway says of other networks that it has no way
 *   there, and nothing outside answers ...................... gateway
 *   it is TCP and expired at the last router before the host,
 *   where another port, or a neighbour behind that router,
 *   is accepted ............................................. vendor
 *   so did all else of this family, to unrelated networks,
 *   behind the same public router ........................... beyond_site
 * (*) The gateway; a private router that no public one stands before: the
 * perimeter; a public one: beyond the site. Over IPv6, where the same box may
 * have a public address, it is undetermined when IPv4 sees a private one as
 * far away.
 *
 * Vendor is said only where another host outside answered as it should
 * within a minute. It includes the vendor's own firewall; a filter that keeps
 * back the answers of one TCP port alone would look the same. UDP that got to
 * the last router may have been answered and the answer lost, so it is
 * undetermined; so is the silence of a host without neighbours, and what a
 * host's own address does that passes other ports on to one behind it. What
 * accepts connections for others, or right behind an inner router of the site,
 * is no host to measure by. */
#include <stdlib.h>
#include <string.h>

#include "core/judge/canary.h"
#include "core/judge/far.h"

#define CONTROL_PORT 443
#define CONTROL_PORT_OTHER 80
#define WITNESS_US 60000000LL /* as close in time as this */
#define MIN_LOST_HOSTS 3      /* that a common loss is told from */

static bool
same_text(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* Another port of the host, walked to by an older program. */
static int64_t
host_ttl(const struct record *r, const struct observation *o)
{
	uint16_t port = o->protocol == PROTO_TCP && o->port == CONTROL_PORT ?
	    CONTROL_PORT_OTHER :
	    CONTROL_PORT;
	const struct observation *x = evidence_locate(r, o->address, PROTO_TCP,
	    port);

	return evidence_ended(x, "accepted") ? detail_int(x, "end_ttl", 0) : 0;
}

/* --- places --- */

/* The router at that hop is the one that does it. */
static enum zone
place_of(const struct record *r, const char *hop, int64_t ttl, bool six)
{
	const char *other = six ? far_router(r, ttl, false) : NULL;

	if (address_is_gateway(r, hop))
		return ZONE_GATEWAY;
	if (address_is_odd_first(r, hop))
		return ZONE_UNDETERMINED;
	if (far_is_public_before(r, ttl, six))
		return ZONE_BEYOND_SITE;
	if (hop == NULL || (other != NULL && address_is_inner(other)))
		return ZONE_UNDETERMINED;
	return address_is_inner(hop) ? ZONE_SITE_PERIMETER : ZONE_BEYOND_SITE;
}

static enum zone
place_behind(const struct record *r, const struct observation *found)
{
	return place_of(r, detail_text(found, "last_hop"),
	    detail_int(found, "last_ttl", 0), address_is_v6(found->address));
}

/* Nothing got beyond the first hop. */
static enum zone
place_first(const struct record *r, const struct observation *found)
{
	return address_is_odd_first(r, detail_text(found, "gateway_hop")) ?
	    ZONE_UNDETERMINED :
	    ZONE_GATEWAY;
}

/* --- what decides --- */

/* Another host outside answered as it should at that time. */
static bool
has_witness(const struct record *r, const struct observation *o)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (x->address != NULL && x->rung <= RUNG_TLS_EXPECTED &&
		    x->failure == CAUSE_NONE &&
		    (x->protocol == PROTO_TCP || x->protocol == PROTO_UDP) &&
		    !same_text(x->address, o->address) &&
		    address_is_v6(x->address) == address_is_v6(o->address) &&
		    !address_is_near(r, x->address) &&
		    !address_is_private(x->address) &&
		    detail_int(x, "near_hops", 0) == 0 &&
		    !detail_is(x, "answered_near") &&
		    llabs(x->started_us - o->started_us) <= WITNESS_US)
			return true;
	}
	return false;
}

static enum zone
vendor_or_not(const struct record *r, const struct observation *o)
{
	return has_witness(r, o) ? ZONE_VENDOR : ZONE_UNDETERMINED;
}

/* --- an ICMP error --- */

/* The address under which the site is seen from outside. */
static bool
is_outer_address(const struct record *r, const char *address)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		if (same_text(detail_text(&r->observations[i],
				  "mapped_address"),
			address))
			return true;
	}
	return false;
}

/* Gateways are known by an address of the link alone, and speak by another. */
static bool
is_gateway_of_link(const struct record *r, const char *address)
{
	const char *gw = r->vantage.gateway6;

	return address_is_v6(address) && gw != NULL &&
	    strncmp(gw, "fe80:", 5) == 0 && address_is_near(r, address);
}

static enum zone
zone_of_destination(const struct record *r, const struct observation *o)
{
	const struct observation *d = far_distance(r, o);

	if (address_is_near(r, o->offender))
		return ZONE_LAN;
	/* Not as far as other ports or neighbours are: a box used the host's
	 * address. */
	if (!far_is_answered(d, "icmp") || !far_has_reached(r, o, d) ||
	    !same_text(detail_text(d, "flow_from"), o->address))
		return ZONE_UNDETERMINED;
	return vendor_or_not(r, o);
}

static enum zone
zone_of_router(const struct record *r, const struct observation *o)
{
	const struct observation *d = far_distance(r, o);
	bool six = address_is_v6(o->offender);
	int64_t ttl;

	for (ttl = 2; ttl < 16; ttl++) {
		if (same_text(far_router(r, ttl, six), o->offender))
			break;
	}
	if (address_is_inner(o->offender))
		return far_is_public_before(r, ttl, six) ? ZONE_BEYOND_SITE :
							   ZONE_SITE_PERIMETER;
	if (is_outer_address(r, o->offender))
		return far_router(r, 2, six) != NULL &&
			address_is_inner(far_router(r, 2, six)) ?
		    ZONE_SITE_PERIMETER :
		    ZONE_GATEWAY;
	if (o->failure == CAUSE_HOST_UNREACHABLE && d != NULL &&
	    same_text(detail_text(d, "yardstick_hop"), o->offender))
		return detail_is(d, "same_host") ? ZONE_UNDETERMINED :
						   vendor_or_not(r, o);
	return place_of(r, o->offender, ttl, six);
}

static enum zone
zone_of_sender(const struct record *r, const struct observation *o,
    enum cause *cause)
{
	if (address_is_own(r, o->offender)) {
		/* The laptop itself says that nobody answered its ARP. */
		*cause = CAUSE_HOST_UNREACHABLE;
		return ZONE_LAN;
	}
	if (address_is_gateway(r, o->offender) ||
	    is_gateway_of_link(r, o->offender))
		return ZONE_GATEWAY;
	if (same_text(o->offender, o->address))
		return zone_of_destination(r, o);
	return address_is_near(r, o->offender) ? ZONE_LAN :
						 zone_of_router(r, o);
}

/* --- a reset --- */

/* A reset that arrives where a hop should have said "time exceeded" was
 * made by a box on the way. */
static enum zone
zone_of_reset(const struct record *r, const struct observation *o,
    const struct observation *found, enum cause *cause)
{
	const struct observation *d = far_distance(r, o);
	int64_t ttl = detail_int(found, "end_ttl", 0), host = host_ttl(r, o);
	bool is_host;

	if (address_is_near(r, o->address)) {
		*cause = CAUSE_TCP_REFUSED;
		return ZONE_LAN;
	}
	if (evidence_ended(found, "reset") && !detail_is(found, "passed"))
		return ttl <= 2 && !life_is_doubtful(r, o->address, ttl) ?
		    place_first(r, found) :
		    ZONE_UNDETERMINED;
	if (same_text(detail_text(d, "flow_near"), "reset"))
		return far_is_before(d, o,
			   evidence_ended(found, "reset") ?
			       ttl :
			       detail_int(d, "yardstick_ttl", 0) - 1) ?
		    place_behind(r, found) :
		    ZONE_UNDETERMINED;
	is_host = far_has_reached(r, o, d) && far_is_answered(d, "reset");
	if (d == NULL && host > 0 && evidence_ended(found, "reset")) {
		if (host > ttl)
			return place_behind(r, found);
		is_host = host == ttl;
	}
	if (!is_host)
		return ZONE_UNDETERMINED;
	if (!has_witness(r, o))
		return ZONE_UNDETERMINED;
	*cause = CAUSE_TCP_REFUSED;
	return ZONE_VENDOR;
}

/* --- silence --- */

/* Silent walks that ended behind the same router. Many hosts answer no ping,
 * so walks with pings count for nothing. */
static bool
is_lost_there(const struct observation *x, const struct observation *found)
{
	return strcmp(x->probe, "locate") == 0 && x->address != NULL &&
	    x->protocol != PROTO_ICMP &&
	    address_is_v6(x->address) == address_is_v6(found->address) &&
	    evidence_ended(x, "silence") &&
	    same_text(detail_text(x, "last_hop"),
		detail_text(found, "last_hop"));
}

/* The same /24, or /48 as far as the text tells. */
static bool
is_same_net(const char *a, const char *b)
{
	char stop = address_is_v6(a) ? ':' : '.';
	int left = 3;
	size_t i;

	for (i = 0; a[i] != '\0' && a[i] == b[i]; i++) {
		if (a[i] == stop && --left == 0)
			return true;
	}
	return false;
}

/* Nothing at all of this family got farther, whoever it was for. */
static bool
is_lost_by_all(const struct record *r, const struct observation *found)
{
	bool six = address_is_v6(found->address), others = false;
	size_t i, n = 0;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (x->address == NULL || address_is_v6(x->address) != six)
			continue;
		if (is_lost_there(x, found)) {
			n++;
			others = others ||
			    !is_same_net(x->address, found->address);
		} else if (x->rung <= RUNG_TRANSPORT &&
		    !address_is_near(r, x->address) &&
		    !address_is_private(x->address)) {
			return false;
		}
	}
	return n >= MIN_LOST_HOSTS && others &&
	    far_router(r, detail_int(found, "last_ttl", 0) + 1, six) == NULL;
}

/* The gateway has no way for this family: it says so of several networks, as
 * often as it may, and nothing outside answers. */
static bool
is_cut_off(const struct record *r, const struct observation *o)
{
	const char *first = NULL;
	bool several = false;
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (x->address == NULL ||
		    address_is_v6(x->address) != address_is_v6(o->address) ||
		    address_is_near(r, x->address) ||
		    address_is_private(x->address))
			continue;
		if (x->rung <= RUNG_PASSED_GATEWAY)
			return false;
		if (x->failure != CAUSE_NET_UNREACHABLE ||
		    !address_is_gateway(r, x->offender))
			continue;
		several = several ||
		    (first != NULL && !is_same_net(first, x->address));
		first = x->address;
	}
	return several;
}

/* It got lost where the yardstick did not, and well before the host. */
static bool
is_lost_before(const struct observation *d, const struct observation *o,
    const struct observation *found)
{
	return detail_int(d, "stopped", 0) >= MIN_CONTROLLED &&
	    far_is_before(d, o, detail_int(found, "end_ttl", 0));
}

static enum zone
zone_of_lost(const struct record *r, const struct observation *o,
    const struct observation *found)
{
	const struct observation *d = far_distance(r, o);
	enum zone place = place_behind(r, found);

	if (is_lost_before(d, o, found)) {
		/* A mute router may follow, which is not the site's. */
		if (place == ZONE_SITE_PERIMETER &&
		    detail_int(found, "others", 0) < MIN_CONTROLLED)
			return ZONE_UNDETERMINED;
		return place;
	}
	/* Behind a router of the site it may be the line that is dead. */
	if (d == NULL && place == ZONE_BEYOND_SITE && is_lost_by_all(r, found))
		return place;
	if (far_carrier(o) == PROTO_TCP && far_has_reached(r, o, d))
		return vendor_or_not(r, o);
	return ZONE_UNDETERMINED;
}

static enum zone
zone_of_silence(const struct record *r, const struct observation *o,
    const struct observation *found, enum cause *cause)
{
	if (address_is_near(r, o->address))
		return ZONE_LAN;
	if (o->address != NULL && is_cut_off(r, o)) {
		*cause = CAUSE_NET_UNREACHABLE;
		return ZONE_GATEWAY;
	}
	if (found == NULL || far_is_at_host(found, o))
		return ZONE_UNDETERMINED;
	if (detail_int(found, "controlled", 0) >= MIN_CONTROLLED)
		return detail_is(found, "passed") ? place_behind(r, found) :
						    place_first(r, found);
	return detail_is(found, "passed") ? zone_of_lost(r, o, found) :
					    ZONE_UNDETERMINED;
}

/* The hello that could not get beyond the second hop: a reset that answers it
 * was made before. Where it was reported to have ended there, the gateway had
 * let it out; then it may be anybody, the server too. */
static enum zone
zone_of_cut(const struct record *r, const struct observation *o)
{
	const char *how = detail_text(o, "hello_ttl2");

	if (how == NULL || address_is_near(r, o->address) ||
	    address_is_private(o->address))
		return ZONE_UNDETERMINED;
	return strcmp(how, "reset") == 0 &&
		!life_is_doubtful(r, o->address, 2) ?
	    ZONE_GATEWAY :
	    ZONE_UNDETERMINED;
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

/* Who loses this flow, rejected another of the same port in words. */
static const struct observation *
rejection_like(const struct record *r, const struct observation *o,
    const struct observation *found)
{
	const char *hop = detail_text(found, "last_hop");
	bool passed = detail_is(found, "passed");
	size_t i;

	if (o->rung != RUNG_SILENCE ||
	    detail_int(found, "controlled", 0) < MIN_CONTROLLED)
		return NULL;
	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (x->rung == RUNG_REJECTED && x->offender != NULL &&
		    x->port == o->port && x->protocol == o->protocol &&
		    address_is_v6(x->address) == address_is_v6(o->address) &&
		    (passed ? same_text(x->offender, hop) :
			      address_is_gateway(r, x->offender)))
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
		found = evidence_locate(r, o->address, far_carrier(o), o->port);
	if (found != NULL && found != o && found->offender != NULL &&
	    found->failure != CAUSE_NONE) {
		/* It says so only now and then: a box answers with few such
		 * messages a second. */
		*cause = found->failure;
		return zone_of_sender(r, found, cause);
	}
	same = rejection_like(r, o, found);
	if (same != NULL) {
		*cause = same->failure;
		return zone_of_sender(r, same, cause);
	}
	if (o->failure == CAUSE_TLS_RESET_AFTER_HELLO)
		return zone_of_cut(r, o);
	if (o->failure == CAUSE_TLS_UNTRUSTED) {
		/* Accepted by the first hop: it stands in for the server. */
		if (evidence_ended(found, "accepted") &&
		    !detail_is(found, "passed") &&
		    !life_is_doubtful(r, o->address, 1))
			return ZONE_GATEWAY;
		return ZONE_UNDETERMINED;
	}
	if (o->rung == RUNG_REJECTED)
		return zone_of_reset(r, o, found, cause);
	if (o->rung == RUNG_SILENCE)
		return zone_of_silence(r, o, found, cause);
	return ZONE_UNDETERMINED;
}
