/* SPDX-License-Identifier: MIT */
/* The probe "proxy": does the proxy that this laptop is set to get out, where
 * the devices do not? It is asked for a tunnel (CONNECT, RFC 9110 section
 * 9.3.6) to the secure port of a vendor's host, which `want` names as
 * "HOST:PORT", and nothing is ever sent through it. No name and no password
 * are given. A control: it serves no requirement. Detail: "tunnel_to",
 * "status" of the answer, "tunnel" (it was opened), and see tcp_question.h. */
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/probe/http_reply.h"
#include "core/probe/tcp_question.h"

#define PROXY_MS 6000
#define MAX_IN 16384
#define QUESTION_SIZE 640 /* two names of 255 bytes, and the words */

struct proxy_state {
	struct tcpq tcpq;
	int status;
};

static void
proxy_opened(struct probe *p)
{
	struct proxy_state *s = p->state;
	char out[QUESTION_SIZE];
	int n = snprintf(out, sizeof out,
	    "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", p->spec->want,
	    p->spec->want);

	if (n > 0 && (size_t)n < sizeof out)
		tcpq_say(&s->tcpq, out, (size_t)n);
}

static enum tcpq_next
proxy_heard(struct probe *p, const uint8_t *data, size_t len, size_t *used)
{
	struct proxy_state *s = p->state;
	struct http_reply reply;

	(void)used;
	switch (http_reply_read(p->arena, data, len, false, &reply)) {
	case HTTP_MORE:
		return TCPQ_MORE;
	case HTTP_NONE:
		return TCPQ_WRONG;
	default:
		if (reply.rtsp)
			return TCPQ_WRONG;
		s->status = reply.status;
		return TCPQ_RIGHT;
	}
}

static void
proxy_ended(struct probe *p, enum rung rung, enum cause failure)
{
	struct proxy_state *s = p->state;
	bool open = s->status >= 200 && s->status <= 299;

	if (s->status != 0)
		probe_detail_int(p, "status", s->status);
	probe_detail_bool(p, "tunnel", open);
	if (failure == CAUSE_NONE && !open)
		failure = CAUSE_HTTP_STATUS;
	probe_finish(p, rung, failure);
}

static void
proxy_start(struct probe *p)
{
	static const struct tcpq_setup setup = {
	    .opened = proxy_opened,
	    .heard = proxy_heard,
	    .ended = proxy_ended,
	    .max_in = MAX_IN,
	    .timeout_ms = PROXY_MS,
	};
	struct proxy_state *s;

	if (p->spec->want == NULL || strpbrk(p->spec->want, " \r\n") != NULL) {
		probe_finish(p, RUNG_NONE, CAUSE_NONE);
		return;
	}
	p->state = s = mem_alloc(sizeof *s);
	probe_detail_str(p, "tunnel_to", p->spec->want);
	tcpq_start(&s->tcpq, p, &setup);
}

static void
proxy_stop(struct probe *p)
{
	struct proxy_state *s = p->state;

	tcpq_stop(&s->tcpq);
	mem_free(s);
}

const struct probe_type probe_proxy = {
    .name = "proxy",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONNECTION,
    .label = N_("This laptop's proxy"),
    .sends = N_("It asks the proxy that this laptop is set to for a tunnel "
		"to one of the product's hosts, and sends nothing through "
		"it."),
    .needs_address = true,
    .one_address = true,
    .carrier = PROTO_TCP,
    .flows = TCPQ_TRIES * CONN_ATTEMPTS,
    .packets = TCPQ_TRIES * CONN_ATTEMPTS * 8,
    .bytes = TCPQ_TRIES * (CONN_ATTEMPTS * 8 * 80 + QUESTION_SIZE),
    .longest_ms = TCPQ_TRIES * (CONN_SILENCE_MS + PROXY_MS),
    .start = proxy_start,
    .stop = proxy_stop,
};
