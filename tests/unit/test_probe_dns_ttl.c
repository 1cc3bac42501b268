/* SPDX-License-Identifier: MIT */
/* Promises of the probes that look how long a resolver keeps a name. In a
 * network of its own: 127.0.0.1 is the site's resolver, 203.0.113.53 the zone's
 * own server. The TTLs are those of a resolver that was looked at so many
 * times, as facts 5.11 tells what honest and other ones give. */
#include "tests/unit/harness.h"

#include <signal.h>
#include <string.h>

#include "tests/unit/fake_dns.h"
#include "tests/unit/fake_probe.h"

#define SITE "127.0.0.1"
#define OWNER "203.0.113.53"
#define HOST "boot.vendor.example"

static const char *const world[] = {OWNER, NULL};

#define ck_result(p, want_rung, want_failure) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, (int)(p)->obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(p)->obs->failure), \
		    word_name(&words_cause, want_failure)); \
	} while (0)

struct look {
	const char *type;
	int site_ttl[6]; /* of the 1st, 2nd ... look */
	int owner_ttl;
	const char *host_is; /* alias to that, or NULL: an address */
	bool no_ns, no_aa;
	enum fake_dns_manner owner_manner;
};

static struct fake_dns site, owner;
static struct fake_row site_rows[5], owner_rows[3];

static void
set_up(const struct look *l)
{
	memset(&site, 0, sizeof site);
	memset(&owner, 0, sizeof owner);
	memset(site_rows, 0, sizeof site_rows);
	memset(owner_rows, 0, sizeof owner_rows);
	site_rows[0] = (struct fake_row){HOST, l->host_is == NULL ? 1 : 5,
	    l->host_is == NULL ? "192.0.2.7" : l->host_is, {0}};
	memcpy(site_rows[0].ttl, l->site_ttl, sizeof l->site_ttl);
	site_rows[1] = (struct fake_row){"ns1.vendor.example", 1, OWNER, {60}};
	if (!l->no_ns)
		site_rows[2] = (struct fake_row){"vendor.example", 2,
		    "ns1.vendor.example", {60}};
	owner_rows[0] = (struct fake_row){HOST, site_rows[0].type,
	    site_rows[0].data, {l->owner_ttl}};
	site.rows = site_rows;
	site.ra = true;
	owner.rows = owner_rows;
	owner.aa = !l->no_aa;
	owner.manner = l->owner_manner;
	fake_dns_start(&site, SITE);
	fake_dns_start(&owner, OWNER);
}

static void
probe_init(struct fake_probe *p, struct arena *a, const char *type)
{
	fake_probe_init(p, type, PROTO_NONE, HOST, NULL, 53);
	strlist_add(a, &p->vantage.resolvers, SITE);
}

static void
looks(const struct look *l, enum rung rung, enum cause failure, const char *why,
    const char *ttls)
{
	struct arena *a = arena_new();
	struct fake_probe p;
	const json_t *list;
	char text[64] = "";
	size_t i, n = 0;

	set_up(l);
	probe_init(&p, a, l->type);
	ck_assert(fake_probe_run(&p, 40000));
	ck_result(&p, rung, failure);
	ck_assert_str_eq(fake_detail(&p, "why"), why);
	list = json_object_get(p.obs->detail, "ttls");
	for (i = 0; i < json_array_size(list) && n < 50; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%d ",
		    (int)json_integer_value(json_array_get(list, i)));
	ck_assert_str_eq(text, ttls);
	ck_assert_int_eq(owner.nrecurse, 0);
	fake_probe_free(&p);
	fake_dns_stop(&site);
	fake_dns_stop(&owner);
	arena_free(a);
}

START_TEST(more_than_the_owner_allows_is_proof_at_once)
{
	struct look l = {"dns_ttl", {3600}, 60, NULL, false, false, 0};

	if (!fake_private_network(world))
		return;
	looks(&l, RUNG_APP_REPLY, CAUSE_DNS_TTL_STRETCHED, "", "3600 ");
	/* dnsmasq gives the first answer as it came and stretches what it
	 * keeps: as it was seen. */
	l.site_ttl[0] = 60;
	l.site_ttl[1] = 3597;
	looks(&l, RUNG_APP_REPLY, CAUSE_DNS_TTL_STRETCHED, "", "60 3597 ");
	/* An alias may be kept for too long as well. */
	l.site_ttl[0] = 301;
	l.owner_ttl = 300;
	l.host_is = "lb.elsewhere.example";
	looks(&l, RUNG_APP_REPLY, CAUSE_DNS_TTL_STRETCHED, "", "301 ");
}
END_TEST

