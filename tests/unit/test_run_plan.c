/* SPDX-License-Identifier: MIT */
/* Promises of the plan: what would be sent is told before, each measurement
 * once, and nothing is sent. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/probe/probe.h"
#include "core/run/controls.h"
#include "core/run/run.h"
#include "tests/unit/judge_case.h"

/* Those that serve a requirement. */
static size_t
serving(const struct plan *plan)
{
	size_t i, n = 0;

	for (i = 0; i < plan->count; i++) {
		ck_assert_int_eq(plan->item[i].needs[0] == '\0',
		    plan->item[i].control != NULL);
		n += plan->item[i].control == NULL;
	}
	return n;
}

static struct record *
two_needs(void)
{
	struct record *r = case_new();
	struct need *a = case_need(r, "a", PROTO_TCP, 443, RUNG_TRANSPORT);
	struct need *b = case_need(r, "b", PROTO_TCP, 443, RUNG_TRANSPORT);
	struct need *c = case_need(r, "c", PROTO_TCP, 80, RUNG_TRANSPORT);

	case_spec(r, a, "tcp", "a.example", NULL, 443);
	case_spec(r, b, "tcp", "a.example", NULL, 443);
	case_spec(r, c, "tcp", NULL, "192.0.2.7", 80);
	c->product = arena_strdup(r->arena, "q");
	return r;
}

START_TEST(each_measurement_stands_in_the_plan_once)
{
	struct record *r = two_needs();
	struct plan *plan = plan_make(r->arena, r, NULL, PACE_POLITE);

	ck_assert_uint_eq(serving(plan), 3);
	ck_assert_str_eq(plan->item[0].spec->type, "dns");
	ck_assert_str_eq(plan->item[0].needs, "a, b");
	ck_assert_str_eq(plan->item[1].needs, "a, b");
	ck_assert_str_eq(plan->item[2].needs, "c");
	record_free(r);
}
END_TEST

/* As tests/plan_truth sees for all: no comparison follows, and neither the
 * gateway's silence nor a missing error message is looked into. */
START_TEST(who_keeps_pings_is_searched_for_with_pings)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "a", PROTO_ICMP, 0, RUNG_APP_REPLY);
	const struct probe_type *type = probe_type_find("locate");
	struct plan *plan;

	case_spec(r, n, "icmp", NULL, NULL, 0);
	case_spec(r, n, "icmp", NULL, "192.0.2.8", 0);
	n->specs[1].want = arena_strdup(r->arena, "3");
	case_spec(r, n, "icmp", NULL, "192.0.2.7", 0);
	plan = plan_make(r->arena, r, NULL, PACE_POLITE);
	ck_assert_uint_eq(plan->nsearches, 1);
	ck_assert_str_eq(plan->search[0].address, "192.0.2.7");
	ck_assert_int_eq(plan->search[0].protocol, PROTO_ICMP);
	ck_assert_uint_eq(plan->search[0].port, 0);
	ck_assert_uint_eq(plan->search[0].most.packets, type->packets);
	ck_assert_uint_eq(plan->search[0].most.bytes, type->bytes);
	record_free(r);
}
END_TEST

START_TEST(sums_are_those_of_the_lines)
{
	struct record *r = two_needs();
	struct plan *plan = plan_make(r->arena, r, NULL, PACE_POLITE);
	unsigned flows = 0, packets = 0, slowest = 0;
	size_t i;

	for (i = 0; i < plan->count; i++) {
		flows += plan->item[i].most.flows;
		packets += plan->item[i].most.packets;
		if (plan->item[i].longest_ms > slowest)
			slowest = plan->item[i].longest_ms;
	}
	ck_assert_uint_eq(plan->flows, flows);
	ck_assert_uint_eq(plan->packets, packets);
	ck_assert_uint_eq(plan->slowest_probe_ms, slowest);
	ck_assert_uint_le(plan->shortest_ms, plan->longest_ms);
	/* Polite: at most 40 new flows a second. */
	ck_assert_uint_ge(plan->longest_ms, flows * 1000 / 40 + slowest);
	record_free(r);
}
END_TEST

START_TEST(only_what_applies_and_was_chosen_is_planned)
{
	struct record *r = two_needs();
	struct plan *plan = plan_make(r->arena, r, "q", PACE_FAST);

	ck_assert_uint_eq(serving(plan), 1);
	ck_assert_str_eq(plan->item[0].needs, "c");
	plan = plan_make(r->arena, r, "b", PACE_FAST);
	ck_assert_uint_eq(serving(plan), 2);
	record_need(r, "c")->applies = false;
	plan = plan_make(r->arena, r, NULL, PACE_FAST);
	ck_assert_uint_eq(serving(plan), 2);
	plan = plan_make(r->arena, r, "no such", PACE_FAST);
	ck_assert_uint_eq(plan->count, 0);
	ck_assert_uint_eq(plan->flows, 0);
	record_free(r);
}
END_TEST

