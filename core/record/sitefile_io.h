/* SPDX-License-Identifier: MIT */
/* The files beside a site file, and reading one without touching it. For the
 * sitefile_*.c files only. */
#ifndef RECORD_SITEFILE_IO_H
#define RECORD_SITEFILE_IO_H

#include <stdbool.h>

#include "core/record/sitefile_db.h"

/* Did a program that was killed leave a log that belongs to the file? */
bool	 sitefile_has_log(const char *path);
void	 sitefile_remove_logs(const char *path);
/* In sitefile.c: as sitefile_open(), without a look at every page. */
struct sitefile *sitefile_open_again(const char *path, struct error *err);
/* "file:...?immutable=1": SQLite then writes and locks nothing. */
char	*sitefile_immutable_uri(struct arena *a, const char *path);
/* Opens a private copy of file and log into f->db. Returns a code of SQLite,
 * or this after setting err. */
#define SITEFILE_COPY_FAILED (-1)
int	 sitefile_open_copy(struct sitefile *f, struct arena *a,
	    struct error *err);

#endif
