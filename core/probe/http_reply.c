/* SPDX-License-Identifier: MIT */
/* Owns the reading of small replies to a single request, all in memory. */
#include "core/probe/http_reply.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/buf.h"
#include "core/base/text.h"

#define STATUS_AT 9 /* "HTTP/1.1 200" */
#define BODY_MAX 65536

/* "HTTP/1.1 200" or "RTSP/1.0 200", as far as it has come. */
static bool
may_be_status(const uint8_t *data, size_t len, bool *rtsp)
{
	static const char form[] = "HTTP/1.x ";
	size_t i;

	*rtsp = len > 0 && data[0] == 'R';
	for (i = 0; i < len && i < STATUS_AT + 3; i++) {
		if (i >= STATUS_AT || form[i] == 'x') {
			if (data[i] < '0' || data[i] > '9')
				return false;
		} else if (data[i] != (*rtsp && i < 4 ? "RTSP" : form)[i]) {
			return false;
		}
	}
	return true;
}

/* Where the empty line ends; 0 when it has not come. */
static size_t
find_end(const uint8_t *data, size_t len)
{
	const uint8_t *end = memmem(data, len, "\r\n\r\n", 4);
	const uint8_t *bare = memmem(data, len, "\n\n", 2);

	if (end != NULL && (bare == NULL || end < bare))
		return (size_t)(end - data) + 4;
	return bare == NULL ? 0 : (size_t)(bare - data) + 2;
}

char *
http_reply_header(struct arena *a, const struct http_reply *r, const char *name)
{
	const char *line = (const char *)r->head, *end, *v;
	size_t left = r->head_len, n, k = strlen(name);

	while (left > 0 && (end = memchr(line, '\n', left)) != NULL) {
		n = (size_t)(end - line);
		left -= n + 1;
		if (n > k && line[k] == ':' &&
		    strncasecmp(line, name, k) == 0) {
			v = line + k + 1;
			n -= k + 1;
			while (n > 0 && (*v == ' ' || *v == '\t'))
				v++, n--;
			while (n > 0 && (v[n - 1] == '\r' || v[n - 1] == ' '))
				n--;
			return arena_strndup(a, v, n);
		}
		line = end + 1;
	}
	return NULL;
}

/* RFC 9112 section 7.1: sizes in hexadecimal, each with its piece. */
static enum http_part
read_chunks(struct arena *a, const uint8_t *data, size_t len,
    struct http_reply *out)
{
	const uint8_t *end;
	struct buf body;
	size_t at = 0, size, i;
	enum http_part part = HTTP_HEAD;

	buf_init(&body, BODY_MAX);
	while ((end = memchr(data + at, '\n', len - at)) != NULL) {
		for (size = 0, i = at; i < at + 6 && isxdigit(data[i]); i++)
			size = size * 16 +
			    (size_t)(data[i] <= '9' ?
				    data[i] - '0' :
				    (data[i] | 32) - 'a' + 10);
		if (i == at || i == at + 6) {
			part = HTTP_NONE;
			break;
		}
		at = (size_t)(end - data) + 1;
		if (size == 0) {
			part = HTTP_WHOLE;
			break;
		}
		if (len - at < size + 2)
			break;
		buf_add(&body, data + at, size);
		at += size + (data[at + size] == '\r' ? 2 : 1);
	}
	if (part == HTTP_WHOLE) {
		out->body = arena_strndup(a, buf_str(&body), body.len);
		out->body_len = strlen(out->body);
	}
	buf_free(&body);
	return part;
}

static enum http_part
read_body(struct arena *a, const uint8_t *data, size_t len, bool closed,
    struct http_reply *out)
{
	const char *length = http_reply_header(a, out, "Content-Length");
	const char *how = http_reply_header(a, out, "Transfer-Encoding");
	uint64_t size = len;

	if (how != NULL && strcasecmp(how, "chunked") == 0)
		return read_chunks(a, data, len, out);
	if (out->status == 204 || out->status == 304 || out->status < 200 ||
	    (out->rtsp && length == NULL))
		size = 0;
	else if (length != NULL && !text_to_uint(length, 0, BODY_MAX, &size))
		return HTTP_NONE;
	else if (length == NULL && !closed)
		return HTTP_HEAD;
	if (size > len)
		return HTTP_HEAD;
	out->body = arena_strndup(a, (const char *)data, (size_t)size);
	out->body_len = strlen(out->body);
	return HTTP_WHOLE;
}

enum http_part
http_reply_read(struct arena *a, const uint8_t *data, size_t len, bool closed,
    struct http_reply *out)
{
	const uint8_t *line;

	memset(out, 0, sizeof *out);
	if (!may_be_status(data, len, &out->rtsp))
		return HTTP_NONE;
	out->head_size = find_end(data, len);
	if (out->head_size == 0)
		return HTTP_MORE;
	out->status = (data[STATUS_AT] - '0') * 100 +
	    (data[STATUS_AT + 1] - '0') * 10 + data[STATUS_AT + 2] - '0';
	line = memchr(data, '\n', out->head_size);
	out->head = line + 1;
	out->head_len = out->head_size - (size_t)(line + 1 - data);
	return read_body(a, data + out->head_size, len - out->head_size, closed,
	    out);
}
