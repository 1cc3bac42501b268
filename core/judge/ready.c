/* SPDX-License-Identifier: MIT */
/* Owns the answer to "may I leave?", and what stands in its way. */
#include "core/judge/ready.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/deviation.h"

#define MOST_PRODUCTS 1 /* that one line has room for */

/* --- whose it is, and what to do --- */

const char *
ready_owner(enum cause cause, enum zone zone)
{
	static const char *const owner[] = {
	    [ZONE_NONE] = N_("yours"),
	    [ZONE_LAPTOP] = N_("yours, since it is this laptop"),
	    [ZONE_LAN] = N_("whoever runs the site's local network"),
	    [ZONE_GATEWAY] = N_("the customer's IT desk"),
	    [ZONE_SITE_PERIMETER] = N_("the customer's IT desk"),
	    [ZONE_BEYOND_SITE] = N_("the customer's internet provider, or "
				    "the IT desk"),
	    [ZONE_VENDOR] = N_("the vendor of the product"),
	    [ZONE_UNDETERMINED] = N_("not certain; ask the customer's IT desk "
				     "first"),
	};

	if (cause == CAUSE_PERMISSION || cause == CAUSE_CANCELLED ||
	    cause == CAUSE_WRONG_INTERFACE || cause == CAUSE_NETWORK_CHANGED)
		return _(owner[ZONE_LAPTOP]);
	return _(owner[zone]);
}

const char *
ready_todo(enum cause cause, enum zone zone)
{
	static const char *const todo[] = {
	    [ZONE_NONE] = N_("Mend it, then check again."),
	    [ZONE_LAPTOP] = N_("Set this laptop right, then check again."),
	    [ZONE_LAN] = N_("Have the local network mended, then check "
			    "again."),
	    [ZONE_GATEWAY] = N_("Send the change request to the IT desk, then "
				"check again."),
	    [ZONE_SITE_PERIMETER] = N_("Send the change request to the IT "
				       "desk, then check again."),
	    [ZONE_BEYOND_SITE] = N_("Ask the IT desk to take it up with the "
				    "provider."),
	    [ZONE_VENDOR] = N_("Tell the vendor; nothing on the site can mend "
			       "this."),
	    [ZONE_UNDETERMINED] = N_("Send the change request to the IT desk, "
				     "and ask them where it ends."),
	};

	if (cause == CAUSE_CLOCK_SKEW && zone == ZONE_LAPTOP)
		return _("Set the clock of this laptop, then check again.");
	if (cause == CAUSE_PERMISSION)
		return _("Grant the right that is named, then check again.");
	if (cause == CAUSE_CANCELLED || cause == CAUSE_NETWORK_CHANGED)
		return _("Check again, and leave the network alone "
			 "meanwhile.");
	return _(todo[zone]);
}

/* --- gathering --- */

/* A block that is being gathered: lines with the same key are one. */
struct group {
	struct block block;
	const char *key;
	bool alike; /* all lines say the same */
	bool again; /* a check would tell more */
};

struct gathering {
	const struct record *r;
	struct arena *a;
	struct group *item;
	size_t count;
};

static struct group *
find(struct gathering *g, enum block_why why, const char *key, enum cause cause,
    enum zone zone)
{
	size_t i;

	for (i = 0; i < g->count; i++) {
		const struct group *x = &g->item[i];

		if (x->block.why == why && x->block.cause == cause &&
		    x->block.zone == zone && strcmp(x->key, key) == 0)
			return &g->item[i];
	}
	return NULL;
}

static struct group *
add(struct gathering *g, enum block_why why, const char *key)
{
	struct group *x = arena_push(g->a, g->item, g->count);

	memset(x, 0, sizeof *x);
	x->block.why = why;
	x->key = key;
	x->alike = true;
	return x;
}

