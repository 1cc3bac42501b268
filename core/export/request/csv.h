/* SPDX-License-Identifier: MIT */
/* Cells of a CSV file (RFC 4180) that no spreadsheet takes for a formula. */
#ifndef EXPORT_CSV_H
#define EXPORT_CSV_H

#include "core/base/buf.h"

/* Quoted where it must be. What begins with = + - @ or a control character
 * gets an apostrophe in front, also behind a semicolon or a line break inside:
 * not every reader parts cells as this file does. A tab is a space. */
void	 csv_cell(struct buf *out, const char *s);
/* count cells, commas between them, CRLF behind. */
void	 csv_line(struct buf *out, const char *const *cell, size_t count);

#endif
