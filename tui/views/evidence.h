/* SPDX-License-Identifier: MIT */
/* The parts of a page about what was found, for the views that tell it. */
#ifndef TUI_EVIDENCE_H
#define TUI_EVIDENCE_H

#include "core/base/buf.h"
#include "tui/screen/view.h"

/* How far the checks of n came, rung by rung, and where it ends. Nothing for
 * a need that is no flow. */
void	 evidence_build_ladder(struct page *p, const struct record *r,
	    const struct need *n);
/* All that was sent and seen for n, with times, and what of it is earlier;
 * rows lead to the raw facts. */
void	 evidence_build_seen(struct page *p, const struct record *r,
	    const struct need *n);
/* "UTC+01:00", what the times on this page are. */
char	*evidence_zone(struct arena *a, int64_t wall_us);
/* "2026-11-21 11:42:00.123", local */
char	*evidence_time(struct arena *a, int64_t wall_us);
/* An observation of now or of earlier, or NULL. */
const struct observation *evidence_find(const struct record *r,
	    const char *id);
/* An observation as JSON, with spaces. */
char	*evidence_json(struct arena *a, const struct observation *o);

/* Writes the top page as plain text to a file beside the site's, named after
 * it and `name`, and says its path. more() may add to the end, or is NULL.
 * Where there is such a file already it asks, and "yes" calls replace(), by
 * which it is called once more, with replace NULL. */
void	 evidence_copy(struct screen *sc, const char *name,
	    void (*more)(struct screen *sc, struct frame *f,
		struct buf *out), void (*replace)(struct screen *sc));

/* The title of a page that is mostly read: it has the focus at first, so that
 * the page opens at its top. */
#define EVIDENCE_TOP_ID "@top"
struct item *evidence_build_top(struct page *p, const char *title);

/* Row of an observation's raw facts: this and its id. */
#define EVIDENCE_RAW_ID "@raw:"

#endif
