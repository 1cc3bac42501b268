/* SPDX-License-Identifier: MIT */
/* Finding observations, and what they say about places and clocks. */
#include "core/judge/evidence.h"

#include <string.h>

#include "core/base/ip.h"
#include "core/record/clock_witness.h"

/* Of a stranger's file: as far as any two can be added or taken from each
 * other; three centuries in microseconds. */
#define NUMBER_MAX (INT64_C(1) << 53)

const struct observation *
evidence_next(const struct record *r, const struct probe_spec *spec, size_t *at)
{
	while (*at < r->nobservations) {
		const struct observation *o = &r->observations[(*at)++];

		if (observation_is_of(o, spec))
			return o;
	}
	return NULL;
}

const struct observation *
evidence_name(const struct record *r, const char *host)
{
	const struct observation *found = NULL;
	size_t i;

	/* Devices ask over UDP; what TCP said counts only where it is all. */
	for (i = 0; host != NULL && i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (o->host == NULL || strcmp(o->probe, "dns") != 0 ||
		    strcmp(o->host, host) != 0)
			continue;
		if (o->protocol == PROTO_UDP)
			return o;
		found = o;
	}
	return found;
}

const struct observation *
evidence_locate(const struct record *r, const char *address,
    enum protocol protocol, uint16_t port)
{
	size_t i;

	for (i = 0; address != NULL && i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (strcmp(o->probe, "locate") == 0 && o->port == port &&
		    o->protocol == protocol && o->address != NULL &&
		    strcmp(o->address, address) == 0)
			return o;
	}
	return NULL;
}

bool
evidence_ended(const struct observation *o, const char *how)
{
	const char *end = detail_text(o, "end");

	return end != NULL && strcmp(end, how) == 0;
}

/* What one gets from a sign-in page in place of one's own host. */
static bool
is_anothers_answer(const struct observation *o)
{
	static const enum cause causes[] = {
	    CAUSE_HTTP_BLOCKPAGE,
	    CAUSE_HTTP_STATUS,
	    CAUSE_CAPTIVE_PORTAL,
	    CAUSE_TLS_NAME_MISMATCH,
	    CAUSE_TLS_UNTRUSTED,
	    CAUSE_TLS_PROTOCOL,
	    CAUSE_ALPN_MISSING,
	    CAUSE_WRONG_PROTOCOL,
	};
	size_t i;

	if (o->protocol != PROTO_TCP || o->rung > RUNG_TRANSPORT)
		return false;
	for (i = 0; i < sizeof causes / sizeof *causes; i++) {
		if (causes[i] == o->failure)
			return true;
	}
	return strcmp(o->probe, "http") == 0 && o->failure == CAUSE_NONE;
}

const struct observation *
evidence_sign_in(const struct record *r)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (x->failure == CAUSE_CAPTIVE_PORTAL &&
		    strcmp(x->probe, "captive_portal") == 0)
			return x;
	}
	return NULL;
}

const struct observation *
evidence_portal(const struct record *r, const struct observation *o)
{
	/* What is near is reached without passing a sign-in page. */
	if (!is_anothers_answer(o) || address_is_near(r, o->address))
		return NULL;
	return evidence_sign_in(r);
}

const char *
detail_text(const struct observation *o, const char *name)
{
	return o == NULL ? NULL :
			   json_string_value(json_object_get(o->detail, name));
}

int64_t
detail_int(const struct observation *o, const char *name, int64_t missing)
{
	const json_t *j = o == NULL ? NULL : json_object_get(o->detail, name);

	int64_t value = json_is_integer(j) ? json_integer_value(j) : missing;

	return value > NUMBER_MAX ? NUMBER_MAX :
	    value < -NUMBER_MAX   ? -NUMBER_MAX :
				    value;
}

bool
detail_is(const struct observation *o, const char *name)
{
	return o != NULL && json_is_true(json_object_get(o->detail, name));
}

/* "192-168-0-77.SERIAL.dyndns..." stands for 192.168.0.77 by design. */
static bool
spells_address(const char *host, const char *address)
{
	size_t i;

	for (i = 0; address[i] != '\0'; i++) {
		if (host[i] != (address[i] == '.' ? '-' : address[i]))
			return false;
	}
	return host[i] == '.';
}

