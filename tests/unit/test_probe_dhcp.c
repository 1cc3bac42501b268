/* SPDX-License-Identifier: MIT */
/* Promises of the DHCP probe (RFC 2131): only an OFFER to our own question
 * counts, nothing but DISCOVERs goes out, silence is a failure only where it
 * could be heard, and without the right the laptop's lease speaks. The fake
 * server stands at the other end of a wire and writes whole frames. */
#include "tests/unit/harness.h"

#include <arpa/inet.h>
#include <linux/capability.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tests/unit/fake_link.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/fake_probe.h"

#define FRAME_MAX 1514
#define ETHERNET 14
#define BOOTP (ETHERNET + 20 + 8)

struct server {
	int fd;
	unsigned index;
	int wake[2];
	pthread_t thread;
	atomic_int seen;
	int silent_first;
	void (*answer)(struct server *s, const uint8_t *question);
	uint8_t first[FRAME_MAX]; /* the first question */
	size_t first_len;
	atomic_int others; /* DHCP messages of a client that are no DISCOVER */
};

static void
send_frame(struct server *s, const uint8_t *frame, size_t len)
{
	if (send(s->fd, frame, len, 0) < 0)
		abort();
}

/* An OFFER of 10.0.0.77 by server 10.0.0.N, as broadcast as it was asked
 * for: Ethernet, RFC 791, RFC 768, RFC 2131 figure 1. The UDP checksum is 0,
 * which says that there is none. */
static size_t
make_offer(uint8_t f[FRAME_MAX], const uint8_t *question, uint8_t n)
{
	static const uint8_t tail[] = {0x33, 4, 0, 0, 0x0e, 0x10, 0x2a, 4, 10,
	    0, 0, 5, 0x72, 8, 'u', 'r', 'n', ':', 'i', 'e', 't', 'f', 0xff};
	size_t options = BOOTP + 240, len;
	uint32_t sum = 0;
	size_t i;

	memset(f, 0, FRAME_MAX);
	memset(f, 255, 6);
	memcpy(f + 6, "\x02\0\0\0\0\x01", 6);
	f[12] = 8;
	f[ETHERNET] = 0x45;
	f[ETHERNET + 8] = 64;
	f[ETHERNET + 9] = 17;
	memcpy(f + ETHERNET + 12, (uint8_t[]){10, 0, 0, n}, 4);
	memset(f + ETHERNET + 16, 255, 4);
	f[ETHERNET + 21] = 67;
	f[ETHERNET + 23] = 68;
	f[BOOTP] = 2;
	f[BOOTP + 1] = 1;
	f[BOOTP + 2] = 6;
	memcpy(f + BOOTP + 4, question + BOOTP + 4, 4);
	memcpy(f + BOOTP + 16, (uint8_t[]){10, 0, 0, 77}, 4);
	memcpy(f + BOOTP + 28, question + BOOTP + 28, 6);
	memcpy(f + BOOTP + 236, "\x63\x82\x53\x63", 4);
	memcpy(f + options, (uint8_t[]){0x35, 1, 2, 0x36, 4, 10, 0, 0, n}, 9);
	memcpy(f + options + 9, tail, sizeof tail);
	len = options + 9 + sizeof tail;
	f[ETHERNET + 2] = (uint8_t)((len - ETHERNET) >> 8);
	f[ETHERNET + 3] = (uint8_t)(len - ETHERNET);
	f[ETHERNET + 24] = (uint8_t)((len - ETHERNET - 20) >> 8);
	f[ETHERNET + 25] = (uint8_t)(len - ETHERNET - 20);
	for (i = ETHERNET; i < ETHERNET + 20; i += 2)
		sum += (uint32_t)(f[i] << 8 | f[i + 1]);
	sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
	f[ETHERNET + 10] = (uint8_t)(sum >> 8);
	f[ETHERNET + 11] = (uint8_t)sum;
	return len;
}

static bool
is_of_client(const uint8_t *f, size_t len)
{
	return len >= BOOTP + 243 && f[12] == 8 && f[13] == 0 &&
	    f[ETHERNET + 9] == 17 && f[ETHERNET + 23] == 67;
}

