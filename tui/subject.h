/* SPDX-License-Identifier: MIT */
/* What a command is about: a site file, or products and answers given on the
 * command line; and a run of it without a screen. */
#ifndef TUI_SUBJECT_H
#define TUI_SUBJECT_H

#include "tui/app.h"
#include "tui/options.h"

struct subject {
	struct app app;
	struct site *site;
	bool	 from_file;
};

/* Opens what the options name. EXIT_OK, or an exit status after a sentence.
 * Close it in both cases. */
int	 subject_open(struct subject *s, const struct options *o,
	    bool read_only);
void	 subject_close(struct subject *s);

/* Runs the site's check to its end or until it is interrupted, progress on
 * standard error. EXIT_OK when it could start: whether it was cut short is in
 * the record. */
int	 subject_run(struct subject *s, const struct options *o);

/* As record_exit_status(), but about what --only names and no more. */
int	 subject_verdict(const struct record *r, const char *only);

/* The exit status that the record stands for after a run: 4 when it was cut
 * short or could not be kept, else as record_exit_status(). */
int	 subject_status(const struct subject *s);

#endif
