/* SPDX-License-Identifier: MIT */
/* The probe "mqtt": MQTT over TLS (OASIS MQTT 3.1.1 sections 3.1, 3.2, 3.14;
 * facts 5.5). The certificate is judged first, and only where it is the
 * expected one CONNECT follows, with a random client id, a clean session and
 * no user; then DISCONNECT. Any CONNACK proves the broker, also one that
 * refuses. A broker that demands a certificate of the device's ends TLS
 * first: its own certificate is then all that a laptop can see of it, and the
 * judge takes it for the proof.
 *
 * Detail: see tls_detail.h and tls_peer.h, "client_certificate" (asked, or
 * demanded: it ended for want of one), "mqtt" (accepted, refused, closed,
 * silence, garbage), "return_code" of the CONNACK, "hello_small" and
 * "hello_small_again" as in tls.c. */
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/probe/narrow.h"
#include "core/probe/tls_session.h"

#define ANSWER_MS 4000
#define NTRIES 2        /* a reset or silence is tried once more */
#define NSMALL 2        /* at most so often in small segments */
#define CONNACK_MAX 130 /* a length of one byte: 127 and the header */
#define ID_RANDOM 8
#define FLOWS (CONN_ATTEMPTS * (NTRIES + NSMALL))

/* CONNECT, protocol "MQTT" level 4, clean session, keepalive 30 s; the client
 * id has 20 letters and digits, of which a broker must take up to 23. */
static const uint8_t connect_head[] = {0x10, 10 + 2 + 20, 0, 4, 'M', 'Q', 'T',
    'T', 4, 0x02, 0, 30, 0, 20, 's', 'w', 'l', 'k'};
static const uint8_t disconnect[] = {0xe0, 0};

struct mqtt_state {
	struct tls_session *session;
	struct event *again;
	int ntries;
	struct narrow narrow;
	bool small;     /* the session that runs is in small segments */
	enum rung rung; /* what the last usual one came to */
	enum cause failure;
	uint8_t connect[sizeof connect_head + 2 * ID_RANDOM];
};

static void
write_connect(uint8_t *out)
{
	uint8_t id[ID_RANDOM];
	size_t i;

	memcpy(out, connect_head, sizeof connect_head);
	random_bytes(id, sizeof id);
	for (i = 0; i < ID_RANDOM; i++) {
		out[sizeof connect_head +
		    2 * i] = (uint8_t) "0123456789abcdef"[id[i] >> 4];
		out[sizeof connect_head + 2 * i +
		    1] = (uint8_t) "0123456789abcdef"[id[i] & 15];
	}
}

/* RUNG_TLS_EXPECTED without a failure: nothing was said, so nothing more is
 * known. */
static void
mqtt_ended(struct probe *p, enum tls_end how)
{
	struct mqtt_state *s = p->state;
	const struct tls_peer *t = tls_session_peer(s->session);
	static const char *const word[] = {
	    [TLS_REFUSED] = "refused",
	    [TLS_CUT] = "closed",
	    [TLS_SILENT] = "silence",
	    [TLS_GARBLED] = "garbage",
	    [TLS_UNCONNECTED] = NULL,
	};

	probe_detail_str(p, "mqtt", word[how]);
	/* TLS 1.3: the client has done its part before the server misses
	 * anything of it. */
	if (how == TLS_REFUSED) {
		probe_detail_str(p, "alert", t->reason);
		if (t->alert >= 0)
			probe_detail_int(p, "alert_code", t->alert);
		probe_detail_str(p, "handshake", tls_end_word(how));
	}
	if (how == TLS_REFUSED && t->asked && t->alert >= 0)
		probe_detail_str(p, "client_certificate", "demanded");
	probe_finish(p, RUNG_TLS_EXPECTED,
	    how == TLS_GARBLED ? CAUSE_WRONG_PROTOCOL : CAUSE_NONE);
}

/* 3.1.1: flags 0 or 1, code 0 to 5. A broker that knows only version 5 says
 * so in its own form: more bytes, and a reason of 0x80 or above. */
static bool
is_connack(const uint8_t *m, size_t len)
{
	return m[0] == 0x20 && m[2] <= 1 &&
	    ((len == 4 && m[3] <= 5) || (len > 4 && m[3] >= 0x80));
}

static bool
mqtt_input(struct probe *p, const uint8_t *m, size_t len)
{
	struct mqtt_state *s = p->state;
	size_t all = len < 2 ? 2 : 2 + (size_t)m[1];

	if (m[0] != 0x20 || (len >= 2 && (m[1] < 2 || m[1] > 127))) {
		mqtt_ended(p, TLS_GARBLED);
		return true;
	}
	if (len < all || all == 2)
		return false;
	if (len > all || !is_connack(m, all)) {
		mqtt_ended(p, TLS_GARBLED);
		return true;
	}
	probe_detail_int(p, "return_code", m[3]);
	probe_detail_str(p, "mqtt", m[3] == 0 ? "accepted" : "refused");
	if (m[3] == 0)
		tls_session_say(s->session, disconnect, sizeof disconnect);
	probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
	return true;
}

