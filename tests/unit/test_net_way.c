/* SPDX-License-Identifier: MIT */
/* Promises of the ways out: the adapter that the checks stand on is taken
 * around VPNs and other adapters, a network of devices on another adapter is
 * not, and a change of network is heard, even one that is undone at once. */
#include "tests/unit/harness.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/net/netwatch.h"
#include "core/net/vantage.h"
#include "core/net/way.h"
#include "tests/unit/fake_link.h"
#include "tests/unit/fake_net.h"

/* eth0 10.1.1.50/24, eth1 10.2.2.50/24, a VPN tun0 10.8.0.2/24, each with
 * somebody at the other end. */
static const char *const links[] = {
    "link add eth0 type veth peer name far0",
    "link add eth1 type veth peer name far1",
    "link add tun0 type veth peer name far2",
    "address add 10.1.1.50/24 dev eth0",
    "address add 10.2.2.50/24 dev eth1",
    "address add 10.8.0.2/24 dev tun0",
    "link set far0 up",
    "link set far1 up",
    "link set far2 up",
    "link set eth0 up",
    "link set eth1 up",
    "link set tun0 up",
    "route add default via 10.1.1.1 dev eth0 metric 100",
    NULL,
};

static const char *const second_default[] = {
    "route add default via 10.2.2.1 dev eth1 metric 50",
    NULL,
};

static const char *const halves[] = {
    "route add 0.0.0.0/1 via 10.8.0.1 dev tun0",
    "route add 128.0.0.0/1 via 10.8.0.1 dev tun0",
    "route add 172.16.0.0/12 via 10.8.0.1 dev tun0",
    "route add 192.0.2.0/24 via 10.8.0.1 dev tun0",
    NULL,
};

/* As wg-quick does: a table of its own before the main one. */
static const char *const rules[] = {
    "route add default dev tun0 table 51820",
    "rule add not fwmark 51820 table 51820 priority 200",
    "rule add table main suppress_prefixlength 0 priority 100",
    NULL,
};

static const char *const vpn_alone[] = {
    "route del default",
    "route add 198.51.100.9 via 10.1.1.1 dev eth0",
    "route add default via 10.8.0.1 dev tun0",
    NULL,
};

struct row {
	const char *to;
	enum way_kind kind;
	const char *by;
	const char *from;
};

static void
check_ways(const char *what, const struct row *rows, size_t count,
    const char *chosen)
{
	struct addr to;
	struct way way;
	size_t i;

	for (i = 0; i < count; i++) {
		ck_assert(addr_parse(&to, rows[i].to, 443));
		way_to(&to, chosen, &way);
		ck_assert_msg(way.kind == rows[i].kind &&
			strcmp(way.interface, rows[i].by) == 0 &&
			strcmp(way.source, rows[i].from) == 0,
		    "%s: %s goes %d by %s from %s", what, rows[i].to,
		    (int)way.kind, way.interface, way.source);
	}
}

#define CHECK(what, rows, chosen) \
	check_ways(what, rows, sizeof rows / sizeof *rows, chosen)

START_TEST(the_chosen_adapter_is_taken_and_devices_are_reached)
{
	static const struct row alone[] = {
	    {"198.51.100.7", WAY_CHOSEN, "eth0", "10.1.1.50"},
	    {"10.1.1.60", WAY_CHOSEN, "eth0", "10.1.1.50"},
	    {"10.2.2.60", WAY_ADAPTER, "eth1", "10.2.2.50"},
	    {"10.8.0.9", WAY_VPN, "tun0", "10.8.0.2"},
	};
	static const struct row preferred[] = {
	    {"198.51.100.7", WAY_BOUND, "eth0", "10.1.1.50"},
	    {"10.1.1.60", WAY_CHOSEN, "eth0", "10.1.1.50"},
	    {"10.2.2.60", WAY_ADAPTER, "eth1", "10.2.2.50"},
	    /* Devices behind the chosen one's router. */
	    {"192.168.7.10", WAY_BOUND, "eth0", "10.1.1.50"},
	};

	if (!fake_private_network(NULL))
		return;
	fake_ip(links);
	CHECK("alone", alone, "eth0");
	fake_ip(second_default);
	CHECK("another is preferred", preferred, "eth0");
}
END_TEST

