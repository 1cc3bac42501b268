/* SPDX-License-Identifier: MIT */
/* Records of flows that got lost, for the judge of places. */
#ifndef UNIT_ZONE_CASE_H
#define UNIT_ZONE_CASE_H

#include "core/record/model.h"

#define ADDRESS "192.0.2.7"
#define WITNESS "203.0.113.9"
#define GATEWAY "10.20.30.1"
#define INNER "192.168.178.1"
#define ISP "198.51.100.1"
#define LAST "198.51.100.99"
#define OTHER_LAST "198.51.100.77"

/* A walk; end NULL: there was none. */
struct zone_walk {
	const char *end;
	int ttl;
	int controlled, others;
	const char *hop; /* the last that answered, one before; NULL: none */
};

/* A comparison; ttl 0: there was none. */
struct zone_distance {
	int ttl;
	bool neighbour; /* or else the host itself */
	const char *hop, *flow_hop;
	const char *near, *at, *from;
	int stopped;
};

struct observation *zone_walk(struct record *r, const char *address,
	    enum protocol protocol, const struct zone_walk *w);
/* Of the flow to ADDRESS. */
struct observation *zone_distance(struct record *r, enum protocol protocol,
	    const struct zone_distance *d);
/* Somebody else who answered as he should. */
struct observation *zone_witness(struct record *r, const char *address);
struct need *zone_flow(struct record *r, enum protocol protocol,
	    const char *address, enum rung rung, enum cause failure,
	    const char *offender);

#endif
