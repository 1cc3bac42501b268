/* SPDX-License-Identifier: MIT */
/* Promises of the probes that only listen: groups (TPI events, KNX), broadcasts
 * and PTP (IEEE 1588-2008). Silence proves nothing, what is not of the protocol
 * proves only that something comes, and only the chosen adapter counts. */
#include "tests/unit/harness.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/probe/ptp_message.h"
#include "tests/unit/search_lan.h"

#define TPI "239.255.90.67"
#define KNX "224.0.23.12"

/* 5A 43, MAC, target 5, event 8, one byte 7F; the last is the XOR of all:
 * 5A^43 = 19, ^02^00^5E^10^00^63 = 36, ^00^05 = 33, ^08 = 3B, ^01 = 3A,
 * ^7F = 45. */
static const uint8_t event[] = {0x5a, 0x43, 0x02, 0x00, 0x5e, 0x10, 0x00, 0x63,
    0x00, 0x05, 0x08, 0x01, 0x7f, 0x45};
/* KNXnet/IP header (06 10), ROUTING_INDICATION, length 17, and a telegram. */
static const uint8_t telegram[] = {0x06, 0x10, 0x05, 0x30, 0x00, 0x11, 0x29,
    0x00, 0xbc, 0xe0, 0x11, 0x05, 0x09, 0x01, 0x01, 0x00, 0x81};

/* Sends the same again and again while the probe runs. */
static void
run_with(struct fake_probe *p, int fd, const char *to, uint16_t port,
    const void *data, size_t len)
{
	bool never = false;
	int i;

	fake_probe_start(p);
	for (i = 0; i < 600 && !p->done; i++) {
		if (fd >= 0)
			fake_lan_send(fd, to, port, data, len);
		fake_loop(p->env.base, &never, 20);
	}
	ck_assert(p->done);
	ck_assert_int_eq(p->ndone, 1);
	ck_assert_int_le(p->obs->duration_us, 9000000);
}

START_TEST(an_event_of_a_controller_is_known_by_its_sum)
{
	struct fake_probe p;
	int fd;

	if (!fake_lan_start())
		return;
	fd = search_member(TPI, 0);
	search_init(&p, "multicast", TPI, 0, NULL);
	run_with(&p, fd, TPI, 6969, event, sizeof event);
	ck_search(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(search_device(&p, 0, "kind"), "controller");
	ck_assert_str_eq(search_device(&p, 0, "mac"), "02:00:5e:10:00:63");
	ck_assert_str_eq(search_device(&p, 0, "address"), "10.20.30.60");
	ck_assert_int_eq(fake_detail_int(&p, "event"), 8);
	fake_probe_free(&p);
	close(fd);
}
END_TEST

START_TEST(a_telegram_of_knx_is_known_by_its_header)
{
	struct fake_probe p;
	int fd;

	if (!fake_lan_start())
		return;
	fd = search_member(KNX, 0);
	search_init(&p, "multicast", KNX, 0, NULL);
	run_with(&p, fd, KNX, 3671, telegram, sizeof telegram);
	ck_search(&p, RUNG_APP_REPLY, CAUSE_NONE);
	fake_probe_free(&p);
	/* One byte less than the header says. */
	search_init(&p, "multicast", KNX, 0, NULL);
	run_with(&p, fd, KNX, 3671, telegram, sizeof telegram - 1);
	ck_search(&p, RUNG_TRANSPORT, CAUSE_NONE);
	fake_probe_free(&p);
	close(fd);
}
END_TEST

START_TEST(a_wrong_sum_or_length_or_garbage_is_only_something)
{
	struct fake_probe p;
	uint8_t bad[9000];
	bool more = true, never = false;
	int fd, i;
	size_t len;

	if (!fake_lan_start())
		return;
	fd = search_member(TPI, 0);
	memcpy(bad, event, sizeof event);
	search_init(&p, "multicast", TPI, 6969, NULL);
	fake_probe_start(&p);
	fake_loop(p.env.base, &never, 300);
	bad[13] ^= 1; /* the sum */
	fake_lan_send(fd, TPI, 6969, bad, sizeof event);
	bad[13] ^= 1;
	fake_lan_send(fd, TPI, 6969, bad, sizeof event - 1);
	bad[11] = 0xff; /* more than an event holds */
	bad[13] ^= 0xfe;
	fake_lan_send(fd, TPI, 6969, bad, sizeof event);
	for (i = 0; more; i++) {
		len = search_garbage(i, bad, &more);
		fake_lan_send(fd, TPI, 6969, bad, len);
	}
	ck_assert(fake_loop(p.env.base, &p.done, 9000));
	ck_search(&p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&p, "heard"), 3 + i);
	ck_assert_int_eq(fake_detail_int(&p, "frames"), 0);
	ck_assert_uint_eq(search_devices(&p), 0);
	fake_probe_free(&p);
	close(fd);
}
END_TEST

