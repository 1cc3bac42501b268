/* SPDX-License-Identifier: MIT */
/* The probes "path" and "locate": packets of the real flow with a small TTL.
 * "path" proves that the site's gateway lets the flow out, where no server
 * could answer it; "locate" walks on, after a failure, to find who blocks.
 * A "path" begins at any hop whose router has an answer left. Silence counts
 * only where a control, a flow known to be accepted out there and sent right
 * behind with the same TTL, expired; and right behind the gateway, or where
 * the destination is known to be farther away, since what has arrived may be
 * silent too. A control to the destination itself shows both. A "locate" with
 * the want "near" ends as soon as the flow has left the site.
 * Detail: "gateway_hop", "passed" (an answer came from beyond the gateway),
 * "last_hop" and "last_ttl" (farthest answer), "end" and "end_ttl",
 * "controlled" (silences that a control gives a meaning). */
#include <errno.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/net/expire.h"
#include "core/probe/probe.h"

#define STEP_MS 1200 /* the longest until a packet is silent */
#define FIRST_MS 400 /* the gateway itself is near */
#define MAX_TTL 8
#define CONTROLLED 2  /* such silences are believed */
#define MAX_ANY 3     /* hops that are asked before silence is looked into */
#define MAX_VAIN 6    /* rounds that mean nothing, then it ends */
#define ENOUGH_S 30   /* where nothing ever comes back, else three times */
#define MAX_ROUNDS 16 /* of a "path"; a "locate" has some for each hop */
#define MAX_ROUNDS_LOCATE 22
#define MAX_CONTROLS 8
/* A SYN may be sent twice in the time of a round; what is accepted is answered
 * and reset. The largest is a UDP datagram of 48 bytes over IPv6. */
#define PACKETS(rounds) (2 * (rounds) + 4 * MAX_CONTROLS + 2 * 2)
#define PACKET_BYTES 96
#define REFILL_MS 1100 /* a router's budget for ICMP errors */

struct path_state {
	struct expire flow, control;
	int ttl;
	unsigned skip;                /* TTLs that were tried, as bits */
	bool any;                     /* any other TTL will do */
	int nany, nrounds, ncontrols; /* of each so far */
	int ncontrolled;              /* silences in a row that count */
	int nvain;                    /* rounds that do not */
	bool paired;                  /* this round has a control */
	bool same_host;               /* which goes to the destination itself */
	bool control_answered, control_expired; /* on the way: it counts */
	bool passed, late;
	const char *held; /* an answer that is held against a shorter life */
	char *first_hop;  /* who answered TTL 1, or the gateway */
	struct hops_ticket hop;
	struct pace_ticket turn;
	struct event *step, *later, *enough;
};

static bool
is_v6(const struct probe *p)
{
	return p->to.sa.sa_family == AF_INET6;
}

static bool
walks_on(const struct probe *p)
{
	return strcmp(p->type->name, "locate") == 0;
}

/* A search that only asks whether the flow is taken before it leaves the site
 * (want "near") ends where it has left. */
static bool
walks_far(const struct probe *p)
{
	return walks_on(p) &&
	    (p->spec->want == NULL || strcmp(p->spec->want, "near") != 0);
}

/* Something accepted out there, or the destination's own secure port. */
static bool
control_of(const struct probe *p, bool same_host, struct addr *out)
{
	const struct addr *a = &p->env->control[is_v6(p)];

	*out = same_host ? p->to : *a;
	if (same_host)
		addr_set_port(out,
		    p->obs.protocol == PROTO_TCP && p->spec->port == 443 ? 80 :
									   443);
	return out->len != 0;
}

/* Ends the round; the router spent that many answers on it. */
static void
close_round(struct probe *p, int nanswered)
{
	struct path_state *s = p->state;

	expire_close(&s->flow);
	expire_close(&s->control);
	event_del(s->step);
	pace_cancel(p->env->pace, &s->turn);
	hops_done(p->env->hops, &s->hop, nanswered);
}

