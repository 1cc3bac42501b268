/* SPDX-License-Identifier: MIT */
/* The probes "canary" and "life": controls of a run, which serve no
 * requirement and are judged against nobody.
 *
 * canary: a TCP connection to a place that must not answer: an address that
 * nobody owns (RFC 5737), or a port of the vendor's host on which nothing
 * listens. Refused and silent are both fine. Who accepts stands in for
 * others, so that an accepted connection proves nothing on this site; then a
 * second one with a life of one hop tells whether it stands on the first.
 * Nothing is ever sent on what was accepted. Failure: proxy_only.
 *
 * life: a connection to a vendor's host with a life of two hops, which must
 * expire behind the gateway. Some gateways give every packet a new life, and
 * then what is answered "too near" may have come from far away.
 *
 * What was answered with a short life is held against a datagram with the
 * same life to the same address, which can only expire (RFC 1812 section
 * 5.3.1). Detail: "end" (accepted, reset, icmp, time_exceeded, silence: how
 * the first connection ended), "near_hops" (the shortest life in hops that was
 * answered), "life_counts" (the life that was seen to end), "life_doubtful"
 * (the life with which an answer came that nothing shows to be near). */
#include <errno.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/net/expire.h"
#include "core/probe/life.h"

#define PATIENCE_MS 1500 /* one lost packet is sent again in it */
#define NEAR_MS 700
#define LIFE 64     /* of an ordinary packet */
#define LIFE_HOPS 2 /* expires right behind the gateway */

struct canary_state {
	struct expire x;
	struct pace_ticket turn;
	struct hops_ticket hop;
	struct event *patience;
	struct life life;
	int ttl;  /* of what is out */
	int near; /* shortest life that was answered; 0 = none */
	enum expire_result first;
	bool told; /* how the first connection ended */
};

static bool
is_life(const struct probe *p)
{
	return strcmp(p->type->name, "life") == 0;
}

static void
close_step(struct probe *p, int nanswered)
{
	struct canary_state *s = p->state;

	event_del(s->patience);
	pace_cancel(p->env->pace, &s->turn);
	expire_close(&s->x);
	if (s->ttl == HOPS_BEHIND)
		hops_done(p->env->hops, &s->hop, nanswered);
}

static void connect_with(struct probe *p, int ttl);

/* How the first one ended decides. */
static void
tell_first(struct probe *p, const char *end, enum expire_result result)
{
	struct canary_state *s = p->state;

	if (s->told)
		return;
	s->told = true;
	s->first = result;
	probe_detail_str(p, "end", end);
}

static void
canary_result(struct probe *p)
{
	struct canary_state *s = p->state;
	const char *end = json_string_value(
	    json_object_get(p->obs.detail, "end"));

	if (s->near > 0)
		probe_detail_int(p, "near_hops", s->near);
	if (s->first == EXPIRE_ACCEPTED)
		probe_finish(p, RUNG_TRANSPORT,
		    is_life(p) ? CAUSE_NONE : CAUSE_PROXY_ONLY);
	else if (strcmp(end, "silence") == 0)
		probe_finish(p, RUNG_SILENCE, CAUSE_NONE);
	else if (strcmp(end, "time_exceeded") == 0)
		probe_finish(p, RUNG_PASSED_GATEWAY, CAUSE_NONE);
	else
		probe_finish(p, RUNG_REJECTED, CAUSE_NONE);
}

static void
counted(struct probe *p, bool expired)
{
	struct canary_state *s = p->state;

	probe_detail_int(p, expired ? "life_counts" : "life_doubtful", s->near);
	canary_result(p);
}

/* Answered: by whom it may be, the next shorter life tells. */
static void
go_nearer(struct probe *p)
{
	struct canary_state *s = p->state;

	if (s->ttl <= LIFE_HOPS)
		s->near = s->ttl;
	if (s->ttl > 1)
		connect_with(p, 1);
	else
		life_ask(&s->life, p, s->near, counted);
}

/* No answer with this life; where a longer one was answered close by, that is
 * held against the datagram. */
static void
connect_unanswered(struct probe *p)
{
	struct canary_state *s = p->state;

	if (s->near > 0)
		life_ask(&s->life, p, s->near, counted);
	else
		canary_result(p);
}

static struct attempt *
note(struct probe *p, const char *result)
{
	struct canary_state *s = p->state;
	struct attempt *a = probe_add_attempt(p, s->x.sent_us, clock_mono_us(),
	    result);

	a->ttl = s->ttl == LIFE ? 0 : s->ttl;
	a->source_port = s->x.source_port;
	if (!s->told)
		p->obs.source_port = a->source_port;
	return a;
}

static void
on_local_error(struct probe *p, int error)
{
	struct canary_state *s = p->state;

	close_step(p, 0);
	note(p, "error")->error = error;
	if (s->told)
		canary_result(p);
	else
		probe_finish(p, RUNG_LOCAL_ERROR,
		    error == EPERM || error == EACCES ? CAUSE_PERMISSION :
							CAUSE_NET_UNREACHABLE);
}

