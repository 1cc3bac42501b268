/* SPDX-License-Identifier: MIT */
/* Promises of the questions to zencontrol's Third Party Interface: only the
 * documented frames that read are sent, and only a frame with the right
 * checksum and number is an answer (facts 2.1 and 2.2, whose samples these
 * bytes are). */
#include "tests/unit/harness.h"

#include <string.h>

#include "tests/unit/lan_case.h"

#define PORT 5108
#define ADDRESS "10.20.30.60"

static uint8_t
sum(const uint8_t *data, size_t len)
{
	uint8_t all = 0;

	while (len-- > 0)
		all = (uint8_t)(all ^ *data++);
	return all;
}

static void
reply(int fd, const struct addr *to, uint8_t type, uint8_t seq,
    const void *data, size_t len)
{
	uint8_t m[80] = {type, seq, (uint8_t)len};

	if (len > 0)
		memcpy(m + 3, data, len);
	m[3 + len] = sum(m, 3 + len);
	lan_reply(fd, to, m, 4 + len);
}

/* A device that notes whatever it was never to be asked. */
static bool
is_allowed(const uint8_t *m, size_t len)
{
	static const uint8_t zero[4], classic[] = {3, 0, 0, 0, 0, 0xa0, 0xa3};

	if (len == 7)
		return memcmp(m, classic, 7) == 0;
	/* The documented checksums are those of number 0. */
	return len == 8 && m[0] == 4 && memcmp(m + 3, zero, 4) == 0 &&
	    ((m[2] == 0x1c && (m[7] ^ m[1]) == 0x18) ||
		(m[2] == 0x24 && (m[7] ^ m[1]) == 0x20) ||
		(m[2] == 0x27 && (m[7] ^ m[1]) == 0x23));
}

static bool
check(const uint8_t *m, size_t len, struct lan_case *c)
{
	if (!is_allowed(m, len))
		c->nasked = -1000;
	return len == 8;
}

static void
controller(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	if (!check(m, len, c))
		return;
	if (m[2] == 0x1c)
		reply(fd, from, 0xa1, m[1], "\x01\x06\xff", 3);
	else if (m[2] == 0x24)
		reply(fd, from, 0xa1, m[1], "Kitchen \x1b[31m", 13);
	else
		reply(fd, from, 0xa0, m[1], NULL, 0);
}

static void
without_licence(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	if (check(m, len, c))
		reply(fd, from, 0xa3, m[1], "\xb0", 1);
}

/* Queue full, twice, and then it has time. */
static void
busy_first(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	if (c->nasked <= 2)
		reply(fd, from, 0xa3, m[1], "\xb3", 1);
	else
		controller(fd, m, len, from, c);
}

static void
starting_up(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	if (check(m, len, c))
		reply(fd, from, 0xa2, m[1], NULL, 0);
}

static void
classic_only(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	if (!check(m, len, c) && len == 7)
		lan_reply(fd, from, "\x51\xfe\xaf", 3);
}

static void
broken_frames(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	uint8_t good[7] = {0xa1, m[1], 3, 1, 6, 255}, bad[8];
	size_t i;

	if (!check(m, len, c)) {
		lan_reply(fd, from, "\x51\xfe\xae", 3);
		lan_reply(fd, from, "\x54\xfe\xaa", 3);
		lan_reply(fd, from, "\x51\xfe\xaf\x00", 4);
		return;
	}
	good[6] = sum(good, 6);
	for (i = 0; i < 7; i++)
		lan_reply(fd, from, good, i); /* too short */
	memcpy(bad, good, 7);
	bad[7] = 0;
	lan_reply(fd, from, bad, 8); /* too long */
	bad[6] ^= 1;
	lan_reply(fd, from, bad, 7); /* checksum */
	reply(fd, from, 0xa1, (uint8_t)(m[1] + 1), good + 3, 3);
	reply(fd, from, 0xa4, m[1], good + 3, 3);
	reply(fd, from, 0x9f, m[1], good + 3, 3);
}

/* Each answer belongs to the question before, once. */
static void
late(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	if (check(m, len, c))
		reply(fd, from, 0xa1, (uint8_t)(m[1] - 1), "\1\6\377", 3);
}

static void
first_only(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	int i;

	for (i = 0; c->nasked == 1 && i < 5; i++)
		controller(fd, m, len, from, c);
}

static void
notes_only(int fd, const uint8_t *m, size_t len, const struct addr *from,
    struct lan_case *c)
{
	(void)fd;
	(void)from;
	check(m, len, c);
}

static bool
has_detail(const struct lan_case *c, const char *name, const char *want)
{
	return strcmp(fake_detail(&c->p, name), want) == 0;
}