static void
path_end(struct probe *p, const char *how, enum rung rung, enum cause failure)
{
	struct path_state *s = p->state;

	probe_detail_str(p, "end", how);
	probe_detail_int(p, "end_ttl", s->ttl);
	probe_detail_bool(p, "passed", s->passed);
	probe_detail_int(p, "controlled", s->ncontrolled);
	if (s->passed) {
		rung = RUNG_PASSED_GATEWAY;
		if (!walks_on(p))
			failure = CAUSE_NONE;
	}
	probe_finish(p, rung, failure);
}

static void
path_silent(struct probe *p)
{
	path_end(p, "silence", RUNG_SILENCE,
	    p->obs.protocol == PROTO_UDP ? CAUSE_UDP_SILENT :
					   CAUSE_TCP_TIMEOUT);
}

static struct attempt *
note(struct probe *p, const struct expire *x, const char *result)
{
	struct path_state *s = p->state;
	struct attempt *a = probe_add_attempt(p, x->sent_us, clock_mono_us(),
	    result);

	a->ttl = s->ttl;
	a->source_port = x->source_port;
	if (x == &s->flow)
		p->obs.source_port = x->source_port;
	return a;
}

static void send_round(struct probe *p, bool paired);

/* What the round's control said, if it had one; 1 when it was answered. */
static int
note_control(struct probe *p)
{
	struct path_state *s = p->state;

	if (!s->control_answered && s->control.sent_us != 0)
		note(p, &s->control, "control_silent");
	return s->control_answered;
}

/* With a shorter life the flow found no answer, so the answer that was held
 * came from behind. */
static void
held_is_far(struct probe *p)
{
	struct path_state *s = p->state;
	bool reset = strcmp(s->held, "reset") == 0;

	s->passed = true;
	path_end(p, s->held, reset ? RUNG_REJECTED : RUNG_TRANSPORT,
	    reset ? CAUSE_TCP_RESET : CAUSE_NONE);
}

static void
hop_answered(struct probe *p, const char *from)
{
	struct path_state *s = p->state;

	if (s->held != NULL) {
		held_is_far(p);
		return;
	}
	s->ncontrolled = 0;
	probe_detail_str(p, "last_hop", from);
	probe_detail_int(p, "last_ttl", s->ttl);
	if (s->ttl == 1) {
		s->first_hop = arena_strdup(p->arena, from);
		probe_detail_str(p, "gateway_hop", from);
	} else if (s->first_hop == NULL || strcmp(from, s->first_hop) != 0) {
		s->passed = true;
	}
	if (s->passed && !walks_far(p)) {
		path_end(p, "time_exceeded", RUNG_PASSED_GATEWAY, CAUSE_NONE);
	} else if (s->ttl >= MAX_TTL) {
		path_end(p, "far", RUNG_SILENCE, CAUSE_NONE);
	} else {
		s->ttl++;
		s->nvain = 0;
		send_round(p, false);
	}
}

static void
got_icmp(struct probe *p, const struct icmp_error *e)
{
	struct path_state *s = p->state;
	char text[ADDR_TEXT_SIZE];
	struct attempt *a;

	if (e->type == 11) {
		hops_heard(p->env->hops, is_v6(p), s->ttl, s->flow.sent_us);
		hops_is_behind(p->env->hops, &p->to, s->ttl);
	} else if (addr_equal(&e->offender, &p->to)) {
		hops_is_near(p->env->hops, &p->to, s->ttl);
	}
	close_round(p, 1 + note_control(p));
	addr_text(&e->offender, text);
	a = note(p, &s->flow, e->type == 11 ? "time_exceeded" : "icmp");
	a->icmp_type = e->type;
	a->icmp_code = e->code;
	a->error = e->error;
	a->from = arena_strdup(p->arena, text);
	if (e->type == 11) {
		hop_answered(p, a->from);
		return;
	}
	p->obs.offender = a->from;
	if (s->ttl > 1 &&
	    (s->first_hop == NULL || strcmp(text, s->first_hop) != 0))
		s->passed = true;
	path_end(p, "icmp", RUNG_REJECTED, probe_icmp_cause(e));
}