/* "Z5 video phone", or "5 products" */
static const char *
products_of(const struct gathering *g, const struct strlist *ids)
{
	struct strlist seen = {NULL, 0};
	const struct need *n;
	size_t i;

	for (i = 0; i < ids->count; i++) {
		n = record_need(g->r, ids->item[i]);
		if (n != NULL && !strlist_has(&seen, n->product))
			strlist_add(g->a, &seen, n->product);
	}
	if (seen.count > MOST_PRODUCTS)
		return arena_printf(g->a,
		    P_("%zu product", "%zu products", seen.count), seen.count);
	return seen.count == 0 ? "" : record_product_title(g->r, seen.item[0]);
}

/* Where, what, and for whom, in one line. */
static char *
brief_of(const struct gathering *g, const struct block *b)
{
	static const char *const where[] = {
	    [ZONE_NONE] = N_("Here"),
	    [ZONE_LAPTOP] = N_("On this laptop"),
	    [ZONE_LAN] = N_("In the local network"),
	    [ZONE_GATEWAY] = N_("At the site's gateway"),
	    [ZONE_SITE_PERIMETER] = N_("At the edge of the site"),
	    [ZONE_BEYOND_SITE] = N_("Behind the site's gateway"),
	    [ZONE_VENDOR] = N_("At the vendor's server"),
	    [ZONE_UNDETERMINED] = N_("Somewhere on the way"),
	};

	if (b->cause == CAUSE_NONE ||
	    (b->why != BLOCK_FAILED && b->why != BLOCK_WARNING))
		return arena_strdup(g->a, b->summary);
	return arena_printf(g->a, "%1$s: %2$s (%3$s)", _(where[b->zone]),
	    word_label(&words_cause, (int)b->cause),
	    products_of(g, &b->requirements));
}

static void
say(struct gathering *g, struct group *x, const char *summary,
    const char *owner, const char *todo)
{
	x->block.summary = arena_strdup(g->a, summary);
	x->block.owner = arena_strdup(g->a, owner);
	x->block.todo = arena_strdup(g->a, todo);
	x->block.brief = brief_of(g, &x->block);
}

static bool
is_told(const struct gathering *g, const struct need *n)
{
	size_t i;

	for (i = 0; i < g->count; i++) {
		if (g->item[i].block.why != BLOCK_WARNING &&
		    strlist_has(&g->item[i].block.requirements, n->id))
			return true;
	}
	return false;
}

static struct group *
put(struct gathering *g, const struct need *n, enum block_why why,
    const char *key, enum cause cause, enum zone zone)
{
	struct group *x = find(g, why, key, cause, zone);

	if (x == NULL) {
		x = add(g, why, key);
		x->block.cause = cause;
		x->block.zone = zone;
		x->block.summary = n->summary;
	}
	x->alike = x->alike && strcmp(x->block.summary, n->summary) == 0;
	strlist_add(g->a, &x->block.requirements, n->id);
	return x;
}

/* --- causes --- */

/* One diagnosis, with what it holds up: what it explains, and what could not
 * be tried because of it. Where that is nothing it is a warning. */
static void
gather_diagnosis(struct gathering *g, const struct diagnosis *d)
{
	struct strlist ids = {NULL, 0};
	const struct strlist *lists[] = {&d->explains, &d->clears};
	const struct need *n;
	struct group *x;
	size_t i, k;

	for (k = 0; k < 2; k++) {
		for (i = 0; i < lists[k]->count; i++) {
			n = record_need(g->r, lists[k]->item[i]);
			if (n != NULL && record_is_blocking(g->r, n) &&
			    !strlist_has(&ids, n->id) && !is_told(g, n))
				strlist_add(g->a, &ids, n->id);
		}
	}
	x = add(g, ids.count > 0 ? BLOCK_FAILED : BLOCK_WARNING, "");
	x->block.cause = d->cause;
	x->block.zone = d->zone;
	x->block.requirements = ids.count > 0 ? ids : d->explains;
	say(g, x, d->summary, ready_owner(d->cause, d->zone),
	    d->advice_installer != NULL && d->advice_installer[0] != '\0' ?
		d->advice_installer :
		ready_todo(d->cause, d->zone));
}

