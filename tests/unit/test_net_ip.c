/* SPDX-License-Identifier: MIT */
/* Promises about addresses as numbers, and about when two looks at a network
 * saw the same one. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/base/ip.h"
#include "core/net/vantage.h"

struct row {
	const char *address;
	bool is_private, is_nowhere;
};

/* RFC 1918, RFC 3927, RFC 6598, RFC 4193, RFC 4291; and their neighbours. */
static const struct row rows[] = {
    {"10.0.0.0", true, false},
    {"10.255.255.255", true, false},
    {"9.255.255.255", false, false},
    {"11.0.0.0", false, false},
    {"172.15.255.255", false, false},
    {"172.16.0.0", true, false},
    {"172.31.255.255", true, false},
    {"172.32.0.0", false, false},
    {"192.168.0.1", true, false},
    {"192.169.0.1", false, false},
    {"169.254.1.1", true, false},
    {"100.63.255.255", false, false},
    {"100.64.0.0", true, false},
    {"100.127.255.255", true, false},
    {"100.128.0.0", false, false},
    {"198.18.0.2", false, false},
    {"208.94.16.61", false, false},
    {"0.0.0.0", false, true},
    {"127.0.0.1", false, true},
    {"127.255.255.255", false, true},
    {"128.0.0.1", false, false},
    {"::", false, true},
    {"::1", false, true},
    {"::2", false, false},
    {"fc00::1", true, false},
    {"fdff::1", true, false},
    {"fe00::1", false, false},
    {"fe80::1", true, false},
    {"febf::1", true, false},
    {"fec0::1", false, false},
    {"2a01:4f8::1", false, false},
};

START_TEST(private_and_nowhere_end_at_their_last_address)
{
	struct ip ip;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		ck_assert(ip_parse(rows[i].address, &ip));
		ck_assert_msg(ip_is_private(&ip) == rows[i].is_private, "%s",
		    rows[i].address);
		ck_assert_msg(ip_is_nowhere(&ip) == rows[i].is_nowhere, "%s",
		    rows[i].address);
	}
}
END_TEST

START_TEST(prefixes_match_by_their_bits_and_family)
{
	static const struct {
		const char *address, *prefix;
		bool in;
	} cases[] = {
	    {"10.20.30.99", "10.20.30.50/24", true},
	    {"10.20.31.1", "10.20.30.50/24", false},
	    {"10.20.31.1", "10.20.30.50/23", true},
	    {"192.0.2.127", "192.0.2.0/25", true},
	    {"192.0.2.128", "192.0.2.0/25", false},
	    {"192.0.2.1", "192.0.2.1/32", true},
	    {"192.0.2.2", "192.0.2.1/32", false},
	    {"8.8.8.8", "0.0.0.0/0", true},
	    {"2001:db8::1", "2001:db8::/64", true},
	    {"2001:db8:0:1::1", "2001:db8::/64", false},
	    {"2001:db8::1", "0.0.0.0/0", false},
	    {"192.0.2.1", "::/0", false},
	    {"192.0.2.1", "192.0.2.1", false},
	    {"192.0.2.1", "192.0.2.1/", false},
	    {"192.0.2.1", "192.0.2.1/33", false},
	    {"192.0.2.1", "192.0.2.1/-1", false},
	    {"192.0.2.1", "192.0.2.1/24x", false},
	    {"192.0.2.1", "/24", false},
	    {"192.0.2.1", "no address/24", false},
	};
	struct ip ip;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		ck_assert(ip_parse(cases[i].address, &ip));
		ck_assert_msg(ip_in_prefix(&ip, cases[i].prefix) == cases[i].in,
		    "%s in %s", cases[i].address, cases[i].prefix);
	}
}
END_TEST

START_TEST(link_local_ends_at_its_prefix)
{
	static const struct {
		const char *address;
		bool is;
	} cases[] = {
	    {"fe80::1", true},
	    {"febf:ffff::1", true},
	    {"fec0::1", false},
	    {"fe7f:ffff::1", false},
	    {"169.254.1.1", false},
	};
	struct ip ip;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		ck_assert(ip_parse(cases[i].address, &ip));
		ck_assert_msg(ip_is_link_local(&ip) == cases[i].is, "%s",
		    cases[i].address);
	}
}
END_TEST