/* Accepted by the first hop means that a box on the site answered for the
 * server. A reset at TTL 1 or 2 was made by one of the first two boxes; one
 * that comes only with a longer life came from behind them. So a "path" that
 * begins farther out holds what it hears against TTL 1, a reset against 2. */
static void
got_answer(struct probe *p, enum expire_result result)
{
	static const char *const word[] = {
	    [EXPIRE_ACCEPTED] = "accepted",
	    [EXPIRE_RESET] = "reset",
	    [EXPIRE_REPLY] = "reply",
	};
	struct path_state *s = p->state;
	bool reset = result == EXPIRE_RESET;

	hops_is_near(p->env->hops, &p->to, s->ttl);
	close_round(p, note_control(p));
	note(p, &s->flow, word[result]);
	if (!walks_on(p) && s->held == NULL && s->ttl > (reset ? 2 : 1)) {
		s->held = word[result];
		s->ttl = reset ? 2 : 1;
		s->any = false;
		send_round(p, false);
		return;
	}
	if (s->ttl > (reset ? 2 : 1))
		s->passed = true;
	path_end(p, word[result], reset ? RUNG_REJECTED : RUNG_TRANSPORT,
	    reset ? CAUSE_TCP_RESET : CAUSE_NONE);
}

static void
flow_done(void *arg, enum expire_result result, const struct icmp_error *e)
{
	struct probe *p = arg;
	struct path_state *s = p->state;

	if (result == EXPIRE_ICMP) {
		got_icmp(p, e);
	} else if (result != EXPIRE_LOCAL) {
		got_answer(p, result);
	} else {
		close_round(p, note_control(p));
		note(p, &s->flow, "error")->error = e->error;
		path_end(p, "error", RUNG_LOCAL_ERROR,
		    e->error == EPERM || e->error == EACCES ?
			CAUSE_PERMISSION :
			CAUSE_NET_UNREACHABLE);
	}
}

/* An answer of the control's own server says nothing about the hop. */
static void
control_done(void *arg, enum expire_result result, const struct icmp_error *e)
{
	struct probe *p = arg;
	struct path_state *s = p->state;
	char text[ADDR_TEXT_SIZE];
	struct attempt *a;

	if (result == EXPIRE_LOCAL)
		return;
	s->control_answered = true;
	s->control_expired = result == EXPIRE_ICMP && e->type == 11;
	if (s->control_expired) {
		hops_heard(p->env->hops, is_v6(p), s->ttl, s->control.sent_us);
		hops_is_behind(p->env->hops, &s->control.setup.to, s->ttl);
	}
	a = note(p, &s->control, "control_answered");
	if (result == EXPIRE_ICMP && e->offender.len != 0)
		a->from = arena_strdup(p->arena, addr_text(&e->offender, text));
}

/* Either the hop never answers, or its budget is used up: give it time, and
 * ask another hop too. */
static void
round_was_vain(struct probe *p)
{
	struct path_state *s = p->state;
	struct timeval tv = {REFILL_MS / 1000, REFILL_MS % 1000 * 1000};
	struct addr control;

	if (s->control.sent_us != 0 && !s->control_answered && !s->same_host)
		hops_is_spent(p->env->hops, is_v6(p), s->ttl);
	else if (!s->paired &&
	    control_of(p, !hops_knows_behind(p->env->hops, &p->to, s->ttl),
		&control)) {
		send_round(p, true);
		return;
	}
	if (++s->nvain >= MAX_VAIN) {
		path_silent(p);
		return;
	}
	if (!walks_on(p))
		s->ttl = s->ttl == HOPS_BEHIND ? HOPS_BEHIND + 1 : HOPS_BEHIND;
	else if (s->nvain > 1 && s->ttl < MAX_TTL)
		s->ttl++;
	evtimer_add(s->later, &tv);
}

/* Where one hop said nothing others are asked, as far as they are known to
 * answer; then silence is looked into right behind the gateway. */
