/* SPDX-License-Identifier: MIT */
/* What a row of the list of handovers says. */
#ifndef TUI_REVIEW_TEXT_H
#define TUI_REVIEW_TEXT_H

#include "core/base/i18n.h"
#include "tui/work/review_table.h"

/* Short, so that it stands in each row; the rest is told below the page of the
 * row that has the focus, as all that does not fit. In a, or kept by r. */
const char *review_text_note(struct arena *a, struct review_row *r,
	    bool focused);
/* Forgets what rows keep when another language is spoken than before. */
void	 review_text_renew(const struct review_table *t,
	    char language[I18N_LANGUAGE_SIZE]);

#endif
