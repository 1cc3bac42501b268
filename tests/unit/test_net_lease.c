/* SPDX-License-Identifier: MIT */
/* Promises of how the laptop's own lease is found: DHCP messages (RFC 2131
 * figure 1, RFC 2132), the lease files of networkd, dhclient and dhcpcd in
 * the form that their manuals give, and what the kernel says of an address.
 * A lease counts only for this interface, this address and now. */
#include "tests/unit/harness.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/net/dhcp_lease.h"
#include "core/net/vantage.h"
#include "tests/unit/fake_link.h"
#include "tests/unit/fake_net.h"

/* 2026-11-21T10:00:00Z */
#define NOW_US INT64_C(1795255200000000)

struct place {
	char root[64];
	char sub[7][96];
	struct dhcp_paths paths;
	struct strlist addresses;
	struct lease_search search;
};

static void
place_make(struct place *p)
{
	static const char *const names[] = {"leases", "links", "dhcp", "dhc2",
	    "dhcpcd", "dhcpcd5", "etc"};
	size_t i;

	memset(p, 0, sizeof *p);
	snprintf(p->root, sizeof p->root, "/tmp/sitewalk-lease.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(p->root));
	for (i = 0; i < 7; i++) {
		snprintf(p->sub[i], sizeof p->sub[i], "%s/%s", p->root,
		    names[i]);
		ck_assert_int_eq(mkdir(p->sub[i], 0700), 0);
	}
	p->paths = (struct dhcp_paths){p->sub[0], p->sub[1],
	    {p->sub[2], p->sub[3]}, {p->sub[4], p->sub[5]}};
	p->search.arena = arena_new();
	strlist_add(p->search.arena, &p->addresses, "2001:db8::5/64");
	strlist_add(p->search.arena, &p->addresses, "192.168.1.50/24");
	p->search.paths = &p->paths;
	p->search.interface = "eth0";
	p->search.index = 7;
	p->search.addresses = &p->addresses;
	p->search.now_us = NOW_US;
}

static void
place_drop(struct place *p)
{
	char command[128];

	arena_free(p->search.arena);
	snprintf(command, sizeof command, "%s", p->root);
	ck_assert_int_eq(strncmp(command, "/tmp/sitewalk-lease.", 20), 0);
	if (fork() == 0) {
		execlp("rm", "rm", "-r", command, (char *)NULL);
		_exit(1);
	}
}

static void
put(const char *folder, const char *name, const void *data, size_t len)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "we");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(data, 1, len, f), len);
	fclose(f);
}

static void
put_text(const char *folder, const char *name, const char *text)
{
	put(folder, name, text, strlen(text));
}

/* --- messages --- */

/* An ACK as a server sends it, laid out by RFC 2131 figure 1. */
static size_t
make_ack(uint8_t out[400], const char *address, uint8_t type)
{
	static const uint8_t tail[] = {0x36, 4, 192, 168, 1, 1, /* server */
	    0x33, 4, 0, 0, 0x0e, 0x10,                          /* 3600 s */
	    0x3a, 4, 0, 0, 0x07, 0x08,                          /* T1 1800 s */
	    0, /* padding in between */
	    0x2a, 8, 10, 0, 0, 1, 10, 0, 0, 2, 0x72, 5, 'h', 't', 't', 'p',
	    '\n', 0xff};

	memset(out, 0, 400);
	out[0] = 2;
	out[1] = 1;
	out[2] = 6;
	memcpy(out + 4, "\x39\x03\xf3\x26", 4);
	ck_assert_int_eq(inet_pton(AF_INET, address, out + 16), 1);
	memcpy(out + 28, "\x02\x00\x5e\x10\x00\x50", 6);
	memcpy(out + 236, "\x63\x82\x53\x63", 4);
	out[240] = 0x35;
	out[241] = 1;
	out[242] = type;
	memcpy(out + 243, tail, sizeof tail);
	return 243 + sizeof tail;
}