static bool
tries_other(struct probe *p)
{
	struct path_state *s = p->state;

	if (!s->any)
		return false;
	hops_was_silent(p->env->hops, &p->to, s->ttl, s->flow.sent_us);
	s->skip |= 1u << s->ttl;
	s->any = ++s->nany < MAX_ANY &&
	    hops_has_other(p->env->hops, &p->to, s->skip);
	if (!s->any && s->ttl == HOPS_BEHIND)
		return false;
	s->ttl = HOPS_BEHIND;
	send_round(p, false);
	return true;
}

static void
on_step(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct path_state *s = p->state;
	bool heard = hops_was_heard(p->env->hops, is_v6(p), s->ttl,
	    s->flow.sent_us);
	struct addr control;

	(void)fd;
	(void)what;
	/* Out there it may have cost an answer that was lost or late. */
	close_round(p, note_control(p) + (s->ttl > HOPS_BEHIND && s->any));
	note(p, &s->flow, "silence");
	if (s->held != NULL) {
		held_is_far(p);
	} else if (s->ttl == 1) {
		s->ttl = HOPS_BEHIND;
		send_round(p, false);
	} else if (s->nrounds >=
	    (walks_on(p) ? MAX_ROUNDS_LOCATE : MAX_ROUNDS)) {
		path_silent(p);
	} else if (tries_other(p)) {
		return;
	} else if ((!heard && !s->control_expired) ||
	    !hops_knows_behind(p->env->hops, &p->to, s->ttl)) {
		round_was_vain(p);
	} else if (++s->ncontrolled >= CONTROLLED) {
		path_silent(p);
	} else {
		send_round(p, control_of(p, false, &control));
	}
}

/* The flow's own first bytes where they are known, so that a box that looks
 * into packets sees the real thing; otherwise an RTP header (RFC 3550 5.1). */
static size_t
payload(uint16_t port, uint8_t out[48])
{
	static const uint8_t dns[] = {
	    /* root NS?, RD=0 (RFC 1035 4.1) */
	    0x53,
	    0x57,
	    0,
	    0,
	    0,
	    1,
	    0,
	    0,
	    0,
	    0,
	    0,
	    0,
	    0,
	    0,
	    2,
	    0,
	    1,
	};

	memset(out, 0, 48);
	if (port == 53) {
		memcpy(out, dns, sizeof dns);
		return sizeof dns;
	}
	if (port == 123) {
		out[0] = 0x23;
		return 48;
	}
	out[0] = 0x80;
	out[3] = 1;
	return 12;
}

static void
on_control_turn(void *arg)
{
	struct probe *p = arg;
	struct path_state *s = p->state;
	struct expire_setup setup = {
	    .base = p->env->base,
	    .interface = p->env->interface,
	    .ttl = s->ttl,
	    .done = control_done,
	    .arg = p,
	};

	if (control_of(p, s->same_host, &setup.to))
		expire_send(&s->control, &setup);
}

static void
on_turn(void *arg)
{
	struct probe *p = arg;
	struct path_state *s = p->state;
	int ms = (s->ttl = s->hop.ttl) == 1 ?
	    FIRST_MS :
	    hops_patience_ms(p->env->hops, is_v6(p), s->ttl);
	struct timeval step = {ms / 1000, ms % 1000 * 1000};
	uint8_t data[48];
	struct expire_setup setup = {
	    .base = p->env->base,
	    .interface = p->env->interface,
	    .to = p->to,
	    .udp = p->obs.protocol == PROTO_UDP,
	    .ttl = s->ttl,
	    .payload = data,
	    .len = payload(p->spec->port, data),
	    .done = flow_done,
	    .arg = p,
	};

	evtimer_add(s->step, &step);
	hops_sent(p->env->hops, &s->hop);
	if (s->hop.carrier)
		pace_next(p->env->pace, &s->turn, on_control_turn, p);
	expire_send(&s->flow, &setup);
}

