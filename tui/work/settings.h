/* SPDX-License-Identifier: MIT */
/* What a person chose once for all sites: language, looks, papers. Kept in
 * $XDG_CONFIG_HOME/sitewalk/settings, one "name=value" a line; unknown lines
 * are kept, so that an older program loses nothing of a newer one. */
#ifndef TUI_SETTINGS_H
#define TUI_SETTINGS_H

#include <stdbool.h>

#include "core/base/error.h"

#define SETTING_MAX 32	/* bytes of a value, with its end */
#define SETTING_LONG 1200	/* of a path, or a list */

struct settings {
	bool	 found;			/* the file was there */
	char	 language[SETTING_MAX];	/* "de"; "" = as the system says */
	char	 theme[SETTING_MAX];	/* a word of ui_theme(); "" = default */
	char	 signs[SETTING_MAX];	/* "ascii", "utf8"; "" = by locale */
	char	 paper[SETTING_MAX];	/* "a4", "letter"; "" = by locale */
	/* Whose rules are written for a site of which nothing else was said:
	 * names of formats, "fortios,panos". */
	char	 firewalls[SETTING_LONG];
	/* Who signs: "none", "agent", or the whole path of a key's file,
	 * never the key itself; "" = never chosen. */
	char	 key[SETTING_LONG];
};

/* What cannot be read counts as not chosen. */
void	 settings_load(struct settings *s);
/* Atomically; -1 with err. */
int	 settings_save(const struct settings *s, struct error *err) MUST_CHECK;
/* From here on every text is in this language: one of settings_languages, or
 * "" to leave it as it is. For the faces only: the commands speak the language
 * of the system whatever was chosen here, since what they print is read by
 * scripts and by others, and must follow from their surroundings alone. */
void	 settings_speak(const char *language);

struct settings_language {
	const char *code;	/* "de" */
	const char *name;	/* in itself: "Deutsch" */
};
/* Those that the program has texts in, English first. */
extern const struct settings_language settings_languages[];
extern const int settings_language_count;
/* The language's code as it stands in the table; NULL: none of them. */
const char *settings_known(const char *code);
/* What the system asks for, as far as there is such a language; else "en".
 * Reads the environment, so that it counts even where the locale is not
 * installed. Not after settings_speak(). */
const char *settings_of_system(void);

#endif
