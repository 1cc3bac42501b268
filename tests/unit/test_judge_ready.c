/* SPDX-License-Identifier: MIT */
/* Promises about "may I leave?": what blocks is told by its cause, nothing
 * that is required is forgotten, and an acceptance counts only while it is
 * whole, in force and needed. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/deviation.h"
#include "core/judge/judge.h"
#include "core/record/json.h"
#include "tests/unit/judge_case.h"

static struct need *
tried(struct record *r, const char *id, uint16_t port, bool works)
{
	struct need *n = case_need(r, id, PROTO_TCP, port, RUNG_TRANSPORT);
	char host[64];

	snprintf(host, sizeof host, "%s.example", id);
	case_spec(r, n, "tcp", host, NULL, port);
	case_name(r, host, CAUSE_NONE, "192.0.2.7");
	case_seen(r, n, 0, "192.0.2.7", works ? RUNG_TRANSPORT : RUNG_SILENCE,
	    works ? CAUSE_NONE : CAUSE_TCP_TIMEOUT);
	return n;
}

static struct deviation *
deviate(struct record *r, const char *requirement)
{
	struct deviation *d = arena_push(r->arena, r->deviations,
	    r->ndeviations);

	memset(d, 0, sizeof *d);
	d->requirement = arena_strdup(r->arena, requirement);
	d->owner = arena_strdup(r->arena, "B. Owner");
	d->reason = arena_strdup(r->arena, "The line comes next week.");
	d->expires = arena_strdup(r->arena, "2026-12-31");
	d->initials = arena_strdup(r->arena, "BO");
	return d;
}

static const struct block *
block_with(const struct record *r, enum block_why why)
{
	size_t i;

	for (i = 0; i < r->nblocks; i++) {
		if (r->blocks[i].why == why)
			return &r->blocks[i];
	}
	return NULL;
}

/* Every line that keeps the exit status from 0 is in a block, no other is,
 * and each block says what, whose and what to do. */
static void
blocks_are_complete(const struct record *r)
{
	size_t i, k, told;

	for (i = 0; i < r->nneeds; i++) {
		told = 0;
		for (k = 0; k < r->nblocks; k++)
			told += strlist_has(&r->blocks[k].requirements,
			    r->needs[i].id);
		ck_assert_msg((told > 0) == record_is_blocking(r, &r->needs[i]),
		    "%s", r->needs[i].id);
	}
	for (k = 0; k < r->nblocks; k++) {
		ck_assert(r->blocks[k].summary[0] != '\0');
		ck_assert(r->blocks[k].brief[0] != '\0');
		ck_assert(r->blocks[k].owner[0] != '\0');
		ck_assert(r->blocks[k].todo[0] != '\0');
	}
}

START_TEST(what_was_never_checked_says_so)
{
	struct record *r = case_new();
	size_t nproducts = r->products.count;

	r->products.count = 0;
	judge_record(r);
	ck_assert_ptr_nonnull(block_with(r, BLOCK_NOTHING_CHOSEN));
	r->products.count = nproducts;
	tried(r, "a", 5113, true);
	r->started_us = r->ended_us = 0;
	judge_record(r);
	ck_assert_uint_eq(r->nblocks, 1);
	ck_assert_ptr_nonnull(block_with(r, BLOCK_NEVER_RUN));
	ck_assert_int_eq(judge_readiness(r), NOT_READY);
	record_free(r);
}
END_TEST

/* A site of which one product is unknown here is never ready. */
START_TEST(a_product_without_a_pack_stands_in_the_way)
{
	struct record *r = case_new();
	const struct block *b;

	tried(r, "a", 5113, true);
	strlist_add(r->arena, &r->products, r->needs[0].product);
	judge_record(r);
	ck_assert_int_eq(judge_readiness(r), READY);
	strlist_add(r->arena, &r->products, "unheard-of");
	judge_record(r);
	ck_assert_int_eq(judge_readiness(r), NOT_READY);
	b = block_with(r, BLOCK_NOT_CHECKED);
	ck_assert_ptr_nonnull(b);
	ck_assert_ptr_nonnull(strstr(b->summary, "unheard-of"));
	record_free(r);
}
END_TEST

