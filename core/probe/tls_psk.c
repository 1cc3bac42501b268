/* SPDX-License-Identifier: MIT */
/* The probe "tls_psk": is there a TLS 1.2 server behind the port that works
 * with a key agreed before (RFC 4279, RFC 5487; facts 2.3)? The hello offers
 * only such suites. A ServerHello or an alert is TLS's own answer to it, so
 * it proves the service as far as anybody without the key can; no identity is
 * ever offered and no key tried. Bytes that are no TLS are another protocol.
 * A connection that stays silent, or is closed without a word, proves only
 * itself.
 *
 * Detail: "answer" (hello, alert), "cipher" that the server chose, "psk"
 * (true: and it works with a key agreed before), "alert", "handshake", and
 * "end" (open, closed) where nothing came. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/probe/tls_session.h"

#define NTRIES 2
#define FLOWS (2 * CONN_ATTEMPTS)

struct psk_state {
	struct tls_session *session;
	struct event *again;
	int ntries;
};

/* Only a ServerHello that takes up what was offered is an answer to it. */
static const SSL_CIPHER *
chosen(const struct tls_peer *t)
{
	return t->hello ? SSL_get_pending_cipher(t->ssl) : NULL;
}

static void
describe(struct probe *p, const struct tls_peer *t)
{
	const SSL_CIPHER *suite = chosen(t);

	probe_detail_str(p, "answer", suite != NULL ? "hello" : "alert");
	if (suite == NULL) {
		probe_detail_str(p, "alert",
		    SSL_alert_desc_string_long(t->alert));
		return;
	}
	probe_detail_str(p, "cipher", SSL_CIPHER_get_name(suite));
	probe_detail_bool(p, "psk",
	    strstr(SSL_CIPHER_get_name(suite), "PSK") != NULL);
}

static void
psk_done(struct probe *p, enum tls_end how)
{
	struct psk_state *s = p->state;
	const struct tls_peer *t = tls_session_peer(s->session);
	struct timeval soon = {0, 0};
	enum rung rung;
	enum cause failure;

	if (how == TLS_UNCONNECTED) {
		tls_session_unconnected(s->session, &rung, &failure);
		probe_finish(p, rung, failure);
		return;
	}
	if (chosen(t) != NULL || (how == TLS_REFUSED && t->alert >= 0)) {
		describe(p, t);
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
		return;
	}
	probe_detail_str(p, "handshake", tls_end_word(how));
	if (how == TLS_GARBLED || how == TLS_REFUSED) {
		probe_finish(p, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
	} else if (++s->ntries < NTRIES) {
		evtimer_add(s->again, &soon);
	} else {
		probe_detail_str(p, "end",
		    how == TLS_SILENT ? "open" : "closed");
		probe_finish(p, RUNG_TRANSPORT, CAUSE_NONE);
	}
}

static void
psk_connect(struct probe *p)
{
	struct psk_state *s = p->state;
	struct tls_session_setup setup = {
	    .p = p,
	    .hello = {.host = p->spec->host, .psk = true},
	    .timeout_ms = TLS_HANDSHAKE_MS,
	    .done = psk_done,
	};

	s->session = tls_session_open(&setup);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct psk_state *s = p->state;

	(void)fd;
	(void)what;
	tls_session_close(s->session);
	psk_connect(p);
}

static void
psk_start(struct probe *p)
{
	struct psk_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->again = evtimer_new(p->env->base, on_again, p);
	psk_connect(p);
}

static void
psk_stop(struct probe *p)
{
	struct psk_state *s = p->state;

	tls_session_close(s->session);
	event_free(s->again);
	mem_free(s);
}

const struct probe_type probe_tls_psk = {
    .name = "tls_psk",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONNECTION,
    .label = N_("Secure connection with an agreed key"),
    .sends = N_("It begins a secure connection (TLS-PSK), waits for the "
		"first answer and closes it again; no key is tried."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = FLOWS,
    .packets = 40,
    .bytes = FLOWS * TLS_BYTES,
    .longest_ms = NTRIES * (CONN_SILENCE_MS + TLS_HANDSHAKE_MS + TLS_FAR_MS),
    .start = psk_start,
    .stop = psk_stop,
};
