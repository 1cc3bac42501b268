/* SPDX-License-Identifier: MIT */
/* The probe "tpi": questions to zencontrol's Third Party Interface that only
 * read (facts 2.1 and 2.2): its version, its label, whether it has started
 * up; and where it does not speak TPI Advanced, one light's level in TPI
 * Classic. Two answers make a pass. Never sent: anything that sets, triggers
 * or switches.
 * Detail: "form" (advanced or classic), "answers", "version", "label",
 * "startup" (complete or starting), "errors" (numbers of the error answers,
 * hexadecimal), "licence_missing", "strange" (datagrams that are no answer),
 * "why" (tpi_licence or tpi_silent, see judge_local.c), "devices". */
#include <stdio.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/probe/probe.h"

#define NSAMPLES 2
#define STEP_MS 1100
#define NBUSY 3 /* further questions after "queue full" */
#define FRAME 8
#define LABEL_MAX 64

enum { OK = 0xa0, ANSWER = 0xa1, NO_ANSWER = 0xa2, ERROR = 0xa3 };
enum { LICENCE = 0xb0, QUEUE_FULL = 0xb3 };
enum step { VERSION, LABEL, STARTUP, CLASSIC, END };

/* All that is ever sent. */
static const uint8_t command[] = {
    [VERSION] = 0x1c,
    [LABEL] = 0x24,
    [STARTUP] = 0x27,
};

struct tpi_state {
	struct dgram *dgram;
	struct event *again;
	enum step step;
	uint8_t seq;
	int answers;
	int busy;
	unsigned strange;
	bool licence;
	uint8_t error; /* the newest answer's, 0 = none */
	char errors[32];
	char firmware[16];
	char label[LABEL_MAX + 1];
};

static void ask(struct probe *p);

static uint8_t
exclusive_or(const uint8_t *data, size_t len)
{
	uint8_t sum = 0;

	while (len > 0)
		sum ^= data[--len];
	return sum;
}

/* --- the result --- */

static void
finish(struct probe *p, enum rung rung, enum cause failure)
{
	struct tpi_state *s = p->state;
	struct probe_device d = {.kind = "controller",
	    .name = s->label,
	    .firmware = s->firmware,
	    .address = p->obs.address};

	probe_detail_int(p, "answers", s->answers);
	if (s->answers > 0)
		probe_detail_str(p, "form",
		    s->step == CLASSIC ? "classic" : "advanced");
	if (s->errors[0] != '\0')
		probe_detail_str(p, "errors", s->errors);
	if (s->licence)
		probe_detail_bool(p, "licence_missing", true);
	if (s->strange > 0)
		probe_detail_int(p, "strange", s->strange);
	if (s->licence || rung == RUNG_SILENCE)
		probe_detail_str(p, "why",
		    s->licence ? "tpi_licence" : "tpi_silent");
	if (s->answers > 0)
		probe_add_device(p, &d);
	probe_finish(p, rung, failure);
}

/* What came is in no form of the interface, or it answered only once. */
static void
conclude(struct probe *p, enum rung rung, enum cause failure)
{
	struct tpi_state *s = p->state;

	if (s->answers >= NSAMPLES)
		finish(p, RUNG_APP_REPLY, CAUSE_NONE);
	else if (s->answers > 0 || s->strange > 0)
		finish(p, RUNG_TRANSPORT, CAUSE_NONE);
	else
		finish(p, rung, failure);
}

/* --- what comes --- */

static void
note_error(struct tpi_state *s, uint8_t error)
{
	size_t used = strlen(s->errors);

	s->error = error;
	if (error == LICENCE)
		s->licence = true;
	if (error != QUEUE_FULL && used + 4 < sizeof s->errors)
		snprintf(s->errors + used, sizeof s->errors - used, "%s%02X",
		    used > 0 ? " " : "", error);
}

static void
take(struct probe *p, const uint8_t *m)
{
	struct tpi_state *s = p->state;
	const uint8_t *data = m + 3;
	size_t len = m[2];

	if (m[0] == ERROR) {
		note_error(s, len > 0 ? data[0] : 0);
	} else if (s->step == VERSION && m[0] == ANSWER && len == 3) {
		snprintf(s->firmware, sizeof s->firmware, "%d.%d.%d", data[0],
		    data[1], data[2]);
		probe_detail_str(p, "version", s->firmware);
	} else if (s->step == LABEL && m[0] == ANSWER && len <= LABEL_MAX) {
		memcpy(s->label, data, len);
		s->label[len] = '\0';
		probe_detail_text(p, "label", data, len);
	} else if (s->step == STARTUP && (m[0] == OK || m[0] == NO_ANSWER)) {
		probe_detail_str(p, "startup",
		    m[0] == OK ? "complete" : "starting");
	}
}

