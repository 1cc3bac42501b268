/* SPDX-License-Identifier: MIT */
/* Owns what only a whole pack shows: ids that are there twice, references to
 * nothing, conditions that cannot be, circles, requirements that no step
 * checks. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/pack/answer_value.h"
#include "core/pack/draft.h"

/* Child i of the list under key; NULL where the file has no such list. */
static const struct node *
child_at(const struct node *map, const char *key, size_t i)
{
	const struct node *list = node_get(map, key), *n;

	if (list == NULL || list->kind != NODE_LIST)
		return NULL;
	for (n = list->first; n != NULL && i > 0; i--)
		n = n->next;
	return n;
}

/* The requirement with a short id. */
static const struct requirement *
find_short(const struct pack *p, const char *id)
{
	size_t prefix = strlen(p->product) + 1, i;

	for (i = 0; i < p->nrequirements; i++) {
		if (strcmp(p->requirements[i].id + prefix, id) == 0)
			return &p->requirements[i];
	}
	return NULL;
}

/* --- ids that are there twice --- */

struct seen {
	struct strlist ids;
};

static void
see(struct binder *b, struct seen *seen, const char *id, struct place place)
{
	if (id == NULL)
		return;
	if (strlist_has(&seen->ids, id))
		report_mistake(b->report, place,
		    _("The id \"%s\" is there twice."), id);
	else
		strlist_add(b->arena, &seen->ids, id);
}

static void
check_item_ids(struct binder *b, const struct node *step, const char *key,
    const struct step_item *items, size_t count, struct seen *seen)
{
	const struct node *n = child_at(step, key, 0);
	size_t i;

	for (i = 0; i < count && n != NULL; i++, n = n->next)
		see(b, seen, items[i].id, node_place(n, "id"));
}

/* What is written down is kept by product and id, so across all steps; what
 * is confirmed is kept by step and id. */
static void
check_step_ids(struct binder *b, const struct draft_pack *d)
{
	const struct node *n = child_at(d->root, "steps", 0);
	struct seen steps = {{0}}, written = {{0}};
	size_t i;

	for (i = 0; i < d->nsteps && n != NULL; i++, n = n->next) {
		const struct step *s = &d->steps[i];
		struct seen confirmed = {{0}};

		see(b, &steps, s->id, node_place(n, "id"));
		check_item_ids(b, n, "confirm", s->confirm, s->nconfirm,
		    &confirmed);
		check_item_ids(b, n, "write_down", s->write_down,
		    s->nwrite_down, &written);
	}
}

static void
check_ids(struct binder *b, const struct draft_pack *d)
{
	const struct node *n = child_at(d->root, "questions", 0);
	struct seen questions = {{0}}, requirements = {{0}};
	size_t i, k;

	for (i = 0; i < d->nquestions && n != NULL; i++, n = n->next)
		see(b, &questions, d->questions[i].id, node_place(n, "id"));
	for (i = 0; i < d->nservices; i++) {
		const struct draft_service *s = &d->services[i];

		for (k = 0; k < s->nrequirements; k++) {
			const struct draft_requirement *r = &s->requirements[k];

			if (r->node != NULL)
				see(b, &requirements, r->id,
				    node_place(r->node, "id"));
		}
	}
	check_step_ids(b, d);
}

/* --- references --- */

static void
check_question_ref(struct binder *b, const struct pack *p,
    const struct ref *ref)
{
	const struct question *q = pack_question(p, ref->text);

	if (q == NULL) {
		report_mistake(b->report, ref->place,
		    _("There is no question \"%s\" in this pack."), ref->text);
		return;
	}
	if ((int)q->type < 0)
		return;
	if (ref->kind == REF_PORT_QUESTION && q->type != QUESTION_PORT)
		report_mistake(b->report, ref->place,
		    _("The question \"%s\" does not ask for a port."),
		    ref->text);
	if (ref->kind == REF_HOST_QUESTION && q->type != QUESTION_HOST &&
	    q->type != QUESTION_ADDRESS)
		report_mistake(b->report, ref->place,
		    _("The question \"%s\" asks for neither a host nor an "
		      "address."),
		    ref->text);
}

