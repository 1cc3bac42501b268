/* SPDX-License-Identifier: MIT */
/* Promises about how strongly a line is needed, with the real packs: what is
 * only recommended warns, of alternatives one suffices, and what an unknown
 * answer brings in says so. The rules are those of the vendors' documents;
 * every site here works but for what a test takes away. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "core/judge/judge.h"
#include "core/pack/answers.h"
#include "core/pack/vocabulary.h"
#include "core/probe/probe.h"
#include "tests/unit/harness.h"
#include "tests/unit/judge_case.h"

#define HOST "192.0.2.7"

struct site {
	struct pack_set *packs;
	struct probe_word words[128];
	struct pack_vocabulary vocab;
	struct record *r;
	struct strlist lost; /* keys of what nobody answers */
};

static void
site_begin(struct site *s, const char *product)
{
	struct error err = {0};
	size_t i;

	memset(s, 0, sizeof *s);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_DATA_DIRS", "/nonexistent", 1);
	ck_assert_uint_lt(probe_type_count, 128);
	for (i = 0; i < probe_type_count; i++)
		s->words[i] = (struct probe_word){probe_types[i]->name,
		    probe_types[i]->shape};
	s->vocab = (struct pack_vocabulary){s->words, probe_type_count};
	s->packs = pack_set_load(NULL, &s->vocab, &err);
	ck_assert_msg(s->packs != NULL, "%s %s", err.where, err.what);
	s->r = case_new();
	memset(&s->r->products, 0, sizeof s->r->products);
	strlist_add(s->r->arena, &s->r->products, product);
}

static void
site_end(struct site *s)
{
	record_free(s->r);
	pack_set_free(s->packs);
}

static void
answer(struct site *s, const char *question, const char *value)
{
	record_set_answer(s->r, s->r->products.item[0], question, value);
}

static bool
is_like(const struct need *n, const char *globs)
{
	char *list = strdup(globs), *rest = list, *word;
	bool found = false;

	while ((word = strsep(&rest, " ")) != NULL)
		found = found || fnmatch(word, n->id, 0) == 0;
	free(list);
	return found;
}

/* What a probe of this kind sees where all is well. */
static void
fill_good(struct observation *o)
{
	json_t *list = json_array();

	json_array_append_new(list, json_string(HOST));
	json_object_set_new(o->detail, "addresses", list);
	case_detail_bool(o, "aa", true);
	case_detail_int(o, "offset_us", 1000);
	case_detail_int(o, "samples", 2);
}

static void
see(struct site *s, struct need *n, size_t i)
{
	const struct probe_spec *spec = &n->specs[i];
	const struct probe_type *type = probe_type_find(spec->type);
	bool lost = strlist_has(&s->lost, spec->key);
	const char *at = spec->address != NULL ? spec->address : HOST;
	struct observation *o;

	if (strcmp(spec->type, "dns") == 0) {
		case_name(s->r, spec->host, CAUSE_NONE, HOST);
		s->r->observations[s->r->nobservations - 1]
		    .key = arena_strdup(s->r->arena, spec->key);
		return;
	}
	o = case_seen(s->r, n, i, at, lost ? RUNG_SILENCE : RUNG_APP_REPLY,
	    !lost                           ? CAUSE_NONE :
		spec->protocol == PROTO_TCP ? CAUSE_TCP_TIMEOUT :
					      CAUSE_UDP_SILENT);
	o->nature = type->nature;
	if (!lost) {
		fill_good(o);
		return;
	}
	/* Lost before the hop behind the gateway, where a control was heard. */
	case_detail_int(o, "controlled", 2);
	if (spec->protocol == PROTO_UDP)
		case_detail_int(case_locate(s->r, at, PROTO_UDP, spec->port,
				    "silence", 2, false),
		    "controlled", 2);
}

