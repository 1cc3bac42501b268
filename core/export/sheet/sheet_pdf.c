/* SPDX-License-Identifier: MIT */
/* Owns writing a sheet as PDF. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/export/sheet/pdf.h"

#define CREATOR "sitewalk " SITEWALK_VERSION

/* ISO 216 and ANSI Y14.1 */
static const struct {
	double width, height;
} sizes[] = {
    [SHEET_A4] = {210 / 25.4 * 72, 297 / 25.4 * 72},
    [SHEET_LETTER] = {612, 792},
};
#define MARGIN_SIDE 54.0 /* 19 mm: room for the holes of a folder */
#define MARGIN_TOP 62.0
#define MARGIN_BOTTOM 62.0

static cairo_status_t
take(void *arg, const unsigned char *data, unsigned len)
{
	struct buf *out = arg;

	buf_add(out, data, len);
	return out->overflowed ? CAIRO_STATUS_WRITE_ERROR :
				 CAIRO_STATUS_SUCCESS;
}

/* What the libraries have to say is nothing for the person at the screen,
 * and would be written all over it. */
static void
hush(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer arg)
{
	(void)domain;
	(void)level;
	(void)text;
	(void)arg;
}

static int
too_long(struct error *err)
{
	return error_set(err, ERR_INPUT,
	    _("The paper would have more than %d pages, so no PDF is made."),
	    PDF_MAX_PAGES);
}

static size_t
table_bytes(const struct sheet_block *b)
{
	size_t i, c, bytes = 0;

	for (i = 0; i < b->nrows; i++) {
		for (c = 0; c < b->ncolumns; c++)
			bytes += strlen(b->row[i].cell[c]);
	}
	return bytes;
}

static size_t
sheet_bytes(const struct sheet *s)
{
	size_t i, k, bytes = 0;

	for (i = 0; i < s->count; i++) {
		const struct sheet_block *b = &s->block[i];

		bytes += b->text == NULL ? 0 : strlen(b->text);
		bytes += b->label == NULL ? 0 : strlen(b->label);
		for (k = 0; k < b->nlines; k++)
			bytes += strlen(b->line[k]);
		bytes += table_bytes(b);
	}
	return bytes;
}

static void
set_page(struct pdf *p)
{
	p->page_width = sizes[p->sheet->size].width;
	p->page_height = sizes[p->sheet->size].height;
	p->left = MARGIN_SIDE;
	p->top = MARGIN_TOP;
	p->width = p->page_width - 2 * MARGIN_SIDE;
	p->bottom = p->page_height - MARGIN_BOTTOM;
}

static void
set_properties(const struct pdf *p)
{
	const struct sheet *s = p->sheet;
	char time[CLOCK_ISO_SIZE];
	const struct {
		cairo_pdf_metadata_t name;
		const char *value;
	} all[] = {
	    {CAIRO_PDF_METADATA_TITLE, s->title},
	    {CAIRO_PDF_METADATA_AUTHOR, s->author},
	    {CAIRO_PDF_METADATA_SUBJECT, s->running},
	    {CAIRO_PDF_METADATA_CREATOR, CREATOR},
	    {CAIRO_PDF_METADATA_CREATE_DATE,
		clock_iso(s->issued_us, false, time)},
	    {CAIRO_PDF_METADATA_MOD_DATE, time},
	};
	size_t i;

	for (i = 0; i < sizeof all / sizeof *all; i++) {
		if (all[i].value != NULL && all[i].value[0] != '\0')
			p->lib.cairo_pdf_surface_set_metadata(p->surface,
			    all[i].name, all[i].value);
	}
}

static int
draw(struct pdf *p, struct buf *out, struct error *err)
{
	const struct pdf_lib *lib = &p->lib;
	cairo_status_t status;
	size_t base = out->len;

	p->surface = lib->cairo_pdf_surface_create_for_stream(take, out,
	    p->page_width, p->page_height);
	set_properties(p);
	p->cr = lib->cairo_create(p->surface);
	pdf_draw(p);
	status = lib->cairo_status(p->cr);
	lib->cairo_destroy(p->cr);
	lib->cairo_surface_finish(p->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = lib->cairo_surface_status(p->surface);
	lib->cairo_surface_destroy(p->surface);
	if (status != CAIRO_STATUS_SUCCESS && !out->overflowed)
		return error_set(err, ERR_INTERNAL,
		    _("The PDF cannot be made: %s."),
		    lib->cairo_status_to_string(status));
	pdf_mend(p, out, base);
	return 0;
}

static int
write_pages(struct pdf *p, struct buf *out, struct error *err)
{
	int rc = pdf_text_begin(p, err);

	if (rc == 0) {
		set_page(p);
		pdf_flow(p);
		rc = p->is_too_long ? too_long(err) : draw(p, out, err);
	}
	pdf_text_end(p);
	return rc;
}

int
sheet_write_pdf(const struct sheet *s, struct buf *out, struct error *err)
{
	struct pdf p = {0};
	GLogFunc before;
	int rc;

	if (sheet_bytes(s) > PDF_MAX_BYTES)
		return too_long(err);
	if (pdf_lib_open(&p.lib, err) != 0)
		return -1;
	p.arena = arena_new();
	p.sheet = sheet_clean(p.arena, s);
	before = p.lib.g_log_set_default_handler(hush, NULL);
	rc = write_pages(&p, out, err);
	p.lib.g_log_set_default_handler(before, NULL);
	arena_free(p.arena);
	pdf_lib_close(&p.lib);
	return rc;
}
