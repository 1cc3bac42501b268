/* SPDX-License-Identifier: MIT */
/* Folders and files as people type them, and whether one can write there. */
#ifndef TUI_FOLDER_H
#define TUI_FOLDER_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/mem.h"

/* "~", "~/x" and relative paths become absolute ones in a; spaces around
 * what is typed do not count. NULL with err. */
char	*folder_path(struct arena *a, const char *typed, struct error *err);
/* Could files be written into the folder at this absolute path, which need
 * not be there yet? Changes nothing. -1 with err says why not. */
int	 folder_check(const char *path, bool *exists, struct error *err)
	    MUST_CHECK;
/* The last part of a path; borrowed from it. */
const char *folder_base(const char *path);
/* As one word of a shell, which takes nothing in it for more; in a. */
char	*folder_quoted(struct arena *a, const char *path);
/* "12 kB"; in a. */
char	*folder_size(struct arena *a, size_t bytes);

#endif