START_TEST(one_that_counts_down_or_keeps_nothing_is_honest)
{
	struct look l = {"dns_ttl", {60, 58}, 60, NULL, false, false, 0};

	if (!fake_private_network(world))
		return;
	looks(&l, RUNG_APP_REPLY, CAUSE_NONE, "", "60 58 ");
	l.site_ttl[0] = 1; /* it ran out meanwhile */
	l.site_ttl[1] = 59;
	looks(&l, RUNG_APP_REPLY, CAUSE_NONE, "", "1 59 ");
	l.site_ttl[0] = l.site_ttl[1] = 60; /* each time asked anew */
	looks(&l, RUNG_APP_REPLY, CAUSE_NONE, "", "60 60 ");
}
END_TEST

START_TEST(without_a_yardstick_nothing_is_decided)
{
	struct look l = {"dns_ttl", {30, 30}, 60, NULL, false, false, 0};

	if (!fake_private_network(world))
		return;
	/* Always 30 of 60: it may be kept for a year. */
	looks(&l, RUNG_TRANSPORT, CAUSE_NONE, "constant", "30 30 ");
	l.site_ttl[0] = 3600;
	l.site_ttl[1] = 3598;
	l.no_ns = true;
	looks(&l, RUNG_TRANSPORT, CAUSE_NONE, "authority_unknown",
	    "3600 3598 ");
	l.no_ns = false;
	l.no_aa = true; /* somebody else's word */
	looks(&l, RUNG_TRANSPORT, CAUSE_NONE, "authority_not", "3600 3598 ");
	l.no_aa = false;
	l.owner_manner = DNS_SILENT;
	looks(&l, RUNG_TRANSPORT, CAUSE_NONE, "authority_silent", "3600 3598 ");
}
END_TEST

/* RFC 8767 section 4: stale answers have a TTL of 30. */
/* A resolver that names a server inside of the site would be its own
 * yardstick: that one is not asked. */
START_TEST(a_server_inside_of_the_site_is_no_yardstick)
{
	static const char *const inside[] = {"10.20.30.9", "203.0.113.9",
	    "127.0.0.9"};
	struct look l = {"dns_ttl", {3600}, 60, NULL, false, false, 0};
	size_t i;

	if (!fake_private_network(world))
		return;
	for (i = 0; i < 3; i++) {
		struct arena *a = arena_new();
		struct fake_probe p;

		set_up(&l);
		site_rows[1].data = inside[i];
		probe_init(&p, a, l.type);
		strlist_add(a, &p.vantage.addresses, "203.0.113.50/24");
		ck_assert(fake_probe_run(&p, 40000));
		ck_result(&p, RUNG_TRANSPORT, CAUSE_NONE);
		ck_assert_str_eq(fake_detail(&p, "why"), "authority_near");
		ck_assert_str_eq(fake_detail(&p, "authority"), inside[i]);
		ck_assert_int_eq(owner.nudp, 0);
		fake_probe_free(&p);
		fake_dns_stop(&site);
		fake_dns_stop(&owner);
		arena_free(a);
	}
}
END_TEST

START_TEST(what_has_run_out_must_not_be_given)
{
	struct look l = {"dns_ttl_slow", {3, 1, 30, 60}, 60, NULL, false, false,
	    0};

	if (!fake_private_network(world))
		return;
	looks(&l, RUNG_APP_REPLY, CAUSE_DNS_TTL_STRETCHED, "", "3 1 30 60 ");
	/* Fresh from a cache behind it, and counted on. */
	l.site_ttl[3] = 29;
	looks(&l, RUNG_APP_REPLY, CAUSE_NONE, "", "3 1 30 29 ");
	l.site_ttl[2] = 60;
	l.site_ttl[3] = 58;
	looks(&l, RUNG_APP_REPLY, CAUSE_NONE, "", "3 1 60 58 ");
}
END_TEST

