/* SPDX-License-Identifier: MIT */
/* Owns what an acceptance is worth: it must be whole, in force, and for a
 * line that does not pass. What was found stays readable beside it. */
#include "core/judge/deviation.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/judge/evidence.h"

#define DATE_LEN (DEVIATION_DATE_SIZE - 1)
#define DAY_US (INT64_C(86400) * 1000000)
#define CLOCK_MOST_US (36525 * DAY_US) /* a hundred years */

bool
deviation_is_date(const char *text)
{
	char full[CLOCK_ISO_SIZE];
	int64_t when;

	if (text == NULL || strlen(text) != DATE_LEN)
		return false;
	memcpy(full, text, DATE_LEN);
	memcpy(full + DATE_LEN, "T00:00:00Z", sizeof "T00:00:00Z");
	return clock_parse_iso(full, &when);
}

const char *
deviation_owner_problem(const char *text)
{
	return text == NULL || text_is_space(text) ?
	    _("It is not said who accepts this (owner).") :
	    NULL;
}

const char *
deviation_reason_problem(const char *text)
{
	return text == NULL || text_is_space(text) ?
	    _("It is not said why this is accepted (reason).") :
	    NULL;
}

const char *
deviation_expires_problem(const char *text)
{
	if (text == NULL || text_is_space(text))
		return _("It is not said until when this is accepted (date).");
	return deviation_is_date(text) ?
	    NULL :
	    _("Write the date as year-month-day, for example 2026-12-31.");
}

const char *
deviation_initials_problem(const char *text)
{
	if (text == NULL || text_is_space(text))
		return _("The initials of who enters this are missing.");
	return text_width(text) <= DEVIATION_INITIALS_MAX ?
	    NULL :
	    _("Initials are at most 8 letters.");
}

const char *
deviation_problem(const struct deviation *d)
{
	const char *problem = deviation_owner_problem(d->owner);

	if (problem == NULL)
		problem = deviation_reason_problem(d->reason);
	if (problem == NULL)
		problem = deviation_expires_problem(d->expires);
	if (problem == NULL)
		problem = deviation_initials_problem(d->initials);
	return problem;
}

static const char *
day_of(int64_t wall_us, char out[DEVIATION_DATE_SIZE])
{
	char iso[CLOCK_ISO_SIZE];

	memcpy(out, clock_iso(wall_us, false, iso), DATE_LEN);
	out[DATE_LEN] = '\0';
	return out;
}

const char *
deviation_suggest(int64_t now_us, int days, char out[DEVIATION_DATE_SIZE])
{
	return day_of(now_us + days * DAY_US, out);
}

const char *
deviation_day(const struct record *r, char out[DEVIATION_DATE_SIZE])
{
	int64_t run = r->ended_us != 0 ? r->ended_us : r->started_us;
	int64_t offset;
	size_t witnesses;

	if (r->as_of != NULL && deviation_is_date(r->as_of)) {
		memcpy(out, r->as_of, DEVIATION_DATE_SIZE);
		return out;
	}
	offset = evidence_clock_offset_us(r, &witnesses);
	if (witnesses > 1 && offset > -CLOCK_MOST_US && offset < CLOCK_MOST_US)
		run += offset;
	return day_of(run, out);
}

static bool
is_waivable(const struct record *r, const struct need *n)
{
	return (n->outcome == OUTCOME_FAIL ||
		   n->outcome == OUTCOME_BLOCKED_BY ||
		   n->outcome == OUTCOME_UNPROVEN ||
		   n->outcome == OUTCOME_NOT_RUN ||
		   n->outcome == OUTCOME_TOOL_ERROR) &&
	    record_is_blocking(r, n);
}

static enum deviation_state
state_of(const struct record *r, const struct deviation *d,
    const struct need *n, const char *day)
{
	if (n == NULL)
		return DEVIATION_STRANGER;
	if (!is_waivable(r, n))
		return DEVIATION_NOT_NEEDED;
	if (deviation_problem(d) != NULL)
		return DEVIATION_INCOMPLETE;
	return strcmp(day, d->expires) > 0 ? DEVIATION_EXPIRED :
					     DEVIATION_HOLDS;
}

static char *
says_of(struct record *r, const struct deviation *d, const struct need *n,
    enum deviation_state state)
{
	struct arena *a = r->judged;

	switch (state) {
	case DEVIATION_HOLDS:
		return arena_printf(a,
		    n->strength == STRENGTH_MUST_NOT ?
			_("%1$s accepts until %2$s what must not be on this "
			  "site: %3$s") :
			_("%1$s accepts this until %2$s: %3$s"),
		    d->owner, d->expires, d->reason);
	case DEVIATION_EXPIRED:
		return arena_printf(a,
		    _("The acceptance by %1$s ended on %2$s, so this counts "
		      "again."),
		    d->owner, d->expires);
	case DEVIATION_INCOMPLETE:
		return arena_printf(a,
		    _("It is marked as accepted, but the acceptance does not "
		      "count: %s"),
		    deviation_problem(d));
	case DEVIATION_NOT_NEEDED:
		return arena_strdup(a,
		    _("It is marked as accepted, which is no longer needed."));
	default:
		return arena_strdup(a,
		    _("This site has no such line, so there is nothing to "
		      "accept."));
	}
}

/* Two for one line: the one that was entered last counts. */
static bool
is_superseded(const struct record *r, size_t index)
{
	size_t i;

	for (i = index + 1; i < r->ndeviations; i++) {
		if (strcmp(r->deviations[i].requirement,
			r->deviations[index].requirement) == 0)
			return true;
	}
	return false;
}

void
deviations_apply(struct record *r)
{
	char day[DEVIATION_DATE_SIZE];
	struct deviation *d;
	struct need *n;
	size_t i;

	deviation_day(r, day);
	for (i = 0; i < r->nneeds; i++)
		r->needs[i].accepted = NULL;
	/* Before any is waived: of alternatives each may be accepted. */
	for (i = 0; i < r->ndeviations; i++) {
		d = &r->deviations[i];
		n = record_need(r, d->requirement);
		d->state = is_superseded(r, i) ? DEVIATION_NOT_NEEDED :
						 state_of(r, d, n, day);
		d->says = says_of(r, d, n, d->state);
	}
	for (i = 0; i < r->ndeviations; i++) {
		d = &r->deviations[i];
		n = record_need(r, d->requirement);
		if (n == NULL || is_superseded(r, i) || !n->applies)
			continue;
		if (d->state == DEVIATION_HOLDS) {
			n->accepted = arena_strdup(r->judged,
			    word_name(&words_outcome, (int)n->outcome));
			n->outcome = OUTCOME_WAIVED;
		}
		n->summary = arena_printf(r->judged, "%1$s %2$s", n->summary,
		    d->says);
	}
}
