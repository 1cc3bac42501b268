/* SPDX-License-Identifier: MIT */
/* Promises of the controls: a connection that must not be accepted is told as
 * such, nothing is ever sent on it, one flow is all while nobody accepts, and
 * whether the life of packets counts is told from what really ended. In a
 * network of its own: 203.0.113.9 on loopback stands for a box that accepts
 * what was meant for another, near as it is, and gives packets a new life,
 * since on loopback none ends. */
#include "tests/unit/harness.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/fake_probe.h"

#define BOX "203.0.113.9"
#define PORT 6173

static const char *const world[] = {BOX, NULL};

#define ck_result(p, want_rung, want_failure, want_end) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, (int)(p)->obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(p)->obs->failure), \
		    word_name(&words_cause, want_failure)); \
		ck_assert_str_eq(fake_detail(p, "end"), want_end); \
	} while (0)

/* What a visitor said, until it left. */
struct heard {
	int nbytes, nends;
};

static void
listen_to(int fd, void *arg)
{
	struct heard *h = arg;
	char data[64];
	ssize_t n;

	while ((n = read(fd, data, sizeof data)) > 0)
		h->nbytes += (int)n;
	h->nends++;
}

/* It speaks first, much, and hangs up by itself: nobody must mind. */
static void
flood(int fd, void *arg)
{
	char data[4096] = "HTTP/1.1 200 OK\r\n\r\n\33[2J";
	int i;

	(void)arg;
	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < 64; i++) {
		if (send(fd, data, sizeof data, MSG_NOSIGNAL) < 0)
			return;
	}
}

START_TEST(an_accepted_connection_is_told_and_nothing_sent)
{
	struct heard h = {0, 0};
	struct fake_tcp *s;
	struct fake_probe p;

	if (!fake_private_network(world))
		return;
	s = fake_tcp_start_at(BOX, PORT, listen_to, &h);
	fake_probe_init(&p, "canary", PROTO_TCP, NULL, BOX, PORT);
	ck_assert(fake_probe_run(&p, 5000));
	ck_result(&p, RUNG_TRANSPORT, CAUSE_PROXY_ONLY, "accepted");
	ck_assert_int_eq(p.ndone, 1);
	/* It was taken with a life of one hop too; but here none ends, so that
	 * is no proof of where it stands. */
	ck_assert_int_eq(fake_detail_int(&p, "near_hops"), 1);
	ck_assert_int_eq(fake_detail_int(&p, "life_doubtful"), 1);
	ck_assert_int_eq(fake_detail_int(&p, "life_counts"), INT64_MIN);
	ck_assert_uint_eq(p.obs->nattempts, 3);
	ck_assert_int_eq(p.obs->attempts[0].ttl, 0);
	ck_assert_int_eq(p.obs->attempts[1].ttl, 1);
	ck_assert_uint_ne(p.obs->attempts[0].source_port, 0);
	ck_assert_uint_eq(p.obs->attempts[0].sent, 0);
	ck_assert_uint_eq(p.obs->attempts[1].sent, 0);
	ck_assert_uint_le(p.obs->nattempts, p.probe->type->flows);
	fake_probe_free(&p);
	fake_tcp_stop(s);
	ck_assert_int_eq(h.nbytes, 0);
}
END_TEST

START_TEST(refused_and_silent_are_as_it_should_be)
{
	struct fake_probe p;
	struct sockaddr_in at = {.sin_family = AF_INET};
	int full[8], i;

	if (!fake_private_network(world))
		return;
	fake_probe_init(&p, "canary", PROTO_TCP, NULL, BOX, PORT);
	ck_assert(fake_probe_run(&p, 5000));
	ck_result(&p, RUNG_REJECTED, CAUSE_NONE, "reset");
	ck_assert_uint_eq(p.obs->nattempts, 1);
	fake_probe_free(&p);
	/* A listener whose queue is full says nothing. */
	at.sin_port = htons(PORT);
	ck_assert_int_eq(inet_pton(AF_INET, BOX, &at.sin_addr), 1);
	full[0] = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(full[0], (struct sockaddr *)&at, sizeof at), 0);
	ck_assert_int_eq(listen(full[0], 0), 0);
	for (i = 1; i < 8; i++) {
		full[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(full[i], (struct sockaddr *)&at, sizeof at);
	}
	usleep(50000);
	fake_probe_init(&p, "canary", PROTO_TCP, NULL, BOX, PORT);
	ck_assert(fake_probe_run(&p, 5000));
	ck_result(&p, RUNG_SILENCE, CAUSE_NONE, "silence");
	ck_assert_uint_eq(p.obs->nattempts, 1);
	/* A healthy run does not wait for it. */
	ck_assert_int_le(p.obs->duration_us, 1700000);
	fake_probe_free(&p);
	for (i = 0; i < 8; i++)
		close(full[i]);
}
END_TEST

