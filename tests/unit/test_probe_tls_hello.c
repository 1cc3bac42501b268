/* SPDX-License-Identifier: MIT */
/* Promises of the TLS probe about its hello and about who ends it: it speaks
 * as the product does, a certificate counts only with its key, and further
 * hellos tell what a refusal or a reset is about. */
#include "tests/unit/harness.h"

#include <string.h>
#include <unistd.h>

#include "tests/unit/fake_net.h"
#include "tests/unit/fake_pki.h"
#include "tests/unit/fake_probe.h"
#include "tests/unit/hostile_tls.h"

#define HOST FAKE_HOST

struct world {
	struct fake_pki k;
	struct fake_tls server;
	const struct trust *trust;
};

static void
world_init(struct world *w)
{
	memset(w, 0, sizeof *w);
	fake_pki_init(&w->k);
	w->trust = w->k.trust;
	w->server.leaf = w->k.leaf;
	w->server.chain[0] = w->k.middle;
}

static void
world_free(struct world *w)
{
	fake_pki_free(&w->k);
}

struct visit {
	struct fake_probe p;
	struct fake_tcp *server;
};

static void
leave(struct visit *v)
{
	fake_probe_free(&v->p);
	fake_tcp_stop(v->server);
}

#define ck_result(v, want_rung, want_failure) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, \
				     (int)(v)->p.obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(v)->p.obs->failure), \
		    word_name(&words_cause, want_failure)); \
	} while (0)

/* A copy of the vendor's certificate is no proof without its key. */
START_TEST(a_certificate_counts_only_with_its_key)
{
	struct world w;
	struct visit v;
	struct fake_tcp *real;
	uint16_t port;

	world_init(&w);
	w.server.max = TLS1_2_VERSION;
	w.server.leaf = w.k.own;
	w.server.chain[0] = NULL;
	real = fake_tcp_start("127.0.0.1", fake_tls_serve, &w.server);
	port = fake_tcp_port(real);
	v.server = fake_tcp_start("127.0.0.1", fake_tls_forge, &port);
	fake_probe_init(&v.p, "tls", PROTO_TCP, HOST, "127.0.0.1",
	    fake_tcp_port(v.server));
	v.p.env.trust = w.trust;
	v.p.spec.issuer = (char *)(uintptr_t) "vendor";
	ck_assert(fake_probe_run(&v.p, 20000));
	ck_assert(fake_detail_is(&v.p, "key_match"));
	ck_assert(!fake_detail_is(&v.p, "key_proved"));
	ck_assert_str_eq(fake_detail(&v.p, "handshake"), "forged");
	ck_result(&v, RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED);
	leave(&v);
	fake_tcp_stop(real);
	world_free(&w);
}
END_TEST

/* Some filters look at the server's certificate and end it then. */
START_TEST(the_right_certificate_is_no_connection_yet)
{
	struct world w;
	struct visit v;
	struct fake_tcp *real;
	uint16_t port;

	world_init(&w);
	w.server.max = TLS1_2_VERSION;
	w.server.leaf = w.k.own;
	w.server.chain[0] = NULL;
	real = fake_tcp_start("127.0.0.1", fake_tls_serve, &w.server);
	port = fake_tcp_port(real);
	v.server = fake_tcp_start("127.0.0.1", fake_tls_cut, &port);
	fake_probe_init(&v.p, "tls", PROTO_TCP, HOST, "127.0.0.1",
	    fake_tcp_port(v.server));
	v.p.env.trust = w.trust;
	v.p.spec.issuer = (char *)(uintptr_t) "vendor";
	ck_assert(fake_probe_run(&v.p, 20000));
	ck_assert(fake_detail_is(&v.p, "key_match"));
	ck_assert(fake_detail_is(&v.p, "key_proved"));
	ck_assert_str_eq(fake_detail(&v.p, "handshake"), "reset");
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_TLS_RESET_AFTER_HELLO);
	ck_assert_int_eq(fake_tcp_accepted(v.server), 2);
	leave(&v);
	fake_tcp_stop(real);
	world_free(&w);
}
END_TEST

