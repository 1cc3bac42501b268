/* SPDX-License-Identifier: MIT */
/* Owns the datagram that can only expire. */
#include "core/probe/life.h"

#include <string.h>

#include "core/base/clock.h"

#define LENGTH 12

static bool
is_v6(const struct life *l)
{
	return l->p->to.sa.sa_family == AF_INET6;
}

static void
end(struct life *l, const char *result, const struct icmp_error *e)
{
	struct probe *p = l->p;
	bool counts = e != NULL && e->type == 11;
	char *offender = p->obs.offender;
	struct attempt *a = probe_add_attempt(p, l->x.sent_us, clock_mono_us(),
	    result);

	a->ttl = l->ttl;
	a->sent = LENGTH;
	a->source_port = l->x.source_port;
	if (e != NULL)
		probe_add_icmp(p, a, e);
	p->obs.offender = offender;
	if (counts)
		hops_heard(p->env->hops, is_v6(l), l->ttl, l->x.sent_us);
	hops_done(p->env->hops, &l->hop, e != NULL);
	life_stop(l);
	l->done(p, counts);
}

static void
on_answer(void *arg, enum expire_result result, const struct icmp_error *e)
{
	struct life *l = arg;

	if (result == EXPIRE_ICMP)
		end(l, e->type == 11 ? "time_exceeded" : "icmp", e);
	else
		end(l, result == EXPIRE_LOCAL ? "error" : "reply", NULL);
}

static void
on_patience(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	end(arg, "silence", NULL);
}

static void
on_turn(void *arg)
{
	static const uint8_t zero[LENGTH];
	struct life *l = arg;
	struct timeval tv = {LIFE_MS / 1000, LIFE_MS % 1000 * 1000};
	struct expire_setup setup = {
	    .base = l->p->env->base,
	    .interface = l->p->env->interface,
	    .to = l->p->to,
	    .kind = EXPIRE_UDP,
	    .ttl = l->ttl,
	    .payload = zero,
	    .len = sizeof zero,
	    .done = on_answer,
	    .arg = l,
	};

	addr_set_port(&setup.to, LIFE_PORT);
	hops_sent(l->p->env->hops, &l->hop);
	evtimer_add(l->patience, &tv);
	expire_send(&l->x, &setup);
}

static void
on_budget(void *arg)
{
	struct life *l = arg;
	char text[ADDR_TEXT_SIZE];

	pace_wait(l->p->env->pace, &l->turn, addr_text(&l->p->to, text),
	    on_turn, l);
}

void
life_ask(struct life *l, struct probe *p, int ttl,
    void (*done)(struct probe *p, bool counts))
{
	l->p = p;
	l->ttl = ttl;
	l->done = done;
	if (hops_is_known(p->env->hops, is_v6(l), ttl)) {
		done(p, true);
		return;
	}
	l->patience = evtimer_new(p->env->base, on_patience, l);
	hops_wait(p->env->hops, &l->hop, is_v6(l), ttl, 1, on_budget, l);
}

void
life_stop(struct life *l)
{
	if (l->patience == NULL)
		return;
	event_free(l->patience);
	l->patience = NULL;
	expire_close(&l->x);
	pace_cancel(l->p->env->pace, &l->turn);
	hops_done(l->p->env->hops, &l->hop, 0);
}
