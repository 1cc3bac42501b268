/* SPDX-License-Identifier: MIT */
/* Promises of the probe for sign-in pages: two that are other, and nothing
 * genuine, make a portal; inspection, a filter for plain pages, silence and
 * noise make none. In a network of its own: two hosts of the vendor on
 * 127.0.0.5 and 127.0.0.6, and the portal's own interface on 127.0.0.7. */
#include "tests/unit/harness.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/fake_dns.h"
#include "tests/unit/fake_probe.h"
#include "tests/unit/fake_tls.h"

#define HOSTS "one.vendor.example two.vendor.example"

#define ck_result(p, want_rung, want_failure) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, (int)(p)->obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(p)->obs->failure), \
		    word_name(&words_cause, want_failure)); \
	} while (0)

static const struct fake_row rows[] = {
    {"one.vendor.example", 1, "127.0.0.5", {60}},
    {"two.vendor.example", 1, "127.0.0.6", {60}},
    {"portal.guest.example", 1, "127.0.0.7", {60}},
    {NULL, 0, NULL, {0}},
};

#define OWN \
	"HTTP/1.1 301 Moved\r\nLocation: https://one.vendor.example/\r\n" \
	"Content-Length: 0\r\n\r\n"
#define STRANGER \
	"HTTP/1.1 302 Found\r\nLocation: http://login.guest.example/a\r\n" \
	"Content-Length: 0\r\n\r\n"
/* One that looks like the vendor's at the front only. */
#define DISGUISED \
	"HTTP/1.1 302 Found\r\n" \
	"Location: http://one.vendor.example@login.guest.example/\r\n" \
	"Content-Length: 0\r\n\r\n"
#define PAGE "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsign in"
#define NETWORK_AUTH \
	"HTTP/1.1 511 Network Authentication Required\r\n" \
	"Content-Length: 0\r\n\r\n"

/* What stands on a port; NULL: nobody listens. */
struct plain {
	const char *text;
	size_t fill;   /* then so many bytes */
	bool dribbles; /* a byte a second */
	bool resets;
};

enum tls { TLS_NOBODY, TLS_OWN, TLS_STRANGERS, TLS_INSPECTED, TLS_PLAIN };

struct world {
	struct fake_cert *root, *one, *two, *stranger, *office, *minted;
	struct trust *trust;
	char *root_file;
	struct fake_dns dns;
	struct fake_tls tls[2], api_tls;
	struct plain plain[2];
	struct fake_tcp *http[2], *https[2], *api;
	struct arena *arena;
};

static void
serve_plain(int fd, void *arg)
{
	struct plain *w = arg;
	char data[2048];
	size_t i, n;

	fake_read_until(fd, "\r\n\r\n", data, sizeof data);
	if (w->resets) {
		fake_reset_on_close(fd);
		return;
	}
	for (i = 0; w->dribbles && i < 9 && w->text[i] != '\0'; i++) {
		if (write(fd, w->text + i, 1) != 1)
			return;
		sleep(1);
	}
	if (!w->dribbles && write(fd, w->text, strlen(w->text)) < 0)
		return;
	memset(data, 'x', sizeof data);
	for (n = w->fill; n > 0; n -= n < sizeof data ? n : sizeof data) {
		if (write(fd, data, n < sizeof data ? n : sizeof data) < 0)
			return;
	}
	shutdown(fd, SHUT_WR);
	n = (size_t)read(fd, data, sizeof data);
}

static void
world_init(struct world *w)
{
	struct error err;

	memset(w, 0, sizeof *w);
	signal(SIGPIPE, SIG_IGN);
	w->arena = arena_new();
	w->root = fake_cert_new("Public Root", NULL, true, -1000, 1000);
	w->office = fake_cert_new("Office Root", NULL, true, -500, 500);
	w->one = fake_cert_new("one.vendor.example", w->root, false, -10, 80);
	w->two = fake_cert_new("two.vendor.example", w->root, false, -10, 80);
	w->stranger = fake_cert_new("login.guest.example", w->root, false, -10,
	    80);
	w->minted = fake_cert_new("one.vendor.example", w->office, false, -10,
	    80);
	w->root_file = fake_cert_file(w->root);
	w->trust = trust_new(w->root_file, NULL, 0, &err);
	ck_assert_msg(w->trust != NULL, "%s", err.what);
	w->dns.rows = rows;
	w->dns.ra = true;
	fake_dns_start(&w->dns, "127.0.0.1");
}

