/* SPDX-License-Identifier: MIT */
/* From needs to observations: the plan, its paced and cancellable run, and
 * the follow-up probes that find out who blocks. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <event2/event.h>

#include "core/base/error.h"
#include "core/net/trust.h"
#include "core/record/model.h"

enum pace_mode { PACE_POLITE, PACE_FAST };

/* Names whose own DNS server is asked, of those that the site's does not know;
 * of many a few tell enough. */
#define RUN_OWNERS	6

#define RUN_POLITE_FLOWS 40	/* new flows a second */

/* What would be sent, at most, before anything is known of the network: a
 * name has up to two addresses of each family, and each gets a probe. */
struct plan_bound {
	unsigned addresses;	/* that get a probe of their own */
	unsigned flows;		/* of all of them, as the following */
	unsigned packets;
	unsigned bytes;
};
struct plan_item {
	const struct probe_spec *spec;
	char	*needs;		/* ids of the needs it serves, ", " between;
				 * "" for a control */
	const char *control;	/* what a control is for, untranslated, or
				 * NULL */
	struct plan_bound most;
	unsigned longest_ms;
	bool	 outbound;	/* for one of its needs */
	bool	 background;	/* no run waits for it */
};
/* A search for what blocks, which follows a failure only; or the name's own
 * DNS server, where the site's does not give the name (type "dns_owner", no
 * host: it may be any of them). */
struct plan_search {
	const char *type;
	const char *host;	/* or NULL: address */
	const char *address;
	uint16_t port;
	enum protocol protocol;
	struct plan_bound most;
};
struct plan {
	struct plan_item *item;
	size_t	 count;
	struct plan_search *search;
	size_t	 nsearches;
	unsigned flows;		/* of the items */
	unsigned packets;
	unsigned bytes;
	struct plan_bound searches;	/* of all that may follow */
	unsigned shortest_ms;	/* when everything answers */
	unsigned longest_ms;	/* when nothing does */
	unsigned slowest_probe_ms;
	size_t	 nbackground;
	unsigned background_ms;	/* the longest of these */
};
/* All in a; nothing of it points into r. */
struct plan *plan_make(struct arena *a, const struct record *r,
	    const char *only, enum pace_mode mode);

enum task_state { TASK_WAITING, TASK_RUNNING, TASK_DONE };

/* One line of a run as the screen shows it. Tasks keep their index; new ones
 * (found addresses, follow-ups) are only added at the end. */
struct task {
	const struct probe_spec *spec;
	char	*title;			/* "TLS connect.zencontrol.com:5113" */
	const char *need;		/* first need that it serves; NULL for
					 * a control */
	enum task_state state;
	int64_t	 started_us;		/* monotonic; 0 before */
	const struct observation *result; /* once done; may be NULL */
	bool	 follow_up;
	bool	 background;		/* no run waits for it */
};

/* What becomes of background probes once everything else is done. */
enum run_background {
	BACKGROUND_CONCLUDE,	/* they finish with what they have seen */
	BACKGROUND_WAIT,	/* done() comes after the last of them */
	BACKGROUND_KEEP,	/* done() comes at once, they go on */
};

struct run;

struct run_setup {
	struct event_base *base;
	struct record *record;		/* needs and vantage filled; gets the
					 * observations; must outlive the run */
	const struct trust *trust;
	enum pace_mode pace;
	const char *interface;		/* asked for by name, or NULL */
	/* Looks where the laptop stands; NULL = vantage_glance(). */
	int	(*glance)(const char *interface, struct arena *a,
		    struct vantage *v, struct error *err);
	const char *only;		/* requirement id, product or NULL */
	const struct strlist *needs;	/* or these ids alone; NULL = all */
	/* These are measured again, in the network of the record, and what
	 * they are judged by with them (see retry.h). All that the record
	 * holds stays; what takes the place of an older observation makes it
	 * r->earlier, and a cancelled one takes no place. */
	bool	 retry;
	const struct strlist *under_way; /* retry: specs that another run is
					 * measuring, by their keys; or NULL */
	uint64_t order;			/* 0: as planned; else the seed of
					 * another order of the checks */
	void	(*started)(void *arg, const struct probe_spec *spec);
	/* o is r's own copy; called before anything depends on it, and once
	 * more with the same id if it is withdrawn */
	void	(*observed)(void *arg, const struct observation *o);
	/* Retry only, before observed() tells the newer one; may be NULL. See
	 * record_replace(). */
	void	(*replaced)(void *arg, const char *older, const char *newer);
	void	(*changed)(void *arg, size_t task);	/* screen may redraw */
	enum run_background background;
	/* Once, from the loop. Not complete: it was cancelled, or one of its
	 * tasks was (but for background ones, which no run waits for). A retry
	 * leaves the record complete when the run before was, or when nothing
	 * is missing any more. */
	void	(*done)(void *arg, bool complete);
	/* Keep only, once, after done(): background probes were left then, and
	 * the last of them has ended. May be NULL. */
	void	(*settled)(void *arg);
	void	*arg;
};

struct run *run_start(const struct run_setup *setup);
/* Every probe is stopped; done(false) follows from the loop at once, or
 * settled() when done() has been called. */
void	 run_cancel(struct run *run);
/* This one alone, waiting or running, and the searches that only serve it;
 * its observation says so. One that is waiting has it before this returns.
 * A control (need NULL) goes on: without it the others could not be judged,
 * and would pass for what they are not. */
void	 run_cancel_task(struct run *run, size_t index);
bool	 run_can_cancel_task(const struct run *run, size_t index);
void	 run_free(struct run *run);	/* after done(); stops what is left */
size_t	 run_task_count(const struct run *run);
const struct task *run_task(const struct run *run, size_t index);
struct run_totals {
	/* without background tasks */
	size_t	 waiting, running, done, good, bad;
	size_t	 background, background_done;
	unsigned background_left_ms;	/* until the last ends, at most */
	size_t	 flows;			/* of all */
	int64_t	 elapsed_us;		/* to the end of the foreground */
};
void	 run_totals(const struct run *run, struct run_totals *out);

#endif
