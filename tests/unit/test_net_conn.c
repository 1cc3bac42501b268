/* SPDX-License-Identifier: MIT */
/* Promises of a TCP connection made with evidence: nothing is called refused
 * or silent too early, every attempt is kept, nothing leaks. */
#include "tests/unit/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/net/conn.h"
#include "core/net/own_peer.h"
#include "tests/unit/fake_net.h"

struct dial {
	struct event_base *base;
	struct pace *pace;
	struct conn *conn;
	struct addr to;
	int64_t started_us, ended_us;
	enum conn_result result;
	int fd;
	int ndone, nslow;
	bool done;
};

static void
on_done(void *arg, enum conn_result result, int fd)
{
	struct dial *d = arg;

	d->ended_us = clock_mono_us();
	d->result = result;
	d->fd = fd;
	d->ndone++;
	d->done = true;
}

static void
on_slow(void *arg)
{
	struct dial *d = arg;

	d->nslow++;
}

static void
dial_open(struct dial *d, const char *address, uint16_t port, bool paced)
{
	struct conn_setup setup = {
	    .done = on_done,
	    .slow = on_slow,
	    .arg = d,
	};

	memset(d, 0, sizeof *d);
	d->fd = -1;
	d->base = event_base_new();
	d->pace = paced ? pace_new(d->base, 40, 0) : NULL;
	ck_assert(addr_parse(&d->to, address, port));
	setup.base = d->base;
	setup.pace = d->pace;
	setup.to = d->to;
	d->started_us = clock_mono_us();
	d->conn = conn_open(&setup);
	ck_assert_int_eq(d->ndone, 0); /* never from within conn_open() */
}

static void
dial_close(struct dial *d)
{
	conn_close(d->conn);
	if (d->fd >= 0)
		close(d->fd);
	pace_free(d->pace);
	event_base_free(d->base);
}

static int
ms_taken(const struct dial *d)
{
	return (int)((d->ended_us - d->started_us) / 1000);
}

static void
say_hello(int fd, void *arg)
{
	(void)arg;
	if (write(fd, "hello", 5) != 5)
		return;
}

