/* SPDX-License-Identifier: MIT */
/* One side of a comparison: a handover, a site file, a change request, or
 * packs, each read as what it says and never trusted. */
#ifndef TUI_SIDE_H
#define TUI_SIDE_H

#include "core/pack/pack.h"
#include "core/record/rules_read.h"
#include "tui/work/app.h"
#include "tui/work/review_seal.h"

enum side_kind {
	SIDE_HANDOVER, SIDE_SITE, SIDE_REQUEST, SIDE_PACKS,
};

struct side {
	enum side_kind kind;
	struct arena *arena;
	const char *path;		/* as it was named */
	/* Its requirements; of packs all, whatever the answers. */
	struct record *record;
	struct request request;		/* SIDE_REQUEST: without record */
	const struct pack **pack;	/* SIDE_PACKS */
	size_t	 npacks;
	struct strlist left_out;	/* sentences on files that are none */
	bool	 has_answer;		/* it says whether one may leave */
	struct review_seal seal;	/* SIDE_HANDOVER */
};

/* A file, or a folder: one of packs, or of a handover that was exported. What
 * a site file was judged to be is worked out by this program, as of today;
 * what a handover says stands as it says it. -1 with err; close it in both
 * cases. */
int	 side_open(struct app *app, const char *path, struct side *out,
	    struct error *err) MUST_CHECK;
void	 side_close(struct side *v);
const char *side_kind_name(enum side_kind kind);	/* "handover" */
const char *side_kind_label(enum side_kind kind);	/* translated */
/* Can they be held against each other? A site file is as a handover. */
bool	 side_is_like(const struct side *x, const struct side *y);
/* When it was checked or made; 0 = not known. */
int64_t	 side_when(const struct side *v);

#endif
