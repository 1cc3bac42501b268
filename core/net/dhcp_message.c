/* SPDX-License-Identifier: MIT */
/* Owns the bytes of DHCPv4 (RFC 2131, RFC 2132, RFC 8910). */
#include "core/net/dhcp_message.h"

#include <string.h>

#define REPLY 2
#define ETHERNET 1
#define FIXED 240 /* up to and with the cookie */
#define COOKIE_AT 236
#define BROADCAST_FLAG 0x80

enum option {
	OPT_PAD = 0,
	OPT_ROUTER = 3,
	OPT_TIME_SERVERS = 42,
	OPT_LEASE = 51,
	OPT_TYPE = 53,
	OPT_SERVER = 54,
	OPT_WANTED = 55,
	OPT_MAX_SIZE = 57,
	OPT_RENEW = 58,
	OPT_PORTAL = 114,
	OPT_END = 255,
};

static const uint8_t cookie[4] = {99, 130, 83, 99};

static uint32_t
read32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

void
dhcp_discover(uint8_t out[DHCP_DISCOVER_SIZE], uint32_t xid,
    const uint8_t mac[6], unsigned seconds)
{
	static const uint8_t options[] = {
	    OPT_TYPE,
	    1,
	    DHCP_DISCOVER,
	    OPT_MAX_SIZE,
	    2,
	    DHCP_MESSAGE_MAX >> 8,
	    DHCP_MESSAGE_MAX & 0xff,
	    OPT_WANTED,
	    6,
	    1, /* subnet mask */
	    OPT_ROUTER,
	    6, /* name servers */
	    OPT_TIME_SERVERS,
	    OPT_LEASE,
	    OPT_PORTAL,
	    OPT_END,
	};

	memset(out, 0, DHCP_DISCOVER_SIZE);
	out[0] = 1; /* a client's */
	out[1] = ETHERNET;
	out[2] = 6;
	out[4] = (uint8_t)(xid >> 24);
	out[5] = (uint8_t)(xid >> 16);
	out[6] = (uint8_t)(xid >> 8);
	out[7] = (uint8_t)xid;
	out[8] = (uint8_t)(seconds >> 8);
	out[9] = (uint8_t)seconds;
	out[10] = BROADCAST_FLAG;
	memcpy(out + 28, mac, 6);
	memcpy(out + COOKIE_AT, cookie, sizeof cookie);
	memcpy(out + FIXED, options, sizeof options);
}

static void
take_addresses(struct dhcp_message *m, const uint8_t *p, size_t len)
{
	for (; len >= 4 && m->ntime_servers < DHCP_LIST_MAX; p += 4, len -= 4)
		memcpy(&m->time_server[m->ntime_servers++], p, 4);
}

static void
take_option(struct dhcp_message *m, uint8_t code, const uint8_t *p, size_t len)
{
	switch (code) {
	case OPT_TYPE:
		if (len == 1)
			m->type = (enum dhcp_type)p[0];
		break;
	case OPT_SERVER:
		if (len == 4)
			memcpy(&m->server, p, 4);
		break;
	case OPT_ROUTER:
		if (len >= 4 && m->router.s_addr == 0)
			memcpy(&m->router, p, 4);
		break;
	case OPT_LEASE:
		if (len == 4)
			m->lease_s = read32(p);
		break;
	case OPT_RENEW:
		if (len == 4)
			m->renew_s = read32(p);
		break;
	case OPT_TIME_SERVERS:
		take_addresses(m, p, len);
		break;
	case OPT_PORTAL:
		/* One that is too long for an option comes in parts
		 * (RFC 3396). */
		if (len > sizeof m->portal - m->portal_len)
			len = sizeof m->portal - m->portal_len;
		memcpy(m->portal + m->portal_len, p, len);
		m->portal_len += len;
		break;
	default:
		break;
	}
}

bool
dhcp_parse(const void *data, size_t len, struct dhcp_message *out)
{
	const uint8_t *p = data;
	size_t at = FIXED, n;

	memset(out, 0, sizeof *out);
	if (len < FIXED || p[0] != REPLY || p[1] != ETHERNET || p[2] != 6 ||
	    memcmp(p + COOKIE_AT, cookie, sizeof cookie) != 0)
		return false;
	out->xid = read32(p + 4);
	memcpy(&out->address, p + 16, 4);
	memcpy(out->mac, p + 28, 6);
	while (at < len && p[at] != OPT_END) {
		if (p[at] == OPT_PAD) {
			at++;
			continue;
		}
		if (len - at < 2 || len - at - 2 < p[at + 1])
			return false;
		n = p[at + 1];
		take_option(out, p[at], p + at + 2, n);
		at += 2 + n;
	}
	return true;
}
