/* SPDX-License-Identifier: MIT */
/* Promises of the web probe: what a server says is kept, bounded and safe to
 * show, and what came back is told apart from what was wanted. */
#include "tests/unit/harness.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/fake_net.h"
#include "tests/unit/fake_probe.h"
#include "tests/unit/fake_tls.h"

struct page {
	const char *text; /* sent as it is */
	size_t fill;      /* then so many 'x' */
	const char *end;  /* then this */
	bool waits;       /* and does not close */
	char request[2048];
};

static void
serve(int fd, void *arg)
{
	struct page *p = arg;
	char block[1024], data[64];
	size_t left;

	fake_read_until(fd, "\r\n\r\n", p->request, sizeof p->request);
	if (p->text == NULL) {
		fake_reset_on_close(fd);
		return;
	}
	if (write(fd, p->text, strlen(p->text)) < 0)
		return;
	memset(block, 'x', sizeof block);
	for (left = p->fill; left > 0; left -= left < 1024 ? left : 1024) {
		if (write(fd, block, left < 1024 ? left : 1024) < 0)
			return;
	}
	if (p->end != NULL && write(fd, p->end, strlen(p->end)) < 0)
		return;
	if (p->waits) {
		struct timeval tv = {8, 0};

		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
		left = (size_t)read(fd, data, 1);
	} else {
		shutdown(fd, SHUT_WR);
		left = (size_t)read(fd, data, sizeof data);
	}
}

struct visit {
	struct fake_probe p;
	struct fake_tcp *server;
	struct page page;
};

static void
visit_init(struct visit *v, const char *text)
{
	memset(v, 0, sizeof *v);
	signal(SIGPIPE, SIG_IGN);
	v->page.text = text;
	v->server = fake_tcp_start("127.0.0.1", serve, &v->page);
	fake_probe_init(&v->p, "http", PROTO_TCP, "a.example", "127.0.0.1",
	    fake_tcp_port(v->server));
}

static void
visit_free(struct visit *v)
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

#define OK "HTTP/1.1 200 OK\r\n"

START_TEST(a_page_is_an_answer_and_its_headers_are_kept)
{
	struct visit v;
	int before = fake_count_fds();

	visit_init(&v,
	    OK "Date: Sat, 21 Nov 2026 10:42:00 GMT\r\n"
	       "Server: nginx\r\nContent-Type: text/plain\r\n"
	       "Content-Length: 5\r\n\r\nhello");
	v.p.spec.path = (char *)(uintptr_t) "/a?b=c";
	ck_assert(fake_probe_run(&v.p, 3000));
	ck_result(&v, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&v.p, "status"), 200);
	ck_assert_str_eq(fake_detail(&v.p, "date"),
	    "Sat, 21 Nov 2026 10:42:00 GMT");
	ck_assert_int_gt(fake_detail_int(&v.p, "date_seen_us"), 0);
	ck_assert_str_eq(fake_detail(&v.p, "server"), "nginx");
	ck_assert_str_eq(fake_detail(&v.p, "content_type"), "text/plain");
	ck_assert_str_eq(fake_detail(&v.p, "body"), "hello");
	ck_assert_uint_eq(v.p.obs->nattempts, 1);
	ck_assert_uint_ne(v.p.obs->source_port, 0);
	/* What was asked: the path, the name, no cache, nothing personal. */
	ck_assert_int_eq(strncmp(v.page.request, "GET /a?b=c HTTP/1.1\r\n", 21),
	    0);
	ck_assert(strstr(v.page.request, "Host: a.example") != NULL);
	ck_assert(strstr(v.page.request, "no-cache") != NULL);
	ck_assert(strstr(v.page.request, "Cookie") == NULL);
	ck_assert(strstr(v.page.request, "Authorization") == NULL);
	visit_free(&v);
	ck_assert_int_eq(fake_count_fds(), before);
}
END_TEST

/* A store of the vendor's gives out what it fetched hours ago, with its date:
 * two of them would agree with each other, and against every time server. */
START_TEST(the_date_of_a_stored_page_is_no_clock)
{
	static const struct {
		const char *text;
		bool counts;
	} rows[] = {
	    {OK "Date: Sat, 21 Nov 2026 10:42:00 GMT\r\nAge: 7200\r\n"
		"Content-Length: 2\r\n\r\nhi",
		false},
	    {OK "Age: 0\r\nDate: Sat, 21 Nov 2026 10:42:00 GMT\r\n"
		"Content-Length: 2\r\n\r\nhi",
		true},
	};
	struct visit v;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		visit_init(&v, rows[i].text);
		ck_assert(fake_probe_run(&v.p, 3000));
		ck_result(&v, RUNG_APP_REPLY, CAUSE_NONE);
		ck_assert_ptr_nonnull(fake_detail(&v.p, "date"));
		ck_assert(json_is_integer(json_object_get(v.p.obs->detail,
			      "date_seen_us")) == rows[i].counts);
		visit_free(&v);
	}
}
END_TEST

