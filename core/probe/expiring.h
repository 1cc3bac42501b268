/* SPDX-License-Identifier: MIT */
/* What the probes that send packets which expire on the way share. */
#ifndef PROBE_EXPIRING_H
#define PROBE_EXPIRING_H

#include "core/net/expire.h"
#include "core/probe/probe.h"

#define EXPIRING_BYTES 48
#define EXPIRING_ENOUGH_MS 15000

/* Where nothing ever comes back from behind the gateway, all of a run give up
 * together, and who begins later tries for a moment: how long yet. */
int	 expiring_left_ms(const struct probe *p);

enum expire_kind expiring_kind(const struct probe *p);
/* The first bytes of a UDP flow to that port; returns how many. */
size_t	 expiring_first_bytes(uint16_t port, uint8_t out[EXPIRING_BYTES]);
/* A connection to compare with: something accepted out there, or the
 * destination's own secure port. False when there is none. */
bool	 expiring_control(const struct probe *p, bool same_host,
	    struct addr *out);
const char *expiring_word(enum expire_result result);
/* Adds what came of a packet, until now; and an ICMP error to that. */
struct attempt *expiring_note(struct probe *p, const struct expire *x, int ttl,
	    const char *result);
void	 expiring_note_icmp(struct probe *p, struct attempt *a,
	    const struct icmp_error *e);

#endif
