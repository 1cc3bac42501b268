/* SPDX-License-Identifier: MIT */
/* From observations to judgements: of several specs the worst speaks for the
 * requirement, and then what the strength and the alternatives make of it. */
#include "core/judge/judge.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/deviation.h"
#include "core/judge/ready.h"
#include "core/judge/diagnose.h"
#include "core/judge/judges.h"
#include "core/judge/sentences.h"
#include "core/judge/standing.h"
#include "core/judge/verdict.h"

static void
set_judgement(struct need *n, const struct verdict *v)
{
	n->outcome = v->outcome;
	n->rung = v->rung;
	n->cause = v->cause;
	n->path = v->path;
	n->zone = v->zone;
}

/* A name that only optional lines need may be gone without harm. */
static bool
is_optional_name(const struct record *r, const struct need *dns,
    const char *host)
{
	bool found = false;
	size_t i, k;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!n->applies || n == dns ||
		    strcmp(n->product, dns->product) != 0 ||
		    strcmp(n->probe_type, dns->probe_type) == 0)
			continue;
		for (k = 0; k < n->nspecs; k++) {
			if (n->specs[k].host == NULL ||
			    strcmp(n->specs[k].host, host) != 0)
				continue;
			if (n->strength == STRENGTH_REQUIRED)
				return false;
			found = true;
		}
	}
	return found;
}

static struct verdict
verdict_of_name(struct record *r, struct need *n, const struct probe_spec *spec)
{
	struct verdict v = verdict_of_spec(r, n, spec);

	if (v.outcome == OUTCOME_FAIL && v.cause == CAUSE_DNS_NXDOMAIN &&
	    strcmp(spec->type, "dns") == 0 &&
	    is_optional_name(r, n, spec->host))
		v.outcome = OUTCOME_WARN;
	return v;
}

/* A long test that was asked to tell before it could takes nothing from what
 * the short one saw. */
static bool
is_cut_short(const struct verdict *v)
{
	return v->outcome == OUTCOME_NOT_RUN && v->by != NULL &&
	    v->by->failure == CAUSE_CANCELLED && detail_is(v->by, "concluded");
}

static struct verdict
worst_of_specs(struct record *r, struct need *n)
{
	struct verdict worst = {.outcome = OUTCOME_NOT_RUN, .rung = RUNG_NONE};
	struct verdict v;
	size_t i;

	for (i = 0; i < n->nspecs; i++) {
		v = verdict_of_name(r, n, &n->specs[i]);
		if (i > 0 && is_cut_short(&v))
			continue;
		if (i == 0 || is_cut_short(&worst) ||
		    verdict_severity(v.outcome) >
			verdict_severity(worst.outcome))
			worst = v;
	}
	return worst;
}

static void
judge_need(struct record *r, struct need *n)
{
	struct verdict v = {.outcome = OUTCOME_NOT_APPLICABLE,
	    .rung = RUNG_NONE};

	memset(&n->probes, 0, sizeof n->probes);
	memset(&n->blocked_by, 0, sizeof n->blocked_by);
	memset(n->family, 0, sizeof n->family);
	if (n->applies && n->nspecs > 0) {
		v = worst_of_specs(r, n);
	} else if (n->applies) {
		v.outcome = OUTCOME_NOT_RUN;
		v.say = n->unprobed;
	}
	standing_weigh_need(r, n, &v);
	/* What is only wished for can fail only as a warning. */
	if (v.outcome == OUTCOME_FAIL &&
	    (n->strength == STRENGTH_OPTIONAL ||
		n->strength == STRENGTH_INFORMATIVE))
		v.outcome = OUTCOME_WARN;
	set_judgement(n, &v);
	sentences_fill(r, n, &v);
}

static bool
is_good(const struct need *n)
{
	return n->applies &&
	    (n->outcome == OUTCOME_PASS || n->outcome == OUTCOME_MARGINAL ||
		n->outcome == OUTCOME_WARN);
}

static bool
has_good_alternative(const struct record *r, const struct need *n)
{
	size_t i;

	for (i = 0; n->group != NULL && i < r->nneeds; i++) {
		const struct need *x = &r->needs[i];

		if (x != n && x->group != NULL && is_good(x) &&
		    x->outcome != OUTCOME_WARN &&
		    strcmp(x->group, n->group) == 0 &&
		    strcmp(x->product, n->product) == 0)
			return true;
	}
	return false;
}

static void
apply_alternatives(struct record *r)
{
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		struct need *n = &r->needs[i];

		if (n->outcome != OUTCOME_FAIL || !has_good_alternative(r, n))
			continue;
		n->outcome = OUTCOME_WARN;
		n->summary = arena_printf(r->judged,
		    _("%s Another way that "
		      "serves the same purpose works."),
		    n->summary);
	}
}

static void
fill_blocked_by(struct record *r)
{
	const struct need *x;
	size_t i, k;

	for (i = 0; i < r->nneeds; i++) {
		struct need *n = &r->needs[i];

		for (k = 0;
		     n->outcome == OUTCOME_BLOCKED_BY && k < n->needs.count;
		     k++) {
			x = record_need(r, n->needs.item[k]);
			if (x != NULL &&
			    (x->outcome == OUTCOME_FAIL ||
				x->outcome == OUTCOME_WARN))
				strlist_add(r->judged, &n->blocked_by, x->id);
		}
	}
}

/* What a question would decide is not told as if it were certain. */
static void
tell_open_questions(struct record *r)
{
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		struct need *n = &r->needs[i];

		if (n->applies && n->open_question && n->open_ask != NULL &&
		    record_is_blocking(r, n))
			n->summary = arena_printf(r->judged,
			    _("%1$s This is asked for only because a question "
			      "is not answered yet: %2$s"),
			    n->summary, n->open_ask);
	}
}

void
judge_record(struct record *r)
{
	size_t i;

	for (i = 0; i < r->nneeds; i++)
		judge_need(r, &r->needs[i]);
	apply_alternatives(r);
	fill_blocked_by(r);
	tell_open_questions(r);
	deviations_apply(r);
	diagnose(r);
	trust_diagnoses(r);
	ready_judge(r);
}

void
judge_count(const struct record *r, struct judge_counts *out)
{
	size_t i;

	memset(out, 0, sizeof *out);
	for (i = 0; i < r->nneeds; i++) {
		out->of[r->needs[i].outcome]++;
		out->total += r->needs[i].outcome != OUTCOME_NOT_APPLICABLE;
	}
}
