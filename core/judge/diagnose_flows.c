/* SPDX-License-Identifier: MIT */
/* The hypotheses about flows that were cut: no way out, a list of what may
 * get out, a port, a host; each with the passes that contradict it. */
#include <string.h>

#include "core/judge/diagnose_rules.h"

#define MIN_CLOSED_TCP 3 /* ports that are cut, before one speaks of all */
#define MIN_CLOSED_UDP 2

/* --- shared --- */

bool
is_far_cut(const struct trouble *t)
{
	return t->how != CUT_NOT && !t->lan;
}

bool
fits_zone(const struct hypothesis *h, const struct trouble *t)
{
	return is_zone_open(t->need->zone) || t->need->zone == h->zone;
}

/* A pass that would not have been possible. What left the gateway was not
 * stopped there, but may have been behind it. */
static bool
is_port_passed(const struct hypothesis *h, const struct flow *f)
{
	return f->port_through || (h->zone == ZONE_GATEWAY && f->port_out);
}

bool
are_ports_cut(const struct hypothesis *h, const struct trouble *t)
{
	size_t i;

	for (i = 0; i < t->nflows; i++) {
		if (is_port_passed(h, &t->flow[i]))
			return false;
	}
	return t->nflows > 0;
}

enum protocol
trouble_protocol(const struct trouble *t)
{
	return t->nflows > 0 ? t->flow[0].protocol : t->need->protocol;
}

/* How many different ports of this protocol h's troubles were cut on. */
static size_t
count_cut_ports(const struct bench *b, const struct hypothesis *h,
    enum protocol protocol, uint16_t *least)
{
	struct heard_ports seen;
	size_t i, k, n = 0;

	memset(&seen, 0, sizeof seen);
	*least = UINT16_MAX;
	for (i = 0; i < b->ntroubles; i++) {
		const struct trouble *t = &b->trouble[i];

		for (k = 0; h->explains[i] && k < t->nflows; k++) {
			uint16_t port = t->flow[k].port;
			unsigned char bit = (unsigned char)(1u << (port % 8));

			if (t->flow[k].protocol != protocol ||
			    (seen.bit[port / 8] & bit) != 0)
				continue;
			seen.bit[port / 8] |= bit;
			*least = port < *least ? port : *least;
			n++;
		}
	}
	return n;
}

/* Does every flow of this protocol that was tried fail, but for a few ports? */
static bool
is_closed(const struct bench *b, const struct hypothesis *h,
    enum protocol protocol, size_t min)
{
	uint16_t least;
	size_t cut = count_cut_ports(b, h, protocol, &least);
	size_t passed = heard_count(b, protocol, h->zone != ZONE_GATEWAY);

	return cut >= min && passed <= MAX_ALLOWED && cut > passed;
}

/* Is the same flow, in one of `keys` parts, placed in h's zone by another
 * trouble? */
static bool
is_placed(const struct bench *b, const struct hypothesis *h,
    const struct flow *f, bool by_port)
{
	size_t i, k;

	for (i = 0; i < b->ntroubles; i++) {
		const struct trouble *t = &b->trouble[i];

		if (t->need->zone != h->zone || t->how != h->how)
			continue;
		for (k = 0; k < t->nflows; k++) {
			if (t->flow[k].protocol == f->protocol &&
			    (by_port ? t->flow[k].port == f->port :
				       strcmp(t->flow[k].host, f->host) == 0))
				return true;
		}
	}
	return false;
}

/* In h's place, or without a place while all of its flows have one. */
static bool
is_there(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t, bool by_port)
{
	size_t i;

	if (t->need->zone == h->zone ||
	    (is_zone_open(t->need->zone) && is_zone_open(h->zone)))
		return true;
	if (!is_zone_open(t->need->zone))
		return false;
	for (i = 0; i < t->nflows; i++) {
		if (!is_placed(b, h, &t->flow[i], by_port))
			return false;
	}
	return t->nflows > 0;
}

/* Two vendors' hosts that are down are two causes. */
static bool
is_by_owner(enum zone zone)
{
	return zone == ZONE_VENDOR || is_zone_open(zone);
}

static bool
is_owner(const struct hypothesis *h, const struct trouble *t)
{
	return h->owner == NULL || strcmp(h->owner, t->owner) == 0;
}

/* --- no way out --- */