/* type | seq | len | data | checksum; the whole comes to zero. */
static bool
is_advanced(const struct tpi_state *s, const uint8_t *m, size_t len)
{
	return len >= 4 && m[0] >= OK && m[0] <= ERROR && m[1] == s->seq &&
	    len == (size_t)m[2] + 4 && exclusive_or(m, len) == 0;
}

/* type | answer | checksum */
static bool
is_classic(const uint8_t *m, size_t len)
{
	return len == 3 && m[0] >= 0x50 && m[0] <= 0x53 &&
	    exclusive_or(m, len) == 0;
}

static bool
accept_answer(void *arg, const uint8_t *m, size_t len)
{
	struct probe *p = arg;
	struct tpi_state *s = p->state;

	if (s->step == CLASSIC)
		return is_classic(m, len);
	if (!is_advanced(s, m, len))
		return false;
	s->error = 0;
	take(p, m);
	return true;
}

/* --- what is asked --- */

static size_t
compose(void *arg, int try, uint8_t *out, size_t size)
{
	static const uint8_t classic[] = {0x03, 0, 0, 0, 0, 0xa0, 0xa3};
	struct probe *p = arg;
	struct tpi_state *s = p->state;

	(void)try;
	(void)size;
	if (s->step == CLASSIC) {
		memcpy(out, classic, sizeof classic);
		return sizeof classic;
	}
	memset(out, 0, FRAME);
	out[0] = 0x04;
	out[1] = s->seq;
	out[2] = command[s->step];
	out[FRAME - 1] = exclusive_or(out, FRAME - 1);
	return FRAME;
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	ask(arg);
}

/* The interface asks to be left alone for a moment (facts 2.1). */
static void
ask_later(struct probe *p)
{
	struct tpi_state *s = p->state;
	struct timeval tv = {0, 50000 << s->busy++};

	evtimer_add(s->again, &tv);
}

static void
answered(struct probe *p)
{
	struct tpi_state *s = p->state;

	if (s->error == QUEUE_FULL && s->busy < NBUSY) {
		ask_later(p);
		return;
	}
	s->answers++;
	if (s->step == CLASSIC ? s->answers < NSAMPLES : s->step < STARTUP) {
		s->step = s->step == CLASSIC ? CLASSIC : s->step + 1;
		ask(p);
	} else {
		conclude(p, RUNG_APP_REPLY, CAUSE_NONE);
	}
}

static void
done(void *arg, enum dgram_result result, const struct icmp_error *icmp)
{
	struct probe *p = arg;
	struct tpi_state *s = p->state;
	enum rung rung;
	enum cause failure;

	(void)icmp;
	probe_add_dgram(p, s->dgram, result, &rung, &failure);
	s->strange += dgram_strange(s->dgram);
	dgram_close(s->dgram);
	s->dgram = NULL;
	if (result == DGRAM_ACCEPTED) {
		answered(p);
	} else if (s->step == VERSION && result == DGRAM_SILENT) {
		s->step = CLASSIC;
		ask(p);
	} else if (s->step == LABEL) {
		s->step = STARTUP;
		ask(p);
	} else {
		conclude(p, rung, failure);
	}
}

static void
slow(void *arg)
{
	probe_is_slow(arg);
}

static void
ask(struct probe *p)
{
	struct tpi_state *s = p->state;
	struct dgram_setup setup = {
	    .base = p->env->base,
	    .pace = p->env->pace,
	    .interface = p->env->interface,
	    .to = p->to,
	    .wait_ms = {STEP_MS, STEP_MS},
	    .compose = compose,
	    .accept = accept_answer,
	    .done = done,
	    .slow = slow,
	    .arg = p,
	};

	/* The first has waited long enough when it comes to the second. */
	if (s->step == CLASSIC)
		setup.wait_ms[1] = 0;
	s->seq++;
	s->dgram = dgram_open(&setup);
}

static void
tpi_start(struct probe *p)
{
	struct tpi_state *s = mem_alloc(sizeof *s);

	p->state = s;
	random_bytes(&s->seq, sizeof s->seq);
	s->again = evtimer_new(p->env->base, on_again, p);
	ask(p);
}

static void
tpi_stop(struct probe *p)
{
	struct tpi_state *s = p->state;

	dgram_close(s->dgram);
	event_free(s->again);
	mem_free(s);
}

const struct probe_type probe_tpi = {
    .name = "tpi",
    .shape = SHAPE_FLOW,
    .nature = NATURE_ANSWER,
    .label = N_("Third Party Interface"),
    .sends = N_("It asks the interface for its version, its name and whether "
		"it has started; it switches nothing."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_UDP,
    .flows = END + NBUSY,
    .packets = 3 * STARTUP + 3 + NBUSY * 3,
    .bytes = (3 * STARTUP + 3 + NBUSY * 3) * (FRAME + 28),
    .longest_ms = 3 * (STARTUP + 1) * STEP_MS + 350,
    .start = tpi_start,
    .stop = tpi_stop,
};
