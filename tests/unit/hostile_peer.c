/* SPDX-License-Identifier: MIT */
/* Owns the table of peers that misbehave, and what a probe makes of each. */
#include "tests/unit/hostile_peer.h"

#include <check.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/mem.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/fake_probe.h"

#define SLACK_US 5000000 /* a busy machine */
#define BIG 65507
#define ANSWER_MAX 2048
#define NPEERS 16

enum how {
	NOBODY,
	SILENT,
	GARBAGE,
	HUGE_GARBAGE,
	EMPTY,
	ECHO,
	CUT_BY_ONE,
	CUT_IN_HALF,
	ANOTHER_QUESTION,
	OTHER_SENDER,
	FLOOD,
	DOUBLED,
	LATE,
	DRIP,
	MEGABYTES,
	CLOSE_AT_ONCE,
	RESET_AT_ONCE,
	CLOSE_IN_MIDDLE,
	RESET_IN_MIDDLE,
	IN_PIECES,
	RIGHT,
};

struct peer {
	const char *what;
	enum how how;
	bool passes;
};

static const struct peer udp_peers[] = {
    {"nobody there", NOBODY, false},
    {"silence", SILENT, false},
    {"garbage", GARBAGE, false},
    {"64 KB of garbage", HUGE_GARBAGE, false},
    {"an empty datagram", EMPTY, false},
    {"the question itself", ECHO, false},
    {"the answer without its last byte", CUT_BY_ONE, false},
    {"half of the answer", CUT_IN_HALF, false},
    {"the answer to another question", ANOTHER_QUESTION, false},
    {"the answer of another sender", OTHER_SENDER, false},
    {"a flood", FLOOD, false},
    {"each answer three times", DOUBLED, true},
    {"an answer that comes after the next question", LATE, true},
    {"the right server", RIGHT, true},
};

static const struct peer tcp_peers[] = {
    {"nobody there", NOBODY, false},
    {"accepted, then silence", SILENT, false},
    {"garbage", GARBAGE, false},
    {"a byte of garbage now and then", DRIP, false},
    {"megabytes", MEGABYTES, false},
    {"the question itself", ECHO, false},
    {"closed at once", CLOSE_AT_ONCE, false},
    {"reset at once", RESET_AT_ONCE, false},
    {"closed in the middle of the answer", CLOSE_IN_MIDDLE, false},
    {"reset in the middle of the answer", RESET_IN_MIDDLE, false},
    {"the answer to another question", ANOTHER_QUESTION, false},
    {"an answer in single bytes", IN_PIECES, true},
    {"the right server", RIGHT, true},
};

/* One probe at one peer. */
struct trial {
	const struct hostile *h;
	enum how how;
	struct fake_udp *udp;
	struct fake_tcp *tcp;
	struct probe_spec spec;
	struct probe *probe;
	int ndone, seen;
	uint8_t held[ANSWER_MAX]; /* the answer that is to be late */
	size_t held_len;
};

/* --- peers by UDP --- */

