/* SPDX-License-Identifier: MIT */
/* The papers of a site speak the site's language, which need not be the one
 * that the program speaks. The sentences that judging writes into the record
 * are part of them: so it is judged in that language before the papers are
 * written, and in the program's afterwards. */
#ifndef TUI_PAPERS_H
#define TUI_PAPERS_H

#include "tui/work/app.h"

/* Around the calls of core/export for handover and request. A record under
 * review keeps the sentences that it came with; what a run under way was
 * planned from keeps its words until the run has ended. */
void	 papers_begin(struct site *s);
void	 papers_end(struct site *s);

#endif
