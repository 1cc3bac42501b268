/* SPDX-License-Identifier: MIT */
/* Owns one web request by libcurl over a connection made here. */
#include "core/probe/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/text.h"

#define HEADER_MAX 1024

enum cause
fetch_cause(const struct fetch *f)
{
	switch (f->code) {
	case CURLE_SSL_CONNECT_ERROR:
		if (f->alerted)
			return CAUSE_TLS_PROTOCOL;
		return f->garbled ? CAUSE_WRONG_PROTOCOL :
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

bool
fetch_has_text(const struct fetch *f, const char *text)
{
	return f->body.len > 0 &&
	    memmem(f->body.data, f->body.len, text, strlen(text)) != NULL;
}

static void
on_finish(evutil_socket_t fd, short what, void *arg)
{
	struct fetch *f = arg;

	(void)fd;
	(void)what;
	f->setup.done(f->setup.arg);
}

static void
end(struct fetch *f)
{
	struct timeval now = {0, 0};

	if (f->over)
		return;
	f->over = true;
	evtimer_add(f->finish, &now);
}

static void
check_done(struct fetch *f)
{
	struct probe *p = f->setup.probe;
	CURLMsg *msg;
	curl_off_t length = -1, secured = 0;
	int left;

	while ((msg = curl_multi_info_read(f->multi, &left)) != NULL) {
		if (msg->msg != CURLMSG_DONE || f->over)
			continue;
		f->code = msg->data.result;
		curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &f->status);
		curl_easy_getinfo(f->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
		    &length);
		f->length = length;
		curl_easy_getinfo(f->easy, CURLINFO_APPCONNECT_TIME_T,
		    &secured);
		f->proved = secured > 0;
		if (f->decider < p->obs.nattempts)
			p->obs.attempts[f->decider].received = (uint32_t)
								   f->body.len;
		end(f);
	}
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct fetch *f = arg;
	int running, mask;

	mask = (what & EV_READ ? CURL_CSELECT_IN : 0) |
	    (what & EV_WRITE ? CURL_CSELECT_OUT : 0);
	curl_multi_socket_action(f->multi, fd, mask, &running);
	check_done(f);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct fetch *f = arg;
	int running;

	(void)fd;
	(void)what;
	curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	check_done(f);
}

static int
want_socket(CURL *easy, curl_socket_t fd, int action, void *arg, void *sock)
{
	struct fetch *f = arg;
	short what = EV_PERSIST;

	(void)easy;
	(void)sock;
	if (f->io != NULL)
		event_free(f->io);
	f->io = NULL;
	if (action == CURL_POLL_REMOVE)
		return 0;
	what |= (short)((action & CURL_POLL_IN ? EV_READ : 0) |
	    (action & CURL_POLL_OUT ? EV_WRITE : 0));
	f->io = event_new(f->setup.probe->env->base, fd, what, on_io, f);
	event_add(f->io, NULL);
	return 0;
}

static int
want_timer(CURLM *multi, long ms, void *arg)
{
	struct fetch *f = arg;
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	(void)multi;
	if (ms < 0)
		evtimer_del(f->timer);
	else
		evtimer_add(f->timer, &tv);
	return 0;
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct fetch *f = arg;
	size_t len = size * n;

	if (f->body.len + len <= FETCH_BODY_MAX) {
		buf_add(&f->body, data, len);
		return len;
	}
	buf_add(&f->body, data, FETCH_BODY_MAX - f->body.len);
	f->full = true;
	return 0; /* enough: curl ends the transfer */
}

static size_t
on_header(char *data, size_t size, size_t n, void *arg)
{
	struct fetch *f = arg;
	struct fetch_header *h = &f->header;
	const struct {
		const char *header;
		const char **to;
	} kept[] = {
	    {"Date:", &h->date},
	    {"Server:", &h->server},
	    {"Location:", &h->location},
	    {"Content-Type:", &h->content_type},
	    {"Via:", &h->via},
	    {"Age:", &h->age},
	};
	size_t len = size * n, i, k;

	for (i = 0; i < sizeof kept / sizeof *kept; i++) {
		k = strlen(kept[i].header);
		if (len <= k || *kept[i].to != NULL ||
		    strncasecmp(data, kept[i].header, k) != 0)
			continue;
		while (k < len && data[k] == ' ')
			k++;
		while (
		    len > k && (data[len - 1] == '\r' || data[len - 1] == '\n'))
			len--;
		*kept[i].to = text_sanitise(f->setup.probe->arena, data + k,
		    len - k, HEADER_MAX, false);
		if (i == 0)
			f->date_seen_us = clock_wall_us();
		break;
	}
	return size * n;
}

static curl_socket_t
give_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct fetch *f = arg;
	int fd = f->fd;

	(void)purpose;
	(void)to;
	f->fd = -1;
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
	struct fetch *f = arg;
	const unsigned char *byte = data;

	(void)version;
	(void)ssl;
	if (sent)
		return;
	if (type == SSL3_RT_ALERT)
		f->alerted = true;
	else if (type == SSL3_RT_HEADER && len > 0 &&
	    (byte[0] < SSL3_RT_CHANGE_CIPHER_SPEC ||
		byte[0] > SSL3_RT_APPLICATION_DATA))
		f->garbled = true;
}

