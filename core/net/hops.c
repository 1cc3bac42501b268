/* SPDX-License-Identifier: MIT */
/* The budget for packets that expire on the way: a token bucket a lane. */
#include "core/net/hops.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

#define BURST 5    /* Linux allows six */
#define RESERVED 3 /* of the first hop, for those who need just that one */
#define PATIENCE_MS 1200
#define LEAST_MS 400
#define REFILL_US 1050000LL /* Linux refills one a second */

#define NHEARD 16
/* A router gives back one answer a second, so within this time after a
 * silent packet its budget has hardly grown. */
#define BEHIND_US 110000

#define ANY (2 * HOPS_LANES) /* the queues for any lane, one a family */
#define NQUEUES (ANY + 2)
#define NWAYS 512 /* destinations that are remembered; more are not */

struct lane {
	struct hops_ticket *first;
	struct hops_ticket **last;
	int tokens;
	int64_t refilled_us;      /* when the newest token came */
	int64_t slowest_us;       /* answer so far; 0 = none */
	int64_t heard_us[NHEARD]; /* sent when: the newest answered ones */
	unsigned nheard;
	bool shut;   /* silent when it was tried, and never heard */
	bool trying; /* the first packet is on its way */
};

struct way {
	uint64_t to; /* 0 = free */
	int behind;  /* farther away than that TTL */
	int near;    /* not farther away than that; 0 = not known */
};

struct hops {
	struct event *timer;
	unsigned group;
	int64_t first_us[2]; /* beyond the gateway, a family; 0 = none */
	struct lane lane[NQUEUES];
	struct way way[NWAYS];
};

static uint64_t
hash_address(const struct addr *a)
{
	const uint8_t *b = a->sa.sa_family == AF_INET6 ?
	    a->in6.sin6_addr.s6_addr :
	    (const uint8_t *)&a->in.sin_addr;
	size_t i, n = a->sa.sa_family == AF_INET6 ? 16 : 4;
	uint64_t h = 1469598103934665603ULL; /* FNV-1a */

	for (i = 0; i < n; i++)
		h = (h ^ b[i]) * 1099511628211ULL;
	return h == 0 ? 1 : h;
}

/* The place of a destination, a free one, or NULL when there is none. */
static const struct way *
find_way(const struct hops *h, uint64_t to)
{
	size_t i, at;

	for (i = 0; i < NWAYS; i++) {
		at = (size_t)((to + i) % NWAYS);
		if (h->way[at].to == to || h->way[at].to == 0)
			return &h->way[at];
	}
	return NULL;
}

static struct way *
make_way(struct hops *h, const struct addr *a)
{
	uint64_t to = hash_address(a);
	const struct way *found = find_way(h, to);
	struct way *w;

	if (found == NULL)
		return NULL;
	w = &h->way[found - h->way];
	w->to = to;
	return w;
}

/* Does the way to the destination end before that TTL? */
static bool
is_beyond(const struct hops *h, uint64_t to, int ttl)
{
	const struct way *w = find_way(h, to);

	return w != NULL && w->to != 0 && w->near != 0 && ttl >= w->near;
}

/* Is the lane one for packets that do not care? */
static bool
is_open(const struct lane *family, int ttl)
{
	const struct lane *l = &family[ttl];

	if (l->slowest_us != 0)
		return true;
	/* The way goes on behind what was heard, or behind one that is mute. */
	if (ttl > HOPS_BEHIND + 1 && l[-1].slowest_us == 0 &&
	    (!l[-1].shut || l[-2].slowest_us == 0))
		return false;
	return !l->shut && (ttl <= HOPS_BEHIND + 1 || !l->trying);
}

/* The TTLs that t may have now, as bits; never none. */
static unsigned
choices(const struct hops *h, const struct hops_ticket *t, unsigned family)
{
	const struct lane *lanes = &h->lane[family * HOPS_LANES];
	unsigned bits = 0;
	int ttl;

	for (ttl = HOPS_BEHIND; ttl < HOPS_LANES; ttl++) {
		if ((t->skip >> ttl & 1) == 0 && !is_beyond(h, t->to, ttl) &&
		    is_open(lanes, ttl))
			bits |= 1u << ttl;
	}
	return bits == 0 ? 1u << HOPS_BEHIND : bits;
}

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