static void
stand(struct world *w, int i, struct plain plain, enum tls tls)
{
	const char *address = i == 0 ? "127.0.0.5" : "127.0.0.6";

	w->plain[i] = plain;
	w->tls[i] = (struct fake_tls){.reply = PAGE};
	w->tls[i].leaf = tls == TLS_STRANGERS ? w->stranger :
	    tls == TLS_INSPECTED              ? w->minted :
	    i == 0                            ? w->one :
						w->two;
	if (tls == TLS_PLAIN)
		w->tls[i].plain = PAGE;
	if (plain.text != NULL)
		w->http[i] = fake_tcp_start_at(address, 80, serve_plain,
		    &w->plain[i]);
	if (tls != TLS_NOBODY)
		w->https[i] = fake_tcp_start_at(address, 443, fake_tls_serve,
		    &w->tls[i]);
}

static void
world_free(struct world *w)
{
	int i;

	for (i = 0; i < 2; i++) {
		fake_tcp_stop(w->http[i]);
		fake_tcp_stop(w->https[i]);
	}
	fake_tcp_stop(w->api);
	fake_dns_stop(&w->dns);
	trust_free(w->trust);
	fake_cert_free(w->root);
	fake_cert_free(w->office);
	fake_cert_free(w->one);
	fake_cert_free(w->two);
	fake_cert_free(w->stranger);
	fake_cert_free(w->minted);
	unlink(w->root_file);
	mem_free(w->root_file);
	arena_free(w->arena);
}

static void
probe_init(struct fake_probe *p, struct world *w, const char *hosts)
{
	fake_probe_init(p, "captive_portal", PROTO_NONE, NULL, NULL, 0);
	strlist_add(w->arena, &p->vantage.resolvers, "127.0.0.1");
	p->spec.want = (char *)(uintptr_t)hosts;
	p->env.trust = w->trust;
}

static void
sees(struct plain one, enum tls tls_one, struct plain two, enum tls tls_two,
    enum rung rung, enum cause failure, int other, int genuine)
{
	struct fake_probe p;
	struct world w;
	int before = fake_count_fds();

	world_init(&w);
	stand(&w, 0, one, tls_one);
	stand(&w, 1, two, tls_two);
	probe_init(&p, &w, HOSTS);
	ck_assert(fake_probe_run(&p, 20000));
	ck_result(&p, rung, failure);
	ck_assert_int_eq(fake_detail_int(&p, "other"), other);
	ck_assert_int_eq(fake_detail_int(&p, "genuine"), genuine);
	ck_assert_int_eq(fake_detail_int(&p, "near_hops"),
	    failure == CAUSE_CAPTIVE_PORTAL ? 1 : INT64_MIN);
	ck_assert_uint_le(json_array_size(
			      json_object_get(p.obs->detail, "endpoints")),
	    4);
	fake_probe_free(&p);
	world_free(&w);
	ck_assert_int_eq(fake_count_fds(), before);
}

static const struct plain nobody = {NULL, 0, false, false};
static const struct plain own = {OWN, 0, false, false};
static const struct plain stranger = {STRANGER, 0, false, false};
static const struct plain page = {PAGE, 0, false, false};

START_TEST(the_products_own_answers_show_that_there_is_none)
{
	if (!fake_private_network(NULL))
		return;
	sees(own, TLS_OWN, own, TLS_OWN, RUNG_APP_REPLY, CAUSE_NONE, 0, 4);
	/* A page says nothing, a certificate does. */
	sees(page, TLS_OWN, page, TLS_OWN, RUNG_APP_REPLY, CAUSE_NONE, 0, 2);
	sees(nobody, TLS_OWN, nobody, TLS_NOBODY, RUNG_APP_REPLY, CAUSE_NONE, 0,
	    1);
}
END_TEST

