/* SPDX-License-Identifier: MIT */
/* Is it a program of this very machine that took a connection? Some inspect
 * what is encrypted (virus scanners), and lead connections to themselves. */
#ifndef NET_OWN_PEER_H
#define NET_OWN_PEER_H

#include <stdbool.h>

/* fd is a connected TCP socket. True only where the kernel lists a socket of
 * this network namespace whose far end is fd's own address and port. */
bool	 own_peer(int fd);

#endif
