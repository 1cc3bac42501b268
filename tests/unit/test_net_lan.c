/* SPDX-License-Identifier: MIT */
/* Promises of searching the local network: every adapter is used, each
 * answer is told with its sender, its adapter and whom it was sent to, and
 * the laptop's own words are no answer. */
#include "tests/unit/harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/net/lan.h"
#include "tests/unit/fake_lan.h"

struct heard {
	int count;
	char from[8][ADDR_TEXT_SIZE];
	uint16_t port[8];
	char adapter[8][16];
	enum lan_cast cast[8];
	size_t len[8];
	bool truncated[8];
	bool done;
	int until;
	int nerrors;
	struct icmp_error icmp;
	struct lan *close;
};

static void
on_input(void *arg, const struct lan_input *in)
{
	struct heard *h = arg;
	int i = h->count++;

	if (i < 8) {
		addr_text(&in->from, h->from[i]);
		h->port[i] = addr_port(&in->from);
		snprintf(h->adapter[i], 16, "%s", in->adapter->name);
		h->cast[i] = in->cast;
		h->len[i] = in->len;
		h->truncated[i] = in->truncated;
	}
	h->done = h->count >= h->until;
	if (h->close != NULL) {
		lan_close(h->close);
		h->close = NULL;
	}
}

static void
on_error(void *arg, const struct icmp_error *e)
{
	struct heard *h = arg;

	h->nerrors++;
	h->icmp = *e;
	h->done = true;
}

struct search {
	struct event_base *base;
	struct lan *lan;
	struct heard heard;
};

static bool
begin(struct search *s, const char *interface, bool others, uint16_t port,
    const char *group)
{
	struct addr at;
	struct lan_setup setup = {.interface = interface,
	    .others = others,
	    .port = port,
	    .input = on_input,
	    .error = on_error,
	    .arg = &s->heard};
	int error;

	memset(s, 0, sizeof *s);
	if (!fake_lan_start())
		return false;
	s->base = event_base_new();
	setup.base = s->base;
	if (group != NULL && addr_parse(&at, group, 0))
		setup.group = &at;
	s->lan = lan_open(&setup, &error);
	ck_assert_ptr_nonnull(s->lan);
	return true;
}

static void
end(struct search *s)
{
	lan_close(s->lan);
	event_base_free(s->base);
}

static void
send_to(struct search *s, const char *address, uint16_t port, bool directed,
    int ttl)
{
	struct addr to;
	int error;

	ck_assert(addr_parse(&to, address, port));
	ck_assert(lan_send(s->lan, &to, directed, ttl, "who", 3, &error));
}

/* Until so many have come, and a moment longer: no more may come. */
static void
hear(struct search *s, int count)
{
	bool never = false;

	s->heard.until = count;
	s->heard.done = s->heard.count >= count && count > 0;
	if (count > 0)
		ck_assert(fake_loop(s->base, &s->heard.done, 5000));
	fake_loop(s->base, &never, 100);
	ck_assert_int_eq(s->heard.count, count);
}

static void
echo(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	(void)arg;
	sendto(fd, data, len, 0, &from->sa, from->len);
}

START_TEST(adapters_are_those_of_a_local_network_the_chosen_one_first)
{
	struct lan_adapter a[LAN_ADAPTERS];
	char text[ADDR_TEXT_SIZE];

	if (!fake_lan_start())
		return;
	ck_assert_uint_eq(lan_adapters("lan1", a), 2);
	ck_assert_str_eq(a[0].name, "lan1");
	ck_assert(a[0].chosen && !a[1].chosen);
	ck_assert_str_eq(addr_text(&a[0].address, text), "10.20.40.50");
	ck_assert_str_eq(addr_text(&a[0].broadcast, text), "10.20.40.255");
	ck_assert_str_eq(addr_text(&a[0].netmask, text), "255.255.255.0");
	ck_assert_str_eq(a[1].name, "lan0");
	ck_assert_uint_eq(lan_adapters(NULL, a), 2);
	ck_assert(!a[0].chosen && !a[1].chosen);
	/* A tunnel, one without an address, and one that is down. */
	fake_lan_ip(false, "link add tun9 type veth peer name bare");
	fake_lan_ip(false, "addr add 10.99.0.1/24 dev tun9");
	fake_lan_ip(false, "link set bare up");
	fake_lan_ip(false, "link set tun9 up");
	fake_lan_ip(false, "link set lan0 down");
	ck_assert_uint_eq(lan_adapters("tun9", a), 1);
	ck_assert_str_eq(a[0].name, "lan1");
	ck_assert(!a[0].chosen);
}
END_TEST

