/* SPDX-License-Identifier: MIT */
/* Promises of the judge about names, plain pages and sign-in pages: what is
 * proof, what only looks like it, and where it stands. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/judge/evidence.h"
#include "core/judge/judge.h"
#include "tests/unit/judge_case.h"

#define HOST "zdial.vendor.example"

#define ck_judged(n, want_outcome, want_cause, want_zone) \
	do { \
		ck_assert_str_eq(word_name(&words_outcome, (int)(n)->outcome), \
		    word_name(&words_outcome, want_outcome)); \
		ck_assert_str_eq(word_name(&words_cause, (int)(n)->cause), \
		    word_name(&words_cause, want_cause)); \
		ck_assert_str_eq(word_name(&words_zone, (int)(n)->zone), \
		    word_name(&words_zone, want_zone)); \
	} while (0)

static void
addresses(struct observation *o, const char *one, const char *two)
{
	json_t *list = json_array();

	json_array_append_new(list, json_string(one));
	if (two != NULL)
		json_array_append_new(list, json_string(two));
	json_object_set_new(o->detail, "addresses", list);
}

/* --- named servers --- */

struct seen {
	bool aa, ra;
	int hops;
	enum cause failure;
	enum outcome outcome;
	enum cause cause;
	enum zone zone;
};

START_TEST(only_an_authority_from_afar_is_the_named_server)
{
	static const struct seen rows[] = {
	    {true, false, 0, CAUSE_NONE, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE},
	    /* It has authority, and says that there is no such name. */
	    {true, false, 0, CAUSE_DNS_NXDOMAIN, OUTCOME_PASS, CAUSE_NONE,
		ZONE_NONE},
	    {true, true, 0, CAUSE_NONE, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE},
	    /* A forwarder passes AA on: the short life tells. */
	    {true, true, 1, CAUSE_NONE, OUTCOME_FAIL, CAUSE_DNS_INTERCEPTED,
		ZONE_GATEWAY},
	    {false, true, 1, CAUSE_NONE, OUTCOME_FAIL, CAUSE_DNS_INTERCEPTED,
		ZONE_GATEWAY},
	    {false, true, 2, CAUSE_NONE, OUTCOME_FAIL, CAUSE_DNS_INTERCEPTED,
		ZONE_BEYOND_SITE},
	    {false, true, 0, CAUSE_NONE, OUTCOME_FAIL, CAUSE_DNS_INTERCEPTED,
		ZONE_UNDETERMINED},
	    {false, false, 1, CAUSE_DNS_REFUSED, OUTCOME_FAIL,
		CAUSE_DNS_INTERCEPTED, ZONE_GATEWAY},
	    {false, false, 0, CAUSE_DNS_REFUSED, OUTCOME_FAIL,
		CAUSE_DNS_REFUSED, ZONE_UNDETERMINED},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct seen *s = &rows[i];
		struct record *r = case_new();
		struct need *n = case_need(r, "p.dns-1", PROTO_UDP, 53,
		    RUNG_APP_REPLY);
		struct observation *o;

		case_spec(r, n, "dns_server", HOST, "192.0.2.61", 53);
		o = case_seen(r, n, 0, "192.0.2.61", RUNG_APP_REPLY,
		    s->failure);
		case_detail_bool(o, "aa", s->aa);
		case_detail_bool(o, "ra", s->ra);
		if (s->hops > 0)
			case_detail_int(o, "near_hops", s->hops);
		judge_record(r);
		ck_judged(n, s->outcome, s->cause, s->zone);
		ck_assert_int_eq(n->path,
		    s->cause == CAUSE_DNS_INTERCEPTED ? PATH_INTERCEPTED :
							PATH_DIRECT);
		if (s->cause == CAUSE_DNS_INTERCEPTED)
			ck_assert(strstr(n->summary, "192.0.2.61") != NULL);
		record_free(r);
	}
}
END_TEST

