/* SPDX-License-Identifier: MIT */
/* Owns papers as one HTML file that stands alone: no script, nothing loaded
 * from anywhere, readable on a screen, on a phone and on paper.
 *
 * The pages of a print are made by the browser, which alone knows how large
 * its letters are: margin boxes of CSS carry the document's name and "page x
 * of y". What was typed by anybody stands between tags only: in no attribute,
 * address or style. */
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/sheet/sheet.h"
#include "core/export/sheet/sheet_style.h"

#define STYLE_MAX ((size_t)64 << 10)
#define DEEPEST 3
#define QUIET 4 /* squares of white around a QR code */

struct html {
	const struct sheet *sheet;
	struct buf *out;
	size_t at;           /* the block that is written */
	const char *heading; /* the last one */
};

static const char *const tones[] = {
    [TONE_PLAIN] = "",
    [TONE_GOOD] = "good",
    [TONE_CAUTION] = "caution",
    [TONE_BAD] = "bad",
};

/* The only way for any text into the file is buf_add_markup(). */
static void
add_text(const struct html *h, const char *s)
{
	bool technical;
	size_t n;

	if (!h->sheet->rtl) {
		buf_add_markup(h->out, s, strlen(s));
		return;
	}
	for (; (n = sheet_run(s, &technical)) > 0; s += n) {
		buf_adds(h->out, technical ? "<bdi dir=\"ltr\">" : "");
		buf_add_markup(h->out, s, n);
		buf_adds(h->out, technical ? "</bdi>" : "");
	}
}

/* Between words from right to left there may be whole sentences that are not,
 * such as a note that somebody typed. */
static const char *
direction(const struct html *h)
{
	return h->sheet->rtl ? " dir=\"auto\"" : "";
}

static int
level_of(const struct sheet_block *b)
{
	return b->level < 0 ? 0 : b->level > DEEPEST ? DEEPEST : b->level;
}

static void
write_title(struct html *h, const struct sheet_block *b)
{
	buf_addf(h->out, "<h1%s>", direction(h));
	add_text(h, b->text);
	buf_adds(h->out, "</h1>\n");
}

static void
write_heading(struct html *h, const struct sheet_block *b)
{
	int level = level_of(b) < 1 ? 1 : level_of(b);

	h->heading = b->text;
	buf_addf(h->out, "<h%d%s>", level + 1, direction(h));
	add_text(h, b->text);
	buf_addf(h->out, "</h%d>\n", level + 1);
}

static void
write_text(struct html *h, const struct sheet_block *b)
{
	buf_addf(h->out, "<p class=\"l%d%s\"%s>", level_of(b),
	    b->keep ? " keep" : "", direction(h));
	add_text(h, b->text);
	buf_adds(h->out, "</p>\n");
}

static bool
is_field(const struct sheet_block *b)
{
	return b->kind == SHEET_FIELD || b->kind == SHEET_WRITE_ON;
}

/* "3.": the number of what stands beside it. */
static bool
is_number(const char *label)
{
	size_t n = strspn(label, "0123456789");

	return n > 0 && label[n] == '.' && label[n + 1] == '\0';
}

/* Fields that follow each other are one list. */
static bool
goes_on(const struct html *h, size_t at)
{
	const struct sheet_block *b = &h->sheet->block[at];

	return at > 0 && is_field(b) && is_field(b - 1) &&
	    level_of(b) == level_of(b - 1) && b->tone == TONE_PLAIN &&
	    !is_number(b->label);
}

static void
write_field(struct html *h, const struct sheet_block *b)
{
	bool first = !goes_on(h, h->at);
	bool last = h->at + 1 == h->sheet->count || !goes_on(h, h->at + 1);
	bool labelled = b->label[0] != '\0' || first;

	if (first)
		buf_addf(h->out, "<dl class=\"l%d%s%s%s\">\n", level_of(b),
		    is_number(b->label) ? " number" : "",
		    b->tone != TONE_PLAIN ? " mark " : "", tones[b->tone]);
	if (labelled) {
		buf_addf(h->out, "<div><dt%s>", direction(h));
		add_text(h, b->label);
		buf_adds(h->out, "</dt>");
	}
	buf_addf(h->out, "<dd%s%s>",
	    b->kind == SHEET_WRITE_ON ? " class=\"write\"" : "", direction(h));
	add_text(h, b->text);
	buf_adds(h->out, "</dd>");
	/* a field without a label goes on with the one above */
	if (last || (b + 1)->label[0] != '\0')
		buf_adds(h->out, "</div>\n");
	if (last)
		buf_adds(h->out, "</dl>\n");
}

