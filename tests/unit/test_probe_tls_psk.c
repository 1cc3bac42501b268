/* SPDX-License-Identifier: MIT */
/* Promises of the TLS-PSK probe (RFC 4279, facts 2.3): TLS's own answer to a
 * hello without certificates proves the service, silence does not, and no key
 * is ever tried. */
#include "tests/unit/harness.h"

#include <string.h>
#include <unistd.h>

#include "tests/unit/fake_net.h"
#include "tests/unit/fake_pki.h"
#include "tests/unit/fake_probe.h"
#include "tests/unit/hostile_tls.h"

static void
visit(struct fake_probe *p, struct fake_tcp *s)
{
	fake_probe_init(p, "tls_psk", PROTO_TCP, NULL, "127.0.0.1",
	    fake_tcp_port(s));
	ck_assert(fake_probe_run(p, 20000));
}

#define ck_result(p, want_rung, want_failure) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, (int)(p)->obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(p)->obs->failure), \
		    word_name(&words_cause, want_failure)); \
	} while (0)

START_TEST(a_server_with_an_agreed_key_takes_up_the_offer)
{
	struct fake_pki pki;
	struct fake_tls t = {.psk = true, .max = TLS1_2_VERSION};
	struct fake_probe p;
	struct fake_tcp *s;
	int before;

	fake_pki_init(&pki);
	before = fake_count_fds();
	s = fake_tcp_start("127.0.0.1", fake_tls_serve, &t);
	visit(&p, s);
	ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "answer"), "hello");
	ck_assert(fake_detail_is(&p, "psk"));
	ck_assert(strstr(fake_detail(&p, "cipher"), "PSK") != NULL);
	fake_probe_free(&p);
	fake_tcp_stop(s);
	ck_assert_int_eq(fake_count_fds(), before);
	fake_pki_free(&pki);
}
END_TEST

/* A server that has only certificates has nothing to agree on. */
START_TEST(an_alert_is_an_answer_too)
{
	struct fake_pki pki;
	struct fake_tls t = {.max = TLS1_2_VERSION};
	struct fake_probe p;
	struct fake_tcp *s;

	fake_pki_init(&pki);
	t.leaf = pki.own;
	s = fake_tcp_start("127.0.0.1", fake_tls_serve, &t);
	visit(&p, s);
	ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "answer"), "alert");
	ck_assert_str_eq(fake_detail(&p, "alert"), "handshake failure");
	ck_assert(!fake_detail_is(&p, "psk"));
	fake_probe_free(&p);
	fake_tcp_stop(s);
	fake_pki_free(&pki);
}
END_TEST

struct hello {
	unsigned char data[1024];
	ssize_t len;
};

/* Keeps the hello, and answers by an alert: RFC 5246 section 7.2, fatal,
 * handshake_failure. */
static void
record_hello(int fd, void *arg)
{
	static const unsigned char alert[] = {0x15, 3, 3, 0, 2, 2, 40};
	struct hello *h = arg;

	h->len = read(fd, h->data, sizeof h->data);
	if (write(fd, alert, sizeof alert) > 0)
		fake_read_until(fd, "never", (char *)h->data + 1000, 20);
}

/* RFC 5246 section 7.4.1.2: version, random, session id, suites. */
START_TEST(the_hello_offers_only_agreed_keys_and_tls_1_2)
{
	struct hello h = {.len = 0};
	struct fake_probe p;
	struct fake_tcp *s;
	const unsigned char *suites;
	size_t n, i, npsk = 0;
	bool has_ccm8 = false;

	s = fake_tcp_start("127.0.0.1", record_hello, &h);
	visit(&p, s);
	ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_gt(h.len, 50);
	ck_assert_uint_eq(h.data[0], 0x16);
	ck_assert_uint_eq(h.data[5], 1);
	ck_assert_mem_eq(h.data + 9, "\3\3", 2);
	suites = h.data + 43 + 1 + h.data[43];
	n = (size_t)(suites[0] << 8 | suites[1]) / 2;
	for (i = 0; i < n; i++) {
		unsigned id = (unsigned)(suites[2 + 2 * i] << 8 |
		    suites[3 + 2 * i]);

		/* RFC 4279, 4785, 5487, 5489, 6655, 7905, 8442 */
		npsk += (id >= 0x8a && id <= 0x95) || id == 0xff ||
		    (id >= 0xa8 && id <= 0xb9) ||
		    (id >= 0xc033 && id <= 0xc03b) ||
		    (id >= 0xc094 && id <= 0xc09b) ||
		    (id >= 0xc0a4 && id <= 0xc0ab) ||
		    (id >= 0xccab && id <= 0xccae);
		has_ccm8 |= id == 0xc0a8; /* facts 3.2 */
	}
	ck_assert_uint_gt(n, 3);
	ck_assert_uint_eq(npsk, n);
	ck_assert(has_ccm8);
	fake_probe_free(&p);
	fake_tcp_stop(s);
}
END_TEST

