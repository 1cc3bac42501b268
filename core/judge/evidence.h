/* SPDX-License-Identifier: MIT */
/* Inside the judge: finding observations, and what they say about places. */
#ifndef JUDGE_EVIDENCE_H
#define JUDGE_EVIDENCE_H

#include "core/record/model.h"

/* The observations of one spec, in order; *at starts at 0 and is moved on.
 * NULL at the end. */
const struct observation *evidence_next(const struct record *r,
	    const struct probe_spec *spec, size_t *at);
/* The resolution of a host, or NULL. */
const struct observation *evidence_name(const struct record *r,
	    const char *host);
/* The search for what blocks this flow, or NULL. */
const struct observation *evidence_locate(const struct record *r,
	    const char *address, enum protocol protocol, uint16_t port);

/* Did a search, or a way out, end like this ("accepted" "reset" "icmp"
 * "silence")? NULL did not. */
bool	 evidence_ended(const struct observation *o, const char *how);

/* What found a sign-in page that answered o in place of its host, or NULL: o
 * got a page or a certificate that is not its host's. */
const struct observation *evidence_portal(const struct record *r,
	    const struct observation *o);
/* What found a sign-in page, or NULL. */
const struct observation *evidence_sign_in(const struct record *r);

const char *detail_text(const struct observation *o, const char *name);
int64_t	 detail_int(const struct observation *o, const char *name,
	    int64_t missing);
bool	 detail_is(const struct observation *o, const char *name);

/* The name's addresses cannot be the vendor's: sinkhole or rewritten. */
enum cause evidence_name_cause(const struct observation *dns);
/* Where the site's DNS server stands. */
enum zone evidence_resolver_zone(const struct record *r);
/* Silence at a hop proves a drop when a control was answered there after each
 * of this many silent packets. */
#define MIN_CONTROLLED 2

/* Server time minus laptop time, by all the witnesses of the run (time
 * servers, HTTP dates): the median; *witnesses counts those that agree with
 * it within ten seconds, and a certificate of a public authority that begins
 * later than the laptop's now. */
int64_t	 evidence_clock_offset_us(const struct record *r,
	    size_t *witnesses);

/* Is this address one of the laptop's own, its subnet, or private? */
bool	 address_is_own(const struct record *r, const char *address);
bool	 address_is_near(const struct record *r, const char *address);
bool	 address_is_private(const char *address);
bool	 address_is_gateway(const struct record *r, const char *address);
/* A public one that was the first to answer, where the gateway's is private:
 * the gateway, or what stands behind it. */
bool	 address_is_odd_first(const struct record *r, const char *address);

/* Two names of one owner, as far as two labels tell; NULL is nobody's. */
bool	 same_owner(const char *a, const char *b);

#endif
