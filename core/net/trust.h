/* SPDX-License-Identifier: MIT */
/* Whom to trust: the given public roots, the packs' keys, and, only to be
 * told about, the laptop's own store. Times are judged later, elsewhere. */
#ifndef NET_TRUST_H
#define NET_TRUST_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/mem.h"

struct trust;

/* bundle: PEM of the public roots, NULL = those built in. keys: name and PEM
 * pairs. Returns owned or NULL. */
struct trust_key {
	const char *name;
	const char *pem;
};
struct trust *trust_new(const char *bundle_path, const struct trust_key *keys,
	    size_t nkeys, struct error *err);
void	 trust_free(struct trust *t);

/* What a server's certificates say. */
struct trust_verdict {
	bool	 have_chain;
	bool	 public_root;	/* leads to a public root, dates ignored */
	bool	 key_match;	/* leaf signed by the named key */
	bool	 laptop_root;	/* leads to a root of the laptop's store */
	bool	 name_match;	/* host is in the leaf's names */
	int64_t	 not_before_us;	/* latest of the chain that was verified */
	int64_t	 not_after_us;	/* earliest */
	char	*subject;	/* of the leaf, RFC 2253, sanitised */
	char	*issuer;	/* of the leaf */
	char	*top_issuer;	/* of the last certificate sent */
	char	*authority;	/* its common name alone, or NULL */
	char	*authority_org;	/* its organisation alone, or NULL */
	char	*issuer_spki;	/* SHA-256 of the key that signed the leaf if
				 * known, else of the top; or NULL */
	char	*leaf_sha256;
	char	*leaf_spki;	/* SHA-256 of the leaf's own key */
	char	*leaf_key;	/* "EC 256", "RSA 2048" */
	int	 leaf_days;	/* how long the leaf is valid in all */
	int64_t	 leaf_from_us;	/* not_before_us of the leaf alone */
	bool	 has_scts;	/* embedded, RFC 6962 section 3.3 */
	bool	 has_revocation; /* says where to ask: OCSP or CRL */
	char	*error;		/* OpenSSL's reason, or NULL */
	size_t	 nchain;
};

/* host NULL: no name to match; a literal address is matched as one. key NULL:
 * public roots. */
void	 trust_judge(const struct trust *t, struct arena *a,
	    STACK_OF(X509) *chain, const char *host, const char *key,
	    struct trust_verdict *out);

/* Makes ctx keep the server's chain whatever happens afterwards and never
 * fail on it; read it with trust_captured() (borrowed, may be NULL). Works
 * for OpenSSL contexts of our own and of libcurl. */
struct trust_capture {
	STACK_OF(X509) *chain;
};
void	 trust_capture_install(SSL_CTX *ctx, struct trust_capture *c);
void	 trust_capture_clear(struct trust_capture *c);

#endif
