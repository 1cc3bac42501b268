/* SPDX-License-Identifier: MIT */
/* Pacing: a queue of flows, a slot every 1/rate seconds, no second with more
 * than `rate` flows in it, and a memory of when each destination was last
 * used. */
#include "core/net/pace.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

#define NREMEMBERED 1024  /* destinations, by hash; a clash only waits */
#define LIGHT 4           /* so many questions take the time of a flow */
#define SECOND_US 1010000 /* packets reach the wire up to 10 ms unevenly */

struct pace {
	struct event_base *base;
	struct event *timer;
	int64_t gap_us;
	int64_t spacing_us;
	int64_t next_us; /* earliest start of the next */
	uint64_t flows;
	unsigned rate;
	int64_t *gone_us; /* the last `rate` flows, as a ring */
	struct pace_ticket *first;
	struct pace_ticket **last;
	int64_t used_us[NREMEMBERED];
	void *shared;
	void (*drop)(void *what);
};

static uint64_t
hash_text(const char *s)
{
	uint64_t h = 1469598103934665603ULL; /* FNV-1a */

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211ULL;
	return h == 0 ? 1 : h;
}

static int64_t
ready_at(const struct pace *p, const struct pace_ticket *t)
{
	int64_t used;

	if (t->destination == 0)
		return 0;
	used = p->used_us[t->destination % NREMEMBERED];
	return used == 0 ? 0 : used + p->spacing_us;
}

/* The next slot, but a second after the flow `rate` before it: a late slot
 * is made up for, and must not make a second too full. */
static int64_t
slot_at(const struct pace *p)
{
	int64_t full = p->flows < p->rate ?
	    0 :
	    p->gone_us[p->flows % p->rate] + SECOND_US;

	return p->next_us > full ? p->next_us : full;
}

static void
arm(struct pace *p)
{
	struct pace_ticket *t;
	int64_t now = clock_mono_us(), at = INT64_MAX;
	struct timeval tv;

	if (p->first == NULL) {
		evtimer_del(p->timer);
		return;
	}
	for (t = p->first; t != NULL; t = t->next) {
		int64_t r = ready_at(p, t);

		if (r < at)
			at = r;
	}
	if (at < slot_at(p))
		at = slot_at(p);
	at = at > now ? at - now : 0;
	tv.tv_sec = at / 1000000;
	tv.tv_usec = at % 1000000;
	evtimer_add(p->timer, &tv);
}

static void
unlink_ticket(struct pace *p, struct pace_ticket *t)
{
	struct pace_ticket **at;

	for (at = &p->first; *at != NULL; at = &(*at)->next) {
		if (*at != t)
			continue;
		*at = t->next;
		if (p->last == &t->next)
			p->last = at;
		break;
	}
	t->next = NULL;
	t->waiting = false;
}

static struct pace_ticket *
pick(const struct pace *p, int64_t now)
{
	struct pace_ticket *t;

	for (t = p->first; t != NULL; t = t->next) {
		if (ready_at(p, t) <= now)
			return t;
	}
	return NULL;
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct pace *p = arg;
	struct pace_ticket *t;
	int64_t now;

	(void)fd;
	(void)what;
	while ((now = clock_mono_us()) >= slot_at(p) &&
	    (t = pick(p, now)) != NULL) {
		unlink_ticket(p, t);
		p->next_us = (p->next_us < now - p->gap_us ? now : p->next_us) +
		    (t->light ? p->gap_us / LIGHT : p->gap_us);
		if (t->destination != 0)
			p->used_us[t->destination % NREMEMBERED] = now;
		if (!t->light)
			p->gone_us[p->flows++ % p->rate] = now;
		t->go(t->arg);
	}
	arm(p);
}

struct pace *
pace_new(struct event_base *base, unsigned rate, unsigned spacing_ms)
{
	struct pace *p = mem_alloc(sizeof *p);

	p->base = base;
	p->timer = evtimer_new(base, on_timer, p);
	p->rate = rate == 0 ? 1 : rate;
	p->gone_us = mem_array(p->rate, sizeof *p->gone_us);
	p->gap_us = 1000000 / p->rate;
	p->spacing_us = (int64_t)spacing_ms * 1000;
	p->last = &p->first;
	return p;
}

void
pace_free(struct pace *p)
{
	if (p == NULL)
		return;
	if (p->drop != NULL)
		p->drop(p->shared);
	event_free(p->timer);
	mem_free(p->gone_us);
	mem_free(p);
}

static void
append(struct pace *p, struct pace_ticket *t, const char *destination,
    void (*go)(void *arg), void *arg)
{
	if (t->waiting)
		unlink_ticket(p, t);
	t->go = go;
	t->arg = arg;
	t->destination = destination == NULL ? 0 : hash_text(destination);
	t->next = NULL;
	t->waiting = true;
	*p->last = t;
	p->last = &t->next;
	arm(p);
}

void
pace_wait(struct pace *p, struct pace_ticket *t, const char *destination,
    void (*go)(void *arg), void *arg)
{
	t->light = false;
	append(p, t, destination, go, arg);
}

void
pace_wait_light(struct pace *p, struct pace_ticket *t, void (*go)(void *arg),
    void *arg)
{
	t->light = true;
	append(p, t, NULL, go, arg);
}

void
pace_next(struct pace *p, struct pace_ticket *t, void (*go)(void *arg),
    void *arg)
{
	if (t->waiting)
		unlink_ticket(p, t);
	t->go = go;
	t->arg = arg;
	t->destination = 0;
	t->light = false;
	t->waiting = true;
	t->next = p->first;
	if (p->first == NULL)
		p->last = &t->next;
	p->first = t;
	arm(p);
}

void
pace_cancel(struct pace *p, struct pace_ticket *t)
{
	if (!t->waiting)
		return;
	unlink_ticket(p, t);
	arm(p);
}

void
pace_share(struct pace *p, void *what, void (*drop)(void *what))
{
	p->shared = what;
	p->drop = drop;
}

void *
pace_shared(const struct pace *p)
{
	return p->shared;
}

uint64_t
pace_flows(const struct pace *p)
{
	return p->flows;
}

size_t
pace_waiting(const struct pace *p)
{
	const struct pace_ticket *t;
	size_t n = 0;

	for (t = p->first; t != NULL; t = t->next)
		n++;
	return n;
}
