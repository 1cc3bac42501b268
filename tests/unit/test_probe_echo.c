/* SPDX-License-Identifier: MIT */
/* Promises of what uses ICMP (RFC 792): pings one by one and in a series, and
 * the message that a destination is unreachable. The other end is the
 * kernel's own ICMP. */
#include "tests/unit/harness.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/search_lan.h"

#define MUTE "route add blackhole 10.20.30.50/32" /* no answer leaves */
#define UNMUTE "route del blackhole 10.20.30.50/32"

static bool
start(void)
{
	int fd;

	if (!fake_lan_start())
		return false;
	fd = open("/proc/sys/net/ipv4/ping_group_range", O_WRONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "0 0", 3), 3);
	close(fd);
	return true;
}

static void
run(struct fake_probe *p, const char *type, const char *address,
    const char *want)
{
	search_init(p, type, address, 0, want);
	p->spec.protocol = PROTO_ICMP;
	ck_assert(fake_probe_run(p, 15000));
}

START_TEST(a_series_that_is_answered_is_told_whole)
{
	struct fake_probe p;

	if (!start())
		return;
	run(&p, "gateway_series", "10.20.30.60", NULL);
	ck_search(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&p, "sent"), 10);
	ck_assert_int_eq(fake_detail_int(&p, "received"), 10);
	ck_assert_int_eq(fake_detail_int(&p, "lost"), 0);
	ck_assert(!fake_detail_is(&p, "marginal"));
	ck_assert_uint_eq(p.obs->nattempts, 10);
	ck_assert_int_ge(p.obs->duration_us, 2600000);
	fake_probe_free(&p);
}
END_TEST

START_TEST(a_silent_gateway_is_told_as_such)
{
	struct fake_probe p;

	if (!start())
		return;
	fake_lan_ip(true, MUTE);
	run(&p, "gateway_series", "10.20.30.60", NULL);
	ck_search(&p, RUNG_SILENCE, CAUSE_GATEWAY_SILENT);
	/* Ten, or a few less where the machine was too busy. */
	ck_assert_int_ge(fake_detail_int(&p, "sent"), 7);
	ck_assert_int_eq(fake_detail_int(&p, "lost"),
	    fake_detail_int(&p, "sent"));
	ck_assert_str_eq(p.obs->attempts[6].result, "silence");
	fake_probe_free(&p);
	run(&p, "icmp", "10.20.30.60", NULL);
	ck_search(&p, RUNG_SILENCE, CAUSE_NONE);
	/* Three, or two where the machine was too busy for the third. */
	ck_assert_int_ge(fake_detail_int(&p, "sent"), 2);
	ck_assert_int_eq(p.nslow, 1);
	fake_probe_free(&p);
}
END_TEST

START_TEST(lost_pings_make_it_marginal)
{
	struct fake_probe p;
	bool never = false;
	int64_t lost;

	if (!start())
		return;
	search_init(&p, "gateway_series", "10.20.30.60", 0, NULL);
	fake_probe_start(&p);
	fake_loop(p.env.base, &never, 800);
	fake_lan_ip(true, MUTE);
	fake_loop(p.env.base, &never, 1000);
	fake_lan_ip(true, UNMUTE);
	ck_assert(fake_loop(p.env.base, &p.done, 9000));
	ck_search(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert(fake_detail_is(&p, "marginal"));
	lost = fake_detail_int(&p, "lost");
	ck_assert_int_ge(lost, 1);
	ck_assert_int_le(lost, 8);
	ck_assert_int_eq(fake_detail_int(&p, "received") + lost, 10);
	fake_probe_free(&p);
}
END_TEST

START_TEST(a_long_series_is_concluded_with_what_it_has)
{
	struct fake_probe p;
	bool never = false;

	if (!start())
		return;
	search_init(&p, "gateway_series_long", "10.20.30.60", 0, NULL);
	fake_probe_start(&p);
	fake_loop(p.env.base, &never, 500);
	ck_assert(!p.done);
	probe_conclude(p.probe);
	ck_assert(fake_loop(p.env.base, &p.done, 1000));
	ck_search(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&p, "lost"), 0);
	fake_probe_free(&p);
	/* A ping under way is no silence yet. */
	fake_lan_ip(true, MUTE);
	search_init(&p, "gateway_series_long", "10.20.30.60", 0, NULL);
	fake_probe_start(&p);
	fake_loop(p.env.base, &never, 300);
	probe_conclude(p.probe);
	ck_assert(fake_loop(p.env.base, &p.done, 1000));
	ck_search(&p, RUNG_NONE, CAUSE_CANCELLED);
	fake_probe_free(&p);
}
END_TEST

