/* SPDX-License-Identifier: MIT */
/* Whose keys one trusts: a file "allowed_signers" of OpenSSH (ssh-keygen(1),
 * ALLOWED SIGNERS). Lines of certificate authorities count for nothing: no
 * signature by a certificate is accepted. */
#ifndef RECORD_ALLOWED_H
#define RECORD_ALLOWED_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/record/sshkey.h"

#define ALLOWED_PRINCIPAL_SIZE 128

enum allowed {
	ALLOWED_UNKNOWN,	/* the key stands in no line */
	ALLOWED_OTHER_PURPOSE,	/* not for this namespace */
	ALLOWED_OTHER_TIME,	/* not at that time, or it is not known */
	ALLOWED_YES,
};

/* Is every line well formed? ERR_INPUT with the line otherwise, and for one
 * of a certificate authority. */
int	 allowed_check(const char *text, size_t len, struct error *err)
	    MUST_CHECK;
/* Ill-formed lines count for nothing. at_us: the time to judge by, 0 where it
 * is not known. principal:
 * sanitised, or "". */
enum allowed allowed_find(const char *text, size_t len,
	    const struct sshkey *key, const char *namespace, int64_t at_us,
	    char principal[ALLOWED_PRINCIPAL_SIZE]);

#endif