START_TEST(a_vpn_is_gone_around_however_it_takes_the_route)
{
	static const struct row half[] = {
	    {"198.51.100.7", WAY_BOUND, "eth0", "10.1.1.50"},
	    {"192.0.2.5", WAY_BOUND, "eth0", "10.1.1.50"},
	    {"192.168.7.10", WAY_BOUND, "eth0", "10.1.1.50"},
	    /* Private networks of its own are where it leads. */
	    {"172.16.5.5", WAY_VPN, "tun0", "10.8.0.2"},
	};
	static const struct row rule[] = {
	    {"198.51.100.7", WAY_BOUND, "eth0", "10.1.1.50"},
	    {"10.1.1.60", WAY_CHOSEN, "eth0", "10.1.1.50"},
	};

	if (!fake_private_network(NULL))
		return;
	fake_ip(links);
	fake_ip(rules);
	CHECK("rules", rule, "eth0");
	fake_ip((const char *const[]){"rule del priority 100",
	    "rule del priority 200", NULL});
	fake_ip(halves);
	CHECK("halves", half, "eth0");
}
END_TEST

START_TEST(where_only_a_vpn_leads_out_nothing_is_bound)
{
	static const struct row rows[] = {
	    {"198.51.100.7", WAY_VPN, "tun0", "10.8.0.2"},
	    {"10.1.1.60", WAY_CHOSEN, "eth0", "10.1.1.50"},
	};
	static const struct row on_vpn[] = {
	    {"198.51.100.7", WAY_VPN, "tun0", "10.8.0.2"},
	};
	struct addr to;

	if (!fake_private_network(NULL))
		return;
	fake_ip(links);
	fake_ip(vpn_alone);
	CHECK("VPN alone", rows, "eth0");
	CHECK("chosen by name", on_vpn, "tun0");
	ck_assert(addr_parse(&to, "198.51.100.7", 443));
	ck_assert_ptr_null(way_binds(&to, "eth0"));
	ck_assert_ptr_null(way_binds(&to, NULL));
	/* One that is gone is not made up for by another. */
	ck_assert_str_eq(way_binds(&to, "gone0"), "gone0");
}
END_TEST

START_TEST(sockets_are_bound_only_where_the_kernel_would_err)
{
	char device[IF_NAMESIZE] = "";
	socklen_t len = sizeof device;
	struct addr to;
	int fd;

	if (!fake_private_network(NULL))
		return;
	fake_ip(links);
	ck_assert(addr_parse(&to, "198.51.100.7", 443));
	fd = way_socket(&to, SOCK_STREAM, 0, "eth0");
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device,
			     &len),
	    0);
	ck_assert_uint_eq(len, 0);
	close(fd);
	fake_ip(halves);
	fd = way_socket(&to, SOCK_STREAM, 0, "eth0");
	ck_assert_int_ge(fd, 0);
	len = sizeof device;
	ck_assert_int_eq(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device,
			     &len),
	    0);
	ck_assert_str_eq(device, "eth0");
	close(fd);
	/* The laptop's own resolver is nobody else's business. */
	ck_assert(addr_parse(&to, "127.0.0.1", 53));
	fd = way_socket(&to, SOCK_DGRAM, 0, "eth0");
	len = sizeof device;
	ck_assert_int_eq(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device,
			     &len),
	    0);
	ck_assert_uint_eq(len, 0);
	close(fd);
}
END_TEST

START_TEST(an_address_of_the_link_is_asked_on_the_chosen_adapter)
{
	struct addr to;
	int fd;

	if (!fake_private_network(NULL))
		return;
	fake_ip(links);
	fake_ip((const char *const[]){"address add fe80::50/64 dev eth0 nodad",
	    NULL});
	ck_assert(addr_parse(&to, "fe80::1", 53));
	ck_assert_str_eq(way_binds(&to, "eth0"), "eth0");
	ck_assert_ptr_null(way_binds(&to, NULL));
	fd = way_socket(&to, SOCK_DGRAM, 0, "eth0");
	ck_assert_int_ge(fd, 0);
	ck_assert_msg(connect(fd, &to.sa, to.len) == 0, "%s", strerror(errno));
	close(fd);
}
END_TEST

static void
read_place(struct arena *a, const char *interface, struct vantage *v)
{
	ck_assert_int_eq(vantage_glance(interface, a, v, NULL), 0);
}

static bool
warns(const struct vantage *v, const char *part)
{
	size_t i;

	for (i = 0; i < v->warnings.count; i++) {
		if (strstr(v->warnings.item[i], part) != NULL)
			return true;
	}
	return false;
}

