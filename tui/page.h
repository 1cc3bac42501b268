/* SPDX-License-Identifier: MIT */
/* What fills the body of every view: a column of texts, fields, options and
 * rows that is built anew from the model before each drawing. The page keeps
 * what belongs to the user's eye and hand: the focus (by id, so that nothing
 * moves under the cursor), the scroll position, the text being typed. */
#ifndef TUI_PAGE_H
#define TUI_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "tui/surface.h"
#include "tui/ui.h"

enum item_kind {
	ITEM_TEXT, ITEM_HEADING, ITEM_FIELD, ITEM_OPTION, ITEM_CHECK,
	ITEM_ROW,
};

struct item {
	enum item_kind kind;
	const char *id;		/* NULL: cannot have the focus */
	const char *group;	/* Tab leaves it as one; NULL: alone */
	const char *text;
	const char *value;	/* field: its text; row: at the right */
	const char *note;	/* row: beside the text, where there is room */
	const char *word;	/* row, text: state, always said */
	enum glyph glyph;
	enum role role;
	const char *verb;	/* what Enter does, for the key bar */
	int	 indent;
	bool	 on;		/* option, check */
	size_t	 index;		/* the view's own */
	const void *data;	/* the view's own */
	int	 line;		/* layout: first line, number of lines */
	int	 nlines;
};

#define PAGE_NEXT_ID "@next"
#define PAGE_FIELD_MAX 1000	/* bytes of one field */

struct page {
	struct arena *arena;	/* dies with the next build */
	struct item *item;
	size_t	 nitems;
	const char *next;	/* label of the button below; NULL: none */
	const char *next_verb;	/* what Enter on it does; NULL: goes on */
	const char *first;	/* id that has the focus at first, or NULL */
	char	*focus;
	int	 top;		/* first line shown */
	int	 nlines;
	int	 nrows;		/* of the body, from the last layout */
	int	 ncols;
	bool	 reveal;	/* scroll to the focus at the next layout */
	char	*edit_id;	/* field whose text is in edit */
	struct buf edit;
	size_t	 cursor;	/* byte in edit */
};

void	 page_init(struct page *p);
void	 page_free(struct page *p);
void	 page_begin(struct page *p);		/* forgets the items */
/* Each returns the new item, for the caller to adjust; texts are borrowed
 * until the next page_begin(): constants, or from p->arena. */
struct item *page_text(struct page *p, enum role role, int indent,
	    const char *text);
struct item *page_textf(struct page *p, enum role role, int indent,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void	 page_blank(struct page *p);
struct item *page_heading(struct page *p, const char *text);
struct item *page_field(struct page *p, const char *id, const char *label,
	    const char *value);
struct item *page_option(struct page *p, const char *id, const char *group,
	    const char *text, bool on);
struct item *page_check(struct page *p, const char *id, const char *text,
	    bool on);
struct item *page_row(struct page *p, const char *id, const char *text);
/* Items are complete: settles the focus and loads the text of its field. */
void	 page_end(struct page *p);

/* NULL when the focus is on the button or nowhere. */
const struct item *page_focused(const struct page *p);
bool	 page_on_next(const struct page *p);
bool	 page_in_field(const struct page *p);
void	 page_focus(struct page *p, const char *id);
/* To the next or the previous row whose on is set; false when none is. */
bool	 page_seek(struct page *p, int direction);

enum page_event { PAGE_IGNORED, PAGE_HANDLED, PAGE_TYPED, PAGE_ACTIVATE };
enum page_event page_key(struct page *p, uint32_t key);

void	 page_draw(struct page *p, struct surface *s, int row, int nrows);

/* For page.c, page_keys.c and page_draw.c only. */
void	 page_layout(struct page *p, int nrows, int ncols);
void	 page_load_field(struct page *p);
bool	 page_edit_key(struct page *p, uint32_t key);

#endif
