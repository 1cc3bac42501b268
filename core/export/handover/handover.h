/* SPDX-License-Identifier: MIT */
/* The sections of the handover sheet, in their order. */
#ifndef EXPORT_HANDOVER_H
#define EXPORT_HANDOVER_H

#include "core/base/digest.h"
#include "core/export/export.h"
#include "core/export/sheet/paper.h"

#define HANDOVER_COLUMN 18

/* What the sections are made of; the paper's arena is `a`. */
struct handover {
	const struct paper *p;
	struct arena *a;
	const struct record *r;
	const struct export_options *opt;
	char	 hash[DIGEST_HEX_SIZE];	/* of handover.json; "" where it is
					 * too large to be made */
};

void	 handover_identity(const struct handover *h);
void	 handover_verdict(const struct handover *h);
/* How many lines of each product are in order, and what that means. */
void	 handover_products(const struct handover *h);
/* What is in the way, one line each; all of it under the actions. */
void	 handover_blocks(const struct handover *h);
void	 handover_parties(const struct handover *h);
void	 handover_extent(const struct handover *h);
void	 handover_equipment(const struct handover *h);
void	 handover_network(const struct handover *h);
void	 handover_results(const struct handover *h);
void	 handover_deviations(const struct handover *h);
void	 handover_request(const struct handover *h);
void	 handover_untested(const struct handover *h);
void	 handover_actions(const struct handover *h);
void	 handover_instrument(const struct handover *h);
void	 handover_signatures(const struct handover *h);
void	 handover_control(const struct handover *h);

/* --- what several sections say in the same words; in a or borrowed --- */

enum handover_status {
	HANDOVER_DRAFT,		/* it has no number, or is not declared */
	HANDOVER_PARTIAL,	/* the check is not whole */
	HANDOVER_FINAL,		/* declared by both parties, as it is */
};
enum handover_status handover_status(const struct record *r);
/* Whose a thing is to mend: "yours" on a screen is the installer's here. */
const char *handover_owner(const struct block *b);
/* Who said it, where nobody is named too. */
const char *handover_person(const char *who);
/* How a line is known: "measured", "inspected", "not measured". What a person
 * stated is no line: see attestations. */
const char *handover_method(const struct record *r, const struct need *n);
/* When the last of its probes began; 0: there is none. */
int64_t	 handover_when(const struct record *r, const struct need *n);
/* One line of the results with all that is known of it. */
void	 handover_line(const struct handover *h, const struct need *n);

#endif
