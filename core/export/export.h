/* SPDX-License-Identifier: MIT */
/* Record to paper and files. A format is one file that ends in one const
 * descriptor, and one line in export_table.c. Nothing here touches a socket
 * or judges; the same record always gives the same bytes. */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/record/model.h"

enum export_document { EXPORT_HANDOVER, EXPORT_REQUEST, EXPORT_FINDINGS };
enum request_scope { SCOPE_NEEDED, SCOPE_ALL };

struct export_options {
	enum request_scope scope;
	int64_t	 now_us;		/* issue time */
	int	 ncols;			/* text: width, 80 by default */
	/* Findings as text: this requirement or product alone; or NULL. */
	const char *only;
};

struct export_format {
	enum export_document document;
	const char *name;		/* as --format says: "text" "json" */
	const char *file;		/* "firewall/rules.csv" */
	const char *label;		/* N_("Handover sheet, plain text") */
	int	(*write)(const struct record *r,
		    const struct export_options *opt, struct buf *out,
		    struct error *err);
};

extern const struct export_format *const export_formats[];
extern const size_t export_format_count;
const struct export_format *export_find(enum export_document d,
	    const char *name);
/* Writes every format of handover and request below dir (made if missing),
 * each atomically. wrote() is told each path. */
int	 export_all(const struct record *r, const struct export_options *opt,
	    const char *dir, void (*wrote)(void *arg, const char *path),
	    void *arg, struct error *err) MUST_CHECK;

#endif
