/* SPDX-License-Identifier: MIT */
/* Promises of the probes that doubt what DNS says: names that do not exist,
 * redirected questions, withheld private addresses, named servers. All in a
 * network of its own: 127.0.0.1 is the site's resolver, 203.0.113.53 the zone's
 * own server, 127.0.0.3 nobody. */
#include "tests/unit/harness.h"

#include <signal.h>
#include <string.h>

#include "tests/unit/fake_dns.h"
#include "tests/unit/fake_probe.h"

#define SITE "127.0.0.1"
#define OWNER "203.0.113.53"
#define NOBODY "127.0.0.3"
#define PRIVATE "10.1.2.3"

static const char *const world[] = {OWNER, NULL};

#define ck_result(p, want_rung, want_failure) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, (int)(p)->obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(p)->obs->failure), \
		    word_name(&words_cause, want_failure)); \
	} while (0)

static void
set(char **field, const char *s)
{
	*field = (char *)(uintptr_t)s;
}

/* One that asks the site's resolver, and holds its address itself. */
static void
probe_init(struct fake_probe *p, struct arena *a, const char *type)
{
	fake_probe_init(p, type, PROTO_UDP, NULL, NULL, 0);
	strlist_add(a, &p->vantage.resolvers, SITE);
	strlist_add(a, &p->vantage.addresses, PRIVATE "/24");
	set(&p->vantage.gateway, "127.0.0.254");
	if (strcmp(type, "dns_redirect") == 0)
		set(&p->spec.want, OWNER);
	if (strcmp(type, "dns_rebind") == 0 || strcmp(type, "dns") == 0 ||
	    strcmp(type, "dns_owner") == 0)
		set(&p->spec.host, "s1.dyn.vendor.example");
}

static size_t
list_len(const struct fake_probe *p, const char *name)
{
	return json_array_size(json_object_get(p->obs->detail, name));
}

static const char *
list_item(const struct fake_probe *p, const char *name, size_t i)
{
	const char *s = json_string_value(
	    json_array_get(json_object_get(p->obs->detail, name), i));

	return s == NULL ? "" : s;
}

/* --- dns_honesty --- */

static const struct fake_row inventions[] = {
    {NULL, 1, "192.0.2.80", {60}},
    {NULL, 0, NULL, {0}},
};

static void
honest(struct fake_dns *site, enum rung rung, enum cause failure, bool edns)
{
	struct arena *a = arena_new();
	struct fake_probe p;
	size_t i, n;

	fake_dns_start(site, SITE);
	probe_init(&p, a, "dns_honesty");
	ck_assert(fake_probe_run(&p, 6000));
	ck_result(&p, rung, failure);
	ck_assert_uint_eq(list_len(&p, "names"), 2);
	for (i = 0; i < 2; i++) {
		const char *name = list_item(&p, "names", i);

		n = strlen(i == 0 ? ".invalid" : ".example.com");
		ck_assert_uint_eq(strlen(name), 12 + n);
		ck_assert_str_eq(name + 12,
		    i == 0 ? ".invalid" : ".example.com");
	}
	ck_assert_int_eq(fake_detail_is(&p, "edns"), edns);
	if (rung == RUNG_APP_REPLY) {
		/* Each question had OPT, and asked for recursion. */
		ck_assert_int_ge(site->nudp, 2);
		ck_assert_int_eq(site->nopt, site->nudp + site->ntcp);
		ck_assert_int_eq(site->nrecurse, site->nopt);
	}
	fake_probe_free(&p);
	fake_dns_stop(site);
	arena_free(a);
}

