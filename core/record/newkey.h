/* SPDX-License-Identifier: MIT */
/* A new key to sign with, in the files that ssh-keygen makes: for whoever has
 * none, and was asked first. */
#ifndef RECORD_NEWKEY_H
#define RECORD_NEWKEY_H

#include "core/base/error.h"
#include "core/record/sshkey.h"

#define NEWKEY_PUBLIC ".pub"

/* An Ed25519 key without passphrase at path (mode 0600, openssh-key-v1), its
 * public half at path.pub (as the umask says); the folder must be there.
 * Neither is ever replaced: ERR_USAGE when there is one. -1 leaves nothing
 * behind. */
int	 newkey_make(const char *path, const char *comment,
	    struct sshkey *out, struct error *err) MUST_CHECK;

#endif