START_TEST(a_run_that_was_cut_short_is_not_ready)
{
	struct record *r = case_new();
	const struct block *b;
	struct need *n;

	tried(r, "a", 5113, true);
	n = case_need(r, "b", PROTO_TCP, 443, RUNG_TRANSPORT);
	case_spec(r, n, "tcp", "b.example", NULL, 443);
	r->complete = false;
	judge_record(r);
	ck_assert_int_eq(judge_readiness(r), NOT_READY);
	b = block_with(r, BLOCK_RUN_INCOMPLETE);
	ck_assert_ptr_nonnull(b);
	/* Nobody shall vouch for what will be checked in a moment. */
	ck_assert(strlist_has(&b->requirements, "b"));
	ck_assert_uint_eq(r->nblocks, 1);
	case_seen(r, n, 0, "192.0.2.7", RUNG_TRANSPORT, CAUSE_NONE);
	r->complete = true;
	judge_record(r);
	ck_assert_int_eq(judge_readiness(r), READY);
	ck_assert_uint_eq(r->nblocks, 0);
	record_free(r);
}
END_TEST

/* Many lines, one cause: one block. What hangs on it is in it too. */
START_TEST(a_cause_is_told_once_with_all_that_it_holds_up)
{
	struct record *r = case_new();
	struct need *dns = case_need(r, "dns", PROTO_UDP, 53, RUNG_APP_REPLY);
	struct need *n = case_need(r, "n", PROTO_TCP, 443, RUNG_TLS_EXPECTED);
	const struct block *b;
	char id[16];
	int i;

	case_spec(r, dns, "dns", "n.example", NULL, 53);
	case_name(r, "n.example", CAUSE_DNS_NXDOMAIN, "");
	case_spec(r, n, "tls", "n.example", NULL, 443);
	strlist_add(r->arena, &n->needs, "dns");
	for (i = 0; i < 10; i++) {
		snprintf(id, sizeof id, "x%d", i);
		tried(r, id, 5113, false);
	}
	judge_record(r);
	blocks_are_complete(r);
	ck_assert_uint_eq(r->nblocks, 2);
	b = &r->blocks[r->blocks[0].cause == CAUSE_DNS_NXDOMAIN ? 0 : 1];
	ck_assert_int_eq(b->cause, CAUSE_DNS_NXDOMAIN);
	ck_assert(strlist_has(&b->requirements, "dns"));
	ck_assert(strlist_has(&b->requirements, "n"));
	b = &r->blocks[b == r->blocks];
	ck_assert_int_eq(b->cause, CAUSE_TCP_TIMEOUT);
	ck_assert_uint_eq(b->requirements.count, 10);
	record_free(r);
}
END_TEST

START_TEST(what_was_not_looked_at_blocks_and_says_what_to_do)
{
	struct record *r = case_new();
	struct need *open = case_need(r, "open", PROTO_TCP, 443,
	    RUNG_TRANSPORT);
	struct need *where = case_need(r, "where", PROTO_TCP, 443,
	    RUNG_TRANSPORT);
	struct need *hand = case_need(r, "hand", PROTO_NONE, 0, RUNG_APP_REPLY);
	struct need *wish = case_need(r, "wish", PROTO_NONE, 0, RUNG_APP_REPLY);
	const struct block *b;

	case_spec(r, open, "tcp", "open.example", NULL, 443);
	open->open_question = true;
	open->open_ask = arena_strdup(r->arena, "Is there a cellar?");
	where->open_ask = arena_strdup(r->arena, "Which host is it?");
	where->unprobed = arena_strdup(r->arena, "Answer: Which host is it?");
	hand->unprobed = arena_strdup(r->arena, "Only a person sees it.");
	wish->unprobed = hand->unprobed;
	wish->strength = STRENGTH_OPTIONAL;
	judge_record(r);
	blocks_are_complete(r);
	ck_assert_uint_eq(r->nblocks, 2);
	b = block_with(r, BLOCK_QUESTION);
	ck_assert_ptr_nonnull(b);
	ck_assert_uint_eq(b->requirements.count, 2);
	ck_assert(strstr(b->summary, "Is there a cellar?") != NULL);
	ck_assert(strstr(b->summary, "Which host is it?") != NULL);
	ck_assert(strstr(open->summary, "Is there a cellar?") != NULL);
	b = block_with(r, BLOCK_NOT_CHECKED);
	ck_assert_ptr_nonnull(b);
	ck_assert_str_eq(b->summary, "Only a person sees it.");
	record_free(r);
}
END_TEST