/* RFC 6066: a server name is never an address; the certificate must bear it
 * as one. */
START_TEST(a_literal_address_is_no_server_name)
{
	struct world w;
	struct visit v;

	world_init(&w);
	v.server = fake_tcp_start("127.0.0.1", fake_tls_serve, &w.server);
	fake_probe_init(&v.p, "tls", PROTO_TCP, "127.0.0.1", "127.0.0.1",
	    fake_tcp_port(v.server));
	v.p.env.trust = w.trust;
	ck_assert(fake_probe_run(&v.p, 9000));
	ck_assert_str_eq(w.server.sni_seen, "");
	ck_result(&v, RUNG_TLS_OTHER, CAUSE_TLS_NAME_MISMATCH);
	leave(&v);
	world_free(&w);
}
END_TEST

START_TEST(it_works_the_same_by_ipv6)
{
	struct world w;
	struct visit v;

	world_init(&w);
	v.server = fake_tcp_start("::1", fake_tls_serve, &w.server);
	fake_probe_init(&v.p, "tls", PROTO_TCP, HOST, "::1",
	    fake_tcp_port(v.server));
	v.p.env.trust = w.trust;
	ck_assert(fake_probe_run(&v.p, 9000));
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_NONE);
	leave(&v);
	world_free(&w);
}
END_TEST

/* A filter that cuts off by the name: RFC 6066 section 3, type 0. */
static void
filter_names(int fd, void *arg)
{
	unsigned char data[2048];
	ssize_t n = recv(fd, data, sizeof data, MSG_PEEK);

	if (n > 0 && memmem(data, (size_t)n, HOST, strlen(HOST)) != NULL)
		fake_reset_on_close(fd);
	else
		fake_tls_serve(fd, arg);
}

START_TEST(a_filter_by_name_is_told_from_one_of_all_tls)
{
	struct world w;
	struct visit v;

	world_init(&w);
	v.server = fake_tcp_start("127.0.0.1", filter_names, &w.server);
	fake_probe_init(&v.p, "tls", PROTO_TCP, HOST, "127.0.0.1",
	    fake_tcp_port(v.server));
	v.p.env.trust = w.trust;
	ck_assert(fake_probe_run(&v.p, 20000));
	ck_result(&v, RUNG_TRANSPORT, CAUSE_TLS_RESET_AFTER_HELLO);
	ck_assert_str_eq(fake_detail(&v.p, "handshake"), "reset");
	ck_assert_str_eq(fake_detail(&v.p, "hello_nameless"), "complete");
	/* What the other hello met is not the product's. */
	ck_assert_str_eq(fake_detail(&v.p, "subject"), "");
	leave(&v);
	world_free(&w);
}
END_TEST

static void
keep_hello(int fd, void *arg)
{
	struct {
		unsigned char data[1024];
		ssize_t len;
	} *h = arg;
	char rest[64];

	if (h->len <= 0)
		h->len = read(fd, h->data, sizeof h->data);
	fake_read_until(fd, "never", rest, sizeof rest);
}

static const unsigned char *
extension(const unsigned char *at, const unsigned char *end, unsigned type)
{
	while (at + 4 <= end && (unsigned)(at[0] << 8 | at[1]) != type)
		at += 4 + (at[2] << 8 | at[3]);
	return at + 4 <= end ? at + 4 : NULL;
}

/* Facts 3.2: secp256r1 (23) only, C0AE, C02B and C02C, ECDSA with SHA-256
 * (4, 3), TLS 1.2 and nothing newer (no extension 43). */
