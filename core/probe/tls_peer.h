/* SPDX-License-Identifier: MIT */
/* One TLS or DTLS handshake with what was seen of the other side: its
 * certificates, whether it proved to hold their key, whether it asked for a
 * certificate of ours. No sockets and no loop: the owner gives a BIO and calls
 * tls_peer_step() when there is something to do. */
#ifndef PROBE_TLS_PEER_H
#define PROBE_TLS_PEER_H

#include <openssl/ssl.h>

#include "core/net/trust.h"
#include "core/probe/probe.h"

#define TLS_MAX_IN (128 * 1024)	/* more is no handshake */

enum tls_end {
	TLS_GOING,		/* not ended yet */
	TLS_COMPLETE,
	TLS_REFUSED,		/* by an alert, or nothing was agreed on */
	TLS_FORGED,		/* a certificate, but not its key */
	TLS_CUT,		/* closed or reset */
	TLS_SILENT,
	TLS_GARBLED,		/* something else than TLS */
	TLS_UNCONNECTED,	/* of a session: no connection came about */
};

/* What our first message says. */
struct tls_hello {
	const char *host;	/* server name (SNI); NULL = none. A literal
				 * address is none either (RFC 6066) */
	const char *alpn;	/* one protocol, or NULL */
	const char *tls_max;	/* "1.2", or NULL */
	const char *want;	/* profile, see tls_profile_known() */
	bool	 datagrams;	/* DTLS 1.2 */
	bool	 psk;		/* only suites with a pre-shared key */
};

struct tls_peer {
	SSL_CTX	*ctx;
	SSL	*ssl;
	struct trust_capture capture;
	bool	 answered;	/* a ServerHello or an alert came */
	bool	 hello;		/* a ServerHello */
	bool	 cookie;	/* HelloVerifyRequest (RFC 6347 4.2.1) */
	bool	 asked;		/* for a certificate of ours */
	bool	 signature;	/* a signature by the certificate's key came */
	bool	 proved;	/* and was right, or the handshake is done */
	bool	 flooded;
	int	 error;		/* errno of what cut it, or 0 */
	int	 alert;		/* its number, or -1 */
	const char *reason;	/* of a refusal; static text of OpenSSL */
	uint64_t sent, received; /* bytes, or -1 where nothing moved */
};

/* Is this a word for a product's own curves and suites? "izuma": facts 3.2,
 * secp256r1, C0AE C02B C02C, ECDSA with SHA-256. */
bool	 tls_profile_known(const char *want);

/* Takes bio. False when OpenSSL cannot; then only tls_peer_close(). */
bool	 tls_peer_open(struct tls_peer *t, const struct tls_hello *hello,
	    BIO *bio);
/* Goes on with the handshake; *wants becomes EV_READ or EV_WRITE. */
enum tls_end tls_peer_step(struct tls_peer *t, short *wants);
/* What a failed SSL_read(), SSL_write() or handshake means. */
enum tls_end tls_peer_failure(struct tls_peer *t, int r, short *wants);
void	 tls_peer_close(struct tls_peer *t);

/* The server has shown all that it shows to a client like ours: the handshake
 * is done, or it ended for want of a certificate that only the device has, or
 * datagrams were lost at its end. */
bool	 tls_peer_is_enough(const struct tls_peer *t, enum tls_end how);
/* "complete", "refused", "forged", "reset", "silence", "garbage". */
const char *tls_end_word(enum tls_end how);
/* Fills the details "handshake" "alert" "alert_code" "protocol" "cipher" "alpn"
 * "client_certificate" ("asked"), "key_proved" and those of tls_detail.h, and
 * says what it comes to. A certificate whose key was not proved is not
 * judged: anybody can send a copy. A handshake that breaks off although
 * nothing was asked of us is a failure even with the right certificate. */
void	 tls_peer_detail(struct probe *p, const struct tls_peer *t,
	    enum tls_end how, enum rung *rung, enum cause *failure);

#endif
