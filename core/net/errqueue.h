/* SPDX-License-Identifier: MIT */
/* ICMP errors from a socket's error queue: how an ordinary user learns who
 * rejected a flow. facts: ip(7), Linux 45af29ca761c for TCP in SYN_SENT. */
#ifndef NET_ERRQUEUE_H
#define NET_ERRQUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"

struct icmp_error {
	bool	 local;		/* refused by the laptop (ee_origin) */
	int	 type;		/* ICMPv4 numbers; ICMPv6 mapped: time exceeded
				 * 11/0, unreachable 3 with code: no route 0,
				 * admin 13, address 1, port 3 */
	int	 code;
	int	 error;		/* errno */
	struct addr offender;	/* len 0 when unknown */
	uint8_t	 payload[64];	/* start of what we had sent (UDP) */
	size_t	 payload_len;
};

/* Turns IP_RECVERR / IPV6_RECVERR on. */
void	 errqueue_enable(int fd, int family);
/* Takes one error off the queue; false when it is empty. */
bool	 errqueue_read(int fd, struct icmp_error *out);

#endif