START_TEST(a_sign_in_page_is_found)
{
	struct plain disguised = {DISGUISED, 0, false, false};
	struct plain auth = {NETWORK_AUTH, 0, false, false};

	if (!fake_private_network(NULL))
		return;
	sees(stranger, TLS_STRANGERS, stranger, TLS_STRANGERS, RUNG_APP_REPLY,
	    CAUSE_CAPTIVE_PORTAL, 4, 0);
	sees(stranger, TLS_NOBODY, stranger, TLS_NOBODY, RUNG_APP_REPLY,
	    CAUSE_CAPTIVE_PORTAL, 2, 0);
	sees(disguised, TLS_NOBODY, auth, TLS_NOBODY, RUNG_APP_REPLY,
	    CAUSE_CAPTIVE_PORTAL, 2, 0);
	/* A page of its own at once, and what is no TLS. */
	sees(page, TLS_STRANGERS, page, TLS_PLAIN, RUNG_APP_REPLY,
	    CAUSE_CAPTIVE_PORTAL, 2, 0);
}
END_TEST

START_TEST(what_is_no_sign_in_page_is_not_called_one)
{
	if (!fake_private_network(NULL))
		return;
	/* Inspection: the right names, by the office's authority. */
	sees(page, TLS_INSPECTED, own, TLS_NOBODY, RUNG_TRANSPORT, CAUSE_NONE,
	    0, 1);
	/* A filter for plain pages; the certificates are genuine. */
	sees(stranger, TLS_OWN, stranger, TLS_OWN, RUNG_TRANSPORT, CAUSE_NONE,
	    2, 2);
	/* One alone proves nothing. */
	sees(stranger, TLS_NOBODY, nobody, TLS_NOBODY, RUNG_TRANSPORT,
	    CAUSE_NONE, 1, 0);
	/* Wrong certificates, and no web page at all. */
	sees(nobody, TLS_STRANGERS, nobody, TLS_STRANGERS, RUNG_TRANSPORT,
	    CAUSE_NONE, 2, 0);
	sees(nobody, TLS_NOBODY, nobody, TLS_NOBODY, RUNG_SILENCE, CAUSE_NONE,
	    0, 0);
}
END_TEST

START_TEST(nothing_strange_is_a_sign_in_page_or_a_pass)
{
	struct plain noise = {"\1\2\3\4 nothing known", 0, false, false};
	struct plain flood = {"HTTP/1.1 200 OK\r\n\r\n", 3000000, false, false};
	struct plain slow = {"HTTP/1.1 200 OK\r\n", 0, true, false};
	struct plain cut = {"", 0, false, true};

	if (!fake_private_network(NULL))
		return;
	sees(noise, TLS_NOBODY, cut, TLS_NOBODY, RUNG_SILENCE, CAUSE_NONE, 0,
	    0);
	sees(flood, TLS_NOBODY, slow, TLS_NOBODY, RUNG_TRANSPORT, CAUSE_NONE, 0,
	    0);
}
END_TEST

