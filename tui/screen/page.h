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
#include "tui/term/surface.h"
#include "tui/term/ui.h"

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
	const char *note;	/* row, field: beside it, where there is room */
	const char *word;	/* row, text: state, always said */
	enum glyph glyph;
	enum role role;
	const char *verb;	/* what Enter does, for the key bar */
	int	 indent;
	bool	 hint;		/* text: about keys, so for the screen only */
	bool	 on;		/* option, check */
	bool	 submit;	/* field: Enter activates it */
	bool	 numbered;	/* row: its text begins with a number, which
				 * lines leave out: they have their own */
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
	size_t	 at;		/* where the focus was found last */
	int	 top;		/* first line shown */
	int	 nlines;
	int	 nrows;		/* of the body, from the last layout */
	int	 ncols;
	bool	 reveal;	/* scroll to the focus at the next layout */
	bool	 seen;		/* the focus was in sight at the last layout */
	bool	 compact;	/* no room for empty lines */
	int	 details;	/* lines that the longest row needs below */
	char	*found;		/* text that is looked for, or NULL */
	size_t	 found_item;
	bool	 show_found;	/* scroll to it at the next layout */
	char	*edit_id;	/* field whose text is in edit */
	struct buf edit;
	size_t	 cursor;	/* byte in edit */
	char	*killed;	/* what was deleted last, or NULL */
	bool	 killing;	/* by the key before this one */
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
/* Tells which keys do what on the screen; line mode leaves it out. */
struct item *page_hint(struct page *p, const char *text);
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
/* Puts text, as far as a field can hold it, into the field that is being
 * edited. */
void	 page_set_field(struct page *p, const char *text);
/* To the next or the previous row whose on is set; false when none is. */
bool	 page_seek(struct page *p, int direction);
/* Tab leads somewhere. */
bool	 page_has_parts(const struct page *p);

struct page_count {
	size_t	 nth;		/* from 1 */
	size_t	 count;
};
/* Goes to the first item from the given one on, round the end, that holds
 * text; focuses it if it can have the focus, else scrolls to the line and
 * marks it. False when none does. */
bool	 page_find(struct page *p, const char *text, size_t from,
	    int direction, struct page_count *count);
/* Whether the item holds text. */
bool	 page_holds(const struct item *i, const char *text);
/* The item found, else the one with the focus if that is in sight, else the
 * first in sight. */
size_t	 page_place(const struct page *p);
void	 page_forget_found(struct page *p);

enum page_event { PAGE_IGNORED, PAGE_HANDLED, PAGE_TYPED, PAGE_ACTIVATE };
enum page_event page_key(struct page *p, uint32_t key);

void	 page_draw(struct page *p, struct surface *s, int row, int nrows);
/* The last `covered` lines may be drawn over by the caller afterwards: what
 * has the focus never lies there. */
void	 page_draw_covered(struct page *p, struct surface *s, int row,
	    int nrows, int covered);
/* About how many lines, at most `most`, the fullest row or button needs that
 * does not fit into ncols; never less than before as long as the width is the
 * same, so that nothing moves with the focus. */
int	 page_detail_lines(struct page *p, int ncols, int most);
/* All of the row or button that has the focus when it does not fit, else
 * NULL; in the page's arena. */
const char *page_detail(const struct page *p, int ncols);

/* The whole page as plain text of at most ncols columns, ASCII signs. */
void	 page_to_text(const struct page *p, int ncols, struct buf *out);

/* For page.c, page_keys.c and page_draw.c only. */
void	 page_layout(struct page *p, int nrows, int ncols);
void	 page_load_field(struct page *p);
bool	 page_edit_key(struct page *p, uint32_t key);

#endif
