/* SPDX-License-Identifier: MIT */
/* Owns a conversation over one TCP connection: what waits to be sent, what
 * came and is not yet understood, and its deadline. */
#include "core/net/stream.h"

#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"

#define PIECE 16384 /* read at once; one record of TLS at most */
#define PIECES 8    /* read before others get their turn */

struct stream {
	struct stream_setup setup;
	struct buf in;
	struct buf out;
	uint64_t sent;
	uint64_t received;
	int error;
	bool secured; /* the handshake is complete, or there is none */
	bool ended;
	bool busy;    /* inside a callback or the handling of an event */
	bool dropped; /* stream_close() was called while busy */
	struct event *readable;
	struct event *writable;
	struct event *deadline;
};

enum step {
	STEP_DONE,
	STEP_AGAIN, /* when the socket is ready */
	STEP_OVER,  /* the conversation has ended */
};

static void
stream_free(struct stream *s)
{
	event_free(s->readable);
	event_free(s->writable);
	event_free(s->deadline);
	SSL_free(s->setup.ssl);
	close(s->setup.fd);
	buf_free(&s->in);
	buf_free(&s->out);
	mem_free(s);
}

static enum step
stream_end(struct stream *s, enum stream_end how)
{
	s->ended = true;
	event_del(s->readable);
	event_del(s->writable);
	event_del(s->deadline);
	s->setup.ended(s->setup.arg, how);
	return STEP_OVER;
}

static enum step
socket_failed(struct stream *s)
{
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
		return STEP_AGAIN;
	s->error = errno;
	return stream_end(s, STREAM_RESET);
}

/* What an operation inside TLS returned; n is its result. */
static enum step
tls_failed(struct stream *s, int n)
{
	int saved = errno;
	int e = SSL_get_error(s->setup.ssl, n);

	if (e == SSL_ERROR_WANT_READ)
		return STEP_AGAIN;
	if (e == SSL_ERROR_WANT_WRITE) {
		event_add(s->writable, NULL);
		return STEP_AGAIN;
	}
	ERR_clear_error();
	if (e == SSL_ERROR_ZERO_RETURN)
		return stream_end(s, STREAM_CLOSED);
	if (e == SSL_ERROR_SYSCALL)
		s->error = saved;
	return stream_end(s, s->secured ? STREAM_RESET : STREAM_NO_TLS);
}

static enum step
secure(struct stream *s)
{
	int n;

	if (s->secured)
		return STEP_DONE;
	ERR_clear_error();
	n = SSL_do_handshake(s->setup.ssl);
	if (n != 1)
		return tls_failed(s, n);
	s->secured = true;
	return STEP_DONE;
}

static enum step
flush(struct stream *s)
{
	enum step step;
	ssize_t n;

	while (s->out.len > 0) {
		if (s->setup.ssl != NULL) {
			ERR_clear_error();
			n = SSL_write(s->setup.ssl, s->out.data,
			    (int)s->out.len);
			step = n > 0 ? STEP_DONE : tls_failed(s, (int)n);
		} else {
			n = send(s->setup.fd, s->out.data, s->out.len,
			    MSG_NOSIGNAL);
			step = n >= 0 ? STEP_DONE : socket_failed(s);
		}
		if (step == STEP_AGAIN)
			event_add(s->writable, NULL);
		if (step != STEP_DONE)
			return step;
		s->sent += (uint64_t)n;
		buf_consume(&s->out, (size_t)n);
	}
	return STEP_DONE;
}

