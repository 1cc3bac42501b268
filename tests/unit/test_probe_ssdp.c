/* SPDX-License-Identifier: MIT */
/* Promises of the search by UPnP (Device Architecture 1.1 section 1.3): two
 * answers of the local link prove it, and nothing that is no answer does. The
 * Miniserver's answer is as it was seen in the wild. */
#include "tests/unit/harness.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "core/probe/ssdp_message.h"
#include "tests/unit/search_lan.h"

#define GROUP "239.255.255.250"

static const char
    miniserver[] = "HTTP/1.1 200 OK\r\n"
		   "CACHE-CONTROL: max-age=1800\r\n"
		   "EXT:\r\n"
		   "LOCATION: http://10.20.30.60:80/upnp.xml\r\n"
		   "SERVER: Loxone Miniserver Mein Haus UPnP/1.0\r\n"
		   "ST: upnp:rootdevice\r\n"
		   "USN: uuid:1-504F94A00001::upnp:rootdevice\r\n"
		   "\r\n";
static const char other[] = "HTTP/1.1 200 OK\r\n"
			    "location: http://192.0.2.1/x.xml\r\n"
			    "Server: printer\r\n"
			    "St:urn:x:device:Printer:1\r\n"
			    "uSn: uuid:2\r\n\r\n";
static const char notify[] = "NOTIFY * HTTP/1.1\r\n"
			     "HOST: 239.255.255.250:1900\r\n"
			     "NT: upnp:rootdevice\r\n"
			     "NTS: ssdp:alive\r\n\r\n";

/* --- messages --- */

static bool
parse(const char *s, struct ssdp_message *m)
{
	return ssdp_parse(s, strlen(s), m);
}

START_TEST(an_answer_is_taken_apart)
{
	struct ssdp_message m;

	ck_assert(parse(miniserver, &m));
	ck_assert_int_eq(m.kind, SSDP_ANSWER);
	ck_assert(ssdp_is(&m.st, "upnp:rootdevice"));
	ck_assert(ssdp_is(&m.usn, "uuid:1-504F94A00001::upnp:rootdevice"));
	ck_assert(ssdp_location_is_at(&m.location, "10.20.30.60"));
	ck_assert(!ssdp_location_is_at(&m.location, "10.20.30.6"));
	ck_assert(!ssdp_location_is_at(&m.location, "10.20.30.61"));
	ck_assert(parse(other, &m));
	ck_assert(ssdp_is(&m.st, "urn:x:device:Printer:1"));
	ck_assert(ssdp_is(&m.usn, "uuid:2"));
	ck_assert(parse(notify, &m));
	ck_assert_int_eq(m.kind, SSDP_NOTIFY);
	ck_assert(parse("HTTP/1.0 200\nST: a\n\n", &m));
}
END_TEST

START_TEST(what_is_no_whole_message_is_none)
{
	static const char *const rows[] = {
	    "",
	    "\r\n",
	    "HTTP/1.1 404 Not Found\r\nST: a\r\n\r\n",
	    "HTTP/1.1 2000 OK\r\nST: a\r\n\r\n",
	    "HTTP/2 200 OK\r\nST: a\r\n\r\n",
	    "XHTTP/1.1 200 OK\r\nST: a\r\n\r\n",
	    "NOTIFY / HTTP/1.1\r\nST: a\r\n\r\n",
	    "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
	    "HTTP/1.1 200 OK\r\nST: a\r\n",
	    "HTTP/1.1 200 OK\r\nST: a\r\n\r",
	};
	char many[1000] = "HTTP/1.1 200 OK\r\n";
	char *copy;
	struct ssdp_message m;
	size_t i, len;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_msg(!parse(rows[i], &m), "row %zu", i);
	ck_assert(!ssdp_parse("HTTP/1.1 200 OK\0\r\nST: a\r\n\r\n", 27, &m));
	/* Cut anywhere, in memory that ends there. */
	for (len = 0; len + 1 < sizeof miniserver - 1; len++) {
		copy = mem_alloc(len + 1);
		memcpy(copy, miniserver, len);
		ck_assert_msg(!ssdp_parse(copy, len, &m), "cut at %zu", len);
		mem_free(copy);
	}
	for (i = 0; i < 65; i++)
		memcpy(many + 17 + 6 * i, "A: b\r\n", 6);
	memcpy(many + 17 + 6 * i, "\r\n", 3);
	ck_assert(!parse(many, &m));
}
END_TEST

