/* SPDX-License-Identifier: MIT */
/* Promises of the record's words and of the record itself. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/base/builtin.h"
#include "core/record/json.h"
#include "tests/unit/sample_record.h"

/* As the design lists them, section 5, 6 and 8. */
static const struct {
	const struct words *words;
	const char *names;
} lists[] = {
    {&words_direction, "outbound inbound lan"},
    {&words_protocol, "tcp udp icmp igmp ethernet none"},
    {&words_dest_kind,
	"fqdn wildcard address resolver gateway multicast broadcast peer any"
	" none"},
    {&words_strength, "required optional informative must_not"},
    {&words_outcome,
	"pass marginal warn fail unproven blocked_by not_applicable not_run"
	" tool_error waived"},
    {&words_rung,
	"app_reply tls_expected tls_other transport passed_gateway rejected"
	" silence local_error none"},
    {&words_cause,
	"dns_nxdomain dns_servfail dns_refused dns_timeout dns_rewritten"
	" dns_sinkhole dns_disagree dns_intercepted dns_ttl_stretched"
	" dns_rebind_filter tcp_refused tcp_reset tcp_timeout net_unreachable"
	" host_unreachable admin_prohibited tls_expired tls_not_yet_valid"
	" tls_name_mismatch tls_intercepted tls_protocol"
	" tls_reset_after_hello alpn_missing wrong_protocol http_blockpage"
	" http_status captive_portal proxy_only clock_skew"
	" ntp_unsynchronised ntp_intercepted udp_silent sip_alg"
	" nat_idle_short client_isolation broadcast_lost multicast_lost"
	" wifi_security wifi_channel wifi_standard no_dhcp gateway_silent"
	" mtu_blackhole wrong_interface network_changed permission cancelled"
	" tls_untrusted service_silent service_unavailable nat_symmetric"},
    {&words_path, "direct proxy intercepted intermediated vpn captive"},
    {&words_zone,
	"laptop lan gateway site_perimeter beyond_site vendor undetermined"},
    {&words_readiness, "not_ready ready_with_deviations ready"},
};

#define NLISTS (sizeof lists / sizeof *lists)

START_TEST(words_are_those_of_the_design)
{
	char names[1024];
	size_t i;
	int j;

	for (i = 0; i < NLISTS; i++) {
		names[0] = '\0';
		for (j = 0; j < lists[i].words->count; j++) {
			if (word_name(lists[i].words, j)[0] == '\0')
				continue;
			if (names[0] != '\0')
				strncat(names, " ", 2);
			strncat(names, word_name(lists[i].words, j), 40);
		}
		ck_assert_str_eq(names, lists[i].names);
	}
}
END_TEST

START_TEST(every_word_is_found_again_and_has_a_label)
{
	size_t i;
	int j, value;

	for (i = 0; i < NLISTS; i++) {
		for (j = 0; j < lists[i].words->count; j++) {
			ck_assert(word_parse(lists[i].words,
			    word_name(lists[i].words, j), &value));
			ck_assert_int_eq(value, j);
			ck_assert_int_gt(strlen(word_label(lists[i].words, j)),
			    1);
		}
		ck_assert(!word_parse(lists[i].words, "no_such", &value));
		ck_assert(!word_parse(lists[i].words, NULL, &value));
		ck_assert_str_eq(word_name(lists[i].words, -1), "");
		ck_assert_str_eq(word_name(lists[i].words, 1000), "");
		ck_assert_str_eq(word_label(lists[i].words, 1000), "");
	}
}
END_TEST

static bool
is_enumerated(const json_t *j, const struct words *words)
{
	const json_t *list = json_object_get(j, "enum"), *value;
	size_t i, nnames = 0;
	int found;

	for (i = 0; i < json_array_size(list); i++) {
		value = json_array_get(list, i);
		if (json_is_null(value))
			continue;
		if (!word_parse(words, json_string_value(value), &found))
			return false;
		nnames++;
	}
	/* The empty word stands as null. */
	return nnames ==
	    (size_t)words->count - (word_name(words, 0)[0] == '\0');
}

