/* SPDX-License-Identifier: MIT */
/* The probe "stun": two STUN bindings (RFC 5389; facts 5.2), all of a run
 * from one source port, so that the judge can compare what different servers
 * saw of it; then one packet that expires behind the gateway, to see whose
 * network lies there. An answer that refuses proves a server and no more.
 * Detail: "samples", "samples_wanted", "rejected" (datagrams), "local" (the
 * laptop's address), "mapped_address" and "mapped_port" (as the server saw
 * them), "no_nat" (they are the laptop's own), "unstable" (two answers of one
 * server differ), "plain_mapped" (what MAPPED-ADDRESS said, where the protected
 * form says otherwise: something on the way rewrites addresses),
 * "other_address" (RFC 5780), "software", "error_code", "second_hop" (who
 * answered from behind the gateway). */
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/net/expire.h"
#include "core/net/way.h"
#include "core/probe/ask.h"
#include "core/probe/stun_message.h"

#define NQUESTIONS 6
#define NSAMPLES 2
#define GAP_MS 100
#define BEYOND 2 /* TTL that ends behind the gateway */

struct stun_state {
	struct ask ask;
	uint8_t id[NQUESTIONS][STUN_ID];
	struct addr mapped; /* of the first answer */
	int error_code;
	struct expire beyond;
	struct hops_ticket hop;
	struct event *patience;
	bool asked_hop;
};

static bool
is_v6(const struct probe *p)
{
	return p->to.sa.sa_family == AF_INET6;
}

static size_t
stun_compose(struct probe *p, int question, uint8_t *out, size_t size)
{
	struct stun_state *s = p->state;

	(void)size;
	random_bytes(s->id[question], STUN_ID);
	stun_request(out, s->id[question]);
	return STUN_HEADER;
}

static void
add_flow(struct probe *p, const char *name, const struct addr *a)
{
	char text[ADDR_TEXT_SIZE];

	addr_text(a, text);
	probe_detail_str(p, name,
	    arena_printf(p->arena, is_v6(p) ? "[%s]:%u" : "%s:%u", text,
		addr_port(a)));
}

static void
describe(struct probe *p, const struct stun_reply *r)
{
	struct stun_state *s = p->state;
	char text[ADDR_TEXT_SIZE];

	if (s->mapped.len != 0) {
		if (!addr_equal(&s->mapped, &r->mapped) ||
		    addr_port(&s->mapped) != addr_port(&r->mapped))
			probe_detail_bool(p, "unstable", true);
		return;
	}
	s->mapped = r->mapped;
	probe_detail_str(p, "mapped_address", addr_text(&r->mapped, text));
	probe_detail_int(p, "mapped_port", addr_port(&r->mapped));
	add_flow(p, "local", &s->ask.source);
	probe_detail_bool(p, "no_nat",
	    addr_equal(&s->ask.source, &r->mapped) &&
		addr_port(&s->ask.source) == addr_port(&r->mapped));
	if (r->plain.len != 0 &&
	    (!addr_equal(&r->plain, &r->mapped) ||
		addr_port(&r->plain) != addr_port(&r->mapped)))
		add_flow(p, "plain_mapped", &r->plain);
	if (r->other.len != 0)
		add_flow(p, "other_address", &r->other);
	if (r->software != NULL)
		probe_detail_text(p, "software", r->software, r->software_len);
}

static bool
stun_accept(struct probe *p, const uint8_t *data, size_t len)
{
	struct stun_state *s = p->state;
	struct stun_reply r;
	enum stun_kind kind = STUN_NOT;
	int i;

	for (i = s->ask.before; i < s->ask.nquestions && kind == STUN_NOT; i++)
		kind = stun_read(data, len, s->id[i], &r);
	if (kind == STUN_SUCCESS) {
		describe(p, &r);
	} else if (kind == STUN_ERROR) {
		s->error_code = r.error_code;
		s->ask.enough = true;
	}
	return kind != STUN_NOT;
}

/* --- whose network lies behind the gateway --- */

static void
hop_over(struct probe *p, int nanswered)
{
	struct stun_state *s = p->state;

	hops_done(p->env->hops, &s->hop, nanswered);
	expire_close(&s->beyond);
	probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
}

static void
hop_note(struct probe *p, const char *result, const struct icmp_error *e)
{
	struct stun_state *s = p->state;
	uint16_t port = p->obs.source_port;
	const char *offender = p->obs.offender;
	struct attempt *a = probe_add_attempt(p, s->beyond.sent_us,
	    clock_mono_us(), result);

	a->ttl = BEYOND;
	a->sent = STUN_HEADER;
	a->source_port = s->beyond.source_port;
	if (e != NULL)
		probe_add_icmp(p, a, e);
	p->obs.source_port = port;
	p->obs.offender = (char *)(uintptr_t)offender;
}