/* Others are taken first, and the first hop only when it has plenty. */
static int
tokens_needed(unsigned bits, int ttl)
{
	return ttl == HOPS_BEHIND && bits != 1u << HOPS_BEHIND ? 1 + RESERVED :
								 1;
}

/* From the hop behind the first one on, and that one last. */
static int
next_choice(int ttl)
{
	return ttl == HOPS_LANES - 1 ? HOPS_BEHIND : ttl + 1;
}

/* How long until a lane has that many tokens. */
static int64_t
wait_us(struct lane *l, int need, int64_t now)
{
	refill(l, now);
	need -= l->tokens;
	return need <= 0 ? 0 : l->refilled_us + need * REFILL_US - now;
}

static int64_t
wait_any_us(struct hops *h, unsigned family, int64_t now)
{
	struct lane *lanes = &h->lane[family * HOPS_LANES];
	const struct hops_ticket *t;
	int64_t wait = INT64_MAX, w;
	unsigned bits;
	int ttl;

	for (t = h->lane[ANY + family].first; t != NULL; t = t->next) {
		bits = choices(h, t, family);
		for (ttl = HOPS_BEHIND; ttl < HOPS_LANES; ttl++) {
			if ((bits >> ttl & 1) == 0)
				continue;
			w = wait_us(&lanes[ttl], tokens_needed(bits, ttl), now);
			if (w < wait)
				wait = w;
		}
	}
	return wait;
}