static void
write_sides(struct html *h, const struct sheet_block *b)
{
	buf_addf(h->out, "<p class=\"sides l%d\"><span%s>", level_of(b),
	    direction(h));
	add_text(h, b->label);
	buf_addf(h->out, "</span> <span%s>", direction(h));
	add_text(h, b->text);
	buf_adds(h->out, "</span></p>\n");
}

static void
write_box(struct html *h, const struct sheet_block *b)
{
	size_t i;

	buf_addf(h->out, "<div class=\"box %s\">\n", tones[b->tone]);
	for (i = 0; i < b->nlines; i++) {
		buf_addf(h->out, "<p%s>", direction(h));
		add_text(h, b->line[i]);
		buf_adds(h->out, "</p>\n");
	}
	buf_adds(h->out, "</div>\n");
}

static void
write_row(struct html *h, const struct sheet_block *b,
    const struct sheet_row *row)
{
	size_t i;

	buf_addf(h->out, "<tr%s%s%s>",
	    row->tone != TONE_PLAIN ? " class=\"" : "", tones[row->tone],
	    row->tone != TONE_PLAIN ? "\"" : "");
	for (i = 0; i < b->ncolumns; i++) {
		/* On a phone each row is a card, and each cell has its title
		 * before it; on paper and to a screen reader the head says
		 * it. */
		buf_adds(h->out, i == 0 ? "<th scope=\"row\"" : "<td");
		buf_adds(h->out,
		    row->cell[i][0] == '\0' ? " class=\"empty\">" : ">");
		buf_adds(h->out, "<span class=\"title\" aria-hidden=\"true\">");
		add_text(h, b->column[i].title);
		buf_addf(h->out, "</span><span%s>", direction(h));
		add_text(h, row->cell[i]);
		buf_adds(h->out, i == 0 ? "</span></th>" : "</span></td>");
	}
	buf_adds(h->out, "</tr>\n");
}

static void
write_table(struct html *h, const struct sheet_block *b)
{
	bool named = b->label[0] != '\0';
	size_t i;
	int total = 0;

	for (i = 0; i < b->ncolumns; i++)
		total += b->column[i].share > 0 ? b->column[i].share : 1;
	buf_addf(h->out, "<table class=\"l%d\">\n<caption%s>", level_of(b),
	    named ? "" : " class=\"unseen\"");
	add_text(h, named ? b->label : h->heading);
	buf_adds(h->out, "</caption>\n<thead><tr>");
	for (i = 0; i < b->ncolumns; i++) {
		buf_addf(h->out, "<th scope=\"col\" class=\"w%d\">",
		    (b->column[i].share > 0 ? b->column[i].share : 1) *
			WIDTH_STEPS / total);
		add_text(h, b->column[i].title);
		buf_adds(h->out, "</th>");
	}
	buf_adds(h->out, "</tr></thead>\n<tbody>\n");
	for (i = 0; i < b->nrows; i++)
		write_row(h, b, &b->row[i]);
	buf_adds(h->out, "</tbody>\n</table>\n");
}

static void
write_code(struct html *h, const struct sheet_block *b)
{
	/* the first newline after <pre> is not part of it */
	buf_adds(h->out, "<pre dir=\"ltr\">\n");
	buf_add_markup(h->out, b->text, strlen(b->text));
	buf_adds(h->out, "</pre>\n");
}

