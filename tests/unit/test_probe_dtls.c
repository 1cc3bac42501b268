/* SPDX-License-Identifier: MIT */
/* Promises of the DTLS probe (RFC 6347, facts 3.2 and 5.3): a certificate
 * counts by its key, silence proves nothing, loss and copies do no harm. */
#include "tests/unit/harness.h"

#include <string.h>
#include <unistd.h>

#include "tests/unit/fake_net.h"
#include "tests/unit/fake_pki.h"
#include "tests/unit/fake_probe.h"
#include "tests/unit/hostile_tls.h"

struct visit {
	struct fake_pki pki;
	struct fake_dtls_setup setup;
	struct fake_dtls *server;
	struct fake_probe p;
};

static void
prepare(struct visit *v)
{
	memset(v, 0, sizeof *v);
	fake_pki_init(&v->pki);
	v->setup.leaf = v->pki.own;
}

static void
ask(struct fake_probe *p, const struct fake_pki *pki, uint16_t port)
{
	fake_probe_init(p, "dtls", PROTO_UDP, FAKE_HOST, "127.0.0.1", port);
	p->env.trust = pki->trust;
	p->spec.issuer = (char *)(uintptr_t) "vendor";
	p->spec.tls_max = (char *)(uintptr_t) "1.2";
	p->spec.want = (char *)(uintptr_t) "izuma";
	ck_assert(fake_probe_run(p, 20000));
}

static void
visit(struct visit *v)
{
	v->server = fake_dtls_start(&v->setup);
	ask(&v->p, &v->pki, fake_dtls_port(v->server));
}

static void
leave(struct visit *v)
{
	fake_probe_free(&v->p);
	fake_dtls_stop(v->server);
}

#define ck_result(probe, want_rung, want_failure) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, \
				     (int)(probe)->obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(probe)->obs->failure), \
		    word_name(&words_cause, want_failure)); \
	} while (0)

START_TEST(the_vendors_key_proves_the_server)
{
	struct visit v;
	int before;

	prepare(&v);
	before = fake_count_fds();
	visit(&v);
	ck_result(&v.p, RUNG_TLS_EXPECTED, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&v.p, "handshake"), "complete");
	ck_assert_str_eq(fake_detail(&v.p, "protocol"), "DTLSv1.2");
	ck_assert_str_eq(fake_detail(&v.p, "flight"), "certificate");
	ck_assert(fake_detail_is(&v.p, "key_match"));
	ck_assert(fake_detail_is(&v.p, "key_proved"));
	ck_assert(!fake_detail_is(&v.p, "public_root"));
	/* The cookie and the certificates: two answers. */
	ck_assert_int_ge(fake_detail_int(&v.p, "datagrams"), 2);
	ck_assert_uint_ge(v.p.obs->nattempts, 2);
	ck_assert_str_eq(v.p.obs->attempts[0].result, "reply");
	ck_assert_uint_ne(v.p.obs->source_port, 0);
	leave(&v);
	ck_assert_int_eq(fake_count_fds(), before);
	fake_pki_free(&v.pki);
}
END_TEST

START_TEST(a_server_that_demands_our_certificate_still_proves_itself)
{
	struct visit v;

	prepare(&v);
	v.setup.wants_client_cert = true;
	visit(&v);
	ck_result(&v.p, RUNG_TLS_EXPECTED, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&v.p, "client_certificate"), "asked");
	leave(&v);
	fake_pki_free(&v.pki);
}
END_TEST

/* The name of an authority can be copied, its key cannot. */
START_TEST(a_copied_name_is_not_the_vendors_key)
{
	struct visit v;

	prepare(&v);
	v.setup.leaf = v.pki.copied;
	visit(&v);
	ck_result(&v.p, RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED);
	ck_assert_str_eq(fake_detail(&v.p, "issuer"), "CN=Vendor CA");
	ck_assert(!fake_detail_is(&v.p, "key_match"));
	leave(&v);
	fake_pki_free(&v.pki);
}
END_TEST

