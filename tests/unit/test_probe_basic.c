/* SPDX-License-Identifier: MIT */
/* Promises of the probes for TCP, ping, the way out, and names, each tried in
 * a network of its own that holds nothing but loopback. */
#include "tests/unit/harness.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/fake_net.h"
#include "tests/unit/fake_probe.h"

#define ck_result(p, want_rung, want_failure) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, (int)(p)->obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(p)->obs->failure), \
		    word_name(&words_cause, want_failure)); \
	} while (0)

enum manner { STAYS, SPEAKS, CLOSES, RESETS };

static void
serve(int fd, void *arg)
{
	enum manner how = *(enum manner *)arg;
	char data[8];

	if (how == SPEAKS && write(fd, "SSH-2.0-x\33[2J\r\n", 15) != 15)
		return;
	if (how == RESETS) {
		/* Only once the peer has seen that it was accepted. */
		usleep(200 * 1000);
		fake_reset_on_close(fd);
	} else if (how != CLOSES) {
		fake_read_until(fd, "never", data, sizeof data);
	}
}

static void
connects(enum manner how, const char *end)
{
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", serve, &how);
	struct fake_probe p;

	fake_probe_init(&p, "tcp", PROTO_TCP, "a.example", "127.0.0.1",
	    fake_tcp_port(s));
	ck_assert(fake_probe_run(&p, 6000));
	ck_result(&p, RUNG_TRANSPORT, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "end"), end);
	ck_assert_int_ge(fake_detail_int(&p, "survived_ms"),
	    how == STAYS ? 1400 : 0);
	ck_assert_uint_eq(p.obs->nattempts, 1);
	ck_assert_str_eq(p.obs->attempts[0].result, "accepted");
	if (how == SPEAKS)
		ck_assert(strstr(fake_detail(&p, "first_bytes"),
			      "SSH-2.0-x\\") != NULL); /* then escaped */
	fake_probe_free(&p);
	fake_tcp_stop(s);
}

START_TEST(how_a_connection_lived_is_told)
{
	connects(STAYS, "open");
	connects(SPEAKS, "spoke");
	connects(CLOSES, "closed");
	connects(RESETS, "reset");
}
END_TEST

START_TEST(a_refused_port_and_a_silent_one_are_told_apart)
{
	struct fake_silent silent;
	struct fake_probe p;

	fake_probe_init(&p, "tcp", PROTO_TCP, NULL, "127.0.0.1",
	    fake_closed_port());
	ck_assert(fake_probe_run(&p, 3000));
	ck_result(&p, RUNG_REJECTED, CAUSE_TCP_RESET);
	ck_assert_uint_eq(p.obs->nattempts, 2);
	fake_probe_free(&p);
	fake_silent_start(&silent);
	fake_probe_init(&p, "tcp", PROTO_TCP, NULL, "127.0.0.1", silent.port);
	ck_assert(fake_probe_run(&p, 6000));
	ck_result(&p, RUNG_SILENCE, CAUSE_TCP_TIMEOUT);
	ck_assert_uint_eq(p.obs->nattempts, 3);
	ck_assert_int_eq(p.nslow, 1);
	ck_assert_int_eq(p.obs->attempts[0].offset_us, 0);
	ck_assert_int_ge(p.obs->attempts[2].offset_us, 2190000);
	fake_probe_free(&p);
	fake_silent_stop(&silent);
}
END_TEST

static void
allow_ping(void)
{
	int fd = open("/proc/sys/net/ipv4/ping_group_range", O_WRONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "0 0", 3), 3);
	close(fd);
}

