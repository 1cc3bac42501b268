/* SPDX-License-Identifier: MIT */
/* What the probes share that listen in the local network: several sockets of
 * core/net/lan.h, and why they could not be had. */
#ifndef PROBE_LISTENER_H
#define PROBE_LISTENER_H

#include "core/net/lan.h"
#include "core/probe/probe.h"

#define LISTENER_EARS	8

/* IGMP packets that joining and leaving one group on one adapter can come to:
 * two reports each, unasked, and an answer to a querier (RFC 3376 section
 * 8.1). One holds 40 bytes with its IP header. */
#define LISTENER_JOIN_PACKETS	5
#define LISTENER_JOIN_BYTES	(LISTENER_JOIN_PACKETS * 40)

struct listener;

struct listener_ear {
	struct listener *owner;
	size_t	 which;		/* in the order of listener_add() */
	struct lan *lan;
};

struct listener {		/* zeroed; embedded in the probe's state */
	struct probe *probe;
	void	(*input)(struct probe *p, size_t which,
		    const struct lan_input *in);
	struct listener_ear ear[LISTENER_EARS];
	size_t	 count;
};

/* Opens one more, on all adapters; group (a literal) may be NULL. False when
 * it could not be had: the probe is then finished, as permission, with the
 * detail "why" = "port_taken", or as wrong_interface without a rung where the
 * laptop is in no local network. */
bool	 listener_add(struct listener *l, const char *group, uint16_t port);
/* Came on the adapter that the checks stand on, or none is chosen. */
bool	 listener_is_here(const struct listener *l,
	    const struct lan_input *in);
/* The sender is in the subnet of the adapter, or link-local. */
bool	 listener_is_near(const struct lan_input *in);
/* Sends by the ear `which`; false when the laptop could not, and then the
 * probe is finished. */
bool	 listener_send(struct listener *l, size_t which, const char *address,
	    uint16_t port, int ttl, const void *data, size_t len);
void	 listener_close(struct listener *l);

#endif
