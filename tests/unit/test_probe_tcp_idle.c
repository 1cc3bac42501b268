/* SPDX-License-Identifier: MIT */
/* Promises of the test of idle connections: only an answer after the silence
 * counts, silence only when a fresh connection is answered, and what the
 * server closes by itself is not held against the network. */
#include "tests/unit/harness.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/fake_probe.h"

#define MANY 64

/* RFC 8446 section 6: an alert, fatal, handshake_failure. */
static const uint8_t alert[] = {0x15, 3, 3, 0, 2, 2, 40};

/* A server for several connections at once, and a box on the way to it. */
struct world {
	int forgets_ms;   /* idle for that long, what comes then is lost */
	int late_ms;      /* idle for a second, what it says comes so late */
	bool resets;      /* ... or answered by a reset */
	int closes_ms;    /* idle for that long, it hangs up */
	bool closes_hard; /* ... by a reset */
	int loses;        /* the hello with this number is lost */
	bool dies;        /* after the first that is lost nobody answers */
	const char *says; /* instead of TLS */
	bool speaks_first;
	int fd, wake[2];
	bool dead;
	uint16_t port;
	pthread_t thread;
	int nhellos, nnamed;
};

struct visitor {
	int fd;
	int64_t since_us, due_us;
};

static void
drop(struct visitor *v, bool hard)
{
	if (hard)
		fake_reset_on_close(v->fd);
	close(v->fd);
	v->fd = -1;
}

static void
hear(struct world *w, struct visitor *v)
{
	int idle_ms = (int)((clock_mono_us() - v->since_us) / 1000);
	uint8_t m[4096];
	ssize_t n = recv(v->fd, m, sizeof m, 0);

	if (n <= 0) {
		drop(v, false);
		return;
	}
	/* A record with a ClientHello (RFC 8446 sections 4 and 5.1). */
	w->nhellos += n > 5 && m[0] == 0x16 && m[1] == 3 && m[5] == 1;
	w->nnamed += memmem(m, (size_t)n, "idle.example", 12) != NULL;
	if (w->nhellos == w->loses)
		return;
	if (w->dead || (w->forgets_ms > 0 && idle_ms >= w->forgets_ms)) {
		w->dead = w->dies;
		if (w->resets)
			drop(v, true);
		return;
	}
	if (w->late_ms > 0 && idle_ms >= 1000) {
		v->due_us = clock_mono_us() + w->late_ms * 1000;
		return;
	}
	if (w->says != NULL)
		n = send(v->fd, w->says, strlen(w->says), MSG_NOSIGNAL);
	else
		n = send(v->fd, alert, sizeof alert, MSG_NOSIGNAL);
	if (n < 0)
		drop(v, false);
}

static void *
world_thread(void *arg)
{
	struct world *w = arg;
	struct visitor v[MANY];
	struct pollfd p[MANY + 2];
	int n = 0, i;

	for (;;) {
		p[0] = (struct pollfd){w->fd, POLLIN, 0};
		p[1] = (struct pollfd){w->wake[0], POLLIN, 0};
		for (i = 0; i < n; i++)
			p[i + 2] = (struct pollfd){v[i].fd, POLLIN, 0};
		poll(p, (nfds_t)n + 2, 5);
		if (p[1].revents != 0)
			break;
		for (i = 0; i < n; i++) {
			if (v[i].fd >= 0 && p[i + 2].revents != 0)
				hear(w, &v[i]);
			if (v[i].fd >= 0 && v[i].due_us != 0 &&
			    clock_mono_us() > v[i].due_us) {
				send(v[i].fd, alert, sizeof alert,
				    MSG_NOSIGNAL);
				v[i].due_us = 0;
			}
			if (v[i].fd >= 0 && w->closes_ms > 0 &&
			    clock_mono_us() - v[i].since_us >
				w->closes_ms * 1000)
				drop(&v[i], w->closes_hard);
		}
		if (p[0].revents == 0 || n == MANY)
			continue;
		v[n].fd = accept(w->fd, NULL, NULL);
		v[n].since_us = clock_mono_us();
		v[n].due_us = 0;
		if (w->speaks_first)
			send(v[n].fd, "220 hi\r\n", 8, MSG_NOSIGNAL);
		n++;
	}
	for (i = 0; i < n; i++) {
		if (v[i].fd >= 0)
			close(v[i].fd);
	}
	return NULL;
}

static void
world_start(struct world *w)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t len = sizeof at;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	w->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(w->fd, (struct sockaddr *)&at, len), 0);
	ck_assert_int_eq(listen(w->fd, MANY), 0);
	ck_assert_int_eq(getsockname(w->fd, (struct sockaddr *)&at, &len), 0);
	w->port = ntohs(at.sin_port);
	ck_assert_int_eq(pipe(w->wake), 0);
	ck_assert_int_eq(pthread_create(&w->thread, NULL, world_thread, w), 0);
}

static void
world_stop(struct world *w)
{
	ck_assert_int_eq(write(w->wake[1], "", 1), 1);
	pthread_join(w->thread, NULL);
	close(w->fd);
	close(w->wake[0]);
	close(w->wake[1]);
}

