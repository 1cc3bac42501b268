/* SPDX-License-Identifier: MIT */
/* Owns the servers that misbehave, and what is promised against them. */
#include "tests/unit/hostile.h"

#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tests/unit/fake_net.h"

#define FLOOD (4 << 20)

struct server {
	const struct hostile_setup *setup;
	enum hostile manner;
	struct fake_tcp *tcp;
	struct fake_silent full;
};

static void
say(int fd, const void *data, size_t len)
{
	const char *from = data;
	ssize_t n = 1;

	while (len > 0 && n > 0) {
		n = send(fd, from, len, MSG_NOSIGNAL);
		from += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
}

/* Until the peer goes, or for so long. */
static bool
is_gone(int fd, int ms)
{
	char data[4096];
	int64_t end = clock_mono_us() + ms * INT64_C(1000);
	int64_t left = ms;

	while (left > 0) {
		struct pollfd p = {fd, POLLIN, 0};

		if (poll(&p, 1, (int)left) > 0 &&
		    recv(fd, data, sizeof data, 0) <= 0)
			return true;
		left = (end - clock_mono_us()) / 1000;
	}
	return false;
}

static void
flood(int fd, const char *piece, size_t len)
{
	char block[4096];
	size_t at, sent;
	ssize_t n = 1;

	for (at = 0; at < sizeof block; at++)
		block[at] = piece[at % len];
	for (sent = 0; sent < FLOOD && n > 0; sent += (size_t)n)
		n = send(fd, block, sizeof block, MSG_NOSIGNAL);
}

static void
serve(int fd, void *arg)
{
	static const char page[] = "HTTP/1.1 403 Forbidden\r\n"
				   "Content-Type: text/html\r\n"
				   "Content-Length: 21\r\n\r\n"
				   "<title>Blocked</title>";
	static const char mail[] = "220 mx.example ESMTP ready\r\n";
	static const char garbage[] = "\x01\xff\x80\x00\x1b[2J\xfe\x07%n%s";
	const struct server *s = arg;
	char heard[4096];

	if (s->setup->waits && s->manner >= HOSTILE_WEB &&
	    recv(fd, heard, sizeof heard, 0) <= 0)
		return;
	switch (s->manner) {
	case HOSTILE_WEB:
		say(fd, page, sizeof page - 1);
		break;
	case HOSTILE_MAIL:
		say(fd, mail, sizeof mail - 1);
		is_gone(fd, 60000);
		break;
	case HOSTILE_DRIPS:
		while (!is_gone(fd, 1000))
			say(fd, "\x01", 1);
		break;
	case HOSTILE_FLOODS:
		flood(fd, garbage, sizeof garbage - 1);
		break;
	case HOSTILE_FLOODS_LINES:
		flood(fd, "hello\r\n", 7);
		break;
	case HOSTILE_GARBAGE:
		say(fd, garbage, sizeof garbage - 1);
		is_gone(fd, 60000);
		break;
	case HOSTILE_HALF_SILENT:
	case HOSTILE_HALF_CLOSES:
	case HOSTILE_HALF_RESETS:
		say(fd, s->setup->right, s->setup->half);
		is_gone(fd, s->manner == HOSTILE_HALF_SILENT ? 60000 : 50);
		break;
	case HOSTILE_SILENT:
		is_gone(fd, 60000);
		break;
	case HOSTILE_RESETS:
		/* Not before the connection is seen to be accepted. */
		is_gone(fd, 50);
		break;
	default:
		break;
	}
	if (s->manner == HOSTILE_RESETS || s->manner == HOSTILE_HALF_RESETS)
		fake_reset_on_close(fd);
}

static uint16_t
server_start(struct server *s, const struct hostile_setup *setup,
    enum hostile manner)
{
	s->setup = setup;
	s->manner = manner;
	s->tcp = NULL;
	if (manner == HOSTILE_NOTHING)
		return fake_closed_port();
	if (manner == HOSTILE_FULL) {
		fake_silent_start(&s->full);
		return s->full.port;
	}
	s->tcp = fake_tcp_start("127.0.0.1", serve, s);
	return fake_tcp_port(s->tcp);
}

static void
server_stop(struct server *s)
{
	if (s->manner == HOSTILE_FULL)
		fake_silent_stop(&s->full);
	fake_tcp_stop(s->tcp);
}

static void
check_result(const struct fake_probe *p, const struct hostile_setup *setup,
    enum hostile m)
{
	enum rung want = m == HOSTILE_NOTHING ? RUNG_REJECTED :
	    m == HOSTILE_FULL                 ? RUNG_SILENCE :
						RUNG_TRANSPORT;

	ck_assert_msg(p->ndone == 1, "%s manner %d: not done in time",
	    setup->type, (int)m);
	ck_assert_msg(p->obs->rung == want, "%s manner %d: rung %s",
	    setup->type, (int)m, word_name(&words_rung, (int)p->obs->rung));
	ck_assert_msg(p->obs->failure == setup->want_cause[m],
	    "%s manner %d: cause %s", setup->type, (int)m,
	    word_name(&words_cause, (int)p->obs->failure));
	/* Nothing from the network reaches a screen as it is. */
	char *text = json_dumps(p->obs->detail, JSON_COMPACT);

	ck_assert_ptr_null(strstr(text, "\\u001b"));
	free(text);
}

static bool
all_done(const struct fake_probe *p)
{
	int i;

	for (i = 0; i < HOSTILE_MANNERS; i++) {
		if (p[i].ndone == 0)
			return false;
	}
	return true;
}

void
hostile_try(const struct hostile_setup *setup)
{
	struct server server[HOSTILE_MANNERS];
	struct fake_probe p[HOSTILE_MANNERS];
	int64_t end = clock_mono_us() + setup->bound_ms * INT64_C(1000);
	int fds = fake_count_fds(), i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < HOSTILE_MANNERS; i++) {
		uint16_t port = server_start(&server[i], setup,
		    (enum hostile)i);

		fake_probe_init(&p[i], setup->type, PROTO_TCP, NULL,
		    "127.0.0.1", port);
		p[i].spec.want = (char *)(uintptr_t)setup->want;
		fake_probe_start(&p[i]);
	}
	while (!all_done(p) && clock_mono_us() < end) {
		for (i = 0; i < HOSTILE_MANNERS; i++) {
			struct timeval tick = {0, 1000};

			event_base_loopexit(p[i].env.base, &tick);
			event_base_dispatch(p[i].env.base);
		}
		usleep(1000);
	}
	for (i = 0; i < HOSTILE_MANNERS; i++)
		check_result(&p[i], setup, (enum hostile)i);
	for (i = 0; i < HOSTILE_MANNERS; i++) {
		fake_probe_free(&p[i]);
		server_stop(&server[i]);
	}
	ck_assert_int_eq(fake_count_fds(), fds);
}