static bool
suggest_no_uplink(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	(void)h;
	return is_far_cut(t);
}

static bool
explained_by_no_uplink(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	(void)b;
	(void)h;
	return is_far_cut(t) || is_dead_name(t);
}

/* Anything at all from beyond the gateway contradicts it, and so does a
 * firewall that takes the trouble to say no. */
static bool
holds_no_uplink(const struct bench *b, const struct hypothesis *h)
{
	const char *first = NULL;
	bool several = false;
	size_t i, k;

	if (b->nflows > 0)
		return false;
	for (i = 0; i < b->ntroubles; i++) {
		const struct trouble *t = &b->trouble[i];

		if (t->need->cause == CAUSE_CAPTIVE_PORTAL)
			return false;
		for (k = 0; h->explains[i] && k < t->nflows; k++) {
			if (t->need->cause == CAUSE_TCP_RESET ||
			    t->need->cause == CAUSE_ADMIN_PROHIBITED ||
			    t->need->cause == CAUSE_TCP_REFUSED)
				return false;
			if (first == NULL)
				first = t->flow[k].host;
			several = several ||
			    strcmp(first, t->flow[k].host) != 0;
		}
	}
	return several;
}

/* --- what the site lets out --- */

static bool
suggest_policy(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	h->how = t->how;
	h->zone = t->need->zone;
	return is_far_cut(t) && trouble_protocol(t) == PROTO_TCP && !t->six;
}

/* A rule that drops all else drops datagrams and pings too; what answers a
 * connection by a reset answers them in another way, or not at all. */
static bool
explained_by_policy(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	enum protocol protocol = trouble_protocol(t);

	if (!is_far_cut(t) || t->six || !fits_zone(h, t) ||
	    !are_ports_cut(h, t))
		return false;
	if (protocol == PROTO_TCP)
		return t->how == h->how;
	return heard_count(b, protocol, h->zone != ZONE_GATEWAY) <=
	    (protocol == PROTO_UDP ? MAX_ALLOWED : 0);
}

static bool
holds_policy(const struct bench *b, const struct hypothesis *h)
{
	return is_closed(b, h, PROTO_TCP, MIN_CLOSED_TCP);
}

static bool
suggest_udp(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	h->how = t->how;
	h->zone = t->need->zone;
	return is_far_cut(t) && trouble_protocol(t) == PROTO_UDP && !t->six;
}

static bool
explained_by_udp(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	(void)b;
	return is_far_cut(t) && !t->six && trouble_protocol(t) == PROTO_UDP &&
	    t->how == h->how && fits_zone(h, t) && are_ports_cut(h, t);
}

static bool
holds_all_udp(const struct bench *b, const struct hypothesis *h)
{
	return is_closed(b, h, PROTO_UDP, MIN_CLOSED_UDP);
}

static bool
holds_udp_above(const struct bench *b, const struct hypothesis *h)
{
	uint16_t least;
	size_t i;

	if (count_cut_ports(b, h, PROTO_UDP, &least) < MIN_CLOSED_UDP ||
	    heard_count(b, PROTO_UDP, false) == 0)
		return false;
	for (i = 0; i < b->nflows; i++) {
		const struct flow *f = &b->flow[i];

		if (f->protocol == PROTO_UDP && f->port >= least &&
		    (f->through || (f->out && h->zone == ZONE_GATEWAY)))
			return false;
	}
	return true;
}

/* --- one family --- */

static bool
suggest_ipv6(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	(void)h;
	return t->six;
}

static bool
explained_by_ipv6(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	(void)b;
	(void)h;
	return is_far_cut(t) && (t->six || t->only_six);
}

static bool
holds_ipv6(const struct bench *b, const struct hypothesis *h)
{
	size_t i;

	(void)h;
	for (i = 0; i < b->nflows; i++) {
		if (b->flow[i].six && b->flow[i].through)
			return false;
	}
	return true;
}

/* --- one port, one host, one flow --- */

static bool
suggest_flows(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	h->how = t->how;
	h->zone = is_zone_open(t->need->zone) ? ZONE_UNDETERMINED :
						t->need->zone;
	h->protocol = trouble_protocol(t);
	h->six = t->six;
	if (is_by_owner(h->zone))
		h->owner = t->owner;
	return is_far_cut(t);
}

