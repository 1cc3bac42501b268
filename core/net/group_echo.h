/* SPDX-License-Identifier: MIT */
/* Does this laptop let in what is sent to a multicast group on an adapter? It
 * sends to itself, with a life of 0, so nothing leaves: the kernel hands such
 * packets back as if they had come by the adapter (ip(7), IP_MULTICAST_LOOP),
 * and rules that drop what comes in drop them too. */
#ifndef NET_GROUP_ECHO_H
#define NET_GROUP_ECHO_H

#include <stdint.h>

#include "core/net/addr.h"

struct group_echo {	/* zero it before use */
	int	 fd;		/* that listens; valid while sent > 0 */
	int	 sent;
	uint64_t nonce;
};

/* IPv4 group with port. Sends nothing where the laptop refuses. */
void	 group_echo_send(struct group_echo *e, const char *interface,
	    const struct addr *group);
/* Some time later, once: 1 heard, 0 not heard though sent, -1 not sent. */
int	 group_echo_end(struct group_echo *e);

#endif
