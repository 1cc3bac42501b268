/* SPDX-License-Identifier: MIT */
/* Promises of the documents: what the paper says, how wide it is, and that
 * every form of a request holds the same rows. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/export/request/rows.h"
#include "core/record/declaration.h"
#include "core/record/json.h"
#include "tests/unit/export_site.h"

/* facts of the change request desks: the columns, in their order. */
static const char columns[] =
    "rule_id,action,direction,src_zone,src_hosts,dst_kind,dst,dst_match,"
    "protocol,ports,tls_inspection,application,purpose,required,if_missing,"
    "condition,data_class,justification,vendor_source,evidence,owner,"
    "requested_by,valid_from,expires,review_by,risk,risk_note,log,test_plan,"
    "rollback,status,approver,change_ref,alt_of\r\n";

static void
contains(const char *text, const char *needle)
{
	ck_assert_msg(strstr(text, needle) != NULL, "%s is not in:\n%s", needle,
	    text);
}

static void
lacks(const char *text, const char *needle)
{
	ck_assert_msg(strstr(text, needle) == NULL, "%s is in:\n%s", needle,
	    text);
}

static void
fits(const char *text, int ncols)
{
	char *copy = strdup(text), *line, *rest = copy;

	while ((line = strsep(&rest, "\n")) != NULL)
		ck_assert_msg(text_width(line) <= ncols, "too wide: %s", line);
	free(copy);
}

static struct record *
mixed_site(void)
{
	struct record *r = export_site();
	struct need *n;

	export_need(r, "zencontrol.good", "good.example.com", OUTCOME_PASS);
	export_need(r, "zencontrol.bad", "bad.example.com", OUTCOME_FAIL);
	n = export_need(r, "zencontrol.lan", "10.20.30.60", OUTCOME_UNPROVEN);
	n->direction = DIR_LAN;
	n->to.kind = DEST_ADDRESS;
	n = export_need(r, "zencontrol.clock", "", OUTCOME_FAIL);
	n->protocol = PROTO_NONE;
	n->to.kind = DEST_NONE;
	n->to.name = NULL;
	n->ports.count = 0;
	return r;
}

START_TEST(csv_has_the_columns_of_the_desks)
{
	struct record *r = mixed_site();
	char *csv = export_bytes(r, EXPORT_REQUEST, "csv", SCOPE_NEEDED);

	ck_assert_msg(strncmp(csv, columns, sizeof columns - 1) == 0, "%s",
	    csv);
	free(csv);
	record_free(r);
	r = export_site();
	csv = export_bytes(r, EXPORT_REQUEST, "csv", SCOPE_NEEDED);
	ck_assert_str_eq(csv, columns);
	free(csv);
	record_free(r);
}
END_TEST

START_TEST(csv_lines_end_as_the_rfc_says)
{
	struct record *r = mixed_site();
	char *csv = export_bytes(r, EXPORT_REQUEST, "csv", SCOPE_ALL), *s;
	size_t nlines = 0;

	for (s = csv; *s != '\0'; s++) {
		if (*s != '\n')
			continue;
		ck_assert(s > csv && s[-1] == '\r');
		nlines++;
	}
	ck_assert_uint_eq(nlines, 5);
	free(csv);
	record_free(r);
}
END_TEST

START_TEST(csv_cells_are_no_formulas)
{
	static const struct {
		const char *typed;
		const char *cell;
	} cases[] = {
	    {"=1+1", "\"'=1+1\""},
	    {"+41 44 000 00 00", "\"'+41 44 000 00 00\""},
	    {"@SUM(A1)", "\"'@SUM(A1)\""},
	    {"-1+1", "\"'-1+1\""},
	    {"\tx", "\"' x\""},
	    {"-", "\"'-\""},
	    {"\rx", "\"'\rx\""},
	    {"a \"b\", c", "\"a \"\"b\"\", c\""},
	    {"plain", ",plain,"},
	    {"a\nb", "\"a\nb\""},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct record *r = export_site();
		char *csv;

		export_need(r, "zencontrol.x", "x.example.com", OUTCOME_FAIL);
		r->site.customer = arena_strdup(r->arena, cases[i].typed);
		csv = export_bytes(r, EXPORT_REQUEST, "csv", SCOPE_ALL);
		contains(csv, cases[i].cell);
		free(csv);
		record_free(r);
	}
}
END_TEST

