/* SPDX-License-Identifier: MIT */
/* The probes "gateway_series" and "gateway_series_long": does the gateway
 * answer each of many pings? An Audioserver restarts itself when it does not
 * (rulings L:196-198). A short series belongs to every run; the long one goes
 * on for five minutes behind it. Loss is marginal, silence is gateway_silent.
 *
 * Detail: "sent" (those that had the time to be answered), "received", "lost",
 * "rtt_min_us", "rtt_max_us", "marginal" (some were lost). */
#include "core/base/i18n.h"
#include "core/probe/echo.h"

#define PATIENCE_MS 1300
#define COUNT 10
#define STEP_MS 300
#define LONG_COUNT 60
#define LONG_STEP_MS 5000

struct series_state {
	struct echo echo;
};

static void
series_done(struct probe *p, enum echo_end how, enum cause cause)
{
	struct series_state *s = p->state;
	unsigned lost;

	if (how == ECHO_LOCAL && s->echo.nsent == 0) {
		probe_finish(p, RUNG_LOCAL_ERROR, cause);
		return;
	}
	lost = echo_report(&s->echo);
	probe_detail_int(p, "lost", lost);
	if (s->echo.nreplies > 0) {
		p->obs.offender = NULL;
		probe_detail_bool(p, "marginal", lost > 0);
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
	} else if (how == ECHO_OVER) {
		probe_finish(p, RUNG_SILENCE, CAUSE_GATEWAY_SILENT);
	} else {
		probe_finish(p,
		    how == ECHO_LOCAL ? RUNG_LOCAL_ERROR : RUNG_REJECTED,
		    cause);
	}
}

static const struct echo_setup few = {
    .count = COUNT,
    .step_ms = STEP_MS,
    .patience_ms = PATIENCE_MS,
    .done = series_done,
};

static const struct echo_setup many = {
    .count = LONG_COUNT,
    .step_ms = LONG_STEP_MS,
    .patience_ms = PATIENCE_MS,
    .done = series_done,
};

static void
series_start(struct probe *p)
{
	struct series_state *s = mem_alloc(sizeof *s);

	p->state = s;
	echo_start(&s->echo, p, p->type->background ? &many : &few);
}

static void
series_stop(struct probe *p)
{
	struct series_state *s = p->state;

	echo_stop(&s->echo);
	mem_free(s);
}

/* Two must have had their time before silence is believed. */
static void
series_conclude(struct probe *p)
{
	struct series_state *s = p->state;

	if (s->echo.nreplies > 0 || s->echo.nsent > 2) {
		echo_conclude(&s->echo);
		return;
	}
	probe_detail_bool(p, "concluded", true);
	probe_finish(p, RUNG_NONE, CAUSE_CANCELLED);
}

const struct probe_type probe_gateway_series = {
    .name = "gateway_series",
    .shape = SHAPE_HOST,
    .nature = NATURE_PING,
    .label = N_("Pings to the gateway"),
    .sends = N_("It sends ten echo requests (ping), three a second."),
    .needs_address = true,
    .flows = COUNT,
    .packets = COUNT,
    .bytes = COUNT * ECHO_BYTES,
    .longest_ms = COUNT * STEP_MS + PATIENCE_MS,
    .start = series_start,
    .stop = series_stop,
};

const struct probe_type probe_gateway_series_long = {
    .name = "gateway_series_long",
    .shape = SHAPE_HOST,
    .nature = NATURE_PING,
    .label = N_("Pings to the gateway for five minutes"),
    .sends = N_("It sends sixty echo requests (ping), one each five "
		"seconds."),
    .needs_address = true,
    .flows = LONG_COUNT,
    .packets = LONG_COUNT,
    .bytes = LONG_COUNT * ECHO_BYTES,
    .longest_ms = LONG_COUNT * LONG_STEP_MS + PATIENCE_MS,
    .background = true,
    .start = series_start,
    .stop = series_stop,
    .conclude = series_conclude,
};
