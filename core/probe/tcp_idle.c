/* SPDX-License-Identifier: MIT */
/* The probe "tcp_idle": how long the network keeps a TCP connection on which
 * nothing is said (facts, section 3.2; lines 50-60 of the vendor's document).
 * `want` is the interval in seconds at which the device speaks, 540 unless
 * said otherwise. Several connections are opened together; each stays idle
 * for its own time, then sends a TLS ClientHello, and any TLS record that
 * comes back proves that the network still knew it. Silence or a reset then
 * means that it was forgotten, if a fresh connection to the same server is
 * answered. A connection that ends by itself while it is idle was closed by
 * the server, or by a box that says so, which is not the same.
 *
 * Detail, all in milliseconds: "wanted_ms", "survived_ms" (longest idle time
 * after which it was answered, 0 none), "lost_ms" (shortest after which it
 * was not), "closed_ms" (when the first was closed while idle), "closed_by"
 * (close, reset), "held_ms" (how long it went on), "fresh" (a new connection
 * was answered after one was lost). */
#include <openssl/ssl.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/net/conn.h"
#include "core/net/stream.h"
#include "core/probe/probe.h"

#define WANT_S 540
#define WANT_MAX_S 600 /* the probe's own deadline */
/* On a way of 600 ms there and back a lost packet is sent again after 1.8, 5.4
 * and 12.6 s (RFC 6298 sections 2 and 5.5), and what the server says may be
 * lost as well. */
#define REPLY_MS 14000
/* Of the fresh one, whose silence only leaves it open. */
#define FRESH_REPLY_MS 4000
/* Where nobody waits any longer: how long the last one has for its answer,
 * what counts as silence then, of two or of one alone, and the fresh one's
 * time. Where one packet of ten is lost, one was silent for two seconds in
 * one run of twenty. */
#define HURRY_MS 2000
#define WAITED_MS 1900
#define WAITED_ALONE_MS 6000
#define FRESH_MS 700
#define MAX_IN 1024
#define HELLO_MAX 2048

/* Idle times in 54ths of what is wanted: 10, 60, 120, 240, 360 and 560 s of
 * 540. The last is the proof; the others tell how far it goes without. */
static const unsigned part[] = {1, 6, 12, 24, 36, 56};
#define PARTS 54
#define NLINES (sizeof part / sizeof *part)

enum line_end {
	LINE_OPEN,
	LINE_ANSWERED,
	LINE_FORGOTTEN, /* silence, or a reset, after it spoke */
	LINE_CLOSED,    /* by itself, before it spoke */
	LINE_OTHER,     /* something else than TLS */
	LINE_REFUSED,   /* never accepted */
};

struct line {
	struct probe *probe;
	unsigned idle_ms; /* 0: speaks at once */
	struct conn *conn;
	struct stream *stream;
	struct event *speak;
	size_t attempt;   /* of the observation, when it was accepted */
	int64_t since_us; /* when that was */
	int64_t spoke_us; /* monotonic; 0: not yet */
	enum line_end end;
};

struct idle_state {
	struct line line[NLINES];
	struct line fresh;
	int64_t since_us;  /* the first was accepted */
	int64_t closed_us; /* the first was closed, after that */
	unsigned wanted_ms;
	const struct line *lost; /* what the fresh one is held against */
	struct event *hurry;
	enum rung rung; /* of a connection that was not accepted */
	enum cause failure;
};

/* What a client says first, made by OpenSSL and sent by us: no handshake is
 * wanted, since the server would then wait for our certificate. */
static size_t
make_hello(const char *host, uint8_t out[HELLO_MAX])
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl = ctx == NULL ? NULL : SSL_new(ctx);
	BIO *in = BIO_new(BIO_s_mem()), *hello = BIO_new(BIO_s_mem());
	int n;

	if (ssl == NULL || in == NULL || hello == NULL)
		mem_fatal("OpenSSL gives no session");
	SSL_set_bio(ssl, in, hello);
	if (host != NULL)
		SSL_set_tlsext_host_name(ssl, host);
	SSL_connect(ssl);
	n = BIO_read(hello, out, HELLO_MAX);
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	return n > 0 ? (size_t)n : 0;
}

static void
line_drop(struct line *l)
{
	struct attempt *a = l->stream == NULL ?
	    NULL :
	    &l->probe->obs.attempts[l->attempt];

	if (a != NULL) {
		a->sent = (uint32_t)stream_sent(l->stream);
		a->received = (uint32_t)stream_received(l->stream);
	}
	stream_close(l->stream);
	l->stream = NULL;
	if (l->speak != NULL)
		event_free(l->speak);
	l->speak = NULL;
}

