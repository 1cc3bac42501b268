/* SPDX-License-Identifier: MIT */
/* From packs and answers to needs and their probes, with the real packs.
 * Expected keys follow the documents: host, port, protocol as they stand. */
#include <stdlib.h>
#include <string.h>

#include "core/pack/answers.h"
#include "core/pack/vocabulary.h"
#include "core/probe/probe.h"
#include "tests/unit/harness.h"
#include "tests/unit/rare_pack.h"

/* Every probe there is, as the program itself tells the packs. */
static const struct pack_vocabulary *
every_probe(void)
{
	static struct probe_word words[128];
	static struct pack_vocabulary vocab = {words, 0};
	size_t i;

	ck_assert_uint_lt(probe_type_count, 128);
	for (i = 0; i < probe_type_count; i++)
		words[i] = (struct probe_word){probe_types[i]->name,
		    probe_types[i]->shape};
	vocab.count = probe_type_count;
	return &vocab;
}

struct site {
	struct pack_set *packs;
	struct record *r;
};

static struct site
site_new(const char *product) /* NULL = all */
{
	struct error err = {0};
	struct site s;
	size_t i;

	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_DATA_DIRS", "/nonexistent", 1);
	s.packs = pack_set_load(NULL, every_probe(), &err);
	ck_assert_msg(s.packs != NULL, "%s %s", err.where, err.what);
	s.r = record_new();
	for (i = 0; i < s.packs->count; i++) {
		const char *p = s.packs->pack[i]->product;

		if (product == NULL || strcmp(product, p) == 0)
			strlist_add(s.r->arena, &s.r->products, p);
	}
	return s;
}

static void
site_free(struct site *s)
{
	record_free(s->r);
	pack_set_free(s->packs);
}

static const struct need *
need(const struct site *s, const char *id)
{
	const struct need *n = record_need(s->r, id);

	ck_assert_msg(n != NULL, "no need %s", id);
	return n;
}

static char *
keys_of(const struct need *n)
{
	static char text[8192];
	size_t i, len = 0;

	text[0] = '\0';
	for (i = 0; i < n->nspecs; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%s",
		    i > 0 ? "; " : "", n->specs[i].key);
	return text;
}

static void
expect_keys(const struct site *s, const char *id, const char *keys)
{
	const struct need *n = need(s, id);

	ck_assert_msg(strcmp(keys_of(n), keys) == 0, "%s: %s\nexpected: %s", id,
	    keys_of(n), keys);
	ck_assert_msg(n->applies, "%s does not apply", id);
	ck_assert_msg(n->unprobed == NULL, "%s: %s", id, n->unprobed);
}

static void
expect_unprobed(const struct site *s, const char *id, const char *words)
{
	const struct need *n = need(s, id);

	ck_assert_msg(n->nspecs == 0, "%s: %s", id, keys_of(n));
	ck_assert_msg(n->unprobed != NULL && strstr(n->unprobed, words) != NULL,
	    "%s: %s", id, n->unprobed == NULL ? "(no reason)" : n->unprobed);
}

/* --- every pack --- */

static void
check_spec(const struct need *n, const struct probe_spec *s)
{
	const struct probe_word *w = vocabulary_find(every_probe(), s->type);
	size_t len = strlen(s->type);
	bool to_somebody;

	ck_assert_msg(w != NULL, "%s: type %s", n->id, s->type);
	ck_assert_msg(strncmp(s->key, s->type, len) == 0 &&
		(s->key[len] == ' ' || s->key[len] == '\0'),
	    "%s: key %s", n->id, s->key);
	/* A look at the network itself goes to nobody. */
	to_somebody = w->shape != SHAPE_SITE && w->shape != SHAPE_SEARCH;
	ck_assert_msg(!to_somebody || s->host != NULL || s->address != NULL ||
		strstr(s->key, " gateway") != NULL,
	    "%s: %s to nobody", n->id, s->key);
	ck_assert_msg(!to_somebody || s->port != 0 || w->shape == SHAPE_HOST,
	    "%s: %s has no port", n->id, s->key);
}

