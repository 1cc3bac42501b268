/* SPDX-License-Identifier: MIT */
/* A TLS session of a probe from the first SYN to the last byte: connects with
 * evidence, shakes hands within a deadline, and then may exchange a few
 * bounded bytes. */
#ifndef PROBE_TLS_SESSION_H
#define PROBE_TLS_SESSION_H

#include "core/probe/tls_peer.h"

#define TLS_HANDSHAKE_MS 3000
#define TLS_FAR_MS 2500		/* so much longer, at most, for who is far */
/* Most bytes sent on one connection: headers, hello, what follows it. */
#define TLS_BYTES 2500

struct tls_session_setup {
	struct probe *p;		/* its attempts are added */
	struct tls_hello hello;
	int	 ttl;			/* of all after the connection; 0 =
					 * the system's. The rest then cannot
					 * get further than this many hops */
	int	 mss;			/* see conn.h */
	unsigned timeout_ms;		/* of the whole handshake */
	/* The first message goes out next; may be NULL. */
	void	(*greeting)(struct probe *p);
	/* The handshake ended, or no connection came about (then rung and
	 * failure say why). Once, from the loop; may close the session. */
	void	(*done)(struct probe *p, enum tls_end how);
};

struct tls_session;

struct tls_session *tls_session_open(const struct tls_session_setup *setup);
const struct tls_peer *tls_session_peer(const struct tls_session *s);
/* Of a connection that did not come about. */
void	 tls_session_unconnected(const struct tls_session *s, enum rung *rung,
	    enum cause *failure);
unsigned tls_session_flows(const struct tls_session *s); /* SYNs so far */

/* After TLS_COMPLETE. input() gets all that came so far, and says true when
 * it has seen enough; ended() is called once if it never does. Both from the
 * loop; only ended() may close the session. */
struct tls_talk {
	const void *out;		/* borrowed until the session ends */
	size_t	 len;
	size_t	 max_in;		/* more is TLS_GARBLED */
	unsigned timeout_ms;
	bool	(*input)(struct probe *p, const uint8_t *data, size_t len);
	void	(*ended)(struct probe *p, enum tls_end how);
};
void	 tls_session_talk(struct tls_session *s, const struct tls_talk *talk);
/* A last word that nobody answers; best effort. */
void	 tls_session_say(struct tls_session *s, const void *data, size_t len);
/* Frees. NULL is fine. */
void	 tls_session_close(struct tls_session *s);

#endif
