/* SPDX-License-Identifier: MIT */
/* The probes "path" and "locate": packets of the real flow with a small TTL.
 * "path" proves that the site's gateway lets the flow out, where no server
 * could answer it; "locate" walks on, after a failure, to find who blocks.
 * Detail: "gateway_hop", "passed" (an answer came from beyond the gateway),
 * "last_hop" and "last_ttl" (farthest answer), "end" and "end_ttl". */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/probe/probe.h"

#define NTRIES 2 /* packets per TTL */
#define RETRY_MS 500
#define STEP_MS 1200 /* until a TTL is called silent */
#define MAX_TTL 8
#define MAX_SILENT 2 /* TTLs in a row without an answer */

struct path_try {
	struct probe *probe;
	struct event *event;
	int fd;
	int ttl;
	uint16_t source_port;
	int64_t start_us;
};

struct path_state {
	struct path_try try[NTRIES];
	int ntries; /* of this TTL */
	int ttl;
	int nsilent;
	bool passed;
	char *first_hop; /* who answered TTL 1, or the gateway */
	struct pace_ticket ticket;
	struct event *retry;
	struct event *step;
};

static bool
walks_on(const struct probe *p)
{
	return p->type == probe_type_find("locate");
}

static void
close_tries(struct path_state *s)
{
	int i;

	for (i = 0; i < s->ntries; i++) {
		if (s->try[i].event != NULL)
			event_free(s->try[i].event);
		if (s->try[i].fd >= 0)
			close(s->try[i].fd);
		s->try[i].event = NULL;
		s->try[i].fd = -1;
	}
	s->ntries = 0;
	event_del(s->retry);
	event_del(s->step);
}

static void
path_end(struct probe *p, const char *how, enum rung rung, enum cause failure)
{
	struct path_state *s = p->state;

	close_tries(s);
	probe_detail_str(p, "end", how);
	probe_detail_int(p, "end_ttl", s->ttl);
	probe_detail_bool(p, "passed", s->passed);
	if (s->passed) {
		rung = RUNG_PASSED_GATEWAY;
		if (!walks_on(p))
			failure = CAUSE_NONE;
	}
	probe_finish(p, rung, failure);
}

static void path_step(struct probe *p);

static void
next_ttl(struct probe *p)
{
	struct path_state *s = p->state;

	close_tries(s);
	if (s->ttl >= MAX_TTL || s->nsilent >= MAX_SILENT) {
		path_end(p, "silence", RUNG_SILENCE,
		    p->obs.protocol == PROTO_UDP ? CAUSE_UDP_SILENT :
						   CAUSE_TCP_TIMEOUT);
		return;
	}
	s->ttl++;
	path_step(p);
}

static struct attempt *
note(struct path_try *t, const char *result)
{
	struct attempt *a = probe_add_attempt(t->probe, t->start_us,
	    clock_mono_us(), result);

	a->ttl = t->ttl;
	a->source_port = t->source_port;
	t->probe->obs.source_port = t->source_port;
	return a;
}

static void
hop_answered(struct probe *p, const char *from)
{
	struct path_state *s = p->state;

	s->nsilent = 0;
	probe_detail_str(p, "last_hop", from);
	probe_detail_int(p, "last_ttl", s->ttl);
	if (s->ttl == 1) {
		s->first_hop = arena_strdup(p->arena, from);
		probe_detail_str(p, "gateway_hop", from);
	} else if (from != NULL &&
	    (s->first_hop == NULL || strcmp(from, s->first_hop) != 0)) {
		s->passed = true;
	}
	if (s->passed && !walks_on(p))
		path_end(p, "time_exceeded", RUNG_PASSED_GATEWAY, CAUSE_NONE);
	else
		next_ttl(p);
}

