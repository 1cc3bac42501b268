/* SPDX-License-Identifier: MIT */
/* For tests of what speaks TLS: authorities and certificates made on the
 * spot, and servers that use or misuse them. */
#ifndef UNIT_FAKE_TLS_H
#define UNIT_FAKE_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>

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
	/* Instead of TLS: */
	bool	 resets;		/* after the ClientHello */
	bool	 silent;		/* accepts and says nothing */
	const char *plain;		/* says this, and no TLS */
	const char *sni_seen;		/* "" when none came; set by the
					 * server, static storage */
};
void	 fake_tls_serve(int fd, void *arg);

#endif
