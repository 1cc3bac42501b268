/* SPDX-License-Identifier: MIT */
/* Promises of the probe of devices: only what such a device says before a
 * login passes (bytes of the facts, sections 1.4, 1.5, 1.9, 1.10, and of RFC
 * 6455); what it tells of itself is kept, its secrets are not. */
#include "tests/unit/harness.h"

#include <openssl/evp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/fake_net.h"
#include "tests/unit/fake_tls.h"
#include "tests/unit/hostile.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define JSON(value) \
	"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" \
	"{\"LL\":{\"control\":\"dev/cfg/apiKey\",\"value\":" value \
	",\"Code\":\"200\"}}"
#define KEY_TEXT \
	"\"{'snr':'50:4F:94:A0:00:01','version':'17.0.3.31','key':'4142'," \
	"'isInTrust':false,'local':true,'address':'192.0.2.10'," \
	"'httpsStatus':1}\""
#define KEY_OBJECT \
	"{\"snr\":\"504f94a00001\",\"version\":\"12.0.2.24\"," \
	"\"address\":\"127.0.0.1\",\"local\":false}"

/* What a device says to each request, in order; NULL ends. */
struct device {
	const char *reply[3];
	bool websocket;       /* the reply is the frame after a 101 */
	const char *protocol; /* that it agrees to, or NULL */
	bool wrong_accept;
	const char *frame; /* bytes before the text: 0x81 and length */
	bool in_pieces;
	int seen;
	char heard[3][1024];
};

static void
accept_of(const char *request, char out[64])
{
	const char *key = strstr(request, "Sec-WebSocket-Key: ");
	unsigned char sum[EVP_MAX_MD_SIZE];
	char both[128];
	unsigned n;

	ck_assert_ptr_nonnull(key);
	snprintf(both, sizeof both, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
	    key + strlen("Sec-WebSocket-Key: "));
	EVP_Digest(both, strlen(both), sum, &n, EVP_sha1(), NULL);
	EVP_EncodeBlock((unsigned char *)out, sum, (int)n);
}

static void
say(int fd, const char *data, size_t len, bool in_pieces)
{
	size_t i;

	for (i = 0; in_pieces && i < len; i++) {
		if (write(fd, data + i, 1) != 1)
			return;
		usleep(300);
	}
	if (!in_pieces && write(fd, data, len) < 0)
		return;
}

static void
upgrade(int fd, struct device *d, const char *request, const char *text)
{
	char accept[64], head[512];
	size_t n = strlen(text);
	char frame[4] = {(char)0x81, 126, (char)(n >> 8), (char)n};

	accept_of(request, accept);
	if (d->wrong_accept)
		accept[0] = accept[0] == 'A' ? 'B' : 'A';
	snprintf(head, sizeof head,
	    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
	    "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s%s%s\r\n",
	    accept, d->protocol ? "Sec-WebSocket-Protocol: " : "",
	    d->protocol ? d->protocol : "", d->protocol ? "\r\n" : "");
	say(fd, head, strlen(head), d->in_pieces);
	if (d->frame != NULL) {
		say(fd, d->frame, strlen(d->frame), false);
		return;
	}
	if (n < 126) {
		frame[1] = (char)n;
		say(fd, frame, 2, d->in_pieces);
	} else {
		say(fd, frame, 4, d->in_pieces);
	}
	say(fd, text, n, d->in_pieces);
}

static void
serve(int fd, void *arg)
{
	struct device *d = arg;
	int i = d->seen < 3 ? d->seen++ : 2;
	char rest[64];

	/* A ClientHello: this one speaks no TLS. */
	if (recv(fd, rest, 1, MSG_PEEK) == 1 && rest[0] == 0x16)
		return;
	fake_read_until(fd, "\r\n\r\n", d->heard[i], sizeof d->heard[i]);
	if (d->reply[i] == NULL)
		return;
	if (d->websocket && strstr(d->heard[i], "Upgrade: websocket") != NULL)
		upgrade(fd, d, d->heard[i], d->reply[i]);
	else
		say(fd, d->reply[i], strlen(d->reply[i]), d->in_pieces);
	if (d->websocket)
		fake_read_until(fd, "never", rest, sizeof rest);
}