static void
got_icmp(struct path_try *t, const struct icmp_error *e)
{
	struct probe *p = t->probe;
	struct path_state *s = p->state;
	char text[ADDR_TEXT_SIZE];
	struct attempt *a;

	if (e->local) {
		a = note(t, "error");
		a->error = e->error;
		path_end(p, "error", RUNG_LOCAL_ERROR,
		    e->error == EPERM || e->error == EACCES ?
			CAUSE_PERMISSION :
			CAUSE_NET_UNREACHABLE);
		return;
	}
	addr_text(&e->offender, text);
	a = note(t, e->type == 11 ? "time_exceeded" : "icmp");
	a->icmp_type = e->type;
	a->icmp_code = e->code;
	a->error = e->error;
	a->from = arena_strdup(p->arena, text);
	if (e->type == 11) {
		hop_answered(p, a->from);
		return;
	}
	p->obs.offender = a->from;
	if (s->first_hop == NULL || strcmp(text, s->first_hop) != 0)
		s->passed = s->passed || s->ttl > 1;
	path_end(p, "icmp", RUNG_REJECTED, probe_icmp_cause(e));
}

static void
got_end(struct path_try *t, const char *result)
{
	struct probe *p = t->probe;
	struct path_state *s = p->state;
	bool reset = strcmp(result, "reset") == 0;

	note(t, result);
	if (reset && !s->passed) {
		path_end(p, result, RUNG_REJECTED, CAUSE_TCP_RESET);
		return;
	}
	/* Accepted by the first hop means that a box on the site answered for
	 * the server: nothing has passed. */
	if (s->ttl > 1 || reset)
		s->passed = true;
	path_end(p, result, reset ? RUNG_REJECTED : RUNG_TRANSPORT,
	    reset ? CAUSE_TCP_RESET : CAUSE_NONE);
}

static void
on_socket(evutil_socket_t fd, short what, void *arg)
{
	struct path_try *t = arg;
	struct icmp_error e;
	char data[512];
	int error = 0;
	socklen_t len = sizeof error;

	(void)what;
	if (errqueue_read(fd, &e)) {
		got_icmp(t, &e);
		return;
	}
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (t->probe->obs.protocol == PROTO_UDP) {
		if (recv(fd, data, sizeof data, MSG_DONTWAIT) >= 0)
			got_end(t, "reply");
		return;
	}
	if (error == ECONNREFUSED || error == ECONNRESET) {
		got_end(t, "reset");
	} else if (error == 0) {
		struct sockaddr_storage peer;

		len = sizeof peer;
		if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0)
			got_end(t, "accepted");
	}
}

/* The flow's own first bytes where they are known, so that a box that looks
 * into packets sees the real thing; otherwise an RTP header (RFC 3550 5.1). */
static size_t
payload(uint16_t port, uint8_t out[48])
{
	static const uint8_t dns[] = {
	    /* root NS?, RD=0 (RFC 1035 4.1) */
	    0x53,
	    0x57,
	    0,
	    0,
	    0,
	    1,
	    0,
	    0,
	    0,
	    0,
	    0,
	    0,
	    0,
	    0,
	    2,
	    0,
	    1,
	};

	memset(out, 0, 48);
	if (port == 53) {
		memcpy(out, dns, sizeof dns);
		return sizeof dns;
	}
	if (port == 123) {
		out[0] = 0x23;
		return 48;
	}
	out[0] = 0x80;
	out[3] = 1;
	return 12;
}

static void
set_ttl(int fd, int family, int ttl)
{
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl,
		    sizeof ttl);
	else
		setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl);
}

static void
learn_port(struct path_try *t)
{
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	struct addr local;

	if (getsockname(t->fd, (struct sockaddr *)&me, &len) == 0 &&
	    addr_from_sockaddr(&local, (struct sockaddr *)&me, len))
		t->source_port = addr_port(&local);
}

