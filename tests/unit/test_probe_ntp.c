/* SPDX-License-Identifier: MIT */
/* Promises of the time probe (RFC 5905, RFC 4330, the acceptance tests of
 * chrony): only an answer to our own question counts, and its arithmetic. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/base/clock.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/fake_probe.h"
#include "tests/unit/hostile_peer.h"

#define NTP_EPOCH INT64_C(2208988800)

struct clock {
	int64_t ahead_us; /* of this laptop */
	uint8_t leap, stratum;
	uint32_t root_delay, root_dispersion; /* 16.16 */
	const char *refid;
	bool forges_first; /* a wrong nonce goes before */
	bool all_wrong;    /* nonce, then mode, then length */
	bool zero_times;
	int64_t thinks_us; /* between question and answer, as it says */
	int kiss_from;     /* the question from which on it refuses */
	int answers;       /* so many questions, -1 all */
	int silent_first;  /* questions that get no answer */
	int bad_first;     /* answers without the time */
	bool second_wrong; /* that one gets another's answer */
	int seen;
	uint8_t question[48];
};

static void
put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static void
put_time(uint8_t *p, int64_t us)
{
	put32(p, (uint32_t)(us / 1000000 + NTP_EPOCH));
	put32(p + 4, (uint32_t)(((uint64_t)(us % 1000000) << 32) / 1000000));
}

static void
answer(int fd, const uint8_t *q, size_t len, const struct addr *from, void *arg)
{
	struct clock *c = arg;
	uint8_t m[48] = {0};

	c->seen++;
	if (len == 48)
		memcpy(c->question, q, 48);
	if (len != 48 || c->seen <= c->silent_first || c->answers == 0)
		return;
	if (c->answers > 0)
		c->answers--;
	if (c->kiss_from != 0 && c->seen >= c->kiss_from) {
		c->leap = 3;
		c->stratum = 0;
		c->refid = "RATE";
	}
	m[0] = (uint8_t)((c->seen <= c->bad_first ? 3 : c->leap) << 6 | 4 << 3 |
	    (c->all_wrong && c->seen == 2 ? 3 : 4));
	m[1] = c->stratum;
	put32(m + 4, c->root_delay);
	put32(m + 8, c->root_dispersion);
	memcpy(m + 12, c->refid == NULL ? "\300\0\2\1" : c->refid, 4);
	memcpy(m + 24, q + 40, 8);
	if (c->second_wrong && c->seen == 2)
		m[31] ^= 1;
	if (!c->zero_times) {
		put_time(m + 32, clock_wall_us() + c->ahead_us);
		put_time(m + 40, clock_wall_us() + c->ahead_us + c->thinks_us);
	}
	if (c->forges_first || (c->all_wrong && c->seen == 1)) {
		m[24] ^= 1;
		put_time(m + 32, 0);
		sendto(fd, m, 48, 0, &from->sa, from->len);
		if (c->all_wrong)
			return;
		m[24] ^= 1;
		put_time(m + 32, clock_wall_us() + c->ahead_us);
	}
	sendto(fd, m, c->all_wrong && c->seen == 3 ? 47 : 48, 0, &from->sa,
	    from->len);
}

struct asking {
	struct fake_probe p;
	struct fake_udp *server;
};

static void
ask(struct asking *a, struct clock *c)
{
	a->server = fake_udp_start("127.0.0.1", 0, answer, c);
	fake_probe_init(&a->p, "ntp", PROTO_UDP, NULL, "127.0.0.1",
	    fake_udp_port(a->server));
	a->p.env.fast = true; /* pauses of two seconds, not four */
	ck_assert(fake_probe_run(&a->p, 20000));
}

static void
forget(struct asking *a)
{
	fake_probe_free(&a->p);
	fake_udp_stop(a->server);
}

#define ck_result(a, want_rung, want_failure) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, \
				     (int)(a)->p.obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(a)->p.obs->failure), \
		    word_name(&words_cause, want_failure)); \
	} while (0)

