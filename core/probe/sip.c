/* SPDX-License-Identifier: MIT */
/* The probe "sip": OPTIONS (RFC 3261 section 11; facts 4), by TCP once, by UDP
 * twice. It rings nowhere and registers nothing. Every final response to it
 * proves a SIP server, also a refusal; 500, 502, 503 and 504 say that it is
 * unwell. A server returns Via, From, To, Call-ID and CSeq as they were, so
 * what has changed in them was changed on the way: by the SIP helper (ALG) of
 * a router. Whether that is the gateway shows in a connection that it accepts
 * with a life of one hop.
 * Detail: "status", "reason", "server", "received" and "rport" (how the server
 * saw us), "altered" (words of sip_message.c, with commas between), "sent_by"
 * (what came back of ours, where it was altered), "taken_near" (the first hop
 * itself accepts such a connection), "samples", "samples_wanted" and "rejected"
 * (UDP), "end" (TCP). */
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/net/expire.h"
#include "core/probe/ask.h"
#include "core/probe/sip_message.h"
#include "core/probe/tcp_question.h"

#define NQUESTIONS 6
#define NSAMPLES 2
#define GAP_MS 100
#define SILENCE_MS 10500 /* after it was accepted */
#define NEAR_MS 600      /* for the first hop to accept */

struct sip_state {
	struct tcpq talk; /* first */
	struct ask ask;
	struct sip_request request;
	struct sip_response response;
	unsigned altered;
	int status; /* of the first final response */
	bool outside;
	struct expire near;
	struct event *patience;
	bool looked_near;
};

static bool
is_private(const struct addr *a)
{
	char text[ADDR_TEXT_SIZE];
	struct ip ip;

	return ip_parse(addr_text(a, text), &ip) &&
	    (ip_is_private(&ip) || ip_is_nowhere(&ip));
}

static void
prepare(struct probe *p, const struct addr *me)
{
	struct sip_state *s = p->state;

	s->request.me = *me;
	s->outside = is_private(me) && !is_private(&p->to);
	sip_request_renew(&s->request);
}

static void
note_text(struct probe *p, const char *name, struct sip_text t)
{
	if (t.at != NULL && t.len > 0)
		probe_detail_text(p, name, t.at, t.len);
}

static void
describe(struct probe *p)
{
	struct sip_state *s = p->state;
	const struct sip_response *r = &s->response;

	s->altered |= r->altered;
	if (s->altered != 0)
		note_text(p, "sent_by", r->sent_by);
	if (s->status != 0)
		return;
	s->status = r->status;
	probe_detail_int(p, "status", r->status);
	note_text(p, "reason", r->reason);
	note_text(p, "server", r->server);
	note_text(p, "received", r->received);
	note_text(p, "rport", r->rport);
}

/* --- how it ends --- */

static void
finish(struct probe *p)
{
	struct sip_state *s = p->state;
	bool unwell = s->status == 500 ||
	    (s->status >= 502 && s->status <= 504);

	expire_close(&s->near);
	probe_finish(p, RUNG_APP_REPLY,
	    s->altered != 0 ? CAUSE_SIP_ALG :
		unwell      ? CAUSE_SERVICE_UNAVAILABLE :
			      CAUSE_NONE);
}

static void
near_is_over(struct probe *p, const char *result, const struct icmp_error *e)
{
	struct sip_state *s = p->state;
	uint16_t port = p->obs.source_port;
	struct attempt *a;

	event_del(s->patience);
	a = probe_add_attempt(p, s->near.sent_us, clock_mono_us(), result);
	a->ttl = 1;
	a->source_port = s->near.source_port;
	if (e != NULL)
		probe_add_icmp(p, a, e);
	p->obs.source_port = port;
	p->obs.offender = NULL;
	finish(p);
}

static void
near_done(void *arg, enum expire_result result, const struct icmp_error *e)
{
	static const char *const word[] = {
	    [EXPIRE_ICMP] = "icmp",
	    [EXPIRE_ACCEPTED] = "accepted",
	    [EXPIRE_RESET] = "reset",
	    [EXPIRE_REPLY] = "reply",
	    [EXPIRE_LOCAL] = "error",
	};
	struct probe *p = arg;

	if (result == EXPIRE_ACCEPTED)
		probe_detail_bool(p, "taken_near", true);
	near_is_over(p, word[result], result == EXPIRE_ICMP ? e : NULL);
}

static void
on_patience(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	near_is_over(arg, "silence", NULL);
}

static void
look_near(struct probe *p)
{
	struct sip_state *s = p->state;
	struct timeval tv = {0, NEAR_MS * 1000};
	struct expire_setup setup = {
	    .base = p->env->base,
	    .interface = p->env->interface,
	    .to = p->to,
	    .ttl = 1,
	    .done = near_done,
	    .arg = p,
	};

	evtimer_add(s->patience, &tv);
	expire_send(&s->near, &setup);
}

