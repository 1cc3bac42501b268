/* SPDX-License-Identifier: MIT */
/* IP addresses as numbers. */
#include "core/base/ip.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

bool
ip_parse(const char *literal, struct ip *out)
{
	memset(out, 0, sizeof *out);
	if (literal == NULL)
		return false;
	if (inet_pton(AF_INET, literal, out->byte) == 1)
		out->len = 4;
	else if (inet_pton(AF_INET6, literal, out->byte) == 1)
		out->len = 16;
	return out->len != 0;
}

static bool
same_bits(const uint8_t *a, const uint8_t *b, int bits)
{
	int whole = bits / 8, rest = bits % 8;
	uint8_t mask = (uint8_t)(0xff << (8 - rest));

	if (memcmp(a, b, (size_t)whole) != 0)
		return false;
	return rest == 0 || (a[whole] & mask) == (b[whole] & mask);
}

bool
ip_in_prefix(const struct ip *ip, const char *prefix)
{
	char text[64];
	const char *slash = strchr(prefix, '/');
	struct ip net;
	char *end;
	long bits;

	if (slash == NULL || (size_t)(slash - prefix) >= sizeof text ||
	    (strchr(prefix, ':') == NULL) != (ip->len == 4))
		return false;
	memcpy(text, prefix, (size_t)(slash - prefix));
	text[slash - prefix] = '\0';
	bits = strtol(slash + 1, &end, 10);
	if (end == slash + 1 || *end != '\0' || !ip_parse(text, &net) ||
	    net.len != ip->len || bits < 0 || bits > net.len * 8)
		return false;
	return same_bits(ip->byte, net.byte, (int)bits);
}

/* A known network, as numbers: judging asks for them ten thousands of times,
 * and reading their text each time was half of its work. */
struct net {
	int len; /* of the address: 4 or 16 */
	int bits;
	uint8_t byte[4]; /* its first ones; the rest are 0 */
};

static bool
in_any(const struct ip *ip, const struct net *net, size_t count)
{
	uint8_t byte[16] = {0};
	size_t i;

	for (i = 0; i < count; i++) {
		memcpy(byte, net[i].byte, sizeof net[i].byte);
		if (net[i].len == ip->len &&
		    same_bits(ip->byte, byte, net[i].bits))
			return true;
	}
	return false;
}

bool
ip_is_private(const struct ip *ip)
{
	static const struct net net[] = {
	    {4, 8, {10}},
	    {4, 12, {172, 16}},
	    {4, 16, {192, 168}},
	    {4, 16, {169, 254}},
	    {4, 10, {100, 64}},
	    {16, 7, {0xfc}},
	    {16, 10, {0xfe, 0x80}},
	};

	return in_any(ip, net, sizeof net / sizeof *net);
}

bool
ip_is_link_local(const struct ip *ip)
{
	return ip->len == 16 && ip->byte[0] == 0xfe &&
	    (ip->byte[1] & 0xc0) == 0x80;
}

bool
ip_is_nowhere(const struct ip *ip)
{
	static const struct net net[] = {
	    {4, 8, {0}},
	    {4, 8, {127}},
	    {16, 127, {0}},
	};

	return in_any(ip, net, sizeof net / sizeof *net);
}
