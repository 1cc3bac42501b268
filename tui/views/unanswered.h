/* SPDX-License-Identifier: MIT */
/* One key to the first question that nobody has answered, from any page
 * before the checks. */
#ifndef TUI_VIEWS_UNANSWERED_H
#define TUI_VIEWS_UNANSWERED_H

#include "tui/screen/view.h"

/* How many pages have a question without an answer; "I don't know yet" is
 * one. */
size_t	 unanswered_pages(const struct screen *sc);
void	 unanswered_act(struct screen *sc, struct frame *f);
bool	 unanswered_shown(const struct screen *sc, const struct frame *f);

/* Straight to the page before the checks. */
void	 unanswered_skip(struct screen *sc, struct frame *f);
bool	 unanswered_can_skip(const struct screen *sc, const struct frame *f);

#define TO_THE_CHECKS_ACTION \
	{'c', "c", N_("To the checks"), \
	    N_("Past the questions to the page before the checks; what has " \
	       "no answer is checked in all variants."), \
	    unanswered_skip, unanswered_can_skip}
#define UNANSWERED_ACTION \
	{'u', "u", N_("Unanswered"), \
	    N_("Go to the next question that has no answer yet."), \
	    unanswered_act, unanswered_shown}

#endif