START_TEST(the_question_is_a_discover_and_tells_nothing_but_the_mac)
{
	static const uint8_t mac[6] = {2, 0, 0x5e, 0x10, 0, 0x50};
	uint8_t m[DHCP_DISCOVER_SIZE];
	size_t i;

	dhcp_discover(m, 0x3903f326, mac, 3);
	ck_assert_uint_eq(m[0], 1);
	ck_assert_mem_eq(m + 4, "\x39\x03\xf3\x26", 4);
	ck_assert_mem_eq(m + 8, "\0\3\x80\0", 4); /* secs, broadcast */
	for (i = 12; i < 28; i++)
		ck_assert_uint_eq(m[i], 0); /* no address of ours */
	ck_assert_mem_eq(m + 28, mac, 6);
	for (i = 34; i < 236; i++)
		ck_assert_uint_eq(m[i], 0);
	ck_assert_mem_eq(m + 236, "\x63\x82\x53\x63\x35\x01\x01", 7);
	/* Neither a wanted address (50) nor a server (54) nor names (12). */
	for (i = 240; m[i] != 255; i += 2u + m[i + 1]) {
		ck_assert_uint_lt(i, sizeof m);
		ck_assert(m[i] == 53 || m[i] == 55 || m[i] == 57);
	}
}
END_TEST

START_TEST(an_answer_is_read_as_laid_out)
{
	uint8_t m[400];
	size_t len = make_ack(m, "192.168.1.50", 5);
	struct dhcp_message got;
	char text[INET_ADDRSTRLEN];

	ck_assert(dhcp_parse(m, len, &got));
	ck_assert_int_eq(got.type, DHCP_ACK);
	ck_assert_uint_eq(got.xid, 0x3903f326);
	ck_assert_str_eq(inet_ntop(AF_INET, &got.address, text, sizeof text),
	    "192.168.1.50");
	ck_assert_str_eq(inet_ntop(AF_INET, &got.server, text, sizeof text),
	    "192.168.1.1");
	ck_assert_uint_eq(got.lease_s, 3600);
	ck_assert_uint_eq(got.renew_s, 1800);
	ck_assert_uint_eq(got.ntime_servers, 2);
	ck_assert_uint_eq(got.portal_len, 5);
}
END_TEST

/* Cut anywhere it is refused or read in part; never beyond its end. */
START_TEST(answers_that_are_cut_or_wrong_are_refused)
{
	uint8_t m[400], *exact;
	size_t len = make_ack(m, "192.168.1.50", 2), i;
	struct dhcp_message got;

	for (i = 0; i <= len; i++) {
		exact = malloc(i + 1);
		memcpy(exact, m, i);
		if (dhcp_parse(exact, i, &got) && i < 243)
			ck_assert_int_eq(got.type, DHCP_NO_TYPE);
		ck_assert(i >= 240 || !dhcp_parse(exact, i, &got));
		free(exact);
	}
	m[0] = 1; /* a client's */
	ck_assert(!dhcp_parse(m, len, &got));
	m[0] = 2;
	m[236] = 0; /* no cookie: BOOTP */
	ck_assert(!dhcp_parse(m, len, &got));
	m[236] = 0x63;
	m[244] = 250; /* longer than the message */
	ck_assert(!dhcp_parse(m, len, &got));
}
END_TEST

START_TEST(any_bytes_are_survived)
{
	uint8_t m[400];
	struct dhcp_message got;
	unsigned seed = 1, round;
	size_t i, len = make_ack(m, "192.168.1.50", 2);

	for (round = 0; round < 20000; round++) {
		make_ack(m, "192.168.1.50", 2);
		for (i = 0; i < 8; i++)
			m[236 + (unsigned)rand_r(&seed) % (len - 236)] =
			    (uint8_t)rand_r(&seed);
		dhcp_parse(m, len, &got);
		ck_assert_uint_le(got.ntime_servers, DHCP_LIST_MAX);
		ck_assert_uint_le(got.portal_len, DHCP_PORTAL_MAX);
	}
}
END_TEST

