/* SPDX-License-Identifier: MIT */
/* How things of the record are named on the screen, the same in each view. */
#ifndef TUI_VIEW_WORDS_H
#define TUI_VIEW_WORDS_H

#include "core/pack/pack.h"
#include "core/record/model.h"
#include "core/run/run.h"
#include "tui/term/surface.h"

struct state_look {
	enum glyph glyph;
	enum role role;
	const char *word;	/* N_(), at most 10 columns */
};

const struct state_look *words_of_outcome(enum outcome o);
/* May I leave? */
const struct state_look *words_of_readiness(enum readiness r);
const struct state_look *words_of_task(const struct task *t);
const struct state_look *words_of_observation(const struct observation *o);
/* Does this kind of probe look for what blocks, after another has failed? It
 * is no check of its own: it neither passes nor fails. */
bool	 words_is_search(const char *probe);
/* Something that needs a person to look at it. */
bool	 words_is_problem(const struct need *n);
/* "Cloud connection: TCP 443 to connect.example.com" */
char	*words_need(struct arena *a, const struct need *n);
char	*words_flow(struct arena *a, const struct need *n);
/* "fails, no answer from the name server (at the gateway)" */
const char *words_judgement(struct arena *a, const struct need *n);
/* What a stranger wrote, of so many columns at most; text itself where it is
 * short enough, "" for NULL. */
const char *words_clip(struct arena *a, const char *text, int ncols);
/* "TLS connect.example.com:443" */
char	*words_probe(struct arena *a, const char *type, const char *host,
	    const char *address, unsigned port, enum protocol protocol);
/* "35 s", "2 min", "about 1-2 min" */
char	*words_seconds(struct arena *a, int64_t ms);
char	*words_span(struct arena *a, int64_t low_ms, int64_t high_ms);
/* "1:12" */
char	*words_clock(struct arena *a, int64_t us);
/* Local date and time of a wall clock, "2026-11-21 10:42". */
char	*words_when(struct arena *a, int64_t wall_us);
/* "12.3 ms" */
char	*words_ms(struct arena *a, int64_t us);
char	*words_list(struct arena *a, const struct strlist *l);

#endif
