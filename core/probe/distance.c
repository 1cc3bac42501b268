/* SPDX-License-Identifier: MIT */
/* The probe "distance": how far away the host of a failed flow is, and
 * whether the flow gets as far. The yardstick, which the spec wants as
 * "ADDRESS PORT", is a connection that was accepted before: another port of
 * the same host, or a neighbour of it. The shortest life with which it is
 * still accepted is its distance: what is known to be accepted, and is not,
 * had not arrived, whether or not a router says so. Then packets of the flow
 * go out that expire at the last router before there, each that is silent with
 * the yardstick right behind it, and one that gets as far as the yardstick.
 * Detail: "yardstick", "same_host", "yardstick_ttl" (its distance; 0 = it did
 * not answer again), "yardstick_hop" (the last router before it),
 * "flow_hop" (where the flow expired just before that distance), "flow_near"
 * (how it was answered there already), "flow_at" (how it was answered at the
 * distance), "flow_from" (who rejected it), "stopped" (it was silent just
 * before the distance, where the yardstick expired right behind it: how
 * often). */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/net/expire.h"
#include "core/probe/probe.h"
#include "core/probe/expiring.h"

#define FIRST_TTL 16
#define MAX_TTL 32
#define STEP_MS 1200
#define REFILL_MS 1100 /* a router's budget for ICMP errors */
#define TRIES 2        /* of what is known to be accepted */
#define MAX_FLOWS 4    /* packets of the flow before there */
#define STOPPED 2
/* Down to one of 32 lives, twice each where nothing is heard. */
#define YARDSTICKS (2 * TRIES + 4 * TRIES)
#define FLOWS (YARDSTICKS + 2 * MAX_FLOWS + TRIES)

enum stage {
	STAGE_YARDSTICK, /* at lives between what is too short and enough */
	STAGE_BEFORE,    /* the flow, to the last router before there */
	STAGE_AT,        /* the flow, as far as the yardstick */
};

struct distance_state {
	struct expire out, control; /* before: the yardstick right behind */
	struct addr yardstick;
	enum stage stage;
	int ttl, low, high; /* too short; enough (0 = not known yet) */
	int ntries, nflows, nstopped;
	char *low_hop; /* who said that it was too short, or NULL */
	bool counted;  /* by the budget of that hop */
	bool control_expired;
	struct hops_ticket hop;
	struct pace_ticket turn;
	struct event *step, *later;
};

static void send_next(struct probe *p, enum stage stage, int ttl);

static void
close_packet(struct probe *p, int nanswered)
{
	struct distance_state *s = p->state;

	expire_close(&s->out);
	expire_close(&s->control);
	nanswered += s->control_expired;
	event_del(s->step);
	pace_cancel(p->env->pace, &s->turn);
	if (s->counted)
		hops_done(p->env->hops, &s->hop, nanswered);
	s->counted = false;
}

static void
distance_end(struct probe *p)
{
	struct distance_state *s = p->state;

	probe_detail_int(p, "stopped", s->nstopped);
	probe_finish(p, s->high == 0 ? RUNG_SILENCE : RUNG_TRANSPORT,
	    CAUSE_NONE);
}

/* The yardstick's distance is known. */
static void
measured(struct probe *p)
{
	struct distance_state *s = p->state;

	probe_detail_int(p, "yardstick_ttl", s->high);
	probe_detail_str(p, "yardstick_hop", s->low_hop);
	if (s->high <= 1)
		distance_end(p);
	else
		send_next(p, STAGE_BEFORE, s->high - 1);
}

static void
seek_on(struct probe *p)
{
	struct distance_state *s = p->state;

	s->ntries = 0;
	if (s->high == 0 && s->low >= MAX_TTL) {
		probe_detail_int(p, "yardstick_ttl", 0);
		distance_end(p);
	} else if (s->high == 0) {
		send_next(p, STAGE_YARDSTICK, MAX_TTL);
	} else if (s->high - s->low > 1) {
		send_next(p, STAGE_YARDSTICK, (s->high + s->low) / 2);
	} else {
		measured(p);
	}
}

static void
too_short(struct probe *p, char *hop)
{
	struct distance_state *s = p->state;

	s->low = s->ttl;
	s->low_hop = hop;
	seek_on(p);
}

static void
flow_expired(struct probe *p, const char *hop)
{
	struct distance_state *s = p->state;

	probe_detail_str(p, "flow_hop", hop);
	s->ntries = 0;
	send_next(p, STAGE_AT, s->high);
}