/* --- networkd --- */

#define NETWORKD \
	"# This is private data. Do not parse.\n" \
	"ADDRESS=192.168.1.50\nNETMASK=255.255.255.0\n" \
	"ROUTER=192.168.1.1\nSERVER_ADDRESS=192.168.1.2\n" \
	"T1=21600\nT2=37800\nLIFETIME=43200\nDNS=192.168.1.1\n" \
	"NTP=192.168.1.3 192.168.1.4\nCLIENTID=ff0011\n"

START_TEST(networkd_lease_is_read_with_its_portal)
{
	struct place p;
	struct dhcp_lease l;

	place_make(&p);
	put_text(p.sub[0], "7", NETWORKD);
	put_text(p.sub[1], "7",
	    "ADMIN_STATE=configured\n"
	    "CAPTIVE_PORTAL=https://portal.example/api\n");
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_FOUND);
	ck_assert_str_eq(l.source, "networkd");
	ck_assert_str_eq(l.server, "192.168.1.2");
	ck_assert_int_eq(l.lease_s, 43200);
	ck_assert_int_eq(l.renew_s, 21600);
	ck_assert_uint_eq(l.time_servers.count, 2);
	ck_assert_str_eq(l.time_servers.item[1], "192.168.1.4");
	ck_assert_str_eq(l.portal, "https://portal.example/api");
	place_drop(&p);
}
END_TEST

START_TEST(networkd_of_another_interface_or_address_does_not_count)
{
	struct place p;
	struct dhcp_lease l;

	place_make(&p);
	put_text(p.sub[0], "8", NETWORKD);
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_UNKNOWN);
	put_text(p.sub[0], "7", "ADDRESS=192.168.1.5\nLIFETIME=100\n");
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_UNKNOWN);
	/* It manages the link, and there is no lease: a fixed address. */
	place_drop(&p);
	place_make(&p);
	put_text(p.sub[1], "7", "ADMIN_STATE=configured\n");
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_NONE);
	put_text(p.sub[1], "7", "ADMIN_STATE=unmanaged\n");
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_UNKNOWN);
	place_drop(&p);
}
END_TEST

/* --- dhclient --- */

#define LEASE(interface, address, server, expire) \
	"lease {\n  interface \"" interface "\";\n  fixed-address " address \
	";\n  option subnet-mask 255.255.255.0;\n" \
	"  option dhcp-lease-time 3600;\n  option routers 192.168.1.1;\n" \
	"  option dhcp-message-type 5;\n" \
	"  option dhcp-server-identifier " server ";\n" \
	"  option ntp-servers 192.168.1.3,192.168.1.4;\n" \
	"  option unknown-114 75:72:6e:3a:78;\n" \
	"  renew 6 2026/11/21 10:20:00;\n" \
	"  rebind 6 2026/11/21 10:40:00;\n  expire " expire ";\n}\n"

START_TEST(dhclient_lease_that_holds_now_is_taken_the_last_one)
{
	struct place p;
	struct dhcp_lease l;

	place_make(&p);
	put_text(p.sub[2], "dhclient.leases",
	    "default-duid \"\\000\\001\";\n" LEASE("eth0", "192.168.1.50",
		"192.168.1.8", "6 2026/11/21 10:10:00") LEASE("eth1",
		"192.168.1.50", "192.168.1.9", "6 2026/11/21 12:00:00")
		LEASE("eth0", "192.168.1.50", "192.168.1.1",
		    "6 2026/11/21 10:45:00"));
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_FOUND);
	ck_assert_str_eq(l.source, "dhclient");
	ck_assert_str_eq(l.server, "192.168.1.1");
	ck_assert_int_eq(l.lease_s, 3600);
	/* 10:45 less an hour. */
	ck_assert_int_eq(l.given_us, NOW_US - INT64_C(900) * 1000000);
	ck_assert_uint_eq(l.time_servers.count, 2);
	ck_assert_str_eq(l.portal, "urn:x");
	place_drop(&p);
}
END_TEST

