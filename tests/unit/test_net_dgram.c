/* SPDX-License-Identifier: MIT */
/* Promises of one question by UDP: it is repeated, only an accepted answer
 * from where it went ends it, and it can be dropped at any moment. */
#include "tests/unit/harness.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/net/dgram.h"
#include "tests/unit/fake_net.h"

struct asker {
	struct event_base *base;
	struct dgram *d;
	struct dgram_setup setup;
	struct icmp_error icmp;
	enum dgram_result result;
	int ncomposed, naccepts, ndone, nslow;
	size_t longest;
	bool done;
	bool closes_in_compose, closes_in_accept, closes_in_slow;
};

static void
shut(struct asker *a)
{
	dgram_close(a->d);
	a->d = NULL;
	a->done = true;
}

static size_t
compose(void *arg, int try, uint8_t *out, size_t size)
{
	struct asker *a = arg;

	ck_assert_int_eq(try, a->ncomposed);
	ck_assert_uint_ge(size, 1024);
	memcpy(out, "ask?", 4);
	out[4] = (uint8_t)('0' + a->ncomposed++);
	if (a->closes_in_compose)
		shut(a);
	return 5;
}

static bool
accept_good(void *arg, const uint8_t *data, size_t len)
{
	struct asker *a = arg;

	a->naccepts++;
	if (len > a->longest)
		a->longest = len;
	if (a->closes_in_accept)
		shut(a);
	return len >= 4 && memcmp(data, "good", 4) == 0;
}

static void
on_done(void *arg, enum dgram_result result, const struct icmp_error *icmp)
{
	struct asker *a = arg;

	a->result = result;
	a->icmp = *icmp;
	a->ndone++;
	a->done = true;
}

static void
on_slow(void *arg)
{
	struct asker *a = arg;

	a->nslow++;
	if (a->closes_in_slow)
		shut(a);
}

static void
begin(struct asker *a, const char *address, uint16_t port)
{
	a->base = event_base_new();
	a->setup.base = a->base;
	a->setup.compose = compose;
	a->setup.accept = accept_good;
	a->setup.done = on_done;
	a->setup.slow = on_slow;
	a->setup.arg = a;
	if (a->setup.wait_ms[0] == 0) {
		a->setup.wait_ms[0] = 100;
		a->setup.wait_ms[1] = 200;
	}
	ck_assert(addr_parse(&a->setup.to, address, port));
	a->d = dgram_open(&a->setup);
	ck_assert_int_eq(a->ndone, 0);
}

static void
end(struct asker *a)
{
	dgram_close(a->d);
	event_base_free(a->base);
}

struct script {
	int silent_first, seen;
	int wrong_before; /* datagrams that are not the answer */
	size_t wrong_len;
	bool from_other; /* of another socket than the one asked */
	bool endless;
};

static void
answer(int fd, const uint8_t *q, size_t len, const struct addr *from, void *arg)
{
	static const uint8_t junk[65507];
	struct script *s = arg;
	int i, other;

	(void)q;
	(void)len;
	if (s->seen++ < s->silent_first)
		return;
	for (i = 0; i < s->wrong_before; i++)
		sendto(fd, junk, s->wrong_len, 0, &from->sa, from->len);
	if (s->from_other) {
		other = socket(AF_INET, SOCK_DGRAM, 0);
		sendto(other, "good", 4, 0, &from->sa, from->len);
		close(other);
		return;
	}
	for (i = 0; s->endless && i < 2000; i++)
		sendto(fd, "bad", 3, 0, &from->sa, from->len);
	if (!s->endless)
		sendto(fd, "good", 4, 0, &from->sa, from->len);
}

static void
run(struct asker *a, struct script *s)
{
	struct fake_udp *server = fake_udp_start("127.0.0.1", 0, answer, s);

	begin(a, "127.0.0.1", fake_udp_port(server));
	ck_assert(fake_loop(a->base, &a->done, 10000));
	fake_udp_stop(server);
}

