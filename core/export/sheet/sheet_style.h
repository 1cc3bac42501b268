/* SPDX-License-Identifier: MIT */
/* The look of papers in HTML. */
#ifndef EXPORT_SHEET_STYLE_H
#define EXPORT_SHEET_STYLE_H

#include "core/export/sheet/sheet.h"

#define WIDTH_STEPS 24	/* classes w0 to w24 share a table's width */

/* The style sheet, with the size of the pages and what stands on each. Holds
 * no "<" and nothing that was typed could end a string of it. */
void	 sheet_style(const struct sheet *s, struct buf *out);

#endif