/* "x" is served although "ax" was named before. */
START_TEST(a_need_whose_id_is_part_of_another_is_named_too)
{
	struct record *r = case_new();
	struct need *a = case_need(r, "p.web-tls", PROTO_TCP, 443,
	    RUNG_TRANSPORT);
	struct need *b = case_need(r, "p.web", PROTO_TCP, 443, RUNG_TRANSPORT);
	struct plan *plan;

	case_spec(r, a, "tcp", NULL, "192.0.2.7", 443);
	case_spec(r, b, "tcp", NULL, "192.0.2.7", 443);
	case_spec(r, b, "tcp", NULL, "192.0.2.7", 443);
	plan = plan_make(r->arena, r, NULL, PACE_FAST);
	ck_assert_uint_eq(serving(plan), 1);
	ck_assert_str_eq(plan->item[0].needs, "p.web-tls, p.web");
	record_free(r);
}
END_TEST

START_TEST(a_type_that_no_probe_covers_is_left_out)
{
	struct record *r = case_new();
	struct need *n = case_need(r, "a", PROTO_UDP, 5684, RUNG_APP_REPLY);

	case_spec(r, n, "telepathy", NULL, "192.0.2.7", 5684);
	ck_assert_uint_eq(plan_make(r->arena, r, NULL, PACE_FAST)->count, 0);
	record_free(r);
}
END_TEST

/* --- controls --- */

/* What is made for r, "TYPE HOST-OR-ADDRESS:PORT WANT\n" each. */
static char *
controls_text(struct record *r, const char *only)
{
	char *out = arena_strdup(r->arena, "");
	size_t i, n;
	struct control *c = controls_make(r->arena, r, only, NULL, &n);

	for (i = 0; i < n; i++) {
		const struct probe_spec *s = &c[i].spec;

		ck_assert_ptr_nonnull(c[i].purpose);
		ck_assert_int_eq(s->protocol, PROTO_TCP);
		/* One or the other, never both. */
		ck_assert((s->host == NULL) != (s->address == NULL));
		out = arena_printf(r->arena, "%s%s %s:%u%s%s\n", out, s->type,
		    s->host != NULL ? s->host : s->address, s->port,
		    s->want == NULL ? "" : " ", s->want == NULL ? "" : s->want);
	}
	return out;
}

/* RFC 5737: 192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24 are nobody's.
 * Port 5112 has its own, since an accepted connection is all that can be seen
 * there. */
START_TEST(places_that_must_not_answer_are_tried)
{
	struct record *r = case_new();
	struct need *a = case_need(r, "p.cloud", PROTO_TCP, 443,
	    RUNG_TLS_EXPECTED);
	struct need *b = case_need(r, "p.upgrade", PROTO_TCP, 5112,
	    RUNG_TRANSPORT);

	case_spec(r, b, "tcp", "up.vendor.example", NULL, 5112);
	case_spec(r, a, "tls", "cloud.vendor.example", NULL, 443);
	ck_assert_str_eq(controls_text(r, NULL),
	    "canary 192.0.2.199:443\n"
	    "canary 198.51.100.199:80\n"
	    "canary 203.0.113.199:5112\n"
	    "canary 192.0.2.199:6173\n"
	    "canary cloud.vendor.example:6173\n"
	    "life cloud.vendor.example:443\n");
	/* The same for the same needs, and only for those that are meant. */
	ck_assert_str_eq(controls_text(r, NULL), controls_text(r, NULL));
	ck_assert_str_eq(controls_text(r, "p.cloud"),
	    "canary 192.0.2.199:443\n"
	    "canary 198.51.100.199:80\n"
	    "canary 203.0.113.199:6173\n"
	    "canary cloud.vendor.example:6173\n"
	    "life cloud.vendor.example:443\n");
	record_free(r);
}
END_TEST

START_TEST(the_odd_port_is_no_products)
{
	struct record *r = case_new();
	struct need *a = case_need(r, "p.cloud", PROTO_TCP, 443,
	    RUNG_TLS_EXPECTED);
	struct need *b = case_need(r, "p.range", PROTO_UDP, 6000,
	    RUNG_TRANSPORT);

	case_spec(r, a, "tls", NULL, "192.0.2.7", 443);
	b->ports.range[0].high = 6180;
	b->applies = false; /* another answer may make it apply */
	ck_assert_str_eq(controls_text(r, NULL),
	    "canary 192.0.2.199:443\n"
	    "canary 198.51.100.199:80\n"
	    "canary 203.0.113.199:6183\n");
	record_free(r);
}
END_TEST

