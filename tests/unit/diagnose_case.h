/* SPDX-License-Identifier: MIT */
/* For tests of the diagnoses: sites of flows that pass and flows that are cut,
 * and what every diagnosis promises. On top of judge_case.h. */
#ifndef UNIT_DIAGNOSE_CASE_H
#define UNIT_DIAGNOSE_CASE_H

#include "tests/unit/judge_case.h"

#define DCASE_MANY 320	/* needs that a site has room for */

#define DROPPED RUNG_SILENCE, CAUSE_TCP_TIMEOUT, "drop"
#define UNPLACED RUNG_SILENCE, CAUSE_TCP_TIMEOUT, NULL
#define UDP_DROPPED RUNG_SILENCE, CAUSE_UDP_SILENT, "drop"
#define PASSED RUNG_TRANSPORT, CAUSE_NONE, NULL
#define ANSWERED RUNG_APP_REPLY, CAUSE_NONE, NULL

#define A "a.one.example", "192.0.2.7"
#define B "b.two.example", "192.0.2.8"
#define C "c.three.example", "192.0.2.9"

struct record *dcase_site(void);		/* returns owned */
/* One flow to one host, as one required need, and how it ended: rung, cause,
 * and the search that followed ("drop" "reset" "beyond"), or NULL. */
struct need *dcase_tcp(struct record *r, const char *id, uint16_t port,
	    const char *host, const char *address, enum rung rung,
	    enum cause cause, const char *search);
struct need *dcase_udp(struct record *r, const char *id, uint16_t port,
	    const char *host, const char *address, enum rung rung,
	    enum cause cause, const char *search);
/* The site's DNS server, asked for one name. */
struct need *dcase_names(struct record *r, const char *id, const char *host,
	    enum cause cause);
/* "p.portal": there is a sign-in page, one hop away. */
struct need *dcase_portal(struct record *r);
/* A time server by which the laptop is this many days slow. */
struct need *dcase_clock(struct record *r, const char *id,
	    const char *address, int days);
struct need *dcase_intercepted(struct record *r, const char *id,
	    const char *host, const char *address);

/* Judges, and demands that each line in trouble stands in one diagnosis and
 * no other line in any. */
void	 dcase_judge(struct record *r);
void	 dcase_is(const struct record *r, size_t i, enum cause cause,
	    enum zone zone, size_t explains);
void	 dcase_says(const struct record *r, size_t i, const char *text);
bool	 dcase_rules_out(const struct diagnosis *d, const char *text);

#endif