static void
begin(struct fake_probe *p, struct world *w, const char *want)
{
	signal(SIGPIPE, SIG_IGN);
	world_start(w);
	fake_probe_init(p, "tcp_idle", PROTO_TCP, "idle.example", "127.0.0.1",
	    w->port);
	p->spec.want = (char *)(uintptr_t)want;
}

static void
end(struct fake_probe *p, struct world *w)
{
	fake_probe_free(p);
	world_stop(w);
}

#define ck_result(p, want_rung, want_failure) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, (int)(p)->obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(p)->obs->failure), \
		    word_name(&words_cause, want_failure)); \
	} while (0)

START_TEST(an_answer_after_the_wanted_time_passes)
{
	struct world w = {0};
	struct fake_probe p;

	begin(&p, &w, "1");
	ck_assert(fake_probe_run(&p, 20000));
	ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&p, "wanted_ms"), 1000);
	ck_assert_int_ge(fake_detail_int(&p, "survived_ms"), 1000);
	ck_assert_int_eq(fake_detail_int(&p, "lost_ms"), INT64_MIN);
	ck_assert_int_ge(p.obs->duration_us, 1000000);
	/* Each was silent for a time of its own, then said what TLS says,
	 * with the server's name. */
	ck_assert_uint_eq(p.obs->nattempts, 6);
	end(&p, &w);
	ck_assert_int_eq(w.nhellos, 6);
	ck_assert_int_eq(w.nnamed, 6);
}
END_TEST

static void
forgotten(bool resets)
{
	struct world w = {.forgets_ms = 1500, .resets = resets};
	struct fake_probe p;

	begin(&p, &w, "4");
	ck_assert(fake_probe_run(&p, 30000));
	ck_result(&p, RUNG_APP_REPLY, CAUSE_NAT_IDLE_SHORT);
	ck_assert_int_ge(fake_detail_int(&p, "lost_ms"), 1500);
	ck_assert_int_le(fake_detail_int(&p, "survived_ms"), 1500);
	ck_assert_int_gt(fake_detail_int(&p, "survived_ms"), 0);
	ck_assert(fake_detail_is(&p, "fresh"));
	end(&p, &w);
}

START_TEST(silence_after_a_while_is_a_short_memory)
{
	forgotten(false);
}
END_TEST

START_TEST(so_is_a_reset_after_a_while)
{
	forgotten(true);
}
END_TEST

/* By satellite, and a packet is lost: RFC 6298 sends it again after 1.8 and
 * 5.4 s where a way takes 600 ms (sections 2.2 and 5.5). */
START_TEST(a_late_answer_is_an_answer)
{
	struct world w = {.late_ms = 7000};
	struct fake_probe p;

	begin(&p, &w, "2");
	ck_assert(fake_probe_run(&p, 30000));
	ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_ge(fake_detail_int(&p, "survived_ms"), 2000);
	end(&p, &w);
}
END_TEST

