/* SPDX-License-Identifier: MIT */
/* Owns the life of a record: making it, finding and adding things in it,
 * forgetting what is computed again, and what a run comes to. */
#include "core/record/model.h"

#include <stdio.h>
#include <string.h>

#include "core/base/digest.h"

#ifndef SITEWALK_VERSION
#define SITEWALK_VERSION "0"
#endif

static const char *const clause_ops[] = {
    [CLAUSE_IS] = "is",
    [CLAUSE_NOT] = "not",
    [CLAUSE_ANY_OF] = "any_of",
    [CLAUSE_AT_LEAST] = "at_least",
    [CLAUSE_BELOW] = "below",
};

struct record *
record_new(void)
{
	struct record *r = mem_alloc(sizeof *r);
	char *empty;

	r->arena = arena_new();
	r->judged = arena_new();
	empty = arena_strdup(r->arena, "");
	r->tool_version = arena_strdup(r->arena, SITEWALK_VERSION);
	r->site = (struct site_info){empty, empty, empty, empty, empty, empty,
	    empty, empty, empty, empty, empty, empty};
	r->edition.id = r->edition.supersedes = empty;
	random_bytes(r->secret, sizeof r->secret);
	r->vantage.hostname = empty;
	r->vantage.os = empty;
	r->vantage.interface = empty;
	r->vantage.dhcp = arena_strdup(r->arena, "unknown");
	r->vantage.clock_source = empty;
	return r;
}

void
record_clear_judgement(struct record *r)
{
	size_t i;

	r->needs = NULL;
	r->nneeds = 0;
	r->diagnoses = NULL;
	r->ndiagnoses = 0;
	r->blocks = NULL;
	r->nblocks = 0;
	r->cautions = NULL;
	r->ncautions = 0;
	r->readiness = NOT_READY;
	r->packs = NULL;
	r->npacks = 0;
	for (i = 0; i < r->nanswers; i++)
		r->answers[i].ask = r->answers[i].says = NULL;
	for (i = 0; i < r->ndeviations; i++) {
		r->deviations[i].state = DEVIATION_UNJUDGED;
		r->deviations[i].says = NULL;
	}
	arena_free(r->judged);
	r->judged = arena_new();
	r->judgings++;
}

void
record_clear_run(struct record *r)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++)
		json_decref(r->observations[i].detail);
	for (i = 0; i < r->nearlier; i++)
		json_decref(r->earlier[i].detail);
	r->observations = NULL;
	r->nobservations = 0;
	r->earlier = NULL;
	r->nearlier = 0;
	r->started_us = 0;
	r->ended_us = 0;
	r->complete = false;
}

void
record_free(struct record *r)
{
	if (r == NULL)
		return;
	record_clear_run(r);
	arena_free(r->judged);
	arena_free(r->arena);
	mem_free(r);
}

static struct answer *
find_answer(const struct record *r, const char *product, const char *question)
{
	size_t i;

	for (i = 0; i < r->nanswers; i++) {
		if (strcmp(r->answers[i].product, product) == 0 &&
		    strcmp(r->answers[i].question, question) == 0)
			return &r->answers[i];
	}
	return NULL;
}

const char *
record_answer(const struct record *r, const char *product, const char *question)
{
	const struct answer *a = find_answer(r, product, question);

	return a == NULL ? NULL : a->value;
}

static void
forget_answer(struct record *r, struct answer *a)
{
	struct answer *end = r->answers + r->nanswers;

	memmove(a, a + 1, (size_t)(end - (a + 1)) * sizeof *a);
	r->nanswers--;
}

void
record_set_answer(struct record *r, const char *product, const char *question,
    const char *value)
{
	struct answer *a = find_answer(r, product, question);

	if (value == NULL) {
		if (a != NULL)
			forget_answer(r, a);
		return;
	}
	if (a == NULL) {
		a = arena_push(r->arena, r->answers, r->nanswers);
		a->product = arena_strdup(r->arena, product);
		a->question = arena_strdup(r->arena, question);
	}
	a->value = arena_strdup(r->arena, value);
	a->ask = a->says = NULL;
}

bool
need_is_selected(const struct need *n, const char *only)
{
	return only == NULL || strcmp(only, n->id) == 0 ||
	    strcmp(only, n->product) == 0;
}

struct need *
record_need(const struct record *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		if (strcmp(r->needs[i].id, id) == 0)
			return &r->needs[i];
	}
	return NULL;
}

const char *
record_product_title(const struct record *r, const char *product)
{
	size_t i;

	for (i = 0; i < r->npacks; i++) {
		if (strcmp(r->packs[i].product, product) == 0)
			return r->packs[i].title;
	}
	return product;
}

const struct observation *
record_observation(const struct record *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		if (strcmp(r->observations[i].id, id) == 0)
			return &r->observations[i];
	}
	return NULL;
}

static struct attempt *
copy_attempts(struct arena *a, const struct attempt *from, size_t count)
{
	struct attempt *to;
	size_t i;

	if (count == 0)
		return NULL;
	to = arena_array(a, count, sizeof *to);
	for (i = 0; i < count; i++) {
		to[i] = from[i];
		to[i].result = arena_strdup(a, from[i].result);
		to[i].from = arena_strdup(a, from[i].from);
	}
	return to;
}

