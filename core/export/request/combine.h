/* SPDX-License-Identifier: MIT */
/* The consolidated view of a request: one row for each set of destinations
 * and ports, with all that need it. It permits what its members permit, and
 * nothing else. */
#ifndef EXPORT_COMBINE_H
#define EXPORT_COMBINE_H

#include "core/export/request/rows.h"

/* No text is NULL. */
struct combined_row {
	const char *id;			/* "FC-", of its members' ids */
	const struct rule_row *first;	/* speaks for source, protocol, ports */
	const struct rule_row **member;	/* in the order of the rows */
	size_t	 count;
	const struct rule_row **target;	/* members with different
					 * destinations */
	size_t	 ntargets;
	struct strlist products;	/* that need it, by their ids */
	const char *required;		/* the strongest of the members */
	const char *risk;		/* the highest */
	const char *tls_inspection;	/* the strictest */
};

struct combined {
	struct combined_row *row;	/* internet rows first */
	size_t	 count;
};

/* Lives in a, borrows from rules. What is no flow is not in it. */
void	 combine_rows(struct arena *a, const struct rules *rules,
	    struct combined *out);
/* "update.loxone.com, updatefiles.loxone.com" */
char	*combined_destinations(struct arena *a, const struct combined_row *row);
/* Do both ask for the very same flow? */
bool	 rows_same_flow(const struct rule_row *x, const struct rule_row *y);

#endif
