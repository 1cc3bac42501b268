/* SPDX-License-Identifier: MIT */
/* Promises of the SSH probe (RFC 4253): only an identification followed by a
 * well-formed KEXINIT passes; nothing but our own identification goes out. */
#include "tests/unit/harness.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/fake_net.h"
#include "tests/unit/hostile.h"

static const char curve[] = "curve25519-sha256,ecdh-sha2-nistp256";
static const char keys[] = "ssh-ed25519,rsa-sha2-512";

struct packet {
	uint8_t at[2048];
	size_t len;
};

/* What to spoil of a KEXINIT; 0 = as RFC 4253 section 7.1 has it. */
struct spoil {
	uint8_t message;
	uint8_t padding;
	bool empty_kex, control, long_list, short_one, trailing, odd, reserved;
	uint32_t claims; /* packet_length */
};

static void
put(struct packet *p, const void *data, size_t len)
{
	memcpy(p->at + p->len, data, len);
	p->len += len;
}

static void
put32(struct packet *p, uint32_t v)
{
	uint8_t b[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 8), (uint8_t)v};

	put(p, b, 4);
}

static void
put_list(struct packet *p, const char *s)
{
	put32(p, (uint32_t)strlen(s));
	put(p, s, strlen(s));
}

static void
wrap(struct packet *out, const struct packet *payload, const struct spoil *x)
{
	uint8_t padding = 4;
	size_t len = payload->len;

	while ((4 + 1 + len + padding) % 8 != 0)
		padding++;
	if (x->odd)
		padding++;
	put32(out, x->claims ? x->claims : (uint32_t)(1 + len + padding));
	put(out, x->padding ? &x->padding : &padding, 1);
	put(out, payload->at, len);
	memset(out->at + out->len, 0x55, padding);
	out->len += padding;
}

static struct packet
kexinit(const struct spoil *x)
{
	struct packet m = {{0}, 0}, out = {{0}, 0};
	uint8_t first = x->message ? x->message : 20;
	int i;

	put(&m, &first, 1);
	put(&m, "0123456789abcdef", 16);
	put_list(&m, x->empty_kex ? "" : x->control ? "a\33b" : curve);
	put_list(&m, keys);
	for (i = 0; i < 2; i++)
		put_list(&m, "chacha20-poly1305@openssh.com,aes128-ctr");
	for (i = 0; i < 2; i++)
		put_list(&m, "hmac-sha2-256");
	for (i = 0; i < 2; i++)
		put_list(&m, "none,zlib@openssh.com");
	put_list(&m, "");
	if (x->long_list)
		put32(&m, 0x7fffffff);
	else
		put_list(&m, "");
	put(&m, "\0", 1);
	put32(&m, x->reserved ? 1 : 0);
	if (x->trailing)
		put(&m, "x", 1);
	if (x->short_one)
		m.len -= 3;
	wrap(&out, &m, x);
	return out;
}

struct ssh_server {
	const char *before; /* lines and identification */
	struct spoil spoil;
	bool at_once; /* KEXINIT without waiting for ours */
	bool ignore;  /* a message to be ignored goes first */
	bool in_pieces;
	bool busy_once; /* hangs up on the first */
	int seen;
	char heard[256];
};

static void
send_pieces(int fd, const uint8_t *data, size_t len, bool single)
{
	size_t n = single ? 1 : len, at;

	for (at = 0; at < len; at += n) {
		if (write(fd, data + at, n) < 0)
			return;
		if (single)
			usleep(300);
	}
}

static void
serve(int fd, void *arg)
{
	static const struct spoil none;
	struct ssh_server *s = arg;
	struct packet k = kexinit(&s->spoil), ignored = {{0}, 0},
		      m = {"\2\0\0\0\4data", 9};
	char rest[64];

	if (s->seen++ == 0 && s->busy_once)
		return;
	send_pieces(fd, (const uint8_t *)s->before, strlen(s->before),
	    s->in_pieces);
	if (!s->at_once)
		fake_read_until(fd, "\n", s->heard, sizeof s->heard);
	if (s->ignore) {
		wrap(&ignored, &m, &none);
		send_pieces(fd, ignored.at, ignored.len, s->in_pieces);
	}
	send_pieces(fd, k.at, k.len, s->in_pieces);
	if (s->at_once)
		fake_read_until(fd, "\n", s->heard, sizeof s->heard);
	/* Nothing else is ever said. */
	fake_read_until(fd, "never", rest, sizeof rest);
	ck_assert_str_eq(rest, "");
}