START_TEST(the_hello_of_a_profile_is_the_products_own)
{
	struct {
		unsigned char data[1024];
		ssize_t len;
	} h = {.len = 0};
	struct world w;
	struct visit v;
	const unsigned char *at, *end;

	world_init(&w);
	v.server = fake_tcp_start("127.0.0.1", keep_hello, &h);
	fake_probe_init(&v.p, "tls", PROTO_TCP, HOST, "127.0.0.1",
	    fake_tcp_port(v.server));
	v.p.env.trust = w.trust;
	v.p.spec.want = (char *)(uintptr_t) "izuma";
	v.p.spec.tls_max = (char *)(uintptr_t) "1.2";
	ck_assert(fake_probe_run(&v.p, 30000));
	ck_assert_str_eq(fake_detail(&v.p, "profile"), "izuma");
	leave(&v);
	ck_assert_int_gt(h.len, 60);
	ck_assert_mem_eq(h.data + 9, "\3\3", 2);
	at = h.data + 43; /* behind the random */
	ck_assert_uint_eq(at[0], 0);
	ck_assert_mem_eq(at + 1, "\0\x08\xc0\xae\xc0\x2b\xc0\x2c\0\xff", 10);
	at += 11 + 2 + 2;
	end = h.data + h.len;
	ck_assert_mem_eq(extension(at, end, 10), "\0\2\0\x17", 4);
	ck_assert_mem_eq(extension(at, end, 13), "\0\2\4\3", 4);
	ck_assert_ptr_null(extension(at, end, 43));
	world_free(&w);
}
END_TEST

/* The box has only an RSA certificate, so it refuses the product's suites;
 * asked in the ordinary way it shows who it is. */
START_TEST(whoever_refuses_the_products_suites_is_asked_once_more)
{
	struct world w;
	struct visit v;
	struct fake_cert box, *office;

	world_init(&w);
	box.key = EVP_RSA_gen(2048);
	office = fake_cert_new("Office Root", NULL, true, -500, 500);
	box.cert = X509_dup(w.k.leaf->cert);
	ck_assert(X509_set_pubkey(box.cert, box.key) == 1 &&
	    X509_set_issuer_name(box.cert,
		X509_get_subject_name(office->cert)) == 1 &&
	    X509_sign(box.cert, office->key, EVP_sha256()) > 0);
	w.server.leaf = &box;
	w.server.chain[0] = NULL;
	v.server = fake_tcp_start("127.0.0.1", fake_tls_serve, &w.server);
	fake_probe_init(&v.p, "tls", PROTO_TCP, HOST, "127.0.0.1",
	    fake_tcp_port(v.server));
	v.p.env.trust = w.trust;
	v.p.spec.want = (char *)(uintptr_t) "izuma";
	v.p.spec.issuer = (char *)(uintptr_t) "vendor";
	v.p.spec.tls_max = (char *)(uintptr_t) "1.2";
	ck_assert(fake_probe_run(&v.p, 20000));
	ck_result(&v, RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED);
	ck_assert_str_eq(fake_detail(&v.p, "handshake"), "refused");
	ck_assert_str_eq(fake_detail(&v.p, "hello_ordinary"), "complete");
	ck_assert_str_eq(fake_detail(&v.p, "issuer"), "CN=Office Root");
	leave(&v);
	fake_cert_free(office);
	X509_free(box.cert);
	EVP_PKEY_free(box.key);
	world_free(&w);
}
END_TEST

static void
vanish_large(int fd, void *arg)
{
	if (!fake_large_vanish(fd))
		fake_tls_serve(fd, arg);
}

