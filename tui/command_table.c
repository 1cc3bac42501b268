/* SPDX-License-Identifier: MIT */
/* The table of the commands; each one's file ends in its row. */
#include "tui/command_table.h"

#include <string.h>

const struct command *const commands[] = {
    &command_new,
    &command_plan,
    &command_check,
    &command_handover,
    &command_request,
    &command_export,
    &command_judge,
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