START_TEST(a_silent_group_proves_nothing)
{
	struct fake_probe p;

	if (!fake_lan_start())
		return;
	search_init(&p, "multicast", TPI, 0, NULL);
	run_with(&p, -1, TPI, 0, NULL, 0);
	ck_search(&p, RUNG_SILENCE, CAUSE_UDP_SILENT);
	ck_assert_str_eq(fake_detail(&p, "why"), "no_event");
	fake_probe_free(&p);
	/* Nobody knows on which port. */
	search_init(&p, "multicast", "239.1.2.3", 0, NULL);
	ck_assert(fake_probe_run(&p, 1000));
	ck_search(&p, RUNG_NONE, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "no_port");
	fake_probe_free(&p);
}
END_TEST

START_TEST(a_group_on_another_adapter_is_the_wrong_interface)
{
	struct fake_probe p;
	int fd;

	if (!fake_lan_start())
		return;
	fd = search_member(TPI, 1);
	search_init(&p, "multicast", TPI, 0, NULL);
	run_with(&p, fd, TPI, 6969, event, sizeof event);
	ck_search(&p, RUNG_SILENCE, CAUSE_WRONG_INTERFACE);
	ck_assert_str_eq(fake_detail(&p, "elsewhere"), "lan1");
	ck_assert_uint_eq(search_devices(&p), 0);
	fake_probe_free(&p);
	close(fd);
}
END_TEST

/* What was sent to this laptop alone says nothing of the group. */
START_TEST(a_unicast_is_not_the_group)
{
	struct fake_probe p;
	int fd;

	if (!fake_lan_start())
		return;
	fd = fake_lan_socket(true, "10.20.30.60", 0);
	search_init(&p, "multicast", TPI, 0, NULL);
	run_with(&p, fd, "10.20.30.50", 6969, event, sizeof event);
	ck_search(&p, RUNG_SILENCE, CAUSE_UDP_SILENT);
	fake_probe_free(&p);
	search_init(&p, "broadcast", "255.255.255.255", 7079, NULL);
	run_with(&p, fd, "10.20.30.50", 7079, event, sizeof event);
	ck_search(&p, RUNG_SILENCE, CAUSE_UDP_SILENT);
	fake_probe_free(&p);
	close(fd);
}
END_TEST

