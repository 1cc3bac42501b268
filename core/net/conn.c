/* SPDX-License-Identifier: MIT */
/* A TCP connection made with evidence: overlapping attempts, each with its
 * own socket, source port and ICMP errors. */
#include "core/net/conn.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/net/own_peer.h"
#include "core/net/way.h"

#define RETRY_MS 250

struct
try {
	struct conn *conn;
	struct conn_attempt *out;
	struct event *event;
	int fd;
};

struct conn {
	struct conn_setup setup;
	struct conn_attempt attempt[CONN_ATTEMPTS];
	struct try try[CONN_ATTEMPTS];
	size_t nattempts;
	int decider;
	struct pace_ticket ticket;
	struct event *next; /* when to start another */
	struct event *deadline;
	bool finished;
};

int
conn_socket(int family, int type, int protocol, const char *interface)
{
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return -1;
	if (interface != NULL &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
		(socklen_t)strlen(interface)) != 0) {
		int saved = errno;

		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

static void
set_ttl(int fd, int family, int ttl)
{
	if (ttl == 0)
		return;
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl,
		    sizeof ttl);
	else
		setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl);
}

static void
after_ms(struct event *e, int ms)
{
	struct timeval tv = {ms / 1000, (ms % 1000) * 1000};

	evtimer_add(e, &tv);
}

static void
drop_try(struct try *t)
{
	if (t->event != NULL)
		event_free(t->event);
	t->event = NULL;
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}

static void
conn_finish(struct conn *c, int decider, enum conn_result result)
{
	int fd = -1;
	size_t i;

	c->finished = true;
	c->decider = decider;
	event_del(c->next);
	event_del(c->deadline);
	if (c->setup.pace != NULL)
		pace_cancel(c->setup.pace, &c->ticket);
	if (result == CONN_ACCEPTED) {
		fd = c->try[decider].fd;
		c->try[decider].fd = -1;
	}
	for (i = 0; i < c->nattempts; i++) {
		if (c->attempt[i].end_us == 0) {
			c->attempt[i].end_us = clock_mono_us();
			if (c->attempt[i].result == CONN_WAITING)
				c->attempt[i].result = CONN_SILENT;
		}
		drop_try(&c->try[i]);
	}
	c->setup.done(c->setup.arg, result, fd);
}

static bool
others_open(const struct conn *c)
{
	size_t i;

	for (i = 0; i < c->nattempts; i++) {
		if (c->attempt[i].result == CONN_WAITING)
			return true;
	}
	return false;
}

/* One attempt ended in a refusal: believe it when it is the second, and no
 * other attempt may still succeed. */
static void
try_refused(struct try *t, enum conn_result result)
{
	struct conn *c = t->conn;
	size_t i, nrefused = 0;

	t->out->result = result;
	t->out->end_us = clock_mono_us();
	drop_try(t);
	for (i = 0; i < c->nattempts; i++)
		nrefused += c->attempt[i].result != CONN_WAITING;
	if (result == CONN_LOCAL_ERROR) {
		conn_finish(c, (int)(t - c->try), result);
	} else if (nrefused >= 2 && !others_open(c)) {
		conn_finish(c, (int)(t - c->try), result);
	} else if (nrefused < 2 && c->nattempts < CONN_ATTEMPTS &&
	    !c->ticket.waiting) {
		event_del(c->next);
		after_ms(c->next, RETRY_MS);
	}
}

static bool
is_local_errno(int e)
{
	return e == EPERM || e == EACCES || e == EADDRNOTAVAIL ||
	    e == ENOBUFS || e == EMFILE || e == ENFILE || e == ENODEV ||
	    e == EINVAL || e == EAFNOSUPPORT;
}

static void
try_failed(struct try *t, int error)
{
	t->out->error = error;
	if (errqueue_read(t->fd, &t->out->icmp)) {
		if (t->out->icmp.local)
			try_refused(t, CONN_LOCAL_ERROR);
		else
			try_refused(t, CONN_ICMP);
	} else if (error == ECONNREFUSED || error == ECONNRESET) {
		try_refused(t, CONN_RESET);
	} else if (error == ETIMEDOUT) {
		try_refused(t, CONN_SILENT);
	} else if (is_local_errno(error) || error == ENETUNREACH ||
	    error == EHOSTUNREACH) {
		/* No ICMP error behind it: the laptop has no way there, or
		 * nobody answered ARP for it on the local network. */
		try_refused(t, CONN_LOCAL_ERROR);
	} else {
		try_refused(t, CONN_RESET);
	}
}