/* Everything is seen, but nothing of what the ids in `lost` (globs) need. */
static void
site_judge(struct site *s, const char *lost)
{
	struct strlist done = {NULL, 0}, hosts = {NULL, 0};
	struct need *n;
	size_t i, k;

	record_clear_run(s->r);
	s->r->started_us = CASE_START_US;
	s->r->ended_us = CASE_START_US + 5000000;
	s->r->complete = true;
	needs_build(s->packs, &s->vocab, s->r);
	memset(&s->lost, 0, sizeof s->lost);
	for (i = 0; i < s->r->nneeds; i++) {
		n = &s->r->needs[i];
		for (k = 0; n->applies && k < n->nspecs; k++) {
			if (n->specs[k].host != NULL &&
			    !strlist_has(&hosts, n->specs[k].host)) {
				strlist_add(s->r->arena, &hosts,
				    n->specs[k].host);
				case_name(s->r, n->specs[k].host, CAUSE_NONE,
				    HOST);
			}
			if (is_like(n, lost))
				strlist_add(s->r->arena, &s->lost,
				    n->specs[k].key);
		}
	}
	for (i = 0; i < s->r->nneeds; i++) {
		n = &s->r->needs[i];
		for (k = 0; n->applies && k < n->nspecs; k++) {
			if (strlist_has(&done, n->specs[k].key))
				continue;
			strlist_add(s->r->arena, &done, n->specs[k].key);
			see(s, n, k);
		}
	}
	judge_record(s->r);
}

/* All that globs name, at least one, came to this. */
static void
expect(const struct site *s, const char *globs, enum outcome outcome)
{
	size_t i, count = 0;

	for (i = 0; i < s->r->nneeds; i++) {
		const struct need *n = &s->r->needs[i];

		if (!n->applies || !is_like(n, globs))
			continue;
		count++;
		ck_assert_msg(n->outcome == outcome, "%s: %s, expected %s: %s",
		    n->id, word_name(&words_outcome, (int)n->outcome),
		    word_name(&words_outcome, (int)outcome), n->summary);
	}
	ck_assert_msg(count > 0, "nothing is called %s", globs);
}

/* Is any of these in the way of the handover? */
static bool
is_blocked(const struct site *s, const char *globs)
{
	size_t i;

	for (i = 0; i < s->r->nneeds; i++) {
		if (is_like(&s->r->needs[i], globs) &&
		    record_is_blocking(s->r, &s->r->needs[i]))
			return true;
	}
	return false;
}

/* zencontrol.txt 5: ICMP is recommended. */
START_TEST(recommended_pings_are_at_worst_a_warning)
{
	struct site s;

	site_begin(&s, "zencontrol");
	answer(&s, "cloud", "yes");
	site_judge(&s, "zencontrol.icmp-*");
	expect(&s, "zencontrol.icmp-8-* zencontrol.icmp-0-*", OUTCOME_WARN);
	ck_assert(!is_blocked(&s, "zencontrol.icmp-*"));
	ck_assert_int_ne(record_exit_status(s.r), 1);
	site_end(&s);
}
END_TEST

/* zencontrol.txt 5, 24, 36: the vendor's time server or a local one; one in
 * sync is enough. */
START_TEST(one_time_server_in_step_is_enough)
{
	struct site s;

	site_begin(&s, "zencontrol");
	answer(&s, "cloud", "yes");
	answer(&s, "local_ntp", "yes");
	answer(&s, "ntp_host", "10.20.30.1");
	s.r->vantage.time_servers = (struct strlist){NULL, 0};
	strlist_add(s.r->arena, &s.r->vantage.time_servers, "10.20.30.1");
	site_judge(&s, "zencontrol.ntp");
	expect(&s, "zencontrol.ntp", OUTCOME_WARN);
	expect(&s, "zencontrol.ntp-local", OUTCOME_PASS);
	ck_assert(!is_blocked(&s, "zencontrol.ntp*"));
	site_judge(&s, "zencontrol.ntp-local");
	expect(&s, "zencontrol.ntp", OUTCOME_PASS);
	ck_assert(!is_blocked(&s, "zencontrol.ntp*"));
	site_judge(&s, "zencontrol.ntp zencontrol.ntp-local");
	expect(&s, "zencontrol.ntp", OUTCOME_FAIL);
	ck_assert(is_blocked(&s, "zencontrol.ntp"));
	site_end(&s);
}
END_TEST