/* Asked to conclude, a long one tells what it heard so far. */
START_TEST(a_long_listening_goes_on_until_it_is_concluded)
{
	struct fake_probe p;
	bool never = false;
	int fd, i;

	if (!fake_lan_start())
		return;
	fd = search_member(TPI, 0);
	search_init(&p, "multicast_long", TPI, 0, NULL);
	fake_probe_start(&p);
	for (i = 0; i < 30; i++) {
		fake_lan_send(fd, TPI, 6969, event, sizeof event);
		fake_loop(p.env.base, &never, 20);
	}
	ck_assert(!p.done);
	probe_conclude(p.probe);
	ck_assert(fake_loop(p.env.base, &p.done, 1000));
	ck_search(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_ge(fake_detail_int(&p, "frames"), 10);
	ck_assert_uint_eq(search_devices(&p), 1);
	fake_probe_free(&p);
	/* Before it began it has nothing to tell. */
	search_init(&p, "multicast_long", TPI, 0, NULL);
	fake_probe_start(&p);
	probe_conclude(p.probe);
	ck_assert(fake_loop(p.env.base, &p.done, 1000));
	ck_search(&p, RUNG_NONE, CAUSE_CANCELLED);
	fake_probe_free(&p);
	close(fd);
}
END_TEST

START_TEST(a_broadcast_is_heard_on_any_of_its_ports)
{
	static const struct {
		const char *want, *to;
		uint16_t asked, sent;
		enum rung rung;
	} rows[] = {
	    {NULL, "255.255.255.255", 7079, 7079, RUNG_TRANSPORT},
	    {NULL, "10.20.30.255", 7079, 7079, RUNG_TRANSPORT},
	    {"7070-7077", "255.255.255.255", 7070, 7070, RUNG_TRANSPORT},
	    {"7070-7077", "255.255.255.255", 7070, 7077, RUNG_TRANSPORT},
	    {"7070-7077", "255.255.255.255", 7070, 7078, RUNG_SILENCE},
	    /* There another probe waits for answers. */
	    {"7070-7077", "255.255.255.255", 7070, 7071, RUNG_SILENCE},
	};
	struct fake_probe p;
	size_t i;
	int fd;

	if (!fake_lan_start())
		return;
	fake_lan_ip(true, "route add 255.255.255.255 dev dev0");
	fd = fake_lan_socket(true, "10.20.30.60", 0);
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		search_init(&p, "broadcast", "255.255.255.255", rows[i].asked,
		    rows[i].want);
		run_with(&p, fd, rows[i].to, rows[i].sent, "any", 3);
		ck_search(&p, rows[i].rung,
		    rows[i].rung == RUNG_SILENCE ? CAUSE_UDP_SILENT :
						   CAUSE_NONE);
		if (rows[i].rung == RUNG_TRANSPORT) {
			ck_assert_int_eq(fake_detail_int(&p, "port"),
			    rows[i].sent);
			ck_assert_str_eq(fake_detail(&p, "source"),
			    "10.20.30.60");
		}
		fake_probe_free(&p);
	}
	close(fd);
}
END_TEST

START_TEST(a_want_that_is_no_port_is_told)
{
	static const char *const rows[] = {"", "x", "7070-", "7077-7070",
	    "70000", "-7", "7070-7077-7079", "123456789012345"};
	struct fake_probe p;
	size_t i;

	if (!fake_lan_start())
		return;
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		search_init(&p, "broadcast", "255.255.255.255", 7070, rows[i]);
		ck_assert(fake_probe_run(&p, 1000));
		ck_search(&p, RUNG_NONE, CAUSE_NONE);
		ck_assert_str_eq(fake_detail(&p, "why"), "no_port");
		fake_probe_free(&p);
	}
}
END_TEST

/* --- PTP: header of 34 bytes, clock identity at 20, body at 34 --- */

static void
make_ptp(uint8_t m[64], int type, size_t len, int domain)
{
	static const uint8_t clock[] = {0x50, 0x4f, 0x94, 0xff, 0xfe, 0xb0,
	    0x00, 0x01, 0x00, 0x01};

	memset(m, 0, 64);
	m[0] = (uint8_t)type;
	m[1] = 2;
	m[3] = (uint8_t)len;
	m[4] = (uint8_t)domain;
	memcpy(m + 20, clock, sizeof clock);
	if (type != 11)
		return;
	m[47] = 128;              /* priority 1 */
	m[48] = 248;              /* clock class */
	memcpy(m + 53, clock, 8); /* grandmaster */
	m[62] = 1;                /* steps removed */
	m[63] = 0xa0;             /* internal oscillator */
}

