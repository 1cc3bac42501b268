/* SPDX-License-Identifier: MIT */
/* IP addresses as numbers, for those who judge and print but never send. */
#ifndef BASE_IP_H
#define BASE_IP_H

#include <stdbool.h>
#include <stdint.h>

struct ip {
	uint8_t	byte[16];
	int	len;			/* 4 or 16; 0 = none */
};

bool	 ip_parse(const char *literal, struct ip *out);
/* prefix as "10.20.30.50/24"; false when either is malformed. */
bool	 ip_in_prefix(const struct ip *ip, const char *prefix);
/* RFC 1918, RFC 4193, link-local, and 100.64.0.0/10 (RFC 6598). */
bool	 ip_is_private(const struct ip *ip);
/* IPv6 link-local: fe80::/10 (RFC 4291 section 2.5.6). */
bool	 ip_is_link_local(const struct ip *ip);
/* "This host", loopback, unspecified: nobody's address on a network. */
bool	 ip_is_nowhere(const struct ip *ip);

#endif
