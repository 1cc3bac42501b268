/* SPDX-License-Identifier: MIT */
/* One question by UDP to one address, repeated until something acceptable
 * comes back: a connected socket, so that the kernel throws away what others
 * send, with ICMP errors and their senders from the error queue. */
#ifndef NET_DGRAM_H
#define NET_DGRAM_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "core/net/errqueue.h"
#include "core/net/pace.h"

#define DGRAM_TRIES	4
#define DGRAM_MAX_IN	65535

enum dgram_result {
	DGRAM_ACCEPTED,		/* accept() said so */
	DGRAM_ICMP,		/* see icmp; after a second try */
	DGRAM_SILENT,
	DGRAM_LOCAL,		/* see icmp.error */
};

struct dgram_try {
	int64_t	 start_us, end_us;	/* monotonic; end 0 while open */
	uint32_t sent, received;	/* payload bytes */
	bool	 failed;		/* by error, or by ICMP if it is set */
	struct icmp_error icmp;		/* that came while it was the last */
};

struct dgram_setup {
	struct event_base *base;
	struct pace *pace;		/* for the first try; NULL = none */
	const char *interface;
	struct addr to;
	uint16_t source_port;		/* 0 = any; if others have it, too */
	bool	 share_port;		/* others may use source_port too */
	/* How long after a try the next begins; 0 ends the list, and then the
	 * last is waited for as long again. {500, 1000}: tries at 0, 500 and
	 * 1500 ms, silence at 2500. {0}: one try, of a second. An answer to
	 * any of them counts to the end. */
	unsigned wait_ms[DGRAM_TRIES];
	unsigned last_ms;		/* another wait for the last, or 0 */
	/* Writes the next datagram (try 0, 1, ...) into out, of 2048 bytes;
	 * its length. */
	size_t	(*compose)(void *arg, int try, uint8_t *out, size_t size);
	/* Is this the answer? False: something else, keep waiting; it is
	 * counted. */
	bool	(*accept)(void *arg, const uint8_t *data, size_t len);
	/* Once, from the loop. icmp is never NULL, and zero where it does not
	 * apply. */
	void	(*done)(void *arg, enum dgram_result result,
		    const struct icmp_error *icmp);
	/* The first try went unanswered. At most once; may be NULL. */
	void	(*slow)(void *arg);
	void	*arg;
};

struct dgram;

struct dgram *dgram_open(const struct dgram_setup *setup);
const struct dgram_try *dgram_tries(const struct dgram *d, size_t *count);
uint16_t dgram_source_port(const struct dgram *d);
/* The laptop's own address of the flow; false before the first try. */
bool	 dgram_source(const struct dgram *d, struct addr *out);
unsigned dgram_strange(const struct dgram *d);	/* datagrams not accepted */
/* Any time, also from callbacks; NULL is fine. */
void	 dgram_close(struct dgram *d);

#endif