static CURLcode
on_ssl(CURL *easy, void *ctx, void *arg)
{
	struct fetch *f = arg;

	(void)easy;
	SSL_CTX_set_security_level(ctx, 1);
	trust_capture_install(ctx, &f->capture);
	SSL_CTX_set_msg_callback(ctx, on_tls_message);
	SSL_CTX_set_msg_callback_arg(ctx, f);
	return CURLE_OK;
}

static void
set_url(struct fetch *f)
{
	const struct fetch_setup *s = &f->setup;
	struct arena *a = s->probe->arena;
	const char *host = s->host;
	char text[ADDR_TEXT_SIZE];
	bool v6 = s->to.sa.sa_family == AF_INET6;
	unsigned port = addr_port(&s->to);

	addr_text(&s->to, text);
	if (host == NULL)
		host = v6 ? arena_printf(a, "[%s]", text) : text;
	else
		f->resolve = curl_slist_append(NULL,
		    arena_printf(a, v6 ? "%s:%u:[%s]" : "%s:%u:%s", host, port,
			text));
	curl_easy_setopt(f->easy, CURLOPT_URL,
	    arena_printf(a, "%s://%s:%u%s", s->secure ? "https" : "http", host,
		port, s->path == NULL ? "/" : s->path));
	if (f->resolve != NULL)
		curl_easy_setopt(f->easy, CURLOPT_RESOLVE, f->resolve);
}

static void
set_options(struct fetch *f)
{
	CURL *c = f->easy;

	set_url(f);
	f->headers = curl_slist_append(NULL, "Cache-Control: no-cache");
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, f->headers);
	curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_NOBODY, f->setup.head ? 1L : 0L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS,
	    f->setup.timeout_ms != 0 ? (long)f->setup.timeout_ms :
				       FETCH_TRANSFER_MS);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "sitewalk/" SITEWALK_VERSION);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, f);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, f);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, give_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, f);
	curl_easy_setopt(c, CURLOPT_SOCKOPTFUNCTION, socket_ready);
	/* Judged by the captured chain, not by the laptop's store. */
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(c, CURLOPT_SSL_CTX_FUNCTION, on_ssl);
	curl_easy_setopt(c, CURLOPT_SSL_CTX_DATA, f);
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f);
}

static void
on_connected(void *arg, enum conn_result result, int fd)
{
	struct fetch *f = arg;

	probe_add_conn(f->setup.probe, f->conn, &f->rung, &f->failure);
	f->decider = f->setup.probe->decider;
	if (result != CONN_ACCEPTED) {
		end(f);
		return;
	}
	f->fd = fd;
	f->multi = curl_multi_init();
	f->easy = curl_easy_init();
	if (f->multi == NULL || f->easy == NULL) {
		f->rung = RUNG_LOCAL_ERROR;
		f->failure = CAUSE_PERMISSION;
		end(f);
		return;
	}
	f->connected = true;
	set_options(f);
	curl_multi_add_handle(f->multi, f->easy);
}

static void
on_slow(void *arg)
{
	struct fetch *f = arg;

	probe_is_slow(f->setup.probe);
}

void
fetch_start(struct fetch *f, const struct fetch_setup *setup)
{
	const struct probe_env *env = setup->probe->env;
	struct conn_setup c = {
	    .base = env->base,
	    .pace = env->pace,
	    .interface = env->interface,
	    .to = setup->to,
	    .mss = setup->mss,
	    .done = on_connected,
	    .slow = on_slow,
	    .arg = f,
	};

	memset(f, 0, sizeof *f);
	f->setup = *setup;
	f->fd = -1;
	f->length = -1;
	buf_init(&f->body, FETCH_BODY_MAX);
	f->timer = evtimer_new(env->base, on_timer, f);
	f->finish = evtimer_new(env->base, on_finish, f);
	f->conn = conn_open(&c);
}

void
fetch_close(struct fetch *f)
{
	if (f->conn == NULL)
		return;
	if (f->easy != NULL && f->multi != NULL)
		curl_multi_remove_handle(f->multi, f->easy);
	curl_easy_cleanup(f->easy);
	curl_multi_cleanup(f->multi);
	curl_slist_free_all(f->resolve);
	curl_slist_free_all(f->headers);
	if (f->io != NULL)
		event_free(f->io);
	event_free(f->timer);
	event_free(f->finish);
	conn_close(f->conn);
	if (f->fd >= 0)
		close(f->fd);
	trust_capture_clear(&f->capture);
	buf_free(&f->body);
	memset(f, 0, sizeof *f);
}
