/* SPDX-License-Identifier: MIT */
/* For tests of what talks to a network: an event loop with a bound, and small
 * servers on loopback, each in a thread of the test's own process. */
#ifndef UNIT_FAKE_NET_H
#define UNIT_FAKE_NET_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"

/* Runs the loop until *done or until ms have passed; true when *done. */
bool	 fake_loop(struct event_base *base, const bool *done, int ms);

/* Calls serve() for each connection, one after the other, and closes it. */
struct fake_tcp;
struct fake_tcp *fake_tcp_start(const char *address,
	    void (*serve)(int fd, void *arg), void *arg);
struct fake_tcp *fake_tcp_start_at(const char *address, uint16_t port,
	    void (*serve)(int fd, void *arg), void *arg);
uint16_t fake_tcp_port(const struct fake_tcp *s);
int	 fake_tcp_accepted(const struct fake_tcp *s);
void	 fake_tcp_stop(struct fake_tcp *s);	/* frees */
/* Reads until `end` was seen, the peer closed, or two seconds passed. */
size_t	 fake_read_until(int fd, const char *end, char *out, size_t size);
void	 fake_reset_on_close(int fd);		/* RST instead of FIN */

/* A connection whose segments may be large: waits, silent, until the peer
 * hangs up, as behind a path where those vanish, and returns true. */
bool	 fake_large_vanish(int fd);

/* Calls answer() for each datagram; it sends what it likes to `from`. */
struct fake_udp;
struct fake_udp *fake_udp_start(const char *address, uint16_t port,
	    void (*answer)(int fd, const uint8_t *data, size_t len,
	    const struct addr *from, void *arg), void *arg);
uint16_t fake_udp_port(const struct fake_udp *s);
int	 fake_udp_received(const struct fake_udp *s);
void	 fake_udp_stop(struct fake_udp *s);	/* frees */

/* A port of 127.0.0.1 on which nothing listens. */
uint16_t fake_closed_port(void);
/* A listener whose queue is full, so that it is silent to newcomers. */
struct fake_silent {
	int	 fd[8];
	uint16_t port;
};
void	 fake_silent_start(struct fake_silent *s);
void	 fake_silent_stop(struct fake_silent *s);

/* Open descriptors of this process. */
int	 fake_count_fds(void);
/* Moves this process into a network of its own: only loopback, up, with the
 * given further addresses. False where the kernel does not allow it; the test
 * then says that it was left out. Before any thread is started. */
bool	 fake_private_network(const char *const *addresses);

#endif