static void
accepts(const char *address, bool paced)
{
	struct fake_tcp *s = fake_tcp_start(address, say_hello, NULL);
	const struct conn_attempt *at;
	struct dial d;
	char text[8] = "";
	size_t n;

	dial_open(&d, address, fake_tcp_port(s), paced);
	ck_assert(fake_loop(d.base, &d.done, 2000));
	ck_assert_int_eq(d.result, CONN_ACCEPTED);
	ck_assert_int_ge(d.fd, 0);
	ck_assert(fcntl(d.fd, F_GETFL) & O_NONBLOCK);
	at = conn_attempts(d.conn, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_ptr_eq(at, conn_decider(d.conn));
	ck_assert_uint_ne(at->source_port, 0);
	ck_assert_int_ge(at->start_us, d.started_us);
	ck_assert_int_ge(at->end_us, at->start_us);
	ck_assert_int_eq(d.nslow, 0);
	/* The descriptor is the caller's: it works after conn_close(). */
	conn_close(d.conn);
	d.conn = NULL;
	fcntl(d.fd, F_SETFL, 0);
	ck_assert_uint_eq(fake_read_until(d.fd, "hello", text, sizeof text), 5);
	dial_close(&d);
	fake_tcp_stop(s);
}

START_TEST(an_open_port_is_accepted_and_the_descriptor_handed_over)
{
	int before = fake_count_fds();

	accepts("127.0.0.1", true);
	accepts("127.0.0.1", false);
	accepts("::1", true);
	ck_assert_int_eq(fake_count_fds(), before);
}
END_TEST

static void
believes_second_refusal(bool paced)
{
	const struct conn_attempt *at;
	struct dial d;
	size_t n, i;

	dial_open(&d, "127.0.0.1", fake_closed_port(), paced);
	ck_assert(fake_loop(d.base, &d.done, 3000));
	ck_assert_int_eq(d.result, CONN_RESET);
	ck_assert_int_eq(d.fd, -1);
	at = conn_attempts(d.conn, &n);
	ck_assert_uint_eq(n, 2);
	for (i = 0; i < n; i++) {
		ck_assert_int_eq(at[i].result, CONN_RESET);
		ck_assert_int_eq(at[i].error, ECONNREFUSED);
		ck_assert_uint_ne(at[i].source_port, 0);
		ck_assert_int_ge(at[i].end_us, at[i].start_us);
	}
	/* The second is tried 250 ms after the first was refused. */
	ck_assert_int_ge(at[1].start_us - at[0].end_us, 240000);
	ck_assert_int_le(ms_taken(&d), 1000);
	dial_close(&d);
}

START_TEST(a_refusal_is_tried_again_before_it_is_believed)
{
	int before = fake_count_fds();

	believes_second_refusal(true);
	believes_second_refusal(false);
	ck_assert_int_eq(fake_count_fds(), before);
}
END_TEST

START_TEST(a_server_that_is_back_for_the_second_attempt_is_open)
{
	uint16_t port = fake_closed_port();
	struct fake_tcp *s;
	struct dial d;
	bool never = false;
	size_t n;

	dial_open(&d, "127.0.0.1", port, true);
	ck_assert(!fake_loop(d.base, &never, 100));
	ck_assert(!d.done); /* one refusal is not believed */
	s = fake_tcp_start_at("127.0.0.1", port, say_hello, NULL);
	ck_assert(fake_loop(d.base, &d.done, 2000));
	ck_assert_int_eq(d.result, CONN_ACCEPTED);
	conn_attempts(d.conn, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_ptr_eq(conn_decider(d.conn), conn_attempts(d.conn, &n) + 1);
	dial_close(&d);
	fake_tcp_stop(s);
}
END_TEST

START_TEST(silence_needs_three_attempts_and_neither_too_little_nor_much_time)
{
	const struct conn_attempt *at;
	struct fake_silent silent;
	struct dial d;
	size_t n, i;
	int before;

	fake_silent_start(&silent);
	before = fake_count_fds();
	dial_open(&d, "127.0.0.1", silent.port, true);
	ck_assert(fake_loop(d.base, &d.done, 6000));
	ck_assert_int_eq(d.result, CONN_SILENT);
	at = conn_attempts(d.conn, &n);
	ck_assert_uint_eq(n, 3);
	for (i = 0; i < n; i++) {
		ck_assert_int_eq(at[i].result, CONN_SILENT);
		ck_assert_uint_ne(at[i].source_port, 0);
		ck_assert_int_ne(at[i].end_us, 0);
	}
	ck_assert_uint_ne(at[0].source_port, at[1].source_port);
	ck_assert_uint_ne(at[1].source_port, at[2].source_port);
	ck_assert_int_ge(at[1].start_us - at[0].start_us, 1095000);
	ck_assert_int_ge(at[2].start_us - at[1].start_us, 1095000);
	/* The last attempt must have had time for a path of 600 ms, and the
	 * whole must be over within 4 s. */
	ck_assert_int_ge(at[2].end_us - at[2].start_us, 600000);
	ck_assert_int_ge(ms_taken(&d), 2800);
	ck_assert_int_le(ms_taken(&d), 4000);
	ck_assert_int_eq(d.nslow, 1);
	dial_close(&d);
	ck_assert_int_eq(fake_count_fds(), before);
	fake_silent_stop(&silent);
}
END_TEST

START_TEST(it_can_be_cancelled_at_any_moment)
{
	static const int after_ms[] = {0, 1, 30, 260, 1120};
	struct fake_silent silent;
	struct dial d;
	bool never = false;
	size_t i;
	int before, k;

	fake_silent_start(&silent);
	before = fake_count_fds();
	for (i = 0; i < sizeof after_ms / sizeof *after_ms; i++) {
		for (k = 0; k < 2; k++) {
			dial_open(&d, "127.0.0.1", silent.port, k == 0);
			if (after_ms[i] > 0)
				fake_loop(d.base, &never, after_ms[i]);
			conn_close(d.conn);
			d.conn = NULL;
			fake_loop(d.base, &never, 5);
			ck_assert_int_eq(d.ndone, 0);
			dial_close(&d);
			ck_assert_int_eq(fake_count_fds(), before);
		}
	}
	fake_silent_stop(&silent);
}
END_TEST

START_TEST(no_way_there_is_a_local_error)
{
	struct dial d;

	if (!fake_private_network(NULL))
		return;
	/* Nothing but loopback here: no route, and no packet. */
	dial_open(&d, "192.0.2.1", 443, true);
	ck_assert(fake_loop(d.base, &d.done, 2000));
	ck_assert_int_eq(d.result, CONN_LOCAL_ERROR);
	ck_assert_int_eq(conn_decider(d.conn)->error, ENETUNREACH);
	dial_close(&d);
}
END_TEST

START_TEST(an_interface_that_is_not_there_is_a_local_error)
{
	struct dial d;
	struct conn_setup setup = {.done = on_done, .arg = &d};

	memset(&d, 0, sizeof d);
	d.base = event_base_new();
	addr_parse(&setup.to, "127.0.0.1", 9);
	setup.base = d.base;
	setup.interface = "none0";
	d.conn = conn_open(&setup);
	ck_assert(fake_loop(d.base, &d.done, 2000));
	ck_assert_int_eq(d.ndone, 1);
	ck_assert_int_eq(d.result, CONN_LOCAL_ERROR);
	ck_assert_int_ne(conn_decider(d.conn)->error, 0);
	d.fd = -1;
	dial_close(&d);
}
END_TEST

START_TEST(many_connections_each_end_once)
{
	static struct dial d[40];
	struct event_base *base = event_base_new();
	struct pace *pace = pace_new(base, 500, 0);
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", say_hello, NULL);
	uint16_t closed = fake_closed_port();
	bool never = false;
	size_t i;
	int before = fake_count_fds();

	for (i = 0; i < 40; i++) {
		struct conn_setup setup = {.base = base,
		    .pace = pace,
		    .done = on_done,
		    .arg = &d[i]};

		addr_parse(&setup.to, "127.0.0.1",
		    i % 2 ? closed : fake_tcp_port(s));
		d[i].conn = conn_open(&setup);
	}
	fake_loop(base, &never, 1500);
	for (i = 0; i < 40; i++) {
		ck_assert_int_eq(d[i].ndone, 1);
		ck_assert_int_eq(d[i].result,
		    i % 2 ? CONN_RESET : CONN_ACCEPTED);
		conn_close(d[i].conn);
		if (d[i].fd >= 0)
			close(d[i].fd);
	}
	ck_assert_int_eq(fake_count_fds(), before);
	pace_free(pace);
	event_base_free(base);
	fake_tcp_stop(s);
}
END_TEST

static void
hold(int fd, void *arg)
{
	char data[16];

	(void)arg;
	if (read(fd, data, sizeof data) < 0)
		return;
}

/* Whose socket it is at the other end: the kernel lists this machine's. */
START_TEST(a_program_of_this_machine_is_known_by_its_own_socket)
{
	static const char *const at[] = {"127.0.0.1", "::1"};
	struct addr to;
	size_t i;
	int fd;

	for (i = 0; i < 2; i++) {
		struct fake_tcp *s = fake_tcp_start(at[i], hold, NULL);

		ck_assert(addr_parse(&to, at[i], fake_tcp_port(s)));
		fd = socket(to.sa.sa_family, SOCK_STREAM, 0);
		/* Nobody is at the other end yet. */
		ck_assert(!own_peer(fd));
		ck_assert_int_eq(connect(fd, &to.sa, to.len), 0);
		ck_assert(own_peer(fd));
		close(fd);
		fake_tcp_stop(s);
	}
	ck_assert(!own_peer(-1));
}
END_TEST

HARNESS("net conn", a_program_of_this_machine_is_known_by_its_own_socket,
    an_open_port_is_accepted_and_the_descriptor_handed_over,
    a_refusal_is_tried_again_before_it_is_believed,
    a_server_that_is_back_for_the_second_attempt_is_open,
    silence_needs_three_attempts_and_neither_too_little_nor_much_time,
    it_can_be_cancelled_at_any_moment, no_way_there_is_a_local_error,
    an_interface_that_is_not_there_is_a_local_error,
    many_connections_each_end_once)
