/* SPDX-License-Identifier: MIT */
/* Owns the list of probe types that packs may name. */
#include "core/pack/kinds.h"

#include <string.h>

#include "core/base/i18n.h"

/* What will prove a requirement one day, and what only a person can tell. */
static const struct probe_kind kinds[] = {
    {PROBE_MANUAL, N_("what only a person can see")},
};

const struct probe_kind *
probe_kind_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

const struct probe_word *
vocabulary_find(const struct pack_vocabulary *vocab, const char *name)
{
	size_t i;

	for (i = 0; vocab != NULL && i < vocab->count; i++) {
		if (strcmp(vocab->item[i].name, name) == 0)
			return &vocab->item[i];
	}
	return NULL;
}