static void *
serve(void *arg)
{
	struct server *s = arg;
	struct pollfd p[2] = {{s->fd, POLLIN, 0}, {s->wake[0], POLLIN, 0}};
	uint8_t frame[FRAME_MAX];
	ssize_t n;

	while (poll(p, 2, -1) >= 0 && p[1].revents == 0) {
		struct sockaddr_ll from;
		socklen_t size = sizeof from;

		n = recvfrom(s->fd, frame, sizeof frame, MSG_DONTWAIT,
		    (struct sockaddr *)&from, &size);
		if (n < 0 || from.sll_pkttype == PACKET_OUTGOING ||
		    !is_of_client(frame, (size_t)n))
			continue;
		/* Option 53 comes first in ours. */
		if (frame[BOOTP + 240] != 53 || frame[BOOTP + 242] != 1)
			atomic_fetch_add(&s->others, 1);
		if (atomic_fetch_add(&s->seen, 1) == 0) {
			memcpy(s->first, frame, (size_t)n);
			s->first_len = (size_t)n;
		}
		if (atomic_load(&s->seen) > s->silent_first &&
		    s->answer != NULL)
			s->answer(s, frame);
	}
	return NULL;
}

/* A wire from e0, the laptop's, to e1, the server's. */
static bool
wire(void)
{
	if (!fake_private_network(NULL))
		return false;
	fake_ip((const char *const[]){"link add e0 address 02:00:5e:10:00:50 "
				      "type veth peer name e1",
	    "link set e0 up", "link set e1 up", NULL});
	return true;
}

static void
server_start(struct server *s)
{
	struct sockaddr_ll at = {.sll_family = AF_PACKET,
	    .sll_protocol = htons(ETH_P_ALL)};

	s->index = if_nametoindex("e1");
	at.sll_ifindex = (int)s->index;
	s->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&at, sizeof at) != 0 ||
	    pipe(s->wake) != 0 ||
	    pthread_create(&s->thread, NULL, serve, s) != 0)
		abort();
}

static void
server_stop(struct server *s)
{
	if (write(s->wake[1], "", 1) != 1)
		abort();
	pthread_join(s->thread, NULL);
	close(s->fd);
	close(s->wake[0]);
	close(s->wake[1]);
}

static void
probe_init(struct fake_probe *p)
{
	fake_probe_init(p, "dhcp", PROTO_NONE, NULL, NULL, 0);
	p->vantage.interface = (char *)(uintptr_t) "e0";
	p->vantage.dhcp = (char *)(uintptr_t) "unknown";
}

#define ck_result(p, want_rung, want_failure) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, (int)(p)->obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(p)->obs->failure), \
		    word_name(&words_cause, want_failure)); \
	} while (0)

/* --- the right server --- */

static void
offer(struct server *s, const uint8_t *question)
{
	uint8_t f[FRAME_MAX];
	size_t len = make_offer(f, question, 1);

	send_frame(s, f, len);
	send_frame(s, f, len); /* and once more */
}

static unsigned
ones_sum(const uint8_t *p, size_t len, unsigned sum)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 == 0 ? (unsigned)p[i] << 8 : p[i];
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

