/* SPDX-License-Identifier: MIT */
/* Where the parts of an item stand, for drawing and for measuring alike. */
#ifndef TUI_PAGE_LAYOUT_H
#define TUI_PAGE_LAYOUT_H

#include "tui/screen/page.h"

#define PAGE_MARGIN 2	/* the focus sign and a space */
#define PAGE_WORD_COLS 11	/* of a state's word, with a space */
#define PAGE_BOX_COLS 4	/* "(*) " */
#define PAGE_BUTTON_COLS 6	/* around the label of the button */

/* The last column shows that there is more. */
int	 layout_body_cols(int ncols);
/* Where an item's text begins. */
int	 layout_text_col(int ncols, const struct item *i);
/* Where a field begins that stands beside its label. */
int	 layout_field_col(const struct page *p, const struct item *i);
bool	 layout_shares_line(const struct page *p, const struct item *i);

/* Behind the last column of rows. */
int	 layout_row_end(int ncols);
/* Of a row. Columns of 0 are not shown. */
struct row_fit {
	int	 text_col, text_cols;
	int	 note_col, note_cols;
	int	 value_col, value_cols;
	int	 width;		/* of all of it */
	bool	 cut;		/* something is not shown in full */
};
void	 layout_row(int ncols, const struct item *i, struct row_fit *fit);

#endif