START_TEST(json_keeps_the_three_parts_apart)
{
	struct record *r = mixed_site();
	char *text = export_bytes(r, EXPORT_REQUEST, "json", SCOPE_ALL);
	json_t *j = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	int part;
	static const size_t wanted[] = {2, 1, 1};

	ck_assert_ptr_nonnull(j);
	for (part = 0; part < ROWS_NPARTS; part++)
		ck_assert_uint_eq(json_array_size(json_object_get(j,
				      rows_part_names[part])),
		    wanted[part]);
	ck_assert_str_eq(json_string_value(json_object_get(j, "schema")),
	    "sitewalk/rules/1");
	ck_assert_str_eq(json_string_value(json_object_get(j, "created")),
	    "2026-11-21T10:45:00Z");
	json_decref(j);
	free(text);
	record_free(r);
}
END_TEST

START_TEST(the_same_record_gives_the_same_bytes)
{
	struct record *r = mixed_site();
	size_t i;

	for (i = 0; i < export_format_count; i++) {
		const struct export_format *f = export_formats[i];
		char *one = export_bytes(r, f->document, f->name, SCOPE_ALL);
		char *two = export_bytes(r, f->document, f->name, SCOPE_ALL);

		ck_assert_str_eq(one, two);
		free(one);
		free(two);
	}
	record_free(r);
}
END_TEST

START_TEST(paper_is_never_wider_than_a_mail)
{
	struct record *r = mixed_site();
	struct arena *a = r->arena;
	struct buf b;
	size_t i;

	/* What nobody would type, and somebody will. */
	buf_init(&b, 4096);
	for (i = 0; i < 60; i++)
		buf_adds(&b, "\xe7\x8e\x8b\xe7\x8e\x8b-x");
	r->site.name = arena_strdup(a, buf_str(&b));
	r->site.address = arena_strdup(a, buf_str(&b));
	r->site.notes = arena_strdup(a, "first\nsecond line");
	r->needs[1].summary = arena_strdup(a, buf_str(&b));
	r->needs[1].service = arena_strdup(a, buf_str(&b));
	r->needs[1].to.name = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	for (i = 0; i < export_format_count; i++) {
		const struct export_format *f = export_formats[i];
		char *text;

		if (strcmp(f->name, "text") != 0)
			continue;
		text = export_bytes(r, f->document, f->name, SCOPE_ALL);
		fits(text, 80);
		ck_assert(text_is_utf8(text, strlen(text)));
		free(text);
	}
	record_free(r);
}
END_TEST

START_TEST(verdict_stands_first)
{
	struct record *r = export_site();
	char *text;

	export_need(r, "zencontrol.a", "a.example.com", OUTCOME_PASS);
	text = export_bytes(r, EXPORT_FINDINGS, "text", SCOPE_NEEDED);
	ck_assert_int_eq(strncmp(text, "READY: ", 7), 0);
	free(text);
	export_need(r, "zencontrol.b", "b.example.com", OUTCOME_WAIVED);
	text = export_bytes(r, EXPORT_FINDINGS, "text", SCOPE_NEEDED);
	ck_assert_int_eq(strncmp(text, "READY WITH DEVIATIONS: ", 23), 0);
	free(text);
	export_need(r, "zencontrol.c", "c.example.com", OUTCOME_NOT_RUN);
	text = export_bytes(r, EXPORT_FINDINGS, "text", SCOPE_NEEDED);
	ck_assert_int_eq(strncmp(text, "NOT READY: ", 11), 0);
	free(text);
	record_free(r);
}
END_TEST

