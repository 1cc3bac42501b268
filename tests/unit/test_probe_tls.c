/* SPDX-License-Identifier: MIT */
/* Promises of the TLS probe: certificates are judged by the given roots or
 * the pack's key and by nothing else, and a server that refuses, resets,
 * stays silent or speaks another protocol is told apart. */
#include "tests/unit/harness.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/builtin.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/fake_probe.h"
#include "tests/unit/fake_tls.h"

#define HOST "a.example"

/* A public root and intermediate, an office's root that only the laptop
 * trusts, and a trust that knows them as such. */
struct world {
	struct fake_cert *root, *middle, *office, *leaf;
	struct trust *trust;
	struct fake_tls server;
	char *root_file, *office_file, *key_pem;
};

static void
world_init(struct world *w)
{
	struct trust_key key;
	struct error err;

	memset(w, 0, sizeof *w);
	signal(SIGPIPE, SIG_IGN);
	w->root = fake_cert_new("Public Root", NULL, true, -1000, 1000);
	w->middle = fake_cert_new("Public Issuing", w->root, true, -500, 500);
	w->office = fake_cert_new("Office Root", NULL, true, -500, 500);
	w->leaf = fake_cert_new(HOST, w->middle, false, -10, 80);
	w->root_file = fake_cert_file(w->root);
	w->office_file = fake_cert_file(w->office);
	w->key_pem = fake_key_pem(w->middle);
	ck_assert_int_eq(setenv("SSL_CERT_FILE", w->office_file, 1), 0);
	ck_assert_int_eq(setenv("SSL_CERT_DIR", "/nonexistent", 1), 0);
	key.name = "vendor";
	key.pem = w->key_pem;
	w->trust = trust_new(w->root_file, &key, 1, &err);
	ck_assert_msg(w->trust != NULL, "%s", err.what);
	w->server.leaf = w->leaf;
	w->server.chain[0] = w->middle;
}

static void
world_free(struct world *w)
{
	trust_free(w->trust);
	fake_cert_free(w->root);
	fake_cert_free(w->middle);
	fake_cert_free(w->office);
	fake_cert_free(w->leaf);
	unlink(w->root_file);
	unlink(w->office_file);
	mem_free(w->root_file);
	mem_free(w->office_file);
	mem_free(w->key_pem);
}

struct visit {
	struct fake_probe p;
	struct fake_tcp *server;
};

static void
visit(struct visit *v, struct world *w, const char *issuer, const char *alpn,
    const char *tls_max)
{
	v->server = fake_tcp_start("127.0.0.1", fake_tls_serve, &w->server);
	fake_probe_init(&v->p, "tls", PROTO_TCP, HOST, "127.0.0.1",
	    fake_tcp_port(v->server));
	v->p.env.trust = w->trust;
	v->p.spec.issuer = (char *)(uintptr_t)issuer;
	v->p.spec.alpn = (char *)(uintptr_t)alpn;
	v->p.spec.tls_max = (char *)(uintptr_t)tls_max;
	ck_assert(fake_probe_run(&v->p, 20000));
}

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

START_TEST(a_chain_to_a_public_root_is_the_expected_one)
{
	struct world w;
	struct visit v;
	int before;

	world_init(&w);
	before = fake_count_fds();
	visit(&v, &w, NULL, NULL, NULL);
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&v.p, "handshake"), "complete");
	ck_assert_str_eq(fake_detail(&v.p, "protocol"), "TLSv1.3");
	ck_assert_str_eq(fake_detail(&v.p, "subject"), "CN=" HOST);
	ck_assert_str_eq(fake_detail(&v.p, "issuer"), "CN=Public Issuing");
	ck_assert_str_eq(fake_detail(&v.p, "top_issuer"), "CN=Public Root");
	ck_assert(fake_detail_is(&v.p, "public_root"));
	ck_assert(!fake_detail_is(&v.p, "laptop_root"));
	ck_assert(fake_detail_is(&v.p, "name_match"));
	ck_assert_uint_eq(strlen(fake_detail(&v.p, "leaf_sha256")), 64);
	ck_assert_uint_eq(strlen(fake_detail(&v.p, "issuer_spki")), 64);
	ck_assert_uint_eq(v.p.obs->nattempts, 1);
	ck_assert_uint_ne(v.p.obs->source_port, 0);
	ck_assert_str_eq(v.p.obs->attempts[0].result, "accepted");
	ck_assert_str_eq(w.server.sni_seen, HOST);
	leave(&v);
	ck_assert_int_eq(fake_count_fds(), before);
	world_free(&w);
}
END_TEST

