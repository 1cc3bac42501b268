/* SPDX-License-Identifier: MIT */
/* For tests of the judge: a record of a made-up site, requirements and
 * observations added one by one. No network. The site: laptop 10.20.30.50/24,
 * gateway and DNS server 10.20.30.1, the vendor's hosts in 192.0.2.0/24. */
#ifndef UNIT_JUDGE_CASE_H
#define UNIT_JUDGE_CASE_H

#include "core/record/model.h"

/* 2026-11-21T10:42:00Z */
#define CASE_START_US INT64_C(1795257720000000)
#define CASE_DAY_US (INT64_C(86400) * 1000000)

struct record *case_new(void);		/* returns owned */
/* An outbound, required, applicable need without a spec. */
struct need *case_need(struct record *r, const char *id, enum protocol protocol,
	    uint16_t port, enum rung required);
/* Adds a spec; key "TYPE PROTO HOST:PORT". host or address may be NULL. */
void	 case_spec(struct record *r, struct need *n, const char *type,
	    const char *host, const char *address, uint16_t port);
/* An observation of spec i of n, at the given address. */
struct observation *case_seen(struct record *r, const struct need *n, size_t i,
	    const char *address, enum rung rung, enum cause failure);
/* The resolution of host; addresses separated by spaces, "" for none. */
struct observation *case_name(struct record *r, const char *host,
	    enum cause failure, const char *addresses);
/* A search for what blocks: how it ended, at which TTL, and whether anything
 * came back from beyond the gateway; then the last router is 198.18.0.TTL. */
struct observation *case_locate(struct record *r, const char *address,
	    enum protocol protocol, uint16_t port, const char *end, int ttl,
	    bool passed);
void	 case_detail_str(struct observation *o, const char *name,
	    const char *value);
void	 case_detail_int(struct observation *o, const char *name,
	    int64_t value);
void	 case_detail_bool(struct observation *o, const char *name, bool value);
/* Certificates: valid from and to, in days from the start of the run. */
void	 case_dates(struct observation *o, int from, int to);
/* A time server's answer with this offset; the need must have an NTP spec. */
struct observation *case_time(struct record *r, const struct need *n,
	    int64_t offset_us);

#endif