static void
check_need(const struct site *s, const struct need *n)
{
	size_t i, k;

	ck_assert_msg(n->step != NULL, "%s is in no step", n->id);
	ck_assert_msg(n->grant != NULL && n->grant[0] != '\0', "%s: grant",
	    n->id);
	ck_assert_msg(n->reason[0] != '\0' && n->breaks_installer[0] != '\0' &&
		n->breaks_customer[0] != '\0',
	    "%s says too little", n->id);
	ck_assert_msg(n->source.lines[0] != '\0' || n->source.assumed != NULL,
	    "%s cites nothing", n->id);
	ck_assert_int_eq((int)n->outcome,
	    n->applies ? (int)OUTCOME_NOT_RUN : (int)OUTCOME_NOT_APPLICABLE);
	if (!n->applies) {
		ck_assert_msg(n->nspecs == 0 && n->unprobed == NULL &&
			!n->open_question,
		    "%s does not apply", n->id);
		return;
	}
	ck_assert_msg((n->nspecs > 0) != (n->unprobed != NULL),
	    "%s: %zu specs, unprobed: %s", n->id, n->nspecs,
	    n->unprobed == NULL ? "-" : n->unprobed);
	for (i = 0; i < n->nspecs; i++) {
		check_spec(n, &n->specs[i]);
		for (k = 0; k < i; k++)
			ck_assert_msg(strcmp(n->specs[i].key,
					  n->specs[k].key) != 0,
			    "%s: %s twice", n->id, n->specs[i].key);
	}
	for (i = 0; i < n->needs.count; i++)
		ck_assert_msg(record_need(s->r, n->needs.item[i]) != NULL,
		    "%s needs %s", n->id, n->needs.item[i]);
}

/* One key is one measurement, whoever asks for it. */
static void
check_same_keys(const struct record *r)
{
	size_t i, k, x, y;

	for (i = 0; i < r->nneeds; i++) {
		for (k = 0; k < i; k++) {
			for (x = 0; x < r->needs[i].nspecs; x++) {
				const struct probe_spec *a = &r->needs[i]
								  .specs[x];

				for (y = 0; y < r->needs[k].nspecs; y++) {
					const struct probe_spec
					    *b = &r->needs[k].specs[y];

					if (strcmp(a->key, b->key) != 0)
						continue;
					ck_assert_int_eq((int)a->protocol,
					    (int)b->protocol);
					ck_assert_int_eq(a->port, b->port);
					ck_assert_pstr_eq(a->alpn, b->alpn);
					ck_assert_pstr_eq(a->issuer, b->issuer);
					ck_assert_pstr_eq(a->path, b->path);
				}
			}
		}
	}
}

static void
check_site(const struct site *s)
{
	size_t i, k, count = 0;

	for (i = 0; i < s->packs->count; i++)
		count += s->packs->pack[i]->nrequirements;
	ck_assert_uint_eq(s->r->nneeds, count);
	ck_assert_uint_eq(s->r->npacks, s->packs->count);
	for (i = 0; i < s->r->nneeds; i++) {
		check_need(s, &s->r->needs[i]);
		for (k = 0; k < i; k++)
			ck_assert_str_ne(s->r->needs[i].id, s->r->needs[k].id);
	}
	check_same_keys(s->r);
}

START_TEST(test_all_packs_without_answers)
{
	struct site s = site_new(NULL);

	needs_build(s.packs, every_probe(), s.r);
	check_site(&s);
	/* Again and again: the same, and the record does not grow. */
	needs_build(s.packs, every_probe(), s.r);
	check_site(&s);
	site_free(&s);
}
END_TEST

static const char *
some_answer(const struct question *q)
{
	static const char *const by_type[] = {
	    [QUESTION_YESNO] = "yes",
	    [QUESTION_NUMBER] = "2",
	    [QUESTION_PORT] = "8080",
	    [QUESTION_VERSION] = "17.0",
	    [QUESTION_HOST] = "device.example.org",
	    [QUESTION_ADDRESS] = "192.168.1.77",
	    [QUESTION_SERIAL] = "504F94000000",
	    [QUESTION_TEXT] = "text",
	};

	return q->type == QUESTION_CHOICE ? q->choices[0].id : by_type[q->type];
}