/* Dates are facts here; the judge holds them against the right time. The
 * chain is as good as its shortest part. */
START_TEST(dates_of_the_chain_are_kept_and_not_judged)
{
	struct world w;
	struct visit v;
	struct fake_cert *old;
	char from[16], to[16];
	time_t day = 86400, now = time(NULL), t;

	world_init(&w);
	old = fake_cert_new(HOST, w.middle, false, -90, -1);
	w.server.leaf = old;
	visit(&v, &w, NULL, NULL, NULL);
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_NONE);
	t = now - 90 * day;
	strftime(from, sizeof from, "%Y-%m-%d", gmtime(&t));
	t = now - day;
	strftime(to, sizeof to, "%Y-%m-%d", gmtime(&t));
	ck_assert_int_eq(strncmp(fake_detail(&v.p, "not_before"), from, 10), 0);
	ck_assert_int_eq(strncmp(fake_detail(&v.p, "not_after"), to, 10), 0);
	leave(&v);
	fake_cert_free(old);
	world_free(&w);
}
END_TEST

START_TEST(the_laptops_own_store_is_told_about_and_not_believed)
{
	struct world w;
	struct visit v;
	struct fake_cert *minted;

	world_init(&w);
	minted = fake_cert_new(HOST, w.office, false, -1, 30);
	w.server.leaf = minted;
	w.server.chain[0] = NULL;
	visit(&v, &w, NULL, NULL, NULL);
	ck_result(&v, RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED);
	ck_assert(fake_detail_is(&v.p, "laptop_root"));
	ck_assert(!fake_detail_is(&v.p, "public_root"));
	ck_assert_str_eq(fake_detail(&v.p, "top_issuer"), "CN=Office Root");
	ck_assert_str_ne(fake_detail(&v.p, "chain_error"), "");
	leave(&v);
	fake_cert_free(minted);
	world_free(&w);
}
END_TEST

START_TEST(self_signed_and_missing_intermediates_are_untrusted)
{
	struct world w;
	struct visit v;
	struct fake_cert *self;

	world_init(&w);
	self = fake_cert_new(HOST, NULL, false, -1, 30);
	w.server.leaf = self;
	w.server.chain[0] = NULL;
	visit(&v, &w, NULL, NULL, NULL);
	ck_result(&v, RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED);
	leave(&v);
	w.server.leaf = w.leaf;
	visit(&v, &w, NULL, NULL, NULL);
	ck_result(&v, RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED);
	leave(&v);
	fake_cert_free(self);
	world_free(&w);
}
END_TEST

START_TEST(a_certificate_for_another_name_is_a_mismatch)
{
	struct world w;
	struct visit v;
	struct fake_cert *other;

	world_init(&w);
	other = fake_cert_new("b.example", w.middle, false, -1, 30);
	w.server.leaf = other;
	visit(&v, &w, NULL, NULL, NULL);
	ck_result(&v, RUNG_TLS_OTHER, CAUSE_TLS_NAME_MISMATCH);
	ck_assert(fake_detail_is(&v.p, "public_root"));
	ck_assert(!fake_detail_is(&v.p, "name_match"));
	leave(&v);
	fake_cert_free(other);
	world_free(&w);
}
END_TEST

