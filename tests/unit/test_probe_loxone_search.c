/* SPDX-License-Identifier: MIT */
/* Promises of the search for Loxone devices: both documented forms are
 * understood, nothing else passes, a device that only its own address
 * reaches shows that broadcasts are lost. The text is a capture (facts 1.1);
 * the JSON has the documented keys. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/lan_case.h"

#define PORT 7070
#define BROADCAST "255.255.255.255"

static const char text[] = "LoxLIVE: baf 192.168.5.1:80 504F94112134 12.0.2.24 "
			   "Prog:2021-06-01 23:40:59 Type:0 HwId:A0000 "
			   "IPv6:,00000000:0/X,13106567:11021110/O";
static const char
    json[] = "{\"t\":\"Audioserver\",\"tv\":\"3\",\"n\":\"Music\","
	     "\"s\":\"50:4f:94:a0:12:34\",\"v\":\"15.2.09.27\",\"p\":\"7091\","
	     "\"hn\":\"music\",\"di\":\"1\"}";

/* To port 7071 of whoever asks with the one byte. */
static void
miniserver(int fd, const uint8_t *data, size_t len, const struct addr *from,
    struct lan_case *c)
{
	struct addr to = *from;

	(void)c;
	addr_set_port(&to, 7071);
	if (len == 1 && data[0] == 0)
		lan_reply(fd, &to, text, sizeof text - 1);
}

static void
audioserver(int fd, const uint8_t *data, size_t len, const struct addr *from,
    struct lan_case *c)
{
	(void)c;
	if (len == 1 && data[0] == 0)
		lan_reply(fd, from, json, sizeof json - 1);
}

static void
five_times_and_never_again(int fd, const uint8_t *data, size_t len,
    const struct addr *from, struct lan_case *c)
{
	int i;

	for (i = 0; c->nasked == 1 && i < 5; i++)
		miniserver(fd, data, len, from, c);
}

/* Only those who ask on the other adapter hear of it. */
static void
on_lan1(int fd, const uint8_t *data, size_t len, const struct addr *from,
    struct lan_case *c)
{
	char who[ADDR_TEXT_SIZE];

	if (strcmp(addr_text(from, who), "10.20.40.50") == 0)
		miniserver(fd, data, len, from, c);
}

static const char *const broken[] = {
    "",
    "LoxLIVE:",
    "LoxLIVE: ",
    "LoxLIVE: baf",
    "LoxLIVE: baf 192.168.5.1:80 504F94112134 12.0.2.24",
    "LoxLIVE: baf 192.168.5.1:80 504F94112134 12.0.2.24 Prog:",
    "LoxLIVE: baf 192.168.5.1:80 504F94112134 12.0.2.24 Prog:2021-06-01",
    "LoxLIVE: baf 192.168.5.1:80 504F94112134 12.0.2.24 "
    "Prog:2021-06-0X 23:40:59 Type:0",
    "LoxLIVE: baf 192.168.5.1:80 504F94112134 12.0.2.24 "
    "Prog:2021-06-01 23:40:59Type:0",
    "LoxLIVE: baf 192.168.5.1 504F94112134 12.0.2.24 "
    "Prog:2021-06-01 23:40:59 Type:0",
    "LoxLIVE: baf 192.168.5.1:0 504F94112134 12.0.2.24 "
    "Prog:2021-06-01 23:40:59 Type:0",
    "LoxLIVE: baf 192.168.5.1:65536 504F94112134 12.0.2.24 "
    "Prog:2021-06-01 23:40:59 Type:0",
    "LoxLIVE: baf 192.168.5.1:80x 504F94112134 12.0.2.24 "
    "Prog:2021-06-01 23:40:59 Type:0",
    "LoxLIVE: baf 192.168.5.256:80 504F94112134 12.0.2.24 "
    "Prog:2021-06-01 23:40:59 Type:0",
    "LoxLIVE: baf 192.168.5.1:80 504F9411213 12.0.2.24 "
    "Prog:2021-06-01 23:40:59 Type:0",
    "LoxLIVE: baf 192.168.5.1:80 504F9411213G 12.0.2.24 "
    "Prog:2021-06-01 23:40:59 Type:0",
    "LoxLIVE: baf 192.168.5.1:80 504F94112134 12.0.2 "
    "Prog:2021-06-01 23:40:59 Type:0",
    "LoxLIVE: baf 192.168.5.1:80 504F94112134 12.0.2.x "
    "Prog:2021-06-01 23:40:59 Type:0",
    "LoxLIVE: baf 192.168.5.1:80 504F94112134 12.0..24 "
    "Prog:2021-06-01 23:40:59 Type:0",
    "LoxLIVE: ba\tf 192.168.5.1:80 504F94112134 12.0.2.24 "
    "Prog:2021-06-01 23:40:59 Type:0",
    "XLoxLIVE: baf 192.168.5.1:80 504F94112134 12.0.2.24 "
    "Prog:2021-06-01 23:40:59 Type:0",
    "{}",
    "[]",
    "{\"t\":\"Audioserver\"}",
    "{\"t\":\"\",\"n\":\"Music\",\"s\":\"50:4f:94:a0:12:34\","
    "\"v\":\"15.2.09.27\"}",
    "{\"t\":3,\"n\":\"Music\",\"s\":\"50:4f:94:a0:12:34\","
    "\"v\":\"15.2.09.27\"}",
    "{\"t\":\"Audioserver\",\"n\":\"Music\",\"s\":\"504f94a01234\","
    "\"v\":\"15.2.09.27\"}",
    "{\"t\":\"Audioserver\",\"n\":\"Music\",\"s\":\"50:4f:94:a0:12:3\","
    "\"v\":\"15.2.09.27\"}",
    "{\"t\":\"Audioserver\",\"n\":\"Music\",\"s\":\"50:4f:94:a0:12:34\","
    "\"v\":\"fifteen\"}",
    "{\"t\":\"Audioserver\",\"s\":\"50:4f:94:a0:12:34\","
    "\"v\":\"15.2.09.27\"}",
    "{\"t\":\"Audioserver\",\"n\":\"Music\",\"s\":\"50:4f:94:a0:12:34\","
    "\"v\":\"15.2.09.27\"",
};

