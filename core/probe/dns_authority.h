/* SPDX-License-Identifier: MIT */
/* Finds a server of the zone that a name lies in, through the site's
 * resolver, and asks it directly with RD=0 (RFC 1034 section 4.2, RFC 1035
 * section 4.1.1). From the name upwards it asks for NS, at most to the last
 * two labels: the servers of a registry are never asked. */
#ifndef PROBE_DNS_AUTHORITY_H
#define PROBE_DNS_AUTHORITY_H

#include "core/probe/dns_question.h"

#define AUTHORITY_LABELS	8	/* asked for NS at most */
#define AUTHORITY_SERVERS	2	/* of the zone, tried in turn */
/* NS of each label, A of each server, and the question itself. */
#define AUTHORITY_FLOWS \
	((AUTHORITY_LABELS + 2 * AUTHORITY_SERVERS) * DNS_TRIES)

enum authority_result {
	AUTHORITY_ANSWERED,	/* AA=1, RA=0; see answer */
	AUTHORITY_UNKNOWN,	/* the resolver names no server */
	AUTHORITY_SILENT,	/* named, but not to be reached */
	AUTHORITY_NOT,		/* who answered has no authority there */
	AUTHORITY_NEAR,		/* named, but inside of this site: not asked */
};

struct dns_authority {
	struct probe *probe;
	const char *name;
	void	(*done)(void *arg);
	void	*arg;
	struct dns_question q;
	const char *zone;		/* in the probe's arena */
	struct strlist servers;		/* names */
	size_t	 nlabels, nservers;	/* tried */
	struct addr at;
	int	 step;
	enum authority_result result;
	struct dns_answer answer;	/* of the zone's server */
};

/* Looks for A of name. done() comes once, from the loop. Adds the details
 * "zone", "authority" (address asked) and "authority_says" (word). */
void	 dns_authority_ask(struct dns_authority *a, struct probe *p,
	    const char *name, void (*done)(void *), void *arg);
void	 dns_authority_close(struct dns_authority *a);	/* any time */
const char *dns_authority_word(enum authority_result result);

#endif
