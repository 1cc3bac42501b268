/* SPDX-License-Identifier: MIT */
/* Owns the sending of echo requests and the matching of their replies. */
#include "core/probe/echo.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/net/way.h"

#define LENGTH 16
#define AGAIN_MS 200 /* after an ICMP error */

static void
arm(struct event *ev, unsigned ms)
{
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	evtimer_add(ev, &tv);
}

static void
finish(struct echo *e, enum echo_end how, enum cause cause)
{
	if (e->over)
		return;
	e->over = true;
	pace_cancel(e->probe->env->pace, &e->ticket);
	event_del(e->next);
	event_del(e->end);
	if (e->io != NULL)
		event_del(e->io);
	e->setup->done(e->probe, how, cause);
}

static void
on_end(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	finish(arg, ECHO_OVER, CAUSE_NONE);
}

static void
got_reply(struct echo *e, struct echo_one *one)
{
	one->replied = true;
	one->end_us = clock_mono_us();
	e->nreplies++;
	if (e->nreplies + e->nfailed == e->setup->count)
		finish(e, ECHO_OVER, CAUSE_NONE);
	else if (e->setup->reply_ms != 0 && e->nsent < e->setup->count &&
	    one == &e->one[e->nsent - 1])
		arm(e->next, e->setup->reply_ms);
}

static void
read_reply(struct echo *e)
{
	bool v6 = e->probe->to.sa.sa_family == AF_INET6;
	int want = v6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY;
	uint8_t data[256];
	uint64_t nonce;
	unsigned seq;
	ssize_t n;

	n = recv(e->fd, data, sizeof data, MSG_DONTWAIT);
	if (n != LENGTH || data[0] != want || data[1] != 0)
		return;
	seq = (unsigned)data[6] << 8 | data[7];
	memcpy(&nonce, data + 8, sizeof nonce);
	if (seq < e->nsent && nonce == e->nonce && e->one[seq].end_us == 0)
		got_reply(e, &e->one[seq]);
}

/* The error holds the request that it is about, which tells its number. */
static void
got_error(struct echo *e, const struct icmp_error *icmp)
{
	struct echo_one *one = &e->one[e->nsent - 1];
	uint64_t nonce;

	if (icmp->payload_len >= LENGTH) {
		memcpy(&nonce, icmp->payload + 8, sizeof nonce);
		if (nonce == e->nonce && icmp->payload[7] < e->nsent)
			one = &e->one[icmp->payload[7]];
	}
	if (one->end_us != 0)
		return;
	one->failed = true;
	one->end_us = clock_mono_us();
	one->icmp = *icmp;
	e->nfailed++;
	if (e->nfailed >= 2 && e->nreplies == 0)
		finish(e, icmp->local ? ECHO_LOCAL : ECHO_REJECTED,
		    probe_icmp_cause(icmp));
	else if (e->nreplies + e->nfailed == e->setup->count)
		finish(e, ECHO_OVER, CAUSE_NONE);
	else if (e->nsent < e->setup->count)
		arm(e->next, AGAIN_MS);
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct echo *e = arg;
	struct icmp_error icmp;

	(void)what;
	if (e->over || e->nsent == 0)
		return;
	if (errqueue_read(fd, &icmp))
		got_error(e, &icmp);
	else
		read_reply(e);
}

static void
on_turn(void *arg)
{
	struct echo *e = arg;
	uint8_t data[LENGTH] = {0};
	bool v6 = e->probe->to.sa.sa_family == AF_INET6;

	data[0] = v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	data[7] = (uint8_t)e->nsent;
	memcpy(data + 8, &e->nonce, sizeof e->nonce);
	e->one[e->nsent++].sent_us = clock_mono_us();
	/* A failure may also tell of an ICMP error that came before. */
	if (send(e->fd, data, sizeof data, MSG_DONTWAIT) < 0 &&
	    errno != EAGAIN && e->nsent == 1) {
		finish(e, ECHO_LOCAL, probe_local_cause(errno));
		return;
	}
	arm(e->nsent < e->setup->count ? e->next : e->end,
	    e->nsent < e->setup->count ? e->setup->step_ms :
					 e->setup->patience_ms);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct echo *e = arg;
	char text[ADDR_TEXT_SIZE];

	(void)fd;
	(void)what;
	if (e->nsent == 1 && e->nreplies == 0)
		probe_is_slow(e->probe);
	pace_wait(e->probe->env->pace, &e->ticket,
	    addr_text(&e->probe->to, text), on_turn, e);
}

void
echo_start(struct echo *e, struct probe *p, const struct echo_setup *setup)
{
	bool v6 = p->to.sa.sa_family == AF_INET6;
	struct addr to = p->to;
	char text[ADDR_TEXT_SIZE];

	e->probe = p;
	e->setup = setup;
	random_bytes(&e->nonce, sizeof e->nonce);
	e->next = evtimer_new(p->env->base, on_next, e);
	e->end = evtimer_new(p->env->base, on_end, e);
	e->fd = way_socket(&p->to, SOCK_DGRAM,
	    v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP, p->env->interface);
	addr_set_port(&to, 0);
	if (e->fd < 0 || connect(e->fd, &to.sa, to.len) != 0) {
		finish(e, ECHO_LOCAL,
		    errno == EACCES || errno == EPERM ? CAUSE_PERMISSION :
							CAUSE_NET_UNREACHABLE);
		return;
	}
	errqueue_enable(e->fd, to.sa.sa_family);
	e->io = event_new(p->env->base, e->fd, EV_READ | EV_PERSIST, on_io, e);
	event_add(e->io, NULL);
	pace_wait(p->env->pace, &e->ticket, addr_text(&to, text), on_turn, e);
}

void
echo_conclude(struct echo *e)
{
	finish(e, ECHO_OVER, CAUSE_NONE);
}

void
echo_stop(struct echo *e)
{
	if (e->probe == NULL)
		return;
	pace_cancel(e->probe->env->pace, &e->ticket);
	if (e->io != NULL)
		event_free(e->io);
	event_free(e->next);
	event_free(e->end);
	if (e->fd >= 0)
		close(e->fd);
}

static const char *
word_of(const struct echo_one *one)
{
	if (one->replied)
		return "reply";
	if (!one->failed)
		return "silence";
	return one->icmp.local ? "error" : "icmp";
}

unsigned
echo_report(const struct echo *e)
{
	int64_t now = clock_mono_us(), rtt, least = INT64_MAX, most = 0;
	struct probe *p = e->probe;
	unsigned i, counted = 0;

	for (i = 0; i < e->nsent; i++) {
		const struct echo_one *one = &e->one[i];
		struct attempt *t;

		if (one->end_us == 0 &&
		    now - one->sent_us < e->setup->patience_ms * INT64_C(1000))
			continue;
		counted++;
		t = probe_add_attempt(p, one->sent_us,
		    one->end_us == 0 ? now : one->end_us, word_of(one));
		t->sent = LENGTH;
		if (one->failed)
			probe_add_icmp(p, t, &one->icmp);
		if (!one->replied)
			continue;
		t->received = LENGTH;
		t->from = p->obs.address;
		rtt = one->end_us - one->sent_us;
		least = rtt < least ? rtt : least;
		most = rtt > most ? rtt : most;
	}
	probe_detail_int(p, "sent", counted);
	probe_detail_int(p, "received", e->nreplies);
	if (e->nreplies == 0)
		return counted;
	probe_detail_int(p, "rtt_min_us", least);
	probe_detail_int(p, "rtt_max_us", most);
	return counted - e->nreplies;
}
