/* SPDX-License-Identifier: MIT */
/* Promises of a DNS question: one server, one transport, the answer as it
 * came, and nothing believed that does not belong to the question. */
#include "tests/unit/harness.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/net/dns.h"
#include "tests/unit/fake_net.h"

enum behaviour {
	ANSWER,
	SILENT,
	REFUSE,
	WRONG_ID_FIRST,
	WRONG_QUESTION_FIRST,
	GARBAGE,
	TRUNCATE
};

struct asking {
	struct event_base *base;
	struct pace *pace;
	struct arena *arena;
	struct dns_query *query;
	struct dns_exchange x;
	int ndone;
	bool done;
};

/* Turns a question into its answer: 192.0.2.7, TTL 60. Returns the length. */
static size_t
make_answer(uint8_t *m, size_t len, enum behaviour how)
{
	static const uint8_t a[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4,
	    192, 0, 2, 7};

	m[2] |= 0x84;                       /* QR, AA */
	m[3] = how == REFUSE ? 0x85 : 0x80; /* RA, rcode */
	if (how == TRUNCATE)
		m[2] |= 2;
	if (how == REFUSE || how == TRUNCATE)
		return len;
	m[7] = 1;
	memcpy(m + len, a, sizeof a);
	return len + sizeof a;
}

static void
on_datagram(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	enum behaviour how = *(enum behaviour *)arg;
	uint8_t m[600];
	size_t n;

	if (how == SILENT || len > 512)
		return;
	memcpy(m, data, len);
	n = make_answer(m, len, how);
	if (how == WRONG_ID_FIRST) {
		m[0] ^= 0xff;
		m[n - 1] = 66; /* 192.0.2.66, the forger's */
		sendto(fd, m, n, 0, &from->sa, from->len);
		m[0] ^= 0xff;
		m[n - 1] = 7;
	} else if (how == WRONG_QUESTION_FIRST) {
		m[13] ^= 1;
		m[n - 1] = 66;
		sendto(fd, m, n, 0, &from->sa, from->len);
		m[13] ^= 1;
		m[n - 1] = 7;
	} else if (how == GARBAGE) {
		/* The right id and question, and an answer that is none. */
		n = len + 5;
	}
	sendto(fd, m, n, 0, &from->sa, from->len);
}

static void
serve_tcp(int fd, void *arg)
{
	enum behaviour how = *(enum behaviour *)arg;
	uint8_t m[600];
	char *end = (char *)m;
	size_t len, n;

	/* Length, then the question; it ends in type A, class IN. */
	len = (size_t)read(fd, end, sizeof m - 100);
	if (len < 14 || how == SILENT) {
		if (len >= 14)
			len = (size_t)read(fd, end, 1);
		return;
	}
	n = make_answer(m + 2, len - 2, how);
	m[0] = (uint8_t)(n >> 8);
	m[1] = (uint8_t)n;
	/* In pieces, as a stream may come. */
	if (write(fd, m, 1) == 1 && write(fd, m + 1, 3) == 3 &&
	    write(fd, m + 4, n - 2) > 0)
		len = (size_t)read(fd, end, 1);
}

static void
on_done(void *arg, const struct dns_exchange *x)
{
	struct asking *q = arg;

	q->x = *x;
	q->ndone++;
	q->done = true;
}

static void
ask(struct asking *q, const char *address, uint16_t port, bool tcp,
    unsigned timeout_ms)
{
	struct dns_setup setup = {.tcp = tcp,
	    .recurse = true,
	    .name = "a.example",
	    .type = DNS_TYPE_A,
	    .timeout_ms = timeout_ms,
	    .done = on_done,
	    .arg = q};

	memset(q, 0, sizeof *q);
	q->base = event_base_new();
	q->pace = pace_new(q->base, 500, 0);
	q->arena = arena_new();
	setup.base = q->base;
	setup.pace = q->pace;
	ck_assert(addr_parse(&setup.server, address, port));
	q->query = dns_ask(q->arena, &setup);
	ck_assert_int_eq(q->ndone, 0);
}

static void
forget(struct asking *q)
{
	dns_close(q->query);
	pace_free(q->pace);
	event_base_free(q->base);
	arena_free(q->arena);
}

