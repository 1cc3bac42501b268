/* SPDX-License-Identifier: MIT */
/* One handover among many: what a table tells of it. Everything in it is
 * foreign. Reading one touches nothing that another thread has. */
#ifndef TUI_REVIEW_ROW_H
#define TUI_REVIEW_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/record/model.h"
#include "tui/work/review_seal.h"

/* What the file itself says. */
enum review_verdict {
	REVIEW_REFUSED,		/* unreadable, or changed since it was
				 * sealed: `problem` says which */
	REVIEW_NOT_READY, REVIEW_WITH_DEVIATIONS, REVIEW_READY,
	REVIEW_SILENT,		/* it does not say: an old one */
	REVIEW_VERDICTS,
};

/* Owned as one; all texts are sanitised, valid UTF-8, and never NULL. */
struct review_row {
	char	*path;			/* to open it; the file's own bytes */
	char	*file;			/* the same, to be shown */
	char	*site;
	char	*document;		/* "HO-0123456789ab", or "" */
	unsigned version;
	int64_t	 checked_us;		/* 0: never */
	int64_t	 changed_us;		/* the file */
	bool	 complete;
	enum review_verdict verdict;
	enum seal_verdict seal;
	bool	 seal_known;		/* it was looked at */
	char	*key;			/* who signed, or "" */
	bool	 judged;		/* held against a list of keys */
	enum allowed allowed;
	char	*principal;		/* whose key it is, or "" */
	char	*supersedes;		/* document that it takes the place of,
					 * or "" */
	const struct review_row *newer;	/* what takes its place, by
					 * whoever has them all; or NULL */
	bool	 redacted;
	char	*cause;			/* the first one, or "" */
	char	*whose;
	size_t	 more;			/* causes beside the first */
	char	*problem;		/* "" where it could be read */
	char	*brief;			/* kept by whoever shows it, or NULL */
};

/* Reads it, checks the seal, and parses what the table needs; what opening the
 * file would refuse is told as far as it can be seen that fast. asked:
 * somebody named this file; one that nobody named and that is a JSON document
 * of another kind gives NULL. Never follows a link that nobody named. Returns
 * owned. */
struct review_row *review_row_read(const char *path, bool asked,
	    const struct buf *allowed);
/* What cannot be read at all. Returns owned. */
struct review_row *review_row_refuse(const char *path, const char *problem);
void	 review_row_free(struct review_row *r);	/* NULL is fine */

const char *review_verdict_name(enum review_verdict v);	/* in files */
const char *review_verdict_label(enum review_verdict v); /* translated */
/* For sorting: the newest check first; what was never checked and what cannot
 * be read by the day of the file; then by name. */
int	 review_row_order(const struct review_row *x,
	    const struct review_row *y);

/* Which rows are shown. */
struct review_filter {
	const char *text;	/* words that all stand in it; NULL = all */
	unsigned verdicts;	/* bits; 0 = all */
	unsigned seals;
};
bool	 review_row_matches(const struct review_row *r,
	    const struct review_filter *f);

#endif