static void
on_socket(evutil_socket_t fd, short what, void *arg)
{
	struct try *t = arg;
	int error = 0;
	socklen_t len = sizeof error;

	(void)what;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		error = errno;
	if (error == 0) {
		struct icmp_error e;
		struct sockaddr_storage peer;
		socklen_t plen = sizeof peer;

		if (getpeername(fd, (struct sockaddr *)&peer, &plen) == 0) {
			t->out->result = CONN_ACCEPTED;
			t->out->here = own_peer(fd);
			t->out->end_us = clock_mono_us();
			conn_finish(t->conn, (int)(t - t->conn->try),
			    CONN_ACCEPTED);
			return;
		}
		/* Readiness by the error queue alone: a soft ICMP error. */
		if (errqueue_read(fd, &e)) {
			t->out->icmp = e;
			t->out->error = e.error;
			try_refused(t, e.local ? CONN_LOCAL_ERROR : CONN_ICMP);
		}
		return;
	}
	try_failed(t, error);
}

static void
start_try(struct conn *c)
{
	struct try *t = &c->try[c->nattempts];
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	struct addr local;
	int family = c->setup.to.sa.sa_family;

	t->conn = c;
	t->out = &c->attempt[c->nattempts++];
	t->out->start_us = clock_mono_us();
	t->fd = way_socket(&c->setup.to, SOCK_STREAM, 0, c->setup.interface);
	if (t->fd < 0) {
		t->out->error = errno;
		try_refused(t, CONN_LOCAL_ERROR);
		return;
	}
	errqueue_enable(t->fd, family);
	set_ttl(t->fd, family, c->setup.ttl);
	if (c->setup.mss != 0)
		setsockopt(t->fd, IPPROTO_TCP, TCP_MAXSEG, &c->setup.mss,
		    sizeof c->setup.mss);
	if (connect(t->fd, &c->setup.to.sa, c->setup.to.len) != 0 &&
	    errno != EINPROGRESS) {
		try_failed(t, errno);
		return;
	}
	if (getsockname(t->fd, (struct sockaddr *)&me, &len) == 0 &&
	    addr_from_sockaddr(&local, (struct sockaddr *)&me, len))
		t->out->source_port = addr_port(&local);
	t->event = event_new(c->setup.base, t->fd,
	    EV_READ | EV_WRITE | EV_PERSIST, on_socket, t);
	event_add(t->event, NULL);
	if (c->nattempts < CONN_ATTEMPTS)
		after_ms(c->next, CONN_STEP_MS);
}

static void
on_go(void *arg)
{
	struct conn *c = arg;

	if (c->nattempts == 0)
		after_ms(c->deadline, CONN_SILENCE_MS);
	start_try(c);
}

static void
queue_try(struct conn *c)
{
	char text[ADDR_TEXT_SIZE];

	if (c->setup.pace == NULL)
		on_go(c);
	else
		pace_wait(c->setup.pace, &c->ticket,
		    addr_text(&c->setup.to, text), on_go, c);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;

	(void)fd;
	(void)what;
	if (c->nattempts == 1 && c->attempt[0].result == CONN_WAITING &&
	    c->setup.slow != NULL)
		c->setup.slow(c->setup.arg);
	if (c->nattempts < CONN_ATTEMPTS)
		queue_try(c);
}

/* Silence, unless a refusal was seen on the way. */
static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;
	size_t i;

	(void)fd;
	(void)what;
	for (i = 0; i < c->nattempts; i++) {
		enum conn_result r = c->attempt[i].result;

		if (r == CONN_RESET || r == CONN_ICMP) {
			conn_finish(c, (int)i, r);
			return;
		}
	}
	conn_finish(c, 0, CONN_SILENT);
}

struct conn *
conn_open(const struct conn_setup *setup)
{
	struct conn *c = mem_alloc(sizeof *c);
	size_t i;

	c->setup = *setup;
	for (i = 0; i < CONN_ATTEMPTS; i++)
		c->try[i].fd = -1;
	c->next = evtimer_new(setup->base, on_next, c);
	c->deadline = evtimer_new(setup->base, on_deadline, c);
	if (setup->pace == NULL)
		after_ms(c->next, 0);
	else
		queue_try(c);
	return c;
}

void
conn_close(struct conn *c)
{
	size_t i;

	if (c == NULL)
		return;
	if (c->setup.pace != NULL)
		pace_cancel(c->setup.pace, &c->ticket);
	for (i = 0; i < c->nattempts; i++)
		drop_try(&c->try[i]);
	event_free(c->next);
	event_free(c->deadline);
	mem_free(c);
}

const struct conn_attempt *
conn_attempts(const struct conn *c, size_t *count)
{
	*count = c->nattempts;
	return c->attempt;
}

const struct conn_attempt *
conn_decider(const struct conn *c)
{
	return &c->attempt[c->decider];
}
