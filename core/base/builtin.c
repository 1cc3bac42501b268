/* SPDX-License-Identifier: MIT */
/* Owns the look-up among the files that are built into the program. */
#include "core/base/builtin.h"

#include <string.h>

const struct builtin *
builtin_find(const char *name)
{
	size_t i;

	for (i = 0; i < builtin_file_count; i++) {
		if (strcmp(builtin_files[i].name, name) == 0)
			return &builtin_files[i];
	}
	return NULL;
}