START_TEST(a_name_that_cannot_exist_must_not_have_an_address)
{
	struct fake_dns good = {.otherwise = 3, .edns = true, .ra = true};
	struct fake_dns old = {.otherwise = 3, .ra = true};
	struct fake_dns older = {.manner = DNS_FORMERR_ON_OPT};
	struct fake_dns refuses = {.otherwise = 5, .edns = true};
	struct fake_dns bad = {.rows = inventions, .edns = true, .ra = true};
	struct fake_dns cut = {.rows = inventions, .manner = DNS_TRUNCATES};

	if (!fake_private_network(world))
		return;
	honest(&good, RUNG_APP_REPLY, CAUSE_NONE, true);
	honest(&old, RUNG_APP_REPLY, CAUSE_NONE, false);
	honest(&older, RUNG_APP_REPLY, CAUSE_NONE, false);
	honest(&refuses, RUNG_APP_REPLY, CAUSE_NONE, true);
	honest(&bad, RUNG_APP_REPLY, CAUSE_DNS_REWRITTEN, true);
	/* What was cut short is fetched over TCP. */
	honest(&cut, RUNG_APP_REPLY, CAUSE_DNS_REWRITTEN, false);
	ck_assert_int_eq(cut.ntcp, 2);
}
END_TEST

START_TEST(each_time_the_names_are_other_ones)
{
	struct fake_dns s = {.otherwise = 3};
	struct arena *a = arena_new();
	struct fake_probe p[2];
	int i;

	if (!fake_private_network(world)) {
		arena_free(a);
		return;
	}
	fake_dns_start(&s, SITE);
	for (i = 0; i < 2; i++) {
		probe_init(&p[i], a, "dns_honesty");
		ck_assert(fake_probe_run(&p[i], 6000));
	}
	ck_assert_str_ne(list_item(&p[0], "names", 0),
	    list_item(&p[1], "names", 0));
	fake_probe_free(&p[0]);
	fake_probe_free(&p[1]);
	fake_dns_stop(&s);
	arena_free(a);
}
END_TEST

/* --- dns_redirect --- */

START_TEST(an_answer_where_no_dns_server_is_means_a_redirect)
{
	struct fake_dns s = {.otherwise = 3, .ra = true};
	struct arena *a = arena_new();
	struct fake_probe p;

	if (!fake_private_network(world)) {
		arena_free(a);
		return;
	}
	fake_dns_start(&s, OWNER);
	probe_init(&p, a, "dns_redirect");
	ck_assert(fake_probe_run(&p, 8000));
	ck_result(&p, RUNG_APP_REPLY, CAUSE_DNS_INTERCEPTED);
	ck_assert_str_eq(fake_detail(&p, "answered_as"), "NXDOMAIN");
	ck_assert_str_eq(fake_detail(&p, "about"), OWNER);
	ck_assert_int_eq(fake_detail_int(&p, "near_hops"), 1);
	ck_assert_int_eq(s.nrecurse, 0);
	fake_probe_free(&p);
	fake_dns_stop(&s);
	/* The host itself says that nothing listens: it went all the way. */
	probe_init(&p, a, "dns_redirect");
	set(&p.spec.want, NOBODY);
	ck_assert(fake_probe_run(&p, 8000));
	ck_result(&p, RUNG_PASSED_GATEWAY, CAUSE_NONE);
	ck_assert(fake_detail_is(&p, "passed"));
	ck_assert_int_eq(fake_detail_int(&p, "near_hops"), INT64_MIN);
	fake_probe_free(&p);
	/* Silence: no more than that. */
	s.manner = DNS_SILENT;
	fake_dns_start(&s, OWNER);
	probe_init(&p, a, "dns_redirect");
	ck_assert(fake_probe_run(&p, 8000));
	ck_result(&p, RUNG_SILENCE, CAUSE_NONE);
	ck_assert(!fake_detail_is(&p, "passed"));
	fake_probe_free(&p);
	fake_dns_stop(&s);
	/* No address to ask at. */
	probe_init(&p, a, "dns_redirect");
	set(&p.spec.want, "mcs.vendor.example");
	ck_assert(fake_probe_run(&p, 3000));
	ck_result(&p, RUNG_NONE, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "no_address");
	fake_probe_free(&p);
	arena_free(a);
}
END_TEST

/* --- dns_rebind --- */