/* A product that was chosen after the check wants a check, and nobody's
 * signature in place of it. */
START_TEST(what_was_left_out_is_to_be_checked)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.tls", PROTO_TCP, 443,
	    RUNG_TLS_EXPECTED);
	const struct block *b;

	case_spec(r, n, "tls", "p.tls.example", NULL, 443);
	judge_record(r);
	blocks_are_complete(r);
	b = block_with(r, BLOCK_NOT_CHECKED);
	ck_assert_ptr_nonnull(b);
	ck_assert(strstr(b->todo, "Check") != NULL);
	ck_assert(strstr(b->todo, "accepted") == NULL);
	record_free(r);
}
END_TEST

/* Half an acceptance is none, and says which half is missing. */
/* Nothing else tells the time, but the laptop's owner has a watch. */
START_TEST(a_doubtful_clock_is_to_be_set)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.tls", PROTO_TCP, 443,
	    RUNG_TLS_EXPECTED);
	const struct block *b;

	case_spec(r, n, "tls", "p.tls.example", NULL, 443);
	case_name(r, "p.tls.example", CAUSE_NONE, "192.0.2.7");
	case_dates(case_seen(r, n, 0, "192.0.2.7", RUNG_TLS_EXPECTED,
		       CAUSE_NONE),
	    -20, -10);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(n->cause, CAUSE_CLOCK_SKEW);
	b = block_with(r, BLOCK_UNPROVEN);
	ck_assert_ptr_nonnull(b);
	ck_assert_str_eq(b->todo,
	    "Set the clock of this laptop, then check again.");
	record_free(r);
}
END_TEST

START_TEST(an_acceptance_without_a_part_does_not_count)
{
	static const struct {
		size_t offset;
		const char *value, *word;
	} rows[] = {
	    {offsetof(struct deviation, owner), "", "owner"},
	    {offsetof(struct deviation, owner), "  ", "owner"},
	    {offsetof(struct deviation, reason), "", "reason"},
	    {offsetof(struct deviation, expires), "", "date"},
	    {offsetof(struct deviation, expires), "31.12.2026", "2026-12-31"},
	    {offsetof(struct deviation, expires), "2026-02-30", "2026-12-31"},
	    {offsetof(struct deviation, initials), "", "initials"},
	};
	struct record *r;
	struct need *n;
	struct deviation *d;
	const struct block *b;
	char *value;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		r = case_new();
		n = tried(r, "x", 5113, false);
		d = deviate(r, "x");
		value = arena_strdup(r->arena, rows[i].value);
		memcpy((char *)d + rows[i].offset, &value, sizeof value);
		judge_record(r);
		ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
		ck_assert_int_eq(r->deviations[0].state, DEVIATION_INCOMPLETE);
		b = block_with(r, BLOCK_DEVIATION_INCOMPLETE);
		ck_assert_ptr_nonnull(b);
		ck_assert_msg(strstr(b->summary, rows[i].word) != NULL, "%s",
		    b->summary);
		ck_assert(strstr(n->summary, rows[i].word) != NULL);
		blocks_are_complete(r);
		record_free(r);
	}
}
END_TEST

/* It counts through its last day, on whatever day is asked about. */
START_TEST(the_day_of_judging_decides)
{
	static const struct {
		const char *day;
		enum readiness ready;
	} rows[] = {
	    {NULL, READY_WITH_DEVIATIONS},
	    {"2026-12-30", READY_WITH_DEVIATIONS},
	    {"2026-12-31", READY_WITH_DEVIATIONS},
	    {"2027-01-01", NOT_READY},
	    {"2036-01-01", NOT_READY},
	};
	struct record *r = case_new();
	struct need *n = tried(r, "x", 5113, false);
	const struct block *b;
	size_t i;

	deviate(r, "x");
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		r->as_of = arena_strdup(r->arena, rows[i].day);
		judge_record(r);
		ck_assert_int_eq(judge_readiness(r), rows[i].ready);
		ck_assert_int_eq(n->outcome,
		    rows[i].ready == NOT_READY ? OUTCOME_FAIL : OUTCOME_WAIVED);
		b = block_with(r, BLOCK_DEVIATION_EXPIRED);
		ck_assert_int_eq(b != NULL, rows[i].ready == NOT_READY);
		if (b != NULL)
			ck_assert(strstr(b->summary, "2026-12-31") != NULL);
	}
	record_free(r);
}
END_TEST