START_TEST(no_address_is_in_nothing)
{
	static const char *const bad[] = {"", "1.2.3", "a.example", "1.2.3.4 ",
	    "::1%lo", "10.0.0.1/8"};
	struct ip ip;
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert(!ip_parse(bad[i], &ip));
		ck_assert(!ip_is_private(&ip) && !ip_is_nowhere(&ip));
		ck_assert(!ip_in_prefix(&ip, "0.0.0.0/0"));
	}
	ck_assert(!ip_parse(NULL, &ip));
}
END_TEST

static void
look(struct arena *a, struct vantage *v)
{
	memset(v, 0, sizeof *v);
	v->interface = arena_strdup(a, "eth0");
	v->gateway = arena_strdup(a, "10.20.30.1");
	strlist_add(a, &v->addresses, "10.20.30.50/24");
	strlist_add(a, &v->resolvers, "10.20.30.1");
}

START_TEST(a_network_is_the_same_until_something_of_it_differs)
{
	struct arena *a = arena_new();
	struct vantage v, w;
	int i;

	look(a, &v);
	v.wifi = arena_strdup(a, "Site");
	for (i = 0; i < 8; i++) {
		look(a, &w);
		/* While the laptop roams, its Wi-Fi has no name. */
		if (i < 7)
			w.wifi = v.wifi;
		if (i == 1)
			w.interface = arena_strdup(a, "wlan0");
		else if (i == 2)
			w.gateway = arena_strdup(a, "10.20.30.2");
		else if (i == 3)
			w.gateway = NULL;
		else if (i == 4)
			strlist_add(a, &w.addresses, "192.0.2.1/24");
		else if (i == 5)
			w.resolvers.item[0] = arena_strdup(a, "192.0.2.53");
		else if (i == 6)
			w.wifi = arena_strdup(a, "Guests");
		ck_assert_int_eq(vantage_same(&v, &w), i == 0 || i == 7);
		ck_assert_int_eq(vantage_same(&w, &v), i == 0 || i == 7);
	}
	/* A new temporary address is none of another network. */
	look(a, &v);
	look(a, &w);
	strlist_add(a, &v.addresses, "2001:db8:30::50/64");
	strlist_add(a, &w.addresses, "2001:db8:30::50/64");
	strlist_add(a, &w.addresses, "2001:db8:30::dead:beef/64");
	ck_assert(vantage_same(&v, &w) && vantage_same(&w, &v));
	strlist_add(a, &w.addresses, "2001:db8:31::1/64");
	ck_assert(!vantage_same(&v, &w) && !vantage_same(&w, &v));
	/* The gateway's MAC counts once both are known. */
	look(a, &v);
	look(a, &w);
	v.gateway_mac = arena_strdup(a, "02:00:00:00:00:01");
	ck_assert(vantage_same(&v, &w));
	w.gateway_mac = arena_strdup(a, "02:00:00:00:00:02");
	ck_assert(!vantage_same(&v, &w));
	arena_free(a);
}
END_TEST

START_TEST(an_interface_that_is_not_there_is_told)
{
	struct arena *a = arena_new();
	struct vantage v;
	struct error err;

	memset(&err, 0, sizeof err);
	ck_assert_int_eq(vantage_read("none0", a, &v, &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert(strstr(err.what, "none0") != NULL);
	ck_assert_int_eq(vantage_read(NULL, a, &v, &err), 0);
	ck_assert_ptr_nonnull(v.interface);
	ck_assert(vantage_same(&v, &v));
	arena_free(a);
}
END_TEST

HARNESS("net ip", private_and_nowhere_end_at_their_last_address,
    prefixes_match_by_their_bits_and_family, no_address_is_in_nothing,
    link_local_ends_at_its_prefix,
    a_network_is_the_same_until_something_of_it_differs,
    an_interface_that_is_not_there_is_told)
