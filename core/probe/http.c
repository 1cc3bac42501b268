/* SPDX-License-Identifier: MIT */
/* The probes "http" and "https": one GET by libcurl over a connection made
 * here, so that attempts and ICMP errors are kept; no proxy, no redirect
 * followed. Detail: "status", "date", "server", "location", "content_type",
 * "body" (its start), "effective" and for https see tls_detail.h. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/probe/tls_detail.h"

#define TRANSFER_MS 5000
#define BODY_MAX (32 * 1024)
#define BODY_SHOWN 400

struct http_state {
	struct conn *conn;
	CURLM *multi;
	CURL *easy;
	struct curl_slist *resolve;
	struct curl_slist *headers;
	struct event *io;
	struct event *timer;
	struct trust_capture capture;
	struct buf body;
	bool full;    /* more came than is kept */
	bool alerted; /* the server refused the handshake */
	bool garbled; /* what came was no TLS */
	int fd;       /* until curl has taken it */
};

static bool
is_secure(const struct probe *p)
{
	return strcmp(p->type->name, "https") == 0;
}

static enum cause curl_cause(const struct http_state *s, CURLcode code);

static bool
has_text(const struct http_state *s, const char *text)
{
	return s->body.len > 0 &&
	    memmem(s->body.data, s->body.len, text, strlen(text)) != NULL;
}

static enum cause
judge_status(struct probe *p, long status, CURLcode code)
{
	struct http_state *s = p->state;

	if (status == 511)
		return CAUSE_CAPTIVE_PORTAL;
	if (p->spec->status != 0 && status != p->spec->status)
		return CAUSE_HTTP_STATUS;
	if (p->spec->expect == NULL || has_text(s, p->spec->expect))
		return CAUSE_NONE;
	/* What was cut on the way is not another page. */
	return code == CURLE_OK || s->full ? CAUSE_HTTP_BLOCKPAGE :
					     curl_cause(s, code);
}

static enum cause
curl_cause(const struct http_state *s, CURLcode code)
{
	switch (code) {
	case CURLE_SSL_CONNECT_ERROR:
		if (s->alerted)
			return CAUSE_TLS_PROTOCOL;
		return s->garbled ? CAUSE_WRONG_PROTOCOL :
				    CAUSE_TLS_RESET_AFTER_HELLO;
	case CURLE_OPERATION_TIMEDOUT:
		return CAUSE_TCP_TIMEOUT;
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
		return CAUSE_TCP_RESET;
	default:
		return CAUSE_WRONG_PROTOCOL;
	}
}

static void
http_result(struct probe *p, CURLcode code)
{
	struct http_state *s = p->state;
	enum rung rung = RUNG_TRANSPORT;
	enum cause failure = CAUSE_NONE;
	long status = 0;

	if (is_secure(p))
		tls_detail(p, &s->capture, &rung, &failure);
	curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
	if (s->body.len > 0)
		probe_detail_text(p, "body", s->body.data,
		    s->body.len > BODY_SHOWN ? BODY_SHOWN : s->body.len);
	if (p->obs.nattempts > 0)
		p->obs.attempts[p->decider].received = (uint32_t)s->body.len;
	if (status == 0) {
		probe_detail_str(p, "transfer", curl_easy_strerror(code));
		if (failure == CAUSE_NONE)
			failure = curl_cause(s, code);
		probe_finish(p, rung, failure);
		return;
	}
	probe_detail_int(p, "status", status);
	if (rung == RUNG_TRANSPORT || rung == RUNG_TLS_EXPECTED) {
		rung = RUNG_APP_REPLY;
		failure = judge_status(p, status, code);
	}
	probe_finish(p, rung, failure);
}

static void
check_done(struct probe *p)
{
	struct http_state *s = p->state;
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(s->multi, &left)) != NULL) {
		if (msg->msg == CURLMSG_DONE) {
			http_result(p, msg->data.result);
			return;
		}
	}
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct http_state *s = p->state;
	int running, mask;

	mask = (what & EV_READ ? CURL_CSELECT_IN : 0) |
	    (what & EV_WRITE ? CURL_CSELECT_OUT : 0);
	curl_multi_socket_action(s->multi, fd, mask, &running);
	check_done(p);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct http_state *s = p->state;
	int running;

	(void)fd;
	(void)what;
	curl_multi_socket_action(s->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	check_done(p);
}