/* What is known by now. */
static void
describe(struct probe *p)
{
	struct idle_state *s = p->state;
	unsigned survived = 0, lost = 0;
	size_t i;

	for (i = 0; i < NLINES; i++) {
		const struct line *l = &s->line[i];

		if (l->end == LINE_ANSWERED && l->idle_ms > survived)
			survived = l->idle_ms;
		if (l->end == LINE_FORGOTTEN &&
		    (lost == 0 || l->idle_ms < lost))
			lost = l->idle_ms;
	}
	probe_detail_int(p, "wanted_ms", s->wanted_ms);
	probe_detail_int(p, "survived_ms", survived);
	if (lost > 0)
		probe_detail_int(p, "lost_ms", lost);
	if (s->closed_us > 0)
		probe_detail_int(p, "closed_ms", s->closed_us / 1000);
	if (s->since_us > 0)
		probe_detail_int(p, "held_ms",
		    (clock_mono_us() - s->since_us) / 1000);
}

static void
idle_result(struct probe *p)
{
	struct idle_state *s = p->state;
	const struct line *last = &s->line[NLINES - 1];
	bool any = false;
	size_t i;

	describe(p);
	for (i = 0; i < NLINES; i++)
		any = any || s->line[i].end == LINE_ANSWERED;
	if (s->since_us == 0)
		probe_finish(p, s->rung, s->failure);
	else if (s->lost != NULL && s->fresh.end == LINE_ANSWERED)
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NAT_IDLE_SHORT);
	else if (last->end == LINE_ANSWERED && last->idle_ms >= s->wanted_ms)
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
	else if (!any && s->line[0].end == LINE_OTHER)
		probe_finish(p, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
	else
		probe_finish(p, RUNG_TRANSPORT, CAUSE_NONE);
}

static void line_open(struct probe *p, struct line *l, unsigned idle_ms);

static void
open_others(struct probe *p)
{
	struct idle_state *s = p->state;
	size_t i;

	for (i = 1; i < NLINES; i++)
		line_open(p, &s->line[i], s->wanted_ms / PARTS * part[i]);
}

/* One has come to its end. The first that was forgotten decides, once a new
 * connection has shown that the server is still there. */
static void
line_done(struct line *l, enum line_end end)
{
	struct probe *p = l->probe;
	struct idle_state *s = p->state;
	size_t i;

	l->end = end;
	line_drop(l);
	if (p->finished)
		return;
	if (l == &s->fresh) {
		probe_detail_bool(p, "fresh", end == LINE_ANSWERED);
		idle_result(p);
		return;
	}
	if (s->hurry != NULL && l == &s->line[NLINES - 1] &&
	    end != LINE_FORGOTTEN) {
		idle_result(p);
		return;
	}
	if (end == LINE_FORGOTTEN && s->lost == NULL) {
		s->lost = l;
		line_open(p, &s->fresh, 0);
		return;
	}
	for (i = 0; s->since_us != 0 && i < NLINES; i++) {
		if (s->line[i].end == LINE_OPEN)
			return;
	}
	if (s->lost == NULL)
		idle_result(p);
}

static void
on_input(void *arg, const uint8_t *data, size_t len)
{
	struct line *l = arg;

	/* A record of TLS: type and major version (RFC 8446 5.1). */
	if (l->spoke_us == 0 || data[0] < 0x14 || data[0] > 0x17 ||
	    (len > 1 && data[1] != 3))
		line_done(l, LINE_OTHER);
	else if (len > 1)
		line_done(l, LINE_ANSWERED);
}

static void
on_ended(void *arg, enum stream_end how)
{
	struct line *l = arg;
	struct idle_state *s = l->probe->state;

	if (l->spoke_us != 0) {
		line_done(l,
		    how == STREAM_TIMEOUT || how == STREAM_RESET ?
			LINE_FORGOTTEN :
			LINE_OTHER);
		return;
	}
	if (s->closed_us == 0) {
		s->closed_us = clock_mono_us() - s->since_us;
		probe_detail_str(l->probe, "closed_by",
		    how == STREAM_CLOSED ? "close" : "reset");
	}
	line_done(l, LINE_CLOSED);
}

static void
on_speak(evutil_socket_t fd, short what, void *arg)
{
	struct line *l = arg;
	uint8_t hello[HELLO_MAX];
	size_t len = make_hello(l->probe->spec->host, hello);

	(void)fd;
	(void)what;
	l->spoke_us = clock_mono_us();
	stream_send(l->stream, hello, len);
}

