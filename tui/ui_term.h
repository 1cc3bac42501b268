/* SPDX-License-Identifier: MIT */
/* The terminal's settings as they were found, and the way back to them from
 * anywhere: a normal end, a crash, no memory. For ui_curses.c only. */
#ifndef TUI_UI_TERM_H
#define TUI_UI_TERM_H

#include <stdbool.h>

/* Keeps the settings of the terminal; from here on a crash restores them.
 * What is written to standard error meanwhile is kept for later. */
void	 ui_term_begin(void);
/* What must be sent to leave the screen: from here on a crash sends it. */
void	 ui_term_leave_by(const char *leave);
/* Signal-safe: leaves the screen, restores the settings. */
void	 ui_term_restore(void);
/* The end: restores the settings, lets crashes be, shows what was kept. */
void	 ui_term_end(void);

#endif
