/* SPDX-License-Identifier: MIT */
/* The probe "ssh": identification line and key exchange offer of an SSH
 * server (RFC 4253 sections 4.2, 6 and 7.1), so that a box that only writes a
 * banner does not pass. It sends its own identification and nothing else:
 * no user, no key. Detail: "software" (the server's identification), "kex"
 * and "host_key" (the methods it offers), "lines_before" (lines that came
 * before the identification), and see talk.h. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/probe/talk.h"

#define SSH_MS 10000
#define SSH_MAX_IN 45000 /* lines of 8 KB, and the largest packet */
#define LINES_MAX 8192   /* before and with the identification */
#define PACKET_MAX 35000 /* RFC 4253 section 6.1 */
#define PACKET_MIN 12    /* without its length: 16 - 4 */
#define NTRIES 2         /* a server that is busy hangs up at once */

#define MSG_IGNORE 2
#define MSG_DEBUG 4
#define MSG_KEXINIT 20
#define NLISTS 10 /* name-lists of a KEXINIT */
#define COOKIE 16

static const char identification[] = "SSH-2.0-sitewalk_" SITEWALK_VERSION
				     "\r\n";

struct ssh_state {
	struct talk *talk;
	struct event *again;
	int ntries;
	bool identified;
	bool began;         /* with what an SSH server says */
	uint8_t start[256]; /* of what came, for the record */
	size_t nstart;
};

static uint32_t
read32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/* One name-list at *at: printable, without control characters, and inside
 * of the payload. */
static bool
read_list(const uint8_t *m, size_t len, size_t *at, const uint8_t **list,
    size_t *size)
{
	size_t n, i;

	if (len - *at < 4)
		return false;
	n = read32(m + *at);
	*at += 4;
	if (n > len - *at)
		return false;
	*list = m + *at;
	*size = n;
	*at += n;
	for (i = 0; i < n; i++) {
		if ((*list)[i] <= ' ' || (*list)[i] > '~')
			return false;
	}
	return true;
}

/* RFC 4253 section 7.1: cookie, ten name-lists, a flag, a reserved zero. */
static bool
is_kexinit(struct probe *p, const uint8_t *m, size_t len)
{
	static const char *const detail[NLISTS] = {"kex", "host_key"};
	size_t at = 1 + COOKIE, size;
	const uint8_t *list;
	int i;

	if (len < at || m[0] != MSG_KEXINIT)
		return false;
	for (i = 0; i < NLISTS; i++) {
		if (!read_list(m, len, &at, &list, &size))
			return false;
		/* Nothing can be agreed on without a method for each of: keys,
		 * proof, and encryption both ways. */
		if (i < 4 && size == 0)
			return false;
		if (detail[i] != NULL)
			probe_detail_text(p, detail[i], list, size);
	}
	return len - at == 5 && m[at] <= 1 && read32(m + at + 1) == 0;
}

/* Packets after the identification, until the first KEXINIT. Returns the
 * bytes that are done with. */
static size_t
read_packets(struct probe *p, const uint8_t *data, size_t len)
{
	size_t at = 0, size, padding;

	while (len - at >= 6) {
		size = read32(data + at);
		padding = data[at + 4];
		if (size < PACKET_MIN || size > PACKET_MAX ||
		    (size + 4) % 8 != 0 || padding < 4 || padding + 2 > size) {
			talk_other(p, data + at, len - at);
			break;
		}
		if (len - at - 4 < size)
			break;
		if (is_kexinit(p, data + at + 5, size - padding - 1)) {
			probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
			break;
		}
		if (data[at + 5] != MSG_IGNORE && data[at + 5] != MSG_DEBUG) {
			talk_other(p, data + at, len - at);
			break;
		}
		at += 4 + size;
	}
	return at;
}

static bool
starts(const uint8_t *line, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

/* Takes lines until the identification; returns the bytes that they used, 0
 * when it is not there yet. */
static size_t
read_lines(struct probe *p, const uint8_t *data, size_t len)
{
	struct ssh_state *s = p->state;
	const uint8_t *line = data, *end;
	size_t left = len < LINES_MAX ? len : LINES_MAX, n;
	int before = 0;

	while ((end = memchr(line, '\n', left)) != NULL) {
		n = (size_t)(end - line);
		if (starts(line, n, "SSH-")) {
			if (n > 0 && line[n - 1] == '\r')
				n--;
			s->began = starts(line, n, "SSH-2.0-") ||
			    starts(line, n, "SSH-1.99-");
			probe_detail_text(p, "software", line, n);
			if (before > 0)
				probe_detail_int(p, "lines_before", before);
			if (!s->began) {
				talk_other(p, line, n);
				return 0;
			}
			s->identified = true;
			return (size_t)(end + 1 - data);
		}
		before++;
		left -= n + 1;
		line = end + 1;
	}
	s->began = starts(line, left, "SSH-") ||
	    (left < 4 && memcmp(line, "SSH-", left) == 0 && left > 0);
	if (len >= LINES_MAX)
		talk_other(p, data, len);
	return 0;
}

static void
ssh_input(struct probe *p, const uint8_t *data, size_t len)
{
	struct ssh_state *s = p->state;
	size_t used = 0;

	if (!s->identified) {
		s->nstart = len < sizeof s->start ? len : sizeof s->start;
		memcpy(s->start, data, s->nstart);
		used = read_lines(p, data, len);
		if (used == 0)
			return;
		talk_send(s->talk, identification, strlen(identification));
	}
	used += read_packets(p, data + used, len - used);
	talk_drop(s->talk, used);
}

static void
ssh_ended(struct probe *p, enum stream_end how)
{
	struct ssh_state *s = p->state;
	struct timeval soon = {0, 500000};

	if ((how == STREAM_CLOSED || how == STREAM_RESET) && s->nstart == 0 &&
	    s->ntries < NTRIES) {
		evtimer_add(s->again, &soon);
		return;
	}
	talk_failed(p, how, s->start, s->nstart, s->began);
}

static void
ssh_talk(struct probe *p)
{
	struct ssh_state *s = p->state;
	struct talk_setup setup = {
	    .probe = p,
	    .max_in = SSH_MAX_IN,
	    .timeout_ms = SSH_MS,
	    .input = ssh_input,
	    .ended = ssh_ended,
	};

	s->ntries++;
	s->talk = talk_open(&setup);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct ssh_state *s = p->state;

	(void)fd;
	(void)what;
	talk_end(s->talk);
	ssh_talk(p);
}

static void
ssh_start(struct probe *p)
{
	struct ssh_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->again = evtimer_new(p->env->base, on_again, p);
	ssh_talk(p);
}

static void
ssh_stop(struct probe *p)
{
	struct ssh_state *s = p->state;

	talk_end(s->talk);
	event_free(s->again);
	mem_free(s);
}

const struct probe_type probe_ssh = {
    .name = "ssh",
    .shape = SHAPE_FLOW,
    .nature = NATURE_CONNECTION,
    .label = N_("SSH"),
    .sends = N_("It opens a connection, names itself, waits for the server's "
		"offer of methods and hangs up. It never logs in."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = NTRIES * CONN_ATTEMPTS,
    .packets = 44,
    .bytes = 3500,
    .longest_ms = NTRIES * CONN_SILENCE_MS + SSH_MS + 500,
    .start = ssh_start,
    .stop = ssh_stop,
};
