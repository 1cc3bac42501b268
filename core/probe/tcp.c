/* SPDX-License-Identifier: MIT */
/* The probe "tcp": for services whose protocol nobody documents. A TCP
 * connection that is accepted and then lives on, without RST or FIN, for
 * HOLD_MS: what stands in for a server often tears down at once what it may
 * not pass on. Detail: "survived_ms", "end" (open: it still lived; spoke:
 * the server said something; closed, reset), and "first_bytes" when the
 * server spoke. */
#include <errno.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/probe/probe.h"

/* Long enough for a box that looks at a connection before it cuts it, short
 * enough for a fast run of four seconds. */
#define HOLD_MS 1500

struct tcp_state {
	struct conn *conn;
	struct event *read;
	struct event *hold;
	int fd;
	int64_t since_us;
};

static void
tcp_result(struct probe *p, const char *end)
{
	struct tcp_state *s = p->state;

	probe_detail_int(p, "survived_ms",
	    (clock_mono_us() - s->since_us) / 1000);
	probe_detail_str(p, "end", end);
	probe_finish(p, RUNG_TRANSPORT, CAUSE_NONE);
}

static void
tcp_readable(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	char data[256];
	ssize_t n;

	(void)what;
	n = read(fd, data, sizeof data);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		p->obs.attempts[p->decider].received = (uint32_t)n;
		probe_detail_text(p, "first_bytes", data, (size_t)n);
		tcp_result(p, "spoke");
	} else {
		tcp_result(p, n == 0 ? "closed" : "reset");
	}
}

static void
tcp_held(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	tcp_result(arg, "open");
}

static void
tcp_connected(void *arg, enum conn_result result, int fd)
{
	struct probe *p = arg;
	struct tcp_state *s = p->state;
	struct timeval tv = {HOLD_MS / 1000, HOLD_MS % 1000 * 1000};
	enum rung rung;
	enum cause failure;

	probe_add_conn(p, s->conn, &rung, &failure);
	if (result != CONN_ACCEPTED) {
		probe_finish(p, rung, failure);
		return;
	}
	s->fd = fd;
	s->since_us = clock_mono_us();
	s->read = event_new(p->env->base, fd, EV_READ, tcp_readable, p);
	s->hold = evtimer_new(p->env->base, tcp_held, p);
	event_add(s->read, NULL);
	evtimer_add(s->hold, &tv);
}

static void
tcp_slow(void *arg)
{
	probe_is_slow(arg);
}

static void
tcp_start(struct probe *p)
{
	struct tcp_state *s = mem_alloc(sizeof *s);
	struct conn_setup setup = {
	    .base = p->env->base,
	    .pace = p->env->pace,
	    .interface = p->env->interface,
	    .to = p->to,
	    .done = tcp_connected,
	    .slow = tcp_slow,
	    .arg = p,
	};

	s->fd = -1;
	p->state = s;
	s->conn = conn_open(&setup);
}

static void
tcp_stop(struct probe *p)
{
	struct tcp_state *s = p->state;

	conn_close(s->conn);
	if (s->read != NULL)
		event_free(s->read);
	if (s->hold != NULL)
		event_free(s->hold);
	if (s->fd >= 0)
		close(s->fd);
	mem_free(s);
}

const struct probe_type probe_tcp = {
    .name = "tcp",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONNECTION,
    .label = N_("Connection"),
    .sends = N_("It opens a connection, keeps it open for a moment and "
		"closes it again."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = CONN_ATTEMPTS,
    .packets = 16,
    .bytes = 16 * 80,
    .longest_ms = CONN_SILENCE_MS + HOLD_MS,
    .start = tcp_start,
    .stop = tcp_stop,
};