static void
cancel_after(const struct hostile_setup *setup, enum hostile manner, int ms,
    bool frees)
{
	struct server server;
	struct fake_probe p;
	bool never = false;
	uint16_t port = server_start(&server, setup, manner);

	fake_probe_init(&p, setup->type, PROTO_TCP, NULL, "127.0.0.1", port);
	p.spec.want = (char *)(uintptr_t)setup->want;
	fake_probe_start(&p);
	fake_loop(p.env.base, &p.done, ms);
	ck_assert(!p.done);
	if (!frees) {
		probe_cancel(p.probe);
		fake_loop(p.env.base, &p.done, 2000);
		fake_loop(p.env.base, &never, 30);
		ck_assert_int_eq(p.ndone, 1);
		ck_assert_int_eq(p.obs->failure, CAUSE_CANCELLED);
		ck_assert_int_eq(p.obs->rung, RUNG_NONE);
	}
	fake_probe_free(&p);
	server_stop(&server);
}

void
hostile_cancel(const struct hostile_setup *setup)
{
	int fds = fake_count_fds(), i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < 2; i++) {
		cancel_after(setup, HOSTILE_SILENT, 0, i);
		cancel_after(setup, HOSTILE_SILENT, 60, i);
		cancel_after(setup, HOSTILE_FULL, 1300, i);
		cancel_after(setup, HOSTILE_HALF_SILENT, 1, i);
		cancel_after(setup, HOSTILE_HALF_SILENT, 60, i);
		cancel_after(setup, HOSTILE_HALF_SILENT, 300, i);
	}
	ck_assert_int_eq(fake_count_fds(), fds);
}