static int
want_socket(CURL *easy, curl_socket_t fd, int action, void *arg, void *sock)
{
	struct probe *p = arg;
	struct http_state *s = p->state;
	short what = EV_PERSIST;

	(void)easy;
	(void)sock;
	if (s->io != NULL)
		event_free(s->io);
	s->io = NULL;
	if (action == CURL_POLL_REMOVE)
		return 0;
	what |= (short)((action & CURL_POLL_IN ? EV_READ : 0) |
	    (action & CURL_POLL_OUT ? EV_WRITE : 0));
	s->io = event_new(p->env->base, fd, what, on_io, p);
	event_add(s->io, NULL);
	return 0;
}

static int
want_timer(CURLM *multi, long ms, void *arg)
{
	struct probe *p = arg;
	struct http_state *s = p->state;
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	(void)multi;
	if (ms < 0)
		evtimer_del(s->timer);
	else
		evtimer_add(s->timer, &tv);
	return 0;
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct probe *p = arg;
	struct http_state *s = p->state;
	size_t len = size * n;

	if (s->body.len + len <= BODY_MAX) {
		buf_add(&s->body, data, len);
		return len;
	}
	buf_add(&s->body, data, BODY_MAX - s->body.len);
	s->full = true;
	return 0; /* enough: curl ends the transfer */
}

static size_t
on_header(char *data, size_t size, size_t n, void *arg)
{
	static const struct {
		const char *header;
		const char *detail;
	} kept[] = {
	    {"Date:", "date"},
	    {"Server:", "server"},
	    {"Location:", "location"},
	    {"Content-Type:", "content_type"},
	    {"Via:", "via"},
	};
	struct probe *p = arg;
	size_t len = size * n, i, k;

	for (i = 0; i < sizeof kept / sizeof *kept; i++) {
		k = strlen(kept[i].header);
		if (len <= k || strncasecmp(data, kept[i].header, k) != 0)
			continue;
		while (k < len && data[k] == ' ')
			k++;
		while (
		    len > k && (data[len - 1] == '\r' || data[len - 1] == '\n'))
			len--;
		probe_detail_text(p, kept[i].detail, data + k, len - k);
		if (i == 0)
			probe_detail_int(p, "date_seen_us", clock_wall_us());
		break;
	}
	return size * n;
}

static curl_socket_t
give_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct probe *p = arg;
	struct http_state *s = p->state;
	int fd = s->fd;

	(void)purpose;
	(void)to;
	s->fd = -1;
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static int
socket_ready(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	(void)arg;
	(void)fd;
	(void)purpose;
	return CURL_SOCKOPT_ALREADY_CONNECTED;
}

/* libcurl has one code for every failed handshake, so what the server said
 * is looked at here: an alert, or a record of no known type (RFC 8446 5.1). */
static void
on_tls_message(int sent, int version, int type, const void *data, size_t len,
    SSL *ssl, void *arg)
{
	struct http_state *s = arg;
	const unsigned char *byte = data;

	(void)version;
	(void)ssl;
	if (sent)
		return;
	if (type == SSL3_RT_ALERT)
		s->alerted = true;
	else if (type == SSL3_RT_HEADER && len > 0 &&
	    (byte[0] < SSL3_RT_CHANGE_CIPHER_SPEC ||
		byte[0] > SSL3_RT_APPLICATION_DATA))
		s->garbled = true;
}

static CURLcode
on_ssl(CURL *easy, void *ctx, void *arg)
{
	struct probe *p = arg;
	struct http_state *s = p->state;

	(void)easy;
	SSL_CTX_set_security_level(ctx, 1);
	trust_capture_install(ctx, &s->capture);
	SSL_CTX_set_msg_callback(ctx, on_tls_message);
	SSL_CTX_set_msg_callback_arg(ctx, s);
	return CURLE_OK;
}

static void
set_url(struct probe *p)
{
	struct http_state *s = p->state;
	const char *host = p->spec->host;
	const char *scheme = is_secure(p) ? "https" : "http";
	char text[ADDR_TEXT_SIZE];
	bool v6 = p->to.sa.sa_family == AF_INET6;

	addr_text(&p->to, text);
	if (host == NULL)
		host = v6 ? arena_printf(p->arena, "[%s]", text) : text;
	else
		s->resolve = curl_slist_append(NULL,
		    arena_printf(p->arena, v6 ? "%s:%u:[%s]" : "%s:%u:%s", host,
			p->spec->port, text));
	curl_easy_setopt(s->easy, CURLOPT_URL,
	    arena_printf(p->arena, "%s://%s:%u%s", scheme, host, p->spec->port,
		p->spec->path == NULL ? "/" : p->spec->path));
	if (s->resolve != NULL)
		curl_easy_setopt(s->easy, CURLOPT_RESOLVE, s->resolve);
}

