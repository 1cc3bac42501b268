/* SPDX-License-Identifier: MIT */
/* Promises of a conversation over TCP: what goes out and comes in is bounded,
 * it ends once and in time, it may be closed at any moment, and TLS changes
 * nothing of that. */
#include "tests/unit/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/net/stream.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/fake_tls.h"

enum plan {
	PLAN_LISTEN, /* only take */
	PLAN_CLOSE_ON_INPUT,
	PLAN_DROP_ALL,     /* forget what came */
	PLAN_ANSWER_HELLO, /* send "and you\n" once "hello\n" is complete */
};

struct talk {
	struct event_base *base;
	struct stream *stream;
	enum plan plan;
	bool closes_when_ended;
	char seen[4096];
	size_t nseen;
	int ninput, nended;
	enum stream_end how;
	bool done;
};

static void
on_input(void *arg, const uint8_t *data, size_t len)
{
	struct talk *t = arg;

	t->ninput++;
	ck_assert_int_eq(t->nended, 0);
	ck_assert_uint_gt(len, 0);
	t->nseen = len < sizeof t->seen ? len : sizeof t->seen - 1;
	memcpy(t->seen, data, t->nseen);
	t->seen[t->nseen] = '\0';
	if (t->plan == PLAN_CLOSE_ON_INPUT) {
		stream_close(t->stream);
		t->stream = NULL;
		t->done = true;
	} else if (t->plan == PLAN_DROP_ALL) {
		stream_drop(t->stream, len);
	} else if (t->plan == PLAN_ANSWER_HELLO &&
	    strcmp(t->seen, "hello\n") == 0) {
		stream_drop(t->stream, len);
		ck_assert(stream_send(t->stream, "and you\n", 8));
	}
}

static void
on_ended(void *arg, enum stream_end how)
{
	struct talk *t = arg;

	t->nended++;
	t->how = how;
	t->done = true;
	if (t->closes_when_ended) {
		stream_close(t->stream);
		t->stream = NULL;
	}
}