/* Before the distance it was taken by somebody nearer than the host. */
static void
flow_answered(struct probe *p, const char *how, const char *from)
{
	struct distance_state *s = p->state;

	probe_detail_str(p, s->stage == STAGE_AT ? "flow_at" : "flow_near",
	    how);
	probe_detail_str(p, "flow_from", from);
	distance_end(p);
}

/* Nothing came back in time. */
static void
nothing_came(struct probe *p)
{
	struct distance_state *s = p->state;
	struct timeval tv = {REFILL_MS / 1000, REFILL_MS % 1000 * 1000};

	switch (s->stage) {
	case STAGE_YARDSTICK:
		if (++s->ntries < TRIES)
			send_next(p, STAGE_YARDSTICK, s->ttl);
		else
			too_short(p, NULL);
		break;
	case STAGE_BEFORE:
		s->nstopped += s->control_expired;
		if (s->nflows < MAX_FLOWS && s->nstopped < STOPPED)
			evtimer_add(s->later, &tv);
		else
			distance_end(p);
		break;
	case STAGE_AT:
		if (++s->ntries < TRIES) {
			send_next(p, STAGE_AT, s->ttl);
			break;
		}
		probe_detail_str(p, "flow_at", "silence");
		distance_end(p);
		break;
	}
}

static void
heard_expiry(struct probe *p, char *hop)
{
	struct distance_state *s = p->state;

	if (s->ttl < HOPS_LANES)
		hops_heard(p->env->hops, p->to.sa.sa_family == AF_INET6, s->ttl,
		    s->out.sent_us);
	if (s->stage == STAGE_YARDSTICK) {
		too_short(p, hop);
	} else if (s->stage == STAGE_BEFORE) {
		flow_expired(p, hop);
	} else {
		/* The way has become longer meanwhile. */
		distance_end(p);
	}
}

static struct attempt *
note(struct probe *p, const struct expire *x, const char *result)
{
	struct distance_state *s = p->state;
	bool is_control = s->stage == STAGE_YARDSTICK || x == &s->control;

	return expiring_note(p, x, s->ttl,
	    is_control ? arena_printf(p->arena, "control_%s", result) : result);
}

static void
on_packet(void *arg, enum expire_result result, const struct icmp_error *e)
{
	struct probe *p = arg;
	struct distance_state *s = p->state;
	bool expired = result == EXPIRE_ICMP && e->type == 11;
	struct attempt *a = note(p, &s->out,
	    expired ? "time_exceeded" : expiring_word(result));

	if (result == EXPIRE_ICMP)
		expiring_note_icmp(p, a, e);
	close_packet(p, result == EXPIRE_ICMP);
	if (result == EXPIRE_LOCAL) {
		distance_end(p);
	} else if (expired) {
		heard_expiry(p, a->from);
	} else if (s->stage != STAGE_YARDSTICK) {
		flow_answered(p, expiring_word(result), a->from);
	} else if (result == EXPIRE_ACCEPTED) {
		s->high = s->ttl;
		seek_on(p);
	} else {
		/* It was accepted before, and is not any more. */
		s->high = 0;
		probe_detail_int(p, "yardstick_ttl", 0);
		distance_end(p);
	}
}

static void
on_step(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct distance_state *s = p->state;

	(void)fd;
	(void)what;
	note(p, &s->out, "silence");
	close_packet(p, 0);
	nothing_came(p);
}

static void
on_control(void *arg, enum expire_result result, const struct icmp_error *e)
{
	struct probe *p = arg;
	struct distance_state *s = p->state;
	struct attempt *a;

	s->control_expired = result == EXPIRE_ICMP && e->type == 11;
	a = note(p, &s->control,
	    s->control_expired ? "time_exceeded" : expiring_word(result));
	if (result == EXPIRE_ICMP)
		expiring_note_icmp(p, a, e);
}

static void
on_control_turn(void *arg)
{
	struct probe *p = arg;
	struct distance_state *s = p->state;
	struct expire_setup setup = {
	    .base = p->env->base,
	    .interface = p->env->interface,
	    .to = s->yardstick,
	    .ttl = s->ttl,
	    .done = on_control,
	    .arg = p,
	};

	expire_send(&s->control, &setup);
}

