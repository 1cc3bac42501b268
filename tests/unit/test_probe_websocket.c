/* SPDX-License-Identifier: MIT */
/* Promises of the client's side of a WebSocket and of small replies in the
 * manner of HTTP: the examples of RFC 6455 and RFC 9112 are understood,
 * and nothing else is. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/probe/http_reply.h"
#include "core/probe/websocket.h"

/* RFC 6455 section 1.3. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

START_TEST(the_answer_to_a_key_is_the_one_of_the_rfc)
{
	char key[WS_KEY_SIZE], other[WS_KEY_SIZE];

	ck_assert(ws_is_accept(KEY, ACCEPT, strlen(ACCEPT)));
	ck_assert(!ws_is_accept(KEY, ACCEPT, strlen(ACCEPT) - 1));
	ck_assert(!ws_is_accept(KEY, "S3pPLMBiTxaQ9kYGzzhZRbK+xOo=", 28));
	ck_assert(!ws_is_accept(KEY, "", 0));
	ws_make_key(key);
	ws_make_key(other);
	ck_assert_uint_eq(strlen(key), 24);
	ck_assert_str_ne(key, other);
}
END_TEST

struct frame {
	const char *bytes;
	size_t len;
	enum ws_result result;
	const char *message;
};

#define FRAME(s) s, sizeof(s) - 1

START_TEST(frames_of_the_rfc_are_read)
{
	/* RFC 6455 section 5.7. */
	static const struct frame rows[] = {
	    {FRAME("\x81\x05Hello"), WS_TEXT, "Hello"},
	    {FRAME("\x01\x03Hel"), WS_MORE, NULL},
	    {FRAME("\x89\x05Hello"), WS_PING, NULL}, /* in between */
	    {FRAME("\x80\x02lo"), WS_TEXT, "Hello"},
	    {FRAME("\x8a\x00"), WS_PONG, NULL},
	    {FRAME("\x81\x7e\x00\x05World"), WS_TEXT, "World"},
	    {FRAME("\x81\x7f\0\0\0\0\0\0\0\x02ok"), WS_TEXT, "ok"},
	    {FRAME("\x82\x01x"), WS_BINARY, "x"},
	    {FRAME("\x88\x02\x03\xe8"), WS_CLOSE, NULL},
	};
	struct ws_reader r;
	size_t i, n, used;

	ws_reader_init(&r);
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		const uint8_t *m = (const uint8_t *)rows[i].bytes;

		/* Nothing is taken before all of it is there. */
		for (n = 0; n < rows[i].len; n++) {
			ck_assert_int_eq(ws_read(&r, m, n, &used), WS_MORE);
			ck_assert_uint_eq(used, 0);
		}
		ck_assert_int_eq(ws_read(&r, m, n, &used), rows[i].result);
		ck_assert_uint_eq(used, n);
		if (rows[i].message != NULL)
			ck_assert_str_eq(buf_str(&r.message), rows[i].message);
	}
	ws_reader_free(&r);
}
END_TEST

START_TEST(what_no_server_may_send_is_broken)
{
	static const struct frame rows[] = {
	    /* Masked, as only a client may. */
	    {FRAME("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58")},
	    {FRAME("\xc1\x05Hello")}, /* an extension */
	    {FRAME("\x80\x02lo")},    /* goes on with nothing */
	    {FRAME("\x83\x01x")},     /* reserved */
	    {FRAME("\x8b\x01x")},
	    {FRAME("\x09\x01x")},        /* a ping in pieces */
	    {FRAME("\x89\x7e\x00\x7e")}, /* and one too long */
	    {FRAME("\x81\x7e\x40\x01")}, /* more than is kept */
	    {FRAME("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff")},
	};
	struct ws_reader r;
	uint8_t m[256];
	size_t i, used;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		memset(m, 0, sizeof m);
		memcpy(m, rows[i].bytes, rows[i].len);
		ws_reader_init(&r);
		ck_assert_msg(ws_read(&r, m, sizeof m, &used) == WS_BROKEN,
		    "row %zu", i);
		ws_reader_free(&r);
	}
}
END_TEST

START_TEST(pieces_without_an_end_are_bounded)
{
	static uint8_t m[4 + 16000] = {0x01, 0x7e, 0x3e, 0x80};
	struct ws_reader r;
	size_t used;

	ws_reader_init(&r);
	ck_assert_int_eq(ws_read(&r, m, sizeof m, &used), WS_MORE);
	m[0] = 0;
	ck_assert_int_eq(ws_read(&r, m, sizeof m, &used), WS_BROKEN);
	ck_assert_uint_le(r.message.len, WS_MESSAGE_MAX);
	ws_reader_free(&r);
}
END_TEST

