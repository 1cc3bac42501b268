/* SPDX-License-Identifier: MIT */
/* Inside the runner: which needs are selected and what they imply. */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include <stdbool.h>

#include "core/probe/probe.h"
#include "core/run/run.h"

#define RUN_ADDRESSES	2	/* of one name and family that are contacted */
#define RUN_FAST_FLOWS	2000	/* new flows a second with --pace fast */

bool	 plan_selects(const struct need *n, const char *only);
bool	 plan_resolves(const struct probe_spec *spec);
void	 plan_dns_spec(struct arena *a, const char *host,
	    struct probe_spec *out);
/* In a. Needs are judged anew, and their specs with them, while a plan is read
 * and a run goes on: these keep their own. */
struct probe_spec *plan_copy_spec(struct arena *a,
	    const struct probe_spec *from);
/* Is who blocks it searched for after a failure? */
bool	 plan_locates(const struct probe_type *type,
	    const struct probe_spec *spec);
/* What a search for what blocks it is made with. */
enum protocol plan_carrier(const struct probe_type *type,
	    const struct probe_spec *spec);

#endif
