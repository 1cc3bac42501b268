/* SPDX-License-Identifier: MIT */
/* Does the laptop's own firewall stop connections that failed? The spec wants
 * "ADDRESS PORT silence" or "ADDRESS PORT reset", with ", " between. Each is
 * tried in a moment of its own, while nothing else of the run is under way.
 *
 * Silent ones: the kernel sends the SYN anew after a second, and counts when
 * its own rules do not let it out. A flow counts as dropped by the laptop when
 * that happened in its own moment, twice.
 * Reset ones: a rule's own reset comes by the loopback, within connect(2). It
 * counts when each try brought one packet there, and none came in between.
 *
 * Detail: "dropped" and "reset", lists of "ADDRESS PORT". */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/net/own_rules.h"
#include "core/net/way.h"
#include "core/probe/probe.h"

#define FLOWS_MAX 64
#define STEP_MS 120 /* between two flows */
#define EARLY_MS 15 /* before the second is over; timers are late, not early */
#define LATE_MS 90
#define TICK_MS 5
#define PASSES 2
#define RESETS 3 /* tries of one flow */

struct flow {
	char *text;
	struct addr to;
	int fd;
	int64_t begun_us; /* of this pass; 0 = not yet */
	unsigned hits;
	bool was_reset;
	bool reset; /* inside */
};

struct own_state {
	struct probe *p;
	struct flow flow[FLOWS_MAX];
	size_t count, next;
	struct event *tick;
	int64_t before, sampled_us; /* the counter, and when it was read */
	unsigned pass;
};

static void
arm(struct own_state *s)
{
	struct timeval tv = {0, TICK_MS * 1000};

	evtimer_add(s->tick, &tv);
}

/* Connects and resets: what is accepted is closed by one packet. */
static int
open_flow(struct own_state *s, struct flow *f)
{
	struct linger now = {1, 0};
	int fd = way_socket(&f->to, SOCK_STREAM, 0, s->p->env->interface);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	if (connect(fd, &f->to.sa, f->to.len) != 0 && errno != EINPROGRESS &&
	    errno != ECONNREFUSED) {
		close(fd);
		return -1;
	}
	return fd;
}

static void
close_flow(struct flow *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* --- resets --- */

/* By the loopback, before connect(2) came back, and nothing else there. */
static bool
is_reset_inside(struct own_state *s, struct flow *f)
{
	int64_t quiet = own_loopback_packets(), before, after;
	int error = 0, fd;
	socklen_t len = sizeof error;

	before = own_loopback_packets();
	fd = open_flow(s, f);
	after = own_loopback_packets();
	if (fd < 0)
		return false;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	close(fd);
	return before >= 0 && quiet == before && after == before + 1 &&
	    error == ECONNREFUSED && own_loopback_packets() == after;
}

static void
try_reset(struct own_state *s, struct flow *f)
{
	unsigned i;

	for (i = 0; i < RESETS && is_reset_inside(s, f); i++)
		;
	f->reset = i == RESETS;
}

/* --- silence --- */

static bool
is_due(const struct own_state *s, const struct flow *f)
{
	return !f->was_reset && f->hits == s->pass;
}

/* Retransmissions that failed between two looks: whose they were, if each of
 * those due then had one. */
static void
attribute(struct own_state *s, int64_t from_us, int64_t to_us, int64_t rise)
{
	struct flow *hit[FLOWS_MAX];
	size_t n = 0, i;

	for (i = 0; i < s->count; i++) {
		struct flow *f = &s->flow[i];
		int64_t due = f->begun_us + OWN_RETRANSMIT_MS * INT64_C(1000);

		if (f->fd >= 0 && due - EARLY_MS * INT64_C(1000) <= to_us &&
		    due + LATE_MS * INT64_C(1000) >= from_us && is_due(s, f))
			hit[n++] = f;
	}
	if (n == 0 || (int64_t)n != rise)
		return;
	for (i = 0; i < n; i++)
		hit[i]->hits++;
}

static json_t *
list_of(const struct own_state *s, bool reset)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < s->count; i++) {
		const struct flow *f = &s->flow[i];

		if (reset ? f->reset : f->hits == PASSES)
			json_array_append_new(list, json_string(f->text));
	}
	return list;
}

static void
conclude(struct own_state *s)
{
	struct probe *p = s->p;

	json_object_set_new(p->obs.detail, "dropped", list_of(s, false));
	json_object_set_new(p->obs.detail, "reset", list_of(s, true));
	probe_finish(p, RUNG_NONE, CAUSE_NONE);
}

