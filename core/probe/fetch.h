/* SPDX-License-Identifier: MIT */
/* One web request of a probe by libcurl, over a connection made here, so that
 * attempts and ICMP errors are kept; no proxy, no redirect followed, what
 * comes is bounded. A probe may make several. */
#ifndef PROBE_FETCH_H
#define PROBE_FETCH_H

#include <curl/curl.h>

#include "core/base/buf.h"
#include "core/net/trust.h"
#include "core/probe/probe.h"

#define FETCH_TRANSFER_MS	5000
#define FETCH_BODY_MAX		(32 * 1024)
#define FETCH_LONGEST_MS	(CONN_SILENCE_MS + FETCH_TRANSFER_MS)
/* The most of one request: SYNs, the handshake with its flights, the request,
 * acknowledgements of what comes, the end; bytes with IP headers. */
#define FETCH_PACKETS		48
#define FETCH_BYTES		6000

struct fetch_setup {
	struct probe *probe;
	struct addr to;			/* with port */
	const char *host;		/* NULL = the literal; borrowed */
	const char *path;		/* NULL = "/" */
	bool	 secure;
	bool	 head;			/* no body is wanted */
	int	 mss;			/* see conn.h */
	unsigned timeout_ms;		/* once connected; 0 =
					 * FETCH_TRANSFER_MS */
	/* Once, from the loop; not after fetch_close(). */
	void	(*done)(void *arg);
	void	*arg;
};

struct fetch_header { const char *location, *content_type, *date, *server,
	*via, *age; };

/* Zero it before first use; it may not move. After done() all is final. */
struct fetch {
	struct fetch_setup setup;
	bool	 connected;
	enum rung rung;			/* not connected: why */
	enum cause failure;
	CURLcode code;
	long	 status;		/* 0 = no web answer came */
	int64_t	 length;		/* Content-Length; -1 = not told */
	struct fetch_header header;	/* sanitised, in the probe's arena */
	int64_t	 date_seen_us;		/* when the date came; 0 = none */
	struct buf body;
	bool	 full;			/* more came than is kept */
	bool	 alerted;		/* the server refused the handshake */
	bool	 garbled;		/* what came was no TLS */
	/* Anybody can show a certificate: only where the handshake was
	 * completed the server holds its key. */
	bool	 proved;
	struct trust_capture capture;
	size_t	 decider;		/* attempt of the probe */

	struct conn *conn;
	CURLM	*multi;
	CURL	*easy;
	struct curl_slist *resolve, *headers;
	struct event *io, *timer, *finish;
	int	 fd;			/* until curl has taken it */
	bool	 over;
};

void	 fetch_start(struct fetch *f, const struct fetch_setup *setup);
void	 fetch_close(struct fetch *f);		/* any time; frees */
/* What a request without a web answer came to. */
enum cause fetch_cause(const struct fetch *f);
bool	 fetch_has_text(const struct fetch *f, const char *text);

#endif
