/* SPDX-License-Identifier: MIT */
/* A TLS session of a probe over a connection that keeps its evidence. */
#include "core/probe/tls_session.h"

#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"

struct tls_session {
	struct tls_session_setup setup;
	struct tls_talk talk;
	struct conn *conn;
	struct tls_peer peer;
	int fd;
	bool opened; /* the peer */
	bool talking;
	bool said; /* talk.out is out */
	enum rung rung;
	enum cause failure;
	struct event *io;
	struct event *timer;
	uint8_t *in;
	size_t nin;
};

static void
arm(struct tls_session *s, unsigned ms)
{
	struct timeval tv = {ms / 1000, (ms % 1000) * 1000};

	evtimer_add(s->timer, &tv);
}

/* A handshake is two answers that wait for each other, and each takes as long
 * as the connection took: who is far away is not silent yet. */
static void
arm_for(struct tls_session *s, unsigned ms)
{
	const struct probe *p = s->setup.p;
	int64_t more = 2 * p->obs.attempts[p->decider].duration_us / 1000;

	arm(s, ms + (unsigned)(more < TLS_FAR_MS ? more : TLS_FAR_MS));
}

/* What was sent and heard belongs to the attempt that was accepted. */
static void
count(struct tls_session *s)
{
	struct attempt *t = &s->setup.p->obs.attempts[s->setup.p->decider];

	t->sent = (uint32_t)s->peer.sent;
	t->received = (uint32_t)s->peer.received;
}

static void
end(struct tls_session *s, enum tls_end how)
{
	struct probe *p = s->setup.p;

	event_del(s->timer);
	if (s->io != NULL)
		event_del(s->io);
	count(s);
	if (s->talking) {
		s->talking = false;
		s->talk.ended(p, how);
		return;
	}
	if (how == TLS_CUT || how == TLS_SILENT)
		p->obs.attempts[p->decider].result = arena_strdup(p->arena,
		    how == TLS_CUT ? "cut_after_hello" : "silent_after_hello");
	s->setup.done(p, how);
}

static void on_io(evutil_socket_t fd, short what, void *arg);

static void
wait_for(struct tls_session *s, short what)
{
	event_assign(s->io, s->setup.p->env->base, s->fd, what, on_io, s);
	event_add(s->io, NULL);
}

/* A server that has refused already is heard before it is spoken to: what is
 * written to a connection that is gone would hide its reason. */
static enum tls_end
say(struct tls_session *s, short *wants)
{
	enum tls_end how;
	uint8_t byte;
	int r;

	ERR_clear_error();
	errno = 0;
	r = SSL_peek(s->peer.ssl, &byte, 1);
	how = r > 0 ? TLS_GOING : tls_peer_failure(&s->peer, r, wants);
	if (how != TLS_GOING)
		return how;
	ERR_clear_error();
	errno = 0;
	*wants = EV_READ;
	r = SSL_write(s->peer.ssl, s->talk.out, (int)s->talk.len);
	if (r <= 0)
		return tls_peer_failure(&s->peer, r, wants);
	s->said = true;
	return TLS_GOING;
}

/* True when the talk is over and the session may be gone. */
static bool
hear(struct tls_session *s, short *wants)
{
	enum tls_end how;
	int r;

	for (;;) {
		if (s->nin == s->talk.max_in) {
			end(s, TLS_GARBLED);
			return true;
		}
		ERR_clear_error();
		errno = 0;
		r = SSL_read(s->peer.ssl, s->in + s->nin,
		    (int)(s->talk.max_in - s->nin));
		if (r <= 0) {
			how = tls_peer_failure(&s->peer, r, wants);
			if (how == TLS_GOING)
				return false;
			end(s, how);
			return true;
		}
		s->nin += (size_t)r;
		count(s);
		if (s->talk.input(s->setup.p, s->in, s->nin)) {
			event_del(s->timer);
			return true;
		}
	}
}

static void
go_on_talking(struct tls_session *s)
{
	enum tls_end how = TLS_GOING;
	short wants = EV_READ;

	if (!s->said)
		how = say(s, &wants);
	if (how != TLS_GOING)
		end(s, how);
	else if (!s->said || !hear(s, &wants))
		wait_for(s, wants);
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct tls_session *s = arg;
	enum tls_end how;

	(void)fd;
	(void)what;
	if (s->talking) {
		go_on_talking(s);
		return;
	}
	how = tls_peer_step(&s->peer, &what);
	if (how == TLS_GOING)
		wait_for(s, what);
	else
		end(s, how);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct tls_session *s = arg;

	(void)fd;
	(void)what;
	/* Told from here, since a connection must not be closed from within
	 * its own callback. */
	if (s->fd < 0)
		s->setup.done(s->setup.p, TLS_UNCONNECTED);
	else
		end(s, TLS_SILENT);
}

