/* SPDX-License-Identifier: MIT */
/* The PDF of a sheet, as poppler's tools and a reader of QR codes see it. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/export/sheet/sheet.h"
#include "tests/unit/harness.h"

#define PDF_MAX ((size_t)64 << 20)
#define TOLD_MAX ((size_t)16 << 20)
#define QR_TEXT "SITEHO1:HO-0123:0123456789abcdef0123456789abcdef"

struct paper_case {
	struct arena *a;
	struct sheet *s;
	struct buf pdf;
	char dir[32];
};

static void
begin(struct paper_case *c)
{
	c->a = arena_new();
	c->s = sheet_new(c->a);
	c->s->title = "Sheet of the test";
	c->s->author = "A. Fitter";
	c->s->running = "HO-0123, version 2";
	c->s->state = "DRAFT";
	c->s->language = "en";
	c->s->issued_us = 1795258800000000;
	buf_init(&c->pdf, PDF_MAX);
	strncpy(c->dir, "/tmp/sheet-pdf-XXXXXX", sizeof c->dir);
	ck_assert_ptr_nonnull(mkdtemp(c->dir));
}

static const char *
path(struct paper_case *c, const char *name)
{
	return arena_printf(c->a, "%s/%s", c->dir, name);
}

static void
end(struct paper_case *c)
{
	unlink(path(c, "p.pdf"));
	unlink(path(c, "p.png"));
	rmdir(c->dir);
	buf_free(&c->pdf);
	arena_free(c->a);
}

static void
add(struct paper_case *c, enum sheet_kind kind, int level, const char *label,
    const char *text)
{
	struct sheet_block *b = sheet_add(c->s, kind);

	b->level = level;
	b->label = label;
	b->text = text;
}

/* Writes it, and keeps it for the tools. */
static void
write_pdf(struct paper_case *c)
{
	struct error err = {0};

	buf_clear(&c->pdf);
	ck_assert_msg(sheet_write_pdf(c->s, &c->pdf, &err) == 0, "%s",
	    err.what);
	ck_assert(!c->pdf.overflowed);
	ck_assert_int_eq(strncmp(buf_str(&c->pdf), "%PDF-1.", 7), 0);
	ck_assert_int_eq(file_write_atomic(path(c, "p.pdf"), c->pdf.data,
			     c->pdf.len, &err),
	    0);
}

