/* SPDX-License-Identifier: MIT */
/* For tests of what speaks TLS: authorities and certificates made on the
 * spot, and servers that use or misuse them. */
#ifndef UNIT_FAKE_TLS_H
#define UNIT_FAKE_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

struct fake_cert {
	X509	*cert;
	EVP_PKEY *key;
};

/* issuer NULL: self-signed. ca: may sign others. Days from now; the name of a
 * leaf is also its subjectAltName. Returns owned. */
struct fake_cert *fake_cert_new(const char *name,
	    const struct fake_cert *issuer, bool ca, int from_days,
	    int to_days);
void	 fake_cert_free(struct fake_cert *c);
/* PEM of the certificate or of its public key; into a new file, whose path
 * is returned owned. */
char	*fake_cert_file(const struct fake_cert *c);
char	*fake_key_pem(const struct fake_cert *c);	/* returns owned */

/* How a server behaves; arg of fake_tls_serve(). */
struct fake_tls {
	const struct fake_cert *leaf;
	const struct fake_cert *chain[3];	/* sent with it; NULL ends */
	int	 min, max;		/* TLS1_2_VERSION ...; 0 = any */
	const char *alpn;		/* the one it agrees to, or NULL */
	bool	 wants_client_cert;
	const char *reply;		/* sent after the request, or NULL */
	size_t	 reply_len;		/* 0 = it is a string */
	char	 request[256];		/* what came before it; set by the */
	size_t	 request_len;		/* server */
	char	 last[64];		/* what came after it */
	size_t	 last_len;
	bool	 slow;			/* the reply byte by byte */
	bool	 psk;			/* a key agreed before, no leaf */
	bool	 keeps_quiet;		/* takes the request and waits */
	/* Instead of TLS: */
	bool	 resets;		/* after the ClientHello */
	bool	 silent;		/* accepts and says nothing */
	const char *plain;		/* says this, and no TLS */
	const char *sni_seen;		/* "" when none came; set by the
					 * server, static storage */
};
void	 fake_tls_serve(int fd, void *arg);

/* A box that relays a TLS 1.2 server's handshake unchanged but for one byte of
 * the ServerKeyExchange's signature: what somebody can do who has a copy of
 * the certificate and not its key. arg: the server's port. */
void	 fake_tls_forge(int fd, void *arg);
/* The same, unchanged but cut off where the server has shown everything and
 * waits for the client. */
void	 fake_tls_cut(int fd, void *arg);

/* A DTLS 1.2 server on 127.0.0.1 that asks for a cookie (RFC 6347) and then
 * shows leaf. One client after the other, in a thread of its own. */
struct fake_dtls_setup {
	const struct fake_cert *leaf;
	bool	 wants_client_cert;
	int	 lost;		/* so many datagrams are lost on the way in */
	int	 late_ms;	/* the cookie comes so late */
	bool	 twice;		/* each datagram of the certificate flight */
	bool	 only_cookie;	/* and then nothing more */
};
struct fake_dtls;
struct fake_dtls *fake_dtls_start(const struct fake_dtls_setup *setup);
uint16_t fake_dtls_port(const struct fake_dtls *d);
void	 fake_dtls_stop(struct fake_dtls *d);	/* frees */

#endif
