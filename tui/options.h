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
#include "tui/app.h"
#include "tui/command.h"

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
	const char *out;		/* NULL: standard output */
	const char *answers;
	struct strlist products;	/* as typed; empty: not given */
	struct strlist settings;	/* "PRODUCT.QUESTION=VALUE" */
	enum request_scope scope;
	bool	 has_scope;
	bool	 plain;
	bool	 wait;			/* for background tests */
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
/* The list of the given options for --help. */
void	 options_help(struct buf *out, unsigned which);

#endif
