/* SPDX-License-Identifier: MIT */
/* The probes "path" and "locate": packets of the real flow with a small TTL.
 * "path" proves that the site's gateway lets the flow out, where no server
 * could answer it; "locate" walks on, after a failure, to find who blocks.
 * One packet at a time, each within the budget of net/hops.h.
 * Detail: "gateway_hop", "passed" (an answer came from beyond the gateway),
 * "last_hop" and "last_ttl" (farthest answer), "end" and "end_ttl". */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/probe/probe.h"

#define STEP_MS		1200	/* until a packet is called silent */
#define FIRST_MS	400	/* the gateway itself is near */
#define MAX_TTL		8
#define MAX_SILENT	3	/* packets in a row without an answer */

struct path_state {
	int fd;
	int ttl;
	int ntries;	/* at this TTL */
	int nsilent;	/* packets in a row */
	bool passed;
	char *first_hop; /* who answered TTL 1, or the gateway */
	uint16_t source_port;
	int64_t start_us;
	struct hops_ticket hop;
	struct pace_ticket turn;
	struct event *io;
	struct event *step;
};

static bool
walks_on(const struct probe *p)
{
	return strcmp(p->type->name, "locate") == 0;
}

static void
close_try(struct probe *p, bool answered)
{
	struct path_state *s = p->state;

	if (s->io != NULL)
		event_free(s->io);
	s->io = NULL;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	event_del(s->step);
	pace_cancel(p->env->pace, &s->turn);
	hops_done(p->env->hops, &s->hop, answered);
}

static void
path_end(struct probe *p, const char *how, enum rung rung, enum cause failure)
{
	struct path_state *s = p->state;

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

static void send_next(struct probe *p);

/* After silence: once more at the same TTL, then one hop farther, since some
 * routers never answer. A single way out is asked for at hops 2, 3 and 2. */
static void
after_silence(struct probe *p)
{
	struct path_state *s = p->state;

	if (s->ttl > 1 && ++s->nsilent >= MAX_SILENT) {
		path_end(p, "silence", RUNG_SILENCE,
		    p->obs.protocol == PROTO_UDP ? CAUSE_UDP_SILENT :
						   CAUSE_TCP_TIMEOUT);
		return;
	}
	if (!walks_on(p))
		s->ttl = s->ttl == 2 ? 3 : 2;
	else if (s->ttl == 1 || s->ntries > 1 || s->nsilent > 1)
		s->ttl++, s->ntries = 0;
	send_next(p);
}

static struct attempt *
note(struct probe *p, const char *result)
{
	struct path_state *s = p->state;
	struct attempt *a =
	    probe_add_attempt(p, s->start_us, clock_mono_us(), result);

	a->ttl = s->ttl;
	a->source_port = s->source_port;
	p->obs.source_port = s->source_port;
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
	} else if (s->first_hop == NULL || strcmp(from, s->first_hop) != 0) {
		s->passed = true;
	}
	if (s->passed && !walks_on(p)) {
		path_end(p, "time_exceeded", RUNG_PASSED_GATEWAY, CAUSE_NONE);
	} else if (s->ttl >= MAX_TTL) {
		path_end(p, "far", RUNG_SILENCE, CAUSE_NONE);
	} else {
		s->ttl++;
		s->ntries = 0;
		send_next(p);
	}
}

static void
local_error(struct probe *p, int error)
{
	note(p, "error")->error = error;
	path_end(p, "error", RUNG_LOCAL_ERROR,
	    error == EPERM || error == EACCES ? CAUSE_PERMISSION :
						CAUSE_NET_UNREACHABLE);
}

static void
got_icmp(struct probe *p, const struct icmp_error *e)
{
	struct path_state *s = p->state;
	char text[ADDR_TEXT_SIZE];
	struct attempt *a;

	close_try(p, !e->local);
	if (e->local) {
		local_error(p, e->error);
		return;
	}
	addr_text(&e->offender, text);
	a = note(p, e->type == 11 ? "time_exceeded" : "icmp");
	a->icmp_type = e->type;
	a->icmp_code = e->code;
	a->error = e->error;
	a->from = arena_strdup(p->arena, text);
	if (e->type == 11) {
		hop_answered(p, a->from);
		return;
	}
	p->obs.offender = a->from;
	if (s->ttl > 1 &&
	    (s->first_hop == NULL || strcmp(text, s->first_hop) != 0))
		s->passed = true;
	path_end(p, "icmp", RUNG_REJECTED, probe_icmp_cause(e));
}

/* Accepted by the first hop means that a box on the site answered for the
 * server. A reset at TTL 1 or 2 was made by one of the first two boxes; one
 * that comes only with a longer life came from behind them. */
static void
got_end(struct probe *p, const char *result)
{
	struct path_state *s = p->state;
	bool reset = strcmp(result, "reset") == 0;

	close_try(p, false);
	note(p, result);
	if (s->ttl > (reset ? 2 : 1))
		s->passed = true;
	path_end(p, result, reset ? RUNG_REJECTED : RUNG_TRANSPORT,
	    reset ? CAUSE_TCP_RESET : CAUSE_NONE);
}

