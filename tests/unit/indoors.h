/* SPDX-License-Identifier: MIT */
/* No packet of a test may leave this machine, whatever the test does: each
 * test program runs in a network of its own that has loopback and nothing
 * else. */
#ifndef UNIT_INDOORS_H
#define UNIT_INDOORS_H

#include <stdbool.h>

/* Leaves the machine's network for good. False: it stays where it was, and
 * nothing may be tried. Before any thread. */
bool	 indoors_enter(void);

#endif
