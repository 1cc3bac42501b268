/* SPDX-License-Identifier: MIT */
/* The probe "tls": a handshake whose certificates are kept even when the
 * server then refuses (RFC 5246, RFC 8446). Detail: see tls_detail.h, and
 * "protocol", "cipher", "alpn", "handshake" (complete, refused, reset,
 * silence), "alert". */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/probe/tls_detail.h"

#define HANDSHAKE_MS 3000
#define NTRIES 2 /* a reset or silence is tried once more */

struct tls_state {
	struct conn *conn;
	SSL_CTX *ctx;
	SSL *ssl;
	int fd;
	int ntries;
	struct event *io;
	struct event *timer;
	struct event *again;
	struct trust_capture capture;
	char *alert;
};

static void tls_connect(struct probe *p);

static void
drop_session(struct tls_state *s)
{
	if (s->io != NULL)
		event_free(s->io);
	s->io = NULL;
	if (s->timer != NULL)
		event_free(s->timer);
	s->timer = NULL;
	SSL_free(s->ssl);
	s->ssl = NULL;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

static void
session_details(struct probe *p)
{
	struct tls_state *s = p->state;
	const unsigned char *alpn;
	unsigned len;

	probe_detail_str(p, "protocol", SSL_get_version(s->ssl));
	probe_detail_str(p, "cipher", SSL_get_cipher_name(s->ssl));
	SSL_get0_alpn_selected(s->ssl, &alpn, &len);
	if (len > 0)
		probe_detail_text(p, "alpn", alpn, len);
}

static bool
has_alpn(const struct probe *p)
{
	const char *s = json_string_value(
	    json_object_get(p->obs.detail, "alpn"));

	return s != NULL && strcmp(s, p->spec->alpn) == 0;
}

/* how: "complete", "refused" (an alert), "reset", "silence", "garbage". */
static void
tls_result(struct probe *p, const char *how, enum cause without_chain)
{
	struct tls_state *s = p->state;
	enum rung rung;
	enum cause failure;

	probe_detail_str(p, "handshake", how);
	probe_detail_str(p, "alert", s->alert);
	/* Before its certificate a server has said what it agrees to, so that
	 * is known even where it then asks for one of ours and refuses. */
	if (s->ssl != NULL && s->capture.chain != NULL)
		session_details(p);
	tls_detail(p, &s->capture, &rung, &failure);
	if (rung == RUNG_TRANSPORT)
		failure = without_chain;
	else if (failure == CAUSE_NONE && p->spec->alpn != NULL && !has_alpn(p))
		failure = CAUSE_ALPN_MISSING;
	drop_session(s);
	probe_finish(p, rung, failure);
}

/* A reset or silence before any certificate may be chance: once more. */
static void
tls_broken(struct probe *p, const char *how, enum cause cause)
{
	struct tls_state *s = p->state;
	struct timeval soon = {0, 0};

	p->obs.attempts[p->decider].result = arena_printf(p->arena,
	    "accepted, then %s", how);
	if (s->capture.chain == NULL && s->ntries < NTRIES) {
		drop_session(s);
		evtimer_add(s->again, &soon);
		return;
	}
	tls_result(p, how, cause);
}

static void
tls_error(struct probe *p)
{
	unsigned long e = ERR_peek_error();
	int reason = ERR_GET_REASON(e);
	struct tls_state *s = p->state;

	ERR_clear_error();
	if (e == 0) {
		tls_broken(p, "reset", CAUSE_TLS_RESET_AFTER_HELLO);
	} else if (reason >= SSL_AD_REASON_OFFSET) {
		s->alert = arena_strdup(p->arena,
		    SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET));
		tls_result(p, "refused", CAUSE_TLS_PROTOCOL);
	} else if (reason == SSL_R_WRONG_VERSION_NUMBER ||
	    reason == SSL_R_HTTP_REQUEST ||
	    reason == SSL_R_UNEXPECTED_MESSAGE ||
	    reason == SSL_R_BAD_RECORD_TYPE) {
		tls_result(p, "garbage", CAUSE_WRONG_PROTOCOL);
	} else if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		tls_broken(p, "reset", CAUSE_TLS_RESET_AFTER_HELLO);
	} else {
		s->alert = arena_strdup(p->arena, ERR_reason_error_string(e));
		tls_result(p, "refused", CAUSE_TLS_PROTOCOL);
	}
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct tls_state *s = p->state;
	int r;

	(void)fd;
	(void)what;
	ERR_clear_error();
	errno = 0;
	r = SSL_do_handshake(s->ssl);
	if (r == 1) {
		SSL_shutdown(s->ssl);
		tls_result(p, "complete", CAUSE_NONE);
		return;
	}
	switch (SSL_get_error(s->ssl, r)) {
	case SSL_ERROR_WANT_READ:
		what = EV_READ;
		break;
	case SSL_ERROR_WANT_WRITE:
		what = EV_WRITE;
		break;
	default:
		tls_error(p);
		return;
	}
	event_assign(s->io, p->env->base, s->fd, what, on_io, p);
	event_add(s->io, NULL);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	tls_broken(arg, "silence", CAUSE_TCP_TIMEOUT);
}