/* Nobody answers any more: that has nothing to do with idle times. */
START_TEST(silence_proves_nothing_when_a_fresh_one_is_silent_too)
{
	struct world w = {.forgets_ms = 1000, .dies = true};
	struct fake_probe p;

	begin(&p, &w, "3");
	ck_assert(fake_probe_run(&p, 30000));
	ck_result(&p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert(!fake_detail_is(&p, "fresh"));
	end(&p, &w);
}
END_TEST

static void
closed(bool hard, const char *by)
{
	struct world w = {.closes_ms = 1000, .closes_hard = hard};
	struct fake_probe p;

	begin(&p, &w, "3");
	ck_assert(fake_probe_run(&p, 30000));
	ck_result(&p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert_int_ge(fake_detail_int(&p, "closed_ms"), 900);
	ck_assert_str_eq(fake_detail(&p, "closed_by"), by);
	ck_assert_int_gt(fake_detail_int(&p, "survived_ms"), 0);
	ck_assert_int_lt(fake_detail_int(&p, "survived_ms"), 3000);
	end(&p, &w);
}

START_TEST(what_the_server_closes_is_not_forgotten)
{
	closed(false, "close");
	closed(true, "reset");
}
END_TEST

START_TEST(another_protocol_proves_nothing)
{
	struct world web = {.says = "HTTP/1.1 400 Bad Request\r\n\r\n"};
	struct world mail = {.speaks_first = true};
	struct fake_probe p;

	begin(&p, &web, "1");
	ck_assert(fake_probe_run(&p, 20000));
	ck_result(&p, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
	end(&p, &web);
	begin(&p, &mail, "1");
	ck_assert(fake_probe_run(&p, 20000));
	ck_result(&p, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
	end(&p, &mail);
}
END_TEST

START_TEST(no_connection_is_told_as_one)
{
	struct fake_silent silent;
	struct fake_probe p;

	fake_probe_init(&p, "tcp_idle", PROTO_TCP, NULL, "127.0.0.1",
	    fake_closed_port());
	ck_assert(fake_probe_run(&p, 9000));
	ck_result(&p, RUNG_REJECTED, CAUSE_TCP_RESET);
	fake_probe_free(&p);
	fake_silent_start(&silent);
	fake_probe_init(&p, "tcp_idle", PROTO_TCP, NULL, "127.0.0.1",
	    silent.port);
	ck_assert(fake_probe_run(&p, 12000));
	ck_result(&p, RUNG_SILENCE, CAUSE_TCP_TIMEOUT);
	fake_probe_free(&p);
	fake_silent_stop(&silent);
}
END_TEST

static void
conclude_after(struct fake_probe *p, int ms)
{
	int64_t at;

	fake_probe_start(p);
	fake_loop(p->env.base, &p->done, ms);
	ck_assert(!p->done);
	at = clock_mono_us();
	probe_conclude(p->probe);
	ck_assert(fake_loop(p->env.base, &p->done, 9000));
	/* The runner gives it three seconds. */
	ck_assert_int_lt(clock_mono_us() - at, 3000000);
	ck_assert_int_eq(p->ndone, 1);
}

START_TEST(when_nobody_waits_it_tells_what_is_known)
{
	struct world w = {0};
	struct fake_probe p;

	begin(&p, &w, NULL);
	conclude_after(&p, 700);
	ck_result(&p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&p, "wanted_ms"), 540000);
	ck_assert_int_ge(fake_detail_int(&p, "survived_ms"), 400);
	ck_assert_int_lt(fake_detail_int(&p, "survived_ms"), 9000);
	end(&p, &w);
}
END_TEST

START_TEST(when_nobody_waits_a_loss_is_still_held_against_a_fresh_one)
{
	struct world w = {.forgets_ms = 500};
	struct fake_probe p;

	begin(&p, &w, "9");
	conclude_after(&p, 2300);
	ck_result(&p, RUNG_APP_REPLY, CAUSE_NAT_IDLE_SHORT);
	ck_assert_int_ge(fake_detail_int(&p, "lost_ms"), 500);
	ck_assert_int_gt(fake_detail_int(&p, "survived_ms"), 0);
	end(&p, &w);
}
END_TEST

/* On a line that loses packets an answer may take as long. */
START_TEST(when_nobody_waits_the_silence_of_one_is_no_loss)
{
	struct world w = {.loses = 2};
	struct fake_probe p;

	/* They are idle for 0.6 s, for 3.3 s and for more. */
	begin(&p, &w, "30");
	conclude_after(&p, 5600);
	ck_result(&p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert_int_ge(fake_detail_int(&p, "survived_ms"), 5000);
	end(&p, &w);
}
END_TEST

START_TEST(concluded_before_it_was_connected_it_knows_nothing)
{
	struct fake_silent silent;
	struct fake_probe p;

	fake_silent_start(&silent);
	fake_probe_init(&p, "tcp_idle", PROTO_TCP, NULL, "127.0.0.1",
	    silent.port);
	conclude_after(&p, 100);
	ck_assert_int_eq(p.obs->rung, RUNG_NONE);
	fake_probe_free(&p);
	fake_silent_stop(&silent);
}
END_TEST

START_TEST(it_can_be_stopped_at_every_stage)
{
	static const int ms[] = {0, 30, 400, 1500, 2100};
	int fds = fake_count_fds();
	size_t i;

	for (i = 0; i < sizeof ms / sizeof *ms; i++) {
		struct world w = {.forgets_ms = 1000};
		struct fake_probe p;

		begin(&p, &w, "3");
		fake_probe_start(&p);
		fake_loop(p.env.base, &p.done, ms[i]);
		ck_assert(!p.done);
		probe_cancel(p.probe);
		ck_assert(fake_loop(p.env.base, &p.done, 2000));
		ck_assert_int_eq(p.obs->failure, CAUSE_CANCELLED);
		end(&p, &w);
	}
	ck_assert_int_eq(fake_count_fds(), fds);
}
END_TEST

START_TEST(a_senseless_wish_is_the_default)
{
	static const char *const rows[] = {"0", "601", "-1", "soon", ""};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w = {0};
		struct fake_probe p;

		begin(&p, &w, rows[i]);
		conclude_after(&p, 100);
		ck_assert_int_eq(fake_detail_int(&p, "wanted_ms"), 540000);
		end(&p, &w);
	}
}
END_TEST

HARNESS("probe tcp_idle", an_answer_after_the_wanted_time_passes,
    silence_after_a_while_is_a_short_memory, so_is_a_reset_after_a_while,
    a_late_answer_is_an_answer,
    silence_proves_nothing_when_a_fresh_one_is_silent_too,
    what_the_server_closes_is_not_forgotten, another_protocol_proves_nothing,
    no_connection_is_told_as_one, when_nobody_waits_it_tells_what_is_known,
    when_nobody_waits_a_loss_is_still_held_against_a_fresh_one,
    when_nobody_waits_the_silence_of_one_is_no_loss,
    concluded_before_it_was_connected_it_knows_nothing,
    it_can_be_stopped_at_every_stage, a_senseless_wish_is_the_default)
