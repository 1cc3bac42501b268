/* SPDX-License-Identifier: MIT */
/* The files that are built into the program: the packs, their keys, the
 * schemas, and the public roots that a device would trust. The table itself
 * is made at build time by core/base/builtin.sh. */
#ifndef BASE_BUILTIN_H
#define BASE_BUILTIN_H

#include <stddef.h>

/* Names: "wizards/ID.yaml", "wizards/keys/NAME.pem", "schema/NAME.json",
 * "public-roots.pem". A NUL that len does not count follows the data. */
struct builtin {
	const char *name;
	const unsigned char *data;
	size_t len;
};

extern const struct builtin builtin_files[];	/* sorted by name, bytewise */
extern const size_t builtin_file_count;

const struct builtin *builtin_find(const char *name);	/* NULL: none such */

#endif
