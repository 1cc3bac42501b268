/* SPDX-License-Identifier: MIT */
/* Owns the start of the program: languages, signals, which command. */
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/export.h"
#include "tui/commands/findings.h"
#include "tui/commands/help.h"
#include "tui/commands/options.h"
#include "tui/screen/face.h"
#include "tui/term/ui.h"
#include "tui/work/say.h"
#include "tui/work/settings.h"
#include "tui/commands/suggest.h"

#define PACKS_DOMAIN "sitewalk-packs"
#define HELP_MAX 65536

#ifndef SITEWALK_VERSION
#define SITEWALK_VERSION "0"
#endif
#ifndef SITEWALK_LOCALEDIR
#define SITEWALK_LOCALEDIR "/usr/local/share/locale"
#endif

/* A site file must never become standard output by getting its number. */
static void
fill_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_NOCTTY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* The catalogues beside a program that was built and not installed, else the
 * installed ones. */
static void
bind_languages(void)
{
	char path[PATH_MAX], dir[PATH_MAX + 16];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	snprintf(dir, sizeof dir, "%s", SITEWALK_LOCALEDIR);
	if (n > 0) {
		path[n] = '\0';
		snprintf(dir, sizeof dir, "%s/locale", dirname(path));
		if (access(dir, R_OK | X_OK) != 0)
			snprintf(dir, sizeof dir, "%s", SITEWALK_LOCALEDIR);
	}
	setlocale(LC_ALL, "");
	bindtextdomain(I18N_DOMAIN, dir);
	bind_textdomain_codeset(I18N_DOMAIN, "UTF-8");
	bindtextdomain(PACKS_DOMAIN, dir);
	bind_textdomain_codeset(PACKS_DOMAIN, "UTF-8");
}

static int
print_help(const struct command *c)
{
	struct buf out;

	buf_init(&out, HELP_MAX);
	if (c == NULL)
		help_overview(&out);
	else
		help_command(&out, c);
	return say_result(&out, NULL);
}

static int
print_version(void)
{
	struct buf out;

	buf_init(&out, HELP_MAX);
	buf_adds(&out, "sitewalk " SITEWALK_VERSION "\n");
	return say_result(&out, NULL);
}

static int
no_terminal(void)
{
	say(_("The wizard needs a terminal of its own, and there is none."));
	say(_("To work without one: \"sitewalk new FILE --answers ANSWERS\" "
	      "makes a site file, \"sitewalk check FILE\" checks it, "
	      "\"sitewalk export FILE FOLDER\" writes the papers, and "
	      "\"sitewalk help\" tells about the rest."));
	return EXIT_USAGE;
}

static bool
has_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* Asked for by the environment, as other programs do it. */
static bool
is_accessible(void)
{
	static const char *const off[] = {"", "0", "false", "no"};
	const char *value = getenv("ACCESSIBLE");
	size_t i;

	for (i = 0; value != NULL && i < sizeof off / sizeof *off; i++) {
		if (text_equal_nocase(value, off[i]))
			value = NULL;
	}
	return value != NULL;
}

