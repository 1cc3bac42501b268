/* SPDX-License-Identifier: MIT */
/* A folder whose files change together: whoever looks finds all of the old
 * ones or all of the new ones. */
#ifndef BASE_FILESET_H
#define BASE_FILESET_H

#include <stddef.h>

#include "core/base/error.h"
#include "core/base/mem.h"

struct fileset_file {
	const char *name;	/* below the folder: "firewall/rules.csv" */
	const void *data;
	size_t	 len;
};

enum fileset_way {
	/* A new folder took the place of the old one in one step: a kill at
	 * any moment leaves the old set or the new one. */
	FILESET_AT_ONCE,
	/* Where the disk or the place cannot do that (a USB stick, the folder
	 * one stands in, one that belongs to somebody else): all files were
	 * written beside the old ones first; then the old last file was
	 * removed, the others renamed into place, and the new last file put
	 * there at the end. A kill in between leaves a folder without it. */
	FILESET_LAST_TELLS,
};

/* Writes the files into dir, made if missing; the last one is the one that
 * makes the set whole. What else stands in dir stays there, except the files
 * named in `drop`. A link is followed. On failure the old files are as they
 * were, and nothing is left behind: ERR_USAGE when dir is no folder. */
int	 fileset_write(const char *dir, const struct fileset_file *files,
	    size_t count, const struct strlist *drop, enum fileset_way *way,
	    struct error *err) MUST_CHECK;

#endif
