/* SPDX-License-Identifier: MIT */
/* A TCP connection made with evidence: overlapping attempts that each keep
 * their source port and times, ICMP errors with their sender. The silence
 * rule lives here: attempts start 0, 1100 and 2200 ms after the first, each
 * stays open to the end, and after 3500 ms the port is called silent; so a
 * path of up to 1300 ms of round trip is never called silent. A refusal is
 * tried once more 250 ms later before it is believed. */
#ifndef NET_CONN_H
#define NET_CONN_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "core/net/errqueue.h"
#include "core/net/pace.h"

#define CONN_ATTEMPTS	3
#define CONN_STEP_MS	1100
#define CONN_SILENCE_MS	3500

enum conn_result {
	CONN_WAITING,
	CONN_ACCEPTED,
	CONN_RESET,		/* RST, no ICMP */
	CONN_ICMP,		/* ICMP error, see icmp */
	CONN_SILENT,
	CONN_LOCAL_ERROR,	/* see error */
};

struct conn_attempt {
	int64_t	 start_us;	/* monotonic */
	int64_t	 end_us;	/* 0 while open */
	uint16_t source_port;
	enum conn_result result;
	int	 error;		/* errno */
	struct icmp_error icmp;
	bool	 here;		/* a program of this machine took it */
};

struct conn_setup {
	struct event_base *base;
	struct pace *pace;
	const char *interface;	/* bind to it, or NULL */
	struct addr to;
	int	 ttl;		/* 0 = system default */
	int	 mss;		/* most bytes in a segment, either way; 0 =
				 * what the link allows */
	/* Called once, from the loop. When accepted, the callback owns fd
	 * (non-blocking, connected); otherwise fd is -1. */
	void	(*done)(void *arg, enum conn_result result, int fd);
	/* Called once if the first attempt is unanswered for a step. */
	void	(*slow)(void *arg);
	void	*arg;
};

struct conn;

struct conn *conn_open(const struct conn_setup *setup);
/* Frees; cancels if it is still waiting. Not from within done(). */
void	 conn_close(struct conn *c);
/* Borrowed; valid until conn_close(). */
const struct conn_attempt *conn_attempts(const struct conn *c, size_t *count);
/* The attempt that decided. */
const struct conn_attempt *conn_decider(const struct conn *c);

/* A non-blocking socket bound to the interface; -1 with errno. */
int	 conn_socket(int family, int type, int protocol,
	    const char *interface);

#endif
