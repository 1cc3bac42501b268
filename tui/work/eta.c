/* SPDX-License-Identifier: MIT */
/* Owns the estimate of what is left of a run. */
#include "tui/work/eta.h"

#include <stdbool.h>

#define EARLY_MS 10000 /* before this, or a tenth, nothing is told */
#define EARLY_PART 10
#define KIND_MIN_MS 1000 /* of a kind that was quick so far */
#define PACE_MARGIN 2    /* a check may open more flows than one */
#define SECOND_MS 1000
#define STEP_MS 5000
#define MINUTE_MS 60000
#define MINUTES_FROM_MS 120000

/* A bound adds up every retry of every step, which hardly ever comes
 * together; what was measured here tells more. */
unsigned
eta_expected_ms(unsigned bound_ms, unsigned measured_ms)
{
	unsigned twice = measured_ms < KIND_MIN_MS / 2 ? KIND_MIN_MS :
							 2 * measured_ms,
		 most = bound_ms > measured_ms ? bound_ms : measured_ms;

	if (measured_ms == 0)
		return bound_ms / 2;
	return twice < most ? twice : most;
}

/* What has gone on for longer than its kind does may go on for as long again
 * and half. */
unsigned
eta_running_ms(unsigned expected_ms, int64_t age_ms)
{
	if (age_ms < expected_ms)
		return expected_ms - (unsigned)age_ms;
	return (unsigned)(age_ms + age_ms / 2);
}

struct eta
eta_estimate(const struct eta_facts *f)
{
	size_t begun = f->done + f->running, all = begun + f->waiting;
	struct eta e = {ETA_RANGE, 0, 0};
	int64_t pace = f->pace_ms, left;

	if (f->running + f->waiting == 0 || f->done == 0 ||
	    (f->elapsed_ms < EARLY_MS && f->done * EARLY_PART < all))
		return (struct eta){ETA_UNKNOWN, 0, 0};
	if (f->longest_ms != 0 && f->elapsed_ms >= f->longest_ms)
		return (struct eta){ETA_LONGER, 0, 0};
	e.low_ms = (int64_t)f->certain * f->pace_ms;
	if (pace < f->elapsed_ms / (int64_t)begun)
		pace = f->elapsed_ms / (int64_t)begun;
	if (f->waiting > 0)
		e.high_ms = (int64_t)f->waiting * pace * PACE_MARGIN +
		    f->waiting_ms;
	if (e.high_ms < f->running_ms)
		e.high_ms = f->running_ms;
	e.high_ms += f->searches_ms;
	left = f->longest_ms - f->elapsed_ms;
	if (f->longest_ms != 0 && e.high_ms > left)
		e.high_ms = left;
	if (e.high_ms < e.low_ms)
		e.high_ms = e.low_ms;
	return e;
}

struct eta
eta_round(struct eta e)
{
	bool minutes = e.high_ms > MINUTES_FROM_MS;
	int64_t step = minutes ? MINUTE_MS : STEP_MS,
		low = minutes ? MINUTE_MS : SECOND_MS;

	if (e.kind != ETA_RANGE)
		return e;
	e.low_ms = e.low_ms / low * low;
	e.high_ms = (e.high_ms / step + 1) * step;
	return e;
}
