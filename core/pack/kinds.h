/* SPDX-License-Identifier: MIT */
/* The probe types that packs may name: those with keys of their own, and
 * those that no version measures yet. For the files of core/pack only. */
#ifndef PACK_KINDS_H
#define PACK_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/pack/pack.h"

struct probe_kind {
	const char *name;
	const char *label;	/* N_(): what there is no check for yet */
};

#define PROBE_MANUAL "manual"	/* only a person can tell */

/* NULL for a name that packs may not use, unless the vocabulary has it. */
const struct probe_kind *probe_kind_find(const char *name);
/* NULL when there is no check of that name. */
const struct probe_word *vocabulary_find(const struct pack_vocabulary *vocab,
	    const char *name);

#endif