static void
hop_done(void *arg, enum expire_result result, const struct icmp_error *e)
{
	struct probe *p = arg;
	struct stun_state *s = p->state;
	char text[ADDR_TEXT_SIZE];
	bool expired = result == EXPIRE_ICMP && e->type == 11 &&
	    e->offender.len != 0;

	event_del(s->patience);
	if (expired) {
		hops_heard(p->env->hops, is_v6(p), BEYOND, s->beyond.sent_us);
		probe_detail_str(p, "second_hop",
		    addr_text(&e->offender, text));
	}
	if (result == EXPIRE_ICMP)
		hop_note(p, expired ? "time_exceeded" : "icmp", e);
	else
		hop_note(p, result == EXPIRE_LOCAL ? "error" : "reply", NULL);
	hop_over(p, result == EXPIRE_ICMP ? 1 : 0);
}

static void
on_patience(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;

	(void)fd;
	(void)what;
	hop_note(p, "silence", NULL);
	hop_over(p, 0);
}

static void
send_beyond(void *arg)
{
	struct probe *p = arg;
	struct stun_state *s = p->state;
	int ms = hops_patience_ms(p->env->hops, is_v6(p), BEYOND);
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};
	uint8_t request[STUN_HEADER], id[STUN_ID];
	struct expire_setup setup = {
	    .base = p->env->base,
	    .interface = p->env->interface,
	    .to = p->to,
	    .kind = EXPIRE_UDP,
	    .ttl = BEYOND,
	    .payload = request,
	    .len = sizeof request,
	    .done = hop_done,
	    .arg = p,
	};

	random_bytes(id, sizeof id);
	stun_request(request, id);
	evtimer_add(s->patience, &tv);
	expire_send(&s->beyond, &setup);
}

static void
stun_ended(struct probe *p, enum rung rung, enum cause failure)
{
	struct stun_state *s = p->state;

	if (s->error_code != 0) {
		probe_detail_int(p, "error_code", s->error_code);
		if (s->mapped.len == 0)
			rung = RUNG_TRANSPORT;
	}
	if (rung != RUNG_APP_REPLY || addr_equal(&s->ask.source, &s->mapped)) {
		probe_finish(p, rung, failure);
		return;
	}
	s->asked_hop = true;
	hops_wait(p->env->hops, &s->hop, is_v6(p), BEYOND, 1, send_beyond, p);
}

/* --- start and stop --- */

/* A port that is free now, for all of the run. */
static uint16_t
choose_port(const struct probe *p)
{
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	struct addr any;
	uint16_t port = 0;
	int fd;

	addr_parse(&any, is_v6(p) ? "::" : "0.0.0.0", 0);
	fd = way_socket(&p->to, SOCK_DGRAM, 0, p->env->interface);
	if (fd < 0)
		return 0;
	if (bind(fd, &any.sa, any.len) == 0 &&
	    getsockname(fd, (struct sockaddr *)&me, &len) == 0 &&
	    addr_from_sockaddr(&any, (struct sockaddr *)&me, len))
		port = addr_port(&any);
	close(fd);
	return port;
}

static void
stun_start(struct probe *p)
{
	struct stun_state *s = mem_alloc(sizeof *s);
	uint16_t *shared = p->env->shared_port;
	struct ask_setup setup = {
	    .samples = NSAMPLES,
	    .questions = NQUESTIONS,
	    .wait_ms = {500, 1000, 2000},
	    .gap_ms = GAP_MS,
	    .share_port = shared != NULL,
	    .compose = stun_compose,
	    .accept = stun_accept,
	    .ended = stun_ended,
	};

	p->state = s;
	s->patience = evtimer_new(p->env->base, on_patience, p);
	if (shared != NULL && *shared == 0)
		*shared = choose_port(p);
	if (shared != NULL)
		setup.source_port = *shared;
	ask_start(&s->ask, p, &setup);
}

static void
stun_stop(struct probe *p)
{
	struct stun_state *s = p->state;

	ask_stop(&s->ask);
	if (s->asked_hop)
		hops_done(p->env->hops, &s->hop, 0);
	expire_close(&s->beyond);
	event_free(s->patience);
	mem_free(s);
}

const struct probe_type probe_stun = {
    .name = "stun",
    .shape = SHAPE_FLOW,
    .nature = NATURE_ANSWER,
    .label = N_("STUN server"),
    .sends = N_("It asks twice how its address looks from outside, and once "
		"with a packet that expires behind the gateway."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_UDP,
    .flows = 2,
    .packets = NQUESTIONS + 1,
    .bytes = (NQUESTIONS + 1) * (40 + 8 + STUN_HEADER),
    .longest_ms = 12000,
    .start = stun_start,
    .stop = stun_stop,
};