/* The same, where no diagnosis explains it. */
static void
gather_failures(struct gathering *g)
{
	size_t i;

	for (i = 0; i < g->r->nneeds; i++) {
		const struct need *n = &g->r->needs[i];

		if (!record_is_blocking(g->r, n) || is_told(g, n))
			continue;
		if (n->outcome == OUTCOME_FAIL)
			put(g, n, BLOCK_FAILED, "one", n->cause, n->zone);
		else if (n->outcome == OUTCOME_BLOCKED_BY)
			put(g, n, BLOCK_PREREQUISITE, "", n->cause, n->zone);
		else if (n->outcome == OUTCOME_TOOL_ERROR)
			put(g, n, BLOCK_TOOL_ERROR, "", CAUSE_NONE, ZONE_NONE);
	}
}

/* What one person accepted until one day ends as one. */
static void
gather_expired(struct gathering *g, const struct need *n,
    const struct deviation *d)
{
	const char *key = arena_printf(g->a, "%s %s", d->expires, d->owner);
	struct group *x = find(g, BLOCK_DEVIATION_EXPIRED, key, CAUSE_NONE,
	    ZONE_NONE);
	size_t count;

	if (x == NULL)
		x = add(g, BLOCK_DEVIATION_EXPIRED, key);
	strlist_add(g->a, &x->block.requirements, n->id);
	count = x->block.requirements.count;
	say(g, x,
	    count == 1 ? arena_printf(g->a,
			     _("The acceptance of \"%1$s\" by %2$s ended on "
			       "%3$s."),
			     n->service, d->owner, d->expires) :
			 arena_printf(g->a,
			     P_("The acceptance of %1$zu line by %2$s ended on "
				"%3$s.",
				 "The acceptance of %1$zu lines by %2$s ended "
				 "on %3$s.",
				 count),
			     count, d->owner, d->expires),
	    d->owner, _("Have it mended, or have it accepted anew."));
}

static void
gather_incomplete(struct gathering *g, const struct need *n,
    const struct deviation *d)
{
	struct group *x = add(g, BLOCK_DEVIATION_INCOMPLETE, d->requirement);

	strlist_add(g->a, &x->block.requirements, n->id);
	say(g, x,
	    arena_printf(g->a,
		_("The acceptance of \"%1$s\" does not count: %2$s"),
		n->service, deviation_problem(d)),
	    ready_owner(CAUSE_NONE, ZONE_NONE),
	    _("Complete the acceptance, or take it back."));
}

static void
gather_deviations(struct gathering *g)
{
	const struct need *n;
	size_t i;

	for (i = 0; i < g->r->ndeviations; i++) {
		const struct deviation *d = &g->r->deviations[i];

		n = record_need(g->r, d->requirement);
		if (n == NULL || !record_is_blocking(g->r, n))
			continue;
		if (d->state == DEVIATION_EXPIRED)
			gather_expired(g, n, d);
		else if (d->state == DEVIATION_INCOMPLETE)
			gather_incomplete(g, n, d);
	}
}

/* --- what is left to do --- */

static bool
is_asked(const struct need *n)
{
	return n->open_question && n->open_ask != NULL;
}

/* A question whose answer says where to: without it there is no probe. */
static bool
wants_answer(const struct need *n)
{
	return n->outcome == OUTCOME_NOT_RUN && n->nspecs == 0 &&
	    n->open_ask != NULL;
}

static char *
questions_text(struct arena *a, const struct strlist *asks, size_t nlines)
{
	char *list = asks->item[0];
	size_t i;

	for (i = 1; i < asks->count; i++)
		list = arena_printf(a, "%s %s", list, asks->item[i]);
	return arena_printf(a,
	    P_("%1$zu line waits for an answer, or may not even apply: %2$s",
		"%1$zu lines wait for an answer, or may not even apply: %2$s",
		nlines),
	    nlines, list);
}

