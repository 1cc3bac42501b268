/* SPDX-License-Identifier: MIT */
/* A conversation over one TCP connection that conn_open() made, in plain or
 * inside TLS: bytes out, bounded bytes in, a deadline for the whole of it.
 * The probe decides after each piece whether it has what it wants. */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include <event2/event.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_QUEUE_MAX 65536	/* bytes that wait to be sent */

enum stream_end {
	STREAM_CLOSED,		/* the peer closed */
	STREAM_RESET,		/* the peer's RST, or see stream_error() */
	STREAM_FULL,		/* max_in bytes are kept and undecided */
	STREAM_TIMEOUT,		/* the deadline passed */
	STREAM_NO_TLS,		/* TLS asked for: refused, or no TLS there */
};

struct stream_setup {
	struct event_base *base;
	int	 fd;			/* connected, non-blocking; taken */
	/* NULL: plain. Else a handshake as its client goes first; taken, but
	 * may be looked at until stream_close(). */
	SSL	*ssl;
	size_t	 max_in;		/* most bytes kept; not 0 */
	unsigned timeout_ms;		/* for the whole conversation */
	/* New bytes came: all that are kept are in data[0..len), until this
	 * returns or stream_drop(). May call stream_send(), stream_drop()
	 * and stream_close(). */
	void	(*input)(void *arg, const uint8_t *data, size_t len);
	/* Once, from the loop; not after stream_close(), which it may call.
	 * No input() comes afterwards. */
	void	(*ended)(void *arg, enum stream_end how);
	void	*arg;
};

struct stream;

/* Returns owned; calls nothing back before it returns. */
struct stream *stream_open(const struct stream_setup *setup);
/* Queues, copies; sent when the loop finds that the socket takes it. False,
 * and nothing is queued, when more than STREAM_QUEUE_MAX would wait. */
bool	 stream_send(struct stream *s, const void *data, size_t len);
/* Forgets the first n bytes of what came. */
void	 stream_drop(struct stream *s, size_t n);
/* What is kept of what came; borrowed until the next call. */
const uint8_t *stream_kept(const struct stream *s, size_t *len);
/* Bytes of the conversation, inside TLS where there is TLS. */
uint64_t stream_sent(const struct stream *s);
uint64_t stream_received(const struct stream *s);
int	 stream_error(const struct stream *s);	/* errno of a STREAM_RESET */
/* Frees and closes the socket, also from within a callback. NULL is fine. */
void	 stream_close(struct stream *s);

#endif
