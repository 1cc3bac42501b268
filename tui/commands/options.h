/* SPDX-License-Identifier: MIT */
/* The options that the commands share: one table for reading them and for
 * their help. */
#ifndef TUI_OPTIONS_H
#define TUI_OPTIONS_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/base/mem.h"
#include "core/export/export.h"
#include "tui/work/app.h"
#include "tui/work/review_row.h"
#include "tui/commands/command.h"

enum {
	OPTION_PACKS = 1 << 0,
	OPTION_CA_BUNDLE = 1 << 1,
	OPTION_INTERFACE = 1 << 2,
	OPTION_ONLY = 1 << 3,
	OPTION_PACE = 1 << 4,
	OPTION_PLAIN = 1 << 5,
	OPTION_FORMAT = 1 << 6,
	OPTION_PRODUCT = 1 << 7,
	OPTION_SET = 1 << 8,
	OPTION_SCOPE = 1 << 9,
	OPTION_OUT = 1 << 10,
	OPTION_ANSWERS = 1 << 11,
	OPTION_WAIT = 1 << 12,
	OPTION_AS_OF = 1 << 13,
	/* who accepts, why, until when, entered by whom; or no longer */
	OPTION_ACCEPT = 1 << 14,
	OPTION_ORDER = 1 << 15,
	OPTION_LOOKS = 1 << 16,
	OPTION_ACCESSIBLE = 1 << 17,
	OPTION_PAPER = 1 << 18,
	OPTION_KEY = 1 << 19,
	OPTION_ALLOWED = 1 << 20,
	OPTION_REVIEW = 1 << 21,	/* which handovers are listed */
	OPTION_SHARE = 1 << 22,		/* what a copy masks and leaves out */
	OPTION_MAN = 1 << 23,
	/* Of every command, and of the program; no row of a command. */
	OPTION_HELP = 1 << 24,
	OPTION_VERSION = 1 << 25,
	/* what decides about a run */
	OPTIONS_RUN = OPTION_PACKS | OPTION_CA_BUNDLE | OPTION_INTERFACE |
	    OPTION_ONLY | OPTION_PACE,
	/* a site without a file */
	OPTIONS_SITE = OPTION_PRODUCT | OPTION_SET,
};

struct options {
	struct arena *arena;
	struct app_options app;
	const char *format;		/* "text" when not given */
	bool	 has_format;		/* it was given */
	const char *out;		/* NULL: standard output */
	const char *answers;
	const char *key;		/* "agent" or a file, or NULL */
	const char *without, *mask;	/* lists of sections, or NULL */
	const char *map;		/* file of the map, or NULL */
	struct strlist products;	/* as typed; empty: not given */
	struct strlist settings;	/* "PRODUCT.QUESTION=VALUE" */
	enum request_scope scope;
	bool	 has_scope;
	enum sheet_size paper;		/* by the locale when not given */
	bool	 plain;
	bool	 accessible;		/* also by ACCESSIBLE, see main.c */
	bool	 wait;			/* for background tests */
	bool	 man;			/* a manual page, not the help */
	const char *as_of;		/* a day, or NULL */
	const char *owner, *reason, *until, *initials; /* NULL: not given */
	bool	 withdraw;
	struct review_filter review;
	struct strlist args;		/* what is no option */
};

/* Values are borrowed from argv. -1 with err for what c does not take. */
int	 options_parse(struct options *o, const struct command *c, int argc,
	    char **argv, struct error *err) MUST_CHECK;
void	 options_free(struct options *o);

/* How many words of argv the option at argv[0] takes: 1 or 2; 0 when it is
 * no option of the table. */
int	 options_span(char *const *argv);
/* Is --help or -h among them, not as the value of another option? */
bool	 options_ask_help(int argc, char *const *argv);
/* What one option is, in the language of the user. */
struct option_text {
	const char *name;
	const char *alias;	/* or NULL */
	const char *value;	/* NULL: it takes none */
	const char *help;
};
/* The next one of these options from *at on, which is 0 at first; false when
 * there is none left. */
bool	 options_next(unsigned which, size_t *at, struct option_text *t);
/* The list of them for --help. */
void	 options_help(struct buf *out, unsigned which);

#endif