/* Three lines that one person accepted until one day: one thing to do. */
START_TEST(what_ends_on_one_day_is_told_once)
{
	struct record *r = case_new();
	const struct block *b;

	tried(r, "x", 5113, false);
	tried(r, "y", 5114, false);
	tried(r, "z", 5115, false);
	deviate(r, "x");
	deviate(r, "y");
	deviate(r, "z");
	r->deviations[2].owner = arena_strdup(r->arena, "Somebody else");
	r->as_of = arena_strdup(r->arena, "2027-01-01");
	judge_record(r);
	blocks_are_complete(r);
	b = block_with(r, BLOCK_DEVIATION_EXPIRED);
	ck_assert_ptr_nonnull(b);
	ck_assert_uint_eq(b->requirements.count, 2);
	ck_assert(strstr(b->summary, "2 lines") != NULL);
	b++;
	ck_assert_int_eq(b->why, BLOCK_DEVIATION_EXPIRED);
	ck_assert_str_eq(b->owner, "Somebody else");
	ck_assert_uint_eq(b->requirements.count, 1);
	record_free(r);
}
END_TEST

/* Nothing but a failure is called one. */
START_TEST(what_was_never_tried_is_not_called_failed)
{
	ck_assert_ptr_null(
	    strstr(word_label(&words_outcome, OUTCOME_WAIVED), "fail"));
}
END_TEST

/* A laptop whose clock is years behind does not make it last longer. */
START_TEST(the_day_of_the_run_is_that_of_its_witnesses)
{
	struct record *r = case_new();
	struct need *n = tried(r, "x", 5113, false);
	struct need *t1 = case_need(r, "t1", PROTO_UDP, 123, RUNG_APP_REPLY);
	struct need *t2 = case_need(r, "t2", PROTO_UDP, 123, RUNG_APP_REPLY);

	deviate(r, "x");
	case_spec(r, t1, "ntp", NULL, "192.0.2.123", 123);
	case_spec(r, t2, "ntp", NULL, "192.0.2.124", 123);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_WAIVED);
	case_time(r, t1, 3650 * CASE_DAY_US);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_WAIVED); /* one is no proof */
	case_time(r, t2, 3650 * CASE_DAY_US);
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	record_free(r);
}
END_TEST

/* What was found stays readable beside who accepts it. */
START_TEST(what_is_accepted_stays_visible)
{
	struct record *r = case_new();
	struct need *fail = tried(r, "fail", 5113, false);
	struct need *open = case_need(r, "open", PROTO_TCP, 443,
	    RUNG_TRANSPORT);
	struct need *fine = tried(r, "fine", 443, true);
	struct need *wish = tried(r, "wish", 5114, false);
	json_t *j, *row;

	case_spec(r, open, "tcp", "open.example", NULL, 443);
	wish->strength = STRENGTH_OPTIONAL;
	deviate(r, "fail");
	deviate(r, "open");
	deviate(r, "fine");
	deviate(r, "wish");
	deviate(r, "stranger");
	judge_record(r);
	ck_assert_int_eq(judge_readiness(r), READY_WITH_DEVIATIONS);
	ck_assert_int_eq(fail->outcome, OUTCOME_WAIVED);
	ck_assert_str_eq(fail->accepted, "fail");
	ck_assert_int_eq(fail->cause, CAUSE_TCP_TIMEOUT);
	ck_assert_int_eq(open->outcome, OUTCOME_WAIVED);
	ck_assert_str_eq(open->accepted, "not_run");
	ck_assert_int_eq(fine->outcome, OUTCOME_PASS);
	ck_assert_ptr_null(fine->accepted);
	ck_assert(strstr(fine->summary, "no longer needed") != NULL);
	ck_assert_int_eq(wish->outcome, OUTCOME_WARN);
	ck_assert_int_eq(r->deviations[2].state, DEVIATION_NOT_NEEDED);
	ck_assert_int_eq(r->deviations[3].state, DEVIATION_NOT_NEEDED);
	ck_assert_int_eq(r->deviations[4].state, DEVIATION_STRANGER);
	j = record_to_json(r);
	row = json_array_get(json_object_get(j, "requirements"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(row, "outcome")),
	    "waived");
	ck_assert_str_eq(json_string_value(json_object_get(row, "accepted")),
	    "fail");
	ck_assert_str_eq(json_string_value(
			     json_object_get(json_object_get(row, "deviation"),
				 "state")),
	    "holds");
	json_decref(j);
	record_free(r);
}
END_TEST

