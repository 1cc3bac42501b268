/* SPDX-License-Identifier: MIT */
/* Bytes as they come to whole lines of safe text. Pure. */
#ifndef TUI_LINE_READER_H
#define TUI_LINE_READER_H

#include "core/base/buf.h"
#include "tui/screen/page.h"

struct reader {
	struct buf line;
	size_t	 len;		/* of the line, also what was not kept */
	bool	 whole;		/* it is; the next byte begins another */
};

enum line_kind {
	LINE_NONE,		/* no whole line yet */
	LINE_TEXT,
	LINE_LONG,		/* more than PAGE_FIELD_MAX bytes: none kept */
	LINE_UNSAFE,		/* a key or a byte that is no text */
};

void	 reader_init(struct reader *r);
void	 reader_free(struct reader *r);
/* Takes bytes up to the end of a line; *used says how many. The text is in
 * r->line until the next call: without spaces around it. */
enum line_kind reader_feed(struct reader *r, const char *data, size_t len,
	    size_t *used);
/* No more bytes come: what stands there without an end, as a line. */
enum line_kind reader_end(struct reader *r);

#endif
