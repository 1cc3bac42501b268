/* SPDX-License-Identifier: MIT */
/* The options whose value is one word of several; for the table of options.c.
 * Each is -1 with err for another word. */
#ifndef TUI_OPTIONS_WORD_H
#define TUI_OPTIONS_WORD_H

#include "tui/commands/options.h"

int	 option_pace(struct options *o, const struct command *c,
	    const char *value, struct error *err);
int	 option_scope(struct options *o, const struct command *c,
	    const char *value, struct error *err);
int	 option_theme(struct options *o, const struct command *c,
	    const char *value, struct error *err);
int	 option_verdict(struct options *o, const struct command *c,
	    const char *value, struct error *err);
int	 option_seal(struct options *o, const struct command *c,
	    const char *value, struct error *err);

#endif
