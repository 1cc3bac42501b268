/* SPDX-License-Identifier: MIT */
/* Promises of the STUN probe (RFC 5389, the sample messages of RFC 5769): only
 * an answer to our own transaction counts, and what it says of our address. */
#include "tests/unit/harness.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/probe/stun_message.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/fake_probe.h"
#include "tests/unit/hostile_peer.h"

/* RFC 5769 section 2.2: 192.0.2.1, port 32853. */
static const uint8_t sample4[] = {0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4,
    0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf,
    0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65,
    0x63, 0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1,
    0x47, 0xe1, 0x12, 0xa6, 0x43, 0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5,
    0x99, 0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89, 0xf9, 0x2a, 0xf9, 0xba,
    0x53, 0xf0, 0x6b, 0xe7, 0xd7, 0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c,
    0x96};
/* RFC 5769 section 2.3: 2001:db8:1234:5678:11:2233:4455:6677, port 32853. */
static const uint8_t sample6[] = {0x01, 0x01, 0x00, 0x48, 0x21, 0x12, 0xa4,
    0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf,
    0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65,
    0x63, 0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1,
    0x47, 0x01, 0x13, 0xa9, 0xfa, 0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25, 0xf4,
    0xb5, 0xbe, 0xd2, 0xb9, 0xd9, 0x00, 0x08, 0x00, 0x14, 0xa3, 0x82, 0x95,
    0x4e, 0x4b, 0xe6, 0x7b, 0xf1, 0x17, 0x84, 0xc9, 0x7c, 0x82, 0x92, 0xc2,
    0x75, 0xbf, 0xe3, 0xed, 0x41, 0x80, 0x28, 0x00, 0x04, 0xc8, 0xfb, 0x0b,
    0x4c};

START_TEST(the_rfcs_samples_are_read)
{
	struct stun_reply r;
	char text[ADDR_TEXT_SIZE];

	ck_assert_int_eq(stun_read(sample4, sizeof sample4, sample4 + 8, &r),
	    STUN_SUCCESS);
	ck_assert_str_eq(addr_text(&r.mapped, text), "192.0.2.1");
	ck_assert_uint_eq(addr_port(&r.mapped), 32853);
	ck_assert_uint_eq(r.software_len, 11);
	ck_assert(memcmp(r.software, "test vector", 11) == 0);
	ck_assert_int_eq(stun_read(sample6, sizeof sample6, sample6 + 8, &r),
	    STUN_SUCCESS);
	ck_assert_str_eq(addr_text(&r.mapped, text),
	    "2001:db8:1234:5678:11:2233:4455:6677");
	ck_assert_uint_eq(addr_port(&r.mapped), 32853);
}
END_TEST

/* Cut anywhere, or any single byte of the frame wrong, it is no answer. */
START_TEST(a_damaged_answer_is_none)
{
	/* Type, cookie, id; lengths of message and attributes; family. */
	static const size_t frame[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 19, 22,
	    38, 39, 41, 50};
	struct stun_reply r;
	uint8_t m[sizeof sample4];
	size_t i;

	for (i = 0; i < sizeof sample4; i++)
		ck_assert_int_eq(stun_read(sample4, i, sample4 + 8, &r),
		    STUN_NOT);
	for (i = 0; i < sizeof frame / sizeof *frame; i++) {
		memcpy(m, sample4, sizeof m);
		m[frame[i]] ^= 0x40;
		ck_assert_msg(stun_read(m, sizeof m, sample4 + 8, &r) ==
			STUN_NOT,
		    "byte %zu", frame[i]);
	}
}
END_TEST

START_TEST(a_request_is_the_twenty_bytes_of_the_rfc)
{
	uint8_t m[STUN_HEADER];

	stun_request(m, sample4 + 8);
	ck_assert(memcmp(m, "\0\1\0\0\x21\x12\xa4\x42", 8) == 0);
	ck_assert(memcmp(m + 8, sample4 + 8, 12) == 0);
}
END_TEST

/* A server, assembled from RFC 5389 section 15. */
struct server {
	bool no_xor;  /* only MAPPED-ADDRESS, as RFC 3489 */
	bool altered; /* MAPPED-ADDRESS says otherwise */
	bool moves;   /* another port each time */
	bool unknown; /* an attribute that must be understood */
	bool error;   /* 420 */
	bool other;   /* RFC 5780 */
	int seen;
	uint8_t first[STUN_HEADER];
};

