/* SPDX-License-Identifier: MIT */
/* The probe "dtls": a DTLS 1.2 handshake over UDP (RFC 6347; facts 3.2 and
 * 5.3). A hello without a cookie, the server's HelloVerifyRequest, the hello
 * with it, and the server's flight of certificates, judged like those of the
 * probe "tls". The hello is repeated 1, 3 and 7 s after the first, that is
 * after waits of 1, 2 and 4 s (RFC 6347 section 4.2.4.1).
 *
 * Rungs: a certificate whose key was proved is tls_expected or tls_other,
 * and two answers from the server. A cookie or a hello alone is transport:
 * datagrams pass both ways. Silence is silence, and proves nothing alone.
 *
 * Detail: see tls_detail.h and tls_peer.h, "profile", "datagrams" (received),
 * "flight" (none, cookie, hello, certificate: how far the server came). */
#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/net/way.h"
#include "core/probe/tls_detail.h"
#include "core/probe/tls_peer.h"

#define NTRIES 3         /* of one hello: 1, 2 and 4 s */
#define PATIENCE_MS 7000 /* for the cookie, and again for the rest */
#define SETTLE_MS 300    /* for a last word after the certificate */
#define MTU 1200
#define NICMP 2    /* errors that are believed */
#define PACKETS 24 /* a server that asks for ever gets no more */
#define BYTES (PACKETS * 300)

struct dtls_state {
	struct probe *p;
	int fd;
	BIO_METHOD *method;
	struct tls_peer peer;
	bool opened;
	bool waiting; /* the newest hello is unanswered */
	bool patient; /* the patience was renewed */
	int ntries;
	int nicmp;
	int send_error;      /* errno: the laptop did not let it out */
	unsigned npackets;   /* sent */
	unsigned ndatagrams; /* received */
	int64_t sent_us;
	uint32_t nsent;
	uint16_t source_port;
	struct icmp_error icmp;
	struct pace_ticket ticket;
	struct event *io;
	struct event *again; /* OpenSSL's retransmission timer */
	struct event *deadline;
};

static struct attempt *
note(struct probe *p, const char *result)
{
	struct dtls_state *s = p->state;
	struct attempt *t = probe_add_attempt(p, s->sent_us, clock_mono_us(),
	    result);

	t->source_port = s->source_port;
	t->sent = s->nsent;
	p->obs.source_port = s->source_port;
	s->waiting = false;
	return t;
}

/* --- datagrams for OpenSSL --- */

static int
bio_write(BIO *bio, const char *data, int len)
{
	struct dtls_state *s = BIO_get_data(bio);

	if (s->npackets == PACKETS)
		return len;
	s->npackets++;
	/* An ICMP error for an earlier datagram, or a full queue, is as good
	 * as a lost packet: the timer sees to it. */
	if (send(s->fd, data, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 &&
	    errno != EAGAIN)
		s->send_error = errno;
	s->sent_us = clock_mono_us();
	s->nsent = (uint32_t)len;
	s->waiting = true;
	return len;
}

static int
bio_read(BIO *bio, char *out, int size)
{
	struct dtls_state *s = BIO_get_data(bio);
	ssize_t n = recv(s->fd, out, (size_t)size, MSG_DONTWAIT);

	BIO_clear_retry_flags(bio);
	if (n <= 0) {
		BIO_set_retry_read(bio);
		return -1;
	}
	s->ndatagrams++;
	if (s->waiting)
		note(s->p, "reply")->received = (uint32_t)n;
	return (int)n;
}

static long
bio_ctrl(BIO *bio, int cmd, long num, void *ptr)
{
	(void)bio;
	(void)num;
	(void)ptr;
	switch (cmd) {
	case BIO_CTRL_FLUSH:
		return 1;
	case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD:
		return 48;
	case BIO_CTRL_DGRAM_QUERY_MTU:
	case BIO_CTRL_DGRAM_GET_MTU:
	case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
		return MTU;
	default:
		return 0;
	}
}

static BIO *
new_bio(struct dtls_state *s)
{
	BIO *bio;

	s->method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "datagrams");
	if (s->method == NULL)
		return NULL;
	BIO_meth_set_write(s->method, bio_write);
	BIO_meth_set_read(s->method, bio_read);
	BIO_meth_set_ctrl(s->method, bio_ctrl);
	bio = BIO_new(s->method);
	if (bio != NULL) {
		BIO_set_data(bio, s);
		BIO_set_init(bio, 1);
	}
	return bio;
}

