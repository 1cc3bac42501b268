/* SPDX-License-Identifier: MIT */
/* The probe "icmp": echo requests (RFC 792) from a datagram socket, which
 * the system may allow to ordinary users. Detail: "sent", "received",
 * "rtt_min_us", "rtt_max_us". */
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/probe/probe.h"

#define NECHOS 3
#define STEP_MS 1100
#define SILENCE_MS 3500
#define SPREAD_MS 200 /* between echoes once one was answered */

struct icmp_state {
	int fd;
	int nsent;
	int nreceived;
	int64_t sent_us[NECHOS];
	bool answered[NECHOS];
	int64_t rtt_min_us, rtt_max_us;
	uint64_t nonce;
	struct pace_ticket ticket;
	struct event *io;
	struct event *next;
	struct event *deadline;
};

static void
icmp_result(struct probe *p, enum rung rung, enum cause failure)
{
	struct icmp_state *s = p->state;
	int i;

	for (i = 0; i < s->nsent; i++) {
		if (!s->answered[i] && p->obs.nattempts < NECHOS)
			probe_add_attempt(p, s->sent_us[i], clock_mono_us(),
			    "silence");
	}
	probe_detail_int(p, "sent", s->nsent);
	probe_detail_int(p, "received", s->nreceived);
	if (s->nreceived > 0) {
		probe_detail_int(p, "rtt_min_us", s->rtt_min_us);
		probe_detail_int(p, "rtt_max_us", s->rtt_max_us);
	}
	probe_finish(p, rung, failure);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct icmp_state *s = p->state;

	(void)fd;
	(void)what;
	if (s->nreceived > 0)
		icmp_result(p, RUNG_APP_REPLY, CAUSE_NONE);
	else
		icmp_result(p, RUNG_SILENCE,
		    p->spec->host == NULL && p->spec->address == NULL ?
			CAUSE_GATEWAY_SILENT :
			CAUSE_NONE);
}

static void
echo_answered(struct probe *p, int seq, int64_t now)
{
	struct icmp_state *s = p->state;
	struct attempt *t;
	int64_t rtt = now - s->sent_us[seq];
	struct timeval tv = {0, SPREAD_MS * 1000};

	s->answered[seq] = true;
	t = probe_add_attempt(p, s->sent_us[seq], now, "reply");
	t->from = p->obs.address;
	t->sent = t->received = 16;
	if (s->nreceived++ == 0 || rtt < s->rtt_min_us)
		s->rtt_min_us = rtt;
	if (rtt > s->rtt_max_us)
		s->rtt_max_us = rtt;
	if (s->nreceived == NECHOS)
		icmp_result(p, RUNG_APP_REPLY, CAUSE_NONE);
	else if (s->nsent < NECHOS)
		evtimer_add(s->next, &tv);
}

/* The kernel rewrites the id of datagram sockets and matches it; sequence
 * and nonce are matched here. */
static void
read_reply(struct probe *p)
{
	struct icmp_state *s = p->state;
	uint8_t data[256];
	uint64_t nonce;
	ssize_t n;
	int seq;
	int want = p->to.sa.sa_family == AF_INET6 ? ICMP6_ECHO_REPLY :
						    ICMP_ECHOREPLY;

	n = recv(s->fd, data, sizeof data, MSG_DONTWAIT);
	if (n < 16 || data[0] != want)
		return;
	seq = data[6] << 8 | data[7];
	memcpy(&nonce, data + 8, sizeof nonce);
	if (seq >= s->nsent || nonce != s->nonce || s->answered[seq])
		return;
	echo_answered(p, seq, clock_mono_us());
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct icmp_state *s = p->state;
	struct icmp_error e;
	struct attempt *t;
	struct timeval tv = {0, SPREAD_MS * 1000};

	(void)what;
	if (!errqueue_read(fd, &e)) {
		read_reply(p);
		return;
	}
	t = probe_add_attempt(p, s->sent_us[s->nsent - 1], clock_mono_us(),
	    e.local ? "error" : "icmp");
	probe_add_icmp(p, t, &e);
	s->answered[s->nsent - 1] = true;
	if (s->nsent < 2)
		evtimer_add(s->next, &tv); /* once more before a fail */
	else if (s->nreceived == 0)
		icmp_result(p, e.local ? RUNG_LOCAL_ERROR : RUNG_REJECTED,
		    probe_icmp_cause(&e));
}