enum cause
evidence_name_cause(const struct observation *dns)
{
	const json_t *list = json_object_get(dns->detail, "addresses");
	const char *address;
	struct ip ip;
	size_t i;

	if (dns->failure != CAUSE_NONE)
		return dns->failure;
	for (i = 0; i < json_array_size(list); i++) {
		address = json_string_value(json_array_get(list, i));
		if (!ip_parse(address, &ip))
			continue;
		if (ip_is_nowhere(&ip))
			return CAUSE_DNS_SINKHOLE;
		if (ip_is_private(&ip) &&
		    (dns->host == NULL || !spells_address(dns->host, address)))
			return CAUSE_DNS_REWRITTEN;
	}
	return CAUSE_NONE;
}

/* "10.20.30.50/24", of another adapter behind its name. */
static const char *
prefix_in(const char *item)
{
	const char *space = strrchr(item, ' ');

	return space == NULL ? item : space + 1;
}

static bool
lists_own(const struct strlist *l, const char *address)
{
	size_t i, len;

	for (i = 0; address != NULL && i < l->count; i++) {
		const char *prefix = prefix_in(l->item[i]);

		len = strcspn(prefix, "/");
		if (strlen(address) == len &&
		    strncmp(prefix, address, len) == 0)
			return true;
	}
	return false;
}

bool
address_is_own(const struct record *r, const char *address)
{
	return lists_own(&r->vantage.addresses, address) ||
	    lists_own(&r->vantage.adapters, address);
}

static bool
lists_near(const struct strlist *l, const struct ip *ip)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (ip_in_prefix(ip, prefix_in(l->item[i])))
			return true;
	}
	return false;
}

/* Also of another adapter, by which the kernel goes there. */
bool
address_is_near(const struct record *r, const char *address)
{
	struct ip ip;

	return ip_parse(address, &ip) &&
	    (ip_is_link_local(&ip) || lists_near(&r->vantage.addresses, &ip) ||
		lists_near(&r->vantage.adapters, &ip));
}

bool
address_is_private(const char *address)
{
	struct ip ip;

	return ip_parse(address, &ip) && ip_is_private(&ip);
}

static bool
is_detail_of_any(const struct record *r, const char *name, const char *text)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const char *s = detail_text(&r->observations[i], name);

		if (s != NULL && strcmp(s, text) == 0)
			return true;
	}
	return false;
}

/* Many firewalls take nothing from a packet's life, so that the first to say
 * that it ended is whoever comes behind them. A gateway that speaks by its
 * outer address is seen from outside under it. */
bool
address_is_odd_first(const struct record *r, const char *address)
{
	const char *gw = r->vantage.gateway;

	return address != NULL && strchr(address, ':') == NULL && gw != NULL &&
	    address_is_private(gw) && !address_is_private(address) &&
	    !address_is_near(r, address) &&
	    is_detail_of_any(r, "gateway_hop", address) &&
	    !is_detail_of_any(r, "mapped_address", address);
}

bool
address_is_gateway(const struct record *r, const char *address)
{
	const char *gw = r->vantage.gateway, *gw6 = r->vantage.gateway6;

	if (address == NULL)
		return false;
	if ((gw != NULL && strcmp(gw, address) == 0) ||
	    (gw6 != NULL && strcmp(gw6, address) == 0))
		return true;
	return is_detail_of_any(r, "gateway_hop", address) &&
	    !address_is_odd_first(r, address);
}

enum zone
evidence_resolver_zone(const struct record *r)
{
	const char *s;

	if (r->vantage.resolvers.count == 0)
		return ZONE_UNDETERMINED;
	s = r->vantage.resolvers.item[0];
	if (address_is_gateway(r, s))
		return ZONE_GATEWAY;
	if (address_is_own(r, s) || strncmp(s, "127.", 4) == 0)
		return ZONE_LAPTOP;
	if (address_is_near(r, s))
		return ZONE_LAN;
	return address_is_private(s) ? ZONE_SITE_PERIMETER : ZONE_UNDETERMINED;
}

int64_t
evidence_clock_offset_us(const struct record *r, size_t *witnesses)
{
	struct clock_witnesses w;

	record_clock(r, &w);
	*witnesses = w.count;
	return w.offset_us;
}

/* The part of a name that one owner holds, near enough: two labels. */
static const char *
owner_of(const char *host)
{
	const char *dot = host == NULL ? NULL : strrchr(host, '.');

	while (dot != NULL && dot > host && *--dot != '.')
		;
	if (dot == NULL)
		return "";
	return *dot == '.' ? dot + 1 : dot;
}

bool
same_owner(const char *a, const char *b)
{
	return strcmp(owner_of(a), owner_of(b)) == 0;
}