/* A TTL of 0 once may be the last moment of a cache behind. */
START_TEST(nothing_left_twice_is_stale)
{
	struct look l = {"dns_ttl_slow", {3, 1, -1, 1, -1, 60}, 60, NULL, false,
	    false, 0};

	if (!fake_private_network(world))
		return;
	looks(&l, RUNG_APP_REPLY, CAUSE_DNS_TTL_STRETCHED, "", "3 1 0 60 ");
	l.site_ttl[4] = 60;
	l.site_ttl[5] = 58;
	looks(&l, RUNG_APP_REPLY, CAUSE_NONE, "", "3 1 60 58 ");
}
END_TEST

START_TEST(a_dns_server_that_is_not_there_is_told)
{
	struct arena *a = arena_new();
	struct fake_probe p;

	if (!fake_private_network(world)) {
		arena_free(a);
		return;
	}
	probe_init(&p, a, "dns_ttl");
	ck_assert(fake_probe_run(&p, 9000));
	ck_result(&p, RUNG_REJECTED, CAUSE_TCP_REFUSED);
	fake_probe_free(&p);
	memset(&site, 0, sizeof site);
	site.otherwise = 3;
	fake_dns_start(&site, SITE);
	probe_init(&p, a, "dns_ttl");
	ck_assert(fake_probe_run(&p, 9000));
	ck_result(&p, RUNG_APP_REPLY, CAUSE_DNS_NXDOMAIN);
	fake_probe_free(&p);
	fake_dns_stop(&site);
	probe_init(&p, a, "dns_ttl_slow");
	p.vantage.resolvers.count = 0;
	ck_assert(fake_probe_run(&p, 3000));
	ck_result(&p, RUNG_LOCAL_ERROR, CAUSE_DNS_TIMEOUT);
	fake_probe_free(&p);
	arena_free(a);
}
END_TEST

/* Nobody waits: it ends with what it has, at any stage. */
START_TEST(it_can_be_concluded_or_stopped_at_any_stage)
{
	static const int after_ms[] = {0, 2, 40, 300, 2600, 4200};
	struct look l = {"dns_ttl_slow", {60, 58}, 60, NULL, false, false, 0};
	struct arena *a = arena_new();
	struct fake_probe p;
	bool never = false;
	size_t k;
	int before;

	if (!fake_private_network(world)) {
		arena_free(a);
		return;
	}
	signal(SIGPIPE, SIG_IGN);
	set_up(&l);
	before = fake_count_fds();
	for (k = 0; k < 3 * sizeof after_ms / sizeof *after_ms; k++) {
		site.nasked[0] = 0;
		probe_init(&p, a, "dns_ttl_slow");
		fake_probe_start(&p);
		fake_loop(p.env.base, &never, after_ms[k / 3]);
		if (k % 3 == 0)
			probe_conclude(p.probe);
		else if (k % 3 == 1)
			probe_cancel(p.probe);
		if (k % 3 != 2)
			ck_assert(fake_loop(p.env.base, &p.done, 1000));
		if (k == 15) { /* the two quick looks were made */
			ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
			ck_assert(fake_detail_is(&p, "concluded"));
		} else if (k % 3 == 1) {
			ck_result(&p, RUNG_NONE, CAUSE_CANCELLED);
		}
		ck_assert_int_le(p.ndone, 1);
		fake_probe_free(&p);
		ck_assert_int_eq(fake_count_fds(), before);
	}
	fake_dns_stop(&site);
	fake_dns_stop(&owner);
	arena_free(a);
}
END_TEST

HARNESS("probe dns ttl", more_than_the_owner_allows_is_proof_at_once,
    one_that_counts_down_or_keeps_nothing_is_honest,
    without_a_yardstick_nothing_is_decided,
    a_server_inside_of_the_site_is_no_yardstick,
    what_has_run_out_must_not_be_given, nothing_left_twice_is_stale,
    a_dns_server_that_is_not_there_is_told,
    it_can_be_concluded_or_stopped_at_any_stage)
