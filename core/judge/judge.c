/* SPDX-License-Identifier: MIT */
/* From observations to judgements: of several specs the worst speaks for the
 * requirement, and then what the strength and the alternatives make of it. */
#include "core/judge/judge.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/judge/sentences.h"
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

static struct verdict
worst_of_specs(struct record *r, struct need *n)
{
	struct verdict worst = {.outcome = OUTCOME_NOT_RUN, .rung = RUNG_NONE};
	struct verdict v;
	size_t i;

	for (i = 0; i < n->nspecs; i++) {
		v = verdict_of_name(r, n, &n->specs[i]);
		if (i == 0 ||
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

/* A deviation holds until its day has passed, by the time of the run. */
static bool
is_expired(const struct record *r, const struct deviation *d)
{
	char now[CLOCK_ISO_SIZE];

	clock_iso(r->ended_us != 0 ? r->ended_us : r->started_us, false, now);
	return d->expires[0] != '\0' && strncmp(now, d->expires, 10) > 0;
}

static void
apply_deviations(struct record *r)
{
	struct need *n;
	size_t i;

	for (i = 0; i < r->ndeviations; i++) {
		const struct deviation *d = &r->deviations[i];

		n = record_need(r, d->requirement);
		if (n == NULL || is_expired(r, d) ||
		    (n->outcome != OUTCOME_FAIL &&
			n->outcome != OUTCOME_BLOCKED_BY &&
			n->outcome != OUTCOME_UNPROVEN))
			continue;
		n->outcome = OUTCOME_WAIVED;
		n->summary = arena_printf(r->judged,
		    _("%1$s %2$s accepts "
		      "this: %3$s"),
		    n->summary, d->owner, d->reason);
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
	apply_deviations(r);
	diagnose(r);
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

enum readiness
judge_readiness(const struct record *r)
{
	struct judge_counts c;

	judge_count(r, &c);
	if (r->started_us == 0 || r->nneeds == 0 || record_exit_status(r) != 0)
		return NOT_READY;
	return c.of[OUTCOME_WAIVED] > 0 ? READY_WITH_DEVIATIONS : READY;
}

const char *
judge_readiness_text(enum readiness x)
{
	static const char *const text[] = {
	    [READY] = N_("Ready for handover"),
	    [READY_WITH_DEVIATIONS] = N_("Ready with deviations"),
	    [NOT_READY] = N_("Not ready for handover"),
	};

	return _(text[x]);
}
