/* SPDX-License-Identifier: MIT */
/* A run of the real probes on a record of its own, beside a server that says
 * hello. */
#ifndef UNIT_RUN_SITE_H
#define UNIT_RUN_SITE_H

#include "core/run/run.h"
#include "tests/unit/fake_net.h"

struct run_site {
	struct event_base *base;
	struct record *record;
	struct run *run;
	struct run_setup setup;
	int	 left_at;	/* the look from which on it is in another
				 * network; 0 = never */
	int ndone, nobserved, nstarted;
	bool complete, done;
	struct fake_tcp *server;
};

/* What its server does, and others may: it says hello. */
void	 run_site_serve(int fd, void *arg);
void	 run_site_init(struct run_site *s);
void	 run_site_start(struct run_site *s);
/* Until it has ended, so long at most; did it, once? */
bool	 run_site_run(struct run_site *s, int ms);
void	 run_site_free(struct run_site *s);
struct need *run_site_tcp_need(struct run_site *s, const char *id,
	    const char *address, uint16_t port);

#endif
