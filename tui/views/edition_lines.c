/* SPDX-License-Identifier: MIT */
/* Owns how the edition of a handover is told. */
#include "tui/views/edition_lines.h"

#include "core/base/i18n.h"
#include "core/record/edition.h"
#include "tui/work/words.h"

#define ID_COLS 40

void
edition_lines_build(struct page *p, const struct edition *e)
{
	struct arena *a = p->arena;

	if (edition_is_draft(e)) {
		page_text(p, ROLE_WARN, 0,
		    _("Document: a draft without a number; it was never "
		      "issued."))
		    ->glyph = GLYPH_WARN;
		return;
	}
	page_textf(p, ROLE_NORMAL, 0,
	    _("Document: %1$s, version %2$u, issued %3$s"),
	    words_clip(a, e->id, ID_COLS), e->version,
	    words_when(a, e->issued_us));
	if (e->supersedes != NULL && e->supersedes[0] != '\0')
		page_textf(p, ROLE_NORMAL, 0, _("It takes the place of %s."),
		    words_clip(a, e->supersedes, ID_COLS));
}
