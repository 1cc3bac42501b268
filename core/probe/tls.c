/* SPDX-License-Identifier: MIT */
/* The probe "tls": a handshake whose certificates are kept even when the
 * server then refuses for want of a client certificate (RFC 5246, RFC 8446;
 * facts 3.2, 5.12). Capped at the version that the product speaks
 * (spec->tls_max), and with its own curves and suites where spec->want names
 * a profile ("izuma": secp256r1, C0AE C02B C02C, ECDSA-SHA256).
 *
 * A reset or silence after the hello is tried once more, after silence also
 * with small segments (narrow.h). When it stays, two further hellos tell what
 * it is about: one without the server's name, and one that cannot get beyond
 * the second hop, so that a reset that answers it was made by the gateway; and
 * where that hop is silent about it, but not about a connection that is tried
 * right behind it, the gateway has kept it. When a product's own suites are
 * refused, an ordinary hello makes whoever refused show a certificate.
 *
 * Detail: see tls_detail.h and tls_peer.h, "profile", and how the further
 * hellos ended: "hello_small" "hello_small_again" "hello_nameless"
 * "hello_ordinary" "hello_ttl2" (complete, refused, forged, reset, silence,
 * garbage, unconnected; hello_ttl2 also "expired": a hop beyond the gateway
 * reported that it ended there), and "hello_ttl2_controlled": after how many
 * silent ones that hop was heard. */
#include <errno.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/net/expire.h"
#include "core/probe/narrow.h"
#include "core/probe/tls_detail.h"
#include "core/probe/tls_session.h"

#define FURTHER_MS 2000 /* for a hello that only explains */
#define SHORT_MS 1200
#define SHORT_TTL 2
#define NSHORT 2      /* silent ones that each have a control */
#define CONTROL_MS 20 /* behind it */
#define FLOWS (CONN_ATTEMPTS + 5)
#define PATIENT_MS 8000 /* for the second hello: servers may be slow */
#define LONGEST_MS (20000 + 2 * TLS_FAR_MS)