/* What "$ref" leads to among the definitions, else j itself. */
static const json_t *
referred(const json_t *defs, const json_t *j)
{
	const char *ref = json_string_value(json_object_get(j, "$ref"));

	return ref == NULL ? j : json_object_get(defs, strrchr(ref, '/') + 1);
}

START_TEST(schema_enumerates_the_same_words)
{
	static const struct {
		const char *in, *member;
		const struct words *words;
	} cases[] = {
	    {"requirement", "strength", &words_strength},
	    {"requirement", "direction", &words_direction},
	    {"requirement", "protocol", &words_protocol},
	    {"requirement", "required_rung", &words_rung},
	    {"requirement", "outcome", &words_outcome},
	    {"requirement", "rung", &words_rung},
	    {"requirement", "cause", &words_cause},
	    {"requirement", "path", &words_path},
	    {"requirement", "zone", &words_zone},
	    {"destination", "kind", &words_dest_kind},
	    {"observation", "rung", &words_rung},
	    {"observation", "failure", &words_cause},
	    {"block", "why", &words_block_why},
	    {"deviation", "state", &words_deviation_state},
	};
	const struct builtin *file = builtin_find("schema/record-1.json");
	struct error err;
	const json_t *defs, *in;
	json_t *schema;
	size_t i;

	ck_assert_ptr_nonnull(file);
	schema = json_read((const char *)file->data, file->len, &err);
	ck_assert_msg(schema != NULL, "%s", err.what);
	defs = json_object_get(schema, "$defs");
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		in = json_object_get(json_object_get(defs, cases[i].in),
		    "properties");
		in = referred(defs, json_object_get(in, cases[i].member));
		ck_assert_msg(is_enumerated(in, cases[i].words), "%s.%s",
		    cases[i].in, cases[i].member);
	}
	json_decref(schema);
}
END_TEST

START_TEST(answers_are_set_changed_and_forgotten)
{
	struct record *r = record_new();
	char question[16];
	int i;

	ck_assert_ptr_null(record_answer(r, "z5", "a"));
	for (i = 0; i < 20; i++) {
		snprintf(question, sizeof question, "q%d", i);
		record_set_answer(r, "z5", question, "old");
	}
	record_set_answer(r, "z5", "q7", "new");
	record_set_answer(r, "z5", "q0", NULL);
	record_set_answer(r, "z5", "never", NULL);
	ck_assert_uint_eq(r->nanswers, 19);
	ck_assert_str_eq(record_answer(r, "z5", "q7"), "new");
	ck_assert_str_eq(record_answer(r, "z5", "q19"), "old");
	ck_assert_ptr_null(record_answer(r, "z5", "q0"));
	ck_assert_ptr_null(record_answer(r, "other", "q1"));
	record_free(r);
}
END_TEST

START_TEST(observations_are_copied_and_numbered)
{
	struct record *r = record_new();
	struct observation o = sample_observation(r, "a.example", 443);
	struct observation *first;

	o.detail = json_pack("{s:i}", "days", 3);
	first = record_add_observation(r, &o);
	ck_assert_str_eq(first->id, "o1");
	ck_assert_ptr_ne(first->attempts, o.attempts);
	json_decref(o.detail);
	o.detail = NULL;
	ck_assert_str_eq(record_add_observation(r, &o)->id, "o2");
	ck_assert_ptr_eq(record_observation(r, "o2"), &r->observations[1]);
	ck_assert_ptr_null(record_observation(r, "o3"));
	ck_assert_int_eq(json_integer_value(
			     json_object_get(record_observation(r, "o1")
						 ->detail,
				 "days")),
	    3);
	ck_assert(json_is_object(record_observation(r, "o2")->detail));
	record_clear_run(r);
	ck_assert_uint_eq(r->nobservations, 0);
	ck_assert_str_eq(record_add_observation(r, &o)->id, "o1");
	record_free(r);
	record_free(NULL);
}
END_TEST

START_TEST(ports_are_written_as_people_write_them)
{
	struct port_range ranges[] = {{80, 80}, {443, 443}, {20000, 65535}};
	struct ports ports = {ranges, 3}, none = {NULL, 0};
	struct arena *a = arena_new();

	ck_assert_str_eq(ports_text(a, &ports), "80, 443, 20000-65535");
	ck_assert_str_eq(ports_text(a, &none), "");
	arena_free(a);
}
END_TEST