static void
check_need_ref(struct binder *b, const struct pack *p, const struct ref *ref)
{
	size_t prefix = strlen(p->product);

	/* What other packs have is looked up where they are known. */
	if (strncmp(ref->text, p->product, prefix) != 0 ||
	    ref->text[prefix] != '.')
		return;
	if (pack_requirement(p, ref->text) == NULL)
		report_mistake(b->report, ref->place,
		    _("There is no requirement \"%s\" in this pack."),
		    ref->text + prefix + 1);
}

static void
check_refs(struct binder *b, const struct pack *p)
{
	struct seen checked = {{0}};
	size_t i;

	for (i = 0; i < b->nrefs; i++) {
		const struct ref *ref = &b->refs[i];

		if (ref->kind == REF_NEED) {
			check_need_ref(b, p, ref);
		} else if (ref->kind != REF_CHECK) {
			check_question_ref(b, p, ref);
		} else if (find_short(p, ref->text) == NULL) {
			report_mistake(b->report, ref->place,
			    _("There is no requirement \"%s\" in this pack."),
			    ref->text);
		} else if (strlist_has(&checked.ids, ref->text)) {
			report_mistake(b->report, ref->place,
			    _("The requirement \"%s\" is checked by an earlier "
			      "step already."),
			    ref->text);
		} else {
			strlist_add(b->arena, &checked.ids, ref->text);
		}
	}
}

static void
check_covered(struct binder *b, const struct pack *p)
{
	size_t prefix = strlen(p->product) + 1, i;

	for (i = 0; i < p->nrequirements; i++) {
		const struct requirement *r = &p->requirements[i];

		if (pack_step_of(p, r->id) == NULL)
			report_mistake(b->report, r->place,
			    _("No step checks the requirement \"%s\"."),
			    r->id + prefix);
	}
}

/* --- conditions --- */

static const struct node *
value_node(const struct node *clause, const struct clause *c, size_t i)
{
	const char *key = clause_op_name(c->op);

	return c->op == CLAUSE_ANY_OF ? child_at(clause, key, i) :
					node_get(clause, key);
}

static void
check_clause_values(struct binder *b, const struct node *n,
    const struct question *q, const struct clause *c)
{
	const struct node *value;
	size_t i;

	if ((c->op == CLAUSE_AT_LEAST || c->op == CLAUSE_BELOW) &&
	    q->type != QUESTION_VERSION && q->type != QUESTION_NUMBER &&
	    q->type != QUESTION_PORT) {
		report_mistake(b->report, node_place(n, clause_op_name(c->op)),
		    _("\"%s\" compares versions and numbers only."),
		    clause_op_name(c->op));
		return;
	}
	for (i = 0; i < c->values.count; i++) {
		value = value_node(n, c, i);
		if (!answer_is_valid(q, c->values.item[i]))
			report_mistake(b->report,
			    value == NULL ? n->place : value->place,
			    _("\"%s\" is no valid answer to the question "
			      "\"%s\"."),
			    c->values.item[i], q->id);
	}
}

/* n is the mapping that has the "when". Questions from `limit` on must not
 * be used: they are asked later. */
static void
check_when(struct binder *b, const struct pack *p, const struct node *n,
    const struct clauses *when, size_t limit)
{
	const struct node *clause = child_at(n, "when", 0);
	const struct question *q;
	size_t i;

	for (i = 0; i < when->count && clause != NULL; i++) {
		const struct clause *c = &when->item[i];

		q = c->question == NULL ? NULL : pack_question(p, c->question);
		if (q != NULL && (int)q->type >= 0)
			check_clause_values(b, clause, q, c);
		if (q != NULL && (size_t)(q - p->questions) >= limit)
			report_mistake(b->report,
			    node_place(clause, "question"),
			    _("The question \"%s\" is asked later, so nothing "
			      "here can depend on it."),
			    c->question);
		clause = clause->next;
	}
}

/* How far a question hangs on others: conditions are worked out each time
 * that they are looked at, so the chain must be short. */
