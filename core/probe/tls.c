/* SPDX-License-Identifier: MIT */
/* The probe "tls": a handshake whose certificates are kept even when the
 * server then refuses for want of a client certificate (RFC 5246, RFC 8446;
 * facts 3.2, 5.12). Capped at the version that the product speaks
 * (spec->tls_max), and with its own curves and suites where spec->want names
 * a profile ("izuma": secp256r1, C0AE C02B C02C, ECDSA-SHA256).
 *
 * A reset or silence after the hello is tried once more. When it stays, two
 * further hellos tell what it is about: one without the server's name, and
 * one that cannot get beyond the second hop, so that a reset that answers it
 * was made by the gateway. When a product's own suites are refused, an
 * ordinary hello makes whoever refused show a certificate.
 *
 * Detail: see tls_detail.h and tls_peer.h, "profile", and how the further
 * hellos ended: "hello_nameless", "hello_ordinary", "hello_ttl2" (complete,
 * refused, forged, reset, silence, garbage, unconnected; hello_ttl2 also
 * "expired": a hop beyond the gateway reported that it ended there). */
#include <errno.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/probe/tls_detail.h"
#include "core/probe/tls_session.h"

#define FURTHER_MS 2000 /* for a hello that only explains */
#define SHORT_MS 1200
#define SHORT_TTL 2
#define FLOWS (2 * CONN_ATTEMPTS)
#define LONGEST_MS 16000

enum hello {
	HELLO_FIRST,
	HELLO_AGAIN,
	HELLO_NAMELESS,
	HELLO_ORDINARY,
	HELLO_SHORT,
};

struct tls_state {
	struct tls_session *session;
	enum hello hello;
	unsigned nflows; /* of sessions that are over */
	enum rung rung;  /* what the product's own hello came to */
	enum cause failure;
	struct hops_ticket hop;
	bool waits; /* for the hop */
	struct event *next;
};

static void
tls_finish(struct probe *p)
{
	struct tls_state *s = p->state;

	probe_finish(p, s->rung, s->failure);
}

static bool
has_alpn(const struct probe *p)
{
	const char *s = json_string_value(
	    json_object_get(p->obs.detail, "alpn"));

	return s != NULL && strcmp(s, p->spec->alpn) == 0;
}

/* Is there time and a flow left for one more? */
static bool
may_go_on(const struct probe *p)
{
	const struct tls_state *s = p->state;
	int64_t gone = (clock_mono_us() - p->start_mono_us) / 1000;

	return s->nflows + tls_session_flows(s->session) + CONN_ATTEMPTS <=
	    FLOWS &&
	    gone + CONN_SILENCE_MS + FURTHER_MS <= LONGEST_MS;
}

static void
go_on(struct probe *p, enum hello hello)
{
	struct tls_state *s = p->state;
	struct timeval soon = {0, 0};

	if (!may_go_on(p)) {
		tls_finish(p);
		return;
	}
	s->nflows += tls_session_flows(s->session);
	tls_session_close(s->session);
	s->session = NULL;
	s->hello = hello;
	evtimer_add(s->next, &soon);
}

/* The hello that counts: what the product itself would see. */
static void
product_hello_done(struct probe *p, enum tls_end how)
{
	struct tls_state *s = p->state;
	const struct tls_peer *t = tls_session_peer(s->session);
	bool mute = (how == TLS_CUT || how == TLS_SILENT) &&
	    !tls_peer_is_enough(t, how);

	tls_peer_detail(p, t, how, &s->rung, &s->failure);
	if (mute && s->hello == HELLO_FIRST) {
		go_on(p, HELLO_AGAIN);
		return;
	}
	if (s->failure == CAUSE_NONE && p->spec->alpn != NULL && !has_alpn(p))
		s->failure = CAUSE_ALPN_MISSING;
	if (mute && t->capture.chain == NULL)
		go_on(p, p->spec->host != NULL ? HELLO_NAMELESS : HELLO_SHORT);
	else if (how == TLS_REFUSED && t->capture.chain == NULL &&
	    tls_profile_known(p->spec->want))
		go_on(p, HELLO_ORDINARY);
	else
		tls_finish(p);
}

