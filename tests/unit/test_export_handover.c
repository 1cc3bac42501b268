/* SPDX-License-Identifier: MIT */
/* Promises of the handover sheet: which paper it is, what it is worth, and
 * that it says no more than the record does. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "core/export/handover/handover.h"
#include "core/export/papers.h"
#include "core/judge/ready.h"
#include "core/record/declaration.h"
#include "core/record/edition.h"
#include "tests/unit/export_site.h"

#define ID "HO-0123456789ab"
#define MANY 200

static void
contains(const char *text, const char *needle)
{
	ck_assert_msg(strstr(text, needle) != NULL, "%s is not in:\n%.3000s",
	    needle, text);
}

static void
lacks(const char *text, const char *needle)
{
	ck_assert_msg(strstr(text, needle) == NULL, "%s is in:\n%.3000s",
	    needle, text);
}

/* As one line, so that a sentence is found wherever it wraps. */
static char *
sheet(struct record *r)
{
	char *text = export_bytes(r, EXPORT_HANDOVER, "text", SCOPE_NEEDED);
	char *from, *to = text;

	for (from = text; *from != '\0'; from++) {
		if (*from == '\n')
			*from = ' ';
		if (*from != ' ' || to == text || to[-1] != ' ')
			*to++ = *from;
	}
	*to = '\0';
	return text;
}

static void
says(struct record *r, const char *needle)
{
	char *text = sheet(r);

	contains(text, needle);
	free(text);
}

static void
does_not_say(struct record *r, const char *needle)
{
	char *text = sheet(r);

	lacks(text, needle);
	free(text);
}

static void
issue(struct record *r, uint32_t version, const char *supersedes)
{
	r->edition = (struct edition){.id = arena_strdup(r->arena, ID),
	    .version = version,
	    .supersedes = arena_strdup(r->arena, supersedes),
	    .issued_us = EXPORT_NOW_US - INT64_C(3600000000)};
}

static void
declare(struct record *r, enum party party)
{
	struct declaration d = {.party = party,
	    .name = arena_strdup(r->arena, "Ms Chef"),
	    .role = arena_strdup(r->arena, ""),
	    .remarks = arena_strdup(r->arena, ""),
	    .text = arena_strdup(r->arena, "So it is."),
	    .when_us = EXPORT_NOW_US,
	    .results_us = r->ended_us};
	char state[DIGEST_HEX_SIZE];

	ready_judge(r);
	d.state = arena_strdup(r->arena, declaration_state(r, state));
	*arena_push(r->arena, r->declarations, r->ndeclarations) = d;
}

START_TEST(a_draft_has_no_number_and_says_so)
{
	struct record *r = export_site();
	char *text;

	export_need(r, "zencontrol.a", "a.example.com", OUTCOME_PASS);
	declare(r, PARTY_HANDS_OVER);
	declare(r, PARTY_ACCEPTS);
	text = sheet(r);
	contains(text, "Document: no number: this is a draft");
	contains(text, "Status: DRAFT: it was not issued");
	contains(text, "Written: 2026-11-21 10:45 UTC");
	contains(text, "SITEHO1:DRAFT:");
	lacks(text, "Issued:");
	lacks(text, "Version:");
	lacks(text, "FINAL");
	free(text);
	record_free(r);
}
END_TEST

START_TEST(an_issued_sheet_names_itself_and_the_one_before)
{
	struct record *r = export_site();

	export_need(r, "zencontrol.a", "a.example.com", OUTCOME_PASS);
	issue(r, 1, "");
	says(r, "Document: " ID " Version: 1 Supersedes: nothing");
	/* of the edition, not of the clock */
	says(r, "Issued: 2026-11-21 09:45 UTC");
	does_not_say(r, "10:45");
	says(r, "SITEHO1:" ID ":");
	issue(r, 7, "HO-ba9876543210");
	says(r, "Supersedes: HO-ba9876543210, version 6, which counts no more");
	record_free(r);
}
END_TEST

/* What the status depends on, one thing after the other. */
START_TEST(final_is_what_both_parties_declared)
{
	struct record *r = export_site();

	export_need(r, "zencontrol.a", "a.example.com", OUTCOME_PASS);
	issue(r, 1, "");
	says(r, "Status: DRAFT: neither party");
	declare(r, PARTY_HANDS_OVER);
	says(r, "Status: DRAFT: it waits for the customer");
	declare(r, PARTY_ACCEPTS);
	says(r, "Status: FINAL: both parties");
	ck_assert_int_eq(handover_status(r), HANDOVER_FINAL);
	/* a declaration is for its own results */
	r->needs[0].outcome = OUTCOME_FAIL;
	says(r, "Status: DRAFT: neither party");
	r->needs[0].outcome = OUTCOME_PASS;
	says(r, "Status: FINAL");
	r->complete = false;
	says(r, "Status: PARTIAL");
	does_not_say(r, "FINAL");
	r->started_us = r->ended_us = 0;
	says(r, "Status: DRAFT: nothing was checked");
	record_free(r);
}
END_TEST

