/* SPDX-License-Identifier: MIT */
/* Owns the help texts and the command that prints them. */
#include "tui/commands/help.h"

#include "core/base/i18n.h"
#include "tui/commands/command_table.h"
#include "tui/commands/options.h"
#include "tui/work/say.h"
#include "tui/commands/suggest.h"

#define TEXT_MAX 65536

static const char *const exit_statuses[] = {
    N_("0  every required line passed or is accepted"),
    N_("1  a required line failed"),
    N_("2  wrong usage, or an input that cannot be read; nothing was run"),
    N_("3  nothing failed, but a required line is not proven or not checked"),
    N_("4  interrupted, or the program itself failed"),
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
    .max_args = 1,
};

static void
add_title(struct buf *out, const char *title)
{
	buf_addf(out, "\n%s\n", title);
}

void
help_command(struct buf *out, const struct command *c)
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
	if (c->options != 0) {
		add_title(out, _("Options:"));
		options_help(out, c->options);
	}
	formats = command_formats(a, c);
	if (formats[0] != '\0') {
		buf_addc(out, '\n');
		say_wrap(out, arena_printf(a, _("Formats: %s"), formats), 0);
	}
	arena_free(a);
}

void
help_overview(struct buf *out)
{
	size_t i;

	say_wrap(out,
	    _("sitewalk walks you, product by product, through what your "
	      "products need of a customer's network, checks it, and writes "
	      "the handover sheet and the firewall change request."),
	    0);
	buf_addc(out, '\n');
	help_command(out, &help_wizard);
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
	add_title(out, _("Exit status:"));
	for (i = 0; i < sizeof exit_statuses / sizeof *exit_statuses; i++)
		say_wrap(out, _(exit_statuses[i]), 2);
}

static int
cmd_help(int argc, char **argv)
{
	const struct command *c;
	struct buf out;

	buf_init(&out, TEXT_MAX);
	if (argc < 2) {
		help_overview(&out);
		return say_result(&out, NULL);
	}
	c = command_find(argv[1]);
	if (c == NULL) {
		struct arena *a = arena_new();
		struct strlist names = {0};
		int i;

		for (i = 0; i < command_count; i++)
			strlist_add(a, &names, commands[i]->name);
		say(_("There is no command called \"%s\". %s"), argv[1],
		    suggest_hint(a, argv[1], &names));
		arena_free(a);
		return EXIT_USAGE;
	}
	help_command(&out, c);
	return say_result(&out, NULL);
}

const struct command command_help = {
    .name = "help",
    .usage = N_("sitewalk help [COMMAND]"),
    .summary = N_("Tells about the program or one of its commands."),
    .max_args = 1,
    .run = cmd_help,
};