/* Runs of dark squares, in a field that is white in the dark too. */
static void
add_squares(struct html *h, const uint8_t *dark, int size)
{
	int x, y, n;

	buf_addf(h->out,
	    "<svg viewBox=\"%d %d %d %d\" role=\"img\" "
	    "shape-rendering=\"crispEdges\"><title>",
	    -QUIET, -QUIET, size + 2 * QUIET, size + 2 * QUIET);
	add_text(h, _("QR code"));
	buf_adds(h->out, "</title><path fill=\"#000\" d=\"");
	for (y = 0; y < size; y++) {
		for (x = 0; x < size; x += n) {
			for (n = 1; x + n < size &&
			     dark[y * size + x + n] == dark[y * size + x];
			     n++)
				continue;
			if (dark[y * size + x])
				buf_addf(h->out, "M%d %dh%dv1h-%dz", x, y, n,
				    n);
		}
	}
	buf_adds(h->out, "\"/></svg>\n");
}

static void
write_qr(struct html *h, const struct sheet_block *b)
{
	struct arena *a = arena_new();
	int size;
	const uint8_t *dark = sheet_qr(a, b->text, &size);

	buf_adds(h->out, "<figure>\n");
	if (dark != NULL)
		add_squares(h, dark, size);
	arena_free(a);
	buf_adds(h->out, "<figcaption>");
	add_text(h, b->label);
	buf_adds(h->out, "<br>\n<code>");
	add_text(h, b->text);
	buf_adds(h->out, "</code></figcaption>\n</figure>\n");
}

static void
write_gap(struct html *h, const struct sheet_block *b)
{
	(void)b;
	buf_adds(h->out, "<div class=\"gap\"></div>\n");
}

static void
write_new_page(struct html *h, const struct sheet_block *b)
{
	(void)b;
	buf_adds(h->out, "<div class=\"page\"></div>\n");
}

static void (*const writers[])(struct html *h, const struct sheet_block *b) = {
    [SHEET_TITLE] = write_title,
    [SHEET_HEADING] = write_heading,
    [SHEET_TEXT] = write_text,
    [SHEET_FIELD] = write_field,
    [SHEET_WRITE_ON] = write_field,
    [SHEET_SIDES] = write_sides,
    [SHEET_BOX] = write_box,
    [SHEET_TABLE] = write_table,
    [SHEET_CODE] = write_code,
    [SHEET_QR] = write_qr,
    [SHEET_GAP] = write_gap,
    [SHEET_NEW_PAGE] = write_new_page,
};

static void
add_body(const struct sheet *s, struct buf *out)
{
	struct html h = {.sheet = s, .out = out, .heading = s->title};

	buf_adds(out, "<body>\n");
	if (s->running[0] != '\0' || s->state != NULL) {
		buf_adds(out, "<header><span>");
		add_text(&h, s->running);
		buf_adds(out, "</span>");
		if (s->state != NULL) {
			buf_adds(out, " <strong>");
			add_text(&h, s->state);
			buf_adds(out, "</strong>");
		}
		buf_adds(out, "</header>\n");
	}
	buf_adds(out, "<main>\n");
	for (h.at = 0; h.at < s->count; h.at++)
		writers[s->block[h.at].kind](&h, &s->block[h.at]);
	buf_adds(out, "</main>\n</body>\n</html>\n");
}

int
sheet_write_html(const struct sheet *given, struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	const struct sheet *s = sheet_clean(a, given);
	char digest[DIGEST_BASE64_SIZE];
	struct buf style;
	int rc = 0;

	buf_init(&style, STYLE_MAX);
	sheet_style(s, &style);
	if (style.overflowed)
		rc = error_set(err, ERR_INTERNAL,
		    _("The document is larger than this program can write."));
	buf_addf(out,
	    "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; "
	    "form-action 'none'\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
	    s->language, s->rtl ? "rtl" : "ltr",
	    digest_sha256_base64(buf_str(&style), style.len, digest));
	buf_add_markup(out, s->title, strlen(s->title));
	buf_addf(out, "</title>\n<style>%s</style>\n</head>\n",
	    buf_str(&style));
	add_body(s, out);
	buf_free(&style);
	arena_free(a);
	return rc;
}
