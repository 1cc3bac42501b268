/* SPDX-License-Identifier: MIT */
/* What vouches for a change request: rules.json.sig over its exact bytes, in
 * the OpenSSH format, and the fingerprint that it carries in itself. */
#ifndef RECORD_RULES_SEAL_H
#define RECORD_RULES_SEAL_H

#include "core/record/seal.h"

#define RULES_NAMESPACE "sitewalk-request"

/* data: a whole rules.json, a stranger's; sig: the file beside it, or NULL.
 * allowed: an allowed_signers file's bytes, or NULL. SEAL_SIGNED: the
 * signature is of these bytes; SEAL_BROKEN: it is of others; SEAL_UNSIGNED:
 * there is none. *as_written: it is as sitewalk wrote it. What an IT desk
 * fills in makes this false, and breaks a signature that was made before;
 * whoever has the key signs it again. */
void	 rules_seal_check(struct arena *a, const char *data, size_t len,
	    const char *sig, size_t siglen, const char *allowed,
	    size_t allowedlen, struct seal_report *out, bool *as_written);

#endif
