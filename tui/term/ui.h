/* SPDX-License-Identifier: MIT */
/* The terminal behind a wall: keys come in, surfaces go out. Everything that
 * knows curses is behind this header. */
#ifndef TUI_UI_H
#define TUI_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "tui/term/surface.h"

/* A key is a character (a code point from U+0020 on), one of the control
 * characters named here, or one of these. */
enum ui_key {
	UI_KEY_NONE = 0,
	UI_CTRL_A = 1, UI_CTRL_B = 2, UI_CTRL_D = 4, UI_CTRL_E = 5,
	UI_CTRL_F = 6, UI_CTRL_G = 7,
	UI_KEY_TAB = 9, UI_CTRL_K = 11, UI_CTRL_L = 12, UI_KEY_ENTER = 13,
	UI_CTRL_N = 14, UI_CTRL_P = 16, UI_CTRL_U = 21, UI_CTRL_W = 23,
	UI_CTRL_Y = 25, UI_KEY_ESC = 27,
	UI_KEY_SPECIAL = 0x110000,	/* above every character */
	UI_KEY_UP, UI_KEY_DOWN, UI_KEY_LEFT, UI_KEY_RIGHT, UI_KEY_HOME,
	UI_KEY_END, UI_KEY_PGUP, UI_KEY_PGDN, UI_KEY_BACKTAB,
	UI_KEY_BACKSPACE, UI_KEY_DELETE, UI_KEY_PASTE_BEGIN,
	UI_KEY_PASTE_END, UI_KEY_F1, UI_KEY_F2, UI_KEY_F3, UI_KEY_F4,
	UI_KEY_F5, UI_KEY_F6, UI_KEY_F7, UI_KEY_F8, UI_KEY_F9, UI_KEY_F10,
	/* A character with this bit was pasted. Only a field understands it;
	 * to all else it is no key at all. */
	UI_KEY_PASTED = 0x400000,
};

/* Bytes to keys: UTF-8 and the sequences of keys split anywhere, Esc and a
 * digit for a function key, bracketed paste without its line ends. What looks
 * like a key's sequence and is unknown leads to nothing. */
struct ui_input {
	char	 pending[4];
	int	 npending;
	bool	 esc;
	char	 sequence;	/* '[' or 'O': within Esc [ or Esc O */
	bool	 modified;	/* it tells of Ctrl, Alt or Shift */
	unsigned number;	/* its first number */
	int	 skip;		/* bytes that belong to it and say nothing */
	bool	 paste;
	bool	 paste_space;
	int	 paste_end;	/* bytes seen of what ends a paste */
};

#define UI_INPUT_MAX 8	/* keys that one code can lead to */
/* code: a byte, or one of enum ui_key from UI_KEY_SPECIAL on. */
int	 ui_input_feed(struct ui_input *in, uint32_t code,
	    uint32_t keys[UI_INPUT_MAX]);
/* Nothing more is waiting: a lone Esc was meant. */
int	 ui_input_idle(struct ui_input *in, uint32_t keys[UI_INPUT_MAX]);
/* Nothing came for seconds: a paste whose end was lost is over. */
void	 ui_input_silence(struct ui_input *in);

/* How roles look: a word a theme, "default" first. */
struct ui_theme {
	const char *word;	/* stable, for settings and --theme */
	const char *label;	/* N_(): for the person who chooses */
	const char *about;	/* N_(): one sentence */
};
extern const struct ui_theme ui_themes[];
extern const int ui_theme_count;
bool	 ui_is_theme(const char *word);	/* false for NULL */

struct ui_style {
	const char *theme;	/* a word of ui_themes; NULL or "": default */
	const char *signs;	/* "ascii", "utf8"; NULL or "": by locale */
};

/* The curses back end. One at a time. It never asks for the mouse, so that
 * marking and copying stay the terminal's own. */
struct ui;

/* NULL with err (ERR_USAGE) when there is no terminal to draw on; err says
 * why, as a sentence. Copies nothing of style. */
struct ui *ui_open(const struct ui_style *style, struct error *err);
/* Looks that are chosen while it runs; the next present draws it all. */
void	 ui_set_style(struct ui *ui, const struct ui_style *style);
/* Why ui_open() would refuse: -1 with err; 0 when it can draw. Touches
 * nothing. */
int	 ui_check_terminal(struct error *err) MUST_CHECK;
/* Leaves the screen as it was found; NULL is fine. */
void	 ui_close(struct ui *ui);
bool	 ui_is_utf8(const struct ui *ui);	/* the signs, for a surface */
bool	 ui_can_utf8(const struct ui *ui);	/* the terminal */
bool	 ui_has_colours(const struct ui *ui);	/* and NO_COLOR is not set */
void	 ui_size(const struct ui *ui, int *nrows, int *ncols);
/* Asks the terminal; one that does not know, as on a serial line, has the
 * size that LINES and COLUMNS say, or 80 by 24. */
void	 ui_resized(struct ui *ui);
void	 ui_present(struct ui *ui, const struct surface *s);
void	 ui_repaint(struct ui *ui);		/* next present draws it all */
/* The next key that waits; UI_KEY_NONE when there is none. */
uint32_t ui_key(struct ui *ui);
bool	 ui_is_gone(struct ui *ui);		/* the terminal hung up */
/* Leaves the screen, stops the program, and comes back. */
void	 ui_suspend(struct ui *ui);
void	 ui_resume(struct ui *ui);

#endif