/* No route, or a rule of the laptop: that is not the network's word. */
START_TEST(what_could_not_be_sent_is_the_laptops_own)
{
	struct fake_probe p;

	if (!fake_private_network(NULL))
		return;
	fake_probe_init(&p, "canary", PROTO_TCP, NULL, "198.51.100.199", 80);
	ck_assert(fake_probe_run(&p, 5000));
	ck_assert_int_eq(p.obs->rung, RUNG_LOCAL_ERROR);
	ck_assert_str_eq(fake_detail(&p, "end"), "");
	fake_probe_free(&p);
}
END_TEST

/* A name that leads inside of the site: who answers there, may. */
START_TEST(what_is_near_is_not_asked)
{
	static const char *const near[] = {"10.20.30.1", "127.0.0.1",
	    "169.254.1.1", "fd00::1"};
	struct fake_probe p;
	size_t i;

	for (i = 0; i < 4; i++) {
		fake_probe_init(&p, "canary", PROTO_TCP, NULL, near[i], PORT);
		ck_assert(fake_probe_run(&p, 5000));
		ck_assert_int_eq(p.obs->rung, RUNG_NONE);
		ck_assert_int_eq(p.obs->failure, CAUSE_NONE);
		ck_assert_uint_eq(p.obs->nattempts, 0);
		fake_probe_free(&p);
	}
}
END_TEST

START_TEST(who_talks_or_hangs_up_holds_nothing_up)
{
	struct fake_tcp *s;
	struct fake_probe p;
	int fds = fake_count_fds();

	if (!fake_private_network(world))
		return;
	s = fake_tcp_start_at(BOX, PORT, flood, NULL);
	fake_probe_init(&p, "canary", PROTO_TCP, NULL, BOX, PORT);
	ck_assert(fake_probe_run(&p, 5000));
	ck_result(&p, RUNG_TRANSPORT, CAUSE_PROXY_ONLY, "accepted");
	ck_assert_int_le(p.obs->duration_us, 2000000);
	fake_probe_free(&p);
	fake_tcp_stop(s);
	ck_assert_int_eq(fake_count_fds(), fds);
}
END_TEST

/* --- life --- */

START_TEST(who_answers_with_two_hops_may_be_far_away)
{
	struct heard h = {0, 0};
	struct fake_tcp *s;
	struct fake_probe p;

	if (!fake_private_network(world))
		return;
	s = fake_tcp_start_at(BOX, 443, listen_to, &h);
	fake_probe_init(&p, "life", PROTO_TCP, NULL, BOX, 443);
	ck_assert(fake_probe_run(&p, 5000));
	ck_result(&p, RUNG_TRANSPORT, CAUSE_NONE, "accepted");
	ck_assert_int_eq(fake_detail_int(&p, "near_hops"), 1);
	ck_assert_int_eq(fake_detail_int(&p, "life_doubtful"), 1);
	ck_assert_int_eq(p.obs->attempts[0].ttl, 2);
	ck_assert_int_eq(p.obs->attempts[1].ttl, 1);
	fake_probe_free(&p);
	fake_tcp_stop(s);
	ck_assert_int_eq(h.nbytes, 0);
}
END_TEST

START_TEST(so_may_who_refuses)
{
	struct fake_probe p;

	if (!fake_private_network(world))
		return;
	fake_probe_init(&p, "life", PROTO_TCP, NULL, BOX, 443);
	ck_assert(fake_probe_run(&p, 5000));
	ck_result(&p, RUNG_REJECTED, CAUSE_NONE, "reset");
	ck_assert_int_eq(fake_detail_int(&p, "life_doubtful"), 1);
	fake_probe_free(&p);
}
END_TEST

/* Where another packet of the run has ended, none is sent to show it again. */
START_TEST(what_is_known_is_not_asked_again)
{
	struct heard h = {0, 0};
	struct fake_tcp *s;
	struct fake_probe p;

	if (!fake_private_network(world))
		return;
	s = fake_tcp_start_at(BOX, 443, listen_to, &h);
	fake_probe_init(&p, "life", PROTO_TCP, NULL, BOX, 443);
	hops_heard(p.env.hops, false, 1, clock_mono_us() - 5000);
	ck_assert(fake_probe_run(&p, 5000));
	ck_assert_int_eq(fake_detail_int(&p, "life_counts"), 1);
	ck_assert_int_eq(fake_detail_int(&p, "life_doubtful"), INT64_MIN);
	ck_assert_uint_eq(p.obs->nattempts, 2);
	fake_probe_free(&p);
	fake_tcp_stop(s);
}
END_TEST