/* icmp(7): the range "1 0" lets nobody. A fresh network has it. */
START_TEST(ping_without_permission_is_the_laptops_own_error)
{
	struct fake_probe p;

	if (!fake_private_network(NULL))
		return;
	fake_probe_init(&p, "icmp", PROTO_ICMP, NULL, "127.0.0.1", 0);
	ck_assert(fake_probe_run(&p, 3000));
	ck_result(&p, RUNG_LOCAL_ERROR, CAUSE_PERMISSION);
	fake_probe_free(&p);
	allow_ping();
	fake_probe_init(&p, "icmp", PROTO_ICMP, NULL, "127.0.0.1", 0);
	ck_assert(fake_probe_run(&p, 3000));
	ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&p, "sent"), 3);
	ck_assert_int_eq(fake_detail_int(&p, "received"), 3);
	ck_assert_int_ge(fake_detail_int(&p, "rtt_min_us"), 0);
	ck_assert_int_le(fake_detail_int(&p, "rtt_min_us"),
	    fake_detail_int(&p, "rtt_max_us"));
	ck_assert_uint_eq(p.obs->nattempts, 3);
	fake_probe_free(&p);
	/* No route is no missing permission. */
	fake_probe_init(&p, "icmp", PROTO_ICMP, NULL, "192.0.2.1", 0);
	ck_assert(fake_probe_run(&p, 3000));
	ck_result(&p, RUNG_LOCAL_ERROR, CAUSE_NET_UNREACHABLE);
	fake_probe_free(&p);
}
END_TEST

/* Within one hop there is nothing to pass: what answers is no way out. */
START_TEST(an_answer_from_the_first_hop_is_no_way_out)
{
	enum manner how = STAYS;
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", serve, &how);
	struct fake_probe p;

	fake_probe_init(&p, "path", PROTO_TCP, NULL, "127.0.0.1",
	    fake_tcp_port(s));
	ck_assert(fake_probe_run(&p, 9000));
	ck_assert(!fake_detail_is(&p, "passed") ||
	    fake_detail_int(&p, "end_ttl") > 1);
	ck_assert_str_eq(fake_detail(&p, "end"), "accepted");
	ck_assert_int_eq(p.obs->rung,
	    fake_detail_is(&p, "passed") ? RUNG_PASSED_GATEWAY :
					   RUNG_TRANSPORT);
	fake_probe_free(&p);
	fake_tcp_stop(s);
}
END_TEST

START_TEST(a_distance_is_measured_by_what_is_still_accepted)
{
	enum manner how = STAYS;
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", serve, &how);
	struct fake_probe p;
	char want[40];

	snprintf(want, sizeof want, "127.0.0.1 %u", (unsigned)fake_tcp_port(s));
	fake_probe_init(&p, "distance", PROTO_TCP, NULL, "127.0.0.1", 1);
	p.spec.want = want;
	ck_assert(fake_probe_run(&p, 9000));
	ck_assert_int_eq(fake_detail_int(&p, "yardstick_ttl"), 1);
	ck_assert(fake_detail_is(&p, "same_host"));
	/* 16, 8, 4, 2 and 1: nothing of the flow, which has no hop to pass. */
	ck_assert_uint_eq(p.obs->nattempts, 5);
	ck_assert_str_eq(fake_detail(&p, "flow_at"), "");
	fake_probe_free(&p);
	fake_tcp_stop(s);
	/* Nobody is there any more. */
	fake_probe_init(&p, "distance", PROTO_TCP, NULL, "127.0.0.1", 1);
	p.spec.want = want;
	ck_assert(fake_probe_run(&p, 9000));
	ck_assert_int_eq(fake_detail_int(&p, "yardstick_ttl"), 0);
	ck_assert_uint_eq(p.obs->nattempts, 1);
	ck_assert_int_eq(p.obs->rung, RUNG_SILENCE);
	fake_probe_free(&p);
}
END_TEST

START_TEST(a_distance_without_a_yardstick_sends_nothing)
{
	static const char *const wants[] = {NULL, "", "127.0.0.1", "127.0.0.1 ",
	    "127.0.0.1 0", "127.0.0.1 65536", "127.0.0.1 8x", "::1 80",
	    "localhost 80"};
	struct fake_probe p;
	size_t i;

	for (i = 0; i < sizeof wants / sizeof *wants; i++) {
		fake_probe_init(&p, "distance", PROTO_TCP, NULL, "127.0.0.1",
		    1);
		p.spec.want = (char *)(uintptr_t)wants[i];
		ck_assert(fake_probe_run(&p, 3000));
		ck_assert_uint_eq(p.obs->nattempts, 0);
		ck_assert_int_eq(p.obs->rung, RUNG_NONE);
		fake_probe_free(&p);
	}
}
END_TEST