/* A vendor's own server speaks for itself, not for a port. */
static bool
suggest_ports(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	if (!suggest_flows(b, t, h) || h->zone == ZONE_VENDOR)
		return false;
	h->owner = NULL;
	return true;
}

static bool
is_same_kind(const struct hypothesis *h, const struct trouble *t)
{
	return is_far_cut(t) && t->how == h->how && t->six == h->six &&
	    trouble_protocol(t) == h->protocol;
}

static bool
explained_by_ports(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	return is_same_kind(h, t) && is_there(b, h, t, true) &&
	    are_ports_cut(h, t);
}

static bool
explained_by_hosts(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	size_t i;

	if (!is_same_kind(h, t) || !is_there(b, h, t, false) || !is_owner(h, t))
		return false;
	for (i = 0; i < t->nflows; i++) {
		if (t->flow[i].host_through)
			return false;
	}
	return true;
}

static bool
explained_by_flows(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	return is_same_kind(h, t) && is_owner(h, t) &&
	    (is_there(b, h, t, true) || is_there(b, h, t, false));
}

static bool
suggest_host(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	if (!suggest_flows(b, t, h))
		return false;
	h->owner = t->owner;
	h->protocol = PROTO_NONE;
	return trouble_protocol(t) != PROTO_ICMP;
}

static bool
explained_by_host(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	size_t i;

	(void)b;
	if (!is_far_cut(t) || t->six != h->six || !is_owner(h, t) ||
	    !fits_zone(h, t) ||
	    (t->how != h->how && trouble_protocol(t) != PROTO_ICMP))
		return false;
	for (i = 0; i < t->nflows; i++) {
		if (t->flow[i].host_any)
			return false;
	}
	return true;
}

/* Of one protocol the narrower rows speak. */
static bool
holds_host(const struct bench *b, const struct hypothesis *h)
{
	enum protocol first = PROTO_NONE;
	size_t i;

	for (i = 0; i < b->ntroubles; i++) {
		if (!h->explains[i])
			continue;
		if (first == PROTO_NONE)
			first = trouble_protocol(&b->trouble[i]);
		else if (trouble_protocol(&b->trouble[i]) != first)
			return true;
	}
	return false;
}

const struct rule flow_rules[] = {
    {SCOPE_NO_UPLINK, suggest_no_uplink, explained_by_no_uplink,
	holds_no_uplink},
    {SCOPE_POLICY, suggest_policy, explained_by_policy, holds_policy},
    {SCOPE_ALL_UDP, suggest_udp, explained_by_udp, holds_all_udp},
    {SCOPE_UDP_ABOVE, suggest_udp, explained_by_udp, holds_udp_above},
    {SCOPE_IPV6, suggest_ipv6, explained_by_ipv6, holds_ipv6},
    {SCOPE_PORTS, suggest_ports, explained_by_ports, NULL},
    {SCOPE_HOST, suggest_host, explained_by_host, holds_host},
    {SCOPE_HOSTS, suggest_flows, explained_by_hosts, NULL},
    {SCOPE_FLOWS, suggest_flows, explained_by_flows, NULL},
};
const size_t flow_rule_count = sizeof flow_rules / sizeof *flow_rules;

bool
guess_covers_flow(const struct bench *b, const struct hypothesis *h,
    const struct flow *f)
{
	size_t i, k;

	switch (h->scope) {
	case SCOPE_PORTAL:
	case SCOPE_NO_UPLINK:
		return !f->port_through;
	case SCOPE_POLICY:
		return !is_port_passed(h, f);
	case SCOPE_ALL_UDP:
	case SCOPE_UDP_ABOVE:
		return f->protocol == PROTO_UDP && !is_port_passed(h, f);
	case SCOPE_IPV6:
		return f->six;
	case SCOPE_PORTS:
	case SCOPE_HOST:
	case SCOPE_HOSTS:
	case SCOPE_FLOWS:
		break;
	default:
		return false;
	}
	for (i = 0; i < b->ntroubles; i++) {
		for (k = 0; h->explains[i] && k < b->trouble[i].nflows; k++) {
			const struct flow *x = &b->trouble[i].flow[k];

			if (x->protocol == f->protocol &&
			    (h->scope != SCOPE_PORTS || x->port == f->port) &&
			    (h->scope == SCOPE_PORTS ||
				strcmp(x->host, f->host) == 0))
				return true;
		}
	}
	return false;
}