START_TEST(a_site_that_was_never_checked_is_not_ready)
{
	struct record *r = export_site();
	char *text;

	r->started_us = r->ended_us = 0;
	export_need(r, "zencontrol.a", "a.example.com", OUTCOME_PASS);
	text = export_bytes(r, EXPORT_HANDOVER, "text", SCOPE_NEEDED);
	contains(text, "NOT READY");
	contains(text, "never checked");
	free(text);
	record_free(r);
}
END_TEST

START_TEST(a_stated_fact_never_looks_measured)
{
	struct record *r = mixed_site();
	struct arena *a = r->arena;
	char *text, *line, *end;

	*arena_push(a, r->attestations,
	    r->nattestations) = (struct attestation){arena_strdup(a,
							 "zencontrol"),
	    arena_strdup(a, "cloud"), arena_strdup(a, "led"),
	    arena_strdup(a, "The LED is green."), arena_strdup(a, "yes"),
	    arena_strdup(a, "A. Fitter"), EXPORT_NOW_US};
	text = export_bytes(r, EXPORT_HANDOVER, "text", SCOPE_NEEDED);
	contains(text, "Stated by a person, not measured");
	line = strstr(text, "The LED is green.");
	ck_assert_ptr_nonnull(line);
	end = strstr(line, "\n\n");
	*end = '\0';
	contains(line, "stated by A. Fitter");
	lacks(line, "measured");
	free(text);
	record_free(r);
}
END_TEST

START_TEST(what_is_skipped_says_why)
{
	struct record *r = mixed_site();
	struct arena *a = r->arena;
	char *text;

	*arena_push(a, r->attestations,
	    r->nattestations) = (struct attestation){.product = arena_strdup(a,
							 "zencontrol"),
	    .step = arena_strdup(a, "cloud"),
	    .id = arena_strdup(a, "led"),
	    .text = arena_strdup(a, "The LED is green."),
	    .answer = arena_strdup(a, "skipped"),
	    .who = arena_strdup(a, "A. Fitter"),
	    .reason = arena_strdup(a, "No power yet."),
	    .when_us = EXPORT_NOW_US};
	text = export_bytes(r, EXPORT_HANDOVER, "text", SCOPE_NEEDED);
	contains(text, "skipped, because: No power yet.");
	free(text);
	record_free(r);
}
END_TEST

/* A declaration is a person's word for the results of then, and the paper
 * says when these are others. */
START_TEST(a_declaration_is_for_its_own_results)
{
	struct record *r = mixed_site();
	struct arena *a = r->arena;
	struct declaration d = {.party = PARTY_ACCEPTS,
	    .name = arena_strdup(a, "Ms Chef"),
	    .role = arena_strdup(a, "Owner"),
	    .remarks = arena_strdup(a, "Not the cellar."),
	    .text = arena_strdup(a, "I accept it."),
	    .when_us = EXPORT_NOW_US,
	    .results_us = r->ended_us};
	char state[DIGEST_HEX_SIZE], *text;

	d.state = arena_strdup(a, declaration_state(r, state));
	*arena_push(a, r->declarations, r->ndeclarations) = d;
	text = export_bytes(r, EXPORT_HANDOVER, "text", SCOPE_NEEDED);
	contains(text, "Ms Chef");
	contains(text, "Not the cellar.");
	contains(text, "\"I accept it.\" (stated by Ms Chef");
	lacks(text, "earlier state");
	/* it can still be signed by hand */
	contains(strstr(text, "For the customer"), "Signature:");
	free(text);
	r->needs[0].outcome = OUTCOME_FAIL;
	r->ended_us += 60000000;
	text = export_bytes(r, EXPORT_HANDOVER, "text", SCOPE_NEEDED);
	contains(text, "earlier state");
	free(text);
	/* filled in is not declared */
	r->declarations[0].when_us = 0;
	text = export_bytes(r, EXPORT_HANDOVER, "text", SCOPE_NEEDED);
	contains(text, "Ms Chef");
	lacks(text, "I accept it.");
	free(text);
	record_free(r);
}
END_TEST

