/* SPDX-License-Identifier: MIT */
/* The probe "lan_udp": UDP between devices on site where no document says
 * what is sent (MNCP over UDP, audio streams, the Intercom's ports). It sends
 * empty datagrams, since anything else might mean something to the device.
 * Two answers, whatever is in them, show that the way is open both ways; an
 * ICMP error of the device itself shows that it got there. Silence is neither
 * open nor closed: only a second program at the far end can tell.
 * Detail: "answers", "first_bytes" (of the first answer), "why" (far_end, see
 * judge_local.c). */
#include "core/base/i18n.h"
#include "core/probe/probe.h"

#define NSAMPLES 2
#define STEP_MS 1100
#define NTRIES 3
#define FIRST_MAX 64

struct lan_udp_state {
	struct dgram *dgram;
	int answers;
};

static void ask(struct probe *p);

static size_t
compose(void *arg, int try, uint8_t *out, size_t size)
{
	(void)arg;
	(void)try;
	(void)out;
	(void)size;
	return 0;
}

static bool
accept_answer(void *arg, const uint8_t *data, size_t len)
{
	struct probe *p = arg;
	struct lan_udp_state *s = p->state;

	if (s->answers == 0)
		probe_detail_text(p, "first_bytes", data,
		    len < FIRST_MAX ? len : FIRST_MAX);
	return true;
}

static void
done(void *arg, enum dgram_result result, const struct icmp_error *icmp)
{
	struct probe *p = arg;
	struct lan_udp_state *s = p->state;
	enum rung rung;
	enum cause failure;

	(void)icmp;
	probe_add_dgram(p, s->dgram, result, &rung, &failure);
	dgram_close(s->dgram);
	s->dgram = NULL;
	if (result == DGRAM_ACCEPTED && ++s->answers < NSAMPLES) {
		ask(p);
		return;
	}
	probe_detail_int(p, "answers", s->answers);
	if (result == DGRAM_ACCEPTED)
		rung = RUNG_TRANSPORT;
	if (result == DGRAM_SILENT)
		probe_detail_str(p, "why", "far_end");
	probe_finish(p, rung, failure);
}

static void
slow(void *arg)
{
	probe_is_slow(arg);
}

static void
ask(struct probe *p)
{
	struct lan_udp_state *s = p->state;
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

	s->dgram = dgram_open(&setup);
}

static void
lan_udp_start(struct probe *p)
{
	p->state = mem_alloc(sizeof(struct lan_udp_state));
	ask(p);
}

static void
lan_udp_stop(struct probe *p)
{
	struct lan_udp_state *s = p->state;

	dgram_close(s->dgram);
	mem_free(s);
}

const struct probe_type probe_lan_udp = {
    .name = "lan_udp",
    .shape = SHAPE_FLOW,
    .nature = NATURE_ANSWER,
    .label = N_("UDP to a device"),
    .sends = N_("It sends empty packets, which mean nothing to any device."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_UDP,
    .flows = NSAMPLES,
    .packets = NSAMPLES * NTRIES,
    .bytes = NSAMPLES * NTRIES * 28,
    .longest_ms = NSAMPLES * NTRIES * STEP_MS,
    .start = lan_udp_start,
    .stop = lan_udp_stop,
};
