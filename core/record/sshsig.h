/* SPDX-License-Identifier: MIT */
/* Signatures of files in the format of OpenSSH (its PROTOCOL.sshsig), which
 * ssh-keygen -Y sign makes and ssh-keygen -Y verify reads. */
#ifndef RECORD_SSHSIG_H
#define RECORD_SSHSIG_H

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/record/sshkey.h"

#define SSHSIG_MAX 16384	/* of an armored one */

/* What a key has to sign so that this becomes a signature of data. */
void	 sshsig_message(const char *namespace, const void *data, size_t len,
	    struct buf *out);
/* The signature that the key made of it, as a file that ends in LF. */
void	 sshsig_armor(const struct sshkey *key, const char *namespace,
	    const void *sig, size_t siglen, struct buf *out);
/* Is `sig`, a whole armored file, a signature of data? Then *key is whose.
 * ERR_INPUT with the reason when it is not. SHA-256 and SHA-512 only. */
int	 sshsig_verify(const char *sig, size_t siglen, const char *namespace,
	    const void *data, size_t len, struct sshkey *key,
	    struct error *err) MUST_CHECK;
/* Is it laid out byte by byte as sshsig_armor() would? */
bool	 sshsig_is_canonical(const char *sig, size_t siglen);

#endif