static void
set_life(int fd, int family, int ttl)
{
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl,
		    sizeof ttl);
	else
		setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl);
}

static void
on_connected(void *arg, enum conn_result result, int fd)
{
	struct tls_session *s = arg;
	struct probe *p = s->setup.p;

	probe_add_conn(p, s->conn, &s->rung, &s->failure);
	if (result != CONN_ACCEPTED) {
		arm(s, 0);
		return;
	}
	s->opened = true;
	if (!tls_peer_open(&s->peer, &s->setup.hello,
		BIO_new_socket(fd, BIO_NOCLOSE))) {
		close(fd);
		s->rung = RUNG_LOCAL_ERROR;
		s->failure = CAUSE_PERMISSION;
		arm(s, 0);
		return;
	}
	s->fd = fd;
	if (s->setup.ttl != 0)
		set_life(fd, p->to.sa.sa_family, s->setup.ttl);
	s->io = event_new(p->env->base, fd, EV_WRITE, on_io, s);
	event_add(s->io, NULL);
	arm_for(s, s->setup.timeout_ms);
	if (s->setup.greeting != NULL)
		s->setup.greeting(p);
}

static void
on_slow(void *arg)
{
	struct tls_session *s = arg;

	probe_is_slow(s->setup.p);
}

struct tls_session *
tls_session_open(const struct tls_session_setup *setup)
{
	struct tls_session *s = mem_alloc(sizeof *s);
	const struct probe_env *env = setup->p->env;
	struct conn_setup conn = {
	    .base = env->base,
	    .pace = env->pace,
	    .interface = env->interface,
	    .to = setup->p->to,
	    .mss = setup->mss,
	    .done = on_connected,
	    .slow = on_slow,
	    .arg = s,
	};

	s->setup = *setup;
	s->fd = -1;
	s->peer.alert = -1;
	s->timer = evtimer_new(env->base, on_timer, s);
	s->conn = conn_open(&conn);
	return s;
}

const struct tls_peer *
tls_session_peer(const struct tls_session *s)
{
	return &s->peer;
}

void
tls_session_unconnected(const struct tls_session *s, enum rung *rung,
    enum cause *failure)
{
	*rung = s->rung;
	*failure = s->failure;
}

unsigned
tls_session_flows(const struct tls_session *s)
{
	size_t n;

	conn_attempts(s->conn, &n);
	return (unsigned)n;
}

void
tls_session_talk(struct tls_session *s, const struct tls_talk *talk)
{
	s->talk = *talk;
	s->talking = true;
	s->said = false;
	s->nin = 0;
	mem_free(s->in);
	s->in = mem_array(talk->max_in, 1);
	arm_for(s, talk->timeout_ms);
	wait_for(s, EV_WRITE);
}

void
tls_session_say(struct tls_session *s, const void *data, size_t len)
{
	ERR_clear_error();
	SSL_write(s->peer.ssl, data, (int)len);
	ERR_clear_error();
	count(s);
}

void
tls_session_close(struct tls_session *s)
{
	struct linger now = {1, 0};
	int family;

	if (s == NULL)
		return;
	if (s->io != NULL)
		event_free(s->io);
	event_free(s->timer);
	conn_close(s->conn);
	if (s->opened && s->peer.ssl != NULL && s->peer.proved &&
	    SSL_is_init_finished(s->peer.ssl)) {
		SSL_shutdown(s->peer.ssl);
		ERR_clear_error();
	}
	if (s->opened)
		tls_peer_close(&s->peer);
	if (s->fd >= 0 && s->setup.ttl != 0) {
		/* The server shall learn of the end, and the kernel shall not
		 * go on sending what cannot arrive. */
		family = s->setup.p->to.sa.sa_family;
		set_life(s->fd, family, family == AF_INET6 ? -1 : 64);
		setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	}
	if (s->fd >= 0)
		close(s->fd);
	mem_free(s->in);
	mem_free(s);
}
