/* SPDX-License-Identifier: MIT */
/* Owns moving a need into a record's arena. */
#include "core/pack/own.h"

#include <string.h>

static const size_t need_texts[] = {
    offsetof(struct need, id),
    offsetof(struct need, product),
    offsetof(struct need, service),
    offsetof(struct need, step),
    offsetof(struct need, to.name),
    offsetof(struct need, to.from),
    offsetof(struct need, application),
    offsetof(struct need, group),
    offsetof(struct need, reason),
    offsetof(struct need, breaks_installer),
    offsetof(struct need, breaks_customer),
    offsetof(struct need, grant),
    offsetof(struct need, note),
    offsetof(struct need, source.document),
    offsetof(struct need, source.lines),
    offsetof(struct need, source.assumed),
    offsetof(struct need, probe_type),
    offsetof(struct need, unprobed),
    offsetof(struct need, open_ask),
};

static const size_t need_lists[] = {
    offsetof(struct need, to.examples),
    offsetof(struct need, needs),
};

static const size_t spec_texts[] = {
    offsetof(struct probe_spec, key),
    offsetof(struct probe_spec, type),
    offsetof(struct probe_spec, host),
    offsetof(struct probe_spec, address),
    offsetof(struct probe_spec, alpn),
    offsetof(struct probe_spec, tls_max),
    offsetof(struct probe_spec, issuer),
    offsetof(struct probe_spec, path),
    offsetof(struct probe_spec, expect),
    offsetof(struct probe_spec, want),
};

#define COUNT(table) (sizeof table / sizeof *(table))

static void
own_texts(struct arena *a, void *object, const size_t *offsets, size_t count)
{
	char **text;
	size_t i;

	for (i = 0; i < count; i++) {
		text = (char **)((char *)object + offsets[i]);
		*text = arena_strdup(a, *text);
	}
}

static void
own_list(struct arena *a, struct strlist *list)
{
	struct strlist copy = {0};
	size_t i;

	for (i = 0; i < list->count; i++)
		strlist_add(a, &copy, list->item[i]);
	*list = copy;
}

/* A copy of an array, NULL where it is empty. */
static void *
own_array(struct arena *a, const void *array, size_t count, size_t size)
{
	void *copy;

	if (count == 0)
		return NULL;
	copy = arena_array(a, count, size);
	memcpy(copy, array, count * size);
	return copy;
}

void
need_own(struct arena *a, struct need *n)
{
	size_t i;

	own_texts(a, n, need_texts, COUNT(need_texts));
	for (i = 0; i < COUNT(need_lists); i++)
		own_list(a, (struct strlist *)((char *)n + need_lists[i]));
	n->ports.range = own_array(a, n->ports.range, n->ports.count,
	    sizeof *n->ports.range);
	n->when.item = own_array(a, n->when.item, n->when.count,
	    sizeof *n->when.item);
	for (i = 0; i < n->when.count; i++) {
		struct clause *c = &n->when.item[i];

		c->question = arena_strdup(a, c->question);
		own_list(a, &c->values);
		c->ask = arena_strdup(a, c->ask);
		own_list(a, &c->says);
	}
	n->specs = own_array(a, n->specs, n->nspecs, sizeof *n->specs);
	for (i = 0; i < n->nspecs; i++)
		own_texts(a, &n->specs[i], spec_texts, COUNT(spec_texts));
}