/* An alert of a level that does not exist is nobody's. */
static void
says_no_alert(int fd, void *arg)
{
	static const unsigned char no_alert[] = {0x15, 3, 3, 0, 2, 9, 40};
	char data[64];

	(void)arg;
	if (write(fd, no_alert, sizeof no_alert) > 0)
		fake_read_until(fd, "never", data, sizeof data);
}

/* A well-formed ServerHello (RFC 5246 section 7.4.1.3) that takes up a suite
 * that was never offered, TLS_RSA_WITH_AES_128_CBC_SHA. */
static void
chooses_another_suite(int fd, void *arg)
{
	static const unsigned char hello[79] = {0x16, 3, 3, 0, 74, 2, 0, 0, 70,
	    3, 3, 1, 2, 3, 4, [43] = 32, 7, 7, 7, [76] = 0, 0x2f, 0};
	char data[1024];

	(void)arg;
	if (read(fd, data, sizeof data) > 0 &&
	    write(fd, hello, sizeof hello) > 0)
		fake_read_until(fd, "never", data, sizeof data);
}

START_TEST(what_does_not_answer_the_question_is_another_protocol)
{
	static void (*const serve[])(int fd, void *arg) = {says_no_alert,
	    chooses_another_suite};
	struct fake_probe p;
	struct fake_tcp *s;
	size_t i;

	for (i = 0; i < 2; i++) {
		s = fake_tcp_start("127.0.0.1", serve[i], NULL);
		visit(&p, s);
		ck_result(&p, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
		fake_probe_free(&p);
		fake_tcp_stop(s);
	}
}
END_TEST

static void
says_nothing(int fd, void *arg)
{
	char data[256];
	bool *closes = arg;

	while (read(fd, data, sizeof data) > 0 && !*closes)
		;
}

START_TEST(without_a_word_nothing_is_proved)
{
	static const char *const end[] = {"open", "closed"};
	bool closes;
	struct fake_probe p;
	struct fake_tcp *s;
	int i;

	for (i = 0; i < 2; i++) {
		closes = i == 1;
		s = fake_tcp_start("127.0.0.1", says_nothing, &closes);
		visit(&p, s);
		ck_result(&p, RUNG_TRANSPORT, CAUSE_NONE);
		ck_assert_str_eq(fake_detail(&p, "end"), end[i]);
		ck_assert_int_eq(fake_tcp_accepted(s), 2);
		fake_probe_free(&p);
		fake_tcp_stop(s);
	}
}
END_TEST

START_TEST(nothing_there_is_no_service)
{
	struct fake_probe p;

	fake_probe_init(&p, "tls_psk", PROTO_TCP, NULL, "127.0.0.1",
	    fake_closed_port());
	ck_assert(fake_probe_run(&p, 5000));
	ck_result(&p, RUNG_REJECTED, CAUSE_TCP_RESET);
	fake_probe_free(&p);
}
END_TEST

START_TEST(it_survives_what_is_hostile)
{
	struct hostile_case c = {"tls_psk", NULL, NULL, 20000, NULL};

	hostile_tls_tcp(&c);
}
END_TEST

START_TEST(it_can_be_cancelled_at_any_moment)
{
	struct hostile_case c = {"tls_psk", NULL, NULL, 20000, NULL};

	hostile_tls_tcp_cancelled(&c);
}
END_TEST

HARNESS("probe tls_psk", a_server_with_an_agreed_key_takes_up_the_offer,
    an_alert_is_an_answer_too, the_hello_offers_only_agreed_keys_and_tls_1_2,
    what_does_not_answer_the_question_is_another_protocol,
    without_a_word_nothing_is_proved, nothing_there_is_no_service,
    it_survives_what_is_hostile, it_can_be_cancelled_at_any_moment)
