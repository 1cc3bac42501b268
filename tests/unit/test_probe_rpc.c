/* SPDX-License-Identifier: MIT */
/* Promises of the probe of remote procedure calls (RFC 5531): any answer with
 * our own number proves the service, nothing else does. */
#include "tests/unit/harness.h"

#include <string.h>
#include <sys/socket.h>

#include "tests/unit/fake_net.h"
#include "tests/unit/fake_probe.h"
#include "tests/unit/hostile_peer.h"

/* Bytes behind the number, by RFC 5531 section 9: REPLY, then accepted with an
 * empty verifier and how it went, or denied and why. */
struct reply {
	const char *kind;
	size_t len;
	const char *bytes;
	int low, high; /* -1: none */
};

static const struct reply answers[] = {
    {"success", 20, "\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", -1, -1},
    {"prog_unavail", 20, "\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", -1, -1},
    {"prog_mismatch", 28,
	"\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\3\0\0\0\4", 3, 4},
    {"auth_error", 16, "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\5", -1, -1},
    {"rpc_mismatch", 20, "\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\2", 2, 2},
    /* With a verifier of eight bytes. */
    {"success", 28, "\0\0\0\1\0\0\0\0\0\0\0\1\0\0\0\10abcdefgh\0\0\0\0", -1,
	-1},
};

static const struct reply bad[] = {
    /* A call, a third kind of reply, a verifier without end, too much. */
    {"", 20, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", -1, -1},
    {"", 20, "\0\0\0\1\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0", -1, -1},
    {"", 20, "\0\0\0\1\0\0\0\0\0\0\0\0\377\377\377\374\0\0\0\0", -1, -1},
    {"", 24, "\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", -1, -1},
    {"", 20, "\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\6", -1, -1},
    {"", 28, "\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\4\0\0\0\3", -1,
	-1},
};

struct server {
	const struct reply *answer;
	uint8_t call[2][40];
	int seen;
};

static void
answer_udp(int fd, const uint8_t *q, size_t len, const struct addr *from,
    void *arg)
{
	struct server *s = arg;
	uint8_t m[64];

	ck_assert_uint_eq(len, 40);
	if (s->seen < 2)
		memcpy(s->call[s->seen], q, len);
	s->seen++;
	memcpy(m, q, 4);
	memcpy(m + 4, s->answer->bytes, s->answer->len);
	sendto(fd, m, 4 + s->answer->len, 0, &from->sa, from->len);
}

static void
ask(struct fake_probe *p, struct server *s, const char *want)
{
	struct fake_udp *u = fake_udp_start("127.0.0.1", 0, answer_udp, s);

	fake_probe_init(p, "rpc", PROTO_UDP, NULL, "127.0.0.1",
	    fake_udp_port(u));
	p->spec.want = (char *)(uintptr_t)want;
	ck_assert(fake_probe_run(p, 20000));
	fake_udp_stop(u);
}

START_TEST(every_kind_of_answer_proves_the_service)
{
	struct fake_probe p;
	size_t i;

	for (i = 0; i < sizeof answers / sizeof *answers; i++) {
		struct server s = {.answer = &answers[i]};

		ask(&p, &s, NULL);
		ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
		ck_assert_int_eq(p.obs->failure, CAUSE_NONE);
		ck_assert_int_eq(p.obs->nature, NATURE_ANSWER);
		ck_assert_str_eq(fake_detail(&p, "reply"), answers[i].kind);
		ck_assert_int_eq(fake_detail_int(&p, "samples"), 2);
		if (answers[i].low >= 0) {
			ck_assert_int_eq(fake_detail_int(&p, "low"),
			    answers[i].low);
			ck_assert_int_eq(fake_detail_int(&p, "high"),
			    answers[i].high);
		}
		fake_probe_free(&p);
	}
}
END_TEST

START_TEST(what_is_no_answer_is_silence)
{
	struct fake_probe p[sizeof bad / sizeof *bad];
	struct server s[sizeof bad / sizeof *bad];
	struct fake_udp *u[sizeof bad / sizeof *bad];
	size_t i;

	memset(s, 0, sizeof s);
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		s[i].answer = &bad[i];
		u[i] = fake_udp_start("127.0.0.1", 0, answer_udp, &s[i]);
		fake_probe_init(&p[i], "rpc", PROTO_UDP, NULL, "127.0.0.1",
		    fake_udp_port(u[i]));
		fake_probe_start(&p[i]);
	}
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert(fake_loop(p[i].env.base, &p[i].done, 20000));
		ck_assert_int_eq(p[i].obs->rung, RUNG_SILENCE);
		ck_assert_int_ge(fake_detail_int(&p[i], "rejected"), 1);
		fake_probe_free(&p[i]);
		fake_udp_stop(u[i]);
	}
}
END_TEST

static uint32_t
word(const uint8_t *m, int i)
{
	m += 4 * i;
	return (uint32_t)m[0] << 24 | (uint32_t)m[1] << 16 |
	    (uint32_t)m[2] << 8 | m[3];
}