START_TEST(large_packets_that_vanish_are_told_from_silence)
{
	struct world w;
	struct visit v;

	world_init(&w);
	v.server = fake_tcp_start("127.0.0.1", vanish_large, &w.server);
	fake_probe_init(&v.p, "tls", PROTO_TCP, HOST, "127.0.0.1",
	    fake_tcp_port(v.server));
	v.p.env.trust = w.trust;
	ck_assert(fake_probe_run(&v.p, 12000));
	ck_result(&v, RUNG_TRANSPORT, CAUSE_MTU_BLACKHOLE);
	ck_assert_str_eq(fake_detail(&v.p, "handshake"), "silence");
	ck_assert_str_eq(fake_detail(&v.p, "hello_small"), "complete");
	ck_assert_str_eq(fake_detail(&v.p, "hello_small_again"), "complete");
	/* In turn: silent, answered, silent, answered. */
	ck_assert_int_eq(fake_tcp_accepted(v.server), 4);
	leave(&v);
	world_free(&w);
}
END_TEST

struct hiccup {
	struct fake_tls *server;
	int nsilent;
};

static void
hiccup(int fd, void *arg)
{
	struct hiccup *h = arg;

	if (h->nsilent-- > 0)
		fake_large_vanish(fd);
	else
		fake_tls_serve(fd, h->server);
}

/* Answered in small segments, and then as usual too: it was not the size. */
START_TEST(one_silent_try_is_no_black_hole)
{
	struct world w;
	struct visit v;
	struct hiccup h = {&w.server, 1};

	world_init(&w);
	v.server = fake_tcp_start("127.0.0.1", hiccup, &h);
	fake_probe_init(&v.p, "tls", PROTO_TCP, HOST, "127.0.0.1",
	    fake_tcp_port(v.server));
	v.p.env.trust = w.trust;
	ck_assert(fake_probe_run(&v.p, 12000));
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_NONE);
	ck_assert_int_eq(fake_tcp_accepted(v.server), 3);
	leave(&v);
	world_free(&w);
}
END_TEST

START_TEST(what_is_known_of_a_certificate_is_kept)
{
	struct world w;
	struct visit v;

	world_init(&w);
	v.server = fake_tcp_start("127.0.0.1", fake_tls_serve, &w.server);
	fake_probe_init(&v.p, "tls", PROTO_TCP, HOST, "127.0.0.1",
	    fake_tcp_port(v.server));
	v.p.env.trust = w.trust;
	ck_assert(fake_probe_run(&v.p, 9000));
	ck_assert_str_eq(fake_detail(&v.p, "leaf_key"), "EC 256");
	ck_assert_int_eq(fake_detail_int(&v.p, "leaf_days"), 90);
	ck_assert_int_eq(fake_detail_int(&v.p, "certificates"), 2);
	ck_assert_uint_eq(strlen(fake_detail(&v.p, "leaf_spki")), 64);
	ck_assert(!fake_detail_is(&v.p, "has_scts"));
	ck_assert(!fake_detail_is(&v.p, "has_revocation"));
	leave(&v);
	world_free(&w);
}
END_TEST

START_TEST(it_survives_what_is_hostile)
{
	struct world w;
	struct hostile_case c = {"tls", HOST, NULL, 30000, NULL};

	world_init(&w);
	c.trust = w.trust;
	hostile_tls_tcp(&c);
	world_free(&w);
}
END_TEST

START_TEST(it_can_be_cancelled_whatever_comes)
{
	struct world w;
	struct hostile_case c = {"tls", HOST, NULL, 30000, NULL};

	world_init(&w);
	c.trust = w.trust;
	hostile_tls_tcp_cancelled(&c);
	world_free(&w);
}
END_TEST

HARNESS("probe tls hello", a_certificate_counts_only_with_its_key,
    the_right_certificate_is_no_connection_yet,
    a_literal_address_is_no_server_name, it_works_the_same_by_ipv6,
    a_filter_by_name_is_told_from_one_of_all_tls,
    the_hello_of_a_profile_is_the_products_own,
    whoever_refuses_the_products_suites_is_asked_once_more,
    large_packets_that_vanish_are_told_from_silence,
    one_silent_try_is_no_black_hole, what_is_known_of_a_certificate_is_kept,
    it_survives_what_is_hostile, it_can_be_cancelled_whatever_comes)