static bool
setup_session(struct probe *p)
{
	struct tls_state *s = p->state;
	unsigned char wire[64];
	size_t len;

	if (s->ctx == NULL) {
		s->ctx = SSL_CTX_new(TLS_client_method());
		if (s->ctx == NULL)
			return false;
		SSL_CTX_set_min_proto_version(s->ctx, TLS1_2_VERSION);
		if (p->spec->tls_max != NULL &&
		    strcmp(p->spec->tls_max, "1.2") == 0)
			SSL_CTX_set_max_proto_version(s->ctx, TLS1_2_VERSION);
		SSL_CTX_set_security_level(s->ctx, 1);
		trust_capture_install(s->ctx, &s->capture);
	}
	s->ssl = SSL_new(s->ctx);
	if (s->ssl == NULL)
		return false;
	if (p->spec->host != NULL)
		SSL_set_tlsext_host_name(s->ssl, p->spec->host);
	if (p->spec->alpn != NULL && (len = strlen(p->spec->alpn)) < 60) {
		wire[0] = (unsigned char)len;
		memcpy(wire + 1, p->spec->alpn, len);
		SSL_set_alpn_protos(s->ssl, wire, (unsigned)len + 1);
	}
	SSL_set_connect_state(s->ssl);
	return SSL_set_fd(s->ssl, s->fd) == 1;
}

static void
tls_connected(void *arg, enum conn_result result, int fd)
{
	struct probe *p = arg;
	struct tls_state *s = p->state;
	struct timeval tv = {HANDSHAKE_MS / 1000, 0};
	enum rung rung;
	enum cause failure;

	probe_add_conn(p, s->conn, &rung, &failure);
	if (result != CONN_ACCEPTED) {
		probe_finish(p, rung, failure);
		return;
	}
	s->fd = fd;
	s->ntries++;
	if (!setup_session(p)) {
		probe_finish(p, RUNG_LOCAL_ERROR, CAUSE_PERMISSION);
		return;
	}
	s->timer = evtimer_new(p->env->base, on_timer, p);
	evtimer_add(s->timer, &tv);
	s->io = event_new(p->env->base, fd, EV_WRITE, on_io, p);
	event_add(s->io, NULL);
}

static void
tls_slow(void *arg)
{
	probe_is_slow(arg);
}

static void
tls_connect(struct probe *p)
{
	struct tls_state *s = p->state;
	struct conn_setup setup = {
	    .base = p->env->base,
	    .pace = p->env->pace,
	    .interface = p->env->interface,
	    .to = p->to,
	    .done = tls_connected,
	    .slow = tls_slow,
	    .arg = p,
	};

	conn_close(s->conn);
	s->conn = conn_open(&setup);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	tls_connect(arg);
}

static void
tls_start(struct probe *p)
{
	struct tls_state *s = mem_alloc(sizeof *s);

	s->fd = -1;
	p->state = s;
	s->again = evtimer_new(p->env->base, on_again, p);
	tls_connect(p);
}

static void
tls_stop(struct probe *p)
{
	struct tls_state *s = p->state;

	drop_session(s);
	conn_close(s->conn);
	event_free(s->again);
	SSL_CTX_free(s->ctx);
	trust_capture_clear(&s->capture);
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
    .flows = CONN_ATTEMPTS,
    .packets = 48,
    .bytes = 48 * 80 + 3 * 1500,
    .longest_ms = CONN_SILENCE_MS + NTRIES * HANDSHAKE_MS,
    .start = tls_start,
    .stop = tls_stop,
};
