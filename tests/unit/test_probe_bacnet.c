/* SPDX-License-Identifier: MIT */
/* Promises of the BACnet search: I-Am and ReadProperty answers are read
 * strictly, layer by layer, and answers are matched by their number. The
 * bytes are put together from the layout in facts 1.11. */
#include "tests/unit/harness.h"

#include <string.h>
#include <unistd.h>

#include "tests/unit/lan_case.h"

#define PORT 47808
#define BROADCAST "255.255.255.255"
#define ADDRESS "10.20.30.60"

static const uint8_t who_is[] = {0x81, 0x0b, 0, 8, 1, 0, 0x10, 0x08};
/* Device 260001, 1476 bytes, no segmentation, vendor 260. */
static const uint8_t i_am[] = {0x81, 0x0b, 0, 0x15, 1, 0, 0x10, 0x00, 0xc4,
    0x02, 0x03, 0xf7, 0xa1, 0x22, 0x05, 0xc4, 0x91, 0x03, 0x22, 0x01, 0x04};
/* The same from another network: a router's addresses in between. */
static const uint8_t routed[] = {0x81, 0x04, 0, 0x23, 192, 168, 7, 9, 0xba,
    0xc0, 1, 0x28, 0xff, 0xff, 0x00, 0x00, 0x05, 0x01, 0x2a, 0xff, 0x10, 0x00,
    0xc4, 0x02, 0x03, 0xf7, 0xa1, 0x22, 0x05, 0xc4, 0x91, 0x03, 0x22, 0x01,
    0x04};

static bool
is_who_is(const uint8_t *m, size_t len)
{
	return len == sizeof who_is && memcmp(m, who_is, len) == 0;
}

static void
by_broadcast(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	(void)from;
	(void)c;
	if (is_who_is(m, len))
		fake_lan_send(fd, "10.20.30.255", PORT, i_am, sizeof i_am);
}

static void
through_a_router(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	(void)c;
	if (is_who_is(m, len))
		lan_reply(fd, from, routed, sizeof routed);
}

/* The question is the one of the facts, with its number and property. */
static bool
is_read(const uint8_t *m, size_t len)
{
	static const uint8_t ask[] = {0x81, 0x0a, 0x00, 0x11, 0x01, 0x04, 0x00,
	    0x05, 0x01, 0x0c, 0x0c, 0x02, 0x3f, 0xff, 0xff, 0x19, 0x4d};
	uint8_t copy[17];

	if (len != sizeof ask)
		return false;
	memcpy(copy, m, len);
	copy[8] = ask[8];
	if (copy[16] == 0x78 || copy[16] == 0x79)
		copy[16] = ask[16];
	return memcmp(copy, ask, len) == 0;
}

static size_t
property_answer(const uint8_t *m, uint8_t number, uint8_t out[64])
{
	static const uint8_t head[] = {0x81, 0x0a, 0, 0, 1, 0, 0x30, 0, 0x0c,
	    0x0c, 0x02, 0x03, 0xf7, 0xa1, 0x19, 0, 0x3e};
	static const uint8_t text[] = {0x75, 6, 0, 'H', 'a', 'u', 's', '1'};
	static const uint8_t vendor[] = {0x22, 0x01, 0x04};
	size_t len = sizeof head;

	memcpy(out, head, len);
	out[7] = number;
	out[15] = m[16];
	if (m[16] == 0x78) {
		memcpy(out + len, vendor, sizeof vendor);
		len += sizeof vendor;
	} else {
		memcpy(out + len, text, sizeof text);
		len += sizeof text;
	}
	out[len++] = 0x3f;
	out[3] = (uint8_t)len;
	return len;
}

static void
at_its_address(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	uint8_t out[64];

	(void)c;
	if (is_read(m, len))
		lan_reply(fd, from, out, property_answer(m, m[8], out));
}

static void
refuses(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	uint8_t out[] = {0x81, 0x0a, 0, 13, 1, 0, 0x50, 0, 0x0c, 0x91, 2, 0x91,
	    32};

	(void)c;
	if (!is_read(m, len))
		return;
	out[7] = m[8];
	lan_reply(fd, from, out, sizeof out);
}

/* Each broken in one way, to both questions. */
static void
breaks_the_form(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	uint8_t out[64], bad[64];
	size_t n, i;

	(void)c;
	for (i = 0; i < sizeof i_am; i++)
		lan_reply(fd, from, i_am, i);
	for (i = 0; i < sizeof routed; i++)
		lan_reply(fd, from, routed, i);
	for (i = 0; i < sizeof i_am; i++) {
		/* Not: function, device number, sizes, segmentation, vendor. */
		if (i == 1 || (i > 9 && i != 13 && i != 16 && i != 18))
			continue;
		memcpy(bad, i_am, sizeof i_am);
		bad[i] ^= 0x80;
		lan_reply(fd, from, bad, sizeof i_am);
	}
	if (!is_read(m, len))
		return;
	n = property_answer(m, (uint8_t)(m[8] + 1), out);
	lan_reply(fd, from, out, n); /* another number */
	n = property_answer(m, m[8], out);
	for (i = 0; i < n; i++)
		lan_reply(fd, from, out, i);
	out[15] ^= 1;
	lan_reply(fd, from, out, n); /* another property */
	out[15] ^= 1;
	out[n - 1] = 0x3e;
	lan_reply(fd, from, out, n); /* not closed */
	out[n - 1] = 0x3f;
	out[n] = 0;
	out[3]++;
	lan_reply(fd, from, out, n + 1); /* more behind */
}

static bool
has(const struct lan_case *c, const char *member, const char *want)
{
	return strcmp(lan_first_device(c, member), want) == 0;
}

