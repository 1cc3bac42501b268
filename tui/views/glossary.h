/* SPDX-License-Identifier: MIT */
/* The words that this program uses, each told in a plain sentence. */
#ifndef TUI_GLOSSARY_H
#define TUI_GLOSSARY_H

#include <stddef.h>

struct glossary_term {
	const char *word;	/* N_() */
	const char *means;	/* N_() */
};
extern const struct glossary_term glossary_terms[];
extern const size_t glossary_term_count;

/* By enum outcome and enum rung; NULL: none for it. N_(). */
const char *glossary_outcome(int outcome);
const char *glossary_rung(int rung);

#endif
