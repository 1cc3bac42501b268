/* SPDX-License-Identifier: MIT */
/* The probe "device": a device's own services on the local network, as far as
 * they speak before a login (facts, sections 1.4, 1.9, 1.10). `want` says
 * which device:
 *   miniserver     GET /jdev/cfg/apiKey, or its redirect to its own name
 *   audioserver    WebSocket "remotecontrol", on which it speaks first, else
 *                  GET /audio/cfg/ready
 *   intercom       WebSocket "webrtc-signaling", on which it asks first
 *   intercom_gen1  GET /mjpg/video.mjpg: a picture, or a wish for a login
 *   airplay        OPTIONS of RTSP (RFC 2326)
 *   web            GET /, any answer of a web server
 * Plain first and then inside TLS where the port may be either; on 443 TLS
 * comes first. The certificate of a device on the local network is made for
 * its name on the internet, so it is not judged here.
 *
 * Detail: "said" (it, other, nothing), "tried" (what was asked last), "tls"
 * (version, where it was inside TLS), "status" (HTTP), "devices"; of a
 * Miniserver "local", "https_status" (1 valid, 2 expired; none: Gen. 1),
 * "stated_address", "nat_between" (it states another address than the one
 * dialled), "redirect"; of an Audioserver "role"; "server" of AirPlay; and
 * see talk.h. */
#include "core/probe/device.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/probe/talk.h"
#include "core/probe/websocket.h"

#define TRY_MS 5000
#define MAX_IN 32768
#define NTRIES 3
#define PONGS 8 /* pings that are answered */
#define OP_PONG 10

typedef enum device_said reply_fn(struct probe *p, const struct http_reply *r);
typedef enum device_said text_fn(struct probe *p, const char *text, size_t len);

/* One way to ask. */
struct question {
	const char *name;
	const char *request;  /* method and path, with its protocol */
	const char *protocol; /* of a WebSocket, or NULL */
	bool head_only;       /* what follows may never end */
	reply_fn *reply;
	text_fn *text;
};

static const struct question questions[] = {
    {"key", "GET /jdev/cfg/apiKey HTTP/1.1", .reply = device_miniserver},
    {"remotecontrol", "GET / HTTP/1.1", "remotecontrol",
	.text = device_audio_greeting},
    {"ready", "GET /audio/cfg/ready HTTP/1.1", .reply = device_audio_ready},
    {"signaling", "GET / HTTP/1.1", "webrtc-signaling",
	.text = device_intercom_call},
    {"video", "GET /mjpg/video.mjpg HTTP/1.1", .head_only = true,
	.reply = device_video},
    {"page", "GET / HTTP/1.1", .head_only = true, .reply = device_page},
    {"options", "OPTIONS * RTSP/1.0", .head_only = true,
	.reply = device_airplay},
};

struct
try {
	const char *question;
	bool tls;
};

static const struct wish {
	const char *want;
	struct try try[NTRIES];
} wishes[] = {
    {"miniserver", {{"key", false}, {"key", true}}},
    {"audioserver",
	{{"remotecontrol", false}, {"remotecontrol", true}, {"ready", false}}},
    {"intercom", {{"signaling", false}, {"signaling", true}}},
    {"intercom_gen1", {{"video", false}}},
    {"airplay", {{"options", false}}},
    {"web", {{"page", false}, {"page", true}}},
};

struct device_state {
	const struct wish *wish;
	int ntried;
	const struct question *question;
	bool tls;
	SSL_CTX *ctx;
	SSL *ssl; /* of the conversation, borrowed */
	struct talk *talk;
	struct event *next;
	char key[WS_KEY_SIZE];
	bool upgraded;
	struct ws_reader reader;
	int npongs;
	bool heard;            /* something of HTTP */
	enum device_said said; /* best of all tries */
	enum stream_end end;   /* of the first try that was accepted */
	uint8_t start[256];
	size_t nstart;
	bool failed; /* end and start are set */
};

static void device_talk(struct probe *p);

static const struct wish *
find_wish(const char *want)
{
	size_t i;

	for (i = 0; want != NULL && i < sizeof wishes / sizeof *wishes; i++) {
		if (strcmp(wishes[i].want, want) == 0)
			return &wishes[i];
	}
	return NULL;
}

static const struct question *
find_question(const char *name)
{
	size_t i = 0;

	while (strcmp(questions[i].name, name) != 0)
		i++;
	return &questions[i];
}

/* On the port of HTTPS, TLS goes first. */
static const struct try *
try_of(const struct probe *p, int i)
{
	const struct device_state *s = p->state;
	const struct try *t = s->wish->try;

	if (i >= NTRIES || t[i].question == NULL)
		return NULL;
	if (p->spec->port == 443 && i < 2 && t[1].question != NULL)
		return &t[1 - i];
	return &t[i];
}

