/* SPDX-License-Identifier: MIT */
/* What the seal of a stranger's handover is worth, in words. Nothing of a
 * document is believed before. */
#ifndef TUI_REVIEW_SEAL_H
#define TUI_REVIEW_SEAL_H

#include "core/record/seal.h"

#define REVIEW_KEY_SIZE 128
#define REVIEW_SEALS (SEAL_BROKEN + 1)

struct review_seal {
	enum seal_verdict verdict;
	char	 key[REVIEW_KEY_SIZE];	/* who signed, or "" */
	/* SEAL_SIGNED, where it is known whose keys are trusted: */
	bool	 judged;
	enum allowed allowed;
	char	 principal[ALLOWED_PRINCIPAL_SIZE]; /* or "" */
	bool	 redacted;		/* a copy that leaves something out */
	char	*why;			/* one sentence or more */
	struct strlist notes;		/* what is masked or left out, and what
					 * was changed: sentences */
};

/* Of the bytes of the handover at path, with the signature that lies beside
 * it, if one does. allowed: whose keys are trusted, or NULL. Texts in a. Any
 * thread may. */
void	 review_seal(struct arena *a, const char *path, const char *data,
	    size_t len, const struct buf *allowed, struct review_seal *out);
/* "unknown" "other_purpose" "other_time" "yes" */
const char *review_allowed_name(enum allowed a);
/* Who signed, for one line: "Pat <SHA256:...>", the key alone, or "". */
const char *review_signer(struct arena *a, const struct review_seal *s);
const char *review_seal_name(enum seal_verdict v);	/* "signed", in files */
const char *review_seal_label(enum seal_verdict v);	/* translated */

#endif
