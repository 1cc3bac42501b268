/* SPDX-License-Identifier: MIT */
/* What a person chose once: kept, found again, and really spoken, whatever
 * locales the machine has. */
#include <dirent.h>
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "tests/unit/harness.h"
#include "tui/work/settings.h"

#define GREETING "Choose"

struct place {
	char dir[64];
	char file[128];
};

static void
setup(struct place *p)
{
	snprintf(p->dir, sizeof p->dir, "/tmp/sitewalk-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(p->dir));
	snprintf(p->file, sizeof p->file, "%s/sitewalk/settings", p->dir);
	setenv("XDG_CONFIG_HOME", p->dir, 1);
}

static void
teardown(struct place *p)
{
	if (fork() == 0) {
		execlp("rm", "rm", "-rf", "--", p->dir, (char *)NULL);
		_exit(1);
	}
}

static void
write_file(const char *path, const void *data, size_t len)
{
	struct error err = {0};

	ck_assert_msg(file_write_atomic(path, data, len, &err) == 0, "%s",
	    err.what);
}

static void
write_settings(const struct place *p, const char *text)
{
	char dir[80];

	snprintf(dir, sizeof dir, "%s/sitewalk", p->dir);
	mkdir(dir, 0700);
	write_file(p->file, text, strlen(text));
}

START_TEST(what_was_chosen_is_found_again)
{
	struct settings s, again;
	struct error err = {0};
	struct place p;

	setup(&p);
	settings_load(&s);
	ck_assert(!s.found);
	ck_assert_str_eq(s.language, "");
	snprintf(s.language, sizeof s.language, "de");
	snprintf(s.theme, sizeof s.theme, "outdoor");
	ck_assert_msg(settings_save(&s, &err) == 0, "%s", err.what);
	settings_load(&again);
	ck_assert(again.found);
	ck_assert_str_eq(again.language, "de");
	ck_assert_str_eq(again.theme, "outdoor");
	ck_assert_str_eq(again.signs, "");
	teardown(&p);
}
END_TEST

START_TEST(a_path_is_kept_and_gives_no_other_line)
{
	struct settings s, again;
	struct error err = {0};
	struct place p;

	setup(&p);
	settings_load(&s);
	snprintf(s.key, sizeof s.key, "/home/Jörg B/.ssh/id=1");
	snprintf(s.firewalls, sizeof s.firewalls, "fortios,panos");
	snprintf(s.paper, sizeof s.paper, "letter");
	ck_assert_msg(settings_save(&s, &err) == 0, "%s", err.what);
	settings_load(&again);
	ck_assert_str_eq(again.key, "/home/Jörg B/.ssh/id=1");
	ck_assert_str_eq(again.firewalls, "fortios,panos");
	ck_assert_str_eq(again.paper, "letter");
	snprintf(s.key, sizeof s.key, "/x\nlanguage=de");
	ck_assert_msg(settings_save(&s, &err) == 0, "%s", err.what);
	settings_load(&again);
	ck_assert_str_eq(again.key, "");
	ck_assert_str_eq(again.language, "");
	ck_assert_str_eq(again.paper, "letter");
	teardown(&p);
}
END_TEST

START_TEST(lines_of_a_newer_program_are_kept)
{
	struct settings s;
	struct error err = {0};
	struct buf text;
	struct place p;

	setup(&p);
	write_settings(&p, "sound=off\nlanguage=de\nlanguages=en\n");
	settings_load(&s);
	ck_assert_str_eq(s.language, "de");
	snprintf(s.language, sizeof s.language, "en");
	ck_assert_int_eq(settings_save(&s, &err), 0);
	buf_init(&text, 4096);
	ck_assert_int_eq(file_read(p.file, 4096, &text, &err), 0);
	ck_assert_str_eq(buf_str(&text),
	    "language=en\nsound=off\nlanguages=en\n");
	buf_free(&text);
	teardown(&p);
}
END_TEST

START_TEST(what_was_not_written_by_us_counts_as_not_chosen)
{
	static const char *const bad[] = {"language=../../etc\n",
	    "language=\033[31mde\n", "language=\n", "language", "=de\n",
	    "language=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
	    "xlanguage=de\n", " language=de\n"};
	struct settings s;
	struct place p;
	size_t i;

	setup(&p);
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		write_settings(&p, bad[i]);
		settings_load(&s);
		ck_assert(s.found);
		ck_assert_str_eq(s.language, "");
	}
	/* a value without an end of line, and one as long as it may be */
	write_settings(&p, "theme=mono\nlanguage=de");
	settings_load(&s);
	ck_assert_str_eq(s.language, "de");
	ck_assert_str_eq(s.theme, "mono");
	teardown(&p);
}
END_TEST