/* A name server of the customer's own, one hop away, is what was asked. */
START_TEST(a_named_server_in_the_local_network_may_be_near)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.dns-1", PROTO_UDP, 53, RUNG_APP_REPLY);
	struct observation *o;

	case_spec(r, n, "dns_server", HOST, "10.20.30.9", 53);
	o = case_seen(r, n, 0, "10.20.30.9", RUNG_APP_REPLY, CAUSE_NONE);
	case_detail_bool(o, "aa", true);
	case_detail_bool(o, "ra", true);
	case_detail_int(o, "near_hops", 1);
	judge_record(r);
	ck_judged(n, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE);
	record_free(r);
}
END_TEST

/* --- the site's answer against the owner's --- */

/* The site says `site`, the owner's server 192.0.2.x addresses; the document
 * names 198.51.100.21. */
static void
compare(const char *site, bool aa, int hops, enum outcome outcome,
    enum cause cause)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.dns", PROTO_UDP, 53, RUNG_APP_REPLY);
	struct need *at = case_need(r, "p.dns-1", PROTO_UDP, 53,
	    RUNG_APP_REPLY);
	struct need *doc = case_need(r, "p.mcs", PROTO_TCP, 443,
	    RUNG_TRANSPORT);
	struct need *web = case_need(r, "p.web", PROTO_TCP, 443,
	    RUNG_TRANSPORT);
	struct observation *o;

	doc->to.kind = DEST_ADDRESS;
	doc->to.name = arena_strdup(r->arena, "198.51.100.21");
	case_spec(r, n, "dns", HOST, NULL, 53);
	case_spec(r, at, "dns_server", HOST, "192.0.2.61", 53);
	case_spec(r, web, "tcp", HOST, NULL, 443);
	case_name(r, HOST, CAUSE_NONE, site);
	case_seen(r, web, 0, "192.0.2.7", RUNG_TRANSPORT, CAUSE_NONE);
	o = case_seen(r, at, 0, "192.0.2.61", RUNG_APP_REPLY, CAUSE_NONE);
	case_detail_bool(o, "aa", aa);
	if (hops > 0)
		case_detail_int(o, "near_hops", hops);
	addresses(o, "192.0.2.114", "192.0.2.115");
	judge_record(r);
	ck_judged(n, outcome, cause,
	    outcome == OUTCOME_PASS ? ZONE_NONE : ZONE_GATEWAY);
	/* What it leads to is tried all the same. */
	ck_assert_int_eq(web->outcome, OUTCOME_PASS);
	record_free(r);
}

START_TEST(rotation_is_no_disagreement)
{
	compare("192.0.2.114", true, 0, OUTCOME_PASS, CAUSE_NONE);
	compare("192.0.2.115 192.0.2.114", true, 0, OUTCOME_PASS, CAUSE_NONE);
	/* Another one of the same network. */
	compare("192.0.2.200", true, 0, OUTCOME_PASS, CAUSE_NONE);
	/* One next to what the document names. */
	compare("198.51.100.77", true, 0, OUTCOME_PASS, CAUSE_NONE);
	compare("2001:db8::9 192.0.2.114", true, 0, OUTCOME_PASS, CAUSE_NONE);
}
END_TEST

START_TEST(an_address_that_nobody_knows_is_a_disagreement)
{
	compare("203.0.113.70", true, 0, OUTCOME_WARN, CAUSE_DNS_DISAGREE);
	compare("192.0.2.114 203.0.113.70", true, 0, OUTCOME_WARN,
	    CAUSE_DNS_DISAGREE);
	/* Without authority, or from nearby, it is nobody's word. */
	compare("203.0.113.70", false, 0, OUTCOME_PASS, CAUSE_NONE);
	compare("203.0.113.70", true, 1, OUTCOME_PASS, CAUSE_NONE);
}
END_TEST

/* zencontrol's support lets a site's DNS server lead the name of the time
 * server to one of the site. Only the time it gives makes that right. */
static void
remapped(const char *type, enum rung rung, enum outcome outcome,
    enum cause cause, enum zone zone)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.dns", PROTO_UDP, 53, RUNG_APP_REPLY);
	struct need *time = case_need(r, "p.ntp", PROTO_UDP, 123,
	    RUNG_APP_REPLY);

	case_spec(r, n, "dns", HOST, NULL, 53);
	case_spec(r, time, type, HOST, NULL, 123);
	case_name(r, HOST, CAUSE_NONE, "10.20.30.1");
	case_seen(r, time, 0, "10.20.30.1", rung, CAUSE_NONE);
	judge_record(r);
	ck_judged(n, outcome, cause, zone);
	record_free(r);
}