/* All of them are one thing to do. */
static void
gather_questions(struct gathering *g)
{
	struct strlist asks = {NULL, 0};
	struct group *x = NULL;
	size_t i;

	for (i = 0; i < g->r->nneeds; i++) {
		const struct need *n = &g->r->needs[i];

		if (!record_is_blocking(g->r, n) ||
		    (!is_asked(n) && !wants_answer(n)))
			continue;
		if (x == NULL)
			x = add(g, BLOCK_QUESTION, "");
		strlist_add(g->a, &x->block.requirements, n->id);
		if (!strlist_has(&asks, n->open_ask))
			strlist_add(g->a, &asks, n->open_ask);
	}
	if (x == NULL)
		return;
	say(g, x, questions_text(g->a, &asks, x->block.requirements.count),
	    ready_owner(CAUSE_NONE, ZONE_NONE),
	    P_("Answer it, then check again.", "Answer them, then check again.",
		asks.count));
	x->block.brief = arena_printf(g->a,
	    P_("%zu question is not answered yet.",
		"%zu questions are not answered yet.", asks.count),
	    asks.count);
}

/* The check came to its end without it: it was not among the products then, or
 * other answers were given. */
static bool
was_left_out(const struct need *n)
{
	return n->outcome == OUTCOME_NOT_RUN && n->cause == CAUSE_NONE &&
	    n->nspecs > 0 && n->probes.count == 0;
}

static void
gather_rest(struct gathering *g)
{
	size_t i;

	for (i = 0; i < g->r->nneeds; i++) {
		const struct need *n = &g->r->needs[i];

		if (!record_is_blocking(g->r, n) || is_told(g, n))
			continue;
		if (!g->r->complete && n->outcome == OUTCOME_NOT_RUN &&
		    n->cause == CAUSE_NONE && n->probes.count == 0)
			strlist_add(g->a, &g->item[0].block.requirements,
			    n->id); /* its turn has not come */
		else if (n->outcome == OUTCOME_UNPROVEN &&
		    n->cause == CAUSE_CLOCK_SKEW)
			/* Nothing else tells the time; the laptop's owner
			 * can. */
			put(g, n, BLOCK_UNPROVEN, "clock", n->cause,
			    ZONE_LAPTOP);
		else if (n->outcome == OUTCOME_UNPROVEN)
			put(g, n, BLOCK_UNPROVEN, "", CAUSE_NONE, ZONE_NONE);
		else if (was_left_out(n))
			put(g, n, BLOCK_NOT_CHECKED, "left out", CAUSE_NONE,
			    ZONE_NONE)
			    ->again = true;
		else
			put(g, n, BLOCK_NOT_CHECKED,
			    n->cause != CAUSE_NONE ? "" : n->summary, n->cause,
			    ZONE_NONE);
	}
}

/* --- in words --- */

static const char *
left_summary(struct arena *a, const struct group *x)
{
	size_t n = x->block.requirements.count;

	switch (x->block.why) {
	case BLOCK_UNPROVEN:
		return x->alike ?
		    x->block.summary :
		    arena_printf(a,
			P_("%zu line was tried, but cannot be proved from "
			   "this laptop.",
			    "%zu lines were tried, but cannot be proved from "
			    "this laptop.",
			    n),
			n);
	case BLOCK_NOT_CHECKED:
		return x->alike ?
		    x->block.summary :
		    arena_printf(a,
			P_("%1$zu line was not checked: %2$s.",
			    "%1$zu lines were not checked: %2$s.", n),
			n, word_label(&words_cause, (int)x->block.cause));
	default:
		return x->block.summary;
	}
}

static const char *
left_todo(const struct group *x)
{
	switch (x->block.why) {
	case BLOCK_UNPROVEN:
	case BLOCK_NOT_CHECKED:
		if (x->again)
			return _("Check everything again.");
		if (x->block.cause != CAUSE_NONE)
			return ready_todo(x->block.cause, x->block.zone);
		return _("Make sure of it by hand, then have it accepted by "
			 "name.");
	case BLOCK_TOOL_ERROR:
		return _("Check again; if it stays, report it to support.");
	default:
		return ready_todo(x->block.cause, x->block.zone);
	}
}