static size_t
put_attribute(uint8_t *m, size_t at, unsigned type, const void *value,
    size_t len)
{
	m[at] = (uint8_t)(type >> 8);
	m[at + 1] = (uint8_t)type;
	m[at + 2] = 0;
	m[at + 3] = (uint8_t)len;
	memcpy(m + at + 4, value, len);
	return at + 4 + len;
}

static size_t
put_address(uint8_t *m, size_t at, unsigned type, uint16_t port,
    const uint8_t ip[4], bool mixed)
{
	static const uint8_t mask[] = {0x21, 0x12, 0xa4, 0x42};
	uint8_t v[8] = {0, 1, (uint8_t)(port >> 8), (uint8_t)port, ip[0], ip[1],
	    ip[2], ip[3]};
	int i;

	for (i = 0; mixed && i < 4; i++)
		v[4 + i] ^= mask[i];
	for (i = 0; mixed && i < 2; i++)
		v[2 + i] ^= mask[i];
	return put_attribute(m, at, type, v, 8);
}

static size_t
begin_answer(uint8_t *m, const uint8_t *q, unsigned type)
{
	memcpy(m, q, STUN_HEADER);
	m[0] = (uint8_t)(type >> 8);
	m[1] = (uint8_t)type;
	return STUN_HEADER;
}

static void
answer(int fd, const uint8_t *q, size_t len, const struct addr *from, void *arg)
{
	struct server *s = arg;
	const uint8_t *ip = (const uint8_t *)&from->in.sin_addr;
	uint16_t port = addr_port(from);
	uint8_t m[256];
	size_t at;

	ck_assert_uint_eq(len, STUN_HEADER);
	if (s->seen++ == 0)
		memcpy(s->first, q, len);
	if (s->moves)
		port = (uint16_t)(40000 + s->seen);
	at = begin_answer(m, q, s->error ? 0x0111 : 0x0101);
	if (s->error)
		at = put_attribute(m, at, 0x0009, "\0\0\4\24no\0\0", 8);
	else if (!s->no_xor)
		at = put_address(m, at, 0x0020, port, ip, true);
	if (s->no_xor || s->altered)
		at = put_address(m, at, 0x0001, s->altered ? 1000 : port, ip,
		    false);
	if (s->unknown)
		at = put_attribute(m, at, 0x7abc, "\1\2\3\4", 4);
	if (s->other)
		at = put_address(m, at, 0x802c, 3479,
		    (const uint8_t *)"\313\0q\7", false);
	m[3] = (uint8_t)(at - STUN_HEADER);
	sendto(fd, m, at, 0, &from->sa, from->len);
}

static struct fake_udp *
ask(struct fake_probe *p, struct server *s)
{
	struct fake_udp *server = fake_udp_start("127.0.0.1", 0, answer, s);

	fake_probe_init(p, "stun", PROTO_UDP, NULL, "127.0.0.1",
	    fake_udp_port(server));
	ck_assert(fake_probe_run(p, 20000));
	return server;
}

START_TEST(two_answers_pass_and_tell_the_address)
{
	struct server s = {.other = true};
	struct fake_probe p;
	struct fake_udp *server = ask(&p, &s);

	ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
	ck_assert_int_eq(p.obs->failure, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&p, "samples"), 2);
	ck_assert_str_eq(fake_detail(&p, "mapped_address"), "127.0.0.1");
	ck_assert_int_eq(fake_detail_int(&p, "mapped_port"),
	    p.obs->source_port);
	ck_assert(fake_detail_is(&p, "no_nat"));
	ck_assert(!fake_detail_is(&p, "unstable"));
	ck_assert_str_eq(fake_detail(&p, "other_address"), "203.0.113.7:3479");
	ck_assert_str_eq(fake_detail(&p, "plain_mapped"), "");
	ck_assert_uint_eq(p.obs->nattempts, 2);
	ck_assert_uint_eq(p.obs->attempts[0].source_port,
	    p.obs->attempts[1].source_port);
	ck_assert(memcmp(s.first, "\0\1\0\0\x21\x12\xa4\x42", 8) == 0);
	fake_probe_free(&p);
	fake_udp_stop(server);
}
END_TEST

START_TEST(an_elder_server_is_understood)
{
	struct server s = {.no_xor = true};
	struct fake_probe p;
	struct fake_udp *server = ask(&p, &s);

	ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
	ck_assert_str_eq(fake_detail(&p, "mapped_address"), "127.0.0.1");
	ck_assert_str_eq(fake_detail(&p, "plain_mapped"), "");
	fake_probe_free(&p);
	fake_udp_stop(server);
}
END_TEST

