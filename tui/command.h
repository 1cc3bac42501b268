/* SPDX-License-Identifier: MIT */
/* The commands: one file each (cmd_NAME.c) that ends in one const
 * descriptor, and one line in command_table.c. */
#ifndef TUI_COMMAND_H
#define TUI_COMMAND_H

#include <stdbool.h>

/* Exit statuses, design section 8. */
enum {
	EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_UNPROVEN = 3,
	EXIT_TROUBLE = 4,
};

struct command {
	const char *name;
	const char *usage;	/* N_("sitewalk check FILE | --product ...") */
	const char *summary;	/* N_(): one sentence */
	const char *about;	/* N_(): more of it for --help, or NULL */
	unsigned options;	/* OPTION_... of tui/options.h that it takes */
	const char *formats;	/* what --format may say: "text json" */
	int	 min_args, max_args;	/* words that are no option */
	/* argv[0] is the name. --help never gets here. */
	int	(*run)(int argc, char **argv);
};

extern const struct command *const commands[];
extern const int command_count;
const struct command *command_find(const char *name);	/* NULL: none such */

/* The wizard on a terminal; path NULL opens the list of sites. */
struct app_options;
int	 screen_main(const struct app_options *opt, const char *path);

#endif
