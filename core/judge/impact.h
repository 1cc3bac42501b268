/* SPDX-License-Identifier: MIT */
/* What a change between two lists of requirements asks of those who run the
 * network: of two handovers, two requests or two packs alike. A pure
 * function. */
#ifndef JUDGE_IMPACT_H
#define JUDGE_IMPACT_H

#include "core/record/model.h"

/* In the order in which they are told: what somebody has to act on first. An
 * access is a line that a firewall permits, a condition is anything else. */
enum impact {
	IMPACT_REGRESSED,	/* it worked, and fails now */
	IMPACT_FAILING,		/* it was not known, and fails now */
	IMPACT_ACCESS_ADDED,	/* it was not asked for, and is now */
	IMPACT_ACCESS_WIDENED,	/* it asks for something more, or else */
	IMPACT_CONDITION_ADDED,
	IMPACT_CONDITION_CHANGED,
	IMPACT_REQUIRED,	/* it was optional, and is required now */
	IMPACT_UNPROVEN,	/* it was known, and is not proved now */
	IMPACT_UNTESTED,	/* it was tried, and is not now */
	/* nothing below makes the site worse, or asks for anything */
	IMPACT_OTHERWISE,	/* as good as before, for another reason */
	IMPACT_UNREQUIRED,	/* it was required, and is not now */
	IMPACT_ACCESS_NARROWED,	/* it asks for less */
	IMPACT_ACCESS_REMOVED,	/* it is asked for no more */
	IMPACT_CONDITION_REMOVED,
	IMPACT_UNLISTED,	/* not in a request of what is in the way */
	IMPACT_CLEARED,		/* it failed, and works now */
	IMPACT_PROVEN,		/* it was not known, and works now */
	IMPACT_COUNT,
};

struct impact_row {
	enum impact impact;
	const struct need *then, *now;	/* NULL where there is none */
};

struct impacts {
	struct impact_row *row;	/* by impact, then in the order of now; one
				 * need can have several */
	size_t	 count;
	size_t	 of[IMPACT_COUNT];
	size_t	 same;		/* needs that are as they were */
};

struct impact_sides {
	const struct need *then, *now;
	size_t	 nthen, nnow;
	bool	 judged;	/* outcomes are compared too */
	bool	 partial;	/* now lists only what is in the way: what is
				 * missing there may work */
};

/* What is told borrows from both lists; a line whose failure is accepted
 * counts as what it is. */
void	 impact_find(struct arena *a, const struct impact_sides *sides,
	    struct impacts *out);
/* Something got worse, or something is asked for that was not. */
bool	 impact_is_worse(const struct impacts *list);

/* "access_added": the stable word in files. */
const char *impact_name(enum impact i);
const char *impact_label(enum impact i);	/* translated */
/* "3 regressed, 1 access added"; "" for none; in a. */
char	*impact_summary(struct arena *a, const struct impacts *list);
/* What it means, and to whom: one or two sentences; in a. */
char	*impact_sentence(struct arena *a, const struct impact_row *row);
/* Is it a line that a firewall permits? */
bool	 impact_is_access(const struct need *n);
/* What the line asks for: "TCP 443, 8443 to a.example.com"; in a. */
char	*impact_flow(struct arena *a, const struct need *n);

#endif
