/* SPDX-License-Identifier: MIT */
/* What is typed arrives as meant, however a slow line cuts it up. */
#include <string.h>

#include "tests/unit/harness.h"
#include "tui/ui.h"

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

START_TEST(paste_never_submits)
{
	static const char text[] = "\r\nHotel\r\nAlpenblick\t1\033[A\x07\r\n";
	static const char want[] = "Hotel Alpenblick 1[A";
	struct ui_input in = {0};
	struct got g = {0};
	size_t i, from = 0;

	g.n += ui_input_feed(&in, UI_KEY_PASTE_BEGIN, g.key);
	feed(&in, &g, text, sizeof text - 1);
	g.n += ui_input_feed(&in, UI_KEY_UP, g.key + g.n);
	g.n += ui_input_feed(&in, UI_KEY_PASTE_END, g.key + g.n);
	if (g.key[0] == ' ')
		from = 1;
	ck_assert_int_eq(g.n, (int)(sizeof want - 1 + from));
	for (i = 0; i < sizeof want - 1; i++)
		ck_assert_uint_eq(g.key[from + i], (unsigned char)want[i]);
	feed(&in, &g, "\r", 1);
	ck_assert_uint_eq(g.key[g.n - 1], UI_KEY_ENTER);
}
END_TEST

HARNESS("ui input", letters_and_controls, utf8_split_at_every_byte,
    broken_utf8_costs_only_itself, lone_escape_comes_at_rest,
    escape_and_letter_in_one_packet, escape_and_digit_is_a_function_key,
    paste_never_submits)