START_TEST(two_samples_of_a_good_server_pass_with_its_offset)
{
	/* Ahead by 40 minutes; root delay 0.5 s, dispersion 0.25 s. */
	struct clock c = {.ahead_us = INT64_C(2400000000),
	    .stratum = 2,
	    .answers = -1,
	    .root_delay = 0x8000,
	    .root_dispersion = 0x4000,
	    .forges_first = true};
	struct asking a;
	int64_t offset;

	ask(&a, &c);
	ck_result(&a, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&a.p, "samples"), 2);
	ck_assert_int_eq(c.seen, 2);
	/* With each came a forged answer with another nonce. */
	ck_assert_int_eq(fake_detail_int(&a.p, "rejected"), 2);
	offset = fake_detail_int(&a.p, "offset_us");
	ck_assert_int_ge(offset, INT64_C(2399990000));
	ck_assert_int_le(offset, INT64_C(2400010000));
	ck_assert_int_ge(fake_detail_int(&a.p, "delay_us"), -1000);
	ck_assert_int_le(fake_detail_int(&a.p, "delay_us"), 100000);
	ck_assert_int_eq(fake_detail_int(&a.p, "stratum"), 2);
	ck_assert_int_eq(fake_detail_int(&a.p, "root_delay_us"), 500000);
	ck_assert_int_eq(fake_detail_int(&a.p, "root_dispersion_us"), 250000);
	ck_assert_str_eq(fake_detail(&a.p, "refid"), "c0000201");
	ck_assert_uint_eq(a.p.obs->nattempts, 2);
	ck_assert_uint_ne(a.p.obs->source_port, 0);
	ck_assert_uint_eq(a.p.obs->attempts[0].sent, 48);
	/* Version 4, client; nothing about this laptop but a nonce. */
	ck_assert_uint_eq(c.question[0], 0x23);
	for (size_t i = 1; i < 40; i++)
		ck_assert_uint_eq(c.question[i], 0);
	forget(&a);
}
END_TEST

/* 2036-02-07T06:28:16Z is the first second of era 1 (RFC 4330 section 3). */
START_TEST(a_server_in_the_next_era_is_measured_too)
{
	struct clock c = {.stratum = 1, .answers = -1};
	struct asking a;

	c.ahead_us = (INT64_C(4294967296) - NTP_EPOCH + 100) * 1000000 -
	    clock_wall_us();
	ask(&a, &c);
	ck_result(&a, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_ge(fake_detail_int(&a.p, "offset_us"),
	    c.ahead_us - 10000);
	ck_assert_int_le(fake_detail_int(&a.p, "offset_us"),
	    c.ahead_us + 10000);
	forget(&a);
}
END_TEST

/* Another nonce, another mode, a byte too short: three questions, and then
 * it is silence, in bounded time. */
START_TEST(what_does_not_belong_to_the_question_is_silence)
{
	struct clock c = {.stratum = 2, .answers = -1, .all_wrong = true};
	struct asking a;
	size_t i;

	ask(&a, &c);
	ck_result(&a, RUNG_SILENCE, CAUSE_UDP_SILENT);
	ck_assert_int_eq(c.seen, 3);
	ck_assert_int_eq(fake_detail_int(&a.p, "rejected"), 3);
	ck_assert_uint_eq(a.p.obs->nattempts, 3);
	for (i = 0; i < 3; i++)
		ck_assert_str_eq(a.p.obs->attempts[i].result, "silence");
	ck_assert_int_ge(a.p.obs->duration_us, 5000000);
	ck_assert_int_le(a.p.obs->duration_us, 9000000);
	forget(&a);
}
END_TEST

START_TEST(a_server_without_the_time_says_so)
{
	static const struct {
		struct clock clock;
		const char *kiss;
	} rows[] = {
	    {{.leap = 3, .stratum = 2}, ""},
	    {{.stratum = 0}, ""},
	    {{.stratum = 16}, ""},
	    {{.stratum = 2, .zero_times = true}, ""},
	    /* Root distance of 16 s: chrony's test 7. */
	    {{.stratum = 2,
		 .root_delay = 20u << 16,
		 .root_dispersion = 6u << 16},
		""},
	    /* RFC 5905 section 7.4. */
	    {{.leap = 3, .stratum = 0, .refid = "RATE"}, "RATE"},
	    {{.leap = 3, .stratum = 0, .refid = "DENY"}, "DENY"},
	    {{.leap = 3, .stratum = 0, .refid = "RSTR"}, "RSTR"},
	    {{.leap = 3, .stratum = 0}, ""},
	    /* It claims to have taken ten seconds: chrony's test A. */
	    {{.stratum = 2, .thinks_us = 10000000}, ""},
	};
	struct asking a;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct clock c = rows[i].clock;

		c.answers = -1;
		ask(&a, &c);
		ck_result(&a, RUNG_APP_REPLY, CAUSE_NTP_UNSYNCHRONISED);
		ck_assert_str_eq(fake_detail(&a.p, "kiss"), rows[i].kiss);
		/* Who refuses is not asked again; who does not know the time
		 * says so twice before it is believed. */
		ck_assert_int_eq(c.seen, rows[i].kiss[0] != '\0' ? 1 : 2);
		forget(&a);
	}
}
END_TEST