START_TEST(every_page_says_what_it_is)
{
	struct export_options opt = {.now_us = EXPORT_NOW_US, .ncols = 80};
	struct arena *a = arena_new();
	struct record *r = export_site();
	const struct sheet *s;

	export_need(r, "zencontrol.a", "a.example.com", OUTCOME_PASS);
	s = handover_sheet(a, r, &opt, NULL);
	ck_assert_str_eq(s->state, "DRAFT");
	ck_assert_int_eq(s->issued_us, EXPORT_NOW_US);
	issue(r, 3, "");
	s = handover_sheet(a, r, &opt, NULL);
	ck_assert_str_eq(s->running, ID ", version 3");
	ck_assert_str_eq(s->state, "DRAFT");
	ck_assert_int_eq(s->issued_us, r->edition.issued_us);
	declare(r, PARTY_HANDS_OVER);
	declare(r, PARTY_ACCEPTS);
	s = handover_sheet(a, r, &opt, NULL);
	ck_assert_ptr_null(s->state);
	r->complete = false;
	s = handover_sheet(a, r, &opt, NULL);
	ck_assert_str_eq(s->state, "PARTIAL");
	arena_free(a);
	record_free(r);
}
END_TEST

/* Whoever has paper and file can match them. */
START_TEST(the_paper_carries_the_digest_of_its_file)
{
	struct record *r = export_site();
	char hash[DIGEST_HEX_SIZE], wanted[80], *file, *text;
	int i, at = 0;

	export_need(r, "zencontrol.a", "a.example.com", OUTCOME_FAIL);
	issue(r, 1, "");
	file = export_bytes(r, EXPORT_HANDOVER, "json", SCOPE_NEEDED);
	digest_sha256_hex(file, strlen(file), hash);
	text = sheet(r);
	for (i = 0; i < 64; i += 8)
		at += snprintf(wanted + at, sizeof wanted - (size_t)at,
		    "%s%.8s", i > 0 ? " " : "", hash + i);
	contains(text, wanted);
	snprintf(wanted, sizeof wanted, "SITEHO1:" ID ":%.32s ", hash);
	contains(text, wanted);
	contains(text, "U N S I G N E D");
	free(file);
	free(text);
	record_free(r);
}
END_TEST

static void
observe(struct record *r, struct need *n, size_t nattempts)
{
	struct attempt attempt = {.result = arena_strdup(r->arena, "reply")};
	struct observation o = {.key = arena_strdup(r->arena, "x"),
	    .probe = arena_strdup(r->arena, "x"),
	    .started_us = r->started_us + 5000000,
	    .attempts = &attempt,
	    .nattempts = nattempts,
	    .rung = n->rung};
	const struct observation *kept = record_add_observation(r, &o);

	strlist_add(r->arena, &n->probes, kept->id);
}

static bool
row_has(const struct sheet_block *b, size_t row, const char *needle)
{
	size_t i;

	for (i = 0; i < b->ncolumns; i++) {
		if (strstr(b->row[row].cell[i], needle) != NULL)
			return true;
	}
	return false;
}

/* Is there a row of any table with both? However a writer lays it out. */
static bool
has_row(struct record *r, const char *one, const char *other)
{
	struct export_options opt = {.now_us = EXPORT_NOW_US, .ncols = 80};
	struct arena *a = arena_new();
	const struct sheet *s = handover_sheet(a, r, &opt, NULL);
	bool found = false;
	size_t i, k;

	for (i = 0; i < s->count; i++) {
		const struct sheet_block *b = &s->block[i];

		for (k = 0; b->kind == SHEET_TABLE && k < b->nrows; k++)
			found |= row_has(b, k, one) && row_has(b, k, other);
	}
	arena_free(a);
	return found;
}