static void
sip_ended(struct probe *p, enum rung rung, enum cause failure)
{
	struct sip_state *s = p->state;
	char words[128] = "";
	size_t len = 0;
	int i;

	for (i = 0; i < SIP_ALTERATIONS; i++) {
		if ((s->altered & 1u << i) != 0 && len < sizeof words)
			len += (size_t)snprintf(words + len, sizeof words - len,
			    "%s%s", len == 0 ? "" : ", ",
			    sip_alteration_names[i]);
	}
	if (words[0] != '\0')
		probe_detail_str(p, "altered", words);
	if (rung != RUNG_APP_REPLY)
		probe_finish(p, rung, failure);
	else if (s->altered != 0 && s->outside &&
	    p->spec->protocol == PROTO_TCP)
		look_near(p);
	else
		finish(p);
}

/* --- UDP --- */

static size_t
udp_compose(struct probe *p, int question, uint8_t *out, size_t size)
{
	struct sip_state *s = p->state;

	/* What is sent again because nothing came is the same message. */
	if (question == s->ask.before)
		prepare(p, &s->ask.source);
	return sip_request_write(&s->request, (char *)out, size);
}

static bool
udp_accept(struct probe *p, const uint8_t *data, size_t len)
{
	struct sip_state *s = p->state;

	if (sip_response_read(data, len, &s->request, s->outside,
		&s->response) != SIP_RESPONSE ||
	    s->response.status < 200)
		return false;
	describe(p);
	return true;
}

/* --- TCP --- */

static void
tcp_opened(struct probe *p)
{
	struct sip_state *s = p->state;
	char out[SIP_REQUEST_MAX];

	prepare(p, tcpq_source(&s->talk));
	tcpq_say(&s->talk, out,
	    sip_request_write(&s->request, out, sizeof out));
}

static enum tcpq_next
tcp_heard(struct probe *p, const uint8_t *data, size_t len, size_t *used)
{
	struct sip_state *s = p->state;
	enum sip_kind kind = sip_response_read(data, len, &s->request,
	    s->outside, &s->response);

	if (kind == SIP_MORE)
		return TCPQ_MORE;
	if (kind == SIP_NOT)
		return TCPQ_WRONG;
	*used = s->response.size;
	if (s->response.status < 200)
		return TCPQ_MORE;
	describe(p);
	return TCPQ_RIGHT;
}

/* --- start and stop --- */

static void
sip_start(struct probe *p)
{
	static const struct tcpq_setup tcp = {
	    .opened = tcp_opened,
	    .heard = tcp_heard,
	    .ended = sip_ended,
	    .max_in = SIP_MAX,
	    .timeout_ms = SILENCE_MS,
	};
	static const struct ask_setup udp = {
	    .samples = NSAMPLES,
	    .questions = NQUESTIONS,
	    .wait_ms = {500, 1000, 2000},
	    .gap_ms = GAP_MS,
	    .compose = udp_compose,
	    .accept = udp_accept,
	    .ended = sip_ended,
	};
	struct sip_state *s = mem_alloc(sizeof *s);
	char text[ADDR_TEXT_SIZE];

	p->state = s;
	s->patience = evtimer_new(p->env->base, on_patience, p);
	s->request.host = p->spec->host != NULL ?
	    p->spec->host :
	    arena_strdup(p->arena, addr_text(&p->to, text));
	s->request.port = addr_port(&p->to);
	s->request.udp = p->spec->protocol == PROTO_UDP;
	if (s->request.udp)
		ask_start(&s->ask, p, &udp);
	else
		tcpq_start(&s->talk, p, &tcp);
}

static void
sip_stop(struct probe *p)
{
	struct sip_state *s = p->state;

	ask_stop(&s->ask);
	tcpq_stop(&s->talk);
	expire_close(&s->near);
	event_free(s->patience);
	mem_free(s);
}

const struct probe_type probe_sip = {
    .name = "sip",
    .shape = SHAPE_FLOW,
    .nature = NATURE_ANSWER,
    .label = N_("SIP server"),
    .sends = N_("It asks the server what it can do (OPTIONS); nothing rings."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = TCPQ_TRIES * CONN_ATTEMPTS + 1,
    .packets = TCPQ_TRIES * 16,
    .bytes = NQUESTIONS * (SIP_REQUEST_MAX + 60) + TCPQ_TRIES * 16 * 60,
    .longest_ms = TCPQ_TRIES * (CONN_SILENCE_MS + SILENCE_MS) + NEAR_MS,
    .start = sip_start,
    .stop = sip_stop,
};
