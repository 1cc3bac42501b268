/* SPDX-License-Identifier: MIT */
/* Hears of changes of the network at once (rtnetlink(7)), also of one that is
 * undone before anybody looks. What the kernel does not know (resolvers, the
 * name of a Wi-Fi) must still be looked at. */
#ifndef NET_NETWATCH_H
#define NET_NETWATCH_H

#include <event2/event.h>
#include <stdbool.h>

#include "core/record/model.h"

struct netwatch;

/* changed(arg, certain), from the loop: certain when the place of v has
 * surely been left, be it for a moment (its adapter lost its link, an IPv4
 * address or the default route, or got another address); otherwise something
 * has changed that may concern it. v is borrowed until netwatch_free(). NULL
 * where the kernel tells nothing. */
struct netwatch *netwatch_new(struct event_base *base,
	    const struct vantage *v, void (*changed)(void *arg, bool certain),
	    void *arg);
void	 netwatch_free(struct netwatch *w);	/* any time; NULL is fine */

#endif
