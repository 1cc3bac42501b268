/* SPDX-License-Identifier: MIT */
/* Owns the results as JUnit XML, for whoever collects those of many sites in
 * a build server: one suite a product, one case a line that applies. Nothing
 * counts as passed there that did not pass here. */
#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/formats.h"
#include "core/export/handover/handover.h"
#include "core/export/summary.h"
#include "core/record/edition.h"

#define REPLACEMENT 0xfffd

/* --- XML --------------------------------------------------------------- */

/* XML 1.0, production 2: what may stand in a document at all. */
static bool
is_xml(uint32_t cp)
{
	return cp == '\t' || cp == '\n' || cp == '\r' ||
	    (cp >= 0x20 && cp <= 0xd7ff) || (cp >= 0xe000 && cp <= 0xfffd) ||
	    (cp >= 0x10000 && cp <= 0x10ffff);
}

/* A reader makes spaces of line breaks in an attribute, so they are
 * references there. */
static void
add_char(struct buf *out, uint32_t cp, bool attribute)
{
	char bytes[4];

	if (cp < ' ' && (attribute || cp == '\r'))
		buf_addf(out, "&#%" PRIu32 ";", cp);
	else
		buf_add_markup(out, bytes, (size_t)text_encode(cp, bytes));
}

static void
add_escaped(struct buf *out, const char *s, bool attribute)
{
	size_t len = strlen(s);
	uint32_t cp;
	int n;

	for (; len > 0; s += n, len -= (size_t)n) {
		n = text_decode(s, len, &cp);
		if (n <= 0) {
			n = 1;
			cp = REPLACEMENT;
		}
		add_char(out, is_xml(cp) ? cp : REPLACEMENT, attribute);
	}
}

static void
add_text(struct buf *out, const char *s)
{
	add_escaped(out, s, false);
}

static void
add_attribute(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, " %s=\"", name);
	add_escaped(out, value == NULL ? "" : value, true);
	buf_addc(out, '"');
}

static void
add_property(struct buf *out, const char *name, const char *value)
{
	buf_adds(out, "      <property");
	add_attribute(out, "name", name);
	add_attribute(out, "value", value);
	buf_adds(out, "/>\n");
}

/* --- what a line comes to ---------------------------------------------- */

enum verdict { PASSED, FAILURE, ERROR, SKIPPED };

static const enum verdict verdicts[] = {
    [OUTCOME_PASS] = PASSED,
    [OUTCOME_MARGINAL] = PASSED,
    [OUTCOME_WARN] = PASSED,
    [OUTCOME_FAIL] = FAILURE,
    [OUTCOME_UNPROVEN] = SKIPPED,
    [OUTCOME_BLOCKED_BY] = SKIPPED,
    [OUTCOME_NOT_APPLICABLE] = SKIPPED,
    [OUTCOME_NOT_RUN] = SKIPPED,
    [OUTCOME_TOOL_ERROR] = ERROR,
    [OUTCOME_WAIVED] = PASSED,
};

struct count {
	size_t of[SKIPPED + 1];
	size_t all;
	int64_t us;
};

/* How long its probes took; what is shared counts for each line. */
static int64_t
time_of(const struct record *r, const struct need *n)
{
	const struct observation *o;
	int64_t us = 0;
	size_t i;

	for (i = 0; i < n->probes.count; i++) {
		o = record_observation(r, n->probes.item[i]);
		if (o != NULL && o->duration_us > 0)
			us += o->duration_us;
	}
	return us;
}

static void
count_lines(const struct record *r, const char *product, struct count *out)
{
	size_t i;

	memset(out, 0, sizeof *out);
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!summary_counts_in(n) ||
		    (product != NULL && strcmp(n->product, product) != 0))
			continue;
		out->of[verdicts[n->outcome]]++;
		out->all++;
		out->us += time_of(r, n);
	}
}

static void
add_time(struct buf *out, int64_t us)
{
	buf_addf(out, " time=\"%" PRId64 ".%03" PRId64 "\"", us / 1000000,
	    us / 1000 % 1000);
}

static void
add_counts(struct buf *out, const struct count *c)
{
	buf_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", c->all,
	    c->of[FAILURE], c->of[ERROR]);
	buf_addf(out, " skipped=\"%zu\"", c->of[SKIPPED]);
	add_time(out, c->us);
}

/* --- one line ---------------------------------------------------------- */

/* Stable words beside the sentence, for those who sort by them. */
static const char *
type_of(const struct need *n)
{
	return n->cause != CAUSE_NONE ?
	    word_name(&words_cause, (int)n->cause) :
	    word_name(&words_outcome, (int)n->outcome);
}

/* What stands below the sentence: what was asked, how it was seen, and what
 * the IT desk is to do. */
static const char *
details(struct arena *a, const struct record *r, const struct need *n)
{
	return arena_printf(a, "%s\n%s\n%s\n%s", summary_flow(a, n),
	    handover_method(r, n), summary_join(a, &n->probes, ", "),
	    n->advice_it == NULL ? "" : n->advice_it);
}