static void
is_answered(enum behaviour how, const char *address, bool tcp)
{
	struct fake_udp *udp = NULL;
	struct fake_tcp *server = NULL;
	struct asking q;

	if (tcp)
		server = fake_tcp_start(address, serve_tcp, &how);
	else
		udp = fake_udp_start(address, 0, on_datagram, &how);
	ask(&q, address, tcp ? fake_tcp_port(server) : fake_udp_port(udp), tcp,
	    3000);
	ck_assert(fake_loop(q.base, &q.done, 4000));
	ck_assert_int_eq(q.x.result, DNS_ANSWERED);
	ck_assert_int_eq(q.x.answer.rcode, DNS_NOERROR);
	ck_assert(q.x.answer.aa && q.x.answer.ra && q.x.answer.rd);
	ck_assert_uint_eq(q.x.answer.nrecords, 1);
	ck_assert_str_eq(q.x.answer.records[0].data, "192.0.2.7");
	ck_assert_uint_eq(q.x.answer.records[0].ttl, 60);
	/* Header 12, name 11, type and class 4. */
	ck_assert_uint_eq(q.x.sent, 27);
	ck_assert_uint_eq(q.x.received, 43);
	ck_assert_uint_ne(q.x.source_port, 0);
	ck_assert_int_ge(q.x.end_us, q.x.start_us);
	forget(&q);
	fake_udp_stop(udp);
	fake_tcp_stop(server);
}

START_TEST(an_answer_comes_back_whole_over_udp_and_tcp)
{
	int before = fake_count_fds();

	is_answered(ANSWER, "127.0.0.1", false);
	is_answered(ANSWER, "::1", false);
	is_answered(ANSWER, "127.0.0.1", true);
	ck_assert_int_eq(fake_count_fds(), before);
}
END_TEST

START_TEST(answers_to_another_question_are_not_believed)
{
	is_answered(WRONG_ID_FIRST, "127.0.0.1", false);
	is_answered(WRONG_QUESTION_FIRST, "127.0.0.1", false);
}
END_TEST

START_TEST(a_refusal_is_an_answer)
{
	enum behaviour how = REFUSE;
	struct fake_udp *s = fake_udp_start("127.0.0.1", 0, on_datagram, &how);
	struct asking q;

	ask(&q, "127.0.0.1", fake_udp_port(s), false, 3000);
	ck_assert(fake_loop(q.base, &q.done, 4000));
	ck_assert_int_eq(q.x.result, DNS_ANSWERED);
	ck_assert_int_eq(q.x.answer.rcode, DNS_REFUSED);
	ck_assert_int_eq(fake_udp_received(s), 1);
	forget(&q);
	fake_udp_stop(s);
}
END_TEST

START_TEST(a_truncated_answer_is_told_as_such_and_not_asked_again_here)
{
	enum behaviour how = TRUNCATE;
	struct fake_udp *s = fake_udp_start("127.0.0.1", 0, on_datagram, &how);
	struct asking q;

	ask(&q, "127.0.0.1", fake_udp_port(s), false, 3000);
	ck_assert(fake_loop(q.base, &q.done, 4000));
	ck_assert_int_eq(q.x.result, DNS_ANSWERED);
	ck_assert(q.x.answer.tc);
	forget(&q);
	fake_udp_stop(s);
}
END_TEST

START_TEST(silence_ends_at_its_time)
{
	enum behaviour how = SILENT;
	struct fake_udp *udp = fake_udp_start("127.0.0.1", 0, on_datagram,
	    &how);
	struct fake_tcp *tcp = fake_tcp_start("127.0.0.1", serve_tcp, &how);
	struct asking q;
	int i;

	for (i = 0; i < 2; i++) {
		ask(&q, "127.0.0.1",
		    i == 0 ? fake_udp_port(udp) : fake_tcp_port(tcp), i == 1,
		    400);
		ck_assert(!dns_pending(q.query, &q.x)); /* waits its turn */
		ck_assert(!fake_loop(q.base, &q.done, 200));
		ck_assert(dns_pending(q.query, &q.x));
		ck_assert_uint_ne(q.x.source_port, 0);
		ck_assert(fake_loop(q.base, &q.done, 2000));
		ck_assert_int_eq(q.x.result, DNS_TIMEOUT);
		ck_assert_int_ge(q.x.end_us - q.x.start_us, 395000);
		ck_assert_int_le(q.x.end_us - q.x.start_us, 700000);
		ck_assert(!dns_pending(q.query, &q.x));
		forget(&q);
	}
	ck_assert_int_eq(fake_udp_received(udp), 1);
	fake_udp_stop(udp);
	fake_tcp_stop(tcp);
}
END_TEST