static void
tell(struct gathering *g)
{
	size_t i;

	for (i = 0; i < g->count; i++) {
		struct group *x = &g->item[i];

		if (x->block.todo != NULL)
			continue;
		say(g, x, left_summary(g->a, x),
		    ready_owner(x->block.cause, x->block.zone), left_todo(x));
	}
}

/* --- the whole --- */

static bool
has_needs(const struct record *r, const char *product)
{
	size_t i = 0;

	while (i < r->nneeds && strcmp(r->needs[i].product, product) != 0)
		i++;
	return i < r->nneeds;
}

/* What nobody can check must not be missing in silence. */
static void
gather_packs(struct gathering *g)
{
	const struct record *r = g->r;
	size_t i;

	for (i = 0; i < r->products.count; i++) {
		const char *id = r->products.item[i];

		if (has_needs(r, id))
			continue;
		say(g, add(g, BLOCK_NOT_CHECKED, id),
		    arena_printf(g->a,
			_("There is no pack for the product \"%s\", so nothing "
			  "of it was checked."),
			id),
		    ready_owner(CAUSE_NONE, ZONE_NONE),
		    _("Add its pack, or take the product off the site, then "
		      "check again."));
	}
}

static void
gather_run(struct gathering *g)
{
	const char *you = ready_owner(CAUSE_NONE, ZONE_NONE);

	gather_packs(g);
	if (g->r->products.count == 0 && g->r->nneeds == 0)
		say(g, add(g, BLOCK_NOTHING_CHOSEN, ""),
		    _("No product is chosen for this site."), you,
		    _("Choose the products, then check."));
	else if (g->r->nneeds > 0 && g->r->started_us == 0)
		say(g, add(g, BLOCK_NEVER_RUN, ""),
		    _("This site was never checked."), you,
		    _("Plug in where the devices will be, and start the "
		      "checks."));
	else if (g->r->nneeds > 0 && !g->r->complete)
		say(g, add(g, BLOCK_RUN_INCOMPLETE, ""),
		    _("The check has not come to its end."), you,
		    _("Let the check run to its end, or check again."));
}

static bool
has_deviations(const struct record *r)
{
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		if (r->needs[i].applies &&
		    r->needs[i].outcome == OUTCOME_WAIVED)
			return true;
	}
	return false;
}

static void
share_out(struct record *r, const struct gathering *g)
{
	size_t i;

	r->nblocks = r->ncautions = 0;
	r->blocks = arena_array(r->judged, g->count, sizeof *r->blocks);
	r->cautions = arena_array(r->judged, g->count, sizeof *r->cautions);
	for (i = 0; i < g->count; i++) {
		if (g->item[i].block.why == BLOCK_WARNING)
			r->cautions[r->ncautions++] = g->item[i].block;
		else
			r->blocks[r->nblocks++] = g->item[i].block;
	}
}

void
ready_judge(struct record *r)
{
	struct gathering g = {r, r->judged, NULL, 0};
	size_t i;

	gather_run(&g);
	if (r->nneeds > 0 && r->started_us != 0) {
		for (i = 0; i < r->ndiagnoses; i++)
			gather_diagnosis(&g, &r->diagnoses[i]);
		gather_failures(&g);
		gather_deviations(&g);
		gather_questions(&g);
		gather_rest(&g);
	}
	tell(&g);
	share_out(r, &g);
	if (r->nblocks > 0)
		r->readiness = NOT_READY;
	else
		r->readiness = has_deviations(r) ? READY_WITH_DEVIATIONS :
						   READY;
}

enum readiness
judge_readiness(const struct record *r)
{
	return r->readiness;
}

const char *
judge_readiness_text(enum readiness x)
{
	return word_label(&words_readiness, (int)x);
}
