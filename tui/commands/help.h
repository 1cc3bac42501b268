/* SPDX-License-Identifier: MIT */
/* The help texts, made from the tables of commands and options. */
#ifndef TUI_HELP_H
#define TUI_HELP_H

#include "core/base/buf.h"
#include "tui/commands/command.h"

void	 help_overview(struct buf *out);
void	 help_command(struct buf *out, const struct command *c);
/* The wizard itself, as far as tables know it. */
extern const struct command help_wizard;

#endif