/* The name of an authority can be copied, its key cannot. */
START_TEST(a_packs_key_decides_and_not_the_issuers_name)
{
	struct world w;
	struct visit v;
	struct fake_cert *copied, *minted;

	world_init(&w);
	visit(&v, &w, "vendor", NULL, NULL);
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_NONE);
	ck_assert(fake_detail_is(&v.p, "key_match"));
	ck_assert_str_eq(fake_detail(&v.p, "expected_issuer"), "vendor");
	leave(&v);
	copied = fake_cert_new("Public Issuing", w.root, true, -10, 10);
	minted = fake_cert_new(HOST, copied, false, -1, 30);
	w.server.leaf = minted;
	w.server.chain[0] = copied;
	visit(&v, &w, "vendor", NULL, NULL);
	ck_result(&v, RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED);
	ck_assert(!fake_detail_is(&v.p, "key_match"));
	/* Even though it leads to a public root. */
	ck_assert(fake_detail_is(&v.p, "public_root"));
	ck_assert_str_eq(fake_detail(&v.p, "issuer"), "CN=Public Issuing");
	leave(&v);
	visit(&v, &w, "no-such-key", NULL, NULL);
	ck_result(&v, RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED);
	leave(&v);
	fake_cert_free(minted);
	fake_cert_free(copied);
	world_free(&w);
}
END_TEST

/* Facts on Izuma: device services want a client certificate, so an alert
 * after the server's certificate is still a proof of the path. */
START_TEST(a_server_that_wants_a_client_certificate_still_proves_itself)
{
	struct world w;
	struct visit v;

	world_init(&w);
	w.server.wants_client_cert = true;
	w.server.max = TLS1_2_VERSION;
	w.server.alpn = "h2";
	visit(&v, &w, "vendor", "h2", "1.2");
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&v.p, "handshake"), "refused");
	ck_assert_str_ne(fake_detail(&v.p, "alert"), "");
	ck_assert_str_eq(fake_detail(&v.p, "protocol"), "TLSv1.2");
	ck_assert_str_eq(fake_detail(&v.p, "alpn"), "h2");
	ck_assert_uint_eq(v.p.obs->nattempts, 1);
	leave(&v);
	/* What was not agreed on is not taken for granted. */
	w.server.alpn = NULL;
	visit(&v, &w, "vendor", "h2", "1.2");
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_ALPN_MISSING);
	leave(&v);
	world_free(&w);
}
END_TEST

START_TEST(alpn_is_agreed_on_or_missing)
{
	struct world w;
	struct visit v;

	world_init(&w);
	w.server.alpn = "h2";
	visit(&v, &w, NULL, "h2", NULL);
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&v.p, "alpn"), "h2");
	leave(&v);
	w.server.alpn = NULL;
	visit(&v, &w, NULL, "h2", NULL);
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_ALPN_MISSING);
	leave(&v);
	world_free(&w);
}
END_TEST

START_TEST(the_version_is_capped_as_the_device_caps_it)
{
	struct world w;
	struct visit v;

	world_init(&w);
	visit(&v, &w, NULL, NULL, "1.2");
	ck_result(&v, RUNG_TLS_EXPECTED, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&v.p, "protocol"), "TLSv1.2");
	leave(&v);
	w.server.min = TLS1_3_VERSION;
	visit(&v, &w, NULL, NULL, "1.2");
	ck_result(&v, RUNG_TRANSPORT, CAUSE_TLS_PROTOCOL);
	ck_assert_str_eq(fake_detail(&v.p, "handshake"), "refused");
	ck_assert_str_eq(fake_detail(&v.p, "alert"), "protocol version");
	leave(&v);
	world_free(&w);
}
END_TEST

START_TEST(a_reset_after_the_hello_is_tried_again_and_told)
{
	struct world w;
	struct visit v;
	size_t i;

	world_init(&w);
	w.server.resets = true;
	visit(&v, &w, NULL, NULL, NULL);
	ck_result(&v, RUNG_TRANSPORT, CAUSE_TLS_RESET_AFTER_HELLO);
	ck_assert_str_eq(fake_detail(&v.p, "handshake"), "reset");
	/* Twice as the product does, then to learn more. */
	ck_assert_int_eq(fake_tcp_accepted(v.server), 4);
	ck_assert_uint_eq(v.p.obs->nattempts, 4);
	ck_assert_str_eq(fake_detail(&v.p, "hello_nameless"), "reset");
	ck_assert_str_eq(fake_detail(&v.p, "hello_ttl2"), "reset");
	for (i = 0; i < 4; i++)
		ck_assert_str_eq(v.p.obs->attempts[i].result,
		    "cut_after_hello");
	leave(&v);
	world_free(&w);
}
END_TEST