static void
check(const char *text, int status, const char *expect, enum cause failure)
{
	struct visit v;

	visit_init(&v, text);
	v.p.spec.status = status;
	v.p.spec.expect = (char *)(uintptr_t)expect;
	ck_assert(fake_probe_run(&v.p, 3000));
	ck_result(&v, RUNG_APP_REPLY, failure);
	visit_free(&v);
}

START_TEST(status_and_text_are_held_against_what_is_wanted)
{
	check("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 0, NULL,
	    CAUSE_NONE);
	check("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 200, NULL,
	    CAUSE_HTTP_STATUS);
	check("HTTP/1.1 204 No Content\r\n\r\n", 204, NULL, CAUSE_NONE);
	check(OK "Content-Length: 5\r\n\r\nhello", 200, "ell", CAUSE_NONE);
	check(OK "Content-Length: 5\r\n\r\nblock", 200, "ell",
	    CAUSE_HTTP_BLOCKPAGE);
	/* RFC 6585 section 6. */
	check("HTTP/1.1 511 Network Authentication Required\r\n"
	      "Content-Length: 0\r\n\r\n",
	    0, NULL, CAUSE_CAPTIVE_PORTAL);
	check("HTTP/1.0 200 OK\r\n\r\nuntil the end, hello", 0, "hello",
	    CAUSE_NONE);
	check(OK "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n"
		 "0\r\n\r\n",
	    0, "hello", CAUSE_NONE);
}
END_TEST

/* An error page need not hold the text: whose error it is, it does not say. */
START_TEST(an_error_in_place_of_the_text_is_told_as_a_status)
{
	check("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", 0,
	    "hello", CAUSE_HTTP_STATUS);
	check("HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nhello", 0, "hello",
	    CAUSE_NONE);
}
END_TEST

/* sha256 of "hello": FIPS 180-4, as sha256sum(1) tells it. */
START_TEST(the_page_can_be_compared_with_another)
{
	struct visit v;

	visit_init(&v, OK "Content-Length: 5\r\n\r\nhello");
	v.p.spec.want = (char *)(uintptr_t) "ell";
	ck_assert(fake_probe_run(&v.p, 3000));
	ck_result(&v, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&v.p, "body_sha256"),
	    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
	ck_assert_int_eq(fake_detail_int(&v.p, "body_bytes"), 5);
	ck_assert(fake_detail_is(&v.p, "wanted"));
	visit_free(&v);
	/* What did not come whole has no sum, and what is not there no want. */
	visit_init(&v, OK "Content-Length: 9\r\n\r\nhello");
	v.p.spec.want = (char *)(uintptr_t) "else";
	ck_assert(fake_probe_run(&v.p, 3000));
	ck_assert_str_eq(fake_detail(&v.p, "body_sha256"), "");
	ck_assert(!fake_detail_is(&v.p, "wanted"));
	ck_assert_ptr_nonnull(json_object_get(v.p.obs->detail, "wanted"));
	visit_free(&v);
}
END_TEST

START_TEST(a_redirect_is_told_and_not_followed)
{
	struct visit v;

	visit_init(&v,
	    "HTTP/1.1 302 Found\r\nLocation: "
	    "http://portal.example/login\r\nContent-Length: 0\r\n\r\n");
	v.p.spec.status = 204;
	ck_assert(fake_probe_run(&v.p, 3000));
	ck_result(&v, RUNG_APP_REPLY, CAUSE_HTTP_STATUS);
	ck_assert_str_eq(fake_detail(&v.p, "location"),
	    "http://portal.example/login");
	ck_assert_int_eq(fake_tcp_accepted(v.server), 1);
	visit_free(&v);
}
END_TEST