/* Somebody else's certificate says more than a refusal. */
static void
ordinary_hello_done(struct probe *p, const struct tls_peer *t, enum tls_end how)
{
	struct tls_state *s = p->state;
	enum rung rung;
	enum cause failure;

	probe_detail_str(p, "hello_ordinary", tls_end_word(how));
	if (!t->proved)
		return;
	tls_detail(p, &t->capture, &rung, &failure);
	if (failure == CAUSE_TLS_UNTRUSTED) {
		s->rung = rung;
		s->failure = failure;
	}
}

static void
short_hello_done(struct probe *p, const struct tls_peer *t, enum tls_end how)
{
	struct tls_state *s = p->state;
	bool expired = how == TLS_CUT && t->error == EHOSTUNREACH;

	probe_detail_str(p, "hello_ttl2",
	    expired ? "expired" : tls_end_word(how));
	hops_done(p->env->hops, &s->hop, expired ? 1 : 0);
	s->waits = false;
}

static void
on_done(struct probe *p, enum tls_end how)
{
	struct tls_state *s = p->state;
	const struct tls_peer *t = tls_session_peer(s->session);

	switch (s->hello) {
	case HELLO_FIRST:
	case HELLO_AGAIN:
		if (how != TLS_UNCONNECTED) {
			product_hello_done(p, how);
			return;
		}
		if (s->hello == HELLO_FIRST)
			tls_session_unconnected(s->session, &s->rung,
			    &s->failure);
		break;
	case HELLO_NAMELESS:
		probe_detail_str(p, "hello_nameless", tls_end_word(how));
		go_on(p, HELLO_SHORT);
		return;
	case HELLO_ORDINARY:
		ordinary_hello_done(p, t, how);
		break;
	case HELLO_SHORT:
		short_hello_done(p, t, how);
		break;
	}
	tls_finish(p);
}

static void
connect_now(void *arg)
{
	struct probe *p = arg;
	struct tls_state *s = p->state;
	bool ordinary = s->hello == HELLO_ORDINARY;
	struct tls_session_setup setup = {
	    .p = p,
	    .hello =
		{
		    .host = s->hello == HELLO_NAMELESS ? NULL : p->spec->host,
		    .alpn = p->spec->alpn,
		    .tls_max = ordinary ? NULL : p->spec->tls_max,
		    .want = ordinary ? NULL : p->spec->want,
		},
	    .ttl = s->hello == HELLO_SHORT ? SHORT_TTL : 0,
	    .timeout_ms = s->hello <= HELLO_AGAIN ? TLS_HANDSHAKE_MS :
		s->hello == HELLO_SHORT           ? SHORT_MS :
						    FURTHER_MS,
	    .done = on_done,
	};

	s->session = tls_session_open(&setup);
}

/* A packet that expires costs the router of that hop an answer. */
static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct tls_state *s = p->state;

	(void)fd;
	(void)what;
	if (s->hello != HELLO_SHORT) {
		connect_now(p);
		return;
	}
	s->waits = true;
	hops_wait(p->env->hops, &s->hop, p->to.sa.sa_family == AF_INET6,
	    SHORT_TTL, 1, connect_now, p);
}

static void
tls_start(struct probe *p)
{
	struct tls_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->rung = RUNG_TRANSPORT;
	s->next = evtimer_new(p->env->base, on_next, p);
	if (tls_profile_known(p->spec->want))
		probe_detail_str(p, "profile", p->spec->want);
	connect_now(p);
}

static void
tls_stop(struct probe *p)
{
	struct tls_state *s = p->state;

	if (s->waits)
		hops_done(p->env->hops, &s->hop, 0);
	tls_session_close(s->session);
	event_free(s->next);
	mem_free(s);
}

const struct probe_type probe_tls = {
    .name = "tls",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONNECTION,
    .label = N_("Secure connection"),
    .sends = N_("It opens a secure (TLS) connection, reads the server's "
		"certificates and closes it again."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = FLOWS,
    .packets = 48,
    .bytes = FLOWS * TLS_BYTES,
    .longest_ms = LONGEST_MS,
    .start = tls_start,
    .stop = tls_stop,
};