START_TEST(an_offer_to_our_question_proves_the_server)
{
	struct server s = {.answer = offer};
	struct fake_probe p;
	const uint8_t *ip = s.first + ETHERNET;

	if (!wire())
		return;
	server_start(&s);
	probe_init(&p);
	ck_assert(fake_probe_run(&p, 9000));
	ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "how"), "offer");
	ck_assert_str_eq(fake_detail(&p, "why"), "offer");
	ck_assert_str_eq(fake_detail(&p, "server"), "10.0.0.1");
	ck_assert_str_eq(fake_detail(&p, "offered"), "10.0.0.77");
	ck_assert_int_eq(fake_detail_int(&p, "lease_s"), 3600);
	ck_assert_str_eq(fake_detail(&p, "time_servers"), "10.0.0.5");
	ck_assert_str_eq(fake_detail(&p, "portal_api"), "urn:ietf");
	ck_assert_int_eq(fake_detail_int(&p, "servers"), 1);
	ck_assert_uint_eq(p.obs->nattempts, 1);
	ck_assert_str_eq(p.obs->attempts[0].from, "10.0.0.1");
	ck_assert_int_eq(atomic_load(&s.seen), 1);
	ck_assert_int_eq(atomic_load(&s.others), 0);
	/* To everybody, from nobody, with checksums that hold. */
	ck_assert_mem_eq(s.first, "\xff\xff\xff\xff\xff\xff", 6);
	ck_assert_mem_eq(s.first + 6, "\x02\x00\x5e\x10\x00\x50", 6);
	ck_assert_mem_eq(ip + 12, "\0\0\0\0\xff\xff\xff\xff", 8);
	ck_assert_uint_eq(ones_sum(ip, 20, 0), 0xffff);
	/* With the pseudo header. */
	ck_assert_uint_eq(ones_sum(ip + 20, 308,
			      ones_sum(ip + 12, 8, 17 + 308)),
	    0xffff);
	ck_assert_uint_eq(s.first_len, ETHERNET + p.probe->type->bytes / 3);
	fake_probe_free(&p);
	server_stop(&s);
}
END_TEST

static void
offer_twice(struct server *s, const uint8_t *question)
{
	uint8_t f[FRAME_MAX];

	send_frame(s, f, make_offer(f, question, 1));
	send_frame(s, f, make_offer(f, question, 9));
}

START_TEST(a_second_server_is_told)
{
	struct server s = {.answer = offer_twice};
	struct fake_probe p;

	if (!wire())
		return;
	server_start(&s);
	probe_init(&p);
	ck_assert(fake_probe_run(&p, 9000));
	ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "server"), "10.0.0.1, 10.0.0.9");
	ck_assert_str_eq(fake_detail(&p, "why"), "two_servers");
	ck_assert(fake_detail_is(&p, "warn"));
	fake_probe_free(&p);
	server_stop(&s);
}
END_TEST

START_TEST(a_lost_question_is_asked_again_with_the_same_xid)
{
	struct server s = {.answer = offer, .silent_first = 1};
	struct fake_probe p;

	if (!wire())
		return;
	server_start(&s);
	probe_init(&p);
	ck_assert(fake_probe_run(&p, 9000));
	ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(atomic_load(&s.seen), 2);
	ck_assert_str_eq(p.obs->attempts[0].result, "silence");
	ck_assert_str_eq(p.obs->attempts[1].result, "reply");
	ck_assert_int_eq(p.nslow, 1);
	fake_probe_free(&p);
	server_stop(&s);
}
END_TEST

/* --- everything else --- */

static void
all_wrong(struct server *s, const uint8_t *question)
{
	static const struct {
		size_t at;
		uint8_t value;
	} rows[] = {
	    {BOOTP + 4, 0xa5},     /* another question's xid */
	    {BOOTP + 33, 0x51},    /* another laptop */
	    {BOOTP + 242, 5},      /* an ACK */
	    {BOOTP + 242, 6},      /* a NAK */
	    {BOOTP + 242, 1},      /* a DISCOVER */
	    {BOOTP, 1},            /* a client's message */
	    {BOOTP + 236, 0},      /* no cookie */
	    {BOOTP + 243, 0x0c},   /* no server identifier */
	    {BOOTP + 244, 200},    /* an option beyond the end */
	    {ETHERNET + 21, 68},   /* not from the server's port */
	    {ETHERNET + 23, 69},   /* not to the client's */
	    {ETHERNET + 9, 6},     /* TCP */
	    {ETHERNET + 6, 0x20},  /* a fragment */
	    {ETHERNET, 0x4f},      /* a header as long as it can be */
	    {ETHERNET, 0x40},      /* a header without length */
	    {ETHERNET + 2, 0xff},  /* longer than the packet */
	    {ETHERNET + 24, 0xff}, /* the same in UDP */
	};
	uint8_t f[FRAME_MAX];
	size_t i, len;
	unsigned seed = 3;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		len = make_offer(f, question, 1);
		f[rows[i].at] = f[rows[i].at] == rows[i].value ?
		    (uint8_t)~rows[i].value :
		    rows[i].value;
		send_frame(s, f, len);
	}
	len = make_offer(f, question, 1);
	memset(f + BOOTP + 16, 0, 4); /* no address */
	send_frame(s, f, len);
	for (len = ETHERNET + 1; len < BOOTP + 250; len++) {
		make_offer(f, question, 1);
		send_frame(s, f, len);
	}
	for (i = 0; i < 300; i++) {
		make_offer(f, question, 1);
		for (len = ETHERNET + 20; len < FRAME_MAX; len++)
			f[len] = (uint8_t)rand_r(&seed);
		send_frame(s, f, FRAME_MAX);
	}
}

