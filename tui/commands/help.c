/* SPDX-License-Identifier: MIT */
/* Owns the help texts and the command that prints them. */
#include "tui/commands/help.h"

#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "tui/commands/command_table.h"
#include "tui/commands/manual.h"
#include "tui/commands/options.h"
#include "tui/work/say.h"
#include "tui/commands/suggest.h"

#define TEXT_MAX 65536

/* In the order in which one needs them. */
static const struct example wizard_examples[] = {
    {"sitewalk office.sitewalk",
	N_("Opens the wizard with this site, or offers to make it.")},
    {"sitewalk request --product z5 --scope all -o request.txt",
	N_("In the office, before any visit: asks for all that a product "
	   "needs, and sends nothing.")},
    {"sitewalk check office.sitewalk --wait",
	N_("On site: checks without the wizard, and waits for the tests that "
	   "take minutes.")},
    {"sitewalk export office.sitewalk papers",
	N_("Writes the handover sheet and the change request into a folder.")},
    {NULL},
};

const struct command help_wizard = {
    .name = "",
    .usage = N_("sitewalk [OPTION...] [FILE]"),
    .summary = N_("Opens the wizard: with a site file that site, without one "
		  "the list of sites."),
    .about = N_("Where no screen can be drawn, and with --plain or "
		"--accessible, the wizard asks the same in plain lines. "
		"Without a terminal, the findings of the site file are "
		"printed instead."),
    .options = OPTIONS_RUN | OPTION_PLAIN | OPTION_ACCESSIBLE | OPTION_LOOKS,
    .examples = wizard_examples,
    .max_args = 1,
};

static void
add_title(struct buf *out, const char *title)
{
	buf_addf(out, "\n%s\n", title);
}

unsigned
help_options(const struct command *c)
{
	return c->options | OPTION_HELP |
	    (c == &help_wizard ? OPTION_VERSION : 0);
}

const char *const *
help_exits(const struct command *c)
{
	return c->exits != NULL ? c->exits : exits_judged;
}

/* A row is "0  what that means". */
const char *
help_exit(const char *row, int *status)
{
	*status = row[0] - '0';
	return row + strspn(row, "0123456789 ");
}

static void
add_end(struct buf *out, const struct command *c)
{
	const char *const *row;
	const struct example *e;
	const char *text;
	char first[16];
	int status;

	add_title(out, _("Exit status:"));
	for (row = help_exits(c); *row != NULL; row++) {
		text = help_exit(_(*row), &status);
		snprintf(first, sizeof first, "  %d  ", status);
		say_wrap_after(out, first, text);
	}
	if (c->examples == NULL)
		return;
	add_title(out, _("Examples:"));
	for (e = c->examples; e->line != NULL; e++) {
		buf_addf(out, "  %s\n", e->line);
		if (e->what != NULL)
			say_wrap(out, _(e->what), 10);
	}
}

static void
add_command(struct buf *out, const struct command *c)
{
	struct arena *a = arena_new();
	const char *formats;

	buf_adds(out, _("Usage:"));
	buf_addc(out, '\n');
	say_wrap(out, _(c->usage), 2);
	buf_addc(out, '\n');
	say_wrap(out, _(c->summary), 0);
	if (c->about != NULL)
		say_wrap(out, _(c->about), 0);
	add_title(out, _("Options:"));
	options_help(out, help_options(c));
	formats = command_formats(a, c);
	if (formats[0] != '\0') {
		buf_addc(out, '\n');
		say_wrap(out, arena_printf(a, _("Formats: %s"), formats), 0);
	}
	arena_free(a);
}

void
help_command(struct buf *out, const struct command *c)
{
	add_command(out, c);
	add_end(out, c);
}

const char *
help_about(void)
{
	return _("sitewalk walks you, product by product, through what your "
		 "products need of a customer's network, checks it, and writes "
		 "the handover sheet and the firewall change request.");
}

void
help_overview(struct buf *out)
{
	size_t i;

	say_wrap(out, help_about(), 0);
	buf_addc(out, '\n');
	add_command(out, &help_wizard);
	add_title(out, _("Commands:"));
	for (i = 0; i < (size_t)command_count; i++) {
		buf_addf(out, "  %s\n", commands[i]->name);
		say_wrap(out, _(commands[i]->summary), 10);
	}
	buf_addc(out, '\n');
	say_wrap(out,
	    _("\"sitewalk COMMAND --help\" tells more about one of them, "
	      "\"sitewalk --version\" the version."),
	    0);
	add_end(out, &help_wizard);
}

static int
no_such_command(const char *word)
{
	struct arena *a = arena_new();
	struct strlist names = {0};
	int i;

	for (i = 0; i < command_count; i++)
		strlist_add(a, &names, commands[i]->name);
	say(_("There is no command called \"%s\". %s"), word,
	    suggest_hint(a, word, &names));
	arena_free(a);
	return EXIT_USAGE;
}

static int
tell(const struct options *o)
{
	const struct command *c = NULL;
	struct buf out;

	if (o->args.count > 0) {
		c = command_find(o->args.item[0]);
		if (c == NULL)
			return no_such_command(o->args.item[0]);
	}
	buf_init(&out, TEXT_MAX);
	if (o->man)
		manual_page(&out, c);
	else if (c != NULL)
		help_command(&out, c);
	else
		help_overview(&out);
	return say_result(&out, NULL);
}

static int
cmd_help(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	int status;

	if (options_parse(&o, &command_help, argc, argv, &err) != 0)
		status = say_error(&err);
	else
		status = tell(&o);
	options_free(&o);
	return status;
}

static const struct example examples[] = {
    {"sitewalk help check"},
    {NULL},
};

const struct command command_help = {
    .name = "help",
    .usage = N_("sitewalk help [--man] [COMMAND]"),
    .summary = N_("Tells about the program or one of its commands."),
    .options = OPTION_MAN,
    .exits = exits_done,
    .examples = examples,
    .max_args = 1,
    .run = cmd_help,
};
