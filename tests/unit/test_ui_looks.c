/* SPDX-License-Identifier: MIT */
/* Each theme keeps apart what must be, on light and on dark terminals. */
#include <string.h>

#include "tests/unit/harness.h"
#include "tui/term/ui.h"
#include "tui/term/ui_looks.h"

static bool
looks_equal(const struct ui_look *a, const struct ui_look *b)
{
	return a->colour == b->colour && a->attributes == b->attributes;
}

START_TEST(default_is_first_and_words_differ)
{
	int i, k;

	ck_assert_str_eq(ui_themes[0].word, "default");
	for (i = 0; i < ui_theme_count; i++) {
		ck_assert(ui_is_theme(ui_themes[i].word));
		ck_assert(strlen(ui_themes[i].word) < 32);
		for (k = 0; k < i; k++)
			ck_assert_str_ne(ui_themes[i].word, ui_themes[k].word);
	}
	ck_assert(!ui_is_theme(""));
	ck_assert(!ui_is_theme(NULL));
	ck_assert(!ui_is_theme("Default"));
	ck_assert_ptr_eq(ui_looks("of a newer program", true),
	    ui_looks("default", true));
	ck_assert_ptr_eq(ui_looks(NULL, true), ui_looks("default", true));
}
END_TEST

/* Black, white and yellow vanish on one kind of terminal or the other, and
 * blue is hard to read on black. */
START_TEST(no_colour_vanishes)
{
	int i, role;

	for (i = 0; i < ui_theme_count; i++) {
		const struct ui_look *l = ui_looks(ui_themes[i].word, true);

		for (role = 0; role < ROLE_COUNT; role++)
			ck_assert(l[role].colour == 0 || l[role].colour == 1 ||
			    l[role].colour == 2 || l[role].colour == 5);
		ck_assert_int_eq(l[ROLE_NORMAL].colour, 0);
		ck_assert_uint_eq(l[ROLE_NORMAL].attributes, 0);
	}
}
END_TEST

START_TEST(only_the_default_has_colours)
{
	int i, role;

	for (i = 0; i < ui_theme_count; i++) {
		const struct ui_look *with = ui_looks(ui_themes[i].word, true);
		const struct ui_look *without = ui_looks(ui_themes[i].word,
		    false);

		for (role = 0; role < ROLE_COUNT; role++) {
			ck_assert_int_eq(without[role].colour, 0);
			if (i > 0)
				ck_assert_int_eq(with[role].colour, 0);
		}
	}
}
END_TEST

/* With or without colours one sees where one is, what can be typed into, and
 * what is wrong. */
START_TEST(roles_stand_apart)
{
	static const enum role apart[] = {ROLE_FOCUS, ROLE_FIELD, ROLE_BAD};
	size_t k, m;
	int i, colours;

	for (i = 0; i < ui_theme_count * 2; i++) {
		const struct ui_look *l;

		colours = i % 2;
		l = ui_looks(ui_themes[i / 2].word, colours == 1);
		for (k = 0; k < sizeof apart / sizeof *apart; k++) {
			ck_assert(!looks_equal(&l[apart[k]], &l[ROLE_NORMAL]));
			for (m = 0; m < k; m++)
				ck_assert(
				    !looks_equal(&l[apart[k]], &l[apart[m]]));
		}
		ck_assert(l[ROLE_FOCUS].attributes & LOOK_REVERSE);
	}
	ck_assert(
	    ui_looks("outdoor", true)[ROLE_BAD].attributes & LOOK_REVERSE);
}
END_TEST

HARNESS("ui looks", default_is_first_and_words_differ, no_colour_vanishes,
    only_the_default_has_colours, roles_stand_apart)
