/* SPDX-License-Identifier: MIT */
/* For a word that is not known: which one may have been meant. */
#ifndef TUI_SUGGEST_H
#define TUI_SUGGEST_H

#include "core/base/mem.h"

/* The nearest of the words by editing distance, or NULL when none is near. */
const char *suggest_nearest(const char *typed, const struct strlist *words);
/* "a, b, c", in a. */
char	*suggest_list(struct arena *a, const struct strlist *words);
/* "Did you mean X? There are: a, b, c." (translated), in a. */
char	*suggest_hint(struct arena *a, const char *typed,
	    const struct strlist *words);

#endif
