/* SPDX-License-Identifier: MIT */
/* Public keys of OpenSSH, and what they signed. Keys that a security device
 * holds are among them; certificates, DSA and everything that signs by SHA-1
 * are not. */
#ifndef RECORD_SSHKEY_H
#define RECORD_SSHKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/* RSA of 16384 bit and its frame. */
#define SSHKEY_MAX 2200
#define SSHKEY_FINGERPRINT_SIZE 56

struct sshkey {
	uint8_t	 blob[SSHKEY_MAX];
	size_t	 len;
	const char *type;	/* "ssh-ed25519" */
	char	 fingerprint[SSHKEY_FINGERPRINT_SIZE]; /* "SHA256:..." */
};

/* A key as it is sent: ERR_INPUT for another type, a weak RSA key, or one
 * that is none. */
int	 sshkey_read(const void *blob, size_t len, struct sshkey *out,
	    struct error *err) MUST_CHECK;
/* "ssh-ed25519 AAAA... comment", as in a .pub file; what follows the key is
 * ignored. */
int	 sshkey_read_line(const char *text, size_t len, struct sshkey *out,
	    struct error *err) MUST_CHECK;
bool	 sshkey_equal(const struct sshkey *a, const struct sshkey *b);
bool	 sshkey_is_ed25519(const struct sshkey *k);
void	 sshkey_of_ed25519(const uint8_t raw[32], struct sshkey *out);
/* sig: the signature of SSH, its own type first (RFC 8709, 8332, 5656 and
 * PROTOCOL.u2f of OpenSSH). */
bool	 sshkey_verify(const struct sshkey *k, const void *sig, size_t siglen,
	    const void *data, size_t len);

#endif