START_TEST(dhclient_leases_that_are_over_or_not_ours_do_not_count)
{
	static const char *const rows[] = {
	    LEASE("eth0", "192.168.1.50", "192.168.1.1",
		"6 2026/11/21 09:59:59"),
	    LEASE("eth1", "192.168.1.50", "192.168.1.1",
		"6 2026/11/21 12:00:00"),
	    LEASE("eth0", "192.168.1.51", "192.168.1.1",
		"6 2026/11/21 12:00:00"),
	    LEASE("eth0", "192.168.1.5", "192.168.1.1",
		"6 2026/11/21 12:00:00"),
	    LEASE("eth0", "192.168.1.50", "192.168.1.1", "6 rubbish"),
	    LEASE("eth0", "192.168.1.50", "192.168.1.1",
		"6 999999/99/99 99:99:99"),
	    "lease {\n interface \"eth0\";\n fixed-address 192.168.1.50;\n}\n",
	    "lease {\n interface \"eth0\";\n fixed-address 192.168.1.50;\n"
	    " expire 6 2026/11/21 12:00:00;\n", /* cut off */
	    "}\n}\n}\n;;;;\nlease {\n",
	    "",
	};
	struct place p;
	struct dhcp_lease l;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		place_make(&p);
		put_text(p.sub[3], "dhclient-4b3e-eth0.lease", rows[i]);
		ck_assert_msg(lease_from_files(&p.search, &l) == LEASE_UNKNOWN,
		    "row %zu", i);
		ck_assert_ptr_null(l.server);
		place_drop(&p);
	}
}
END_TEST

START_TEST(dhclient_never_and_epoch_are_dates_too)
{
	struct place p;
	struct dhcp_lease l;

	place_make(&p);
	put_text(p.sub[2], "dhclient.eth0.leases",
	    LEASE("eth0", "192.168.1.50", "192.168.1.1", "never"));
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_FOUND);
	ck_assert_int_eq(l.given_us, 0);
	put_text(p.sub[2], "dhclient.eth0.leases",
	    LEASE("eth0", "192.168.1.50", "192.168.1.1",
		"epoch 1795255500; # a comment"));
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_FOUND);
	ck_assert_int_eq(l.expires_us, NOW_US + INT64_C(300000000));
	place_drop(&p);
}
END_TEST

/* --- dhcpcd --- */

static void
set_age(const char *folder, const char *name, int64_t seconds)
{
	struct timeval tv[2] = {{NOW_US / 1000000 - seconds, 0},
	    {NOW_US / 1000000 - seconds, 0}};
	char path[256];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	ck_assert_int_eq(utimes(path, tv), 0);
}

START_TEST(dhcpcd_keeps_the_message_and_the_files_time_is_when)
{
	struct place p;
	struct dhcp_lease l;
	uint8_t m[400];
	size_t len;

	place_make(&p);
	len = make_ack(m, "192.168.1.50", 5);
	put(p.sub[4], "eth0.lease", m, len);
	set_age(p.sub[4], "eth0.lease", 600);
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_FOUND);
	ck_assert_str_eq(l.source, "dhcpcd");
	ck_assert_str_eq(l.server, "192.168.1.1");
	ck_assert_int_eq(l.given_us, NOW_US - INT64_C(600000000));
	/* A line feed in an option comes out as a space. */
	ck_assert_str_eq(l.portal, "http ");
	set_age(p.sub[4], "eth0.lease", 3601);
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_UNKNOWN);
	set_age(p.sub[4], "eth0.lease", 600);
	len = make_ack(m, "192.168.1.51", 5);
	put(p.sub[4], "eth0.lease", m, len);
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_UNKNOWN);
	len = make_ack(m, "192.168.1.50", 2); /* an offer is no lease */
	put(p.sub[4], "eth0.lease", m, len);
	set_age(p.sub[4], "eth0.lease", 600);
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_UNKNOWN);
	place_drop(&p);
}
END_TEST

