/* SPDX-License-Identifier: MIT */
/* Owns the findings as plain text: the verdict, what causes the trouble, and
 * every line of every product. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/formats.h"
#include "core/export/sheet/paper.h"
#include "core/export/results.h"
#include "core/export/standpoint.h"
#include "core/export/summary.h"

#define FACT_COLUMN 20

/* The title, and each thing that is in the way in the lines that are left. */
#define FIRST_LINES 10
#define FIRST_BLOCKS 3
#define BLOCK_INDENT 3

static bool
has_failed(const struct record *r)
{
	size_t i;

	for (i = 0; i < r->nblocks; i++) {
		if (r->blocks[i].why == BLOCK_FAILED)
			return true;
	}
	return false;
}

static void
add_title(const struct paper *p, struct arena *a, const struct record *r)
{
	const char *verdict = summary_verdict(r->readiness);

	if (r->started_us == 0)
		paper_clipped(p, 0, 0, 1,
		    arena_printf(a, _("%s: this site was never checked"),
			verdict));
	else if (r->nblocks == 0)
		paper_clipped(p, 0, 0, 1,
		    arena_printf(a, "%s: %s", verdict, summary_site(r)));
	else if (!has_failed(r) && r->ncautions > 0)
		paper_clipped(p, 0, 0, 1,
		    arena_printf(a,
			P_("%1$s: %2$s. First a warning, then what is in the "
			   "way:",
			    "%1$s: %2$s. First %3$zu warnings, then what is in "
			    "the way:",
			    r->ncautions),
			verdict, summary_site(r), r->ncautions));
	else if (r->nblocks <= FIRST_BLOCKS)
		paper_clipped(p, 0, 0, 1,
		    arena_printf(a, _("%1$s: %2$s. This is in the way:"),
			verdict, summary_site(r)));
	else
		paper_clipped(p, 0, 0, 1,
		    arena_printf(a,
			_("%1$s: %2$s. %3$zu things are in the way; first:"),
			verdict, summary_site(r), r->nblocks));
}

struct fitting {
	int nlines;
};

static void
count_line(void *arg, const char *s, size_t len)
{
	(void)s;
	(void)len;
	((struct fitting *)arg)->nlines++;
}

static int
lines_of(const char *text, int ncols)
{
	struct fitting f = {0};

	text_wrap(text, ncols, count_line, &f);
	return f.nlines;
}

/* What it is, whose it is and what to do, in so many lines. */
static void
add_block(const struct paper *p, struct arena *a, const struct block *b,
    size_t number, int nlines)
{
	const char *kind = b->why == BLOCK_WARNING ? _("Warning: ") : "";
	const char *what, *todo = arena_printf(a, _("What to do: %s"), b->todo);
	int ncols = p->ncols - BLOCK_INDENT;
	int told = nlines > 4 ? nlines / 2 : 1, left;

	if (lines_of(todo, ncols) < told)
		told = lines_of(todo, ncols);
	left = nlines - 1 - told;
	/* A summary says itself that it is about warnings. */
	what = arena_printf(a, "%zu. %s", number, b->summary);
	if (lines_of(what, ncols) > left)
		what = arena_printf(a, "%zu. %s%s", number, kind, b->brief);
	paper_clipped(p, 0, BLOCK_INDENT, left, what);
	paper_clipped(p, BLOCK_INDENT, BLOCK_INDENT, 1,
	    arena_printf(a, _("Whose it is: %s."), b->owner));
	paper_clipped(p, BLOCK_INDENT, BLOCK_INDENT, told, todo);
}

/* What is left to do beside a cause, in two lines, so that the cause has room;
 * false where it needs three. */