START_TEST(a_ptp_message_is_read_strictly)
{
	static const struct {
		size_t at;
		uint8_t value;
	} wrong[] = {
	    {0, 4},    /* no such type */
	    {1, 1},    /* version 1 */
	    {3, 63},   /* shorter than an Announce */
	    {3, 65},   /* longer than what came */
	    {29, 0},   /* port 0 */
	    {62, 255}, /* too many steps */
	};
	struct ptp_message m;
	uint8_t d[64], *copy;
	size_t i;

	make_ptp(d, 11, 64, 3);
	ck_assert(ptp_parse(d, 64, 0, &m));
	ck_assert_int_eq(m.type, PTP_ANNOUNCE);
	ck_assert_int_eq(m.domain, 3);
	ck_assert_int_eq(m.priority1, 128);
	ck_assert_int_eq(m.clock_class, 248);
	ck_assert_int_eq(m.time_source, 0xa0);
	ck_assert_uint_eq(m.steps, 1);
	ck_assert(!ptp_is_event(&m));
	d[1] = 0x12; /* 2.1 */
	ck_assert(ptp_parse(d, 64, 0, &m));
	for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		make_ptp(d, 11, 64, 0);
		d[wrong[i].at] = wrong[i].value;
		ck_assert_msg(!ptp_parse(d, 64, 2, &m), "row %zu", i);
	}
	make_ptp(d, 11, 64, 0);
	for (i = 0; i < 64; i++) {
		copy = mem_alloc(i + 1);
		memcpy(copy, d, i);
		ck_assert(!ptp_parse(copy, i, 0, &m));
		mem_free(copy);
	}
	make_ptp(d, 0, 44, 0);
	ck_assert(ptp_parse(d, 44, 0, &m));
	ck_assert(ptp_is_event(&m));
	ck_assert(ptp_parse(d, 46, 2, &m));
	ck_assert(!ptp_parse(d, 47, 2, &m));
	memset(d + 20, 0, 8);
	ck_assert(!ptp_parse(d, 44, 0, &m));
}
END_TEST

/* A tick of a clock: what goes to 319, and what to 320. */
static void
tick(int fd, bool announce, bool sync)
{
	uint8_t m[64];

	make_ptp(m, 0, 44, 5);
	if (sync)
		fake_lan_send(fd, "224.0.1.129", 319, m, 44);
	make_ptp(m, 11, 64, 5);
	if (announce)
		fake_lan_send(fd, "224.0.1.129", 320, m, 64);
}

static void
listen_ptp(struct fake_probe *p, const char *type, int fd, bool announce,
    bool sync)
{
	bool never = false;
	int i;

	search_init(p, type, "224.0.1.129", 319, NULL);
	fake_probe_start(p);
	for (i = 0; i < 200 && !p->done; i++) {
		tick(fd, announce, sync);
		fake_loop(p->env.base, &never, 50);
	}
	ck_assert(p->done);
	ck_assert_int_le(p->obs->duration_us, 9000000);
}

/* In a network of one's own the ports below 1024 are free to its owner. */
START_TEST(a_clock_is_told_with_its_grandmaster)
{
	struct fake_probe p;
	int fd;

	if (!fake_lan_start())
		return;
	fd = search_member("224.0.1.129", 0);
	listen_ptp(&p, "ptp", fd, true, true);
	ck_search(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "grandmaster"), "504f94fffeb00001");
	ck_assert_str_eq(fake_detail(&p, "source"), "10.20.30.60");
	ck_assert_int_eq(fake_detail_int(&p, "domain"), 5);
	ck_assert_int_eq(fake_detail_int(&p, "steps"), 1);
	ck_assert_int_eq(fake_detail_int(&p, "sources"), 1);
	ck_assert_int_ge(fake_detail_int(&p, "syncs"), 3);
	ck_assert_int_ge(fake_detail_int(&p, "sync_interval_us"), 30000);
	ck_assert_int_eq(fake_detail_int(&p, "strange"), 0);
	fake_probe_free(&p);
	/* Only half of it is a clock all the same. */
	listen_ptp(&p, "ptp", fd, false, true);
	ck_search(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "grandmaster"), "");
	fake_probe_free(&p);
	close(fd);
}
END_TEST

START_TEST(what_is_no_clock_is_none)
{
	struct fake_probe p;
	uint8_t d[9000];
	bool more = true, never = false;
	size_t len;
	int fd, i;

	if (!fake_lan_start())
		return;
	fd = search_member("224.0.1.129", 0);
	search_init(&p, "ptp", "224.0.1.129", 319, NULL);
	fake_probe_start(&p);
	fake_loop(p.env.base, &never, 300);
	for (i = 0; more; i++) {
		len = search_garbage(i, d, &more);
		fake_lan_send(fd, "224.0.1.129", 319, d, len);
		fake_lan_send(fd, "224.0.1.129", 320, d, len);
	}
	make_ptp(d, 11, 64, 0); /* to the wrong port, and by unicast */
	fake_lan_send(fd, "224.0.1.129", 319, d, 64);
	fake_lan_send(fd, "10.20.30.50", 320, d, 64);
	ck_assert(fake_loop(p.env.base, &p.done, 9000));
	ck_search(&p, RUNG_SILENCE, CAUSE_UDP_SILENT);
	ck_assert_int_eq(fake_detail_int(&p, "strange"), 2 * i + 2);
	ck_assert_str_eq(fake_detail(&p, "why"), "no_clock");
	fake_probe_free(&p);
	close(fd);
}
END_TEST

