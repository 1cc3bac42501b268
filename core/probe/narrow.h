/* SPDX-License-Identifier: MIT */
/* Is it only large packets that vanish? A path MTU black hole (RFC 2923): a
 * connection comes about, its first small words pass, and what fills a packet
 * is lost without anybody being told. Proved where the same server answers as
 * soon as only small segments are asked for, and does not otherwise, twice in
 * turn. */
#ifndef PROBE_NARROW_H
#define PROBE_NARROW_H

#include <stdbool.h>

/* Small enough for any network: the default of RFC 9293 section 3.7.1. */
#define NARROW_MSS 536

enum narrow_next {
	NARROW_SMALL,		/* try once more with NARROW_MSS */
	NARROW_NORMAL,		/* try once more as usual */
	NARROW_PROVED,		/* it is a black hole */
	NARROW_NO,		/* not shown; it is not asked again */
};

struct narrow {			/* zeroed: nothing was tried yet */
	int	 step;
};

/* An attempt has ended, the first of them a usual one: the connection was
 * accepted and nothing useful came back (silent), or it was answered well. */
enum narrow_next narrow_after(struct narrow *n, bool silent, bool answered);

#endif