/* What must not be is not waved through like a port that is closed. */
START_TEST(what_must_not_be_is_accepted_loudly)
{
	struct record *r = case_new();
	struct need *n = tried(r, "x", 5113, false);

	n->strength = STRENGTH_MUST_NOT;
	deviate(r, "x");
	judge_record(r);
	ck_assert_int_eq(n->outcome, OUTCOME_WAIVED);
	ck_assert_int_eq(judge_readiness(r), READY_WITH_DEVIATIONS);
	ck_assert(strstr(n->summary, "must not be") != NULL);
	record_free(r);
}
END_TEST

/* Of alternatives one suffices, also one that is accepted. */
START_TEST(alternatives_block_together_or_not_at_all)
{
	struct record *r = case_new();
	struct need *a = tried(r, "a", 5684, false);
	struct need *b = tried(r, "b", 443, false);

	a->group = b->group = arena_strdup(r->arena, "either");
	judge_record(r);
	ck_assert_uint_eq(r->nblocks, 1);
	ck_assert_uint_eq(r->blocks[0].requirements.count, 2);
	deviate(r, "a");
	judge_record(r);
	blocks_are_complete(r);
	ck_assert_uint_eq(r->nblocks, 0);
	ck_assert_int_eq(judge_readiness(r), READY_WITH_DEVIATIONS);
	record_free(r);
}
END_TEST

START_TEST(the_answer_is_read_back_as_it_was_written)
{
	struct record *r = case_new(), *back;
	struct error err;
	struct buf out;
	json_t *j;

	tried(r, "a", 5113, false);
	r->as_of = arena_strdup(r->arena, "2026-12-01");
	judge_record(r);
	j = record_to_json(r);
	buf_init(&out, 1 << 20);
	json_write(j, &out);
	json_decref(j);
	back = record_from_json(buf_str(&out), out.len, &err);
	ck_assert_msg(back != NULL, "%s", err.what);
	ck_assert_int_eq(back->readiness, NOT_READY);
	ck_assert_str_eq(back->as_of, "2026-12-01");
	ck_assert_uint_eq(back->nblocks, 1);
	ck_assert_int_eq(back->blocks[0].why, BLOCK_FAILED);
	ck_assert_int_eq(back->blocks[0].cause, CAUSE_TCP_TIMEOUT);
	ck_assert_str_eq(back->blocks[0].todo, r->blocks[0].todo);
	buf_free(&out);
	record_free(back);
	record_free(r);
}
END_TEST

HARNESS("judge ready", what_was_never_checked_says_so,
    a_product_without_a_pack_stands_in_the_way,
    what_was_left_out_is_to_be_checked, a_doubtful_clock_is_to_be_set,
    a_run_that_was_cut_short_is_not_ready,
    a_cause_is_told_once_with_all_that_it_holds_up,
    what_was_not_looked_at_blocks_and_says_what_to_do,
    an_acceptance_without_a_part_does_not_count, the_day_of_judging_decides,
    what_ends_on_one_day_is_told_once,
    what_was_never_tried_is_not_called_failed,
    the_day_of_the_run_is_that_of_its_witnesses, what_is_accepted_stays_visible,
    what_must_not_be_is_accepted_loudly,
    alternatives_block_together_or_not_at_all,
    the_answer_is_read_back_as_it_was_written)