static void
on_icmp(struct probe *p, const struct icmp_error *e)
{
	struct canary_state *s = p->state;
	bool v6 = p->to.sa.sa_family == AF_INET6;
	bool expired = e->type == 11;
	char text[ADDR_TEXT_SIZE], *offender = p->obs.offender;
	const char *word = expired ? "time_exceeded" : "icmp";

	if (expired && s->ttl <= HOPS_BEHIND)
		hops_heard(p->env->hops, v6, s->ttl, s->x.sent_us);
	close_step(p, 1);
	probe_add_icmp(p, note(p, word), e);
	if (s->told)
		p->obs.offender = offender;
	tell_first(p, word, EXPIRE_ICMP);
	if (expired && s->near == 0 && s->ttl <= LIFE_HOPS)
		probe_detail_int(p, "life_counts", s->ttl);
	if (expired && s->ttl == 1 && e->offender.len != 0)
		probe_detail_str(p, "gateway_hop",
		    addr_text(&e->offender, text));
	connect_unanswered(p);
}

static void
on_done(void *arg, enum expire_result result, const struct icmp_error *e)
{
	struct probe *p = arg;
	struct canary_state *s = p->state;
	const char *word = result == EXPIRE_ACCEPTED ? "accepted" :
	    result == EXPIRE_RESET                   ? "reset" :
						       "reply";

	if (result == EXPIRE_LOCAL) {
		on_local_error(p, e->error);
		return;
	}
	if (result == EXPIRE_ICMP) {
		on_icmp(p, e);
		return;
	}
	close_step(p, 0);
	note(p, word);
	tell_first(p, word, result);
	/* A refusal of the whole connection is as it should be. */
	if (s->ttl == LIFE && result != EXPIRE_ACCEPTED)
		canary_result(p);
	else
		go_nearer(p);
}

static void
on_patience(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;

	(void)fd;
	(void)what;
	close_step(p, 0);
	note(p, "silence");
	tell_first(p, "silence", EXPIRE_LOCAL);
	connect_unanswered(p);
}

static void
on_turn(void *arg)
{
	struct probe *p = arg;
	struct canary_state *s = p->state;
	int ms = s->told ? NEAR_MS : PATIENCE_MS;
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};
	struct expire_setup setup = {
	    .base = p->env->base,
	    .interface = p->env->interface,
	    .to = p->to,
	    .ttl = s->ttl,
	    .done = on_done,
	    .arg = p,
	};

	if (s->ttl == HOPS_BEHIND)
		hops_sent(p->env->hops, &s->hop);
	evtimer_add(s->patience, &tv);
	expire_send(&s->x, &setup);
}

static void
on_budget(void *arg)
{
	struct probe *p = arg;
	struct canary_state *s = p->state;
	char text[ADDR_TEXT_SIZE];

	pace_wait(p->env->pace, &s->turn, addr_text(&p->to, text), on_turn, p);
}

/* What may expire behind the gateway costs one of its neighbour's answers. */
static void
connect_with(struct probe *p, int ttl)
{
	struct canary_state *s = p->state;

	s->ttl = ttl;
	if (ttl == HOPS_BEHIND)
		hops_wait(p->env->hops, &s->hop, p->to.sa.sa_family == AF_INET6,
		    ttl, 1, on_budget, p);
	else
		on_budget(p);
}

/* What is near answers as it likes, and tells nothing of the way out. */
static bool
is_far(const struct addr *to)
{
	char text[ADDR_TEXT_SIZE];
	struct ip ip;

	return ip_parse(addr_text(to, text), &ip) && !ip_is_private(&ip) &&
	    !ip_is_nowhere(&ip);
}

static void
canary_start(struct probe *p)
{
	struct canary_state *s;

	if (!is_far(&p->to)) {
		probe_finish(p, RUNG_NONE, CAUSE_NONE);
		return;
	}
	p->state = s = mem_alloc(sizeof *s);
	s->patience = evtimer_new(p->env->base, on_patience, p);
	connect_with(p, is_life(p) ? LIFE_HOPS : LIFE);
}

static void
canary_stop(struct probe *p)
{
	struct canary_state *s = p->state;

	close_step(p, 0);
	life_stop(&s->life);
	event_free(s->patience);
	mem_free(s);
}

/* SYN, again, ACK and RST; what is near is asked by a SYN and a datagram. */
#define PACKETS (2 * 4 + LIFE_PACKETS)

const struct probe_type probe_canary = {
    .name = "canary",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONDITION,
    .label = N_("Who answers for others"),
    .sends = N_("It tries a connection to a place where nobody should "
		"accept one. Nothing is said on it. Only where it is "
		"accepted, a connection and a datagram that expire at the "
		"gateway follow."),
    .reaches = "itself:33434/udp",
    .needs_address = true,
    .one_address = true,
    .carrier = PROTO_TCP,
    .flows = 3,
    .packets = PACKETS,
    .bytes = PACKETS * 80,
    .longest_ms = PATIENCE_MS + NEAR_MS + LIFE_MS,
    .at_once = 3,
    .start = canary_start,
    .stop = canary_stop,
};

const struct probe_type probe_life = {
    .name = "life",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONDITION,
    .label = N_("How far packets go"),
    .sends = N_("It tries a connection that expires behind the gateway. "
		"Only where it is answered all the same, a connection and "
		"a datagram that expire at the gateway follow."),
    .reaches = "itself:33434/udp",
    .needs_address = true,
    .one_address = true,
    .carrier = PROTO_TCP,
    .flows = 3,
    .packets = PACKETS,
    .bytes = PACKETS * 80,
    .longest_ms = PATIENCE_MS + NEAR_MS + LIFE_MS,
    .at_once = 3,
    .start = canary_start,
    .stop = canary_stop,
};