static void
set_options(struct probe *p)
{
	struct http_state *s = p->state;
	CURL *c = s->easy;

	set_url(p);
	s->headers = curl_slist_append(NULL, "Cache-Control: no-cache");
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, s->headers);
	curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)TRANSFER_MS);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "sitewalk/" SITEWALK_VERSION);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, p);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, p);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, give_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, p);
	curl_easy_setopt(c, CURLOPT_SOCKOPTFUNCTION, socket_ready);
	/* Judged by the captured chain, not by the laptop's store. */
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(c, CURLOPT_SSL_CTX_FUNCTION, on_ssl);
	curl_easy_setopt(c, CURLOPT_SSL_CTX_DATA, p);
	curl_multi_setopt(s->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(s->multi, CURLMOPT_SOCKETDATA, p);
	curl_multi_setopt(s->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(s->multi, CURLMOPT_TIMERDATA, p);
}

static void
http_connected(void *arg, enum conn_result result, int fd)
{
	struct probe *p = arg;
	struct http_state *s = p->state;
	enum rung rung;
	enum cause failure;

	probe_add_conn(p, s->conn, &rung, &failure);
	if (result != CONN_ACCEPTED) {
		probe_finish(p, rung, failure);
		return;
	}
	s->fd = fd;
	s->multi = curl_multi_init();
	s->easy = curl_easy_init();
	if (s->multi == NULL || s->easy == NULL) {
		probe_finish(p, RUNG_LOCAL_ERROR, CAUSE_PERMISSION);
		return;
	}
	set_options(p);
	curl_multi_add_handle(s->multi, s->easy);
}

static void
http_slow(void *arg)
{
	probe_is_slow(arg);
}

static void
http_start(struct probe *p)
{
	struct http_state *s = mem_alloc(sizeof *s);
	struct conn_setup setup = {
	    .base = p->env->base,
	    .pace = p->env->pace,
	    .interface = p->env->interface,
	    .to = p->to,
	    .done = http_connected,
	    .slow = http_slow,
	    .arg = p,
	};

	s->fd = -1;
	p->state = s;
	buf_init(&s->body, BODY_MAX);
	s->timer = evtimer_new(p->env->base, on_timer, p);
	s->conn = conn_open(&setup);
}

static void
http_stop(struct probe *p)
{
	struct http_state *s = p->state;

	if (s->easy != NULL && s->multi != NULL)
		curl_multi_remove_handle(s->multi, s->easy);
	curl_easy_cleanup(s->easy);
	curl_multi_cleanup(s->multi);
	curl_slist_free_all(s->resolve);
	curl_slist_free_all(s->headers);
	if (s->io != NULL)
		event_free(s->io);
	event_free(s->timer);
	conn_close(s->conn);
	if (s->fd >= 0)
		close(s->fd);
	trust_capture_clear(&s->capture);
	buf_free(&s->body);
	mem_free(s);
}

const struct probe_type probe_http = {
    .name = "http",
    .shape = SHAPE_PAGE,
    .nature = NATURE_PAGE,
    .label = N_("Web request"),
    .sends = N_("It fetches one page without any personal data."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = CONN_ATTEMPTS,
    .packets = 32,
    .bytes = 32 * 80 + 2 * 1500,
    .longest_ms = CONN_SILENCE_MS + TRANSFER_MS,
    .start = http_start,
    .stop = http_stop,
};

const struct probe_type probe_https = {
    .name = "https",
    .shape = SHAPE_PAGE,
    .nature = NATURE_CONNECTION,
    .label = N_("Secure web request"),
    .sends = N_("It fetches one page without any personal data over a "
		"secure connection."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = CONN_ATTEMPTS,
    .packets = 64,
    .bytes = 64 * 80 + 4 * 1500,
    .longest_ms = CONN_SILENCE_MS + TRANSFER_MS,
    .start = http_start,
    .stop = http_stop,
};
