/* SPDX-License-Identifier: MIT */
/* Promises of plain UDP to a device: only empty datagrams are sent, two
 * answers are more than silence, and silence never passes. */
#include "tests/unit/harness.h"

#include <string.h>

#include "tests/unit/lan_case.h"

#define PORT 5110
#define ADDRESS "10.20.30.60"

static void
talker(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	(void)m;
	if (len != 0)
		c->nasked = -1000;
	lan_reply(fd, from, "hello\033[2J", 9);
}

static void
once(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	if (c->nasked == 1)
		talker(fd, m, len, from, c);
}

static void
empty(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	(void)m;
	(void)len;
	(void)c;
	lan_reply(fd, from, "", 0);
}

static void
listener(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	(void)fd;
	(void)m;
	(void)from;
	if (len != 0)
		c->nasked = -1000;
}

static bool
see_talk(struct lan_case *c)
{
	return c->nasked == 2 && fake_detail_int(&c->p, "answers") == 2 &&
	    strncmp(fake_detail(&c->p, "first_bytes"), "hello", 5) == 0 &&
	    strchr(fake_detail(&c->p, "first_bytes"), '\033') == NULL;
}

static bool
see_silence(struct lan_case *c)
{
	return c->nasked == 3 && c->p.obs->nattempts == 3 && c->p.nslow == 1 &&
	    strcmp(fake_detail(&c->p, "why"), "far_end") == 0;
}

static bool
see_refusal(struct lan_case *c)
{
	return c->p.obs->offender != NULL &&
	    strcmp(c->p.obs->offender, ADDRESS) == 0;
}

#define ROW(what, where, at, how) \
	.name = what, .type = "lan_udp", .port = PORT, .address = where, \
	.device = at, .answer = how, .cancel_ms = -1

static const struct lan_case rows[] = {
    {ROW("it talks", ADDRESS, ADDRESS, talker), .rung = RUNG_TRANSPORT,
	.look = see_talk},
    {ROW("it is as short", ADDRESS, ADDRESS, empty), .rung = RUNG_TRANSPORT},
    {ROW("it talks once", ADDRESS, ADDRESS, once), .rung = RUNG_SILENCE,
	.failure = CAUSE_UDP_SILENT},
    {ROW("it listens", ADDRESS, ADDRESS, listener), .rung = RUNG_SILENCE,
	.failure = CAUSE_UDP_SILENT, .look = see_silence},
    {ROW("nobody listens", ADDRESS, NULL, NULL), .rung = RUNG_REJECTED,
	.failure = CAUSE_TCP_REFUSED, .look = see_refusal},
    {ROW("the wrong address", "10.20.30.62", "0.0.0.0", talker),
	.rung = RUNG_SILENCE, .failure = CAUSE_UDP_SILENT},
    {ROW("nobody is there", "10.20.30.99", NULL, NULL), .rung = RUNG_REJECTED,
	.failure = CAUSE_HOST_UNREACHABLE},
    {ROW("garbage", ADDRESS, ADDRESS, lan_garbage), .rung = RUNG_TRANSPORT},
    {ROW("megabytes", ADDRESS, ADDRESS, lan_giants), .rung = RUNG_TRANSPORT},
};

START_TEST(silence_never_passes)
{
	ck_assert(lan_cases_hold(rows, sizeof rows / sizeof *rows));
}
END_TEST

START_TEST(it_can_be_cancelled_at_every_stage)
{
	static const int when_ms[] = {0, 1, 30, 1200, 2500};
	struct lan_case many[10];
	size_t i;

	for (i = 0; i < 10; i++) {
		many[i] = (struct lan_case){ROW("cancelled", ADDRESS, ADDRESS,
		    i < 5 ? listener : once)};
		many[i].cancel_ms = when_ms[i % 5];
		many[i].rung = RUNG_NONE;
		many[i].failure = CAUSE_CANCELLED;
	}
	ck_assert(lan_cases_hold(many, 10));
}
END_TEST

HARNESS("probe lan_udp", silence_never_passes,
    it_can_be_cancelled_at_every_stage)