static void
on_connected(void *arg, enum conn_result result, int fd)
{
	struct line *l = arg;
	struct probe *p = l->probe;
	struct idle_state *s = p->state;
	struct timeval tv = {l->idle_ms / 1000, l->idle_ms % 1000 * 1000};
	struct stream_setup setup = {
	    .base = p->env->base,
	    .fd = fd,
	    .max_in = MAX_IN,
	    .timeout_ms = l == &s->fresh ? FRESH_REPLY_MS :
					   l->idle_ms + REPLY_MS,
	    .input = on_input,
	    .ended = on_ended,
	    .arg = l,
	};
	enum rung rung;
	enum cause failure;

	probe_add_conn(p, l->conn, &rung, &failure);
	if (result != CONN_ACCEPTED) {
		s->rung = rung;
		s->failure = failure;
		line_done(l, LINE_REFUSED);
		return;
	}
	l->since_us = clock_mono_us();
	if (s->since_us == 0) {
		s->since_us = l->since_us;
		open_others(p);
	}
	l->attempt = p->decider;
	l->stream = stream_open(&setup);
	l->speak = evtimer_new(p->env->base, on_speak, l);
	evtimer_add(l->speak, &tv);
}

static void
on_slow(void *arg)
{
	struct line *l = arg;

	probe_is_slow(l->probe);
}

static void
line_open(struct probe *p, struct line *l, unsigned idle_ms)
{
	struct conn_setup setup = {
	    .base = p->env->base,
	    .pace = p->env->pace,
	    .interface = p->env->interface,
	    .to = p->to,
	    .done = on_connected,
	    .slow = on_slow,
	    .arg = l,
	};

	l->probe = p;
	l->idle_ms = idle_ms;
	l->conn = conn_open(&setup);
}

/* Two have waited for their answers, or one so long that it is enough. */
static struct line *
find_overdue(struct idle_state *s)
{
	int64_t now = clock_mono_us();
	struct line *found = NULL;
	size_t i;

	for (i = 0; i < NLINES; i++) {
		struct line *l = &s->line[i];
		int64_t waited_ms = (now - l->spoke_us) / 1000;

		if (l->end != LINE_OPEN || l->spoke_us == 0 ||
		    waited_ms < WAITED_MS)
			continue;
		if (found != NULL)
			return found;
		if (waited_ms >= WAITED_ALONE_MS)
			return l;
		found = l;
	}
	return NULL;
}

static void
on_hurry(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct idle_state *s = p->state;
	struct line *overdue = find_overdue(s);
	struct timeval tv = {0, FRESH_MS * 1000};

	(void)fd;
	(void)what;
	if (s->lost != NULL || overdue == NULL) {
		idle_result(p);
		return;
	}
	evtimer_add(s->hurry, &tv);
	line_done(overdue, LINE_FORGOTTEN);
}

/* Nobody waits any longer: the one that was to be silent for longest speaks
 * now, so that the time until here is known. */
static void
idle_conclude(struct probe *p)
{
	struct idle_state *s = p->state;
	struct line *last = &s->line[NLINES - 1];
	struct timeval tv = {HURRY_MS / 1000, HURRY_MS % 1000 * 1000};
	struct timeval fresh = {0, FRESH_MS * 1000};

	if (s->hurry != NULL)
		return;
	s->hurry = evtimer_new(p->env->base, on_hurry, p);
	if (s->lost != NULL) {
		evtimer_add(s->hurry, &fresh);
		return;
	}
	if (find_overdue(s) != NULL || last->stream == NULL) {
		on_hurry(-1, 0, p);
		return;
	}
	evtimer_add(s->hurry, &tv);
	if (last->spoke_us != 0)
		return;
	last->idle_ms = (unsigned)((clock_mono_us() - last->since_us) / 1000);
	event_del(last->speak);
	on_speak(-1, 0, last);
}

static void
idle_start(struct probe *p)
{
	struct idle_state *s = mem_alloc(sizeof *s);
	uint64_t wanted = WANT_S;

	p->state = s;
	s->rung = RUNG_NONE;
	text_to_uint(p->spec->want, 1, WANT_MAX_S, &wanted);
	s->wanted_ms = (unsigned)wanted * 1000;
	/* The others when it is known that somebody is there. */
	line_open(p, &s->line[0], s->wanted_ms / PARTS * part[0]);
}

static void
idle_stop(struct probe *p)
{
	struct idle_state *s = p->state;
	size_t i;

	for (i = 0; i < NLINES; i++) {
		line_drop(&s->line[i]);
		conn_close(s->line[i].conn);
	}
	line_drop(&s->fresh);
	conn_close(s->fresh.conn);
	if (s->hurry != NULL)
		event_free(s->hurry);
	mem_free(s);
}

const struct probe_type probe_tcp_idle = {
    .name = "tcp_idle",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONDITION,
    .label = N_("Idle connection"),
    .sends = N_("It opens several connections, says nothing on each for a "
		"time of its own, up to ten minutes, and then begins a "
		"secure connection, to see whether the network still knows "
		"it."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = (NLINES + 1) * CONN_ATTEMPTS,
    .packets = (NLINES + 1) * 24,
    .bytes = (NLINES + 1) * 8000,
    .longest_ms = 560000 + REPLY_MS + CONN_SILENCE_MS + FRESH_REPLY_MS,
    .background = true,
    .start = idle_start,
    .stop = idle_stop,
    .conclude = idle_conclude,
};
