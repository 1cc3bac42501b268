/* SPDX-License-Identifier: MIT */
/* Whose keys the user trusts: a file of allowed signers (core/record/
 * allowed.h). */
#ifndef TUI_SIGNERS_H
#define TUI_SIGNERS_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/error.h"

#define SIGNERS_MAX ((size_t)1 << 20)

/* The file that is named; where it is NULL, allowed_signers in the folder of
 * the settings, if there is one: of that an ill-formed line counts for
 * nothing, of one that is named it is an error. out is initialised by the
 * caller; *known: there is a file. */
int	 signers_read(const char *named, struct buf *out, bool *known,
	    struct error *err) MUST_CHECK;

#endif