START_TEST(a_rewritten_address_and_a_restless_one_are_noted)
{
	struct server s = {.altered = true, .moves = true};
	struct fake_probe p;
	struct fake_udp *server = ask(&p, &s);

	ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
	ck_assert_int_eq(fake_detail_int(&p, "mapped_port"), 40001);
	ck_assert_str_eq(fake_detail(&p, "plain_mapped"), "127.0.0.1:1000");
	ck_assert(fake_detail_is(&p, "unstable"));
	ck_assert(!fake_detail_is(&p, "no_nat"));
	fake_probe_free(&p);
	fake_udp_stop(server);
}
END_TEST

/* RFC 5389 section 7.3.3: such an answer is thrown away. */
START_TEST(what_must_be_understood_and_is_not_makes_it_none)
{
	struct server s = {.unknown = true};
	struct fake_probe p;
	struct fake_udp *server = ask(&p, &s);

	ck_assert_int_eq(p.obs->rung, RUNG_SILENCE);
	ck_assert_int_eq(p.obs->failure, CAUSE_UDP_SILENT);
	ck_assert_int_eq(s.seen, 4);
	ck_assert_int_eq(p.nslow, 1);
	fake_probe_free(&p);
	fake_udp_stop(server);
}
END_TEST

START_TEST(a_refusal_proves_a_server_and_no_more)
{
	struct server s = {.error = true};
	struct fake_probe p;
	struct fake_udp *server = ask(&p, &s);

	ck_assert_int_eq(p.obs->rung, RUNG_TRANSPORT);
	ck_assert_int_eq(fake_detail_int(&p, "error_code"), 420);
	ck_assert_int_eq(s.seen, 1);
	fake_probe_free(&p);
	fake_udp_stop(server);
}
END_TEST

START_TEST(all_of_a_run_leave_by_one_port)
{
	struct server s = {0}, t = {0};
	struct fake_udp *a = fake_udp_start("127.0.0.1", 0, answer, &s);
	struct fake_udp *b = fake_udp_start("127.0.0.1", 0, answer, &t);
	struct fake_probe p, q;
	uint16_t port = 0;

	fake_probe_init(&p, "stun", PROTO_UDP, NULL, "127.0.0.1",
	    fake_udp_port(a));
	fake_probe_init(&q, "stun", PROTO_UDP, NULL, "127.0.0.1",
	    fake_udp_port(b));
	p.env.shared_port = q.env.shared_port = &port;
	fake_probe_start(&p);
	fake_probe_start(&q);
	ck_assert(fake_loop(p.env.base, &p.done, 20000));
	ck_assert(fake_loop(q.env.base, &q.done, 20000));
	ck_assert_uint_ne(port, 0);
	ck_assert_uint_eq(p.obs->source_port, port);
	ck_assert_uint_eq(q.obs->source_port, port);
	ck_assert_int_eq(fake_detail_int(&p, "samples"), 2);
	ck_assert_int_eq(fake_detail_int(&q, "samples"), 2);
	fake_probe_free(&p);
	fake_probe_free(&q);
	fake_udp_stop(a);
	fake_udp_stop(b);
}
END_TEST

static size_t
right_answer(const uint8_t *q, size_t len, const struct addr *from, bool other,
    uint8_t *out, size_t size)
{
	size_t at;

	(void)size;
	if (len != STUN_HEADER)
		return 0;
	at = begin_answer(out, q, 0x0101);
	at = put_address(out, at, 0x0020, addr_port(from),
	    (const uint8_t *)&from->in.sin_addr, true);
	out[3] = (uint8_t)(at - STUN_HEADER);
	out[15] ^= other;
	return at;
}

START_TEST(hostile_servers_never_pass)
{
	static const struct hostile h = {"stun", right_answer, 2};

	hostile_udp(&h);
}
END_TEST

HARNESS("probe stun", the_rfcs_samples_are_read, a_damaged_answer_is_none,
    a_request_is_the_twenty_bytes_of_the_rfc,
    two_answers_pass_and_tell_the_address, an_elder_server_is_understood,
    a_rewritten_address_and_a_restless_one_are_noted,
    what_must_be_understood_and_is_not_makes_it_none,
    a_refusal_proves_a_server_and_no_more, all_of_a_run_leave_by_one_port,
    hostile_servers_never_pass)
