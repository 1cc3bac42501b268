/* SPDX-License-Identifier: MIT */
/* Record to paper and files. A format is one file that ends in one const
 * descriptor, and one line in export_table.c. Nothing here touches a socket
 * or judges; the same record always gives the same bytes. */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/export/sheet/sheet.h"
#include "core/record/model.h"
#include "core/record/seal.h"

struct dialect;
struct export_job;

enum export_document { EXPORT_HANDOVER, EXPORT_REQUEST, EXPORT_FINDINGS };
/* What somebody wants who chooses among the formats. */
enum export_group {
	EXPORT_NO_GROUP,	/* of no folder */
	EXPORT_SHEET, EXPORT_CHANGE, EXPORT_TICKETS, EXPORT_LISTS,
	EXPORT_RULES,		/* of a firewall */
};
#define EXPORT_NGROUPS (EXPORT_RULES + 1)
enum request_scope { SCOPE_NEEDED, SCOPE_ALL };

/* What only the desk knows of a row; NULL or "": nothing. */
struct export_retest_row {
	const char *rule_id;
	const char *status;		/* "verified", "requested" ... */
	const char *owner, *approver, *change_ref;
	const char *valid_from, *expires; /* days, as 2026-12-31 */
};

/* A request whose rows were measured again: it keeps its rows, whatever the
 * scope would ask for now, and what the desk wrote into it. */
struct export_retest {
	const struct export_retest_row *row; /* ascending by rule_id */
	size_t	 count;
	struct strlist gone;		/* rule ids that are asked no more */
	const char *id;			/* of the request */
	const char *supersedes;		/* SHA-256 of the request before */
	unsigned times;			/* measured again so often, with this */
	/* Names and contacts; the window of the change; or NULL. */
	const char *approver, *approver_contact;
	const char *implementer, *implementer_contact;
	const char *window_start, *window_end;
};

struct export_options {
	enum request_scope scope;
	int64_t	 now_us;		/* issue time */
	int	 ncols;			/* text: width, 80 by default */
	/* Findings as text: this requirement or product alone; or NULL. */
	const char *only;
	/* All documents: files that are left out; or NULL. */
	const struct strlist *without;
	enum sheet_size size;		/* of PDF and HTML pages */
	struct signer *signer;		/* NULL: unsigned, and it says so */
	const struct export_retest *retest; /* request: or NULL */
	/* Shared by the files of one set, see job.h; else NULL. */
	struct export_job *job;
};

struct export_format {
	enum export_document document;
	enum export_group group;
	/* EXPORT_RULES: whose language it is; a name, so it is the same in
	 * all languages. Formats of one firewall share it. */
	const char *firewall;
	const char *name;		/* as --format says: "text" "json" */
	bool	 binary;		/* nothing for a terminal */
	const char *file;		/* "firewall/rules.csv" */
	const char *label;		/* N_("Handover sheet, plain text") */
	const char *use;		/* N_(): what to do with the file; NULL
					 * where it is of no folder */
	int	(*write)(const struct record *r,
		    const struct export_options *opt, struct buf *out,
		    struct error *err);
	const struct dialect *dialect;	/* instead of write */
};

extern const struct export_format *const export_formats[];
extern const size_t export_format_count;
const struct export_format *export_find(enum export_document d,
	    const char *name);
/* One document, by its write() or in its dialect. */
int	 export_write(const struct export_format *f, const struct record *r,
	    const struct export_options *opt, struct buf *out,
	    struct error *err) MUST_CHECK;
/* Is f among the documents that export_all() writes with opt? */
bool	 export_has(const struct export_options *opt,
	    const struct export_format *f);
/* The namespace of the signature that stands beside the file of f; NULL: it
 * gets none. */
const char *export_namespace(const struct export_format *f);
/* How many bytes each of export_formats[] would be now; 0 for what is not
 * written. */
int	 export_measure(const struct record *r,
	    const struct export_options *opt, size_t *sizes,
	    struct error *err) MUST_CHECK;
/* Writes every format of handover and request below dir (made if missing),
 * all of the record as it is at this moment; beside the JSON of each its .sig,
 * and SHA256SUMS.sig, when there is a signer; and SHA256SUMS. The set changes
 * as a whole, see
 * core/base/fileset.h: a kill leaves the old one or the new one, or (where
 * the disk cannot do that) one without SHA256SUMS. Nothing is written when
 * one of them cannot be made. What else stands in dir stays. wrote() is told
 * each path. */
int	 export_all(const struct record *r, const struct export_options *opt,
	    const char *dir, void (*wrote)(void *arg, const char *path),
	    void *arg, struct error *err) MUST_CHECK;

#endif