static void
device_result(struct probe *p)
{
	static const char *const said[] = {
	    [SAID_MORE] = NULL,
	    [SAID_IT] = "it",
	    [SAID_OTHER] = "other",
	    [SAID_NOTHING] = "nothing",
	};
	struct device_state *s = p->state;

	probe_detail_str(p, "said", said[s->said]);
	if (s->said == SAID_IT)
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
	else if (s->said == SAID_NOTHING)
		probe_finish(p, RUNG_TRANSPORT, CAUSE_NONE);
	else if (s->said == SAID_OTHER)
		talk_other(p, s->start, s->nstart);
	else
		/* What began otherwise was SAID_OTHER at once. */
		talk_failed(p, s->end, s->start, s->nstart, true);
}

/* Proved, or the next way to ask. */
static void
answered(struct probe *p, enum device_said said)
{
	struct device_state *s = p->state;
	struct timeval now = {0, 0};

	if (said == SAID_MORE)
		return;
	/* That it may still be the device counts more than that it is not. */
	if (s->said == SAID_MORE || said == SAID_IT || said == SAID_NOTHING)
		s->said = said;
	if (said == SAID_IT && s->ssl != NULL)
		probe_detail_str(p, "tls", SSL_get_version(s->ssl));
	if (said == SAID_IT || try_of(p, s->ntried) == NULL)
		device_result(p);
	else
		evtimer_add(s->next, &now);
}

static void
keep_start(struct device_state *s, const uint8_t *data, size_t len)
{
	if (s->failed)
		return;
	s->nstart = len < sizeof s->start ? len : sizeof s->start;
	memcpy(s->start, data, s->nstart);
}

static void
pong(struct device_state *s)
{
	struct buf out;

	if (s->npongs++ >= PONGS)
		return;
	buf_init(&out, 256);
	ws_frame(&out, OP_PONG, "", 0);
	talk_send(s->talk, out.data, out.len);
	buf_free(&out);
}

static void
read_messages(struct probe *p, const uint8_t *data, size_t len)
{
	struct device_state *s = p->state;
	enum device_said said = SAID_MORE;
	enum ws_result r;
	size_t used, at = 0;

	do {
		r = ws_read(&s->reader, data + at, len - at, &used);
		at += used;
		if (r == WS_TEXT)
			said = s->question->text(p, s->reader.message.data,
			    s->reader.message.len);
		else if (r == WS_PING)
			pong(s);
		else if (r != WS_PONG && r != WS_MORE)
			said = SAID_OTHER;
	} while (said == SAID_MORE && used > 0 && at < len);
	talk_drop(s->talk, at);
	answered(p, said);
}

/* RFC 6455 section 4.1: what the server's answer must hold. */
static bool
is_upgrade(struct probe *p, struct arena *a, const struct http_reply *r)
{
	struct device_state *s = p->state;
	const char *upgrade = http_reply_header(a, r, "Upgrade");
	const char *accept = http_reply_header(a, r, "Sec-WebSocket-Accept");
	const char *protocol = http_reply_header(a, r,
	    "Sec-WebSocket-Protocol");

	return r->status == 101 && upgrade != NULL &&
	    text_equal_nocase(upgrade, "websocket") && accept != NULL &&
	    ws_is_accept(s->key, accept, strlen(accept)) &&
	    (protocol == NULL || strcmp(protocol, s->question->protocol) == 0);
}

static void
read_upgrade(struct probe *p, struct arena *a, const struct http_reply *r,
    const uint8_t *data, size_t len)
{
	struct device_state *s = p->state;

	if (!is_upgrade(p, a, r)) {
		/* A web server that knows no WebSocket here. */
		answered(p,
		    r->status == 101 || r->rtsp ? SAID_OTHER : SAID_NOTHING);
		return;
	}
	s->upgraded = true;
	talk_drop(s->talk, r->head_size);
	/* What was dropped moved the rest to the front. */
	if (len > r->head_size)
		read_messages(p, data, len - r->head_size);
}

static void
read_reply(struct probe *p, const uint8_t *data, size_t len, bool closed)
{
	struct device_state *s = p->state;
	struct arena *a = arena_new();
	struct http_reply r;
	enum http_part part = http_reply_read(a, data, len, closed, &r);

	if (part == HTTP_NONE) {
		answered(p, SAID_OTHER);
	} else if (part != HTTP_MORE) {
		s->heard = true;
		probe_detail_int(p, "status", r.status);
		if (s->question->text != NULL)
			read_upgrade(p, a, &r, data, len);
		else if (part == HTTP_WHOLE || s->question->head_only)
			answered(p, s->question->reply(p, &r));
	}
	arena_free(a);
}

static void
device_input(struct probe *p, const uint8_t *data, size_t len)
{
	struct device_state *s = p->state;

	if (evtimer_pending(s->next, NULL))
		return;
	keep_start(s, data, len);
	if (s->upgraded)
		read_messages(p, data, len);
	else
		read_reply(p, data, len, false);
}