#define NBROKEN (sizeof broken / sizeof *broken)

static void
breaks_the_form(int fd, const uint8_t *data, size_t len,
    const struct addr *from, struct lan_case *c)
{
	size_t i;

	(void)data;
	(void)len;
	(void)c;
	for (i = 0; i < NBROKEN; i++)
		lan_reply(fd, from, broken[i], strlen(broken[i]));
}

/* The capture, cut off at every length before its date is whole, and with
 * each of its bytes made a control character. */
static void
cuts_it_short(int fd, const uint8_t *data, size_t len, const struct addr *from,
    struct lan_case *c)
{
	size_t whole = (size_t)(strstr(text, " Type:") - text), i;
	char copy[sizeof text];

	(void)data;
	(void)len;
	(void)c;
	for (i = 0; i < whole; i++) {
		lan_reply(fd, from, text, i);
		memcpy(copy, text, sizeof text);
		copy[i] = '\001';
		lan_reply(fd, from, copy, sizeof text - 1);
	}
}

/* Names with everything in them that the rest is made of. */
static void
odd_names(int fd, const uint8_t *data, size_t len, const struct addr *from,
    struct lan_case *c)
{
	static const char *const lines[] = {
	    "LoxLIVE: My house 10.0.0.1:80 504F94000001 1.2.3.4 "
	    "Prog:2020-01-01 00:00:00 192.168.5.2:8080 504F94112135 14.5.12.7 "
	    "Prog:2024-02-29 10:00:00 Type:2 HwId:B0000 IPv6:\r\n",
	    "LoxLIVE:  192.168.5.3:80 504f94112136 16.0.6.10 "
	    "Prog:2024-02-29 10:00:00 Type:1",
	    "LoxLIVE: B\xc3\xbcro 192.168.5.4:80 504F94112137 16.0.6.10 "
	    "Prog:2024-02-29 10:00:00 Type:4 HwId:C0",
	    "LoxLIVE: Hut 192.168.5.5:80 504F94112138 9.3.2.20 "
	    "Prog:2018-02-21 13:20:14",
	    "LoxLIVE: New 192.168.5.6:80 504F94112139 18.0.0.1 "
	    "Prog:2027-02-21 13:20:14 Type:12 HwId:D0",
	};
	size_t i;

	(void)data;
	(void)len;
	(void)c;
	for (i = 0; i < sizeof lines / sizeof *lines; i++)
		lan_reply(fd, from, lines[i], strlen(lines[i]));
}

