/* SPDX-License-Identifier: MIT */
/* Promises of the MQTT probe (OASIS MQTT 3.1.1, facts 5.5): the certificate
 * comes first, any CONNACK proves the broker, nothing else does. */
#include "tests/unit/harness.h"

#include <string.h>

#include "tests/unit/fake_net.h"
#include "tests/unit/fake_pki.h"
#include "tests/unit/fake_probe.h"
#include "tests/unit/hostile_tls.h"

struct visit {
	struct fake_pki pki;
	struct fake_tls server;
	struct fake_probe p;
	struct fake_tcp *tcp;
	int before;
};

static void
prepare(struct visit *v)
{
	memset(v, 0, sizeof *v);
	fake_pki_init(&v->pki);
	v->server.leaf = v->pki.leaf;
	v->server.chain[0] = v->pki.middle;
	v->before = fake_count_fds();
}

static void
visit(struct visit *v, const char *reply, size_t len)
{
	v->server.reply = reply;
	v->server.reply_len = len;
	v->tcp = fake_tcp_start("127.0.0.1", fake_tls_serve, &v->server);
	fake_probe_init(&v->p, "mqtt", PROTO_TCP, FAKE_HOST, "127.0.0.1",
	    fake_tcp_port(v->tcp));
	v->p.env.trust = v->pki.trust;
	ck_assert(fake_probe_run(&v->p, 20000));
}

/* Also waits for the server's thread, which then has seen the last word. */
static void
leave(struct visit *v)
{
	fake_probe_free(&v->p);
	fake_tcp_stop(v->tcp);
}

#define ck_result(v, want_rung, want_failure, want_mqtt) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, \
				     (int)(v)->p.obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(v)->p.obs->failure), \
		    word_name(&words_cause, want_failure)); \
		ck_assert_str_eq(fake_detail(&(v)->p, "mqtt"), want_mqtt); \
	} while (0)

START_TEST(a_broker_that_accepts_is_proved_and_left_politely)
{
	struct visit v;
	const unsigned char *q;

	prepare(&v);
	visit(&v, "\x20\x02\0\0", 4);
	ck_result(&v, RUNG_APP_REPLY, CAUSE_NONE, "accepted");
	ck_assert_int_eq(fake_detail_int(&v.p, "return_code"), 0);
	ck_assert_str_eq(fake_detail(&v.p, "handshake"), "complete");
	leave(&v);
	/* 3.1.1 sections 3.1 and 3.14: level 4, clean session, no user, no
	 * password, no will; an id of 1 to 23 letters and digits. */
	q = (const unsigned char *)v.server.request;
	ck_assert_uint_eq(q[0], 0x10);
	ck_assert_uint_eq(q[1] + 2u, v.server.request_len);
	ck_assert_mem_eq(q + 2, "\0\4MQTT\4\2", 8);
	ck_assert_uint_eq(q[12], 0);
	ck_assert_uint_le(q[13], 23);
	ck_assert_uint_eq(q[13] + 14u, v.server.request_len);
	ck_assert_uint_eq(v.server.last_len, 2);
	ck_assert_mem_eq(v.server.last, "\xe0\0", 2);
	ck_assert_int_eq(fake_count_fds(), v.before);
	fake_pki_free(&v.pki);
}
END_TEST

START_TEST(each_visit_has_an_id_of_its_own)
{
	char first[256];
	struct visit v;
	size_t len;

	prepare(&v);
	visit(&v, "\x20\x02\0\0", 4);
	leave(&v);
	len = v.server.request_len;
	memcpy(first, v.server.request, len);
	visit(&v, "\x20\x02\0\0", 4);
	leave(&v);
	ck_assert_uint_eq(len, v.server.request_len);
	ck_assert_int_ne(memcmp(first, v.server.request, len), 0);
	fake_pki_free(&v.pki);
}
END_TEST

START_TEST(a_refusal_is_the_brokers_own_word)
{
	static const struct {
		const char *bytes;
		size_t len;
		int code;
	} refusals[] = {
	    {"\x20\x02\0\1", 4, 1},        /* protocol version */
	    {"\x20\x02\0\2", 4, 2},        /* client id */
	    {"\x20\x02\0\3", 4, 3},        /* unavailable */
	    {"\x20\x02\0\4", 4, 4},        /* user or password */
	    {"\x20\x02\0\5", 4, 5},        /* not authorised */
	    {"\x20\x03\0\x84\0", 5, 0x84}, /* as a broker of version 5 says */
	};
	struct visit v;
	size_t i;

	prepare(&v);
	for (i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		visit(&v, refusals[i].bytes, refusals[i].len);
		ck_result(&v, RUNG_APP_REPLY, CAUSE_NONE, "refused");
		ck_assert_int_eq(fake_detail_int(&v.p, "return_code"),
		    refusals[i].code);
		leave(&v);
	}
	fake_pki_free(&v.pki);
}
END_TEST