/* A single answer may be forged, or come in the moment of a restart. */
START_TEST(one_answer_without_the_time_is_not_believed)
{
	struct clock c = {.stratum = 2, .answers = -1, .bad_first = 1};
	struct clock alone = {.leap = 3, .stratum = 2, .answers = 1};
	struct asking a;

	ask(&a, &c);
	ck_result(&a, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(c.seen, 3);
	ck_assert_int_eq(fake_detail_int(&a.p, "samples"), 2);
	ck_assert_int_eq(fake_detail_int(&a.p, "unsynchronised"), 1);
	ck_assert_int_eq(fake_detail_int(&a.p, "stratum"), 2);
	forget(&a);
	ask(&a, &alone);
	ck_result(&a, RUNG_APP_REPLY, CAUSE_NTP_UNSYNCHRONISED);
	ck_assert_int_eq(alone.seen, 3);
	ck_assert_int_eq(fake_detail_int(&a.p, "unsynchronised"), 1);
	forget(&a);
}
END_TEST

START_TEST(a_lost_packet_is_asked_for_again)
{
	/* Behind by 40 minutes, and its root just near enough. */
	struct clock c = {.ahead_us = INT64_C(-2400000000),
	    .stratum = 2,
	    .answers = -1,
	    .silent_first = 1,
	    .root_delay = 20u << 16,
	    .root_dispersion = (6u << 16) - 10};
	struct asking a;

	ask(&a, &c);
	ck_result(&a, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&a.p, "samples"), 2);
	ck_assert_int_eq(c.seen, 3);
	ck_assert_int_ge(fake_detail_int(&a.p, "offset_us"), -2400010000);
	ck_assert_int_le(fake_detail_int(&a.p, "offset_us"), -2399990000);
	ck_assert_str_eq(a.p.obs->attempts[0].result, "silence");
	ck_assert_int_eq(a.p.nslow, 1);
	forget(&a);
}
END_TEST

START_TEST(one_sample_alone_is_told_as_one)
{
	struct clock c = {.stratum = 2, .answers = 1};
	struct asking a;

	ask(&a, &c);
	ck_assert_int_eq(a.p.obs->rung, RUNG_APP_REPLY);
	ck_assert_int_eq(fake_detail_int(&a.p, "samples"), 1);
	ck_assert_int_eq(c.seen, 3); /* the second was tried again */
	forget(&a);
}
END_TEST

/* Asked twice, it refuses the second time: that is no second sample. */
START_TEST(a_server_that_has_enough_is_left_alone)
{
	struct clock c = {.stratum = 2, .answers = -1, .kiss_from = 2};
	struct asking a;

	ask(&a, &c);
	ck_result(&a, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&a.p, "samples"), 1);
	ck_assert_str_eq(fake_detail(&a.p, "kiss"), "RATE");
	ck_assert_int_eq(c.seen, 2);
	forget(&a);
}
END_TEST

/* time.nist.gov refuses whoever asks more than once in four seconds. */
START_TEST(a_public_server_is_given_time)
{
	struct clock c = {.stratum = 2, .answers = -1};
	struct fake_udp *server = fake_udp_start("127.0.0.1", 0, answer, &c);
	struct fake_probe p;

	fake_probe_init(&p, "ntp", PROTO_UDP, NULL, "127.0.0.1",
	    fake_udp_port(server));
	ck_assert(fake_probe_run(&p, 20000));
	ck_assert_int_eq(fake_detail_int(&p, "samples"), 2);
	ck_assert_int_ge(p.obs->attempts[1].offset_us, 3990000);
	fake_probe_free(&p);
	fake_udp_stop(server);
}
END_TEST

static size_t
right_answer(const uint8_t *q, size_t len, const struct addr *from, bool other,
    uint8_t *out, size_t size)
{
	(void)from;
	(void)size;
	if (len != 48)
		return 0;
	memset(out, 0, 48);
	out[0] = 4 << 3 | 4;
	out[1] = 2;
	memcpy(out + 24, q + 40, 8);
	out[24] ^= other;
	put_time(out + 32, clock_wall_us());
	put_time(out + 40, clock_wall_us());
	return 48;
}

START_TEST(hostile_servers_never_pass)
{
	static const struct hostile h = {"ntp", right_answer, 2};

	hostile_udp(&h);
}
END_TEST

/* A box that answers in place of a server far away: the packet that expires
 * at the first hop is answered too. Here the address is on this machine. */