static bool
is(const struct lan_case *c, size_t i, const char *member, const char *want)
{
	return strcmp(lan_device(c, i, member), want) == 0;
}

static bool
see_odd_names(struct lan_case *c)
{
	return is(c, 0, "serial", "504F94112135") &&
	    is(c, 0, "firmware", "14.5.12.7") &&
	    is(c, 0, "generation", "gen2") &&
	    is(c, 0, "name",
		"My house 10.0.0.1:80 504F94000001 1.2.3.4 "
		"Prog:2020-01-01 00:00:00") &&
	    is(c, 1, "serial", "504F94112136") && is(c, 1, "name", "") &&
	    is(c, 1, "generation", "go") && is(c, 2, "name", "B\xc3\xbcro") &&
	    is(c, 2, "generation", "compact") &&
	    is(c, 3, "firmware", "9.3.2.20") && is(c, 3, "generation", "") &&
	    is(c, 4, "serial", "504F94112139") && is(c, 4, "generation", "");
}

static bool
see_miniserver(struct lan_case *c)
{
	return is(c, 0, "kind", "miniserver") && is(c, 0, "name", "baf") &&
	    is(c, 0, "serial", "504F94112134") &&
	    is(c, 0, "mac", "50:4F:94:11:21:34") &&
	    is(c, 0, "firmware", "12.0.2.24") &&
	    is(c, 0, "generation", "gen1") &&
	    is(c, 0, "address", "10.20.30.60") &&
	    strcmp(fake_detail(&c->p, "stated_address"), "192.168.5.1") == 0 &&
	    fake_detail_int(&c->p, "answered_all") == 2 &&
	    c->p.obs->source_port == 7071 && c->p.obs->nattempts == 2 &&
	    c->p.obs->attempts[0].received == sizeof text - 1;
}

static bool
see_audioserver(struct lan_case *c)
{
	return is(c, 0, "kind", "audioserver") && is(c, 0, "name", "Music") &&
	    is(c, 0, "serial", "504F94A01234") &&
	    is(c, 0, "mac", "50:4F:94:A0:12:34") &&
	    is(c, 0, "firmware", "15.2.09.27");
}

static bool
see_lost(struct lan_case *c)
{
	return fake_detail_int(&c->p, "answered_all") == 0 &&
	    fake_detail_int(&c->p, "answered_one") == 2 &&
	    c->p.obs->nattempts == 5 && c->p.nslow == 1;
}

static bool
see_other_adapter(struct lan_case *c)
{
	return strcmp(fake_detail(&c->p, "other_adapter"), "lan1") == 0 &&
	    is(c, 0, "kind", "");
}

static bool
see_refusal(struct lan_case *c)
{
	return c->p.obs->offender != NULL &&
	    strcmp(c->p.obs->offender, "10.20.30.60") == 0;
}

static bool
see_others(struct lan_case *c)
{
	return fake_detail_int(&c->p, "others") > 0 &&
	    is(c, 0, "serial", "504F94112134");
}

static bool
see_nothing(struct lan_case *c)
{
	return is(c, 0, "kind", "");
}

static bool
see_all_broken(struct lan_case *c)
{
	return see_nothing(c) &&
	    fake_detail_int(&c->p, "strange") == c->nasked * (int)NBROKEN;
}

static bool
see_taken(struct lan_case *c)
{
	return fake_detail_is(&c->p, "port_taken");
}

#define ROW(what, where, at, how) \
	.name = what, .type = "loxone_search", .port = PORT, .address = where, \
	.device = at, .answer = how, .cancel_ms = -1