/* Sends one packet; -1 with errno. */
static int
send_one(struct path_try *t)
{
	const struct probe *p = t->probe;
	bool udp = p->obs.protocol == PROTO_UDP;
	uint8_t data[48];
	size_t len = payload(p->spec->port, data);
	int family = p->to.sa.sa_family;

	t->fd = conn_socket(family, udp ? SOCK_DGRAM : SOCK_STREAM, 0,
	    p->env->interface);
	if (t->fd < 0)
		return -1;
	errqueue_enable(t->fd, family);
	set_ttl(t->fd, family, t->ttl);
	if (connect(t->fd, &p->to.sa, p->to.len) != 0 && errno != EINPROGRESS)
		return -1;
	learn_port(t);
	if (udp && send(t->fd, data, len, MSG_DONTWAIT) < 0)
		return -1;
	return 0;
}

static void
path_go(void *arg)
{
	struct probe *p = arg;
	struct path_state *s = p->state;
	struct path_try *t = &s->try[s->ntries++];
	struct timeval step = {STEP_MS / 1000, STEP_MS % 1000 * 1000};
	struct timeval retry = {0, RETRY_MS * 1000};

	memset(t, 0, sizeof *t);
	t->probe = p;
	t->ttl = s->ttl;
	t->start_us = clock_mono_us();
	if (send_one(t) != 0) {
		struct icmp_error e = {.local = true, .error = errno};

		if (t->fd >= 0 && errqueue_read(t->fd, &e) && !e.local) {
			got_icmp(t, &e);
			return;
		}
		e.local = true;
		got_icmp(t, &e);
		return;
	}
	t->event = event_new(p->env->base, t->fd,
	    p->obs.protocol == PROTO_UDP ? EV_READ | EV_PERSIST :
					   EV_READ | EV_WRITE | EV_PERSIST,
	    on_socket, t);
	event_add(t->event, NULL);
	if (s->ntries == 1) {
		evtimer_add(s->step, &step);
		evtimer_add(s->retry, &retry);
	}
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct path_state *s = p->state;
	char text[ADDR_TEXT_SIZE];

	(void)fd;
	(void)what;
	if (s->ntries < NTRIES)
		pace_wait(p->env->pace, &s->ticket, addr_text(&p->to, text),
		    path_go, p);
}

static void
on_step(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct path_state *s = p->state;
	int i;

	(void)fd;
	(void)what;
	pace_cancel(p->env->pace, &s->ticket);
	for (i = 0; i < s->ntries; i++)
		note(&s->try[i], "silence");
	s->nsilent++;
	next_ttl(p);
}

static void
path_step(struct probe *p)
{
	struct path_state *s = p->state;
	char text[ADDR_TEXT_SIZE];

	pace_wait(p->env->pace, &s->ticket, addr_text(&p->to, text), path_go,
	    p);
}

static void
path_start(struct probe *p)
{
	struct path_state *s = mem_alloc(sizeof *s);
	const struct vantage *v = p->env->vantage;
	const char *gw = p->to.sa.sa_family == AF_INET6 ? v->gateway6 :
							  v->gateway;

	p->state = s;
	s->ttl = 1;
	s->first_hop = arena_strdup(p->arena, gw);
	s->retry = evtimer_new(p->env->base, on_retry, p);
	s->step = evtimer_new(p->env->base, on_step, p);
	path_step(p);
}

static void
path_stop(struct probe *p)
{
	struct path_state *s = p->state;

	pace_cancel(p->env->pace, &s->ticket);
	close_tries(s);
	event_free(s->retry);
	event_free(s->step);
	mem_free(s);
}

const struct probe_type probe_path = {
    .name = "path",
    .label = N_("Way out through the gateway"),
    .sends = N_("It sends a few packets that expire just behind the "
		"gateway."),
    .needs_address = true,
    .flows = 4,
    .packets = 8,
    .longest_ms = STEP_MS * (MAX_SILENT + 1),
    .start = path_start,
    .stop = path_stop,
};

const struct probe_type probe_locate = {
    .name = "locate",
    .label = N_("Search for what blocks"),
    .sends = N_("It sends a few packets that expire step by step on the "
		"way."),
    .needs_address = true,
    .flows = 8,
    .packets = 16,
    .longest_ms = STEP_MS * (MAX_SILENT + 1),
    .start = path_start,
    .stop = path_stop,
};