START_TEST(without_a_place_it_says_so)
{
	struct settings s = {0};
	struct error err = {0};

	unsetenv("HOME");
	unsetenv("XDG_CONFIG_HOME");
	settings_load(&s);
	ck_assert(!s.found);
	ck_assert_int_eq(settings_save(&s, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.what, "XDG_CONFIG_HOME"));
}
END_TEST

/* One language, and one catalogue in locale/, for each other. */
START_TEST(every_catalogue_can_be_chosen)
{
	DIR *dir = opendir("locale");
	struct dirent *entry;
	int i, ncatalogues = 0;
	char path[80], code[32];

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (len < 4 || strcmp(entry->d_name + len - 3, ".po") != 0 ||
		    strncmp(entry->d_name, "packs-", 6) == 0)
			continue;
		snprintf(code, sizeof code, "%.*s", (int)(len - 3),
		    entry->d_name);
		ck_assert_msg(settings_known(code) != NULL,
		    "%s has no row in settings_languages", entry->d_name);
		ncatalogues++;
	}
	closedir(dir);
	/* English needs none. */
	ck_assert_int_eq(ncatalogues, settings_language_count - 1);
	ck_assert_str_eq(settings_languages[0].code, "en");
	for (i = 1; i < settings_language_count; i++) {
		snprintf(path, sizeof path, "locale/packs-%s.po",
		    settings_languages[i].code);
		ck_assert_msg(access(path, R_OK) == 0, "no %s", path);
	}
}
END_TEST

START_TEST(the_system_is_asked_in_its_own_order)
{
	static const struct {
		const char *lc_all, *lc_messages, *lang, *language, *code;
	} cases[] = {
	    {"", "", "", "", "en"},
	    {"", "", "de_DE.UTF-8", "", "de"},
	    {"", "", "de", "", "de"},
	    {"", "", "de_AT@euro", "", "de"},
	    {"", "", "den_XX", "", "en"},
	    {"", "de_CH.UTF-8", "en_US.UTF-8", "", "de"},
	    {"en_GB.UTF-8", "de_CH.UTF-8", "de_CH.UTF-8", "", "en"},
	    {"C", "", "de_DE.UTF-8", "", "en"},
	    {"", "", "fr_FR.UTF-8", "", "en"},
	    {"", "", "fr_FR.UTF-8", "it:de:en", "de"},
	    {"", "", "de_DE.UTF-8", "en:de", "en"},
	    /* the C locale has no language */
	    {"C", "", "", "de", "en"},
	    {"C.UTF-8", "", "", "de", "de"},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		setenv("LC_ALL", cases[i].lc_all, 1);
		setenv("LC_MESSAGES", cases[i].lc_messages, 1);
		setenv("LANG", cases[i].lang, 1);
		setenv("LANGUAGE", cases[i].language, 1);
		ck_assert_msg(strcmp(settings_of_system(), cases[i].code) == 0,
		    "case %zu gives %s", i, settings_of_system());
	}
}
END_TEST

/* A catalogue with a header and one text (GNU gettext manual, "The Format of
 * GNU MO Files"). */
static void
write_catalogue(const char *dir, const char *language, const char *text)
{
	char header[96];
	const char *const string[] = {"", GREETING, header, text};
	struct {
		uint32_t magic, revision, count, originals, translations,
		    hash_size, hash;
		uint32_t place[4][2];
	} head = {0x950412de, 0, 2, 28, 44, 0, 60, {{0}}};
	char path[160];
	struct buf out;
	uint32_t at = sizeof head;
	size_t i;

	snprintf(header, sizeof header,
	    "Content-Type: text/plain; charset=UTF-8\nLanguage: %s\n",
	    language);
	for (i = 0; i < 4; i++) {
		head.place[i][0] = (uint32_t)strlen(string[i]);
		head.place[i][1] = at;
		at += head.place[i][0] + 1;
	}
	buf_init(&out, 4096);
	buf_add(&out, &head, sizeof head);
	for (i = 0; i < 4; i++)
		buf_add(&out, string[i], strlen(string[i]) + 1);
	snprintf(path, sizeof path, "%s/%s", dir, language);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/%s/LC_MESSAGES", dir, language);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/%s/LC_MESSAGES/sitewalk.mo", dir,
	    language);
	write_file(path, out.data, out.len);
	buf_free(&out);
}

