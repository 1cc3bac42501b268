/* SPDX-License-Identifier: MIT */
/* One packet with a small TTL, and what comes back. */
#include "core/net/expire.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/net/way.h"

#define ECHO_LENGTH 16
#define ECHO_NONCE 8 /* where it begins */

static void
finish(struct expire *x, enum expire_result result,
    const struct icmp_error *icmp)
{
	expire_close(x);
	x->setup.done(x->setup.arg, result, icmp);
}

static bool
is_own_echo(const struct expire *x)
{
	bool six = x->setup.to.sa.sa_family == AF_INET6;

	return x->nreply == ECHO_LENGTH &&
	    x->reply[0] == (six ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) &&
	    memcmp(x->reply + ECHO_NONCE, &x->nonce, sizeof x->nonce) == 0;
}

/* Sockets for pings are told of redirects too, which end nothing. */
static bool
is_end(const struct expire *x, const struct icmp_error *e)
{
	return x->setup.kind != EXPIRE_ECHO || e->local ||
	    e->type == ICMP_TIME_EXCEEDED || e->type == ICMP_DEST_UNREACH;
}

static void
read_reply(struct expire *x)
{
	ssize_t n = recv(x->fd, x->reply, sizeof x->reply, MSG_DONTWAIT);

	x->nreply = n > 0 ? (size_t)n : 0;
	if (n >= 0 && (x->setup.kind == EXPIRE_UDP || is_own_echo(x)))
		finish(x, EXPIRE_REPLY, NULL);
}

static void
on_socket(evutil_socket_t fd, short what, void *arg)
{
	struct expire *x = arg;
	struct sockaddr_storage peer;
	struct icmp_error e;
	int error = 0;
	socklen_t len = sizeof error;

	(void)what;
	if (errqueue_read(fd, &e)) {
		if (is_end(x, &e))
			finish(x, e.local ? EXPIRE_LOCAL : EXPIRE_ICMP, &e);
		return;
	}
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (x->setup.kind != EXPIRE_TCP) {
		read_reply(x);
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

static ssize_t
send_echo(struct expire *x, int fd)
{
	uint8_t data[ECHO_LENGTH] = {0};

	data[0] = x->setup.to.sa.sa_family == AF_INET6 ? ICMP6_ECHO_REQUEST :
							 ICMP_ECHO;
	random_bytes(&x->nonce, sizeof x->nonce);
	memcpy(data + ECHO_NONCE, &x->nonce, sizeof x->nonce);
	return send(fd, data, sizeof data, MSG_DONTWAIT);
}

static int
open_socket(const struct expire_setup *s)
{
	bool six = s->to.sa.sa_family == AF_INET6;

	if (s->kind == EXPIRE_ECHO)
		return way_socket(&s->to, SOCK_DGRAM,
		    six ? IPPROTO_ICMPV6 : IPPROTO_ICMP, s->interface);
	return way_socket(&s->to,
	    s->kind == EXPIRE_UDP ? SOCK_DGRAM : SOCK_STREAM, 0, s->interface);
}

/* -1 with errno. */
static int
send_packet(struct expire *x, int fd)
{
	const struct addr *to = &x->setup.to;
	enum expire_kind kind = x->setup.kind;
	struct linger now = {1, 0};

	/* What is accepted is closed by one packet, whose loss is no harm. */
	if (kind == EXPIRE_TCP)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	errqueue_enable(fd, to->sa.sa_family);
	set_ttl(fd, to->sa.sa_family, x->setup.ttl);
	if (connect(fd, &to->sa, to->len) != 0 && errno != EINPROGRESS)
		return -1;
	if (kind == EXPIRE_ECHO)
		return send_echo(x, fd) < 0 ? -1 : 0;
	x->source_port = port_of(fd);
	if (kind == EXPIRE_UDP &&
	    send(fd, x->setup.payload, x->setup.len, MSG_DONTWAIT) < 0)
		return -1;
	return 0;
}

void
expire_send(struct expire *x, const struct expire_setup *setup)
{
	short what = setup->kind == EXPIRE_TCP ? EV_READ | EV_WRITE : EV_READ;
	struct icmp_error e = {.local = true};
	int fd, error;

	memset(x, 0, sizeof *x);
	x->setup = *setup;
	x->sent_us = clock_mono_us();
	fd = open_socket(setup);
	if (fd >= 0 && send_packet(x, fd) == 0) {
		x->fd = fd;
		x->io = event_new(setup->base, fd, what | EV_PERSIST, on_socket,
		    x);
		event_add(x->io, NULL);
		return;
	}
	e.error = error = errno;
	if (fd >= 0) {
		/* A closed port on this very machine answers at once. */
		if (!errqueue_read(fd, &e) || e.error == 0)
			e = (struct icmp_error){.local = true, .error = error};
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
