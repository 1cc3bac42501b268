/* SPDX-License-Identifier: MIT */
/* One TLS or DTLS handshake and what was seen of the other side (RFC 5246,
 * RFC 8446, RFC 6347; facts 3.2 and 5.12). */
#include "core/probe/tls_peer.h"

#include <errno.h>
#include <openssl/err.h>
#include <string.h>

#include "core/probe/tls_detail.h"

/* A product's own curves and suites, in its own order: a server or a box on
 * the way that lacks them refuses the product too. */
static const struct profile {
	const char *word;
	const char *suites;
	const char *curves;
	const char *signatures;
} profiles[] = {
    {"izuma",
	"ECDHE-ECDSA-AES128-CCM8:ECDHE-ECDSA-AES128-GCM-SHA256:"
	"ECDHE-ECDSA-AES256-GCM-SHA384",
	"P-256", "ECDSA+SHA256"},
};

static const char psk_suites[] =
    "kPSK+AES:kPSK+CHACHA20:kECDHEPSK+AES:kDHEPSK+AES:kRSAPSK+AES:!eNULL:"
    "@SECLEVEL=0";

static const struct profile *
find_profile(const char *want)
{
	size_t i;

	for (i = 0; want != NULL && i < sizeof profiles / sizeof *profiles;
	     i++) {
		if (strcmp(profiles[i].word, want) == 0)
			return &profiles[i];
	}
	return NULL;
}

bool
tls_profile_known(const char *want)
{
	return find_profile(want) != NULL;
}

/* TLS 1.2: what follows the ServerKeyExchange shows that its signature was
 * right; TLS 1.3: what follows the CertificateVerify. */
static void
on_handshake(struct tls_peer *t, int type)
{
	switch (type) {
	case SSL3_MT_SERVER_HELLO:
		t->hello = t->answered = true;
		break;
	case DTLS1_MT_HELLO_VERIFY_REQUEST:
		t->cookie = true;
		break;
	case SSL3_MT_SERVER_KEY_EXCHANGE:
	case SSL3_MT_CERTIFICATE_VERIFY:
		t->signature = true;
		break;
	case SSL3_MT_CERTIFICATE_REQUEST:
		t->asked = true;
		t->proved |= t->signature;
		break;
	case SSL3_MT_SERVER_DONE:
	case SSL3_MT_FINISHED:
		t->proved |= t->signature;
		break;
	default:
		break;
	}
}

static void
on_message(int sent, int version, int type, const void *data, size_t len,
    SSL *ssl, void *arg)
{
	const unsigned char *byte = data;
	struct tls_peer *t = arg;

	(void)version;
	(void)ssl;
	if (sent || len == 0)
		return;
	if (type == SSL3_RT_HANDSHAKE) {
		on_handshake(t, byte[0]);
	} else if (type == SSL3_RT_ALERT && len == 2 &&
	    (byte[0] == SSL3_AL_WARNING || byte[0] == SSL3_AL_FATAL)) {
		t->answered = true;
		t->alert = byte[1];
	}
}

/* Counts, and ends what never ends. */
static long
on_bio(BIO *bio, int oper, const char *argp, size_t len, int argi, long argl,
    int ret, size_t *processed)
{
	struct tls_peer *t = (void *)BIO_get_callback_arg(bio);

	(void)argp;
	(void)len;
	(void)argi;
	(void)argl;
	if (oper == BIO_CB_READ && t->received > TLS_MAX_IN) {
		t->flooded = true;
		return 0;
	}
	if (ret > 0 && processed != NULL) {
		if (oper == (BIO_CB_READ | BIO_CB_RETURN))
			t->received += *processed;
		else if (oper == (BIO_CB_WRITE | BIO_CB_RETURN))
			t->sent += *processed;
	}
	return oper & BIO_CB_RETURN ? ret : 1;
}

/* Nobody's key is ever offered: what the server said so far is all that is
 * wanted of it. */
