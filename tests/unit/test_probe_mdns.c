/* SPDX-License-Identifier: MIT */
/* Promises of the search by mDNS (RFC 6762, names as in RFC 1035): an answer
 * to our own question from the local link counts, in which way it came tells
 * whether multicast is lost, and whatever else comes is bounded and ignored. */
#include "tests/unit/harness.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tests/unit/mdns_bytes.h"
#include "tests/unit/search_lan.h"

/* --- the search --- */

struct responder {
	const char *type, *instance, *address;
	bool by_group, alone; /* which questions are answered */
	int group_most;       /* of those by group; 0 = all */
	bool enumerates;      /* only which services there are */
	unsigned add_to_id;
	int twice;          /* every answer */
	bool garbage, asks; /* sends that to the group */
	atomic_int groups, singles, qu;
	uint8_t question[512];
	size_t question_len;
};

static void
make(const struct responder *r, unsigned id, struct bytes *b)
{
	if (r->enumerates)
		bytes_enumeration_answer(b, id);
	else
		bytes_service_answer(b, id, r->type, r->instance, r->address);
}

static void
send_garbage(int fd, const struct addr *from)
{
	uint8_t junk[9000];
	bool more = true;
	size_t len;
	int i;

	for (i = 0; more; i++) {
		len = search_garbage(i, junk, &more);
		search_send(fd, "224.0.0.251", 5353, junk,
		    len > 1400 ? 1400 : len);
		sendto(fd, junk, len, 0, &from->sa, from->len);
	}
}

static void
answer(int fd, const uint8_t *q, size_t len, const struct addr *from, void *arg)
{
	struct responder *r = arg;
	bool group = addr_port(from) == 5353;
	struct bytes b;
	int i;

	if (len < 12 || (q[2] & 0x80))
		return;
	/* The last two bytes are the class of the last question. */
	if (group && (q[len - 2] & 0x80)) {
		r->qu++;
		return;
	}
	if (group)
		r->groups++;
	else
		r->singles++;
	if (r->question_len == 0 && len <= sizeof r->question) {
		memcpy(r->question, q, len);
		r->question_len = len;
	}
	if (r->garbage)
		send_garbage(fd, from);
	for (i = 0; i <= r->twice; i++) {
		if (group && r->by_group &&
		    (r->group_most == 0 || r->groups <= r->group_most)) {
			make(r, 0, &b);
			search_send(fd, "224.0.0.251", 5353, b.data, b.len);
		}
		if (!group && r->alone) {
			make(r, ((unsigned)q[0] << 8 | q[1]) + r->add_to_id,
			    &b);
			sendto(fd, b.data, b.len, 0, &from->sa, from->len);
		}
	}
}

struct search {
	struct fake_probe p;
	struct fake_udp *server;
	int member;
};

static bool
search(struct search *s, struct responder *r, const char *want, int lan)
{
	if (!fake_lan_start())
		return false;
	s->member = search_member("224.0.0.251", lan);
	s->server = fake_lan_device("0.0.0.0", 5353, answer, r);
	search_init(&s->p, "mdns", "224.0.0.251", 5353, want);
	ck_assert(fake_probe_run(&s->p, 9000));
	ck_assert_int_le(s->p.obs->duration_us, 6000000);
	return true;
}

static void
forget(struct search *s)
{
	fake_probe_free(&s->p);
	fake_udp_stop(s->server);
	close(s->member);
}