START_TEST(a_time_server_of_the_site_may_bear_the_vendors_name)
{
	remapped("ntp", RUNG_APP_REPLY, OUTCOME_PASS, CAUSE_NONE, ZONE_NONE);
	remapped("ntp", RUNG_SILENCE, OUTCOME_FAIL, CAUSE_DNS_REWRITTEN,
	    ZONE_GATEWAY);
	/* Anything else that answers there is not what was asked for. */
	remapped("tcp", RUNG_APP_REPLY, OUTCOME_FAIL, CAUSE_DNS_REWRITTEN,
	    ZONE_GATEWAY);
}
END_TEST

/* --- conditions --- */

static void
condition(const char *type, enum rung rung, enum cause failure, const char *why,
    bool warn, enum outcome outcome, enum zone zone, const char *says)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.condition", PROTO_NONE, 0,
	    RUNG_APP_REPLY);
	struct observation *o;

	n->to.kind = DEST_RESOLVER;
	n->to.name = NULL;
	case_spec(r, n, type, HOST, NULL, 0);
	o = case_seen(r, n, 0, NULL, rung, failure);
	if (why != NULL)
		case_detail_str(o, "why", why);
	if (warn)
		case_detail_bool(o, "warn", true);
	judge_record(r);
	ck_judged(n, outcome, failure, zone);
	ck_assert_msg(strstr(n->summary, says) != NULL, "%s: %s", type,
	    n->summary);
	record_free(r);
}

START_TEST(what_a_resolver_does_is_judged_where_it_stands)
{
	condition("dns_honesty", RUNG_APP_REPLY, CAUSE_NONE, NULL, true,
	    OUTCOME_PASS, ZONE_NONE, "");
	condition("dns_honesty", RUNG_APP_REPLY, CAUSE_DNS_REWRITTEN, NULL,
	    true, OUTCOME_WARN, ZONE_GATEWAY, "invents");
	condition("dns_honesty", RUNG_SILENCE, CAUSE_DNS_TIMEOUT, NULL, true,
	    OUTCOME_WARN, ZONE_GATEWAY, "silent");
	condition("dns_ttl", RUNG_APP_REPLY, CAUSE_NONE, NULL, false,
	    OUTCOME_PASS, ZONE_NONE, "time to live");
	condition("dns_ttl", RUNG_APP_REPLY, CAUSE_DNS_TTL_STRETCHED, NULL,
	    false, OUTCOME_FAIL, ZONE_GATEWAY, "longer than its owner");
	condition("dns_ttl", RUNG_TRANSPORT, CAUSE_NONE, "authority_silent",
	    false, OUTCOME_UNPROVEN, ZONE_NONE, "could not be asked");
	condition("dns_ttl_slow", RUNG_TRANSPORT, CAUSE_NONE, "constant", false,
	    OUTCOME_UNPROVEN, ZONE_NONE, "always gives the same");
	condition("dns_rebind", RUNG_APP_REPLY, CAUSE_DNS_REBIND_FILTER, NULL,
	    false, OUTCOME_FAIL, ZONE_GATEWAY, "rebinding");
	condition("dns_rebind", RUNG_TRANSPORT, CAUSE_NONE, "not_in_zone",
	    false, OUTCOME_UNPROVEN, ZONE_NONE, "neither does");
	condition("dns_rebind", RUNG_NONE, CAUSE_NONE, "no_private_address",
	    false, OUTCOME_NOT_RUN, ZONE_NONE, "no private address here");
	condition("captive_portal", RUNG_APP_REPLY, CAUSE_NONE, NULL, false,
	    OUTCOME_PASS, ZONE_NONE, "no sign-in page");
	condition("captive_portal", RUNG_TRANSPORT, CAUSE_NONE, "no_genuine",
	    false, OUTCOME_UNPROVEN, ZONE_NONE, "not known");
	condition("captive_portal", RUNG_SILENCE, CAUSE_NONE, "no_genuine",
	    false, OUTCOME_UNPROVEN, ZONE_NONE, "not known");
	condition("dns_redirect", RUNG_SILENCE, CAUSE_NONE, NULL, false,
	    OUTCOME_UNPROVEN, ZONE_NONE, "not known");
}
END_TEST