static void
on_socket(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct sockaddr_storage peer;
	struct icmp_error e;
	char data[512];
	int error = 0;
	socklen_t len = sizeof error;

	(void)what;
	if (errqueue_read(fd, &e)) {
		got_icmp(p, &e);
		return;
	}
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (p->obs.protocol == PROTO_UDP) {
		if (recv(fd, data, sizeof data, MSG_DONTWAIT) >= 0)
			got_end(p, "reply");
		return;
	}
	len = sizeof peer;
	if (error == ECONNREFUSED || error == ECONNRESET)
		got_end(p, "reset");
	else if (error == 0 &&
	    getpeername(fd, (struct sockaddr *)&peer, &len) == 0)
		got_end(p, "accepted");
}

/* The flow's own first bytes where they are known, so that a box that looks
 * into packets sees the real thing; otherwise an RTP header (RFC 3550 5.1). */
static size_t
payload(uint16_t port, uint8_t out[48])
{
	static const uint8_t dns[] = {
	    /* root NS?, RD=0 (RFC 1035 4.1) */
	    0x53, 0x57, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1,
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
learn_port(struct path_state *s)
{
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	struct addr local;

	s->source_port = 0;
	if (getsockname(s->fd, (struct sockaddr *)&me, &len) == 0 &&
	    addr_from_sockaddr(&local, (struct sockaddr *)&me, len))
		s->source_port = addr_port(&local);
}

/* Sends one packet; -1 with errno. */
static int
send_one(struct probe *p)
{
	struct path_state *s = p->state;
	bool udp = p->obs.protocol == PROTO_UDP;
	uint8_t data[48];
	size_t len = payload(p->spec->port, data);
	int family = p->to.sa.sa_family;

	s->fd = conn_socket(family, udp ? SOCK_DGRAM : SOCK_STREAM, 0,
	    p->env->interface);
	if (s->fd < 0)
		return -1;
	errqueue_enable(s->fd, family);
	set_ttl(s->fd, family, s->ttl);
	if (connect(s->fd, &p->to.sa, p->to.len) != 0 && errno != EINPROGRESS)
		return -1;
	learn_port(s);
	if (udp && send(s->fd, data, len, MSG_DONTWAIT) < 0)
		return -1;
	return 0;
}

static void
on_turn(void *arg)
{
	struct probe *p = arg;
	struct path_state *s = p->state;
	int ms = s->ttl == 1 ?
	    FIRST_MS :
	    hops_patience_ms(p->env->hops, p->to.sa.sa_family == AF_INET6,
		s->ttl);
	struct timeval step = {ms / 1000, ms % 1000 * 1000};
	bool udp = p->obs.protocol == PROTO_UDP;

	s->ntries++;
	s->start_us = clock_mono_us();
	if (send_one(p) != 0) {
		struct icmp_error e = {.local = true, .error = errno};

		if (s->fd >= 0)
			errqueue_read(s->fd, &e);
		if (e.error == 0) {
			e.local = true;
			e.error = EIO;
		}
		got_icmp(p, &e);
		return;
	}
	s->io = event_new(p->env->base, s->fd,
	    udp ? EV_READ | EV_PERSIST : EV_READ | EV_WRITE | EV_PERSIST,
	    on_socket, p);
	event_add(s->io, NULL);
	evtimer_add(s->step, &step);
}

static void
on_budget(void *arg)
{
	struct probe *p = arg;
	struct path_state *s = p->state;
	char text[ADDR_TEXT_SIZE];

	pace_wait(p->env->pace, &s->turn, addr_text(&p->to, text), on_turn, p);
}

static void
on_step(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;

	(void)fd;
	(void)what;
	close_try(p, false);
	note(p, "silence");
	after_silence(p);
}

static void
send_next(struct probe *p)
{
	struct path_state *s = p->state;

	hops_wait(p->env->hops, &s->hop, p->to.sa.sa_family == AF_INET6,
	    s->ttl, on_budget, p);
}

static void
path_start(struct probe *p)
{
	struct path_state *s = mem_alloc(sizeof *s);
	const struct vantage *v = p->env->vantage;
	bool v6 = p->to.sa.sa_family == AF_INET6;
	const char *gw = v6 ? v->gateway6 : v->gateway;

	p->state = s;
	s->fd = -1;
	s->ttl = walks_on(p) ? 1 : 2;
	/* A reset can be told apart only after silence at TTL 2. */
	if (!walks_on(p) && p->obs.protocol == PROTO_UDP)
		s->ttl = hops_quicker(p->env->hops, v6, 2, 3);
	s->first_hop = arena_strdup(p->arena, gw);
	s->step = evtimer_new(p->env->base, on_step, p);
	send_next(p);
}

static void
path_stop(struct probe *p)
{
	struct path_state *s = p->state;

	close_try(p, false);
	event_free(s->step);
	mem_free(s);
}

const struct probe_type probe_path = {
    .name = "path",
    .label = N_("Way out to"),
    .sends = N_("It sends a few packets that expire just behind the "
		"gateway."),
    .needs_address = true,
    .flows = 1,
    .packets = MAX_SILENT,
    .longest_ms = STEP_MS * MAX_SILENT,
    .start = path_start,
    .stop = path_stop,
};

const struct probe_type probe_locate = {
    .name = "locate",
    .label = N_("Who blocks"),
    .sends = N_("It sends a few packets that expire step by step on the "
		"way."),
    .needs_address = true,
    .flows = 8,
    .packets = 16,
    .longest_ms = STEP_MS * (MAX_SILENT + 1),
    .start = path_start,
    .stop = path_stop,
};
