/* SPDX-License-Identifier: MIT */
/* Promises of the SIP probe (RFC 3261, RFC 3581): any response to our own
 * OPTIONS proves a server, and a box that rewrites it is found out. */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/probe/sip_message.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/fake_probe.h"
#include "tests/unit/hostile_peer.h"

static struct sip_request
sample_request(void)
{
	struct sip_request q = {
	    .host = "bob.example",
	    .port = 5060,
	    .branch = "hjhs8ass877aaaaaaaa",
	    .call_id = "a84b4c76e66710bbbbb",
	    .tag = "1928301774ccccccccc",
	    .cseq = 63104,
	};

	addr_parse(&q.me, "10.20.30.50", 40000);
	return q;
}

START_TEST(the_request_has_every_header_that_it_must)
{
	/* RFC 3261 section 11.1 with RFC 3581; facts 4. */
	static const char expected[] =
	    "OPTIONS sip:bob.example SIP/2.0\r\n"
	    "Via: SIP/2.0/TCP 10.20.30.50:40000;"
	    "branch=z9hG4bKhjhs8ass877aaaaaaaa;rport\r\n"
	    "Max-Forwards: 70\r\n"
	    "From: <sip:sitewalk@10.20.30.50>;tag=1928301774ccccccccc\r\n"
	    "To: <sip:bob.example>\r\n"
	    "Call-ID: a84b4c76e66710bbbbb@10.20.30.50\r\n"
	    "CSeq: 63104 OPTIONS\r\n"
	    "Contact: <sip:sitewalk@10.20.30.50:40000;transport=tcp>\r\n"
	    "Accept: application/sdp\r\n"
	    "Content-Length: 0\r\n\r\n";
	struct sip_request q = sample_request();
	char out[SIP_REQUEST_MAX];

	ck_assert_uint_eq(sip_request_write(&q, out, sizeof out),
	    strlen(expected));
	ck_assert_str_eq(out, expected);
	ck_assert_uint_eq(sip_request_write(&q, out, 100), 0);
	q.host = "2001:db8::7";
	q.port = 5062;
	addr_parse(&q.me, "2001:db8::5", 40000);
	sip_request_write(&q, out, sizeof out);
	ck_assert_ptr_nonnull(strstr(out, "OPTIONS sip:[2001:db8::7]:5062 "));
	ck_assert_ptr_nonnull(strstr(out, " [2001:db8::5]:40000;branch="));
}
END_TEST

#define VIA \
	"Via: SIP/2.0/TCP 10.20.30.50:40000;" \
	"branch=z9hG4bKhjhs8ass877aaaaaaaa;received=192.0.2.2;rport=1024\r\n"
#define FROM "From: <sip:sitewalk@10.20.30.50>;tag=1928301774ccccccccc\r\n"
#define TO "To: <sip:bob.example>;tag=a6c85cf\r\n"
#define CALL "Call-ID: a84b4c76e66710bbbbb@10.20.30.50\r\n"
#define CSEQ "CSeq: 63104 OPTIONS\r\n"
#define END "Content-Length: 0\r\n\r\n"
#define ALTER(via, from, to, call, cseq) \
	"SIP/2.0 200 OK\r\n" via from to call cseq END

