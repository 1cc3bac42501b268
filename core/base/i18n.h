/* SPDX-License-Identifier: MIT */
/* Words for people. Every sentence that a user sees is marked with _() where
 * it is used, or with N_() in a const table and _() where it is shown.
 * Sentences that come from packs go through pack_text(). */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>
#include <stdbool.h>

#define I18N_DOMAIN "sitewalk"

#define _(s)		dgettext(I18N_DOMAIN, s)
#define N_(s)		s
#define P_(one, many, n) dngettext(I18N_DOMAIN, one, many, n)

#define I18N_LANGUAGE_SIZE 16
#define I18N_LIST_SIZE 128
/* "de": that of the catalogue in use; "en" without one. */
void	 i18n_language(char out[I18N_LANGUAGE_SIZE]);

/* From here to i18n_pop() all texts are in this language ("de"), in English
 * where there is no catalogue for it; "" and what is no name of a language
 * change nothing. For the thread that asks gettext; not while others do. */
struct i18n_before {
	bool	 changed;
	bool	 had_list;
	char	 list[I18N_LIST_SIZE];	/* LANGUAGE */
	char	 locale[I18N_LIST_SIZE];
};
void	 i18n_push(struct i18n_before *b, const char *language);
void	 i18n_pop(const struct i18n_before *b);
/* For good. */
void	 i18n_speak(const char *language);

#endif
