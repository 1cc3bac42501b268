/* SPDX-License-Identifier: MIT */
/* One document of a record, printed by a command. */
#ifndef TUI_FINDINGS_H
#define TUI_FINDINGS_H

#include "core/export/export.h"
#include "tui/commands/options.h"

/* Writes the document in o->format to o->out or standard output. EXIT_OK or
 * an exit status after a sentence. */
int	 document_write(const struct record *r, enum export_document d,
	    const struct options *o, enum request_scope scope);
/* Can the document be written as o asks? To be known before a check is run:
 * EXIT_OK, or an exit status after a sentence. */
int	 document_check(enum export_document d, const struct options *o);
/* The findings of the site file in o->args, without a run. */
int	 findings_print(const struct options *o);

#endif
