/* SPDX-License-Identifier: MIT */
/* Promises of papers as HTML: nothing in them is loaded, run or obeyed,
 * whatever anybody typed into whatever field, and all of it can be read. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/base/text.h"
#include "core/export/sheet/sheet.h"
#include "tests/unit/export_site.h"

#define OUT_MAX ((size_t)4 << 20)

static const char *const hostile[] = {
    "<script>alert(1)</script>",
    "\" onload=\"alert(1)",
    "' onclick='alert(1)",
    "</style><img src=x onerror=alert(1)>",
    "]]>",
    "-->",
    "<!--",
    "&lt;b&gt; &amp; &#x3c;",
    "javascript:alert(1)",
    "a\n\n<b>b</b>\n",
    "<a href=\"https://example.com/\">",
    "\"}body{background:url(https://example.com/)}@import 'x';",
    "\\\"};x{\\22",
    "x\x1b[31m\x07",
    "\xe2\x80\xae"
    "gpj.exe",
    "\xff\xfe",
    "{{7*7}}${7*7}<%= 7 %>",
    "</title><svg onload=alert(1)>",
    "</pre><p>",
};

static char *
written(const struct sheet *s)
{
	struct error err = {0};
	struct buf out;

	buf_init(&out, OUT_MAX);
	ck_assert_int_eq(sheet_write_html(s, &out, &err), 0);
	ck_assert(!out.overflowed);
	return buf_take(&out);
}

/* In every place that a text can have. */
static void
fill(struct sheet *s, const char *text)
{
	static enum sheet_kind const kinds[] = {SHEET_TITLE, SHEET_HEADING,
	    SHEET_TEXT, SHEET_FIELD, SHEET_WRITE_ON, SHEET_SIDES, SHEET_CODE,
	    SHEET_QR, SHEET_GAP, SHEET_NEW_PAGE};
	const struct sheet_column column[] = {{text, 1}, {text, 2}};
	const char **lines = arena_array(s->arena, 2, sizeof *lines);
	struct sheet_block *b;
	size_t i;

	s->title = s->author = s->running = s->state = text;
	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		b = sheet_add(s, kinds[i]);
		b->label = b->text = text;
	}
	lines[0] = lines[1] = text;
	b = sheet_add(s, SHEET_BOX);
	b->line = lines;
	b->nlines = 2;
	sheet_table(s, column, 2);
	s->block[s->count - 1].label = text;
	sheet_table_row(s, TONE_BAD, lines);
}

/* All that our writer may ever write between "<" and ">". */
static const char *const elements[] = {"html", "head", "meta", "title", "style",
    "body", "header", "strong", "main", "h1", "h2", "h3", "h4", "p", "dl", "dt",
    "dd", "div", "span", "table", "caption", "thead", "tbody", "tr", "th", "td",
    "pre", "figure", "figcaption", "svg", "path", "br", "code", "bdi"};
static const char *const attributes[] = {"lang", "dir", "charset", "http-equiv",
    "content", "name", "class", "scope", "aria-hidden", "viewBox", "role",
    "shape-rendering", "fill", "d"};

static bool
is_one_of(const char *s, size_t len, const char *const *list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strlen(list[i]) == len && strncmp(list[i], s, len) == 0)
			return true;
	}
	return false;
}

/* One tag, from its "<"; returns what follows its ">". */
static const char *
look_at_tag(const char *s)
{
	size_t len;

	s += s[1] == '/' ? 2 : 1;
	len = strcspn(s, " />");
	ck_assert_msg(is_one_of(s, len, elements,
			  sizeof elements / sizeof *elements),
	    "an element: %.60s", s);
	s += len;
	while (*s == ' ') {
		s++;
		len = strcspn(s, "=");
		ck_assert_msg(is_one_of(s, len, attributes,
				  sizeof attributes / sizeof *attributes),
		    "an attribute: %.60s", s);
		s += len;
		ck_assert(s[0] == '=' && s[1] == '"');
		len = strcspn(s + 2, "\"<>&\\");
		ck_assert_msg(s[2 + len] == '"', "a value: %.60s", s);
		ck_assert(strstr(s, "javascript") == NULL ||
		    strstr(s, "javascript") > s + len + 2);
		s += len + 3;
	}
	if (*s == '/')
		s++;
	ck_assert_msg(*s == '>', "the end of a tag: %.60s", s);
	return s + 1;
}

static void
is_harmless(const char *html)
{
	static const char start[] = "<!DOCTYPE html>\n";
	static const char style[] = "<style>";
	const char *s, *end;

	ck_assert_int_eq(strncmp(html, start, strlen(start)), 0);
	ck_assert(text_is_utf8(html, strlen(html)));
	for (s = html + strlen(start); *s != '\0';) {
		unsigned char c = (unsigned char)*s;

		ck_assert(c >= ' ' || c == '\n' || c == '\t');
		ck_assert(*s != '>' && *s != '"' && *s != '\'');
		if (strncmp(s, style, strlen(style)) == 0) {
			end = strstr(s, "</style>");
			ck_assert_ptr_nonnull(end);
			ck_assert_ptr_null(
			    memchr(s + 1, '<', (size_t)(end - s) - 1));
			s = end;
		}
		s = *s == '<' ? look_at_tag(s) : s + 1;
	}
	ck_assert_ptr_null(strstr(html, "\xe2\x80\xae"));
}