/* izuma.txt 25-26: UDP or TCP, 443 instead of 5684 or both. */
START_TEST(one_way_to_bootstrap_is_enough)
{
	static const char *const all[] = {"izuma-edge.bootstrap-5684-tcp",
	    "izuma-edge.bootstrap-5684-udp", "izuma-edge.bootstrap-443-tcp"};
	char lost[256];
	struct site s;
	int i;

	site_begin(&s, "izuma-edge");
	for (i = 0; i < 3; i++) {
		snprintf(lost, sizeof lost, "%s %s", all[i], all[(i + 1) % 3]);
		site_judge(&s, lost);
		expect(&s, lost, OUTCOME_WARN);
		expect(&s, all[(i + 2) % 3], OUTCOME_PASS);
		ck_assert(!is_blocked(&s, "izuma-edge.bootstrap-*"));
	}
	snprintf(lost, sizeof lost, "%s %s %s", all[0], all[1], all[2]);
	site_judge(&s, lost);
	expect(&s, lost, OUTCOME_FAIL);
	ck_assert(is_blocked(&s, "izuma-edge.bootstrap-443-tcp"));
	site_end(&s);
}
END_TEST

/* izuma.txt 13: the legacy host; who needs it, no line says. */
START_TEST(the_legacy_host_is_at_worst_a_warning)
{
	struct site s;

	site_begin(&s, "izuma-edge");
	site_judge(&s, "izuma-edge.lwm2m-*");
	expect(&s, "izuma-edge.lwm2m-*", OUTCOME_WARN);
	ck_assert(!is_blocked(&s, "izuma-edge.lwm2m-*"));
	site_end(&s);
}
END_TEST

/* z5.txt 20, 28, 38: two sites, of which one suffices. */
START_TEST(one_of_two_sites_is_enough)
{
	static const char *const pairs[][2] = {
	    {"z5.zdial-208-94-*", "z5.zdial-208-95-*"},
	    {"z5.mcs-208-94-*", "z5.mcs-208-95-*"},
	    {"z5.sip-208-94-*", "z5.sip-208-95-*"},
	    {"z5.rtp-208-94-*", "z5.rtp-208-95-*"},
	    {"z5.dns-208-94-*-udp", "z5.dns-208-95-*-udp"},
	    {"z5.dns-208-94-*-tcp", "z5.dns-208-95-*-tcp"},
	};
	char both[128];
	struct site s;
	size_t i;
	int one;

	site_begin(&s, "z5");
	for (i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		for (one = 0; one < 2; one++) {
			site_judge(&s, pairs[i][one]);
			expect(&s, pairs[i][one], OUTCOME_WARN);
			expect(&s, pairs[i][!one], OUTCOME_PASS);
			ck_assert_int_eq(judge_readiness(s.r), READY);
		}
		snprintf(both, sizeof both, "%s %s", pairs[i][0], pairs[i][1]);
		site_judge(&s, both);
		expect(&s, both, OUTCOME_FAIL);
		ck_assert_int_eq(judge_readiness(s.r), NOT_READY);
		ck_assert_int_eq(record_exit_status(s.r), 1);
	}
	site_end(&s);
}
END_TEST

/* loxone.txt 34-35: two weather hosts, HTTP and HTTPS; one suffices. 85-92:
 * the network is there when any of three answers a ping. */
START_TEST(one_weather_host_and_one_ping_are_enough)
{
	struct site s;

	site_begin(&s, "loxone-miniserver");
	site_judge(&s, "loxone-miniserver.weather-http");
	expect(&s, "loxone-miniserver.weather-http", OUTCOME_WARN);
	ck_assert(!is_blocked(&s, "loxone-miniserver.weather-*"));
	site_judge(&s, "loxone-miniserver.weather-https");
	expect(&s, "loxone-miniserver.weather-https", OUTCOME_WARN);
	ck_assert(!is_blocked(&s, "loxone-miniserver.weather-*"));
	site_judge(&s, "loxone-miniserver.weather-*");
	expect(&s, "loxone-miniserver.weather-*", OUTCOME_FAIL);
	site_judge(&s,
	    "loxone-miniserver.ping-loxone loxone-miniserver.ping-icann");
	expect(&s, "loxone-miniserver.ping-loxone loxone-miniserver.ping-icann",
	    OUTCOME_WARN);
	ck_assert(!is_blocked(&s, "loxone-miniserver.ping-*"));
	site_judge(&s, "loxone-miniserver.ping-*");
	expect(&s, "loxone-miniserver.ping-*", OUTCOME_FAIL);
	site_end(&s);
}
END_TEST

