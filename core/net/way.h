/* SPDX-License-Identifier: MIT */
/* Which way a packet takes out of this laptop, asked of the kernel
 * (rtnetlink(7), RTM_GETROUTE; nothing is sent), and sockets that take the
 * way of the adapter that the checks stand on. A VPN need not own the default
 * route: OpenVPN covers it by two halves, WireGuard by rules of its own.
 *
 * What is bound to an adapter goes around VPNs and other adapters; what lies
 * in a network of another adapter follows the kernel, since the devices may
 * be there. */
#ifndef NET_WAY_H
#define NET_WAY_H

#include <stdbool.h>

#include "core/net/addr.h"

enum way_kind {
	WAY_CHOSEN,	/* the kernel takes the chosen adapter by itself, the
			 * address is this laptop's own, or none is chosen */
	WAY_BOUND,	/* it would take another one, and can be told not to */
	WAY_ADAPTER,	/* by another adapter */
	WAY_VPN,	/* through a VPN */
};

struct way {
	enum way_kind kind;
	char	 interface[16];	/* by which it leaves; "" unknown */
	char	 source[ADDR_TEXT_SIZE]; /* address; "" unknown */
};

/* chosen: name of an adapter; NULL or "" is none. Waits for nobody. */
void	 way_to(const struct addr *to, const char *chosen, struct way *out);
/* The word of the kind in the record; NULL for WAY_CHOSEN. */
const char *way_word(enum way_kind kind);
/* The adapter to bind to for this destination, or NULL: the kernel's way is
 * right, or cannot be helped. One that is gone is still bound to, which fails.
 * Borrows chosen. */
const char *way_binds(const struct addr *to, const char *chosen);
/* A non-blocking socket that goes to `to` by the chosen adapter where it can;
 * -1 with errno. */
int	 way_socket(const struct addr *to, int type, int protocol,
	    const char *chosen);
/* By the kind of link, and by names that VPN programs give to links that
 * look like Ethernet. */
bool	 link_is_tunnel(const char *name);

#endif