START_TEST(a_closed_port_is_told_by_icmp_with_its_sender)
{
	struct asking q;
	char text[ADDR_TEXT_SIZE];

	ask(&q, "127.0.0.1", fake_closed_port(), false, 3000);
	ck_assert(fake_loop(q.base, &q.done, 2000));
	ck_assert_int_eq(q.x.result, DNS_ICMP);
	ck_assert_int_eq(q.x.icmp.type, 3);
	ck_assert_int_eq(q.x.icmp.code, 3);
	ck_assert_int_eq(q.x.error, ECONNREFUSED);
	ck_assert_str_eq(addr_text(&q.x.icmp.offender, text), "127.0.0.1");
	forget(&q);
	ask(&q, "127.0.0.1", fake_closed_port(), true, 3000);
	ck_assert(fake_loop(q.base, &q.done, 2000));
	ck_assert_int_eq(q.x.result, DNS_CONN_FAILED);
	forget(&q);
}
END_TEST

START_TEST(an_answer_that_is_none_is_malformed)
{
	enum behaviour how = GARBAGE;
	struct fake_udp *s = fake_udp_start("127.0.0.1", 0, on_datagram, &how);
	struct asking q;

	ask(&q, "127.0.0.1", fake_udp_port(s), false, 3000);
	ck_assert(fake_loop(q.base, &q.done, 4000));
	ck_assert_int_eq(q.x.result, DNS_MALFORMED);
	forget(&q);
	fake_udp_stop(s);
}
END_TEST

START_TEST(a_question_can_be_cancelled_at_any_moment)
{
	static const int after_ms[] = {0, 1, 10, 60};
	enum behaviour how = SILENT;
	struct fake_udp *udp = fake_udp_start("127.0.0.1", 0, on_datagram,
	    &how);
	struct asking q;
	bool never = false;
	size_t i;
	int before = fake_count_fds();

	for (i = 0; i < 8; i++) {
		ask(&q, "127.0.0.1", fake_udp_port(udp), false, 3000);
		fake_loop(q.base, &never, after_ms[i % 4]);
		dns_close(q.query);
		q.query = NULL;
		fake_loop(q.base, &never, 5);
		ck_assert_int_eq(q.ndone, 0);
		forget(&q);
		ck_assert_int_eq(fake_count_fds(), before);
	}
	fake_udp_stop(udp);
}
END_TEST

/* Each question to a silent server goes by a flow of its own, which must not
 * outlive it. */
START_TEST(silence_keeps_no_descriptors)
{
	enum behaviour how = SILENT;
	struct fake_udp *s = fake_udp_start("127.0.0.1", 0, on_datagram, &how);
	struct asking q;
	struct dns_setup setup = {.recurse = true,
	    .name = "a.example",
	    .type = DNS_TYPE_A,
	    .timeout_ms = 20,
	    .done = on_done,
	    .arg = &q};
	int i, before;

	ask(&q, "127.0.0.1", fake_udp_port(s), false, 20);
	ck_assert(fake_loop(q.base, &q.done, 2000));
	setup.base = q.base;
	setup.pace = q.pace;
	addr_parse(&setup.server, "127.0.0.1", fake_udp_port(s));
	before = fake_count_fds();
	for (i = 0; i < 20; i++) {
		dns_close(q.query);
		q.done = false;
		q.query = dns_ask(q.arena, &setup);
		ck_assert(fake_loop(q.base, &q.done, 2000));
		ck_assert_int_eq(q.x.result, DNS_TIMEOUT);
	}
	ck_assert_int_le(fake_count_fds(), before + 1);
	forget(&q);
	fake_udp_stop(s);
}
END_TEST

/* --- many questions --- */

#define NMANY 6

struct many {
	struct asking one[NMANY];
	struct dns_query *query[NMANY];
};