static void
try_again(struct probe *p, bool small)
{
	struct mqtt_state *s = p->state;
	struct timeval soon = {0, 0};

	s->small = small;
	evtimer_add(s->again, &soon);
}

static void
small_done(struct probe *p, enum tls_end how)
{
	struct mqtt_state *s = p->state;
	const struct tls_peer *t = tls_session_peer(s->session);
	bool answered = how != TLS_UNCONNECTED && tls_peer_is_enough(t, how);

	probe_detail_str(p, s->ntries > 1 ? "hello_small_again" : "hello_small",
	    tls_end_word(how));
	if (narrow_after(&s->narrow, false, answered) == NARROW_PROVED)
		probe_finish(p, RUNG_TRANSPORT, CAUSE_MTU_BLACKHOLE);
	else if (s->ntries < NTRIES)
		try_again(p, false);
	else
		probe_finish(p, s->rung, s->failure);
}

/* Cut off, or silent: true when something more is tried. */
static bool
is_tried_again(struct probe *p, enum tls_end how)
{
	struct mqtt_state *s = p->state;

	s->ntries++;
	if (narrow_after(&s->narrow, how == TLS_SILENT, false) ==
	    NARROW_SMALL) {
		try_again(p, true);
		return true;
	}
	if (s->ntries >= NTRIES)
		return false;
	try_again(p, false);
	return true;
}

static void
mqtt_done(struct probe *p, enum tls_end how)
{
	struct mqtt_state *s = p->state;
	const struct tls_peer *t = tls_session_peer(s->session);
	struct tls_talk talk = {
	    .out = s->connect,
	    .len = sizeof s->connect,
	    .max_in = CONNACK_MAX,
	    .timeout_ms = ANSWER_MS,
	    .input = mqtt_input,
	    .ended = mqtt_ended,
	};

	if (s->small) {
		small_done(p, how);
		return;
	}
	s->rung = RUNG_TRANSPORT;
	s->failure = CAUSE_NONE;
	if (how == TLS_UNCONNECTED) {
		tls_session_unconnected(s->session, &s->rung, &s->failure);
		probe_finish(p, s->rung, s->failure);
		return;
	}
	tls_peer_detail(p, t, how, &s->rung, &s->failure);
	if ((how == TLS_CUT || how == TLS_SILENT) &&
	    !tls_peer_is_enough(t, how) && is_tried_again(p, how))
		return;
	if (how == TLS_REFUSED && t->asked && t->alert >= 0 && t->proved)
		probe_detail_str(p, "client_certificate", "demanded");
	if (how != TLS_COMPLETE || s->rung != RUNG_TLS_EXPECTED ||
	    s->failure != CAUSE_NONE) {
		probe_finish(p, s->rung, s->failure);
		return;
	}
	write_connect(s->connect);
	tls_session_talk(s->session, &talk);
}

static void
mqtt_connect(struct probe *p)
{
	struct mqtt_state *s = p->state;
	struct tls_session_setup setup = {
	    .p = p,
	    .hello =
		{
		    .host = p->spec->host,
		    .alpn = p->spec->alpn,
		    .tls_max = p->spec->tls_max,
		    .want = p->spec->want,
		},
	    .mss = s->small ? NARROW_MSS : 0,
	    .timeout_ms = TLS_HANDSHAKE_MS,
	    .done = mqtt_done,
	};

	s->session = tls_session_open(&setup);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct mqtt_state *s = p->state;

	(void)fd;
	(void)what;
	tls_session_close(s->session);
	mqtt_connect(p);
}

static void
mqtt_start(struct probe *p)
{
	struct mqtt_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->again = evtimer_new(p->env->base, on_again, p);
	mqtt_connect(p);
}

static void
mqtt_stop(struct probe *p)
{
	struct mqtt_state *s = p->state;

	tls_session_close(s->session);
	event_free(s->again);
	mem_free(s);
}

const struct probe_type probe_mqtt = {
    .name = "mqtt",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONNECTION,
    .label = N_("Message broker"),
    .sends = N_("It opens a secure (TLS) connection, greets the message "
		"broker (MQTT) without a user name, and closes it again."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = FLOWS,
    .packets = 80,
    .bytes = FLOWS * TLS_BYTES,
    .longest_ms = (NTRIES + NSMALL) *
	    (CONN_SILENCE_MS + TLS_HANDSHAKE_MS + TLS_FAR_MS) +
	ANSWER_MS + TLS_FAR_MS,
    .start = mqtt_start,
    .stop = mqtt_stop,
};