START_TEST(the_laptop_stands_on_an_adapter_not_on_a_vpn)
{
	struct arena *a = arena_new();
	struct vantage v;

	if (!fake_private_network(NULL))
		return;
	fake_ip(links);
	fake_ip(halves);
	read_place(a, NULL, &v);
	ck_assert_str_eq(v.interface, "eth0");
	ck_assert_str_eq(v.gateway, "10.1.1.1");
	ck_assert_str_eq(v.vpn, "tun0");
	ck_assert(warns(&v, "go around it"));
	/* Even where the VPN has the smaller metric. */
	fake_ip((const char
		*const[]){"route add default via 10.8.0.1 dev tun0 metric 10",
	    NULL});
	read_place(a, NULL, &v);
	ck_assert_str_eq(v.interface, "eth0");
	fake_ip(second_default);
	read_place(a, NULL, &v);
	ck_assert_str_eq(v.interface, "eth1");
	ck_assert_str_eq(v.gateway, "10.2.2.1");
	ck_assert(warns(&v, "adapter eth0 has a way out"));
	read_place(a, "eth0", &v);
	ck_assert_str_eq(v.interface, "eth0");
	ck_assert_str_eq(v.gateway, "10.1.1.1");
	ck_assert(warns(&v, "adapter eth1 has a way out"));
	arena_free(a);
}
END_TEST

START_TEST(behind_a_vpn_alone_the_laptop_still_stands_somewhere)
{
	struct arena *a = arena_new();
	struct vantage v;

	if (!fake_private_network(NULL))
		return;
	fake_ip(links);
	fake_ip(vpn_alone);
	read_place(a, NULL, &v);
	/* On the adapter by which the VPN's own packets leave. */
	ck_assert_str_eq(v.interface, "eth0");
	ck_assert_str_eq(v.addresses.item[0], "10.1.1.50/24");
	ck_assert_ptr_null(v.gateway);
	ck_assert_str_eq(v.vpn, "tun0");
	ck_assert(warns(&v, "only way out"));
	arena_free(a);
}
END_TEST

struct heard {
	int count;
	bool certain, done;
};

static void
on_heard(void *arg, bool certain)
{
	struct heard *h = arg;

	h->count++;
	h->certain |= certain;
	h->done = true;
}

START_TEST(a_change_is_heard_at_once_and_a_renewal_is_none)
{
	static const struct {
		const char *lines[4];
		bool certain;
	} rows[] = {
	    /* A lease that is renewed. */
	    {{"address replace 10.1.1.50/24 dev eth0 valid_lft 600 "
	      "preferred_lft 600"},
		false},
	    /* Another adapter, and another route. */
	    {{"address add 10.2.2.51/24 dev eth1"}, false},
	    {{"route add 172.16.0.0/12 via 10.2.2.1"}, false},
	    {{"route del 172.16.0.0/12"}, false},
	    /* There and back. */
	    {{"address add 10.1.9.50/24 dev eth0",
		 "address del 10.1.9.50/24 dev eth0"},
		true},
	    {{"route replace default via 10.1.1.1 dev eth0 metric 90",
		 "route del default via 10.1.1.1 dev eth0 metric 100"},
		true},
	    {{"address del 10.1.1.50/24 dev eth0",
		 "address add 10.1.1.50/24 dev eth0"},
		true},
	};
	/* The kernel tells of a cable at most once a second (linkwatch), so
	 * that one which is back within it was never gone. */
	static const char *const unplugged[] = {"link set far0 down", NULL};
	static const char *const plugged[] = {"link set far0 up", NULL};
	struct event_base *base;
	struct netwatch *w;
	struct arena *a = arena_new();
	struct heard cable = {0, false, false};
	struct vantage v;
	bool never = false;
	size_t i;

	if (!fake_private_network(NULL))
		return;
	fake_ip(links);
	base = event_base_new();
	read_place(a, NULL, &v);
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct heard h = {0, false, false};

		w = netwatch_new(base, &v, on_heard, &h);
		ck_assert_ptr_nonnull(w);
		fake_ip((const char *const *)rows[i].lines);
		ck_assert(fake_loop(base, &h.done, 1000));
		/* One change may come in several messages. */
		fake_loop(base, rows[i].certain ? &h.certain : &never,
		    rows[i].certain ? 1000 : 30);
		ck_assert_msg(h.certain == rows[i].certain, "%s: %d",
		    rows[i].lines[0], h.certain);
		netwatch_free(w);
	}
	w = netwatch_new(base, &v, on_heard, &cable);
	ck_assert_ptr_nonnull(w);
	fake_ip(unplugged);
	ck_assert_msg(fake_loop(base, &cable.certain, 5000), "unplugged");
	netwatch_free(w);
	fake_ip(plugged);
	netwatch_free(NULL);
	event_base_free(base);
	arena_free(a);
}
END_TEST

HARNESS("net way", the_chosen_adapter_is_taken_and_devices_are_reached,
    a_vpn_is_gone_around_however_it_takes_the_route,
    where_only_a_vpn_leads_out_nothing_is_bound,
    sockets_are_bound_only_where_the_kernel_would_err,
    an_address_of_the_link_is_asked_on_the_chosen_adapter,
    the_laptop_stands_on_an_adapter_not_on_a_vpn,
    behind_a_vpn_alone_the_laptop_still_stands_somewhere,
    a_change_is_heard_at_once_and_a_renewal_is_none)