/* Lines may also be asked for from afar, or by a test. */
static bool
has_pipe(void)
{
	struct stat st;

	return fstat(STDIN_FILENO, &st) == 0 &&
	    (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

/* One of the wizard's faces; -1: there is nobody to ask. */
static int
open_face(const struct options *o, const struct settings *settings,
    const char *path)
{
	struct error err = {0};
	const char *why = NULL;
	struct buf text;
	int status = -1;

	if (o->accessible)
		why = _("The wizard speaks in plain lines, since --accessible "
			"asks for it; without that it draws a screen.");
	else if (is_accessible())
		why = _("The wizard speaks in plain lines, since ACCESSIBLE is "
			"set in the environment; without that it draws a "
			"screen.");
	if (!has_terminal() &&
	    (why == NULL || (!has_pipe() && !isatty(STDIN_FILENO))))
		return -1;
	if (why == NULL && o->plain)
		why = _("The wizard speaks in plain lines, since --plain asks "
			"for it; without that it draws a screen.");
	if (why == NULL && ui_check_terminal(&err) == 0)
		status = screen_main(&o->app, settings, path, &err);
	if (status != -1)
		return status;
	buf_init(&text, sizeof err);
	if (why == NULL) {
		buf_addf(&text, "%s %s", err.what,
		    _("So it speaks in plain lines. For the screen, set TERM "
		      "to the kind of your terminal, for example: export "
		      "TERM=xterm-256color"));
		why = buf_str(&text);
	}
	status = line_main(&o->app, settings, path, why);
	buf_free(&text);
	return status;
}

/* A word that is no file and near a command's name was meant as one. */
static int
not_a_command(const char *word)
{
	struct arena *a = arena_new();
	struct strlist names = {0};
	int i;

	for (i = 0; i < command_count; i++)
		strlist_add(a, &names, commands[i]->name);
	say(_("There is neither a command nor a file called \"%s\". %s"), word,
	    suggest_hint(a, word, &names));
	arena_free(a);
	return EXIT_USAGE;
}

/* The wizard offers to make a site file of a name that is not there yet. */
static bool
is_site_name(const char *path)
{
	size_t len = strlen(path), ext = strlen(".sitewalk");

	return len > ext && strcmp(path + len - ext, ".sitewalk") == 0;
}

static int
wizard(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	struct settings settings;
	const char *path;
	int status;

	settings_load(&settings);

	if (options_parse(&o, &help_wizard, argc, argv, &err) != 0) {
		status = say_error(&err);
	} else {
		path = o.args.count > 0 ? o.args.item[0] : NULL;
		if (path != NULL && access(path, F_OK) != 0 &&
		    !is_site_name(path))
			status = not_a_command(path);
		else
			status = open_face(&o, &settings, path);
		if (status == -1 && path != NULL && access(path, F_OK) != 0)
			status = not_a_command(path);
		else if (status == -1)
			status = path != NULL ? findings_print(&o) :
						no_terminal();
	}
	options_free(&o);
	return status;
}

/* Where the command's name stands: options may come before it. */
static int
find_command(int argc, char **argv)
{
	int i = 1, span;

	while (i < argc && argv[i][0] == '-' && argv[i][1] != '\0') {
		span = options_span(argv + i);
		if (span == 0)
			return argc;
		i += span;
	}
	return i;
}

/* In the wizard, unless a form of the result is named. */
static int
run_on_page(const struct command *c, int n, char **words)
{
	struct settings settings;
	struct error err;
	struct options o;
	int status = -1;

	settings_load(&settings);
	if (options_parse(&o, c, n, words, &err) == 0 && !o.has_format &&
	    o.out == NULL) {
		o.app.review = &o.args;
		status = open_face(&o, &settings, NULL);
	}
	options_free(&o);
	return status != -1 ? status : c->run(n, words);
}

/* The options from before the command's name go behind its own words, as far
 * as those can be options. */
static int
run_command(const struct command *c, int argc, char **argv, int at)
{
	char **words = mem_array((size_t)argc + 1, sizeof *words);
	int i, n = 0, status;

	for (i = at; i < argc && strcmp(argv[i], "--") != 0; i++)
		words[n++] = argv[i];
	memcpy(words + n, argv + 1, (size_t)(at - 1) * sizeof *words);
	n += at - 1;
	for (; i < argc; i++)
		words[n++] = argv[i];
	if (options_ask_help(n, words))
		status = print_help(c);
	else if (c->has_page && has_terminal())
		status = run_on_page(c, n, words);
	else
		status = c->run(n, words);
	mem_free(words);
	return status;
}

int
main(int argc, char **argv)
{
	const struct command *c;
	int at;

	fill_standard_files();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	bind_languages();
	if (argc > 1 &&
	    (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0))
		return print_version();
	at = find_command(argc, argv);
	c = at < argc ? command_find(argv[at]) : NULL;
	if (c != NULL)
		return run_command(c, argc, argv, at);
	if (options_ask_help(argc, argv))
		return print_help(NULL);
	return wizard(argc, argv);
}
