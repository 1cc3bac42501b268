/* SPDX-License-Identifier: MIT */
/* Owns what a change of a requirement asks of those who run the network. */
#include "core/judge/impact.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/i18n.h"

#define SUMMARY_BYTES 2048

static const struct {
	const char *name;
	const char *label;
	const char *count; /* for the summary; of one and of many alike */
	const char *means;
} words[IMPACT_COUNT] = {
    [IMPACT_REGRESSED] = {"regressed", N_("Worked, and fails now"),
	N_("%zu regressed"), N_("It worked then, and it fails now.")},
    [IMPACT_FAILING] = {"newly_failing", N_("Was not known, and fails now"),
	N_("%zu newly failing"),
	N_("It was not known then, and it fails now.")},
    [IMPACT_ACCESS_ADDED] = {"access_added", N_("Access added"),
	N_("%zu access added"),
	N_("The firewall must let this through, and it was not asked before.")},
    [IMPACT_ACCESS_WIDENED] = {"access_changed", N_("Access changed"),
	N_("%zu access changed"),
	N_("What the firewall must let through is not what it was.")},
    [IMPACT_CONDITION_ADDED] = {"condition_added", N_("Condition added"),
	N_("%zu condition added"),
	N_("The network must keep this, and it was not asked before.")},
    [IMPACT_CONDITION_CHANGED] = {"condition_changed", N_("Condition changed"),
	N_("%zu condition changed"),
	N_("What the network must keep is not what it was.")},
    [IMPACT_REQUIRED] = {"now_required", N_("Was optional, and is required"),
	N_("%zu now required"),
	N_("The product could do without it, and now it cannot.")},
    [IMPACT_UNPROVEN] = {"newly_unproven", N_("Was known, and is not now"),
	N_("%zu newly unproven"),
	N_("It was known then, and now it could not be decided.")},
    [IMPACT_UNTESTED] = {"no_longer_tested", N_("Was tested, and is not now"),
	N_("%zu no longer tested"),
	N_("It was tested then, and not this time: nothing is known of it "
	   "now.")},
    [IMPACT_OTHERWISE] = {"otherwise", N_("As good as before, but otherwise"),
	N_("%zu otherwise"),
	N_("It is neither better nor worse, but not the same.")},
    [IMPACT_UNREQUIRED] = {"no_longer_required",
	N_("Was required, and is not now"), N_("%zu no longer required"),
	N_("The product needed it, and now it can do without.")},
    [IMPACT_ACCESS_NARROWED] = {"access_narrowed", N_("Access narrowed"),
	N_("%zu access narrowed"),
	N_("The firewall may let through less than before.")},
    [IMPACT_ACCESS_REMOVED] = {"access_no_longer_needed",
	N_("Access no longer needed"), N_("%zu access no longer needed"),
	N_("The firewall may close this again, unless something else needs "
	   "it.")},
    [IMPACT_CONDITION_REMOVED] = {"condition_no_longer_needed",
	N_("Condition no longer needed"), N_("%zu condition no longer needed"),
	N_("Nobody asks this of the network any more.")},
    [IMPACT_UNLISTED] = {"no_longer_listed", N_("Not in the newer request"),
	N_("%zu no longer listed"),
	N_("The newer request lists only what is in the way: this may work "
	   "now, or be needed no more.")},
    [IMPACT_CLEARED] = {"cleared", N_("Failed, and works now"),
	N_("%zu cleared"), N_("It failed then, and it works now.")},
    [IMPACT_PROVEN] = {"newly_proven", N_("Was not known, and works now"),
	N_("%zu newly proven"), N_("It was not known then, and it works now.")},
};

const char *
impact_name(enum impact i)
{
	return words[i].name;
}

const char *
impact_label(enum impact i)
{
	return _(words[i].label);
}

bool
impact_is_worse(const struct impacts *list)
{
	int i;

	for (i = 0; i < IMPACT_OTHERWISE; i++) {
		if (list->of[i] > 0)
			return true;
	}
	return false;
}

