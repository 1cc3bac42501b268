/* SPDX-License-Identifier: MIT */
/* Consent is asked for once for a site: what the user agreed to have sent is
 * kept with it, as a digest of every check, its destination and its greatest
 * number of packets. Running the same again needs no new consent; as soon as
 * an answer, a pack or the place of the laptop makes that list another one,
 * it is asked for anew. */
#ifndef TUI_CONSENT_H
#define TUI_CONSENT_H

#include "tui/work/app.h"

enum consent { CONSENT_NONE, CONSENT_CHANGED, CONSENT_GIVEN };

/* What would be sent from where this computer stands now, in a; reads the
 * vantage into v. A card that is not there is told by err, and then nothing is
 * known of the place, as where there is no network. */
struct plan *consent_plan(const struct site *s, struct arena *a,
	    struct vantage *v, struct error *err);
/* when_us: of the last consent, unless there is none. */
enum consent consent_now(const struct site *s, const struct plan *plan,
	    int64_t *when_us);
/* -1 with err: it could not be kept, and will be asked for again. */
int	 consent_give(struct site *s, const struct plan *plan,
	    struct error *err) MUST_CHECK;

#endif
