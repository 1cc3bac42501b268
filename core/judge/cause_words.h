/* SPDX-License-Identifier: MIT */
/* Inside the judge: each cause in a sentence, and what the installer does. */
#ifndef JUDGE_CAUSE_WORDS_H
#define JUDGE_CAUSE_WORDS_H

#include "core/record/words.h"

/* Untranslated. %1$s is the flow or name it is about, %2$s the place. */
struct cause_words {
	enum cause cause;
	const char *seen;
	const char *installer;
};

const struct cause_words *cause_words(enum cause cause); /* NULL: none */

#endif
