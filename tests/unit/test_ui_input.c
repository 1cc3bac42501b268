/* SPDX-License-Identifier: MIT */
/* What is typed arrives as meant, however a slow line cuts it up. */
#include <string.h>

#include "tests/unit/harness.h"
#include "tui/term/ui.h"

struct got {
	uint32_t key[64];
	int n;
};

static void
feed(struct ui_input *in, struct got *g, const char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		g->n += ui_input_feed(in, (unsigned char)bytes[i],
		    g->key + g->n);
}

static void
idle(struct ui_input *in, struct got *g)
{
	g->n += ui_input_idle(in, g->key + g->n);
}

START_TEST(letters_and_controls)
{
	struct ui_input in = {0};
	struct got g = {0};

	feed(&in, &g, "aB \r\n\x7f\x08\t", 8);
	ck_assert_int_eq(g.n, 8);
	ck_assert_uint_eq(g.key[0], 'a');
	ck_assert_uint_eq(g.key[3], UI_KEY_ENTER);
	ck_assert_uint_eq(g.key[4], UI_KEY_ENTER);
	ck_assert_uint_eq(g.key[5], UI_KEY_BACKSPACE);
	ck_assert_uint_eq(g.key[6], UI_KEY_BACKSPACE);
	ck_assert_uint_eq(g.key[7], UI_KEY_TAB);
}
END_TEST

/* Nothing may be decided before a character's last byte, nor forgotten when
 * no byte comes for a while. */
START_TEST(utf8_split_at_every_byte)
{
	static const char text[] = "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80q";
	struct ui_input in = {0};
	struct got g = {0};
	size_t i;

	for (i = 0; i < sizeof text - 1; i++) {
		feed(&in, &g, text + i, 1);
		idle(&in, &g);
	}
	ck_assert_int_eq(g.n, 4);
	ck_assert_uint_eq(g.key[0], 0xe4);
	ck_assert_uint_eq(g.key[1], 0x20ac);
	ck_assert_uint_eq(g.key[2], 0x1f600);
	ck_assert_uint_eq(g.key[3], 'q');
}
END_TEST

START_TEST(broken_utf8_costs_only_itself)
{
	struct ui_input in = {0};
	struct got g = {0};

	feed(&in, &g, "\xe2\x82x\xff\x80y\xc2\x9bz", 9);
	ck_assert_int_eq(g.n, 3);
	ck_assert_uint_eq(g.key[0], 'x');
	ck_assert_uint_eq(g.key[1], 'y');
	/* U+009B would begin a control sequence. */
	ck_assert_uint_eq(g.key[2], 'z');
}
END_TEST

START_TEST(lone_escape_comes_at_rest)
{
	struct ui_input in = {0};
	struct got g = {0};

	feed(&in, &g, "\033", 1);
	ck_assert_int_eq(g.n, 0);
	idle(&in, &g);
	ck_assert_int_eq(g.n, 1);
	ck_assert_uint_eq(g.key[0], UI_KEY_ESC);
	idle(&in, &g);
	ck_assert_int_eq(g.n, 1);
}
END_TEST

START_TEST(escape_and_letter_in_one_packet)
{
	struct ui_input in = {0};
	struct got g = {0};

	feed(&in, &g, "\033q", 2);
	ck_assert_int_eq(g.n, 2);
	ck_assert_uint_eq(g.key[0], UI_KEY_ESC);
	ck_assert_uint_eq(g.key[1], 'q');
}
END_TEST

START_TEST(escape_and_digit_is_a_function_key)
{
	struct ui_input in = {0};
	struct got g = {0};

	feed(&in, &g, "\0331\0330", 4);
	ck_assert_int_eq(g.n, 2);
	ck_assert_uint_eq(g.key[0], UI_KEY_F1);
	ck_assert_uint_eq(g.key[1], UI_KEY_F10);
}
END_TEST

/* Letters of a paste are marked; all else of it is gone. */
static void
check_pasted(const struct got *g, int from, const char *want)
{
	int i;

	ck_assert_int_eq(g->n - from, (int)strlen(want));
	for (i = 0; want[i] != '\0'; i++)
		ck_assert_uint_eq(g->key[from + i],
		    UI_KEY_PASTED | (unsigned char)want[i]);
}

START_TEST(paste_never_submits)
{
	static const char
	    text[] = "\r\nHotel\r\nAlpenblick\t1\033[A\x07\x03q\r\n";
	struct ui_input in = {0};
	struct got g = {0};

	g.n += ui_input_feed(&in, UI_KEY_PASTE_BEGIN, g.key);
	feed(&in, &g, text, sizeof text - 1);
	g.n += ui_input_feed(&in, UI_KEY_UP, g.key + g.n);
	g.n += ui_input_feed(&in, UI_KEY_PASTE_END, g.key + g.n);
	check_pasted(&g, 0, " Hotel Alpenblick 1[Aq");
	feed(&in, &g, "\r", 1);
	ck_assert_uint_eq(g.key[g.n - 1], UI_KEY_ENTER);
}
END_TEST