START_TEST(test_all_packs_with_answers)
{
	struct site s = site_new(NULL);
	size_t i, k;

	for (i = 0; i < s.packs->count; i++) {
		const struct pack *p = s.packs->pack[i];

		for (k = 0; k < p->nquestions; k++)
			record_set_answer(s.r, p->product, p->questions[k].id,
			    some_answer(&p->questions[k]));
	}
	needs_build(s.packs, every_probe(), s.r);
	check_site(&s);
	for (i = 0; i < s.r->nneeds; i++)
		ck_assert_msg(!s.r->needs[i].open_question, "%s is open",
		    s.r->needs[i].id);
	site_free(&s);
}
END_TEST

START_TEST(test_only_chosen_products)
{
	struct site s = site_new("z5");
	size_t i;

	needs_build(s.packs, every_probe(), s.r);
	ck_assert_uint_eq(s.r->npacks, 1);
	ck_assert_str_eq(s.r->packs[0].product, "z5");
	ck_assert_str_eq(s.r->packs[0].origin, "built-in");
	for (i = 0; i < s.r->nneeds; i++)
		ck_assert_str_eq(s.r->needs[i].product, "z5");
	site_free(&s);
}
END_TEST

/* --- specs --- */

START_TEST(test_tls_and_dns)
{
	struct site s = site_new("zencontrol");
	const struct need *n;

	record_set_answer(s.r, "zencontrol", "web_api", "no");
	record_set_answer(s.r, "zencontrol", "web_developer", "no");
	needs_build(s.packs, every_probe(), s.r);
	expect_keys(&s, "zencontrol.commissioning-mncp-mobile",
	    "tls mobile.zencontrol.com:8901 max=1.2");
	expect_keys(&s, "zencontrol.commissioning-http2-mobile",
	    "tls mobile.zencontrol.com:8902 alpn=h2 max=1.2");
	n = need(&s, "zencontrol.commissioning-http2-mobile");
	ck_assert_str_eq(n->specs[0].host, "mobile.zencontrol.com");
	ck_assert_ptr_null(n->specs[0].address);
	ck_assert_str_eq(n->specs[0].alpn, "h2");
	ck_assert_str_eq(n->specs[0].tls_max, "1.2");
	ck_assert_int_eq((int)n->required_rung, (int)RUNG_TLS_EXPECTED);
	expect_keys(&s, "zencontrol.ntp", "ntp ntp.buildinglogin.com");
	ck_assert_int_eq(need(&s, "zencontrol.ntp")->specs[0].port, 123);
	/* The names of all that applies, each once. */
	ck_assert_ptr_nonnull(strstr(keys_of(need(&s, "zencontrol.dns")),
	    "dns connect.zencontrol.com"));
	ck_assert_ptr_nonnull(strstr(keys_of(need(&s, "zencontrol.dns")),
	    "dns ntp.buildinglogin.com"));
	ck_assert_ptr_null(strstr(keys_of(need(&s, "zencontrol.dns")),
	    "developer.zencontrol.com"));
	/* By TCP it is another measurement. */
	n = need(&s, "zencontrol.dns-tcp");
	ck_assert_int_eq((int)n->specs[0].protocol, (int)PROTO_TCP);
	ck_assert_int_eq(strncmp(n->specs[0].key, "dns tcp ", 8), 0);
	ck_assert(!need(&s, "zencontrol.ntp-local")->applies);
	site_free(&s);
}
END_TEST

START_TEST(test_answers_give_addresses)
{
	struct site s = site_new("zencontrol");

	record_set_answer(s.r, "zencontrol", "local_ntp", "yes");
	needs_build(s.packs, every_probe(), s.r);
	expect_unprobed(&s, "zencontrol.ntp-local",
	    "To have this checked, answer this question: ");
	record_set_answer(s.r, "zencontrol", "ntp_server", "192.168.1.1");
	needs_build(s.packs, every_probe(), s.r);
	expect_keys(&s, "zencontrol.ntp-local", "ntp 192.168.1.1");
	ck_assert_str_eq(need(&s, "zencontrol.ntp-local")->specs[0].address,
	    "192.168.1.1");
	ck_assert_ptr_null(need(&s, "zencontrol.ntp-local")->specs[0].host);
	record_set_answer(s.r, "zencontrol", "ntp_server", "2001:db8::1");
	needs_build(s.packs, every_probe(), s.r);
	expect_keys(&s, "zencontrol.ntp-local", "ntp 2001:db8::1");
	record_set_answer(s.r, "zencontrol", "ntp_server", "ntp.example.org");
	needs_build(s.packs, every_probe(), s.r);
	expect_keys(&s, "zencontrol.ntp-local", "ntp ntp.example.org");
	/* Somebody changed a mind: the old address is asked no more. */
	record_set_answer(s.r, "zencontrol", "local_ntp", "no");
	needs_build(s.packs, every_probe(), s.r);
	ck_assert(!need(&s, "zencontrol.ntp-local")->applies);
	site_free(&s);
}
END_TEST