START_TEST(a_closed_port_sends_back_type_3)
{
	struct fake_probe p;

	if (!start())
		return;
	run(&p, "icmp", "10.20.30.60", "3");
	ck_search(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&p, "icmp_type"), 3);
	ck_assert_int_eq(fake_detail_int(&p, "icmp_code"), 3);
	ck_assert_str_eq(fake_detail(&p, "from"), "10.20.30.60");
	ck_assert_ptr_null(p.obs->offender); /* nobody blocks */
	ck_assert_uint_ge(p.obs->nattempts, 2);
	ck_assert_str_eq(p.obs->attempts[0].result, "icmp");
	fake_probe_free(&p);
	/* A host behind the gateway may say it as well. */
	fake_lan_ip(true, "addr add 203.0.113.9/32 dev dev0");
	fake_lan_ip(false, "route add 203.0.113.9/32 via 10.20.30.60");
	run(&p, "icmp", "203.0.113.9", "3");
	ck_search(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "from"), "203.0.113.9");
	fake_probe_free(&p);
}
END_TEST

static void
chatter(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	uint8_t junk[9000];
	bool more = true;
	size_t n;
	int i;

	(void)arg;
	sendto(fd, data, len, 0, &from->sa, from->len);
	for (i = 0; more; i++) {
		n = search_garbage(i, junk, &more);
		sendto(fd, junk, n, 0, &from->sa, from->len);
	}
}

/* Something listens there and talks: that is no such message. */
START_TEST(anything_else_is_no_type_3)
{
	struct fake_probe p;
	struct fake_udp *server;

	if (!start())
		return;
	server = fake_lan_device("10.20.30.60", 33434, chatter, NULL);
	run(&p, "icmp", "10.20.30.60", "3");
	ck_search(&p, RUNG_SILENCE, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "no_unreachable");
	ck_assert_int_eq(fake_udp_received(server), 3);
	fake_probe_free(&p);
	fake_udp_stop(server);
	/* The laptop's own word for an address that nobody has. */
	run(&p, "icmp", "10.20.30.99", "3");
	ck_search(&p, RUNG_SILENCE, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "no_unreachable");
	fake_probe_free(&p);
}
END_TEST

START_TEST(without_permission_or_way_it_is_the_laptops_own_error)
{
	static const char *const types[] = {"icmp", "gateway_series",
	    "gateway_series_long"};
	struct fake_probe p;
	size_t i;

	/* icmp(7): a fresh network lets nobody ping. */
	if (!fake_lan_start())
		return;
	for (i = 0; i < sizeof types / sizeof *types; i++) {
		run(&p, types[i], "10.20.30.60", NULL);
		ck_search(&p, RUNG_LOCAL_ERROR, CAUSE_PERMISSION);
		ck_assert_int_lt(p.obs->duration_us, 1000000);
		fake_probe_free(&p);
	}
	/* Type 3 needs no right. */
	run(&p, "icmp", "10.20.30.60", "3");
	ck_search(&p, RUNG_APP_REPLY, CAUSE_NONE);
	fake_probe_free(&p);
	run(&p, "icmp", "198.51.100.1", "3");
	ck_search(&p, RUNG_LOCAL_ERROR, CAUSE_NET_UNREACHABLE);
	fake_probe_free(&p);
}
END_TEST

START_TEST(each_can_be_cancelled_at_every_stage)
{
	if (!start())
		return;
	search_cancel("icmp", "10.20.30.60", 0, NULL);
	search_cancel("icmp", "10.20.30.60", 0, "3");
	search_cancel("gateway_series", "10.20.30.60", 0, NULL);
	fake_lan_ip(true, MUTE);
	search_cancel("gateway_series_long", "10.20.30.60", 0, NULL);
	search_cancel("icmp", "10.20.30.60", 0, "3");
}
END_TEST

HARNESS("probe echo", a_series_that_is_answered_is_told_whole,
    a_silent_gateway_is_told_as_such, lost_pings_make_it_marginal,
    a_long_series_is_concluded_with_what_it_has,
    a_closed_port_sends_back_type_3, anything_else_is_no_type_3,
    without_permission_or_way_it_is_the_laptops_own_error,
    each_can_be_cancelled_at_every_stage)