static const struct {
	const char *what, *text;
	enum sip_kind kind;
	int status;
	unsigned altered;
} responses[] = {
    {"as a server returns it", ALTER(VIA, FROM, TO, CALL, CSEQ), SIP_RESPONSE,
	200, 0},
    {"a refusal", "SIP/2.0 403 Forbidden\r\n" VIA FROM TO CALL CSEQ END,
	SIP_RESPONSE, 403, 0},
    {"in compact forms, any case, without a reason",
	"sip/2.0 405 \r\n"
	"v: SIP/2.0/TCP 10.20.30.50:40000;branch=z9hG4bKhjhs8ass877aaaaaaaa"
	";received=192.0.2.2;rport=1\r\n"
	"F: <sip:sitewalk@10.20.30.50>;tag=1928301774ccccccccc\r\n"
	"T : <sip:bob.example>;tag=a6c85cf\r\n"
	"I:a84b4c76e66710bbbbb@10.20.30.50\r\n"
	"cSEQ:  63104   OPTIONS\r\nl:0\r\n\r\n",
	SIP_RESPONSE, 405, 0},
    {"folded lines and spaces in the Via",
	"SIP/2.0 200 OK\r\n"
	"Via: SIP / 2.0 / TCP\r\n 10.20.30.50:40000\r\n\t;branch ="
	" z9hG4bKhjhs8ass877aaaaaaaa ;received=192.0.2.2 ;rport=1\r\n" FROM TO
	    CALL CSEQ END,
	SIP_RESPONSE, 200, 0},
    {"a quoted comma and semicolon",
	"SIP/2.0 200 OK\r\nContact: \"a, b; c\" <sip:x@y;z>\r\n" VIA
	"From: <sip:sitewalk@10.20.30.50>;tag=1928301774ccccccccc\r\n" TO CALL
	    CSEQ END,
	SIP_RESPONSE, 200, 0},
    {"keep-alives before it", "\r\n\r\n" ALTER(VIA, FROM, TO, CALL, CSEQ),
	SIP_RESPONSE, 200, 0},
    /* What a helper on the way does. */
    {"another sent-by",
	ALTER("Via: SIP/2.0/TCP 192.0.2.2:1024;branch=z9hG4bKhjhs8ass877aaaaaa"
	      "aa;received=192.0.2.2;rport=1024\r\n",
	    FROM, TO, CALL, CSEQ),
	SIP_RESPONSE, 200, SIP_VIA_SENT_BY},
    {"our own address as the server saw it",
	ALTER("Via: SIP/2.0/TCP 10.20.30.50:40000;branch=z9hG4bKhjhs8ass877aaa"
	      "aaaaa;received=10.20.30.50;rport=40000\r\n",
	    FROM, TO, CALL, CSEQ),
	SIP_RESPONSE, 200, SIP_RECEIVED},
    {"no address, though the port was filled in",
	ALTER("Via: SIP/2.0/TCP 10.20.30.50:40000;branch=z9hG4bKhjhs8ass877aaa"
	      "aaaaa;rport=40000\r\n",
	    FROM, TO, CALL, CSEQ),
	SIP_RESPONSE, 200, SIP_RECEIVED},
    {"a second Via",
	ALTER(VIA "Via: SIP/2.0/TCP 192.0.2.9;branch=z9hG4bKx\r\n", FROM, TO,
	    CALL, CSEQ),
	SIP_RESPONSE, 200, SIP_VIA_COUNT},
    {"another host in the Call-ID",
	ALTER(VIA, FROM, TO, "Call-ID: a84b4c76e66710bbbbb@192.0.2.2\r\n",
	    CSEQ),
	SIP_RESPONSE, 200, SIP_CALL_ID},
    {"another From",
	ALTER(VIA, "From: <sip:sitewalk@192.0.2.2>;tag=1928301774ccccccccc\r\n",
	    TO, CALL, CSEQ),
	SIP_RESPONSE, 200, SIP_FROM},
    {"another To",
	ALTER(VIA, FROM, "To: <sip:192.0.2.9>;tag=1\r\n", CALL, CSEQ),
	SIP_RESPONSE, 200, SIP_TO},
    {"another transport",
	ALTER("Via: SIP/2.0/UDP 10.20.30.50:40000;branch=z9hG4bKhjhs8ass877aaa"
	      "aaaaa;received=192.0.2.2;rport=1024\r\n",
	    FROM, TO, CALL, CSEQ),
	SIP_RESPONSE, 200, SIP_VIA_TRANSPORT},
    {"another branch",
	ALTER("Via: SIP/2.0/TCP 10.20.30.50:40000;branch=z9hG4bKother;"
	      "received=192.0.2.2;rport=1024\r\n",
	    FROM, TO, CALL, CSEQ),
	SIP_RESPONSE, 200, SIP_VIA_BRANCH},
    /* No answer to us. */
    {"another Call-ID and branch",
	ALTER("Via: SIP/2.0/TCP 10.20.30.50:40000;branch=z9hG4bKother\r\n",
	    FROM, TO, "Call-ID: other\r\n", CSEQ),
	SIP_NOT, 0, 0},
    {"another method and Call-ID",
	ALTER(VIA, FROM, TO, "Call-ID: other\r\n", "CSeq: 63104 INVITE\r\n"),
	SIP_NOT, 0, 0},
    {"two Call-IDs", ALTER(VIA, FROM, TO, CALL CALL, CSEQ), SIP_NOT, 0, 0},
    {"no Via", ALTER("", FROM, TO, CALL, CSEQ), SIP_NOT, 0, 0},
    {"no CSeq", ALTER(VIA, FROM, TO, CALL, ""), SIP_NOT, 0, 0},
    {"a web server", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", SIP_NOT, 0,
	0},
    {"a request", "OPTIONS sip:x SIP/2.0\r\n" VIA FROM TO CALL CSEQ END,
	SIP_NOT, 0, 0},
    {"a status of two digits", "SIP/2.0 20 OK\r\n" VIA FROM TO CALL CSEQ END,
	SIP_NOT, 0, 0},
    {"a status beyond the classes",
	"SIP/2.0 799 OK\r\n" VIA FROM TO CALL CSEQ END, SIP_NOT, 0, 0},
    {"a line without a colon", ALTER(VIA "nonsense\r\n", FROM, TO, CALL, CSEQ),
	SIP_NOT, 0, 0},
    {"bare line feeds", "SIP/2.0 200 OK\r\nVia: x\nFrom: y\n\r\n\r\n", SIP_NOT,
	0, 0},
    {"a length that is no number",
	"SIP/2.0 200 OK\r\n" VIA FROM TO CALL CSEQ "Content-Length: x\r\n\r\n",
	SIP_NOT, 0, 0},
    {"a length without end",
	"SIP/2.0 200 OK\r\n" VIA FROM TO CALL CSEQ
	"Content-Length: 99999999\r\n\r\n",
	SIP_NOT, 0, 0},
    {"a body that is yet to come",
	"SIP/2.0 200 OK\r\n" VIA FROM TO CALL CSEQ
	"Content-Length: 5\r\n\r\nv=",
	SIP_MORE, 0, 0},
};