/* RFC 8908 section 5: {"captive": true, ...}. */
static void
tells(const char *url, const char *json, enum rung rung, enum cause failure,
    const char *told)
{
	struct fake_probe p;
	struct world w;
	char reply[512];
	const json_t *captive;

	world_init(&w);
	snprintf(reply, sizeof reply,
	    "HTTP/1.1 200 OK\r\nContent-Type: application/captive+json\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    strlen(json), json);
	w.api_tls.leaf = w.stranger;
	w.api_tls.reply = reply;
	w.api = fake_tcp_start_at("127.0.0.7", 8443, fake_tls_serve,
	    &w.api_tls);
	stand(&w, 0, page, TLS_NOBODY);
	stand(&w, 1, page, TLS_NOBODY);
	probe_init(&p, &w, HOSTS);
	p.vantage.portal_api = (char *)(uintptr_t)url;
	ck_assert(fake_probe_run(&p, 20000));
	ck_result(&p, rung, failure);
	captive = json_object_get(p.obs->detail, "api_captive");
	ck_assert_str_eq(captive == NULL ? "nothing" :
		json_is_true(captive)    ? "true" :
					   "false",
	    told);
	fake_probe_free(&p);
	world_free(&w);
}

START_TEST(the_network_may_tell_by_itself)
{
#define API "https://portal.guest.example:8443/api"
	if (!fake_private_network(NULL))
		return;
	tells(API, "{\"captive\": true, \"user-portal-url\": \"https://x/\"}",
	    RUNG_APP_REPLY, CAUSE_CAPTIVE_PORTAL, "true");
	tells("https://127.0.0.7:8443/api", "{\"captive\": true}",
	    RUNG_APP_REPLY, CAUSE_CAPTIVE_PORTAL, "true");
	tells(API, "{\"captive\": false}", RUNG_TRANSPORT, CAUSE_NONE, "false");
	tells(API, "{\"captive\": \"yes\"}", RUNG_TRANSPORT, CAUSE_NONE,
	    "nothing");
	tells(API, "[[[[[[", RUNG_TRANSPORT, CAUSE_NONE, "nothing");
	/* RFC 8908 section 4: by HTTPS alone. */
	tells("http://portal.guest.example:8443/api", "{\"captive\": true}",
	    RUNG_TRANSPORT, CAUSE_NONE, "nothing");
	tells("https://portal.guest.example:99999/", "{\"captive\": true}",
	    RUNG_TRANSPORT, CAUSE_NONE, "nothing");
	tells("https://a b/", "{}", RUNG_TRANSPORT, CAUSE_NONE, "nothing");
#undef API
}
END_TEST

START_TEST(without_hosts_nothing_is_asked)
{
	struct fake_probe p;
	struct world w;

	if (!fake_private_network(NULL))
		return;
	world_init(&w);
	probe_init(&p, &w, " /etc  ../x ");
	ck_assert(fake_probe_run(&p, 3000));
	ck_result(&p, RUNG_NONE, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "no_hosts");
	ck_assert_int_eq(w.dns.nudp, 0);
	fake_probe_free(&p);
	/* Names that nobody knows. */
	probe_init(&p, &w, "three.vendor.example four.vendor.example");
	ck_assert(fake_probe_run(&p, 9000));
	ck_result(&p, RUNG_SILENCE, CAUSE_NONE);
	fake_probe_free(&p);
	world_free(&w);
}
END_TEST

START_TEST(it_can_be_stopped_at_any_stage)
{
	static const int after_ms[] = {0, 1, 3, 10, 30, 100};
	struct plain slow = {"HTTP/1.1 200 OK\r\n", 0, true, false};
	struct fake_probe p;
	struct world w;
	bool never = false;
	size_t k;
	int before;

	if (!fake_private_network(NULL))
		return;
	world_init(&w);
	stand(&w, 0, slow, TLS_OWN);
	stand(&w, 1, stranger, TLS_STRANGERS);
	before = fake_count_fds();
	for (k = 0; k < 2 * sizeof after_ms / sizeof *after_ms; k++) {
		probe_init(&p, &w, HOSTS);
		fake_probe_start(&p);
		fake_loop(p.env.base, &never, after_ms[k / 2]);
		if (k % 2 == 0) {
			probe_cancel(p.probe);
			ck_assert(fake_loop(p.env.base, &p.done, 500));
			ck_result(&p, RUNG_NONE, CAUSE_CANCELLED);
		}
		fake_probe_free(&p);
	}
	/* The servers close theirs a moment later. */
	for (k = 0; k < 200 && fake_count_fds() > before + 4; k++)
		usleep(50000);
	ck_assert_int_le(fake_count_fds(), before + 4);
	world_free(&w);
}
END_TEST

HARNESS("probe captive portal",
    the_products_own_answers_show_that_there_is_none, a_sign_in_page_is_found,
    what_is_no_sign_in_page_is_not_called_one,
    nothing_strange_is_a_sign_in_page_or_a_pass, the_network_may_tell_by_itself,
    without_hosts_nothing_is_asked, it_can_be_stopped_at_any_stage)