START_TEST(what_is_no_offer_to_us_is_silence_and_silence_is_no_dhcp)
{
	struct server s = {.answer = all_wrong};
	struct fake_probe p;

	if (!wire())
		return;
	server_start(&s);
	probe_init(&p);
	ck_assert(fake_probe_run(&p, 20000));
	ck_result(&p, RUNG_SILENCE, CAUSE_NO_DHCP);
	ck_assert_int_eq(atomic_load(&s.seen), 3);
	ck_assert_int_eq(atomic_load(&s.others), 0);
	ck_assert_uint_eq(p.obs->nattempts, 3);
	ck_assert_int_ge(fake_detail_int(&p, "strange"), 9 * 3);
	ck_assert_int_ge(p.obs->duration_us, 8000000);
	fake_probe_free(&p);
	server_stop(&s);
}
END_TEST

START_TEST(silence_to_a_laptop_with_a_lease_proves_nothing)
{
	struct fake_probe p;

	if (!wire())
		return;
	probe_init(&p);
	p.vantage.dhcp = (char *)(uintptr_t) "lease";
	ck_assert(fake_probe_run(&p, 20000));
	ck_result(&p, RUNG_SILENCE, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "lease_but_silent");
	fake_probe_free(&p);
}
END_TEST

static void
flood(struct server *s, const uint8_t *question)
{
	uint8_t f[FRAME_MAX];
	int i;

	make_offer(f, question, 1);
	f[BOOTP + 4] ^= 1;
	for (i = 0; i < 5000; i++) /* 7 megabytes */
		send_frame(s, f, FRAME_MAX);
	offer(s, question);
}

START_TEST(megabytes_do_not_hold_it_up)
{
	struct server s = {.answer = flood};
	struct fake_probe p;

	if (!wire())
		return;
	server_start(&s);
	probe_init(&p);
	/* The offer may be lost among them; an end there must be. */
	ck_assert(fake_probe_run(&p, 30000));
	ck_assert(p.obs->rung == RUNG_APP_REPLY || p.obs->rung == RUNG_SILENCE);
	fake_probe_free(&p);
	server_stop(&s);
}
END_TEST

START_TEST(it_can_be_stopped_at_any_time)
{
	static const int after_ms[] = {0, 30, 200, 1700};
	struct server s = {.answer = offer, .silent_first = 1};
	struct fake_probe p;
	bool never = false;
	size_t i;
	int before;

	if (!wire())
		return;
	server_start(&s);
	for (i = 0; i < sizeof after_ms / sizeof *after_ms; i++) {
		before = fake_count_fds();
		atomic_store(&s.seen, 0);
		probe_init(&p);
		fake_probe_start(&p);
		fake_loop(p.env.base, &never, after_ms[i]);
		probe_cancel(p.probe);
		ck_assert(fake_loop(p.env.base, &p.done, 1000));
		fake_loop(p.env.base, &never, 30);
		ck_assert_int_eq(p.ndone, 1);
		ck_result(&p, RUNG_NONE, CAUSE_CANCELLED);
		fake_probe_free(&p);
		ck_assert_int_eq(fake_count_fds(), before);
	}
	/* Freed while it runs. */
	before = fake_count_fds();
	probe_init(&p);
	fake_probe_start(&p);
	fake_loop(p.env.base, &never, 100);
	fake_probe_free(&p);
	ck_assert_int_eq(fake_count_fds(), before);
	server_stop(&s);
}
END_TEST

