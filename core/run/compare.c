/* SPDX-License-Identifier: MIT */
/* Which failures far away are compared with what was accepted, and with
 * which of it. */
#include <string.h>

#include "core/net/addr.h"
#include "core/run/tasks.h"

#define MAX_COMPARED 16 /* in one run; of many failures a few tell enough */
#define MIN_CONTROLLED 2
#define MIN_TTL 3 /* nearer, the gateway's own place is told already */
#define NEIGHBOUR_BITS 24
#define NEIGHBOUR6_BITS 48

static const char *
text_of(const struct observation *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o->detail, name));

	return s == NULL ? "" : s;
}

static int
int_of(const struct observation *o, const char *name)
{
	return (int)json_integer_value(json_object_get(o->detail, name));
}

/* The walk passed the gateway, and what it found there has several meanings.
 * A walk that only looked at the gateway says nothing, and that a host answers
 * connections says nothing of whether it answers pings. */
static bool
is_open_search(const struct run_task *t, const struct observation *o)
{
	const char *end = text_of(o, "end");

	if (t->pub.spec->want != NULL || o->protocol == PROTO_ICMP ||
	    !json_is_true(json_object_get(o->detail, "passed")))
		return false;
	if (strcmp(end, "silence") == 0)
		return int_of(o, "controlled") < MIN_CONTROLLED;
	return strcmp(end, "far") == 0 ||
	    (strcmp(end, "reset") == 0 && int_of(o, "end_ttl") >= MIN_TTL);
}

/* Rejected by the host's own address, or as if it were not there. */
static bool
is_rejected_far(const struct run_task *t, const struct observation *o)
{
	return t->outbound && o->rung == RUNG_REJECTED && o->offender != NULL &&
	    o->protocol != PROTO_ICMP && o->address != NULL &&
	    (strcmp(o->offender, o->address) == 0 ||
		o->failure == CAUSE_HOST_UNREACHABLE);
}

static const uint8_t *
bytes_of(const struct addr *a, size_t *len)
{
	bool six = a->sa.sa_family == AF_INET6;

	*len = six ? 16 : 4;
	return six ? a->in6.sin6_addr.s6_addr :
		     (const uint8_t *)&a->in.sin_addr;
}

/* How many leading bits two addresses share; -1 in other families. */
static int
shared_bits(const struct addr *a, const struct addr *b)
{
	size_t i, len;
	const uint8_t *x = bytes_of(a, &len), *y = bytes_of(b, &len);
	int bits = 0;

	if (a->sa.sa_family != b->sa.sa_family)
		return -1;
	for (i = 0; i < 8 * len; i++) {
		if (((x[i / 8] ^ y[i / 8]) >> (7 - i % 8) & 1) != 0)
			break;
		bits++;
	}
	return bits;
}

static bool
was_accepted(const struct run_task *t)
{
	const struct observation *o = t->pub.result;

	return t->outbound && !t->pub.follow_up && o != NULL &&
	    t->to.len != 0 && o->protocol == PROTO_TCP &&
	    o->rung <= RUNG_TRANSPORT && o->failure == CAUSE_NONE &&
	    o->nature != NATURE_PATH;
}

/* Another port of the same host, else of its nearest neighbour. */
static const struct run_task *
yardstick_of(const struct run *run, const struct run_task *t)
{
	const struct run_task *best = NULL;
	int bits,
	    most = t->to.sa.sa_family == AF_INET6 ? NEIGHBOUR6_BITS :
						    NEIGHBOUR_BITS;
	size_t i;

	for (i = 0; i < run->ntasks; i++) {
		if (!was_accepted(run->task[i]))
			continue;
		bits = shared_bits(&t->to, &run->task[i]->to);
		if (bits > most || (bits == most && best == NULL)) {
			best = run->task[i];
			most = bits;
		}
	}
	return best;
}

static bool
compare(struct run *run, const struct run_task *t)
{
	const struct run_task *by = yardstick_of(run, t);
	char text[ADDR_TEXT_SIZE];

	if (by == NULL)
		return false;
	return tasks_follow(run, t, "distance",
	    t->pub.result->protocol == PROTO_UDP ? PROTO_UDP : PROTO_TCP,
	    arena_printf(run->arena, "%s %u", addr_text(&by->to, text),
		by->pub.spec->port));
}

bool
tasks_compare(struct run *run)
{
	size_t i, n = 0, all = run->ntasks;

	for (i = 0; i < all && n < MAX_COMPARED && !run->cancelled; i++) {
		const struct run_task *t = run->task[i];
		const struct observation *o = t->pub.result;

		if (o == NULL || t->to.len == 0 || t->pub.background)
			continue;
		if (strcmp(t->type->name, "locate") == 0 ?
			is_open_search(t, o) :
			is_rejected_far(t, o) && t->type->locates)
			n += compare(run, t);
	}
	return n > 0;
}
