/* SPDX-License-Identifier: MIT */
/* Pacing: every new flow waits for its turn here, so that a run never looks
 * like a scan: at most `rate` new flows a second in all, evenly spread, and
 * flows to one destination spaced apart. */
#ifndef NET_PACE_H
#define NET_PACE_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pace;

/* One waiting flow, embedded in its owner; zero it before first use. */
struct pace_ticket {
	struct pace_ticket *next;
	void	(*go)(void *arg);
	void	*arg;
	uint64_t destination;	/* hash of where it goes; 0 = do not space */
	bool	 light;		/* no new flow */
	bool	 waiting;
};

/* rate in flows a second, spacing_ms between two flows to one destination. */
struct pace *pace_new(struct event_base *base, unsigned rate,
	    unsigned spacing_ms);
void	 pace_free(struct pace *p);		/* no ticket may be waiting */
/* Calls go(arg) once from the loop, never before this returns. */
void	 pace_wait(struct pace *p, struct pace_ticket *t,
	    const char *destination, void (*go)(void *arg), void *arg);
/* The same for one more question on a flow that is there: it takes a quarter
 * of a flow's time, is not spaced, and is none of the flows of a second. */
void	 pace_wait_light(struct pace *p, struct pace_ticket *t,
	    void (*go)(void *arg), void *arg);
/* As pace_wait(), in front of all that wait, and not spaced. */
void	 pace_next(struct pace *p, struct pace_ticket *t,
	    void (*go)(void *arg), void *arg);
void	 pace_cancel(struct pace *p, struct pace_ticket *t); /* any time */
/* One thing that those who share the pace share too, such as flows that take
 * more than one question; drop(what) frees it with the pace. */
void	 pace_share(struct pace *p, void *what, void (*drop)(void *what));
void	*pace_shared(const struct pace *p);	/* NULL: nothing yet */
uint64_t pace_flows(const struct pace *p);	/* let through so far */
size_t	 pace_waiting(const struct pace *p);	/* tickets in the queue */

#endif