START_TEST(test_named_servers_and_ranges)
{
	struct site s = site_new("z5");
	const struct need *n;

	needs_build(s.packs, every_probe(), s.r);
	expect_keys(&s, "z5.dns-208-94-16-61-udp",
	    "dns_server udp 208.94.16.61 zdial.champvrs.com; "
	    "dns_server udp 208.94.16.61 lb.mcs.csdvrs.com; "
	    "dns_server udp 208.94.16.61 mcs1.mcs.csdvrs.com; "
	    "dns_server udp 208.94.16.61 mcs2.mcs.csdvrs.com; "
	    "dns_server udp 208.94.16.61 mcs.csdvrs.com");
	n = need(&s, "z5.dns-208-94-16-61-udp");
	ck_assert_str_eq(n->specs[0].host, "zdial.champvrs.com");
	ck_assert_str_eq(n->specs[0].address, "208.94.16.61");
	ck_assert_int_eq(n->specs[0].port, 53);
	n = need(&s, "z5.dns-208-94-16-61-tcp");
	ck_assert_int_eq((int)n->specs[0].protocol, (int)PROTO_TCP);
	expect_keys(&s, "z5.rtp-208-94-16-21",
	    "path udp 208.94.16.21:10000; path udp 208.94.16.21:16384; "
	    "path udp 208.94.16.21:32768; "
	    "path udp 208.94.16.21:50000; "
	    "path udp 208.94.16.21:60000; path udp 208.94.16.21:65535");
	site_free(&s);
}
END_TEST

START_TEST(test_keys_of_vendors)
{
	struct site s = site_new("izuma-edge");
	const struct need *n;

	needs_build(s.packs, every_probe(), s.r);
	expect_keys(&s, "izuma-edge.bootstrap-443-tcp",
	    "tls bootstrap.us-east-1.mbedcloud.com:443 max=1.2 "
	    "issuer=arm-bootstrap want=izuma");
	expect_keys(&s, "izuma-edge.bootstrap-5684-udp",
	    "dtls udp bootstrap.us-east-1.mbedcloud.com:5684 max=1.2 "
	    "issuer=arm-bootstrap want=izuma");
	n = need(&s, "izuma-edge.bootstrap-5684-udp");
	ck_assert_str_eq(n->probe_type, "dtls");
	ck_assert_str_eq(n->specs[0].issuer, "arm-bootstrap");
	ck_assert_str_eq(n->specs[0].want, "izuma");
	ck_assert_int_eq((int)n->required_rung, (int)RUNG_TLS_EXPECTED);
	site_free(&s);
}
END_TEST