/* One piece of what came, at most as much as may be kept. */
static enum step
take_piece(struct stream *s)
{
	char data[PIECE];
	size_t room = s->setup.max_in - s->in.len;
	enum step step = STEP_DONE;
	ssize_t n;

	if (room > sizeof data)
		room = sizeof data;
	if (s->setup.ssl != NULL) {
		ERR_clear_error();
		n = SSL_read(s->setup.ssl, data, (int)room);
		if (n <= 0)
			step = tls_failed(s, (int)n);
	} else {
		n = recv(s->setup.fd, data, room, 0);
		if (n == 0)
			step = stream_end(s, STREAM_CLOSED);
		else if (n < 0)
			step = socket_failed(s);
	}
	if (step != STEP_DONE)
		return step;
	s->received += (uint64_t)n;
	buf_add(&s->in, data, (size_t)n);
	s->setup.input(s->setup.arg, (const uint8_t *)s->in.data, s->in.len);
	if (s->dropped)
		return STEP_OVER;
	if (s->in.len >= s->setup.max_in)
		return stream_end(s, STREAM_FULL);
	return STEP_DONE;
}

static void
work(struct stream *s)
{
	enum step step = secure(s);
	int i;

	if (step != STEP_DONE)
		return;
	/* First what came: a peer that speaks and hangs up is heard even if
	 * nothing can be sent to it any more. */
	for (i = 0; step == STEP_DONE && i < PIECES; i++)
		step = take_piece(s);
	if (step == STEP_OVER || flush(s) == STEP_OVER)
		return;
	/* What OpenSSL holds back wakes no socket. */
	if (step == STEP_DONE && s->setup.ssl != NULL &&
	    SSL_pending(s->setup.ssl) > 0)
		event_active(s->readable, EV_READ, 0);
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct stream *s = arg;

	(void)fd;
	(void)what;
	s->busy = true;
	work(s);
	s->busy = false;
	if (s->dropped)
		stream_free(s);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct stream *s = arg;

	(void)fd;
	(void)what;
	s->busy = true;
	stream_end(s, STREAM_TIMEOUT);
	s->busy = false;
	if (s->dropped)
		stream_free(s);
}

struct stream *
stream_open(const struct stream_setup *setup)
{
	struct stream *s = mem_alloc(sizeof *s);
	struct timeval tv = {setup->timeout_ms / 1000,
	    setup->timeout_ms % 1000 * 1000};

	s->setup = *setup;
	buf_init(&s->in, setup->max_in);
	buf_init(&s->out, STREAM_QUEUE_MAX);
	s->secured = setup->ssl == NULL;
	if (setup->ssl != NULL) {
		SSL_set_fd(setup->ssl, setup->fd);
		SSL_set_connect_state(setup->ssl);
		/* The queue moves while a record waits to be sent. */
		SSL_set_mode(setup->ssl,
		    SSL_MODE_ENABLE_PARTIAL_WRITE |
			SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	}
	s->readable = event_new(setup->base, setup->fd, EV_READ | EV_PERSIST,
	    on_ready, s);
	s->writable = event_new(setup->base, setup->fd, EV_WRITE, on_ready, s);
	s->deadline = evtimer_new(setup->base, on_deadline, s);
	event_add(s->readable, NULL);
	event_add(s->writable, NULL);
	evtimer_add(s->deadline, &tv);
	return s;
}

bool
stream_send(struct stream *s, const void *data, size_t len)
{
	if (len > STREAM_QUEUE_MAX - s->out.len)
		return false;
	buf_add(&s->out, data, len);
	if (!s->ended && !s->dropped)
		event_add(s->writable, NULL);
	return true;
}

void
stream_drop(struct stream *s, size_t n)
{
	buf_consume(&s->in, n);
}

const uint8_t *
stream_kept(const struct stream *s, size_t *len)
{
	*len = s->in.len;
	return (const uint8_t *)buf_str(&s->in);
}

uint64_t
stream_sent(const struct stream *s)
{
	return s->sent;
}

uint64_t
stream_received(const struct stream *s)
{
	return s->received;
}

int
stream_error(const struct stream *s)
{
	return s->error;
}

void
stream_close(struct stream *s)
{
	if (s == NULL)
		return;
	s->ended = true;
	s->dropped = true;
	event_del(s->readable);
	event_del(s->writable);
	event_del(s->deadline);
	if (!s->busy)
		stream_free(s);
}
