/* SPDX-License-Identifier: MIT */
/* What the program says by its end. */
#ifndef TUI_STATUS_H
#define TUI_STATUS_H

/* Exit statuses, design section 8. */
enum {
	EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_UNPROVEN = 3,
	EXIT_TROUBLE = 4,
};

#endif
