/* SPDX-License-Identifier: MIT */
/* Owns what questions by TCP share: the answer, the end, a second try. */
#include "core/probe/tcp_question.h"

#define AGAIN_MS 500

/* What one talk came to; another may follow. */
static void
hang_up(struct tcpq *t)
{
	talk_end(t->talk);
	t->talk = NULL;
}

static void
finish(struct tcpq *t, enum rung rung, enum cause failure)
{
	if (t->setup->ended != NULL)
		t->setup->ended(t->p, rung, failure);
	else
		probe_finish(t->p, rung, failure);
}

static void
end(struct tcpq *t, const char *how, enum rung rung, enum cause failure)
{
	hang_up(t);
	probe_detail_str(t->p, "end", how);
	finish(t, rung, failure);
}

static void
on_ready(struct probe *p)
{
	struct tcpq *t = p->state;

	t->setup->opened(p);
}

static void
on_input(struct probe *p, const uint8_t *data, size_t len)
{
	struct tcpq *t = p->state;
	enum tcpq_next next;
	size_t used, all = 0;

	do {
		used = 0;
		next = t->setup->heard(p, data + all, len - all, &used);
		all += used;
	} while (next == TCPQ_MORE && used > 0 && all < len);
	talk_drop(t->talk, all);
	if (next == TCPQ_RIGHT)
		end(t, "answered", RUNG_APP_REPLY, CAUSE_NONE);
	else if (next == TCPQ_WRONG)
		end(t, "wrong", RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
}

/* Part of an answer and then the end is no other protocol. */
static void
on_ended(struct probe *p, enum stream_end how)
{
	static const char *const word[] = {
	    [STREAM_CLOSED] = "closed",
	    [STREAM_RESET] = "reset",
	    [STREAM_FULL] = "too much",
	    [STREAM_TIMEOUT] = "silent",
	    [STREAM_NO_TLS] = "reset",
	};
	struct tcpq *t = p->state;
	struct timeval soon = {0, AGAIN_MS * 1000};

	if ((how == STREAM_CLOSED || how == STREAM_RESET) &&
	    t->ntries < TCPQ_TRIES) {
		hang_up(t);
		evtimer_add(t->again, &soon);
		return;
	}
	end(t, word[how], RUNG_TRANSPORT,
	    how == STREAM_FULL ? CAUSE_WRONG_PROTOCOL : CAUSE_SERVICE_SILENT);
}

static void
on_refused(struct probe *p, enum rung rung, enum cause failure)
{
	struct tcpq *t = p->state;

	if (t->ntries > 1) {
		/* It was accepted before. */
		probe_detail_str(p, "end", "closed");
		rung = RUNG_TRANSPORT;
		failure = CAUSE_SERVICE_SILENT;
	}
	finish(t, rung, failure);
}

static void
open_talk(struct tcpq *t)
{
	struct talk_setup setup = {
	    .probe = t->p,
	    .max_in = t->setup->max_in,
	    .timeout_ms = t->setup->timeout_ms,
	    .ready = on_ready,
	    .input = on_input,
	    .ended = on_ended,
	    .refused = on_refused,
	};

	t->ntries++;
	t->talk = talk_open(&setup);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	open_talk(arg);
}

void
tcpq_start(struct tcpq *t, struct probe *p, const struct tcpq_setup *setup)
{
	t->p = p;
	t->setup = setup;
	t->again = evtimer_new(p->env->base, on_again, t);
	p->obs.nature = NATURE_CONNECTION;
	open_talk(t);
}

void
tcpq_say(struct tcpq *t, const void *data, size_t len)
{
	talk_send(t->talk, data, len);
}

const struct addr *
tcpq_source(const struct tcpq *t)
{
	return talk_source(t->talk);
}

void
tcpq_stop(struct tcpq *t)
{
	if (t->p != NULL)
		hang_up(t);
	if (t->again != NULL)
		event_free(t->again);
	t->again = NULL;
}
