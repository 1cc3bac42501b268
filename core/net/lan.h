/* SPDX-License-Identifier: MIT */
/* Searching the local network: one UDP socket on each adapter, so that a
 * second adapter or a VPN swallows nothing. Each datagram that comes is told
 * with who sent it, on which adapter, and whether it was sent to this laptop
 * alone (unicast), to a group, or to everybody. Who sends waits for its turn
 * (pace_wait) before. */
#ifndef NET_LAN_H
#define NET_LAN_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"

#define LAN_ADAPTERS	8

struct lan_adapter {
	char	 name[16];
	unsigned index;
	struct addr address;	/* IPv4, no port */
	struct addr broadcast;	/* of its subnet; len 0 = none */
	bool	 chosen;	/* the one that the checks stand on */
};

/* Up, with IPv4, able to broadcast or multicast, not loopback, no tunnel.
 * chosen NULL: none is chosen. Returns how many. */
size_t	 lan_adapters(const char *chosen,
	    struct lan_adapter out[LAN_ADAPTERS]);

enum lan_cast { LAN_UNICAST, LAN_GROUP, LAN_BROADCAST };

struct lan_input {
	const uint8_t *data;
	size_t	 len;
	bool	 truncated;
	struct addr from;		/* with port */
	const struct lan_adapter *adapter;
	enum lan_cast cast;
};

struct lan_setup {
	struct event_base *base;
	const char *interface;		/* chosen one: vantage's or --interface */
	bool	 others;		/* also on the other adapters */
	uint16_t port;			/* to bind to, shared with others on
					 * the laptop; 0 = any */
	const struct addr *group;	/* to join, or NULL */
	/* From the loop, for each datagram that is not our own. */
	void	(*input)(void *arg, const struct lan_input *in);
	void	*arg;
};

struct lan;

/* NULL when no socket could be had: *error is errno (EACCES: a port below
 * 1024 without the right). */
struct lan *lan_open(const struct lan_setup *setup, int *error);
/* Sends on every adapter, or on the chosen one when `to` is unicast. to with
 * port; a broadcast address of 255.255.255.255 goes out on each adapter, and
 * `directed` also to each subnet's own broadcast. ttl 0 = default (1 for a
 * group). False when the laptop could not send on any (errno in *error). */
bool	 lan_send(struct lan *l, const struct addr *to, bool directed, int ttl,
	    const void *data, size_t len, int *error);
const struct lan_adapter *lan_chosen(const struct lan *l); /* or NULL */
uint16_t lan_port(const struct lan *l);	/* of the chosen adapter's socket */
unsigned lan_sent(const struct lan *l);	/* datagrams so far */
void	 lan_close(struct lan *l);

#endif