START_TEST(what_is_lost_is_sent_again)
{
	struct visit v;

	prepare(&v);
	v.setup.lost = 2;
	visit(&v);
	ck_result(&v.p, RUNG_TLS_EXPECTED, CAUSE_NONE);
	ck_assert_int_eq(v.p.nslow, 1);
	/* RFC 6347 section 4.2.4.1: after 1 s, then after 2 more. */
	ck_assert_str_eq(v.p.obs->attempts[0].result, "silence");
	ck_assert_str_eq(v.p.obs->attempts[1].result, "silence");
	ck_assert_str_eq(v.p.obs->attempts[2].result, "reply");
	ck_assert_int_ge(v.p.obs->attempts[1].offset_us, 900000);
	ck_assert_int_ge(v.p.obs->attempts[2].offset_us, 2800000);
	leave(&v);
	fake_pki_free(&v.pki);
}
END_TEST

START_TEST(late_and_doubled_answers_do_no_harm)
{
	struct visit v;

	prepare(&v);
	v.setup.late_ms = 1300; /* the hello has been repeated by then */
	visit(&v);
	ck_result(&v.p, RUNG_TLS_EXPECTED, CAUSE_NONE);
	leave(&v);
	v.setup.late_ms = 0;
	v.setup.twice = true;
	visit(&v);
	ck_result(&v.p, RUNG_TLS_EXPECTED, CAUSE_NONE);
	leave(&v);
	fake_pki_free(&v.pki);
}
END_TEST

START_TEST(a_cookie_alone_proves_datagrams_and_no_more)
{
	struct visit v;

	prepare(&v);
	v.setup.only_cookie = true;
	visit(&v);
	ck_assert_int_eq(v.p.obs->rung, RUNG_TRANSPORT);
	ck_assert_int_eq(v.p.obs->failure, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&v.p, "flight"), "cookie");
	leave(&v);
	fake_pki_free(&v.pki);
}
END_TEST

struct hello {
	uint8_t data[1024];
	size_t len;
};

static void
answer_nothing(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	struct hello *h = arg;

	(void)fd;
	(void)from;
	if (h != NULL && h->len == 0 && len <= sizeof h->data) {
		memcpy(h->data, data, len);
		h->len = len;
	}
}

/* The extension of a hello, or NULL; its bytes begin behind the length. */
static const uint8_t *
extension(const uint8_t *at, const uint8_t *end, unsigned type, size_t *len)
{
	while (at + 4 <= end) {
		*len = (size_t)(at[2] << 8 | at[3]);
		if ((unsigned)(at[0] << 8 | at[1]) == type)
			return at + 4;
		at += 4 + *len;
	}
	return NULL;
}

/* RFC 6347 section 4.2.2 and 4.3.2, facts 3.2 and 5.3. */
START_TEST(silence_is_silence_and_the_hello_is_the_products)
{
	struct hello h = {.len = 0};
	struct fake_pki pki;
	struct fake_probe p;
	struct fake_udp *s;
	const uint8_t *at, *end;
	size_t len;

	fake_pki_init(&pki);
	s = fake_udp_start("127.0.0.1", 0, answer_nothing, &h);
	ask(&p, &pki, fake_udp_port(s));
	ck_result(&p, RUNG_SILENCE, CAUSE_UDP_SILENT);
	ck_assert_int_eq(fake_udp_received(s), 3);
	ck_assert_uint_eq(p.obs->nattempts, 3);
	ck_assert_int_ge(p.obs->duration_us, 6500000);
	ck_assert_int_eq(p.nslow, 1);
	fake_probe_free(&p);
	fake_udp_stop(s);
	/* Record: handshake, epoch 0; ClientHello, version 1.2, no cookie. */
	ck_assert_uint_gt(h.len, 60);
	ck_assert_uint_eq(h.data[0], 0x16);
	ck_assert_uint_eq(h.data[13], 1);
	ck_assert_mem_eq(h.data + 25, "\xfe\xfd", 2);
	at = h.data + 27 + 32;
	ck_assert_uint_eq(at[0], 0); /* session */
	ck_assert_uint_eq(at[1], 0); /* cookie */
	/* Four suites: the three, and the sign of RFC 5746. */
	ck_assert_mem_eq(at + 2, "\0\x08\xc0\xae\xc0\x2b\xc0\x2c\0\xff", 10);
	at += 12 + 2; /* compression: none */
	end = h.data + h.len;
	at += 2;
	ck_assert_mem_eq(extension(at, end, 10, &len), "\0\2\0\x17", 4);
	ck_assert_mem_eq(extension(at, end, 13, &len), "\0\2\4\3", 4);
	ck_assert_ptr_nonnull(extension(at, end, 0, &len));
	fake_pki_free(&pki);
}
END_TEST

