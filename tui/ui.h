/* SPDX-License-Identifier: MIT */
/* The terminal behind a wall: keys come in, surfaces go out. Everything that
 * knows curses is behind this header. */
#ifndef TUI_UI_H
#define TUI_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "tui/surface.h"

/* A key is a character (a code point from U+0020 on), one of the control
 * characters named here, or one of these. */
enum ui_key {
	UI_KEY_NONE = 0,
	UI_CTRL_A = 1, UI_CTRL_B = 2, UI_CTRL_E = 5, UI_CTRL_F = 6,
	UI_KEY_TAB = 9, UI_CTRL_K = 11, UI_CTRL_L = 12, UI_KEY_ENTER = 13,
	UI_CTRL_N = 14, UI_CTRL_P = 16, UI_CTRL_U = 21, UI_CTRL_W = 23,
	UI_KEY_ESC = 27,
	UI_KEY_SPECIAL = 0x110000,	/* above every character */
	UI_KEY_UP, UI_KEY_DOWN, UI_KEY_LEFT, UI_KEY_RIGHT, UI_KEY_HOME,
	UI_KEY_END, UI_KEY_PGUP, UI_KEY_PGDN, UI_KEY_BACKTAB,
	UI_KEY_BACKSPACE, UI_KEY_DELETE, UI_KEY_PASTE_BEGIN,
	UI_KEY_PASTE_END, UI_KEY_F1, UI_KEY_F2, UI_KEY_F3, UI_KEY_F4,
	UI_KEY_F5, UI_KEY_F6, UI_KEY_F7, UI_KEY_F8, UI_KEY_F9, UI_KEY_F10,
};

/* Bytes to keys: UTF-8 split anywhere, Esc and a digit for a function key,
 * bracketed paste without its line ends. */
struct ui_input {
	char	 pending[4];
	int	 npending;
	bool	 esc;
	bool	 paste;
	bool	 paste_space;
};

#define UI_INPUT_MAX 3	/* keys that one code can lead to */
/* code: a byte, or one of enum ui_key from UI_KEY_SPECIAL on. */
int	 ui_input_feed(struct ui_input *in, uint32_t code,
	    uint32_t keys[UI_INPUT_MAX]);
/* Nothing more is waiting: a lone Esc was meant. */
int	 ui_input_idle(struct ui_input *in, uint32_t keys[UI_INPUT_MAX]);

/* The curses back end. One at a time. */
struct ui;

/* NULL with err (ERR_USAGE) when there is no terminal to draw on. */
struct ui *ui_open(struct error *err);
/* Leaves the screen as it was found; NULL is fine. */
void	 ui_close(struct ui *ui);
bool	 ui_is_utf8(const struct ui *ui);
void	 ui_size(const struct ui *ui, int *nrows, int *ncols);
void	 ui_resized(struct ui *ui);		/* asks the terminal */
void	 ui_present(struct ui *ui, const struct surface *s);
void	 ui_repaint(struct ui *ui);		/* next present draws it all */
/* The next key that waits; UI_KEY_NONE when there is none. */
uint32_t ui_key(struct ui *ui);
bool	 ui_is_gone(struct ui *ui);		/* the terminal hung up */
/* Leaves the screen, stops the program, and comes back. */
void	 ui_suspend(struct ui *ui);
void	 ui_resume(struct ui *ui);

#endif