static void
arm(struct hops *h)
{
	int64_t now = clock_mono_us(), wait = INT64_MAX, w;
	struct timeval tv;
	unsigned i;

	for (i = 0; i < ANY; i++) {
		struct lane *l = &h->lane[i];

		if (l->first == NULL)
			continue;
		w = wait_us(l, l->first->need, now);
		if (w < wait)
			wait = w;
	}
	for (i = 0; i < 2; i++) {
		w = wait_any_us(h, i, now);
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

/* Sends the first that may go anywhere; false when none may. */
static bool
release_any(struct hops *h, unsigned family)
{
	struct lane *lanes = &h->lane[family * HOPS_LANES];
	struct lane *queue = &h->lane[ANY + family];
	struct hops_ticket **at, *t;
	int64_t now = clock_mono_us();
	unsigned bits;
	int ttl, i;

	for (at = &queue->first; (t = *at) != NULL; at = &t->next) {
		bits = choices(h, t, family);
		ttl = HOPS_BEHIND;
		for (i = HOPS_BEHIND; i < HOPS_LANES; i++) {
			struct lane *l = &lanes[ttl = next_choice(ttl)];

			if ((bits >> ttl & 1) == 0 ||
			    wait_us(l, tokens_needed(bits, ttl), now) > 0)
				continue;
			*at = t->next;
			if (queue->last == &t->next)
				queue->last = at;
			t->lane = (int)(l - h->lane);
			t->ttl = ttl;
			t->trial = l->slowest_us == 0;
			l->trying = l->trying || t->trial;
			l->tokens--;
			t->waiting = false;
			t->out = true;
			t->go(t->arg);
			return true;
		}
	}
	return false;
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct hops *h = arg;
	size_t i;

	(void)fd;
	(void)what;
	for (i = 0; i < ANY; i++) {
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
	for (i = 0; i < 2; i++) {
		while (release_any(h, (unsigned)i))
			;
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
	for (i = 0; i < NQUEUES; i++) {
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

static void
enqueue(struct hops *h, struct hops_ticket *t, int lane, int need,
    void (*go)(void *arg), void *arg)
{
	struct lane *l = &h->lane[lane];

	t->lane = lane;
	t->need = need;
	t->carrier = t->trial = false;
	t->go = go;
	t->arg = arg;
	t->next = NULL;
	t->waiting = true;
	t->out = false;
	/* Who asks another hop has waited already. */
	if (lane >= ANY && t->skip != 0 && l->first != NULL) {
		t->next = l->first;
		l->first = t;
	} else {
		*l->last = t;
		l->last = &t->next;
	}
	arm(h);
}

void
hops_wait(struct hops *h, struct hops_ticket *t, bool ipv6, int ttl, int need,
    void (*go)(void *arg), void *arg)
{
	int lane = ttl + (ipv6 ? HOPS_LANES : 0);

	t->ttl = ttl;
	if (ttl < HOPS_BEHIND)
		h->lane[lane].tokens = BURST;
	enqueue(h, t, lane, need, go, arg);
}

void
hops_wait_any(struct hops *h, struct hops_ticket *t, const struct addr *to,
    unsigned skip, void (*go)(void *arg), void *arg)
{
	t->to = hash_address(to);
	t->skip = skip;
	enqueue(h, t, ANY + (to->sa.sa_family == AF_INET6), 1, go, arg);
}

bool
hops_has_other(const struct hops *h, const struct addr *to, unsigned skip)
{
	bool ipv6 = to->sa.sa_family == AF_INET6;
	uint64_t hash = hash_address(to);
	int ttl;

	for (ttl = HOPS_BEHIND; ttl < HOPS_LANES; ttl++) {
		if ((skip >> ttl & 1) == 0 && !is_beyond(h, hash, ttl) &&
		    hops_is_known(h, ipv6, ttl))
			return true;
	}
	return false;
}

/* The router's bucket is filled from when the packet comes to it. */
void
hops_sent(struct hops *h, const struct hops_ticket *t)
{
	struct lane *l = &h->lane[t->lane];
	int64_t *first = &h->first_us[t->lane >= HOPS_LANES];

	if (t->out && l->tokens <= 0)
		l->refilled_us = clock_mono_us();
	if (t->ttl >= HOPS_BEHIND && *first == 0)
		*first = clock_mono_us();
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
	if (t->trial)
		l->trying = false;
	t->waiting = t->out = t->trial = false;
	arm(h);
}

void
hops_heard(struct hops *h, bool ipv6, int ttl, int64_t sent_us)
{
	struct lane *l = &h->lane[ttl + (ipv6 ? HOPS_LANES : 0)];
	int64_t took = clock_mono_us() - sent_us;

	if (ttl >= HOPS_LANES)
		return;
	l->heard_us[l->nheard++ % NHEARD] = sent_us;
	if (took > l->slowest_us)
		l->slowest_us = took > 0 ? took : 1;
	l->shut = false;
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

bool
hops_is_known(const struct hops *h, bool ipv6, int ttl)
{
	return h->lane[ttl + (ipv6 ? HOPS_LANES : 0)].slowest_us != 0;
}

bool
hops_knows_any(const struct hops *h, bool ipv6)
{
	int ttl;

	for (ttl = HOPS_BEHIND; ttl < HOPS_LANES; ttl++) {
		if (hops_is_known(h, ipv6, ttl))
			return true;
	}
	return false;
}

int
hops_silent_ms(const struct hops *h, bool ipv6)
{
	if (h->first_us[ipv6] == 0 || hops_knows_any(h, ipv6))
		return 0;
	return (int)((clock_mono_us() - h->first_us[ipv6]) / 1000);
}

/* Where others expired right behind it, it had arrived, or was lost before;
 * where nothing was ever heard, others need not try. */
void
hops_was_silent(struct hops *h, const struct addr *to, int ttl, int64_t sent_us)
{
	bool ipv6 = to->sa.sa_family == AF_INET6;
	struct lane *lanes = &h->lane[ipv6 ? HOPS_LANES : 0];

	if (!hops_is_known(h, ipv6, ttl))
		lanes[ttl].shut = ttl > HOPS_BEHIND ||
		    hops_is_known(h, ipv6, HOPS_BEHIND + 1);
	else if (ttl > HOPS_BEHIND && hops_was_heard(h, ipv6, ttl, sent_us))
		hops_is_near(h, to, ttl);
}

void
hops_is_behind(struct hops *h, const struct addr *to, int ttl)
{
	struct way *w = make_way(h, to);

	if (w != NULL && ttl > w->behind)
		w->behind = ttl;
}

void
hops_is_near(struct hops *h, const struct addr *to, int ttl)
{
	struct way *w = make_way(h, to);

	if (w != NULL && ttl > HOPS_BEHIND && (w->near == 0 || ttl < w->near))
		w->near = ttl;
}

bool
hops_knows_behind(const struct hops *h, const struct addr *to, int ttl)
{
	const struct way *w = find_way(h, hash_address(to));

	return ttl <= HOPS_BEHIND ||
	    (w != NULL && w->to != 0 && w->behind >= ttl);
}