START_TEST(nothing_there_is_rejected_by_whom)
{
	struct fake_pki pki;
	struct fake_probe p;

	fake_pki_init(&pki);
	ask(&p, &pki, fake_closed_port());
	ck_result(&p, RUNG_REJECTED, CAUSE_TCP_REFUSED);
	ck_assert_str_eq(p.obs->offender, "127.0.0.1");
	ck_assert_uint_eq(p.obs->nattempts, 2);
	ck_assert_int_eq(p.obs->attempts[0].icmp_type, 3);
	ck_assert_int_eq(p.obs->attempts[0].icmp_code, 3);
	fake_probe_free(&p);
	fake_probe_init(&p, "dtls", PROTO_UDP, FAKE_HOST, "::1",
	    fake_closed_port());
	p.env.trust = pki.trust;
	ck_assert(fake_probe_run(&p, 20000));
	ck_result(&p, RUNG_REJECTED, CAUSE_TCP_REFUSED);
	ck_assert_str_eq(p.obs->offender, "::1");
	fake_probe_free(&p);
	fake_pki_free(&pki);
}
END_TEST

/* RFC 6347 section 4.1: an alert in a record, fatal, handshake_failure. */
static void
alert(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	static const uint8_t m[] = {0x15, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	    2, 2, 40};

	(void)data;
	(void)len;
	(void)arg;
	sendto(fd, m, sizeof m, 0, &from->sa, from->len);
}

START_TEST(a_refusal_is_told)
{
	struct fake_pki pki;
	struct fake_probe p;
	struct fake_udp *s;

	fake_pki_init(&pki);
	s = fake_udp_start("127.0.0.1", 0, alert, NULL);
	ask(&p, &pki, fake_udp_port(s));
	ck_result(&p, RUNG_TRANSPORT, CAUSE_TLS_PROTOCOL);
	ck_assert_str_eq(fake_detail(&p, "alert"), "handshake failure");
	ck_assert_int_eq(fake_detail_int(&p, "alert_code"), 40);
	fake_probe_free(&p);
	fake_udp_stop(s);
	fake_pki_free(&pki);
}
END_TEST

static void
prepare_izuma(struct fake_probe *p)
{
	p->spec.issuer = (char *)(uintptr_t) "vendor";
	p->spec.want = (char *)(uintptr_t) "izuma";
}

static void
survive(unsigned half, bool cancel)
{
	struct fake_pki pki;
	struct hostile_case c = {"dtls", FAKE_HOST, NULL, 20000, prepare_izuma};

	fake_pki_init(&pki);
	c.trust = pki.trust;
	if (cancel)
		hostile_tls_udp_cancelled(&c);
	else
		hostile_tls_udp(&c, half);
	fake_pki_free(&pki);
}

START_TEST(it_survives_what_is_hostile)
{
	survive(0, false);
}
END_TEST

START_TEST(it_survives_what_is_hostile_too)
{
	survive(1, false);
}
END_TEST

START_TEST(it_can_be_cancelled_at_any_moment)
{
	survive(0, true);
}
END_TEST

HARNESS("probe dtls", the_vendors_key_proves_the_server,
    a_server_that_demands_our_certificate_still_proves_itself,
    a_copied_name_is_not_the_vendors_key, what_is_lost_is_sent_again,
    late_and_doubled_answers_do_no_harm,
    a_cookie_alone_proves_datagrams_and_no_more,
    silence_is_silence_and_the_hello_is_the_products,
    nothing_there_is_rejected_by_whom, a_refusal_is_told,
    it_survives_what_is_hostile, it_survives_what_is_hostile_too,
    it_can_be_cancelled_at_any_moment)
