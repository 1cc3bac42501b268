/* SPDX-License-Identifier: MIT */
/* Inside the runner: probes that serve no requirement. What they see is held
 * against what the others saw: places that must not answer, whether the life
 * of packets is counted here, and whether this laptop's proxy gets out. */
#ifndef RUN_CONTROLS_H
#define RUN_CONTROLS_H

#include "core/record/model.h"

struct control {
	struct probe_spec spec;
	const char *purpose;	/* untranslated, a sentence */
};

#define CONTROL_OWN_PORTS 4	/* ports beside 443, 80 and the odd one that
				 * get an address of their own */

/* For the needs that plan_selects(), of which only those whose ids stand in
 * `needs` where that is not NULL: none where none of them goes out over TCP.
 * Each once, in the same order for the same needs; in a. */
struct control *controls_make(struct arena *a, const struct record *r,
	    const char *only, const struct strlist *needs, size_t *count);

/* Is n one of those that go out over TCP? */
bool	 controls_serve(const struct need *n);

#endif
