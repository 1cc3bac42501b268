/* SPDX-License-Identifier: MIT */
/* Owns the way from bytes to keys. Nothing here knows a terminal. */
#include "core/base/text.h"
#include "tui/ui.h"

static int
emit(uint32_t *keys, int n, uint32_t key)
{
	keys[n] = key;
	return n + 1;
}

/* A pasted line end becomes a space, but only between words. */
static int
pasted(struct ui_input *in, uint32_t cp, uint32_t *keys, int n)
{
	if (cp == '\r' || cp == '\n' || cp == '\t') {
		in->paste_space = true;
		return n;
	}
	if (cp < 0x20 || cp == 0x7f)
		return n;
	if (in->paste_space)
		n = emit(keys, n, ' ');
	in->paste_space = false;
	return emit(keys, n, cp);
}

static uint32_t
control(uint32_t cp)
{
	if (cp == '\n')
		return UI_KEY_ENTER;
	if (cp == 8 || cp == 0x7f)
		return UI_KEY_BACKSPACE;
	return cp;
}

static int
character(struct ui_input *in, uint32_t cp, uint32_t *keys, int n)
{
	if (in->paste)
		return pasted(in, cp, keys, n);
	if (in->esc) {
		in->esc = false;
		if (cp >= '1' && cp <= '9')
			return emit(keys, n, UI_KEY_F1 + (cp - '1'));
		if (cp == '0')
			return emit(keys, n, UI_KEY_F10);
		n = emit(keys, n, UI_KEY_ESC);
	}
	if (cp == UI_KEY_ESC) {
		in->esc = true;
		return n;
	}
	return cp == 0 ? n : emit(keys, n, control(cp));
}

static int
special(struct ui_input *in, uint32_t code, uint32_t *keys)
{
	int n = 0;

	in->npending = 0;
	if (code == UI_KEY_PASTE_BEGIN || code == UI_KEY_PASTE_END) {
		in->paste = code == UI_KEY_PASTE_BEGIN;
		in->paste_space = false;
		return 0;
	}
	if (in->paste)
		return 0;
	if (in->esc)
		n = emit(keys, n, UI_KEY_ESC);
	in->esc = false;
	return emit(keys, n, code);
}

int
ui_input_feed(struct ui_input *in, uint32_t code, uint32_t keys[UI_INPUT_MAX])
{
	uint32_t cp = 0;
	int used;

	if (code > 0xff)
		return special(in, code, keys);
	if (in->npending > 0 && (code & 0xc0) != 0x80)
		in->npending = 0; /* cut off: the new byte begins afresh */
	in->pending[in->npending++] = (char)code;
	used = text_decode(in->pending, (size_t)in->npending, &cp);
	if (used == 0)
		return 0;
	in->npending = 0;
	/* C1 steers terminals and is on no keyboard. */
	if (used < 0 || (cp >= 0x80 && cp < 0xa0))
		return 0;
	return character(in, cp, keys, 0);
}

int
ui_input_idle(struct ui_input *in, uint32_t keys[UI_INPUT_MAX])
{
	if (!in->esc)
		return 0;
	in->esc = false;
	return emit(keys, 0, UI_KEY_ESC);
}
