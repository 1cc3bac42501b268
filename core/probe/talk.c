/* SPDX-License-Identifier: MIT */
/* Owns what probes that talk over TCP share: from the connection to how the
 * conversation ended. */
#include "core/probe/talk.h"

#include "core/net/conn.h"

#define SHOWN 256 /* bytes of what came instead */

struct talk {
	struct talk_setup setup;
	struct conn *conn;
	struct stream *stream;
	struct addr source;
	size_t attempt; /* in the record, once it is accepted */
};

static void
on_input(void *arg, const uint8_t *data, size_t len)
{
	struct talk *t = arg;

	if (!t->setup.probe->finished)
		t->setup.input(t->setup.probe, data, len);
}

static void
on_ended(void *arg, enum stream_end how)
{
	struct talk *t = arg;

	if (!t->setup.probe->finished)
		t->setup.ended(t->setup.probe, how);
}

static void
on_connected(void *arg, enum conn_result result, int fd)
{
	struct talk *t = arg;
	struct probe *p = t->setup.probe;
	struct stream_setup setup = {
	    .base = p->env->base,
	    .fd = fd,
	    .ssl = t->setup.ssl,
	    .max_in = t->setup.max_in,
	    .timeout_ms = t->setup.timeout_ms,
	    .input = on_input,
	    .ended = on_ended,
	    .arg = t,
	};
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	enum rung rung;
	enum cause failure;

	probe_add_conn(p, t->conn, &rung, &failure);
	if (result != CONN_ACCEPTED) {
		if (t->setup.refused != NULL)
			t->setup.refused(p, rung, failure);
		else
			probe_finish(p, rung, failure);
		return;
	}
	if (getsockname(fd, (struct sockaddr *)&me, &len) == 0)
		addr_from_sockaddr(&t->source, (struct sockaddr *)&me, len);
	t->attempt = p->decider;
	t->setup.ssl = NULL;
	t->stream = stream_open(&setup);
	if (t->setup.ready != NULL)
		t->setup.ready(p);
}

static void
on_slow(void *arg)
{
	struct talk *t = arg;

	probe_is_slow(t->setup.probe);
}

struct talk *
talk_open(const struct talk_setup *setup)
{
	struct talk *t = mem_alloc(sizeof *t);
	const struct probe_env *env = setup->probe->env;
	struct conn_setup how = {
	    .base = env->base,
	    .pace = env->pace,
	    .interface = env->interface,
	    .to = setup->probe->to,
	    .done = on_connected,
	    .slow = on_slow,
	    .arg = t,
	};

	t->setup = *setup;
	t->conn = conn_open(&how);
	return t;
}

void
talk_send(struct talk *t, const void *data, size_t len)
{
	/* A peer that takes nothing and asks for ever more gets no more. */
	stream_send(t->stream, data, len);
}

void
talk_drop(struct talk *t, size_t n)
{
	stream_drop(t->stream, n);
}

const struct addr *
talk_source(const struct talk *t)
{
	return &t->source;
}

const uint8_t *
talk_kept(const struct talk *t, size_t *len)
{
	return stream_kept(t->stream, len);
}

static void
note_bytes(struct talk *t)
{
	struct probe *p = t->setup.probe;
	struct attempt *a;

	if (t->stream == NULL)
		return;
	a = &p->obs.attempts[t->attempt];
	a->sent = (uint32_t)stream_sent(t->stream);
	a->received = (uint32_t)stream_received(t->stream);
}

void
talk_end(struct talk *t)
{
	if (t == NULL)
		return;
	note_bytes(t);
	stream_close(t->stream);
	conn_close(t->conn);
	SSL_free(t->setup.ssl);
	mem_free(t);
}

void
talk_other(struct probe *p, const void *data, size_t len)
{
	probe_detail_text(p, "first_bytes", data, len > SHOWN ? SHOWN : len);
	probe_finish(p, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
}

void
talk_failed(struct probe *p, enum stream_end how, const void *data, size_t len,
    bool expected)
{
	static const struct {
		const char *word;
		enum cause cause;
	} ends[] = {
	    [STREAM_CLOSED] = {"closed", CAUSE_TCP_RESET},
	    [STREAM_RESET] = {"reset", CAUSE_TCP_RESET},
	    [STREAM_FULL] = {"flood", CAUSE_WRONG_PROTOCOL},
	    [STREAM_TIMEOUT] = {"silent", CAUSE_TCP_TIMEOUT},
	    [STREAM_NO_TLS] = {"no_tls", CAUSE_TLS_PROTOCOL},
	};
	bool other = len > 0 && !expected;

	probe_detail_str(p, "end", ends[how].word);
	if (len > 0)
		probe_detail_text(p, "first_bytes", data,
		    len > SHOWN ? SHOWN : len);
	probe_finish(p, RUNG_TRANSPORT,
	    other ? CAUSE_WRONG_PROTOCOL : ends[how].cause);
}