START_TEST(nothing_typed_becomes_markup)
{
	size_t i;
	int rtl;

	for (i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		for (rtl = 0; rtl < 2; rtl++) {
			struct arena *a = arena_new();
			struct sheet *s = sheet_new(a);
			char *html;

			s->rtl = rtl != 0;
			fill(s, hostile[i]);
			html = written(s);
			is_harmless(html);
			free(html);
			arena_free(a);
		}
	}
}
END_TEST

/* What stands in the style is a string that nothing can end. */
START_TEST(nothing_typed_becomes_style)
{
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);
	char *html, *style;

	s->running = "\"}*{color:red}\\";
	s->state = "</style>\n;";
	html = written(s);
	style = strstr(html, "@page");
	ck_assert_ptr_nonnull(style);
	/* CSS 2.1, 4.1.3: a backslash and six digits are one character */
	ck_assert_ptr_nonnull(strstr(style,
	    "content:\"\\000022 \\00007d \\00002a \\00007b color\\00003a "
	    "red\\00007d \\00005c \"}"));
	ck_assert_ptr_nonnull(strstr(style,
	    "content:\"\\00003c \\00002f style\\00003e \\00000a \\00003b "
	    "\"}"));
	free(html);
	arena_free(a);
}
END_TEST

START_TEST(all_that_was_typed_can_be_read)
{
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);
	const char *at;
	char *html;
	size_t n = 0;

	fill(s, "<b>\"Q\" & 'r'");
	html = written(s);
	for (at = html;
	     (at = strstr(at, "&lt;b&gt;&quot;Q&quot; &amp; &#39;r&#39;")) !=
	     NULL;
	     at++)
		n++;
	/* title, running and state; four blocks with one text each and four
	 * with a label too; two lines of the box; the caption, each column in
	 * the head and before its cell, and two cells */
	ck_assert_uint_eq(n, 3 + 4 + 4 * 2 + 2 + 1 + 4 + 2);
	free(html);
	arena_free(a);
}
END_TEST

/* The policy allows this style and nothing else. */
START_TEST(the_policy_names_the_style)
{
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);
	char *html, *from, *to;
	char digest[DIGEST_BASE64_SIZE], policy[256];

	html = written(s);
	from = strstr(html, "<style>") + strlen("<style>");
	to = strstr(from, "</style>");
	digest_sha256_base64(from, (size_t)(to - from), digest);
	snprintf(policy, sizeof policy,
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; "
	    "form-action 'none'\">",
	    digest);
	ck_assert_ptr_nonnull(strstr(html, policy));
	ck_assert_ptr_null(strstr(from, "url("));
	ck_assert_ptr_null(strstr(from, "@import"));
	free(html);
	arena_free(a);
}
END_TEST

/* The well-known digest of "abc" (FIPS 180-2, appendix B.1). */
START_TEST(digests_are_right)
{
	char digest[DIGEST_BASE64_SIZE];

	ck_assert_str_eq(digest_sha256_base64("abc", 3, digest),
	    "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}
END_TEST

START_TEST(technical_words_are_isolated_from_right_to_left_only)
{
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);
	char *html;

	sheet_add(s, SHEET_TEXT)->text = "פתחו 443/tcp בחומה";
	html = written(s);
	ck_assert_ptr_null(strstr(html, "<bdi"));
	ck_assert_ptr_nonnull(strstr(html, " dir=\"ltr\">\n<head>"));
	free(html);
	s->rtl = true;
	html = written(s);
	ck_assert_ptr_nonnull(
	    strstr(html, "פתחו <bdi dir=\"ltr\">443/tcp</bdi> בחומה"));
	ck_assert_ptr_nonnull(strstr(html, " dir=\"rtl\">\n<head>"));
	free(html);
	arena_free(a);
}
END_TEST

START_TEST(pages_have_the_size_that_was_asked_for)
{
	struct arena *a = arena_new();
	struct sheet *s = sheet_new(a);
	char *html = written(s);

	ck_assert_ptr_nonnull(strstr(html, "@page{size:A4;"));
	free(html);
	s->size = SHEET_LETTER;
	html = written(s);
	ck_assert_ptr_nonnull(strstr(html, "@page{size:letter;"));
	free(html);
	arena_free(a);
}
END_TEST

START_TEST(whole_papers_are_harmless_too)
{
	size_t i;

	for (i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		struct record *r = export_site();
		struct need *n = export_need(r, "zencontrol.bad",
		    "bad.example.com", OUTCOME_FAIL);
		char *typed = text_sanitise(r->arena, hostile[i],
		    strlen(hostile[i]), 400, true);
		char *html;

		r->site = (struct site_info){typed, typed, typed, typed, typed,
		    typed, typed, typed, typed, typed, typed, r->site.language};
		n->summary = n->service = n->to.name = typed;
		html = export_bytes(r, EXPORT_HANDOVER, "html", SCOPE_ALL);
		is_harmless(html);
		free(html);
		html = export_bytes(r, EXPORT_REQUEST, "html", SCOPE_ALL);
		is_harmless(html);
		free(html);
		record_free(r);
	}
}
END_TEST

HARNESS("sheet html", nothing_typed_becomes_markup, nothing_typed_becomes_style,
    all_that_was_typed_can_be_read, the_policy_names_the_style,
    digests_are_right, technical_words_are_isolated_from_right_to_left_only,
    pages_have_the_size_that_was_asked_for, whole_papers_are_harmless_too)
