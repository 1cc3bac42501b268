/* SPDX-License-Identifier: MIT */
/* The probe "ntp": two SNTP questions (RFC 5905, RFC 4330), accepted by the
 * rules of chrony's tests 2, 3, 6 and 7. Detail: "samples", "offset_us"
 * (server minus laptop), "delay_us", "stratum", "leap", "refid",
 * "root_delay_us", "root_dispersion_us", "kiss", "rejected". */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/probe/probe.h"

#define NQUESTIONS 3 /* until one is answered */
#define NSAMPLES 2
#define STEP_MS 1100
#define SILENCE_MS 3500
#define GAP_MS 2000            /* between two samples, as a client's burst */
#define NTP_EPOCH 2208988800LL /* 1900 to 1970, seconds */
#define NTP_ERA 4294967296LL   /* seconds; era 1 begins in 2036 */
#define MAX_DISTANCE_US 16000000LL /* chrony NTP_MAX_DISPERSION */

struct ntp_state {
	int fd;
	int nsent;
	int nsamples;
	uint8_t nonce[8]; /* the transmit timestamp we sent */
	int64_t sent_mono_us;
	int64_t sent_wall_us;
	int64_t best_delay_us;
	uint16_t source_port;
	bool answered; /* the newest question */
	int nrejected;
	struct pace_ticket ticket;
	struct event *io;
	struct event *next;
	struct event *deadline;
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

static struct attempt *
note(struct probe *p, const char *result)
{
	struct ntp_state *s = p->state;
	struct attempt *t = probe_add_attempt(p, s->sent_mono_us,
	    clock_mono_us(), result);

	t->source_port = s->source_port;
	t->sent = 48;
	p->obs.source_port = s->source_port;
	return t;
}

static void
ntp_result(struct probe *p, enum rung rung, enum cause failure)
{
	struct ntp_state *s = p->state;

	if (!s->answered && s->nsent > 0 && rung != RUNG_LOCAL_ERROR &&
	    rung != RUNG_REJECTED)
		note(p, "silence");
	probe_detail_int(p, "samples", s->nsamples);
	if (s->nrejected > 0)
		probe_detail_int(p, "rejected", s->nrejected);
	probe_finish(p, rung, failure);
}

static void
describe(struct probe *p, const uint8_t *m)
{
	struct ntp_state *s = p->state;
	int64_t now = s->sent_wall_us + (clock_mono_us() - s->sent_mono_us);
	int64_t t2 = read_time(m + 32);
	int64_t t3 = read_time(m + 40);
	int64_t delay = (now - s->sent_wall_us) - (t3 - t2);
	char refid[16];
	int i;

	if (s->nsamples > 1 && delay >= s->best_delay_us)
		return; /* the quicker sample is better */
	s->best_delay_us = delay;
	for (i = 0; i < 4; i++) {
		refid[2 * i] = "0123456789abcdef"[m[12 + i] >> 4];
		refid[2 * i + 1] = "0123456789abcdef"[m[12 + i] & 15];
	}
	refid[8] = '\0';
	probe_detail_int(p, "stratum", m[1]);
	probe_detail_int(p, "leap", m[0] >> 6);
	probe_detail_str(p, "refid", refid);
	probe_detail_int(p, "root_delay_us", read_short(m + 4));
	probe_detail_int(p, "root_dispersion_us", read_short(m + 8));
	probe_detail_int(p, "delay_us", delay);
	probe_detail_int(p, "offset_us",
	    ((t2 - s->sent_wall_us) + (t3 - now)) / 2);
}

static bool
is_synchronised(const uint8_t *m)
{
	return m[0] >> 6 != 3 && m[1] >= 1 && m[1] <= 15 &&
	    read_short(m + 4) / 2 + read_short(m + 8) < MAX_DISTANCE_US;
}

static void
got_reply(struct probe *p, const uint8_t *m, size_t len)
{
	struct ntp_state *s = p->state;
	struct timeval gap = {GAP_MS / 1000, 0};
	struct timeval all = {SILENCE_MS / 1000, SILENCE_MS % 1000 * 1000};
	struct attempt *t;

	/* Tests 2 and 3: our own nonce back, and times that are set. */
	if (len < 48 || (m[0] & 7) != 4 || memcmp(m + 24, s->nonce, 8) != 0 ||
	    s->answered) {
		s->nrejected++;
		return;
	}
	s->answered = true;
	t = note(p, "reply");
	t->received = (uint32_t)len;
	if (m[0] >> 6 == 3 && m[1] == 0) {
		probe_detail_text(p, "kiss", m + 12, 4);
		ntp_result(p, RUNG_APP_REPLY,
		    s->nsamples > 0 ? CAUSE_NONE : CAUSE_NTP_UNSYNCHRONISED);
		return;
	}
	s->nsamples++;
	if (!is_zero(m + 32) && !is_zero(m + 40))
		describe(p, m);
	else
		probe_detail_int(p, "leap", 3);
	if (!is_synchronised(m) || is_zero(m + 32) || is_zero(m + 40)) {
		ntp_result(p, RUNG_APP_REPLY, CAUSE_NTP_UNSYNCHRONISED);
	} else if (s->nsamples >= NSAMPLES) {
		ntp_result(p, RUNG_APP_REPLY, CAUSE_NONE);
	} else {
		evtimer_add(s->next, &gap);
		event_del(s->deadline);
		all.tv_sec += GAP_MS / 1000;
		evtimer_add(s->deadline, &all);
	}
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct ntp_state *s = p->state;
	struct icmp_error e;
	uint8_t data[512];
	struct timeval soon = {0, 250000};
	ssize_t n;

	(void)what;
	if (!errqueue_read(fd, &e)) {
		n = recv(fd, data, sizeof data, MSG_DONTWAIT);
		if (n >= 0)
			got_reply(p, data, (size_t)n);
		return;
	}
	probe_add_icmp(p, note(p, e.local ? "error" : "icmp"), &e);
	s->answered = true;
	if (s->nsent < 2)
		evtimer_add(s->next, &soon);
	else
		ntp_result(p,
		    s->nsamples > 0 ? RUNG_APP_REPLY :
			e.local     ? RUNG_LOCAL_ERROR :
				      RUNG_REJECTED,
		    s->nsamples > 0 ? CAUSE_NONE : probe_icmp_cause(&e));
}

/* Either an ICMP error that came for an earlier question, or the laptop does
 * not let it out: that is no silence. */
static void
send_failed(struct probe *p, int error)
{
	struct ntp_state *s = p->state;
	struct icmp_error e;
	bool have = errqueue_read(s->fd, &e);

	if (have)
		probe_add_icmp(p, note(p, e.local ? "error" : "icmp"), &e);
	else
		note(p, "error")->error = error;
	s->answered = true;
	if (s->nsent < 2 || s->nsamples > 0 || (have && !e.local))
		return;
	ntp_result(p, RUNG_LOCAL_ERROR,
	    error == EPERM || error == EACCES ? CAUSE_PERMISSION :
						CAUSE_NET_UNREACHABLE);
}

static void
send_question(void *arg)
{
	struct probe *p = arg;
	struct ntp_state *s = p->state;
	uint8_t m[48] = {0x23};
	struct timeval tv = {STEP_MS / 1000, STEP_MS % 1000 * 1000};
	struct timeval all = {SILENCE_MS / 1000, SILENCE_MS % 1000 * 1000};

	if (s->nsent == 0)
		evtimer_add(s->deadline, &all);
	else if (!s->answered)
		note(p, "silence");
	random_bytes(s->nonce, sizeof s->nonce);
	memcpy(m + 40, s->nonce, sizeof s->nonce);
	s->answered = false;
	s->nsent++;
	s->sent_wall_us = clock_wall_us();
	s->sent_mono_us = clock_mono_us();
	if (s->nsent < NQUESTIONS ||
	    (s->nsamples > 0 && s->nsent == NQUESTIONS))
		evtimer_add(s->next, &tv);
	if (send(s->fd, m, sizeof m, MSG_DONTWAIT) < 0 && errno != EAGAIN)
		send_failed(p, errno);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct ntp_state *s = p->state;
	char text[ADDR_TEXT_SIZE];

	(void)fd;
	(void)what;
	if (s->nsent == 1 && !s->answered)
		probe_is_slow(p);
	pace_wait(p->env->pace, &s->ticket, addr_text(&p->to, text),
	    send_question, p);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct ntp_state *s = p->state;

	(void)fd;
	(void)what;
	if (s->nsamples > 0)
		ntp_result(p, RUNG_APP_REPLY, CAUSE_NONE);
	else
		ntp_result(p, RUNG_SILENCE, CAUSE_UDP_SILENT);
}

static void
ntp_start(struct probe *p)
{
	struct ntp_state *s = mem_alloc(sizeof *s);
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	struct addr local;
	char text[ADDR_TEXT_SIZE];

	p->state = s;
	s->next = evtimer_new(p->env->base, on_next, p);
	s->deadline = evtimer_new(p->env->base, on_deadline, p);
	s->fd = conn_socket(p->to.sa.sa_family, SOCK_DGRAM, 0,
	    p->env->interface);
	if (s->fd < 0 || connect(s->fd, &p->to.sa, p->to.len) != 0) {
		s->answered = true;
		ntp_result(p, RUNG_LOCAL_ERROR, CAUSE_NET_UNREACHABLE);
		return;
	}
	errqueue_enable(s->fd, p->to.sa.sa_family);
	if (getsockname(s->fd, (struct sockaddr *)&me, &len) == 0 &&
	    addr_from_sockaddr(&local, (struct sockaddr *)&me, len))
		s->source_port = addr_port(&local);
	s->io = event_new(p->env->base, s->fd, EV_READ | EV_PERSIST, on_io, p);
	event_add(s->io, NULL);
	pace_wait(p->env->pace, &s->ticket, addr_text(&p->to, text),
	    send_question, p);
}

static void
ntp_stop(struct probe *p)
{
	struct ntp_state *s = p->state;

	pace_cancel(p->env->pace, &s->ticket);
	if (s->io != NULL)
		event_free(s->io);
	event_free(s->next);
	event_free(s->deadline);
	if (s->fd >= 0)
		close(s->fd);
	mem_free(s);
}

const struct probe_type probe_ntp = {
    .name = "ntp",
    .shape = SHAPE_HOST,
    .nature = NATURE_TIME,
    .label = N_("Time server"),
    .sends = N_("It asks for the time twice."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_UDP,
    .flows = NQUESTIONS + 1,
    .packets = NQUESTIONS + 1,
    .bytes = (NQUESTIONS + 1) * (40 + 8 + 48),
    .longest_ms = SILENCE_MS + GAP_MS,
    .start = ntp_start,
    .stop = ntp_stop,
};
