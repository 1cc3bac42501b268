/* SPDX-License-Identifier: MIT */
/* Owns looking up a probe type by its name. */
#include "core/pack/vocabulary.h"

#include <string.h>

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
