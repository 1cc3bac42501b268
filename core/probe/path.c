/* SPDX-License-Identifier: MIT */
/* The probes "path" and "locate": packets of the real flow with a small TTL.
 * "path" proves that the site's gateway lets the flow out, where no server
 * could answer it; it begins at any hop whose router has an answer left.
 * "locate" walks on, after a failure, to find who blocks; with the want "near"
 * until the flow has left the site. Silence counts only where a control, sent
 * right behind with the same TTL to what is known to be accepted out there,
 * expired; and right behind the gateway, or where the destination is known to
 * be farther away: a control to the destination itself shows both.
 * Detail: "gateway_hop", "passed" (an answer came from beyond the gateway),
 * "last_hop" and "last_ttl" (farthest answer), "end" and "end_ttl",
 * "controlled" (silences that a control gives a meaning), "others" (silences
 * at that hop where flows to other hosts expired right behind). */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/net/expire.h"
#include "core/probe/expiring.h"
#include "core/probe/probe.h"

#define STEP_MS 1200 /* the longest until a packet is silent */
#define FIRST_MS 400 /* the gateway itself is near */
#define MAX_TTL 8
#define CONTROLLED 2    /* such silences are believed */
#define MAX_ANY 3       /* hops that are asked before silence is looked into */
#define MAX_VAIN 6      /* rounds that mean nothing, then it ends */
#define LATEST_MS 90000 /* where something comes back */
#define MAX_ROUNDS 16   /* of a "path"; a "locate" has some for each hop */
#define MAX_ROUNDS_LOCATE 22
#define MAX_CONTROLS 8
/* A SYN may be sent twice in the time of a round; what is accepted is answered
 * and reset. The largest is a UDP datagram of 48 bytes over IPv6. */
#define PACKETS(rounds) (2 * (rounds) + 4 * MAX_CONTROLS + 2 * 2)
#define PACKET_BYTES 96
#define REFILL_MS 1100 /* a router's budget for ICMP errors */
#define FULL_TTL 64

struct path_state {
	struct expire flow, control;
	int ttl;
	unsigned skip;                /* TTLs that were tried, as bits */
	bool any;                     /* any other TTL will do */
	int nany, nrounds, ncontrols; /* of each so far */
	int ncontrolled, nvain;       /* silences in a row that count, or not */
	bool paired;                  /* this round has a control */
	bool same_host;               /* which goes to the destination itself */
	bool host_silent;             /* such a one was not answered */
	int nothers;                  /* silences where others expired */
	bool control_answered, control_expired; /* on the way: it counts */
	bool passed, late;
	bool full;        /* with a full life, when no hop says anything */
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

static bool
walks_far(const struct probe *p)
{
	return walks_on(p) &&
	    (p->spec->want == NULL || strcmp(p->spec->want, "near") != 0);
}

/* Whether the destination is farther away, its own port tells; unless that is
 * silent too, and then others tell at least whether the hop answers. */
static bool
wants_same_host(const struct probe *p)
{
	const struct path_state *s = p->state;

	return !hops_knows_behind(p->env->hops, &p->to, s->ttl) &&
	    (!s->host_silent || !walks_on(p));
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
	if (s->nothers > 0)
		probe_detail_int(p, "others", s->nothers);
	if (s->passed) {
		rung = RUNG_PASSED_GATEWAY;
		if (!walks_on(p))
			failure = CAUSE_NONE;
	}
	probe_finish(p, rung, failure);
}

static void on_turn(void *arg);
static void send_round(struct probe *p, bool paired);

static void
at_once(struct probe *p, int ttl)
{
	struct path_state *s = p->state;

	s->hop.ttl = ttl;
	memset(&s->control, 0, sizeof s->control);
	pace_next(p->env->pace, &s->turn, on_turn, p);
}

/* No hop says anything, so none has a budget; but a server may: what answers a
 * full life, and none of the shortest, is beyond the gateway. */
static bool
lives_fully(struct probe *p)
{
	struct path_state *s = p->state;

	if (s->full || walks_on(p) || p->obs.protocol != PROTO_TCP ||
	    s->ncontrolled >= CONTROLLED)
		return false;
	s->full = true;
	s->any = s->paired = false;
	event_del(s->later);
	at_once(p, FULL_TTL);
	return true;
}

static void
path_silent(struct probe *p)
{
	if (lives_fully(p))
		return;
	path_end(p, "silence", RUNG_SILENCE,
	    p->obs.protocol == PROTO_ICMP    ? CAUSE_NONE :
		p->obs.protocol == PROTO_UDP ? CAUSE_UDP_SILENT :
					       CAUSE_TCP_TIMEOUT);
}

static struct attempt *
note(struct probe *p, const struct expire *x, const char *result)
{
	struct path_state *s = p->state;

	if (x == &s->flow)
		p->obs.source_port = x->source_port;
	return expiring_note(p, x, s->ttl, result);
}

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
	s->ncontrolled = s->nothers = 0;
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
	struct attempt *a;

	if (e->type == 11 && s->ttl < HOPS_LANES) {
		hops_heard(p->env->hops, is_v6(p), s->ttl, s->flow.sent_us);
		hops_is_behind(p->env->hops, &p->to, s->ttl);
	} else if (addr_equal(&e->offender, &p->to)) {
		hops_is_near(p->env->hops, &p->to, s->ttl);
	}
	close_round(p, 1 + note_control(p));
	a = note(p, &s->flow, e->type == 11 ? "time_exceeded" : "icmp");
	expiring_note_icmp(p, a, e);
	if (e->type == 11) {
		hop_answered(p, a->from != NULL ? a->from : "");
		return;
	}
	p->obs.offender = a->from;
	if (s->ttl > 1 &&
	    (s->first_hop == NULL || a->from == NULL ||
		strcmp(a->from, s->first_hop) != 0))
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
	const char *word = expiring_word(result);
	struct path_state *s = p->state;
	bool reset = result == EXPIRE_RESET;