struct meeting {
	struct fake_probe p;
	struct fake_tcp *s;
};

static void
meet(struct meeting *m, const char *want, struct device *d, enum rung rung,
    enum cause cause)
{
	signal(SIGPIPE, SIG_IGN);
	m->s = fake_tcp_start("127.0.0.1", serve, d);
	fake_probe_init(&m->p, "device", PROTO_TCP, NULL, "127.0.0.1",
	    fake_tcp_port(m->s));
	m->p.spec.want = (char *)(uintptr_t)want;
	ck_assert(fake_probe_run(&m->p, 25000));
	ck_assert_str_eq(word_name(&words_rung, (int)m->p.obs->rung),
	    word_name(&words_rung, (int)rung));
	ck_assert_str_eq(word_name(&words_cause, (int)m->p.obs->failure),
	    word_name(&words_cause, (int)cause));
}

static void
part(struct meeting *m)
{
	fake_probe_free(&m->p);
	fake_tcp_stop(m->s);
}

static const char *
told(const struct meeting *m, const char *name)
{
	const json_t *list = json_object_get(m->p.obs->detail, "devices");
	const char *s;

	ck_assert_uint_eq(json_array_size(list), 1);
	s = json_string_value(json_object_get(json_array_get(list, 0), name));
	return s == NULL ? "" : s;
}