static void
send_echo(void *arg)
{
	struct probe *p = arg;
	struct icmp_state *s = p->state;
	uint8_t data[16] = {0};
	struct timeval tv = {STEP_MS / 1000, STEP_MS % 1000 * 1000};
	struct timeval all = {SILENCE_MS / 1000, SILENCE_MS % 1000 * 1000};

	if (s->nsent == 0)
		evtimer_add(s->deadline, &all);
	data[0] = p->to.sa.sa_family == AF_INET6 ? ICMP6_ECHO_REQUEST :
						   ICMP_ECHO;
	data[7] = (uint8_t)s->nsent;
	memcpy(data + 8, &s->nonce, sizeof s->nonce);
	s->sent_us[s->nsent++] = clock_mono_us();
	if (send(s->fd, data, sizeof data, MSG_DONTWAIT) < 0 && s->nsent == 1 &&
	    errno != EAGAIN) {
		enum cause cause = errno == EPERM || errno == EACCES ?
		    CAUSE_PERMISSION :
		    CAUSE_NET_UNREACHABLE;

		icmp_result(p, RUNG_LOCAL_ERROR, cause);
		return;
	}
	if (s->nsent < NECHOS)
		evtimer_add(s->next, &tv);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct icmp_state *s = p->state;
	char text[ADDR_TEXT_SIZE];

	(void)fd;
	(void)what;
	if (s->nsent == 1 && s->nreceived == 0)
		probe_is_slow(p);
	pace_wait(p->env->pace, &s->ticket, addr_text(&p->to, text), send_echo,
	    p);
}

static void
icmp_start(struct probe *p)
{
	struct icmp_state *s = mem_alloc(sizeof *s);
	bool v6 = p->to.sa.sa_family == AF_INET6;
	struct addr to = p->to;
	char text[ADDR_TEXT_SIZE];

	p->state = s;
	random_bytes(&s->nonce, sizeof s->nonce);
	s->next = evtimer_new(p->env->base, on_next, p);
	s->deadline = evtimer_new(p->env->base, on_deadline, p);
	s->fd = conn_socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM,
	    v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP, p->env->interface);
	addr_set_port(&to, 0);
	if (s->fd < 0 || connect(s->fd, &to.sa, to.len) != 0) {
		probe_finish(p, RUNG_LOCAL_ERROR,
		    errno == EACCES || errno == EPERM ? CAUSE_PERMISSION :
							CAUSE_NET_UNREACHABLE);
		return;
	}
	errqueue_enable(s->fd, to.sa.sa_family);
	s->io = event_new(p->env->base, s->fd, EV_READ | EV_PERSIST, on_io, p);
	event_add(s->io, NULL);
	pace_wait(p->env->pace, &s->ticket, addr_text(&to, text), send_echo, p);
}

static void
icmp_stop(struct probe *p)
{
	struct icmp_state *s = p->state;

	pace_cancel(p->env->pace, &s->ticket);
	if (s->io != NULL)
		event_free(s->io);
	event_free(s->next);
	event_free(s->deadline);
	if (s->fd >= 0)
		close(s->fd);
	mem_free(s);
}

const struct probe_type probe_icmp = {
    .name = "icmp",
    .shape = SHAPE_HOST,
    .nature = NATURE_PING,
    .label = N_("Ping"),
    .sends = N_("It sends three echo requests (ping)."),
    .needs_address = true,
    .flows = 3,
    .packets = NECHOS,
    .bytes = NECHOS * (40 + 16),
    .longest_ms = SILENCE_MS,
    .start = icmp_start,
    .stop = icmp_stop,
};
