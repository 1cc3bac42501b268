/* SPDX-License-Identifier: MIT */
/* Owns the verdict of a record and the words that its documents share. */
#include "core/export/summary.h"

#include <string.h>
#include <time.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"

#define JOIN_MAX ((size_t)1 << 20)
#define TIME_SIZE 64

static const char *const verdicts[] = {
    [NOT_READY] = N_("NOT READY"),
    [READY_WITH_DEVIATIONS] = N_("READY WITH DEVIATIONS"),
    [READY] = N_("READY"),
};

static const char *const marks[] = {
    [OUTCOME_PASS] = N_("ok"),
    [OUTCOME_MARGINAL] = N_("barely ok"),
    [OUTCOME_WARN] = N_("warning"),
    [OUTCOME_FAIL] = N_("FAILED"),
    [OUTCOME_UNPROVEN] = N_("not proven"),
    [OUTCOME_BLOCKED_BY] = N_("blocked"),
    [OUTCOME_NOT_APPLICABLE] = N_("does not apply"),
    [OUTCOME_NOT_RUN] = N_("not checked"),
    [OUTCOME_TOOL_ERROR] = N_("check failed"),
    [OUTCOME_WAIVED] = N_("accepted"),
};

/* The order in which counts are told: the worst first. */
static const enum outcome telling[] = {
    OUTCOME_FAIL,
    OUTCOME_BLOCKED_BY,
    OUTCOME_UNPROVEN,
    OUTCOME_TOOL_ERROR,
    OUTCOME_NOT_RUN,
    OUTCOME_WAIVED,
    OUTCOME_WARN,
    OUTCOME_MARGINAL,
    OUTCOME_PASS,
};

bool
summary_counts_in(const struct need *n)
{
	return n->applies && n->outcome != OUTCOME_NOT_APPLICABLE;
}

void
summary_make(const struct record *r, const char *only, struct summary *out)
{
	size_t i;

	memset(out, 0, sizeof *out);
	for (i = 0; i < r->nneeds; i++) {
		if (!summary_counts_in(&r->needs[i]) ||
		    !need_is_selected(&r->needs[i], only))
			continue;
		out->of[r->needs[i].outcome]++;
		out->total++;
	}
	out->verdict = r->readiness;
}

const char *
summary_verdict(enum readiness v)
{
	return _(verdicts[v]);
}

char *
summary_counts(const struct summary *s, struct arena *a)
{
	struct buf b;
	char *text;
	size_t i;

	buf_init(&b, JOIN_MAX);
	for (i = 0; i < sizeof telling / sizeof *telling; i++) {
		if (s->of[telling[i]] > 0)
			buf_addf(&b, "%s%zu %s", b.len > 0 ? ", " : "",
			    s->of[telling[i]],
			    word_label(&words_outcome, (int)telling[i]));
	}
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

const char *
summary_partial(const struct summary *s, struct arena *a,
    const struct record *r)
{
	size_t missing = s->of[OUTCOME_NOT_RUN];

	if (r->started_us == 0)
		return _("NOT CHECKED: no check was run, so nothing here is "
			 "proven.");
	if (r->complete)
		return NULL;
	return arena_printf(a,
	    r->ended_us == 0 ?
		P_("PARTIAL: the check was still going on; %1$zu of %2$zu "
		   "line was not checked yet.",
		    "PARTIAL: the check was still going on; %1$zu of %2$zu "
		    "lines were not checked yet.",
		    missing) :
		P_("PARTIAL: the check was cut short; %1$zu of %2$zu line "
		   "was not checked.",
		    "PARTIAL: the check was cut short; %1$zu of %2$zu lines "
		    "were not checked.",
		    missing),
	    missing, s->total);
}

const char *
summary_mark(enum outcome o)
{
	return _(marks[o]);
}

const char *
summary_site(const struct record *r)
{
	return text_is_space(r->site.name) ? _("a site without a name") :
					     r->site.name;
}

char *
summary_time(struct arena *a, int64_t wall_us)
{
	time_t seconds = (time_t)(wall_us / 1000000);
	char text[TIME_SIZE];
	struct tm tm;

	if (wall_us <= 0 || gmtime_r(&seconds, &tm) == NULL ||
	    strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &tm) == 0)
		return arena_strdup(a, _("never"));
	return arena_strdup(a, text);
}

const char *
summary_target(const struct need *n)
{
	const struct probe_spec *s = n->nspecs > 0 ? &n->specs[0] : NULL;

	/* What a question was answered with goes before the document. */
	if (n->to.from != NULL && n->to.kind != DEST_WILDCARD && s != NULL) {
		if (s->host != NULL)
			return s->host;
		if (s->address != NULL)
			return s->address;
	}
	return n->to.name;
}

char *
summary_flow(struct arena *a, const struct need *n)
{
	const char *to = summary_target(n);
	const char *kind = word_label(&words_dest_kind, (int)n->to.kind);
	const char *what;

	if (n->protocol == PROTO_NONE)
		return arena_strdup(a, n->application);
	what = word_label(&words_protocol, (int)n->protocol);
	if (n->ports.count > 0)
		what = arena_printf(a, "%s %s", what, ports_text(a, &n->ports));
	if (to == NULL && n->to.from != NULL)
		return arena_printf(a, _("%s to a host that is not known yet"),
		    what);
	if (to == NULL)
		return arena_printf(a, _("%s to: %s"), what, kind);
	if (n->to.kind == DEST_PEER && n->to.name != NULL && to != n->to.name)
		return arena_printf(a, _("%s to %s (%s)"), what, n->to.name,
		    to);
	return arena_printf(a, _("%s to %s"), what, to);
}

char *
summary_source(struct arena *a, const struct need *n)
{
	const struct source *s = &n->source;
	const char *document = "";

	if (s->document != NULL && s->lines != NULL && s->lines[0] != '\0')
		document = arena_printf(a, _("%s, lines %s"), s->document,
		    s->lines);
	if (s->assumed == NULL)
		return arena_strdup(a, document);
	return arena_printf(a, _("%s%sassumed: %s"), document,
	    document[0] != '\0' ? "; " : "", s->assumed);
}

char *
summary_join(struct arena *a, const struct strlist *l, const char *between)
{
	struct buf b;
	char *text;
	size_t i;

	buf_init(&b, JOIN_MAX);
	for (i = 0; i < l->count; i++)
		buf_addf(&b, "%s%s", i > 0 ? between : "", l->item[i]);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}
