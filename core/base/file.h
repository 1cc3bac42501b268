/* SPDX-License-Identifier: MIT */
/* Whole files: bounded reading, atomic writing, and where things live. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/base/mem.h"

/* Reads a regular file of at most max bytes into out (cleared first; out's
 * own maximum is raised to max). Refuses devices, sockets and directories:
 * ERR_INPUT. On failure out is empty. */
int	 file_read(const char *path, size_t max, struct buf *out,
	    struct error *err) MUST_CHECK;

/* The same of a file that stays as it is meanwhile: one that grows, shrinks
 * or is written to is refused, since half of it is of then and half of now.
 * no_link: nor through a link of this name. */
int	 file_read_still(const char *path, size_t max, bool no_link,
	    struct buf *out, struct error *err) MUST_CHECK;

/* Writes to a temporary name beside path, fsyncs, renames. On failure the
 * old file is untouched and the temporary one is gone. Keeps the mode of an
 * old file, follows a link, and refuses what is not a regular file: ERR_USAGE.
 * The caller ignores SIGXFSZ. */
int	 file_write_atomic(const char *path, const void *data, size_t len,
	    struct error *err) MUST_CHECK;

/* The same for a name that nothing has yet, with this mode: ERR_USAGE where
 * something has it by now, which stays as it is. */
int	 file_write_new(const char *path, const void *data, size_t len,
	    unsigned mode, struct error *err) MUST_CHECK;

/* Like mkdir -p, modes by the umask. */
int	 file_make_dirs(const char *path, struct error *err) MUST_CHECK;

/* $XDG_CONFIG_HOME/sitewalk or ~/.config/sitewalk; $XDG_DATA_HOME/sitewalk or
 * ~/.local/share/sitewalk. NULL when neither HOME nor XDG is set. */
char	*file_config_dir(struct arena *a);
char	*file_data_dir(struct arena *a);

#endif
