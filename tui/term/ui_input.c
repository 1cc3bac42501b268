/* SPDX-License-Identifier: MIT */
/* Owns the way from bytes to keys. Nothing here knows a terminal. */
#include "core/base/text.h"
#include "tui/term/ui.h"

#define NUMBER_MAX 9999
#define MOUSE_BYTES 3 /* behind Esc [ M */

/* ECMA-48: parameters and what stands between them; then one final byte. */
#define IS_PARAMETER(cp) ((cp) >= 0x20 && (cp) <= 0x3f)

static const char paste_end[] = "\033[201~";
#define PASTE_END_LEN ((int)sizeof paste_end - 1)

static const struct {
	char final;
	uint32_t key;
} letters[] = {
    {'A', UI_KEY_UP},
    {'B', UI_KEY_DOWN},
    {'C', UI_KEY_RIGHT},
    {'D', UI_KEY_LEFT},
    {'H', UI_KEY_HOME},
    {'F', UI_KEY_END},
    {'Z', UI_KEY_BACKTAB},
    {'M', UI_KEY_ENTER}, /* these only behind Esc O */
    {'P', UI_KEY_F1},
    {'Q', UI_KEY_F2},
    {'R', UI_KEY_F3},
    {'S', UI_KEY_F4},
};
#define NLETTERS (sizeof letters / sizeof *letters)

static const struct {
	unsigned number;
	uint32_t key;
} numbers[] = {
    {1, UI_KEY_HOME},
    {3, UI_KEY_DELETE},
    {4, UI_KEY_END},
    {5, UI_KEY_PGUP},
    {6, UI_KEY_PGDN},
    {7, UI_KEY_HOME},
    {8, UI_KEY_END},
    {11, UI_KEY_F1},
    {12, UI_KEY_F2},
    {13, UI_KEY_F3},
    {14, UI_KEY_F4},
    {15, UI_KEY_F5},
    {17, UI_KEY_F6},
    {18, UI_KEY_F7},
    {19, UI_KEY_F8},
    {20, UI_KEY_F9},
    {21, UI_KEY_F10},
    {200, UI_KEY_PASTE_BEGIN},
};
#define NNUMBERS (sizeof numbers / sizeof *numbers)

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
		n = emit(keys, n, UI_KEY_PASTED | ' ');
	in->paste_space = false;
	return emit(keys, n, UI_KEY_PASTED | cp);
}

/* The end of a paste can come in pieces too, on a slow line. What only began
 * like it was pasted text. */
static int
pasting(struct ui_input *in, uint32_t cp, uint32_t *keys)
{
	int n = 0, i;

	if (cp == (uint32_t)paste_end[in->paste_end]) {
		if (++in->paste_end == PASTE_END_LEN)
			in->paste = false;
		return 0;
	}
	for (i = 0; i < in->paste_end; i++)
		n = pasted(in, (uint32_t)paste_end[i], keys, n);
	in->paste_end = cp == UI_KEY_ESC;
	return in->paste_end > 0 ? n : pasted(in, cp, keys, n);
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

static uint32_t
sequence_key(const struct ui_input *in, uint32_t final)
{
	size_t i;

	if (in->modified)
		return UI_KEY_NONE;
	for (i = 0; i < NNUMBERS && final == '~'; i++) {
		if (numbers[i].number == in->number)
			return numbers[i].key;
	}
	for (i = 0; i < NLETTERS; i++) {
		if ((uint32_t)letters[i].final == final &&
		    (in->sequence == 'O' || final < 'M' || final == 'Z'))
			return letters[i].key;
	}
	return UI_KEY_NONE;
}

static void
begin_paste(struct ui_input *in)
{
	in->paste = true;
	in->paste_space = false;
	in->paste_end = 0;
}

/* Within Esc [ or Esc O. */
static int
in_sequence(struct ui_input *in, uint32_t cp, uint32_t *keys)
{
	uint32_t key;

	if (in->sequence == '[' && IS_PARAMETER(cp)) {
		if (cp < '0' || cp > '9')
			in->modified = true;
		else if (!in->modified && in->number < NUMBER_MAX)
			in->number = in->number * 10 + (cp - '0');
		return 0;
	}
	key = sequence_key(in, cp);
	if (in->sequence == '[' && cp == 'M' && in->number == 0 &&
	    !in->modified)
		in->skip = MOUSE_BYTES;
	in->sequence = 0;
	if (key == UI_KEY_PASTE_BEGIN)
		begin_paste(in);
	else if (key != UI_KEY_NONE)
		return emit(keys, 0, key);
	return 0;
}

/* The character after Esc. */
static int
after_escape(struct ui_input *in, uint32_t cp, uint32_t *keys)
{
	in->esc = false;
	if (cp >= '1' && cp <= '9')
		return emit(keys, 0, UI_KEY_F1 + (cp - '1'));
	if (cp == '0')
		return emit(keys, 0, UI_KEY_F10);
	if (cp == '[' || cp == 'O') {
		in->sequence = (char)cp;
		in->modified = false;
		in->number = 0;
		return 0;
	}
	return -1;
}

static int
character(struct ui_input *in, uint32_t cp, uint32_t *keys)
{
	int n = 0;

	if (in->paste)
		return pasting(in, cp, keys);
	if (in->sequence != 0 && cp >= 0x20 && cp < 0x7f)
		return in_sequence(in, cp, keys);
	in->sequence = 0; /* cut off */
	if (in->esc) {
		n = after_escape(in, cp, keys);
		if (n >= 0)
			return n;
		n = emit(keys, 0, UI_KEY_ESC);
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
	in->sequence = 0;
	in->skip = 0;
	if (code == UI_KEY_PASTE_BEGIN)
		begin_paste(in);
	else if (code == UI_KEY_PASTE_END)
		in->paste = false;
	if (in->paste || code == UI_KEY_PASTE_END)
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
	if (in->skip > 0) {
		in->skip--;
		return 0;
	}
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
	return character(in, cp, keys);
}

/* What began as Esc [ stays open, since the rest may be under way; nobody
 * types that. Esc and a capital O can be typed. */
int
ui_input_idle(struct ui_input *in, uint32_t keys[UI_INPUT_MAX])
{
	int n = 0;

	if (in->sequence == 'O') {
		in->sequence = 0;
		n = emit(keys, n, UI_KEY_ESC);
		return emit(keys, n, 'O');
	}
	if (!in->esc)
		return 0;
	in->esc = false;
	return emit(keys, n, UI_KEY_ESC);
}

void
ui_input_silence(struct ui_input *in)
{
	in->paste = false;
	in->sequence = 0;
	in->skip = 0;
}