START_TEST(a_slow_broker_is_heard_to_the_end)
{
	struct visit v;

	prepare(&v);
	v.server.slow = true;
	visit(&v, "\x20\x02\0\0", 4);
	ck_result(&v, RUNG_APP_REPLY, CAUSE_NONE, "accepted");
	leave(&v);
	fake_pki_free(&v.pki);
}
END_TEST

START_TEST(anything_else_is_no_broker)
{
	static const struct {
		const char *bytes;
		size_t len;
	} wrong[] = {
	    {"HTTP/1.1 400 Bad Request\r\n\r\n", 28},
	    {"\x20\x02\0\6", 4},     /* no such code */
	    {"\x20\x02\4\0", 4},     /* reserved flags */
	    {"\x20\x00", 2},         /* no code at all */
	    {"\x20\xff\xff\x7f", 4}, /* megabytes are announced */
	    {"\x30\x02\0\0", 4},     /* another packet */
	    {"\x20\x03\0\0\0", 5},   /* accepted, in a version not asked for */
	    {"\x20\x02\0\0\x20\x02\0\0", 8}, /* twice at once */
	};
	struct visit v;
	size_t i;

	prepare(&v);
	for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		visit(&v, wrong[i].bytes, wrong[i].len);
		ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_WRONG_PROTOCOL,
		    "garbage");
		leave(&v);
	}
	fake_pki_free(&v.pki);
}
END_TEST

START_TEST(without_a_word_only_the_certificate_is_proved)
{
	struct visit v;

	prepare(&v);
	visit(&v, NULL, 0);
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_NONE, "closed");
	leave(&v);
	v.server.keeps_quiet = true;
	visit(&v, NULL, 0);
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_NONE, "silence");
	leave(&v);
	/* Half a CONNACK is none. */
	v.server.keeps_quiet = false;
	visit(&v, "\x20\x02\0", 3);
	ck_assert_int_eq(v.p.obs->rung, RUNG_TLS_EXPECTED);
	leave(&v);
	fake_pki_free(&v.pki);
}
END_TEST

/* Facts 5.5: then the server's certificate is all there is to see. */
START_TEST(a_broker_that_demands_our_certificate_says_so)
{
	static const int version[] = {TLS1_2_VERSION, TLS1_3_VERSION};
	struct visit v;
	size_t i;

	prepare(&v);
	v.server.wants_client_cert = true;
	for (i = 0; i < 2; i++) {
		v.server.min = v.server.max = version[i];
		visit(&v, "\x20\x02\0\0", 4);
		ck_assert_int_eq(v.p.obs->rung, RUNG_TLS_EXPECTED);
		ck_assert_int_eq(v.p.obs->failure, CAUSE_NONE);
		ck_assert_str_eq(fake_detail(&v.p, "client_certificate"),
		    "demanded");
		ck_assert_uint_eq(v.server.request_len, 0);
		leave(&v);
	}
	fake_pki_free(&v.pki);
}
END_TEST

START_TEST(nothing_is_said_to_whoever_shows_another_certificate)
{
	struct visit v;

	prepare(&v);
	v.server.leaf = v.pki.copied;
	v.server.chain[0] = NULL;
	visit(&v, "\x20\x02\0\0", 4);
	ck_result(&v, RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED, "");
	leave(&v);
	ck_assert_uint_eq(v.server.request_len, 0);
	fake_pki_free(&v.pki);
}
END_TEST

START_TEST(it_survives_what_is_hostile)
{
	struct fake_pki pki;
	struct hostile_case c = {"mqtt", FAKE_HOST, NULL, 20000, NULL};

	fake_pki_init(&pki);
	c.trust = pki.trust;
	hostile_tls_tcp(&c);
	fake_pki_free(&pki);
}
END_TEST

START_TEST(it_can_be_cancelled_at_any_moment)
{
	struct fake_pki pki;
	struct hostile_case c = {"mqtt", FAKE_HOST, NULL, 20000, NULL};

	fake_pki_init(&pki);
	c.trust = pki.trust;
	hostile_tls_tcp_cancelled(&c);
	fake_pki_free(&pki);
}
END_TEST

HARNESS("probe mqtt", a_broker_that_accepts_is_proved_and_left_politely,
    each_visit_has_an_id_of_its_own, a_refusal_is_the_brokers_own_word,
    a_slow_broker_is_heard_to_the_end, anything_else_is_no_broker,
    without_a_word_only_the_certificate_is_proved,
    a_broker_that_demands_our_certificate_says_so,
    nothing_is_said_to_whoever_shows_another_certificate,
    it_survives_what_is_hostile, it_can_be_cancelled_at_any_moment)
