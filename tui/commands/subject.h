/* SPDX-License-Identifier: MIT */
/* What a command is about: a site file, or products and answers given on the
 * command line; and a run of it without a screen. */
#ifndef TUI_SUBJECT_H
#define TUI_SUBJECT_H

#include "tui/work/app.h"
#include "tui/commands/options.h"

struct subject {
	struct app app;
	struct site *site;
	bool	 from_file;
	bool	 merged;	/* a part was added to the last run */
	bool	 cut_short;	/* the run was */
};

/* Opens what the options name. EXIT_OK, or an exit status after a sentence.
 * Close it in both cases. */
int	 subject_open(struct subject *s, const struct options *o,
	    bool read_only);
/* The same for papers: to be written in where that can be, so that they can be
 * issued; else it is said that they stay drafts. */
int	 subject_open_to_issue(struct subject *s, const struct options *o);
void	 subject_close(struct subject *s);

/* Runs the site's check to its end or until it is interrupted, progress on
 * standard error. What --only names of a site that was checked before is
 * measured again, and the rest of the last run stays (merged). EXIT_OK when
 * it could start: then cut_short says whether it came to its end. */
int	 subject_run(struct subject *s, const struct options *o);

/* As record_exit_status(), but about what --only names and no more. */
int	 subject_verdict(const struct record *r, const char *only);

/* The exit status that the record stands for after a run: 4 when it was cut
 * short or could not be kept, else as record_exit_status(). */
int	 subject_status(const struct subject *s);

#endif