static void
meet(struct ssh_server *server, enum rung rung, enum cause cause,
    const char *software)
{
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", serve, server);
	struct fake_probe p;

	signal(SIGPIPE, SIG_IGN);
	fake_probe_init(&p, "ssh", PROTO_TCP, "ssh.example", "127.0.0.1",
	    fake_tcp_port(s));
	ck_assert(fake_probe_run(&p, 15000));
	ck_assert_str_eq(word_name(&words_rung, (int)p.obs->rung),
	    word_name(&words_rung, (int)rung));
	ck_assert_str_eq(word_name(&words_cause, (int)p.obs->failure),
	    word_name(&words_cause, (int)cause));
	ck_assert_str_eq(fake_detail(&p, "software"), software);
	if (rung == RUNG_APP_REPLY) {
		ck_assert_str_eq(fake_detail(&p, "kex"), curve);
		ck_assert_str_eq(fake_detail(&p, "host_key"), keys);
		ck_assert_uint_gt(p.obs->attempts[p.obs->nattempts - 1].sent,
		    9);
	}
	fake_probe_free(&p);
	fake_tcp_stop(s);
}

START_TEST(an_ssh_server_is_known_by_its_offer)
{
	struct ssh_server rows[] = {
	    {"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"},
	    {"SSH-2.0-billsSSH_3.6.3q3\r\n", .ignore = true},
	    {"SSH-1.99-Cisco-1.25\n", .in_pieces = true},
	    {"Welcome\r\nto this\r\nSSH-2.0-x\r\n"},
	    {"SSH-2.0-dropbear_2022.83\r\n", .busy_once = true},
	};
	const char *software[] = {"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3",
	    "SSH-2.0-billsSSH_3.6.3q3", "SSH-1.99-Cisco-1.25", "SSH-2.0-x",
	    "SSH-2.0-dropbear_2022.83"};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		meet(&rows[i], RUNG_APP_REPLY, CAUSE_NONE, software[i]);
		ck_assert_str_eq(rows[i].heard,
		    "SSH-2.0-sitewalk_" SITEWALK_VERSION "\r\n");
	}
}
END_TEST

START_TEST(an_offer_that_comes_with_the_identification_is_read)
{
	struct ssh_server s = {"SSH-2.0-eager\r\n", .at_once = true};

	meet(&s, RUNG_APP_REPLY, CAUSE_NONE, "SSH-2.0-eager");
}
END_TEST

START_TEST(another_version_is_another_protocol)
{
	struct ssh_server s = {"SSH-1.5-1.2.27\n"};

	meet(&s, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL, "SSH-1.5-1.2.27");
}
END_TEST

/* A box that writes a banner does not get through with half an offer. */
START_TEST(a_spoilt_offer_does_not_pass)
{
	static const struct spoil rows[] = {
	    {.message = 21},
	    {.padding = 3},
	    {.padding = 255},
	    {.empty_kex = true},
	    {.control = true},
	    {.long_list = true},
	    {.short_one = true},
	    {.trailing = true},
	    {.odd = true},
	    {.reserved = true},
	    {.claims = 35004},
	    {.claims = 0xfffffffc},
	    {.claims = 4},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ssh_server s = {"SSH-2.0-x\r\n", .spoil = rows[i]};

		meet(&s, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL, "SSH-2.0-x");
	}
}
END_TEST

static const struct hostile_setup hostile = {
    .type = "ssh",
    .right = "SSH-2.0-OpenSSH_9.2\r\n\0\0\1",
    .half = 24,
    .bound_ms = 30000,
    .want_cause =
	{
	    [HOSTILE_NOTHING] = CAUSE_TCP_RESET,
	    [HOSTILE_FULL] = CAUSE_TCP_TIMEOUT,
	    [HOSTILE_SILENT] = CAUSE_TCP_TIMEOUT,
	    [HOSTILE_CLOSES] = CAUSE_TCP_RESET,
	    [HOSTILE_RESETS] = CAUSE_TCP_RESET,
	    [HOSTILE_WEB] = CAUSE_WRONG_PROTOCOL,
	    [HOSTILE_MAIL] = CAUSE_WRONG_PROTOCOL,
	    [HOSTILE_DRIPS] = CAUSE_WRONG_PROTOCOL,
	    [HOSTILE_FLOODS] = CAUSE_WRONG_PROTOCOL,
	    [HOSTILE_FLOODS_LINES] = CAUSE_WRONG_PROTOCOL,
	    [HOSTILE_GARBAGE] = CAUSE_WRONG_PROTOCOL,
	    [HOSTILE_HALF_SILENT] = CAUSE_TCP_TIMEOUT,
	    [HOSTILE_HALF_CLOSES] = CAUSE_TCP_RESET,
	    [HOSTILE_HALF_RESETS] = CAUSE_TCP_RESET,
	},
};

START_TEST(nothing_hostile_passes_or_holds_it_up)
{
	hostile_try(&hostile);
}
END_TEST

START_TEST(it_can_be_stopped_at_every_stage)
{
	hostile_cancel(&hostile);
}
END_TEST

HARNESS("probe ssh", an_ssh_server_is_known_by_its_offer,
    an_offer_that_comes_with_the_identification_is_read,
    another_version_is_another_protocol, a_spoilt_offer_does_not_pass,
    nothing_hostile_passes_or_holds_it_up, it_can_be_stopped_at_every_stage)
