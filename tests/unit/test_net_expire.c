/* SPDX-License-Identifier: MIT */
/* Promises of a ping with a small TTL (RFC 792, RFC 4443): its answer, and
 * who says that it ended on the way. The other end is the kernel's own. */
#include "tests/unit/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/net/expire.h"
#include "tests/unit/fake_lan.h"

#define HOP "10.20.30.60"

struct end {
	bool done;
	enum expire_result result;
	struct icmp_error icmp;
};

/* A new network allows them to nobody. */
static void
allow_pings(void)
{
	int fd = open("/proc/sys/net/ipv4/ping_group_range",
	    O_WRONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "0 0", 3), 3);
	close(fd);
}

static bool
start(void)
{
	if (!fake_lan_start())
		return false;
	allow_pings();
	fake_lan_forward();
	return true;
}

static void
on_done(void *arg, enum expire_result result, const struct icmp_error *icmp)
{
	struct end *e = arg;

	ck_assert(!e->done);
	e->done = true;
	e->result = result;
	if (icmp != NULL)
		e->icmp = *icmp;
}

/* False: nothing came. */
static bool
ping(const char *to, int ttl, struct end *e)
{
	struct expire_setup setup = {.kind = EXPIRE_ECHO,
	    .ttl = ttl,
	    .done = on_done,
	    .arg = e};
	struct expire x;
	bool came;

	memset(e, 0, sizeof *e);
	setup.base = event_base_new();
	ck_assert(addr_parse(&setup.to, to, 0));
	expire_send(&x, &setup);
	came = fake_loop(setup.base, &e->done, 1500);
	expire_close(&x);
	event_base_free(setup.base);
	return came;
}

static void
ck_ended(const struct end *e, int type, int code, const char *by)
{
	char text[ADDR_TEXT_SIZE];

	ck_assert_int_eq(e->result, EXPIRE_ICMP);
	ck_assert_int_eq(e->icmp.type, type);
	ck_assert_int_eq(e->icmp.code, code);
	ck_assert_str_eq(addr_text(&e->icmp.offender, text), by);
}

START_TEST(an_echo_is_a_reply)
{
	struct end e;

	if (!start())
		return;
	ck_assert(ping(HOP, 1, &e));
	ck_assert_int_eq(e.result, EXPIRE_REPLY);
	ck_assert(ping("::1", 1, &e));
	ck_assert_int_eq(e.result, EXPIRE_REPLY);
}
END_TEST

START_TEST(a_ping_that_expires_is_told_by_the_hop)
{
	struct end e;
	int before;

	if (!start())
		return;
	before = fake_count_fds();
	fake_lan_ip(false, "route add 10.99.0.0/16 via " HOP);
	fake_lan_ip(true, "route add 10.99.0.0/16 via 10.20.40.50");
	ck_assert(ping("10.99.0.1", 1, &e));
	ck_ended(&e, 11, 0, HOP);
	ck_assert_int_eq(fake_count_fds(), before);
}
END_TEST

START_TEST(a_ping_that_is_rejected_is_told_with_its_reason)
{
	struct end e;

	if (!start())
		return;
	fake_lan_ip(false, "route add 10.99.0.0/16 via " HOP);
	fake_lan_ip(true, "route add prohibit 10.99.0.0/16");
	ck_assert(ping("10.99.0.1", 8, &e));
	ck_ended(&e, 3, 13, HOP);
}
END_TEST

START_TEST(silence_stays_silent)
{
	struct end e;

	if (!start())
		return;
	fake_lan_ip(true, "route add blackhole 10.20.30.50/32");
	ck_assert(!ping(HOP, 1, &e));
}
END_TEST

START_TEST(what_may_not_be_sent_is_the_laptops_own)
{
	struct end e;

	if (!fake_lan_start())
		return;
	ck_assert(ping(HOP, 1, &e));
	ck_assert_int_eq(e.result, EXPIRE_LOCAL);
	ck_assert_int_eq(e.icmp.error, EACCES);
	allow_pings();
	ck_assert(ping(HOP, 1, &e));
	ck_assert_int_eq(e.result, EXPIRE_REPLY);
	fake_lan_ip(false, "route add prohibit 10.99.0.0/16");
	ck_assert(ping("10.99.0.1", 1, &e));
	ck_assert_int_eq(e.result, EXPIRE_LOCAL);
	ck_assert_int_eq(e.icmp.error, EACCES);
}
END_TEST

HARNESS("net expire", an_echo_is_a_reply,
    a_ping_that_expires_is_told_by_the_hop,
    a_ping_that_is_rejected_is_told_with_its_reason, silence_stays_silent,
    what_may_not_be_sent_is_the_laptops_own)