/* 255.255.255.255 and the subnet's own, on both adapters. */
START_TEST(a_broadcast_goes_out_on_every_adapter)
{
	struct search s;
	struct fake_udp *device;

	if (!begin(&s, "lan0", true, 0, NULL))
		return;
	device = fake_lan_device("0.0.0.0", 7070, echo, NULL);
	send_to(&s, "255.255.255.255", 7070, true, 0);
	ck_assert_uint_eq(lan_sent(s.lan), 4);
	hear(&s, 4);
	ck_assert_int_eq(fake_udp_received(device), 4);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(s.heard.cast[i], LAN_UNICAST);
		ck_assert_str_eq(s.heard.from[i],
		    strcmp(s.heard.adapter[i], "lan0") == 0 ? "10.20.30.60" :
							      "10.20.40.60");
		ck_assert_uint_eq(s.heard.port[i], 7070);
	}
	end(&s);
	fake_udp_stop(device);
}
END_TEST

START_TEST(without_others_only_the_chosen_adapter_is_used)
{
	struct search s;
	struct fake_udp *device;

	if (!begin(&s, "lan1", false, 0, NULL))
		return;
	device = fake_lan_device("0.0.0.0", 7070, echo, NULL);
	send_to(&s, "255.255.255.255", 7070, false, 0);
	hear(&s, 1);
	ck_assert_str_eq(s.heard.from[0], "10.20.40.60");
	ck_assert_str_eq(lan_chosen(s.lan)->name, "lan1");
	ck_assert_uint_ne(lan_port(s.lan), 0);
	end(&s);
	fake_udp_stop(device);
}
END_TEST

/* What it was sent to is told, whatever the socket is bound to. */
START_TEST(unicast_group_and_broadcast_are_told_apart)
{
	struct search s;
	int device;

	if (!begin(&s, "lan0", true, 7071, "239.255.90.67"))
		return;
	device = fake_lan_socket(true, "10.20.30.61", 4000);
	fake_lan_join(device, "239.255.90.67", 0);
	ck_assert_uint_eq(lan_port(s.lan), 7071);
	fake_lan_send(device, "10.20.30.50", 7071, "one", 3);
	hear(&s, 1);
	fake_lan_send(device, "10.20.30.255", 7071, "two", 3);
	hear(&s, 2);
	fake_lan_send(device, "239.255.90.67", 7071, "three", 5);
	hear(&s, 3);
	/* A group that it did not join, though others of the laptop did. */
	fake_lan_send(device, "239.255.90.68", 7071, "four", 4);
	hear(&s, 3);
	ck_assert_int_eq(s.heard.cast[0], LAN_UNICAST);
	ck_assert_int_eq(s.heard.cast[1], LAN_BROADCAST);
	ck_assert_int_eq(s.heard.cast[2], LAN_GROUP);
	ck_assert_str_eq(s.heard.adapter[2], "lan0");
	ck_assert_str_eq(s.heard.from[2], "10.20.30.61");
	close(device);
	end(&s);
}
END_TEST

START_TEST(a_group_is_reached_on_every_adapter_with_its_ttl)
{
	struct search s;
	struct sockaddr_in from;
	socklen_t len = sizeof from;
	char data[16];
	int device[2], i;

	if (!begin(&s, "lan0", true, 0, NULL))
		return;
	for (i = 0; i < 2; i++) {
		device[i] = fake_lan_socket(true, "239.1.2.3",
		    (uint16_t)(5000 + i));
		fake_lan_join(device[i], "239.1.2.3", i);
	}
	send_to(&s, "239.1.2.3", 5000, false, 4);
	ck_assert_uint_eq(lan_sent(s.lan), 2);
	ck_assert_int_eq(recvfrom(device[0], data, sizeof data, 0,
			     (struct sockaddr *)&from, &len),
	    3);
	ck_assert_str_eq(inet_ntoa(from.sin_addr), "10.20.30.50");
	send_to(&s, "239.1.2.3", 5001, false, 0);
	len = sizeof from;
	ck_assert_int_eq(recvfrom(device[1], data, sizeof data, 0,
			     (struct sockaddr *)&from, &len),
	    3);
	ck_assert_str_eq(inet_ntoa(from.sin_addr), "10.20.40.50");
	close(device[0]);
	close(device[1]);
	end(&s);
}
END_TEST

/* Another program of this laptop, and its own broadcast come back to it. */
START_TEST(what_the_laptop_says_itself_is_not_heard)
{
	struct search s;
	int mine;

	if (!begin(&s, "lan0", true, 7071, "239.255.90.67"))
		return;
	mine = fake_lan_socket(false, "10.20.30.50", 4000);
	fake_lan_send(mine, "10.20.30.50", 7071, "one", 3);
	fake_lan_send(mine, "10.20.30.255", 7071, "two", 3);
	fake_lan_send(mine, "10.20.40.50", 7071, "three", 5);
	send_to(&s, "255.255.255.255", 7071, true, 0);
	send_to(&s, "239.255.90.67", 7071, false, 0);
	hear(&s, 0);
	close(mine);
	end(&s);
}
END_TEST