START_TEST(responses_are_read_strictly)
{
	struct sip_request q = sample_request();
	struct sip_response r;
	size_t i;

	for (i = 0; i < sizeof responses / sizeof *responses; i++) {
		const char *what = responses[i].what, *s = responses[i].text;
		enum sip_kind kind = sip_response_read((const uint8_t *)s,
		    strlen(s), &q, true, &r);

		ck_assert_msg(kind == responses[i].kind, "%s: kind %d", what,
		    (int)kind);
		if (kind != SIP_RESPONSE)
			continue;
		ck_assert_msg(r.status == responses[i].status, "%s: %d", what,
		    r.status);
		ck_assert_msg(r.altered == responses[i].altered, "%s: %x", what,
		    r.altered);
		ck_assert_uint_eq(r.size, strlen(s));
	}
}
END_TEST

/* In the local network the server sees our own address. */
START_TEST(inside_our_own_address_is_no_wonder)
{
	struct sip_request q = sample_request();
	struct sip_response r;
	static const char text[] = ALTER(
	    "Via: SIP/2.0/TCP 10.20.30.50:40000;branch=z9hG4bKhjhs8ass877aaa"
	    "aaaaa;received=10.20.30.50;rport=40000\r\n",
	    FROM, TO, CALL, CSEQ);

	ck_assert_int_eq(sip_response_read((const uint8_t *)text,
			     sizeof text - 1, &q, false, &r),
	    SIP_RESPONSE);
	ck_assert_uint_eq(r.altered, 0);
	ck_assert_uint_eq(r.received.len, 11);
	ck_assert(memcmp(r.received.at, "10.20.30.50", 11) == 0);
}
END_TEST

START_TEST(by_tcp_every_beginning_is_waited_for)
{
	struct sip_request q = sample_request();
	struct sip_response r;
	const char *s = responses[0].text;
	size_t i;

	for (i = 0; i < strlen(s); i++)
		ck_assert_int_eq(sip_response_read((const uint8_t *)s, i, &q,
				     true, &r),
		    SIP_MORE);
	q.udp = true;
	for (i = 0; i < strlen(s); i++)
		ck_assert_int_eq(sip_response_read((const uint8_t *)s, i, &q,
				     true, &r),
		    SIP_NOT);
}
END_TEST