START_TEST(no_ethernet_no_link_and_a_link_that_is_down)
{
	struct fake_probe p;

	if (!wire())
		return;
	probe_init(&p);
	p.vantage.interface = (char *)(uintptr_t) "lo";
	ck_assert(fake_probe_run(&p, 1000));
	ck_result(&p, RUNG_NONE, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "no_ethernet");
	fake_probe_free(&p);
	probe_init(&p);
	p.vantage.interface = NULL;
	ck_assert(fake_probe_run(&p, 1000));
	ck_result(&p, RUNG_NONE, CAUSE_NONE);
	fake_probe_free(&p);
	fake_ip((const char *const[]){"link set e0 down", NULL});
	probe_init(&p);
	ck_assert(fake_probe_run(&p, 1000));
	ck_result(&p, RUNG_LOCAL_ERROR, CAUSE_NET_UNREACHABLE);
	fake_probe_free(&p);
}
END_TEST

/* --- no privilege --- */

static bool
drop_rights(void)
{
	struct __user_cap_header_struct head = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2];

	memset(none, 0, sizeof none);
	return syscall(SYS_capset, &head, none) == 0;
}

START_TEST(without_the_right_the_lease_speaks_or_nobody)
{
	static const struct {
		const char *dhcp;
		const char *server;
		int64_t lease_s, age_s; /* -1 = not known */
		enum rung rung;
		enum cause cause;
		const char *why;
	} rows[] = {
	    {"lease", "10.0.0.1", 3600, 60, RUNG_TRANSPORT, CAUSE_NONE,
		"lease"},
	    {"lease", "10.0.0.1", 3600, 1800, RUNG_TRANSPORT, CAUSE_NONE,
		"lease"},
	    {"lease", "10.0.0.1", 3600, 2400, RUNG_SILENCE, CAUSE_NONE,
		"lease_old"},
	    {"lease", "10.0.0.1", 3600, -1, RUNG_SILENCE, CAUSE_NONE,
		"lease_old"},
	    {"lease", "10.0.0.1", 0, 60, RUNG_SILENCE, CAUSE_NONE, "lease_old"},
	    /* From the future: the clock was set meanwhile. */
	    {"lease", "10.0.0.1", 3600, -100, RUNG_SILENCE, CAUSE_NONE,
		"lease_old"},
	    {"lease", NULL, 3600, 60, RUNG_SILENCE, CAUSE_NONE,
		"lease_of_nobody"},
	    {"static", NULL, 0, -1, RUNG_LOCAL_ERROR, CAUSE_PERMISSION, ""},
	    {"unknown", NULL, 0, -1, RUNG_LOCAL_ERROR, CAUSE_PERMISSION, ""},
	};
	struct fake_probe p;
	size_t i;

	if (!wire() || !drop_rights())
		return;
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		probe_init(&p);
		p.vantage.dhcp = (char *)(uintptr_t)rows[i].dhcp;
		p.vantage.dhcp_server = (char *)(uintptr_t)rows[i].server;
		p.vantage.dhcp_lease_s = rows[i].lease_s;
		if (rows[i].age_s != -1)
			p.vantage.dhcp_given_us = clock_wall_us() -
			    rows[i].age_s * 1000000;
		ck_assert(fake_probe_run(&p, 1000));
		ck_result(&p, rows[i].rung, rows[i].cause);
		ck_assert_str_eq(fake_detail(&p, "why"), rows[i].why);
		/* Either way it is told what would have been better. */
		ck_assert_str_eq(fake_detail(&p, "right"), "cap_net_raw");
		ck_assert_uint_eq(p.obs->nattempts, 0);
		fake_probe_free(&p);
	}
}
END_TEST

HARNESS("probe dhcp", an_offer_to_our_question_proves_the_server,
    a_second_server_is_told, a_lost_question_is_asked_again_with_the_same_xid,
    what_is_no_offer_to_us_is_silence_and_silence_is_no_dhcp,
    silence_to_a_laptop_with_a_lease_proves_nothing,
    megabytes_do_not_hold_it_up, it_can_be_stopped_at_any_time,
    no_ethernet_no_link_and_a_link_that_is_down,
    without_the_right_the_lease_speaks_or_nobody)