/* loxone.txt 37, 67, 72: "80/443": 443 without 80 is a warning, 80 without
 * 443 is a failure. */
START_TEST(port_80_beside_443_is_a_wish)
{
	struct site s;

	site_begin(&s, "loxone-app");
	answer(&s, "auto_update", "yes");
	site_judge(&s, "loxone-app.update-http");
	expect(&s, "loxone-app.update-http", OUTCOME_WARN);
	ck_assert(!is_blocked(&s, "loxone-app.update-*"));
	site_judge(&s, "loxone-app.update-https");
	expect(&s, "loxone-app.update-https", OUTCOME_FAIL);
	ck_assert(is_blocked(&s, "loxone-app.update-https"));
	site_end(&s);
}
END_TEST

/* loxone.txt 253-280: other hosts above version 17.0, both sets at 17.0. */
START_TEST(the_version_decides_which_hosts_are_needed)
{
	static const struct {
		const char *version;
		bool old, new, open;
	} rows[] = {
	    {"16.3", true, false, false},
	    {"17.0", true, true, false},
	    {"17.1", false, true, false},
	    {"unknown", true, true, true},
	};
	const struct need *old, *new;
	struct site s;
	size_t i;

	site_begin(&s, "loxone-miniserver");
	answer(&s, "remote", "remote-connect");
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		answer(&s, "version", rows[i].version);
		site_judge(&s,
		    "loxone-miniserver.rc-* "
		    "loxone-miniserver.rc17-*");
		old = record_need(s.r, "loxone-miniserver.rc-ssh");
		new = record_need(s.r, "loxone-miniserver.rc17-ssh");
		ck_assert_ptr_nonnull(old);
		ck_assert_ptr_nonnull(new);
		ck_assert_msg(old->applies == rows[i].old, "%s",
		    rows[i].version);
		ck_assert_msg(new->applies == rows[i].new, "%s",
		    rows[i].version);
		if (rows[i].old) {
			ck_assert_int_eq(old->open_question, rows[i].open);
			ck_assert_int_eq(old->outcome, OUTCOME_FAIL);
			ck_assert_int_eq(strstr(old->summary,
					     "not answered yet") != NULL,
			    rows[i].open);
		}
	}
	site_end(&s);
}
END_TEST

/* It blocks all the same, and answering is named as a way out. */
START_TEST(an_unknown_answer_is_told_with_what_it_brings_in)
{
	const struct need *n;
	const struct block *b = NULL;
	struct site s;
	size_t i;

	site_begin(&s, "zencontrol");
	answer(&s, "cloud", "unknown");
	site_judge(&s, "zencontrol.cloud-mncp");
	n = record_need(s.r, "zencontrol.cloud-mncp");
	ck_assert_ptr_nonnull(n);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	ck_assert(n->open_question);
	ck_assert_ptr_nonnull(n->open_ask);
	ck_assert(strstr(n->summary, n->open_ask) != NULL);
	for (i = 0; i < s.r->nblocks; i++) {
		if (s.r->blocks[i].why == BLOCK_QUESTION)
			b = &s.r->blocks[i];
	}
	ck_assert_ptr_nonnull(b);
	ck_assert(strlist_has(&b->requirements, n->id));
	ck_assert(strstr(b->summary, n->open_ask) != NULL);
	/* Once it is answered, nothing of it is left. */
	answer(&s, "cloud", "yes");
	site_judge(&s, "zencontrol.cloud-mncp");
	n = record_need(s.r, "zencontrol.cloud-mncp");
	ck_assert_ptr_null(n->open_ask);
	ck_assert_int_eq(n->outcome, OUTCOME_FAIL);
	site_end(&s);
}
END_TEST

HARNESS("judge strength", recommended_pings_are_at_worst_a_warning,
    one_time_server_in_step_is_enough, one_way_to_bootstrap_is_enough,
    the_legacy_host_is_at_worst_a_warning, one_of_two_sites_is_enough,
    one_weather_host_and_one_ping_are_enough, port_80_beside_443_is_a_wish,
    the_version_decides_which_hosts_are_needed,
    an_unknown_answer_is_told_with_what_it_brings_in)