static void
on_turn(void *arg)
{
	struct probe *p = arg;
	struct distance_state *s = p->state;
	struct timeval step = {STEP_MS / 1000, STEP_MS % 1000 * 1000};
	uint8_t data[EXPIRING_BYTES];
	struct expire_setup setup = {
	    .base = p->env->base,
	    .interface = p->env->interface,
	    .to = s->stage == STAGE_YARDSTICK ? s->yardstick : p->to,
	    .kind = s->stage != STAGE_YARDSTICK &&
		    p->obs.protocol == PROTO_UDP ?
		EXPIRE_UDP :
		EXPIRE_TCP,
	    .ttl = s->ttl,
	    .payload = data,
	    .len = expiring_first_bytes(p->spec->port, data),
	    .done = on_packet,
	    .arg = p,
	};

	evtimer_add(s->step, &step);
	if (s->counted)
		hops_sent(p->env->hops, &s->hop);
	/* In front of the flow, which may be answered at once. */
	if (s->stage == STAGE_BEFORE)
		pace_next(p->env->pace, &s->turn, on_control_turn, p);
	expire_send(&s->out, &setup);
}

static void
on_budget(void *arg)
{
	struct probe *p = arg;
	struct distance_state *s = p->state;

	pace_next(p->env->pace, &s->turn, on_turn, p);
}

/* Near routers are asked by many; those that are farther away by few. */
static void
send_next(struct probe *p, enum stage stage, int ttl)
{
	struct distance_state *s = p->state;
	char text[ADDR_TEXT_SIZE];

	s->stage = stage;
	s->ttl = ttl;
	s->nflows += stage == STAGE_BEFORE;
	memset(&s->out, 0, sizeof s->out);
	memset(&s->control, 0, sizeof s->control);
	s->control_expired = false;
	s->counted = ttl < HOPS_LANES;
	if (s->counted)
		hops_wait(p->env->hops, &s->hop, p->to.sa.sa_family == AF_INET6,
		    ttl, 1, on_budget, p);
	else
		pace_wait(p->env->pace, &s->turn, addr_text(&p->to, text),
		    on_turn, p);
}

static void
on_later(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct distance_state *s = p->state;

	(void)fd;
	(void)what;
	send_next(p, STAGE_BEFORE, s->high - 1);
}

static bool
parse_yardstick(const char *want, struct addr *out)
{
	char text[ADDR_TEXT_SIZE];
	const char *space = want == NULL ? NULL : strchr(want, ' ');
	unsigned port = 0;

	if (space == NULL || (size_t)(space - want) >= sizeof text)
		return false;
	memcpy(text, want, (size_t)(space - want));
	text[space - want] = '\0';
	while (*++space >= '0' && *space <= '9' && port <= UINT16_MAX)
		port = port * 10 + (unsigned)(*space - '0');
	return *space == '\0' && port > 0 && port <= UINT16_MAX &&
	    addr_parse(out, text, (uint16_t)port);
}

static void
distance_start(struct probe *p)
{
	struct distance_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->step = evtimer_new(p->env->base, on_step, p);
	s->later = evtimer_new(p->env->base, on_later, p);
	if (!parse_yardstick(p->spec->want, &s->yardstick) ||
	    s->yardstick.sa.sa_family != p->to.sa.sa_family) {
		probe_finish(p, RUNG_NONE, CAUSE_NONE);
		return;
	}
	probe_detail_str(p, "yardstick", p->spec->want);
	probe_detail_bool(p, "same_host", addr_equal(&s->yardstick, &p->to));
	send_next(p, STAGE_YARDSTICK, FIRST_TTL);
}

static void
distance_stop(struct probe *p)
{
	struct distance_state *s = p->state;

	close_packet(p, 0);
	event_free(s->step);
	event_free(s->later);
	mem_free(s);
}

const struct probe_type probe_distance = {
    .name = "distance",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONNECTION,
    .label = N_("How far away"),
    .sends = N_("It opens connections that were accepted before, to the same "
		"host or to a neighbour of it, with ever shorter lives, and "
		"compares how far the flow that failed gets."),
    .needs_address = true,
    .flows = FLOWS,
    /* A SYN may be sent twice in the time of a step; what is accepted is
     * answered and reset. */
    .packets = 4 * FLOWS,
    .bytes = 4 * FLOWS * 96,
    .longest_ms = STEP_MS * FLOWS,
    .start = distance_start,
    .stop = distance_stop,
};