/* A name server on port 53 of the private network. */
struct domain {
	int a_rcode; /* of A; -1 stays silent */
	bool with_a, with_aaaa, truncated;
	int silent_first;
	int seen;
};

static size_t
zone_answer(struct domain *z, uint8_t *m, size_t len)
{
	static const uint8_t a[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4,
	    192, 0, 2, 7};
	static const uint8_t aaaa[] = {0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 61, 0,
	    16, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
	bool v6 = m[len - 3] == 28;

	m[2] |= 0x80;
	m[3] = (uint8_t)(0x80 | (v6 ? 0 : z->a_rcode));
	if (v6 ? z->with_aaaa : z->with_a) {
		m[7] = 1;
		memcpy(m + len, v6 ? aaaa : a, v6 ? sizeof aaaa : sizeof a);
		len += v6 ? sizeof aaaa : sizeof a;
	}
	return len;
}

static void
zone_udp(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	struct domain *z = arg;
	uint8_t m[600];

	if (++z->seen <= z->silent_first || z->a_rcode < 0 || len > 500)
		return;
	memcpy(m, data, len);
	if (z->truncated) {
		m[2] |= 0x82;
		m[3] = 0x80;
	} else {
		len = zone_answer(z, m, len);
	}
	sendto(fd, m, len, 0, &from->sa, from->len);
}

static void
zone_tcp(int fd, void *arg)
{
	uint8_t m[600];
	ssize_t n = read(fd, m, 400);
	size_t len;

	if (n < 14)
		return;
	len = zone_answer(arg, m + 2, (size_t)n - 2);
	m[0] = (uint8_t)(len >> 8);
	m[1] = (uint8_t)len;
	if (write(fd, m, len + 2) > 0)
		n = read(fd, m, 1);
}

static void
ask(struct domain z, bool tcp_too, enum rung rung, enum cause failure,
    const char *addresses, int seen)
{
	struct fake_udp *udp = fake_udp_start("127.0.0.1", 53, zone_udp, &z);
	struct fake_tcp *tcp = tcp_too ?
	    fake_tcp_start_at("127.0.0.1", 53, zone_tcp, &z) :
	    NULL;
	struct arena *a = arena_new();
	struct fake_probe p;
	const json_t *list;
	char text[128] = "";
	size_t i, len = 0;

	fake_probe_init(&p, "dns", PROTO_UDP, "a.example", NULL, 53);
	strlist_add(a, &p.vantage.resolvers, "127.0.0.1");
	ck_assert(fake_probe_run(&p, 6000));
	ck_result(&p, rung, failure);
	list = json_object_get(p.obs->detail, "addresses");
	for (i = 0; i < json_array_size(list); i++) {
		len += (size_t)snprintf(text + len, sizeof text - len, "%s ",
		    json_string_value(json_array_get(list, i)));
		ck_assert_uint_lt(len, sizeof text);
	}
	ck_assert_str_eq(text, addresses);
	ck_assert_str_eq(fake_detail(&p, "server"), "127.0.0.1");
	/* What is lost is asked for anew, and once more as it was, before
	 * the answer to either can come. */
	ck_assert_int_ge(z.seen, seen);
	ck_assert_int_le(z.seen, z.silent_first > 0 ? seen + 2 : seen);
	for (i = 0; i < p.obs->nattempts; i++)
		ck_assert_int_ge(p.obs->attempts[i].offset_us, 0);
	ck_assert_int_le(p.obs->duration_us, 4000000);
	fake_probe_free(&p);
	fake_udp_stop(udp);
	fake_tcp_stop(tcp);
	arena_free(a);
}

START_TEST(names_are_looked_up_for_both_families)
{
	if (!fake_private_network(NULL))
		return;
	ask((struct domain){.with_a = true, .with_aaaa = true}, false,
	    RUNG_APP_REPLY, CAUSE_NONE, "192.0.2.7 2001:db8::7 ", 2);
	ask((struct domain){.with_a = true}, false, RUNG_APP_REPLY, CAUSE_NONE,
	    "192.0.2.7 ", 2);
	ask((struct domain){.a_rcode = 3}, false, RUNG_APP_REPLY,
	    CAUSE_DNS_NXDOMAIN, "", 2);
	/* A refusal and a failure are asked for again. */
	ask((struct domain){.a_rcode = 5}, false, RUNG_APP_REPLY,
	    CAUSE_DNS_REFUSED, "", 3);
	ask((struct domain){.a_rcode = 2}, false, RUNG_APP_REPLY,
	    CAUSE_DNS_SERVFAIL, "", 3);
	/* Truncated: once more over TCP. */
	ask((struct domain){.with_a = true, .truncated = true}, true,
	    RUNG_APP_REPLY, CAUSE_NONE, "192.0.2.7 ", 2);
	/* Lost packets. */
	ask((struct domain){.with_a = true, .silent_first = 2}, false,
	    RUNG_APP_REPLY, CAUSE_NONE, "192.0.2.7 ", 4);
}
END_TEST

START_TEST(a_dns_server_that_is_silent_or_not_there_is_told)
{
	struct fake_probe p;
	struct arena *a = arena_new();

	if (!fake_private_network(NULL)) {
		arena_free(a);
		return;
	}
	/* Both questions three times, and the first of each twice more. */
	ask((struct domain){.a_rcode = -1}, false, RUNG_SILENCE,
	    CAUSE_DNS_TIMEOUT, "", 10);
	fake_probe_init(&p, "dns", PROTO_UDP, "a.example", NULL, 53);
	strlist_add(a, &p.vantage.resolvers, "127.0.0.1");
	ck_assert(fake_probe_run(&p, 6000));
	ck_result(&p, RUNG_REJECTED, CAUSE_TCP_REFUSED);
	ck_assert_str_eq(p.obs->offender, "127.0.0.1");
	fake_probe_free(&p);
	/* No DNS server at all. */
	fake_probe_init(&p, "dns", PROTO_UDP, "a.example", NULL, 53);
	ck_assert(fake_probe_run(&p, 3000));
	ck_result(&p, RUNG_LOCAL_ERROR, CAUSE_DNS_TIMEOUT);
	fake_probe_free(&p);
	arena_free(a);
}
END_TEST

START_TEST(a_named_server_is_asked_without_recursion)
{
	struct domain z = {.with_a = true};
	struct fake_tcp *tcp;
	struct fake_udp *udp;
	struct fake_probe p;
	int i;

	if (!fake_private_network(NULL))
		return;
	udp = fake_udp_start("127.0.0.1", 53, zone_udp, &z);
	tcp = fake_tcp_start_at("127.0.0.1", 53, zone_tcp, &z);
	for (i = 0; i < 2; i++) {
		fake_probe_init(&p, "dns_server", i ? PROTO_TCP : PROTO_UDP,
		    "a.example", "127.0.0.1", 53);
		ck_assert(fake_probe_run(&p, 6000));
		ck_result(&p, RUNG_APP_REPLY, CAUSE_NONE);
		ck_assert(!fake_detail_is(&p, "aa"));
		ck_assert(fake_detail_is(&p, "ra"));
		ck_assert_int_eq(fake_detail_int(&p, "near_hops"), 1);
		fake_probe_free(&p);
	}
	/* No authority, so asked again with a short life: here it is near. */
	ck_assert_int_eq(z.seen, 2);
	ck_assert_int_eq(fake_tcp_accepted(tcp), 2);
	fake_udp_stop(udp);
	fake_tcp_stop(tcp);
}
END_TEST

START_TEST(every_type_can_be_stopped_while_it_waits_or_runs)
{
	static const int after_ms[] = {0, 1, 20};
	struct arena *a = arena_new();
	struct fake_silent silent;
	struct fake_probe p;
	bool never = false;
	size_t i, k;
	int before;

	if (!fake_private_network(NULL)) {
		arena_free(a);
		return;
	}
	signal(SIGPIPE, SIG_IGN);
	fake_silent_start(&silent);
	before = fake_count_fds();
	for (i = 0; i < probe_type_count; i++) {
		for (k = 0; k < 6; k++) {
			fake_probe_init(&p, probe_types[i]->name,
			    probe_types[i]->carrier, "a.example", "127.0.0.1",
			    silent.port);
			strlist_add(a, &p.vantage.resolvers, "127.0.0.1");
			fake_probe_start(&p);
			fake_loop(p.env.base, &never, after_ms[k % 3]);
			if (k < 3)
				probe_cancel(p.probe);
			if (k < 3)
				ck_assert(fake_loop(p.env.base, &p.done, 100));
			fake_probe_free(&p); /* or freed as it is */
			ck_assert_int_eq(fake_count_fds(), before);
		}
	}
	fake_silent_stop(&silent);
	arena_free(a);
}
END_TEST

START_TEST(every_type_describes_itself)
{
	size_t i;

	for (i = 0; i < probe_type_count; i++) {
		const struct probe_type *t = probe_types[i];

		ck_assert_ptr_eq(probe_type_find(t->name), t);
		ck_assert(t->label != NULL && t->sends != NULL);
		ck_assert(t->start != NULL);
		/* Only who looks and sends nothing ends at once. */
		ck_assert(t->packets == 0 || t->stop != NULL);
		ck_assert(t->packets == 0 || t->flows > 0);
		ck_assert_uint_ge(t->packets, t->flows);
		/* Nothing is smaller than an IP header. */
		ck_assert_uint_ge(t->bytes, t->packets * 20);
		ck_assert_uint_gt(t->longest_ms, 0);
	}
	ck_assert_ptr_null(probe_type_find("no such"));
}
END_TEST

/* It says nothing of the network that a probe got no turn. */
START_TEST(what_is_overdue_was_not_run)
{
	struct fake_probe p;

	fake_probe_init(&p, "tcp", PROTO_TCP, "a.example", "127.0.0.1",
	    fake_closed_port());
	fake_probe_start(&p);
	event_active(p.probe->deadline, EV_TIMEOUT, 0);
	ck_assert(fake_loop(p.env.base, &p.done, 1000));
	ck_result(&p, RUNG_NONE, CAUSE_CANCELLED);
	ck_assert_int_eq(p.ndone, 1);
	fake_probe_free(&p);
}
END_TEST

/* What is told again and again, as by a flood of datagrams, takes no more
 * room. */
START_TEST(what_is_told_twice_is_kept_once)
{
	const struct probe_device d = {.kind = "mdns",
	    .name = "a name",
	    .address = "10.20.30.60"};
	struct fake_tcp *s;
	enum manner how = CLOSES;
	struct fake_probe p;
	size_t before;
	int i;

	s = fake_tcp_start("127.0.0.1", serve, &how);
	fake_probe_init(&p, "tcp", PROTO_TCP, "a.example", "127.0.0.1",
	    fake_tcp_port(s));
	ck_assert(fake_probe_run(&p, 6000));
	before = arena_bytes(p.probe->arena);
	for (i = 0; i < 1000; i++) {
		probe_detail_str(p.probe, "elsewhere", "lan1");
		ck_assert(probe_add_device(p.probe, &d) == (i == 0));
	}
	ck_assert_uint_eq(arena_bytes(p.probe->arena), before);
	ck_assert_str_eq(fake_detail(&p, "elsewhere"), "lan1");
	fake_probe_free(&p);
	fake_tcp_stop(s);
}
END_TEST

HARNESS("probe basic", what_is_overdue_was_not_run,
    what_is_told_twice_is_kept_once, how_a_connection_lived_is_told,
    a_refused_port_and_a_silent_one_are_told_apart,
    ping_without_permission_is_the_laptops_own_error,
    an_answer_from_the_first_hop_is_no_way_out,
    a_distance_is_measured_by_what_is_still_accepted,
    a_distance_without_a_yardstick_sends_nothing,
    names_are_looked_up_for_both_families,
    a_dns_server_that_is_silent_or_not_there_is_told,
    a_named_server_is_asked_without_recursion,
    every_type_can_be_stopped_while_it_waits_or_runs,
    every_type_describes_itself)
