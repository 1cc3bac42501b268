/* SPDX-License-Identifier: MIT */
/* DHCPv4 messages (RFC 2131 section 2, RFC 2132): the one that is sent, a
 * DISCOVER, and whatever comes back. No REQUEST is ever made here, so no
 * address is ever taken. */
#ifndef NET_DHCP_MESSAGE_H
#define NET_DHCP_MESSAGE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DHCP_SERVER_PORT 67
#define DHCP_CLIENT_PORT 68
#define DHCP_DISCOVER_SIZE 300		/* the least that BOOTP relays take */
#define DHCP_MESSAGE_MAX 1500
#define DHCP_LIST_MAX	4		/* addresses of an option */
#define DHCP_PORTAL_MAX	256

enum dhcp_type {			/* option 53 */
	DHCP_NO_TYPE = 0, DHCP_DISCOVER = 1, DHCP_OFFER = 2, DHCP_ACK = 5,
	DHCP_NAK = 6,
};

struct dhcp_message {
	enum dhcp_type type;
	uint32_t xid;
	uint8_t	 mac[6];
	struct in_addr address;		/* yiaddr */
	struct in_addr server;		/* option 54; 0 = none */
	uint32_t lease_s, renew_s;	/* options 51 and 58; 0 = none */
	struct in_addr router;		/* option 3, the first; 0 = none */
	struct in_addr time_server[DHCP_LIST_MAX]; /* option 42 */
	size_t	 ntime_servers;
	uint8_t	 portal[DHCP_PORTAL_MAX]; /* option 114, foreign bytes */
	size_t	 portal_len;
};

/* To everybody, with the broadcast flag, and nothing about the laptop but
 * its MAC. */
void	 dhcp_discover(uint8_t out[DHCP_DISCOVER_SIZE], uint32_t xid,
	    const uint8_t mac[6], unsigned seconds);
/* A server's message of Ethernet; false for anything else. Options of the
 * fields "file" and "sname" (option 52) are not looked at. */
bool	 dhcp_parse(const void *data, size_t len, struct dhcp_message *out);

#endif
