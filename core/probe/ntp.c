/* SPDX-License-Identifier: MIT */
/* The probe "ntp": SNTP questions until two answers agree (RFC 5905, RFC 4330;
 * facts 5.1), accepted by the rules of chrony's tests 2, 3, 6, 7 and A, four
 * seconds apart or more, as public servers ask for; and one that expires at
 * the first hop, which only a box that answers in place of the server can
 * answer.
 * Detail: "samples", "samples_wanted", "unsynchronised" (answers that do not
 * know the time, where there were any), "rejected" (datagrams that did not
 * belong to a question), "offset_us" (server minus laptop), "delay_us",
 * "stratum", "leap", "refid" (hexadecimal), "reference" (when the server's
 * clock was last set, hexadecimal), "root_delay_us", "root_dispersion_us",
 * "kiss" (why it refuses), "answered_near" (a reply to the question that
 * cannot have left the site), "life_ignored" (or can: a connection that was to
 * expire at the first hop was accepted far away, so such answers prove
 * nothing). */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/net/expire.h"
#include "core/probe/ask.h"

#define NQUESTIONS 3
#define NSAMPLES 2
#define GAP_MS 4000      /* time.nist.gov refuses who asks more often */
#define GAP_FAST_MS 2000 /* as the burst of an ordinary client */
#define LAST_MS 1500
#define NEAR_MS 600
#define NCONTROL 4 /* packets: SYN, again, ACK, RST */
#define SIZE 48
#define NTP_EPOCH 2208988800LL     /* 1900 to 1970, seconds */
#define NTP_ERA 4294967296LL       /* seconds; era 1 begins in 2036 */
#define MAX_DISTANCE_US 16000000LL /* chrony NTP_MAX_DISPERSION */
#define MAX_DELAY_US 3000000LL     /* chrony's default maxdelay */
#define RESOLUTION_US 1000         /* two clocks' own */

struct question {
	uint8_t nonce[8]; /* the transmit timestamp we sent */
	int64_t mono_us, wall_us;
};

struct ntp_state {
	struct ask ask;
	struct question question[NQUESTIONS];
	int64_t best_delay_us;
	int nsamples;
	int nbad; /* answers that do not know the time */
	enum cause failure;
	struct expire near;
	struct question near_question;
	struct event *patience;
	bool near_pending;
	bool near_control; /* the connection that is held against it is out */
	bool ended;        /* all but the near one */
	enum rung rung;
};

static uint32_t
read32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/* 32.32 fixed point to microseconds since 1970; without the top bit it is
 * era 1 (RFC 4330 section 3). */
static int64_t
read_time(const uint8_t *p)
{
	int64_t seconds = (int64_t)read32(p) + (p[0] & 0x80 ? 0 : NTP_ERA) -
	    NTP_EPOCH;

	return seconds * 1000000 +
	    (int64_t)(((uint64_t)read32(p + 4) * 1000000) >> 32);
}

/* 16.16 fixed point to microseconds. */
static int64_t
read_short(const uint8_t *p)
{
	return (int64_t)(((uint64_t)read32(p) * 1000000) >> 16);
}

static bool
is_zero(const uint8_t *p)
{
	static const uint8_t zero[8];

	return memcmp(p, zero, 8) == 0;
}

