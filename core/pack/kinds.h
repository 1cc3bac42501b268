/* SPDX-License-Identifier: MIT */
/* The probe types that packs may name: those with keys of their own, and
 * those that no version measures yet. For the files of core/pack only. */
#ifndef PACK_KINDS_H
#define PACK_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/pack/pack.h"

/* What the specs of a probe type are made from. */
enum probe_shape {
	SHAPE_FLOW,		/* each host at each port */
	SHAPE_PAGE,		/* the same, with the path of a web page */
	SHAPE_NAMES,		/* each name, asked of the site's resolver */
	SHAPE_NAMES_AT,		/* each name, asked of the destination */
	SHAPE_HOST,		/* each host, no port in the key */
	SHAPE_PATH,		/* each host at samples of the ports */
	SHAPE_PERSON,		/* nothing: only a person can tell */
};

struct probe_kind {
	const char *name;
	const char *label;	/* N_(): what there is no check for yet */
	enum probe_shape shape;
};

/* NULL for a name that packs may not use, unless the vocabulary has it. */
const struct probe_kind *probe_kind_find(const char *name);
/* vocab NULL: every kind that has a check in this version. */
bool	 vocabulary_has(const struct pack_vocabulary *vocab,
	    const char *name);

#endif