static void
send_from_other(const uint8_t *data, size_t len, const struct addr *to)
{
	int fd = socket(to->sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	sendto(fd, data, len, 0, &to->sa, to->len);
	close(fd);
}

static void
answer_udp(int fd, const uint8_t *q, size_t len, const struct addr *from,
    void *arg)
{
	static const uint8_t zeros[BIG];
	struct trial *t = arg;
	uint8_t out[ANSWER_MAX];
	size_t n = t->h->answer(q, len, from, t->how == ANOTHER_QUESTION, out,
	    sizeof out);
	const uint8_t *data = out;
	int i, times = 1;

	t->seen++;
	switch (t->how) {
	case NOBODY:
	case SILENT:
		return;
	case GARBAGE:
		random_bytes(out, n);
		break;
	case HUGE_GARBAGE:
	case EMPTY:
		data = zeros;
		n = t->how == EMPTY ? 0 : BIG;
		break;
	case ECHO:
		data = q;
		n = len;
		break;
	case CUT_BY_ONE:
		n--;
		break;
	case CUT_IN_HALF:
		n /= 2;
		break;
	case OTHER_SENDER:
		send_from_other(out, n, from);
		return;
	case FLOOD:
		data = zeros;
		n = 16;
		times = 3000;
		break;
	case DOUBLED:
		times = 3;
		break;
	case LATE:
		if (t->seen == 1) {
			memcpy(t->held, out, n);
			t->held_len = n;
			return;
		}
		if (t->seen == 2) {
			data = t->held;
			n = t->held_len;
		}
		break;
	default:
		break;
	}
	for (i = 0; i < times; i++)
		sendto(fd, data, n, MSG_DONTWAIT, &from->sa, from->len);
}

/* --- peers by TCP --- */

static bool
put(int fd, const void *data, size_t len)
{
	return send(fd, data, len, MSG_NOSIGNAL) == (ssize_t)len;
}

/* False when the other side has gone, or the time is up. */
static bool
is_there(int fd, int ms)
{
	struct pollfd p = {fd, POLLIN, 0};
	char c;

	return poll(&p, 1, ms) == 0 ||
	    recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

static void
serve_tcp(int fd, void *arg)
{
	static const uint8_t zeros[BIG];
	struct trial *t = arg;
	uint8_t q[ANSWER_MAX], out[ANSWER_MAX];
	struct sockaddr_storage ss;
	struct timeval tv = {3, 0};
	socklen_t slen = sizeof ss;
	struct addr from;
	size_t n, i;
	ssize_t len;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
	if (t->how == RESET_AT_ONCE)
		fake_reset_on_close(fd);
	if (t->how == CLOSE_AT_ONCE || t->how == RESET_AT_ONCE)
		return;
	len = recv(fd, q, sizeof q, 0);
	if (len <= 0 || getpeername(fd, (struct sockaddr *)&ss, &slen) != 0 ||
	    !addr_from_sockaddr(&from, (struct sockaddr *)&ss, slen))
		return;
	n = t->h->answer(q, (size_t)len, &from, t->how == ANOTHER_QUESTION, out,
	    sizeof out);
	switch (t->how) {
	case GARBAGE:
		random_bytes(out, n);
		put(fd, out, n);
		break;
	case DRIP:
		for (i = 0; i < 100 && put(fd, "x", 1) && is_there(fd, 250);)
			i++;
		return;
	case MEGABYTES:
		for (i = 0; i < 100 && put(fd, zeros, sizeof zeros);)
			i++;
		return;
	case ECHO:
		put(fd, q, (size_t)len);
		break;
	case RESET_IN_MIDDLE:
	case CLOSE_IN_MIDDLE:
		put(fd, out, n / 2);
		if (t->how == RESET_IN_MIDDLE)
			fake_reset_on_close(fd);
		usleep(50000);
		return;
	case IN_PIECES:
		for (i = 0; i < n && put(fd, out + i, 1); i++)
			usleep(300);
		break;
	case ANOTHER_QUESTION:
	case RIGHT:
		put(fd, out, n);
		break;
	default:
		break;
	}
	for (i = 0; i < 100 && is_there(fd, 200);)
		i++;
}

/* --- trials --- */

static void
on_done(struct probe *p, void *arg)
{
	struct trial *t = arg;

	(void)p;
	t->ndone++;
}

static void
trial_start(struct trial *t, const struct hostile *h, enum protocol protocol,
    enum how how, const struct probe_env *env)
{
	struct addr to;

	memset(t, 0, sizeof *t);
	t->h = h;
	t->how = how;
	t->spec.key = (char *)(uintptr_t) "the key";
	t->spec.type = (char *)(uintptr_t)h->type;
	t->spec.address = (char *)(uintptr_t) "127.0.0.1";
	t->spec.protocol = protocol;
	if (how == NOBODY) {
		t->spec.port = fake_closed_port();
	} else if (protocol == PROTO_UDP) {
		t->udp = fake_udp_start("127.0.0.1", 0, answer_udp, t);
		t->spec.port = fake_udp_port(t->udp);
	} else {
		t->tcp = fake_tcp_start("127.0.0.1", serve_tcp, t);
		t->spec.port = fake_tcp_port(t->tcp);
	}
	ck_assert(addr_parse(&to, "127.0.0.1", t->spec.port));
	t->probe = probe_new(probe_type_find(h->type), env, &t->spec, &to,
	    on_done, NULL, t);
	probe_start(t->probe);
	ck_assert_int_eq(t->ndone, 0);
}

static void
trial_end(struct trial *t)
{
	probe_free(t->probe);
	if (t->udp != NULL)
		fake_udp_stop(t->udp);
	if (t->tcp != NULL)
		fake_tcp_stop(t->tcp);
}

static void
trial_judge(const struct trial *t, const struct peer *peer)
{
	const struct observation *o = &t->probe->obs;
	const json_t *samples = json_object_get(o->detail, "samples");
	bool passed = o->rung == RUNG_APP_REPLY && o->failure == CAUSE_NONE;

	ck_assert_msg(t->ndone == 1, "%s: it ended %d times", peer->what,
	    t->ndone);
	ck_assert_msg(passed == peer->passes, "%s: %s, %s", peer->what,
	    word_name(&words_rung, (int)o->rung),
	    word_name(&words_cause, (int)o->failure));
	ck_assert_msg(peer->passes || o->failure != CAUSE_NONE,
	    "%s: no failure is named", peer->what);
	ck_assert_msg(o->nattempts > 0, "%s: no attempt is kept", peer->what);
	ck_assert_msg(o->duration_us <=
		(int64_t)t->probe->type->longest_ms * 1000 + SLACK_US,
	    "%s: it took %d ms", peer->what, (int)(o->duration_us / 1000));
	/* What comes late may be too late, but what follows is not. */
	if (peer->passes && t->udp != NULL && peer->how != LATE)
		ck_assert_msg(json_integer_value(samples) == t->h->samples,
		    "%s: another number of answers", peer->what);
	if (t->udp != NULL && !peer->passes && peer->how != NOBODY)
		ck_assert_msg(o->rung == RUNG_SILENCE, "%s: %s", peer->what,
		    word_name(&words_rung, (int)o->rung));
	if (t->udp != NULL)
		ck_assert_msg(t->seen <= (int)t->probe->type->packets,
		    "%s: more packets than announced", peer->what);
}

struct stage {
	struct event_base *base;
	struct probe_env env;
	struct vantage vantage;
};

static void
stage_open(struct stage *s)
{
	memset(s, 0, sizeof *s);
	s->base = event_base_new();
	s->env.base = s->base;
	s->env.pace = pace_new(s->base, 500, 0);
	s->env.hops = hops_new(s->base, 4);
	s->env.vantage = &s->vantage;
}

static void
stage_close(struct stage *s)
{
	pace_free(s->env.pace);
	hops_free(s->env.hops);
	event_base_free(s->base);
}

static void
try_all(const struct hostile *h, enum protocol protocol,
    const struct peer *peers, size_t count)
{
	struct trial *trial = mem_array(NPEERS, sizeof *trial);
	struct stage s;
	size_t i, ended;
	bool never = false;
	int64_t until;

	stage_open(&s);
	for (i = 0; i < count; i++)
		trial_start(&trial[i], h, protocol, peers[i].how, &s.env);
	until = clock_mono_us() + SLACK_US +
	    (int64_t)trial[0].probe->type->longest_ms * 1000;
	do {
		fake_loop(s.base, &never, 50);
		for (i = ended = 0; i < count; i++)
			ended += trial[i].ndone > 0;
	} while (ended < count && clock_mono_us() < until);
	/* Whatever is still on its way must not end one twice. */
	fake_loop(s.base, &never, 100);
	for (i = 0; i < count; i++)
		trial_judge(&trial[i], &peers[i]);
	for (i = 0; i < count; i++)
		trial_end(&trial[i]);
	stage_close(&s);
	mem_free(trial);
}

/* Cancelled, and dropped without a word, after so many milliseconds. */
static void
try_stopping(const struct hostile *h, enum protocol protocol)
{
	static const int after_ms[] = {0, 1, 4, 20, 100, 1200};
	static const enum how how[] = {SILENT, RIGHT};
	int before = fake_count_fds();
	struct trial *t = mem_array(1, sizeof *t);
	struct stage s;
	bool never = false;
	size_t i, k;

	for (i = 0; i < sizeof after_ms / sizeof *after_ms; i++) {
		for (k = 0; k < 2 * sizeof how / sizeof *how; k++) {
			stage_open(&s);
			trial_start(t, h, protocol, how[k / 2], &s.env);
			if (after_ms[i] > 0)
				fake_loop(s.base, &never, after_ms[i]);
			if (k % 2 == 0) {
				probe_cancel(t->probe);
				fake_loop(s.base, &never, 20);
				ck_assert_int_eq(t->ndone, 1);
			}
			trial_end(t);
			stage_close(&s);
		}
	}
	mem_free(t);
	ck_assert_int_eq(fake_count_fds(), before);
}

void
hostile_udp(const struct hostile *h)
{
	try_all(h, PROTO_UDP, udp_peers, sizeof udp_peers / sizeof *udp_peers);
	try_stopping(h, PROTO_UDP);
}

void
hostile_tcp(const struct hostile *h)
{
	try_all(h, PROTO_TCP, tcp_peers, sizeof tcp_peers / sizeof *tcp_peers);
	try_stopping(h, PROTO_TCP);
}