START_TEST(a_server_that_accepts_and_stays_silent_does_not_hold_it_up)
{
	struct world w;
	struct visit v;

	world_init(&w);
	w.server.silent = true;
	visit(&v, &w, NULL, NULL, NULL);
	ck_result(&v, RUNG_TRANSPORT, CAUSE_SERVICE_SILENT);
	ck_assert_str_eq(fake_detail(&v.p, "hello_small"), "silence");
	ck_assert_str_eq(fake_detail(&v.p, "hello_nameless"), "silence");
	ck_assert_str_eq(fake_detail(&v.p, "handshake"), "silence");
	ck_assert_int_le(v.p.obs->duration_us, 20000000);
	leave(&v);
	world_free(&w);
}
END_TEST

START_TEST(another_protocol_is_not_tls)
{
	static const char *const plain[] = {"SSH-2.0-OpenSSH_9.2\r\n",
	    "HTTP/1.1 400 Bad Request\r\n\r\n", "220 ftp ready\r\n"};
	struct world w;
	struct visit v;
	size_t i;

	world_init(&w);
	for (i = 0; i < sizeof plain / sizeof *plain; i++) {
		w.server.plain = plain[i];
		visit(&v, &w, NULL, NULL, NULL);
		ck_result(&v, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
		ck_assert_str_eq(fake_detail(&v.p, "handshake"), "garbage");
		leave(&v);
	}
	world_free(&w);
}
END_TEST

START_TEST(a_refused_connection_is_no_handshake)
{
	struct world w;
	struct fake_probe p;

	world_init(&w);
	fake_probe_init(&p, "tls", PROTO_TCP, HOST, "127.0.0.1",
	    fake_closed_port());
	p.env.trust = w.trust;
	ck_assert(fake_probe_run(&p, 4000));
	ck_assert_int_eq(p.obs->rung, RUNG_REJECTED);
	ck_assert_int_eq(p.obs->failure, CAUSE_TCP_RESET);
	ck_assert_uint_eq(p.obs->nattempts, 2);
	fake_probe_free(&p);
	world_free(&w);
}
END_TEST

START_TEST(it_can_be_cancelled_at_any_moment)
{
	static const int after_ms[] = {0, 2, 10, 100};
	struct world w;
	struct fake_probe p;
	struct fake_tcp *server;
	bool never = false;
	size_t i;
	int before;

	world_init(&w);
	w.server.silent = true;
	server = fake_tcp_start("127.0.0.1", fake_tls_serve, &w.server);
	before = fake_count_fds();
	for (i = 0; i < 4; i++) {
		fake_probe_init(&p, "tls", PROTO_TCP, HOST, "127.0.0.1",
		    fake_tcp_port(server));
		p.env.trust = w.trust;
		fake_probe_start(&p);
		fake_loop(p.env.base, &never, after_ms[i]);
		probe_cancel(p.probe);
		probe_cancel(p.probe);
		ck_assert_int_eq(p.ndone, 0);
		ck_assert(fake_loop(p.env.base, &p.done, 100));
		ck_assert_int_eq(p.obs->failure, CAUSE_CANCELLED);
		ck_assert_int_eq(p.obs->rung, RUNG_NONE);
		fake_loop(p.env.base, &never, 30);
		ck_assert_int_eq(p.ndone, 1);
		fake_probe_free(&p);
	}
	fake_tcp_stop(server);
	ck_assert_int_le(fake_count_fds(), before);
	world_free(&w);
}
END_TEST

HARNESS("probe tls", a_chain_to_a_public_root_is_the_expected_one,
    dates_of_the_chain_are_kept_and_not_judged,
    the_laptops_own_store_is_told_about_and_not_believed,
    self_signed_and_missing_intermediates_are_untrusted,
    a_certificate_for_another_name_is_a_mismatch,
    a_packs_key_decides_and_not_the_issuers_name,
    a_server_that_wants_a_client_certificate_still_proves_itself,
    alpn_is_agreed_on_or_missing, the_version_is_capped_as_the_device_caps_it,
    a_reset_after_the_hello_is_tried_again_and_told,
    a_server_that_accepts_and_stays_silent_does_not_hold_it_up,
    another_protocol_is_not_tls, a_refused_connection_is_no_handshake,
    it_can_be_cancelled_at_any_moment)
