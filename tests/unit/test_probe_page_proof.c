/* SPDX-License-Identifier: MIT */
/* Promise of the probe for sign-in pages: a copy of the genuine certificate
 * without its key is not the genuine host. In a network of its own. */
#include "tests/unit/harness.h"

#include <signal.h>
#include <string.h>

#include "tests/unit/fake_dns.h"
#include "tests/unit/fake_pki.h"
#include "tests/unit/fake_probe.h"

#define HOST_AT "127.0.0.5"
#define PAGE "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

static const struct fake_row rows[] = {
    {FAKE_HOST, 1, HOST_AT, {60}},
    {NULL, 0, NULL, {0}},
};

static const char *
says(const struct fake_probe *p, const char *scheme)
{
	const json_t *list = json_object_get(p->obs->detail, "endpoints");
	const char *url;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		const json_t *j = json_array_get(list, i);

		url = json_string_value(json_object_get(j, "url"));
		if (strncmp(url, scheme, strlen(scheme)) == 0)
			return json_string_value(json_object_get(j, "says"));
	}
	return "";
}

/* The host itself, or a box that shows its certificate and has no key. */
static void
visit(const struct fake_pki *k, bool forges, enum rung rung, const char *want)
{
	struct fake_tls genuine = {.leaf = k->leaf,
	    .chain = {k->middle},
	    .max = TLS1_2_VERSION,
	    .reply = PAGE};
	struct fake_tcp *behind, *host;
	struct arena *a = arena_new();
	struct fake_probe p;
	uint16_t port;

	behind = fake_tcp_start("127.0.0.1", fake_tls_serve, &genuine);
	port = fake_tcp_port(behind);
	host = forges ?
	    fake_tcp_start_at(HOST_AT, 443, fake_tls_forge, &port) :
	    fake_tcp_start_at(HOST_AT, 443, fake_tls_serve, &genuine);
	fake_probe_init(&p, "captive_portal", PROTO_TCP, NULL, NULL, 0);
	strlist_add(a, &p.vantage.resolvers, "127.0.0.1");
	p.spec.want = (char *)(uintptr_t)FAKE_HOST;
	p.env.trust = k->trust;
	ck_assert(fake_probe_run(&p, 15000));
	ck_assert_str_eq(says(&p, "https"), want);
	ck_assert_int_eq(p.obs->rung, rung);
	ck_assert_int_eq(p.obs->failure, CAUSE_NONE);
	fake_probe_free(&p);
	fake_tcp_stop(host);
	fake_tcp_stop(behind);
	arena_free(a);
}

START_TEST(a_copied_certificate_is_not_the_host)
{
	struct fake_dns dns = {.rows = rows, .ra = true};
	struct fake_pki k;

	if (!fake_private_network(NULL))
		return;
	signal(SIGPIPE, SIG_IGN);
	fake_pki_init(&k);
	fake_dns_start(&dns, "127.0.0.1");
	visit(&k, false, RUNG_APP_REPLY, "genuine");
	visit(&k, true, RUNG_TRANSPORT, "unclear");
	fake_dns_stop(&dns);
	fake_pki_free(&k);
}
END_TEST

HARNESS("page proof", a_copied_certificate_is_not_the_host)
