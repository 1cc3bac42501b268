/* SPDX-License-Identifier: MIT */
/* Owns what becomes of an observation when the same is measured again: the
 * later one is judged, the one before is kept as evidence. */
#include <stdlib.h>
#include <string.h>

#include "core/record/model.h"

#define NUMBER_MAX 1000000000ul

/* A list of observations and its length, both in the record. */
struct list {
	struct observation **item;
	size_t *count;
};

static struct list
judged(struct record *r)
{
	return (struct list){&r->observations, &r->nobservations};
}

static struct list
kept(struct record *r)
{
	return (struct list){&r->earlier, &r->nearlier};
}

/* A stranger's file may hold any; what no run counts to is no number. */
static unsigned long
number_of(const char *id)
{
	unsigned long n = id != NULL && id[0] == 'o' ?
	    strtoul(id + 1, NULL, 10) :
	    0;

	return n > NUMBER_MAX ? 0 : n;
}

unsigned long
observation_number(const struct observation *o)
{
	return number_of(o->id);
}

static unsigned long
highest(const struct observation *o, size_t count, unsigned long least)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (number_of(o[i].id) > least)
			least = number_of(o[i].id);
	}
	return least;
}

char *
record_next_id(const struct record *r, struct arena *a)
{
	unsigned long n = highest(r->observations, r->nobservations, 0);

	return arena_printf(a, "o%lu", highest(r->earlier, r->nearlier, n) + 1);
}

bool
observation_is_of(const struct observation *o, const struct probe_spec *spec)
{
	size_t len = strlen(spec->key);

	return strncmp(o->key, spec->key, len) == 0 &&
	    (o->key[len] == '\0' || strncmp(o->key + len, " @", 2) == 0);
}

bool
observation_is_void(const struct observation *o)
{
	return o->failure == CAUSE_CANCELLED ||
	    o->failure == CAUSE_NETWORK_CHANGED;
}

/* Both lists stay in the order of their numbers. */
static void
move(struct record *r, const char *id, struct list from, struct list to)
{
	struct observation o, *items = *from.item;
	size_t i, at;

	for (i = 0; i < *from.count && strcmp(items[i].id, id) != 0; i++)
		;
	if (i == *from.count)
		return;
	o = items[i];
	memmove(&items[i], &items[i + 1], (--*from.count - i) * sizeof *items);
	(void)arena_push(r->arena, *to.item, *to.count);
	items = *to.item;
	for (at = *to.count - 1;
	     at > 0 && number_of(items[at - 1].id) > number_of(o.id); at--)
		items[at] = items[at - 1];
	items[at] = o;
}

void
record_restore(struct record *r, const char *id)
{
	move(r, id, kept(r), judged(r));
}

void
record_replace(struct record *r, const char *older, const char *newer)
{
	const struct observation *o = record_observation(r, newer);

	if (o != NULL && record_observation(r, older) != NULL)
		move(r, observation_is_void(o) ? newer : older, judged(r),
		    kept(r));
}

static bool
is_of_need(const struct observation *o, const struct need *n)
{
	size_t i;

	for (i = 0; i < n->nspecs; i++) {
		if (observation_is_of(o, &n->specs[i]))
			return true;
	}
	return false;
}

const struct observation *
record_earlier_of(const struct record *r, const struct need *n, size_t *at)
{
	while (*at < r->nearlier) {
		const struct observation *o = &r->earlier[(*at)++];

		if (is_of_need(o, n))
			return o;
	}
	return NULL;
}
