/* SPDX-License-Identifier: MIT */
/* Searching the local network: one UDP socket on each adapter, so that a
 * second adapter or a VPN swallows nothing. Each datagram that comes is told
 * with who sent it, on which adapter, and whether it was sent to this laptop
 * alone (unicast), to a group, or to everybody. What any program of this
 * laptop sends is not told: it proves nothing of the network. Who sends waits
 * for its turn (pace_wait) before.
 * Two open searches at one port and adapter take each other's unicast
 * answers, so a probe that binds to a port sets at_once to 1. */
#ifndef NET_LAN_H
#define NET_LAN_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "core/net/errqueue.h"

#define LAN_ADAPTERS	8
#define LAN_MAX_IN	9216	/* longer datagrams are cut */

struct lan_adapter {
	char	 name[16];
	unsigned index;
	struct addr address;	/* IPv4, no port */
	struct addr netmask;
	struct addr broadcast;	/* of its subnet; len 0 = none */
	bool	 chosen;	/* the one that the checks stand on */
};

/* Up, with IPv4, able to broadcast or multicast, not loopback, no tunnel; the
 * chosen one first. chosen NULL: none is chosen. Returns how many. */
size_t	 lan_adapters(const char *chosen,
	    struct lan_adapter out[LAN_ADAPTERS]);

enum lan_cast { LAN_UNICAST, LAN_GROUP, LAN_BROADCAST };

struct lan_input {
	const uint8_t *data;
	size_t	 len;
	bool	 truncated;
	struct addr from;		/* with port */
	const struct lan_adapter *adapter;	/* on which it came */
	enum lan_cast cast;
};

struct lan_setup {
	struct event_base *base;
	const char *interface;		/* the chosen one's name, or NULL */
	bool	 others;		/* also on the other adapters */
	uint16_t port;			/* to bind to, shared with others on
					 * the laptop; 0 = any */
	const struct addr *group;	/* to join (IPv4), or NULL */
	/* From the loop, for each datagram of another machine. */
	void	(*input)(void *arg, const struct lan_input *in);
	/* An ICMP error for something sent to one address; may be NULL. */
	void	(*error)(void *arg, const struct icmp_error *e);
	void	*arg;
};

struct lan;

/* NULL when no socket could be had on any adapter: *error is errno (EACCES: a
 * port below 1024 without the right; EADDRINUSE: a program of the laptop
 * keeps the port to itself; ENETDOWN: no such adapter). Calls nothing back. */
struct lan *lan_open(const struct lan_setup *setup, int *error);
/* Sends on every adapter, or on the chosen one when `to` is unicast (without
 * a chosen one: on the adapter whose subnet it is in, else the first). to is
 * IPv4 with port; a broadcast address of 255.255.255.255 goes out on each
 * adapter, and with `directed` also to each subnet's own broadcast. ttl 0 =
 * default (1 for a group). False when the laptop could not send on any (errno
 * in *error). Calls nothing back. */
bool	 lan_send(struct lan *l, const struct addr *to, bool directed, int ttl,
	    const void *data, size_t len, int *error);
/* Most datagrams that one lan_send() can come to, for the plan's bounds. */
#define LAN_SENDS	(2 * LAN_ADAPTERS)
const struct lan_adapter *lan_chosen(const struct lan *l); /* or NULL */
uint16_t lan_port(const struct lan *l);	/* of the chosen adapter's socket */
unsigned lan_sent(const struct lan *l);	/* datagrams so far */
void	 lan_close(struct lan *l);	/* any time, also from callbacks */

#endif