static void
add_result(struct buf *out, struct arena *a, const struct record *r,
    const struct need *n, const char *element)
{
	buf_addf(out, "      <%s", element);
	if (verdicts[n->outcome] != SKIPPED)
		add_attribute(out, "type", type_of(n));
	add_attribute(out, "message",
	    n->summary == NULL || n->summary[0] == '\0' ?
		word_label(&words_outcome, (int)n->outcome) :
		n->summary);
	buf_addc(out, '>');
	add_text(out, details(a, r, n));
	buf_addf(out, "</%s>\n", element);
}

/* It passed, but not without a word to be read. */
static void
add_remark(struct buf *out, const struct need *n)
{
	buf_adds(out, "      <system-out>");
	add_text(out, word_label(&words_outcome, (int)n->outcome));
	buf_adds(out, ": ");
	add_text(out, n->summary == NULL ? "" : n->summary);
	buf_adds(out, "</system-out>\n");
}

static void
add_case(struct buf *out, struct arena *a, const struct record *r,
    const struct need *n)
{
	static const char *const elements[] = {
	    [FAILURE] = "failure",
	    [ERROR] = "error",
	    [SKIPPED] = "skipped",
	};
	enum verdict v = verdicts[n->outcome];

	buf_adds(out, "    <testcase");
	add_attribute(out, "classname", n->product);
	add_attribute(out, "name", n->id);
	add_time(out, time_of(r, n));
	if (n->outcome == OUTCOME_PASS) {
		buf_adds(out, "/>\n");
		return;
	}
	buf_adds(out, ">\n");
	if (v == PASSED)
		add_remark(out, n);
	else
		add_result(out, a, r, n, elements[v]);
	buf_adds(out, "    </testcase>\n");
}

/* --- suites ------------------------------------------------------------ */

static void
add_properties(struct buf *out, struct arena *a, const struct record *r,
    const char *product)
{
	static const char *const statuses[] = {
	    [HANDOVER_DRAFT] = "draft",
	    [HANDOVER_PARTIAL] = "partial",
	    [HANDOVER_FINAL] = "final",
	};
	size_t i;

	buf_adds(out, "    <properties>\n");
	add_property(out, "document", r->edition.id);
	add_property(out, "document.version",
	    arena_printf(a, "%u", r->edition.version));
	add_property(out, "document.status", statuses[handover_status(r)]);
	add_property(out, "verdict",
	    word_name(&words_readiness, (int)r->readiness));
	add_property(out, "tool",
	    arena_printf(a, "sitewalk %s", r->tool_version));
	for (i = 0; i < r->npacks; i++) {
		const struct pack_ref *k = &r->packs[i];

		if (strcmp(k->product, product) != 0)
			continue;
		add_property(out, "pack",
		    arena_printf(a, "%s %u", k->product, k->version));
		add_property(out, "pack.sha256", k->sha256);
	}
	buf_adds(out, "    </properties>\n");
}

static void
add_suite(struct buf *out, struct arena *a, const struct record *r,
    const char *product)
{
	char iso[CLOCK_ISO_SIZE];
	struct count c;
	size_t i;

	count_lines(r, product, &c);
	buf_adds(out, "  <testsuite");
	add_attribute(out, "name", product);
	add_counts(out, &c);
	if (r->started_us != 0)
		add_attribute(out, "timestamp",
		    clock_iso(r->started_us, false, iso));
	add_attribute(out, "hostname", r->vantage.hostname);
	buf_adds(out, ">\n");
	add_properties(out, a, r, product);
	for (i = 0; i < r->nneeds; i++) {
		if (summary_counts_in(&r->needs[i]) &&
		    strcmp(r->needs[i].product, product) == 0)
			add_case(out, a, r, &r->needs[i]);
	}
	buf_adds(out, "  </testsuite>\n");
}

static int
write_junit(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	struct strlist done = {0};
	struct count all;
	size_t i;

	(void)opt;
	(void)err;
	count_lines(r, NULL, &all);
	buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	buf_adds(out, "<testsuites");
	add_attribute(out, "name",
	    arena_printf(a, "sitewalk: %s", summary_site(r)));
	add_counts(out, &all);
	buf_adds(out, ">\n");
	for (i = 0; i < r->nneeds; i++) {
		const char *product = r->needs[i].product;

		if (!summary_counts_in(&r->needs[i]) ||
		    strlist_has(&done, product))
			continue;
		strlist_add(a, &done, product);
		add_suite(out, a, r, product);
	}
	buf_adds(out, "</testsuites>\n");
	arena_free(a);
	return 0;
}

const struct export_format export_handover_junit = {
    .document = EXPORT_HANDOVER,
    .group = EXPORT_SHEET,
    .name = "junit",
    .file = "results.junit.xml",
    .label = N_("Results as JUnit XML"),
    .use = N_("For a build server that collects the results of many sites."),
    .write = write_junit,
};