START_TEST(an_answer_in_both_ways_proves_multicast)
{
	struct responder r = {.type = "_http",
	    .instance = "Audioserver 504F94B00001",
	    .address = "10.20.30.61",
	    .by_group = true,
	    .alone = true,
	    .twice = 1};
	static const uint8_t
	    asked[] = "\11_services\7_dns-sd\4_udp\5local\0"
		      "\0\14\0\1\5_http\4_tcp\5local\0\0\14\0\1";
	struct search s;

	if (!search(&s, &r, NULL, 0))
		return;
	ck_search(&s.p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert(fake_detail_is(&s.p, "group"));
	ck_assert(fake_detail_is(&s.p, "unicast"));
	ck_assert(fake_detail_is(&s.p, "loxone"));
	/* Told twice, or in two ways, it is one device. */
	ck_assert_uint_eq(search_devices(&s.p), 1);
	ck_assert_str_eq(search_device(&s.p, 0, "kind"), "mdns");
	ck_assert_str_eq(search_device(&s.p, 0, "name"),
	    "Audioserver 504F94B00001");
	ck_assert_str_eq(search_device(&s.p, 0, "serial"), "504F94B00001");
	ck_assert_str_eq(search_device(&s.p, 0, "mac"), "50:4f:94:b0:00:01");
	ck_assert_str_eq(search_device(&s.p, 0, "address"), "10.20.30.61");
	ck_assert_str_eq(s.p.obs->attempts[0].result, "reply");
	ck_assert_str_eq(s.p.obs->attempts[0].from, "10.20.30.60");
	/* Two questions for PTR, class IN, and nothing of this laptop. */
	ck_assert_uint_eq(r.question_len, 12 + sizeof asked - 1);
	ck_assert_mem_eq(r.question + 12, asked, sizeof asked - 1);
	forget(&s);
}
END_TEST

START_TEST(nobody_is_silence_that_proves_nothing)
{
	struct responder r = {.type = "_http"};
	struct search s;

	if (!search(&s, &r, NULL, 0))
		return;
	ck_search(&s.p, RUNG_SILENCE, CAUSE_UDP_SILENT);
	ck_assert_str_eq(fake_detail(&s.p, "why"), "no_answer");
	ck_assert_int_eq(r.groups, 3);
	ck_assert_int_eq(r.singles, 3);
	ck_assert_int_eq(r.qu, 1);
	/* And from the group's own port. */
	ck_assert_uint_eq(s.p.obs->nattempts, 4);
	ck_assert_uint_eq(s.p.obs->attempts[3].source_port, 5353);
	ck_assert_int_eq(s.p.nslow, 1);
	ck_assert_uint_eq(search_devices(&s.p), 0);
	forget(&s);
}
END_TEST

START_TEST(answered_alone_but_not_to_the_group_is_lost_multicast)
{
	struct responder r = {.type = "_http",
	    .instance = "Lab",
	    .address = "10.20.30.61",
	    .alone = true};
	struct search s;

	if (!search(&s, &r, NULL, 0))
		return;
	ck_search(&s.p, RUNG_TRANSPORT, CAUSE_MULTICAST_LOST);
	ck_assert(!fake_detail_is(&s.p, "group"));
	ck_assert(fake_detail_is(&s.p, "unicast"));
	ck_assert_int_eq(r.groups, 3); /* it was asked often enough */
	forget(&s);
}
END_TEST

/* Which services there are is an answer that a machine keeps back when it
 * heard another one give it (RFC 6762 section 7.4). */
START_TEST(an_answer_that_others_may_give_proves_no_loss)
{
	struct responder r = {.enumerates = true, .alone = true};
	struct search s;

	if (!search(&s, &r, NULL, 0))
		return;
	ck_search(&s.p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&s.p, "services"), "_ipp");
	forget(&s);
}
END_TEST

START_TEST(by_group_alone_it_must_be_answered_twice)
{
	struct responder r = {.type = "_http",
	    .instance = "Lab",
	    .address = "10.20.30.61",
	    .by_group = true,
	    .group_most = 1};
	struct search s;

	if (!search(&s, &r, NULL, 0))
		return;
	/* Once might be an announcement that came by chance. */
	ck_search(&s.p, RUNG_TRANSPORT, CAUSE_NONE);
	forget(&s);
}
END_TEST