/* As when the Loxone App runs on the laptop: it holds the port already. */
START_TEST(a_port_that_another_program_shares_is_no_obstacle)
{
	struct search s;
	struct fake_udp *device;
	int app, on = 1, way;

	for (way = 0; way < 2; way++) {
		memset(&s, 0, sizeof s);
		if (!fake_lan_start())
			return;
		app = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		setsockopt(app, SOL_SOCKET,
		    way == 0 ? SO_REUSEADDR : SO_REUSEPORT, &on, sizeof on);
		{
			struct addr at;
			struct lan_setup setup = {.interface = "lan0",
			    .others = true,
			    .port = 7071,
			    .input = on_input,
			    .arg = &s.heard};
			int error;

			ck_assert(addr_parse(&at, "0.0.0.0", 7071));
			ck_assert_int_eq(bind(app, &at.sa, at.len), 0);
			s.base = event_base_new();
			setup.base = s.base;
			s.lan = lan_open(&setup, &error);
			ck_assert_ptr_nonnull(s.lan);
		}
		device = fake_lan_device("10.20.30.60", 7070, echo, NULL);
		send_to(&s, "10.20.30.60", 7070, false, 0);
		hear(&s, 1);
		end(&s);
		fake_udp_stop(device);
		close(app);
	}
}
END_TEST

START_TEST(a_port_that_cannot_be_had_says_why)
{
	struct event_base *base = event_base_new();
	struct heard h = {0};
	struct lan_setup setup = {.base = base,
	    .interface = "lan0",
	    .port = 7071,
	    .input = on_input,
	    .arg = &h};
	int error, app, before, on = 0;

	if (fake_lan_start()) {
		app = fake_lan_socket(false, "0.0.0.0", 7071);
		setsockopt(app, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
		before = fake_count_fds();
		ck_assert_ptr_null(lan_open(&setup, &error));
		ck_assert_int_eq(error, EADDRINUSE);
		setup.interface = "nowhere";
		ck_assert_ptr_null(lan_open(&setup, &error));
		ck_assert_int_eq(error, ENETDOWN);
		ck_assert_int_eq(fake_count_fds(), before);
		close(app);
	}
	event_base_free(base);
}
END_TEST

START_TEST(an_icmp_error_of_the_device_is_told)
{
	struct search s;

	if (!begin(&s, "lan0", true, 7071, NULL))
		return;
	send_to(&s, "10.20.30.60", 7070, false, 0);
	ck_assert(fake_loop(s.base, &s.heard.done, 5000));
	ck_assert_int_eq(s.heard.nerrors, 1);
	ck_assert_int_eq(s.heard.icmp.type, 3);
	ck_assert_int_eq(s.heard.icmp.code, 3);
	/* It is in nobody's way. */
	send_to(&s, "10.20.30.60", 7070, false, 0);
	send_to(&s, "10.20.30.61", 7070, false, 0);
	ck_assert_uint_eq(lan_sent(s.lan), 3);
	hear(&s, 0);
	end(&s);
}
END_TEST

/* Without a chosen adapter one address is asked where it is near. */
START_TEST(without_a_chosen_adapter_the_near_one_is_taken)
{
	struct search s;
	struct fake_udp *device;

	if (!begin(&s, NULL, true, 0, NULL))
		return;
	ck_assert_ptr_null(lan_chosen(s.lan));
	device = fake_lan_device("10.20.40.60", 7070, echo, NULL);
	send_to(&s, "10.20.40.60", 7070, false, 0);
	hear(&s, 1);
	ck_assert_str_eq(s.heard.adapter[0], "lan1");
	end(&s);
	fake_udp_stop(device);
}
END_TEST

START_TEST(a_flood_and_giants_are_bounded_and_it_can_be_closed_at_once)
{
	static const uint8_t giant[60000];
	struct search s;
	bool never = false;
	int device, i;

	if (!begin(&s, "lan0", true, 7071, NULL))
		return;
	device = fake_lan_socket(true, "10.20.30.60", 4000);
	fake_lan_send(device, "10.20.30.50", 7071, giant, sizeof giant);
	hear(&s, 1);
	ck_assert(s.heard.truncated[0]);
	ck_assert_uint_eq(s.heard.len[0], LAN_MAX_IN);
	for (i = 0; i < 200; i++)
		fake_lan_send(device, "10.20.30.50", 7071, "x", 1);
	s.heard.close = s.lan;
	s.heard.count = 0;
	fake_loop(s.base, &never, 100);
	ck_assert_int_eq(s.heard.count, 1);
	s.lan = NULL;
	close(device);
	end(&s);
}
END_TEST

HARNESS("net lan", adapters_are_those_of_a_local_network_the_chosen_one_first,
    a_broadcast_goes_out_on_every_adapter,
    without_others_only_the_chosen_adapter_is_used,
    unicast_group_and_broadcast_are_told_apart,
    a_group_is_reached_on_every_adapter_with_its_ttl,
    what_the_laptop_says_itself_is_not_heard,
    a_port_that_another_program_shares_is_no_obstacle,
    a_port_that_cannot_be_had_says_why, an_icmp_error_of_the_device_is_told,
    without_a_chosen_adapter_the_near_one_is_taken,
    a_flood_and_giants_are_bounded_and_it_can_be_closed_at_once)