/* What a tool prints; it must succeed. */
static const char *
tool(struct paper_case *c, const char *const *argv)
{
	struct buf told;
	char part[4096];
	const char *text;
	ssize_t n;
	pid_t child;
	int fd[2], status;

	ck_assert_int_eq(pipe(fd), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		dup2(fd[1], STDOUT_FILENO);
		close(fd[0]);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(fd[1]);
	buf_init(&told, TOLD_MAX);
	while ((n = read(fd[0], part, sizeof part)) > 0)
		buf_add(&told, part, (size_t)n);
	close(fd[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(status == 0, "%s failed: %d", argv[0], status);
	text = arena_strdup(c->a, buf_str(&told));
	buf_free(&told);
	return text;
}

/* The text of one page, or of all of them for 0. */
static const char *
page_text(struct paper_case *c, int page)
{
	const char *number = arena_printf(c->a, "%d", page);
	const char *const all[] = {"pdftotext", path(c, "p.pdf"), "-", NULL};
	const char *const one[] = {"pdftotext", "-f", number, "-l", number,
	    path(c, "p.pdf"), "-", NULL};

	return tool(c, page == 0 ? all : one);
}

static const char *
info(struct paper_case *c, const char *option)
{
	const char *const argv[] = {"pdfinfo", option, path(c, "p.pdf"), NULL};

	return tool(c, argv);
}

static int
pages(struct paper_case *c)
{
	const char *at = strstr(info(c, "-isodates"), "Pages:");

	ck_assert_ptr_nonnull(at);
	return (int)strtol(at + 6, NULL, 10);
}

static int
count(const char *text, const char *word)
{
	int n = 0;

	for (; (text = strstr(text, word)) != NULL; text += strlen(word))
		n++;
	return n;
}

static void
expect(const char *text, const char *word)
{
	ck_assert_msg(strstr(text, word) != NULL, "\"%s\" is not in:\n%.2000s",
	    word, text);
}

/* They stand there in this order. */
static void
expect_order(const char *text, const char *const *words, size_t n)
{
	const char *at = text;
	size_t i;

	for (i = 0; i < n; i++) {
		at = strstr(at, words[i]);
		ck_assert_msg(at != NULL, "\"%s\" is not after \"%s\" in:\n%s",
		    words[i], i > 0 ? words[i - 1] : "", text);
		at += strlen(words[i]);
	}
}

static void
add_rows(struct paper_case *c, int n)
{
	static const struct sheet_column column[] = {{"Line", 2}, {"Flow", 4},
	    {"Found", 3}};
	const char *cell[3];
	int i;

	sheet_table(c->s, column, 3);
	for (i = 0; i < n; i++) {
		cell[0] = arena_printf(c->a, "row-%d-end", i);
		cell[1] = "TCP 443 to a host whose long name makes two lines";
		cell[2] = i % 2 == 0 ? "OK" : "FAILED";
		sheet_table_row(c->s, i % 2 == 0 ? TONE_GOOD : TONE_BAD, cell);
	}
}

static void
add_all_kinds(struct paper_case *c)
{
	static const char *const lines[] = {"NOT READY", "3 lines failed"};
	struct sheet_block *b;

	add(c, SHEET_TITLE, 0, NULL, "Handover sheet");
	b = sheet_add(c->s, SHEET_BOX);
	b->line = lines;
	b->nlines = 2;
	b->tone = TONE_BAD;
	add(c, SHEET_HEADING, 1, NULL, "First heading");
	add(c, SHEET_TEXT, 0, NULL, "A paragraph.");
	add(c, SHEET_FIELD, 0, "Customer:", "Example Estates");
	add(c, SHEET_FIELD, 0, "Site:", "Harbour House");
	add(c, SHEET_SIDES, 0, "on the left", "on the right");
	add(c, SHEET_HEADING, 2, NULL, "Second heading");
	add_rows(c, 3);
	add(c, SHEET_HEADING, 3, NULL, "Third heading");
	add(c, SHEET_CODE, 0, NULL, "set address one\n\tset address two");
	add(c, SHEET_WRITE_ON, 0, "Signature:", NULL);
	add(c, SHEET_GAP, 0, NULL, NULL);
	add(c, SHEET_QR, 0, "Fingerprint", QR_TEXT);
	add(c, SHEET_NEW_PAGE, 0, NULL, NULL);
	add(c, SHEET_TEXT, 0, NULL, "On the last page.");
}

START_TEST(every_kind_stands_in_its_order)
{
	static const char *const words[] = {"HO-0123, version 2",
	    "Handover sheet", "NOT READY", "3 lines failed", "First heading",
	    "A paragraph.", "Harbour House", "on the right", "Second heading",
	    "row-0-end", "row-1-end", "row-2-end", "Third heading",
	    "set address one", "set address two", "Signature:", "Fingerprint",
	    "Page 1 of 2", "On the last page.", "Page 2 of 2"};
	struct paper_case c;
	const char *text;

	begin(&c);
	add_all_kinds(&c);
	write_pdf(&c);
	text = page_text(&c, 0);
	expect_order(text, words, sizeof words / sizeof *words);
	ck_assert_int_eq(count(text, "DRAFT"), 2);
	ck_assert_int_eq(pages(&c), 2);
	end(&c);
}
END_TEST

START_TEST(its_structure_and_properties_are_told)
{
	static const char *const elements[] = {"Document", "H1", "H2", "L ",
	    "LI", "Lbl", "LBody", "H3", "Table", "TR", "TH", "/Scope /Column",
	    "TR", "TD", "H4", "Figure", "Caption"};
	struct paper_case c;
	const char *text;

	begin(&c);
	add_all_kinds(&c);
	write_pdf(&c);
	expect_order(info(&c, "-struct"), elements,
	    sizeof elements / sizeof *elements);
	text = info(&c, "-isodates");
	expect(text, "Tagged:          yes");
	expect(text, "Title:           Sheet of the test");
	expect(text, "Author:          A. Fitter");
	expect(text, "CreationDate:    2026-11-21T");
	expect(text, "ModDate:         2026-11-21T");
	/* "QR code: S" as UTF-16BE, ISO 32000-1, 7.9.2.2 */
	expect(info(&c, "-struct-text"), "Fingerprint");
	ck_assert_ptr_nonnull(
	    memmem(c.pdf.data, c.pdf.len, "/Alt <FEFF005100520020", 22));
	ck_assert_ptr_nonnull(memmem(c.pdf.data, c.pdf.len, "/Lang (en)", 10));
	end(&c);
}
END_TEST

START_TEST(the_same_sheet_gives_the_same_bytes)
{
	struct paper_case c, d;

	begin(&c);
	begin(&d);
	add_all_kinds(&c);
	add_all_kinds(&d);
	write_pdf(&c);
	write_pdf(&d);
	ck_assert_uint_eq(c.pdf.len, d.pdf.len);
	ck_assert_int_eq(memcmp(c.pdf.data, d.pdf.data, c.pdf.len), 0);
	/* Also behind something else in one buffer. */
	buf_clear(&d.pdf);
	buf_adds(&d.pdf, "before ");
	ck_assert_int_eq(sheet_write_pdf(d.s, &d.pdf, NULL), 0);
	ck_assert_uint_eq(c.pdf.len + 7, d.pdf.len);
	ck_assert_int_eq(memcmp(c.pdf.data, d.pdf.data + 7, c.pdf.len), 0);
	end(&c);
	end(&d);
}
END_TEST

START_TEST(every_page_has_the_head_of_its_table_and_its_number)
{
	struct paper_case c;
	const char *text;
	int i, n;

	begin(&c);
	c.s->size = SHEET_LETTER;
	add_rows(&c, 200);
	write_pdf(&c);
	n = pages(&c);
	ck_assert_int_gt(n, 4);
	expect(info(&c, "-isodates"), "612 x 792");
	for (i = 1; i <= n; i++) {
		text = page_text(&c, i);
		ck_assert_int_eq(count(text, "Flow"), 1);
		expect(text, arena_printf(c.a, "Page %d of %d", i, n));
	}
	text = page_text(&c, 0);
	for (i = 0; i < 200; i++)
		ck_assert_int_eq(count(text,
				     arena_printf(c.a, "row-%d-end", i)),
		    1);
	/* Heads that are repeated are no rows: one table, read once. */
	text = info(&c, "-struct");
	ck_assert_int_eq(count(text, "Table (block)"), 1);
	ck_assert_int_eq(count(text, "    TR\n"), 201);
	ck_assert_int_eq(count(text, "      TH"), 3);
	end(&c);
}
END_TEST

START_TEST(a_heading_is_never_left_behind)
{
	struct paper_case c;
	const char *text, *at;
	int lines, i, n;

	for (lines = 42; lines < 58; lines++) {
		begin(&c);
		for (i = 0; i < lines; i++)
			add(&c, SHEET_FIELD, 0, "Filler:", "one line");
		add(&c, SHEET_HEADING, 1, NULL, "The heading");
		add_rows(&c, 2);
		write_pdf(&c);
		n = pages(&c);
		for (i = 1; i <= n; i++) {
			text = page_text(&c, i);
			at = strstr(text, "The heading");
			ck_assert(at == NULL || strstr(at, "row-0-end"));
		}
		end(&c);
	}
}
END_TEST

START_TEST(what_is_longer_than_a_page_goes_on)
{
	static const struct sheet_column column[] = {{"A", 1}, {"B", 1}};
	const char *cell[2];
	struct paper_case c;
	struct buf words;
	const char *text;
	int i;

	begin(&c);
	buf_init(&words, 1 << 20);
	for (i = 0; i < 3000; i++)
		buf_addf(&words, "w%d ", i);
	cell[0] = "beside it";
	cell[1] = buf_str(&words);
	sheet_table(c.s, column, 2);
	sheet_table_row(c.s, TONE_PLAIN, cell);
	add(&c, SHEET_TEXT, 0, NULL, buf_str(&words));
	add(&c, SHEET_FIELD, 0, "Words", buf_str(&words));
	write_pdf(&c);
	ck_assert_int_gt(pages(&c), 3);
	text = page_text(&c, 0);
	for (i = 0; i < 3000; i++)
		ck_assert_int_eq(count(text,
				     arena_printf(c.a, "w%d%s", i, "")) > 2,
		    1);
	ck_assert_int_eq(count(text, "beside it"), 1);
	buf_free(&words);
	end(&c);
}
END_TEST

START_TEST(hostile_texts_do_no_harm)
{
	static const char *const texts[] = {"<b>&amp;\"quoted\" 'so'</b>",
	    "line\nnext line", "esc \x1b[31m red",
	    "\xe2\x80\xae"
	    "turned",
	    "smile \xf0\x9f\x98\x80", "\xd9\x85\xd8\xb1\xd8\xad", "%s%n%p",
	    "(unbalanced \\( %PDF-1.4 endobj", "\xff\xfe bad"};
	struct paper_case c;
	char endless[5001];
	const char *text;
	size_t i;

	begin(&c);
	memset(endless, 'x', 5000);
	endless[5000] = '\0';
	for (i = 0; i < sizeof texts / sizeof *texts; i++) {
		add(&c, SHEET_HEADING, 1, NULL, texts[i]);
		add(&c, SHEET_FIELD, 0, texts[i], texts[i]);
		add(&c, SHEET_QR, 0, texts[i], texts[i]);
	}
	add(&c, SHEET_FIELD, 0, endless, endless);
	add(&c, SHEET_CODE, 0, NULL, endless);
	c.s->title = c.s->author = c.s->running = c.s->state = texts[0];
	c.s->language = "en) /OpenAction (x";
	write_pdf(&c);
	text = page_text(&c, 0);
	expect(text, texts[0]);
	expect(text, "next line");
	expect(text, "\\x1b[31m red");
	expect(text, "\\u{202E}turned");
	expect(text, texts[7]);
	ck_assert_int_ge(count(text, "x"), 15000);
	ck_assert_ptr_null(memmem(c.pdf.data, c.pdf.len, "/OpenAction", 11));
	end(&c);
}
END_TEST

START_TEST(a_paper_without_end_is_refused)
{
	struct paper_case c;
	struct error err = {0};
	char *huge;
	int i;

	begin(&c);
	for (i = 0; i < 1000000; i++)
		add(&c, SHEET_TEXT, 0, NULL, "line");
	ck_assert_int_eq(sheet_write_pdf(c.s, &c.pdf, &err), -1);
	ck_assert_int_eq(err.code, ERR_INPUT);
	ck_assert_ptr_nonnull(strstr(err.what, "2000 pages"));
	ck_assert_uint_eq(c.pdf.len, 0);
	end(&c);

	begin(&c);
	huge = mem_alloc((size_t)20 << 20);
	memset(huge, 'x', ((size_t)20 << 20) - 1);
	add(&c, SHEET_FIELD, 0, "Label", huge);
	ck_assert_int_eq(sheet_write_pdf(c.s, &c.pdf, &err), -1);
	ck_assert_int_eq(err.code, ERR_INPUT);
	mem_free(huge);
	end(&c);
}
END_TEST

START_TEST(a_buffer_that_is_too_small_says_so)
{
	struct paper_case c;

	begin(&c);
	add_all_kinds(&c);
	buf_free(&c.pdf);
	buf_init(&c.pdf, 1000);
	ck_assert_int_eq(sheet_write_pdf(c.s, &c.pdf, NULL), 0);
	ck_assert(c.pdf.overflowed);
	end(&c);
}
END_TEST

START_TEST(without_fonts_there_is_a_sentence)
{
	static const char conf[] = "<?xml version=\"1.0\"?>\n"
				   "<fontconfig></fontconfig>\n";
	struct paper_case c;
	struct error err = {0};

	begin(&c);
	add(&c, SHEET_TEXT, 0, NULL, "text");
	ck_assert_int_eq(file_write_atomic(path(&c, "p.png"), conf,
			     sizeof conf - 1, &err),
	    0);
	setenv("FONTCONFIG_FILE", path(&c, "p.png"), 1);
	ck_assert_int_eq(sheet_write_pdf(c.s, &c.pdf, &err), -1);
	ck_assert_int_eq(err.code, ERR_SYSTEM);
	ck_assert_ptr_nonnull(strstr(err.what, "no fonts"));
	end(&c);
}
END_TEST

/* "443/tcp" keeps its direction, columns and marks change sides. */
START_TEST(right_to_left_keeps_technical_words)
{
	/* "allow the port 443/tcp to connect.example.com only" */
	static const char sentence[] =
	    "\xd8\xa7\xd8\xb3\xd9\x85\xd8\xad \xd8\xa8\xd8\xa7\xd9\x84"
	    "\xd9\x85\xd9\x86\xd9\x81\xd8\xb0 443/tcp \xd8\xa5\xd9\x84"
	    "\xd9\x89 connect.example.com \xd9\x81\xd9\x82\xd8\xb7";
	struct paper_case c;
	const char *text,
	    *const boxes[] = {"pdftotext", "-bbox", NULL, "-", NULL};
	const char *argv[5];
	double left[2] = {0, 0};

	begin(&c);
	c.s->rtl = true;
	c.s->language = "ar";
	add(&c, SHEET_TEXT, 0, NULL, sentence);
	add(&c, SHEET_FIELD, 0, "labelword", "valueword");
	add(&c, SHEET_CODE, 0, NULL, "iptables-word -A");
	write_pdf(&c);
	text = page_text(&c, 0);
	expect(text, "443/tcp");
	expect(text, "connect.example.com");
	memcpy(argv, boxes, sizeof argv);
	argv[2] = path(&c, "p.pdf");
	text = tool(&c, argv);
	expect(text, ">443/tcp<");
	left[0] = strtod(strstr(text, "xMin=\"") + 6, NULL);
	ck_assert(left[0] > 0);
	text = arena_strdup(c.a, text);
	*strstr(text, ">labelword<") = '\0';
	left[0] = strtod(strstr(strrchr(text, '<'), "xMin=\"") + 6, NULL);
	text = tool(&c, argv);
	*strstr(text, ">valueword<") = '\0';
	left[1] = strtod(strstr(strrchr(text, '<'), "xMin=\"") + 6, NULL);
	ck_assert(left[0] > left[1]);
	text = tool(&c, argv);
	*strstr(text, ">iptables-word<") = '\0';
	left[1] = strtod(strstr(strrchr(text, '<'), "xMin=\"") + 6, NULL);
	ck_assert(left[1] < 100);
	end(&c);
}
END_TEST

START_TEST(the_qr_code_is_read_back)
{
	struct paper_case c;
	const char *picture;
	int rtl;

	for (rtl = 0; rtl < 2; rtl++) {
		begin(&c);
		c.s->rtl = rtl == 1;
		add(&c, SHEET_QR, 0, "Fingerprint", QR_TEXT);
		write_pdf(&c);
		picture = path(&c, "p");
		const char *const render[] = {"pdftoppm", "-r", "100", "-png",
		    "-singlefile", path(&c, "p.pdf"), picture, NULL};
		const char *const read[] = {"zbarimg", "--quiet", "--raw",
		    path(&c, "p.png"), NULL};

		tool(&c, render);
		ck_assert_str_eq(tool(&c, read), QR_TEXT "\n");
		end(&c);
	}
}
END_TEST

/* ISO/IEC 18004: finder patterns, and level M as 00 in the format bits, which
 * are masked by 101010000010010. */
START_TEST(the_qr_code_is_of_level_m)
{
	struct arena *a = arena_new();
	char endless[4000];
	uint8_t *dark;
	int size, i;

	dark = sheet_qr(a, QR_TEXT, &size);
	ck_assert_ptr_nonnull(dark);
	ck_assert_int_eq(size % 4, 1);
	for (i = 0; i < 7; i++) {
		ck_assert_int_eq(dark[i], 1);
		ck_assert_int_eq(dark[i * size], 1);
		ck_assert_int_eq(dark[size - 1 - i], 1);
	}
	ck_assert_int_eq(dark[7], 0);
	ck_assert_int_eq(dark[8 * size] ^ 1, 0);
	ck_assert_int_eq(dark[8 * size + 1], 0);
	memset(endless, 'x', sizeof endless);
	endless[sizeof endless - 1] = '\0';
	ck_assert_ptr_null(sheet_qr(a, endless, &size));
	ck_assert_ptr_null(sheet_qr(a, "", &size));
	arena_free(a);
}
END_TEST

HARNESS("sheet pdf", every_kind_stands_in_its_order,
    its_structure_and_properties_are_told, the_same_sheet_gives_the_same_bytes,
    every_page_has_the_head_of_its_table_and_its_number,
    a_heading_is_never_left_behind, what_is_longer_than_a_page_goes_on,
    hostile_texts_do_no_harm, a_paper_without_end_is_refused,
    a_buffer_that_is_too_small_says_so, without_fonts_there_is_a_sentence,
    right_to_left_keeps_technical_words, the_qr_code_is_read_back,
    the_qr_code_is_of_level_m)