/* --- plain pages --- */

static struct observation *
page(struct record *r, const char *id, const char *product, const char *host,
    enum cause failure, const char *sum)
{
	struct need *n = case_need(r, id, PROTO_TCP, 80, RUNG_APP_REPLY);
	struct observation *o;

	n->product = arena_strdup(r->arena, product);
	n->to.name = arena_strdup(r->arena, host);
	case_spec(r, n, "http", host, NULL, 80);
	o = case_seen(r, n, 0, "192.0.2.80", RUNG_APP_REPLY, failure);
	case_detail_int(o, "status", 200);
	case_detail_str(o, "body_sha256", sum);
	return o;
}

START_TEST(the_same_page_for_strangers_is_nobodys_own)
{
	struct record *r = case_new();

	page(r, "p.a", "p", "a.loxone.example", CAUSE_NONE, "1111");
	page(r, "q.a", "q", "a.zen.test", CAUSE_NONE, "1111");
	judge_record(r);
	ck_judged(record_need(r, "p.a"), OUTCOME_UNPROVEN, CAUSE_HTTP_BLOCKPAGE,
	    ZONE_UNDETERMINED);
	ck_judged(record_need(r, "q.a"), OUTCOME_UNPROVEN, CAUSE_HTTP_BLOCKPAGE,
	    ZONE_UNDETERMINED);
	record_free(r);
	/* Two names of one vendor may well have one page. */
	r = case_new();
	page(r, "p.a", "p", "a.loxone.example", CAUSE_NONE, "1111");
	page(r, "p.b", "p", "a.loxonecloud.test", CAUSE_NONE, "1111");
	page(r, "p.c", "p", "b.loxone.example", CAUSE_NONE, "1111");
	judge_record(r);
	ck_judged(record_need(r, "p.a"), OUTCOME_PASS, CAUSE_NONE, ZONE_NONE);
	ck_judged(record_need(r, "p.b"), OUTCOME_PASS, CAUSE_NONE, ZONE_NONE);
	record_free(r);
	/* But not the one that is known to be another's. */
	r = case_new();
	page(r, "p.a", "p", "a.loxone.example", CAUSE_HTTP_BLOCKPAGE, "1111");
	page(r, "p.b", "p", "a.loxonecloud.test", CAUSE_NONE, "1111");
	page(r, "p.c", "p", "b.loxone.example", CAUSE_NONE, "2222");
	case_locate(r, "192.0.2.80", PROTO_TCP, 80, "accepted", 1, false);
	judge_record(r);
	ck_judged(record_need(r, "p.a"), OUTCOME_FAIL, CAUSE_HTTP_BLOCKPAGE,
	    ZONE_GATEWAY);
	ck_judged(record_need(r, "p.b"), OUTCOME_FAIL, CAUSE_HTTP_BLOCKPAGE,
	    ZONE_GATEWAY);
	ck_judged(record_need(r, "p.c"), OUTCOME_PASS, CAUSE_NONE, ZONE_NONE);
	record_free(r);
}
END_TEST

START_TEST(a_page_that_does_not_prove_itself_is_left_open)
{
	struct record *r = case_new();
	struct observation *o;

	o = page(r, "p.a", "p", "dns.vendor.example", CAUSE_NONE, "1");
	case_detail_bool(o, "wanted", false);
	o = page(r, "p.b", "p", "dns2.vendor.example", CAUSE_NONE, "2");
	case_detail_bool(o, "wanted", true);
	case_detail_int(o, "status", 404);
	o = page(r, "p.c", "p", "up.vendor.example", CAUSE_HTTP_STATUS, "3");
	case_detail_int(o, "status", 403);
	o = page(r, "p.d", "p", "www.vendor.example", CAUSE_NONE, "4");
	case_detail_str(o, "location", "https://login.guest.test/");
	/* To a host that the same product names: its vendor's business. */
	o = page(r, "p.e", "p", "w.vendor.example", CAUSE_NONE, "5");
	case_detail_str(o, "location", "https://vendorcloud.test/");
	page(r, "p.f", "p", "x.vendorcloud.test", CAUSE_NONE, "6");
	judge_record(r);
	ck_judged(record_need(r, "p.a"), OUTCOME_UNPROVEN, CAUSE_HTTP_STATUS,
	    ZONE_UNDETERMINED);
	ck_judged(record_need(r, "p.b"), OUTCOME_PASS, CAUSE_NONE, ZONE_NONE);
	ck_judged(record_need(r, "p.c"), OUTCOME_UNPROVEN, CAUSE_HTTP_STATUS,
	    ZONE_UNDETERMINED);
	ck_judged(record_need(r, "p.d"), OUTCOME_UNPROVEN, CAUSE_HTTP_BLOCKPAGE,
	    ZONE_UNDETERMINED);
	ck_judged(record_need(r, "p.e"), OUTCOME_PASS, CAUSE_NONE, ZONE_NONE);
	record_free(r);
}
END_TEST

