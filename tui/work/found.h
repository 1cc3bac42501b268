/* SPDX-License-Identifier: MIT */
/* What devices told during a run, put to use: things to write down, answers
 * to offer. */
#ifndef TUI_FOUND_H
#define TUI_FOUND_H

#include "tui/work/app.h"

/* Writes down what devices told, as measured; what a person typed stays. */
int	 found_write_down(struct site *s, struct error *err) MUST_CHECK;
/* Says on standard error which answers were found, and how to give them. */
void	 found_say(const struct site *s);

#endif