static const struct lan_case rows[] = {
    {ROW("a Miniserver", BROADCAST, "0.0.0.0", miniserver),
	.rung = RUNG_APP_REPLY, .look = see_miniserver},
    {ROW("an Audioserver", NULL, "0.0.0.0", audioserver),
	.rung = RUNG_APP_REPLY, .look = see_audioserver},
    {ROW("the known one", "10.20.30.60", "0.0.0.0", miniserver),
	.want = "miniserver", .rung = RUNG_APP_REPLY, .look = see_miniserver},
    {ROW("one that states the known address", "192.168.5.1", "0.0.0.0",
	 miniserver),
	.rung = RUNG_APP_REPLY, .look = see_miniserver},
    {ROW("odd names", BROADCAST, "0.0.0.0", odd_names), .rung = RUNG_APP_REPLY,
	.look = see_odd_names},
    {ROW("another kind", NULL, "0.0.0.0", audioserver), .want = "miniserver",
	.rung = RUNG_SILENCE, .failure = CAUSE_UDP_SILENT,
	.look = see_audioserver},
    {ROW("broadcasts are lost", "10.20.30.60", "10.20.30.60", miniserver),
	.rung = RUNG_APP_REPLY, .failure = CAUSE_BROADCAST_LOST,
	.look = see_lost},
    {ROW("the other adapter", BROADCAST, "0.0.0.0", on_lan1),
	.rung = RUNG_APP_REPLY, .failure = CAUSE_WRONG_INTERFACE,
	.look = see_other_adapter},
    {ROW("nobody listens", "10.20.30.60", NULL, NULL), .rung = RUNG_REJECTED,
	.failure = CAUSE_TCP_REFUSED, .look = see_refusal},
    {ROW("nobody is there", BROADCAST, NULL, NULL), .rung = RUNG_SILENCE,
	.failure = CAUSE_UDP_SILENT, .look = see_nothing},
    {ROW("silence", "10.20.30.60", "0.0.0.0", lan_silent), .rung = RUNG_SILENCE,
	.failure = CAUSE_UDP_SILENT, .look = see_nothing},
    {ROW("the wrong address", "10.20.30.62", "0.0.0.0", miniserver),
	.rung = RUNG_SILENCE, .failure = CAUSE_UDP_SILENT, .look = see_others},
    {ROW("duplicates", "10.20.30.60", "0.0.0.0", five_times_and_never_again),
	.rung = RUNG_TRANSPORT},
    {ROW("a broken form", "10.20.30.60", "0.0.0.0", breaks_the_form),
	.rung = RUNG_TRANSPORT, .look = see_all_broken},
    {ROW("a broken form of anybody", BROADCAST, "0.0.0.0", breaks_the_form),
	.rung = RUNG_SILENCE, .failure = CAUSE_UDP_SILENT,
	.look = see_all_broken},
    {ROW("cut off", BROADCAST, "0.0.0.0", cuts_it_short), .rung = RUNG_SILENCE,
	.failure = CAUSE_UDP_SILENT, .look = see_nothing},
    {ROW("garbage", BROADCAST, "0.0.0.0", lan_garbage), .rung = RUNG_SILENCE,
	.failure = CAUSE_UDP_SILENT, .look = see_nothing},
    {ROW("the wrong protocol", BROADCAST, "0.0.0.0", lan_web_page),
	.rung = RUNG_SILENCE, .failure = CAUSE_UDP_SILENT},
    {ROW("single bytes", BROADCAST, "0.0.0.0", lan_single_bytes),
	.rung = RUNG_SILENCE, .failure = CAUSE_UDP_SILENT},
    {ROW("megabytes", BROADCAST, "0.0.0.0", lan_giants), .rung = RUNG_SILENCE,
	.failure = CAUSE_UDP_SILENT},
    {ROW("the port is taken", "10.20.30.60", "0.0.0.0", audioserver),
	.taken = 7071, .rung = RUNG_APP_REPLY, .look = see_taken},
};

START_TEST(good_and_hostile_devices_are_told_apart)
{
	ck_assert(lan_cases_hold(rows, sizeof rows / sizeof *rows));
}
END_TEST

START_TEST(it_can_be_cancelled_at_every_stage)
{
	static const int when_ms[] = {0, 1, 60, 400, 1150, 3250, 3400};
	struct lan_case many[14];
	size_t i;

	for (i = 0; i < 14; i++)
		many[i] = (struct lan_case){ROW("cancelled", "10.20.30.60",
		    i < 7 ? "10.20.30.60" : NULL, miniserver)};
	for (i = 0; i < 14; i++) {
		many[i].cancel_ms = when_ms[i % 7];
		many[i].rung = RUNG_NONE;
		many[i].failure = CAUSE_CANCELLED;
	}
	ck_assert(lan_cases_hold(many, 14));
}
END_TEST

HARNESS("probe loxone_search", good_and_hostile_devices_are_told_apart,
    it_can_be_cancelled_at_every_stage)
