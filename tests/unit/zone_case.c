/* SPDX-License-Identifier: MIT */
/* Owns the records that tests of places are made of. */
#include "tests/unit/zone_case.h"

#include "tests/unit/judge_case.h"

static void
set_str(struct observation *o, const char *name, const char *value)
{
	if (value != NULL)
		case_detail_str(o, name, value);
}

struct observation *
zone_walk(struct record *r, const char *address, enum protocol protocol,
    const struct zone_walk *w)
{
	struct observation *o = case_locate(r, address, protocol, 5113, w->end,
	    w->ttl, w->hop != NULL);

	case_detail_int(o, "controlled", w->controlled);
	case_detail_int(o, "others", w->others);
	set_str(o, "last_hop", w->hop);
	return o;
}

struct observation *
zone_distance(struct record *r, enum protocol protocol,
    const struct zone_distance *d)
{
	struct observation *o = case_locate(r, ADDRESS, protocol, 5113, "", 0,
	    true);

	o->probe = arena_strdup(r->arena, "distance");
	case_detail_int(o, "yardstick_ttl", d->ttl);
	case_detail_bool(o, "same_host", !d->neighbour);
	case_detail_int(o, "stopped", d->stopped);
	set_str(o, "yardstick_hop", d->hop);
	set_str(o, "flow_hop", d->flow_hop);
	set_str(o, "flow_near", d->near);
	set_str(o, "flow_at", d->at);
	set_str(o, "flow_from", d->from);
	return o;
}

struct observation *
zone_witness(struct record *r, const char *address)
{
	struct need *n = case_need(r, "p.witness", PROTO_TCP, 443,
	    RUNG_TLS_EXPECTED);

	case_spec(r, n, "tls", NULL, address, 443);
	return case_seen(r, n, 0, address, RUNG_TLS_EXPECTED, CAUSE_NONE);
}

struct need *
zone_flow(struct record *r, enum protocol protocol, const char *address,
    enum rung rung, enum cause failure, const char *offender)
{
	struct need *n = case_need(r, arena_printf(r->arena, "p.%s", address),
	    protocol, 5113, RUNG_TRANSPORT);
	struct observation *o;

	case_spec(r, n, "tcp", NULL, address, 5113);
	o = case_seen(r, n, 0, address, rung, failure);
	o->offender = arena_strdup(r->arena, offender);
	return n;
}