/* --- sign-in pages --- */

START_TEST(a_sign_in_page_explains_what_it_answered)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "p.portal", PROTO_NONE, 0,
	    RUNG_APP_REPLY);
	struct need *tls = case_need(r, "p.tls", PROTO_TCP, 443,
	    RUNG_TLS_EXPECTED);
	struct need *dead = case_need(r, "p.dead", PROTO_TCP, 5113,
	    RUNG_TLS_EXPECTED);
	struct observation *o;

	n->strength = STRENGTH_MUST_NOT;
	n->to.kind = DEST_NONE;
	n->to.name = NULL;
	case_spec(r, n, "captive_portal", NULL, NULL, 0);
	case_spec(r, tls, "tls", "a.vendor.example", NULL, 443);
	case_spec(r, dead, "tls", "a.vendor.example", NULL, 5113);
	case_name(r, "a.vendor.example", CAUSE_NONE, "192.0.2.7");
	o = case_seen(r, n, 0, NULL, RUNG_APP_REPLY, CAUSE_CAPTIVE_PORTAL);
	case_detail_str(o, "about", "login.vendor.example");
	case_detail_int(o, "near_hops", 1);
	o = case_seen(r, tls, 0, "192.0.2.7", RUNG_TLS_OTHER,
	    CAUSE_TLS_UNTRUSTED);
	case_detail_bool(o, "name_match", false);
	case_seen(r, dead, 0, "192.0.2.7", RUNG_SILENCE, CAUSE_TCP_TIMEOUT);
	o = page(r, "p.page", "p", "b.vendor.example", CAUSE_NONE, "1");
	case_detail_str(o, "location", "http://login.guest.test/");
	judge_record(r);
	ck_judged(n, OUTCOME_FAIL, CAUSE_CAPTIVE_PORTAL, ZONE_GATEWAY);
	ck_assert_int_eq(n->path, PATH_CAPTIVE);
	ck_assert(strstr(n->summary, "login.vendor.example") != NULL);
	ck_judged(tls, OUTCOME_FAIL, CAUSE_CAPTIVE_PORTAL, ZONE_GATEWAY);
	ck_assert_int_eq(tls->path, PATH_CAPTIVE);
	ck_judged(record_need(r, "p.page"), OUTCOME_FAIL, CAUSE_CAPTIVE_PORTAL,
	    ZONE_GATEWAY);
	/* What got no answer was not answered by it. */
	ck_judged(dead, OUTCOME_FAIL, CAUSE_TCP_TIMEOUT, ZONE_UNDETERMINED);
	ck_assert_int_eq(r->diagnoses[0].cause, CAUSE_CAPTIVE_PORTAL);
	record_free(r);
}
END_TEST

HARNESS("judge names", only_an_authority_from_afar_is_the_named_server,
    a_named_server_in_the_local_network_may_be_near,
    rotation_is_no_disagreement, an_address_that_nobody_knows_is_a_disagreement,
    a_time_server_of_the_site_may_bear_the_vendors_name,
    what_a_resolver_does_is_judged_where_it_stands,
    the_same_page_for_strangers_is_nobodys_own,
    a_page_that_does_not_prove_itself_is_left_open,
    a_sign_in_page_explains_what_it_answered, )