START_TEST(an_answer_from_the_first_hop_is_noted)
{
	static const char *const addresses[] = {"203.0.113.60", NULL};
	struct clock c = {.stratum = 2, .answers = -1};
	struct fake_udp *server;
	struct fake_probe p;

	if (!fake_private_network(addresses))
		return;
	server = fake_udp_start("203.0.113.60", 123, answer, &c);
	fake_probe_init(&p, "ntp", PROTO_UDP, NULL, "203.0.113.60", 123);
	p.env.fast = true;
	ck_assert(fake_probe_run(&p, 20000));
	ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
	ck_assert(fake_detail_is(&p, "answered_near"));
	ck_assert_int_eq(c.seen, 3);
	ck_assert_int_eq(fake_detail_int(&p, "samples"), 2);
	fake_probe_free(&p);
	fake_udp_stop(server);
}
END_TEST

static void
keep(int fd, void *arg)
{
	char data[8];

	(void)arg;
	fake_read_until(fd, "never", data, sizeof data);
}

/* Where every packet gets a new life on the way, an answer to one that was to
 * expire proves nothing; nor does an answer that is not to it. */
START_TEST(an_answer_proves_nothing_where_packets_do_not_expire)
{
	static const char *const addresses[] = {"203.0.113.60", NULL};
	struct clock c[] = {{.stratum = 2, .answers = -1},
	    {.stratum = 2, .answers = -1, .second_wrong = true}};
	struct fake_tcp *far;
	struct fake_udp *server;
	struct fake_probe p;
	int i;

	if (!fake_private_network(addresses))
		return;
	far = fake_tcp_start("203.0.113.60", keep, NULL);
	for (i = 0; i < 2; i++) {
		server = fake_udp_start("203.0.113.60", 123, answer, &c[i]);
		fake_probe_init(&p, "ntp", PROTO_UDP, NULL, "203.0.113.60",
		    123);
		p.env.fast = true;
		if (i == 0)
			addr_parse(&p.env.control[0], "203.0.113.60",
			    fake_tcp_port(far));
		ck_assert(fake_probe_run(&p, 20000));
		ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
		ck_assert(!fake_detail_is(&p, "answered_near"));
		ck_assert_int_eq(fake_detail_is(&p, "life_ignored"), i == 0);
		ck_assert_int_eq(fake_detail_int(&p, "samples"), 2);
		fake_probe_free(&p);
		fake_udp_stop(server);
	}
	fake_tcp_stop(far);
}
END_TEST

START_TEST(a_closed_port_is_rejected_by_its_sender_twice)
{
	struct fake_probe p;

	fake_probe_init(&p, "ntp", PROTO_UDP, NULL, "127.0.0.1",
	    fake_closed_port());
	ck_assert(fake_probe_run(&p, 3000));
	ck_assert_int_eq(p.obs->rung, RUNG_REJECTED);
	ck_assert_int_eq(p.obs->failure, CAUSE_TCP_REFUSED);
	ck_assert_str_eq(p.obs->offender, "127.0.0.1");
	ck_assert_uint_eq(p.obs->nattempts, 2);
	ck_assert_str_eq(p.obs->attempts[0].result, "icmp");
	ck_assert_int_eq(p.obs->attempts[1].icmp_type, 3);
	ck_assert_int_eq(p.obs->attempts[1].icmp_code, 3);
	fake_probe_free(&p);
}
END_TEST

START_TEST(no_way_there_is_the_laptops_own_error)
{
	struct fake_probe p;

	if (!fake_private_network(NULL))
		return;
	fake_probe_init(&p, "ntp", PROTO_UDP, NULL, "192.0.2.1", 123);
	ck_assert(fake_probe_run(&p, 3000));
	ck_assert_int_eq(p.obs->rung, RUNG_LOCAL_ERROR);
	ck_assert_int_eq(p.obs->failure, CAUSE_NET_UNREACHABLE);
	fake_probe_free(&p);
}
END_TEST

HARNESS("probe ntp", two_samples_of_a_good_server_pass_with_its_offset,
    a_server_in_the_next_era_is_measured_too,
    what_does_not_belong_to_the_question_is_silence,
    a_server_without_the_time_says_so,
    one_answer_without_the_time_is_not_believed,
    a_lost_packet_is_asked_for_again, one_sample_alone_is_told_as_one,
    a_server_that_has_enough_is_left_alone, a_public_server_is_given_time,
    an_answer_from_the_first_hop_is_noted,
    an_answer_proves_nothing_where_packets_do_not_expire,
    hostile_servers_never_pass, a_closed_port_is_rejected_by_its_sender_twice,
    no_way_there_is_the_laptops_own_error)
