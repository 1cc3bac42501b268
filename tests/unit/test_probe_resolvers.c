/* SPDX-License-Identifier: MIT */
/* Promises of the probes of names where the site's resolvers are poor, or say
 * that there is no such name. In a network of its own: 127.0.0.1 is the site's
 * resolver, 203.0.113.53 the zone's own server, 127.0.0.3 nobody. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/net/dns.h"
#include "tests/unit/fake_dns.h"
#include "tests/unit/fake_probe.h"

#define SITE "127.0.0.1"
#define OWNER "203.0.113.53"
#define NOBODY "127.0.0.3"
#define HOST "s1.dyn.vendor.example"

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
	set(&p->vantage.gateway, "127.0.0.254");
	set(&p->spec.host, HOST);
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

static const struct fake_row one_name[] = {
    {"s1.dyn.vendor.example", 1, "192.0.2.80", {60}},
    {NULL, 0, NULL, {0}},
};

/* --- poor lines --- */

static const struct fake_row both_families[] = {
    {NULL, 1, "192.0.2.80", {60}},
    {NULL, 28, "2001:db8::80", {60}},
    {NULL, 0, NULL, {0}},
};

/* The first bytes of the first question of each type, and from which port. */
static struct {
	uint8_t id[2];
	uint16_t port;
	int count;
} questions[2];

static bool
is_aaaa(const uint8_t *question, size_t len)
{
	return question[len - 3] == 28; /* type and class end it */
}

/* Passes a name on once more only for who has asked for it before, from the
 * same port and by the same number; the first time it is lost. */
static bool
forwarder_loses(const uint8_t *question, size_t len, uint16_t port)
{
	int i = is_aaaa(question, len);

	if (questions[i].count++ == 0) {
		memcpy(questions[i].id, question, 2);
		questions[i].port = port;
		return true;
	}
	return questions[i].port != port ||
	    memcmp(questions[i].id, question, 2) != 0;
}

/* For more than three seconds nothing of the name's address gets through. */
static bool
long_silence(const uint8_t *question, size_t len, uint16_t port)
{
	(void)port;
	return !is_aaaa(question, len) && questions[0].count++ < 5;
}

static void
on_a_poor_line(bool (*loses)(const uint8_t *, size_t, uint16_t))
{
	struct fake_dns site = {.rows = both_families,
	    .ra = true,
	    .loses = loses};
	struct arena *a = arena_new();
	struct fake_probe p;

	memset(questions, 0, sizeof questions);
	fake_dns_start(&site, SITE);
	probe_init(&p, a, "dns");
	ck_assert(fake_probe_run(&p, 9000));
	ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(list_item(&p, "addresses", 0), "192.0.2.80");
	fake_probe_free(&p);
	fake_dns_stop(&site);
	arena_free(a);
}

START_TEST(a_name_is_asked_for_again_as_a_forwarder_needs_it)
{
	if (fake_private_network(NULL))
		on_a_poor_line(forwarder_loses);
}
END_TEST

START_TEST(a_server_that_answers_others_gets_a_second_time)
{
	if (fake_private_network(NULL))
		on_a_poor_line(long_silence);
}
END_TEST

/* The site gives out two resolvers, and one of them is no such server. The
 * other's answer counts, however late it is, and who was asked in vain is
 * told. */
START_TEST(one_dead_resolver_of_two_fails_nothing)
{
	struct fake_dns late = {.rows = one_name,
	    .ra = true,
	    .manner = DNS_LATE};
	static const char *const order[][2] = {{SITE, NOBODY}, {NOBODY, SITE}};
	struct arena *a = arena_new();
	struct fake_probe p;
	int i;

	if (!fake_private_network(NULL))
		return;
	for (i = 0; i < 2; i++) {
		fake_dns_start(&late, SITE);
		probe_init(&p, a, "dns");
		memset(&p.vantage.resolvers, 0, sizeof p.vantage.resolvers);
		strlist_add(a, &p.vantage.resolvers, order[i][0]);
		strlist_add(a, &p.vantage.resolvers, order[i][1]);
		ck_assert(fake_probe_run(&p, 6000));
		ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
		ck_assert_str_eq(fake_detail(&p, "server"), SITE);
		ck_assert_uint_eq(list_len(&p, "passed_over"), (size_t)i);
		if (i == 1)
			ck_assert_str_eq(list_item(&p, "passed_over", 0),
			    NOBODY);
		fake_probe_free(&p);
		fake_dns_stop(&late);
	}
	arena_free(a);
}
END_TEST

/* --- the name's own server --- */

static const struct fake_row denies[] = {
    {"vendor.example", 2, "ns1.vendor.example", {60}},
    {"ns1.vendor.example", 1, OWNER, {60}},
    {NULL, 0, NULL, {0}},
};
static const struct fake_row gives[] = {
    {HOST, 1, "192.0.2.7", {60}},
    {NULL, 0, NULL, {0}},
};
static const struct fake_row nothing[] = {
    {"other.vendor.example", 1, "192.0.2.7", {60}},
    {NULL, 0, NULL, {0}},
};

struct owner_case {
	const struct fake_row *rows;
	bool aa;
	enum fake_dns_manner manner;
	enum rung rung;
	enum cause failure;
	size_t addresses;
};

START_TEST(the_names_own_server_says_whether_it_is_gone)
{
	static const struct owner_case cases[] = {
	    {gives, true, DNS_PLAIN, RUNG_APP_REPLY, CAUSE_NONE, 1},
	    {nothing, true, DNS_PLAIN, RUNG_APP_REPLY, CAUSE_DNS_NXDOMAIN, 0},
	    {denies, true, DNS_PLAIN, RUNG_APP_REPLY, CAUSE_DNS_NXDOMAIN, 0},
	    /* Without authority it is anybody's word. */
	    {gives, false, DNS_PLAIN, RUNG_SILENCE, CAUSE_NONE, 0},
	    {gives, true, DNS_SILENT, RUNG_SILENCE, CAUSE_NONE, 0},
	};
	struct arena *a = arena_new();
	struct fake_probe p;
	size_t i;

	if (!fake_private_network(world))
		return;
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fake_dns site = {.rows = denies, .ra = true};
		struct fake_dns owner = {.rows = cases[i].rows,
		    .aa = cases[i].aa,
		    .otherwise = cases[i].rows == nothing ? DNS_NXDOMAIN : 0,
		    .manner = cases[i].manner};

		fake_dns_start(&site, SITE);
		fake_dns_start(&owner, OWNER);
		probe_init(&p, a, "dns_owner");
		ck_assert(fake_probe_run(&p, 20000));
		ck_result(&p, cases[i].rung, cases[i].failure);
		ck_assert_uint_eq(list_len(&p, "addresses"),
		    cases[i].addresses);
		ck_assert_int_eq(owner.nrecurse, 0);
		fake_probe_free(&p);
		fake_dns_stop(&site);
		fake_dns_stop(&owner);
	}
	arena_free(a);
}
END_TEST

HARNESS("probe resolvers", a_name_is_asked_for_again_as_a_forwarder_needs_it,
    a_server_that_answers_others_gets_a_second_time,
    one_dead_resolver_of_two_fails_nothing,
    the_names_own_server_says_whether_it_is_gone)
