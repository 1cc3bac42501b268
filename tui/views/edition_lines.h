/* SPDX-License-Identifier: MIT */
/* Which of the papers of its site a handover is, for the page that shows
 * one. */
#ifndef TUI_EDITION_LINES_H
#define TUI_EDITION_LINES_H

#include "core/record/model.h"
#include "tui/screen/page.h"

/* Its number, version and time, and what it takes the place of; or that it
 * has none. The texts are a stranger's. */
void	 edition_lines_build(struct page *p, const struct edition *e);

#endif
