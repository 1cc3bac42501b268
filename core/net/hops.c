/* SPDX-License-Identifier: MIT */
/* The budget for packets that expire on the way: a token bucket a lane. */
#include "core/net/hops.h"

#include "core/base/clock.h"
#include "core/base/mem.h"

#define BURST 5 /* Linux allows six */
#define PATIENCE_MS 1200
#define LEAST_MS 400
#define REFILL_US 1050000LL /* Linux refills one a second */

#define NHEARD 16
/* A router gives back one answer a second, so within this time after a
 * silent packet its budget has hardly grown. */
#define BEHIND_US 110000

struct lane {
	struct hops_ticket *first;
	struct hops_ticket **last;
	int tokens;
	int64_t refilled_us;      /* when the newest token came */
	int64_t slowest_us;       /* answer so far; 0 = none */
	int64_t heard_us[NHEARD]; /* sent when: the newest answered ones */
	unsigned nheard;
};

struct hops {
	struct event *timer;
	unsigned group;
	struct lane lane[2 * HOPS_LANES];
};

static void
refill(struct lane *l, int64_t now)
{
	int64_t n = (now - l->refilled_us) / REFILL_US;

	if (l->tokens + n >= BURST) {
		l->tokens = BURST;
		l->refilled_us = now;
	} else if (n > 0) {
		l->tokens += (int)n;
		l->refilled_us += n * REFILL_US;
	}
}

static void
arm(struct hops *h)
{
	int64_t now = clock_mono_us(), wait = INT64_MAX, w;
	struct timeval tv;
	size_t i;

	for (i = 0; i < 2 * HOPS_LANES; i++) {
		struct lane *l = &h->lane[i];

		if (l->first == NULL)
			continue;
		refill(l, now);
		w = l->first->need - l->tokens;
		w = w <= 0 ? 0 : l->refilled_us + w * REFILL_US - now;
		if (w < wait)
			wait = w;
	}
	if (wait == INT64_MAX) {
		evtimer_del(h->timer);
		return;
	}
	tv.tv_sec = wait / 1000000;
	tv.tv_usec = wait % 1000000;
	evtimer_add(h->timer, &tv);
}

static void
release(struct lane *l, struct hops_ticket **at)
{
	struct hops_ticket *t = *at;

	*at = t->next;
	if (l->last == &t->next)
		l->last = at;
	l->tokens -= t->need;
	t->waiting = false;
	t->out = true;
	t->go(t->arg);
}

/* Those that may go along with a control that goes out now. */
static void
release_group(struct lane *l, unsigned n)
{
	struct hops_ticket **at = &l->first;

	while (*at != NULL && n > 0) {
		if ((*at)->need < 2) {
			at = &(*at)->next;
			continue;
		}
		(*at)->need = 0;
		release(l, at);
		n--;
	}
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct hops *h = arg;
	size_t i;

	(void)fd;
	(void)what;
	for (i = 0; i < 2 * HOPS_LANES; i++) {
		struct lane *l = &h->lane[i];

		refill(l, clock_mono_us());
		while (l->first != NULL && l->tokens >= l->first->need) {
			l->first->carrier = l->first->need > 1;
			if (l->first->carrier) {
				release(l, &l->first);
				release_group(l, h->group - 1);
			} else {
				release(l, &l->first);
			}
		}
	}
	arm(h);
}

struct hops *
hops_new(struct event_base *base, unsigned group)
{
	struct hops *h = mem_alloc(sizeof *h);
	size_t i;

	h->timer = evtimer_new(base, on_timer, h);
	h->group = group;
	for (i = 0; i < 2 * HOPS_LANES; i++) {
		h->lane[i].last = &h->lane[i].first;
		h->lane[i].tokens = BURST;
		h->lane[i].refilled_us = clock_mono_us();
	}
	return h;
}

void
hops_free(struct hops *h)
{
	if (h == NULL)
		return;
	event_free(h->timer);
	mem_free(h);
}

void
hops_wait(struct hops *h, struct hops_ticket *t, bool ipv6, int ttl, int need,
    void (*go)(void *arg), void *arg)
{
	struct lane *l;

	t->lane = ttl + (ipv6 ? HOPS_LANES : 0);
	t->need = need;
	t->carrier = false;
	t->go = go;
	t->arg = arg;
	t->next = NULL;
	t->waiting = true;
	t->out = false;
	l = &h->lane[t->lane];
	if (ttl < 2)
		l->tokens = BURST;
	*l->last = t;
	l->last = &t->next;
	arm(h);
}

int
hops_patience_ms(const struct hops *h, bool ipv6, int ttl)
{
	int64_t ms = 8 * h->lane[ttl + (ipv6 ? HOPS_LANES : 0)].slowest_us /
	    1000;

	if (ms == 0 || ms > PATIENCE_MS)
		return PATIENCE_MS;
	return ms < LEAST_MS ? LEAST_MS : (int)ms;
}

static int
backlog(const struct lane *l)
{
	const struct hops_ticket *t;
	int n = -l->tokens;

	for (t = l->first; t != NULL; t = t->next)
		n++;
	return n;
}

int
hops_quicker(const struct hops *h, bool ipv6, int ttl, int other)
{
	const struct lane *l = h->lane + (ipv6 ? HOPS_LANES : 0);

	return backlog(&l[other]) < backlog(&l[ttl]) ? other : ttl;
}

void
hops_done(struct hops *h, struct hops_ticket *t, int nanswered)
{
	struct lane *l = &h->lane[t->lane];
	struct hops_ticket **at;

	if (t->waiting) {
		for (at = &l->first; *at != NULL && *at != t;)
			at = &(*at)->next;
		if (*at == t)
			*at = t->next;
		if (l->last == &t->next)
			l->last = at;
	} else if (t->out) {
		l->tokens += t->need - nanswered;
		if (l->tokens > BURST)
			l->tokens = BURST;
	}
	t->waiting = t->out = false;
	arm(h);
}

void
hops_heard(struct hops *h, bool ipv6, int ttl, int64_t sent_us)
{
	struct lane *l = &h->lane[ttl + (ipv6 ? HOPS_LANES : 0)];
	int64_t took = clock_mono_us() - sent_us;

	l->heard_us[l->nheard++ % NHEARD] = sent_us;
	if (took > l->slowest_us)
		l->slowest_us = took;
}

bool
hops_was_heard(const struct hops *h, bool ipv6, int ttl, int64_t sent_us)
{
	const struct lane *l = &h->lane[ttl + (ipv6 ? HOPS_LANES : 0)];
	size_t i;

	for (i = 0; i < NHEARD; i++) {
		if (l->heard_us[i] > sent_us &&
		    l->heard_us[i] <= sent_us + BEHIND_US)
			return true;
	}
	return false;
}

void
hops_is_spent(struct hops *h, bool ipv6, int ttl)
{
	struct lane *l = &h->lane[ttl + (ipv6 ? HOPS_LANES : 0)];

	l->tokens = 0;
	l->refilled_us = clock_mono_us();
	arm(h);
}
