/* SPDX-License-Identifier: MIT */
/* Handovers of others, read without fear: what a file says, and what today's
 * program makes of what was seen. Changes and sends nothing. */
#ifndef TUI_REVIEW_H
#define TUI_REVIEW_H

#include "core/base/digest.h"
#include "core/judge/compare.h"
#include "tui/work/app.h"
#include "tui/work/review_seal.h"

struct review {
	struct arena *arena;
	char	*path;
	char	 sha256[DIGEST_HEX_SIZE]; /* as its sheet says it */
	struct review_seal seal;
	struct record *stated;		/* as the file says; NULL: taken */
	struct record *today;		/* judged here, as of today */
	bool	 has_answer;		/* it says whether one may leave */
	/* Products of which no pack is here: their lines are as stated. */
	struct strlist strange;
	struct changes changes;		/* where today's judgement differs */
};

/* A handover.json of at most 32 MiB; NULL with err. Returns owned. */
struct review *review_open(struct app *app, const char *path,
	    struct error *err);
void	 review_close(struct review *v);	/* NULL is fine */
/* The file's record as a site that cannot be changed; takes v->stated, which
 * lives on in it. Returns owned. */
struct site *review_site(struct app *app, struct review *v);

/* A handover or a site file, judged by this program as of today, with the
 * packs that it names: for comparing. NULL with err. Returns owned. */
struct record *review_record(struct app *app, const char *path,
	    struct error *err);
/* The same of a record that was read already. What this program has no pack
 * for stays as it is stated; its products go into strange, in a. */
void	 review_judge(struct app *app, struct record *r, struct arena *a,
	    struct strlist *strange);

#endif
