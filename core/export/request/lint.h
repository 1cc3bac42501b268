/* SPDX-License-Identifier: MIT */
/* What an IT desk would send a request back for, found before it is sent.
 * One rule is one line of a table. A finding never changes a row. */
#ifndef EXPORT_LINT_H
#define EXPORT_LINT_H

#include "core/export/request/rows.h"

enum lint_severity {
	LINT_SERIOUS,		/* most desks refuse it */
	LINT_WARNING,		/* they will ask */
	LINT_NOTE,		/* good to know */
};
#define LINT_NSEVERITIES 3

struct lint_finding {
	const char *rule;	/* "huge-range" */
	enum lint_severity severity;
	const char *text;	/* whole sentences: what it is and what to do;
				 * translated */
	struct strlist rows;	/* ids of the rows that it is about */
};

struct lint {
	struct lint_finding *finding; /* the worst first */
	size_t	 count;
	size_t	 of[LINT_NSEVERITIES];
};

/* Lives in a, borrows from rules. */
void	 lint_rules(struct arena *a, const struct rules *rules,
	    struct lint *out);
/* The same from a record, for a page that shows what would be sent. */
void	 lint_request(struct arena *a, const struct record *r,
	    const struct export_options *opt, struct lint *out);
/* "1 serious point, 4 warnings, 2 notes"; "" where there is nothing. */
char	*lint_counts(struct arena *a, const struct lint *l);

extern const char *const lint_severity_names[LINT_NSEVERITIES];
const char *lint_severity_label(enum lint_severity s); /* translated */

#endif