START_TEST(a_miniserver_tells_who_it_is)
{
	struct device text = {{JSON(KEY_TEXT)}, .in_pieces = true};
	struct device object = {{JSON(KEY_OBJECT)}};
	struct meeting m;

	meet(&m, "miniserver", &text, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(told(&m, "kind"), "miniserver");
	ck_assert_str_eq(told(&m, "serial"), "504F94A00001");
	ck_assert_str_eq(told(&m, "firmware"), "17.0.3.31");
	ck_assert_str_eq(told(&m, "generation"), "gen2");
	ck_assert_str_eq(told(&m, "mac"), "50:4F:94:A0:00:01");
	ck_assert_str_eq(told(&m, "address"), "127.0.0.1");
	ck_assert_int_eq(fake_detail_int(&m.p, "https_status"), 1);
	ck_assert(fake_detail_is(&m.p, "local"));
	/* It knows itself by another address than ours for it. */
	ck_assert(fake_detail_is(&m.p, "nat_between"));
	ck_assert_str_eq(fake_detail(&m.p, "stated_address"), "192.0.2.10");
	/* Asked for nothing that needs a login. */
	ck_assert_ptr_eq(strstr(text.heard[0], "GET /jdev/cfg/apiKey HTTP/1.1"),
	    text.heard[0]);
	ck_assert_ptr_null(strstr(text.heard[0], "Authorization"));
	ck_assert_int_eq(text.seen, 1);
	part(&m);
	meet(&m, "miniserver", &object, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(told(&m, "serial"), "504F94A00001");
	ck_assert_str_eq(told(&m, "generation"), "gen1");
	ck_assert_str_eq(told(&m, "mac"), "");
	ck_assert(
	    json_is_false(json_object_get(m.p.obs->detail, "nat_between")));
	part(&m);
}
END_TEST

START_TEST(a_miniserver_that_leads_to_its_name_is_one)
{
	struct device d = {{"HTTP/1.1 307 Temporary Redirect\r\nLocation: "
			    "https://127-0-0-1.504f94a00001.dyndns."
			    "loxonecloud.com/jdev/cfg/apiKey\r\n"
			    "Content-Length: 0\r\n\r\n"}};
	struct device other = {{"HTTP/1.1 307 Temporary Redirect\r\nLocation: "
				"https://127-0-0-2.504f94a00001.dyndns."
				"loxonecloud.com/\r\nContent-Length: 0\r\n\r\n",
	    NULL}};
	struct meeting m;

	meet(&m, "miniserver", &d, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(told(&m, "serial"), "504F94A00001");
	part(&m);
	/* The name of another address may be anybody's redirect. */
	meet(&m, "miniserver", &other, RUNG_TRANSPORT, CAUSE_NONE);
	part(&m);
}
END_TEST

START_TEST(a_miniserver_is_asked_inside_tls_where_plain_fails)
{
	struct fake_cert *leaf = fake_cert_new("device.example", NULL, false,
	    -1, 30);
	struct fake_tls how = {.leaf = leaf, .reply = JSON(KEY_TEXT)};
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", fake_tls_serve, &how);
	struct fake_probe p;

	signal(SIGPIPE, SIG_IGN);
	fake_probe_init(&p, "device", PROTO_TCP, NULL, "127.0.0.1",
	    fake_tcp_port(s));
	p.spec.want = (char *)(uintptr_t) "miniserver";
	ck_assert(fake_probe_run(&p, 25000));
	ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
	ck_assert_int_eq(p.obs->failure, CAUSE_NONE);
	ck_assert_int_eq(strncmp(fake_detail(&p, "tls"), "TLSv1.", 6), 0);
	ck_assert_uint_eq(p.obs->nattempts, 2);
	fake_probe_free(&p);
	fake_tcp_stop(s);
	fake_cert_free(leaf);
}
END_TEST

START_TEST(what_is_no_miniserver_does_not_pass)
{
	static const struct {
		const char *reply;
		enum cause cause;
	} rows[] = {
	    {"HTTP/1.1 200 OK\r\n\r\n<title>printer</title>",
		CAUSE_WRONG_PROTOCOL},
	    {"HTTP/1.1 200 OK\r\n\r\n{}", CAUSE_WRONG_PROTOCOL},
	    {JSON("17"), CAUSE_WRONG_PROTOCOL},
	    {JSON("\"{'snr':'50:4F:94:A0:00','version':'17'}\""),
		CAUSE_WRONG_PROTOCOL},
	    {JSON("\"{'version':'17.0.3.31'}\""), CAUSE_WRONG_PROTOCOL},
	    {JSON("\"[[[[\""), CAUSE_WRONG_PROTOCOL},
	    {"RTSP/1.0 200 OK\r\n\r\n", CAUSE_WRONG_PROTOCOL},
	    /* These may be one that says less than is known. */
	    {"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
		CAUSE_NONE},
	    {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", CAUSE_NONE},
	};
	struct meeting m;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct device d = {{rows[i].reply}};

		meet(&m, "miniserver", &d, RUNG_TRANSPORT, rows[i].cause);
		ck_assert_ptr_null(json_object_get(m.p.obs->detail, "devices"));
		part(&m);
	}
}
END_TEST

START_TEST(an_audioserver_speaks_first)
{
	struct device app =
	    {{"LWSS V 15.2.09.27 | ~API:1.6~ | Session-Token: " TOKEN},
		.websocket = true, .protocol = "remotecontrol"};
	struct device miniserver =
	    {{"MINISERVER V LWSS V 15.2.09.27 50:4F:94:A0:00:02 | ~API:1.6~ | "
	      "Session-Token: " TOKEN TOKEN TOKEN TOKEN},
		.websocket = true, .in_pieces = true};
	struct meeting m;
	char *all;

	meet(&m, "audioserver", &app, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(told(&m, "kind"), "audioserver");
	ck_assert_str_eq(told(&m, "firmware"), "15.2.09.27");
	ck_assert_str_eq(fake_detail(&m.p, "role"), "app");
	ck_assert_ptr_nonnull(
	    strstr(app.heard[0], "Sec-WebSocket-Protocol: remotecontrol\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(app.heard[0], "Sec-WebSocket-Version: 13\r\n"));
	/* The token of the session is nobody's business. */
	all = json_dumps(m.p.obs->detail, 0);
	ck_assert_ptr_null(strstr(all, TOKEN));
	free(all);
	part(&m);
	meet(&m, "audioserver", &miniserver, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(told(&m, "mac"), "50:4F:94:A0:00:02");
	ck_assert_str_eq(fake_detail(&m.p, "role"), "miniserver");
	part(&m);
}
END_TEST

/* Without a WebSocket, the same commands go by HTTP. */
START_TEST(an_audioserver_without_websocket_is_asked_whether_it_is_ready)
{
	struct device d = {{"HTTP/1.1 404 Not Found\r\n\r\n", NULL,
	    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "40\r\n{\"ready_result\":{\"session\":547},"
	    "\"command\":\"audio/cfg/ready\"}    \r\n0\r\n\r\n"}};
	struct meeting m;

	meet(&m, "audioserver", &d, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(told(&m, "kind"), "audioserver");
	ck_assert_ptr_nonnull(strstr(d.heard[2], "GET /audio/cfg/ready HTTP"));
	part(&m);
}
END_TEST

START_TEST(an_intercom_asks_first)
{
	struct device d =
	    {{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"authenticate\","
	      "\"params\":[\"" TOKEN "\",\"c0ffee\",\"010001\",\"key\"]}"},
		.websocket = true, .protocol = "webrtc-signaling"};
	struct device other =
	    {{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"info\","
	      "\"params\":[]}",
		 NULL},
		.websocket = true};
	struct device reply = {{"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[]}",
				   NULL},
	    .websocket = true};
	struct meeting m;

	meet(&m, "intercom", &d, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(told(&m, "kind"), "intercom");
	ck_assert_str_eq(told(&m, "generation"), "gen2");
	ck_assert_ptr_nonnull(
	    strstr(d.heard[0], "Sec-WebSocket-Protocol: webrtc-signaling\r\n"));
	part(&m);
	meet(&m, "intercom", &other, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
	part(&m);
	meet(&m, "intercom", &reply, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
	part(&m);
}
END_TEST

START_TEST(a_websocket_that_is_none_does_not_pass)
{
	static const char hello[] = "LWSS V 15.2.09.27 | ~API:1.6~ | x";
	struct device rows[] = {
	    {{hello}, .websocket = true, .wrong_accept = true},
	    {{hello}, .websocket = true, .protocol = "chat"},
	    /* Masked, reserved, a close, a message of other words. */
	    {{hello}, .websocket = true, .frame = "\x81\x85\x37\xfa\x21\x3d"},
	    {{hello}, .websocket = true, .frame = "\xf1\x05Hello"},
	    {{hello}, .websocket = true, .frame = "\x88\x02\x03\xe8"},
	    {{hello}, .websocket = true, .frame = "\x81\x05Hello"},
	    {{"LWSS V fifteen | x"}, .websocket = true},
	    {{"LWSS 15.2.09.27"}, .websocket = true},
	    {{"MINISERVER LWSS V 15.2.09.27"}, .websocket = true},
	};
	struct meeting m;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		meet(&m, "audioserver", &rows[i], RUNG_TRANSPORT,
		    CAUSE_WRONG_PROTOCOL);
		part(&m);
	}
}
END_TEST

START_TEST(an_old_intercom_shows_a_picture_or_wants_a_login)
{
	struct device login = {{"HTTP/1.1 401 Unauthorized\r\n"
				"WWW-Authenticate: Basic realm=\"x\"\r\n\r\n"}};
	struct device video = {
	    {"HTTP/1.0 200 OK\r\nContent-Type: multipart/"
	     "x-mixed-replace; boundary=--b\r\n\r\n--b\r\n"}};
	struct device page = {{"HTTP/1.1 200 OK\r\nContent-Type: text/html"
			       "\r\n\r\n<title>x</title>"}};
	struct device missing = {{"HTTP/1.1 404 Not Found\r\n\r\n"}};
	struct meeting m;

	meet(&m, "intercom_gen1", &login, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_ptr_null(json_object_get(m.p.obs->detail, "devices"));
	part(&m);
	meet(&m, "intercom_gen1", &video, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(told(&m, "generation"), "gen1");
	part(&m);
	meet(&m, "intercom_gen1", &page, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
	part(&m);
	meet(&m, "intercom_gen1", &missing, RUNG_TRANSPORT, CAUSE_NONE);
	part(&m);
}
END_TEST

START_TEST(an_airplay_receiver_answers_this_question)
{
	struct device right = {{"RTSP/1.0 200 OK\r\nCSeq: 61\r\nServer: "
				"AirTunes/105.1\r\nPublic: ANNOUNCE\r\n\r\n"}};
	struct device refuses = {{"HTTP/1.1 403 Forbidden\r\n"
				  "Server: AirTunes/540.31.41\r\n\r\n"}};
	struct device late = {{"RTSP/1.0 200 OK\r\nCSeq: 60\r\nServer: "
			       "AirTunes/105.1\r\n\r\n"}};
	struct device camera = {{"RTSP/1.0 200 OK\r\nServer: camera\r\n\r\n"}};
	struct device web = {{"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n"
			      "\r\n"}};
	struct meeting m;

	meet(&m, "airplay", &right, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_str_eq(told(&m, "kind"), "airplay");
	ck_assert_ptr_eq(strstr(right.heard[0],
			     "OPTIONS * RTSP/1.0\r\nCSeq: 61\r\n"),
	    right.heard[0]);
	part(&m);
	meet(&m, "airplay", &refuses, RUNG_APP_REPLY, CAUSE_NONE);
	part(&m);
	meet(&m, "airplay", &late, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
	part(&m);
	meet(&m, "airplay", &camera, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
	part(&m);
	meet(&m, "airplay", &web, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
	part(&m);
}
END_TEST

START_TEST(any_web_server_will_do_where_no_more_is_known)
{
	struct device d = {{"HTTP/1.1 500 Oh\r\n\r\n"}};
	struct device none = {{"HTTP/1.1 ok\r\n\r\n"}};
	struct meeting m;

	meet(&m, "web", &d, RUNG_APP_REPLY, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&m.p, "status"), 500);
	part(&m);
	meet(&m, "web", &none, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
	part(&m);
}
END_TEST

static const struct hostile_setup hostile = {
    .type = "device",
    .want = "audioserver",
    .right = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n",
    .half = 40,
    .waits = true,
    .bound_ms = 45000,
    .want_cause =
	{
	    [HOSTILE_NOTHING] = CAUSE_TCP_RESET,
	    [HOSTILE_FULL] = CAUSE_TCP_TIMEOUT,
	    [HOSTILE_SILENT] = CAUSE_TCP_TIMEOUT,
	    [HOSTILE_CLOSES] = CAUSE_TCP_RESET,
	    [HOSTILE_RESETS] = CAUSE_TCP_RESET,
	    /* A web server, but that it is no Audioserver is not said. */
	    [HOSTILE_WEB] = CAUSE_NONE,
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

HARNESS("probe device", a_miniserver_tells_who_it_is,
    a_miniserver_that_leads_to_its_name_is_one,
    a_miniserver_is_asked_inside_tls_where_plain_fails,
    what_is_no_miniserver_does_not_pass, an_audioserver_speaks_first,
    an_audioserver_without_websocket_is_asked_whether_it_is_ready,
    an_intercom_asks_first, a_websocket_that_is_none_does_not_pass,
    an_old_intercom_shows_a_picture_or_wants_a_login,
    an_airplay_receiver_answers_this_question,
    any_web_server_will_do_where_no_more_is_known,
    nothing_hostile_passes_or_holds_it_up, it_can_be_stopped_at_every_stage)