START_TEST(a_long_page_is_read_to_the_cap_and_no_farther)
{
	struct visit v;

	/* 40 KB, and what is wanted stands before byte 32768. */
	visit_init(&v, OK "Content-Type: text/html\r\n\r\n");
	v.page.fill = 30000;
	v.page.end = "wanted";
	v.p.spec.expect = (char *)(uintptr_t) "wanted";
	ck_assert(fake_probe_run(&v.p, 3000));
	ck_result(&v, RUNG_APP_REPLY, CAUSE_NONE);
	visit_free(&v);
	visit_init(&v, OK "\r\n");
	v.page.fill = 30000;
	v.page.end = "wanted, and then a great deal more of no interest at "
		     "all, so that it does not end here";
	v.p.spec.expect = (char *)(uintptr_t) "wanted";
	ck_assert(fake_probe_run(&v.p, 3000));
	ck_result(&v, RUNG_APP_REPLY, CAUSE_NONE);
	visit_free(&v);
	/* A page without end does not fill the memory nor take long. */
	visit_init(&v, OK "\r\n");
	v.page.fill = 50 * 1000 * 1000;
	ck_assert(fake_probe_run(&v.p, 3000));
	ck_result(&v, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_uint_le(v.p.obs->attempts[0].received, 32768);
	ck_assert_uint_ge(v.p.obs->attempts[0].received, 32768 - 16384);
	ck_assert_uint_le(strlen(fake_detail(&v.p, "body")), 1024);
	visit_free(&v);
}
END_TEST

/* The page crosses the cap in the middle of a piece. */
START_TEST(what_stands_just_before_the_cap_counts)
{
	struct visit v;

	visit_init(&v, OK "\r\n");
	v.page.fill = 32700;
	v.page.end =
	    "wanted                                                 "
	    "                                                              ";
	v.p.spec.expect = (char *)(uintptr_t) "wanted";
	ck_assert(fake_probe_run(&v.p, 3000));
	ck_result(&v, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_uint_eq(v.p.obs->attempts[0].received, 32768);
	visit_free(&v);
}
END_TEST

START_TEST(foreign_text_is_made_safe_to_show)
{
	struct visit v;
	const char *names[] = {"server", "location", "body"};
	const char *s;
	size_t i;

	visit_init(&v,
	    OK "Server: \33]0;owned\7\33[31m\x9b"
	       "31m\r\n"
	       "Location: http://x/\xe2\x80\xae"
	       "gpj.exe\r\n"
	       "Content-Length: 12\r\n\r\n\33[2J\a\b\x7f"
	       "\xff\xfe"
	       "abc");
	ck_assert(fake_probe_run(&v.p, 3000));
	for (i = 0; i < 3; i++) {
		s = fake_detail(&v.p, names[i]);
		ck_assert_str_ne(s, "");
		ck_assert(strstr(s, "\xe2\x80\xae") == NULL);
		for (; *s != '\0'; s++) {
			ck_assert_int_ge((unsigned char)*s, 0x20);
			ck_assert_int_ne((unsigned char)*s, 0x7f);
		}
	}
	visit_free(&v);
}
END_TEST

static void
check_other(const char *text, enum cause failure)
{
	struct visit v;

	visit_init(&v, text);
	ck_assert(fake_probe_run(&v.p, 3000));
	ck_result(&v, RUNG_TRANSPORT, failure);
	visit_free(&v);
}

START_TEST(what_is_not_http_is_another_protocol)
{
	check_other("SSH-2.0-OpenSSH_9.2\r\n", CAUSE_WRONG_PROTOCOL);
	check_other("\1\2\3\4\5\6\7\10", CAUSE_WRONG_PROTOCOL);
	check_other("<html>nothing before me</html>", CAUSE_WRONG_PROTOCOL);
	check_other("", CAUSE_TCP_RESET);
	check_other(NULL, CAUSE_TCP_RESET);
}
END_TEST

START_TEST(a_slow_server_ends_at_the_deadline)
{
	struct visit v;

	visit_init(&v, "");
	v.page.waits = true;
	/* And once more in small segments, which it does not wait for long. */
	ck_assert(fake_probe_run(&v.p, 9000));
	ck_result(&v, RUNG_TRANSPORT, CAUSE_TCP_TIMEOUT);
	ck_assert_int_ge(v.p.obs->duration_us, 4900000);
	ck_assert_int_le(v.p.obs->duration_us, 7500000);
	visit_free(&v);
}
END_TEST

static void
vanish_large(int fd, void *arg)
{
	if (!fake_large_vanish(fd))
		serve(fd, arg);
}

START_TEST(a_page_of_large_packets_that_vanish_is_told)
{
	struct visit v;

	visit_init(&v, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
	fake_tcp_stop(v.server);
	v.server = fake_tcp_start("127.0.0.1", vanish_large, &v.page);
	fake_probe_free(&v.p);
	fake_probe_init(&v.p, "http", PROTO_TCP, "a.example", "127.0.0.1",
	    fake_tcp_port(v.server));
	ck_assert(fake_probe_run(&v.p, 14000));
	ck_result(&v, RUNG_TRANSPORT, CAUSE_MTU_BLACKHOLE);
	ck_assert_int_eq(fake_detail_int(&v.p, "small_status"), 200);
	ck_assert_int_eq(fake_tcp_accepted(v.server), 4);
	visit_free(&v);
}
END_TEST

/* A page that did not arrive whole is no block page. */
START_TEST(a_page_that_was_cut_is_not_another_page)
{
	struct visit v;

	visit_init(&v, OK "Content-Length: 100\r\n\r\nhalf a p");
	v.p.spec.expect = (char *)(uintptr_t) "page";
	ck_assert(fake_probe_run(&v.p, 3000));
	ck_result(&v, RUNG_APP_REPLY, CAUSE_TCP_RESET);
	visit_free(&v);
}
END_TEST

START_TEST(the_laptops_proxy_is_gone_around)
{
	static const char *const names[] = {"http_proxy", "HTTP_PROXY",
	    "all_proxy", "ALL_PROXY", "https_proxy"};
	struct visit v;
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		setenv(names[i], "http://127.0.0.1:9", 1);
	unsetenv("no_proxy");
	visit_init(&v, OK "Content-Length: 5\r\n\r\nhello");
	ck_assert(fake_probe_run(&v.p, 3000));
	ck_result(&v, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(strncmp(v.page.request, "GET / HTTP", 10), 0);
	visit_free(&v);
}
END_TEST

/* https: a server that is not the vendor's, and handshakes that fail. */
static void
secure(struct fake_tls *t, struct trust *trust, enum rung rung,
    enum cause failure)
{
	struct visit v;

	memset(&v, 0, sizeof v);
	signal(SIGPIPE, SIG_IGN);
	v.server = fake_tcp_start("127.0.0.1", fake_tls_serve, t);
	fake_probe_init(&v.p, "https", PROTO_TCP, "a.example", "127.0.0.1",
	    fake_tcp_port(v.server));
	v.p.env.trust = trust;
	ck_assert(fake_probe_run(&v.p, 7000));
	ck_result(&v, rung, failure);
	visit_free(&v);
}

START_TEST(a_secure_page_is_judged_by_its_certificate_first)
{
	struct fake_cert *root = fake_cert_new("Root", NULL, true, -9, 9);
	struct fake_cert *other = fake_cert_new("Other", NULL, true, -9, 9);
	struct fake_cert *good = fake_cert_new("a.example", root, false, -9, 9);
	struct fake_cert *bad = fake_cert_new("a.example", other, false, -9, 9);
	char *file = fake_cert_file(root);
	struct error err;
	struct trust *trust = trust_new(file, NULL, 0, &err);
	struct fake_tls t = {.leaf = good,
	    .reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"};

	secure(&t, trust, RUNG_APP_REPLY, CAUSE_NONE);
	t.leaf = bad;
	secure(&t, trust, RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED);
	t.leaf = good;
	t.reply = NULL;
	secure(&t, trust, RUNG_TLS_EXPECTED, CAUSE_TCP_RESET);
	/* A cause is named only for what it is. */
	t.resets = true;
	secure(&t, trust, RUNG_TRANSPORT, CAUSE_TLS_RESET_AFTER_HELLO);
	t.resets = false;
	t.plain = "SSH-2.0-OpenSSH_9.2\r\n";
	secure(&t, trust, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
	t.plain = NULL;
	t.min = t.max = TLS1_1_VERSION; /* nothing in common */
	secure(&t, trust, RUNG_TRANSPORT, CAUSE_TLS_PROTOCOL);
	trust_free(trust);
	unlink(file);
	mem_free(file);
	fake_cert_free(good);
	fake_cert_free(bad);
	fake_cert_free(root);
	fake_cert_free(other);
}
END_TEST

START_TEST(it_can_be_cancelled_at_any_moment)
{
	static const int after_ms[] = {0, 2, 10, 60};
	struct visit v;
	bool never = false;
	size_t i;

	for (i = 0; i < 4; i++) {
		visit_init(&v, OK "Content-Length: 10\r\n\r\nhalf");
		v.page.waits = true;
		fake_probe_start(&v.p);
		fake_loop(v.p.env.base, &never, after_ms[i]);
		probe_cancel(v.p.probe);
		ck_assert(fake_loop(v.p.env.base, &v.p.done, 100));
		ck_assert_int_eq(v.p.obs->failure, CAUSE_CANCELLED);
		visit_free(&v);
	}
}
END_TEST

HARNESS("probe http", a_page_is_an_answer_and_its_headers_are_kept,
    the_date_of_a_stored_page_is_no_clock,
    status_and_text_are_held_against_what_is_wanted,
    an_error_in_place_of_the_text_is_told_as_a_status,
    the_page_can_be_compared_with_another, a_redirect_is_told_and_not_followed,
    a_long_page_is_read_to_the_cap_and_no_farther,
    what_stands_just_before_the_cap_counts, foreign_text_is_made_safe_to_show,
    what_is_not_http_is_another_protocol, a_slow_server_ends_at_the_deadline,
    a_page_of_large_packets_that_vanish_is_told,
    a_page_that_was_cut_is_not_another_page, the_laptops_proxy_is_gone_around,
    a_secure_page_is_judged_by_its_certificate_first,
    it_can_be_cancelled_at_any_moment)
