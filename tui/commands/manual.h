/* SPDX-License-Identifier: MIT */
/* The manual pages, in mdoc(7), made from the tables of commands and options
 * as the help is. */
#ifndef TUI_MANUAL_H
#define TUI_MANUAL_H

#include "core/base/buf.h"
#include "tui/commands/command.h"

/* sitewalk-NAME(1), or sitewalk(1) when c is NULL; the same bytes on every
 * machine and day. */
void	 manual_page(struct buf *out, const struct command *c);

#endif
