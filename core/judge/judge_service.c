/* SPDX-License-Identifier: MIT */
/* What services say beyond yes and no: telephony that a box rewrites, servers
 * that are unwell, and the translation of addresses that STUN servers see. */
#include "core/judge/judges.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/judge/canary.h"

#define CARRIER_NET "100.64.0.0/10" /* RFC 6598 */

static bool
is_v6(const struct observation *o)
{
	return o->address != NULL && strchr(o->address, ':') != NULL;
}

/* Another server saw the same port of this laptop at the same time as
 * something else: the translation depends on where the traffic goes
 * (RFC 4787 section 4.1). */
static bool
is_mapped_otherwise(const struct record *r, const struct observation *o)
{
	const char *mine = detail_text(o, "mapped_address"), *other;
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		other = detail_text(x, "mapped_address");
		if (other == NULL || x->source_port != o->source_port ||
		    is_v6(x) != is_v6(o))
			continue;
		if (strcmp(mine, other) != 0 ||
		    detail_int(o, "mapped_port", 0) !=
			detail_int(x, "mapped_port", 0))
			return true;
	}
	return false;
}

/* Whose network lies behind the gateway, as a sentence, or NULL. */
static const char *
second_network(const struct observation *o)
{
	struct ip hop;

	if (!ip_parse(detail_text(o, "second_hop"), &hop) || hop.len != 4 ||
	    detail_is(o, "no_nat"))
		return NULL;
	if (ip_in_prefix(&hop, CARRIER_NET))
		return _("It answered. Behind the site's gateway the internet "
			 "provider translates addresses once more, so a port "
			 "opened at the site's router cannot be reached from "
			 "outside.");
	if (ip_is_private(&hop))
		return _("It answered. Behind the site's gateway lies another "
			 "private network, so addresses may be translated "
			 "twice.");
	return NULL;
}

bool
judge_warned(struct record *r, const struct observation *o, struct verdict *v)
{
	enum zone zone = ZONE_UNDETERMINED;

	if (o->rung != RUNG_APP_REPLY)
		return false;
	if (address_is_near(r, o->address))
		zone = ZONE_LAN;
	if (o->failure == CAUSE_SIP_ALG) {
		if (detail_is(o, "taken_near") && zone != ZONE_LAN &&
		    !life_is_doubtful(r, o->address, 1))
			zone = ZONE_GATEWAY;
		*v = verdict_make(OUTCOME_WARN, o, o->failure, zone);
		v->path = PATH_INTERMEDIATED;
		return true;
	}
	if (o->failure == CAUSE_SERVICE_UNAVAILABLE) {
		*v = verdict_make(OUTCOME_WARN, o, o->failure, zone);
		return true;
	}
	if (o->failure == CAUSE_NONE &&
	    detail_text(o, "mapped_address") != NULL &&
	    is_mapped_otherwise(r, o)) {
		*v = verdict_make(OUTCOME_WARN, o, CAUSE_NAT_SYMMETRIC,
		    ZONE_UNDETERMINED);
		return true;
	}
	return false;
}

void
judge_samples(const struct observation *o, struct verdict *v)
{
	const char *beyond = second_network(o);

	if (v->outcome != OUTCOME_PASS)
		return;
	if (beyond != NULL)
		v->say = beyond;
	if (detail_int(o, "samples", 1) > 1 ||
	    detail_int(o, "samples_wanted", 1) < 2)
		return;
	v->outcome = OUTCOME_MARGINAL;
	v->say = _("It answered only one of several questions.");
}