	hops_is_near(p->env->hops, &p->to, s->ttl);
	close_round(p, note_control(p));
	note(p, &s->flow, word);
	if (!walks_on(p) && s->held == NULL && s->ttl > (reset ? 2 : 1)) {
		s->held = word;
		s->ttl = reset ? 2 : 1;
		s->any = false;
		if (s->full)
			at_once(p, s->ttl);
		else
			send_round(p, false);
		return;
	}
	if (s->ttl > (reset ? 2 : 1))
		s->passed = true;
	path_end(p, word, reset ? RUNG_REJECTED : RUNG_TRANSPORT,
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
		    probe_local_cause(e->error));
	}
}

/* An answer of the control's own server says nothing about the hop. */
static void
control_done(void *arg, enum expire_result result, const struct icmp_error *e)
{
	struct probe *p = arg;
	struct path_state *s = p->state;
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
	if (result == EXPIRE_ICMP)
		expiring_note_icmp(p, a, e);
}

/* Either the hop never answers, or its budget is used up: give it time, and
 * ask another hop too. */
static void
round_was_vain(struct probe *p)
{
	struct path_state *s = p->state;
	struct timeval tv = {REFILL_MS / 1000, REFILL_MS % 1000 * 1000};
	struct addr control;

	if (s->control.sent_us != 0 && !s->control_answered)
		s->host_silent = s->host_silent || s->same_host;
	if (s->control.sent_us != 0 && !s->control_answered && !s->same_host)
		hops_is_spent(p->env->hops, is_v6(p), s->ttl);
	else if (!s->paired &&
	    expiring_control(p, wants_same_host(p), &control)) {
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
	bool heard = s->ttl < HOPS_LANES &&
	    hops_was_heard(p->env->hops, is_v6(p), s->ttl, s->flow.sent_us);
	struct addr control;

	(void)fd;
	(void)what;
	/* Out there it may have cost an answer that was lost or late. */
	close_round(p, note_control(p) + (s->ttl > HOPS_BEHIND && s->any));
	note(p, &s->flow, "silence");
	if (s->held != NULL) {
		held_is_far(p);
	} else if (s->ttl == FULL_TTL) {
		s->ttl = HOPS_BEHIND;
		path_silent(p);
	} else if (s->ttl == 1) {
		s->ttl = HOPS_BEHIND;
		send_round(p, false);
	} else if (s->nrounds >=
	    (walks_on(p) ? MAX_ROUNDS_LOCATE : MAX_ROUNDS)) {
		path_silent(p);
	} else if (tries_other(p)) {
		return;
	} else if (walks_on(p) && s->same_host && s->control_answered &&
	    !s->control_expired && s->ttl > HOPS_BEHIND) {
		/* The host is here, on another port. */
		path_silent(p);
	} else if ((heard || s->control_expired) && s->host_silent &&
	    !hops_knows_behind(p->env->hops, &p->to, s->ttl)) {
		if (++s->nothers >= CONTROLLED)
			path_silent(p);
		else
			send_round(p, expiring_control(p, false, &control));
	} else if ((!heard && !s->control_expired) ||
	    !hops_knows_behind(p->env->hops, &p->to, s->ttl)) {
		round_was_vain(p);
	} else if (++s->ncontrolled >= CONTROLLED) {
		path_silent(p);
	} else {
		send_round(p, expiring_control(p, false, &control));
	}
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

	if (expiring_control(p, s->same_host, &setup.to))
		expire_send(&s->control, &setup);
}

static void
on_turn(void *arg)
{
	struct probe *p = arg;
	struct path_state *s = p->state;
	int ms = (s->ttl = s->hop.ttl) == 1 ?
	    FIRST_MS :
	    s->ttl == FULL_TTL ?
	    STEP_MS :
	    hops_patience_ms(p->env->hops, is_v6(p), s->ttl);
	struct timeval step = {ms / 1000, ms % 1000 * 1000};
	uint8_t data[EXPIRING_BYTES];
	struct expire_setup setup = {
	    .base = p->env->base,
	    .interface = p->env->interface,
	    .to = p->to,
	    .kind = expiring_kind(p),
	    .ttl = s->ttl,
	    .payload = data,
	    .len = expiring_first_bytes(p->spec->port, data),
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
	s->same_host = s->paired && wants_same_host(p);
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
wait_enough(struct path_state *s, int ms)
{
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	evtimer_add(s->enough, &tv);
}

static void
on_enough(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct path_state *s = p->state;

	(void)fd;
	(void)what;
	if (!s->late && hops_knows_any(p->env->hops, is_v6(p))) {
		wait_enough(s, LATEST_MS - EXPIRING_ENOUGH_MS);
		s->late = true;
		return;
	}
	close_round(p, 0);
	path_silent(p);
}

static void
path_start(struct probe *p)
{
	struct path_state *s = mem_alloc(sizeof *s);
	const struct vantage *v = p->env->vantage;

	p->state = s;
	s->ttl = walks_on(p) ? 1 : HOPS_BEHIND;
	s->any = !walks_on(p);
	s->first_hop = arena_strdup(p->arena,
	    is_v6(p) ? v->gateway6 : v->gateway);
	s->step = evtimer_new(p->env->base, on_step, p);
	s->later = evtimer_new(p->env->base, on_later, p);
	s->enough = evtimer_new(p->env->base, on_enough, p);
	wait_enough(s, expiring_left_ms(p));
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