/* --- what it comes to --- */

static const char *
flight_word(const struct tls_peer *t)
{
	if (t->capture.chain != NULL)
		return "certificate";
	if (t->hello)
		return "hello";
	return t->cookie ? "cookie" : "none";
}

static void
dtls_result(struct probe *p, enum tls_end how)
{
	struct dtls_state *s = p->state;
	const struct tls_peer *t = &s->peer;
	bool heard = t->cookie || t->answered;
	enum rung rung;
	enum cause failure;

	if (s->waiting)
		note(p, "silence");
	if (s->ndatagrams > 0)
		probe_detail_int(p, "datagrams", s->ndatagrams);
	if (how == TLS_SILENT && !heard && s->ndatagrams > 0)
		how = TLS_GARBLED;
	if (how == TLS_SILENT && !heard) {
		if (s->nicmp > 0)
			probe_finish(p, RUNG_REJECTED,
			    probe_icmp_cause(&s->icmp));
		else
			probe_finish(p, RUNG_SILENCE, CAUSE_UDP_SILENT);
		return;
	}
	tls_peer_detail(p, t, how, &rung, &failure);
	probe_detail_str(p, "flight", flight_word(t));
	/* Datagrams pass, but the rest did not come: many reasons. */
	if (how == TLS_SILENT && !t->proved)
		failure = CAUSE_NONE;
	probe_finish(p, rung, failure);
}

/* --- the loop --- */

static void
patience(struct dtls_state *s, unsigned ms)
{
	struct timeval tv = {ms / 1000, (ms % 1000) * 1000};

	evtimer_add(s->deadline, &tv);
}

static void
arm_again(struct dtls_state *s)
{
	struct timeval tv;

	if (DTLSv1_get_timeout(s->peer.ssl, &tv) == 1)
		evtimer_add(s->again, &tv);
	else
		event_del(s->again);
}

static bool
is_local(int error)
{
	return error == EPERM || error == EACCES || error == ENETUNREACH ||
	    error == EADDRNOTAVAIL || error == EINVAL || error == ENODEV;
}

/* Takes what the error queue holds; true when that ended the probe. */
static bool
take_errors(struct probe *p)
{
	struct dtls_state *s = p->state;
	struct icmp_error e;

	while (errqueue_read(s->fd, &e)) {
		s->send_error = 0;
		if (s->peer.cookie || s->peer.answered)
			continue;
		probe_add_icmp(p, note(p, e.local ? "error" : "icmp"), &e);
		if (e.local) {
			probe_finish(p, RUNG_LOCAL_ERROR, probe_icmp_cause(&e));
			return true;
		}
		s->icmp = e;
		if (++s->nicmp >= NICMP) {
			dtls_result(p, TLS_SILENT);
			return true;
		}
	}
	if (!is_local(s->send_error))
		return false;
	note(p, "error")->error = s->send_error;
	probe_finish(p, RUNG_LOCAL_ERROR, probe_local_cause(s->send_error));
	return true;
}