/* --- the search --- */

struct device {
	const char *text;
	int repeat;  /* of each answer */
	int most;    /* questions that are answered; 0 = all */
	bool varied; /* each answer a little different */
	bool garbage;
	bool announces;
	atomic_int asked;
	char question[512];
};

static void
answer(int fd, const uint8_t *q, size_t len, const struct addr *from, void *arg)
{
	struct device *d = arg;
	uint8_t junk[9000];
	bool more = true;
	char text[600];
	size_t n;
	int i;

	d->asked++;
	if (d->asked == 1 && len < sizeof d->question)
		memcpy(d->question, q, len);
	if (d->announces)
		search_send(fd, GROUP, 1900, notify, sizeof notify - 1);
	for (i = 0; d->garbage && more; i++) {
		n = search_garbage(i, junk, &more);
		sendto(fd, junk, n, 0, &from->sa, from->len);
		search_send(fd, GROUP, 1900, junk, n > 1400 ? 1400 : n);
	}
	if (d->text == NULL || (d->most != 0 && d->asked > d->most))
		return;
	for (i = 0; i <= d->repeat; i++) {
		n = strlen(d->text);
		memcpy(text, d->text, n);
		if (d->varied)
			n += (size_t)snprintf(text + n - 2, 40, "X: %d\r\n\r\n",
				 d->asked) -
			    2;
		sendto(fd, text, n, 0, &from->sa, from->len);
	}
}

struct search {
	struct fake_probe p;
	struct fake_udp *server;
	int member;
};

static bool
search(struct search *s, struct device *d, const char *want, int lan)
{
	if (!fake_lan_start())
		return false;
	s->member = search_member(GROUP, lan);
	s->server = fake_lan_device("0.0.0.0", 1900, answer, d);
	search_init(&s->p, "ssdp", GROUP, 1900, want);
	ck_assert(fake_probe_run(&s->p, 9000));
	ck_assert_int_le(s->p.obs->duration_us, 6500000);
	return true;
}

static void
forget(struct search *s)
{
	fake_probe_free(&s->p);
	fake_udp_stop(s->server);
	close(s->member);
}

START_TEST(a_miniserver_that_answers_is_known)
{
	struct device d = {.text = miniserver, .varied = true};
	struct search s;

	if (!search(&s, &d, NULL, 0))
		return;
	ck_search(&s.p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert(fake_detail_is(&s.p, "loxone"));
	ck_assert_uint_eq(search_devices(&s.p), 1);
	ck_assert_str_eq(search_device(&s.p, 0, "kind"), "miniserver");
	ck_assert_str_eq(search_device(&s.p, 0, "name"), "Mein Haus");
	ck_assert_str_eq(search_device(&s.p, 0, "serial"), "504F94A00001");
	ck_assert_str_eq(search_device(&s.p, 0, "address"), "10.20.30.60");
	ck_assert_str_eq(fake_detail(&s.p, "location"),
	    "http://10.20.30.60:80/upnp.xml");
	/* As the specification has it, and nothing of this laptop. */
	ck_assert_str_eq(d.question,
	    "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
	    "MAN: \"ssdp:discover\"\r\nMX: 2\r\nST: upnp:rootdevice\r\n\r\n");
	ck_assert_int_eq(d.asked, 2);
	forget(&s);
}
END_TEST

START_TEST(nobody_is_silence_that_proves_nothing)
{
	struct device d = {.text = NULL};
	struct search s;

	if (!search(&s, &d, NULL, 0))
		return;
	ck_search(&s.p, RUNG_SILENCE, CAUSE_UDP_SILENT);
	ck_assert_str_eq(fake_detail(&s.p, "why"), "no_answer_firewall");
	ck_assert_int_eq(d.asked, 4); /* two targets, twice */
	ck_assert_uint_eq(s.p.obs->nattempts, 2);
	forget(&s);
}
END_TEST

START_TEST(one_answer_doubled_on_the_way_is_one)
{
	struct device d = {.text = other, .repeat = 3, .most = 1};
	struct search s;

	if (!search(&s, &d, NULL, 0))
		return;
	ck_search(&s.p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&s.p, "why"), "other_answered");
	/* Its page is said to be at another host: not repeated. */
	ck_assert_str_eq(fake_detail(&s.p, "location"), "");
	forget(&s);
}
END_TEST

