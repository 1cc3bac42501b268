/* SPDX-License-Identifier: MIT */
/* Finding what a person typed in what stands on the screen: capitals and
 * small letters are the same. */
#ifndef TUI_MATCH_H
#define TUI_MATCH_H

#include <stdbool.h>
#include <stddef.h>

/* The first place in text where what begins, and how many bytes it takes
 * there; NULL when there is none, or when text is NULL or what is empty. */
const char *match_text(const char *text, const char *what, size_t *len);
/* Some word of one of the texts begins with what; an empty one always does. */
bool	 match_begins(const char *const *texts, size_t ntexts,
	    const char *what);
/* Every word of words stands somewhere in one of the texts; no word at all
 * always does. Texts may be NULL. */
bool	 match_words(const char *const *texts, size_t ntexts,
	    const char *words);

#endif