static bool
add_chore(const struct paper *p, struct arena *a, const struct block *b,
    size_t number, bool write)
{
	const char *both = arena_printf(a, "%s %s",
	    arena_printf(a, _("Whose it is: %s."), b->owner),
	    arena_printf(a, _("What to do: %s"), b->todo));

	if (b->why == BLOCK_FAILED || b->why == BLOCK_WARNING ||
	    lines_of(both, p->ncols - BLOCK_INDENT) > 1)
		return false;
	if (write) {
		paper_clipped(p, 0, BLOCK_INDENT, 1,
		    arena_printf(a, "%zu. %s", number, b->brief));
		paper_clipped(p, BLOCK_INDENT, BLOCK_INDENT, 1, both);
	}
	return true;
}

/* Causes that block, then those that only warn, then what is left to do. */
static size_t
choose_first(const struct record *r, const struct block *out[FIRST_BLOCKS])
{
	size_t i, k, n = 0;

	for (k = 0; k < 3; k++) {
		for (i = 0; k != 1 && i < r->nblocks && n < FIRST_BLOCKS; i++) {
			if ((r->blocks[i].why == BLOCK_FAILED) == (k == 0))
				out[n++] = &r->blocks[i];
		}
		for (i = 0; k == 1 && i < r->ncautions && n < FIRST_BLOCKS; i++)
			out[n++] = &r->cautions[i];
	}
	return n;
}

/* What a reader who reads no further must know. */
static void
add_first_lines(const struct paper *p, struct arena *a, const struct record *r)
{
	const struct block *first[FIRST_BLOCKS];
	size_t i, n = choose_first(r, first);
	int left = FIRST_LINES - 1, wide = 0;
	bool cause = n > 0 &&
	    (first[0]->why == BLOCK_FAILED || first[0]->why == BLOCK_WARNING);

	add_title(p, a, r);
	for (i = 0; i < n; i++) {
		if (cause && add_chore(p, a, first[i], i + 1, false))
			left -= 2;
		else
			wide++;
	}
	for (i = 0; i < n; i++) {
		if (cause && add_chore(p, a, first[i], i + 1, true))
			continue;
		add_block(p, a, first[i], i + 1,
		    i == 0 ? left - 3 * (wide - 1) : 3);
	}
	if (n > 0)
		paper_blank(p);
}

/* Of a part of the site only what that part came to. */
static void
add_verdict(const struct paper *p, struct arena *a, const struct record *r,
    const char *only)
{
	struct summary s;

	summary_make(r, only, &s);
	if (only != NULL) {
		paper_title(p,
		    arena_printf(a, _("Only %s was asked for: %s"), only,
			summary_counts(&s, a)));
	} else {
		add_first_lines(p, a, r);
		paper_textf(p, 0,
		    P_("%zu line applies: %s.", "%zu lines apply: %s.",
			s.total),
		    s.total, summary_counts(&s, a));
	}
	if (r->started_us != 0)
		paper_textf(p, 0,
		    r->complete ? _("Checked %s from %s.") :
				  _("Checked %s from %s; the check was cut "
				    "short."),
		    summary_time(a, r->started_us), results_standpoint(a, r));
}

/* What the laptop was given here, and what may lead the checks astray. */
static void
add_standpoint(const struct paper *p, struct arena *a, const struct record *r)
{
	struct standpoint_fact fact[STANDPOINT_FACTS];
	size_t i, n = standpoint_facts(a, &r->vantage, fact);

	for (i = 0; r->started_us != 0 && i < n; i++)
		paper_field(p, 2, FACT_COLUMN,
		    arena_printf(a, "%s:", fact[i].label), fact[i].value);
}

static int
write_findings(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	struct paper p = paper_begin(a, opt);
	int rc;

	add_verdict(&p, a, r, opt->only);
	add_standpoint(&p, a, r);
	results_warnings(&p, r);
	results_diagnoses(&p, a, r);
	if (opt->only == NULL)
		results_blocks(&p, a, r);
	results_devices(&p, a, r);
	results_products(&p, a, r, opt->only);
	rc = sheet_write_text(p.sheet, opt->ncols, out, err);
	arena_free(a);
	return rc;
}

const struct export_format export_findings_text = {
    .document = EXPORT_FINDINGS,
    .name = "text",
    .file = "findings.txt",
    .label = N_("Findings, plain text"),
    .write = write_findings,
};
