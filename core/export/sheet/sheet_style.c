/* SPDX-License-Identifier: MIT */
/* Owns the look of papers in HTML: screen, phone, the dark, and paper. */
#include "core/export/sheet/sheet_style.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"

#define PAGE "\001"
#define PAGES "\002"

static const char look[] =
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1a1a1a;--soft:#555;"
    "--line:#b8b8b8;--shade:#f1f1ef;--good:#1b6b35;--caution:#8a5a00;"
    "--bad:#b3261e}\n"
    "@media (prefers-color-scheme:dark){:root{--paper:#16181b;--ink:#e8e8e6;"
    "--soft:#aab;--line:#55595f;--shade:#22262b;--good:#7fd39b;"
    "--caution:#f0c060;--bad:#ff9a90}}\n"
    "*{box-sizing:border-box}\n"
    "html{-webkit-text-size-adjust:100%;text-size-adjust:100%}\n"
    "body{margin:0 auto;max-width:52rem;padding:1rem 1.25rem 3rem;"
    "background:var(--paper);color:var(--ink);"
    "font:1rem/1.45 system-ui,\"Liberation Sans\",\"DejaVu Sans\",sans-serif;"
    "overflow-wrap:anywhere}\n"
    "header{display:flex;justify-content:space-between;gap:1rem;"
    "color:var(--soft);font-size:.85rem;border-bottom:1px solid var(--line);"
    "padding-bottom:.4rem}\n"
    "header strong{color:var(--bad)}\n"
    "h1{font-size:1.6rem;line-height:1.2;margin:1rem 0 .75rem}\n"
    "h2{font-size:1.2rem;margin:2rem 0 .6rem;padding-bottom:.2rem;"
    "border-bottom:2px solid var(--line)}\n"
    "h3{font-size:1.05rem;margin:1.5rem 0 .4rem}\n"
    "h4{font-size:1rem;margin:1rem 0 .3rem}\n"
    "p,dd,td span,th span,.box p{white-space:pre-wrap}\n"
    "p{margin:.3rem 0}\n"
    "dl{margin:.3rem 0}\n"
    "dl>div{display:grid;grid-template-columns:10rem 1fr;column-gap:1rem;"
    "padding:.1rem 0}\n"
    "dt{color:var(--soft);grid-column:1}\n"
    "dd{margin:0;grid-column:2}\n"
    "dl.mark{margin-top:1rem}\n"
    "dl.number{margin-top:.8rem;font-weight:600}\n"
    "dl.number>div{grid-template-columns:1.75rem 1fr;column-gap:.75rem}\n"
    "dl.mark>div:first-child dt,dl.mark>div:first-child dd{font-weight:600}\n"
    ".l1{margin-inline-start:1.25rem}\n"
    ".l2{margin-inline-start:2.5rem}\n"
    ".l3{margin-inline-start:3.75rem}\n"
    "dd.write{border-bottom:1px solid var(--ink);min-height:1.8rem}\n"
    ".sides{display:flex;justify-content:space-between;gap:1rem;"
    "margin-top:1.25rem;border-top:1px solid var(--line);padding-top:.4rem;"
    "font-weight:600}\n"
    ".box{border:2px solid var(--ink);border-inline-start-width:.6rem;"
    "padding:.5rem .9rem;margin:1rem 0;background:var(--shade)}\n"
    ".box p:first-child{font-size:1.25rem;font-weight:700}\n"
    ".box.good{border-color:var(--good)}\n"
    ".box.caution{border-color:var(--caution)}\n"
    ".box.bad{border-color:var(--bad)}\n"
    ".good>div:first-child dt,tr.good th,.box.good p:first-child"
    "{color:var(--good)}\n"
    ".caution>div:first-child dt,tr.caution th,.box.caution p:first-child"
    "{color:var(--caution)}\n"
    ".bad>div:first-child dt,tr.bad th,.box.bad p:first-child"
    "{color:var(--bad)}\n"
    "table{border-collapse:collapse;width:100%;margin:.6rem 0}\n"
    "caption{text-align:start;font-weight:600;padding:.3rem 0}\n"
    ".unseen{position:absolute;width:1px;height:1px;overflow:hidden;"
    "clip-path:inset(50%);white-space:nowrap}\n"
    "th,td{text-align:start;vertical-align:top;padding:.35rem .5rem;"
    "border-bottom:1px solid var(--line)}\n"
    "thead th{border-bottom:2px solid var(--ink)}\n"
    "tbody th{font-weight:600}\n"
    ".title{display:none}\n"
    "pre{background:var(--shade);border:1px solid var(--line);padding:.6rem;"
    "overflow-x:auto;white-space:pre;font:.85rem/1.4 ui-monospace,"
    "\"Liberation Mono\",\"DejaVu Sans Mono\",monospace}\n"
    "figure{margin:1rem 0}\n"
    "figure svg{display:block;width:9rem;height:9rem;background:#fff}\n"
    "figcaption{margin-top:.4rem}\n"
    "code{font-family:ui-monospace,\"Liberation Mono\",monospace;"
    "font-size:.85em}\n"
    ".gap{height:.7rem}\n";