static unsigned
refuse_psk(SSL *ssl, const char *hint, char *identity, unsigned identity_len,
    unsigned char *psk, unsigned psk_len)
{
	(void)ssl;
	(void)hint;
	(void)psk;
	(void)psk_len;
	if (identity_len > 0)
		identity[0] = '\0';
	return 0;
}

static bool
setup_context(struct tls_peer *t, const struct tls_hello *hello)
{
	const struct profile *own = find_profile(hello->want);
	int low = hello->datagrams ? DTLS1_2_VERSION : TLS1_2_VERSION;
	bool capped = hello->datagrams || hello->psk ||
	    (hello->tls_max != NULL && strcmp(hello->tls_max, "1.2") == 0);

	t->ctx = SSL_CTX_new(
	    hello->datagrams ? DTLS_client_method() : TLS_client_method());
	if (t->ctx == NULL)
		return false;
	SSL_CTX_set_min_proto_version(t->ctx, low);
	if (capped)
		SSL_CTX_set_max_proto_version(t->ctx, low);
	/* The path is judged here, not how well the server is kept. */
	SSL_CTX_set_security_level(t->ctx, own != NULL || hello->psk ? 0 : 1);
	SSL_CTX_set_options(t->ctx,
	    SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_QUERY_MTU);
	SSL_CTX_set_msg_callback(t->ctx, on_message);
	SSL_CTX_set_msg_callback_arg(t->ctx, t);
	trust_capture_install(t->ctx, &t->capture);
	if (hello->psk) {
		SSL_CTX_set_psk_client_callback(t->ctx, refuse_psk);
		return SSL_CTX_set_cipher_list(t->ctx, psk_suites) == 1;
	}
	return own == NULL ||
	    (SSL_CTX_set_cipher_list(t->ctx, own->suites) == 1 &&
		SSL_CTX_set1_groups_list(t->ctx, own->curves) == 1 &&
		SSL_CTX_set1_sigalgs_list(t->ctx, own->signatures) == 1);
}

bool
tls_peer_open(struct tls_peer *t, const struct tls_hello *hello, BIO *bio)
{
	unsigned char wire[64];
	struct addr literal;
	size_t len;

	memset(t, 0, sizeof *t);
	t->alert = -1;
	if (bio == NULL)
		return false;
	if (!setup_context(t, hello) || (t->ssl = SSL_new(t->ctx)) == NULL) {
		BIO_free(bio);
		ERR_clear_error();
		return false;
	}
	BIO_set_callback_ex(bio, on_bio);
	BIO_set_callback_arg(bio, (char *)t);
	SSL_set_bio(t->ssl, bio, bio);
	if (hello->host != NULL && !addr_parse(&literal, hello->host, 0))
		SSL_set_tlsext_host_name(t->ssl, hello->host);
	if (hello->alpn != NULL && (len = strlen(hello->alpn)) < sizeof wire) {
		wire[0] = (unsigned char)len;
		memcpy(wire + 1, hello->alpn, len);
		SSL_set_alpn_protos(t->ssl, wire, (unsigned)len + 1);
	}
	SSL_set_connect_state(t->ssl);
	ERR_clear_error();
	return true;
}

void
tls_peer_close(struct tls_peer *t)
{
	SSL_free(t->ssl);
	SSL_CTX_free(t->ctx);
	trust_capture_clear(&t->capture);
	t->ssl = NULL;
	t->ctx = NULL;
}

enum tls_end
tls_peer_failure(struct tls_peer *t, int r, short *wants)
{
	int saved = errno, kind = SSL_get_error(t->ssl, r), reason;
	unsigned long e = ERR_peek_error();

	if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) {
		*wants = kind == SSL_ERROR_WANT_READ ? EV_READ : EV_WRITE;
		return TLS_GOING;
	}
	ERR_clear_error();
	reason = ERR_GET_REASON(e);
	if (t->flooded)
		return TLS_GARBLED;
	if (kind == SSL_ERROR_ZERO_RETURN || kind == SSL_ERROR_SYSCALL ||
	    e == 0 || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		t->error = kind == SSL_ERROR_SYSCALL ? saved : 0;
		return TLS_CUT;
	}
	if (reason >= SSL_AD_REASON_OFFSET) {
		t->reason = SSL_alert_desc_string_long(
		    reason - SSL_AD_REASON_OFFSET);
		return TLS_REFUSED;
	}
	if (t->capture.chain != NULL && t->signature && !t->proved)
		return TLS_FORGED;
	t->reason = ERR_reason_error_string(e);
	return t->answered ? TLS_REFUSED : TLS_GARBLED;
}