START_TEST(each_line_says_how_it_is_known)
{
	struct record *r = export_site();
	struct need *n;

	r->started_us = EXPORT_NOW_US - 180000000;
	n = export_need(r, "zencontrol.sent", "a.example.com", OUTCOME_PASS);
	n->rung = RUNG_TLS_EXPECTED;
	observe(r, n, 1);
	ck_assert(has_row(r, "sent: ", "measured:"));
	ck_assert(has_row(r, "sent: ", "10:42:05 o1"));
	n = export_need(r, "zencontrol.read", "b.example.com", OUTCOME_PASS);
	n->rung = RUNG_TLS_EXPECTED;
	observe(r, n, 0);
	ck_assert(has_row(r, "read: ", "inspected"));
	n = export_need(r, "zencontrol.never", "c.example.com",
	    OUTCOME_NOT_RUN);
	n->rung = RUNG_NONE;
	ck_assert(has_row(r, "never: ", "not measured"));
	/* what could not be sent was not measured */
	n = export_need(r, "zencontrol.right", "d.example.com",
	    OUTCOME_NOT_RUN);
	n->rung = RUNG_LOCAL_ERROR;
	observe(r, n, 0);
	ck_assert(has_row(r, "right: ", "not measured"));
	record_free(r);
}
END_TEST

START_TEST(what_failed_was_not_as_demanded)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.must-not", "a.example.com",
	    OUTCOME_FAIL);

	n->strength = STRENGTH_MUST_NOT;
	n->rung = RUNG_APP_REPLY;
	n->required_rung = RUNG_APP_REPLY;
	strlist_add(r->arena, &n->probes, "o9");
	ck_assert(has_row(r, "must-not: ", "measured: "));
	ck_assert(!has_row(r, "must-not: ", "as demanded"));
	n->outcome = OUTCOME_PASS;
	ck_assert(has_row(r, "must-not: ", "as demanded"));
	record_free(r);
}
END_TEST

START_TEST(what_was_typed_was_not_read_from_a_device)
{
	struct record *r = export_site();
	struct arena *a = r->arena;
	struct equipment e = {arena_strdup(a, "zencontrol"),
	    arena_strdup(a, "mac"), arena_strdup(a, "MAC address"),
	    arena_strdup(a, "02:00:00:00:00:01"), arena_strdup(a, "typed"),
	    EXPORT_NOW_US};

	*arena_push(a, r->equipment, r->nequipment) = e;
	ck_assert(has_row(r, "02:00:00:00:00:01", "typed by a person"));
	ck_assert(!has_row(r, "02:00:00:00:00:01", "read from"));
	r->equipment[0].how = arena_strdup(a, "measured");
	ck_assert(has_row(r, "02:00:00:00:00:01", "read from the device"));
	ck_assert(!has_row(r, "02:00:00:00:00:01", "typed"));
	record_free(r);
}
END_TEST

START_TEST(a_deviation_has_all_that_a_signature_needs)
{
	struct record *r = export_site();
	struct arena *a = r->arena;
	struct deviation d = {.requirement = arena_strdup(a, "zencontrol.a"),
	    .owner = arena_strdup(a, "B. Owner"),
	    .reason = arena_strdup(a, "The line comes next week."),
	    .expires = arena_strdup(a, "2026-12-31"),
	    .initials = arena_strdup(a, "BO"),
	    .when_us = EXPORT_NOW_US,
	    .state = DEVIATION_HOLDS};
	struct need *n = export_need(r, "zencontrol.a", "a.example.com",
	    OUTCOME_WAIVED);
	char *text, *at;

	n->accepted = arena_strdup(a, "fail");
	*arena_push(a, r->deviations, r->ndeviations) = d;
	text = sheet(r);
	contains(text, "READY WITH DEVIATIONS");
	at = strstr(text, "Exceptions and deviations");
	contains(at,
	    "Requirement: TCP 443 to a.example.com Found: failed "
	    "Risk: The lights do not dim. Reason: The line comes "
	    "next week. Accepted by: B. Owner, entered 2026-11-21 "
	    "10:45 UTC Until: 2026-12-31 Initials: BO");
	contains(at, "Signature: ___");
	contains(at, "zencontrol.a: it is accepted until 2026-12-31 only.");
	free(text);
	record_free(r);
}
END_TEST

START_TEST(what_was_not_tested_stands_under_its_reason)
{
	struct record *r = export_site();
	struct need *n;
	char *text, *at;

	n = export_need(r, "zencontrol.a", "a.example.com", OUTCOME_NOT_RUN);
	n->summary = arena_strdup(r->arena, "The cable was out.");
	n = export_need(r, "zencontrol.b", "b.example.com", OUTCOME_PASS);
	n = export_need(r, "zencontrol.c", "c.example.com", OUTCOME_BLOCKED_BY);
	n->summary = arena_strdup(r->arena, "The cable was out.");
	text = sheet(r);
	at = strstr(text, "Not tested, and why");
	contains(at,
	    "The cable was out. zencontrol.a: TCP 443 to a.example.com (not "
	    "checked) zencontrol.c: TCP 443 to c.example.com (blocked)");
	*strstr(at, "Remaining actions") = '\0';
	lacks(at, "zencontrol.b");
	free(text);
	record_free(r);
}
END_TEST