/* --- hostile files --- */

START_TEST(rubbish_huge_files_pipes_and_folders_are_survived)
{
	struct place p;
	struct dhcp_lease l;
	char path[256], *big = malloc(1 << 20);
	unsigned seed = 7;
	size_t i, k;

	place_make(&p);
	for (i = 0; i < 200; i++) {
		for (k = 0; k < 4096; k++)
			big[k] = (char)rand_r(&seed);
		put(p.sub[0], "7", big, 4096);
		put(p.sub[1], "7", big, 4096);
		put(p.sub[2], "dhclient.leases", big, 4096);
		put(p.sub[4], "eth0.lease", big, 4096);
		ck_assert_int_eq(lease_from_files(&p.search, &l),
		    LEASE_UNKNOWN);
	}
	memset(big, 'A', 1 << 20);
	put(p.sub[0], "7", big, 1 << 20);
	put(p.sub[2], "dhclient.leases", big, 1 << 20);
	put(p.sub[4], "eth0.lease", big, 1 << 20);
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_UNKNOWN);
	snprintf(path, sizeof path, "%s/dhclient.x.leases", p.sub[2]);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	snprintf(path, sizeof path, "%s/dhclient.y.leases", p.sub[2]);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_UNKNOWN);
	/* Control characters and escapes never come out. */
	put_text(p.sub[0], "7",
	    "ADDRESS=192.168.1.50\nSERVER_ADDRESS=\033[31m1.2.3.4\n"
	    "NTP=evil.example 999.1.1.1 10.0.0.1 $(reboot)\n");
	put_text(p.sub[1], "7", "CAPTIVE_PORTAL=\033]0;x\007http://x\n");
	ck_assert_int_eq(lease_from_files(&p.search, &l), LEASE_FOUND);
	ck_assert_ptr_null(l.server);
	ck_assert_uint_eq(l.time_servers.count, 1);
	ck_assert_str_eq(l.time_servers.item[0], "10.0.0.1");
	ck_assert_ptr_null(strchr(l.portal, '\033'));
	ck_assert_ptr_null(strchr(l.portal, '\007'));
	free(big);
	place_drop(&p);
}
END_TEST

/* --- the kernel --- */

START_TEST(the_kernel_tells_whether_an_address_ends)
{
	struct address_life life;

	if (!fake_private_network(NULL))
		return;
	fake_ip((const char *const[]){"address add 192.0.2.1/24 dev lo "
				      "valid_lft 3600 preferred_lft 3600",
	    "address add 192.0.2.2/24 dev lo", NULL});
	address_life(if_nametoindex("lo"), "192.0.2.1", &life);
	ck_assert(life.found && !life.forever);
	ck_assert_int_ge(life.left_s, 3590);
	ck_assert_int_le(life.left_s, 3600);
	ck_assert_int_le(life.age_s, 10);
	address_life(if_nametoindex("lo"), "192.0.2.2", &life);
	ck_assert(life.found && life.forever);
	address_life(if_nametoindex("lo"), "192.0.2.3", &life);
	ck_assert(!life.found);
	address_life(99, "192.0.2.1", &life);
	ck_assert(!life.found);
	address_life(1, "rubbish", &life);
	ck_assert(!life.found);
}
END_TEST

/* --- the whole vantage, by paths of the test --- */

