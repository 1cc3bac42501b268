/* SPDX-License-Identifier: MIT */
/* How a site stands, in one line: what the lists of sites say of it, and no
 * more than its file knows. */
#ifndef TUI_VIEWS_STANDING_H
#define TUI_VIEWS_STANDING_H

#include "core/pack/pack.h"
#include "core/record/sitefile.h"
#include "tui/term/surface.h"

struct standing {
	const char *word;	/* N_(), at most 10 columns */
	enum glyph glyph;
	enum role role;
	const char *when;	/* of the last run, or NULL; translated */
	const char *why;	/* a sentence, or NULL; translated */
};

/* By today's packs and date: what was judged by others, or before an
 * acceptance ended, is told as of that day. Texts in a. */
void	 standing_tell(struct arena *a, const struct pack_set *packs,
	    const struct site_summary *s, struct standing *out);

#endif