static void
check_call(const uint8_t *m, uint32_t program, uint32_t version)
{
	static const uint8_t zero[20];

	ck_assert_uint_eq(word(m, 1), 0); /* CALL */
	ck_assert_uint_eq(word(m, 2), 2); /* of RPC */
	ck_assert_uint_eq(word(m, 3), program);
	ck_assert_uint_eq(word(m, 4), version);
	ck_assert(memcmp(m + 20, zero, 20) == 0); /* NULL, AUTH_NONE twice */
}

START_TEST(the_calls_are_null_and_carry_no_credentials)
{
	struct server s = {.answer = &answers[0]};
	struct fake_probe p;

	ask(&p, &s, NULL);
	check_call(s.call[0], 100000, 2);
	check_call(s.call[1], 100000, 2);
	ck_assert_uint_ne(word(s.call[0], 0), word(s.call[1], 0));
	fake_probe_free(&p);
	s.seen = 0;
	ask(&p, &s, "nfs");
	check_call(s.call[0], 100003, 3);
	check_call(s.call[1], 100003, 4);
	ck_assert_int_eq(s.seen, 2);
	fake_probe_free(&p);
}
END_TEST

/* RFC 5531 section 11: each record has a mark; it may come in fragments. */
static void
serve_fragments(int fd, void *arg)
{
	uint8_t q[44], m[64];

	(void)arg;
	if (recv(fd, q, sizeof q, MSG_WAITALL) != 44)
		return;
	ck_assert(memcmp(q, "\200\0\0\50", 4) == 0);
	memcpy(m, "\0\0\0\14", 4);
	memcpy(m + 4, q + 4, 4);
	memcpy(m + 8, answers[0].bytes, 8);
	memcpy(m + 16, "\200\0\0\14", 4);
	memcpy(m + 20, answers[0].bytes + 8, 12);
	send(fd, m, 32, MSG_NOSIGNAL);
	recv(fd, q, 1, 0);
}

START_TEST(a_record_may_come_in_fragments)
{
	struct fake_tcp *server = fake_tcp_start("127.0.0.1", serve_fragments,
	    NULL);
	struct fake_probe p;

	fake_probe_init(&p, "rpc", PROTO_TCP, NULL, "127.0.0.1",
	    fake_tcp_port(server));
	ck_assert(fake_probe_run(&p, 20000));
	ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
	ck_assert_int_eq(p.obs->nature, NATURE_CONNECTION);
	ck_assert_str_eq(fake_detail(&p, "end"), "answered");
	ck_assert_uint_eq(p.obs->attempts[0].sent, 44);
	ck_assert_uint_eq(p.obs->attempts[0].received, 32);
	fake_probe_free(&p);
	fake_tcp_stop(server);
}
END_TEST

/* A server that is busy, or a packet at a bad moment. */
static void
serve_the_second(int fd, void *arg)
{
	int *seen = arg;

	if ((*seen)++ == 0)
		fake_reset_on_close(fd);
	else
		serve_fragments(fd, NULL);
}

START_TEST(a_conversation_that_was_cut_off_is_tried_again)
{
	int seen = 0;
	struct fake_tcp *server = fake_tcp_start("127.0.0.1", serve_the_second,
	    &seen);
	struct fake_probe p;

	fake_probe_init(&p, "rpc", PROTO_TCP, NULL, "127.0.0.1",
	    fake_tcp_port(server));
	ck_assert(fake_probe_run(&p, 20000));
	ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
	ck_assert_int_eq(p.obs->failure, CAUSE_NONE);
	ck_assert_uint_eq(p.obs->nattempts, 2);
	ck_assert_uint_eq(p.obs->attempts[1].received, 32);
	fake_probe_free(&p);
	fake_tcp_stop(server);
}
END_TEST

static size_t
right_udp(const uint8_t *q, size_t len, const struct addr *from, bool other,
    uint8_t *out, size_t size)
{
	(void)from;
	(void)size;
	if (len != 40)
		return 0;
	memcpy(out, q, 4);
	out[1] ^= other;
	memcpy(out + 4, answers[0].bytes, 20);
	return 24;
}

static size_t
right_tcp(const uint8_t *q, size_t len, const struct addr *from, bool other,
    uint8_t *out, size_t size)
{
	if (len < 44)
		return 0;
	memcpy(out, "\200\0\0\30", 4);
	return 4 + right_udp(q + 4, 40, from, other, out + 4, size - 4);
}

START_TEST(hostile_servers_never_pass)
{
	static const struct hostile udp = {"rpc", right_udp, 2};

	hostile_udp(&udp);
}
END_TEST

START_TEST(hostile_servers_never_pass_by_tcp)
{
	static const struct hostile tcp = {"rpc", right_tcp, 2};

	hostile_tcp(&tcp);
}
END_TEST

HARNESS("probe rpc", every_kind_of_answer_proves_the_service,
    what_is_no_answer_is_silence, the_calls_are_null_and_carry_no_credentials,
    a_record_may_come_in_fragments,
    a_conversation_that_was_cut_off_is_tried_again, hostile_servers_never_pass,
    hostile_servers_never_pass_by_tcp)