/* Those that were hit in the pass before, or all in the first. */
static bool
begin_pass(struct own_state *s)
{
	size_t i, n = 0;

	s->next = 0;
	for (i = 0; i < s->count; i++) {
		close_flow(&s->flow[i]);
		s->flow[i].begun_us = 0;
		n += is_due(s, &s->flow[i]);
	}
	return n > 0 && s->pass < PASSES;
}

static int64_t
last_begun_us(const struct own_state *s)
{
	int64_t last = 0;
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (s->flow[i].begun_us > last)
			last = s->flow[i].begun_us;
	}
	return last;
}

static void
start_next(struct own_state *s, int64_t now)
{
	struct flow *f;

	while (s->next < s->count && !is_due(s, &s->flow[s->next]))
		s->next++;
	if (s->next == s->count)
		return;
	f = &s->flow[s->next++];
	f->begun_us = now;
	f->fd = open_flow(s, f);
}

/* Each is closed before it is sent a third time. */
static void
close_old(struct own_state *s, int64_t now)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		struct flow *f = &s->flow[i];

		if (f->fd >= 0 &&
		    now - f->begun_us >
			(OWN_RETRANSMIT_MS + LATE_MS + TICK_MS) * INT64_C(1000))
			close_flow(f);
	}
}

static bool
is_any_open(const struct own_state *s)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (s->flow[i].fd >= 0)
			return true;
	}
	return false;
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct own_state *s = arg;
	int64_t now = clock_mono_us(), count = own_retransmit_failures();

	(void)fd;
	(void)what;
	if (count > s->before)
		attribute(s, s->sampled_us, now, count - s->before);
	s->before = count;
	s->sampled_us = now;
	close_old(s, now);
	if (now - last_begun_us(s) >= STEP_MS * INT64_C(1000))
		start_next(s, now);
	if (s->next == s->count && !is_any_open(s)) {
		s->pass++;
		if (!begin_pass(s)) {
			conclude(s);
			return;
		}
	}
	arm(s);
}

static void
add_flow(struct own_state *s, struct probe *p, const char *text)
{
	struct flow *f = &s->flow[s->count];
	char address[ADDR_TEXT_SIZE], how[16];
	unsigned port;

	if (s->count == FLOWS_MAX ||
	    sscanf(text, "%63s %u %15s", address, &port, how) != 3 ||
	    !addr_parse(&f->to, address, (uint16_t)port))
		return;
	f->text = arena_printf(p->arena, "%s %u", address, port);
	f->was_reset = strcmp(how, "reset") == 0;
	f->fd = -1;
	s->count++;
}

static void
own_start(struct probe *p)
{
	struct own_state *s = mem_alloc(sizeof *s);
	char *rest = arena_strdup(p->arena, p->spec->want), *word;
	size_t i;

	p->state = s;
	s->p = p;
	s->tick = evtimer_new(p->env->base, on_tick, s);
	while ((word = strsep(&rest, ",")) != NULL)
		add_flow(s, p, word + strspn(word, " "));
	for (i = 0; i < s->count; i++) {
		if (s->flow[i].was_reset)
			try_reset(s, &s->flow[i]);
	}
	s->before = own_retransmit_failures();
	s->sampled_us = clock_mono_us();
	if (s->before >= 0 && begin_pass(s))
		arm(s);
	else
		conclude(s);
}

static void
own_stop(struct probe *p)
{
	struct own_state *s = p->state;
	size_t i;

	for (i = 0; i < s->count; i++)
		close_flow(&s->flow[i]);
	event_free(s->tick);
	mem_free(s);
}

/* Bounds: of one flow. */
const struct probe_type probe_own_firewall = {
    .name = "own_firewall",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONDITION,
    .label = N_("Firewall of this laptop"),
    .sends = N_("It tries connections that failed once more, one after the "
		"other, to see whether this laptop lets them out."),
    .whom = N_("the servers of these connections"),
    .flows = RESETS + PASSES,
    .packets = (RESETS + PASSES) * 3,
    .bytes = (RESETS + PASSES) * 3 * 60,
    .longest_ms = PASSES * (FLOWS_MAX * STEP_MS + 2000),
    .at_once = 1,
    .start = own_start,
    .stop = own_stop,
};
