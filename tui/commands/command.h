/* SPDX-License-Identifier: MIT */
/* The commands: one file each (cmd_NAME.c) that ends in one const
 * descriptor, and one line in command_table.c. */
#ifndef TUI_COMMAND_H
#define TUI_COMMAND_H

#include <stdbool.h>

#include "core/export/export.h"
#include "tui/work/status.h"

/* A line that can be typed as it stands. */
struct example {
	const char *line;
	const char *what;	/* N_(): one sentence, or NULL */
};

struct command {
	const char *name;
	const char *usage;	/* N_("sitewalk check FILE | --product ...") */
	const char *summary;	/* N_(): one sentence */
	const char *about;	/* N_(): more of it for --help, or NULL */
	unsigned options;	/* OPTION_... of options.h that it takes */
	const char *formats;	/* what --format may say: "text json" */
	/* Or it is what the table of the formats has of this document. */
	bool	 writes_document;
	enum export_document document;
	/* N_("0  what that means")..., then NULL. NULL: as after a check. */
	const char *const *exits;
	const struct example *examples;	/* then one without a line */
	int	 min_args, max_args;	/* words that are no option */
	bool	 has_page;		/* on a terminal the wizard shows it */
	/* argv[0] is the name. --help never gets here. */
	int	(*run)(int argc, char **argv);
};

extern const struct command *const commands[];
extern const int command_count;
const struct command *command_find(const char *name);	/* NULL: none such */
/* After a check; and of what does not judge a site. */
extern const char *const exits_judged[], *const exits_done[];
/* What --format may say, in a or borrowed; "" for nothing. */
const char *command_formats(struct arena *a, const struct command *c);

#endif
