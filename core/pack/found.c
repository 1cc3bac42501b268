/* SPDX-License-Identifier: MIT */
/* Owns the way from what devices told to answers and equipment. */
#include "core/pack/found.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/pack/answer_value.h"
#include "core/pack/answers.h"

struct search {
	struct arena *arena;
	const struct pack_set *packs;
	const struct record *record;
	const struct pack *pack;
	const char *address; /* of the device that is meant, or NULL */
};

static const char *
told(const json_t *device, const char *member)
{
	return json_string_value(json_object_get(device, member));
}

static bool
is_meant(const struct search *s, const struct found_ask *ask,
    const json_t *device)
{
	const char *kind = told(device, "kind");
	const char *address = told(device, "address");

	if (kind == NULL || strcmp(kind, ask->kind) != 0)
		return false;
	return s->address == NULL ||
	    (address != NULL && strcmp(address, s->address) == 0);
}

static char *
device_text(struct arena *a, const json_t *device)
{
	const char *name = told(device, "name");
	const char *address = told(device, "address");

	if (name == NULL)
		name = told(device, "serial");
	if (name == NULL && address == NULL)
		return arena_strdup(a, _("A device"));
	if (name == NULL || address == NULL)
		return arena_strdup(a, name == NULL ? address : name);
	return arena_printf(a, _("%1$s (%2$s)"), name, address);
}

/* Calls fn with each device of each observation. */
static void
each_device(const struct record *r,
    void (*fn)(void *arg, const struct observation *o, const json_t *device),
    void *arg)
{
	const json_t *list;
	size_t i, k;

	for (i = 0; i < r->nobservations; i++) {
		list = json_object_get(r->observations[i].detail, "devices");
		for (k = 0; k < json_array_size(list); k++)
			fn(arg, &r->observations[i], json_array_get(list, k));
	}
}

/* A choice by what the device calls it, everything else as if typed. */
static char *
value_for(struct arena *a, const struct question *q, const char *text)
{
	struct error err;
	char *value;
	size_t i;

	for (i = 0; q->type == QUESTION_CHOICE && i < q->nchoices; i++) {
		if (strlist_has(&q->choices[i].found, text))
			return q->choices[i].id;
	}
	if (q->type == QUESTION_CHOICE ||
	    answer_check(a, q, text, &value, &err) != 0)
		return NULL;
	return value;
}

struct collecting {
	const struct search *s;
	const struct found_ask *ask;
	const struct question *q;
	const char *id;
	const char *label;
	struct founds *out;
	size_t first; /* of this question's */
};

static void
collect(void *arg, const struct observation *o, const json_t *device)
{
	struct collecting *c = arg;
	const char *text = told(device, c->ask->tells);
	struct found *f;
	char *value;
	size_t i;

	if (text == NULL || !is_meant(c->s, c->ask, device))
		return;
	value = value_for(c->s->arena, c->q, text);
	if (value == NULL)
		return;
	for (i = c->first; i < c->out->count; i++) {
		if (strcmp(c->out->item[i].value, value) == 0)
			return;
	}
	f = arena_push(c->s->arena, c->out->item, c->out->count);
	*f = (struct found){c->s->pack, c->id, c->label, value,
	    device_text(c->s->arena, device), o->id};
}

static void
find_answers(struct search *s, struct founds *out)
{
	size_t i;

	for (i = 0; i < s->pack->nquestions; i++) {
		const struct question *q = &s->pack->questions[i];
		const char *now = answer_effective(s->packs, s->record, s->pack,
		    q);
		struct collecting c = {s, &q->found, q, q->id, q->ask, out,
		    out->count};

		if (q->found.kind == NULL ||
		    !question_is_open(s->packs, s->record, s->pack, q))
			continue;
		each_device(s->record, collect, &c);
		/* One that is the answer already is no news. */
		if (out->count == c.first + 1 && now != NULL &&
		    strcmp(out->item[c.first].value, now) == 0)
			out->count = c.first;
	}
}

static void
find_item(struct search *s, const struct step_item *it, struct founds *out)
{
	struct question q = {.type = it->type, .max = UINT64_MAX, .must = true};
	struct collecting c = {s, &it->found, &q, it->id, it->text, out,
	    out->count};

	if (it->found.kind == NULL)
		return;
	each_device(s->record, collect, &c);
	if (out->count > c.first + 1)
		out->count = c.first;
}

static void
find_equipment(struct search *s, struct founds *out)
{
	size_t i, k;

	for (i = 0; i < s->pack->nsteps; i++) {
		const struct step *step = &s->pack->steps[i];

		for (k = 0; k < step->nwrite_down; k++)
			find_item(s, &step->write_down[k], out);
	}
}

/* The answer to the question for the address, if that is known. */
static const char *
address_of(const struct search *s)
{
	size_t i;

	for (i = 0; i < s->pack->nquestions; i++) {
		const struct question *q = &s->pack->questions[i];
		const char *now;

		if (q->found.kind == NULL ||
		    strcmp(q->found.tells, "address") != 0)
			continue;
		now = answer_effective(s->packs, s->record, s->pack, q);
		if (now != NULL && strcmp(now, ANSWER_UNKNOWN) != 0)
			return now;
	}
	return NULL;
}

static void
search(struct arena *a, const struct pack_set *packs, const struct record *r,
    void (*find)(struct search *, struct founds *), struct founds *out)
{
	struct search s = {a, packs, r, NULL, NULL};
	size_t i;

	memset(out, 0, sizeof *out);
	for (i = 0; i < r->products.count; i++) {
		s.pack = pack_find(packs, r->products.item[i]);
		if (s.pack == NULL)
			continue;
		s.address = address_of(&s);
		find(&s, out);
	}
}

void
found_answers(struct arena *a, const struct pack_set *packs,
    const struct record *r, struct founds *out)
{
	search(a, packs, r, find_answers, out);
}

void
found_equipment(struct arena *a, const struct pack_set *packs,
    const struct record *r, struct founds *out)
{
	search(a, packs, r, find_equipment, out);
}