static void
ask_next(struct many *m, int i, const struct dns_setup *shared)
{
	struct dns_setup setup = *shared;

	setup.arg = &m->one[i];
	m->query[i] = dns_ask(m->one[0].arena, &setup);
}

/* Asks one after the other, each when the one before is done or overdue. */
static void
ask_many(struct many *m, uint16_t port, enum behaviour *how, int silent_from)
{
	struct dns_setup setup = {.name = "a.example",
	    .type = DNS_TYPE_A,
	    .timeout_ms = 300,
	    .recurse = true,
	    .done = on_done};
	int i;

	memset(m, 0, sizeof *m);
	m->one[0].base = setup.base = event_base_new();
	m->one[0].pace = setup.pace = pace_new(setup.base, 500, 0);
	m->one[0].arena = arena_new();
	ck_assert(addr_parse(&setup.server, "127.0.0.1", port));
	for (i = 0; i < NMANY; i++) {
		if (i == silent_from)
			*how = SILENT;
		ask_next(m, i, &setup);
		ck_assert(fake_loop(setup.base, &m->one[i].done, 2000));
	}
}

static void
close_many(struct many *m)
{
	int i;

	for (i = 0; i < NMANY; i++)
		dns_close(m->query[i]);
	pace_free(m->one[0].pace);
	event_base_free(m->one[0].base);
	arena_free(m->one[0].arena);
}

START_TEST(a_flow_that_answers_takes_more_questions)
{
	enum behaviour how = ANSWER;
	struct fake_udp *s = fake_udp_start("127.0.0.1", 0, on_datagram, &how);
	struct many m;
	int i;

	ask_many(&m, fake_udp_port(s), &how, NMANY);
	for (i = 0; i < NMANY; i++) {
		ck_assert_int_eq(m.one[i].x.result, DNS_ANSWERED);
		ck_assert_int_ne(m.one[i].x.source_port, 0);
		ck_assert_int_eq(m.one[i].x.source_port,
		    m.one[0].x.source_port);
	}
	ck_assert_uint_eq(pace_flows(m.one[0].pace), 1);
	close_many(&m);
	fake_udp_stop(s);
}
END_TEST

START_TEST(after_silence_each_question_has_a_flow_of_its_own)
{
	enum behaviour how = ANSWER;
	struct fake_udp *s = fake_udp_start("127.0.0.1", 0, on_datagram, &how);
	struct many m;

	ask_many(&m, fake_udp_port(s), &how, 2);
	ck_assert_int_eq(m.one[1].x.result, DNS_ANSWERED);
	ck_assert_int_eq(m.one[2].x.result, DNS_TIMEOUT);
	/* The third was still on the first one's; the next ones are not. */
	dns_close(m.query[2]);
	m.query[2] = NULL;
	ck_assert_int_ne(m.one[4].x.source_port, m.one[3].x.source_port);
	ck_assert_int_ne(m.one[5].x.source_port, m.one[4].x.source_port);
	close_many(&m);
	fake_udp_stop(s);
}
END_TEST

START_TEST(an_error_of_the_flow_is_told_by_the_question_on_it)
{
	enum behaviour how = ANSWER;
	struct many m;
	int i;

	ask_many(&m, fake_closed_port(), &how, NMANY);
	for (i = 0; i < NMANY; i++) {
		ck_assert_int_eq(m.one[i].x.result, DNS_ICMP);
		ck_assert_int_eq(m.one[i].ndone, 1);
	}
	ck_assert_uint_eq(pace_flows(m.one[0].pace), NMANY);
	close_many(&m);
}
END_TEST

HARNESS("net dns", silence_keeps_no_descriptors,
    an_answer_comes_back_whole_over_udp_and_tcp,
    answers_to_another_question_are_not_believed, a_refusal_is_an_answer,
    a_truncated_answer_is_told_as_such_and_not_asked_again_here,
    silence_ends_at_its_time, a_closed_port_is_told_by_icmp_with_its_sender,
    an_answer_that_is_none_is_malformed,
    a_question_can_be_cancelled_at_any_moment,
    a_flow_that_answers_takes_more_questions,
    after_silence_each_question_has_a_flow_of_its_own,
    an_error_of_the_flow_is_told_by_the_question_on_it)
