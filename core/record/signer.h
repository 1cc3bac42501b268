/* SPDX-License-Identifier: MIT */
/* Who signs: an Ed25519 key in a file of OpenSSH, or one that an agent keeps
 * (core/net/ssh_agent.h). A key is never made here, and its bytes are wiped
 * when they are no longer needed. */
#ifndef RECORD_SIGNER_H
#define RECORD_SIGNER_H

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/record/sshkey.h"

struct signer;

/* The file of a private key without passphrase ("openssh-key-v1").
 * ERR_INPUT: it is none. ERR_USAGE: it has a passphrase, is only the public
 * half, or is no Ed25519 key; where an agent could hold the rest of it,
 * *half is the public key (its len is 0 otherwise). Returns owned. */
struct signer *signer_open(const char *path, struct sshkey *half,
	    struct error *err);

/* Whoever signs for this key: sign() adds the signature of SSH, its own type
 * first. Takes arg, which close() frees. Returns owned. */
struct signer *signer_new(const struct sshkey *key,
	    int (*sign)(void *arg, const void *data, size_t len,
		struct buf *out, struct error *err),
	    void (*close)(void *arg), void *arg);
void	 signer_close(struct signer *s);	/* NULL is fine */

const char *signer_fingerprint(const struct signer *s);	/* "SHA256:..." */
/* An armored signature (sshsig.h), which ends in LF. What an agent answers
 * is verified before it is believed. Same key, same data, same bytes. */
int	 signer_sign(struct signer *s, const char *namespace,
	    const void *data, size_t len, struct buf *out, struct error *err)
	    MUST_CHECK;

#endif
