/* SPDX-License-Identifier: MIT */
/* Owns moving a need into a record's arena, without copying what the record
 * has already. */
#include "core/pack/adopt.h"

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
    offsetof(struct need, summary),
    offsetof(struct need, advice_installer),
    offsetof(struct need, advice_it),
    offsetof(struct need, advice_customer),
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
};

#define COUNT(table) (sizeof table / sizeof *(table))

static bool
is_equal(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static char *
adopt_text(struct arena *a, char *old, const char *text)
{
	return old != NULL && is_equal(old, text) ? old : arena_strdup(a, text);
}

static void
adopt_texts(struct arena *a, const void *old, void *object,
    const size_t *offsets, size_t count)
{
	char **text, *before;
	size_t i;

	for (i = 0; i < count; i++) {
		text = (char **)((char *)object + offsets[i]);
		before = old == NULL ?
		    NULL :
		    *(char *const *)((const char *)old + offsets[i]);
		*text = adopt_text(a, before, *text);
	}
}

static void
adopt_list(struct arena *a, const struct strlist *old, struct strlist *list)
{
	struct strlist copy = {0};
	size_t i;

	if (old != NULL && old->count == list->count) {
		for (i = 0; i < list->count; i++) {
			if (strcmp(old->item[i], list->item[i]) != 0)
				break;
		}
		if (i == list->count) {
			*list = *old;
			return;
		}
	}
	for (i = 0; i < list->count; i++)
		strlist_add(a, &copy, list->item[i]);
	*list = copy;
}

static void
adopt_ports(struct arena *a, const struct ports *old, struct ports *ports)
{
	size_t size = ports->count * sizeof *ports->range;
	struct port_range *copy;

	if (ports->count == 0) {
		ports->range = NULL;
		return;
	}
	if (old != NULL && old->count == ports->count &&
	    memcmp(old->range, ports->range, size) == 0) {
		ports->range = old->range;
		return;
	}
	copy = arena_alloc(a, size);
	memcpy(copy, ports->range, size);
	ports->range = copy;
}

static bool
is_same_clause(const struct clause *x, const struct clause *y)
{
	size_t i;

	if (x->op != y->op || !is_equal(x->question, y->question) ||
	    x->values.count != y->values.count)
		return false;
	for (i = 0; i < x->values.count; i++) {
		if (strcmp(x->values.item[i], y->values.item[i]) != 0)
			return false;
	}
	return true;
}

static void
adopt_clauses(struct arena *a, const struct clauses *old, struct clauses *when)
{
	struct clauses copy = {NULL, when->count};
	size_t i;

	if (old != NULL && old->count == when->count) {
		for (i = 0; i < when->count; i++) {
			if (!is_same_clause(&old->item[i], &when->item[i]))
				break;
		}
		if (i == when->count) {
			*when = *old;
			return;
		}
	}
	if (when->count > 0)
		copy.item = arena_array(a, when->count, sizeof *copy.item);
	for (i = 0; i < when->count; i++) {
		copy.item[i] = when->item[i];
		copy.item[i].question =
		    arena_strdup(a, when->item[i].question);
		adopt_list(a, NULL, &copy.item[i].values);
	}
	*when = copy;
}

/* The key names a spec uniquely, so it stands for the rest. */
static bool
has_same_specs(const struct need *old, const struct need *n)
{
	size_t i;

	if (old == NULL || old->nspecs != n->nspecs)
		return false;
	for (i = 0; i < n->nspecs; i++) {
		if (strcmp(old->specs[i].key, n->specs[i].key) != 0 ||
		    old->specs[i].protocol != n->specs[i].protocol)
			return false;
	}
	return true;
}

static void
adopt_specs(struct arena *a, const struct need *old, struct need *n)
{
	struct probe_spec *copy;
	size_t i;

	if (n->nspecs == 0) {
		n->specs = NULL;
		return;
	}
	if (has_same_specs(old, n)) {
		n->specs = old->specs;
		return;
	}
	copy = arena_array(a, n->nspecs, sizeof *copy);
	for (i = 0; i < n->nspecs; i++) {
		copy[i] = n->specs[i];
		adopt_texts(a, NULL, &copy[i], spec_texts, COUNT(spec_texts));
	}
	n->specs = copy;
}

void
need_adopt(struct arena *a, const struct need *old, struct need *n)
{
	const char *base = (const char *)old;
	size_t i;

	if (old != NULL && !is_equal(old->id, n->id))
		old = NULL;
	adopt_texts(a, old, n, need_texts, COUNT(need_texts));
	for (i = 0; i < COUNT(need_lists); i++)
		adopt_list(a,
		    old == NULL ? NULL :
				  (const struct strlist *)(base +
				      need_lists[i]),
		    (struct strlist *)((char *)n + need_lists[i]));
	adopt_ports(a, old == NULL ? NULL : &old->ports, &n->ports);
	adopt_clauses(a, old == NULL ? NULL : &old->when, &n->when);
	adopt_specs(a, old, n);
}
