/* SPDX-License-Identifier: MIT */
/* For tests of DNS probes: small name servers on port 53 of loopback
 * addresses, UDP and TCP, that answer from rows. Messages are put together
 * here from RFC 1035 section 4 and RFC 6891 section 6.1, byte by byte. Needs
 * fake_private_network(). */
#ifndef UNIT_FAKE_DNS_H
#define UNIT_FAKE_DNS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/unit/fake_net.h"

enum fake_dns_manner {
	DNS_PLAIN,
	DNS_SILENT,
	DNS_GARBAGE,		/* the question's id, then noise */
	DNS_TWICE,		/* each answer twice */
	DNS_LATE,		/* each answer 1.5 s late */
	DNS_OTHER_ID,
	DNS_OTHER_SENDER,	/* from another port */
	DNS_CUT,		/* the last bytes are missing */
	DNS_HUGE,		/* 60 KB of records */
	DNS_LOOP,		/* a name that points at itself */
	DNS_TRUNCATES,		/* TC over UDP; whole over TCP */
	DNS_FORMERR_ON_OPT,
	DNS_MANNERS,
};

struct fake_row {
	const char *name;	/* NULL = every name; ".x" = all below x */
	int	 type;		/* 1 A, 2 NS, 5 CNAME */
	const char *data;	/* literal or name */
	int	 ttl[6];	/* of the 1st, 2nd ... answer; the last stays;
				 * 0 0 = ends */
};

struct fake_dns {
	const struct fake_row *rows;	/* ends with data NULL */
	enum fake_dns_manner manner;
	bool	 aa, ra, edns;
	/* Over UDP: is this question lost? The sender's port is told. NULL:
	 * none is. */
	bool	(*loses)(const uint8_t *question, size_t len, uint16_t port);
	int	 otherwise;		/* rcode for what is in no row */
	/* what was seen */
	atomic_int nudp, ntcp, nasked[16]; /* by row */
	atomic_int nopt, nrecurse;
	char	 log[4096];		/* "A name\n" of each question */
	struct fake_udp *udp;
	struct fake_tcp *tcp;
};

/* s zeroed but for what it shall do; it may not move. */
void	 fake_dns_start(struct fake_dns *s, const char *address);
void	 fake_dns_stop(struct fake_dns *s);

#endif
