/* SPDX-License-Identifier: MIT */
/* The table of the commands; each one's file ends in its row. */
#include <string.h>

#include "core/base/i18n.h"
#include "tui/command.h"
#include "tui/options.h"

extern const struct command command_new, command_plan, command_check,
    command_handover, command_request, command_export, command_help;
int cmd_packs(int argc, char **argv);

static const struct command command_packs = {
    .name = "packs",
    .usage = N_("sitewalk packs list | show ID...|all | lint FILE..."),
    .summary = N_("Lists the packs, shows what they ask of a network, or "
		  "finds mistakes in a pack file."),
    .options = OPTION_PACKS | OPTION_FORMAT,
    .formats = "text json",
    .run = cmd_packs,
};

const struct command *const commands[] = {
    &command_new,
    &command_plan,
    &command_check,
    &command_handover,
    &command_request,
    &command_export,
    &command_packs,
    &command_help,
};
const int command_count = sizeof commands / sizeof *commands;

const struct command *
command_find(const char *name)
{
	int i;

	for (i = 0; i < command_count; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}