START_TEST(an_answer_ends_it)
{
	struct asker a = {0};
	struct script s = {0};
	const struct dgram_try *t;
	struct addr me;
	size_t n;

	run(&a, &s);
	ck_assert_int_eq(a.result, DGRAM_ACCEPTED);
	ck_assert_int_eq(a.ndone, 1);
	ck_assert_int_eq(a.nslow, 0);
	t = dgram_tries(a.d, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(t[0].sent, 5);
	ck_assert_uint_eq(t[0].received, 4);
	ck_assert_int_ge(t[0].end_us, t[0].start_us);
	ck_assert_uint_ne(dgram_source_port(a.d), 0);
	ck_assert(dgram_source(a.d, &me));
	ck_assert_uint_eq(addr_port(&me), dgram_source_port(a.d));
	end(&a);
}
END_TEST

START_TEST(a_lost_question_is_repeated)
{
	struct asker a = {0};
	struct script s = {.silent_first = 2};
	const struct dgram_try *t;
	size_t n;

	run(&a, &s);
	ck_assert_int_eq(a.result, DGRAM_ACCEPTED);
	ck_assert_int_eq(a.ncomposed, 3);
	ck_assert_int_eq(a.nslow, 1);
	t = dgram_tries(a.d, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert_int_ge(t[1].start_us - t[0].start_us, 90000);
	ck_assert_int_ge(t[2].start_us - t[1].start_us, 190000);
	end(&a);
}
END_TEST

START_TEST(silence_is_told_after_the_last_wait)
{
	struct asker a = {0};
	struct script s = {.silent_first = 99};
	int64_t from = clock_mono_us();
	size_t n;

	run(&a, &s);
	ck_assert_int_eq(a.result, DGRAM_SILENT);
	ck_assert_int_eq(s.seen, 3);
	dgram_tries(a.d, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert_int_ge(clock_mono_us() - from, 490000); /* 100+200+200 */
	ck_assert_int_eq(a.ndone, 1);
	end(&a);
}
END_TEST

START_TEST(what_is_not_the_answer_is_counted_and_waited_past)
{
	struct asker a = {0};
	struct script s = {.wrong_before = 3, .wrong_len = 65507};

	run(&a, &s);
	ck_assert_int_eq(a.result, DGRAM_ACCEPTED);
	ck_assert_uint_eq(dgram_strange(a.d), 3);
	ck_assert_uint_eq(a.longest, 65507);
	end(&a);
}
END_TEST

START_TEST(an_empty_datagram_is_not_the_end)
{
	struct asker a = {0};
	struct script s = {.wrong_before = 1};

	run(&a, &s);
	ck_assert_int_eq(a.result, DGRAM_ACCEPTED);
	ck_assert_uint_eq(dgram_strange(a.d), 1);
	end(&a);
}
END_TEST

START_TEST(another_sender_is_never_heard)
{
	struct asker a = {0};
	struct script s = {.from_other = true};

	run(&a, &s);
	ck_assert_int_eq(a.result, DGRAM_SILENT);
	ck_assert_int_eq(a.naccepts, 0);
	end(&a);
}
END_TEST

/* However much comes, the time is up when it is up. */
START_TEST(a_flood_does_not_keep_it_open)
{
	struct asker a = {0};
	struct script s = {.endless = true};

	run(&a, &s);
	ck_assert_int_eq(a.result, DGRAM_SILENT);
	ck_assert_uint_gt(dgram_strange(a.d), 0);
	end(&a);
}
END_TEST

START_TEST(a_closed_port_is_believed_the_second_time)
{
	struct asker a = {0};
	const struct dgram_try *t;
	char text[ADDR_TEXT_SIZE];
	size_t n;

	begin(&a, "127.0.0.1", fake_closed_port());
	ck_assert(fake_loop(a.base, &a.done, 5000));
	ck_assert_int_eq(a.result, DGRAM_ICMP);
	ck_assert_int_eq(a.icmp.type, 3);
	ck_assert_int_eq(a.icmp.code, 3);
	ck_assert_str_eq(addr_text(&a.icmp.offender, text), "127.0.0.1");
	t = dgram_tries(a.d, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert(t[0].failed && t[1].failed);
	end(&a);
}
END_TEST

START_TEST(no_way_there_is_the_laptops_own_error)
{
	struct asker a = {0};

	if (!fake_private_network(NULL))
		return;
	begin(&a, "192.0.2.1", 3478);
	ck_assert(fake_loop(a.base, &a.done, 5000));
	ck_assert_int_eq(a.result, DGRAM_LOCAL);
	ck_assert(a.icmp.local);
	ck_assert_int_ne(a.icmp.error, 0);
	end(&a);
}
END_TEST

START_TEST(two_share_one_source_port)
{
	struct script s1 = {.silent_first = 1}, s2 = {0};
	struct fake_udp *one = fake_udp_start("127.0.0.1", 0, answer, &s1);
	struct fake_udp *two = fake_udp_start("127.0.0.1", 0, answer, &s2);
	struct asker a = {0}, b = {0};

	a.setup.share_port = b.setup.share_port = true;
	begin(&a, "127.0.0.1", fake_udp_port(one));
	ck_assert(fake_loop(a.base, (bool[]){false}, 40) == false);
	b.setup.source_port = dgram_source_port(a.d);
	begin(&b, "127.0.0.1", fake_udp_port(two));
	ck_assert(fake_loop(b.base, &b.done, 5000));
	ck_assert(fake_loop(a.base, &a.done, 5000));
	ck_assert_int_eq(a.result, DGRAM_ACCEPTED);
	ck_assert_int_eq(b.result, DGRAM_ACCEPTED);
	ck_assert_uint_eq(dgram_source_port(a.d), dgram_source_port(b.d));
	/* Each heard its own server only. */
	ck_assert_int_eq(a.naccepts, 1);
	ck_assert_int_eq(b.naccepts, 1);
	end(&a);
	end(&b);
	fake_udp_stop(one);
	fake_udp_stop(two);
}
END_TEST

START_TEST(it_can_be_dropped_at_any_moment)
{
	struct asker a[5] = {{.closes_in_compose = true},
	    {.closes_in_accept = true}, {.closes_in_slow = true}, {0}, {0}};
	struct script s = {.silent_first = 1};
	struct fake_udp *server = fake_udp_start("127.0.0.1", 0, answer, &s);
	struct event_base *base;
	struct pace *pace;
	int before = fake_count_fds();
	size_t i;

	for (i = 0; i < 3; i++) {
		s.seen = i == 1 ? 1 : 0;
		begin(&a[i], "127.0.0.1", fake_udp_port(server));
		ck_assert(fake_loop(a[i].base, &a[i].done, 5000));
		ck_assert_int_eq(a[i].ndone, 0);
		end(&a[i]);
	}
	/* Before the loop ran at all, and while it waits for its turn. */
	begin(&a[3], "127.0.0.1", fake_udp_port(server));
	end(&a[3]);
	base = event_base_new();
	pace = pace_new(base, 1, 0);
	a[4].setup.pace = pace;
	begin(&a[4], "127.0.0.1", fake_udp_port(server));
	end(&a[4]);
	pace_free(pace);
	event_base_free(base);
	ck_assert_int_eq(fake_count_fds(), before);
	fake_udp_stop(server);
}
END_TEST

HARNESS("net dgram", an_answer_ends_it, a_lost_question_is_repeated,
    silence_is_told_after_the_last_wait,
    what_is_not_the_answer_is_counted_and_waited_past,
    an_empty_datagram_is_not_the_end, another_sender_is_never_heard,
    a_flood_does_not_keep_it_open, a_closed_port_is_believed_the_second_time,
    no_way_there_is_the_laptops_own_error, two_share_one_source_port,
    it_can_be_dropped_at_any_moment)
