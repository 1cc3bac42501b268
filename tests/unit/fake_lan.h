/* SPDX-License-Identifier: MIT */
/* For tests of what searches a local network: this process moves into a
 * network of its own with two adapters, and behind both of them lies a second
 * network, where the devices stand. Nothing of it reaches the machine's own.
 *
 *	lan0 10.20.30.50/24 --- 10.20.30.60 .61 .62 .63
 *	lan1 10.20.40.50/24 --- 10.20.40.60 */
#ifndef UNIT_FAKE_LAN_H
#define UNIT_FAKE_LAN_H

#include "tests/unit/fake_net.h"

/* False where the kernel does not allow it; the test then says that it was
 * left out. Before any thread is started. */
bool	 fake_lan_start(void);
/* A server over there. On "0.0.0.0" it hears broadcasts too, and it may send
 * them. */
struct fake_udp *fake_lan_device(const char *address, uint16_t port,
	    void (*answer)(int fd, const uint8_t *data, size_t len,
	    const struct addr *from, void *arg), void *arg);
/* Runs `ip` with these words over there, or here ("link set lan1 down"). */
void	 fake_lan_ip(bool there, const char *words);
/* The far end passes packets on. */
void	 fake_lan_forward(void);
/* A UDP socket over there (or here), bound; stays open until close(2). */
int	 fake_lan_socket(bool there, const char *address, uint16_t port);
/* Joins a group on the far end of lan0 or lan1. */
void	 fake_lan_join(int fd, const char *group, int lan);
/* Sends, also to everybody; the descriptor may be a server's own. */
void	 fake_lan_send(int fd, const char *address, uint16_t port,
	    const void *data, size_t len);

#endif
