/* SPDX-License-Identifier: MIT */
/* What changed at a site between two records of it: which lines broke, which
 * were mended, and what else is not as it was. A pure function. */
#ifndef JUDGE_DIFFERENCE_H
#define JUDGE_DIFFERENCE_H

#include "core/record/model.h"

/* Of a line, in the order in which they are told: the worst first. A line
 * whose failure is accepted counts as what it is, not as what it is taken
 * for. */
enum difference_kind {
	DIFFERENCE_BROKEN,	/* it worked, and fails now */
	DIFFERENCE_FAILING,	/* it was not known, and fails now */
	DIFFERENCE_LOST,	/* it worked, and is not proved now */
	DIFFERENCE_NEW,		/* it was not asked for, and is now */
	DIFFERENCE_UNDECIDED,	/* it failed, and is not proved now */
	DIFFERENCE_OTHER,	/* as good as before, for another reason */
	DIFFERENCE_MENDED,	/* it failed, and works now */
	DIFFERENCE_PROVED,	/* it was not known, and works now */
	DIFFERENCE_GONE,	/* it was asked for, and is no more */
	DIFFERENCE_KINDS,
};

struct difference_line {
	enum difference_kind kind;
	const struct need *then, *now;	/* NULL where there is none */
};

enum difference_section {
	DIFFERENCE_NETWORK,	/* where the laptop stood */
	DIFFERENCE_PACKS, DIFFERENCE_ANSWERS, DIFFERENCE_EQUIPMENT,
	DIFFERENCE_ACCEPTED,
	DIFFERENCE_SECTIONS,
};

struct difference_fact {
	enum difference_section section;
	const char *label;
	const char *then, *now;		/* NULL where there is none */
};

struct difference {
	struct difference_line *line;	/* by kind, then in the order of now */
	size_t	 nlines;
	size_t	 of[DIFFERENCE_KINDS];
	size_t	 same;			/* lines that are judged alike */
	struct difference_fact *fact;	/* by section */
	size_t	 nfacts;
	bool	 other_site;		/* the names of the sites differ */
	bool	 other_network;		/* another gateway, or another Wi-Fi */
};

/* Of two judged records; what is told is in a or borrowed from them. Who
 * wants to see the site's changes alone judges both by the same packs. */
void	 record_difference(struct arena *a, const struct record *then,
	    const struct record *now, struct difference *out);
/* "Worked, and fails now"; translated. */
const char *difference_kind_label(enum difference_kind kind);
const char *difference_section_label(enum difference_section section);

#endif