enum tls_end
tls_peer_step(struct tls_peer *t, short *wants)
{
	int r;

	ERR_clear_error();
	errno = 0;
	r = SSL_do_handshake(t->ssl);
	if (r != 1)
		return tls_peer_failure(t, r, wants);
	t->proved = true;
	return TLS_COMPLETE;
}

const char *
tls_end_word(enum tls_end how)
{
	static const char *const word[] = {
	    [TLS_GOING] = "silence",
	    [TLS_COMPLETE] = "complete",
	    [TLS_REFUSED] = "refused",
	    [TLS_FORGED] = "forged",
	    [TLS_CUT] = "reset",
	    [TLS_SILENT] = "silence",
	    [TLS_GARBLED] = "garbage",
	    [TLS_UNCONNECTED] = "unconnected",
	};

	return word[how];
}

/* Before its certificate a server has said what it agrees to, so that is
 * known even where it then asks for one of ours and refuses. */
static void
agreed_details(struct probe *p, const struct tls_peer *t)
{
	const SSL_CIPHER *suite = SSL_get_current_cipher(t->ssl);
	const unsigned char *alpn;
	unsigned len;

	if (suite == NULL)
		suite = SSL_get_pending_cipher(t->ssl);
	probe_detail_str(p, "protocol", SSL_get_version(t->ssl));
	if (suite != NULL)
		probe_detail_str(p, "cipher", SSL_CIPHER_get_name(suite));
	SSL_get0_alpn_selected(t->ssl, &alpn, &len);
	if (len > 0)
		probe_detail_text(p, "alpn", alpn, len);
}

bool
tls_peer_is_enough(const struct tls_peer *t, enum tls_end how)
{
	return how == TLS_COMPLETE ||
	    (t->proved &&
		(t->asked || (how == TLS_SILENT && SSL_is_dtls(t->ssl))));
}

void
tls_peer_detail(struct probe *p, const struct tls_peer *t, enum tls_end how,
    enum rung *rung, enum cause *failure)
{
	static const enum cause causes[] = {
	    [TLS_COMPLETE] = CAUSE_NONE,
	    [TLS_REFUSED] = CAUSE_TLS_PROTOCOL,
	    [TLS_CUT] = CAUSE_TLS_RESET_AFTER_HELLO,
	    [TLS_SILENT] = CAUSE_SERVICE_SILENT,
	    [TLS_GARBLED] = CAUSE_WRONG_PROTOCOL,
	    [TLS_UNCONNECTED] = CAUSE_NONE,
	};

	probe_detail_str(p, "handshake", tls_end_word(how));
	probe_detail_str(p, "alert", t->reason);
	if (t->alert >= 0)
		probe_detail_int(p, "alert_code", t->alert);
	if (t->asked)
		probe_detail_str(p, "client_certificate", "asked");
	if (t->hello)
		agreed_details(p, t);
	if (t->capture.chain != NULL) {
		tls_detail(p, &t->capture, rung, failure);
		probe_detail_bool(p, "key_proved", t->proved);
	}
	if (t->proved) {
		if (*failure == CAUSE_NONE && !tls_peer_is_enough(t, how))
			*failure = causes[how];
		return;
	}
	if (how == TLS_FORGED) {
		*rung = RUNG_TLS_OTHER;
		*failure = CAUSE_TLS_UNTRUSTED;
		return;
	}
	*rung = RUNG_TRANSPORT;
	*failure = causes[how];
}
