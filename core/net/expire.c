/* SPDX-License-Identifier: MIT */
/* One packet with a small TTL, and what comes back. */
#include "core/net/expire.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/net/conn.h"

static void
finish(struct expire *x, enum expire_result result,
    const struct icmp_error *icmp)
{
	expire_close(x);
	x->setup.done(x->setup.arg, result, icmp);
}

static void
on_socket(evutil_socket_t fd, short what, void *arg)
{
	struct expire *x = arg;
	struct sockaddr_storage peer;
	struct icmp_error e;
	int error = 0;
	socklen_t len = sizeof error;
	ssize_t n;

	(void)what;
	if (errqueue_read(fd, &e)) {
		finish(x, e.local ? EXPIRE_LOCAL : EXPIRE_ICMP, &e);
		return;
	}
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (x->setup.udp) {
		n = recv(fd, x->reply, sizeof x->reply, MSG_DONTWAIT);
		x->nreply = n > 0 ? (size_t)n : 0;
		if (n >= 0)
			finish(x, EXPIRE_REPLY, NULL);
		return;
	}
	len = sizeof peer;
	if (error == ECONNREFUSED || error == ECONNRESET)
		finish(x, EXPIRE_RESET, NULL);
	else if (error == 0 &&
	    getpeername(fd, (struct sockaddr *)&peer, &len) == 0)
		finish(x, EXPIRE_ACCEPTED, NULL);
}

static void
set_ttl(int fd, int family, int ttl)
{
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl,
		    sizeof ttl);
	else
		setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl);
}

static uint16_t
port_of(int fd)
{
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	struct addr local;

	if (getsockname(fd, (struct sockaddr *)&me, &len) != 0 ||
	    !addr_from_sockaddr(&local, (struct sockaddr *)&me, len))
		return 0;
	return addr_port(&local);
}

/* -1 with errno. */
static int
send_packet(struct expire *x, int fd)
{
	const struct addr *to = &x->setup.to;
	struct linger now = {1, 0};

	/* What is accepted is closed by one packet, whose loss is no harm. */
	if (!x->setup.udp)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	errqueue_enable(fd, to->sa.sa_family);
	set_ttl(fd, to->sa.sa_family, x->setup.ttl);
	if (connect(fd, &to->sa, to->len) != 0 && errno != EINPROGRESS)
		return -1;
	x->source_port = port_of(fd);
	if (x->setup.udp &&
	    send(fd, x->setup.payload, x->setup.len, MSG_DONTWAIT) < 0)
		return -1;
	return 0;
}

void
expire_send(struct expire *x, const struct expire_setup *setup)
{
	short what = setup->udp ? EV_READ : EV_READ | EV_WRITE;
	struct icmp_error e = {.local = true};
	int fd;

	memset(x, 0, sizeof *x);
	x->setup = *setup;
	x->sent_us = clock_mono_us();
	fd = conn_socket(setup->to.sa.sa_family,
	    setup->udp ? SOCK_DGRAM : SOCK_STREAM, 0, setup->interface);
	if (fd >= 0 && send_packet(x, fd) == 0) {
		x->fd = fd;
		x->io = event_new(setup->base, fd, what | EV_PERSIST, on_socket,
		    x);
		event_add(x->io, NULL);
		return;
	}
	e.error = errno;
	if (fd >= 0) {
		/* A closed port on this very machine answers at once. */
		if (!errqueue_read(fd, &e) || e.error == 0)
			e = (struct icmp_error){.local = true,
			    .error = e.error != 0 ? e.error : EIO};
		close(fd);
	}
	x->setup.done(x->setup.arg, e.local ? EXPIRE_LOCAL : EXPIRE_ICMP, &e);
}

void
expire_close(struct expire *x)
{
	if (x->io == NULL)
		return;
	event_free(x->io);
	x->io = NULL;
	close(x->fd);
}
