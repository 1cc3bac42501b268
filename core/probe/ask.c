/* SPDX-License-Identifier: MIT */
/* Asks by UDP until it was answered often enough. */
#include "core/probe/ask.h"

#include <limits.h>
#include <string.h>

#include "core/base/clock.h"

#define SLOW_MS 1100 /* unanswered for so long: look for who blocks */

static void open_question(struct ask *a);

static void
after_ms(struct event *e, unsigned ms)
{
	struct timeval tv = {(time_t)(ms / 1000),
	    (suseconds_t)(ms % 1000 * 1000)};

	evtimer_add(e, &tv);
}

static void
end(struct ask *a, enum rung rung, enum cause failure)
{
	struct probe *p = a->p;

	probe_detail_int(p, "samples", a->nsamples);
	probe_detail_int(p, "samples_wanted", a->setup.samples);
	if (a->nstrange > 0)
		probe_detail_int(p, "rejected", (int64_t)a->nstrange);
	event_del(a->slow);
	a->setup.ended(p, rung, failure);
}

static size_t
on_compose(void *arg, int try, uint8_t *out, size_t size)
{
	struct ask *a = arg;

	(void)try;
	dgram_source(a->d, &a->source);
	if (a->nquestions == 0)
		after_ms(a->slow, SLOW_MS);
	return a->setup.compose(a->p, a->nquestions++, out, size);
}

static bool
on_accept(void *arg, const uint8_t *data, size_t len)
{
	struct ask *a = arg;

	return a->setup.accept(a->p, data, len);
}

static void
on_done(void *arg, enum dgram_result result, const struct icmp_error *icmp)
{
	struct ask *a = arg;
	enum rung rung;
	enum cause failure;

	(void)icmp;
	probe_add_dgram(a->p, a->d, result, &rung, &failure);
	dgram_source(a->d, &a->source);
	a->source_port = dgram_source_port(a->d);
	a->nstrange += dgram_strange(a->d);
	dgram_close(a->d);
	a->d = NULL;
	if (result == DGRAM_ACCEPTED) {
		event_del(a->slow);
		a->nsamples++;
	} else if (a->nsamples == 0) {
		end(a, rung, failure);
		return;
	}
	a->p->obs.offender = NULL;
	if (result != DGRAM_ACCEPTED || a->enough ||
	    a->nsamples >= a->setup.samples ||
	    a->nquestions >= a->setup.questions)
		end(a, RUNG_APP_REPLY, CAUSE_NONE);
	else
		after_ms(a->next, a->setup.gap_ms);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	open_question(arg);
}

static void
on_slow(evutil_socket_t fd, short what, void *arg)
{
	struct ask *a = arg;

	(void)fd;
	(void)what;
	probe_is_slow(a->p);
}

static void
open_question(struct ask *a)
{
	const struct ask_setup *s = &a->setup;
	int i, left = s->questions - a->nquestions;
	struct dgram_setup setup = {
	    .base = a->p->env->base,
	    .pace = a->p->env->pace,
	    .interface = a->p->env->interface,
	    .to = a->p->to,
	    .source_port = a->source_port,
	    .share_port = s->share_port || a->nsamples > 0,
	    .last_ms = s->last_ms,
	    .compose = on_compose,
	    .accept = on_accept,
	    .done = on_done,
	    .arg = a,
	};

	for (i = 0; i < DGRAM_TRIES && i + 1 < left; i++)
		setup.wait_ms[i] = s->wait_ms[i];
	a->before = a->nquestions;
	a->d = dgram_open(&setup);
}

void
ask_start(struct ask *a, struct probe *p, const struct ask_setup *setup)
{
	a->p = p;
	a->setup = *setup;
	a->source_port = setup->source_port;
	a->next = evtimer_new(p->env->base, on_next, a);
	a->slow = evtimer_new(p->env->base, on_slow, a);
	open_question(a);
}

void
ask_stop(struct ask *a)
{
	dgram_close(a->d);
	a->d = NULL;
	if (a->next != NULL)
		event_free(a->next);
	if (a->slow != NULL)
		event_free(a->slow);
	a->next = a->slow = NULL;
}
