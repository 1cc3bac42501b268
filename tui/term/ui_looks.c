/* SPDX-License-Identifier: MIT */
/* Owns the themes. No meaning rests on a look alone: a word or a sign always
 * says it too. */
#include "tui/term/ui_looks.h"

#include <string.h>

#include "core/base/i18n.h"
#include "tui/term/ui.h"

static const struct ui_look in_colours[ROLE_COUNT] = {
    [ROLE_TITLE] = {LOOK_OWN, LOOK_BOLD},
    [ROLE_GOOD] = {LOOK_GREEN, 0},
    [ROLE_WARN] = {LOOK_MAGENTA, 0},
    [ROLE_BAD] = {LOOK_RED, LOOK_BOLD},
    [ROLE_FOCUS] = {LOOK_OWN, LOOK_REVERSE},
    [ROLE_FIELD] = {LOOK_OWN, LOOK_UNDERLINE},
    [ROLE_KEY] = {LOOK_OWN, LOOK_BOLD},
};

/* The sun leaves nothing of a shade: full contrast, heavy or not, and what
 * failed stands out as a block. */
static const struct ui_look outdoors[ROLE_COUNT] = {
    [ROLE_TITLE] = {LOOK_OWN, LOOK_BOLD},
    [ROLE_WARN] = {LOOK_OWN, LOOK_BOLD | LOOK_UNDERLINE},
    [ROLE_BAD] = {LOOK_OWN, LOOK_BOLD | LOOK_REVERSE},
    [ROLE_FOCUS] = {LOOK_OWN, LOOK_REVERSE},
    [ROLE_FIELD] = {LOOK_OWN, LOOK_UNDERLINE},
    [ROLE_KEY] = {LOOK_OWN, LOOK_BOLD},
};

static const struct ui_look without_colours[ROLE_COUNT] = {
    [ROLE_TITLE] = {LOOK_OWN, LOOK_BOLD},
    [ROLE_WARN] = {LOOK_OWN, LOOK_BOLD},
    [ROLE_BAD] = {LOOK_OWN, LOOK_BOLD},
    [ROLE_FOCUS] = {LOOK_OWN, LOOK_REVERSE},
    [ROLE_FIELD] = {LOOK_OWN, LOOK_UNDERLINE},
    [ROLE_KEY] = {LOOK_OWN, LOOK_BOLD},
};

const struct ui_theme ui_themes[] = {
    {"default", N_("In colours"),
	N_("The colours of your terminal, light or dark.")},
    {"outdoor", N_("Outdoors"),
	N_("No shades, so that it can be read in sunlight; what failed stands "
	   "out as a block.")},
    {"mono", N_("No colours"),
	N_("Only bold, underlined and inverted letters.")},
};
const int ui_theme_count = sizeof ui_themes / sizeof *ui_themes;

bool
ui_is_theme(const char *word)
{
	int i;

	for (i = 0; word != NULL && i < ui_theme_count; i++) {
		if (strcmp(ui_themes[i].word, word) == 0)
			return true;
	}
	return false;
}

const struct ui_look *
ui_looks(const char *theme, bool colours)
{
	if (theme != NULL && strcmp(theme, "outdoor") == 0)
		return outdoors;
	if (!colours || (theme != NULL && strcmp(theme, "mono") == 0))
		return without_colours;
	return in_colours;
}
