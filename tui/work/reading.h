/* SPDX-License-Identifier: MIT */
/* Reads many handovers with a few threads, which share nothing but a queue.
 * Whoever started it takes the rows as they come and waits by a descriptor. */
#ifndef TUI_READING_H
#define TUI_READING_H

#include "core/base/error.h"
#include "core/base/mem.h"
#include "tui/work/review_row.h"

struct reading;

/* Bounds; what lies beyond is counted and told. */
#define READING_FILES_MAX 100000
#define READING_DEPTH_MAX 8

struct reading_state {
	bool	 walking;		/* still looks for files */
	bool	 done;			/* all rows have been taken, too */
	bool	 stopped;		/* by reading_stop() */
	size_t	 found;			/* files to be read */
	size_t	 read;
	size_t	 others;		/* JSON documents of another kind */
	size_t	 left_out;		/* files or folders beyond the bounds */
};

/* Files, and folders with all below them: what ends in ".json" there, and
 * whatever is called handover.json. Links that nobody named are not followed.
 * The newest files are read first. paths are copied. allowed: as for
 * review_seal(), borrowed until reading_free(). Returns owned. */
struct reading *reading_start(const struct strlist *paths,
	    const struct buf *allowed);
/* Readable when there is something to take. */
int	 reading_fd(const struct reading *r);
/* The rows since the last call, owned each, in an array of the caller's
 * (mem_grow) that *rows, *count tell of. Never waits. */
void	 reading_take(struct reading *r, struct review_row ***rows,
	    size_t *count, struct reading_state *state);
/* Begins no further file; what is being read comes still. */
void	 reading_stop(struct reading *r);
/* Until all is read or stopped, without anything else going on. */
void	 reading_wait(struct reading *r);
/* Stops and waits for the files that are being read. NULL is fine. */
void	 reading_free(struct reading *r);

#endif