START_TEST(test_wildcards_and_versions)
{
	struct site s = site_new("loxone-miniserver");

	record_set_answer(s.r, "loxone-miniserver", "remote", "remote-connect");
	record_set_answer(s.r, "loxone-miniserver", "version", "16.3");
	needs_build(s.packs, every_probe(), s.r);
	/* At the example that the document gives. */
	expect_keys(&s, "loxone-miniserver.rc-ssh",
	    "ssh eu.ccd2.loxonecloud.com:22");
	ck_assert(!need(&s, "loxone-miniserver.rc17-ssh")->applies);

	record_set_answer(s.r, "loxone-miniserver", "version", "17.0");
	needs_build(s.packs, every_probe(), s.r);
	ck_assert(need(&s, "loxone-miniserver.rc-ssh")->applies);
	expect_unprobed(&s, "loxone-miniserver.rc17-ssh",
	    "To have this checked, answer this question: ");

	record_set_answer(s.r, "loxone-miniserver", "version", "17.1");
	record_set_answer(s.r, "loxone-miniserver", "relay_host",
	    "r7.remcov3.loxonecloud.com");
	needs_build(s.packs, every_probe(), s.r);
	ck_assert(!need(&s, "loxone-miniserver.rc-ssh")->applies);
	expect_keys(&s, "loxone-miniserver.rc17-ssh",
	    "ssh r7.remcov3.loxonecloud.com:22");

	/* A name from elsewhere would prove something else. */
	record_set_answer(s.r, "loxone-miniserver", "relay_host",
	    "r7.example.org");
	needs_build(s.packs, every_probe(), s.r);
	expect_unprobed(&s, "loxone-miniserver.rc17-ssh", "r7.example.org");

	record_set_answer(s.r, "loxone-miniserver", "version", "unknown");
	needs_build(s.packs, every_probe(), s.r);
	ck_assert(need(&s, "loxone-miniserver.rc-ssh")->applies);
	ck_assert(need(&s, "loxone-miniserver.rc-ssh")->open_question);
	ck_assert(need(&s, "loxone-miniserver.rc17-ssh")->open_question);
	site_free(&s);
}
END_TEST

START_TEST(test_local_network)
{
	struct site s = site_new("loxone-audioserver");
	static const char product[] = "loxone-audioserver";

	record_set_answer(s.r, product, "airplay", "yes");
	record_set_answer(s.r, product, "radio", "yes");
	record_set_answer(s.r, product, "station_host", "stream.example.org");
	needs_build(s.packs, every_probe(), s.r);
	expect_keys(&s, "loxone-audioserver.gateway-ping",
	    "gateway_series gateway; gateway_series_long gateway");
	expect_unprobed(&s, "loxone-audioserver.app-7091",
	    "To have this checked, answer this question: ");
	expect_unprobed(&s, "loxone-audioserver.ptp-switches", "Only a person");
	expect_unprobed(&s, "loxone-audioserver.airplay-not-from-internet",
	    "cannot be tested from inside the site");
	expect_unprobed(&s, "loxone-audioserver.radio-stream",
	    "To have this checked, answer this question: ");

	record_set_answer(s.r, product, "address", "192.168.1.60");
	record_set_answer(s.r, product, "station_port", "8000");
	needs_build(s.packs, every_probe(), s.r);
	expect_keys(&s, "loxone-audioserver.app-7091",
	    "device 192.168.1.60:7091 want=audioserver");
	expect_keys(&s, "loxone-audioserver.airplay",
	    "device 192.168.1.60:7000 want=airplay");
	expect_keys(&s, "loxone-audioserver.radio-stream",
	    "tcp stream.example.org:8000");
	ck_assert_int_eq(need(&s, "loxone-audioserver.radio-stream")
			     ->ports.range[0]
			     .low,
	    8000);
	record_set_answer(s.r, product, "address", "2001:db8::60");
	needs_build(s.packs, every_probe(), s.r);
	expect_keys(&s, "loxone-audioserver.app-7091",
	    "device [2001:db8::60]:7091 want=audioserver");
	site_free(&s);
}
END_TEST

/* --- what packs in tests say --- */