/* Any single byte changed: it may be told as altered, never crash or read
 * beyond (the sanitizers watch). */
START_TEST(damage_anywhere_is_survived)
{
	struct sip_request q = sample_request();
	struct sip_response r;
	const char *s = responses[3].text;
	uint8_t m[2048];
	size_t i, len = strlen(s);
	int c;

	for (i = 0; i < len; i++) {
		for (c = 0; c < 256; c += 5) {
			memcpy(m, s, len);
			m[i] = (uint8_t)c;
			sip_response_read(m, len, &q, true, &r);
		}
	}
}
END_TEST

/* --- servers --- */

/* Copies what a server must return, by RFC 3261 section 8.2.6. */
static size_t
respond(const char *status, const uint8_t *q, size_t len, const char *swap,
    const char *with, uint8_t *out, size_t size)
{
	char text[2048], *line, *end, *at;
	size_t n;

	if (len == 0 || len >= sizeof text)
		return 0;
	memcpy(text, q, len);
	text[len] = '\0';
	n = (size_t)snprintf((char *)out, size, "SIP/2.0 %s\r\n", status);
	line = strstr(text, "\r\n");
	while (line != NULL && (end = strstr(line + 2, "\r\n")) != NULL &&
	    end != line + 2) {
		line += 2;
		*end = '\0';
		if (strncmp(line, "Via:", 4) == 0 ||
		    strncmp(line, "From:", 5) == 0 ||
		    strncmp(line, "Call-ID:", 8) == 0 ||
		    strncmp(line, "CSeq:", 5) == 0 ||
		    strncmp(line, "To:", 3) == 0) {
			at = swap == NULL ? NULL : strstr(line, swap);
			if (at != NULL)
				n += (size_t)snprintf((char *)out + n, size - n,
				    "%.*s%s%s\r\n", (int)(at - line), line,
				    with, at + strlen(swap));
			else
				n += (size_t)snprintf((char *)out + n, size - n,
				    "%s\r\n", line);
		}
		*end = '\r';
		line = end;
	}
	n += (size_t)snprintf((char *)out + n, size - n,
	    "Server: lab\r\nContent-Length: 0\r\n\r\n");
	return n;
}

struct server {
	const char *status, *swap, *with;
	bool trying;
};

static void
serve(int fd, void *arg)
{
	const struct server *s = arg;
	char q[2048];
	uint8_t out[4096];
	size_t n = 0, len = fake_read_until(fd, "\r\n\r\n", q, sizeof q);

	ck_assert(len == 0 || strncmp(q, "OPTIONS sip:127.0.0.1:", 22) == 0);
	if (s->status == NULL || len == 0)
		return;
	if (s->trying)
		n = respond("100 Trying", (uint8_t *)q, len, NULL, NULL, out,
		    sizeof out);
	n += respond(s->status, (uint8_t *)q, len, s->swap, s->with, out + n,
	    sizeof out - n);
	send(fd, out, n, MSG_NOSIGNAL);
	fake_read_until(fd, "never", q, sizeof q);
}

static void
ask(struct fake_probe *p, struct server *s)
{
	struct fake_tcp *server = fake_tcp_start("127.0.0.1", serve, s);

	fake_probe_init(p, "sip", PROTO_TCP, NULL, "127.0.0.1",
	    fake_tcp_port(server));
	ck_assert(fake_probe_run(p, 20000));
	fake_tcp_stop(server);
}

