/* SPDX-License-Identifier: MIT */
/* How each role looks in each theme, without curses: tests read it too. */
#ifndef TUI_UI_LOOKS_H
#define TUI_UI_LOOKS_H

#include <stdbool.h>

#include "tui/term/surface.h"

enum { LOOK_BOLD = 1 << 0, LOOK_UNDERLINE = 1 << 1, LOOK_REVERSE = 1 << 2 };

/* One of the first eight colours, of which only these are readable on black
 * and on white; the background is always the terminal's own. */
enum look_colour {
	LOOK_OWN = 0, LOOK_RED = 1, LOOK_GREEN = 2, LOOK_MAGENTA = 5,
};

struct ui_look {
	enum look_colour colour;
	unsigned attributes;
};

/* One look for each role. An unknown theme, NULL and "" are the default one;
 * without colours that is as the theme without. */
const struct ui_look *ui_looks(const char *theme, bool colours);

#endif
