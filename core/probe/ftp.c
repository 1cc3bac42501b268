/* SPDX-License-Identifier: MIT */
/* The probe "ftp": the greeting of an FTP server and its answer to QUIT (RFC
 * 959 sections 4.2 and 5.4). A greeting that refuses (421, 530) proves FTP as
 * well. No login. Detail: "code" and "greeting" of the first reply, "quit"
 * (code of the answer to QUIT, 0 = none), and see talk.h. */
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/probe/talk.h"

#define FTP_MS 10000
#define FTP_MAX_IN 8192
#define QUIT_MS 2000 /* the greeting has said it all */
#define NTRIES 2     /* of a conversation that was cut off */
#define AGAIN_MS 500

static const char quit[] = "QUIT\r\n";

struct ftp_state {
	struct talk *talk;
	struct event *patience;
	struct event *again;
	int ntries;
	bool greeted;
	bool began; /* with what may become a reply */
	uint8_t start[256];
	size_t nstart;
};

/* A reply is one line "220 text", or lines from "220-text" to "220 text".
 * Returns its bytes; 0: not complete yet; -1: this is no reply. */
static int
read_reply(const uint8_t *data, size_t len, int *code)
{
	size_t at = 0, n, i;
	const uint8_t *end;

	for (i = 0; i < 3 && i < len; i++) {
		if (data[i] < '0' || data[i] > (i == 0 ? '5' : '9') ||
		    (i == 0 && data[i] == '0'))
			return -1;
	}
	if (len < 4)
		return 0;
	if (data[3] != ' ' && data[3] != '-' && data[3] != '\r' &&
	    data[3] != '\n')
		return -1;
	*code = (data[0] - '0') * 100 + (data[1] - '0') * 10 + data[2] - '0';
	while ((end = memchr(data + at, '\n', len - at)) != NULL) {
		n = (size_t)(end - data) - at;
		if (n >= 3 && memcmp(data + at, data, 3) == 0 &&
		    (n == 3 || data[at + 3] == ' ' || data[at + 3] == '\r'))
			return (int)(at + n + 1);
		at += n + 1;
		if (data[3] != '-')
			break;
	}
	return 0;
}

static void
ftp_result(struct probe *p, int quit_code)
{
	probe_detail_int(p, "quit", quit_code);
	probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
}

/* Mail servers greet and leave by the same codes, but say who they are. */
static bool
is_mail(const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i + 4 <= len; i++) {
		if (strncasecmp((const char *)data + i, "SMTP", 4) == 0)
			return true;
	}
	return false;
}

static void
take_greeting(struct probe *p, const uint8_t *data, int n, int code)
{
	struct ftp_state *s = p->state;
	struct timeval tv = {QUIT_MS / 1000, 0};
	size_t len = (size_t)n;

	while (len > 0 && (data[len - 1] == '\n' || data[len - 1] == '\r'))
		len--;
	probe_detail_int(p, "code", code);
	probe_detail_text(p, "greeting", data, len);
	if (is_mail(data, (size_t)n)) {
		probe_finish(p, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
		return;
	}
	/* 120: ready in some minutes, and 220 would follow. */
	s->greeted = true;
	talk_send(s->talk, quit, strlen(quit));
	talk_drop(s->talk, (size_t)n);
	evtimer_add(s->patience, &tv);
}

static void
ftp_input(struct probe *p, const uint8_t *data, size_t len)
{
	struct ftp_state *s = p->state;
	int code = 0, n = read_reply(data, len, &code);

	if (!s->greeted) {
		s->nstart = len < sizeof s->start ? len : sizeof s->start;
		memcpy(s->start, data, s->nstart);
		s->began = n >= 0;
	}
	if (n < 0 && s->greeted)
		ftp_result(p, 0);
	else if (n < 0)
		talk_other(p, s->start, s->nstart);
	else if (n > 0 && s->greeted)
		ftp_result(p, code);
	else if (n > 0)
		take_greeting(p, data, n, code);
}

static void
ftp_ended(struct probe *p, enum stream_end how)
{
	struct ftp_state *s = p->state;
	struct timeval soon = {0, AGAIN_MS * 1000};

	if (s->greeted)
		ftp_result(p, 0);
	else if ((how == STREAM_CLOSED || how == STREAM_RESET) &&
	    s->ntries < NTRIES)
		evtimer_add(s->again, &soon);
	else
		talk_failed(p, how, s->start, s->nstart, s->began);
}

static void
on_patience(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	ftp_result(arg, 0);
}

static void
ftp_talk(struct probe *p)
{
	struct ftp_state *s = p->state;
	struct talk_setup setup = {
	    .probe = p,
	    .max_in = FTP_MAX_IN,
	    .timeout_ms = FTP_MS,
	    .input = ftp_input,
	    .ended = ftp_ended,
	};

	s->ntries++;
	s->nstart = 0;
	s->began = false;
	s->talk = talk_open(&setup);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct ftp_state *s = p->state;

	(void)fd;
	(void)what;
	talk_end(s->talk);
	ftp_talk(p);
}

static void
ftp_start(struct probe *p)
{
	struct ftp_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->patience = evtimer_new(p->env->base, on_patience, p);
	s->again = evtimer_new(p->env->base, on_again, p);
	ftp_talk(p);
}

static void
ftp_stop(struct probe *p)
{
	struct ftp_state *s = p->state;

	talk_end(s->talk);
	event_free(s->patience);
	event_free(s->again);
	mem_free(s);
}

const struct probe_type probe_ftp = {
    .name = "ftp",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONNECTION,
    .label = N_("FTP"),
    .sends = N_("It opens a connection, waits for the greeting and takes its "
		"leave. It never logs in."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = NTRIES * CONN_ATTEMPTS,
    .packets = NTRIES * 20,
    .bytes = NTRIES * 1700,
    .longest_ms = NTRIES * (CONN_SILENCE_MS + FTP_MS),
    .start = ftp_start,
    .stop = ftp_stop,
};