START_TEST(nothing_is_held_against_what_is_not_tried)
{
	struct record *r = case_new();
	struct need *a = case_need(r, "p.time", PROTO_UDP, 123, RUNG_APP_REPLY);
	struct need *b = case_need(r, "p.local", PROTO_TCP, 443,
	    RUNG_TRANSPORT);

	case_spec(r, a, "ntp", "time.vendor.example", NULL, 123);
	case_spec(r, b, "tcp", NULL, "10.20.30.60", 443);
	b->direction = DIR_LAN;
	ck_assert_str_eq(controls_text(r, NULL), "");
	record_free(r);
}
END_TEST

/* Many ports do not make many flows. */
START_TEST(canaries_are_few)
{
	struct record *r = case_new();
	uint16_t port;
	size_t n;

	for (port = 1000; port < 1020; port++) {
		struct need *a = case_need(r,
		    arena_printf(r->arena, "p.n%u", port), PROTO_TCP, port,
		    RUNG_TRANSPORT);

		case_spec(r, a, "tcp", "cloud.vendor.example", NULL, port);
	}
	controls_make(r->arena, r, NULL, NULL, &n);
	ck_assert_uint_eq(n, 2 + CONTROL_OWN_PORTS + 1 + 2);
	record_free(r);
}
END_TEST

static void
proxy_is(const char *set, const char *wanted)
{
	struct record *r = case_new();
	struct need *a = case_need(r, "p.cloud", PROTO_TCP, 443,
	    RUNG_TLS_EXPECTED);
	const char *text, *line;

	case_spec(r, a, "tls", "cloud.vendor.example", NULL, 443);
	r->vantage.proxy = arena_strdup(r->arena, set);
	text = controls_text(r, NULL);
	line = strstr(text, "proxy");
	ck_assert_str_eq(line == NULL ? "" : line, wanted);
	record_free(r);
}

START_TEST(the_laptops_proxy_is_asked_for_one_way)
{
	proxy_is("http://proxy.corp.example:8080",
	    "proxy proxy.corp.example:8080 cloud.vendor.example:443\n");
	proxy_is("10.1.2.3:3128/",
	    "proxy 10.1.2.3:3128 cloud.vendor.example:443\n");
	proxy_is("http://proxy.corp.example",
	    "proxy proxy.corp.example:80 cloud.vendor.example:443\n");
	/* What is not spoken, and what is nonsense. */
	proxy_is("socks5://proxy.corp.example:1080", "");
	proxy_is("https://proxy.corp.example:443", "");
	proxy_is("http://proxy.corp.example:99999", "");
	proxy_is("http://:8080", "");
	proxy_is("http://a b:8080", "");
	proxy_is("http://[2001:db8::1]:8080", "");
}
END_TEST

/* The first address of a name will do: one flow each while all is well. */
START_TEST(the_plan_tells_of_controls_what_they_are_for)
{
	struct record *r = case_new();
	struct need *a = case_need(r, "p.cloud", PROTO_TCP, 443,
	    RUNG_TLS_EXPECTED);
	struct plan *plan;
	size_t i, n = 0;

	case_spec(r, a, "tls", "cloud.vendor.example", NULL, 443);
	plan = plan_make(r->arena, r, NULL, PACE_POLITE);
	for (i = 0; i < plan->count; i++) {
		const struct plan_item *x = &plan->item[i];

		if (x->control == NULL)
			continue;
		n++;
		ck_assert_str_eq(x->needs, "");
		ck_assert_uint_eq(x->most.addresses, 1);
		ck_assert(!x->outbound); /* nobody is looked for */
		ck_assert_uint_le(x->longest_ms, 3000);
	}
	ck_assert_uint_eq(n, 5);
	record_free(r);
}
END_TEST

HARNESS("run plan", each_measurement_stands_in_the_plan_once,
    who_keeps_pings_is_searched_for_with_pings, sums_are_those_of_the_lines,
    only_what_applies_and_was_chosen_is_planned,
    a_need_whose_id_is_part_of_another_is_named_too,
    a_type_that_no_probe_covers_is_left_out,
    places_that_must_not_answer_are_tried, the_odd_port_is_no_products,
    nothing_is_held_against_what_is_not_tried, canaries_are_few,
    the_laptops_proxy_is_asked_for_one_way,
    the_plan_tells_of_controls_what_they_are_for)
