/* SPDX-License-Identifier: MIT */
/* Owns the file of settings and the language of all texts. */
#include "tui/work/settings.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"

#define FILE_MAX 65536

const struct settings_language settings_languages[] = {
    {"en", "English"},
    {"de", "Deutsch"},
};
const int settings_language_count = sizeof settings_languages /
    sizeof *settings_languages;

static bool
is_of_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool
is_word(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (!is_of_word(s[i]))
			return false;
	}
	return len > 0;
}

static bool
is_list(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (!is_of_word(s[i]) && s[i] != ',')
			return false;
	}
	return len > 0;
}

static bool
is_key(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			return false;
	}
	return len > 0 && (s[0] == '/' || is_word(s, len));
}

static const struct {
	const char *name;
	size_t offset, size;
	/* Anything else was not written by this program. */
	bool (*is_value)(const char *s, size_t len);
} settings_table[] = {
    {"language", offsetof(struct settings, language), SETTING_MAX, is_word},
    {"theme", offsetof(struct settings, theme), SETTING_MAX, is_word},
    {"signs", offsetof(struct settings, signs), SETTING_MAX, is_word},
    {"paper", offsetof(struct settings, paper), SETTING_MAX, is_word},
    {"firewalls", offsetof(struct settings, firewalls), SETTING_LONG, is_list},
    {"key", offsetof(struct settings, key), SETTING_LONG, is_key},
};
#define NSETTINGS (sizeof settings_table / sizeof *settings_table)

static const char *
value_of(const struct settings *s, size_t i)
{
	return (const char *)s + settings_table[i].offset;
}

/* Which setting a line "name=value" gives, or NSETTINGS. */
static size_t
setting_of(const char *line, size_t len)
{
	const char *equals = memchr(line, '=', len);
	size_t i, name = equals == NULL ? 0 : (size_t)(equals - line);

	for (i = 0; i < NSETTINGS; i++) {
		if (name == strlen(settings_table[i].name) && name > 0 &&
		    memcmp(line, settings_table[i].name, name) == 0)
			break;
	}
	return i;
}

static void
read_line(struct settings *s, const char *line, size_t len)
{
	size_t i = setting_of(line, len);
	const char *value;

	if (i == NSETTINGS)
		return;
	value = line + strlen(settings_table[i].name) + 1;
	len -= (size_t)(value - line);
	if (len >= settings_table[i].size ||
	    !settings_table[i].is_value(value, len))
		return;
	memcpy((char *)s + settings_table[i].offset, value, len);
	((char *)s + settings_table[i].offset)[len] = '\0';
}

static char *
settings_path(struct arena *a)
{
	const char *dir = file_config_dir(a);

	return dir == NULL ? NULL : arena_printf(a, "%s/settings", dir);
}

static bool
next_line(const char **p, const char *end, const char **line, size_t *len)
{
	const char *newline;

	if (*p >= end)
		return false;
	newline = memchr(*p, '\n', (size_t)(end - *p));
	*line = *p;
	*len = (size_t)((newline == NULL ? end : newline) - *p);
	*p += *len + 1;
	return true;
}

void
settings_load(struct settings *s)
{
	struct arena *a = arena_new();
	const char *path = settings_path(a), *p, *line;
	struct error err;
	struct buf text;
	size_t len;

	memset(s, 0, sizeof *s);
	buf_init(&text, FILE_MAX);
	if (path != NULL && file_read(path, FILE_MAX, &text, &err) == 0) {
		s->found = true;
		p = buf_str(&text);
		while (next_line(&p, buf_str(&text) + text.len, &line, &len))
			read_line(s, line, len);
	}
	buf_free(&text);
	arena_free(a);
}

/* What this program does not know stays as it was. */
static void
keep_foreign(struct buf *out, const char *path)
{
	const char *p, *line;
	struct error err;
	struct buf old;
	size_t len;

	buf_init(&old, FILE_MAX);
	if (file_read(path, FILE_MAX, &old, &err) == 0) {
		p = buf_str(&old);
		while (next_line(&p, buf_str(&old) + old.len, &line, &len)) {
			if (len == 0 || setting_of(line, len) != NSETTINGS)
				continue;
			buf_add(out, line, len);
			buf_addc(out, '\n');
		}
	}
	buf_free(&old);
}

int
settings_save(const struct settings *s, struct error *err)
{
	struct arena *a = arena_new();
	const char *dir = file_config_dir(a), *path = settings_path(a);
	struct buf out;
	int rc = -1;
	size_t i;

	buf_init(&out, 2 * FILE_MAX);
	if (path == NULL) {
		error_set(err, ERR_SYSTEM,
		    _("There is no place to keep settings, since neither HOME "
		      "nor XDG_CONFIG_HOME is set."));
	} else if (file_make_dirs(dir, err) == 0) {
		for (i = 0; i < NSETTINGS; i++) {
			const char *value = value_of(s, i);

			if (settings_table[i].is_value(value, strlen(value)))
				buf_addf(&out, "%s=%s\n",
				    settings_table[i].name, value);
		}
		keep_foreign(&out, path);
		rc = file_write_atomic(path, buf_str(&out), out.len, err);
	}
	buf_free(&out);
	arena_free(a);
	return rc;
}

const char *
settings_known(const char *code)
{
	int i;

	for (i = 0; code != NULL && i < settings_language_count; i++) {
		if (strcmp(settings_languages[i].code, code) == 0)
			return settings_languages[i].code;
	}
	return NULL;
}

/* "de_AT.UTF-8" is German. */
static const char *
known_by_locale(const char *name, size_t len)
{
	size_t i, n = 0;

	while (n < len && name[n] != '_' && name[n] != '.' && name[n] != '@')
		n++;
	for (i = 0; i < (size_t)settings_language_count; i++) {
		const char *code = settings_languages[i].code;

		if (strlen(code) == n && memcmp(code, name, n) == 0)
			return code;
	}
	return NULL;
}

static const char *
system_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *value;
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		value = getenv(names[i]);
		if (value != NULL && *value != '\0')
			return value;
	}
	return "C";
}

const char *
settings_of_system(void)
{
	const char *locale = system_locale(), *list = getenv("LANGUAGE");
	const char *code = NULL;
	size_t len;

	/* As gettext does it: a list, in the order of liking. */
	while (strcmp(locale, "C") != 0 && strcmp(locale, "POSIX") != 0 &&
	    list != NULL && *list != '\0' && code == NULL) {
		len = strcspn(list, ":");
		code = known_by_locale(list, len);
		list += len + (list[len] == ':');
	}
	if (code == NULL)
		code = known_by_locale(locale, strlen(locale));
	return code != NULL ? code : "en";
}

void
settings_speak(const char *language)
{
	if (*language != '\0')
		i18n_speak(language);
}
