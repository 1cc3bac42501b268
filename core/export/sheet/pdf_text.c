/* SPDX-License-Identifier: MIT */
/* Owns the fonts of a PDF, and how a text is broken into lines and drawn. */
#include "core/export/sheet/pdf.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"

/* Above this many bytes of text the lines are measured, forgotten, and made
 * again when they are drawn: a long paper takes longer, but no memory. */
#define KEEP_BYTES ((size_t)2 << 20)
/* A word longer than this can only be broken anywhere. Finding that out
 * takes Pango the square of its length, so it is told. */
#define WORD_MAX 200

#define ISOLATE_LEFT_TO_RIGHT "\xe2\x81\xa6" /* U+2066 */
#define ISOLATE_END "\xe2\x81\xa9"           /* U+2069 */

#define SANS "DejaVu Sans, sans-serif"
#define MONO "DejaVu Sans Mono, monospace"

static const struct {
	const char *font;
	double size;
	double leading; /* between its lines */
} styles[PDF_NSTYLES] = {
    [PDF_TITLE] = {SANS " bold", 17, 2},
    [PDF_HEADING_1] = {SANS " bold", 12, 2},
    [PDF_HEADING_2] = {SANS " bold", 10, 1.5},
    [PDF_HEADING_3] = {SANS " bold", 9, 1.5},
    [PDF_BODY] = {SANS, 9, 1.5},
    [PDF_LABEL] = {SANS " bold", 9, 1.5},
    [PDF_BOX_HEAD] = {SANS " bold", 11, 1.5},
    [PDF_CELL] = {SANS, 7.5, 1},
    [PDF_CELL_HEAD] = {SANS " bold", 7.5, 1},
    [PDF_CODE] = {MONO, 8, 1},
    [PDF_RUNNING] = {SANS, 7, 0},
    [PDF_STATE] = {SANS " bold", 9, 0},
};

static int
check_fonts(struct pdf *p, struct error *err)
{
	PangoFont *font = p->lib.pango_context_load_font(p->context,
	    p->font[PDF_BODY]);

	if (font != NULL) {
		p->lib.g_object_unref(font);
		return 0;
	}
	error_set(err, ERR_SYSTEM, "%s",
	    _("A PDF cannot be made here, because this computer has no "
	      "fonts."));
	error_hint(err, "%s",
	    _("Install a font (fonts-dejavu-core), or print the HTML form "
	      "from a browser."));
	return -1;
}

/* Lengths are those of the paper, not of anybody's screen. */
static void
forget_screen(const struct pdf *p, PangoContext *context)
{
	const struct pdf_lib *lib = &p->lib;
	cairo_font_options_t *options = lib->cairo_font_options_create();

	lib->cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	lib->cairo_font_options_set_hint_metrics(options,
	    CAIRO_HINT_METRICS_OFF);
	lib->pango_cairo_context_set_font_options(context, options);
	lib->cairo_font_options_destroy(options);
	lib->pango_context_set_round_glyph_positions(context, 0);
}

static PangoContext *
make_context(const struct pdf *p, PangoDirection direction)
{
	PangoContext *c = p->lib.pango_font_map_create_context(p->map);

	forget_screen(p, c);
	p->lib.pango_context_set_base_dir(c, direction);
	p->lib.pango_context_set_language(c,
	    p->lib.pango_language_from_string(p->sheet->language));
	return c;
}