char *
impact_summary(struct arena *a, const struct impacts *list)
{
	struct buf b;
	char *text;
	int i;

	buf_init(&b, SUMMARY_BYTES);
	for (i = 0; i < IMPACT_COUNT; i++) {
		if (list->of[i] == 0)
			continue;
		buf_adds(&b, b.len > 0 ? ", " : "");
		buf_addf(&b, _(words[i].count), list->of[i]);
	}
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

/* --- what is asked for ------------------------------------------------- */

static bool
is_same_text(const char *x, const char *y)
{
	return strcmp(x == NULL ? "" : x, y == NULL ? "" : y) == 0;
}

bool
impact_is_access(const struct need *n)
{
	return n->protocol != PROTO_NONE && n->strength != STRENGTH_MUST_NOT;
}

char *
impact_flow(struct arena *a, const struct need *n)
{
	const char *what = word_label(&words_protocol, (int)n->protocol);
	const char *to = n->to.name;

	if (n->protocol == PROTO_NONE)
		return arena_strdup(a,
		    n->application != NULL ? n->application : "");
	if (n->ports.count > 0)
		what = arena_printf(a, "%s %s", what, ports_text(a, &n->ports));
	if (to == NULL || *to == '\0')
		return arena_printf(a, _("%1$s to: %2$s"), what,
		    word_label(&words_dest_kind, (int)n->to.kind));
	return arena_printf(a, _("%1$s to %2$s"), what, to);
}

static bool
is_port_in(const struct ports *p, uint32_t low, uint32_t high)
{
	bool moved = true;
	size_t i;

	/* Two ranges side by side hold what lies across both. */
	while (moved && low <= high) {
		moved = false;
		for (i = 0; i < p->count; i++) {
			if (p->range[i].low <= low && p->range[i].high >= low) {
				low = (uint32_t)p->range[i].high + 1;
				moved = true;
			}
		}
	}
	return low > high;
}

/* Everything that p asks for is in `in`; no ports at all mean all of the
 * protocol. */
static bool
are_ports_in(const struct ports *in, const struct ports *p)
{
	size_t i;

	if (in->count == 0 || p->count == 0)
		return in->count == 0;
	for (i = 0; i < p->count; i++) {
		if (!is_port_in(in, p->range[i].low, p->range[i].high))
			return false;
	}
	return true;
}

/* What a peer is called depends on the language of the papers; which one it
 * is, its question says. */
static bool
is_same_place(const struct need *x, const struct need *y)
{
	return x->direction == y->direction && x->protocol == y->protocol &&
	    x->to.kind == y->to.kind &&
	    (x->to.kind == DEST_PEER ? is_same_text(x->to.from, y->to.from) :
				       is_same_text(x->to.name, y->to.name));
}

/* Is nothing in `now` that `then` did not permit? A wildcard without a depth
 * permits every depth. */
static bool
is_within(const struct need *then, const struct need *now)
{
	if (!is_same_place(then, now) ||
	    !are_ports_in(&then->ports, &now->ports))
		return false;
	return (then->to.depth == 0 || then->to.depth == now->to.depth) &&
	    (then->to.apex || !now->to.apex);
}

/* IMPACT_COUNT: it asks for the same. What a condition is stands in words
 * alone; of two packs these are in one language, of papers they need not be. */
static enum impact
asked_impact(const struct need *then, const struct need *now, bool judged)
{
	bool access = impact_is_access(now);

	if (access != impact_is_access(then))
		return access ? IMPACT_ACCESS_ADDED : IMPACT_CONDITION_ADDED;
	if (!access)
		return (judged ||
			   is_same_text(then->application, now->application)) &&
			is_same_place(then, now) &&
			is_within(then, now) == is_within(now, then) ?
		    IMPACT_COUNT :
		    IMPACT_CONDITION_CHANGED;
	if (!is_within(then, now))
		return IMPACT_ACCESS_WIDENED;
	return is_within(now, then) ? IMPACT_COUNT : IMPACT_ACCESS_NARROWED;
}

/* --- how it stands ----------------------------------------------------- */

enum standing { STANDS_GOOD, STANDS_UNKNOWN, STANDS_BAD, STANDS_UNTRIED };

static enum standing
standing_of(const struct need *n)
{
	int outcome = (int)n->outcome;

	/* What is accepted is not mended. */
	if (outcome == OUTCOME_WAIVED &&
	    (n->accepted == NULL ||
		!word_parse(&words_outcome, n->accepted, &outcome)))
		outcome = OUTCOME_FAIL;
	switch ((enum outcome)outcome) {
	case OUTCOME_PASS:
	case OUTCOME_MARGINAL:
		return STANDS_GOOD;
	case OUTCOME_WARN:
		return need_works(n) ? STANDS_GOOD : STANDS_BAD;
	case OUTCOME_FAIL:
	case OUTCOME_WAIVED:
		return STANDS_BAD;
	case OUTCOME_NOT_RUN:
	case OUTCOME_NOT_APPLICABLE:
		return STANDS_UNTRIED;
	default:
		return STANDS_UNKNOWN;
	}
}

static bool
is_judged_alike(const struct need *x, const struct need *y)
{
	return x->outcome == y->outcome && x->rung == y->rung &&
	    x->cause == y->cause && x->path == y->path && x->zone == y->zone;
}

static enum impact
judged_impact(const struct need *then, const struct need *now)
{
	static const enum impact of[4][4] = {
	    [STANDS_GOOD] = {IMPACT_OTHERWISE, IMPACT_UNPROVEN,
		IMPACT_REGRESSED, IMPACT_UNTESTED},
	    [STANDS_UNKNOWN] = {IMPACT_PROVEN, IMPACT_OTHERWISE, IMPACT_FAILING,
		IMPACT_UNTESTED},
	    [STANDS_BAD] = {IMPACT_CLEARED, IMPACT_UNPROVEN, IMPACT_OTHERWISE,
		IMPACT_UNTESTED},
	    [STANDS_UNTRIED] = {IMPACT_PROVEN, IMPACT_OTHERWISE, IMPACT_FAILING,
		IMPACT_OTHERWISE},
	};

	if (is_judged_alike(then, now))
		return IMPACT_COUNT;
	return of[standing_of(then)][standing_of(now)];
}

static enum impact
strength_impact(const struct need *then, const struct need *now)
{
	bool was = then->strength == STRENGTH_REQUIRED ||
	    then->strength == STRENGTH_MUST_NOT;
	bool is = now->strength == STRENGTH_REQUIRED ||
	    now->strength == STRENGTH_MUST_NOT;

	if (was == is)
		return IMPACT_COUNT;
	return is ? IMPACT_REQUIRED : IMPACT_UNREQUIRED;
}

/* --- the list ---------------------------------------------------------- */

struct list {
	struct arena *a;
	struct impact_row *row;
	size_t count;
};

static void
add(struct list *l, enum impact impact, const struct need *then,
    const struct need *now)
{
	if (impact != IMPACT_COUNT)
		*arena_push(l->a, l->row,
		    l->count) = (struct impact_row){impact, then, now};
}

/* The needs of one side by id; of several with one id the first counts. */
struct index {
	const struct need **item;
	size_t count;
};

static int
by_id(const void *x, const void *y)
{
	const struct need *const *a = x, *const *b = y;
	int order = strcmp((*a)->id, (*b)->id);

	if (order != 0)
		return order;
	return *a < *b ? -1 : *a > *b;
}

static int
same_id(const void *x, const void *y)
{
	const struct need *const *a = x, *const *b = y;

	return strcmp((*a)->id, (*b)->id);
}

static struct index
make_index(struct arena *a, const struct need *list, size_t count)
{
	struct index x = {arena_array(a, count + 1, sizeof *x.item), 0};
	size_t i, kept = 0;

	for (i = 0; i < count; i++) {
		if (list[i].applies)
			x.item[x.count++] = &list[i];
	}
	if (x.count > 0)
		qsort(x.item, x.count, sizeof *x.item, by_id);
	for (i = 0; i < x.count; i++) {
		if (kept == 0 ||
		    strcmp(x.item[kept - 1]->id, x.item[i]->id) != 0)
			x.item[kept++] = x.item[i];
	}
	x.count = kept;
	return x;
}

static const struct need *
find(const struct index *x, const struct need *like)
{
	const struct need **found;

	if (x->count == 0)
		return NULL;
	found = bsearch(&like, x->item, x->count, sizeof *x->item, same_id);
	return found != NULL ? *found : NULL;
}

static bool
compare(struct list *l, const struct need *then, const struct need *now,
    bool judged)
{
	size_t before = l->count;

	add(l, asked_impact(then, now, judged), then, now);
	add(l, strength_impact(then, now), then, now);
	if (judged)
		add(l, judged_impact(then, now), then, now);
	return l->count == before;
}

static void
sort(const struct list *l, struct impacts *out)
{
	size_t i;
	int k;

	out->row = arena_array(l->a, l->count + 1, sizeof *out->row);
	for (k = 0; k < IMPACT_COUNT; k++) {
		for (i = 0; i < l->count; i++) {
			if ((int)l->row[i].impact != k)
				continue;
			out->row[out->count++] = l->row[i];
			out->of[k]++;
		}
	}
}

static void
add_new(struct list *l, const struct need *n, bool judged)
{
	add(l,
	    impact_is_access(n) ? IMPACT_ACCESS_ADDED : IMPACT_CONDITION_ADDED,
	    NULL, n);
	/* What is new can fail at once. */
	if (judged && standing_of(n) == STANDS_BAD)
		add(l, IMPACT_FAILING, NULL, n);
}

static enum impact
gone_impact(const struct need *n, bool partial)
{
	if (partial)
		return IMPACT_UNLISTED;
	return impact_is_access(n) ? IMPACT_ACCESS_REMOVED :
				     IMPACT_CONDITION_REMOVED;
}

/* Is it the one of its id that counts? */
static bool
counts(const struct index *x, const struct need *n)
{
	return n->applies && find(x, n) == n;
}

void
impact_find(struct arena *a, const struct impact_sides *s, struct impacts *out)
{
	struct index then = make_index(a, s->then, s->nthen);
	struct index now = make_index(a, s->now, s->nnow);
	struct list l = {.a = a};
	const struct need *old;
	size_t i;

	memset(out, 0, sizeof *out);
	for (i = 0; i < s->nnow; i++) {
		if (!counts(&now, &s->now[i]))
			continue;
		old = find(&then, &s->now[i]);
		if (old == NULL)
			add_new(&l, &s->now[i], s->judged);
		else
			out->same += compare(&l, old, &s->now[i], s->judged);
	}
	for (i = 0; i < s->nthen; i++) {
		if (counts(&then, &s->then[i]) &&
		    find(&now, &s->then[i]) == NULL)
			add(&l, gone_impact(&s->then[i], s->partial),
			    &s->then[i], NULL);
	}
	sort(&l, out);
}

/* --- in words ---------------------------------------------------------- */

static const char *
judgement(struct arena *a, const struct need *n)
{
	const char *outcome = word_label(&words_outcome, (int)n->outcome);

	if (n->cause == CAUSE_NONE)
		return outcome;
	return arena_printf(a, _("%1$s, %2$s (%3$s)"), outcome,
	    word_label(&words_cause, (int)n->cause),
	    word_label(&words_zone, (int)n->zone));
}

char *
impact_sentence(struct arena *a, const struct impact_row *row)
{
	const struct need *n = row->now != NULL ? row->now : row->then;
	const char *means = _(words[row->impact].means);

	switch (row->impact) {
	case IMPACT_ACCESS_WIDENED:
	case IMPACT_ACCESS_NARROWED:
	case IMPACT_CONDITION_CHANGED:
		return arena_printf(a, _("%1$s Then: %2$s. Now: %3$s."), means,
		    impact_flow(a, row->then), impact_flow(a, row->now));
	case IMPACT_ACCESS_ADDED:
	case IMPACT_ACCESS_REMOVED:
	case IMPACT_CONDITION_ADDED:
	case IMPACT_CONDITION_REMOVED:
	case IMPACT_UNLISTED:
	case IMPACT_REQUIRED:
	case IMPACT_UNREQUIRED:
		return arena_printf(a, "%s %s.", means, impact_flow(a, n));
	default:
		if (row->then == NULL)
			return arena_printf(a,
			    _("It was not asked for then, and it fails now: "
			      "%s."),
			    judgement(a, n));
		return arena_printf(a, _("%1$s Then: %2$s. Now: %3$s."), means,
		    judgement(a, row->then), judgement(a, n));
	}
}