static const struct fake_row zone_of_site[] = {
    {"vendor.example", 2, "ns1.vendor.example", {60}},
    {"ns1.vendor.example", 1, OWNER, {60}},
    {"dyn.vendor.example", 1, "192.0.2.9", {60}},
    {"s1.dyn.vendor.example", 1, "192.0.2.9", {60}},
    {NULL, 0, NULL, {0}},
};

static const struct fake_row with_private[] = {
    {"10-1-2-3.s1.dyn.vendor.example", 1, PRIVATE, {60}},
    {NULL, 0, NULL, {0}},
};

static const struct fake_row with_another[] = {
    {"10-1-2-3.s1.dyn.vendor.example", 1, "10.1.2.4", {60}},
    {NULL, 0, NULL, {0}},
};

static void
rebinds(struct fake_dns site, struct fake_dns owner, enum rung rung,
    enum cause failure, const char *why)
{
	struct arena *a = arena_new();
	struct fake_probe p;

	fake_dns_start(&site, SITE);
	fake_dns_start(&owner, OWNER);
	probe_init(&p, a, "dns_rebind");
	ck_assert(fake_probe_run(&p, 20000));
	ck_result(&p, rung, failure);
	ck_assert_str_eq(fake_detail(&p, "why"), why);
	ck_assert_str_eq(fake_detail(&p, "name"),
	    "10-1-2-3.s1.dyn.vendor.example");
	/* Neither the registry's zone nor the root is asked about. */
	ck_assert(strstr(site.log, "NS example\n") == NULL);
	ck_assert_int_eq(owner.nrecurse, 0);
	if (owner.nudp > 0)
		ck_assert_str_eq(fake_detail(&p, "zone"), "vendor.example");
	fake_probe_free(&p);
	fake_dns_stop(&site);
	fake_dns_stop(&owner);
	arena_free(a);
}

START_TEST(a_private_address_that_the_zone_gives_must_get_through)
{
	struct fake_dns gives = {.rows = with_private, .ra = true};
	struct fake_dns hides = {.rows = zone_of_site, .ra = true};
	struct fake_dns hides_all = {.rows = zone_of_site,
	    .ra = true,
	    .otherwise = 3};
	struct fake_dns owner = {.rows = with_private, .aa = true};
	struct fake_dns other = {.rows = with_another, .aa = true};
	struct fake_dns proxy = {.rows = with_private, .aa = true, .ra = true};
	struct fake_dns no_owner = {.rows = with_private};
	struct fake_dns silent = {.manner = DNS_SILENT};
	struct fake_dns empty = {.aa = true, .otherwise = 3};

	if (!fake_private_network(world))
		return;
	rebinds(gives, owner, RUNG_APP_REPLY, CAUSE_NONE, "");
	rebinds(hides, owner, RUNG_APP_REPLY, CAUSE_DNS_REBIND_FILTER, "");
	rebinds(hides_all, owner, RUNG_APP_REPLY, CAUSE_DNS_REBIND_FILTER, "");
	rebinds(hides, empty, RUNG_TRANSPORT, CAUSE_NONE, "not_in_zone");
	rebinds(hides, other, RUNG_TRANSPORT, CAUSE_NONE, "not_in_zone");
	/* Who has no authority proves nothing. */
	rebinds(hides, no_owner, RUNG_TRANSPORT, CAUSE_NONE,
	    "authority_silent");
	rebinds(hides, proxy, RUNG_TRANSPORT, CAUSE_NONE, "authority_silent");
	rebinds(hides, silent, RUNG_TRANSPORT, CAUSE_NONE, "authority_silent");
}
END_TEST

START_TEST(without_a_private_address_there_is_nothing_to_ask_for)
{
	struct arena *a = arena_new();
	struct fake_probe p;

	fake_probe_init(&p, "dns_rebind", PROTO_NONE, "s1.dyn.vendor.example",
	    NULL, 0);
	strlist_add(a, &p.vantage.resolvers, SITE);
	strlist_add(a, &p.vantage.addresses, "192.0.2.7/24");
	strlist_add(a, &p.vantage.addresses, "2001:db8::7/64");
	strlist_add(a, &p.vantage.addresses, "169.254.1.2/16");
	ck_assert(fake_probe_run(&p, 3000));
	ck_result(&p, RUNG_NONE, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "no_private_address");
	fake_probe_free(&p);
	arena_free(a);
}
END_TEST

