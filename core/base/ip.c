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

	if (slash == NULL || (size_t)(slash - prefix) >= sizeof text)
		return false;
	memcpy(text, prefix, (size_t)(slash - prefix));
	text[slash - prefix] = '\0';
	bits = strtol(slash + 1, &end, 10);
	if (end == slash + 1 || *end != '\0' || !ip_parse(text, &net) ||
	    net.len != ip->len || bits < 0 || bits > net.len * 8)
		return false;
	return same_bits(ip->byte, net.byte, (int)bits);
}

static bool
in_any(const struct ip *ip, const char *const *prefix, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (ip_in_prefix(ip, prefix[i]))
			return true;
	}
	return false;
}

bool
ip_is_private(const struct ip *ip)
{
	static const char *const prefix[] = {
	    "10.0.0.0/8",
	    "172.16.0.0/12",
	    "192.168.0.0/16",
	    "169.254.0.0/16",
	    "100.64.0.0/10",
	    "fc00::/7",
	    "fe80::/10",
	};

	return in_any(ip, prefix, sizeof prefix / sizeof *prefix);
}

bool
ip_is_nowhere(const struct ip *ip)
{
	static const char *const prefix[] = {
	    "0.0.0.0/8",
	    "127.0.0.0/8",
	    "::/127",
	};

	return in_any(ip, prefix, sizeof prefix / sizeof *prefix);
}