START_TEST(what_is_wanted_must_answer)
{
	struct device d = {.text = other, .varied = true};
	struct search s;

	if (!search(&s, &d, "urn:schemas-upnp-org:device:MediaRenderer:1", 0))
		return;
	ck_search(&s.p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert(!fake_detail_is(&s.p, "wanted"));
	forget(&s);
}
END_TEST

START_TEST(what_is_wanted_and_answers_is_proof)
{
	struct device d = {.text = other, .varied = true};
	struct search s;

	if (!search(&s, &d, "urn:x:device:Printer:1", 0))
		return;
	ck_search(&s.p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert(fake_detail_is(&s.p, "wanted"));
	forget(&s);
}
END_TEST

START_TEST(garbage_and_announcements_are_no_answer)
{
	struct device d = {.garbage = true, .announces = true};
	struct search s;

	if (!search(&s, &d, NULL, 0))
		return;
	ck_search(&s.p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert(fake_detail_is(&s.p, "announced"));
	ck_assert_str_eq(fake_detail(&s.p, "why"), "announced_only");
	ck_assert_int_eq(fake_detail_int(&s.p, "answers"), 0);
	ck_assert_uint_eq(search_devices(&s.p), 0);
	forget(&s);
}
END_TEST

START_TEST(only_on_another_adapter_is_the_wrong_interface)
{
	struct device d = {.text = miniserver, .varied = true};
	struct search s;

	if (!search(&s, &d, NULL, 1))
		return;
	ck_search(&s.p, RUNG_SILENCE, CAUSE_WRONG_INTERFACE);
	ck_assert_str_eq(fake_detail(&s.p, "elsewhere"), "lan1");
	forget(&s);
}
END_TEST

/* From an address that is not in this network. */
START_TEST(an_answer_from_afar_is_none)
{
	struct fake_probe p;
	bool never = false;
	uint16_t port;
	int far;

	if (!fake_lan_start())
		return;
	fake_lan_ip(true, "addr add 203.0.113.9/32 dev dev0");
	far = fake_lan_socket(true, "203.0.113.9", 1900);
	search_init(&p, "ssdp", GROUP, 1900, NULL);
	fake_probe_start(&p);
	fake_loop(p.env.base, &never, 300);
	/* Where it listens cannot be known from outside: try them all. */
	for (port = 32768; port < 61000; port++)
		fake_lan_send(far, "10.20.30.50", port, miniserver,
		    sizeof miniserver - 1);
	ck_assert(fake_loop(p.env.base, &p.done, 9000));
	ck_search(&p, RUNG_SILENCE, CAUSE_UDP_SILENT);
	ck_assert_int_eq(fake_detail_int(&p, "strange"), 1);
	ck_assert_int_eq(fake_detail_int(&p, "answers"), 0);
	fake_probe_free(&p);
	close(far);
}
END_TEST

/* Megabytes, as fast as they can be sent. */
START_TEST(a_flood_ends_in_time)
{
	struct fake_probe p;
	bool never = false;
	int fd, i;

	if (!fake_lan_start())
		return;
	fd = fake_lan_socket(true, "10.20.30.60", 1900);
	search_init(&p, "ssdp", GROUP, 1900, NULL);
	fake_probe_start(&p);
	while (!p.done) {
		for (i = 0; i < 100; i++)
			search_send(fd, GROUP, 1900, notify, sizeof notify - 1);
		fake_loop(p.env.base, &never, 5);
	}
	ck_search(&p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert_int_le(p.obs->duration_us, 9000000);
	fake_probe_free(&p);
	close(fd);
}
END_TEST

START_TEST(it_can_be_cancelled_at_every_stage)
{
	struct device d = {.text = other, .varied = true};
	struct fake_udp *server;
	int member;

	if (!fake_lan_start())
		return;
	member = search_member(GROUP, 0);
	server = fake_lan_device("0.0.0.0", 1900, answer, &d);
	search_cancel("ssdp", GROUP, 1900, NULL);
	fake_udp_stop(server);
	close(member);
}
END_TEST

HARNESS("probe ssdp", an_answer_is_taken_apart,
    what_is_no_whole_message_is_none, a_miniserver_that_answers_is_known,
    nobody_is_silence_that_proves_nothing, one_answer_doubled_on_the_way_is_one,
    what_is_wanted_must_answer, what_is_wanted_and_answers_is_proof,
    garbage_and_announcements_are_no_answer,
    only_on_another_adapter_is_the_wrong_interface, an_answer_from_afar_is_none,
    a_flood_ends_in_time, it_can_be_cancelled_at_every_stage)