/* --- dns_server --- */

static const struct fake_row vendor[] = {
    {"a.vendor.example", 1, "192.0.2.7", {60}},
    {"alias.vendor.example", 5, "elsewhere.example", {60}},
    {NULL, 0, NULL, {0}},
};

static void
server(struct fake_dns s, enum protocol protocol, const char *host,
    enum rung rung, enum cause failure, bool near)
{
	struct fake_probe p;

	fake_dns_start(&s, OWNER);
	fake_probe_init(&p, "dns_server", protocol, host, OWNER, 53);
	ck_assert(fake_probe_run(&p, 9000));
	ck_result(&p, rung, failure);
	ck_assert_str_eq(fake_detail(&p, "server"), OWNER);
	ck_assert_int_eq(fake_detail_int(&p, "near_hops"),
	    near ? 1 : INT64_MIN);
	ck_assert_int_eq(s.nrecurse, 0);
	fake_probe_free(&p);
	fake_dns_stop(&s);
}

START_TEST(an_authority_is_not_asked_from_nearby)
{
	struct fake_dns owner = {.rows = vendor, .aa = true, .otherwise = 3};
	struct fake_dns proxy = {.rows = vendor, .aa = true, .ra = true};
	struct fake_dns cache = {.rows = vendor, .ra = true};
	struct fake_dns closed = {.otherwise = 5};
	int i;

	if (!fake_private_network(world))
		return;
	for (i = 0; i < 2; i++) {
		enum protocol over = i ? PROTO_TCP : PROTO_UDP;

		server(owner, over, "a.vendor.example", RUNG_APP_REPLY,
		    CAUSE_NONE, false);
		server(owner, over, "alias.vendor.example", RUNG_APP_REPLY,
		    CAUSE_NONE, false);
		server(owner, over, "b.vendor.example", RUNG_APP_REPLY,
		    CAUSE_DNS_NXDOMAIN, false);
		/* dnsmasq passes AA on and sets RA: as it was seen. */
		server(proxy, over, "a.vendor.example", RUNG_APP_REPLY,
		    CAUSE_NONE, true);
		server(cache, over, "a.vendor.example", RUNG_APP_REPLY,
		    CAUSE_NONE, true);
		server(closed, over, "a.vendor.example", RUNG_APP_REPLY,
		    CAUSE_DNS_REFUSED, true);
	}
}
END_TEST

/* --- whatever comes --- */

static const char *const types[] = {"dns", "dns_honesty", "dns_redirect",
    "dns_rebind", "dns_owner", "dns_server"};

static void
run_hostile(const char *type, enum fake_dns_manner manner)
{
	bool invents = strcmp(type, "dns_honesty") == 0;
	struct fake_dns site = {.rows = invents ? inventions : zone_of_site,
	    .manner = manner,
	    .ra = true};
	struct fake_dns owner = {.rows = with_private, .manner = manner};
	struct arena *a = arena_new();
	struct fake_probe p;
	bool heard = manner == DNS_TWICE || manner == DNS_LATE ||
	    manner == DNS_TRUNCATES || manner == DNS_FORMERR_ON_OPT ||
	    manner == DNS_HUGE || manner == DNS_PLAIN;

	fake_dns_start(&site, SITE);
	fake_dns_start(&owner, OWNER);
	probe_init(&p, a, type);
	if (strcmp(type, "dns_server") == 0) {
		set(&p.spec.host, "s1.dyn.vendor.example");
		set(&p.spec.address, OWNER);
		p.spec.port = 53;
	}
	ck_assert_msg(fake_probe_run(&p, 40000), "%s %d", type, (int)manner);
	if (!heard)
		ck_assert_msg(p.obs->rung != RUNG_APP_REPLY ||
			p.obs->failure != CAUSE_NONE,
		    "%s passes on %d", type, (int)manner);
	ck_assert_uint_le(list_len(&p, "addresses"), 64);
	fake_probe_free(&p);
	fake_dns_stop(&site);
	fake_dns_stop(&owner);
	arena_free(a);
}

