/* SPDX-License-Identifier: MIT */
/* Owns what probes by TCP share: connect, talk, and how it ended. */
#include "core/probe/tcp_question.h"

#include <string.h>

#define AGAIN_MS 500

static void
close_stream(struct tcpq *t)
{
	struct attempt *a = &t->p->obs.attempts[t->attempt];

	a->sent = (uint32_t)stream_sent(t->stream);
	a->received = (uint32_t)stream_received(t->stream);
	stream_close(t->stream);
	t->stream = NULL;
}

static void
end(struct tcpq *t, const char *how, enum rung rung, enum cause failure)
{
	struct probe *p = t->p;

	if (t->stream != NULL)
		close_stream(t);
	probe_detail_str(p, "end", how);
	if (t->setup->ended != NULL)
		t->setup->ended(p, rung, failure);
	else
		probe_finish(p, rung, failure);
}

static void
on_input(void *arg, const uint8_t *data, size_t len)
{
	struct tcpq *t = arg;
	enum tcpq_next next;
	size_t used, all = 0;

	do {
		used = 0;
		next = t->setup->heard(t->p, data + all, len - all, &used);
		all += used;
	} while (next == TCPQ_MORE && used > 0 && all < len);
	stream_drop(t->stream, all);
	if (next == TCPQ_RIGHT)
		end(t, "answered", RUNG_APP_REPLY, CAUSE_NONE);
	else if (next == TCPQ_WRONG)
		end(t, "wrong", RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
}

/* Part of an answer and then the end is no other protocol. */
static void
on_ended(void *arg, enum stream_end how)
{
	static const char *const word[] = {
	    [STREAM_CLOSED] = "closed",
	    [STREAM_RESET] = "reset",
	    [STREAM_FULL] = "too much",
	    [STREAM_TIMEOUT] = "silent",
	    [STREAM_NO_TLS] = "reset",
	};
	struct tcpq *t = arg;
	struct timeval soon = {0, AGAIN_MS * 1000};

	if ((how == STREAM_CLOSED || how == STREAM_RESET) &&
	    t->ntries < TCPQ_TRIES) {
		close_stream(t);
		evtimer_add(t->again, &soon);
		return;
	}
	end(arg, word[how], RUNG_TRANSPORT,
	    how == STREAM_FULL ? CAUSE_WRONG_PROTOCOL : CAUSE_SERVICE_SILENT);
}

static void
on_connected(void *arg, enum conn_result result, int fd)
{
	struct tcpq *t = arg;
	struct probe *p = t->p;
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	enum rung rung;
	enum cause failure;
	struct stream_setup setup = {
	    .base = p->env->base,
	    .fd = fd,
	    .max_in = t->setup->max_in,
	    .timeout_ms = t->setup->timeout_ms,
	    .input = on_input,
	    .ended = on_ended,
	    .arg = t,
	};

	probe_add_conn(p, t->conn, &rung, &failure);
	if (result != CONN_ACCEPTED && t->ntries > 1) {
		/* It was accepted before. */
		end(t, "closed", RUNG_TRANSPORT, CAUSE_SERVICE_SILENT);
		return;
	}
	if (result != CONN_ACCEPTED) {
		if (t->setup->ended != NULL)
			t->setup->ended(p, rung, failure);
		else
			probe_finish(p, rung, failure);
		return;
	}
	t->attempt = p->decider;
	if (getsockname(fd, (struct sockaddr *)&me, &len) == 0)
		addr_from_sockaddr(&t->source, (struct sockaddr *)&me, len);
	t->stream = stream_open(&setup);
	t->setup->opened(p);
}

static void
on_slow(void *arg)
{
	struct tcpq *t = arg;

	probe_is_slow(t->p);
}

static void
open_connection(struct tcpq *t)
{
	struct probe *p = t->p;
	struct conn_setup conn = {
	    .base = p->env->base,
	    .pace = p->env->pace,
	    .interface = p->env->interface,
	    .to = p->to,
	    .done = on_connected,
	    .slow = on_slow,
	    .arg = t,
	};

	t->ntries++;
	t->conn = conn_open(&conn);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct tcpq *t = arg;

	(void)fd;
	(void)what;
	conn_close(t->conn);
	open_connection(t);
}

void
tcpq_start(struct tcpq *t, struct probe *p, const struct tcpq_setup *setup)
{
	t->p = p;
	t->setup = setup;
	t->again = evtimer_new(p->env->base, on_again, t);
	p->obs.nature = NATURE_CONNECTION;
	open_connection(t);
}

void
tcpq_say(struct tcpq *t, const void *data, size_t len)
{
	stream_send(t->stream, data, len);
}

void
tcpq_stop(struct tcpq *t)
{
	stream_close(t->stream);
	t->stream = NULL;
	conn_close(t->conn);
	t->conn = NULL;
	if (t->again != NULL)
		event_free(t->again);
	t->again = NULL;
}