/* What applies nowhere is not counted, and why is said. */
START_TEST(what_is_not_in_scope_says_why)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.gone", "a.example.com",
	    OUTCOME_NOT_APPLICABLE);
	struct clause c = {.question = arena_strdup(r->arena, "wifi"),
	    .op = CLAUSE_IS};

	strlist_add(r->arena, &c.values, "yes");
	*arena_push(r->arena, n->when.item, n->when.count) = c;
	export_need(r, "zencontrol.here", "b.example.com", OUTCOME_PASS);
	ck_assert(has_row(r, "zencontrol.gone", "wifi is yes"));
	says(r, "1 line applies");
	record_free(r);
}
END_TEST

static void
told_time(struct record *r, const char *host, int64_t offset_us)
{
	struct observation o = {.key = arena_strdup(r->arena, host),
	    .probe = arena_strdup(r->arena, "ntp"),
	    .rung = RUNG_APP_REPLY,
	    .detail = json_pack("{s:I}", "offset_us", (json_int_t)offset_us)};

	record_add_observation(r, &o);
	json_decref(o.detail);
}

START_TEST(the_clock_is_worth_what_others_say)
{
	struct record *r = export_site();

	export_need(r, "zencontrol.a", "a.example.com", OUTCOME_PASS);
	says(r, "those of the computer and of nobody else");
	told_time(r, "a", 2500000);
	says(r, "Only one time server");
	says(r, "was 2.5 seconds behind");
	told_time(r, "b", 2600000);
	told_time(r, "c", 2400000);
	says(r,
	    "3 time servers and dated web replies were seen, and they "
	    "agree. The computer's clock was 2.5 seconds behind.");
	told_time(r, "d", -90000000);
	says(r, "Of 4 time servers and dated web replies 3 agree");
	record_free(r);
	r = export_site();
	export_need(r, "zencontrol.a", "a.example.com", OUTCOME_PASS);
	told_time(r, "a", -INT64_C(93600000000));
	told_time(r, "b", -INT64_C(93600000000));
	says(r, "was 26 hours ahead");
	record_free(r);
}
END_TEST

START_TEST(rights_are_told_as_they_were)
{
	struct record *r = export_site();

	says(r, "it was not kept which rights it had");
	r->vantage.rights = arena_strdup(r->arena, "");
	says(r, "Rights: an ordinary user's");
	r->vantage.rights = arena_strdup(r->arena, "cap_net_raw");
	says(r, "Rights: cap_net_raw");
	record_free(r);
}
END_TEST

/* Of 200 failures with one cause: the cause first, then each line once in
 * full and once in the table. */
START_TEST(two_hundred_findings_stay_readable)
{
	struct record *r = export_site();
	struct arena *a = r->arena;
	struct diagnosis d = {.cause = CAUSE_TCP_TIMEOUT,
	    .zone = ZONE_GATEWAY,
	    .summary = arena_strdup(a, "Everything is dropped."),
	    .whose = arena_strdup(a, "the IT desk"),
	    .advice_installer = arena_strdup(a, "Call them once."),
	    .advice_it = arena_strdup(a, "Allow it."),
	    .advice_customer = arena_strdup(a, "Nothing works.")};
	char *text, *at, id[40];
	int i, told = 0;

	for (i = 0; i < MANY; i++) {
		snprintf(id, sizeof id, "zencontrol.line-%d", i);
		export_need(r, id, "a.example.com", OUTCOME_FAIL);
		strlist_add(a, &d.explains, id);
	}
	*arena_push(a, r->diagnoses, r->ndiagnoses) = d;
	text = sheet(r);
	at = strstr(text, "What causes the trouble");
	ck_assert_ptr_nonnull(at);
	contains(at, "Everything is dropped.");
	ck_assert(strstr(at, "zencontrol.line-0") > strstr(at, "Call them"));
	for (at = text; (at = strstr(at, "Call them once.")) != NULL; at++)
		told++;
	ck_assert_int_le(told, 2);
	contains(text, "200 failed");
	free(text);
	record_free(r);
}
END_TEST

HARNESS("export handover", a_draft_has_no_number_and_says_so,
    an_issued_sheet_names_itself_and_the_one_before,
    final_is_what_both_parties_declared, every_page_says_what_it_is,
    the_paper_carries_the_digest_of_its_file, each_line_says_how_it_is_known,
    what_failed_was_not_as_demanded, what_was_typed_was_not_read_from_a_device,
    a_deviation_has_all_that_a_signature_needs,
    what_was_not_tested_stands_under_its_reason, what_is_not_in_scope_says_why,
    the_clock_is_worth_what_others_say, rights_are_told_as_they_were,
    two_hundred_findings_stay_readable)
