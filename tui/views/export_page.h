/* SPDX-License-Identifier: MIT */
/* What the page of the papers shows; what is done there is in export.c. */
#ifndef TUI_EXPORT_PAGE_H
#define TUI_EXPORT_PAGE_H

#include "core/export/request/lint.h"
#include "tui/views/export_choice.h"

#define EXPORT_DIR_ID "export.dir"
#define EXPORT_PREVIEW_ID "@preview"
#define EXPORT_COMPARE_ID "@compare"
#define EXPORT_REVIEW_ID "@review"

/* Rows that lead to a page of their own. */
enum export_way {
	WAY_FIREWALLS, WAY_FILES, WAY_SHAPE, WAY_KEY, WAY_POINTS,
	EXPORT_NWAYS
};
extern const struct export_way_row {
	const char *id;
	const struct view *view;
} export_ways[EXPORT_NWAYS];

struct export_page {
	struct arena *arena;
	char	*dir;			/* as it is typed */
	char	*path;			/* whole; NULL: it cannot be used */
	bool	 exists;
	bool	*old;			/* of each format: is it there? */
	struct strlist unchanged;	/* of the last export, and as it was */
	struct arena *chosen;		/* of choice and without */
	struct paper_choice choice;
	struct strlist without;		/* files that are left out */
	struct arena *looked;		/* of lint; NULL: not worked out */
	struct lint lint;
	size_t	*sizes;			/* of each format */
	enum request_scope sized_scope;	/* what both were worked out for */
	enum sheet_size sized_size;
	char	 sized_language[SETTING_MAX];
	struct strlist written;		/* names, below the folder */
	struct strlist use;		/* and what to do with each */
	char	*signed_by;		/* fingerprint; "" = nobody */
	bool	 agreed;		/* that files there are replaced */
};

/* Files of an older export that would be replaced; and those that would go,
 * since they are in the new one no more and nobody changed them. */
size_t	 export_page_replaced(const struct export_page *s);
size_t	 export_page_dropped(const struct export_page *s);
void	 export_page_build(struct screen *sc, struct page *p,
	    const struct export_page *s);

#endif