START_TEST(every_final_status_is_a_server)
{
	static const struct {
		const char *status;
		enum cause failure;
	} rows[] = {
	    {"200 OK", CAUSE_NONE},
	    {"401 Unauthorized", CAUSE_NONE},
	    {"403 Forbidden", CAUSE_NONE},
	    {"404 Not Found", CAUSE_NONE},
	    {"405 Method Not Allowed", CAUSE_NONE},
	    {"407 Proxy Authentication Required", CAUSE_NONE},
	    {"481 Call/Transaction Does Not Exist", CAUSE_NONE},
	    {"483 Too Many Hops", CAUSE_NONE},
	    {"486 Busy Here", CAUSE_NONE},
	    {"501 Not Implemented", CAUSE_NONE},
	    {"500 Server Internal Error", CAUSE_SERVICE_UNAVAILABLE},
	    {"503 Service Unavailable", CAUSE_SERVICE_UNAVAILABLE},
	};
	struct fake_probe p;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct server s = {.status = rows[i].status, .trying = i == 0};

		ask(&p, &s);
		ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
		ck_assert_int_eq(p.obs->failure, rows[i].failure);
		ck_assert_int_eq(p.obs->nature, NATURE_CONNECTION);
		ck_assert_int_eq(fake_detail_int(&p, "status") / 100,
		    rows[i].status[0] - '0');
		ck_assert_str_eq(fake_detail(&p, "server"), "lab");
		ck_assert_str_eq(fake_detail(&p, "altered"), "");
		ck_assert_str_eq(fake_detail(&p, "end"), "answered");
		ck_assert_uint_gt(p.obs->attempts[0].sent, 300);
		ck_assert_uint_gt(p.obs->attempts[0].received, 200);
		fake_probe_free(&p);
	}
}
END_TEST

START_TEST(what_a_helper_rewrites_is_found)
{
	static const struct {
		const char *swap, *with, *altered;
	} rows[] = {
	    {"TCP 127.0.0.1", "TCP 192.0.2.2", "via_sent_by"},
	    {"sitewalk@127.0.0.1", "sitewalk@192.0.2.2", "from"},
	    {"<sip:127.0.0.1:", "<sip:192.0.2.9:", "to"},
	};
	struct fake_probe p;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct server s = {.status = "200 OK",
		    .swap = rows[i].swap,
		    .with = rows[i].with};

		ask(&p, &s);
		ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
		ck_assert_int_eq(p.obs->failure, CAUSE_SIP_ALG);
		ck_assert_str_eq(fake_detail(&p, "altered"), rows[i].altered);
		fake_probe_free(&p);
	}
}
END_TEST

START_TEST(accepted_and_then_closed_is_a_finding_of_its_own)
{
	struct server s = {0};
	struct fake_probe p;

	ask(&p, &s);
	ck_assert_int_eq(p.obs->rung, RUNG_TRANSPORT);
	ck_assert_int_eq(p.obs->failure, CAUSE_SERVICE_SILENT);
	ck_assert_str_eq(fake_detail(&p, "end"), "closed");
	fake_probe_free(&p);
}
END_TEST

static size_t
right_answer(const uint8_t *q, size_t len, const struct addr *from, bool other,
    uint8_t *out, size_t size)
{
	char text[2048], *at;

	(void)from;
	if (len >= sizeof text)
		return 0;
	memcpy(text, q, len);
	text[len] = '\0';
	at = strstr(text, "Call-ID: ");
	if (other && at != NULL)
		at[12] = at[12] == 'x' ? 'y' : 'x';
	at = strstr(text, "z9hG4bK");
	if (other && at != NULL)
		at[9] = at[9] == 'x' ? 'y' : 'x';
	return respond("200 OK", (uint8_t *)text, len, NULL, NULL, out, size);
}

START_TEST(hostile_servers_never_pass)
{
	static const struct hostile h = {"sip", right_answer, 2};

	hostile_udp(&h);
}
END_TEST

START_TEST(hostile_servers_never_pass_by_tcp)
{
	static const struct hostile h = {"sip", right_answer, 2};

	hostile_tcp(&h);
}
END_TEST

HARNESS("probe sip", the_request_has_every_header_that_it_must,
    responses_are_read_strictly, inside_our_own_address_is_no_wonder,
    by_tcp_every_beginning_is_waited_for, damage_anywhere_is_survived,
    every_final_status_is_a_server, what_a_helper_rewrites_is_found,
    accepted_and_then_closed_is_a_finding_of_its_own,
    hostile_servers_never_pass, hostile_servers_never_pass_by_tcp)
