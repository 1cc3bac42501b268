/* SPDX-License-Identifier: MIT */
/* What the parts of the PDF writer share. A sheet goes through them in this
 * order: texts get their size (pdf_text.c), blocks become bands (pdf_flow.c),
 * bands get their place on a page (pdf_pages.c), pages are drawn
 * (pdf_draw.c). All lengths are points, 1/72 inch; y grows downwards. */
#ifndef EXPORT_PDF_H
#define EXPORT_PDF_H

#include "core/export/sheet/pdf_lib.h"
#include "core/export/sheet/sheet.h"

/* A sheet that is larger is refused. */
#define PDF_MAX_PAGES 2000
#define PDF_MAX_BYTES ((size_t)8 << 20)
#define PDF_BUCKETS 1024	/* a power of two */

enum pdf_style {
	PDF_TITLE,
	PDF_HEADING_1,
	PDF_HEADING_2,
	PDF_HEADING_3,
	PDF_BODY,
	PDF_LABEL,
	PDF_BOX_HEAD,
	PDF_CELL,
	PDF_CELL_HEAD,
	PDF_CODE,
	PDF_RUNNING,
	PDF_STATE,
	PDF_NSTYLES,
};

enum {
	PDF_AT_END = 1 << 0,	/* at the side where lines end */
	PDF_ONE_LINE = 1 << 1,	/* cut with an ellipsis */
};

/* A text within a width. What a paper says many times, such as the labels of
 * its rows, is one text. */
struct pdf_text {
	struct pdf_text *next;	/* in its bucket of pdf.bucket */
	const char *given;	/* what the caller said */
	const char *s;		/* what is drawn */
	enum pdf_style style;
	double	 width;
	bool	 is_ltr;	/* written from left to right */
	unsigned how;		/* PDF_AT_END ... */
	PangoLayout *layout;	/* NULL: made again when it is drawn */
	bool	 is_kept;	/* it is, until the paper is done */
	double	*line_y;	/* nlines + 1: top of each, and the end */
	int	 nlines;
};

/* An element of the document's structure; one id, one element. */
struct pdf_tag {
	const char *name;
	unsigned id;
};
#define PDF_TAGS 3

/* Lines of a text at a place of a band. */
struct pdf_cell {
	struct pdf_text *text;
	double	 x, y;
	int	 first, count;
	struct pdf_tag tag[PDF_TAGS];	/* outermost first; NULL name ends */
};

enum {
	PDF_RULE_TOP = 1 << 0,
	PDF_RULE_BOTTOM = 1 << 1,
	PDF_FRAME_TOP = 1 << 2,		/* of a box: all around, in parts */
	PDF_FRAME_SIDES = 1 << 3,
	PDF_FRAME_BOTTOM = 1 << 4,
	PDF_SHADE = 1 << 5,
	PDF_TONE = 1 << 6,		/* a bar at its side shows the tone */
	PDF_WRITE_LINE = 1 << 7,	/* at the bottom, from line_x on */
};

struct pdf_qr {
	const uint8_t *dark;
	int	 size;
	double	 x, y, side;	/* without the quiet zone */
	struct pdf_tag tag;
};

/* A strip of the page that is never cut. */
struct pdf_band {
	struct pdf_band *next;
	double	 gap;		/* above it, but not at the top of a page */
	double	 height;
	double	 x, width;
	double	 line_x;
	unsigned look;		/* PDF_RULE_TOP ... */
	enum sheet_tone tone;
	bool	 glue;		/* stays on one page with the next */
	unsigned row;		/* bands of one row are read cell by cell */
	struct pdf_cell *cell;
	size_t	 ncells;
	struct pdf_qr *qr;
	const struct pdf_band *head;	/* repeated above it on a new page */
	const char *outline;	/* a heading's text, or NULL */
	int	 level;
};

struct pdf_spot {
	const struct pdf_band *band;
	double	 y;
	int	 page;		/* from 0 on */
	bool	 repeated;
};

struct pdf {
	struct pdf_lib lib;
	const struct sheet *sheet;
	struct arena *arena;
	PangoFontMap *map;
	PangoContext *context;
	PangoContext *ltr;	/* of what is written from left to right
				 * in every language */
	PangoAttrList *attrs;
	PangoFontDescription *font[PDF_NSTYLES];
	struct pdf_text *bucket[PDF_BUCKETS];
	size_t	 kept;		/* bytes of texts whose layout is kept */
	/* the page, and the part of it that blocks fill */
	double	 page_width, page_height;
	double	 left, top, width, bottom;
	unsigned next_id;
	/* bands that wait for one that ends their group */
	struct pdf_band *first, *last;
	double	 waiting;	/* their height */
	bool	 wants_page;
	struct pdf_spot *spot;
	size_t	 nspots;
	int	 npages;
	double	 y;
	bool	 is_too_long;
	const char **figure;	/* what each shows, in their order */
	size_t	 nfigures;
	/* drawing */
	cairo_surface_t *surface;
	cairo_t	*cr;
	struct pdf_tag open[PDF_TAGS];
	int	 outline[3];	/* the last heading of each level */
};

/* pdf_text.c: ERR_SYSTEM where there is no font at all. */
int	 pdf_text_begin(struct pdf *p, struct error *err) MUST_CHECK;
void	 pdf_text_end(struct pdf *p);
/* Copies s. Perhaps a text that was made before. */
struct pdf_text *pdf_text_new(struct pdf *p, enum pdf_style style,
	    const char *s, double width, unsigned how);
double	 pdf_text_height(const struct pdf_text *t);

/* Some of its lines, their top left corner at x, y. */
void	 pdf_text_draw(struct pdf *p, struct pdf_text *t, int first, int count,
	    double x, double y);

/* pdf_flow.c: all blocks become bands, and those go to pdf_pages_add(). */
void	 pdf_flow(struct pdf *p);

/* pdf_pages.c */
void	 pdf_pages_begin(struct pdf *p);
void	 pdf_pages_add(struct pdf *p, struct pdf_band *b);
void	 pdf_pages_break(struct pdf *p);
void	 pdf_pages_end(struct pdf *p);

/* pdf_draw.c: the pages onto p->cr. */
void	 pdf_draw(struct pdf *p);

/* pdf_mend.c: completes the file that begins at `base` of out. */
void	 pdf_mend(struct pdf *p, struct buf *out, size_t base);

#endif