START_TEST(handover_has_its_sections_in_order)
{
	static const char *const sections[] = {"HANDOVER SHEET", "NOT READY",
	    "\nParties\n", "\nExtent and limits\n", "\nEquipment\n",
	    "\nNetwork as found\n", "\nResults\n",
	    "\nExceptions and deviations\n", "\nFirewall change request\n",
	    "\nNot tested, and why\n", "\nRemaining actions\n",
	    "\nDeclarations and signatures\n", "\nDocument control\n",
	    "U N S I G N E D"};
	struct record *r = mixed_site();
	char *text = export_bytes(r, EXPORT_HANDOVER, "text", SCOPE_NEEDED);
	const char *at = text;
	size_t i;

	for (i = 0; i < sizeof sections / sizeof *sections; i++) {
		at = strstr(at, sections[i]);
		ck_assert_msg(at != NULL, "%s is missing or out of order",
		    sections[i]);
	}
	free(text);
	record_free(r);
}
END_TEST

START_TEST(request_text_says_what_it_leaves_out)
{
	struct record *r = mixed_site();
	char *text = export_bytes(r, EXPORT_REQUEST, "text", SCOPE_NEEDED);

	contains(text, "FR-zencontrol.bad");
	contains(text, "FR-zencontrol.lan");
	contains(text, "FR-zencontrol.clock");
	lacks(text, "FR-zencontrol.good");
	contains(text, "Not asked for here: 1 lines that passed");
	free(text);
	record_free(r);
}
END_TEST

static void
count_path(void *arg, const char *path)
{
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	/* No row of the site has an address for the list of addresses. */
	if (strstr(path, "/edl/ip.txt") == NULL)
		ck_assert(st.st_size > 0);
	++*(int *)arg;
	unlink(path);
}

/* How many files a set is made of. */
static int
papers(const struct export_options *opt)
{
	int n = 0;
	size_t i;

	for (i = 0; i < export_format_count; i++)
		n += export_has(opt, export_formats[i]);
	return n;
}

START_TEST(export_writes_every_paper)
{
	char dir[] = "/tmp/sitewalk-unit-XXXXXX", path[64];
	struct record *r = mixed_site();
	struct export_options opt = {.now_us = EXPORT_NOW_US, .ncols = 80};
	struct error err = {0};
	int count = 0;

	ck_assert_int_gt(papers(&opt), 6);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/a/b", dir);
	ck_assert_int_eq(export_all(r, &opt, path, count_path, &count, &err),
	    0);
	/* and what they add up to: SHA256SUMS */
	ck_assert_int_eq(count, 1 + papers(&opt));
	snprintf(path, sizeof path, "%s/a/b/firewall/edl", dir);
	ck_assert_int_eq(rmdir(path), 0);
	snprintf(path, sizeof path, "%s/a/b/firewall/snippets", dir);
	ck_assert_int_eq(rmdir(path), 0);
	snprintf(path, sizeof path, "%s/a/b/firewall", dir);
	ck_assert_int_eq(rmdir(path), 0);
	*strrchr(path, '/') = '\0';
	ck_assert_int_eq(rmdir(path), 0);
	*strrchr(path, '/') = '\0';
	ck_assert_int_eq(rmdir(path), 0);
	ck_assert_int_eq(rmdir(dir), 0);
	ck_assert_int_eq(export_all(r, &opt, "/dev/null/x", NULL, NULL, &err),
	    -1);
	ck_assert_int_ne(err.code, ERR_NONE);
	record_free(r);
}
END_TEST

HARNESS("export documents", csv_has_the_columns_of_the_desks,
    csv_lines_end_as_the_rfc_says, csv_cells_are_no_formulas,
    json_keeps_the_three_parts_apart, the_same_record_gives_the_same_bytes,
    paper_is_never_wider_than_a_mail, verdict_stands_first,
    a_site_that_was_never_checked_is_not_ready,
    a_stated_fact_never_looks_measured, what_is_skipped_says_why,
    a_declaration_is_for_its_own_results, handover_has_its_sections_in_order,
    request_text_says_what_it_leaves_out, export_writes_every_paper)
