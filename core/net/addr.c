/* SPDX-License-Identifier: MIT */
/* Internet addresses as values: parse, print, compare. */
#include "core/net/addr.h"

#include <arpa/inet.h>
#include <string.h>

bool
addr_parse(struct addr *out, const char *literal, uint16_t port)
{
	memset(out, 0, sizeof *out);
	if (inet_pton(AF_INET, literal, &out->in.sin_addr) == 1) {
		out->in.sin_family = AF_INET;
		out->in.sin_port = htons(port);
		out->len = sizeof out->in;
		return true;
	}
	if (inet_pton(AF_INET6, literal, &out->in6.sin6_addr) == 1) {
		out->in6.sin6_family = AF_INET6;
		out->in6.sin6_port = htons(port);
		out->len = sizeof out->in6;
		return true;
	}
	return false;
}

const char *
addr_text(const struct addr *a, char out[ADDR_TEXT_SIZE])
{
	const void *raw;

	out[0] = '\0';
	if (a->len == 0)
		return out;
	raw = a->sa.sa_family == AF_INET6 ? (const void *)&a->in6.sin6_addr :
					    (const void *)&a->in.sin_addr;
	if (inet_ntop(a->sa.sa_family, raw, out, ADDR_TEXT_SIZE) == NULL)
		out[0] = '\0';
	return out;
}

uint16_t
addr_port(const struct addr *a)
{
	if (a->len == 0)
		return 0;
	return ntohs(
	    a->sa.sa_family == AF_INET6 ? a->in6.sin6_port : a->in.sin_port);
}

void
addr_set_port(struct addr *a, uint16_t port)
{
	if (a->sa.sa_family == AF_INET6)
		a->in6.sin6_port = htons(port);
	else
		a->in.sin_port = htons(port);
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	if (a->len == 0 || a->sa.sa_family != b->sa.sa_family)
		return false;
	if (a->sa.sa_family == AF_INET6)
		return memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr,
			   sizeof a->in6.sin6_addr) == 0;
	return a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
}

bool
addr_from_sockaddr(struct addr *out, const struct sockaddr *sa, socklen_t len)
{
	memset(out, 0, sizeof *out);
	if (sa == NULL ||
	    (sa->sa_family != AF_INET && sa->sa_family != AF_INET6))
		return false;
	if (sa->sa_family == AF_INET && len >= sizeof out->in) {
		memcpy(&out->in, sa, sizeof out->in);
		out->len = sizeof out->in;
	} else if (sa->sa_family == AF_INET6 && len >= sizeof out->in6) {
		memcpy(&out->in6, sa, sizeof out->in6);
		out->len = sizeof out->in6;
	}
	return out->len != 0;
}