START_TEST(by_group_twice_is_proof)
{
	struct responder r = {.type = "_http",
	    .instance = "Lab",
	    .address = "10.20.30.61",
	    .by_group = true};
	struct search s;

	if (!search(&s, &r, NULL, 0))
		return;
	ck_search(&s.p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_ge(r.groups, 2);
	forget(&s);
}
END_TEST

START_TEST(only_on_another_adapter_is_the_wrong_interface)
{
	struct responder r = {.type = "_http",
	    .instance = "Lab",
	    .address = "10.20.40.60",
	    .alone = true};
	struct search s;

	if (!search(&s, &r, NULL, 1))
		return;
	ck_search(&s.p, RUNG_SILENCE, CAUSE_WRONG_INTERFACE);
	ck_assert_str_eq(fake_detail(&s.p, "elsewhere"), "lan1");
	ck_assert_uint_eq(search_devices(&s.p), 0);
	forget(&s);
}
END_TEST

START_TEST(an_answer_to_another_question_is_none)
{
	struct responder r = {.type = "_http",
	    .instance = "Lab",
	    .address = "10.20.30.61",
	    .alone = true,
	    .add_to_id = 1,
	    .garbage = true};
	struct search s;

	if (!search(&s, &r, NULL, 0))
		return;
	/* Nothing that came was a message, so the group is not heard. */
	ck_search(&s.p, RUNG_SILENCE, CAUSE_UDP_SILENT);
	ck_assert(!fake_detail_is(&s.p, "group"));
	ck_assert_int_ge(fake_detail_int(&s.p, "strange"), 3);
	forget(&s);
}
END_TEST

START_TEST(a_service_that_is_wanted_must_answer)
{
	struct responder other = {.type = "_http",
	    .instance = "Lab",
	    .address = "10.20.30.61",
	    .by_group = true,
	    .alone = true};
	struct search s;

	if (!search(&s, &other, "_airplay._tcp,_raop._tcp", 0))
		return;
	/* Multicast was heard, but what was asked for did not answer. */
	ck_search(&s.p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert(!fake_detail_is(&s.p, "wanted"));
	ck_assert_str_eq(fake_detail(&s.p, "why"), "others_heard");
	ck_assert_uint_eq(search_devices(&s.p), 0);
	forget(&s);
}
END_TEST

START_TEST(a_wanted_player_is_told_by_its_name)
{
	struct responder r = {.type = "_RAOP", /* in any case */
	    .instance = "504F94B00001@Kitchen",
	    .address = "192.0.2.9", /* nobody near: not believed */
	    .by_group = true,
	    .alone = true};
	struct search s;

	if (!search(&s, &r, "_airplay._tcp,_raop._tcp", 0))
		return;
	ck_search(&s.p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert(fake_detail_is(&s.p, "wanted"));
	ck_assert_str_eq(search_device(&s.p, 0, "name"), "Kitchen");
	ck_assert_str_eq(search_device(&s.p, 0, "serial"), "504F94B00001");
	ck_assert_str_eq(search_device(&s.p, 0, "address"), "10.20.30.60");
	forget(&s);
}
END_TEST

/* An answer from another port than 5353, and from an address that is not in
 * this network (RFC 6762 sections 6 and 11). */
START_TEST(an_answer_from_elsewhere_is_none)
{
	struct fake_probe p;
	struct bytes b;
	bool never = false;
	int port, far, member;

	if (!fake_lan_start())
		return;
	fake_lan_ip(true, "addr add 203.0.113.9/32 dev dev0");
	member = search_member("224.0.0.251", 0);
	port = fake_lan_socket(true, "10.20.30.60", 5354);
	far = fake_lan_socket(true, "203.0.113.9", 5353);
	search_init(&p, "mdns", "224.0.0.251", 5353, NULL);
	fake_probe_start(&p);
	fake_loop(p.env.base, &never, 200);
	bytes_service_answer(&b, 0, "_http", "Lab", "10.20.30.61");
	search_send(far, "224.0.0.251", 5353, b.data, b.len);
	fake_loop(p.env.base, &never, 1300);
	search_send(far, "224.0.0.251", 5353, b.data, b.len);
	ck_assert(fake_loop(p.env.base, &p.done, 9000));
	ck_search(&p, RUNG_SILENCE, CAUSE_UDP_SILENT);
	ck_assert_int_eq(fake_detail_int(&p, "strange"), 2);
	fake_probe_free(&p);
	search_init(&p, "mdns", "224.0.0.251", 5353, NULL);
	fake_probe_start(&p);
	fake_loop(p.env.base, &never, 200);
	search_send(port, "224.0.0.251", 5353, b.data, b.len);
	fake_loop(p.env.base, &never, 1300);
	search_send(port, "224.0.0.251", 5353, b.data, b.len);
	ck_assert(fake_loop(p.env.base, &p.done, 9000));
	/* Multicast was heard, but it answered nothing. */
	ck_search(&p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "others_heard");
	ck_assert_uint_eq(search_devices(&p), 0);
	fake_probe_free(&p);
	close(port);
	close(far);
	close(member);
}
END_TEST

/* Megabytes, as fast as they can be sent. */
START_TEST(a_flood_ends_in_time)
{
	struct fake_probe p;
	struct bytes b;
	bool never = false;
	int fd, i;

	if (!fake_lan_start())
		return;
	fd = fake_lan_socket(true, "10.20.30.60", 5353);
	bytes_service_answer(&b, 0, "_ftp", "Lab", "10.20.30.61");
	search_init(&p, "mdns", "224.0.0.251", 5353, NULL);
	fake_probe_start(&p);
	while (!p.done) {
		for (i = 0; i < 100; i++)
			search_send(fd, "224.0.0.251", 5353, b.data, b.len);
		fake_loop(p.env.base, &never, 5);
	}
	ck_search(&p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert_int_le(p.obs->duration_us, 6000000);
	ck_assert_uint_eq(search_devices(&p), 0);
	fake_probe_free(&p);
	close(fd);
}
END_TEST

/* Another responder on this laptop keeps the port to itself. */
START_TEST(a_port_that_is_taken_or_no_network_is_told)
{
	struct fake_probe p;
	struct sockaddr_in at = {.sin_family = AF_INET,
	    .sin_port = htons(5353)};
	int fd;

	if (!fake_lan_start())
		return;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	search_init(&p, "mdns", "224.0.0.251", 5353, NULL);
	ck_assert(fake_probe_run(&p, 3000));
	ck_search(&p, RUNG_NONE, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "port_taken");
	fake_probe_free(&p);
	close(fd);
	fake_lan_ip(false, "link set lan0 down");
	fake_lan_ip(false, "link set lan1 down");
	search_init(&p, "mdns", "224.0.0.251", 5353, NULL);
	ck_assert(fake_probe_run(&p, 3000));
	ck_search(&p, RUNG_NONE, CAUSE_WRONG_INTERFACE);
	fake_probe_free(&p);
}
END_TEST

START_TEST(it_can_be_cancelled_at_every_stage)
{
	struct responder r = {.enumerates = true, .alone = true};
	struct fake_udp *server;

	if (!fake_lan_start())
		return;
	server = fake_lan_device("0.0.0.0", 5353, answer, &r);
	search_cancel("mdns", "224.0.0.251", 5353, NULL);
	fake_udp_stop(server);
}
END_TEST

HARNESS("probe mdns", an_answer_in_both_ways_proves_multicast,
    nobody_is_silence_that_proves_nothing,
    answered_alone_but_not_to_the_group_is_lost_multicast,
    an_answer_that_others_may_give_proves_no_loss,
    by_group_alone_it_must_be_answered_twice, by_group_twice_is_proof,
    only_on_another_adapter_is_the_wrong_interface,
    an_answer_to_another_question_is_none, a_service_that_is_wanted_must_answer,
    a_wanted_player_is_told_by_its_name, an_answer_from_elsewhere_is_none,
    a_flood_ends_in_time, a_port_that_is_taken_or_no_network_is_told,
    it_can_be_cancelled_at_every_stage)
