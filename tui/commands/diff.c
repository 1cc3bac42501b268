/* SPDX-License-Identifier: MIT */
/* Owns what is told of two versions beside their requirements, and what has to
 * be known before believing it. */
#include "tui/commands/diff.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/export/summary.h"
#include "core/judge/difference.h"
#include "core/judge/judge.h"

/* --- facts ------------------------------------------------------------- */

static void
add_fact(struct diff *d, const char *section, const char *heading,
    const char *label, const char *then, const char *now)
{
	if (strcmp(then == NULL ? "" : then, now == NULL ? "" : now) != 0)
		*arena_push(d->arena, d->fact,
		    d->nfacts) = (struct diff_fact){section, heading, label,
		    then, now};
}

static void
add_differences(struct diff *d)
{
	static const char *const names[DIFFERENCE_SECTIONS] = {
	    [DIFFERENCE_NETWORK] = "network",
	    [DIFFERENCE_PACKS] = "packs",
	    [DIFFERENCE_ANSWERS] = "answers",
	    [DIFFERENCE_EQUIPMENT] = "equipment",
	    [DIFFERENCE_ACCEPTED] = "deviations",
	};
	struct difference x;
	size_t i;

	record_difference(d->arena, d->then.record, d->now.record, &x);
	for (i = 0; i < x.nfacts; i++)
		add_fact(d, names[x.fact[i].section],
		    difference_section_label(x.fact[i].section),
		    x.fact[i].label, x.fact[i].then, x.fact[i].now);
	if (x.other_site)
		strlist_add(d->arena, &d->warnings,
		    arena_printf(d->arena,
			_("The sites have different names, \"%1$s\" and "
			  "\"%2$s\": are these two the same site?"),
			summary_site(d->then.record),
			summary_site(d->now.record)));
	if (x.other_network)
		strlist_add(d->arena, &d->warnings,
		    _("They were not measured from the same network, or its "
		      "gateway was replaced: what changed may be the place and "
		      "not the site."));
}

static const struct deviation *
find_deviation(const struct record *r, const char *requirement)
{
	size_t i;

	for (i = 0; i < r->ndeviations; i++) {
		if (strcmp(r->deviations[i].requirement, requirement) == 0)
			return &r->deviations[i];
	}
	return NULL;
}

/* What is accepted as before can be worth less than before. */
static void
add_states(struct diff *d)
{
	const struct record *r = d->now.record;
	const struct deviation *old;
	size_t i;

	for (i = 0; i < r->ndeviations; i++) {
		old = find_deviation(d->then.record,
		    r->deviations[i].requirement);
		if (old == NULL)
			continue;
		add_fact(d, "deviation_states", _("What acceptances are worth"),
		    r->deviations[i].requirement,
		    word_label(&words_deviation_state, (int)old->state),
		    word_label(&words_deviation_state,
			(int)r->deviations[i].state));
	}
}

static const char *
answer_of(const struct side *v)
{
	return v->has_answer ? judge_readiness_text(v->record->readiness) :
			       NULL;
}

static void
add_answer(struct diff *d)
{
	add_fact(d, "readiness", _("May I leave?"), _("The answer"),
	    answer_of(&d->then), answer_of(&d->now));
}

/* --- packs ------------------------------------------------------------- */

static const struct pack *
find_pack(const struct side *v, const char *product)
{
	size_t i;

	for (i = 0; i < v->npacks; i++) {
		if (strcmp(v->pack[i]->product, product) == 0)
			return v->pack[i];
	}
	return NULL;
}

static void
add_questions(struct diff *d, const struct pack *then, const struct pack *now)
{
	const struct question *other;
	size_t i;

	for (i = 0; now != NULL && i < now->nquestions; i++) {
		const struct question *q = &now->questions[i];

		other = then == NULL ? NULL : pack_question(then, q->id);
		add_fact(d, "questions", _("Questions"),
		    arena_printf(d->arena, "%s.%s", now->product, q->id),
		    other == NULL ? NULL : pack_text(other->ask),
		    pack_text(q->ask));
	}
	for (i = 0; then != NULL && i < then->nquestions; i++) {
		const struct question *q = &then->questions[i];

		if (now == NULL || pack_question(now, q->id) == NULL)
			add_fact(d, "questions", _("Questions"),
			    arena_printf(d->arena, "%s.%s", then->product,
				q->id),
			    pack_text(q->ask), NULL);
	}
}

static void
add_packs(struct diff *d)
{
	size_t i;

	for (i = 0; i < d->now.npacks; i++)
		add_questions(d, find_pack(&d->then, d->now.pack[i]->product),
		    d->now.pack[i]);
	for (i = 0; i < d->then.npacks; i++) {
		if (find_pack(&d->now, d->then.pack[i]->product) == NULL)
			add_questions(d, d->then.pack[i], NULL);
	}
}

/* --- before believing it ----------------------------------------------- */

static void
warn_seal(struct diff *d, const char *side, const struct side *v)
{
	if (v->kind == SIDE_HANDOVER &&
	    (v->seal.verdict != SEAL_SIGNED ||
		(v->seal.judged && v->seal.allowed != ALLOWED_YES)))
		strlist_add(d->arena, &d->warnings,
		    arena_printf(d->arena, "%s: %s", side, v->seal.why));
}

static void
warn_left_out(struct diff *d, const struct side *v)
{
	size_t i;

	for (i = 0; i < v->left_out.count; i++)
		strlist_add(d->arena, &d->warnings, v->left_out.item[i]);
}

static void
warn_order(struct diff *d)
{
	int64_t then = side_when(&d->then), now = side_when(&d->now);

	if (then != 0 && now != 0 && then > now)
		strlist_add(d->arena, &d->warnings,
		    _("What is named first is the newer one: \"then\" is after "
		      "\"now\"."));
}

/* Both are told as they were judged, so that another program or another pack
 * can be why they differ. */
static void
warn_program(struct diff *d)
{
	const char *then = d->then.record->tool_version;
	const char *now = d->now.record->tool_version;

	if (strcmp(then, now) != 0)
		strlist_add(d->arena, &d->warnings,
		    arena_printf(d->arena,
			_("They were judged by different versions of sitewalk, "
			  "%1$s and %2$s: what differs may be the judging. "
			  "\"sitewalk judge FILE\" judges one again."),
			then, now));
}

void
diff_make(struct diff *d)
{
	const struct side *then = &d->then, *now = &d->now;
	bool packs = now->kind == SIDE_PACKS;
	struct impact_sides sides = {then->record->needs, now->record->needs,
	    then->record->nneeds, now->record->nneeds, !packs,
	    now->kind == SIDE_REQUEST && now->request.partial};

	warn_seal(d, _("Then"), then);
	warn_seal(d, _("Now"), now);
	warn_left_out(d, then);
	warn_left_out(d, now);
	warn_order(d);
	if (!packs)
		warn_program(d);
	if (then->kind == SIDE_REQUEST && then->request.partial)
		strlist_add(d->arena, &d->warnings,
		    _("The older request lists only what was in the way then: "
		      "what is new here may have been let through already."));
	impact_find(d->arena, &sides, &d->impacts);
	add_answer(d);
	add_differences(d);
	add_states(d);
	add_packs(d);
}