START_TEST(clause_operators_have_names)
{
	static const char *const names[] = {"is", "not", "any_of", "at_least",
	    "below"};
	enum clause_op op;
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		ck_assert(clause_text_op(names[i], &op));
		ck_assert_str_eq(clause_op_name(op), names[i]);
	}
	ck_assert(!clause_text_op("above", &op));
}
END_TEST

static struct need *
add_need(struct record *r, enum outcome outcome, const char *group)
{
	struct need *n = arena_push(r->arena, r->needs, r->nneeds);

	*n = (struct need){.id = arena_strdup(r->arena, "p.x"),
	    .product = arena_strdup(r->arena, "p"),
	    .applies = true,
	    .outcome = outcome,
	    .group = arena_strdup(r->arena, group)};
	return n;
}

START_TEST(exit_status_follows_the_required_lines)
{
	static const struct {
		enum outcome outcome;
		int status;
	} cases[] = {
	    {OUTCOME_PASS, 0},
	    {OUTCOME_MARGINAL, 0},
	    {OUTCOME_WARN, 0},
	    {OUTCOME_WAIVED, 0},
	    {OUTCOME_NOT_APPLICABLE, 0},
	    {OUTCOME_FAIL, 1},
	    {OUTCOME_UNPROVEN, 3},
	    {OUTCOME_BLOCKED_BY, 3},
	    {OUTCOME_NOT_RUN, 3},
	    {OUTCOME_TOOL_ERROR, 3},
	};
	struct record *r;
	struct need *n;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		r = record_new();
		ck_assert_int_eq(record_exit_status(r), 0);
		add_need(r, OUTCOME_PASS, NULL);
		n = add_need(r, cases[i].outcome, NULL);
		ck_assert_int_eq(record_exit_status(r), cases[i].status);
		n->strength = STRENGTH_OPTIONAL;
		ck_assert_int_eq(record_exit_status(r), 0);
		n->strength = STRENGTH_MUST_NOT;
		ck_assert_int_eq(record_exit_status(r), cases[i].status);
		n->applies = false;
		ck_assert_int_eq(record_exit_status(r), 0);
		record_free(r);
	}
}
END_TEST

START_TEST(one_alternative_of_a_group_suffices)
{
	struct record *r = record_new();
	struct need *n;

	add_need(r, OUTCOME_FAIL, "g");
	ck_assert_int_eq(record_exit_status(r), 1);
	add_need(r, OUTCOME_UNPROVEN, "g");
	ck_assert_int_eq(record_exit_status(r), 3);
	n = add_need(r, OUTCOME_PASS, "g");
	ck_assert_int_eq(record_exit_status(r), 0);
	n->applies = false;
	ck_assert_int_eq(record_exit_status(r), 3);
	n->applies = true;
	n->group = arena_strdup(r->arena, "other");
	ck_assert_int_eq(record_exit_status(r), 3);
	n->group = r->needs[0].group;
	n->product = arena_strdup(r->arena, "q");
	ck_assert_int_eq(record_exit_status(r), 3);
	record_free(r);
}
END_TEST

/* "every field "" when not given" */
START_TEST(a_new_record_has_no_text_that_is_missing)
{
	struct record *r = record_new();
	char *const *text = (char *const *)(const void *)&r->site;
	size_t i;

	for (i = 0; i < sizeof r->site / sizeof *text; i++)
		ck_assert_msg(text[i] != NULL && text[i][0] == '\0', "%zu", i);
	record_free(r);
}
END_TEST

HARNESS("record model", a_new_record_has_no_text_that_is_missing,
    words_are_those_of_the_design, every_word_is_found_again_and_has_a_label,
    schema_enumerates_the_same_words, answers_are_set_changed_and_forgotten,
    observations_are_copied_and_numbered,
    ports_are_written_as_people_write_them, clause_operators_have_names,
    exit_status_follows_the_required_lines, one_alternative_of_a_group_suffices)