static void
detail_hex(struct probe *p, const char *name, const uint8_t *data, size_t len)
{
	char text[2 * 8 + 1];
	size_t i;

	for (i = 0; i < len; i++) {
		text[2 * i] = "0123456789abcdef"[data[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[data[i] & 15];
	}
	text[2 * len] = '\0';
	probe_detail_str(p, name, text);
}

static void
write_question(struct question *q, uint8_t *out)
{
	memset(out, 0, SIZE);
	out[0] = 0x23;
	random_bytes(q->nonce, sizeof q->nonce);
	memcpy(out + 40, q->nonce, sizeof q->nonce);
	q->wall_us = clock_wall_us();
	q->mono_us = clock_mono_us();
}

static void
finish(struct probe *p)
{
	struct ntp_state *s = p->state;

	if (s->ended && !s->near_pending)
		probe_finish(p, s->rung, s->failure);
}

/* --- the one that expires --- */

static void
note_near(struct probe *p, const char *result, const struct icmp_error *e)
{
	struct ntp_state *s = p->state;
	char *offender = p->obs.offender;
	struct attempt *a = probe_add_attempt(p, s->near.sent_us,
	    clock_mono_us(), result);

	a->ttl = 1;
	a->sent = s->near_control ? 0 : SIZE;
	a->source_port = s->near.source_port;
	if (e != NULL)
		probe_add_icmp(p, a, e);
	p->obs.offender = offender;
	expire_close(&s->near);
}

static void
near_is_over(struct probe *p)
{
	struct ntp_state *s = p->state;

	event_del(s->patience);
	s->near_pending = false;
	finish(p);
}

/* Some gateways give every packet a new life, and so do those of virtual
 * machines: what is accepted far away shows it. */
static void
control_done(void *arg, enum expire_result result, const struct icmp_error *e)
{
	struct probe *p = arg;

	(void)e;
	note_near(p, "control_answered", NULL);
	probe_detail_bool(p,
	    result == EXPIRE_ACCEPTED ? "life_ignored" : "answered_near", true);
	near_is_over(p);
}

static void
be_patient(struct ntp_state *s)
{
	struct timeval tv = {0, NEAR_MS * 1000};

	evtimer_add(s->patience, &tv);
}

static void
answered_near(struct probe *p)
{
	struct ntp_state *s = p->state;
	struct expire_setup setup = {
	    .base = p->env->base,
	    .interface = p->env->interface,
	    .to = p->env->control[p->to.sa.sa_family == AF_INET6],
	    .ttl = 1,
	    .done = control_done,
	    .arg = p,
	};

	if (setup.to.len == 0) {
		probe_detail_bool(p, "answered_near", true);
		near_is_over(p);
		return;
	}
	s->near_control = true;
	be_patient(s);
	expire_send(&s->near, &setup);
}

static void
near_done(void *arg, enum expire_result result, const struct icmp_error *e)
{
	struct probe *p = arg;
	struct ntp_state *s = p->state;
	const struct expire *x = &s->near;
	bool ours = result == EXPIRE_REPLY && x->nreply >= SIZE &&
	    (x->reply[0] & 7) == 4 &&
	    memcmp(x->reply + 24, s->near_question.nonce, 8) == 0;

	if (result == EXPIRE_ICMP)
		note_near(p, e->type == 11 ? "time_exceeded" : "icmp", e);
	else
		note_near(p,
		    result != EXPIRE_REPLY ? "error" :
			ours               ? "reply" :
					     "strange",
		    NULL);
	if (ours)
		answered_near(p);
	else
		near_is_over(p);
}

static void
on_patience(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct ntp_state *s = p->state;

	(void)fd;
	(void)what;
	note_near(p, s->near_control ? "control_silent" : "silence", NULL);
	if (s->near_control)
		probe_detail_bool(p, "answered_near", true);
	near_is_over(p);
}

static void
ask_near(struct probe *p)
{
	struct ntp_state *s = p->state;
	uint8_t out[SIZE];
	struct expire_setup setup = {
	    .base = p->env->base,
	    .interface = p->env->interface,
	    .to = p->to,
	    .kind = EXPIRE_UDP,
	    .ttl = 1,
	    .payload = out,
	    .len = sizeof out,
	    .done = near_done,
	    .arg = p,
	};

	write_question(&s->near_question, out);
	s->near_pending = true;
	be_patient(s);
	expire_send(&s->near, &setup);
}

/* A packet with a life of one hop cannot reach it. */
static bool
is_far(const struct addr *to)
{
	char text[ADDR_TEXT_SIZE];
	struct ip ip;

	return ip_parse(addr_text(to, text), &ip) && !ip_is_private(&ip) &&
	    !ip_is_nowhere(&ip);
}

/* --- answers --- */

static void
describe(struct probe *p, const uint8_t *m, int64_t delay, int64_t offset)
{
	struct ntp_state *s = p->state;

	if (s->nsamples > 1 && delay >= s->best_delay_us)
		return; /* the quicker sample is better */
	s->best_delay_us = delay;
	probe_detail_int(p, "stratum", m[1]);
	probe_detail_int(p, "leap", m[0] >> 6);
	detail_hex(p, "refid", m + 12, 4);
	detail_hex(p, "reference", m + 16, 8);
	probe_detail_int(p, "root_delay_us", read_short(m + 4));
	probe_detail_int(p, "root_dispersion_us", read_short(m + 8));
	probe_detail_int(p, "delay_us", delay);
	probe_detail_int(p, "offset_us", offset);
}

static bool
is_kiss(const uint8_t *m)
{
	int i;

	if (m[0] >> 6 != 3 || m[1] != 0)
		return false;
	for (i = 12; i < 16; i++) {
		if (m[i] < 'A' || m[i] > 'Z')
			return false;
	}
	return true;
}

/* Tests 3, 6 and 7: its times are set, it knows the time itself, and is not
 * too far from where the time comes from. */
static bool
is_synchronised(const uint8_t *m)
{
	return !is_zero(m + 32) && !is_zero(m + 40) && m[0] >> 6 != 3 &&
	    m[1] >= 1 && m[1] <= 15 &&
	    read_short(m + 4) / 2 + read_short(m + 8) < MAX_DISTANCE_US;
}

static bool
ntp_accept(struct probe *p, const uint8_t *m, size_t len)
{
	struct ntp_state *s = p->state;
	const struct question *q = NULL;
	int64_t took, now, t2, t3;
	int i;

	if (len < SIZE || (m[0] & 7) != 4)
		return false;
	/* Test 2: our own nonce back, of whichever question. */
	for (i = s->ask.before; i < s->ask.nquestions; i++) {
		if (memcmp(m + 24, s->question[i].nonce, 8) == 0)
			q = &s->question[i];
	}
	if (q == NULL)
		return false;
	took = clock_mono_us() - q->mono_us;
	now = q->wall_us + took;
	t2 = read_time(m + 32);
	t3 = read_time(m + 40);
	if (took > MAX_DELAY_US)
		return false; /* test A: too late to tell the time */
	if (is_kiss(m)) {
		probe_detail_text(p, "kiss", m + 12, 4);
		s->ask.enough = true;
		if (s->nsamples == 0)
			s->failure = CAUSE_NTP_UNSYNCHRONISED;
	} else if (!is_synchronised(m) || took - (t3 - t2) < -RESOLUTION_US) {
		/* Test A: it cannot have thought for longer than we waited. */
		s->nbad++;
		if (s->nsamples == 0)
			describe(p, m, took - (t3 - t2), 0);
	} else {
		if (s->nsamples++ == 0 && is_far(&p->to))
			ask_near(p);
		describe(p, m, took - (t3 - t2),
		    ((t2 - q->wall_us) + (t3 - now)) / 2);
	}
	/* Two of one kind decide; one of each asks for a third. */
	if (s->nbad >= NSAMPLES || s->nsamples >= NSAMPLES)
		s->ask.enough = true;
	else if (s->nbad > 0 && s->nsamples > 0)
		s->ask.setup.samples = NQUESTIONS;
	return true;
}

static size_t
ntp_compose(struct probe *p, int question, uint8_t *out, size_t size)
{
	struct ntp_state *s = p->state;

	(void)size;
	write_question(&s->question[question], out);
	return SIZE;
}

static void
ntp_ended(struct probe *p, enum rung rung, enum cause failure)
{
	struct ntp_state *s = p->state;

	s->ended = true;
	s->rung = rung;
	probe_detail_int(p, "samples", s->nsamples);
	probe_detail_int(p, "samples_wanted", NSAMPLES);
	if (s->nbad > 0)
		probe_detail_int(p, "unsynchronised", s->nbad);
	if (s->nbad > s->nsamples)
		s->failure = CAUSE_NTP_UNSYNCHRONISED;
	if (rung != RUNG_APP_REPLY)
		s->failure = failure;
	finish(p);
}

/* --- start and stop --- */

static void
ntp_start(struct probe *p)
{
	struct ntp_state *s = mem_alloc(sizeof *s);
	unsigned gap = p->env->fast ? GAP_FAST_MS : GAP_MS;
	struct ask_setup setup = {
	    .samples = NSAMPLES,
	    .questions = NQUESTIONS,
	    .wait_ms = {gap, gap},
	    .last_ms = LAST_MS,
	    .gap_ms = gap,
	    .compose = ntp_compose,
	    .accept = ntp_accept,
	    .ended = ntp_ended,
	};

	p->state = s;
	s->patience = evtimer_new(p->env->base, on_patience, p);
	ask_start(&s->ask, p, &setup);
}

static void
ntp_stop(struct probe *p)
{
	struct ntp_state *s = p->state;

	ask_stop(&s->ask);
	expire_close(&s->near);
	event_free(s->patience);
	mem_free(s);
}

const struct probe_type probe_ntp = {
    .name = "ntp",
    .shape = SHAPE_HOST,
    .nature = NATURE_TIME,
    .label = N_("Time server"),
    .sends = N_("It asks for the time twice, and once with a packet that "
		"expires at the gateway."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_UDP,
    .flows = 3,
    .packets = NQUESTIONS + 1 + NCONTROL,
    .bytes = (NQUESTIONS + 1 + NCONTROL) * (40 + 8 + SIZE),
    .longest_ms = 3 * GAP_MS + LAST_MS,
    .start = ntp_start,
    .stop = ntp_stop,
};
