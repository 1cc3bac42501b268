/* SPDX-License-Identifier: MIT */
/* Inside the runner: measuring again a part of what was measured, so that it
 * can be judged with the rest. Old and new are never one measurement: what is
 * judged by something that is measured anew is measured anew itself. */
#ifndef RUN_RETRY_H
#define RUN_RETRY_H

#include "core/run/tasks.h"

/* Fills run->needs. Beside those that were asked for:
 * - what they build on (need.needs), and what waits for the same name if that
 *   was not found;
 * - for what goes out: whether there is a sign-in page, two hosts that
 *   answered, as witnesses of this minute, and all controls;
 * - then also what was judged by controls, by the laptop's clock or by its own
 *   firewall, since these may be found different now.
 * Background tests only where they were asked for themselves. */
void	 retry_select(struct run *run);
/* Is this spec of n measured? False for what no run waits for, of a need that
 * nobody asked for, and for what is under way already. */
bool	 retry_wants(const struct run *run, const struct need *n,
	    const struct probe_spec *spec);
/* What t saw is the record's newest: older ones of the same make room, but for
 * what a control saw. Tells replaced(), not observed(). Observations in the
 * record may have moved. */
void	 retry_replace(struct run *run, const struct run_task *t);
/* All that was wanted has been measured, so that older controls make room, and
 * what this laptop's firewall did where nothing is like it any more. Before,
 * the new ones would vouch for what was measured when the old ones were true:
 * behind a box that accepts everything, say, and that is gone now. */
void	 retry_finish(struct run *run);
/* o is withdrawn: what it had taken the place of is back. */
void	 retry_restore(struct run *run, const char *id);
/* Everything that applies has an observation that says something. */
bool	 retry_is_whole(const struct run *run);

#endif
