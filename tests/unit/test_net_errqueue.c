/* SPDX-License-Identifier: MIT */
/* Promises of the error queue, and of addresses as values. */
#include "tests/unit/harness.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "core/net/conn.h"
#include "core/net/errqueue.h"
#include "tests/unit/fake_net.h"

/* RFC 792 and RFC 4443: a closed UDP port answers with ICMP "port
 * unreachable", 3/3 in terms of ICMPv4. */
static void
told_by_icmp(const char *address)
{
	struct addr to, me;
	struct icmp_error e;
	struct pollfd p;
	char text[ADDR_TEXT_SIZE];
	int fd;

	ck_assert(addr_parse(&to, address, fake_closed_port()));
	fd = conn_socket(to.sa.sa_family, SOCK_DGRAM, 0, NULL);
	ck_assert_int_ge(fd, 0);
	ck_assert(!errqueue_read(fd, &e));
	errqueue_enable(fd, to.sa.sa_family);
	ck_assert_int_eq(connect(fd, &to.sa, to.len), 0);
	ck_assert_int_eq(send(fd, "sitewalk", 8, 0), 8);
	p.fd = fd;
	p.events = POLLIN;
	ck_assert_int_eq(poll(&p, 1, 2000), 1);
	ck_assert(errqueue_read(fd, &e));
	ck_assert(!e.local);
	ck_assert_int_eq(e.type, 3);
	ck_assert_int_eq(e.code, 3);
	ck_assert_int_eq(e.error, ECONNREFUSED);
	ck_assert_str_eq(addr_text(&e.offender, text), address);
	ck_assert_uint_ge(e.payload_len, 8);
	ck_assert_mem_eq(e.payload, "sitewalk", 8);
	ck_assert(addr_parse(&me, address, 0));
	ck_assert(addr_equal(&e.offender, &me));
	ck_assert(!errqueue_read(fd, &e)); /* taken off */
	close(fd);
}

START_TEST(a_closed_udp_port_is_told_with_its_sender)
{
	told_by_icmp("127.0.0.1");
}
END_TEST

START_TEST(a_closed_udp_port_is_told_for_ipv6_in_the_same_words)
{
	told_by_icmp("::1");
}
END_TEST

START_TEST(only_literals_are_addresses)
{
	static const char *const bad[] = {"", "localhost", "1.2.3", "1.2.3.4.5",
	    "256.1.1.1", "1.2.3.4 ", ":::", "fe80::1%lo", "[::1]", "01.2.3.4.",
	    "0x7f.0.0.1"};
	struct addr a;
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!addr_parse(&a, bad[i], 1), "\"%s\" was taken",
		    bad[i]);
}
END_TEST

START_TEST(addresses_keep_their_text_and_port)
{
	static const char *const good[] = {"127.0.0.1", "208.94.16.61", "::1",
	    "2a01:4f8::1"};
	struct addr a, b;
	char text[ADDR_TEXT_SIZE];
	size_t i;

	for (i = 0; i < sizeof good / sizeof *good; i++) {
		ck_assert(addr_parse(&a, good[i], 5113));
		ck_assert_str_eq(addr_text(&a, text), good[i]);
		ck_assert_uint_eq(addr_port(&a), 5113);
		addr_set_port(&a, 53);
		ck_assert_uint_eq(addr_port(&a), 53);
		ck_assert(addr_parse(&b, good[i], 1));
		ck_assert(addr_equal(&a, &b)); /* the port does not count */
		addr_parse(&b, "192.0.2.7", 53);
		ck_assert(!addr_equal(&a, &b));
	}
}
END_TEST

START_TEST(an_unset_address_is_nobodys)
{
	struct addr none, a;
	struct sockaddr sa;
	char text[ADDR_TEXT_SIZE];

	memset(&none, 0, sizeof none);
	memset(&sa, 0, sizeof sa);
	ck_assert_str_eq(addr_text(&none, text), "");
	ck_assert_uint_eq(addr_port(&none), 0);
	ck_assert(!addr_equal(&none, &none));
	ck_assert(!addr_from_sockaddr(&a, NULL, 0));
	ck_assert(!addr_from_sockaddr(&a, &sa, sizeof sa));
	/* A sockaddr that was cut short is not read beyond its end. */
	ck_assert(addr_parse(&a, "::1", 1));
	ck_assert(
	    !addr_from_sockaddr(&none, &a.sa, sizeof(struct sockaddr_in)));
	ck_assert_uint_eq(none.len, 0);
}
END_TEST

HARNESS("net errqueue", a_closed_udp_port_is_told_with_its_sender,
    a_closed_udp_port_is_told_for_ipv6_in_the_same_words,
    only_literals_are_addresses, addresses_keep_their_text_and_port,
    an_unset_address_is_nobodys)