static void
try_all(size_t from, size_t to)
{
	size_t i;
	int manner;

	if (!fake_private_network(world))
		return;
	for (manner = DNS_GARBAGE; manner < DNS_MANNERS; manner++) {
		if (manner == DNS_LATE || manner == DNS_OTHER_SENDER ||
		    manner == DNS_OTHER_ID)
			continue; /* slow: below */
		for (i = from; i < to; i++)
			run_hostile(types[i], (enum fake_dns_manner)manner);
	}
}

START_TEST(nothing_strange_hangs_leaks_or_passes)
{
	try_all(0, 3);
}
END_TEST

START_TEST(nothing_strange_misleads_those_who_ask_an_authority)
{
	try_all(3, sizeof types / sizeof *types);
}
END_TEST

START_TEST(answers_of_others_are_not_believed)
{
	if (!fake_private_network(world))
		return;
	run_hostile("dns_honesty", DNS_OTHER_SENDER);
	run_hostile("dns_redirect", DNS_OTHER_ID);
	run_hostile("dns_server", DNS_OTHER_ID);
	run_hostile("dns", DNS_OTHER_SENDER);
}
END_TEST

START_TEST(late_answers_are_answers)
{
	struct fake_dns late = {.otherwise = 3,
	    .edns = true,
	    .manner = DNS_LATE};

	if (!fake_private_network(world))
		return;
	honest(&late, RUNG_APP_REPLY, CAUSE_NONE, true);
}
END_TEST

START_TEST(each_can_be_stopped_at_any_stage)
{
	static const int after_ms[] = {0, 1, 5, 30, 200, 1300};
	struct fake_dns site = {.rows = zone_of_site, .ra = true};
	struct fake_dns owner = {.manner = DNS_SILENT};
	struct arena *a = arena_new();
	struct fake_probe p;
	bool never = false;
	size_t i, k;
	int before;

	if (!fake_private_network(world)) {
		arena_free(a);
		return;
	}
	signal(SIGPIPE, SIG_IGN);
	fake_dns_start(&site, SITE);
	fake_dns_start(&owner, OWNER);
	before = fake_count_fds();
	for (i = 0; i < sizeof types / sizeof *types; i++) {
		for (k = 0; k < 2 * sizeof after_ms / sizeof *after_ms; k++) {
			probe_init(&p, a, types[i]);
			if (strcmp(types[i], "dns_server") == 0) {
				set(&p.spec.host, "x.vendor.example");
				set(&p.spec.address, OWNER);
				p.spec.port = 53;
			}
			fake_probe_start(&p);
			fake_loop(p.env.base, &never, after_ms[k / 2]);
			if (k % 2 == 0 && !p.done) {
				probe_cancel(p.probe);
				ck_assert(fake_loop(p.env.base, &p.done, 500));
			}
			ck_assert_int_le(p.ndone, 1);
			fake_probe_free(&p); /* or freed as it is */
			ck_assert_int_eq(fake_count_fds(), before);
		}
	}
	fake_dns_stop(&site);
	fake_dns_stop(&owner);
	arena_free(a);
}
END_TEST

HARNESS("probe names", a_name_that_cannot_exist_must_not_have_an_address,
    each_time_the_names_are_other_ones,
    an_answer_where_no_dns_server_is_means_a_redirect,
    a_private_address_that_the_zone_gives_must_get_through,
    without_a_private_address_there_is_nothing_to_ask_for,
    an_authority_is_not_asked_from_nearby,
    nothing_strange_hangs_leaks_or_passes,
    nothing_strange_misleads_those_who_ask_an_authority,
    answers_of_others_are_not_believed, late_answers_are_answers,
    each_can_be_stopped_at_any_stage)