START_TEST(test_rare_forms)
{
	struct site s = site_new("nothing");
	struct mistakes m = {0};
	struct pack *p;

	p = pack_parse(s.packs->arena, "rare.yaml", rare_pack,
	    strlen(rare_pack), every_probe(), &m);
	ck_assert_msg(p != NULL, "%u:%u %s", m.item[0].place.line,
	    m.item[0].place.column, m.item[0].text);
	*arena_push(s.packs->arena, s.packs->pack, s.packs->count) = p;
	strlist_add(s.r->arena, &s.r->products, "rare");
	needs_build(s.packs, every_probe(), s.r);
	/* A range cannot be connected to: both ends, and its middle. */
	expect_keys(&s, "rare.range",
	    "tcp a.example.com:443; "
	    "path tcp a.example.com:20000; path tcp a.example.com:34500; "
	    "path tcp a.example.com:49000");
	expect_keys(&s, "rare.small",
	    "path udp [2001:db8::5]:100; path udp [2001:db8::5]:101; "
	    "path udp [2001:db8::5]:102; path udp [2001:db8::5]:103");
	expect_keys(&s, "rare.page",
	    "http a.example.com:8080/x?y=1 status=204 expect=ok");
	expect_keys(&s, "rare.root", "https a.example.com:443/");
	ck_assert_str_eq(need(&s, "rare.root")->specs[0].path, "/");
	expect_keys(&s, "rare.gateway", "icmp gateway");
	expect_keys(&s, "rare.ping6", "icmp 2001:db8::5");
	expect_unprobed(&s, "rare.any", "No address is known");
	expect_keys(&s, "rare.names", "dns a.example.com; dns b.example.com");
	expect_keys(&s, "rare.wild",
	    "tls b.example.com:443; tls a.example.com:443");
	expect_unprobed(&s, "rare.bare", "and none is known");
	ck_assert_str_eq(need(&s, "rare.root")->grant,
	    "Allow the device outgoing TCP to a.example.com, port 443.");
	ck_assert_str_eq(need(&s, "rare.range")->grant,
	    "Allow the device outgoing TCP to a.example.com, ports 443, "
	    "20000-49000.");
	ck_assert_str_eq(need(&s, "rare.closed")->grant,
	    "Do not allow TCP to never.example.com (ports: 23).");
	site_free(&s);
}
END_TEST

/* A pack may be newer than the program. */
START_TEST(test_a_type_that_is_not_known_is_not_run)
{
	static const struct probe_word few[] = {{"tcp", SHAPE_FLOW}};
	const struct pack_vocabulary older = {few, 1};
	struct site s = site_new("loxone-miniserver");

	record_set_answer(s.r, "loxone-miniserver", "remote", "remote-connect");
	record_set_answer(s.r, "loxone-miniserver", "version", "16.3");
	needs_build(s.packs, &older, s.r);
	expect_unprobed(&s, "loxone-miniserver.rc-ssh",
	    "no check of the type \"ssh\"");
	site_free(&s);
}
END_TEST

/* DHCP option 42 says whom the devices ask; what a person says goes first, and
 * it answers for nothing but the time. */
START_TEST(test_the_lease_names_the_time_server)
{
	struct site s = site_new("zencontrol");

	record_set_answer(s.r, "zencontrol", "local_ntp", "yes");
	needs_build(s.packs, every_probe(), s.r);
	expect_unprobed(&s, "zencontrol.ntp-local", "Which time server is it?");
	strlist_add(s.r->arena, &s.r->vantage.time_servers, "10.20.30.1");
	strlist_add(s.r->arena, &s.r->vantage.time_servers, "10.20.30.2");
	strlist_add(s.r->arena, &s.r->vantage.time_servers, "10.20.30.3");
	needs_build(s.packs, every_probe(), s.r);
	expect_keys(&s, "zencontrol.ntp-local",
	    "ntp 10.20.30.1; ntp 10.20.30.2");
	record_set_answer(s.r, "zencontrol", "ntp_server", "192.168.1.1");
	needs_build(s.packs, every_probe(), s.r);
	expect_keys(&s, "zencontrol.ntp-local", "ntp 192.168.1.1");
	site_free(&s);
}
END_TEST

/* The portmapper is asked by TCP and by UDP: two measurements. */
START_TEST(test_one_type_by_two_protocols)
{
	struct site s = site_new("loxone-audioserver");

	record_set_answer(s.r, "loxone-audioserver", "address", "10.20.30.61");
	needs_build(s.packs, every_probe(), s.r);
	expect_keys(&s, "loxone-audioserver.boot-111-tcp",
	    "rpc 10.20.30.61:111");
	expect_keys(&s, "loxone-audioserver.boot-111-udp",
	    "rpc udp 10.20.30.61:111");
	site_free(&s);
}
END_TEST

HARNESS("pack needs", test_all_packs_without_answers,
    test_all_packs_with_answers, test_only_chosen_products, test_tls_and_dns,
    test_answers_give_addresses, test_named_servers_and_ranges,
    test_keys_of_vendors, test_wildcards_and_versions, test_local_network,
    test_rare_forms, test_a_type_that_is_not_known_is_not_run,
    test_the_lease_names_the_time_server, test_one_type_by_two_protocols)
