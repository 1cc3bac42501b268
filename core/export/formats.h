/* SPDX-License-Identifier: MIT */
/* The descriptors of the formats, one a file, for export_table.c. */
#ifndef EXPORT_FORMATS_H
#define EXPORT_FORMATS_H

#include "core/export/export.h"

extern const struct export_format export_findings_text, export_findings_json,
    export_handover_text, export_handover_json, export_request_text,
    export_request_csv, export_request_json;

#endif