static bool
see_controller(struct lan_case *c)
{
	return c->nasked >= 3 && has_detail(c, "version", "1.6.255") &&
	    has_detail(c, "form", "advanced") &&
	    has_detail(c, "startup", "complete") &&
	    strcmp(lan_first_device(c, "kind"), "controller") == 0 &&
	    strcmp(lan_first_device(c, "firmware"), "1.6.255") == 0 &&
	    strcmp(lan_first_device(c, "address"), ADDRESS) == 0 &&
	    strncmp(lan_first_device(c, "name"), "Kitchen", 7) == 0 &&
	    strchr(lan_first_device(c, "name"), '\033') == NULL;
}

static bool
see_licence(struct lan_case *c)
{
	return c->nasked == 3 && fake_detail_is(&c->p, "licence_missing") &&
	    has_detail(c, "why", "tpi_licence") &&
	    has_detail(c, "errors", "B0 B0 B0");
}

static bool
see_busy(struct lan_case *c)
{
	return c->nasked == 5 && see_controller(c);
}

static bool
see_starting(struct lan_case *c)
{
	return c->nasked == 3 && has_detail(c, "startup", "starting");
}

static bool
see_classic(struct lan_case *c)
{
	return c->nasked == 5 && has_detail(c, "form", "classic") &&
	    fake_detail_int(&c->p, "answers") == 2;
}

static bool
see_silence(struct lan_case *c)
{
	return c->nasked == 5 && has_detail(c, "why", "tpi_silent");
}

static bool
see_nothing_else(struct lan_case *c)
{
	return c->nasked > 0;
}

#define ROW(what, at, how) \
	.name = what, .type = "tpi", .port = PORT, .address = ADDRESS, \
	.device = at, .answer = how, .cancel_ms = -1

static const struct lan_case rows[] = {
    {ROW("a controller", ADDRESS, controller), .rung = RUNG_APP_REPLY,
	.look = see_controller},
    {ROW("no licence", ADDRESS, without_licence), .rung = RUNG_APP_REPLY,
	.look = see_licence},
    {ROW("busy", ADDRESS, busy_first), .rung = RUNG_APP_REPLY,
	.look = see_busy},
    {ROW("starting", ADDRESS, starting_up), .rung = RUNG_APP_REPLY,
	.look = see_starting},
    {ROW("classic", ADDRESS, classic_only), .rung = RUNG_APP_REPLY,
	.look = see_classic},
    {ROW("broken frames", ADDRESS, broken_frames), .rung = RUNG_TRANSPORT,
	.look = see_nothing_else},
    {ROW("late answers", ADDRESS, late), .rung = RUNG_TRANSPORT},
    {ROW("the first only, five times", ADDRESS, first_only),
	.rung = RUNG_TRANSPORT, .look = see_nothing_else},
    {ROW("silence", ADDRESS, notes_only), .rung = RUNG_SILENCE,
	.failure = CAUSE_UDP_SILENT, .look = see_silence},
    {ROW("the wrong address", "0.0.0.0", controller), .rung = RUNG_SILENCE,
	.failure = CAUSE_UDP_SILENT},
    {ROW("nobody listens", NULL, NULL), .rung = RUNG_REJECTED,
	.failure = CAUSE_TCP_REFUSED},
    {ROW("garbage", ADDRESS, lan_garbage), .rung = RUNG_TRANSPORT},
    {ROW("the wrong protocol", ADDRESS, lan_web_page), .rung = RUNG_TRANSPORT},
    {ROW("single bytes", ADDRESS, lan_single_bytes), .rung = RUNG_TRANSPORT},
    {ROW("megabytes", ADDRESS, lan_giants), .rung = RUNG_TRANSPORT},
};

START_TEST(good_and_hostile_controllers_are_told_apart)
{
	struct lan_case all[sizeof rows / sizeof *rows];
	size_t i;

	memcpy(all, rows, sizeof rows);
	/* Asked at another address than it answers from. */
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(all[i].name, "the wrong address") == 0)
			all[i].address = "10.20.30.62";
	}
	ck_assert(lan_cases_hold(all, sizeof rows / sizeof *rows));
}
END_TEST

START_TEST(it_can_be_cancelled_at_every_stage)
{
	static const int when_ms[] = {0, 1, 30, 400, 1200, 3400};
	struct lan_case many[12];
	size_t i;

	for (i = 0; i < 12; i++) {
		many[i] = (struct lan_case){
		    ROW("cancelled", ADDRESS, notes_only)};
		/* Also while what is no answer keeps coming. */
		if (i >= 6)
			many[i].answer = lan_web_page;
		many[i].cancel_ms = when_ms[i % 6];
		many[i].rung = RUNG_NONE;
		many[i].failure = CAUSE_CANCELLED;
	}
	ck_assert(lan_cases_hold(many, 12));
}
END_TEST

HARNESS("probe tpi", good_and_hostile_controllers_are_told_apart,
    it_can_be_cancelled_at_every_stage)
