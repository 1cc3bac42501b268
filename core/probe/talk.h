/* SPDX-License-Identifier: MIT */
/* For probes that talk over TCP: the connection, its attempts in the record,
 * the conversation, and the one mapping of how it can end. Detail: "end"
 * (closed, reset, silent, flood, no_tls) where the service was not proved,
 * and "first_bytes", the start of what came instead. */
#ifndef PROBE_TALK_H
#define PROBE_TALK_H

#include <openssl/ssl.h>

#include "core/net/stream.h"
#include "core/probe/probe.h"

struct talk_setup {
	struct probe *probe;
	SSL	*ssl;			/* TLS first; taken; NULL = plain */
	size_t	 max_in;
	unsigned timeout_ms;		/* from when it is accepted */
	/* Accepted: may talk_send(), not talk_end(). */
	void	(*ready)(struct probe *p);
	/* All that is kept of what came; may talk_send() and talk_end(). */
	void	(*input)(struct probe *p, const uint8_t *data, size_t len);
	/* Once, not after talk_end() or probe_finish(). */
	void	(*ended)(struct probe *p, enum stream_end how);
	/* Not accepted; NULL: the probe finishes with this. Not
	 * talk_end(). */
	void	(*refused)(struct probe *p, enum rung rung,
		    enum cause failure);
};

struct talk;

/* Returns owned; calls nothing back before it returns. */
struct talk *talk_open(const struct talk_setup *setup);
void	 talk_send(struct talk *t, const void *data, size_t len);
void	 talk_drop(struct talk *t, size_t n);	/* of what came */
/* The laptop's own end, once it is accepted. */
const struct addr *talk_source(const struct talk *t);
const uint8_t *talk_kept(const struct talk *t, size_t *len); /* borrowed */
/* Notes what was sent and received, frees; also from a callback. NULL is
 * fine. */
void	 talk_end(struct talk *t);

/* Finishes the probe: what came is not what was asked for. */
void	 talk_other(struct probe *p, const void *data, size_t len);
/* Finishes the probe after a conversation that proved nothing: what came
 * (none: len 0) was not what was asked for. expected: it began rightly, so
 * that only its end is missing. */
void	 talk_failed(struct probe *p, enum stream_end how, const void *data,
	    size_t len, bool expected);

#endif