static void
check_when_depth(struct binder *b, const struct draft_pack *d,
    const struct pack *p)
{
	unsigned *depth = arena_array(b->arena, p->nquestions, sizeof *depth);
	const struct question *q;
	size_t i, k, other;

	for (i = 0; i < p->nquestions; i++) {
		const struct clauses *when = &p->questions[i].when;

		for (k = 0; k < when->count; k++) {
			q = when->item[k].question == NULL ?
			    NULL :
			    pack_question(p, when->item[k].question);
			other = q == NULL ? i : (size_t)(q - p->questions);
			if (other < i && depth[other] >= depth[i])
				depth[i] = depth[other] + 1;
		}
		if (depth[i] == WHEN_DEPTH_MAX + 1)
			report_mistake(b->report,
			    node_place(child_at(d->root, "questions", i),
				"when"),
			    _("This question depends on a row of more than %d "
			      "others."),
			    WHEN_DEPTH_MAX);
	}
}

static void
check_conditions(struct binder *b, const struct draft_pack *d,
    const struct pack *p)
{
	const struct node *n;
	size_t i, k;

	check_when_depth(b, d, p);
	n = child_at(d->root, "questions", 0);
	for (i = 0; i < d->nquestions && n != NULL; i++, n = n->next)
		check_when(b, p, n, &d->questions[i].when, i);
	for (i = 0; i < d->nservices; i++) {
		const struct draft_service *s = &d->services[i];

		check_when(b, p, s->node, &s->common.when, SIZE_MAX);
		for (k = 0; k < s->nrequirements; k++)
			check_when(b, p, s->requirements[k].node,
			    &s->requirements[k].common.when, SIZE_MAX);
	}
	n = child_at(d->root, "steps", 0);
	for (i = 0; i < d->nsteps && n != NULL; i++, n = n->next)
		check_when(b, p, n, &d->steps[i].when, SIZE_MAX);
}

/* --- groups and prerequisites --- */

static void
check_groups(struct binder *b, const struct draft_pack *d, const struct pack *p)
{
	size_t i, k, other, members;

	for (i = 0; i < d->nservices; i++) {
		for (k = 0; k < d->services[i].nrequirements; k++) {
			const struct draft_requirement
			    *r = &d->services[i].requirements[k];

			if (r->group == NULL)
				continue;
			members = 0;
			for (other = 0; other < p->nrequirements; other++) {
				const char *g = p->requirements[other].group;

				members += g != NULL &&
				    strcmp(g, r->group) == 0;
			}
			if (members < 2)
				report_mistake(b->report,
				    node_place(r->node, "group"),
				    _("The group \"%s\" has one member only, "
				      "so there is no alternative."),
				    r->group);
		}
	}
}

enum colour { WHITE, GREY, BLACK };

struct circle {
	struct binder *b;
	const struct pack *p;
	enum colour *colour;
	size_t *next; /* prerequisite to look at, per requirement */
	size_t *stack;
	size_t depth;
};

static void
enter(struct circle *c, size_t index)
{
	c->colour[index] = GREY;
	c->stack[c->depth++] = index;
}

/* Looks at one prerequisite of the requirement on top of the stack. */
static void
follow(struct circle *c)
{
	size_t top = c->stack[c->depth - 1], target;
	const struct requirement *r = &c->p->requirements[top], *need;

	if (c->next[top] == r->needs.count) {
		c->colour[top] = BLACK;
		c->depth--;
		return;
	}
	need = pack_requirement(c->p, r->needs.item[c->next[top]++]);
	if (need == NULL)
		return;
	target = (size_t)(need - c->p->requirements);
	if (c->colour[target] == WHITE)
		enter(c, target);
	else if (c->colour[target] == GREY)
		report_mistake(c->b->report, r->place,
		    _("The prerequisites go round in a circle: \"%s\" needs "
		      "\"%s\", which needs it in turn."),
		    r->id, need->id);
}

static void
check_circles(struct binder *b, const struct pack *p)
{
	struct circle c = {.b = b, .p = p};
	size_t i, n = p->nrequirements;

	c.colour = arena_array(b->arena, n, sizeof *c.colour);
	c.next = arena_array(b->arena, n, sizeof *c.next);
	c.stack = arena_array(b->arena, n, sizeof *c.stack);
	for (i = 0; i < n; i++) {
		if (c.colour[i] != WHITE)
			continue;
		enter(&c, i);
		while (c.depth > 0)
			follow(&c);
	}
}

void
draft_check(struct binder *b, const struct draft_pack *d, const struct pack *p)
{
	check_ids(b, d);
	check_refs(b, p);
	check_conditions(b, d, p);
	check_groups(b, d, p);
	check_circles(b, p);
	check_covered(b, p);
}
