/* SPDX-License-Identifier: MIT */
/* Promises of the KNX search: the request says where to answer, and only a
 * search response that holds together is an answer. The bytes are put
 * together from the layout in facts 1.11. */
#include "tests/unit/harness.h"

#include <arpa/inet.h>
#include <string.h>

#include "tests/unit/lan_case.h"

#define PORT 3671
#define GROUP "224.0.23.12"
#define ADDRESS "10.20.30.60"

/* Header, endpoint 10.20.30.60:3671, device information, families. */
static const uint8_t response[] = {0x06, 0x10, 0x02, 0x02, 0x00,
    0x4e, /* 6 + 8 + 54 + 10 */
    0x08, 0x01, 10, 20, 30, 60, 0x0e, 0x57, 0x36, 0x01, 0x02, 0x00, 0x11, 0x05,
    0x00, 0x00, /* 1.1.5 */
    0x00, 0xc5, 0x01, 0x02, 0xd8, 0x46, 224, 0, 23, 12, 0x00, 0x24, 0x6d, 0x02,
    0x96, 0x1d, 'G', 'i', 'r', 'a', ' ', 'K', 0xfc, 'c', 'h', 'e', 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a, 0x02, 0x02, 0x01,
    0x03, 0x01, 0x04, 0x01, 0x05, 0x01};

#define DEVICE 14 /* where its description begins */
#define FAMILIES 68

/* To the address and port that the request names. */
static bool
read_request(const uint8_t *m, size_t len, struct addr *to, struct lan_case *c)
{
	static const uint8_t head[] = {0x06, 0x10, 0x02, 0x01, 0x00, 0x0e, 0x08,
	    0x01};
	static const uint8_t laptop[] = {10, 20, 30, 50};

	if (len != 14 || memcmp(m, head, sizeof head) != 0 ||
	    memcmp(m + 8, laptop, 4) != 0) {
		c->nasked = -1000;
		return false;
	}
	addr_parse(to, "10.20.30.50", (uint16_t)(m[12] << 8 | m[13]));
	return true;
}

static void
gateway(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	struct addr to;

	(void)from;
	if (read_request(m, len, &to, c))
		lan_reply(fd, &to, response, sizeof response);
}

/* Each time the whole, broken in one way. */
static void
breaks_the_form(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	/* Which byte is given which value. */
	static const uint8_t rows[][2] = {
	    {0, 7},
	    {1, 0x20},
	    {2, 3},
	    {3, 1},
	    {4, 1},
	    {5, 0x4d},
	    {6, 7},
	    {7, 3},
	    {DEVICE, 0x35},
	    {DEVICE, 0},
	    {DEVICE, 1},
	    {DEVICE, 0xff},
	    {DEVICE + 1, 0xfe},
	    {FAMILIES, 0},
	    {FAMILIES, 0x0b},
	    {FAMILIES, 0x09},
	    {FAMILIES + 1, 0x01},
	};
	uint8_t bad[sizeof response];
	struct addr to;
	size_t i;

	(void)from;
	if (!read_request(m, len, &to, c))
		return;
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		memcpy(bad, response, sizeof bad);
		bad[rows[i][0]] = rows[i][1];
		lan_reply(fd, &to, bad, sizeof bad);
	}
	for (i = 0; i < sizeof response; i++) {
		memcpy(bad, response, sizeof bad);
		lan_reply(fd, &to, bad, i);
		bad[5] = (uint8_t)i; /* and says so; only the device is due */
		if (i < FAMILIES)
			lan_reply(fd, &to, bad, i);
	}
}

static bool
see_gateway(struct lan_case *c)
{
	return c->nasked > 0 &&
	    strcmp(lan_first_device(c, "kind"), "knx") == 0 &&
	    strcmp(lan_first_device(c, "name"),
		"Gira K\xc3\xbc"
		"che") == 0 &&
	    strcmp(lan_first_device(c, "serial"), "00C50102D846") == 0 &&
	    strcmp(lan_first_device(c, "mac"), "00:24:6D:02:96:1D") == 0 &&
	    strcmp(fake_detail(&c->p, "individual_address"), "1.1.5") == 0 &&
	    strcmp(fake_detail(&c->p, "families"),
		"core 1, device management 1, tunnelling 1, routing 1") == 0;
}

static bool
see_nothing(struct lan_case *c)
{
	return c->nasked > 0 && strcmp(lan_first_device(c, "kind"), "") == 0 &&
	    fake_detail_int(&c->p, "strange") > 100;
}

#define ROW(what, where, at, how) \
	.name = what, .type = "knx", .port = PORT, .address = where, \
	.device = at, .answer = how, .cancel_ms = -1

static const struct lan_case rows[] = {
    {ROW("a gateway", GROUP, "0.0.0.0", gateway), .group = GROUP,
	.rung = RUNG_APP_REPLY, .look = see_gateway},
    {ROW("the known gateway", ADDRESS, "0.0.0.0", gateway), .group = GROUP,
	.rung = RUNG_APP_REPLY, .look = see_gateway},
    {ROW("the group is lost", ADDRESS, ADDRESS, gateway),
	.rung = RUNG_APP_REPLY, .failure = CAUSE_MULTICAST_LOST,
	.look = see_gateway},
    {ROW("nobody in the group", GROUP, "0.0.0.0", gateway),
	.rung = RUNG_SILENCE, .failure = CAUSE_UDP_SILENT},
    {ROW("a broken form", GROUP, "0.0.0.0", breaks_the_form), .group = GROUP,
	.rung = RUNG_SILENCE, .failure = CAUSE_UDP_SILENT, .look = see_nothing},
    {ROW("nobody listens", ADDRESS, NULL, NULL), .rung = RUNG_REJECTED,
	.failure = CAUSE_TCP_REFUSED},
    {ROW("garbage", GROUP, "0.0.0.0", lan_garbage), .group = GROUP,
	.rung = RUNG_SILENCE, .failure = CAUSE_UDP_SILENT},
    {ROW("megabytes", GROUP, "0.0.0.0", lan_giants), .group = GROUP,
	.rung = RUNG_SILENCE, .failure = CAUSE_UDP_SILENT},
};

START_TEST(good_and_hostile_gateways_are_told_apart)
{
	ck_assert(lan_cases_hold(rows, sizeof rows / sizeof *rows));
}
END_TEST

HARNESS("probe knx", good_and_hostile_gateways_are_told_apart)
