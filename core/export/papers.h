/* SPDX-License-Identifier: MIT */
/* The documents as sheets; each format is one of them and one writer. They
 * live in a, or in the job of opt. */
#ifndef EXPORT_PAPERS_H
#define EXPORT_PAPERS_H

#include "core/export/export.h"
#include "core/export/sheet/sheet.h"

/* NULL with err where handover.json, which the sheet names, cannot be made or
 * signed: no paper tells of a signature that there is not. */
const struct sheet *handover_sheet(struct arena *a, const struct record *r,
	    const struct export_options *opt, struct error *err);
const struct sheet *request_sheet(struct arena *a, const struct record *r,
	    const struct export_options *opt);

#endif