START_TEST(it_can_be_stopped_at_every_stage)
{
	static const char *const types[] = {"canary", "life"};
	struct heard h = {0, 0};
	struct fake_tcp *s;
	struct fake_probe p;
	int ms, i, fds;

	if (!fake_private_network(world))
		return;
	s = fake_tcp_start_at(BOX, PORT, listen_to, &h);
	fds = fake_count_fds();
	for (i = 0; i < 2; i++) {
		for (ms = 0; ms < 120; ms += 3) {
			bool never = false;

			fake_probe_init(&p, types[i], PROTO_TCP, NULL, BOX,
			    PORT);
			fake_probe_start(&p);
			fake_loop(p.env.base, &never, ms);
			if (!p.done && ms % 2 == 0) {
				probe_cancel(p.probe);
				ck_assert(fake_loop(p.env.base, &p.done, 1000));
				ck_assert_int_eq(p.ndone, 1);
			}
			/* Or it is simply dropped. */
			fake_probe_free(&p);
		}
	}
	ck_assert_int_le(fake_count_fds(), fds + 1);
	fake_tcp_stop(s);
	ck_assert_int_eq(h.nbytes, 0);
}
END_TEST

/* --- the laptop's proxy --- */

struct proxy {
	const char *answer;
	char heard[256];
};

static void
serve_proxy(int fd, void *arg)
{
	struct proxy *s = arg;
	char more[64];

	fake_read_until(fd, "\r\n\r\n", s->heard, sizeof s->heard);
	if (s->answer[0] == '\0' ||
	    send(fd, s->answer, strlen(s->answer), MSG_NOSIGNAL) < 0)
		return;
	/* Nothing may come through the tunnel. */
	if (read(fd, more, sizeof more) > 0)
		s->heard[0] = '\0';
}

static void
ask_proxy(const char *answer, enum rung rung, enum cause failure, int status,
    bool tunnel)
{
	struct proxy proxy = {.answer = answer};
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", serve_proxy, &proxy);
	struct fake_probe p;

	fake_probe_init(&p, "proxy", PROTO_TCP, NULL, "127.0.0.1",
	    fake_tcp_port(s));
	p.spec.want = (char *)(uintptr_t) "a.vendor.example:443";
	ck_assert(fake_probe_run(&p, 20000));
	ck_assert_str_eq(word_name(&words_rung, (int)p.obs->rung),
	    word_name(&words_rung, (int)rung));
	ck_assert_str_eq(word_name(&words_cause, (int)p.obs->failure),
	    word_name(&words_cause, (int)failure));
	ck_assert_int_eq(fake_detail_int(&p, "status"),
	    status == 0 ? INT64_MIN : status);
	ck_assert_int_eq(fake_detail_is(&p, "tunnel"), tunnel);
	fake_probe_free(&p);
	fake_tcp_stop(s);
	/* RFC 9110 section 9.3.6, RFC 9112 section 3.2.3: no name, no
	 * password, no word of ours. */
	ck_assert_str_eq(proxy.heard,
	    "CONNECT a.vendor.example:443 HTTP/1.1\r\n"
	    "Host: a.vendor.example:443\r\n\r\n");
}

START_TEST(a_proxy_is_asked_for_a_way_and_left)
{
	ask_proxy("HTTP/1.1 200 Connection established\r\n\r\n", RUNG_APP_REPLY,
	    CAUSE_NONE, 200, true);
	ask_proxy("HTTP/1.1 407 Proxy Authentication Required\r\n"
		  "Content-Length: 0\r\n\r\n",
	    RUNG_APP_REPLY, CAUSE_HTTP_STATUS, 407, false);
	ask_proxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
	    RUNG_APP_REPLY, CAUSE_HTTP_STATUS, 403, false);
	ask_proxy("SSH-2.0-x\r\n", RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL, 0,
	    false);
	ask_proxy("RTSP/1.0 200 OK\r\n\r\n", RUNG_TRANSPORT,
	    CAUSE_WRONG_PROTOCOL, 0, false);
	ask_proxy("", RUNG_TRANSPORT, CAUSE_SERVICE_SILENT, 0, false);
}
END_TEST

START_TEST(what_would_not_be_a_name_is_not_asked_for)
{
	struct fake_probe p;

	fake_probe_init(&p, "proxy", PROTO_TCP, NULL, "127.0.0.1", 9);
	p.spec.want = (char *)(uintptr_t) "a\r\nEvil: 1";
	ck_assert(fake_probe_run(&p, 2000));
	ck_assert_int_eq(p.obs->rung, RUNG_NONE);
	fake_probe_free(&p);
}
END_TEST

HARNESS("probe canary", an_accepted_connection_is_told_and_nothing_sent,
    refused_and_silent_are_as_it_should_be,
    what_could_not_be_sent_is_the_laptops_own, what_is_near_is_not_asked,
    who_talks_or_hangs_up_holds_nothing_up,
    who_answers_with_two_hops_may_be_far_away, so_may_who_refuses,
    what_is_known_is_not_asked_again, it_can_be_stopped_at_every_stage,
    a_proxy_is_asked_for_a_way_and_left,
    what_would_not_be_a_name_is_not_asked_for)