/* On a slow line curses gives up waiting, and the marks come as bytes. */
START_TEST(paste_marks_in_pieces)
{
	static const char text[] = "\033[200~a\033[20x\033[201~\r";
	struct ui_input in = {0};
	struct got g = {0};
	size_t i;

	feed(&in, &g, text, 2);
	for (i = 2; i < sizeof text - 1; i++) {
		feed(&in, &g, text + i, 1);
		idle(&in, &g);
	}
	ck_assert_uint_eq(g.key[g.n - 1], UI_KEY_ENTER);
	g.n--;
	check_pasted(&g, 0, "a[20x");
}
END_TEST

START_TEST(paste_without_end_is_over_some_time)
{
	struct ui_input in = {0};
	struct got g = {0};

	g.n += ui_input_feed(&in, UI_KEY_PASTE_BEGIN, g.key);
	feed(&in, &g, "a\r", 2);
	ck_assert_int_eq(g.n, 1);
	ui_input_silence(&in);
	feed(&in, &g, "\r", 1);
	ck_assert_int_eq(g.n, 2);
	ck_assert_uint_eq(g.key[1], UI_KEY_ENTER);
}
END_TEST

/* The terminal is another one than TERM says. */
START_TEST(keys_that_curses_does_not_know)
{
	static const struct {
		const char *bytes;
		uint32_t key;
	} keys[] = {
	    {"\033[A", UI_KEY_UP},
	    {"\033OB", UI_KEY_DOWN},
	    {"\033[Z", UI_KEY_BACKTAB},
	    {"\033[5~", UI_KEY_PGUP},
	    {"\033[3~", UI_KEY_DELETE},
	    {"\033OP", UI_KEY_F1},
	    {"\033[21~", UI_KEY_F10},
	};
	size_t i;

	for (i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct ui_input in = {0};
		struct got g = {0};

		feed(&in, &g, keys[i].bytes, strlen(keys[i].bytes));
		ck_assert_int_eq(g.n, 1);
		ck_assert_uint_eq(g.key[0], keys[i].key);
		feed(&in, &g, "q", 1);
		ck_assert_uint_eq(g.key[1], 'q');
	}
}
END_TEST

/* Ctrl-Left, Alt-Up, F12, "the window has the focus", a report of the mouse:
 * none of them may go back a page or type letters. */
START_TEST(unknown_sequences_do_nothing)
{
	static const char *const bytes[] = {"\033[1;5D", "\033[1;3A",
	    "\033[24~", "\033[I", "\033[<0;10;10M", "\033[M !!", "\033[?62;1c",
	    "\033[;H", "\033Oz", "\033[99999999999999999999~", "\033[P"};
	size_t i;

	for (i = 0; i < sizeof bytes / sizeof *bytes; i++) {
		struct ui_input in = {0};
		struct got g = {0};

		feed(&in, &g, bytes[i], strlen(bytes[i]));
		idle(&in, &g);
		ck_assert_msg(g.n == 0, "%zu gives %d keys", i, g.n);
		feed(&in, &g, "q", 1);
		ck_assert_int_eq(g.n, 1);
		ck_assert_uint_eq(g.key[0], 'q');
	}
}
END_TEST

START_TEST(sequence_cut_off_by_a_key)
{
	struct ui_input in = {0};
	struct got g = {0};

	feed(&in, &g, "\033[1\r", 4);
	ck_assert_int_eq(g.n, 1);
	ck_assert_uint_eq(g.key[0], UI_KEY_ENTER);
	feed(&in, &g, "\033O", 2);
	idle(&in, &g);
	ck_assert_int_eq(g.n, 3);
	ck_assert_uint_eq(g.key[1], UI_KEY_ESC);
	ck_assert_uint_eq(g.key[2], 'O');
	feed(&in, &g, "\033[", 2);
	feed(&in, &g, "\033", 1);
	idle(&in, &g);
	ck_assert_int_eq(g.n, 4);
	ck_assert_uint_eq(g.key[3], UI_KEY_ESC);
}
END_TEST

/* Whatever comes, no code leads to more keys than there is room for. */
START_TEST(any_bytes_fit)
{
	static const char likely[] = "\033[O201~;A \r\xc3\xa4q";
	struct ui_input in = {0};
	uint32_t keys[UI_INPUT_MAX], seed = 1, code;
	int i, n;

	for (i = 0; i < 2000000; i++) {
		seed = seed * 1103515245u + 12345u;
		code = (seed >> 16) % 9 == 0 ?
		    (seed >> 8) & 0xff :
		    (seed >> 16) % 40 == 1 ?
		    UI_KEY_PASTE_BEGIN :
		    (unsigned char)likely[(seed >> 20) % (sizeof likely - 1)];
		n = ui_input_feed(&in, code, keys);
		ck_assert_int_le(n, UI_INPUT_MAX);
		if ((seed >> 12) % 50 == 0)
			ck_assert_int_le(ui_input_idle(&in, keys),
			    UI_INPUT_MAX);
		ck_assert(in.npending < 4);
	}
}
END_TEST

HARNESS("ui input", letters_and_controls, utf8_split_at_every_byte,
    broken_utf8_costs_only_itself, lone_escape_comes_at_rest,
    escape_and_letter_in_one_packet, escape_and_digit_is_a_function_key,
    paste_never_submits, paste_marks_in_pieces,
    paste_without_end_is_over_some_time, keys_that_curses_does_not_know,
    unknown_sequences_do_nothing, sequence_cut_off_by_a_key, any_bytes_fit)
