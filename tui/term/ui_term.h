/* SPDX-License-Identifier: MIT */
/* The terminal as it was found, and the way back to it from anywhere: a
 * normal end, a signal, a crash, no memory. For ui_curses.c only. Only
 * SIGKILL leaves no way: then "reset" in the shell mends the terminal. */
#ifndef TUI_UI_TERM_H
#define TUI_UI_TERM_H

#include <stdbool.h>

/* Keeps the settings of the terminal; from here on any end restores them.
 * Standard output and error no longer lead to the terminal: what libraries
 * and other programs write there is kept for later, as far as there is room.
 * Returns a descriptor to draw on, owned, to be closed after ui_term_end();
 * -1 when there is none left, and then nothing has begun. */
int	 ui_term_begin(void);
/* What must be sent to leave the screen: from here on a crash sends it. */
void	 ui_term_leave_by(const char *leave);
/* Signal-safe: leaves the screen, restores the settings, shows what was
 * kept. */
void	 ui_term_restore(void);
/* The end: restores the settings, lets signals be, shows what was kept. */
void	 ui_term_end(void);

#endif