START_TEST(our_frames_are_masked)
{
	struct buf b;
	size_t i;

	buf_init(&b, 256);
	ws_frame(&b, 10, "Hello", 5);
	ck_assert_uint_eq(b.len, 2 + 4 + 5);
	ck_assert_uint_eq((uint8_t)b.data[0], 0x8a);
	ck_assert_uint_eq((uint8_t)b.data[1], 0x85);
	for (i = 0; i < 5; i++)
		ck_assert_int_eq(b.data[6 + i] ^ b.data[2 + i % 4], "Hello"[i]);
	buf_free(&b);
}
END_TEST

struct reply {
	const char *bytes;
	bool closed;
	enum http_part part;
	int status;
	const char *body;
};

START_TEST(replies_are_read_as_far_as_they_came)
{
	static const struct reply rows[] = {
	    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello", false,
		HTTP_WHOLE, 200, "Hello"},
	    {"HTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\nHelloWorld", false,
		HTTP_WHOLE, 200, "Hello"},
	    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHell", true,
		HTTP_HEAD, 200, NULL},
	    {"HTTP/1.0 404 Not Found\n\nby\n", true, HTTP_WHOLE, 404, "by\n"},
	    {"HTTP/1.0 404 Not Found\n\nby\n", false, HTTP_HEAD, 404, NULL},
	    {"HTTP/1.1 204 No Content\r\n\r\n", false, HTTP_WHOLE, 204, ""},
	    /* RFC 9112 section 7.1. */
	    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	     "4\r\nWiki\r\n7;x=y\r\npedia i\r\nB\r\nn \r\nchunks.\r\n"
	     "0\r\n\r\n",
		false, HTTP_WHOLE, 200, "Wikipedia in \r\nchunks."},
	    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	     "4\r\nWik",
		true, HTTP_HEAD, 200, NULL},
	    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	     "zz\r\nWiki\r\n",
		false, HTTP_NONE, 200, NULL},
	    {"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", false, HTTP_WHOLE, 200, ""},
	    {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", false,
		HTTP_NONE, 200, NULL},
	    {"HTTP/1.1 2", false, HTTP_MORE, 0, NULL},
	    {"H", true, HTTP_MORE, 0, NULL},
	    {"", false, HTTP_MORE, 0, NULL},
	    {"HTTP/1.1 2x0 OK\r\n\r\n", false, HTTP_NONE, 0, NULL},
	    {"HTTP/x.1 200 OK\r\n\r\n", false, HTTP_NONE, 0, NULL},
	    {"HTTQ/1.1 200 OK\r\n\r\n", false, HTTP_NONE, 0, NULL},
	    {"H\n\n", false, HTTP_NONE, 0, NULL},
	};
	struct http_reply r;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *a = arena_new();
		enum http_part part = http_reply_read(a,
		    (const uint8_t *)rows[i].bytes, strlen(rows[i].bytes),
		    rows[i].closed, &r);

		ck_assert_msg(part == rows[i].part, "row %zu: %d", i,
		    (int)part);
		ck_assert_int_eq(r.status, rows[i].status);
		if (rows[i].body != NULL) {
			ck_assert_str_eq(r.body, rows[i].body);
			ck_assert_uint_eq(r.body_len, strlen(rows[i].body));
		} else {
			ck_assert_ptr_null(r.body);
		}
		arena_free(a);
	}
}
END_TEST

START_TEST(headers_are_found_by_their_name)
{
	static const char m[] = "HTTP/1.1 401 No\r\nX-Date: 1\r\n"
				"www-authenticate: \tBasic realm=\"a\" \r\n"
				"Date:2\r\n\r\nServer: body\r\n";
	struct arena *a = arena_new();
	struct http_reply r;

	http_reply_read(a, (const uint8_t *)m, sizeof m - 1, false, &r);
	ck_assert_str_eq(http_reply_header(a, &r, "Date"), "2");
	ck_assert_str_eq(http_reply_header(a, &r, "WWW-Authenticate"),
	    "Basic realm=\"a\"");
	ck_assert_ptr_null(http_reply_header(a, &r, "Server"));
	ck_assert_ptr_null(http_reply_header(a, &r, "HTTP/1.1 401 No"));
	arena_free(a);
}
END_TEST

HARNESS("probe websocket", the_answer_to_a_key_is_the_one_of_the_rfc,
    frames_of_the_rfc_are_read, what_no_server_may_send_is_broken,
    pieces_without_an_end_are_bounded, our_frames_are_masked,
    replies_are_read_as_far_as_they_came, headers_are_found_by_their_name)