enum hello {
	HELLO_FIRST,
	HELLO_AGAIN,
	HELLO_SMALL,
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
	struct narrow narrow;
	bool again;                /* the product's own was tried twice */
	struct hops_ticket hop[2]; /* for the hello, for the control */
	int nwaits;                /* of them were asked for */
	struct expire control;
	bool heard; /* the control expired there */
	int ncontrolled;
	struct event *next;
	struct event *behind; /* when to send the control */
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

/* What to try next when the product's hello got no answer. */
static void
explain(struct probe *p, enum tls_end how)
{
	struct tls_state *s = p->state;
	enum narrow_next next = narrow_after(&s->narrow, how == TLS_SILENT,
	    false);

	if (next == NARROW_SMALL)
		go_on(p, HELLO_SMALL);
	else if (!s->again)
		go_on(p, HELLO_AGAIN);
	else if (tls_session_peer(s->session)->capture.chain != NULL)
		tls_finish(p);
	else
		go_on(p, p->spec->host != NULL ? HELLO_NAMELESS : HELLO_SHORT);
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
	s->again = s->hello == HELLO_AGAIN;
	if (mute) {
		explain(p, how);
		return;
	}
	if (s->failure == CAUSE_NONE && p->spec->alpn != NULL && !has_alpn(p))
		s->failure = CAUSE_ALPN_MISSING;
	if (how == TLS_REFUSED && t->capture.chain == NULL &&
	    tls_profile_known(p->spec->want))
		go_on(p, HELLO_ORDINARY);
	else
		tls_finish(p);
}

/* Only small segments were asked for, in both directions. */
static void
small_hello_done(struct probe *p, const struct tls_peer *t, enum tls_end how)
{
	struct tls_state *s = p->state;
	bool answered = how != TLS_UNCONNECTED && tls_peer_is_enough(t, how);

	probe_detail_str(p, s->again ? "hello_small_again" : "hello_small",
	    tls_end_word(how));
	switch (narrow_after(&s->narrow, false, answered)) {
	case NARROW_PROVED:
		s->rung = RUNG_TRANSPORT;
		s->failure = CAUSE_MTU_BLACKHOLE;
		tls_finish(p);
		break;
	default:
		go_on(p,
		    !s->again                 ? HELLO_AGAIN :
			p->spec->host != NULL ? HELLO_NAMELESS :
						HELLO_SHORT);
		break;
	}
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
end_short(struct probe *p, int nheard)
{
	struct tls_state *s = p->state;
	int i;

	event_del(s->behind);
	expire_close(&s->control);
	for (i = 0; i < s->nwaits; i++)
		hops_done(p->env->hops, &s->hop[i], nheard > i ? 1 : 0);
	s->nwaits = 0;
}

static void
short_hello_done(struct probe *p, const struct tls_peer *t, enum tls_end how)
{
	struct tls_state *s = p->state;
	bool expired = how == TLS_CUT && t->error == EHOSTUNREACH;
	bool controlled = how == TLS_SILENT && s->heard;

	s->ncontrolled += controlled;
	probe_detail_str(p, "hello_ttl2",
	    expired ? "expired" : tls_end_word(how));
	probe_detail_int(p, "hello_ttl2_controlled", s->ncontrolled);
	end_short(p, expired + s->heard);
	s->heard = false;
	if (controlled && s->ncontrolled < NSHORT)
		go_on(p, HELLO_SHORT);
	else
		tls_finish(p);
}

/* The hop that kept silent about the hello, asked right behind it. */
static void
control_done(void *arg, enum expire_result result, const struct icmp_error *e)
{
	struct probe *p = arg;
	struct tls_state *s = p->state;
	char *offender = p->obs.offender;
	struct attempt *a;

	s->heard = result == EXPIRE_ICMP && !e->local && e->type == 11;
	a = probe_add_attempt(p, s->control.sent_us, clock_mono_us(),
	    s->heard ? "time_exceeded" : "control_answered");
	a->ttl = SHORT_TTL;
	a->source_port = s->control.source_port;
	if (s->heard)
		probe_add_icmp(p, a, e);
	p->obs.offender = offender;
	expire_close(&s->control);
}

static void
on_behind(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct tls_state *s = p->state;
	struct expire_setup setup = {
	    .base = p->env->base,
	    .interface = p->env->interface,
	    .to = p->to,
	    .ttl = SHORT_TTL,
	    .done = control_done,
	    .arg = p,
	};

	(void)fd;
	(void)what;
	expire_send(&s->control, &setup);
}

static void
on_greeting(struct probe *p)
{
	struct tls_state *s = p->state;
	struct timeval tv = {0, CONTROL_MS * 1000};

	if (s->hello == HELLO_SHORT && s->failure == CAUSE_SERVICE_SILENT)
		evtimer_add(s->behind, &tv);
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
	case HELLO_SMALL:
		small_hello_done(p, t, how);
		return;
	case HELLO_NAMELESS:
		probe_detail_str(p, "hello_nameless", tls_end_word(how));
		go_on(p, HELLO_SHORT);
		return;
	case HELLO_ORDINARY:
		ordinary_hello_done(p, t, how);
		break;
	case HELLO_SHORT:
		short_hello_done(p, t, how);
		return;
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
	    .mss = s->hello == HELLO_SMALL ? NARROW_MSS : 0,
	    .greeting = on_greeting,
	    .timeout_ms = s->hello == HELLO_FIRST ? TLS_HANDSHAKE_MS :
		s->hello == HELLO_AGAIN           ? PATIENT_MS :
		s->hello == HELLO_SHORT           ? SHORT_MS :
						    FURTHER_MS,
	    .done = on_done,
	};

	s->session = tls_session_open(&setup);
}

/* A packet that expires costs the router of that hop an answer; the control
 * behind the hello costs one more. */
static void
wait_for_hop(void *arg)
{
	struct probe *p = arg;
	struct tls_state *s = p->state;
	int wanted = s->failure == CAUSE_SERVICE_SILENT ? 2 : 1;

	if (s->nwaits == wanted) {
		connect_now(p);
		return;
	}
	hops_wait(p->env->hops, &s->hop[s->nwaits++],
	    p->to.sa.sa_family == AF_INET6, SHORT_TTL, 1, wait_for_hop, p);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct tls_state *s = p->state;

	(void)fd;
	(void)what;
	if (s->hello == HELLO_SHORT)
		wait_for_hop(p);
	else
		connect_now(p);
}

static void
tls_start(struct probe *p)
{
	struct tls_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->rung = RUNG_TRANSPORT;
	s->next = evtimer_new(p->env->base, on_next, p);
	s->behind = evtimer_new(p->env->base, on_behind, p);
	if (tls_profile_known(p->spec->want))
		probe_detail_str(p, "profile", p->spec->want);
	connect_now(p);
}

static void
tls_stop(struct probe *p)
{
	struct tls_state *s = p->state;

	end_short(p, 0);
	tls_session_close(s->session);
	event_free(s->behind);
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
    .packets = 64,
    .bytes = FLOWS * TLS_BYTES,
    .longest_ms = LONGEST_MS,
    .start = tls_start,
    .stop = tls_stop,
};
