/* SPDX-License-Identifier: MIT */
/* Finding observations, and what they say about places and clocks. */
#include "core/judge/evidence.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/ip.h"

#define CLOCK_AGREE_US 10000000LL
#define MAX_WITNESSES 64

/* A spec's key, alone or with " @ADDRESS" behind it. */
static bool
key_matches(const char *key, const char *spec_key)
{
	size_t len = strlen(spec_key);

	return strncmp(key, spec_key, len) == 0 &&
	    (key[len] == '\0' || strncmp(key + len, " @", 2) == 0);
}

const struct observation *
evidence_next(const struct record *r, const struct probe_spec *spec, size_t *at)
{
	while (*at < r->nobservations) {
		const struct observation *o = &r->observations[(*at)++];

		if (key_matches(o->key, spec->key))
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
evidence_portal(const struct record *r, const struct observation *o)
{
	size_t i;

	/* What is near is reached without passing a sign-in page. */
	if (!is_anothers_answer(o) || address_is_near(r, o->address))
		return NULL;
	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (x->failure == CAUSE_CAPTIVE_PORTAL &&
		    strcmp(x->probe, "captive_portal") == 0)
			return x;
	}
	return NULL;
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

	return json_is_integer(j) ? json_integer_value(j) : missing;
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

bool
address_is_own(const struct record *r, const char *address)
{
	const struct strlist *l = &r->vantage.addresses;
	size_t i, len;

	for (i = 0; address != NULL && i < l->count; i++) {
		len = strcspn(l->item[i], "/");
		if (strlen(address) == len &&
		    strncmp(l->item[i], address, len) == 0)
			return true;
	}
	return false;
}

bool
address_is_near(const struct record *r, const char *address)
{
	const struct strlist *l = &r->vantage.addresses;
	struct ip ip;
	size_t i;

	if (!ip_parse(address, &ip))
		return false;
	for (i = 0; i < l->count; i++) {
		if (ip_in_prefix(&ip, l->item[i]))
			return true;
	}
	return false;
}

bool
address_is_private(const char *address)
{
	struct ip ip;

	return ip_parse(address, &ip) && ip_is_private(&ip);
}

bool
address_is_gateway(const struct record *r, const char *address)
{
	const char *gw = r->vantage.gateway, *gw6 = r->vantage.gateway6;
	size_t i;

	if (address == NULL)
		return false;
	if ((gw != NULL && strcmp(gw, address) == 0) ||
	    (gw6 != NULL && strcmp(gw6, address) == 0))
		return true;
	for (i = 0; i < r->nobservations; i++) {
		const char *hop = detail_text(&r->observations[i],
		    "gateway_hop");

		if (hop != NULL && strcmp(hop, address) == 0)
			return true;
	}
	return false;
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

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7). */
static bool
parse_http_date(const char *s, int64_t *us)
{
	struct tm tm;
	const char *end;

	memset(&tm, 0, sizeof tm);
	end = s == NULL ? NULL : strptime(s, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	if (end == NULL || *end != '\0')
		return false;
	*us = (int64_t)timegm(&tm) * 1000000;
	return true;
}

static int
compare_offsets(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool
offset_of(const struct observation *o, int64_t *out)
{
	int64_t seen = detail_int(o, "date_seen_us", 0), date;

	if (strcmp(o->probe, "ntp") == 0 && o->failure == CAUSE_NONE) {
		*out = detail_int(o, "offset_us", 0);
		return true;
	}
	/* Block pages carry dates too, and those are as good. */
	if (seen != 0 && parse_http_date(detail_text(o, "date"), &date)) {
		*out = date - seen;
		return true;
	}
	return false;
}

int64_t
evidence_clock_offset_us(const struct record *r, size_t *witnesses)
{
	int64_t offset[MAX_WITNESSES], median;
	size_t i, n = 0;

	for (i = 0; i < r->nobservations && n < MAX_WITNESSES; i++)
		n += offset_of(&r->observations[i], &offset[n]);
	*witnesses = 0;
	if (n == 0)
		return 0;
	qsort(offset, n, sizeof *offset, compare_offsets);
	median = offset[n / 2];
	for (i = 0; i < n; i++)
		*witnesses += llabs(offset[i] - median) <= CLOCK_AGREE_US;
	/* As many against as for: nobody is to be believed more. */
	if (2 * *witnesses <= n && *witnesses > 1)
		*witnesses = 1;
	return median;
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
