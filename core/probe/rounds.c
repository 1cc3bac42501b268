/* SPDX-License-Identifier: MIT */
/* Owns the questions of a search by multicast: when each goes out, and what
 * the record says of them. */
#include "core/probe/rounds.h"

#include "core/base/clock.h"

static bool
has_heard(const struct rounds *r)
{
	int i;

	for (i = 0; i < ROUNDS_MAX; i++) {
		if (r->from[i] != NULL)
			return true;
	}
	return false;
}

static void
add_ms(struct event *e, int ms)
{
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	evtimer_add(e, &tv);
}

static void
on_turn(void *arg)
{
	struct rounds *r = arg;
	struct probe *p = r->p;
	int round = r->setup->round(p, r->asked), next;
	size_t sent;

	if (p->finished)
		return;
	if (r->asked == 0)
		add_ms(r->end, r->setup->silence_ms);
	if (r->began_us[round] == 0)
		r->began_us[round] = clock_mono_us();
	sent = r->setup->ask(p, r->asked, round);
	if (sent == 0)
		return;
	r->out[round] += (uint32_t)sent;
	next = r->setup->round(p, ++r->asked);
	if (next == round)
		pace_wait(p->env->pace, &r->ticket, r->setup->to, on_turn, r);
	else if (next > 0)
		add_ms(r->next, r->setup->step_ms);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct rounds *r = arg;

	(void)fd;
	(void)what;
	if (r->ending)
		return;
	if (!has_heard(r))
		probe_is_slow(r->p);
	rounds_start(r);
}

static void
on_end(evutil_socket_t fd, short what, void *arg)
{
	struct rounds *r = arg;

	(void)fd;
	(void)what;
	r->setup->end(r->p);
}

void
rounds_prepare(struct rounds *r, struct probe *p,
    const struct rounds_setup *setup)
{
	r->p = p;
	r->setup = setup;
	r->next = evtimer_new(p->env->base, on_next, r);
	r->end = evtimer_new(p->env->base, on_end, r);
}

void
rounds_start(struct rounds *r)
{
	pace_wait(r->p->env->pace, &r->ticket, r->setup->to, on_turn, r);
}

void
rounds_stop(struct rounds *r)
{
	pace_cancel(r->p->env->pace, &r->ticket);
	event_free(r->next);
	event_free(r->end);
}

bool
rounds_began(const struct rounds *r)
{
	return r->began_us[0] != 0;
}

int
rounds_now(const struct rounds *r)
{
	int i = ROUNDS_MAX - 1;

	while (i > 0 && r->began_us[i] == 0)
		i--;
	return i;
}

void
rounds_heard(struct rounds *r, const struct addr *from)
{
	const char **first = &r->from[rounds_now(r)];
	char text[ADDR_TEXT_SIZE];

	if (*first == NULL)
		*first = arena_strdup(r->p->arena, addr_text(from, text));
}

void
rounds_received(struct rounds *r, size_t bytes)
{
	r->in[rounds_now(r)] += (uint32_t)bytes;
}

void
rounds_end_at(struct rounds *r, int64_t mono_us)
{
	int64_t left = mono_us - clock_mono_us();

	if (r->ending)
		return;
	r->ending = true;
	event_del(r->end);
	add_ms(r->end, left > 0 ? (int)(left / 1000) : 0);
}

void
rounds_attempts(const struct rounds *r, uint16_t source_port)
{
	struct probe *p = r->p;
	struct attempt *t;
	int i;

	for (i = 0; i < ROUNDS_MAX && r->began_us[i] != 0; i++) {
		t = probe_add_attempt(p, r->began_us[i], clock_mono_us(),
		    r->from[i] != NULL ? "reply" : "silence");
		t->source_port = source_port;
		t->sent = r->out[i];
		t->received = r->in[i];
		t->from = arena_strdup(p->arena, r->from[i]);
	}
}
