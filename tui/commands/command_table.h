/* SPDX-License-Identifier: MIT */
/* The rows of the commands, one a file, for command_table.c. */
#ifndef TUI_COMMAND_TABLE_H
#define TUI_COMMAND_TABLE_H

#include "tui/commands/command.h"

extern const struct command command_new, command_plan, command_check,
    command_handover, command_request, command_export, command_retest,
    command_packs,
    command_judge, command_diff, command_review, command_verify,
    command_accept, command_share, command_help;

#endif