/* Devices that measure the distance to each other, without a master. */
START_TEST(ptp_without_a_clock_is_only_something)
{
	struct fake_probe p;
	uint8_t d[64];
	int fd;

	if (!fake_lan_start())
		return;
	fd = search_member("224.0.0.107", 0);
	make_ptp(d, 2, 54, 0);
	search_init(&p, "ptp", "224.0.1.129", 319, NULL);
	run_with(&p, fd, "224.0.0.107", 319, d, 54);
	ck_search(&p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "no_master");
	fake_probe_free(&p);
	close(fd);
}
END_TEST

START_TEST(a_clock_on_another_adapter_is_the_wrong_interface)
{
	struct fake_probe p;
	int fd;

	if (!fake_lan_start())
		return;
	fd = search_member("224.0.1.129", 1);
	listen_ptp(&p, "ptp", fd, true, true);
	ck_search(&p, RUNG_SILENCE, CAUSE_WRONG_INTERFACE);
	fake_probe_free(&p);
	close(fd);
}
END_TEST

/* As an ordinary user: no capability at all. */
static void
drop_rights(void)
{
	struct __user_cap_header_struct header = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2];

	memset(none, 0, sizeof none);
	ck_assert_int_eq(syscall(SYS_capset, &header, none), 0);
}

START_TEST(without_the_right_it_is_told_which)
{
	static const struct {
		const char *type, *right;
	} rows[] = {
	    {"ptp", "cap_net_bind_service"},
	    {"ptp_long", "cap_net_bind_service"},
	    {"ptp_ethernet", "cap_net_raw"},
	};
	struct fake_probe p;
	size_t i;

	if (!fake_lan_start())
		return;
	drop_rights();
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		search_init(&p, rows[i].type, "224.0.1.129", 319, NULL);
		ck_assert(fake_probe_run(&p, 1000));
		ck_search(&p, RUNG_LOCAL_ERROR, CAUSE_PERMISSION);
		ck_assert_str_eq(fake_detail(&p, "right"), rows[i].right);
		ck_assert_str_eq(p.probe->type->right, rows[i].right);
		fake_probe_free(&p);
	}
	/* The others need none. */
	search_init(&p, "multicast", TPI, 0, NULL);
	run_with(&p, -1, TPI, 0, NULL, 0);
	ck_search(&p, RUNG_SILENCE, CAUSE_UDP_SILENT);
	fake_probe_free(&p);
}
END_TEST

START_TEST(each_can_be_cancelled_at_every_stage)
{
	if (!fake_lan_start())
		return;
	search_cancel("multicast", TPI, 6969, NULL);
	search_cancel("multicast_long", TPI, 6969, NULL);
	search_cancel("broadcast", "255.255.255.255", 7070, "7070-7077");
	search_cancel("ptp", "224.0.1.129", 319, NULL);
	search_cancel("ptp_long", "224.0.1.129", 319, NULL);
	search_cancel("ptp_ethernet", NULL, 0, NULL);
}
END_TEST

HARNESS("probe listen", an_event_of_a_controller_is_known_by_its_sum,
    a_telegram_of_knx_is_known_by_its_header,
    a_wrong_sum_or_length_or_garbage_is_only_something,
    a_silent_group_proves_nothing,
    a_group_on_another_adapter_is_the_wrong_interface,
    a_unicast_is_not_the_group, a_long_listening_goes_on_until_it_is_concluded,
    a_broadcast_is_heard_on_any_of_its_ports, a_want_that_is_no_port_is_told,
    a_ptp_message_is_read_strictly, a_clock_is_told_with_its_grandmaster,
    what_is_no_clock_is_none, ptp_without_a_clock_is_only_something,
    a_clock_on_another_adapter_is_the_wrong_interface,
    without_the_right_it_is_told_which, each_can_be_cancelled_at_every_stage)
