/* SPDX-License-Identifier: MIT */
/* Owns the laptop's own datagrams to a group, which never leave it. */
#include "core/net/group_echo.h"

#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "core/base/digest.h"

#define TIMES 2
#define HEARD_MOST 1000 /* datagrams that are looked at, whatever comes */

static int
open_ear(const struct ip_mreqn *where, uint16_t port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
	    .sin_port = htons(port)};
	int fd, on = 1, off = 0;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off);
	if (bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
	    setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, where,
		sizeof *where) == 0)
		return fd;
	close(fd);
	return -1;
}

void
group_echo_send(struct group_echo *e, const char *interface,
    const struct addr *group)
{
	struct ip_mreqn where = {
	    .imr_multiaddr = group->in.sin_addr,
	    .imr_ifindex = (int)if_nametoindex(interface),
	};
	int fd, i, zero = 0, on = 1;

	memset(e, 0, sizeof *e);
	if (where.imr_ifindex == 0 || group->sa.sa_family != AF_INET)
		return;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	e->fd = open_ear(&where, addr_port(group));
	random_bytes(&e->nonce, sizeof e->nonce);
	/* Without a life of 0 it would leave. */
	if (fd >= 0 && e->fd >= 0 &&
	    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &zero, sizeof zero) ==
		0 &&
	    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_LOOP, &on, sizeof on) ==
		0 &&
	    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &where, sizeof where) ==
		0) {
		for (i = 0; i < TIMES; i++)
			e->sent += sendto(fd, &e->nonce, sizeof e->nonce, 0,
				       &group->sa,
				       group->len) == (ssize_t)sizeof e->nonce;
	}
	if (fd >= 0)
		close(fd);
	if (e->sent == 0 && e->fd >= 0)
		close(e->fd);
}

int
group_echo_end(struct group_echo *e)
{
	uint64_t word;
	int i, heard = 0;

	if (e->sent == 0)
		return -1;
	for (i = 0; i < HEARD_MOST; i++) {
		ssize_t n = recv(e->fd, &word, sizeof word, MSG_TRUNC);

		if (n < 0)
			break;
		heard |= n == (ssize_t)sizeof word && word == e->nonce;
	}
	close(e->fd);
	e->sent = 0;
	return heard;
}