struct observation *
record_add_observation(struct record *r, const struct observation *o)
{
	struct observation *copy;
	char *id = o->id == NULL ? record_next_id(r, r->arena) :
				   arena_strdup(r->arena, o->id);

	copy = arena_push(r->arena, r->observations, r->nobservations);
	*copy = *o;
	copy->id = id;
	copy->key = arena_strdup(r->arena, o->key);
	copy->probe = arena_strdup(r->arena, o->probe);
	copy->host = arena_strdup(r->arena, o->host);
	copy->address = arena_strdup(r->arena, o->address);
	copy->offender = arena_strdup(r->arena, o->offender);
	copy->attempts = copy_attempts(r->arena, o->attempts, o->nattempts);
	copy->detail = o->detail == NULL ? json_object() :
					   json_incref(o->detail);
	if (copy->detail == NULL)
		mem_fatal("out of memory");
	return copy;
}

void
observation_withdraw(struct observation *o)
{
	o->rung = RUNG_NONE;
	o->failure = CAUSE_NETWORK_CHANGED;
	o->offender = NULL;
	json_decref(o->detail);
	o->detail = json_object();
	if (o->detail == NULL)
		mem_fatal("out of memory");
}

const char *
port_range_text(const struct port_range *p, char out[PORT_RANGE_SIZE])
{
	if (p->low == p->high)
		snprintf(out, PORT_RANGE_SIZE, "%u", (unsigned)p->low);
	else
		snprintf(out, PORT_RANGE_SIZE, "%u-%u", (unsigned)p->low,
		    (unsigned)p->high);
	return out;
}

char *
ports_text(struct arena *a, const struct ports *p)
{
	char range[PORT_RANGE_SIZE];
	char *text, *end;
	size_t i;

	end = text = arena_alloc(a, p->count * (PORT_RANGE_SIZE + 2) + 1);
	for (i = 0; i < p->count; i++) {
		if (i > 0)
			end = stpncpy(end, ", ", 3);
		end = stpncpy(end, port_range_text(&p->range[i], range),
		    PORT_RANGE_SIZE);
	}
	return text;
}

bool
clause_text_op(const char *name, enum clause_op *op)
{
	size_t i;

	for (i = 0; i < sizeof clause_ops / sizeof *clause_ops; i++) {
		if (strcmp(clause_ops[i], name) == 0) {
			*op = (enum clause_op)i;
			return true;
		}
	}
	return false;
}

const char *
clause_op_name(enum clause_op op)
{
	return (size_t)op < sizeof clause_ops / sizeof *clause_ops ?
	    clause_ops[op] :
	    "";
}

/* How bad one line is for the whole; the exit statuses of this are 0, 3, 1. */
bool
need_works(const struct need *n)
{
	return n->outcome == OUTCOME_PASS || n->outcome == OUTCOME_MARGINAL ||
	    (n->outcome == OUTCOME_WARN && n->rung <= n->required_rung);
}

enum severity { SEVERITY_GOOD, SEVERITY_OPEN, SEVERITY_BAD };

static const enum severity severities[] = {
    [OUTCOME_PASS] = SEVERITY_GOOD,
    [OUTCOME_MARGINAL] = SEVERITY_GOOD,
    [OUTCOME_WARN] = SEVERITY_GOOD,
    [OUTCOME_FAIL] = SEVERITY_BAD,
    [OUTCOME_UNPROVEN] = SEVERITY_OPEN,
    [OUTCOME_BLOCKED_BY] = SEVERITY_OPEN,
    [OUTCOME_NOT_APPLICABLE] = SEVERITY_GOOD,
    [OUTCOME_NOT_RUN] = SEVERITY_OPEN,
    [OUTCOME_TOOL_ERROR] = SEVERITY_OPEN,
    [OUTCOME_WAIVED] = SEVERITY_GOOD,
};

static bool
counts(const struct need *n)
{
	return n->applies && n->outcome != OUTCOME_NOT_APPLICABLE;
}

bool
need_is_alternative(const struct need *a, const struct need *b)
{
	return a->group != NULL && b->group != NULL &&
	    strcmp(a->group, b->group) == 0 &&
	    strcmp(a->product, b->product) == 0;
}

/* Of alternatives one suffices, so the best of them speaks for all. */
static enum severity
severity_of(const struct record *r, const struct need *n)
{
	enum severity best = severities[n->outcome];
	size_t i;

	for (i = 0; n->group != NULL && i < r->nneeds; i++) {
		const struct need *other = &r->needs[i];

		if (counts(other) && need_is_alternative(n, other) &&
		    severities[other->outcome] < best)
			best = severities[other->outcome];
	}
	return best;
}

static bool
is_demanded(const struct need *n)
{
	return counts(n) &&
	    (n->strength == STRENGTH_REQUIRED ||
		n->strength == STRENGTH_MUST_NOT);
}

bool
record_is_blocking(const struct record *r, const struct need *n)
{
	return is_demanded(n) && severity_of(r, n) != SEVERITY_GOOD;
}

static const int statuses[] = {
    [SEVERITY_GOOD] = 0,
    [SEVERITY_OPEN] = 3,
    [SEVERITY_BAD] = 1,
};

int
record_need_status(const struct record *r, const struct need *n)
{
	return is_demanded(n) ? statuses[severity_of(r, n)] : 0;
}

int
record_exit_status(const struct record *r)
{
	enum severity worst = SEVERITY_GOOD, severity;
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		if (!is_demanded(&r->needs[i]))
			continue;
		severity = severity_of(r, &r->needs[i]);
		if (severity > worst)
			worst = severity;
	}
	return statuses[worst];
}

unsigned
ports_number(const struct ports *p)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < p->count; i++)
		n += (unsigned)(p->range[i].high - p->range[i].low) + 1;
	return n;
}