START_TEST(the_vantage_puts_it_together_and_hides_passwords)
{
	struct place p;
	struct vantage_paths paths = {.bus = "unix:path=/nonexistent/bus"};
	struct vantage v;
	struct error err;
	char resolv[256], resolved[256], index[16];

	place_make(&p);
	if (!fake_private_network(NULL)) {
		place_drop(&p);
		return;
	}
	fake_ip((const char *const[]){"link add e0 type veth peer name e1",
	    "link set e0 up", "link set e1 up",
	    "address add 192.168.1.50/24 dev e0 valid_lft 900 "
	    "preferred_lft 900",
	    "address add 10.9.9.9/24 dev e1",
	    "route add default via 192.168.1.1", NULL});
	snprintf(resolv, sizeof resolv, "%s/resolv", p.sub[6]);
	snprintf(resolved, sizeof resolved, "%s/resolved", p.sub[6]);
	put_text(p.sub[6], "resolv", "nameserver 127.0.0.53\n");
	put_text(p.sub[6], "resolved", "nameserver 192.168.1.3\n");
	snprintf(index, sizeof index, "%u", if_nametoindex("e0"));
	put_text(p.sub[0], index, NETWORKD);
	paths.resolv_conf = resolv;
	paths.resolved_conf = resolved;
	paths.dhcp = &p.paths;
	setenv("https_proxy", "http://me:secret@proxy.example:3128", 1);
	ck_assert_int_eq(vantage_read_from(&paths, NULL, p.search.arena, &v,
			     &err),
	    0);
	ck_assert_str_eq(v.interface, "e0");
	ck_assert_str_eq(v.gateway, "192.168.1.1");
	ck_assert_uint_eq(v.resolvers.count, 1);
	ck_assert_str_eq(v.resolvers.item[0], "192.168.1.3");
	ck_assert_str_eq(v.dhcp, "lease");
	ck_assert_str_eq(v.dhcp_server, "192.168.1.2");
	ck_assert_int_eq(v.dhcp_lease_s, 43200);
	/* The file does not say when; the kernel does. */
	ck_assert_int_le(clock_wall_us() - v.dhcp_given_us, 20000000);
	ck_assert_uint_eq(v.adapters.count, 1);
	ck_assert_str_eq(v.adapters.item[0], "e1 10.9.9.9/24");
	ck_assert_str_eq(v.proxy, "http://proxy.example:3128");
	ck_assert_ptr_null(v.vpn);
	ck_assert_ptr_null(v.wifi);
	/* Without the file the kernel alone knows that it is a lease. */
	put_text(p.sub[0], index, "");
	ck_assert_int_eq(vantage_read_from(&paths, NULL, p.search.arena, &v,
			     &err),
	    0);
	ck_assert_str_eq(v.dhcp, "lease");
	ck_assert_ptr_null(v.dhcp_server);
	ck_assert_int_ge(v.dhcp_lease_s, 890);
	ck_assert_int_le(v.dhcp_lease_s, 901);
	/* A fixed address that nobody knows about. */
	ck_assert_int_eq(vantage_read_from(&paths, "e1", p.search.arena, &v,
			     &err),
	    0);
	ck_assert_str_eq(v.dhcp, "unknown");
	ck_assert_int_eq(vantage_read_from(&paths, "nope0", p.search.arena, &v,
			     &err),
	    -1);
	place_drop(&p);
}
END_TEST

HARNESS("net lease", the_question_is_a_discover_and_tells_nothing_but_the_mac,
    an_answer_is_read_as_laid_out, answers_that_are_cut_or_wrong_are_refused,
    any_bytes_are_survived, networkd_lease_is_read_with_its_portal,
    networkd_of_another_interface_or_address_does_not_count,
    dhclient_lease_that_holds_now_is_taken_the_last_one,
    dhclient_leases_that_are_over_or_not_ours_do_not_count,
    dhclient_never_and_epoch_are_dates_too,
    dhcpcd_keeps_the_message_and_the_files_time_is_when,
    rubbish_huge_files_pipes_and_folders_are_survived,
    the_kernel_tells_whether_an_address_ends,
    the_vantage_puts_it_together_and_hides_passwords)
