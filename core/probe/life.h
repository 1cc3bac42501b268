/* SPDX-License-Identifier: MIT */
/* For probes that were answered with a short life: does it count here? Some
 * gateways, and those of virtual machines, give every packet a new one. A
 * datagram with the same life to the same address can only expire (RFC 1812
 * section 5.3.1), so who hears of that knows that the answer came from near. */
#ifndef PROBE_LIFE_H
#define PROBE_LIFE_H

#include "core/net/expire.h"
#include "core/probe/probe.h"

#define LIFE_PORT	33434	/* as traceroute: nobody listens there */
#define LIFE_MS		700	/* then nobody tells of it */
#define LIFE_PACKETS	1
#define LIFE_BYTES	40

struct life {			/* zero it; part of the state */
	struct probe *p;
	struct expire x;
	struct event *patience;
	struct pace_ticket turn;
	struct hops_ticket hop;
	int	 ttl;
	void	(*done)(struct probe *p, bool counts);
};

/* At p's own address, with a life of 1 or 2 hops. Adds an attempt. done()
 * comes once; before this returns where other packets have shown it. */
void	 life_ask(struct life *l, struct probe *p, int ttl,
	    void (*done)(struct probe *p, bool counts));
void	 life_stop(struct life *l);	/* any time, also twice */

#endif
