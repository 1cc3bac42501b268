/* SPDX-License-Identifier: MIT */
/* The help texts, made from the tables of commands and options. */
#ifndef TUI_HELP_H
#define TUI_HELP_H

#include "core/base/buf.h"
#include "tui/commands/command.h"

void	 help_overview(struct buf *out);
void	 help_command(struct buf *out, const struct command *c);
/* The options of c, with those that everything has. */
unsigned help_options(const struct command *c);
/* What its exit status means, as command.h describes it; never NULL. */
const char *const *help_exits(const struct command *c);
/* Of a translated row of it: what it says of *status. */
const char *help_exit(const char *row, int *status);
const char *help_about(void);	/* the program, in one sentence */
/* The wizard itself, as far as tables know it. */
extern const struct command help_wizard;

#endif