static int
connected_to(uint16_t port)
{
	struct addr to;
	int fd;

	ck_assert(addr_parse(&to, "127.0.0.1", port));
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(fd, &to.sa, to.len), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static void
talk_open(struct talk *t, uint16_t port, size_t max_in, unsigned timeout_ms,
    SSL *ssl)
{
	struct stream_setup setup = {
	    .ssl = ssl,
	    .max_in = max_in,
	    .timeout_ms = timeout_ms,
	    .input = on_input,
	    .ended = on_ended,
	    .arg = t,
	};

	t->base = event_base_new();
	setup.base = t->base;
	setup.fd = connected_to(port);
	t->stream = stream_open(&setup);
	ck_assert_int_eq(t->ninput + t->nended, 0);
}

static void
talk_close(struct talk *t)
{
	bool never = false;

	/* Nothing is called twice, or late. */
	fake_loop(t->base, &never, 30);
	ck_assert_int_le(t->nended, 1);
	stream_close(t->stream);
	event_base_free(t->base);
}

static void
asks_back(int fd, void *arg)
{
	char *heard = arg;
	size_t i;

	for (i = 0; i < 6; i++) {
		if (write(fd, &"hello\n"[i], 1) != 1)
			return;
		usleep(2000);
	}
	fake_read_until(fd, "\n", heard, 64);
}

START_TEST(pieces_come_together_and_an_answer_goes_out)
{
	char heard[64] = "";
	struct talk t = {.plan = PLAN_ANSWER_HELLO};
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", asks_back, heard);

	talk_open(&t, fake_tcp_port(s), 100, 5000, NULL);
	ck_assert(fake_loop(t.base, &t.done, 4000));
	ck_assert_int_eq(t.how, STREAM_CLOSED);
	ck_assert_uint_eq(stream_received(t.stream), 6);
	ck_assert_uint_eq(stream_sent(t.stream), 8);
	talk_close(&t);
	fake_tcp_stop(s);
	ck_assert_str_eq(heard, "and you\n");
}
END_TEST

static void
floods(int fd, void *arg)
{
	static const char data[65536];
	size_t left = *(size_t *)arg;
	ssize_t n = 1;

	while (left > 0 && n > 0) {
		n = send(fd, data, left < sizeof data ? left : sizeof data,
		    MSG_NOSIGNAL);
		left -= n > 0 ? (size_t)n : 0;
	}
}

START_TEST(no_more_is_kept_than_was_allowed)
{
	size_t megabytes = 4 << 20;
	struct talk t = {.plan = PLAN_LISTEN};
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", floods, &megabytes);

	talk_open(&t, fake_tcp_port(s), 1000, 5000, NULL);
	ck_assert(fake_loop(t.base, &t.done, 4000));
	ck_assert_int_eq(t.how, STREAM_FULL);
	ck_assert_uint_eq(stream_received(t.stream), 1000);
	talk_close(&t);
	fake_tcp_stop(s);
}
END_TEST

START_TEST(what_is_forgotten_makes_room)
{
	size_t bytes = 300000;
	struct talk t = {.plan = PLAN_DROP_ALL};
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", floods, &bytes);

	talk_open(&t, fake_tcp_port(s), 5000, 9000, NULL);
	ck_assert(fake_loop(t.base, &t.done, 8000));
	ck_assert_int_eq(t.how, STREAM_CLOSED);
	ck_assert_uint_eq(stream_received(t.stream), 300000);
	talk_close(&t);
	fake_tcp_stop(s);
}
END_TEST

static void
drips(int fd, void *arg)
{
	(void)arg;
	while (send(fd, "x", 1, MSG_NOSIGNAL) == 1)
		usleep(20000);
}

START_TEST(the_deadline_is_for_the_whole_conversation)
{
	struct talk t = {.plan = PLAN_LISTEN, .closes_when_ended = true};
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", drips, NULL);
	int64_t begin = clock_mono_us();

	talk_open(&t, fake_tcp_port(s), 1000, 300, NULL);
	ck_assert(fake_loop(t.base, &t.done, 4000));
	ck_assert_int_eq(t.how, STREAM_TIMEOUT);
	ck_assert_int_ge(clock_mono_us() - begin, 290000);
	ck_assert_int_gt(t.ninput, 1);
	talk_close(&t);
	fake_tcp_stop(s);
}
END_TEST

static void
resets(int fd, void *arg)
{
	(void)arg;
	if (write(fd, "half an ans", 11) != 11)
		return;
	usleep(50000);
	fake_reset_on_close(fd);
}

START_TEST(a_reset_is_told_as_one)
{
	struct talk t = {.plan = PLAN_LISTEN};
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", resets, NULL);

	talk_open(&t, fake_tcp_port(s), 1000, 5000, NULL);
	ck_assert(fake_loop(t.base, &t.done, 4000));
	ck_assert_int_eq(t.how, STREAM_RESET);
	ck_assert_int_eq(stream_error(t.stream), ECONNRESET);
	ck_assert_str_eq(t.seen, "half an ans");
	talk_close(&t);
	fake_tcp_stop(s);
}
END_TEST

START_TEST(it_may_be_closed_from_within_and_at_any_time)
{
	struct talk t = {.plan = PLAN_CLOSE_ON_INPUT};
	struct talk early = {.plan = PLAN_LISTEN};
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", resets, NULL);
	int fds = fake_count_fds();

	talk_open(&t, fake_tcp_port(s), 1000, 5000, NULL);
	ck_assert(fake_loop(t.base, &t.done, 4000));
	ck_assert_int_eq(t.nended, 0);
	talk_close(&t);
	talk_open(&early, fake_tcp_port(s), 1000, 5000, NULL);
	ck_assert(stream_send(early.stream, "x", 1));
	stream_close(early.stream);
	early.stream = NULL;
	talk_close(&early);
	ck_assert_int_eq(early.ninput + early.nended, 0);
	fake_tcp_stop(s);
	/* The server's two ends are gone with it, and ours too. */
	ck_assert_int_lt(fake_count_fds(), fds);
}
END_TEST

static void
never_reads(int fd, void *arg)
{
	const bool *stop = arg;

	(void)fd;
	while (!*(const volatile bool *)stop)
		usleep(5000);
}

START_TEST(the_queue_of_what_goes_out_is_bounded)
{
	static char block[STREAM_QUEUE_MAX];
	bool stop = false;
	struct talk t = {.plan = PLAN_LISTEN};
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", never_reads, &stop);

	talk_open(&t, fake_tcp_port(s), 1000, 5000, NULL);
	ck_assert(stream_send(t.stream, block, 60000));
	ck_assert(!stream_send(t.stream, block, 5537));
	ck_assert(stream_send(t.stream, block, 5536));
	ck_assert(!stream_send(t.stream, block, 1));
	ck_assert_uint_eq(stream_sent(t.stream), 0);
	stop = true;
	talk_close(&t);
	fake_tcp_stop(s);
}
END_TEST

static SSL *
client(SSL_CTX *ctx)
{
	SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
	return SSL_new(ctx);
}

/* The TLS server of the tests answers any request with its reply. */
START_TEST(the_same_goes_inside_tls)
{
	struct fake_cert *leaf = fake_cert_new("device.example", NULL, false,
	    -1, 30);
	struct fake_tls how = {.leaf = leaf, .reply = "hello\n"};
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", fake_tls_serve, &how);
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	struct talk t = {.plan = PLAN_LISTEN};

	signal(SIGPIPE, SIG_IGN);
	talk_open(&t, fake_tcp_port(s), 100, 8000, client(ctx));
	ck_assert(stream_send(t.stream, "GET / HTTP/1.1\r\n\r\n", 18));
	ck_assert(fake_loop(t.base, &t.done, 7000));
	ck_assert_str_eq(t.seen, "hello\n");
	ck_assert_int_ne(t.how, STREAM_NO_TLS);
	ck_assert_uint_eq(stream_received(t.stream), 6);
	ck_assert_uint_eq(stream_sent(t.stream), 18);
	talk_close(&t);
	SSL_CTX_free(ctx);
	fake_tcp_stop(s);
	fake_cert_free(leaf);
}
END_TEST

START_TEST(no_tls_where_tls_was_asked_for_is_told_as_such)
{
	struct fake_tls how = {.plain = "220 ready\r\n"};
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", fake_tls_serve, &how);
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	struct talk t = {.plan = PLAN_LISTEN};

	signal(SIGPIPE, SIG_IGN);
	talk_open(&t, fake_tcp_port(s), 100, 8000, client(ctx));
	ck_assert(fake_loop(t.base, &t.done, 7000));
	ck_assert_int_eq(t.how, STREAM_NO_TLS);
	ck_assert_int_eq(t.ninput, 0);
	talk_close(&t);
	SSL_CTX_free(ctx);
	fake_tcp_stop(s);
}
END_TEST

HARNESS("net stream", pieces_come_together_and_an_answer_goes_out,
    no_more_is_kept_than_was_allowed, what_is_forgotten_makes_room,
    the_deadline_is_for_the_whole_conversation, a_reset_is_told_as_one,
    it_may_be_closed_from_within_and_at_any_time,
    the_queue_of_what_goes_out_is_bounded, the_same_goes_inside_tls,
    no_tls_where_tls_was_asked_for_is_told_as_such)
