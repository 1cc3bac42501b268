/* SPDX-License-Identifier: MIT */
/* Owns the servers that misbehave, and the promises held against them. */
#include "tests/unit/hostile_tls.h"

#include <check.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/fake_net.h"

#define MEGABYTES 4
#define MOST_READ 200000 /* of them by any probe */

/* --- TCP --- */

static void
wait_closed(int fd)
{
	char data[4096];

	fake_read_until(fd, "never", data, sizeof data);
}

static void
closes(int fd, void *arg)
{
	(void)fd;
	(void)arg;
}

static void
resets(int fd, void *arg)
{
	(void)arg;
	fake_reset_on_close(fd);
}

static void
stays_silent(int fd, void *arg)
{
	char data[256];

	(void)arg;
	while (read(fd, data, sizeof data) > 0)
		;
}

static void
says(int fd, const void *data, size_t len)
{
	if (send(fd, data, len, MSG_NOSIGNAL) == (ssize_t)len)
		wait_closed(fd);
}

static void
says_garbage(int fd, void *arg)
{
	/* The first bytes of a JPEG file. */
	static const unsigned char jpeg[] = {0xff, 0xd8, 0xff, 0xe0, 0, 0x10,
	    'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};

	(void)arg;
	says(fd, jpeg, sizeof jpeg);
}

static void
says_http(int fd, void *arg)
{
	static const char page[] = "HTTP/1.1 403 Forbidden\r\n"
				   "Content-Length: 7\r\n\r\nBlocked";

	(void)arg;
	says(fd, page, sizeof page - 1);
}

static void
says_zeros(int fd, void *arg)
{
	static const char zeros[64];

	(void)arg;
	says(fd, zeros, sizeof zeros);
}

/* A handshake record of 64 bytes that never gets beyond its first 20. */
static void
stops_in_the_middle(int fd, void *arg)
{
	static const unsigned char part[20] = {0x16, 3, 3, 0, 64, 2, 0, 0, 60,
	    3, 3};

	(void)arg;
	says(fd, part, sizeof part);
}

static void
resets_in_the_middle(int fd, void *arg)
{
	static const unsigned char part[20] = {0x16, 3, 3, 0, 64, 2, 0, 0, 60,
	    3, 3};

	(void)arg;
	if (send(fd, part, sizeof part, MSG_NOSIGNAL) > 0)
		fake_reset_on_close(fd);
}

static void
drips(int fd, void *arg)
{
	static const unsigned char hello[] = {0x16, 3, 3, 0, 64, 2, 0, 0, 60, 3,
	    3, 1, 2, 3, 4, 5, 6, 7};
	size_t i;

	(void)arg;
	for (i = 0; i < sizeof hello; i++) {
		if (send(fd, hello + i, 1, MSG_NOSIGNAL) != 1)
			return;
		sleep(1);
	}
}

static void
floods_with(int fd, const unsigned char *unit, size_t len)
{
	unsigned char block[4096];
	size_t i, n, sent = 0;

	n = sizeof block / len * len;
	for (i = 0; i < n; i++)
		block[i] = unit[i % len];
	while (sent < MEGABYTES * 1024 * 1024) {
		ssize_t k = send(fd, block, n, MSG_NOSIGNAL);

		if (k != (ssize_t)n)
			return;
		sent += n;
	}
	wait_closed(fd);
}

static void
floods(int fd, void *arg)
{
	(void)arg;
	floods_with(fd, (const unsigned char *)"A", 1);
}

/* HelloRequest (RFC 5246 section 7.4.1.1) over and over, which a client may
 * ignore. */
static void
floods_with_requests(int fd, void *arg)
{
	static const unsigned char request[] = {0x16, 3, 3, 0, 4, 0, 0, 0, 0};

	(void)arg;
	floods_with(fd, request, sizeof request);
}

/* A warning (RFC 5246 section 7.2) over and over. */
static void
floods_with_empty_records(int fd, void *arg)
{
	static const unsigned char record[] = {0x16, 3, 3, 0, 0};

	(void)arg;
	floods_with(fd, record, sizeof record);
}

static const struct {
	const char *name;
	void (*serve)(int fd, void *arg);
} tcp[] = {
    {"closes at once", closes},
    {"resets at once", resets},
    {"stays silent", stays_silent},
    {"garbage", says_garbage},
    {"a web page", says_http},
    {"zeros", says_zeros},
    {"stops in the middle", stops_in_the_middle},
    {"resets in the middle", resets_in_the_middle},
    {"one byte a second", drips},
    {"megabytes", floods},
    {"megabytes of requests", floods_with_requests},
    {"megabytes of empty records", floods_with_empty_records},
};
#define NTCP (sizeof tcp / sizeof *tcp)

static void
begin(struct fake_probe *p, const struct hostile_case *c,
    enum protocol protocol, uint16_t port)
{
	signal(SIGPIPE, SIG_IGN); /* as main() does */
	fake_probe_init(p, c->type, protocol, c->host, "127.0.0.1", port);
	p->env.trust = c->trust;
	if (c->prepare != NULL)
		c->prepare(p);
}

static void
survive(const struct hostile_case *c, enum protocol protocol, uint16_t port,
    const char *name)
{
	struct fake_probe p;
	int before = fake_count_fds();
	size_t i;

	begin(&p, c, protocol, port);
	ck_assert_msg(fake_probe_run(&p, c->bound_ms), "%s: %s: not in time",
	    c->type, name);
	ck_assert_msg(p.obs->rung >= RUNG_TRANSPORT, "%s: %s: %s", c->type,
	    name, word_name(&words_rung, (int)p.obs->rung));
	ck_assert_msg(p.obs->rung != RUNG_NONE &&
		p.obs->rung != RUNG_LOCAL_ERROR,
	    "%s: %s: %s", c->type, name,
	    word_name(&words_rung, (int)p.obs->rung));
	ck_assert_uint_gt(p.obs->nattempts, 0);
	for (i = 0; i < p.obs->nattempts; i++)
		ck_assert_msg(p.obs->attempts[i].received < MOST_READ,
		    "%s: %s: read %u bytes", c->type, name,
		    p.obs->attempts[i].received);
	fake_probe_free(&p);
	ck_assert_msg(fake_count_fds() <= before + 1, "%s: %s: descriptors",
	    c->type, name);
}

static void
cancel_at(const struct hostile_case *c, enum protocol protocol, uint16_t port,
    int ms)
{
	struct fake_probe p;
	bool never = false;

	begin(&p, c, protocol, port);
	fake_probe_start(&p);
	fake_loop(p.env.base, &never, ms);
	if (!p.done) {
		bool ended = p.probe->finished;

		probe_cancel(p.probe);
		probe_cancel(p.probe);
		ck_assert_int_eq(p.ndone, 0);
		ck_assert(fake_loop(p.env.base, &p.done, 500));
		/* What was over before stays as it was. */
		ck_assert(ended || p.obs->failure == CAUSE_CANCELLED);
		ck_assert(ended || p.obs->rung == RUNG_NONE);
	}
	fake_loop(p.env.base, &never, 20);
	ck_assert_int_eq(p.ndone, 1);
	fake_probe_free(&p);
}

static const int moments_ms[] = {0, 1, 3, 10, 60};
#define NMOMENTS (sizeof moments_ms / sizeof *moments_ms)

void
hostile_tls_tcp(const struct hostile_case *c)
{
	size_t i;

	for (i = 0; i < NTCP; i++) {
		struct fake_tcp *s = fake_tcp_start("127.0.0.1", tcp[i].serve,
		    NULL);

		survive(c, PROTO_TCP, fake_tcp_port(s), tcp[i].name);
		fake_tcp_stop(s);
	}
}

void
hostile_tls_tcp_cancelled(const struct hostile_case *c)
{
	struct fake_tcp *s;
	size_t i, k;

	for (i = 0; i < NTCP; i++) {
		s = fake_tcp_start("127.0.0.1", tcp[i].serve, NULL);
		for (k = 0; k < NMOMENTS; k++)
			cancel_at(c, PROTO_TCP, fake_tcp_port(s),
			    moments_ms[k]);
		fake_tcp_stop(s);
	}
}

/* --- UDP --- */

struct udp_server {
	int other; /* a socket of another port */
	int count;
};

typedef void udp_answer(int fd, const uint8_t *data, size_t len,
    const struct addr *from, void *arg);

static void
ignores(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	(void)fd;
	(void)data;
	(void)len;
	(void)from;
	(void)arg;
}

static void
echoes(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	(void)arg;
	sendto(fd, data, len, 0, &from->sa, from->len);
}

static void
answers_garbage(int fd, const uint8_t *data, size_t len,
    const struct addr *from, void *arg)
{
	(void)data;
	(void)len;
	(void)arg;
	sendto(fd, "\377\330\377\340 JFIF", 9, 0, &from->sa, from->len);
}

static void
answers_nothing_at_all(int fd, const uint8_t *data, size_t len,
    const struct addr *from, void *arg)
{
	int i;

	(void)data;
	(void)len;
	(void)arg;
	for (i = 0; i < 50; i++)
		sendto(fd, "", 0, 0, &from->sa, from->len);
}

static void
floods_datagrams(int fd, const uint8_t *data, size_t len,
    const struct addr *from, void *arg)
{
	static const uint8_t big[1400] = {0x16, 0xfe, 0xfd};
	int i;

	(void)data;
	(void)len;
	(void)arg;
	for (i = 0; i < 3000; i++)
		sendto(fd, big, sizeof big, 0, &from->sa, from->len);
}

/* The one thing that the right server would do, from the wrong place: a
 * HelloVerifyRequest (RFC 6347 section 4.2.1). */
static const uint8_t verify[] = {0x16, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    19, 3, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 7, 0xfe, 0xff, 4, 1, 2, 3, 4};

static void
answers_from_elsewhere(int fd, const uint8_t *data, size_t len,
    const struct addr *from, void *arg)
{
	struct udp_server *u = arg;

	(void)fd;
	(void)data;
	(void)len;
	sendto(u->other, verify, sizeof verify, 0, &from->sa, from->len);
}

static void
answers_half(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	(void)data;
	(void)len;
	(void)arg;
	sendto(fd, verify, 20, 0, &from->sa, from->len);
}

/* The cookie again and again, and never more. */
static void
asks_again(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	struct udp_server *u = arg;
	uint8_t m[sizeof verify];
	int i;

	(void)data;
	(void)len;
	memcpy(m, verify, sizeof m);
	for (i = 0; i < 2; i++) {
		/* Each a new record and a new message. */
		m[9] = m[17] = (uint8_t)(u->count >> 8);
		m[10] = m[18] = (uint8_t)u->count;
		u->count++;
		sendto(fd, m, sizeof m, 0, &from->sa, from->len);
	}
}

static const struct {
	const char *name;
	udp_answer *answer;
} udp[] = {
    {"stays silent", ignores},
    {"echoes", echoes},
    {"garbage", answers_garbage},
    {"empty datagrams", answers_nothing_at_all},
    {"megabytes", floods_datagrams},
    {"from another port", answers_from_elsewhere},
    {"half an answer", answers_half},
    {"asks for a cookie for ever", asks_again},
};
#define NUDP (sizeof udp / sizeof *udp)

static void
with_udp(const struct hostile_case *c, bool cancel, size_t from, size_t to)
{
	struct udp_server u = {-1, 0};
	struct fake_udp *s;
	size_t i, k;

	u.other = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (i = from; i < to; i++) {
		s = fake_udp_start("127.0.0.1", 0, udp[i].answer, &u);
		for (k = 0; cancel && k < NMOMENTS; k++)
			cancel_at(c, PROTO_UDP, fake_udp_port(s),
			    moments_ms[k]);
		if (!cancel) {
			u.count = 0;
			survive(c, PROTO_UDP, fake_udp_port(s), udp[i].name);
			ck_assert_int_le(fake_udp_received(s),
			    (int)probe_type_find(c->type)->packets);
		}
		fake_udp_stop(s);
	}
	close(u.other);
}

void
hostile_tls_udp(const struct hostile_case *c, unsigned half)
{
	with_udp(c, false, half * NUDP / 2, (half + 1) * NUDP / 2);
}

void
hostile_tls_udp_cancelled(const struct hostile_case *c)
{
	with_udp(c, true, 0, NUDP);
}