static bool
see_device(struct lan_case *c)
{
	return has(c, "kind", "bacnet") && has(c, "name", "device 260001") &&
	    has(c, "address", ADDRESS) &&
	    strcmp(fake_detail(&c->p, "answer_cast"), "broadcast") == 0 &&
	    c->p.obs->source_port == PORT;
}

static bool
see_routed(struct lan_case *c)
{
	return has(c, "name", "device 260001") &&
	    strcmp(fake_detail(&c->p, "stated_address"), "192.168.7.9") == 0;
}

static bool
see_names(struct lan_case *c)
{
	return has(c, "name", "Haus1") &&
	    strcmp(fake_detail(&c->p, "object_name"), "Haus1") == 0 &&
	    strcmp(fake_detail(&c->p, "vendor_name"), "Haus1") == 0;
}

static bool
see_refusal(struct lan_case *c)
{
	return strcmp(fake_detail(&c->p, "refusal"), "error") == 0;
}

static bool
see_nothing(struct lan_case *c)
{
	return has(c, "kind", "") && fake_detail_int(&c->p, "strange") > 100;
}

#define ROW(what, where, at, how) \
	.name = what, .type = "bacnet", .port = PORT, .address = where, \
	.device = at, .answer = how, .cancel_ms = -1

static const struct lan_case rows[] = {
    {ROW("I-Am to everybody", ADDRESS, "0.0.0.0", by_broadcast),
	.rung = RUNG_APP_REPLY, .look = see_device},
    {ROW("I-Am of anybody", NULL, "0.0.0.0", by_broadcast),
	.rung = RUNG_APP_REPLY, .look = see_device},
    {ROW("I-Am through a router", BROADCAST, "0.0.0.0", through_a_router),
	.rung = RUNG_APP_REPLY, .look = see_routed},
    {ROW("at its own address alone", ADDRESS, ADDRESS, at_its_address),
	.rung = RUNG_APP_REPLY, .look = see_names},
    {ROW("it refuses", ADDRESS, ADDRESS, refuses), .rung = RUNG_APP_REPLY,
	.look = see_refusal},
    {ROW("a broken form", BROADCAST, "0.0.0.0", breaks_the_form),
	.rung = RUNG_SILENCE, .failure = CAUSE_UDP_SILENT, .look = see_nothing},
    {ROW("a broken form at its address", ADDRESS, ADDRESS, breaks_the_form),
	.rung = RUNG_TRANSPORT, .look = see_nothing},
    {ROW("silence", ADDRESS, "0.0.0.0", lan_silent), .rung = RUNG_SILENCE,
	.failure = CAUSE_UDP_SILENT},
    {ROW("nobody listens", ADDRESS, NULL, NULL), .rung = RUNG_REJECTED,
	.failure = CAUSE_TCP_REFUSED},
    {ROW("the wrong address", "10.20.30.62", "0.0.0.0", by_broadcast),
	.rung = RUNG_SILENCE, .failure = CAUSE_UDP_SILENT},
    {ROW("garbage", BROADCAST, "0.0.0.0", lan_garbage), .rung = RUNG_SILENCE,
	.failure = CAUSE_UDP_SILENT},
    {ROW("megabytes", BROADCAST, "0.0.0.0", lan_giants), .rung = RUNG_SILENCE,
	.failure = CAUSE_UDP_SILENT},
};

START_TEST(good_and_hostile_devices_are_told_apart)
{
	ck_assert(lan_cases_hold(rows, sizeof rows / sizeof *rows));
}
END_TEST

/* --- answers that come before the question --- */

/* Answers to every number, of a property that nobody asks for, for as long as
 * the question to this device alone waits for its turn. */
static void
answers_beforehand(int fd, const uint8_t *m, size_t len,
    const struct addr *from, void *arg)
{
	static const uint8_t question[17] = {[16] = 0x4c};
	uint8_t out[64];
	int i, k, *nasked = arg;
	size_t n;

	if (!is_who_is(m, len) || (*nasked)++ > 0)
		return;
	for (k = 0; k < 100; k++) {
		for (i = 0; i < 256; i++) {
			n = property_answer(question, (uint8_t)i, out);
			lan_reply(fd, from, out, n);
			usleep(200);
		}
	}
}

/* Another flow that always waits, too. */
struct crowd {
	struct pace *pace;
	struct pace_ticket ticket;
};

static void
queue_up(void *arg)
{
	struct crowd *c = arg;

	pace_wait(c->pace, &c->ticket, NULL, queue_up, c);
}

START_TEST(what_comes_before_the_question_is_no_answer)
{
	struct fake_probe p;
	struct crowd c = {NULL};
	struct pace *own;
	struct fake_udp *device;
	int nasked = 0;

	if (!fake_lan_start())
		return;
	device = fake_lan_device("0.0.0.0", PORT, answers_beforehand, &nasked);
	fake_probe_init(&p, "bacnet", PROTO_UDP, NULL, ADDRESS, PORT);
	p.vantage.interface = (char *)(uintptr_t) "lan0";
	own = p.env.pace;
	c.pace = p.env.pace = pace_new(p.env.base, 4, 0);
	queue_up(&c);
	ck_assert(fake_probe_run(&p, 30000));
	ck_assert_int_eq(p.obs->rung, RUNG_TRANSPORT);
	ck_assert_int_eq(fake_detail_int(&p, "answered_one"), 0);
	pace_cancel(c.pace, &c.ticket);
	p.env.pace = own;
	fake_probe_free(&p);
	pace_free(c.pace);
	fake_udp_stop(device);
}
END_TEST

HARNESS("probe bacnet", good_and_hostile_devices_are_told_apart,
    what_comes_before_the_question_is_no_answer)