static const char phone[] =
    "@media screen and (max-width:40rem){body{padding:.75rem .75rem 2rem}\n"
    "h1{font-size:1.35rem}\n"
    "dl:not(.number)>div{grid-template-columns:1fr;padding:.3rem 0}\n"
    "dl:not(.number)>div>dd{grid-column:1}\n"
    "dl:not(.number) dt{font-size:.85rem}\n"
    ".l1,.l2,.l3{margin-inline-start:.75rem}\n"
    "thead{display:none}\n"
    "table,tbody,tr,th,td{display:block;width:auto}\n"
    "tr{border:1px solid var(--line);margin:.6rem 0;padding:.3rem}\n"
    "tbody th,td{border:0;padding:.2rem .3rem}\n"
    ".title{display:block;color:var(--soft);font-size:.85rem;"
    "font-weight:400}\n"
    ".empty{display:none}}\n";

static const char paper[] =
    "@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;"
    "--soft:#444;--line:#999;--shade:#fff;--good:#0f5126;--caution:#6b4500;"
    "--bad:#8c1d17}\n"
    "body{max-width:none;padding:0;margin:0;font-size:9.5pt}\n"
    "header{display:none}\n"
    "h1,h2,h3,h4,caption,.keep,.mark,.number,.sides{break-after:avoid}\n"
    "h1{font-size:16pt;margin-top:0}\n"
    "h2{font-size:12pt;margin-top:14pt}\n"
    "h3{font-size:10.5pt;margin-top:10pt}\n"
    ".box,figure,tr,dl>div,.sides{break-inside:avoid}\n"
    "p{orphans:3;widows:3}\n"
    "thead{display:table-header-group}\n"
    "pre{white-space:pre-wrap;overflow:visible}\n"
    ".page{break-before:page}}\n";

/* Anything but a letter, a digit and a space by its number, so that no text
 * can end the string that it stands in. */
static void
add_string(struct buf *out, const char *s)
{
	size_t len = strlen(s);
	uint32_t cp;
	int n;

	buf_addc(out, '"');
	for (; len > 0; s += n, len -= (size_t)n) {
		n = text_decode(s, len, &cp);
		if (n <= 0) {
			n = 1;
			continue;
		}
		if (cp == ' ' || (cp >= '0' && cp <= '9') ||
		    (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z'))
			buf_addc(out, (char)cp);
		else
			buf_addf(out, "\\%06x ", (unsigned)cp);
	}
	buf_addc(out, '"');
}

/* "Page 2 of 5", where the browser puts the numbers. */
static void
add_numbers(struct arena *a, struct buf *out)
{
	char *text = arena_printf(a, _("Page %1$s of %2$s"), PAGE, PAGES);
	size_t len;

	while (*text != '\0') {
		bool pages = *text == *PAGES;

		if (pages || *text == *PAGE) {
			buf_adds(out,
			    pages ? " counter(pages)" : " counter(page)");
			text++;
			continue;
		}
		len = strcspn(text, PAGE PAGES);
		buf_addc(out, ' ');
		add_string(out, arena_strndup(a, text, len));
		text += len;
	}
}

void
sheet_style(const struct sheet *s, struct buf *out)
{
	struct arena *a = arena_new();
	const char *start = s->rtl ? "right" : "left";
	const char *end = s->rtl ? "left" : "right";
	int i;

	buf_adds(out, look);
	for (i = 0; i <= WIDTH_STEPS; i++)
		buf_addf(out, ".w%d{width:%d%%}\n", i, i * 100 / WIDTH_STEPS);
	buf_adds(out, phone);
	buf_adds(out, paper);
	buf_addf(out,
	    "@page{size:%s;margin:18mm 16mm;font:8pt \"Liberation Sans\","
	    "\"DejaVu Sans\",sans-serif;color:#444;@bottom-%s{content:",
	    s->size == SHEET_LETTER ? "letter" : "A4", start);
	add_string(out, s->running);
	buf_addf(out, "}@bottom-%s{content:", end);
	add_numbers(a, out);
	if (s->state != NULL) {
		buf_addf(out, "}@top-%s{font-weight:bold;content:", end);
		add_string(out, s->state);
	}
	buf_adds(out, "}}\n");
	arena_free(a);
}