static void
device_ended(struct probe *p, enum stream_end how)
{
	struct device_state *s = p->state;
	struct timeval now = {0, 0};

	if (evtimer_pending(s->next, NULL))
		return;
	/* A body without a length ends with the connection. */
	if (how == STREAM_CLOSED && s->heard && !s->upgraded &&
	    s->question->text == NULL) {
		const uint8_t *data;
		size_t len;

		data = talk_kept(s->talk, &len);
		read_reply(p, data, len, true);
		if (p->finished || evtimer_pending(s->next, NULL))
			return;
	}
	if (!s->failed)
		s->end = how;
	s->failed = true;
	if (try_of(p, s->ntried) == NULL)
		device_result(p);
	else
		evtimer_add(s->next, &now);
}

/* Once it has been accepted, a later refusal only ends the trying. */
static void
device_refused(struct probe *p, enum rung rung, enum cause failure)
{
	struct device_state *s = p->state;

	if (s->ntried > 1)
		device_result(p);
	else
		probe_finish(p, rung, failure);
}

static void
device_ready(struct probe *p)
{
	struct device_state *s = p->state;
	const struct question *q = s->question;
	bool v6 = p->to.sa.sa_family == AF_INET6;
	bool usual = p->spec->port == (s->ssl == NULL ? 80 : 443);
	struct buf out;

	buf_init(&out, 1024);
	buf_addf(&out, "%s\r\n", q->request);
	if (strstr(q->request, "RTSP") != NULL) {
		buf_adds(&out, "CSeq: " DEVICE_CSEQ "\r\n");
	} else {
		buf_addf(&out, v6 ? "Host: [%s]" : "Host: %s", p->obs.address);
		if (!usual)
			buf_addf(&out, ":%u", p->spec->port);
		buf_adds(&out, "\r\n");
	}
	buf_adds(&out, "User-Agent: sitewalk/" SITEWALK_VERSION "\r\n");
	if (q->protocol != NULL) {
		ws_make_key(s->key);
		buf_addf(&out,
		    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
		    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n"
		    "Sec-WebSocket-Protocol: %s\r\n",
		    s->key, q->protocol);
	} else {
		buf_adds(&out, "Connection: close\r\n");
	}
	buf_adds(&out, "\r\n");
	talk_send(s->talk, out.data, out.len);
	buf_free(&out);
}

static SSL *
new_session(struct device_state *s)
{
	if (s->ctx == NULL) {
		s->ctx = SSL_CTX_new(TLS_client_method());
		if (s->ctx == NULL)
			mem_fatal("OpenSSL gives no context");
		SSL_CTX_set_verify(s->ctx, SSL_VERIFY_NONE, NULL);
		/* Devices keep small keys for years. */
		SSL_CTX_set_security_level(s->ctx, 1);
	}
	return SSL_new(s->ctx);
}

static void
device_talk(struct probe *p)
{
	struct device_state *s = p->state;
	const struct try *t = try_of(p, s->ntried++);
	struct talk_setup setup = {
	    .probe = p,
	    .max_in = MAX_IN,
	    .timeout_ms = TRY_MS,
	    .ready = device_ready,
	    .input = device_input,
	    .ended = device_ended,
	    .refused = device_refused,
	};

	s->question = find_question(t->question);
	s->ssl = t->tls ? new_session(s) : NULL;
	s->upgraded = s->heard = false;
	probe_detail_str(p, "tried", t->question);
	ws_reader_free(&s->reader);
	ws_reader_init(&s->reader);
	setup.ssl = s->ssl;
	s->talk = talk_open(&setup);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct device_state *s = p->state;

	(void)fd;
	(void)what;
	talk_end(s->talk);
	s->talk = NULL;
	device_talk(p);
}

static void
device_start(struct probe *p)
{
	struct device_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->next = evtimer_new(p->env->base, on_next, p);
	ws_reader_init(&s->reader);
	s->wish = find_wish(p->spec->want);
	/* A pack that names no device of these: any web server will do. */
	if (s->wish == NULL)
		s->wish = find_wish("web");
	device_talk(p);
}

static void
device_stop(struct probe *p)
{
	struct device_state *s = p->state;

	talk_end(s->talk);
	event_free(s->next);
	ws_reader_free(&s->reader);
	SSL_CTX_free(s->ctx);
	mem_free(s);
}

const struct probe_type probe_device = {
    .name = "device",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONNECTION,
    .label = N_("Device"),
    .sends = N_("It asks the device for what it tells anybody without a "
		"login."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = NTRIES * CONN_ATTEMPTS,
    .packets = NTRIES * 22,
    .bytes = NTRIES * 3000,
    .longest_ms = NTRIES * (CONN_SILENCE_MS + TRY_MS),
    .start = device_start,
    .stop = device_stop,
};
