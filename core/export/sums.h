/* SPDX-License-Identifier: MIT */
/* The list SHA256SUMS of an exported folder, held against the folder. Where
 * the set is signed, SHA256SUMS.sig is the signature of that list, and through
 * it of every file; without it the list shows accidents and no more, since
 * whoever changes a file can change the list. */
#ifndef EXPORT_SUMS_H
#define EXPORT_SUMS_H

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/base/mem.h"

#define SUMS_FILE "SHA256SUMS"
#define SUMS_SIGNATURE SUMS_FILE ".sig"
#define SUMS_NAMESPACE "sitewalk-sums"

enum sums_verdict {
	SUMS_WHOLE, SUMS_CHANGED, SUMS_MISSING, SUMS_ADDITIONAL,
	SUMS_UNREADABLE,
};

/* Tells each file of the list, then each that stands in the folder and in no
 * list. The list is a stranger's: names that lead out of the folder, or
 * through a link, are never followed. ERR_INPUT when there is no list or it
 * is none. Names are sanitised and live in a. *list: the very bytes that the
 * folder was held against; initialised by the caller. */
int	 sums_check(struct arena *a, const char *dir,
	    void (*tell)(void *arg, const char *name, enum sums_verdict v),
	    void *arg, struct buf *list, struct error *err) MUST_CHECK;
/* The files of the list that are still as they were written. */
void	 sums_unchanged(struct arena *a, const char *dir, struct strlist *out);

#endif