static void
speaks_in(const char *locale)
{
	struct place p;

	setup(&p);
	write_catalogue(p.dir, "de", "Wählen");
	unsetenv("LANGUAGE");
	setenv("LC_ALL", locale, 1);
	setlocale(LC_ALL, "");
	bindtextdomain(I18N_DOMAIN, p.dir);
	bind_textdomain_codeset(I18N_DOMAIN, "UTF-8");
	ck_assert_str_eq(_(GREETING), "Choose");
	settings_speak("");
	ck_assert_str_eq(_(GREETING), "Choose");
	settings_speak("de");
	ck_assert_str_eq(_(GREETING), "Wählen");
	settings_speak("en");
	ck_assert_str_eq(_(GREETING), "Choose");
	settings_speak("de");
	ck_assert_str_eq(_(GREETING), "Wählen");
	teardown(&p);
}

START_TEST(speaks_where_the_locale_is_c)
{
	speaks_in("C");
}
END_TEST

START_TEST(speaks_where_the_locale_is_c_utf8)
{
	speaks_in("C.UTF-8");
}
END_TEST

START_TEST(speaks_where_the_locale_is_not_installed)
{
	speaks_in("xx_YY.UTF-8");
}
END_TEST

/* The papers speak another language for a while. */
START_TEST(a_language_is_pushed_and_popped)
{
	static const char *const locales[] = {"C", "C.UTF-8"};
	struct i18n_before one, two;
	struct place p;
	size_t i;

	setup(&p);
	write_catalogue(p.dir, "de", "Wählen");
	for (i = 0; i < sizeof locales / sizeof *locales; i++) {
		unsetenv("LANGUAGE");
		setenv("LC_ALL", locales[i], 1);
		setlocale(LC_ALL, "");
		bindtextdomain(I18N_DOMAIN, p.dir);
		bind_textdomain_codeset(I18N_DOMAIN, "UTF-8");
		i18n_push(&one, "de");
		ck_assert(one.changed);
		ck_assert_str_eq(_(GREETING), "Wählen");
		i18n_push(&two, "en");
		ck_assert_str_eq(_(GREETING), "Choose");
		i18n_pop(&two);
		ck_assert_str_eq(_(GREETING), "Wählen");
		i18n_pop(&one);
		ck_assert_str_eq(_(GREETING), "Choose");
		ck_assert_ptr_null(getenv("LANGUAGE"));
		ck_assert_str_eq(setlocale(LC_MESSAGES, NULL), locales[i]);
	}
	teardown(&p);
}
END_TEST

START_TEST(only_names_of_languages_are_pushed)
{
	static const char *const names[] = {"", "d", "../de", "de:en", "de/..",
	    "_de", "de\n", "a_language_that_is_too_long"};
	struct i18n_before before;
	struct place p;
	size_t i;

	setup(&p);
	setenv("LANGUAGE", "xx", 1);
	for (i = 0; i < sizeof names / sizeof *names; i++) {
		i18n_push(&before, names[i]);
		ck_assert(!before.changed);
		ck_assert_str_eq(getenv("LANGUAGE"), "xx");
		i18n_pop(&before);
	}
	i18n_push(&before, NULL);
	ck_assert(!before.changed);
	teardown(&p);
}
END_TEST

HARNESS("settings", what_was_chosen_is_found_again,
    a_path_is_kept_and_gives_no_other_line, lines_of_a_newer_program_are_kept,
    what_was_not_written_by_us_counts_as_not_chosen, without_a_place_it_says_so,
    every_catalogue_can_be_chosen, the_system_is_asked_in_its_own_order,
    speaks_where_the_locale_is_c, speaks_where_the_locale_is_c_utf8,
    speaks_where_the_locale_is_not_installed, a_language_is_pushed_and_popped,
    only_names_of_languages_are_pushed)