static void
on_budget(void *arg)
{
	struct probe *p = arg;
	struct path_state *s = p->state;
	char text[ADDR_TEXT_SIZE];

	/* Those that share a control go out together, the newest first. */
	if (s->paired)
		pace_next(p->env->pace, &s->turn, on_turn, p);
	else
		pace_wait(p->env->pace, &s->turn, addr_text(&p->to, text),
		    on_turn, p);
}

static void
send_round(struct probe *p, bool paired)
{
	struct path_state *s = p->state;

	s->nrounds++;
	s->paired = paired && s->ncontrols < MAX_CONTROLS;
	s->ncontrols += s->paired;
	s->same_host = s->paired &&
	    !hops_knows_behind(p->env->hops, &p->to, s->ttl);
	s->control_answered = s->control_expired = false;
	memset(&s->control, 0, sizeof s->control);
	if (s->any)
		hops_wait_any(p->env->hops, &s->hop, &p->to, s->skip, on_budget,
		    p);
	else
		hops_wait(p->env->hops, &s->hop, is_v6(p), s->ttl,
		    s->paired ? 2 : 1, on_budget, p);
}

static void
on_later(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;

	(void)fd;
	(void)what;
	/* Alone: if it passes, the next answer of the router is its own. */
	send_round(p, false);
}

static void
on_enough(evutil_socket_t fd, short what, void *arg)
{
	struct timeval more = {2 * ENOUGH_S, 0};
	struct probe *p = arg;
	struct path_state *s = p->state;

	(void)fd;
	(void)what;
	if (!s->late && hops_knows_any(p->env->hops, is_v6(p))) {
		evtimer_add(s->enough, &more);
		s->late = true;
	} else {
		close_round(p, 0);
		path_silent(p);
	}
}

static void
path_start(struct probe *p)
{
	struct path_state *s = mem_alloc(sizeof *s);
	const struct vantage *v = p->env->vantage;
	const char *gw = is_v6(p) ? v->gateway6 : v->gateway;
	struct timeval enough = {ENOUGH_S, 0};

	p->state = s;
	s->ttl = walks_on(p) ? 1 : HOPS_BEHIND;
	s->any = !walks_on(p);
	s->first_hop = arena_strdup(p->arena, gw);
	s->step = evtimer_new(p->env->base, on_step, p);
	s->later = evtimer_new(p->env->base, on_later, p);
	s->enough = evtimer_new(p->env->base, on_enough, p);
	evtimer_add(s->enough, &enough);
	send_round(p, false);
}

static void
path_stop(struct probe *p)
{
	struct path_state *s = p->state;

	close_round(p, 0);
	event_free(s->step);
	event_free(s->later);
	event_free(s->enough);
	mem_free(s);
}

const struct probe_type probe_path = {
    .name = "path",
    .shape = SHAPE_PATH,
    .nature = NATURE_PATH,
    .label = N_("Way out to"),
    .sends = N_("It sends a packet that expires behind the gateway. If "
		"that is silent, it sends more, and beside some of them a "
		"packet to a port that answered before, or to port 443 or 80 "
		"of the same host, for comparison."),
    .needs_address = true,
    .flows = MAX_ROUNDS + MAX_CONTROLS,
    .packets = PACKETS(MAX_ROUNDS),
    .bytes = PACKETS(MAX_ROUNDS) * PACKET_BYTES,
    .longest_ms = STEP_MS * 4,
    .start = path_start,
    .stop = path_stop,
};

const struct probe_type probe_locate = {
    .name = "locate",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONNECTION,
    .label = N_("Who blocks"),
    .sends = N_("It sends packets that expire step by step on the way, and "
		"beside some of them a packet to a port that answered "
		"before, or to port 443 or 80 of the same host, for "
		"comparison."),
    .needs_address = true,
    .flows = MAX_ROUNDS_LOCATE + MAX_CONTROLS,
    .packets = PACKETS(MAX_ROUNDS_LOCATE),
    .bytes = PACKETS(MAX_ROUNDS_LOCATE) * PACKET_BYTES,
    .longest_ms = STEP_MS * 5,
    .start = path_start,
    .stop = path_stop,
};
