/* SPDX-License-Identifier: MIT */
/* Owns the question which language the texts are in. The state of it is
 * gettext's own: the environment and the locale. */
#include "core/base/i18n.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
i18n_language(char out[I18N_LANGUAGE_SIZE])
{
	static const char name[] = "\nLanguage: ";
	/* The text for "" is the head of the catalogue; without one, "". */
	const char *head = strstr(dgettext(I18N_DOMAIN, ""), name);
	size_t len = 0;

	if (head != NULL) {
		head += sizeof name - 1;
		len = strcspn(head, "\n");
	}
	if (len == 0 || len >= I18N_LANGUAGE_SIZE) {
		head = "en";
		len = 2;
	}
	memcpy(out, head, len);
	out[len] = '\0';
}

/* "de" or "pt_BR": nothing that could lead to a file elsewhere. */
static bool
is_language(const char *s)
{
	size_t i;

	for (i = 0; s[i] != '\0'; i++) {
		bool letter = (s[i] >= 'a' && s[i] <= 'z') ||
		    (s[i] >= 'A' && s[i] <= 'Z');

		if (!letter && (s[i] != '_' || i == 0))
			return false;
	}
	return i >= 2 && i < I18N_LANGUAGE_SIZE;
}

/* gettext looks anew only when the locale is set, or the domain. */
static void
look_anew(const char *locale)
{
	setlocale(LC_MESSAGES, locale);
	textdomain(textdomain(NULL));
}

void
i18n_speak(const char *language)
{
	char now[I18N_LIST_SIZE];
	const char *locale = setlocale(LC_MESSAGES, NULL);

	snprintf(now, sizeof now, "%s", locale == NULL ? "C" : locale);
	setenv("LANGUAGE", language, 1);
	/* gettext looks at LANGUAGE, but not while the locale is "C". */
	if (strcmp(now, "C") == 0 || strcmp(now, "POSIX") == 0)
		look_anew("C.UTF-8");
	else
		look_anew(now);
}

void
i18n_push(struct i18n_before *b, const char *language)
{
	char now[I18N_LANGUAGE_SIZE];
	const char *list = getenv("LANGUAGE");
	const char *locale = setlocale(LC_MESSAGES, NULL);

	memset(b, 0, sizeof *b);
	i18n_language(now);
	if (language == NULL || !is_language(language) ||
	    strcmp(language, now) == 0 || locale == NULL ||
	    strlen(locale) >= sizeof b->locale ||
	    (list != NULL && strlen(list) >= sizeof b->list))
		return;
	b->changed = true;
	b->had_list = list != NULL;
	snprintf(b->list, sizeof b->list, "%s", list == NULL ? "" : list);
	snprintf(b->locale, sizeof b->locale, "%s", locale);
	i18n_speak(language);
}

void
i18n_pop(const struct i18n_before *b)
{
	if (!b->changed)
		return;
	if (b->had_list)
		setenv("LANGUAGE", b->list, 1);
	else
		unsetenv("LANGUAGE");
	look_anew(b->locale);
}
