/* SPDX-License-Identifier: MIT */
/* A conversation over one TCP connection that conn_open() made: bytes out,
 * bounded bytes in, a deadline for the whole of it. The probe decides after
 * each piece whether it has what it wants. */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stream_end {
	STREAM_CLOSED,		/* the peer closed */
	STREAM_RESET,		/* the peer's RST, or another error */
	STREAM_FULL,		/* more came than max_in, undecided */
	STREAM_TIMEOUT,		/* the deadline passed */
};

struct stream_setup {
	struct event_base *base;
	int	 fd;			/* connected, non-blocking; taken */
	size_t	 max_in;		/* most bytes kept */
	unsigned timeout_ms;		/* for the whole conversation */
	/* New bytes came: all so far are in data[0..len). May call
	 * stream_send() and stream_close(). */
	void	(*input)(void *arg, const uint8_t *data, size_t len);
	/* Once, from the loop; not after stream_close(). */
	void	(*ended)(void *arg, enum stream_end how);
	void	*arg;
};

struct stream;

struct stream *stream_open(const struct stream_setup *setup);
/* Queues; sent when the socket takes it, bounded to 64 KiB in all. */
void	 stream_send(struct stream *s, const void *data, size_t len);
/* Forgets the first n bytes of what came. */
void	 stream_drop(struct stream *s, size_t n);
uint64_t stream_sent(const struct stream *s);	/* bytes */
uint64_t stream_received(const struct stream *s);
/* Frees and closes the socket, also from within a callback. NULL is fine. */
void	 stream_close(struct stream *s);

#endif
