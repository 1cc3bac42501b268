/* SPDX-License-Identifier: MIT */
/* What a party declares at the end holds for the results that it was given
 * for, and for no others. */
#ifndef RECORD_DECLARATION_H
#define RECORD_DECLARATION_H

#include "core/base/digest.h"
#include "core/record/model.h"

/* A hash of all that a declaration is about: the run, each outcome, what is
 * accepted, what is stated and written down. Of r as it is judged now. */
const char *declaration_state(const struct record *r,
	    char out[DIGEST_HEX_SIZE]);
/* Was it made, and for the results as they are now? */
bool	 declaration_holds(const struct record *r,
	    const struct declaration *d);
/* That of a party, or NULL. */
const struct declaration *declaration_of(const struct record *r,
	    enum party party);

#endif
