/* SPDX-License-Identifier: MIT */
/* What sitewalk(1) tells beyond the help: the environment and the files. */
#ifndef TUI_MANUAL_TABLES_H
#define TUI_MANUAL_TABLES_H

struct manual_entry {
	const char *name;
	const char *what;	/* N_(): whole sentences */
};

/* Each ends with a row without a name. tests/manual holds the environment to
 * what the sources read. */
extern const struct manual_entry manual_environment[];
extern const struct manual_entry manual_files[];

#endif