static void
go_on(struct probe *p)
{
	struct dtls_state *s = p->state;
	bool proved = s->peer.proved;
	short wants = 0;
	enum tls_end how;

	how = tls_peer_step(&s->peer, &wants);
	if (p->finished || take_errors(p))
		return;
	if (how != TLS_GOING) {
		s->waiting = false;
		dtls_result(p, how);
		return;
	}
	if (s->peer.proved && !proved) {
		s->waiting = false;
		patience(s, SETTLE_MS);
	} else if (s->peer.cookie && !s->patient) {
		s->patient = true;
		s->ntries = 1;
		patience(s, PATIENCE_MS);
	}
	arm_again(s);
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;

	(void)fd;
	(void)what;
	if (!take_errors(p))
		go_on(p);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct dtls_state *s = p->state;

	(void)fd;
	(void)what;
	if (s->ntries >= NTRIES) /* the deadline is near */
		return;
	if (s->waiting)
		note(p, "silence");
	s->ntries++;
	ERR_clear_error();
	if (s->ndatagrams == 0)
		probe_is_slow(p);
	if (DTLSv1_handle_timeout(s->peer.ssl) < 0) {
		ERR_clear_error();
		return;
	}
	if (!take_errors(p))
		arm_again(s);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	dtls_result(arg, TLS_SILENT);
}

static void
send_hello(void *arg)
{
	struct probe *p = arg;
	struct dtls_state *s = p->state;

	s->ntries = 1;
	patience(s, PATIENCE_MS);
	event_add(s->io, NULL);
	go_on(p);
}

static bool
open_peer(struct probe *p)
{
	struct dtls_state *s = p->state;
	struct tls_hello hello = {
	    .host = p->spec->host,
	    .alpn = p->spec->alpn,
	    .want = p->spec->want,
	    .datagrams = true,
	};

	s->opened = true;
	if (!tls_peer_open(&s->peer, &hello, new_bio(s)))
		return false;
	SSL_set_mtu(s->peer.ssl, MTU);
	return true;
}

static void
dtls_start(struct probe *p)
{
	struct dtls_state *s = mem_alloc(sizeof *s);
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	struct addr local;
	char text[ADDR_TEXT_SIZE];

	p->state = s;
	s->p = p;
	s->again = evtimer_new(p->env->base, on_again, p);
	s->deadline = evtimer_new(p->env->base, on_deadline, p);
	s->fd = way_socket(&p->to, SOCK_DGRAM, 0, p->env->interface);
	if (s->fd < 0 || connect(s->fd, &p->to.sa, p->to.len) != 0 ||
	    !open_peer(p)) {
		probe_finish(p, RUNG_LOCAL_ERROR, CAUSE_NET_UNREACHABLE);
		return;
	}
	errqueue_enable(s->fd, p->to.sa.sa_family);
	if (getsockname(s->fd, (struct sockaddr *)&me, &len) == 0 &&
	    addr_from_sockaddr(&local, (struct sockaddr *)&me, len))
		s->source_port = addr_port(&local);
	if (tls_profile_known(p->spec->want))
		probe_detail_str(p, "profile", p->spec->want);
	s->io = event_new(p->env->base, s->fd, EV_READ | EV_PERSIST, on_io, p);
	pace_wait(p->env->pace, &s->ticket, addr_text(&p->to, text), send_hello,
	    p);
}

static void
dtls_stop(struct probe *p)
{
	struct dtls_state *s = p->state;

	pace_cancel(p->env->pace, &s->ticket);
	if (s->io != NULL)
		event_free(s->io);
	event_free(s->again);
	event_free(s->deadline);
	if (s->opened)
		tls_peer_close(&s->peer);
	BIO_meth_free(s->method);
	if (s->fd >= 0)
		close(s->fd);
	mem_free(s);
}

const struct probe_type probe_dtls = {
    .name = "dtls",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONNECTION,
    .label = N_("Secure datagrams"),
    .sends = N_("It begins a secure connection over UDP (DTLS), reads the "
		"server's certificates and ends it."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_UDP,
    .flows = 1,
    .packets = PACKETS,
    .bytes = BYTES,
    .longest_ms = 2 * PATIENCE_MS,
    .start = dtls_start,
    .stop = dtls_stop,
};