int
pdf_text_begin(struct pdf *p, struct error *err)
{
	const struct pdf_lib *lib = &p->lib;
	int i;

	p->map = lib->pango_cairo_font_map_new();
	p->ltr = make_context(p, PANGO_DIRECTION_LTR);
	p->context = make_context(p,
	    p->sheet->rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
	/* A hyphen or a ligature within a host name would not be the name. */
	p->attrs = lib->pango_attr_list_new();
	lib->pango_attr_list_insert(p->attrs,
	    lib->pango_attr_insert_hyphens_new(0));
	lib->pango_attr_list_insert(p->attrs,
	    lib->pango_attr_font_features_new("liga 0"));
	for (i = 0; i < PDF_NSTYLES; i++) {
		p->font[i] = lib->pango_font_description_from_string(
		    styles[i].font);
		lib->pango_font_description_set_absolute_size(p->font[i],
		    styles[i].size * PANGO_SCALE);
	}
	return check_fonts(p, err);
}

static void
drop_layout(const struct pdf *p, struct pdf_text *t)
{
	if (t->layout != NULL)
		p->lib.g_object_unref(t->layout);
	t->layout = NULL;
}

void
pdf_text_end(struct pdf *p)
{
	struct pdf_text *t;
	int i;

	for (i = 0; i < PDF_BUCKETS; i++) {
		for (t = p->bucket[i]; t != NULL; t = t->next)
			drop_layout(p, t);
	}
	for (i = 0; i < PDF_NSTYLES; i++) {
		if (p->font[i] != NULL)
			p->lib.pango_font_description_free(p->font[i]);
	}
	if (p->attrs != NULL)
		p->lib.pango_attr_list_unref(p->attrs);
	if (p->ltr != NULL)
		p->lib.g_object_unref(p->ltr);
	if (p->context != NULL)
		p->lib.g_object_unref(p->context);
	if (p->map != NULL)
		p->lib.g_object_unref(p->map);
}

/* Letters of the scripts that are written from right to left. */
static bool
has_rtl(const char *s)
{
	uint32_t cp;
	int len;

	for (; *s != '\0' && (len = text_decode(s, strlen(s), &cp)) > 0;
	     s += len) {
		if ((cp >= 0x590 && cp <= 0x8ff) ||
		    (cp >= 0xfb1d && cp <= 0xfdff) ||
		    (cp >= 0xfe70 && cp <= 0xfefe) ||
		    (cp >= 0x10800 && cp <= 0x10fff) ||
		    (cp >= 0x1e800 && cp <= 0x1efff))
			return true;
	}
	return false;
}

/* In a text that is written from right to left, "443/tcp" must not become
 * "tcp/443". */
static const char *
isolate(struct pdf *p, const char *s)
{
	struct buf out;
	size_t len;
	bool technical;

	buf_init(&out, 8 * strlen(s) + 1);
	for (; (len = sheet_run(s, &technical)) > 0; s += len) {
		if (technical)
			buf_adds(&out, ISOLATE_LEFT_TO_RIGHT);
		buf_add(&out, s, len);
		if (technical)
			buf_adds(&out, ISOLATE_END);
	}
	s = arena_strdup(p->arena, buf_str(&out));
	buf_free(&out);
	return s;
}

static bool
has_endless_word(const char *s)
{
	size_t len;

	for (; *s != '\0'; s += len) {
		len = strcspn(s, " \n");
		if (len > WORD_MAX)
			return true;
		len += strspn(s + len, " \n");
	}
	return false;
}

static PangoLayout *
make_layout(const struct pdf *p, const struct pdf_text *t)
{
	const struct pdf_lib *lib = &p->lib;
	PangoLayout *l = lib->pango_layout_new(t->is_ltr ? p->ltr : p->context);
	bool anywhere = t->style == PDF_CODE || has_endless_word(t->s);
	bool at_end = (t->how & PDF_AT_END) != 0;
	bool rtl = p->sheet->rtl && t->style != PDF_CODE;

	lib->pango_layout_set_font_description(l, p->font[t->style]);
	lib->pango_layout_set_attributes(l, p->attrs);
	/* The language's direction, whatever letters the text begins with. */
	lib->pango_layout_set_auto_dir(l, 0);
	lib->pango_layout_set_alignment(l,
	    rtl != at_end ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	lib->pango_layout_set_width(l, (int)(t->width * PANGO_SCALE));
	lib->pango_layout_set_wrap(l,
	    anywhere ? PANGO_WRAP_CHAR : PANGO_WRAP_WORD_CHAR);
	if ((t->how & PDF_ONE_LINE) != 0)
		lib->pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
	lib->pango_layout_set_spacing(l,
	    (int)(styles[t->style].leading * PANGO_SCALE));
	lib->pango_layout_set_text(l, t->s, -1);
	return l;
}

/* Where each line begins, with its share of the leading. */
static void
measure(struct pdf *p, struct pdf_text *t)
{
	const struct pdf_lib *lib = &p->lib;
	PangoLayoutIter *iter;
	int i, top, end = 0;

	t->nlines = lib->pango_layout_get_line_count(t->layout);
	t->line_y = arena_array(p->arena, (size_t)t->nlines + 1,
	    sizeof *t->line_y);
	iter = lib->pango_layout_get_iter(t->layout);
	for (i = 0; i < t->nlines; i++) {
		lib->pango_layout_iter_get_line_yrange(iter, &top, &end);
		t->line_y[i] = (double)top / PANGO_SCALE;
		lib->pango_layout_iter_next_line(iter);
	}
	t->line_y[t->nlines] = (double)end / PANGO_SCALE;
	lib->pango_layout_iter_free(iter);
}

/* FNV-1a; the width and the way are left to the comparison. */
static struct pdf_text **
bucket_of(struct pdf *p, enum pdf_style style, const char *s)
{
	uint32_t h = 2166136261U ^ (uint32_t)style;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619U;
	return &p->bucket[(h ^ h >> 16) % PDF_BUCKETS];
}

struct pdf_text *
pdf_text_new(struct pdf *p, enum pdf_style style, const char *s, double width,
    unsigned how)
{
	struct pdf_text **bucket = bucket_of(p, style, s), *t;

	for (t = *bucket; t != NULL; t = t->next) {
		if (t->style == style && t->how == how && !(t->width < width) &&
		    !(t->width > width) && strcmp(t->given, s) == 0)
			return t;
	}
	t = arena_alloc(p->arena, sizeof *t);
	t->next = *bucket;
	*bucket = t;
	/* Also in a language from right to left, what has none of its letters
	 * is a name, an address or a command: as it is, but at that side. */
	t->is_ltr = !p->sheet->rtl || style == PDF_CODE || !has_rtl(s);
	t->given = arena_strdup(p->arena, s);
	t->s = t->is_ltr ? t->given : isolate(p, s);
	t->style = style;
	t->width = width;
	t->how = how;
	t->layout = make_layout(p, t);
	measure(p, t);
	p->kept += strlen(t->s);
	t->is_kept = p->kept <= KEEP_BYTES;
	if (!t->is_kept)
		drop_layout(p, t);
	return t;
}

double
pdf_text_height(const struct pdf_text *t)
{
	return t->line_y[t->nlines];
}

void
pdf_text_draw(struct pdf *p, struct pdf_text *t, int first, int count, double x,
    double y)
{
	const struct pdf_lib *lib = &p->lib;
	PangoLayoutIter *iter;
	PangoRectangle area;
	int i;

	if (t->layout == NULL)
		t->layout = make_layout(p, t);
	iter = lib->pango_layout_get_iter(t->layout);
	for (i = 0; i < first + count && i < t->nlines; i++) {
		if (i >= first) {
			double base = lib->pango_layout_iter_get_baseline(iter);

			lib->pango_layout_iter_get_line_extents(iter, NULL,
			    &area);
			lib->cairo_move_to(p->cr,
			    x + (double)area.x / PANGO_SCALE,
			    y + base / PANGO_SCALE - t->line_y[first]);
			lib->pango_cairo_show_layout_line(p->cr,
			    lib->pango_layout_iter_get_line_readonly(iter));
		}
		lib->pango_layout_iter_next_line(iter);
	}
	lib->pango_layout_iter_free(iter);
	if (i == t->nlines && !t->is_kept)
		drop_layout(p, t);
}
